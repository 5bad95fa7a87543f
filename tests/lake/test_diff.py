"""What changed between versions, against a plain model: bags of rows, or rows by their key."""

from __future__ import annotations

import dataclasses
from collections import Counter
from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.lakes import DEPTH, ID, VALUES, WELLS, WELLS_FILE, put, tables, wells

from portico.database import Database
from portico.errors import InputError, StateError, UnknownNameError
from portico.lake.commands import publish
from portico.lake.diff import Cell, Changed, Row, diff
from portico.lake.engine import Engine
from portico.lake.lake import Lake
from portico.lake.model import Column, Table, Type
from portico.lake.objects import Objects

AT = "2026-11-23T09:00:00+00:00"
TEXT, NUMBER = Column("a", Type.TEXT), Column("b", Type.INTEGER)


@pytest.fixture(scope="module")
def lake(tmp_path_factory):
    folder = tmp_path_factory.mktemp("diff")
    database = Database(folder / "portico.sqlite")
    yield Lake(database, Objects(folder / "lake"), Engine())
    database.close()


def _between(lake, old, new, key=(), **more):
    versions = [publish(lake, table, WELLS, WELLS_FILE, at=AT).version for table in (old, new)]
    return diff(lake, *versions, key, **more)


def _table(columns, rows):
    return Table(tuple(columns), list(rows))


SMALL = st.none() | st.sampled_from(["x", "y", ""])
BAG = st.lists(st.tuples(SMALL, st.none() | st.integers(0, 2)), max_size=12)


@settings(max_examples=30)
@given(BAG, BAG)
def test_without_a_key_tables_are_bags_of_rows(lake, old, new):
    old, new = [*old, ("z", 7), ("z", 7)], [*new, ("z", 7), ("z", 7)]  # nothing tells these two apart
    found = _between(lake, _table((TEXT, NUMBER), old), _table((TEXT, NUMBER), new))
    came, went = Counter(new) - Counter(old), Counter(old) - Counter(new)
    assert found.key == ()
    assert (found.added, found.removed, found.changed) == (came.total(), went.total(), 0)
    assert Counter((row["a"], row["b"]) for row in found.examples.added) == came
    assert Counter((row["a"], row["b"]) for row in found.examples.removed) == went
    assert found.same == (Counter(old) & Counter(new)).total()
    assert found.is_empty == (Counter(old) == Counter(new))


KEYED = st.dictionaries(st.integers(0, 9), st.tuples(SMALL, st.none() | st.floats(0, 2)), max_size=8)


@settings(max_examples=30)
@given(KEYED, KEYED, st.booleans())
def test_by_a_key_rows_are_added_removed_or_changed(lake, old, new, told):
    columns = (TEXT, Column("id", Type.INTEGER), Column("c", Type.NUMBER))
    before, after = (_table(columns, [(a, key, c) for key, (a, c) in one.items()]) for one in (old, new))
    found = _between(lake, before, after, ["id"] if told else [])
    if old == new:
        assert found.is_empty
        return
    assert (found.key, found.is_key_found) == (("id",), not told)
    changed = {key for key in old.keys() & new.keys() if old[key] != new[key]}
    assert (found.added, found.removed) == (len(new.keys() - old.keys()), len(old.keys() - new.keys()))
    assert found.changed == len(changed)
    assert {row["id"] for row in found.examples.added} == new.keys() - old.keys()
    assert {row["id"] for row in found.examples.removed} == old.keys() - new.keys()
    expected = {}
    for key in changed:
        pairs = zip("ac", old[key], new[key], strict=True)
        expected[key] = tuple(Cell(name, before, after) for name, before, after in pairs if before != after)
    assert {row.key[0]: row.cells for row in found.examples.changed} == expected
    counts = Counter(cell.column for cells in expected.values() for cell in cells)
    assert dict(found.cells) == counts


@settings(max_examples=15)
@given(tables(max_rows=5))
def test_a_version_and_itself_differ_in_nothing(lake, table):
    found = _between(lake, table, table)
    assert found.is_empty
    assert found.same == len(table.rows)


@settings(max_examples=15)
@given(tables(max_rows=5), st.data())
def test_a_row_more_of_any_types_is_one_row_added(lake, table, data):
    row = tuple(data.draw(st.none() | VALUES[column.type]) for column in table.columns)
    found = _between(lake, table, Table(table.columns, [*table.rows, row]))
    assert (found.added, found.removed, found.changed) == (1, 0, 0)
    assert found.schema.is_empty
    back = _between(lake, Table(table.columns, [*table.rows, row]), table)
    assert (back.added, back.removed, back.changed) == (0, 1, 0)


def test_the_cells_of_a_changed_row_are_named_with_old_and_new(lake):
    found = _between(lake, wells(1.0, 2.0, 3.0), wells(1.0, 2.5, None))
    assert found.key == ("id",)
    assert found.changed == 2
    assert found.cells == (("depth", 2),)
    assert found.examples.changed == (
        Row(("w1",), (Cell("depth", 2.0, 2.5),)),
        Row(("w2",), (Cell("depth", 3.0, None),)),
    )


def test_a_place_that_moved_is_a_changed_cell(lake):
    columns = (ID, Column("p", Type.POINT), Column("g", Type.GEOMETRY))
    old = _table(columns, [("a", (7.0, 45.0), "LINESTRING (0 0, 1 1)"), ("b", None, None)])
    new = _table(columns, [("a", (7.0, 45.0000000001), "LINESTRING (0 0, 1 1)"), ("b", None, "POINT (1 2)")])
    found = _between(lake, old, new)
    assert found.examples.changed == (
        Row(("a",), (Cell("p", "POINT (7 45)", "POINT (7 45.0000000001)"),)),
        Row(("b",), (Cell("g", None, "POINT (1 2)"),)),
    )
    bag = _between(
        lake, _table(columns[1:], [one[1:] for one in old.rows]), _table(columns[1:], [one[1:] for one in new.rows])
    )
    assert (bag.key, bag.added, bag.removed) == ((), 2, 2)
    assert {row["p"] for row in bag.examples.added} == {"POINT (7 45.0000000001)", None}


def test_places_that_are_nowhere_are_compared_too(lake):
    columns = (ID, Column("p", Type.POINT))
    found = _between(lake, _table(columns, [("a", None)]), _table(columns, [("a", (1.0, 2.0))]))
    assert found.examples.changed == (Row(("a",), (Cell("p", None, "POINT (1 2)"),)),)


def test_dates_and_times_are_shown_as_iso_text(lake):
    columns = (
        ID,
        Column("d", Type.DATE),
        Column("c", Type.DATETIME),
        Column("m", Type.INSTANT),
        Column("t", Type.TIME),
    )
    moment = datetime(2024, 2, 29, 13, 45, tzinfo=UTC)
    old = _table(columns, [("a", date(2024, 2, 29), moment.replace(tzinfo=None), moment, time(1, 2))])
    new = _table(columns, [("a", None, None, None, None)])
    (row,) = _between(lake, old, new).examples.changed
    assert [cell.old for cell in row.cells] == ["2024-02-29", "2024-02-29T13:45:00", "2024-02-29T13:45:00Z", "01:02:00"]
    assert {cell.new for cell in row.cells} == {None}


def test_columns_that_came_went_turned_or_moved_are_told_apart(lake):
    old = _table((ID, DEPTH, Column("gone", Type.TEXT), Column("n", Type.INTEGER)), [("a", 1.0, "x", 5)])
    new = _table((DEPTH, ID, Column("came", Type.INTEGER), Column("n", Type.TEXT)), [(1.0, "a", 9, "5")])
    found = _between(lake, old, new)
    assert found.schema.added == (Column("came", Type.INTEGER),)
    assert found.schema.removed == (Column("gone", Type.TEXT),)
    assert found.schema.changed == (Changed(Column("n", Type.INTEGER), Column("n", Type.TEXT)),)
    assert found.schema.is_reordered
    assert found.schema.renamed == ()
    assert (found.added, found.removed, found.changed) == (0, 0, 0)
    assert not found.is_empty


def test_another_unit_is_a_changed_column(lake):
    found = _between(
        lake, _table((ID, DEPTH), [("a", 1.0)]), _table((ID, Column("depth", Type.NUMBER, "ft")), [("a", 1.0)])
    )
    assert found.schema.changed == (Changed(DEPTH, Column("depth", Type.NUMBER, "ft")),)


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        ((Type.INTEGER, 5), (Type.NUMBER, 5.0), 0),
        ((Type.INTEGER, 5), (Type.NUMBER, 5.5), 1),
        ((Type.INTEGER, 9007199254740993), (Type.NUMBER, 9007199254740992.0), 1),
        ((Type.INTEGER, 5), (Type.TEXT, "5"), 0),
        ((Type.INTEGER, 5), (Type.TEXT, "05"), 1),
        ((Type.NUMBER, 5.0), (Type.TEXT, "5"), 0),
        ((Type.DATE, date(2024, 2, 29)), (Type.TEXT, "2024-02-29"), 0),
        ((Type.BOOLEAN, True), (Type.TEXT, "true"), 0),
        ((Type.POINT, (1.0, 2.0)), (Type.GEOMETRY, "POINT (1 2)"), 0),
    ],
)
def test_a_value_in_another_type_is_the_same_where_it_is_written_the_same(lake, old, new, changed):
    before, after = (_table((ID, Column("v", one[0])), [("a", one[1])]) for one in (old, new))
    found = _between(lake, before, after)
    assert found.changed == changed
    assert len(found.schema.changed) == 1


def test_a_column_of_the_same_values_under_another_name_is_a_hint(lake):
    old = _table((ID, Column("via", Type.TEXT), Column("x", Type.TEXT)), [("a", "Po", "q"), ("b", "Roma", "q")])
    new = _table((ID, Column("indirizzo", Type.TEXT), Column("y", Type.TEXT)), [("a", "Po", "r"), ("b", "Roma", "q")])
    found = _between(lake, old, new)
    assert found.schema.renamed == (("via", "indirizzo"),)
    assert [column.name for column in found.schema.removed] == ["via", "x"]


def test_with_no_column_in_common_every_row_went_and_came(lake):
    found = _between(lake, _table((TEXT,), [("x",), ("y",)]), _table((NUMBER,), [(1,)]))
    assert (found.added, found.removed) == (1, 2)


def test_no_rows_at_all_are_compared(lake):
    found = _between(lake, _table((ID, DEPTH), []), _table((ID, DEPTH), [("a", 1.0)]))
    assert (found.added, found.removed, found.changed) == (1, 0, 0)


@pytest.mark.parametrize(
    ("columns", "key"),
    [
        ({"nome": "abcdef", "cod_istat": "123456"}, ("cod_istat",)),
        ({"nome": "abcdef", "OBJECTID": "123456"}, ("OBJECTID",)),
        ({"nome": "abcdef", "tipo": "ababab"}, ("nome",)),
        ({"nome": "aabbcc", "tipo": "ababab"}, ()),
        ({"id_linea": "aabbcc", "corsa": "ababab"}, ("id_linea", "corsa")),
        ({"codice": "aaabbb", "anno": "112112", "mese": "111122"}, ()),
        ({"codice": "aaaabb", "anno": "112212", "mese": "121233"}, ("codice", "anno", "mese")),
    ],
)
def test_a_key_is_found_where_there_is_one(lake, columns, key):
    made = tuple(Column(name, Type.TEXT) for name in columns)
    rows = [(*cells, "x") for cells in zip(*columns.values(), strict=True)]
    table = _table((*made, Column("v", Type.TEXT)), rows)
    other = _table((*made, Column("v", Type.TEXT)), [(*row[:-1], "y") for row in rows])
    found = _between(lake, table, other)
    assert found.key == key
    assert found.changed == (len(rows) if key else 0)


def test_numbers_that_happen_to_be_unique_are_no_key(lake):
    old = _table((Column("quota", Type.INTEGER),), [(one,) for one in range(10)])
    new = _table((Column("quota", Type.INTEGER),), [(one,) for one in range(100, 110)])
    assert _between(lake, old, new).key == ()


def test_a_key_that_is_none_is_refused(lake):
    table, other = _table((TEXT, NUMBER), [("x", 1), ("x", 2)]), _table((TEXT, NUMBER), [("x", 1)])
    with pytest.raises(InputError) as raised:
        _between(lake, other, table, ["a"])
    assert raised.value.message_id == "diff-no-key"
    with pytest.raises(InputError):
        _between(lake, _table((TEXT, NUMBER), [(None, 1)]), other, ["a"])
    assert _between(lake, table, other, ["a", "b"]).removed == 1
    with pytest.raises(UnknownNameError):
        _between(lake, table, other, ["c"])


def test_examples_are_few_and_counts_exact(lake):
    old = _table((ID, DEPTH), [(f"w{one:03}", 1.0) for one in range(100)])
    new = _table((ID, DEPTH), [(f"w{one:03}", 2.0) for one in range(50, 200)])
    found = _between(lake, old, new, examples=3)
    assert (found.added, found.removed, found.changed, found.same) == (100, 50, 50, 0)
    assert [row["id"] for row in found.examples.added] == ["w100", "w101", "w102"]
    assert [row["id"] for row in found.examples.removed] == ["w000", "w001", "w002"]
    assert [row.key for row in found.examples.changed] == [("w050",), ("w051",), ("w052",)]
    none = _between(lake, old, new, examples=0)
    assert (none.changed, none.examples.changed) == (50, ())


@pytest.mark.parametrize("name", ["is_there", "n", "o", 'a"b', "c0", "w", "select", "IS_THERE_"])
def test_a_column_may_have_any_name(lake, name):
    columns = (Column(name, Type.TEXT), Column("v", Type.INTEGER))
    found = _between(lake, _table(columns, [("x", 1), ("y", 1)]), _table(columns, [("x", 2), ("y", 1)]), [name])
    assert found.examples.changed == (Row(("x",), (Cell("v", 1, 2),)),)
    bag = _between(lake, _table(columns, [("x", 1), ("x", 1)]), _table(columns, [("x", 1)]))
    assert (bag.key, bag.removed) == ((), 1)


def test_a_damaged_version_is_named(lake):
    one, other = put(lake, wells(1.0, 7.0)).version, put(lake, wells(2.0, 7.0)).version
    lake.objects.path(one.file).write_bytes(b"half a file")
    with pytest.raises(StateError) as raised:
        diff(lake, one, other)
    assert raised.value.message_id == "version-damaged"
    assert raised.value.values["version"] == one.short
    gone = dataclasses.replace(other, file="00/gone.parquet")
    with pytest.raises(StateError):
        diff(lake, gone, dataclasses.replace(other, id="f" * 64))
