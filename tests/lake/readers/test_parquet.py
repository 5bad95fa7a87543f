"""Parquet: types as the file states them, places with their coordinate system, damage in one sentence."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.lake.readers.workshops import kinds_of, member, rows_of, worded, workshop
from tests.shared import needs_shared, shared_data

from portico.errors import InputError
from portico.lake.found import Format
from portico.lake.model import Type
from portico.lake.readers import parquet


def _written(tmp_path, query, *, options="", spatial=False, name="a.parquet"):
    shop = workshop(tmp_path)
    path = tmp_path / name
    with shop.cursor(spatial=spatial) as cursor:
        cursor.execute(f"COPY ({query}) TO '{path}' (FORMAT parquet{options})")
    return shop, member(path, Format.PARQUET)


def _read(tmp_path, query, **how):
    shop, one = _written(tmp_path, query, **how)
    (parsed,) = parquet.read(one, shop)
    worded(*parsed.issues)
    return parsed, rows_of(parsed, shop)


def _refused(tmp_path, content):
    with pytest.raises(InputError) as raised:
        parquet.read(member(tmp_path / "a.parquet", Format.PARQUET, content), workshop(tmp_path))
    worded(raised.value)
    assert str(tmp_path) not in str(raised.value)
    return raised.value.message_id


@pytest.mark.parametrize(
    ("sql", "stated", "value"),
    [
        ("1::UTINYINT", Type.INTEGER, 1),
        ("-5::SMALLINT", Type.INTEGER, -5),
        ("4000000000::UINTEGER", Type.INTEGER, 4_000_000_000),
        ("9::UBIGINT", Type.INTEGER, 9),
        ("12::DECIMAL(9,0)", Type.INTEGER, 12),
        ("12.50::DECIMAL(9,2)", Type.NUMBER, 12.5),
        ("0.1::FLOAT", Type.NUMBER, 0.1),
        ("0.1::DOUBLE", Type.NUMBER, 0.1),
        ("true", Type.BOOLEAN, True),
        ("DATE '2024-02-29'", Type.DATE, date(2024, 2, 29)),
        ("TIME '23:59:01'", Type.TIME, time(23, 59, 1)),
        ("TIMESTAMP '2024-01-31 10:00:00'", Type.DATETIME, datetime(2024, 1, 31, 10)),  # noqa: DTZ001
        ("TIMESTAMP_NS '2024-01-31 10:00:00'", Type.DATETIME, datetime(2024, 1, 31, 10)),  # noqa: DTZ001
        ("'00123'", None, "00123"),
        ("'{\"a\":1}'::JSON", None, '{"a":1}'),
        ("'x'::ENUM('x', 'y')", None, "x"),
    ],
)
def test_a_type_that_the_format_states_is_stated(tmp_path, sql, stated, value):
    parsed, rows = _read(tmp_path, f'SELECT {sql} AS "Città (n.)"')
    assert parsed.stated.get("Città (n.)") is stated
    assert rows == [(value,)]
    assert parsed.issues == ()
    assert parsed.columns == parsed.headers == ("Città (n.)",)


def test_an_instant_is_stated_in_utc(tmp_path):
    shop, one = _written(tmp_path, "SELECT TIMESTAMPTZ '2024-01-31 10:00:00+02' AS t")
    (parsed,) = parquet.read(one, shop)
    assert parsed.stated == {"t": Type.INSTANT}
    with shop.cursor() as cursor:
        (seconds,) = cursor.execute(f"SELECT epoch(t) FROM {parsed.relation}").fetchone()
    assert datetime.fromtimestamp(seconds, UTC) == datetime(2024, 1, 31, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("sql", "text", "kind"),
    [
        ("INTERVAL 3 DAY", "3 days", "parquet-as-text"),
        ("18446744073709551615::UBIGINT", "18446744073709551615", "parquet-as-text"),
        ("12345678901234567890123::DECIMAL(38,0)", "12345678901234567890123", "parquet-as-text"),
        ("[1, 2]", "[1,2]", "parquet-nested"),
        ("{'a': 1.5, 'b': NULL}", '{"a":1.5,"b":null}', "parquet-nested"),
        ("MAP {'k': 1}", '{"k":1}', "parquet-nested"),
        ("'\\xFFa'::BLOB", "ff61", "parquet-bytes-as-hex"),
    ],
)
def test_what_no_type_here_holds_is_text_and_said(tmp_path, sql, text, kind):
    parsed, rows = _read(tmp_path, f"SELECT {sql} AS c, 1 AS n")
    assert rows == [(text, 1)]
    assert [(one.kind, one.place.column) for one in parsed.issues] == [(kind, "c")]
    assert parsed.stated == {"n": Type.INTEGER}


def test_what_is_no_number_is_left_empty_and_counted(tmp_path):
    parsed, rows = _read(tmp_path, "SELECT unnest([1.5, 'nan'::DOUBLE, 'inf'::DOUBLE, NULL]) AS c")
    assert rows == [(1.5,), (None,), (None,), (None,)]
    assert [one.message.values["count"] for one in parsed.issues] == [2]


def test_names_that_programs_take_for_patterns_are_read(tmp_path):
    parsed, rows = _read(tmp_path, "SELECT 1 AS a", name="dati[2024]*.parquet")
    assert (parsed.name, rows) == ("dati[2024]*", [(1,)])


def test_an_empty_table_is_a_table(tmp_path):
    parsed, rows = _read(tmp_path, "SELECT 1 AS a, 'x' AS b WHERE false")
    assert (parsed.rows, rows, parsed.columns) == (0, [], ("a", "b"))


# --- places ---

POINT = bytes.fromhex("0101000000000000000000f03f0000000000000040")


@pytest.mark.parametrize("version", ["V1", "V2", "NONE"])
def test_geometry_is_wkb_in_the_coordinates_of_the_file(tmp_path, version):
    query = "SELECT 1 AS id, ST_SetCRS(ST_Point(1, 2), 'EPSG:32632') AS geom"
    parsed, rows = _read(tmp_path, query, options=f", GEOPARQUET_VERSION '{version}'", spatial=True)
    assert (parsed.geometry, parsed.crs) == ("geom", "EPSG:32632")
    assert rows == [(1, POINT)]


def test_a_file_that_names_no_system_is_in_degrees_of_longitude_and_latitude(tmp_path):
    parsed, _ = _read(tmp_path, "SELECT ST_Point(1, 2) AS geom", options=", GEOPARQUET_VERSION 'V1'", spatial=True)
    assert parsed.crs == parquet.DEFAULT_CRS


def _with_geo(tmp_path, geo):
    text = json.dumps(geo).replace("'", "''")
    return _read(
        tmp_path,
        f"SELECT '\\x{POINT.hex(' ').replace(' ', chr(92) + 'x')}'::BLOB AS g",
        options=f", KV_METADATA {{geo: '{text}'}}",
    )


def _column(**about):
    return {
        "version": "1.0.0",
        "primary_column": "g",
        "columns": {"g": {"encoding": "WKB", "geometry_types": [], **about}},
    }


def test_the_system_is_taken_from_its_code(tmp_path):
    crs = {"type": "ProjectedCRS", "name": "x", "id": {"authority": "EPSG", "code": 3003}}
    parsed, rows = _with_geo(tmp_path, _column(crs=crs))
    assert (parsed.geometry, parsed.crs, rows) == ("g", "EPSG:3003", [(POINT,)])


@pytest.mark.parametrize("crs", [None, {"type": "ProjectedCRS", "name": "x"}, {"id": []}])
def test_a_system_that_is_not_known_is_said(tmp_path, crs):
    parsed, _ = _with_geo(tmp_path, _column(crs=crs))
    assert (parsed.geometry, parsed.crs, kinds_of(parsed)) == ("g", "", ["parquet-crs-unknown"])


# --- damage ---


def test_a_file_that_is_cut_off_is_refused(tmp_path):
    _, one = _written(tmp_path, "SELECT range AS a FROM range(1000)")
    content = one.path.read_bytes()
    for length in (0, 3, 4, 11, len(content) // 2, len(content) - 1):
        assert _refused(tmp_path, content[:length]) == "parquet-cut-off"


def test_a_damaged_page_is_found_though_the_end_of_the_file_is_whole(tmp_path):
    _, one = _written(tmp_path, "SELECT hash(range) AS a FROM range(5000)")
    content = bytearray(one.path.read_bytes())
    content[4:12] = b"\xff" * 8
    assert _refused(tmp_path, bytes(content)) == "parquet-damaged"


def test_an_encrypted_file_is_refused(tmp_path):
    assert _refused(tmp_path, b"PARE" + bytes(40) + b"PARE") == "parquet-encrypted"


def test_too_many_columns_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(parquet, "MAX_COLUMNS", 2)
    shop, one = _written(tmp_path, "SELECT 1 AS a, 2 AS b, 3 AS c")
    with pytest.raises(InputError) as raised:
        parquet.read(one, shop)
    assert raised.value.message_id == "too-many-columns"


@settings(max_examples=25)
@given(at=st.integers(0, 10_000), byte=st.integers(0, 255))
def test_a_changed_byte_is_either_harmless_or_a_refusal(tmp_path_factory, at, byte):
    tmp_path = tmp_path_factory.mktemp("fuzzed")
    shop, one = _written(tmp_path, "SELECT range AS a, 'x' || range AS b FROM range(300)")
    content = bytearray(one.path.read_bytes())
    content[at % len(content)] = byte
    one.path.write_bytes(content)
    try:
        (parsed,) = parquet.read(one, shop)
    except InputError as error:
        assert error.message_id.startswith("parquet-")  # noqa: PT017
    else:
        assert len(rows_of(parsed, shop)) == parsed.rows


# --- real files ---

COUNTS = [
    ("statistics/municipality_metadata_all.parquet", 1180, 5),
    ("statistics/land_cover_all.parquet", 1180, 7),
    ("statistics/land_cover_with_population.parquet", 599, 14),
    ("statistics/ndvi_all.parquet", 1180, 5),
    ("statistics/kpi_annual.parquet", 16173, 9),
    ("boundaries/all_municipality_geometries.parquet", 1180, 3),
]


@needs_shared("data")
@pytest.mark.parametrize(("file", "rows", "columns"), COUNTS)
def test_real_files_have_the_rows_they_are_said_to_have(tmp_path, file, rows, columns):
    path = shared_data("data", *file.split("/"))
    (parsed,) = parquet.read(member(path, Format.PARQUET), workshop(tmp_path))
    assert (parsed.rows, len(parsed.columns), kinds_of(parsed)) == (rows, columns, [])
    assert parsed.columns[0] == "municipality_name"
    assert "municipality_name" not in parsed.stated
