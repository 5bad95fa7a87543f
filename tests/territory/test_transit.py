"""Public transport from door to door."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portico.city.model import Position, Travel
from portico.dates import PartialDate
from portico.figures import Evidence
from portico.geo import Point, distance_m
from portico.messages import Text
from portico.territory.estimates import direct
from portico.territory.model import Minutes, Mode, PlaceFacts, Ride
from portico.territory.transit import Network

TRAVEL = Travel()
LAT = 47.5
POINTS = st.builds(Point, st.floats(14.0, 14.2), st.floats(47.45, 47.55))


def _stop(name, lon, *, state="in-service", doubt=30.0, interchange="", lat=LAT) -> PlaceFacts:
    position = Position(Point(lon, lat), "exact", doubt)
    return PlaceFacts(name, "transport", Text(en=name), "metro-station", position, Evidence(row=name), state=state,
                      interchange=interchange)  # fmt: skip


def _ride(line, start, end, minutes, headway=10.0) -> Ride:
    evidence = (Evidence(row=f"{line}-{start}-{end}"),)
    return Ride(line, start, end, Minutes(minutes, minutes, minutes), Minutes(headway, headway, headway),
                PartialDate.parse("2025"), evidence)  # fmt: skip


def _both(line, start, end, minutes, headway=10.0) -> list[Ride]:
    return [_ride(line, start, end, minutes, headway), _ride(line, end, start, minutes, headway)]


def _at(lon, doubt=0.0, lat=LAT) -> Position:
    return Position(Point(lon, lat), "exact", doubt)


STOPS = [
    _stop("a", 14.0),
    _stop("b", 14.1),
    _stop("c", 14.2),
    _stop("d", 14.1005, interchange="b"),
    _stop("e", 14.15, lat=47.55),
]
RIDES = [*_both("T1", "a", "b", 8.0), *_both("T2", "b", "c", 8.0), *_both("T3", "d", "e", 7.0)]
NETWORK = Network(TRAVEL, STOPS, RIDES)


def test_a_ride_is_a_walk_half_a_headway_the_ride_and_a_walk():
    start, end = _at(14.005), _at(14.103)
    journey = NETWORK.best(start, end)
    walked = distance_m(start.point, STOPS[0].position.point) + distance_m(STOPS[1].position.point, end.point)
    assert [ride.line for ride in journey.rides] == ["T1"]
    assert journey.minutes.mid == pytest.approx(walked * 1.3 / 1.25 / 60 + 5.0 + 8.0)
    assert journey.minutes.low <= journey.minutes.mid - 5.0
    assert journey.minutes.high >= journey.minutes.mid + 5.0
    assert {piece.row for piece in journey.evidence} == {"T1-a-b"}
    assert journey.as_of.text == "2025"


def test_two_rides_change_at_a_stop_or_at_one_said_to_be_the_same_station():
    assert [ride.line for ride in NETWORK.best(_at(14.0), _at(14.2)).rides] == ["T1", "T2"]
    assert [ride.line for ride in NETWORK.best(_at(14.0), _at(14.15, lat=47.55)).rides] == ["T1", "T3"]
    assert [ride.line for ride in NETWORK.best(_at(14.15, lat=47.55), _at(14.0)).rides] == ["T3", "T1"]


def test_a_short_way_is_walked():
    journey = NETWORK.best(_at(14.0), _at(14.005))
    assert journey.rides == ()
    assert journey.minutes == direct(TRAVEL, Mode.WALK, _at(14.0), _at(14.005))


@given(POINTS, POINTS)
def test_it_is_never_slower_than_walking_all_the_way(start, end):
    one, other = Position(start, "exact", 30.0), Position(end, "exact", 30.0)
    journey = NETWORK.best(one, other)
    walk = direct(TRAVEL, Mode.WALK, one, other)
    assert journey.minutes.mid <= walk.mid
    assert 0 <= journey.minutes.low <= journey.minutes.mid <= journey.minutes.high


@given(POINTS, POINTS)
def test_there_and_back_take_the_same(start, end):
    one, other = Position(start, "exact", 30.0), Position(end, "exact", 30.0)
    assert NETWORK.best(one, other).minutes.mid == pytest.approx(NETWORK.best(other, one).minutes.mid)


@given(POINTS, POINTS, st.integers(0, len(RIDES)))
def test_one_more_line_never_makes_a_way_slower(start, end, kept):
    one, other = Position(start, "exact", 30.0), Position(end, "exact", 30.0)
    fewer = Network(TRAVEL, STOPS, RIDES[:kept]).best(one, other)
    assert NETWORK.best(one, other).minutes.mid <= fewer.minutes.mid


@pytest.mark.parametrize("state", ["planned", "under-construction", "not-in-service", "events-only"])
def test_a_stop_that_serves_nobody_today_is_never_used(state):
    stops = [_stop("a", 14.0), _stop("b", 14.1, state=state)]
    assert Network(TRAVEL, stops, RIDES).best(_at(14.0), _at(14.1)).rides == ()


def test_a_stop_beyond_the_walking_limit_is_not_reached():
    far = _at(14.0, lat=LAT + 0.0109)  # 1,212 m
    near = _at(14.0, lat=LAT + 0.0107)  # 1,190 m
    assert NETWORK.best(far, _at(14.1)).rides == ()
    assert [ride.line for ride in NETWORK.best(near, _at(14.1)).rides] == ["T1"]


def test_a_rough_position_reaches_no_stop():
    rough = _at(14.0, doubt=1500.0)
    assert NETWORK.best(rough, _at(14.1)).rides == ()
    assert NETWORK.best(_at(14.1), rough).rides == ()
    assert NETWORK.best(_at(14.0, doubt=3000.0), _at(14.1)) is None


def test_where_no_line_runs_and_nothing_is_known_well_there_is_no_answer():
    assert Network(TRAVEL, STOPS, []).best(_at(14.0, doubt=3000.0), _at(14.1)) is None
