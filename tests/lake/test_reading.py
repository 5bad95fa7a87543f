"""What the doors read of a version: rows, one row, rejects, what is held; all of it ready for JSON."""

import json
from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.lakes import put, tables, wells

from portico.errors import StateError, UnknownNameError
from portico.lake import queries, reading, store
from portico.lake.lake import open_lake
from portico.lake.model import Column, Decided, Examination, Hold, Receipt, Table, Type

AT = "2026-11-23T10:00:00+00:00"
NOON = datetime(2024, 2, 29, 12, 5, tzinfo=UTC)
EVERY = (
    Column("t", Type.TEXT),
    Column("i", Type.INTEGER),
    Column("n", Type.NUMBER),
    Column("b", Type.BOOLEAN),
    Column("d", Type.DATE),
    Column("dt", Type.DATETIME),
    Column("z", Type.INSTANT),
    Column("h", Type.TIME),
    Column("p", Type.POINT),
    Column("g", Type.GEOMETRY),
)


@pytest.fixture
def lake(tmp_path):
    from portico.database import Database

    return open_lake(Database(tmp_path / "portico.sqlite"), tmp_path / "lake")


def read(lake, version, *names, limit=100, offset=0):
    return reading.rows(lake, version, reading.chosen(version, names), limit=limit, offset=offset)


def held(version, decision=Decided.OPEN, became=""):
    reasons = ({"column": "cf", "kind": "fiscal-code", "count": 3},)
    return Hold("wells", version, reasons, AT, decision, "an officer", AT, "seen", became)


def test_every_type_comes_out_as_json_takes_it(lake):
    row = (
        "caffè", 7, 0.5, True, date(2024, 2, 29), NOON.replace(tzinfo=None), NOON, time(7, 30), (7.68, 45.07),
        "LINESTRING (7 45, 8 46)",
    )  # fmt: skip
    version = put(lake, Table(EVERY, [row, (None,) * len(EVERY)])).version
    found = sorted(read(lake, version), key=lambda one: one[0] is None)
    assert found == [
        [
            "caffè", 7, 0.5, True, "2024-02-29", "2024-02-29T12:05:00", "2024-02-29T12:05:00Z", "07:30:00",
            {"type": "Point", "coordinates": [7.68, 45.07]},
            {"type": "LineString", "coordinates": [[7.0, 45.0], [8.0, 46.0]]},
        ],
        [None] * len(EVERY),
    ]  # fmt: skip


def test_a_number_that_is_not_finite_is_nothing(lake):
    version = put(lake, Table((Column("n", Type.NUMBER),), [(float("inf"),), (float("nan"),), (1.5,)])).version
    assert sorted(read(lake, version), key=str) == [[1.5], [None], [None]]


@settings(max_examples=25)
@given(tables(), st.integers(0, 12), st.integers(0, 12))
def test_pieces_put_together_are_the_whole_and_all_of_it_is_json(lake, table, limit, offset):
    version = put(lake, table).version
    whole = read(lake, version)
    assert len(whole) == len(table.rows)
    assert read(lake, version, limit=limit, offset=offset) == whole[offset : offset + limit]
    json.dumps(whole, allow_nan=False)


def test_columns_come_in_the_order_asked_for_and_each_once(lake):
    version = put(lake, wells(12.0)).version
    assert read(lake, version, "depth", "id", "depth") == [[12.0, "w0"]]


def test_a_column_nobody_knows_is_refused_with_the_nearest(lake):
    version = put(lake, wells(12.0)).version
    with pytest.raises(UnknownNameError) as caught:
        reading.chosen(version, ["dept"])
    assert caught.value.message_id == "column-unknown"
    assert caught.value.values["advice"].values["suggestion"] == "depth"


def test_far_beyond_the_end_there_is_nothing(lake):
    version = put(lake, wells(1.0, 2.0)).version
    assert read(lake, version, offset=10**30) == []


def test_a_file_that_is_gone_is_the_states_fault(lake):
    version = put(lake, wells(1.0)).version
    lake.objects.path(version.file).unlink()
    with pytest.raises(StateError) as caught:
        read(lake, version)
    assert caught.value.message_id == "version-damaged"


def test_one_row_is_found_by_what_its_key_reads(lake):
    columns = (Column('k"', Type.INTEGER), Column("name", Type.TEXT), Column("place", Type.POINT))
    version = put(lake, Table(columns, [(1, "a'b", (1.0, 2.0)), (2, None, None)])).version
    assert reading.row(lake, version, 'k"', "1") == {'k"': 1, "name": "a'b"}
    assert reading.row(lake, version, "name", "a'b") == {'k"': 1, "name": "a'b"}
    assert reading.row(lake, version, 'k"', "1 OR 1=1") is None
    assert reading.row(lake, version, "place", "x") is None
    assert reading.keys_like(lake, version, 'k"', most=5) == ["1", "2"]
    assert reading.keys_like(lake, version, "nope", most=5) == []


def test_a_held_version_is_never_given_out(lake):
    first = put(lake, wells(1.0)).version
    second = put(lake, wells(2.0)).version
    with lake.database.write() as connection:
        store.put_hold(connection, held(second.id))
    for name in (f"wells@{second.id}", f"wells@{second.short}", "wells@2", "wells"):
        with pytest.raises(UnknownNameError) as caught:
            reading.version(lake, name)
        assert caught.value.message_id == "version-held"
    assert reading.version(lake, "wells@1") == first
    assert [entry.version for entry in reading.publications(lake, "wells", 9)] == [None, first]


@pytest.mark.parametrize("decision", list(Decided))
def test_only_a_release_opens_a_version(lake, decision):
    version = put(lake, wells(1.0)).version
    with lake.database.write() as connection:
        store.put_hold(connection, held(version.id, decision))
    is_open = decision is Decided.RELEASED
    assert bool(reading.held(lake, "wells")) is not is_open
    if is_open:
        assert reading.version(lake, "wells") == version
    else:
        with pytest.raises(UnknownNameError):
            reading.version(lake, "wells")


def test_what_was_decided_is_found_by_either_version(lake):
    old, new = put(lake, wells(1.0)).version, put(lake, wells(2.0)).version
    assert reading.decision_on(lake, new) is None
    hold = held(old.id, Decided.MASKED, became=new.id)
    with lake.database.write() as connection:
        store.put_hold(connection, hold)
    assert reading.decision_on(lake, new) == hold
    assert reading.every_hold(lake) == (hold,)


def test_publications_come_newest_first_and_a_version_that_is_gone_is_said_to_be(lake):
    for depth in (1.0, 2.0, 1.0):
        put(lake, wells(depth))
    entries = reading.publications(lake, "wells", 2)
    assert [entry.publication.number for entry in entries] == [3, 2]
    assert all(entry.version for entry in entries)
    assert reading.head_of(lake, "wells") == queries.history(lake, "wells")[-1]
    assert reading.head_of(lake, "nobody") is None


def test_rejects_come_by_row_in_pieces(lake):
    version = put(lake, wells(1.0)).version
    found = examined(lake, version, [(9, "depth", "nove", "r", "number"), (2, "depth", "due'", "r", "number")])
    assert [one["row"] for one in reading.rejects(lake, found, limit=5)] == [2, 9]
    assert reading.rejects(lake, found, limit=1, offset=1) == [
        {"row": 9, "column": "depth", "raw": "nove", "reason": "r", "expected": "number"}
    ]
    assert reading.examination(lake, version) == found
    assert reading.receipt(lake, found).name == "second.csv"


def test_a_version_without_rejects_has_none_and_a_damaged_file_of_them_is_said(lake):
    version = put(lake, wells(1.0)).version
    assert reading.examination(lake, version) is None
    found = examined(lake, version, [])
    assert reading.rejects(lake, found, limit=5) == []
    broken = Examination(found.dataset, found.version, found.receipt, {}, "gone.parquet", 1, AT)
    with pytest.raises(StateError) as caught:
        reading.rejects(lake, broken, limit=5)
    assert caught.value.message_id == "rejects-damaged"


def examined(lake, version, rejects):
    """An examination as ingest leaves it, with these rejects."""
    name = ""
    if rejects:
        name = "rejects/one.parquet"
        lake.objects.path(name).parent.mkdir(parents=True)
        cursor = lake.engine.cursor()
        cursor.execute(
            'CREATE TEMP TABLE left_out ("row" BIGINT, "column" VARCHAR, raw VARCHAR, reason VARCHAR, expected VARCHAR)'
        )
        cursor.executemany("INSERT INTO left_out VALUES (?, ?, ?, ?, ?)", rejects)
        cursor.execute(f"COPY left_out TO '{lake.objects.path(name)}' (FORMAT parquet)")
        cursor.execute("DROP TABLE left_out")
    found = Examination("wells", version.id, "5" * 64, {"format": "csv"}, name, len(rejects), AT)
    with lake.database.write() as connection:
        store.put_examination(connection, found)
        for at, file in ((AT, "first.csv"), ("2026-11-24T10:00:00+00:00", "second.csv")):
            store.put_receipt(connection, Receipt("wells", "5" * 64, at, file, "standard input", {}, 9, "originals/5"))
    return found
