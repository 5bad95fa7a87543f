"""Questions to a territory: every number that answers is a figure with its evidence."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portico.city.model import Position
from portico.errors import UnknownNameError
from portico.figures import Status
from portico.geo import Point
from portico.territory.model import Mode
from portico.territory.queries import minutes_to_nearest, places_within, travel_minutes
from portico.territory.selection import Selection, chosen

METRO = Selection(kinds=("metro-station",))
POINTS = st.builds(Point, st.floats(14.0, 15.0), st.floats(47.0, 48.0))
EXACT = Position(Point(14.5, 47.5), "exact", 30.0)


def _place(borgo_territory, identifier):
    return next(place for place in borgo_territory.places if place.id == identifier)


def test_the_territory_is_what_the_facts_say(borgo_territory):
    assert {site.id for site in borgo_territory.sites} == {"prato-grande", "filanda", "cava", "scalo", "bosco"}
    assert borgo_territory.site("bosco").position is None
    assert borgo_territory.site("scalo").position.uncertainty_m == 3000.0
    evidence = borgo_territory.site("filanda").figure("floor-area", "existing").evidence[0]
    assert evidence.dataset == "site_attributes"
    assert evidence.version == borgo_territory.versions["site_attributes"].id
    assert evidence.source == "register of Borgo Prova, page 1"
    assert evidence.licence == "CC-BY-4.0"


def test_a_site_nobody_knows_suggests_the_nearest(borgo_territory):
    with pytest.raises(UnknownNameError) as raised:
        borgo_territory.site("filand")
    assert raised.value.values["advice"].values["suggestion"] == "filanda"


def test_minutes_name_their_method_assumptions_and_place(borgo_territory):
    figure = travel_minutes(borgo_territory, EXACT, _place(borgo_territory, "junction"), Mode.CAR)
    assert figure.status is Status.ESTIMATED
    methods = [piece for piece in figure.evidence if piece.method]
    assert [piece.method for piece in methods] == ["territory.estimates.car"]
    assert methods[0].parameters["speed_km_h_usual"] == borgo_territory.settings.travel.car.speed_km_h[1]
    assert {piece.row for piece in figure.evidence} >= {"junction"}


def test_minutes_by_tram_name_the_rows_they_rest_on(borgo_territory):
    figure = travel_minutes(borgo_territory, EXACT, _place(borgo_territory, "tram-4"), Mode.TRANSIT)
    assert {"t1-end", "t1-headway", "tram-4"} <= {piece.row for piece in figure.evidence}
    assert figure.as_of.text == "2025"


@pytest.mark.parametrize("mode", Mode)
def test_a_position_nobody_knows_gives_a_missing_figure_that_says_so(borgo_territory, mode):
    figure = travel_minutes(borgo_territory, None, _place(borgo_territory, "junction"), mode)
    assert figure.status is Status.MISSING
    assert figure.note.id == "position-unknown"
    assert minutes_to_nearest(borgo_territory, None, METRO, mode)[0].note.id == "position-unknown"
    assert not places_within(borgo_territory, None, METRO, mode, 10)[0].is_known


def test_an_approximate_position_has_no_minutes_on_foot_but_a_wide_range_by_car(borgo_territory):
    rough, exact = borgo_territory.site("scalo").position, borgo_territory.site("prato-grande").position
    place = _place(borgo_territory, "agrarian-school")
    walk = travel_minutes(borgo_territory, rough, place, Mode.WALK)
    assert (walk.is_known, walk.note.id) == (False, "position-too-rough-to-walk")
    assert minutes_to_nearest(borgo_territory, rough, METRO, Mode.WALK)[0].note.id == "position-too-rough-to-walk"
    assert travel_minutes(borgo_territory, rough, place, Mode.TRANSIT).note.id == "position-too-rough-to-walk"
    by_car = travel_minutes(borgo_territory, rough, place, Mode.CAR)
    sure = travel_minutes(borgo_territory, exact, place, Mode.CAR)
    assert by_car.is_known
    assert by_car.high - by_car.low > sure.high - sure.low


def test_a_planned_stop_is_never_the_nearest(borgo_territory):
    at_planned = _place(borgo_territory, "tram-5").position
    for mode in Mode:
        assert "tram-5" not in {
            near.place.id for near in places_within(borgo_territory, at_planned, METRO, mode, 1440.0)[1]
        }
        assert minutes_to_nearest(borgo_territory, at_planned, METRO, mode)[1].place.id == "tram-4"
    assert "tram-5" not in {place.id for place in chosen(borgo_territory.places, Selection())}


def test_no_stop_that_serves_nobody_is_chosen_in_the_reference_city(torino_territory):
    closed = {place.id for place in torino_territory.places if place.state != "in-service"}
    assert closed
    assert closed.isdisjoint(place.id for place in chosen(torino_territory.places, Selection()))


def test_a_kind_that_is_nowhere_says_so(borgo_territory):
    figure, near = minutes_to_nearest(borgo_territory, EXACT, Selection(kinds=("airport",)), Mode.CAR)
    assert (figure.is_known, figure.note.id, near) == (False, "no-such-place", None)
    assert places_within(borgo_territory, EXACT, Selection(kinds=("airport",)), Mode.CAR, 60)[0].value == 0


@settings(max_examples=40)
@given(
    point=POINTS,
    mode=st.sampled_from([Mode.WALK, Mode.BICYCLE, Mode.CAR, Mode.TRANSIT]),
    doubt=st.sampled_from([0.0, 250.0, 1500.0]),
)
def test_the_nearest_is_no_farther_than_any_other(borgo_territory, point, mode, doubt):
    start = Position(point, "exact", doubt)
    figure, near = minutes_to_nearest(borgo_territory, start, METRO, mode)
    each = [travel_minutes(borgo_territory, start, place, mode) for place in chosen(borgo_territory.places, METRO)]
    known = [one for one in each if one.is_known]
    assert figure.is_known == bool(known)
    if known:
        assert figure.value == min(one.value for one in known)
        assert figure.low == min(one.low for one in known)
        assert figure.low <= figure.value <= figure.high
        assert figure.high <= max(one.high for one in known)
        assert near.minutes.value == figure.value


@settings(max_examples=40)
@given(point=POINTS, minutes=st.floats(0, 120), more=st.floats(0, 60), doubt=st.sampled_from([0.0, 1500.0, 3000.0]))
def test_more_minutes_never_reach_fewer_places(borgo_territory, point, minutes, more, doubt):
    start = Position(point, "exact", doubt)
    for mode in (Mode.CAR, Mode.WALK):
        fewer, _ = places_within(borgo_territory, start, METRO, mode, minutes)
        figure, near = places_within(borgo_territory, start, METRO, mode, minutes + more)
        assert fewer.low <= figure.low
        assert fewer.value <= figure.value == len(near)
        assert fewer.high <= figure.high
        assert figure.low <= figure.value <= figure.high <= len(chosen(borgo_territory.places, METRO))


def test_from_metro_to_metro_in_the_reference_city_takes_the_stated_run_and_a_wait(torino_territory):
    stops = {place.id: place for place in torino_territory.places}
    figure = travel_minutes(torino_territory, stops["m1-01"].position, stops["m1-21"], Mode.TRANSIT)
    assert figure.value == pytest.approx(21 + 4.4 / 2, abs=0.01)
    assert figure.low <= 20
    assert figure.high >= 25 + 4.4
    assert not figure.is_recalled
