"""Vector tiles: every place where it belongs, as the format wants it, never too many, and honest about it."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.lake.readers.workshops import worded
from tests.lakes import put, tables
from tests.vector_tiles import LINE, POINT, POLYGON, layers, ring_area

from portico.database import Database
from portico.errors import PorticoError, StateError, UnknownNameError, UsageError
from portico.geo import Box
from portico.lake.lake import open_lake
from portico.lake.model import Column, Table, Type
from portico.lake.tiles import BUFFER, EXTENT, extent, tile

NAME, PLACE = Column("name", Type.TEXT), Column("place", Type.GEOMETRY)


@pytest.fixture
def lake(tmp_path):
    return open_lake(Database(tmp_path / "portico.sqlite"), tmp_path / "lake")


def filled(lake, rows, columns=(NAME, PLACE)):
    return put(lake, Table(tuple(columns), list(rows))).version


def features(lake, version, z, x, y, **how):
    found = tile(lake, version, z, x, y, version.columns, **how)
    return layers(found.data)["places"].features if found.data else []


def at(lon, lat, z):
    """Return the tile of a point and where in it the point lies, by the formulas of the map's projection."""
    x = (lon + 180) / 360 * 2**z
    y = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * 2**z
    column, row = int(x), int(y)
    return column, row, ((x - column) * EXTENT, (y - row) * EXTENT)


def test_a_point_lies_where_the_projection_says_and_carries_its_row_and_values(lake):
    version = filled(lake, [("a", "POINT (7.68533331 45.07)"), ("b", None), ("c", "POINT EMPTY")])
    for z in range(17):
        x, y, (east, south) = at(7.68533331, 45.07, z)
        found = tile(lake, version, z, x, y, version.columns)
        layer = layers(found.data)["places"]
        [feature] = layer.features
        assert (layer.version, layer.extent, found.shown, found.total) == (2, 4096, 1, 1)
        assert (feature.id, feature.kind, feature.properties) == (1, POINT, {"name": "a"})
        [[(column, row)]] = feature.parts
        assert abs(column - east) <= 1
        assert abs(row - south) <= 1


def test_where_nothing_is_a_tile_is_empty(lake):
    version = filled(lake, [("a", "POINT (7.68 45.07)")])
    found = tile(lake, version, 10, 0, 0, version.columns)
    assert (found.data, found.shown, found.total) == (b"", 0, 0)
    nothing = filled(lake, [("a", None)])
    assert tile(lake, nothing, 0, 0, 0, nothing.columns).data == b""
    assert extent(lake, nothing) == (0, None)


@given(lon=st.floats(-179, 179), lat=st.floats(-84, 84), z=st.integers(0, 16))
@settings(max_examples=40)
def test_every_point_is_in_its_tile(tmp_path_factory, lon, lat, z):
    lake = open_lake(Database(tmp_path_factory.mktemp("tiles") / "portico.sqlite"), tmp_path_factory.mktemp("lake"))
    version = filled(lake, [((lon, lat),)], [Column("place", Type.POINT)])
    x, y, (east, south) = at(lon, lat, z)
    [[(column, row)]] = features(lake, version, z, x, y)[0].parts
    assert math.hypot(column - east, row - south) < 2


def test_areas_run_as_the_format_wants_whichever_way_they_were_drawn(lake):
    outline = "7 45, 7.02 45, 7.02 45.02, 7 45.02, 7 45"
    hole = "7.005 45.005, 7.015 45.005, 7.015 45.015, 7.005 45.015, 7.005 45.005"
    turned = ", ".join(reversed(outline.split(", ")))
    rows = [
        ("1", f"POLYGON (({outline}))"),
        ("2", f"POLYGON (({turned}))"),
        ("3", f"POLYGON (({outline}), ({hole}))"),
        ("4", f"MULTIPOLYGON ((({outline})), ((7.03 45, 7.04 45, 7.04 45.01, 7.03 45)))"),
    ]
    version = filled(lake, rows)
    whole, again, with_hole, two = features(lake, version, 10, *at(7.01, 45.01, 10)[:2])
    assert whole.area == again.area > 0
    assert whole.kind == two.kind == POLYGON
    assert ring_area(with_hole.parts[0]) > 0 > ring_area(with_hole.parts[1])
    assert with_hole.area == pytest.approx(whole.area * 0.75, rel=0.02)
    assert all(ring_area(ring) > 0 for ring in two.parts)
    assert two.area > whole.area


def test_a_large_area_fills_every_tile_in_it_and_its_margin_and_no_more(lake):
    version = filled(lake, [("all", "POLYGON ((6 44, 9 44, 9 46, 6 46, 6 44))")])
    side = EXTENT + 2 * BUFFER
    for z in (9, 13, 16):
        [feature] = features(lake, version, z, *at(7.6, 45.1, z)[:2])
        assert feature.area == side**2
        assert {value for ring in feature.parts for point in ring for value in point} == {-BUFFER, EXTENT + BUFFER}


def test_neighbours_meet(lake):
    """Along a border between two tiles both draw the same square, each its own part of it."""
    x, y, _ = at(7.6, 45.1, 12)
    border = (x + 1) / 2**12 * 360 - 180
    lat = 45.08
    west, east, north = border - 0.01, border + 0.01, lat + 0.01
    square = f"POLYGON (({west} {lat}, {east} {lat}, {east} {north}, {west} {north}, {west} {lat}))"
    version = filled(lake, [("square", square)])
    y = at(border, lat + 0.005, 12)[1]
    [left], [right] = (features(lake, version, 12, column, y) for column in (x, x + 1))
    assert max(east for east, _ in left.parts[0]) == EXTENT + BUFFER
    assert min(east for east, _ in right.parts[0]) == -BUFFER
    assert {north for _, north in left.parts[0]} == {north for _, north in right.parts[0]}


def test_what_is_too_small_to_be_seen_is_a_dot_and_what_is_too_fine_is_simplified(lake):
    fine = ", ".join(f"{7 + number / 10_000} {45 + (number % 2) / 1e7}" for number in range(10_000))
    version = filled(
        lake, [("line", f"LINESTRING ({fine})"), ("small", "POLYGON ((7 45, 7.0001 45, 7 45.0001, 7 45))")]
    )
    line, small = features(lake, version, 6, *at(7, 45, 6)[:2])
    assert line.kind == LINE
    assert sum(map(len, line.parts)) < 20
    assert small.area == 16
    close = features(lake, version, 16, *at(7.00003, 45.00003, 16)[:2])
    assert [one.kind for one in close] == [LINE, POLYGON]
    assert close[1].area > 100


def test_collections_bows_and_the_poles_are_drawn_as_far_as_they_can_be(lake):
    bow = "POLYGON ((7 45, 7.1 45.1, 7.1 45, 7 45.1, 7 45))"
    both = "GEOMETRYCOLLECTION (POINT (7 45), POLYGON ((7 45, 7.1 45, 7.1 45.1, 7 45)))"
    world = "POLYGON ((-180 -90, 180 -90, 180 90, -180 90, -180 -90))"
    version = filled(lake, [("bow", bow), ("both", both), ("pole", "POINT (7 90)"), ("world", world)])
    found = {one.properties["name"]: one for one in features(lake, version, 8, *at(7.05, 45.05, 8)[:2])}
    assert sorted(found) == ["both", "bow", "world"]
    assert found["both"].kind == POLYGON
    [whole] = [one for one in features(lake, version, 0, 0, 0) if one.properties["name"] == "world"]
    assert whole.area == pytest.approx(EXTENT**2, rel=0.001)


def test_what_is_left_out_is_said_and_what_stays_comes_from_the_whole_file(lake):
    version = filled(lake, ((f"{number:04}", f"POINT ({7 + number / 10_000} 45)") for number in range(100)))
    found = tile(lake, version, 6, *at(7, 45, 6)[:2], version.columns, most=30)
    made = layers(found.data)
    assert (found.shown, found.total, found.is_cut) == (25, 100, True)
    assert [one.id for one in made["places"].features] == list(range(1, 101, 4))
    assert [one.properties for one in made["cut"].features] == [{"shown": 25, "total": 100}]
    whole = tile(lake, version, 6, *at(7, 45, 6)[:2], version.columns, most=100)
    assert list(layers(whole.data)) == ["places"]


def test_values_of_every_type_come_as_the_format_knows_them(lake):
    columns = (
        Column("text", Type.TEXT),
        Column("whole", Type.INTEGER),
        Column("number", Type.NUMBER),
        Column("yes", Type.BOOLEAN),
        Column("day", Type.DATE),
        Column("moment", Type.INSTANT),
        Column("place", Type.POINT),
        Column("nothing", Type.NUMBER),
    )
    row = ("x" * 300, -5, 2.5, True, date(2024, 3, 1), datetime(2024, 3, 1, 9, tzinfo=UTC), (7.0, 45.0), None)
    version = filled(lake, [row], columns)
    [feature] = features(lake, version, 3, *at(7, 45, 3)[:2])
    assert feature.properties == {
        "text": "x" * 200,
        "whole": -5,
        "number": 2.5,
        "yes": True,
        "day": "2024-03-01",
        "moment": "2024-03-01T09:00:00Z",
    }


def test_columns_may_bear_any_name(lake):
    names = ("_row", "_shape", "_flat", "t", "file_row_number", 'a "b"; DROP', "_n", "geom")
    columns = (*(Column(name, Type.TEXT) for name in names), PLACE)
    version = filled(lake, [(*names, "POINT (7 45)")], columns)
    [feature] = features(lake, version, 3, *at(7, 45, 3)[:2])
    assert feature.properties == dict(zip(names, names, strict=True))
    assert feature.id == 1


@given(tables(min_rows=1))
@settings(max_examples=30)
def test_any_table_with_places_has_tiles(tmp_path_factory, table):
    folder = tmp_path_factory.mktemp("tiles")
    lake = open_lake(Database(folder / "portico.sqlite"), folder / "lake")
    version = put(lake, table).version
    if not any(column.is_geometry for column in version.columns):
        with pytest.raises(UnknownNameError):
            tile(lake, version, 0, 0, 0, version.columns)
        return
    found = tile(lake, version, 0, 0, 0, version.columns)
    drawn = layers(found.data)["places"].features if found.data else []
    assert len(drawn) <= found.shown <= extent(lake, version)[0] <= len(table.rows)


@pytest.mark.parametrize(("z", "x", "y"), [(-1, 0, 0), (17, 0, 0), (2, 4, 0), (2, 0, 4), (2, -1, 0)])
def test_a_tile_that_is_not_there_is_refused(lake, z, x, y):
    version = filled(lake, [("a", "POINT (7 45)")])
    with pytest.raises(UsageError) as found:
        tile(lake, version, z, x, y, version.columns)
    assert found.value.message_id == "tile-unknown"
    worded(found.value)


def test_a_version_without_places_and_a_damaged_one_are_refused(lake):
    nowhere = filled(lake, [("a",)], [NAME])
    for ask in (lambda: tile(lake, nowhere, 0, 0, 0, nowhere.columns), lambda: extent(lake, nowhere)):
        with pytest.raises(PorticoError) as found:
            ask()
        assert found.value.message_id == "dataset-without-places"
    version = filled(lake, [("a", "POINT (7 45)")])
    lake.objects.path(version.file).write_bytes(b"nothing")
    with pytest.raises(StateError) as found:
        tile(lake, version, 0, 0, 0, version.columns)
    assert found.value.message_id == "version-damaged"


def test_the_extent_is_that_of_all_places(lake):
    version = filled(lake, [("a", "POINT (7 45)"), ("b", "LINESTRING (8 44, 8.5 46)"), ("c", None)])
    assert extent(lake, version) == (2, Box(7, 44, 8.5, 46))
