"""The whole working state taken elsewhere: complete, consistent, taken up again where it was interrupted."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import threading

import pytest
from tests.databases import SERVER
from tests.lakes import put, wells

from portico import city
from portico.build import lake_of
from portico.cli import main
from portico.database import Database
from portico.errors import InputError, NotBuiltError, StateError
from portico.lake import store
from portico.lake.engine import Engine
from portico.lake.keeping import moving
from portico.lake.keeping.moving import UNFINISHED, copy
from portico.lake.keeping.verify import verify
from portico.lake.lake import Lake
from portico.lake.model import Examination, Receipt
from portico.lake.objects import Objects
from portico.lake.queries import heads, history, read

AT = "2026-11-23T09:00:00+00:00"


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine()


@pytest.fixture
def lake(tmp_path, engine):
    database = Database(tmp_path / "here" / ".portico" / "portico.sqlite")
    yield Lake(database, Objects(tmp_path / "here" / ".portico" / "lake"), engine)
    database.close()


def _there(target, engine):
    return Lake(Database(target / "portico.sqlite"), Objects(target / "lake"), engine)


def _files(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_copy_holds_every_version_and_the_log(lake, tmp_path, engine):
    first, second = put(lake, wells(1.0)).version, put(lake, wells(2.0, None)).version
    told = []
    done = copy(lake, tmp_path / "there", at=AT, progress=lambda *one: told.append(one))
    assert (done.files, done.brought, done.size) == (2, 2, first.file_bytes + second.file_bytes)
    assert done.verified.findings == ()
    assert [(at, of) for at, of, _ in told] == [(0, 2), (1, 2)]
    there = _there(tmp_path / "there", engine)
    assert history(there, "wells") == history(lake, "wells")
    assert heads(there) == heads(lake)
    assert read(there, first).rows == [("w0", 1.0)]
    assert verify(there, at=AT, deep=True).findings == ()
    assert put(there, wells(3.0)).publication.number == 3, "the copy goes on by itself"
    assert len(history(lake, "wells")) == 2
    there.database.close()


def test_the_copy_works_in_another_city_folder(torino, tmp_path, capsys):
    folder = tmp_path / "moved"
    ignored = shutil.ignore_patterns(".portico")
    shutil.copytree(torino.folder, folder, ignore=ignored)
    done = copy(lake_of(torino), folder / ".portico", at=AT)
    assert done.verified.findings == ()
    moved = city.open(folder)
    assert heads(lake_of(moved)) == heads(lake_of(torino))
    moved.database.close()
    assert main(["data", "list", "--city", str(folder)]) == 0
    assert "sites" in capsys.readouterr().out


def test_originals_rejects_and_nothing_else_come_with_it(lake, tmp_path):
    made = put(lake, wells(1.0)).version
    sha256 = hashlib.sha256(b"x").hexdigest()
    original, rejects = f"originals/{sha256[:2]}/{sha256}", f"rejects/{made.id[:2]}/{made.id}.parquet"
    for name in (original, rejects, f"ab/{'ab' * 32}.parquet", "notes.txt"):
        lake.objects.path(name).parent.mkdir(parents=True, exist_ok=True)
        lake.objects.path(name).write_bytes(b"x")
    with lake.database.write() as connection:
        store.put_receipt(connection, Receipt("wells", sha256, AT, "wells.csv", "here", {}, 1, original))
        store.put_examination(connection, Examination("wells", made.id, sha256, {}, rejects, 1, AT))
    done = copy(lake, tmp_path / "there", at=AT)
    assert done.verified.findings == ()
    assert set(_files(tmp_path / "there" / "lake")) == {made.file, original, rejects}


def test_an_interrupted_copy_is_taken_up_again(lake, tmp_path, monkeypatch, engine):
    for depth in range(5):
        put(lake, wells(float(depth)))
    target = tmp_path / "there"

    def interrupt(done, _of, _file):
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        copy(lake, target, at=AT, progress=interrupt)
    assert (target / UNFINISHED).is_file()
    put(lake, wells(9.0))
    done = copy(lake, target, at=AT)
    assert (done.files, done.brought) == (6, 3)
    assert done.verified.findings == ()
    assert not (target / UNFINISHED).exists()
    there = _there(target, engine)
    assert heads(there) == heads(lake)
    there.database.close()
    with pytest.raises(InputError):
        copy(lake, target, at=AT)


def test_a_full_disk_is_one_sentence_and_the_copy_goes_on_later(lake, tmp_path, monkeypatch):
    put(lake, wells(1.0))
    put(lake, wells(2.0))
    real = shutil.copyfile
    left = [1]

    def full(source, target):
        if not left:
            target.write_bytes(b"half")
            raise OSError(errno.ENOSPC, "No space left on device")
        left.pop()
        return real(source, target)

    monkeypatch.setattr(moving.shutil, "copyfile", full)
    with pytest.raises(StateError) as raised:
        copy(lake, tmp_path / "there", at=AT)
    assert raised.value.message_id == "state-failed"
    assert "No space" in raised.value.values["detail"]
    monkeypatch.undo()
    done = copy(lake, tmp_path / "there", at=AT)
    assert (done.files, done.brought) == (2, 1)
    assert done.verified.findings == ()


def test_a_target_that_holds_something_is_left_alone(lake, tmp_path):
    put(lake, wells(1.0))
    full = tmp_path / "full"
    full.mkdir()
    (full / "mine.txt").write_bytes(b"mine")
    with pytest.raises(InputError) as raised:
        copy(lake, full, at=AT)
    assert raised.value.message_id == "copy-not-empty"
    assert _files(full) == {"mine.txt": b"mine"}
    with pytest.raises(InputError):
        copy(lake, full / "mine.txt", at=AT)
    empty = tmp_path / "empty"
    empty.mkdir()
    assert copy(lake, empty, at=AT).files == 1


@pytest.mark.parametrize("part", ["", "lake", "lake/ab", "..", "copy"])
def test_a_target_inside_the_state_or_around_it_is_refused(lake, part):
    put(lake, wells(1.0))
    before = _files(lake.objects.folder)
    with pytest.raises(InputError) as raised:
        copy(lake, lake.database.path.parent / part, at=AT)
    assert raised.value.message_id == "copy-inside"
    assert _files(lake.objects.folder) == before


def test_a_damaged_file_is_brought_and_named(lake, tmp_path):
    good, bad, gone = (put(lake, wells(depth)).version for depth in (1.0, 2.0, 3.0))
    lake.objects.path(bad.file).write_bytes(b"damaged")
    lake.objects.path(gone.file).unlink()
    done = copy(lake, tmp_path / "there", at=AT)
    assert {one.place.file: one.kind for one in done.verified.errors} == {
        bad.file: "verify-file-changed",
        gone.file: "verify-file-missing",
    }
    assert good.file in _files(tmp_path / "there" / "lake")


def test_what_clean_up_takes_meanwhile_is_not_missed(lake, tmp_path):
    first, _ = put(lake, wells(1.0)).version, put(lake, wells(2.0))
    taken = []

    def take(_done, _of, _file):
        if not taken:
            taken.append(first)
            with lake.database.write() as connection:
                store.remove_version(connection, "wells", first.id)
            lake.objects.path(first.file).unlink()

    done = copy(lake, tmp_path / "there", at=AT, progress=take)
    assert done.verified.findings == ()
    assert done.verified.versions == 1


def test_a_copy_made_while_others_publish_is_consistent(lake, tmp_path, engine):
    put(lake, wells(0.0))
    stop = threading.Event()

    def work():
        depth = 1.0
        while not stop.is_set():
            put(lake, wells(depth))
            depth += 1

    worker = threading.Thread(target=work)
    worker.start()
    try:
        for turn in range(5):
            target = tmp_path / f"copy-{turn}"
            assert copy(lake, target, at=AT).verified.findings == ()
            there = _there(target, engine)
            assert heads(there)["wells"].id == history(there, "wells")[-1].version
            there.database.close()
    finally:
        stop.set()
        worker.join()


def test_a_database_on_a_server_is_copied_by_the_server(tmp_path, engine):
    database = Database(tmp_path / "unused.sqlite", SERVER or "postgresql+psycopg://localhost/none")
    with pytest.raises(StateError) as raised:
        copy(Lake(database, Objects(tmp_path / "lake"), engine), tmp_path / "there", at=AT)
    assert raised.value.message_id == "copy-server"


def test_a_city_never_built_has_nothing_to_copy(lake, tmp_path):
    with pytest.raises(NotBuiltError):
        copy(lake, tmp_path / "there", at=AT)
    assert not (tmp_path / "there").exists()


def test_the_database_of_the_copy_may_be_read_where_nothing_may_be_written(lake, tmp_path, engine, monkeypatch):
    put(lake, wells(1.0))
    copy(lake, tmp_path / "there", at=AT)
    monkeypatch.setattr(os, "access", lambda *_, **__: False)
    there = _there(tmp_path / "there", engine)
    assert list(heads(there)) == ["wells"]
    there.database.close()
