"""Minutes estimated from a straight line: never fewer for more metres, never surer for more doubt."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portico.city.model import Position, Travel, TravelMode
from portico.geo import Point, distance_m
from portico.territory.estimates import by_mode, can_walk, direct, line_m, parameters
from portico.territory.model import Mode

TRAVEL = Travel()
MODES = st.sampled_from([Mode.WALK, Mode.BICYCLE, Mode.CAR])
METRES = st.floats(0, 100_000)
DOUBTS = st.floats(0, 2000)
POINTS = st.builds(Point, st.floats(14.0, 15.0), st.floats(47.0, 48.0))
THREE = st.lists(st.floats(1.0, 5.0), min_size=3, max_size=3).map(lambda values: tuple(sorted(values)))
MEANS = st.builds(
    TravelMode, THREE, st.lists(st.floats(0.5, 100), min_size=3, max_size=3).map(lambda v: tuple(sorted(v)))
)


def _at(point: Point, doubt: float) -> Position:
    return Position(point, "exact", doubt)


@given(MEANS, METRES, METRES)
def test_a_longer_line_never_takes_fewer_minutes(means, one, other):
    shorter, longer = (by_mode(means, (metres, metres, metres)) for metres in sorted((one, other)))
    assert shorter.low <= longer.low
    assert shorter.mid <= longer.mid
    assert shorter.high <= longer.high


@given(MODES, POINTS, POINTS, DOUBTS, DOUBTS)
def test_more_doubt_never_narrows_the_range(mode, start, end, one, other):
    surer, rougher = sorted((one, other))
    narrow, wide = (direct(TRAVEL, mode, _at(start, doubt), _at(end, 0.0)) for doubt in (surer, rougher))
    assert wide.low <= narrow.low <= narrow.mid <= narrow.high <= wide.high
    assert wide.mid == narrow.mid


@given(MEANS, POINTS, POINTS, DOUBTS, DOUBTS)
def test_least_usual_and_most_are_in_order_and_never_negative(means, start, end, one, other):
    minutes = by_mode(means, line_m(_at(start, one), _at(end, other)))
    assert 0 <= minutes.low <= minutes.mid <= minutes.high


@given(POINTS, POINTS, DOUBTS, DOUBTS)
def test_the_line_holds_every_distance_that_the_doubts_allow(start, end, one, other):
    low, mid, high = line_m(_at(start, one), _at(end, other))
    assert mid == distance_m(start, end)
    assert low == pytest.approx(max(0.0, mid - one - other), abs=1e-6)
    assert high == pytest.approx(mid + one + other)


@given(POINTS, POINTS, st.floats(0, 10_000), st.floats(0, 10_000))
def test_a_position_known_to_some_kilometres_has_no_minutes_on_foot(start, end, one, other):
    found = direct(TRAVEL, Mode.WALK, _at(start, one), _at(end, other))
    limit = TRAVEL.walk_uncertainty_limit_m
    assert (found is None) == (max(one, other) > limit)
    assert can_walk(TRAVEL, _at(start, one), _at(end, other)) == (found is not None)
    assert direct(TRAVEL, Mode.CAR, _at(start, one), _at(end, other)) is not None


def test_the_walk_is_the_one_of_the_brief():
    """1,000 m in a straight line, times 1.3, at 4.5 km/h: 17 minutes and 20 seconds."""
    minutes = by_mode(TRAVEL.walk, (1000.0, 1000.0, 1000.0))
    assert minutes.mid == pytest.approx(1000 * 1.3 / 4500 * 60)
    assert minutes.low == pytest.approx(1000 * 1.2 / 5400 * 60)
    assert minutes.high == pytest.approx(1000 * 1.5 / 4000 * 60)


def test_a_car_has_to_be_parked_even_next_door():
    minutes = by_mode(TRAVEL.car, (0.0, 0.0, 0.0))
    assert (minutes.low, minutes.mid, minutes.high) == TRAVEL.car.minutes_added


def test_the_assumptions_stand_in_the_evidence():
    stated = parameters(TRAVEL.car)
    assert stated["detour_usual"] == TRAVEL.car.detour[1]
    assert stated["speed_km_h_most"] == TRAVEL.car.speed_km_h[2]
    assert stated["minutes_added_least"] == TRAVEL.car.minutes_added[0]
