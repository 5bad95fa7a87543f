"""Points, boxes and distances."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portico.geo import Box, Point, Whereabouts, distance_m, whereabouts

POINTS = st.builds(Point, st.floats(6.0, 9.0), st.floats(44.0, 46.0))
BOX = Box(6.6, 44.7, 8.2, 45.6)
MEAN_RADIUS_M = 6_371_008.8


def _haversine_m(start: Point, end: Point) -> float:
    one, other = math.radians(start.lat), math.radians(end.lat)
    half = (
        math.sin((other - one) / 2) ** 2
        + math.cos(one) * math.cos(other) * math.sin(math.radians(end.lon - start.lon) / 2) ** 2
    )
    return 2 * MEAN_RADIUS_M * math.asin(math.sqrt(half))


@given(POINTS, POINTS)
def test_distance_agrees_with_the_sphere_within_half_a_percent(start, end):
    assert distance_m(start, end) == pytest.approx(_haversine_m(start, end), rel=0.005, abs=0.01)


@pytest.mark.parametrize(
    ("start", "end", "metres"),
    [
        # A degree of longitude and of latitude at 45 degrees on WGS 84, from the published tables.
        (Point(7.0, 45.0), Point(8.0, 45.0), 78_846.8),
        (Point(7.5, 44.5), Point(7.5, 45.5), 111_131.7),
    ],
)
def test_distance_agrees_with_the_ellipsoid_within_a_thousandth(start, end, metres):
    assert distance_m(start, end) == pytest.approx(metres, rel=0.001)


@given(POINTS, POINTS)
def test_distance_is_the_same_both_ways_and_nothing_only_where_one_stands(start, end):
    assert distance_m(start, end) == distance_m(end, start)
    assert distance_m(start, start) == 0


@given(POINTS, POINTS, POINTS)
def test_a_detour_is_never_shorter(start, middle, end):
    assert distance_m(start, end) <= (distance_m(start, middle) + distance_m(middle, end)) * 1.01 + 0.01


@pytest.mark.parametrize(
    ("point", "found"),
    [
        (Point(7.68, 45.07), Whereabouts.INSIDE),
        (Point(6.6, 44.7), Whereabouts.INSIDE),
        (Point(8.2, 45.6), Whereabouts.INSIDE),
        (Point(45.07, 7.68), Whereabouts.SWAPPED),
        (Point(8.21, 45.6), Whereabouts.OUTSIDE),
        (Point(0.0, 0.0), Whereabouts.OUTSIDE),
        (Point(-7.68, 45.07), Whereabouts.OUTSIDE),
    ],
)
def test_a_position_is_inside_swapped_or_outside(point, found):
    assert whereabouts(point, BOX) is found


@given(st.floats(-180, 180), st.floats(-90, 90))
def test_what_is_called_swapped_is_inside_when_swapped_back(lon, lat):
    if whereabouts(Point(lon, lat), BOX) is Whereabouts.SWAPPED:
        assert Point(lat, lon) in BOX
