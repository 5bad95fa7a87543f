"""Isochrones: areas that can be computed by hand, one within the other, valid for any points."""

from __future__ import annotations

import itertools
import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portico.errors import UsageError
from portico.geo import Point, distance_m
from portico.lake.engine import Engine
from portico.territory.isochrones import LEAST_CELL_M, Drawing, isochrones
from portico.territory.nearby import UNREACHED

ENGINE = Engine()
LON, LAT = 7.68, 45.07
EAST_M = distance_m(Point(LON, LAT), Point(LON + 0.01, LAT)) * 100
NORTH_M = distance_m(Point(LON, LAT), Point(LON, LAT + 0.01)) * 100
SPEED = 1.25


def places(x_m, y_m):
    return LON + np.asarray(x_m, dtype=float) / EAST_M, LAT + np.asarray(y_m, dtype=float) / NORTH_M


def drawn(x_m, y_m, cost_ds, limits, **told):
    return isochrones(*places(x_m, y_m), np.asarray(cost_ds, dtype=np.int32), limits, Drawing(**told) if told else None)


def grid(half_m, step_m=25.0):
    """Points on a full grid, and how far each is from its middle."""
    axis = np.arange(-half_m, half_m + 1, step_m)
    x, y = (one.ravel() for one in np.meshgrid(axis, axis))
    return x, y, np.hypot(x, y)


def ask(query, *geometries):
    with ENGINE.cursor(spatial=True) as cursor:
        return cursor.execute(query, [json.dumps(one) for one in geometries]).fetchone()


def is_valid(geometry):
    return ask("SELECT ST_IsValid(ST_GeomFromGeoJSON(?))", geometry)[0]


def outside_m2(inner, outer):
    """The area of ``inner`` that is not in ``outer``, in square metres."""
    lost = ask("SELECT ST_Area(ST_Difference(ST_GeomFromGeoJSON(?), ST_GeomFromGeoJSON(?)))", inner, outer)[0]
    return lost * EAST_M * NORTH_M


def rings(geometry):
    return [(number, ring) for polygon in geometry["coordinates"] for number, ring in enumerate(polygon)]


def turns(ring):
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in itertools.pairwise(ring))


def test_a_full_grid_gives_the_disc_that_a_walker_reaches():
    x, y, away = grid(2000)
    found = drawn(x, y, away / SPEED * 10, [10, 20])
    for one in found.every:
        assert one.area_m2 == pytest.approx(math.pi * (one.minutes * 60 * SPEED) ** 2, rel=0.01)
        assert ask("SELECT ST_Area(ST_GeomFromGeoJSON(?))", one.geometry)[0] * EAST_M * NORTH_M == pytest.approx(
            one.area_m2, rel=1e-3
        )
        assert len(one.geometry["coordinates"]) == 1
        assert is_valid(one.geometry)
    assert (found.cell_m, found.reach_m) == (LEAST_CELL_M, 100.0)


def test_one_street_gives_a_band_as_wide_as_the_reach():
    x = np.arange(0, 3001, 5.0)
    found = drawn(x, np.zeros_like(x), np.zeros(len(x)), [30], reach_m=50.0)
    assert found.every[0].area_m2 == pytest.approx(3000 * 100 + math.pi * 50**2, rel=0.01)
    assert found.evidence.parameters["reach_m"] == 50.0


def test_the_time_that_is_left_limits_the_walk_off_the_street():
    found = drawn([0.0], [0.0], [0], [1], off_street_m_s=1.0)
    assert found.every[0].area_m2 == pytest.approx(math.pi * 60**2, rel=0.02)


def test_islands_are_kept_and_what_is_not_reached_is_not_there():
    found = drawn([0.0, 3000.0, 6000.0, 9000.0], [0.0] * 4, [0, 600, 60_000, int(UNREACHED)], [30])
    assert len(found.every[0].geometry["coordinates"]) == 2
    assert found.every[0].area_m2 == pytest.approx(2 * math.pi * 100**2, rel=0.01)


def ring_of_streets(radius_m):
    turn = np.linspace(0, 2 * math.pi, 400, endpoint=False)
    return radius_m * np.cos(turn), radius_m * np.sin(turn)


def test_small_holes_are_closed_and_large_ones_stay():
    """A ring of streets around a block: 100 m on both sides are reached, the rest inside is a hole."""
    for radius, holes in ((140.0, 0), (400.0, 1)):
        x, y = ring_of_streets(radius)
        found = drawn(x, y, np.zeros(len(x)), [30]).every[0]
        assert [len(polygon) for polygon in found.geometry["coordinates"]] == [1 + holes]
        inner = (radius - 100) ** 2 if holes else 0
        assert found.area_m2 == pytest.approx(math.pi * ((radius + 100) ** 2 - inner), rel=0.01)
        assert is_valid(found.geometry)


def test_an_island_in_a_hole_that_is_closed_goes_with_it():
    x, y = ring_of_streets(400.0)
    x, y, cost = np.append(x, 0.0), np.append(y, 0.0), np.append(np.zeros(len(x)), 0)
    islands = drawn(x, y, cost, [30]).every[0]
    assert len(islands.geometry["coordinates"]) == 2
    closed = drawn(x, y, cost, [30], least_hole_m2=1_000_000.0).every[0]
    assert [len(polygon) for polygon in closed.geometry["coordinates"]] == [1]
    assert closed.area_m2 == pytest.approx(math.pi * 500**2, rel=0.01)
    assert is_valid(closed.geometry)


@st.composite
def streets(draw):
    """Crooked streets of points at most 50 m apart, costs growing along each, some never reached."""
    x, y, cost = [], [], []
    for _ in range(draw(st.integers(1, 6))):
        at = np.array([draw(st.floats(-900, 900)), draw(st.floats(-900, 900))])
        so_far, ahead = draw(st.integers(0, 9000)), draw(st.floats(0, 6.3))
        for turn in draw(st.lists(st.floats(-0.8, 0.8), min_size=1, max_size=30)):
            ahead += turn
            at = at + 45 * np.array([math.cos(ahead), math.sin(ahead)])
            so_far += draw(st.integers(10, 500))
            x.append(at[0])
            y.append(at[1])
            cost.append(so_far)
    return np.array(x), np.array(y), np.array(cost)


@settings(max_examples=40)
@given(streets(), st.sampled_from([LEAST_CELL_M, 25.0, 60.0]), st.sampled_from([0.0, 10_000.0, 200_000.0]))
def test_of_any_streets_rings_are_closed_valid_and_one_within_the_other(found, cell_m, least_hole_m2):
    limits = [5, 10, 11, 25]
    most = int((3000 / cell_m) ** 2)
    every = drawn(*found, limits, least_hole_m2=least_hole_m2, most_cells=most).every
    for one in every:
        for number, ring in rings(one.geometry):
            assert ring[0] == ring[-1]
            assert len(ring) >= 4
            assert (turns(ring) > 0) == (number == 0), "outer rings run counter-clockwise, holes clockwise"
        assert is_valid(one.geometry)
    for inner, outer in itertools.pairwise(every):
        assert inner.area_m2 <= outer.area_m2 + 1e-6
        assert outside_m2(inner.geometry, outer.geometry) < 1.0


def test_the_same_points_in_any_order_give_the_same_polygons():
    chance = np.random.default_rng(2)
    x, y, cost = chance.uniform(-800, 800, 200), chance.uniform(-800, 800, 200), chance.integers(0, 9000, 200)
    order = chance.permutation(200)
    assert drawn(x, y, cost, [10]).every == drawn(x[order], y[order], cost[order], [10]).every


def test_a_large_extent_is_drawn_coarser_and_says_so():
    chance = np.random.default_rng(4)
    x, y = chance.uniform(-60_000, 60_000, (2, 20_000))
    found = drawn(x, y, np.zeros(20_000), [30], most_cells=250_000)
    assert (240 <= found.cell_m <= 260, found.reach_m) == (True, 1.5 * found.cell_m)
    assert found.evidence.parameters["cell_m"] == found.cell_m
    assert is_valid(found.every[0].geometry)


@pytest.mark.parametrize("cost", [[], [int(UNREACHED)], [36_001]])
def test_where_nothing_is_reached_the_polygon_is_empty(cost):
    found = drawn([0.0] * len(cost), [0.0] * len(cost), cost, [30, 60])
    assert [one.geometry for one in found.every] == [{"type": "MultiPolygon", "coordinates": []}] * 2
    assert [one.area_m2 for one in found.every] == [0.0, 0.0]


def test_within_too_few_minutes_it_is_empty_and_within_more_it_is_not():
    found = drawn([0.0], [0.0], [9000], [10, 20])
    assert [len(one.geometry["coordinates"]) for one in found.every] == [0, 1]


@pytest.mark.parametrize("minutes", [0, -5, math.nan, math.inf])
def test_a_limit_that_is_none_is_wrong_usage(minutes):
    with pytest.raises(UsageError) as refused:
        drawn([0.0], [0.0], [0], [30, minutes])
    assert refused.value.message_id == "number-not-positive"


@pytest.mark.parametrize("lon", [[math.nan], [math.inf], [7.0, 7.1]])
def test_points_that_are_none_are_a_mistake(lon):
    with pytest.raises(ValueError, match="finite"):
        isochrones(np.array(lon), np.array([45.0]), np.array([0], dtype=np.int32), [30])
