"""Transactions that are kept whole or not at all, and one sentence for what cannot be."""

from __future__ import annotations

import os
import sqlite3
import threading

import pytest
from sqlalchemy import text
from tests.databases import EVERY, fresh

from portico.database import Database, engine
from portico.errors import StateError

ADD = text("INSERT INTO citation (dataset, version, cited_by) VALUES ('sites', :version, 'a test')")
COUNT = text("SELECT count(*) FROM citation")


@pytest.fixture(params=EVERY)
def database(request, tmp_path):
    with fresh(request.param, tmp_path) as made:
        yield made


@pytest.fixture
def file(tmp_path):
    with fresh("file", tmp_path) as made:
        yield made


def _count(database: Database) -> int:
    with database.read() as connection:
        return connection.execute(COUNT).scalar_one()


def test_nothing_is_made_before_it_is_needed(tmp_path):
    database = Database(tmp_path / ".portico" / "portico.sqlite")
    assert not database.exists
    assert list(tmp_path.iterdir()) == []


def test_what_is_written_is_read_again(database):
    with database.write() as connection:
        connection.execute(ADD, {"version": "a"})
    assert _count(database) == 1


def test_a_transaction_that_fails_leaves_nothing(database):
    with database.write() as connection:
        connection.execute(ADD, {"version": "a"})

    def fail():
        with database.write() as connection:
            connection.execute(ADD, {"version": "b"})
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    assert _count(database) == 1


def test_two_writers_wait_for_each_other_and_nothing_is_lost(database):
    with database.write() as connection:
        connection.execute(ADD, {"version": "first"})

    def add(number):
        with database.write() as connection:
            connection.execute(ADD, {"version": str(number)})

    threads = [threading.Thread(target=add, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert _count(database) == 9


def test_a_reader_sees_one_state_to_its_end(database):
    with database.write() as connection:
        connection.execute(ADD, {"version": "a"})
    with database.read() as reading:
        assert reading.execute(COUNT).scalar_one() == 1
        with database.write() as connection:
            connection.execute(ADD, {"version": "b"})
        assert reading.execute(COUNT).scalar_one() == 1
    assert _count(database) == 2


def test_reading_where_nothing_was_written_is_one_sentence(tmp_path):
    with pytest.raises(StateError) as raised, Database(tmp_path / "portico.sqlite").read():
        pass
    assert raised.value.message_id == "state-missing"


@pytest.mark.parametrize("content", [b"not a database at all " * 100, b"SQLite format 3\x00" + b"\xff" * 5000])
def test_a_damaged_file_is_one_sentence(tmp_path, content):
    path = tmp_path / "portico.sqlite"
    path.write_bytes(content)
    database = Database(path)
    for way in (database.read, database.write):
        with pytest.raises(StateError) as raised, way() as connection:
            connection.execute(COUNT)
        assert raised.value.message_id == "state-damaged"
    assert path.read_bytes() == content


def test_a_file_cut_short_is_one_sentence(file):
    with file.write() as connection:
        for number in range(2000):
            connection.execute(ADD, {"version": f"{number:0>60}"})
    file.close()
    content = file.path.read_bytes()
    file.path.write_bytes(content[: len(content) // 2])
    database = Database(file.path)
    with pytest.raises(StateError) as raised, database.read() as connection:
        connection.execute(text("SELECT * FROM citation ORDER BY version")).all()
    assert raised.value.message_id in ("state-damaged", "state-failed")


def test_a_writer_that_holds_on_too_long_is_one_sentence(file, monkeypatch):
    with file.write() as connection:
        connection.execute(ADD, {"version": "a"})
    monkeypatch.setattr(engine, "BUSY_MS", 50)
    other = sqlite3.connect(file.path, isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StateError) as raised, file.write():
            pass
        assert raised.value.message_id == "state-busy"
        assert _count(file) == 1
    finally:
        other.close()


def test_who_comes_first_to_a_new_file_together_waits_for_the_other(tmp_path):
    """SQLite itself does not wait where two turn one file to write-ahead mode."""
    path = tmp_path / "portico.sqlite"
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("CREATE TABLE t (a)")
    other.execute("BEGIN IMMEDIATE")
    other.execute("INSERT INTO t VALUES (1)")
    timer = threading.Timer(0.3, other.execute, ["COMMIT"])
    timer.start()
    database = Database(path)
    with database.write() as connection:
        connection.execute(ADD, {"version": "a"})
    timer.join()
    other.close()
    assert _count(database) == 1


def test_who_reads_does_not_wait_for_who_writes(database):
    with database.write() as connection:
        connection.execute(ADD, {"version": "a"})
    other = Database(database.path, database.url)
    with database.write() as connection:
        connection.execute(ADD, {"version": "b"})
        assert _count(other) == 1
    assert _count(other) == 2
    other.close()


@pytest.fixture
def read_only(file, monkeypatch):
    """A database in a folder that cannot be written; said through os.access, because root may write anywhere."""
    with file.write() as connection:
        connection.execute(ADD, {"version": "a"})
    file.close()
    can = os.access
    monkeypatch.setattr(os, "access", lambda path, mode, **_: mode != os.W_OK and can(path, mode))
    database = Database(file.path)
    yield database
    database.close()


def test_a_read_only_folder_is_read(read_only):
    before = sorted(read_only.path.parent.iterdir())
    assert not read_only.is_writable
    assert _count(read_only) == 1
    assert sorted(read_only.path.parent.iterdir()) == before


def test_a_read_only_folder_is_one_sentence_for_writers(read_only):
    with pytest.raises(StateError) as raised, read_only.write():
        pass
    assert raised.value.message_id == "state-read-only"


def test_a_path_with_marks_in_it_is_read_where_it_cannot_be_written(tmp_path, monkeypatch):
    folder = tmp_path / "50% of #1? città"
    folder.mkdir()
    database = Database(folder / "portico.sqlite")
    with database.write() as connection:
        connection.execute(ADD, {"version": "a"})
    database.close()
    monkeypatch.setattr(os, "access", lambda _path, mode, **_: mode != os.W_OK)
    assert _count(Database(folder / "portico.sqlite")) == 1
    assert [path.name for path in folder.iterdir()] == ["portico.sqlite"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_made_read_only_is_one_sentence_for_writers(tmp_path):
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o555)
    with pytest.raises(StateError) as raised, Database(folder / "portico.sqlite").write():
        pass
    assert raised.value.message_id == "state-read-only"


def test_a_server_that_does_not_answer_is_one_sentence(tmp_path):
    database = Database(tmp_path / "x.sqlite", f"sqlite:///{tmp_path}/no/such/folder/x.sqlite")
    with pytest.raises(StateError) as raised, database.read():
        pass
    assert raised.value.message_id == "state-failed"
