"""The identity of a version, computed again in plain Python."""

from __future__ import annotations

import hashlib
import json
import math
import struct
from datetime import datetime, timedelta

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from tests.lakes import DEPTH, ID, VALUES, tables

from portico.database import Database
from portico.lake import identity
from portico.lake.commands import identify
from portico.lake.lake import Lake, open_lake
from portico.lake.model import Column, Table, Type


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _written(column: Column, value) -> str:
    if value is None:
        return "\x1e"
    if column.type is Type.NUMBER:
        text = repr(value + 0.0)
    elif column.type is Type.POINT:
        text = " ".join(repr(one + 0.0) for one in value)
    elif column.type is Type.BOOLEAN:
        text = "true" if value else "false"
    elif column.type is Type.TIME:
        text = str(((value.hour * 60 + value.minute) * 60 + value.second) * 1_000_000 + value.microsecond)
    elif column.type in (Type.DATETIME, Type.INSTANT):
        since = value.replace(tzinfo=None) - datetime(1970, 1, 1)  # noqa: DTZ001
        text = str(since // timedelta(microseconds=1))
    elif column.type is Type.GEOMETRY:
        text = _wkb(value)
    else:
        text = str(value)
    return text.replace("\x1e", "\x1e0").replace("\x1f", "\x1e1")


def _wkb(line: str) -> str:
    """A LINESTRING of two points as little-endian WKB."""
    numbers = [float(one) for one in line.removeprefix("LINESTRING (").removesuffix(")").replace(",", "").split()]
    return struct.pack("<BII4d", 1, 2, 2, *numbers).hex().upper()


def identity_in_python(table: Table) -> str:
    """What ``lake/identity.py`` says in its first lines, without an engine."""
    rows = sorted(_sha("\x1f".join(map(_written, table.columns, row))) for row in table.rows)
    parts: dict[str, list[str]] = {}
    for one in rows:
        parts.setdefault(one[:2], []).append(one)
    content = _sha("".join(_sha("".join(parts[part])) for part in sorted(parts)))
    columns = []
    for column in table.columns:
        plain = {"name": column.name, "type": column.type.value}
        columns.append(plain | ({"unit": column.unit} if column.unit else {}))
    schema = json.dumps(["portico-content-2", columns], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return _sha(f"{schema}\n{content}")


@pytest.fixture(scope="module")
def lake(tmp_path_factory) -> Lake:
    folder = tmp_path_factory.mktemp("identity")
    return open_lake(Database(folder / "portico.sqlite"), folder / "lake")


NUMBERS = (0.0, -0.0, 5e-324, -5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, 0.1, 1 / 3, 1e15, 1e16, 1e17,
           123456789012345680.0, 1e22, 1e-5, 1e-4, 100.0, 2.0**53, 2.0**63, math.pi)  # fmt: skip


@settings(max_examples=150)
@given(tables())
@example(Table((ID,), []))
@example(Table((ID,), [("\x1e",), (None,), ("",), ("\x1f",), ("\x1e0",)]))
@example(Table((DEPTH,), [(number,) for number in NUMBERS]))
def test_the_engine_and_plain_python_agree(lake, table):
    assert identify(lake, table) == identity_in_python(table)


def test_a_large_table_is_hashed_in_parts_to_the_same(lake, tmp_path, monkeypatch):
    rows = [(f"w{number % 977}", number / 7) for number in range(5_000)]
    table = Table((ID, DEPTH), rows)
    monkeypatch.setattr(identity, "_AT_ONCE", 700)
    cursor = lake.engine.cursor()
    cursor.execute("CREATE TEMP TABLE many AS SELECT 'w' || (i % 977) AS id, i / 7 AS depth FROM range(5000) t(i)")
    found = identity.content_hash(cursor, table.columns, "many", 5_000, tmp_path / "hashes.parquet")
    assert identity.version_id(table.columns, found) == identity_in_python(table)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("at_once", [10, 10_000])
def test_a_table_that_says_the_same_again_and_again_is_counted_to_the_same(lake, tmp_path, monkeypatch, at_once):
    rows = [("w0", 0.5)] * 900 + [(f"w{number}", 0.5) for number in range(100)]
    table = Table((ID, DEPTH), rows)
    for name, value in (("_AT_ONCE", at_once), ("_CROWD", 20), ("_SAME_AT_ONCE", 7)):
        monkeypatch.setattr(identity, name, value)
    cursor = lake.engine.cursor()
    said = "CASE WHEN i < 900 THEN 'w0' ELSE 'w' || (i - 900) END AS id, 0.5::DOUBLE AS depth"
    cursor.execute(f"CREATE OR REPLACE TEMP TABLE same AS SELECT {said} FROM range(1000) t(i)")
    found = identity.content_hash(cursor, table.columns, "same", 1_000, tmp_path / "hashes.parquet")
    assert identity.version_id(table.columns, found) == identity_in_python(table)


def test_they_agree_on_many_rows(lake):
    rows = [(f"w{number % 977}", number / 7) for number in range(5_000)]
    table = Table((ID, DEPTH), rows)
    assert identify(lake, table) == identity_in_python(table)


@given(tables(min_rows=2), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(lake, table, random):
    shuffled = list(table.rows)
    random.shuffle(shuffled)
    assert identify(lake, Table(table.columns, shuffled)) == identify(lake, table)


@given(tables(min_rows=1), st.data())
def test_another_value_in_one_cell_is_another_content(lake, table, data):
    row = data.draw(st.integers(0, len(table.rows) - 1))
    place = data.draw(st.integers(0, len(table.columns) - 1))
    value = data.draw(st.none() | VALUES[table.columns[place].type])
    assume(value != table.rows[row][place])
    changed = list(table.rows[row])
    changed[place] = value
    rows = [*table.rows[:row], tuple(changed), *table.rows[row + 1 :]]
    assert identify(lake, Table(table.columns, rows)) != identify(lake, table)


@given(tables(min_rows=1))
def test_one_more_of_the_same_row_is_another_content(lake, table):
    assert identify(lake, Table(table.columns, [*table.rows, table.rows[0]])) != identify(lake, table)


@given(tables(), st.data())
def test_another_unit_name_or_order_of_columns_is_another_schema(lake, table, data):
    place = data.draw(st.integers(0, len(table.columns) - 1))
    old = table.columns[place]
    others = [Column(old.name, old.type, old.unit + "x"), Column(f"{old.name}zz", old.type, old.unit)]
    for new in others:
        columns = (*table.columns[:place], new, *table.columns[place + 1 :])
        assert identify(lake, Table(columns, table.rows)) != identify(lake, table)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Table((Column("a", Type.TEXT),), [("1",)]), Table((Column("a", Type.INTEGER),), [(1,)])),
        (Table((Column("a", Type.INTEGER),), [(1,)]), Table((Column("a", Type.NUMBER),), [(1.0,)])),
        (Table((Column("a", Type.TEXT),), [("true",)]), Table((Column("a", Type.BOOLEAN),), [(True,)])),
        (Table((Column("a", Type.TEXT),), []), Table((Column("a", Type.INTEGER),), [])),
    ],
)
def test_another_type_is_another_content(lake, one, other):
    assert identify(lake, one) != identify(lake, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ([("ab", "c")], [("a", "bc")]),
        ([("", None)], [(None, "")]),
        ([("~", "~")], [(None, None)]),
        ([("1:a", "")], [("", "1:a")]),
        ([("a", "b"), ("c", "d")], [("a", "d"), ("c", "b")]),
        ([("e\u0301", "")], [("é", "")]),
    ],
)
def test_rows_that_look_alike_when_joined_are_told_apart(lake, one, other):
    columns = (Column("a", Type.TEXT), Column("b", Type.TEXT))
    assert identify(lake, Table(columns, one)) != identify(lake, Table(columns, other))


def test_nothing_below_nothing_is_the_same_number(lake):
    columns = (DEPTH, Column("place", Type.POINT))
    positive, negative = Table(columns, [(0.0, (0.0, 0.0))]), Table(columns, [(-0.0, (-0.0, -0.0))])
    assert identify(lake, positive) == identify(lake, negative)


@given(st.floats(allow_nan=False, allow_infinity=False), st.floats(allow_nan=False, allow_infinity=False))
def test_any_two_numbers_are_told_apart(one, other):
    assume(one != other)
    assert _written(DEPTH, one) != _written(DEPTH, other)


def test_the_identity_of_a_table_is_the_same_for_ever(lake):
    """A number written here once: if it changes, every version of every city changes its name."""
    table = Table((ID, DEPTH), [("w1", 12.5), ("w2", None), ("è", -0.0)])
    assert identify(lake, table) == "7912b57efcd3819f3d89bd0332c8cee695bd51f298d2dc5619916b2c46097801"
