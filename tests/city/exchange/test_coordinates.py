"""Coordinates: believed where they fit, found where no system is named, a repair proposed where one would fit."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portico.build.register.reading import systems
from portico.city.exchange import geocentric
from portico.city.exchange.coordinates import Found, Located, Pair, Reading, locate, precision_of
from portico.geo import Box, Point, distance_m
from portico.lake.lake import open_engine
from portico.lake.texts import to_4326

COUNCIL = "http://opendatacommunities.org/id/metropolitan-district-council/rochdale"
SYSTEMS = systems()
_CHANCE = random.Random(5)
GRID = [(_CHANCE.randint(388_000, 396_000), _CHANCE.randint(408_000, 417_000)) for _ in range(40)]
DEGREES = [(round(one.lon, 6), round(one.lat, 6)) for one in to_4326(GRID, "EPSG:27700", open_engine())]


def _located(pairs, extent=None, register=COUNCIL):
    rows = [Pair(row, register, str(x), str(y), crs) for row, (x, y, crs) in enumerate(pairs)]
    return locate(rows, SYSTEMS, extent)


def _grid(crs="OSGB36"):
    return [(x, y, crs) for x, y in GRID]


def test_a_named_system_that_fits_is_believed():
    assert {one.found for one in _located(_grid()).values()} == {Found.STATED}
    assert {one.found for one in _located([(x, y, "WGS84") for x, y in DEGREES]).values()} == {Found.STATED}


@pytest.mark.parametrize("name", ["British Coordinate Systems", "", "ETRS114", "our own"])
def test_a_system_that_is_not_named_is_found(name):
    found = _located(_grid(name))
    assert {one.found for one in found.values()} == {Found.FOUND}
    assert {one.reading for one in found.values()} == {Reading("EPSG:27700")}


def test_a_pair_swapped_among_others_is_proposed_to_be_turned():
    lonlat = [(x, y, "WGS84") for x, y in DEGREES]
    stray = _located([*lonlat[1:], (DEGREES[0][1], DEGREES[0][0], "WGS84")])[len(lonlat) - 1]
    assert (stray.found, stray.reading) == (Found.REPAIR, Reading("EPSG:4326", swapped=True))
    assert distance_m(stray.about, Point(*DEGREES[0])) < 1


def test_a_file_swapped_throughout_is_told_by_its_register_or_by_the_city():
    turned = [(y, x, "WGS84") for x, y in DEGREES]
    for found in (_located(turned), _located(turned, Box(-2.5, 53.4, -1.9, 53.8), "valley")):
        assert {one.found for one in found.values()} == {Found.REPAIR}
        assert {one.reading.swapped for one in found.values()} == {True}


def test_degrees_called_grid_and_grid_called_degrees_are_repairs():
    found = _located([*_grid(), (*DEGREES[0], "OSGB36"), (*GRID[1], "WGS84")])
    degrees, grid = found[len(GRID)], found[len(GRID) + 1]
    assert (degrees.found, degrees.reading) == (Found.REPAIR, Reading("EPSG:4326"))
    assert (grid.found, grid.reading) == (Found.REPAIR, Reading("EPSG:27700"))


def test_west_that_lost_its_sign_is_a_repair():
    pairs = [(x, y, "WGS84") for x, y in DEGREES]
    pairs[3] = (-DEGREES[3][0], DEGREES[3][1], "WGS84")
    stray = _located(pairs)[3]
    assert (stray.found, stray.reading) == (Found.REPAIR, Reading("EPSG:4326", negated=True))


def test_what_no_repair_brings_home_is_said_and_what_is_missing_listed():
    found = _located(
        [
            *_grid(),
            (390_190, 1_441_554, "OSGB36"),
            (455_000, 380_000, "OSGB36"),
            ("", "", ""),
            (0, 0, "WGS84"),
            ("SD 90", "12", "OSGB36"),
            (390_000, "", "OSGB36"),
        ]
    )
    kinds = [found[len(GRID) + at].found for at in range(6)]
    assert kinds == [Found.OUTSIDE, Found.FAR, Found.MISSING, Found.MISSING, Found.UNREADABLE, Found.MISSING]


def test_the_city_s_extent_decides_even_on_a_single_row():
    here = Box(7.5, 45.0, 7.8, 45.2)
    [one] = _located([(45.07, 7.68, "WGS84")], here, "torre").values()
    assert (one.found, one.reading) == (Found.REPAIR, Reading("EPSG:4326", swapped=True))
    [one] = _located([(396_000, 4_991_000, "")], here, "torre").values()
    assert (one.found, one.reading) == (Found.FOUND, Reading("EPSG:32632"))


@given(st.floats(-8, 2), st.floats(50, 59), st.floats(0, 150))
def test_a_geocentric_pair_comes_back_within_what_its_height_may_do(lon, lat, height):
    a, e2 = 6_378_137.0, 0.006_694_380_022_900_788
    normal = a / math.sqrt(1 - e2 * math.sin(math.radians(lat)) ** 2)
    to_axis = (normal + height) * math.cos(math.radians(lat))
    x, y = to_axis * math.cos(math.radians(lon)), to_axis * math.sin(math.radians(lon))
    found = geocentric.point(x, y)
    assert distance_m(found, Point(lon, lat)) < geocentric.OFF_M
    assert found.lon == pytest.approx(lon, abs=1e-9)
    exact = geocentric.point(x, y, height)
    assert distance_m(exact, Point(lon, lat)) < 0.5


@pytest.mark.parametrize(
    ("x", "y", "reading", "word"),
    [
        ("-1.747586", "50.782055", Reading("EPSG:4326"), "exact"),
        ("-1.74", "50.78", Reading("EPSG:4326"), "street"),
        ("-1.7", "50.8", Reading("EPSG:4326"), "approximate"),
        ("389547", "412564", Reading("EPSG:27700"), "exact"),
        ("389500", "412500", Reading("EPSG:27700"), "address"),
        ("389000", "412000", Reading("EPSG:27700"), "street"),
        ("3975323.664", "-7125.8838", Reading("EPSG:4936"), "address"),
    ],
)
def test_a_position_is_as_exact_as_its_decimals(x, y, reading, word):
    assert precision_of(Located(Found.STATED, reading), Pair(1, "", x, y)) == word
