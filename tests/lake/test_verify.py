"""Looking over what is kept: every kind of damage is found and named, and nothing else is."""

from __future__ import annotations

import dataclasses
import hashlib
import os
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from sqlalchemy import delete, insert, text, update
from tests.databases import EVERY, fresh
from tests.lakes import WELLS, WELLS_FILE, put, tables, wells

from portico.database import Database
from portico.errors import NotBuiltError, StateError
from portico.lake import store
from portico.lake.commands import cite, publish
from portico.lake.engine import Engine
from portico.lake.keeping.verify import verify
from portico.lake.lake import Lake
from portico.lake.model import Column, Examination, Receipt, Table, Type
from portico.lake.objects import TEMPORARY, Objects, file_hash
from portico.messages import Severity

AT = "2036-11-23T09:00:00+00:00"


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine()


@pytest.fixture(params=EVERY)
def lake(request, tmp_path, engine):
    with fresh(request.param, tmp_path) as database:
        yield Lake(database, Objects(tmp_path / "lake"), engine)


def _kinds(lake, **more):
    return [one.kind for one in verify(lake, at=AT, **more).findings]


def _change(lake, statement):
    with lake.database.write() as connection:
        connection.execute(statement)


def test_what_is_whole_is_whole(lake):
    put(lake, wells(1.0, None))
    put(lake, wells(2.0))
    found = verify(lake, at=AT, deep=True)
    assert (found.versions, found.files, found.findings) == (2, 2, ())


@settings(max_examples=10)
@given(tables(max_rows=4))
def test_the_identity_of_any_table_is_found_again(tmp_path_factory, engine, table):
    folder = tmp_path_factory.mktemp("any")
    lake = Lake(Database(folder / "portico.sqlite"), Objects(folder / "lake"), engine)
    publish(lake, table, WELLS, WELLS_FILE, at="2026-11-23T09:00:00+00:00")
    assert _kinds(lake, deep=True) == []
    lake.database.close()


@pytest.mark.parametrize("place", [None, (1.0, 2.0)])
def test_places_that_are_nowhere_are_no_damage(lake, place):
    put(lake, Table((Column("p", Type.POINT), Column("g", Type.GEOMETRY)), [(place, None)] if place else []))
    assert _kinds(lake, deep=True) == []


def test_a_file_that_is_gone_changed_or_cut_is_named(lake):
    gone, changed, cut, good = (put(lake, wells(depth)).version for depth in (1.0, 2.0, 3.0, 4.0))
    lake.objects.path(gone.file).unlink()
    content = bytearray(lake.objects.path(changed.file).read_bytes())
    content[len(content) // 2] ^= 1
    lake.objects.path(changed.file).write_bytes(content)
    lake.objects.path(cut.file).write_bytes(lake.objects.path(cut.file).read_bytes()[:-1])
    found = verify(lake, at=AT)
    assert {one.place.file: one.kind for one in found.errors} == {
        gone.file: "verify-file-missing",
        changed.file: "verify-file-changed",
        cut.file: "verify-file-changed",
    }
    assert good.file not in {one.place.file for one in found.findings}


def test_a_file_with_the_stated_bytes_and_another_content_is_found_by_looking_deep(lake):
    one, other = put(lake, wells(1.0)).version, put(lake, wells(2.0, 3.0)).version
    path = lake.objects.path(one.file)
    path.write_bytes(lake.objects.path(other.file).read_bytes())
    values = {"file_sha256": file_hash(path), "file_bytes": path.stat().st_size}
    _change(lake, update(store.version).where(store.version.c.id == one.id).values(**values))
    assert _kinds(lake) == []
    assert _kinds(lake, deep=True) == ["verify-rows", "verify-identity"]


def test_stated_bytes_that_are_no_table_are_found_by_looking_deep(lake):
    made = put(lake, wells(1.0)).version
    path = lake.objects.path(made.file)
    path.write_bytes(b"PAR1 no table at all")
    _change(lake, update(store.version).values(file_sha256=file_hash(path), file_bytes=path.stat().st_size))
    assert _kinds(lake, deep=True) == ["verify-file-unreadable"]


def test_a_head_that_points_nowhere_is_found(lake):
    put(lake, wells(1.0))
    put(lake, wells(2.0))
    _change(lake, update(store.head).values(number=9))
    assert _kinds(lake) == ["verify-head"]
    _change(lake, update(store.head).values(number=1))
    assert _kinds(lake) == ["verify-head"], "a head behind its log"
    _change(lake, delete(store.head))
    assert _kinds(lake) == ["verify-head"]


def test_a_log_with_a_gap_is_found(lake):
    for depth in (1.0, 2.0, 3.0):
        put(lake, wells(depth))
    _change(lake, delete(store.publication).where(store.publication.c.number == 2))
    assert _kinds(lake) == ["verify-log"]


def test_a_head_or_a_citation_whose_version_is_gone_is_found(lake):
    made = put(lake, wells(1.0)).version
    cite(lake, [("wells", made.id)], "a dossier")
    lake.objects.path(made.file).unlink()
    _change(lake, delete(store.version))
    found = verify(lake, at=AT).findings
    assert [one.kind for one in found] == ["verify-head-version", "verify-cited"]
    assert found[1].message.values["by"] == ("a dossier",)


def test_an_older_version_that_was_collected_is_no_damage(lake):
    made, _ = put(lake, wells(1.0)).version, put(lake, wells(2.0))
    lake.objects.path(made.file).unlink()
    _change(lake, delete(store.version).where(store.version.c.id == made.id))
    assert _kinds(lake) == []


def _brought(lake, content=b"id;depth"):
    """An original and rejects beside a version, as ingest leaves them."""
    made = put(lake, wells(1.0)).version
    sha256 = hashlib.sha256(content).hexdigest()
    original, rejects = f"originals/{sha256[:2]}/{sha256}", f"rejects/{made.id[:2]}/{made.id}.parquet"
    for name in (original, rejects):
        lake.objects.path(name).parent.mkdir(parents=True)
        lake.objects.path(name).write_bytes(content)
    with lake.database.write() as connection:
        store.put_receipt(connection, Receipt("wells", sha256, "2026", "wells.csv", "here", {}, len(content), original))
        store.put_examination(connection, Examination("wells", made.id, sha256, {}, rejects, 1, "2026"))
    return original, rejects


def test_originals_and_rejects_are_looked_at_too(lake):
    original, rejects = _brought(lake)
    found = verify(lake, at=AT)
    assert (found.files, found.findings) == (3, ())
    lake.objects.path(original).write_bytes(b"id;dept\xff")
    lake.objects.path(rejects).unlink()
    assert {one.place.file: one.kind for one in verify(lake, at=AT).errors} == {
        original: "verify-beside-changed",
        rejects: "verify-beside-missing",
    }


def test_what_lies_about_is_a_warning_once_it_is_old(lake):
    put(lake, wells(1.0))
    names = {f"ab/{'ab' * 32}.parquet": "verify-orphan", f"{TEMPORARY}/1.parquet": "verify-abandoned"}
    for name in (*names, "ab/notes.txt"):
        lake.objects.path(name).parent.mkdir(parents=True, exist_ok=True)
        lake.objects.path(name).write_bytes(b"x")
    now = datetime.now(UTC).isoformat()
    assert [one.kind for one in verify(lake, at=now).findings] == ["verify-foreign"]
    for name in names:
        os.utime(lake.objects.path(name), (time.time() - 4000,) * 2)
    found = verify(lake, at=now)
    assert {one.place.file: one.kind for one in found.findings} == names | {"ab/notes.txt": "verify-foreign"}
    assert {one.severity for one in found.findings} == {Severity.WARNING}
    assert found.errors == ()


def test_progress_names_each_file_once(lake):
    _brought(lake)
    put(lake, wells(2.0))
    told = []
    verify(lake, at=AT, progress=lambda done, of, file: told.append((done, of, file)))
    assert [(done, of) for done, of, _ in told] == [(0, 4), (1, 4), (2, 4), (3, 4)]
    assert len({file for *_, file in told}) == 4


def test_a_version_that_clean_up_took_meanwhile_is_no_damage(lake):
    made, _ = put(lake, wells(1.0)).version, put(lake, wells(2.0))

    def take(_done, _of, file):
        if file == made.file:
            _change(lake, delete(store.version).where(store.version.c.id == made.id))
            lake.objects.path(made.file).unlink()

    assert verify(lake, at=AT, progress=take).findings == ()


def test_a_damaged_database_is_one_sentence_or_a_finding(tmp_path, engine):
    lake = Lake(Database(tmp_path / "portico.sqlite"), Objects(tmp_path / "lake"), engine)
    put(lake, wells(1.0))
    with lake.database.write() as connection:
        connection.execute(text("PRAGMA foreign_keys=OFF"))
        row = {"dataset": "nobody", "number": 1, "version": "x", "published_at": "2026", "made_by": "x"}
    lake.database.close()
    _without_keys(lake, insert(store.publication).values(**row))
    assert set(_kinds(lake)) == {"verify-database", "verify-head"}
    lake.database.close()
    lake.database.path.write_bytes(b"SQLite format 3\x00" + b"\xff" * 4000)
    with pytest.raises(StateError) as raised:
        verify(lake, at=AT)
    assert raised.value.message_id == "state-damaged"


def _without_keys(lake, statement):
    """Write what the database itself would refuse."""
    import sqlite3

    compiled = statement.compile(compile_kwargs={"literal_binds": True})
    with sqlite3.connect(lake.database.path) as connection:
        connection.execute(str(compiled))
    connection.close()


def test_a_city_never_built_has_nothing_to_verify(tmp_path, engine):
    with pytest.raises(NotBuiltError):
        verify(Lake(Database(tmp_path / "portico.sqlite"), Objects(tmp_path / "lake"), engine), at=AT)


def test_the_same_file_of_two_datasets_is_read_once(lake, monkeypatch):
    springs = dataclasses.replace(WELLS, id="springs")
    file = dataclasses.replace(WELLS_FILE, id="springs.csv", dataset="springs")
    put(lake, wells(1.0))
    publish(lake, wells(1.0), springs, file, at="2026-11-23T09:00:00+00:00")
    read = []
    monkeypatch.setattr("portico.lake.keeping.verify.file_hash", lambda path: read.append(path) or file_hash(path))
    assert verify(lake, at=AT).findings == ()
    assert len(read) == 1
