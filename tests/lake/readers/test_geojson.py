"""GeoJSON and TopoJSON: properties of every kind, geometry of every kind, and what is neither."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.lake.readers.places import (
    collection,
    column_of,
    feature,
    point,
    read,
    read_one,
    said,
    spoken,
    wkt_of,
)
from tests.lake.readers.workshops import numbers_of, rejected

from portico.errors import InputError
from portico.lake import crs
from portico.lake.found import Format
from portico.lake.model import Type
from portico.lake.readers.wkb import MalformedError, from_geojson
from portico.messages import Message


def written(tmp_path, content, name="a.geojson"):
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def one(tmp_path, content, **told):
    return read_one(tmp_path, Format.GEOJSON, written(tmp_path, content), **told)


def refused(tmp_path, content, kind=Format.GEOJSON):
    with pytest.raises(InputError) as raised:
        read(tmp_path, kind, written(tmp_path, content))
    spoken(Message.of(raised.value))
    return raised.value


# --- properties ---


def test_values_keep_their_kind_and_no_text_is_guessed(tmp_path):
    given_properties = {
        "code": "001",
        "day": "2020-01-01",
        "whole": 1,
        "part": 2.5,
        "yes": True,
        "list": [1, "a"],
        "inside": {"deep": 1},
        "large": 123456789012345678901234567890,
        "nothing": None,
    }
    table, shop = one(tmp_path, collection(feature(given_properties, point(7, 45))))
    assert {name: column_of(table, shop, name)[0] for name in table.columns if name != "geometry"} == {
        "code": "001",
        "day": "2020-01-01",
        "whole": 1,
        "part": 2.5,
        "yes": True,
        "list": '[1,"a"]',
        "inside.deep": 1,
        "large": "123456789012345678901234567890",
        "nothing": None,
    }
    assert table.stated == {
        "whole": Type.INTEGER,
        "part": Type.NUMBER,
        "yes": Type.BOOLEAN,
        "inside.deep": Type.INTEGER,
    }


def test_a_column_of_several_kinds_is_text_and_missing_properties_are_nothing(tmp_path):
    table, shop = one(
        tmp_path,
        collection(
            feature({"a": 1}, point(7, 45)), feature({"a": "1/A", "b": 2}, point(7, 45)), feature(None, point(7, 45))
        ),
    )
    assert column_of(table, shop, "a") == ["1", "1/A", None]
    assert column_of(table, shop, "b") == [None, 2, None]
    assert "a" not in table.stated


def test_names_that_meet_are_told_apart_and_keep_their_header(tmp_path):
    table, shop = one(
        tmp_path,
        collection(
            feature({"Name": "a", "name": "b", "geometry": "c", "GEOM": "d", "OGC_FID": 7, "_row": "e"}, point(7, 45))
        ),
    )
    assert table.columns == ("Name", "name_2", "geometry_2", "GEOM", "OGC_FID", "_row_2", "geometry")
    assert table.headers == ("Name", "name", "geometry", "GEOM", "OGC_FID", "_row", "geometry")
    assert column_of(table, shop, "geometry_2") == ["c"]
    assert [one.kind for one in table.issues].count("column-renamed") == 3


def test_the_id_of_a_feature_is_a_column(tmp_path):
    table, shop = one(
        tmp_path, collection(feature({}, point(7, 45), id="way/1"), feature({}, point(7, 45), id="way/2"))
    )
    assert column_of(table, shop, "id") == ["way/1", "way/2"]
    other, shop = one(tmp_path, collection(feature({"id": "own"}, point(7, 45), id=5)))
    assert (column_of(other, shop, "id"), column_of(other, shop, "feature_id")) == (["own"], [5])
    same, _ = one(tmp_path, collection(feature({"id": 5}, point(7, 45), id=5)))
    assert same.columns == ("id", "geometry")


# --- coordinate systems ---


@pytest.mark.parametrize(
    ("stated", "code"),
    [
        ("urn:ogc:def:crs:EPSG::3003", "EPSG:3003"),
        ("EPSG:32632", "EPSG:32632"),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", crs.WGS84),
    ],
)
def test_the_old_way_of_stating_a_system_is_honoured_and_said(tmp_path, stated, code):
    named = {"type": "name", "properties": {"name": stated}}
    table, shop = one(tmp_path, collection(feature({"a": 1}, point(1396634, 4991598)), crs=named))
    assert table.crs == code
    assert ("geojson-crs-old" in said(table)) is (code != crs.WGS84)
    assert wkt_of(table, shop) == ["POINT (1396634 4991598)"]


@pytest.mark.parametrize(
    "stated", [{"type": "link", "properties": {"href": "http://127.0.0.1:9/crs"}}, "EPSG:3003", 7, {"type": "name"}]
)
def test_a_system_that_cannot_be_read_is_said_and_nothing_is_fetched(tmp_path, stated):
    table, _ = one(tmp_path, collection(feature({"a": 1}, point(7, 45)), crs=stated))
    assert table.crs == crs.WGS84
    assert "geojson-crs-unread" in said(table)


def test_a_system_stated_behind_the_features_counts(tmp_path):
    text = '{"features": [], "type": "FeatureCollection", "crs": {"type":"name","properties":{"name":"EPSG:3003"}}}'
    assert one(tmp_path, text)[0].crs == "EPSG:3003"


# --- geometry ---


def test_every_kind_of_geometry_and_none_at_all_may_stand_together(tmp_path):
    shapes = [
        point(7, 45),
        {"type": "Point", "coordinates": [7, 45, 250.5]},
        {"type": "MultiPoint", "coordinates": [[7, 45], [8, 46]]},
        {"type": "LineString", "coordinates": [[7, 45], [8, 46]]},
        {"type": "MultiLineString", "coordinates": [[[7, 45], [8, 46]]]},
        {"type": "Polygon", "coordinates": [[[7, 45], [8, 45], [8, 46], [7, 45]]]},
        {"type": "MultiPolygon", "coordinates": [[[[7, 45], [8, 45], [8, 46], [7, 45]]]]},
        {"type": "GeometryCollection", "geometries": [point(7, 45)]},
        {"type": "Polygon", "coordinates": []},
        {"type": "Point", "coordinates": []},
        None,
    ]
    table, shop = one(tmp_path, collection(*[feature({"n": n}, shape) for n, shape in enumerate(shapes)]))
    assert wkt_of(table, shop) == [
        "POINT (7 45)",
        "POINT Z (7 45 250.5)",
        "MULTIPOINT (7 45, 8 46)",
        "LINESTRING (7 45, 8 46)",
        "MULTILINESTRING ((7 45, 8 46))",
        "POLYGON ((7 45, 8 45, 8 46, 7 45))",
        "MULTIPOLYGON (((7 45, 8 45, 8 46, 7 45)))",
        "GEOMETRYCOLLECTION (POINT (7 45))",
        "POLYGON EMPTY",
        None,
        None,
    ]
    assert said(table)["geometries-missing"].message.values["rows"] == "10, 11"


@pytest.mark.parametrize(
    "shape",
    [
        {"type": "Point", "coordinates": ["7", "45"]},
        {"type": "Point", "coordinates": [7]},
        {"type": "Point", "coordinates": [7, None]},
        {"type": "Point", "coordinates": [7, True]},
        {"type": "Point", "coordinates": {"x": 7}},
        {"type": "Point"},
        {"type": "Circle", "coordinates": [7, 45]},
        {"type": "LineString", "coordinates": [7, 45]},
        {"type": "Polygon", "coordinates": [[7, 45]]},
        {"type": "GeometryCollection"},
        {"type": ["Point"], "coordinates": [7, 45]},
        "POINT (7 45)",
        [7, 45],
    ],
)
def test_what_is_no_geometry_is_kept_as_a_reject_and_its_row_stays(tmp_path, shape):
    table, shop = one(tmp_path, collection(feature({"a": "x"}, point(7, 45)), feature({"a": "y"}, shape)))
    assert column_of(table, shop, "a") == ["x", "y"]
    assert wkt_of(table, shop) == ["POINT (7 45)", None]
    ((row, column, raw, reason),) = rejected(table)
    assert (row, column, reason) == ("2", "geometry", "geometry-malformed")
    assert json.loads(raw) == shape
    assert said(table)["geometries-malformed"].place.row == 2
    assert "geometries-missing" not in said(table)


def test_numbers_that_are_no_numbers_are_no_position(tmp_path):
    text = collection(feature({"v": math.nan}, point(math.nan, 45)))
    table, shop = one(tmp_path, text)
    assert column_of(table, shop, "v") == [None]
    assert wkt_of(table, shop) == [None]
    assert {"number-not-finite", "geometries-malformed"} <= {one.kind for one in table.issues}


def test_shapes_that_cross_themselves_are_counted_and_not_repaired(tmp_path):
    bow = {"type": "Polygon", "coordinates": [[[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]]}
    open_ring = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0]]]}
    good = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 0]]]}
    table, shop = one(
        tmp_path, collection(*[feature({"n": n}, shape) for n, shape in enumerate((good, bow, open_ring))])
    )
    finding = said(table)["geometries-invalid"]
    assert (finding.message.values["count"], finding.message.values["rows"], finding.place.row) == (2, "2, 3", 2)
    assert wkt_of(table, shop)[1] == "POLYGON ((0 0, 2 2, 2 0, 0 2, 0 0))"


def test_a_feature_that_is_none_is_a_reject(tmp_path):
    table, shop = one(
        tmp_path, collection(feature({"a": 1}, point(7, 45)), "x", {"properties": [1]}, feature({"a": 2}))
    )
    assert column_of(table, shop, "a") == [1, 2]
    assert numbers_of(table, shop) == [1, 4]
    assert [(row, reason) for row, _, _, reason in rejected(table)] == [
        ("2", "feature-malformed"),
        ("3", "feature-malformed"),
    ]
    assert said(table)["features-malformed"].message.values["rows"] == "2, 3"


POSITIONS = st.lists(
    st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=2, max_size=3), min_size=1, max_size=6
)


@given(POSITIONS)
def test_any_line_is_written_and_read_back_by_the_engine(positions):
    from tests.lake.readers.workshops import _ENGINE

    made = from_geojson({"type": "LineString", "coordinates": positions})
    dimensions = min(map(len, positions))
    with _ENGINE.cursor(spatial=True) as cursor:
        (found,) = cursor.execute("SELECT ST_AsGeoJSON(ST_GeomFromWKB(?::BLOB))::JSON", [made]).fetchone()
        (count,) = cursor.execute("SELECT ST_NPoints(ST_GeomFromWKB(?::BLOB))", [made]).fetchone()
    assert count == len(positions)
    read_back = json.loads(found)["coordinates"]
    for own, other in zip(positions, read_back, strict=True):
        assert own[:dimensions] == other[:dimensions]


JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["Point", "Polygon", "MultiPolygon"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["type", "coordinates", "geometries"]), inner, max_size=3)
    ),
    max_leaves=12,
)


@given(JSON_VALUES)
def test_any_value_is_a_geometry_or_is_not(value):
    try:
        found = from_geojson(value)
    except MalformedError:
        return
    assert found is None or found[:1] == b"\x01"


# --- documents ---


@pytest.mark.parametrize(
    "content",
    [
        feature({"a": 1}, point(7, 45)),
        point(7, 45),
        {"type": "GeometryCollection", "geometries": [point(7, 45)]},
        [feature({"a": 1}, point(7, 45))],
    ],
)
def test_a_document_that_is_no_collection_is_read_all_the_same(tmp_path, content):
    table, _ = one(tmp_path, json.dumps(content))
    assert table.rows == 1


def test_an_empty_collection_is_an_empty_table(tmp_path):
    table, shop = one(tmp_path, collection())
    assert (table.rows, table.columns) == (0, ("geometry",))
    assert wkt_of(table, shop) == []


@pytest.mark.parametrize("content", ['{"type": "FeatureCollection"}', '{"a": 1}', "7", '"x"', '{"features": 7}'])
def test_json_without_features_is_refused(tmp_path, content):
    assert refused(tmp_path, content).message_id == "geojson-no-features"


@pytest.mark.parametrize("cut", [1, 30, 80, 120])
def test_a_document_that_is_cut_off_is_refused_with_its_place(tmp_path, cut):
    text = collection(*[feature({"a": n}, point(7, 45)) for n in range(3)]).replace('"features"', '\n"features"')
    error = refused(tmp_path, text[:-cut])
    assert error.message_id == "json-broken"
    assert error.values["line"] == 2


def test_a_document_nested_without_end_is_refused(tmp_path):
    refused(tmp_path, '{"type":"FeatureCollection","features":[' + "[" * 100_000)
    text = '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":'
    deep = '{"type":"GeometryCollection","geometries":[' * 25 + "]}" * 25 + "}]}"
    table, _ = one(tmp_path, text + deep)
    assert table.reject_count == 1


@pytest.mark.parametrize(
    ("encoding", "stated"), [("utf-8-sig", "utf-8"), ("cp1252", "cp1252"), ("utf-16", "utf-16-le"), ("utf-8", "utf-8")]
)
def test_letters_are_right_in_every_encoding(tmp_path, encoding, stated):
    table, shop = one(tmp_path, collection(feature({"città": "Agliè – €"}, point(7, 45))).encode(encoding))
    assert column_of(table, shop, "città") == ["Agliè – €"]
    assert table.dialect.encoding == stated


def test_letters_that_are_none_do_no_harm(tmp_path):
    text = json.dumps({"type": "FeatureCollection", "features": [feature({"a": "x\x00y\ud800z", "\x00": 1})]})
    table, shop = one(tmp_path, text)
    (found,) = column_of(table, shop, "a")
    assert found.startswith("x")
    assert found.endswith("z")
    assert "\x00" not in found


def test_a_key_that_stands_twice_is_said(tmp_path):
    text = '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"a":1,"a":2},"geometry":null}]}'
    table, shop = one(tmp_path, text)
    assert column_of(table, shop, "a") == [2]
    assert "json-duplicate-keys" in {finding.kind for finding in table.issues}


def test_many_features_need_the_memory_of_few(tmp_path):
    import tracemalloc

    path = tmp_path / "many.geojson"
    line = json.dumps(feature({"name": "x" * 600, "n": 1}, {"type": "LineString", "coordinates": [[7.1, 45.1]] * 10}))
    with path.open("w") as out:
        out.write('{"type":"FeatureCollection","features":[')
        out.write(",\n".join([line] * 4_000))
        out.write("]}")
    assert path.stat().st_size > 3_000_000
    tracemalloc.start()
    try:
        table, _ = read_one(tmp_path, Format.GEOJSON, path)
        assert tracemalloc.get_traced_memory()[1] < 8_000_000
    finally:
        tracemalloc.stop()
    assert table.rows == 4_000


# --- TopoJSON ---

SQUARE = {
    "type": "Topology",
    "transform": {"scale": [0.5, 0.5], "translate": [7, 45]},
    "arcs": [[[0, 0], [2, 0], [0, 2]], [[2, 2], [-2, 0], [0, -2]]],
    "objects": {
        "areas": {
            "type": "GeometryCollection",
            "geometries": [
                {"type": "Polygon", "id": "q", "arcs": [[0, 1]], "properties": {"name": "square"}},
                {"type": "MultiPolygon", "arcs": [[[0, 1]], [[-2, -1]]]},
                {"type": "LineString", "arcs": [-1]},
                {"type": None, "properties": {"name": "nowhere"}},
            ],
        },
        "mark": {"type": "Point", "coordinates": [2, 2]},
    },
}


def topology(tmp_path, content=None, **told):
    return read(tmp_path, Format.TOPOJSON, written(tmp_path, json.dumps(content or SQUARE), "a.topojson"), **told)


def test_a_topology_is_put_together_from_its_arcs(tmp_path):
    (areas, mark), shop = topology(tmp_path)
    assert (areas.name, mark.name) == ("areas", "mark")
    ring = "(7 45, 8 45, 8 46, 7 46, 7 45)"
    back = "(7 45, 7 46, 8 46, 8 45, 7 45)"
    assert wkt_of(areas, shop) == [
        f"POLYGON ({ring})",
        f"MULTIPOLYGON (({ring}), ({back}))",
        "LINESTRING (8 46, 8 45, 7 45)",
        None,
    ]
    assert column_of(areas, shop, "id") == ["q", None, None, None]
    assert wkt_of(mark, shop) == ["POINT (8 46)"]
    assert areas.crs == ""


def test_only_the_object_that_was_told_is_read(tmp_path):
    tables, _ = topology(tmp_path, layer="mark")
    assert [one.name for one in tables] == ["mark"]
    with pytest.raises(InputError):
        topology(tmp_path, layer="none")


def test_a_topology_without_a_grid_holds_positions_as_they_are(tmp_path):
    plain = {key: value for key, value in SQUARE.items() if key != "transform"}
    (areas, _), shop = topology(tmp_path, plain | {"arcs": [[[7, 45], [8, 45], [8, 46]], [[8, 46], [7, 46], [7, 45]]]})
    assert wkt_of(areas, shop)[0] == "POLYGON ((7 45, 8 45, 8 46, 7 46, 7 45))"


def test_a_shape_of_arcs_that_are_not_there_is_a_reject(tmp_path):
    broken = SQUARE | {
        "objects": {"a": {"type": "GeometryCollection", "geometries": [{"type": "Polygon", "arcs": [[9]]}]}}
    }
    (table,), shop = topology(tmp_path, broken)
    assert wkt_of(table, shop) == [None]
    assert table.reject_count == 1


@pytest.mark.parametrize(
    "change",
    [
        {"transform": {"scale": ["x", 1], "translate": [0, 0]}},
        {"transform": 7},
        {"arcs": [["x"]]},
        {"arcs": [[[1]]]},
        {"objects": {}},
    ],
)
def test_a_topology_that_is_none_is_refused(tmp_path, change):
    with pytest.raises(InputError) as raised:
        topology(tmp_path, SQUARE | change)
    spoken(Message.of(raised.value))
