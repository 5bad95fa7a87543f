"""Versions handed out: read again by readers that are not ours, with licence and citation, and nothing altered."""

from __future__ import annotations

import csv
import dataclasses
import hashlib
import itertools
import json
import math
import sqlite3
import zipfile
from datetime import UTC, date, datetime, time
from xml.etree import ElementTree as ET

import duckdb
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook
from tests.lakes import VALUES, WELLS, WELLS_FILE, WORDS, tables

from portico.database import Database
from portico.errors import InputError, StateError, UnknownNameError
from portico.lake import exports
from portico.lake.commands import publish
from portico.lake.engine import Engine
from portico.lake.exports import ExportFormat, beside, format_of, stream, table_schema, workbook
from portico.lake.exports.delimited import guard, unguard
from portico.lake.lake import Lake
from portico.lake.model import Column, Table, Type
from portico.lake.objects import Objects
from portico.messages import Text

AT = "2026-11-23T09:00:00+00:00"
CLOCK = "2024-02-29T13:45:30"
SPRINGS = dataclasses.replace(
    WELLS,
    id="springs",
    title=Text(en="Springs & wells", it="Sorgenti"),
    attribution="© Water board",
    source_url="https://example.org/springs?a=1&b=2",
)
EVERY = (
    Column("id", Type.TEXT),
    Column("count", Type.INTEGER),
    Column("depth", Type.NUMBER, "m"),
    Column("open", Type.BOOLEAN),
    Column("day", Type.DATE),
    Column("clock", Type.DATETIME),
    Column("moment", Type.INSTANT),
    Column("hour", Type.TIME),
    Column("place", Type.POINT),
)
FULL = (
    "007",
    9007199254740993,
    1 / 3,
    True,
    date(2024, 2, 29),
    datetime.fromisoformat(CLOCK),
    datetime(2024, 2, 29, 13, 45, 30, tzinfo=UTC),
    time(23, 59, 1),
    (7.6868565123456789, 45.07),
)
NOTHING = (None,) * len(EVERY)


@pytest.fixture(scope="module")
def lake(tmp_path_factory):
    folder = tmp_path_factory.mktemp("exports")
    database = Database(folder / "portico.sqlite")
    yield Lake(database, Objects(folder / "lake"), Engine())
    database.close()


@pytest.fixture
def out(lake, tmp_path):
    def out(table, form, about=WELLS, **more):
        file = dataclasses.replace(WELLS_FILE, id=f"{about.id}.csv", dataset=about.id)
        version = publish(lake, table, about, file, at=AT).version
        return exports.write(lake, version, about, form, tmp_path / f"{about.id}.{form.value}", **more)

    return out


def _table(*columns, rows):
    return Table(tuple(columns), list(rows))


def _gdal(lake, path, chosen="*"):
    cursor = lake.engine.cursor(spatial=True)
    try:
        return cursor.execute(f"SELECT {chosen} FROM ST_Read(?)", [str(path)]).fetchall()
    finally:
        cursor.close()


def _rows(path, encoding="utf-8"):
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.reader(file))


def _expected(column, value):
    """What stands in a CSV for a value."""
    if value is None:
        return ""
    return {
        Type.TEXT: lambda: guard(value),
        Type.BOOLEAN: lambda: str(value).lower(),
    }.get(column.type, lambda: str(value))()


# CSV


@settings(max_examples=40)
@given(st.lists(st.tuples(*[st.none() | VALUES[kind] for kind in (Type.TEXT, Type.INTEGER, Type.BOOLEAN)]), max_size=8))
@example([("=1+1", 1, True), ('a"b,c\r\nd', None, None), ("", -5, False), (" x ", 0, None), ("\ufeffx", 1, None)])
def test_a_csv_read_again_is_the_table(out, rows):
    columns = (Column("te,xt", Type.TEXT), Column("n", Type.INTEGER), Column("b", Type.BOOLEAN))
    header, *found = _rows(out(_table(*columns, rows=rows), ExportFormat.CSV))
    assert header == ["te,xt", "n", "b"]
    expected = [[_expected(column, value) for column, value in zip(columns, row, strict=True)] for row in rows]
    assert sorted(found) == sorted(expected)
    assert sorted(unguard(row[0]) for row in found) == sorted(row[0] or "" for row in rows)


@settings(max_examples=25)
@given(st.lists(VALUES[Type.NUMBER], min_size=1, max_size=8))
@example([-1.5, 1e300, 5e-324, -0.0, 1e16])
def test_numbers_in_a_csv_are_never_altered(out, numbers):
    found = _rows(out(_table(Column("n", Type.NUMBER), rows=[(one,) for one in numbers]), ExportFormat.CSV))
    assert sorted(float(row[0]) for row in found[1:]) == sorted(numbers)


@given(st.text() | st.from_regex(r"'*[=+@\t\r\n-]'?[0-9a-z(,.]*", fullmatch=True))
@example("'=1")
@example("''=1")
@example("'")
@example("+39 011")
@example("＝1+1")
def test_the_guard_can_be_undone_and_leaves_no_formula(text):
    safe = guard(text)
    assert unguard(safe) == text
    if safe[:1] in tuple("=+-@\t\r\n＝＋－＠"):
        assert safe.lstrip("+-").replace(",", "").replace(".", "").isascii()
        assert safe.lstrip("+-").replace(",", "").replace(".", "").isdigit()


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+39 011 442", "'+39 011 442"),
        ("@SUM(1)", "'@SUM(1)"),
        ("\t=1", "'\t=1"),
        ("-", "'-"),
        ("-12", "-12"),
        ("+39011442", "+39011442"),
        ("-1.234,50", "-1.234,50"),
        ("-1+cmd", "'-1+cmd"),
        ("-12\n", "'-12\n"),
        ("12=3", "12=3"),
        ("'s-Gravenhage", "'s-Gravenhage"),
    ],
)
def test_what_a_spreadsheet_would_run_is_text(out, text, safe):
    assert guard(text) == safe
    assert _rows(out(_table(Column("t", Type.TEXT), rows=[(text,)]), ExportFormat.CSV))[1] == [safe]


def test_a_header_is_guarded_too(out):
    assert _rows(out(_table(Column("=cmd", Type.TEXT), rows=[("a",)]), ExportFormat.CSV))[0] == ["'=cmd"]


def test_a_csv_says_every_type_plainly_and_tells_an_empty_text_from_none(out):
    path = out(_table(*EVERY, rows=[FULL, NOTHING, ("", *NOTHING[1:])]), ExportFormat.CSV)
    lines = path.read_bytes().decode().split("\r\n")
    assert lines[0] == "id,count,depth,open,day,clock,moment,hour,place"
    full = "007,9007199254740993,0.3333333333333333,true,2024-02-29,2024-02-29T13:45:30,2024-02-29T13:45:30Z,23:59:01,"
    assert full + f"POINT ({FULL[8][0]!r} 45.07)" in lines
    assert ",,,,,,,," in lines
    assert '"",,,,,,,,' in lines
    assert lines[-1] == ""


def test_what_is_no_number_has_the_name_that_table_schema_gives_it(out):
    rows = [(math.inf, "x"), (-math.inf, "x"), (None, "x")]
    found = _rows(out(_table(Column("n", Type.NUMBER), Column("a", Type.TEXT), rows=rows), ExportFormat.CSV))
    assert sorted(row[0] for row in found[1:]) == ["", "-INF", "INF"]


def test_a_byte_order_mark_only_where_it_is_asked_for(out):
    table = _table(Column("è", Type.TEXT), rows=[("ù",)])
    assert out(table, ExportFormat.CSV).read_bytes() == "è\r\nù\r\n".encode()
    assert out(table, ExportFormat.CSV, bom=True).read_bytes() == "è\r\nù\r\n".encode("utf-8-sig")


def test_a_table_of_many_columns_is_one_line_a_row(lake, tmp_path):
    file, names = tmp_path / "wide.parquet", [f"c{number}" for number in range(1100)]
    duckdb.sql(f"SELECT {', '.join(f'0 AS {name}' for name in names)}").write_parquet(str(file))
    version = publish(lake, _table(Column("n", Type.INTEGER), rows=[(1,)]), WELLS, WELLS_FILE, at=AT).version
    wide = dataclasses.replace(version, file=str(file), columns=tuple(Column(name, Type.INTEGER) for name in names))
    header, line = stream(lake, wide, WELLS, ExportFormat.CSV)
    assert header.strip().split(",") == names
    assert line.strip().split(",") == ["0"] * 1100


def test_the_stream_is_the_file(lake, out, tmp_path):
    table = _table(*EVERY, rows=[FULL, NOTHING])
    for form in (ExportFormat.CSV, ExportFormat.GEOJSON):
        path = out(table, form, SPRINGS)
        version = publish(lake, table, SPRINGS, dataclasses.replace(WELLS_FILE, dataset="springs"), at=AT).version
        assert "".join(stream(lake, version, SPRINGS, form)).encode() == path.read_bytes()


# Parquet


def test_parquet_is_geoparquet_with_its_licence_inside(lake, out):
    path = out(_table(*EVERY, rows=[FULL, NOTHING]), ExportFormat.PARQUET, SPRINGS)
    cursor = lake.engine.cursor(spatial=True)
    pairs = cursor.execute("SELECT decode(key), decode(value) FROM parquet_kv_metadata(?)", [str(path)]).fetchall()
    found = dict(pairs)
    assert found["licence"] == "CC0-1.0"
    assert found["attribution"] == "© Water board"
    assert "Springs & wells" in found["citation"]
    assert json.loads(found["geo"])["version"] == "1.0.0"
    assert json.loads(found["table_schema"])["fields"][0] == {"name": "id", "type": "string"}
    rows = cursor.execute("SELECT id, count, day FROM read_parquet(?) ORDER BY id", [str(path)]).fetchall()
    assert rows == [("007", 9007199254740993, date(2024, 2, 29)), (None, None, None)]


# GeoJSON


def test_geojson_is_read_again_with_every_digit_and_its_licence(out):
    path = out(_table(*EVERY, rows=[FULL, NOTHING]), ExportFormat.GEOJSON, SPRINGS)
    found = json.loads(path.read_text("utf-8"), parse_constant=pytest.fail)
    assert found["type"] == "FeatureCollection"
    assert found["licence"] == "CC0-1.0"
    assert found["attribution"] == "© Water board"
    assert found["source"] == SPRINGS.source_url
    assert "crs" not in found
    full = next(one for one in found["features"] if one["geometry"])
    assert full["geometry"] == {"type": "Point", "coordinates": list(FULL[8])}
    assert full["properties"] == {
        "id": "007",
        "count": 9007199254740993,
        "depth": 1 / 3,
        "open": True,
        "day": "2024-02-29",
        "clock": "2024-02-29T13:45:30",
        "moment": "2024-02-29T13:45:30Z",
        "hour": "23:59:01",
    }
    empty = next(one for one in found["features"] if not one["geometry"])
    assert empty["geometry"] is None
    assert set(empty["properties"].values()) == {None}


@settings(max_examples=25)
@given(
    st.lists(st.tuples(WORDS | st.sampled_from(['{"a":1}', "[1]", "null", '"', "\\"]), VALUES[Type.NUMBER]), max_size=5)
)
def test_texts_and_numbers_in_geojson_are_what_they_were(out, rows):
    columns = (Column('na"me\\', Type.TEXT), Column("n", Type.NUMBER), Column("place", Type.POINT))
    path = out(_table(*columns, rows=[(*row, None) for row in rows]), ExportFormat.GEOJSON)
    found = [one["properties"] for one in json.loads(path.read_text("utf-8"))["features"]]
    assert sorted((one['na"me\\'], one["n"]) for one in found) == sorted(rows)


def test_what_json_cannot_say_is_null(out):
    rows = [(math.nan, (1.0, 2.0)), (math.inf, (1.0, 2.0))]
    path = out(_table(Column("n", Type.NUMBER), Column("p", Type.POINT), rows=rows), ExportFormat.GEOJSON)
    found = json.loads(path.read_text("utf-8"), parse_constant=pytest.fail)
    assert [one["properties"]["n"] for one in found["features"]] == [None, None]


def _area(ring):
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in itertools.pairwise(ring))


@pytest.mark.parametrize(
    "shape",
    [
        "POLYGON ((0 0, 0 4, 4 4, 4 0, 0 0), (1 1, 2 1, 2 2, 1 2, 1 1))",
        "POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0), (1 1, 1 2, 2 2, 2 1, 1 1))",
        "MULTIPOLYGON (((7.1 45.1, 7.1 45.2, 7.2 45.2, 7.1 45.1)), ((0 0, 0 1, 1 1, 0 0)))",
        "POLYGON ((7.6868565 45.0703393, 7.6868565 45.0703394, 7.6868566 45.0703394, 7.6868565 45.0703393))",
    ],
)
def test_outer_rings_run_counterclockwise_and_inner_ones_clockwise(out, shape):
    path = out(_table(Column("a", Type.TEXT), Column("g", Type.GEOMETRY), rows=[("x", shape)]), ExportFormat.GEOJSON)
    geometry = json.loads(path.read_text("utf-8"))["features"][0]["geometry"]
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    for outer, *inner in polygons:
        moved = [[x - outer[0][0], y - outer[0][1]] for x, y in outer]
        assert _area(moved) > 0
        assert all(_area(ring) < 0 for ring in inner)


@pytest.mark.parametrize("shape", ["POLYGON EMPTY", "POINT EMPTY", None])
def test_a_place_without_extent_is_null(out, shape):
    path = out(_table(Column("a", Type.TEXT), Column("g", Type.GEOMETRY), rows=[("x", shape)]), ExportFormat.GEOJSON)
    assert json.loads(path.read_text("utf-8"))["features"][0]["geometry"] is None


def test_a_second_geometry_is_text(out, lake):
    columns = (Column("one", Type.POINT), Column("other", Type.GEOMETRY))
    table = _table(*columns, rows=[((1.0, 2.0), "LINESTRING (0 0, 1 1)")])
    found = json.loads(out(table, ExportFormat.GEOJSON).read_text("utf-8"))["features"][0]
    assert found["properties"] == {"other": "LINESTRING (0 0, 1 1)"}
    assert _gdal(lake, out(table, ExportFormat.GEOPACKAGE), "other, ST_AsText(one)") == [
        ("LINESTRING (0 0, 1 1)", "POINT (1 2)")
    ]


# GeoPackage


def test_a_geopackage_is_read_again_by_gdal(lake, out):
    path = out(_table(*EVERY, rows=[FULL, NOTHING]), ExportFormat.GEOPACKAGE, SPRINGS)
    chosen = "id, count, depth, open, day, clock, timezone('UTC', moment), hour, ST_AsText(place)"
    found = _gdal(lake, path, chosen)
    moment = datetime.fromisoformat(CLOCK)
    full = (*FULL[:5], "2024-02-29T13:45:30", moment, "23:59:01", f"POINT ({FULL[8][0]!r} 45.07)")
    assert sorted(found, key=str) == sorted([full, NOTHING], key=str)


def test_a_geopackage_holds_licence_and_citation_as_metadata(out):
    path = out(_table(*EVERY, rows=[FULL]), ExportFormat.GEOPACKAGE, SPRINGS)
    with sqlite3.connect(path) as file:
        ((notes,),) = file.execute("SELECT metadata FROM gpkg_metadata").fetchall()
        ((table, identifier, description, changed),) = file.execute(
            "SELECT table_name, identifier, description, last_change FROM gpkg_contents"
        ).fetchall()
        assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert file.execute("PRAGMA foreign_key_check").fetchall() == []
        extensions = file.execute("SELECT table_name FROM gpkg_extensions WHERE extension_name='gpkg_metadata'")
        assert {row[0] for row in extensions} == {"gpkg_metadata", "gpkg_metadata_reference"}
        assert file.execute("SELECT table_name, timestamp FROM gpkg_metadata_reference").fetchall() == [
            ("springs", "2026-11-23T09:00:00.000Z")
        ]
    file.close()
    assert json.loads(notes)["licence"] == "CC0-1.0"
    assert (table, identifier, changed) == ("springs", "Springs & wells", "2026-11-23T09:00:00.000Z")
    assert "Water board (2026): Springs & wells." in description


@pytest.mark.parametrize("name", ["fid", "FID", "geom", "ogc_fid", 'a"b', "select", "Ünï,c=d"])
def test_a_geopackage_keeps_every_name_of_a_column(lake, out, name):
    table = _table(Column(name, Type.TEXT), Column("place", Type.POINT), rows=[("x", (1.0, 2.0))])
    path = out(table, ExportFormat.GEOPACKAGE)
    quoted = '"' + name.replace('"', '""') + '"'
    assert _gdal(lake, path, f"{quoted}, ST_AsText(place)") == [("x", "POINT (1 2)")]


def test_shapes_of_several_kinds_and_none_lie_in_one_layer(lake, out):
    shapes = ["POLYGON ((0 0, 1 0, 1 1, 0 0))", "LINESTRING (0 0, 1 1)", None]
    path = out(_table(Column("g", Type.GEOMETRY), rows=[(one,) for one in shapes]), ExportFormat.GEOPACKAGE)
    assert sorted(_gdal(lake, path, "ST_AsText(g)"), key=str) == sorted([(one,) for one in shapes], key=str)


# XLSX


def test_a_workbook_is_read_again_with_its_types(out):
    path = out(_table(*EVERY, rows=[FULL, NOTHING]), ExportFormat.XLSX, SPRINGS)
    book = CalamineWorkbook.from_path(str(path))
    assert book.sheet_names == ["springs", "About"]
    header, *rows = book.get_sheet_by_name("springs").to_python()
    assert header == [column.name for column in EVERY]
    full = next(row for row in rows if row[0])
    assert full[:5] == ["007", "9007199254740993", 1 / 3, True, date(2024, 2, 29)]
    assert full[5:7] == [datetime.fromisoformat(CLOCK)] * 2
    assert full[7] == time(23, 59, 1)
    about = dict(row[:2] for row in book.get_sheet_by_name("About").to_python())
    assert about["Licence"] == "CC0-1.0"
    assert about["Attribution"] == "© Water board"
    assert about["Source"] == SPRINGS.source_url
    assert about["Cite as"].startswith("Water board (2026): Springs & wells.")


def test_a_workbook_is_read_again_by_gdal(lake, out):
    columns = (Column("id", Type.TEXT), Column("n", Type.INTEGER), Column("d", Type.DATE))
    path = out(_table(*columns, rows=[("007", 5, date(2024, 2, 29)), ("=1+1", -3, None)]), ExportFormat.XLSX)
    found = _gdal(lake, path, "id, n, d")
    assert sorted(found) == [("007", 5, date(2024, 2, 29)), ("=1+1", -3, None)]


@settings(max_examples=40)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=12), min_size=1, max_size=6))
@example(["=1+1", "_x0041_", "_x0041_x0042_", "_x0041\x01", "a\rb", "\x01", " a ", "<&>", "\ufffe", "", "\x1b[0m"])
def test_texts_in_a_workbook_are_what_they_were_and_never_formulas(out, texts):
    rows = [(text, number) for number, text in enumerate(texts)]
    path = out(_table(Column("t", Type.TEXT), Column("n", Type.INTEGER), rows=rows), ExportFormat.XLSX)
    with zipfile.ZipFile(path) as file:
        sheet = ET.fromstring(file.read("xl/worksheets/sheet1.xml"))  # noqa: S314 - written by us
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    assert not list(sheet.iter(f"{space}f"))
    found = {}
    for row in list(sheet.iter(f"{space}row"))[1:]:
        text, number = row.iter(f"{space}c")
        assert text.get("t") == "inlineStr"
        found[int(number.findtext(f"{space}v"))] = _unescaped("".join(text.itertext()))
    assert [found[number] for number in range(len(texts))] == texts


def _unescaped(text):
    """What a spreadsheet shows for a text with _xHHHH_ in it, read from left to right."""
    shown, at = "", 0
    while at < len(text):
        code = text[at + 2 : at + 6]
        if (
            text[at : at + 2] == "_x"
            and text[at + 6 : at + 7] == "_"
            and all(one in "0123456789ABCDEFabcdef" for one in code)
        ):
            shown, at = shown + chr(int(code, 16)), at + 7
        else:
            shown, at = shown + text[at], at + 1
    return shown


@pytest.mark.parametrize("day", [date(1, 1, 1), date(1900, 2, 28), date(1900, 3, 1), date(9999, 12, 31)])
def test_a_date_that_spreadsheets_do_not_know_is_text(out, day):
    path = out(_table(Column("d", Type.DATE), rows=[(day,)]), ExportFormat.XLSX)
    found = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()[1][0]
    assert found == (day if day >= date(1900, 3, 1) else day.isoformat())


def test_the_same_version_gives_the_same_workbook(out, tmp_path):
    table = _table(*EVERY, rows=[FULL])
    first = out(table, ExportFormat.XLSX).read_bytes()
    assert out(table, ExportFormat.XLSX).read_bytes() == first


def test_what_no_sheet_can_hold_is_refused(lake, out, monkeypatch, tmp_path):
    long = _table(Column("t", Type.TEXT), rows=[("x" * 32_768,)])
    with pytest.raises(InputError) as raised:
        out(long, ExportFormat.XLSX)
    assert raised.value.message_id == "export-long-cell"
    with pytest.raises(InputError):
        out(_table(Column("t", Type.TEXT), rows=[("𝄞" * 16_384,)]), ExportFormat.XLSX)
    out(_table(Column("t", Type.TEXT), rows=[("è" * 32_767,)]), ExportFormat.XLSX)
    monkeypatch.setattr(workbook, "MAX_ROWS", 3)
    out(_table(Column("t", Type.TEXT), rows=[("a",), ("b",)]), ExportFormat.XLSX)
    with pytest.raises(InputError) as raised:
        out(_table(Column("t", Type.TEXT), rows=[("a",), ("b",), ("c",)]), ExportFormat.XLSX)
    assert raised.value.message_id == "export-too-many-rows"
    monkeypatch.setattr(workbook, "MAX_COLUMNS", 1)
    with pytest.raises(InputError) as raised:
        out(_table(Column("t", Type.TEXT), Column("u", Type.TEXT), rows=[("a", "b")]), ExportFormat.XLSX)
    assert raised.value.message_id == "export-too-many-columns"


@pytest.mark.parametrize("name", ["a/b:c*d?e[f]\\g", "x" * 80, "history", "About", "'", ""])
def test_a_sheet_has_a_name_that_spreadsheets_accept(name):
    found = workbook.sheet_name(name, "About")
    assert 0 < len(found) <= 31
    assert not set(found) & set("[]:*?/\\")
    assert found.casefold() not in ("about", "history")


# What goes with every export


@pytest.mark.parametrize("form", list(ExportFormat))
def test_beside_every_export_lies_what_describes_it(out, form):
    path = out(_table(*EVERY, rows=[FULL, NOTHING]), form, SPRINGS)
    found = json.loads(beside(path).read_text("utf-8"))
    (resource,) = found["resources"]
    assert resource["path"] == path.name
    assert resource["bytes"] == path.stat().st_size
    assert resource["hash"] == "sha256:" + hashlib.sha256(path.read_bytes()).hexdigest()
    assert resource["rows"] == 2
    assert [field["name"] for field in resource["schema"]["fields"]] == [column.name for column in EVERY]
    assert found["licenses"] == [{"name": "CC0-1.0"}]
    assert found["attribution"] == "© Water board"
    assert found["citation"].endswith(SPRINGS.source_url)
    assert {one.name for one in path.parent.iterdir()} == {path.name, beside(path).name}


def test_the_schema_of_a_version_says_types_units_and_meanings(lake):
    columns = (*EVERY, Column("istat", Type.TEXT, "", "istat-comune"))
    version = publish(lake, Table(columns, []), WELLS, WELLS_FILE, at=AT).version
    fields = {field["name"]: field for field in table_schema(version)["fields"]}
    assert fields["depth"] == {"name": "depth", "type": "number", "unit": "m"}
    assert fields["istat"]["meaning"] == "istat-comune"
    assert fields["place"]["crs"] == "EPSG:4326"
    assert {field["type"] for field in fields.values()} <= {
        *("string", "integer", "number", "boolean", "date", "datetime", "time")
    }


def test_a_citation_is_in_the_language_asked_for_and_names_version_and_day(out):
    path = out(_table(*EVERY, rows=[FULL]), ExportFormat.GEOJSON, SPRINGS, language="it")
    found = json.loads(path.read_text("utf-8"))
    assert found["title"] == "Sorgenti"
    assert "23 novembre 2026" in found["citation"]
    assert found["version"][:12] in found["citation"]


def test_a_citation_without_a_publisher_begins_with_the_title(out):
    about = dataclasses.replace(SPRINGS, id="nobodys", publisher="")
    found = json.loads(out(_table(*EVERY, rows=[FULL]), ExportFormat.GEOJSON, about).read_text("utf-8"))
    assert found["citation"].startswith("Springs & wells (2026). Version 1")


@settings(max_examples=30)
@given(tables(max_rows=4), st.sampled_from(list(ExportFormat)))
def test_any_table_is_written_or_refused_in_a_sentence(out, table, form):
    if form in (ExportFormat.GEOJSON, ExportFormat.GEOPACKAGE) and not any(one.is_geometry for one in table.columns):
        with pytest.raises(InputError) as raised:
            out(table, form)
        assert raised.value.message_id == "export-without-geometry"
        return
    assert out(table, form).stat().st_size > 0


def test_a_refused_export_leaves_what_was_there(lake, out, tmp_path):
    path = out(_table(Column("t", Type.TEXT), rows=[("a",)]), ExportFormat.XLSX)
    before = (path.read_bytes(), beside(path).read_bytes())
    with pytest.raises(InputError):
        out(_table(Column("t", Type.TEXT), rows=[("x" * 40_000,)]), ExportFormat.XLSX)
    assert (path.read_bytes(), beside(path).read_bytes()) == before
    assert len(list(path.parent.iterdir())) == 2


@pytest.mark.parametrize("form", list(ExportFormat))
def test_a_damaged_version_is_one_sentence_and_leaves_nothing(lake, tmp_path, form):
    table = _table(Column("id", Type.TEXT), Column("p", Type.POINT), rows=[(form.value, (1.0, 2.0))])
    version = publish(lake, table, WELLS, WELLS_FILE, at=AT).version
    lake.objects.path(version.file).write_bytes(b"PAR1 half a file")
    with pytest.raises(StateError) as raised:
        exports.write(lake, version, WELLS, form, tmp_path / "out")
    assert raised.value.message_id == "version-damaged"
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_is_not_there_is_one_sentence(lake, tmp_path):
    version = publish(lake, _table(Column("id", Type.TEXT), rows=[("a",)]), WELLS, WELLS_FILE, at=AT).version
    with pytest.raises(StateError) as raised:
        exports.write(lake, version, WELLS, ExportFormat.CSV, tmp_path / "nowhere" / "out.csv")
    assert raised.value.message_id == "state-failed"


@pytest.mark.parametrize(("name", "form"), [(".CSV", "csv"), ("geopackage", "gpkg"), ("json", "geojson")])
def test_a_format_is_found_by_name_or_ending(name, form):
    assert format_of(name).value == form
    with pytest.raises(UnknownNameError):
        format_of("xls")


def test_many_rows_are_written_without_holding_them(lake, tmp_path):
    """The rows come in pieces: the first line is there before the engine has read the last."""
    cursor = duckdb.connect()
    file = tmp_path / "many.parquet"
    cursor.sql("SELECT i AS n FROM range(300000) r(i)").write_parquet(str(file))
    version = publish(lake, _table(Column("n", Type.INTEGER), rows=[(1,)]), WELLS, WELLS_FILE, at=AT).version
    many = dataclasses.replace(version, file=str(file), row_count=300_000)
    lines = stream(lake, many, WELLS, ExportFormat.CSV)
    assert [next(lines), next(lines)] == ["n\r\n", "0\r\n"]
    assert sum(1 for _ in lines) == 299_999
