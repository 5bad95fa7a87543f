"""Publishing: all of it or nothing, the same content once, one winner."""

from __future__ import annotations

import dataclasses
import errno
import json
import os
import subprocess
import sys
import textwrap
import threading

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from tests.databases import EVERY, fresh
from tests.lakes import DEPTH, ID, PLACE, WELLS, WELLS_FILE, put, tables, wells
from tests.shared import ROOT

from portico.catalogue.queries import dataset, datasets
from portico.database import Database
from portico.errors import ConflictError, StateError
from portico.lake import objects, store
from portico.lake.commands import cite, identify, publish
from portico.lake.engine import Engine, installed_extension
from portico.lake.lake import Lake, open_lake
from portico.lake.model import Column, Table, Type
from portico.lake.objects import Objects
from portico.lake.queries import heads, history, is_whole, read, version
from portico.messages import Text


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine()


@pytest.fixture(params=EVERY)
def lake(request, tmp_path, engine):
    with fresh(request.param, tmp_path) as database:
        yield Lake(database, Objects(tmp_path / "lake"), engine)


def _again(lake: Lake) -> Lake:
    """The same lake as another process sees it."""
    return Lake(Database(lake.database.path, lake.database.url), Objects(lake.objects.folder), lake.engine)


def _files(lake: Lake) -> list[str]:
    return sorted(path.name for path in lake.objects.folder.rglob("*.parquet") if objects.TEMPORARY not in path.parts)


def test_the_first_publication_makes_dataset_version_log_and_head(lake):
    done = put(lake, wells(12.0, None))
    assert done.is_new
    assert done.publication.number == 1
    assert heads(lake) == {"wells": done.version}
    assert history(lake, "wells") == (done.publication,)
    assert dataset(lake.database, "wells") == WELLS
    assert done.version.row_count == 2
    assert done.version.id == identify(lake, wells(12.0, None))
    assert is_whole(lake, done.version)


def test_the_same_content_again_changes_nothing(lake):
    first = put(lake, wells(12.0, 3.0))
    before = (lake.objects.path(first.version.file).stat().st_mtime_ns, _files(lake))
    turned = Table((ID, DEPTH, PLACE), list(reversed(wells(12.0, 3.0).rows)))
    for table in (wells(12.0, 3.0), turned):
        again = put(lake, table, at="2027-01-01T00:00:00+00:00")
        assert not again.is_new
        assert again.publication == first.publication
        assert again.version == first.version
    assert len(history(lake, "wells")) == 1
    assert (lake.objects.path(first.version.file).stat().st_mtime_ns, _files(lake)) == before


def test_there_and_back_is_publication_three_pointing_at_the_first_version(lake):
    first, second, third = (put(lake, table) for table in (wells(1.0), wells(2.0), wells(1.0)))
    assert [one.publication.number for one in (first, second, third)] == [1, 2, 3]
    assert third.version.id == first.version.id != second.version.id
    assert heads(lake)["wells"].id == first.version.id
    assert [one.version for one in history(lake, "wells")] == [first.version.id, second.version.id, first.version.id]
    assert len(_files(lake)) == 2


def test_the_same_content_in_two_datasets_is_two_versions_of_one_file(lake):
    put(lake, wells(1.0))
    springs = dataclasses.replace(WELLS, id="springs")
    file = dataclasses.replace(WELLS_FILE, id="springs.csv", dataset="springs")
    publish(lake, wells(1.0), springs, file, at="2026-11-23T09:00:00+00:00")
    found = heads(lake)
    assert found["wells"].id == found["springs"].id
    assert {name: one.dataset for name, one in found.items()} == {"wells": "wells", "springs": "springs"}
    assert len(_files(lake)) == 1


def test_what_the_catalogue_says_is_brought_up_to_date_without_a_new_version(lake):
    put(lake, wells(1.0))
    renamed = dataclasses.replace(WELLS, title=Text(en="Springs"))
    assert not publish(lake, wells(1.0), renamed, WELLS_FILE, at="2027-01-01T00:00:00+00:00").is_new
    assert datasets(lake.database) == (renamed,)


def test_who_built_on_an_older_head_is_told_so_and_nothing_is_lost(lake):
    put(lake, wells(1.0), expected=0)
    put(lake, wells(2.0), expected=1)
    for expected in (0, 1, 3):
        with pytest.raises(ConflictError) as raised:
            put(lake, wells(3.0), expected=expected)
        assert raised.value.message_id == "head-moved"
        assert raised.value.values["found"] == 2
    assert [one.number for one in history(lake, "wells")] == [1, 2]
    assert put(lake, wells(3.0), expected=2).publication.number == 3


@pytest.mark.parametrize("before", [0, 1])
def test_of_two_that_built_on_the_same_head_exactly_one_wins(lake, before):
    for number in range(before):
        put(lake, wells(float(number)))
    lake.database.close()
    start, outcomes = threading.Barrier(2), {}

    def compete(number):
        own = _again(lake)
        start.wait()
        try:
            outcomes[number] = put(own, wells(100.0 + number), expected=before)
        except ConflictError as error:
            outcomes[number] = error
        finally:
            own.database.close()

    threads = [threading.Thread(target=compete, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    won = [one for one in outcomes.values() if not isinstance(one, ConflictError)]
    assert len(outcomes) == 2
    assert len(won) == 1
    assert heads(lake)["wells"].id == won[0].version.id
    assert [one.number for one in history(lake, "wells")] == list(range(1, before + 2))


def test_many_that_build_on_whatever_is_there_are_all_kept(lake):
    put(lake, wells(0.0))
    failed = []

    def add(number):
        own = _again(lake)
        try:
            put(own, wells(float(number)))
        except StateError as error:
            failed.append(error)
        finally:
            own.database.close()

    threads = [threading.Thread(target=add, args=(number,)) for number in range(1, 7)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    log = history(lake, "wells")
    assert [one.number for one in log] == list(range(1, 8))
    assert {one.version for one in log} == {identify(lake, wells(float(number))) for number in range(7)}


def test_of_two_processes_exactly_one_wins(tmp_path):
    program = textwrap.dedent("""
        import sys
        from pathlib import Path
        from portico.database import Database
        from portico.errors import ConflictError
        from portico.lake.lake import open_lake
        from tests.lakes import put, wells
        folder = Path(sys.argv[1])
        lake = open_lake(Database(folder / "portico.sqlite"), folder / "lake")
        lake.engine.cursor(spatial=True).close()
        print("ready", flush=True)
        sys.stdin.readline()
        try:
            put(lake, wells(float(sys.argv[2])), expected=0)
            print("won")
        except ConflictError:
            print("lost")
    """)
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}
    running = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(tmp_path), number],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )
        for number in "12"
    ]
    for one in running:
        assert one.stdout.readline() == "ready\n"
    for one in running:
        one.stdin.write("\n")
        one.stdin.flush()
    said = sorted(one.communicate()[0].strip() for one in running)
    assert said == ["lost", "won"]
    lake = open_lake(Database(tmp_path / "portico.sqlite"), tmp_path / "lake")
    assert len(history(lake, "wells")) == 1
    assert is_whole(lake, heads(lake)["wells"])


@pytest.fixture
def on_file(tmp_path, engine):
    with fresh("file", tmp_path) as database:
        yield Lake(database, Objects(tmp_path / "lake"), engine)


def _positive(value):
    return value + 0.0 if isinstance(value, float) else value


@settings(max_examples=25)
@given(table=tables())
def test_what_was_published_is_read_again(on_file, table):
    done = put(on_file, table)
    kept = [place for place, column in enumerate(table.columns) if not column.is_geometry]
    if kept:
        found = read(on_file, done.version)
        expected = [tuple(_positive(row[place]) for place in kept) for row in table.rows]
        assert sorted(map(repr, found.rows)) == sorted(map(repr, expected))
        assert found.columns == tuple(table.columns[place] for place in kept)
    assert is_whole(on_file, done.version)


def _plain_duckdb():
    connection = duckdb.connect()
    connection.load_extension(installed_extension())
    return connection


def test_the_file_of_a_version_is_read_by_anybodys_duckdb(on_file):
    done = put(on_file, wells(12.5, None))
    path = str(on_file.objects.path(done.version.file))
    with _plain_duckdb() as connection:
        rows = connection.execute(
            "SELECT id, depth, ST_X(place), ST_Y(place) FROM read_parquet(?) ORDER BY id", [path]
        ).fetchall()
    assert rows == [("w0", 12.5, 14.5, 47.5), ("w1", None, 14.5, 47.51)]
    with duckdb.connect() as connection:
        assert connection.execute("SELECT id, depth FROM read_parquet(?) ORDER BY id", [path]).fetchall() == [
            ("w0", 12.5),
            ("w1", None),
        ]


def test_the_file_of_a_version_is_geoparquet_1(on_file):
    done = put(on_file, wells(12.5, None))
    path = str(on_file.objects.path(done.version.file))
    with duckdb.connect() as connection:
        found = dict(connection.execute("SELECT key, value FROM parquet_kv_metadata(?)", [path]).fetchall())
        kinds = connection.execute(
            "SELECT type, logical_type FROM parquet_schema(?) WHERE name = 'place'", [path]
        ).fetchall()
    geo = json.loads(found[b"geo"])
    assert geo["version"].startswith("1.")
    assert geo["primary_column"] == "place"
    column = geo["columns"]["place"]
    assert column["encoding"] == "WKB"
    assert column["geometry_types"] == ["Point"]
    assert column.get("crs", {"id": {"code": 4326}}).get("id", {}).get("code") in (4326, "CRS84")
    assert kinds[0][0] == "BYTE_ARRAY"


def test_a_point_that_is_not_known_stays_unknown(on_file):
    table = Table((ID, PLACE), [("a", None), ("b", (14.5, 47.5))])
    path = str(on_file.objects.path(put(on_file, table).version.file))
    with _plain_duckdb() as connection:
        rows = connection.execute("SELECT id, place IS NULL FROM read_parquet(?) ORDER BY id", [path]).fetchall()
    assert rows == [("a", True), ("b", False)]


@pytest.mark.parametrize("name", ["città [1]", "50% of 'it'", "what?", "a*b", "x;y"])
def test_a_lake_in_a_folder_of_any_name_is_written_and_read(tmp_path, engine, name):
    folder = tmp_path / name
    own = Lake(Database(folder / "portico.sqlite"), Objects(folder / "lake"), engine)
    done = put(own, wells(1.0))
    assert read(own, done.version).rows == [("w0", 1.0)]
    own.database.close()


def test_a_table_of_points_alone_is_published(on_file):
    assert put(on_file, Table((PLACE,), [((14.5, 47.5),), (None,)])).version.row_count == 2


@pytest.mark.parametrize("break_at", ["fsync", "folder", "engine"])
def test_a_failing_disk_leaves_the_last_good_version(on_file, monkeypatch, break_at):
    first = put(on_file, wells(1.0))
    if break_at == "fsync":

        def full(_handle):
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(os, "fsync", full)
    elif break_at == "folder":

        def gone(_self):
            raise PermissionError(errno.EACCES, "Permission denied")

        monkeypatch.setattr(Objects, "temporary", gone)
    else:
        monkeypatch.setattr(Objects, "temporary", lambda self: self.folder / "no" / "such" / "folder" / "x.parquet")
    with pytest.raises(StateError) as raised:
        put(on_file, wells(2.0))
    assert raised.value.message_id == "state-failed"
    monkeypatch.undo()
    assert heads(on_file)["wells"] == first.version
    assert is_whole(on_file, first.version)
    assert len(history(on_file, "wells")) == 1
    assert put(on_file, wells(2.0)).publication.number == 2


def test_a_database_that_fails_leaves_the_last_good_version(on_file, monkeypatch):
    first = put(on_file, wells(1.0))

    def fail(*_):
        raise StateError("state-failed", path="x", detail="x")

    monkeypatch.setattr(store, "append", fail)
    with pytest.raises(StateError):
        put(on_file, wells(2.0))
    monkeypatch.undo()
    assert heads(on_file)["wells"] == first.version
    assert put(on_file, wells(2.0)).publication.number == 2


def test_a_damaged_file_is_made_whole_by_publishing_its_content_again(on_file):
    done = put(on_file, wells(1.0, 2.0))
    path = on_file.objects.path(done.version.file)
    path.write_bytes(path.read_bytes()[:-20])
    assert not is_whole(on_file, done.version)
    put(on_file, wells(1.0, 2.0))
    assert is_whole(on_file, version(on_file, "wells"))
    assert len(read(on_file, version(on_file, "wells")).rows) == 2


def test_a_missing_file_is_made_again_by_publishing_its_content_again(on_file):
    done = put(on_file, wells(1.0, 2.0))
    on_file.objects.path(done.version.file).unlink()
    put(on_file, wells(1.0, 2.0))
    assert is_whole(on_file, version(on_file, "wells"))


def test_the_same_content_is_the_same_bytes_in_another_lake(tmp_path, engine):
    made = []
    for name in ("one", "other"):
        own = Lake(Database(tmp_path / name / "portico.sqlite"), Objects(tmp_path / name / "lake"), engine)
        table = wells(1.0, None, 3.0)
        made.append(put(own, Table(table.columns, table.rows if name == "one" else list(reversed(table.rows)))).version)
        own.database.close()
    assert made[0] == made[1]


def test_a_read_only_folder_is_one_sentence_and_nothing_is_written(on_file, monkeypatch):
    put(on_file, wells(1.0))
    before = _files(on_file)
    monkeypatch.setattr(os, "access", lambda _path, mode, **_: mode != os.W_OK)
    with pytest.raises(StateError) as raised:
        put(_again(on_file), wells(2.0))
    assert raised.value.message_id == "state-read-only"
    assert _files(on_file) == before
    assert list((on_file.objects.folder / objects.TEMPORARY).iterdir()) == []


def test_a_citation_is_noted_once(lake):
    done = put(lake, wells(1.0))
    for _ in range(2):
        cite(lake, [("wells", done.version.id)], "a dossier")
    with lake.database.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM citation")).scalar_one() == 1


def test_an_integer_beyond_the_lake_is_one_sentence(on_file):
    with pytest.raises(StateError):
        put(on_file, Table((Column("n", Type.INTEGER),), [(2**70,)]))
    assert put(on_file, wells(1.0)).publication.number == 1


@given(st.integers(0, 3))
@settings(max_examples=4)
def test_a_reader_beside_a_writer_sees_whole_versions_only(on_file, number):
    done = put(on_file, wells(*([float(number)] * 50)))
    found = heads(on_file)["wells"]
    assert found == done.version
    assert len(read(on_file, found).rows) == found.row_count == 50
