"""Coordinate systems: named, judged, proposed; the engine's transformations against published numbers."""

from __future__ import annotations

import math
import os
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portico.geo import Box, Point, distance_m
from portico.lake import crs
from portico.lake.crs_known import ITALY, KNOWN, PROJ_TEXTS, REGIONS, TransverseMercator
from portico.lake.engine import Engine

ENGINE = Engine()
TORINO = Box(6.61, 44.70, 8.17, 45.62)
UTM_32 = (
    'PROJCS["WGS_1984_UTM_Zone_32N",GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,'
    '298.257223563]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],'
    'PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",9.0],'
    'PARAMETER["Scale_Factor",0.9996],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
)
GAUSS_BOAGA = (
    'PROJCS["{name}",GEOGCS["GCS_{datum}",DATUM["D_{datum}",SPHEROID["International_1924",6378388.0,297.0]],'
    'PRIMEM["{meridian}",{from_greenwich}],UNIT["Degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],'
    'PARAMETER["False_Easting",{east}],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",{lon0}],'
    'PARAMETER["Scale_Factor",0.9996],PARAMETER["Latitude_Of_Origin",0.0],UNIT["{unit}",{metres}]]'
)
GEOGRAPHIC = (
    'GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],'
    'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]'
)
OVEST = {
    "name": "Monte_Mario_Italy_1",
    "datum": "Monte_Mario",
    "meridian": "Greenwich",
    "from_greenwich": 0.0,
    "east": 1500000.0,
    "lon0": 9.0,
    "unit": "Meter",
    "metres": 1.0,
}


def moved(x, y, source, target):
    with ENGINE.cursor(spatial=True) as cursor:
        return cursor.execute(
            f"SELECT ST_X(p), ST_Y(p) FROM (SELECT ST_Transform(ST_Point(?, ?), '{source}', '{target}', "
            "always_xy := true) AS p)",
            [x, y],
        ).fetchone()


def to_4326(x, y, source):
    with ENGINE.cursor(spatial=True) as cursor:
        sql = crs.to_4326_sql("ST_Point(?, ?)", source)
        given = [x, y] * sql.count("ST_Point(?, ?)")
        found = cursor.execute(f"SELECT ST_X(p), ST_Y(p) FROM (SELECT {sql} AS p)", given).fetchone()
    return None if found[0] is None else Point(*found)


# --- naming ---


@pytest.mark.parametrize(
    ("stated", "code"),
    [
        ("EPSG:3003", "EPSG:3003"),
        ("epsg:32632", "EPSG:32632"),
        ("32632", "EPSG:32632"),
        (" 3004 ", "EPSG:3004"),
        ("+init=epsg:3003", "EPSG:3003"),
        ("urn:ogc:def:crs:EPSG::3003", "EPSG:3003"),
        ("urn:ogc:def:crs:EPSG:6.18.3:25832", "EPSG:25832"),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326"),
        ("OGC:CRS84", "EPSG:4326"),
        ("http://www.opengis.net/def/crs/EPSG/0/6707", "EPSG:6707"),
        ("http://www.opengis.net/def/crs/OGC/1.3/CRS84", "EPSG:4326"),
        ("http://www.opengis.net/gml/srs/epsg.xml#4326", "EPSG:4326"),
        ("https://epsg.io/3003", "EPSG:3003"),
        ("Monte Mario / Italy zone 1", "EPSG:3003"),
        ("Monte Mario / Italy zone 2", "EPSG:3004"),
        ("Gauss-Boaga fuso Ovest", "EPSG:3003"),
        ("WGS 84 / UTM zone 32N", "EPSG:32632"),
        ("UTM 32N WGS84", "EPSG:32632"),
        ("ED50 / UTM zone 33N", "EPSG:23033"),
        ("ETRS89 / UTM zone 32N", "EPSG:25832"),
        ("WGS84", "EPSG:4326"),
        ("EPSG:900913", "EPSG:3857"),
        ("ESRI:102091", "EPSG:3003"),
        # The grid counted from Rome has the numbers of the grid counted from Greenwich.
        ("EPSG:26591", "EPSG:3003"),
        ("EPSG:26592", "EPSG:3004"),
        ('{"type": "ProjectedCRS", "name": "x", "id": {"authority": "EPSG", "code": 32632}}', "EPSG:32632"),
        (UTM_32, "EPSG:32632"),
        (UTM_32[:-1] + ',AUTHORITY["EPSG","32632"]]', "EPSG:32632"),
        (GAUSS_BOAGA.format(**OVEST), "EPSG:3003"),
        (GAUSS_BOAGA.format(**OVEST | {"name": "unnamed", "datum": "unknown"}), "EPSG:3003"),
        (GAUSS_BOAGA.format(**OVEST | {"name": "x", "east": 2520000.0, "lon0": 15.0}), "EPSG:3004"),
        (
            GAUSS_BOAGA.format(
                **OVEST
                | {"name": "r", "meridian": "Rome", "from_greenwich": 12.4523333333333, "lon0": -3.45233333333333}
            ),
            "EPSG:3003",
        ),
        (
            GAUSS_BOAGA.format(**OVEST | {"name": "ED", "datum": "European_1950", "east": 500000.0}),
            "EPSG:23032",
        ),
        (GEOGRAPHIC, "EPSG:4326"),
    ],
)
def test_a_system_is_known_by_whatever_names_it(stated, code):
    assert crs.find(stated) == code
    assert crs.find(crs.find(stated)) == code


@pytest.mark.parametrize(
    "stated",
    [
        "",
        "garbage",
        "PROJCS[",
        "[[[",
        "{",
        "EPSG:",
        # Named like the known grid, but its numbers were changed, or it counts in feet.
        GAUSS_BOAGA.format(**OVEST | {"east": 1400000.0}),
        GAUSS_BOAGA.format(**OVEST | {"lon0": 10.0}),
        GAUSS_BOAGA.format(**OVEST | {"unit": "Foot", "metres": 0.3048}),
        'LOCAL_CS["Cassini-Soldner of a land register"]',
    ],
)
def test_what_is_not_known_stays_as_it_came(stated):
    assert crs.find(stated) == stated


def test_the_code_of_the_base_is_not_the_code_of_the_grid():
    wkt = GAUSS_BOAGA.format(**OVEST | {"east": 1.0}).replace(
        'UNIT["Degree",0.0174532925199433]]', 'UNIT["Degree",0.0174532925199433],AUTHORITY["EPSG","4265"]]'
    )
    assert crs.find(wkt) == wkt


@given(st.text(max_size=80))
def test_any_text_is_named_without_a_fault(text):
    assert isinstance(crs.find(text), str)


@given(st.text(alphabet='[](),."0123456789ABCDEFPROJCSUTM', max_size=120))
def test_broken_wkt_is_named_without_a_fault(text):
    assert isinstance(crs.find(text), str)


# --- transforming ---


def test_gauss_boaga_agrees_with_the_points_of_a_surveyors_letter():
    # G. Lucrezi to the PROJ mailing list, June 2004: two points in Gauss-Boaga East, and where they are in ED50 / UTM
    # 33, one measured on a map with an error below ten metres, one by the program of reference.
    for given_xy, expected, within_m in (
        ((2413000.0, 4669000.0), (393070, 4669190), 15),
        ((2389238.48, 4690935.27), (369301, 4691118), 6),
    ):
        found = moved(*given_xy, "EPSG:3004", "EPSG:23033")
        assert math.dist(found, expected) < within_m


def test_gauss_boaga_agrees_with_the_published_bounds_of_its_area():
    # The projected bounds that the EPSG register's readers print for EPSG:3004 by way of EPSG:1660.
    assert moved(6.62, 37.86, "EPSG:4326", "EPSG:3004")[0] == pytest.approx(1782205.39, abs=0.01)
    assert moved(18.58, 37.86, "EPSG:4326", "EPSG:3004")[0] == pytest.approx(2834974.5, abs=0.01)
    assert moved(6.62, 47.1, "EPSG:4326", "EPSG:3004")[1] == pytest.approx(5250474.42, abs=0.01)


def test_the_zero_of_french_roads_is_where_its_survey_says():
    assert moved(652215.52, 6861681.77, "EPSG:2154", "EPSG:4326") == pytest.approx((2.3487848972, 48.8534023472))


MAINLAND = (-104.1, -49.1, -9.9, 0.971, -2.917, 0.714, -11.68)  # EPSG:1660
SARDINIA = (-168.6, -34.0, 38.6, -0.374, -0.679, -1.379, -9.48)  # EPSG:1662
SICILY = (-50.2, -50.4, 84.8, -0.69, -2.012, 0.459, -28.08)  # EPSG:1664


@pytest.mark.parametrize(
    ("place", "lon", "lat", "shift"),
    [
        ("Torino", 7.6869, 45.0703, MAINLAND),
        ("Reggio di Calabria", 15.65, 38.11, MAINLAND),
        ("Cagliari", 9.11, 39.22, SARDINIA),
        ("Olbia", 9.5, 40.92, SARDINIA),
        ("Palermo", 13.36, 38.11, SICILY),
        ("Messina", 15.55, 38.19, SICILY),
        ("Ragusa", 14.72, 36.92, SICILY),
        # Where PROJ left alone would shift nothing at all.
        ("Lampedusa", 12.6, 35.5, MAINLAND),
        ("Pantelleria", 11.95, 36.8, MAINLAND),
        ("over the border", 6.5, 45.0, MAINLAND),
    ],
)
def test_monte_mario_is_moved_by_the_parameters_published_for_the_place(place, lon, lat, shift):
    expected = helmert(lon, lat, shift)
    assert distance_m(to_4326(lon, lat, "EPSG:4265"), expected) < 0.01
    grid = "EPSG:3003" if lon < 12 else "EPSG:3004"
    with ENGINE.cursor(spatial=True) as cursor:
        x, y = cursor.execute(  # the grid of the datum itself: no shift
            "SELECT ST_X(p), ST_Y(p) FROM (SELECT ST_Transform(ST_Point(?, ?), '+proj=longlat +ellps=intl +no_defs "
            f"+type=crs', '{PROJ_TEXTS[grid]} +no_defs +type=crs', always_xy := true) AS p)",
            [lon, lat],
        ).fetchone()
    assert distance_m(to_4326(x, y, grid), expected) < 0.01


def test_a_shape_is_moved_as_one_wherever_it_reaches():
    # From Piedmont over the border: the corners keep their distances.
    square = "ST_GeomFromText('POLYGON((1300000 4990000, 1320000 4990000, 1320000 5010000, 1300000 4990000))')"
    with ENGINE.cursor(spatial=True) as cursor:
        sql = (
            f"SELECT ST_Transform({crs.to_4326_sql(square, 'EPSG:3003')}, 'EPSG:4326', 'EPSG:32632', always_xy := true)"
        )
        area, around = cursor.execute(f"SELECT ST_Area(g), ST_Perimeter(g) FROM ({sql} AS g)").fetchone()
    assert area == pytest.approx(2e8, rel=1e-4)
    assert around == pytest.approx(20_000 * (2 + math.sqrt(2)), rel=1e-4)


def helmert(lon, lat, shift):
    """Return a point of Monte Mario in WGS 84 by a position vector transformation (EPSG method 9606)."""
    a, e2 = 6378388.0, (1 / 297) * (2 - 1 / 297)
    lam, phi = math.radians(lon), math.radians(lat)
    n = a / math.sqrt(1 - e2 * math.sin(phi) ** 2)
    x, y, z = n * math.cos(phi) * math.cos(lam), n * math.cos(phi) * math.sin(lam), n * (1 - e2) * math.sin(phi)
    tx, ty, tz, *turns, ppm = shift
    rx, ry, rz = (math.radians(one / 3600) for one in turns)
    k = 1 + ppm * 1e-6
    x, y, z = tx + k * (x - rz * y + ry * z), ty + k * (rz * x + y - rx * z), tz + k * (-ry * x + rx * y + z)
    a, e2 = 6378137.0, (1 / 298.257223563) * (2 - 1 / 298.257223563)
    phi = math.atan2(z, math.hypot(x, y) * (1 - e2))
    for _ in range(10):
        n = a / math.sqrt(1 - e2 * math.sin(phi) ** 2)
        phi = math.atan2(z + e2 * n * math.sin(phi), math.hypot(x, y))
    return Point(math.degrees(math.atan2(y, x)), math.degrees(phi))


def test_gauss_boaga_lies_a_million_metres_east_of_utm():
    east, north = moved(7.6869, 45.0703, "EPSG:4326", "EPSG:3003")
    utm_east, utm_north = moved(7.6869, 45.0703, "EPSG:4326", "EPSG:32632")
    assert east - utm_east == pytest.approx(1_000_000, abs=60)
    assert north - utm_north == pytest.approx(0, abs=60)


CODES = sorted(KNOWN)
USUAL = [code for code in CODES if code[-2:] not in ("28", "29", "30", "31", "34", "35", "36", "37")]


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(USUAL), st.floats(0.05, 0.95), st.floats(0.05, 0.95))
def test_there_and_back_is_the_same_place(code, across, up):
    known = KNOWN[code]
    projection = known.projection
    area = Box(
        max(known.area.west, -10), max(known.area.south, 36), min(known.area.east, 30), min(known.area.north, 60)
    )
    if isinstance(projection, TransverseMercator):
        lon0 = projection.lon0
        area = Box(max(known.area.west, lon0 - 3), area.south, min(known.area.east, lon0 + 3), area.north)
    if code in REGIONS:  # where PROJ, left alone, chooses the same parameters as we do
        area = Box(max(area.west, 6.7), 42.0, min(area.east, 18.5), 47.0)
    place = Point(area.west + across * (area.east - area.west), area.south + up * (area.north - area.south))
    x, y = moved(place.lon, place.lat, "EPSG:4326", code)
    # PROJ may take another way back, as good as the first.
    assert distance_m(to_4326(x, y, code), place) <= max(0.05, known.accuracy_m)
    assert to_4326(y, x, code + crs.SWAPPED) == to_4326(x, y, code)
    # Our own series, made for judging, agree but for the shift between datums and what a sphere leaves out.
    about = projection.lonlat(x, y)
    assert about is not None
    assert distance_m(about, place) < (20_000 if code == "EPSG:3035" else 300)
    assert crs.plausible(code, (x, y, x, y), Box(place.lon, place.lat, place.lon, place.lat))


def test_a_place_outside_the_projection_is_nowhere_and_not_infinite():
    assert to_4326(1e9, 1e9, "EPSG:32632") is None
    assert to_4326(396634.0, 4991598.0, "EPSG:32632") is not None


def test_nothing_has_no_place():
    with ENGINE.cursor(spatial=True) as cursor:
        for code in ("EPSG:4326", "EPSG:3003", "EPSG:4326" + crs.SWAPPED):
            sql = crs.to_4326_sql("NULL::GEOMETRY", code)
            assert cursor.execute(f"SELECT {sql}").fetchone() == (None,)


def test_a_system_without_a_code_is_moved_by_its_wkt():
    wkt = GAUSS_BOAGA.format(**OVEST | {"east": 1400000.0})
    assert crs.find(wkt) == wkt
    assert distance_m(to_4326(1296659.86, 4991618.23, wkt), Point(7.6869, 45.0703)) < 5


def test_transformations_ask_nothing_of_the_network():
    # With the network allowed by its environment, PROJ would fetch the grid of the United Kingdom.
    code = (
        "import socket, threading\n"
        "server = socket.create_server(('127.0.0.1', 0)); server.settimeout(0.2)\n"
        "import os\n"
        "os.environ['PROJ_NETWORK'] = 'ON'\n"
        "os.environ['PROJ_NETWORK_ENDPOINT'] = 'http://127.0.0.1:%d' % server.getsockname()[1]\n"
        "from portico.lake.engine import Engine\n"
        "from portico.lake import crs\n"
        "cursor = Engine().cursor(spatial=True)\n"
        "for source in ('EPSG:27700', 'EPSG:3003', 'EPSG:23032'):\n"
        "    cursor.execute('SELECT ' + crs.to_4326_sql('ST_Point(530000, 180000)', source)).fetchall()\n"
        "try:\n"
        "    server.accept(); print('asked')\n"
        "except TimeoutError:\n"
        "    print('silent')\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, env=dict(os.environ), timeout=60
    )
    assert ran.stdout.strip() == "silent", ran.stderr


# --- judging ---


def box_in(code, box=TORINO):
    corners = [moved(lon, lat, "EPSG:4326", code) for lon in (box.west, box.east) for lat in (box.south, box.north)]
    xs, ys = zip(*corners, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


@pytest.mark.parametrize("code", ["EPSG:4326", "EPSG:32632", "EPSG:3003", "EPSG:3857", "EPSG:3035", "EPSG:23032"])
def test_the_right_system_is_plausible_and_proposed_for_its_city(code):
    extent = box_in(code)
    assert crs.plausible(code, extent, TORINO)
    assert code in crs.guess(extent, TORINO)


@pytest.mark.parametrize(
    ("code", "others"), [("EPSG:3003", ()), ("EPSG:4326", ()), ("EPSG:3857", ()), ("EPSG:32632", ("EPSG:23032",))]
)
def test_what_numbers_can_tell_apart_is_told_apart(code, others):
    assert crs.guess(box_in(code), TORINO) == (code, *others)


def test_swapped_axes_are_noticed():
    west, south, east, north = box_in("EPSG:4326")
    assert not crs.plausible("EPSG:4326", (south, west, north, east), TORINO)
    assert crs.guess((south, west, north, east), TORINO) == ("EPSG:4326" + crs.SWAPPED,)
    west, south, east, north = box_in("EPSG:3003")
    assert crs.guess((south, west, north, east), TORINO) == ("EPSG:3003" + crs.SWAPPED,)


def test_the_wrong_system_is_not_plausible():
    extent = box_in("EPSG:3003")
    for wrong in ("EPSG:4326", "EPSG:32632", "EPSG:3004", "EPSG:27700"):
        assert not crs.plausible(wrong, extent, TORINO)
    assert not crs.plausible("EPSG:4326", extent)


def test_italy_in_one_zone_is_plausible_and_not_taken_for_the_next_zone():
    extent = box_in("EPSG:32632", Box(6.63, 35.5, 18.52, 47.09))
    assert crs.plausible("EPSG:32632", extent)
    assert crs.guess(extent, TORINO) == ("EPSG:32632", "EPSG:23032")
    assert crs.guess(extent) == ("EPSG:32632", "EPSG:23032")


def test_without_a_city_the_country_decides_as_far_as_it_can():
    point = box_in("EPSG:32632")
    assert crs.guess(point)[:2] == ("EPSG:32632", "EPSG:32633")
    assert crs.apart_m("EPSG:32632", "EPSG:32633", point) > 400_000
    assert crs.apart_m("EPSG:32632", "EPSG:23032", point) < 250


def test_elsewhere_the_grid_of_the_place_is_proposed():
    london = Box(-0.5, 51.3, 0.3, 51.7)
    assert crs.guess((520000, 170000, 540000, 190000), london) == ("EPSG:27700",)


@pytest.mark.parametrize(
    "extent", [(0, 0, 0, 0), (math.nan, 0, 1, 1), (math.inf, 0, 1, 1), (1e12, 1e12, 1e12, 1e12), (-5, -5, 5, 5)]
)
def test_numbers_that_are_nowhere_get_no_proposal(extent):
    assert crs.guess(extent, TORINO) == ()


def test_a_system_nobody_knows_cannot_be_judged():
    assert crs.plausible("EPSG:31254", (0, 0, 1, 1), TORINO)
    assert crs.accuracy_m("EPSG:31254") is None


def test_accuracy_is_stated_for_all_that_is_known():
    assert set(crs.ACCURACY_M) == set(KNOWN)
    assert crs.accuracy_m("EPSG:4326") == 0
    assert crs.accuracy_m("EPSG:26591") == 4
    assert crs.accuracy_m("EPSG:23032+yx") == 10
    assert crs.accuracy_m("ETRS89 / UTM zone 32N") == 1


def test_degrees_are_known_from_metres():
    assert crs.is_degrees("EPSG:4258")
    assert not crs.is_degrees("EPSG:3003")
    assert not crs.is_degrees("EPSG:99999")


@settings(max_examples=200)
@given(
    st.sampled_from(CODES),
    st.tuples(*[st.floats(allow_nan=True, allow_infinity=True) for _ in range(4)]),
    st.booleans(),
)
def test_any_extent_is_judged_without_a_fault(code, extent, with_city):
    assert crs.plausible(code, extent, TORINO if with_city else None) in (True, False)
    assert isinstance(crs.guess(extent, TORINO if with_city else ITALY), tuple)
