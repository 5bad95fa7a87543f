"""What is within reach, with and without streets: counts, areas and directions agree with each other."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from tests.shared import needs_shared

from portico.city.model import Position
from portico.errors import InputError
from portico.geo import Point
from portico.territory.asking import going_of
from portico.territory.layers import Territory
from portico.territory.model import Mode
from portico.territory.queries import rests_on_ways, travel_minutes
from portico.territory.reach import BODIES, Reach, reach
from portico.territory.travel.matrix import matrix
from portico.territory.travel.model import USUAL, Direction, Going, Points

LIMITS = (15, 30, 45)
START = Position(Point(13.3989, 42.3559), "exact", 30.0)
NOWHERE = Position(Point(13.30, 42.20), "exact", 30.0)
ROUGH = Position(Point(13.3989, 42.3559), "approximate", 3000.0)
BOTH = [Going(direction) for direction in Direction]
with_streets = needs_shared("data", "osm", "laquila")


def agree(found: Reach, territory: Territory) -> None:
    """Every open place stands in one list; counts are those of the lists; rings only grow."""
    listed = [near for ring in found.rings for near in ring.places] + [*found.beyond, *found.unknown]
    assert sorted(near.place.id for near in listed) == sorted(one.id for one in territory.places if one.is_open)
    counted = 0
    for ring, before in zip(found.rings, (0, *LIMITS), strict=False):
        counted += len(ring.places)
        assert ring.count.value == counted
        assert ring.count.low <= ring.count.value <= ring.count.high
        assert all(before <= near.minutes.value <= ring.minutes for near in ring.places)
        minutes = [near.minutes.value for near in ring.places]
        assert minutes == sorted(minutes)
    for number, ring in enumerate(found.rings):
        assert sum(kind.counts[number].value for kind in found.kinds) == ring.count.value
    assert sum(kind.total for kind in found.kinds) == len(listed)


@with_streets
@pytest.mark.parametrize("going", BOTH, ids=str)
@pytest.mark.parametrize("mode", list(Mode))
def test_rings_lie_in_each_other_and_say_what_they_rest_on(
    laquila_territory: Territory, mode: Mode, going: Going
) -> None:
    found = reach(laquila_territory, START, mode, LIMITS, going)
    agree(found, laquila_territory)
    assert found.is_drawn
    areas = [ring.area.value for ring in found.rings]
    assert 0 < areas[0] < areas[1] <= areas[2]
    for ring in found.rings:
        pieces = {piece.method: piece for piece in ring.area.evidence if piece.method}
        assert "territory.isochrones" in pieces
        told = pieces["territory.timetable" if mode is Mode.TRANSIT else f"territory.streets.{mode.value}"].parameters
        assert told["direction"] == going.direction.value
        assert [piece for piece in ring.area.evidence if piece.dataset.startswith("streets") and piece.version]
        if mode is Mode.TRANSIT:
            assert told["arrival" if going.direction is Direction.INBOUND else "departure"] == "08:00"
            assert (told["day"], told["window_minutes"]) == ("2022-09-21", 60)
            assert str(ring.area.as_of) == "2022-09-21"
        if mode is Mode.CAR:
            assert told["peak_factor_usual"] == 1.25
        if mode in (Mode.WALK, Mode.TRANSIT):
            assert told["walk_km_h"] == 4.5


def inside(geometry: dict, point: Point) -> bool:
    """Even and odd: how many rings lie around a point."""
    crossings = 0
    for polygon in geometry["coordinates"]:
        for ring in polygon:
            for (x1, y1), (x2, y2) in itertools.pairwise(ring):
                if (y1 > point.lat) != (y2 > point.lat):
                    crossings += point.lon < x1 + (point.lat - y1) / (y2 - y1) * (x2 - x1)
    return crossings % 2 == 1


@with_streets
@pytest.mark.parametrize("mode", list(Mode))
def test_the_area_holds_the_places_that_are_counted(laquila_territory: Territory, mode: Mode) -> None:
    """But those near its border, where the area ends a walk short of a door; and a car on the wrong side of a motorway
    is far from what lies beside it.
    """
    found = reach(laquila_territory, START, mode, LIMITS, USUAL)
    seen = 0
    for ring in found.rings:
        for near in [near for each in found.rings for near in each.places] + list(found.beyond):
            if not rests_on_ways(near.minutes) or abs(near.minutes.value - ring.minutes) < 2:
                continue
            reached = near.minutes.value <= ring.minutes
            if reached or mode is not Mode.CAR:
                assert inside(ring.geometry, near.place.position.point) == reached, near.place.id
            seen += 1
    assert seen > 30


@with_streets
@pytest.mark.parametrize("mode", list(Mode))
def test_minutes_towards_a_site_are_those_from_the_place(laquila_territory: Territory, mode: Mode) -> None:
    going, city = Going(Direction.INBOUND), laquila_territory.travel
    place = next(one for one in laquila_territory.places if one.position)
    here, there = (Points.at(one.point.lon, one.point.lat) for one in (START, place.position))
    cost = matrix(city.network, there, here, city.question(mode, going))[:, 0, 0]
    figure = travel_minutes(laquila_territory, START, place, mode, going)
    usual = float(cost[len(cost) // 2]) / 600
    assert figure.value == pytest.approx(usual * 1.25 + 3 if mode is Mode.CAR else usual)


@with_streets
def test_another_time_is_another_answer_and_a_day_without_services_is_refused(laquila_territory: Territory) -> None:
    usual = reach(laquila_territory, START, Mode.TRANSIT, LIMITS, USUAL)
    night = going_of(Direction.OUTBOUND, "2022-09-21T02:00", 60)
    late = reach(laquila_territory, START, Mode.TRANSIT, LIMITS, night)
    walked = reach(laquila_territory, START, Mode.WALK, LIMITS, USUAL)
    assert late.window.start_ds == 72_000
    assert late.rings[2].area.value < usual.rings[2].area.value
    assert late.rings[2].area.value == pytest.approx(walked.rings[2].area.value, rel=0.02), "nothing runs at two"
    with pytest.raises(InputError):
        reach(laquila_territory, START, Mode.TRANSIT, LIMITS, going_of(Direction.OUTBOUND, "2021-01-01T08:00", 60))


@with_streets
@pytest.mark.parametrize(
    ("start", "mode", "why"),
    [
        (NOWHERE, Mode.WALK, "site-off-street"),
        (ROUGH, Mode.WALK, "position-too-rough-for-streets"),
        (ROUGH, Mode.TRANSIT, "position-too-rough-for-streets"),
        (None, Mode.CAR, "position-unknown"),
    ],
)
def test_where_streets_do_not_answer_no_area_is_drawn_and_the_reason_is_said(
    laquila_territory: Territory, start: Position | None, mode: Mode, why: str
) -> None:
    found = reach(laquila_territory, start, mode, LIMITS, USUAL)
    agree(found, laquila_territory)
    assert found.why_no_area.id == why
    assert all(ring.area is None and ring.geometry is None for ring in found.rings)


@pytest.mark.parametrize("going", BOTH, ids=str)
@pytest.mark.parametrize("mode", list(Mode))
def test_without_streets_estimates_answer_the_same_both_ways(
    torino_territory: Territory, mode: Mode, going: Going
) -> None:
    site = next(one for one in torino_territory.sites if one.position and one.position.uncertainty_m <= 100)
    found = reach(torino_territory, site.position, mode, LIMITS, going)
    agree(found, torino_territory)
    assert found.why_no_area.id == "streets-not-here"
    known = [near for ring in found.rings for near in ring.places] + list(found.beyond)
    assert found.estimated == len(known) > 0
    again = reach(torino_territory, site.position, mode, LIMITS, Going(going.direction.turned))
    assert [ring.count for ring in again.rings] == [ring.count for ring in found.rings]
    assert [kind.kind for kind in found.kinds][-1] == BODIES


@with_streets
def test_a_higher_limit_never_loses_a_place_and_the_count_is_bounded_by_it(laquila_territory: Territory) -> None:
    limits = tuple(np.arange(5, 121, 29).tolist())
    found = reach(laquila_territory, START, Mode.BICYCLE, limits, USUAL)
    counts = [ring.count.value for ring in found.rings]
    assert counts == sorted(counts)
