"""Files of places as a whole: the shared data, what each format gives back, files that lie, files that are damaged."""

from __future__ import annotations

import random
import sqlite3
import zipfile
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.lake.readers.places import (
    collection,
    column_of,
    feature,
    kinds_of,
    point,
    read,
    read_one,
    said,
    spoken,
    wkt_of,
    write,
)
from tests.lake.readers.workshops import workshop
from tests.shared import shared_data

from portico.errors import InputError
from portico.lake import crs
from portico.lake.found import Format, Parsed
from portico.lake.model import Type
from portico.messages import Message

SHARED = [
    ("boundaries/limits_P_1_municipalities.geojson", Format.GEOJSON, 312, {"POLYGON": 290, "MULTIPOLYGON": 22}, 15),
    ("boundaries/limits_P_66_municipalities.geojson", Format.GEOJSON, 108, {"POLYGON": 100, "MULTIPOLYGON": 8}, 15),
    ("boundaries/limits_IT_provinces.topo.json", Format.TOPOJSON, 107, {"POLYGON": 79, "MULTIPOLYGON": 28}, 7),
    ("osm/torino/torino.geojson", Format.GEOJSON, 2551, {"MULTILINESTRING": 1613, "LINESTRING": 938}, 1),
    ("osm/torino/turin.geojson", Format.GEOJSON, 3814, {"MULTIPOLYGON": 3814}, 3),
    ("osm/torino/collegno.geojson", Format.GEOJSON, 292, {"MULTILINESTRING": 194, "LINESTRING": 98}, 1),
]


@pytest.mark.parametrize(("file", "kind", "count", "kinds", "columns"), SHARED)
def test_real_files_give_what_their_page_states(tmp_path, file, kind, count, kinds, columns):
    table, shop = read_one(tmp_path, kind, shared_data("data", *file.split("/")))
    assert table.rows == count
    assert kinds_of(table, shop) == kinds
    assert len(table.columns) == columns + 1
    assert table.columns[-1] == table.geometry == "geometry"
    assert table.crs == (crs.WGS84 if kind is Format.GEOJSON else "")


def test_a_comune_without_a_shape_is_kept_and_named(tmp_path):
    # 1,178 shapes and Miagliano, of which the file knows everything but where it is.
    path = shared_data("data", "boundaries", "limits_R_1_municipalities.topo.json")
    table, shop = read_one(tmp_path, Format.TOPOJSON, path)
    assert kinds_of(table, shop) == {"POLYGON": 1123, "MULTIPOLYGON": 55}
    assert table.rows == 1179
    assert said(table)["geometries-missing"].message.values["rows"] == "1057"
    assert column_of(table, shop, "name")[1056] == "Miagliano"


def test_topologies_and_plain_features_agree_on_where_a_province_is(tmp_path):
    path = shared_data("data", "boundaries", "limits_IT_provinces.topo.json")
    table, shop = read_one(tmp_path, Format.TOPOJSON, path)
    with shop.cursor(spatial=True) as cursor:
        rows = cursor.execute(
            "SELECT own.prov_acr, ST_Area(ST_Intersection(ST_GeomFromWKB(own.geometry), other.geom)) "
            "/ ST_Area(other.geom)"
            f" FROM {table.relation} AS own JOIN ST_Read('{path}') AS other USING (prov_istat_code)"
        ).fetchall()
    assert len(rows) == 107
    assert all(share == pytest.approx(1, abs=1e-9) for _, share in rows)


def test_codes_of_comuni_keep_their_zeros_and_numbers_are_stated(tmp_path):
    path = shared_data("data", "boundaries", "limits_P_1_municipalities.geojson")
    table, shop = read_one(tmp_path, Format.GEOJSON, path)
    assert column_of(table, shop, "com_istat_code")[0] == "001001"
    assert set(table.stated) == {"prov_istat_code_num", "reg_istat_code_num", "com_istat_code_num"}
    assert set(table.stated.values()) == {Type.INTEGER}


def test_the_table_of_the_provinces_is_read_though_its_shapes_are_missing(tmp_path):
    folder = shared_data("data", "boundaries")
    parts = {ending: folder / f"ProvCM01012026_g_WGS84{ending}" for ending in (".dbf", ".prj")}
    if (folder / "ProvCM01012026_g_WGS84.shp").exists():
        pytest.skip("the shapes are there")
    table, _ = read_one(tmp_path, Format.SHAPEFILE, folder / "ProvCM01012026_g_WGS84.shx", parts)
    assert table.rows == 110
    assert len(table.columns) == 12
    assert table.geometry == table.crs == ""
    assert "shapefile-without-shp" in said(table)


def test_the_shapefile_of_the_provinces_gives_what_its_page_states(tmp_path):
    path = shared_data("data", "boundaries", "ProvCM01012026_g_WGS84.shp")
    parts = {ending: path.with_suffix(ending) for ending in (".dbf", ".prj", ".shx")}
    table, shop = read_one(tmp_path, Format.SHAPEFILE, path, parts)
    assert (table.rows, table.crs) == (110, "EPSG:32632")
    assert kinds_of(table, shop) == {"POLYGON": 63, "MULTIPOLYGON": 47}
    assert len(table.columns) == 12 + 1


# --- what is written comes back ---

DRIVERS = [
    ("GeoJSON", ".geojson", Format.GEOJSON),
    ("FlatGeobuf", ".fgb", Format.FLATGEOBUF),
    ("GPKG", ".gpkg", Format.GEOPACKAGE),
    ("GML", ".gml", Format.GML),
    ("KML", ".kml", Format.KML),
    ("ESRI Shapefile", ".shp", Format.SHAPEFILE),
]
SHAPES = ["POINT (7.5 45.25)", "LINESTRING (7 45, 8 45, 8 46)", "POLYGON ((7 45, 8 46, 8 45, 7 45))"]


@pytest.mark.parametrize(("driver", "ending", "kind"), DRIVERS)
@pytest.mark.parametrize("shape", SHAPES)
def test_each_format_gives_back_the_shapes_and_texts_it_was_given(tmp_path, driver, ending, kind, shape):
    path = tmp_path / f"made{ending}"
    rows = "(VALUES ('001', 'Città di Torino'), ('010', 'Agliè')) AS t(code, label)"
    write(workshop(tmp_path), path, driver, f"SELECT code, label, ST_GeomFromText('{shape}') AS geom FROM {rows}")
    beside = {one.suffix: one for one in tmp_path.glob("made.*") if one != path}
    table, shop = read_one(tmp_path, kind, path, beside)
    assert sorted(zip(column_of(table, shop, "code"), column_of(table, shop, "label"), strict=True)) == [
        ("001", "Città di Torino"),
        ("010", "Agliè"),
    ]
    assert {one.replace(" Z", "") for one in wkt_of(table, shop)} == {shape}
    assert table.crs == crs.WGS84
    assert "code" not in table.stated


NUMBERS = st.one_of(st.integers(-(2**31), 2**31 - 1), st.none())
TEXTS = st.one_of(
    st.none(), st.text(st.characters(min_codepoint=32, max_codepoint=0x24F, exclude_characters="\x7f"), max_size=20)
)
ROWS = st.lists(st.tuples(NUMBERS, TEXTS, st.floats(-180, 180), st.floats(-90, 90)), min_size=1, max_size=8)


@pytest.mark.parametrize(("driver", "ending", "kind"), [DRIVERS[1], DRIVERS[2]])
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS)
def test_any_rows_come_back_equal(tmp_path, driver, ending, kind, rows):
    shop = workshop(tmp_path)
    path = shop.place(ending)
    with shop.cursor(spatial=True) as cursor:
        cursor.execute(
            "CREATE OR REPLACE TEMP TABLE given (nth INTEGER, number INTEGER, label VARCHAR, x DOUBLE, y DOUBLE)"
        )
        cursor.executemany("INSERT INTO given VALUES (?, ?, ?, ?, ?)", [(nth, *row) for nth, row in enumerate(rows)])
        cursor.execute(
            f"COPY (SELECT nth, number, label, ST_Point(x, y) AS geom FROM given) TO '{path}' "
            f"WITH (FORMAT GDAL, DRIVER '{driver}', SRS 'EPSG:4326')"
        )
    table, shop = read_one(tmp_path, kind, path)
    with shop.cursor(spatial=True) as cursor:
        found = cursor.execute(
            "SELECT number, label, ST_X(g), ST_Y(g) FROM (SELECT *, ST_GeomFromWKB(geometry) AS g "
            f"FROM {table.relation}) ORDER BY nth"
        ).fetchall()
    assert found == rows


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS)
def test_any_features_come_back_equal(tmp_path, rows):
    shop = workshop(tmp_path)
    path = shop.place(".geojson")
    path.write_text(
        collection(*[feature({"number": n, "label": text}, point(x, y)) for n, text, x, y in rows]), "utf-8"
    )
    table, shop = read_one(tmp_path, Format.GEOJSON, path)
    with shop.cursor(spatial=True) as cursor:
        found = cursor.execute(
            "SELECT number, label, ST_X(g), ST_Y(g) FROM (SELECT *, ST_GeomFromWKB(geometry) AS g "
            f"FROM {table.relation}) ORDER BY _row"
        ).fetchall()
    expected = [(n, text, x, y) for n, text, x, y in rows]
    assert [(None if n is None else int(n), *rest) for n, *rest in found] == expected


# --- layers, names, what the library may not do ---


@pytest.fixture
def layered(tmp_path):
    """A GeoPackage of two layers, the second with more features."""
    path = tmp_path / "two.gpkg"
    write(workshop(tmp_path), path, "GPKG", "SELECT 1 AS n, ST_Point(7, 45) AS geom", options=", LAYER_NAME 'few'")
    other = tmp_path / "other.gpkg"
    many = "SELECT i AS n, ST_Point(7, 45) AS geom FROM range(3) AS t(i)"
    write(workshop(tmp_path), other, "GPKG", many, options=", LAYER_NAME 'many'")
    with sqlite3.connect(path) as base:
        base.execute("ATTACH ? AS other", [str(other)])
        base.execute("CREATE TABLE many AS SELECT * FROM other.many")
        base.execute("INSERT INTO gpkg_contents SELECT * FROM other.gpkg_contents WHERE table_name = 'many'")
        base.execute("INSERT INTO gpkg_geometry_columns SELECT * FROM other.gpkg_geometry_columns")
    base.close()
    return path


def test_layers_are_tables_the_largest_first(tmp_path, layered):
    tables, _ = read(tmp_path, Format.GEOPACKAGE, layered)
    assert [(one.name, one.rows) for one in tables] == [("many", 3), ("few", 1)]


def test_only_the_layer_that_was_told_is_read(tmp_path, layered):
    tables, _ = read(tmp_path, Format.GEOPACKAGE, layered, layer="few")
    assert [one.name for one in tables] == ["few"]
    with pytest.raises(InputError) as raised:
        read(tmp_path, Format.GEOPACKAGE, layered, layer="none")
    assert "few, many" in spoken(Message.of(raised.value))


@pytest.mark.parametrize(("driver", "ending", "kind"), DRIVERS[:5])
@pytest.mark.parametrize("name", ["data.csv", "data", "[1]*?.zip", "a'b.shp", "città.xlsx"])
def test_a_name_that_lies_makes_no_difference(tmp_path, driver, ending, kind, name):
    made = tmp_path / f"made{ending}"
    write(workshop(tmp_path), made, driver, "SELECT 'x' AS label, ST_Point(7, 45) AS geom")
    path = made.rename(tmp_path / name)
    table, shop = read_one(tmp_path, kind, path)
    assert column_of(table, shop, "label") == ["x"]
    assert table.rows == 1


@pytest.mark.parametrize(("driver", "ending", "kind"), DRIVERS)
def test_nothing_is_written_beside_the_original(tmp_path, driver, ending, kind):
    source = tmp_path / "source"
    source.mkdir()
    write(workshop(tmp_path), source / f"made{ending}", driver, "SELECT 'x' AS label, ST_Point(7, 45) AS geom")
    for path in source.glob("*.xsd"):
        path.unlink()
    before = {path.name: path.read_bytes() for path in source.iterdir()}
    path = source / f"made{ending}"
    read(tmp_path, kind, path, {one.suffix: one for one in source.iterdir() if one != path})
    assert {path.name: path.read_bytes() for path in source.iterdir()} == before


# --- damage ---


@pytest.mark.parametrize(("driver", "ending", "kind"), DRIVERS)
def test_a_file_cut_anywhere_is_refused_or_read_and_never_the_end(tmp_path, driver, ending, kind):
    rows = "SELECT 'x' || i AS label, ST_Buffer(ST_Point(7 + i, 45), 0.1, 4) AS geom FROM range(20) AS t(i)"
    made = tmp_path / f"made{ending}"
    write(workshop(tmp_path), made, driver, rows)
    whole = made.read_bytes()
    beside = {one.suffix: one for one in tmp_path.glob("made.*") if one != made}
    chance = random.Random(f"cut {driver}")
    for size in [0, 1, 3, 7, 8, 20, 99, 100, 101, *(chance.randrange(len(whole)) for _ in range(12))]:
        made.write_bytes(whole[:size])
        try:
            tables, shop = read(tmp_path, kind, made, beside)
        except InputError as error:
            spoken(Message.of(error))
        else:
            assert all(rows_fit(one, shop) for one in tables)


@pytest.mark.parametrize(("driver", "ending", "kind"), DRIVERS)
def test_a_file_with_wrong_bytes_is_refused_or_read_and_never_the_end(tmp_path, driver, ending, kind):
    rows = "SELECT 'x' || i AS label, i AS n, ST_Buffer(ST_Point(7 + i, 45), 0.1, 4) AS geom FROM range(20) AS t(i)"
    made = tmp_path / f"made{ending}"
    write(workshop(tmp_path), made, driver, rows)
    whole = made.read_bytes()
    beside = {one.suffix: one for one in tmp_path.glob("made.*") if one != made}
    chance = random.Random(f"bytes {driver}")
    for _ in range(20):
        content = bytearray(whole)
        for _ in range(chance.choice((1, 2, 8))):
            content[chance.randrange(len(content)) if chance.random() < 0.6 else chance.randrange(200)] = (
                chance.randrange(256)
            )
        made.write_bytes(content)
        try:
            tables, shop = read(tmp_path, kind, made, beside)
        except InputError as error:
            spoken(Message.of(error))
        else:
            assert all(rows_fit(one, shop) for one in tables)


def rows_fit(table: Parsed, shop) -> bool:
    """Say whether a table has the rows it says, and every geometry can be read."""
    shape = ", count(ST_GeomFromWKB(geometry))" if table.geometry else ""
    with shop.cursor(spatial=True) as cursor:
        found = cursor.execute(f"SELECT count(*) {shape} FROM {table.relation}").fetchone()
    return found[0] == table.rows


def test_the_library_is_never_asked_what_is_in_a_file_it_cannot_open(tmp_path):
    # The engine of this version ends with the process then: were it asked, this test would be the last.
    path = tmp_path / "no.gpkg"
    path.write_bytes(b"SQLite format 3\x00" + bytes(200))
    with pytest.raises(InputError) as raised:
        read(tmp_path, Format.GEOPACKAGE, path)
    assert str(tmp_path) not in spoken(Message.of(raised.value))


def test_the_engine_opens_nothing_by_an_address(tmp_path):
    shop = workshop(tmp_path)
    with shop.cursor(spatial=True) as cursor, pytest.raises(duckdb.Error):
        cursor.execute("SELECT * FROM ST_Read('http://127.0.0.1:9/a.geojson', allowed_drivers=['GeoJSON'])")


# --- KMZ ---


def kmz(path: Path, **members: bytes):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("_kml", ".kml"), content)
    return path


KML = b'<kml xmlns="http://www.opengis.net/kml/2.2"><Document>%b</Document></kml>'
MARK = b"<Placemark><name>%b</name><Point><coordinates>7,45,0</coordinates></Point></Placemark>"


def test_a_kmz_is_read_by_its_main_document(tmp_path):
    path = kmz(tmp_path / "a.kmz", other_kml=KML % (MARK % b"no"), doc_kml=KML % (MARK % b"yes"))
    table, shop = read_one(tmp_path, Format.KMZ, path)
    assert column_of(table, shop, "name") == ["yes"]
    assert said(table)["kmz-other-documents"].message.values["others"] == "other.kml"


def test_a_kmz_cannot_write_outside_its_workshop(tmp_path):
    path = tmp_path / "a.kmz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../../escaped.kml", KML % (MARK % b"x"))
    table, _ = read_one(tmp_path, Format.KMZ, path)
    assert table.rows == 1
    assert not list(tmp_path.parent.glob("escaped.kml"))


def test_a_kmz_that_is_a_bomb_is_refused(tmp_path):
    path = kmz(tmp_path / "a.kmz", doc_kml=b" " * 101_000_000)
    with pytest.raises(InputError) as raised:
        read(tmp_path, Format.KMZ, path)
    assert raised.value.message_id == "kmz-expands"
    spoken(Message.of(raised.value))


@pytest.mark.parametrize(
    ("content", "refusal"), [(b"PK\x03\x04 no zip", "kmz-damaged"), (b"PK\x05\x06" + bytes(18), "kmz-without-kml")]
)
def test_a_kmz_without_a_document_is_refused(tmp_path, content, refusal):
    path = tmp_path / "a.kmz"
    path.write_bytes(content)
    with pytest.raises(InputError) as raised:
        read(tmp_path, Format.KMZ, path)
    assert raised.value.message_id == refusal
    spoken(Message.of(raised.value))
