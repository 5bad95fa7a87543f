"""Ingest from the outside: killed, out of disk, two at once, hostile files. The last good version stays."""

from __future__ import annotations

import json
import os
import random
import resource
import shutil
import signal
import subprocess
import time
import zipfile

import pytest
from tests.commands import PORTICO, environment, portico

from portico.database import Database
from portico.lake import queries
from portico.lake.keeping.verify import verify
from portico.lake.lake import open_lake

AT = "2026-11-24T12:00:00+00:00"


def write(path, rows, first=0):
    lines = [f"{first + n:05d};Borgo Prova;{n},5;{n % 28 + 1:02d}/11/2026" for n in range(rows)]
    path.write_text("codice;comune;profondita;data\n" + "\n".join(lines) + "\n", "utf-8")
    return path


def lake_in(folder):
    return open_lake(Database(folder / "portico.sqlite"), folder / "lake")


def is_sound(folder):
    """Say whether every head of a lake is there whole, and nothing but leftovers is odd."""
    lake = lake_in(folder)
    heads = queries.heads(lake)
    assert all(queries.is_whole(lake, one) for one in heads.values())
    assert all(one.severity == "warning" for one in verify(lake, at=AT, deep=True).findings)
    return heads


def kill(tmp_path, times, seed):
    chance = random.Random(seed)
    first = write(tmp_path / "first.csv", 300)
    assert portico("ingest", str(first), "--lake", "lake", "--dataset", "d", cwd=tmp_path).returncode == 0
    for number in range(times):
        path = write(tmp_path / "next.csv", 20_000, first=number + 1)
        command = [*PORTICO, "ingest", str(path), "--lake", "lake", "--dataset", "d"]
        running = subprocess.Popen(
            command, cwd=tmp_path, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(chance.uniform(0.3, 2.5))
        running.send_signal(signal.SIGKILL)
        running.wait(timeout=30)
        assert "d" in is_sound(tmp_path / "lake")
    last = write(tmp_path / "last.csv", 500, first=77)
    done = portico("ingest", str(last), "--lake", "lake", "--dataset", "d", "--json", cwd=tmp_path)
    assert json.loads(done.stdout)[0]["status"] == "published"
    assert is_sound(tmp_path / "lake")["d"].row_count == 500


def test_an_ingest_that_is_killed_leaves_the_last_good_version(tmp_path):
    kill(tmp_path, times=4, seed=11)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10))
def test_a_hundred_kills_leave_the_last_good_version(tmp_path, seed):
    kill(tmp_path, times=10, seed=seed)


def many_numbers(folder):
    chance = random.Random(5)
    path = folder / "next.csv"
    path.write_text("a;b\n" + "\n".join(f"{chance.random()};{chance.random()}" for _ in range(60_000)), "utf-8")
    return path


def many_places(folder):
    chance = random.Random(5)
    point = (
        '{{"type": "Feature", "properties": {{"a": {}}}, "geometry": {{"type": "Point", "coordinates": [7.6, {}]}}}}'
    )
    features = ", ".join(point.format(number, 45 + chance.random() / 10) for number in range(4_000))
    path = folder / "next.geojson"
    path.write_text('{"type": "FeatureCollection", "features": [' + features + "]}", "utf-8")
    return path


@pytest.fixture(scope="module")
def begun(tmp_path_factory):
    """A folder with a lake that has one good version."""
    folder = tmp_path_factory.mktemp("begun")
    first = write(folder / "first.csv", 100)
    assert portico("ingest", str(first), "--lake", "lake", "--dataset", "d", cwd=folder).returncode == 0
    return folder


@pytest.mark.parametrize("write_large", [many_numbers, many_places])
@pytest.mark.parametrize("room", [4_096, 60_000, 200_000])
def test_a_disk_that_is_full_gives_one_sentence_and_leaves_the_last_good_version(tmp_path, begun, room, write_large):
    """No file may grow beyond ``room`` bytes: what a full disk does to a writer."""
    shutil.copytree(begun, tmp_path, dirs_exist_ok=True)
    before = is_sound(tmp_path / "lake")
    path = write_large(tmp_path)
    done = subprocess.run(
        [*PORTICO, "ingest", str(path), "--lake", "lake", "--dataset", "d"],
        cwd=tmp_path,
        env=environment(PYTHONDONTWRITEBYTECODE="1"),  # it would cut its own files off
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (room, room)),
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr + done.stdout
    assert "not foreseen" not in done.stderr
    assert is_sound(tmp_path / "lake") == before


def test_two_ingests_of_one_dataset_at_once_are_two_publications(tmp_path):
    files = [write(tmp_path / f"{name}.csv", 3_000, first=number) for number, name in enumerate("abcd")]
    running = [
        subprocess.Popen(
            [*PORTICO, "ingest", str(path), "--lake", "lake", "--dataset", "d", "--json"],
            cwd=tmp_path,
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for path in files
    ]
    said = [one.communicate(timeout=120) for one in running]
    assert [one.returncode for one in running] == [0, 0, 0, 0], said
    lake = lake_in(tmp_path / "lake")
    assert [one.number for one in queries.history(lake, "d")] == [1, 2, 3, 4]
    is_sound(tmp_path / "lake")


def test_many_files_go_over_processes_and_a_bad_one_is_one_result(tmp_path):
    folder = tmp_path / "deliveries"
    folder.mkdir()
    for number in range(6):
        write(folder / f"register_{number}.csv", 50, first=number)
    (folder / "page.csv").write_text("<!DOCTYPE html><html><body>login</body></html>")
    (folder / "empty.csv").write_bytes(b"")
    done = portico("ingest", "deliveries", "--lake", "lake", "--json", cwd=tmp_path)
    found = {one["file"]: one["status"] for one in json.loads(done.stdout)}
    assert done.returncode == 1
    assert found["page.csv"] == "refused"
    assert found["empty.csv"] == "empty"
    assert sum(status == "published" for status in found.values()) == 6
    assert len(is_sound(tmp_path / "lake")) == 6


def bomb(path):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", b"0" * 300_000_000)


def traversal(path):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../../outside.csv", "a;b\n1;2\n")


def entities(path):
    inside = "".join(f'<!ENTITY x{n} "{f"&x{n - 1};" * 10}">' for n in range(1, 12))
    path.write_text(
        f'<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY x0 "lol">{inside}]><kml><Document>&x11;</Document></kml>'
    )


HOSTILE = {
    "one byte": lambda path: path.write_bytes(b"\x80"),
    "nothings": lambda path: path.write_bytes(bytes(100_000)),
    "ten million columns": lambda path: path.write_bytes(b"a;" * 10_000_000),
    "unclosed quote": lambda path: path.write_bytes(b'"' + b"a;b;c\n" * 200_000),
    "truncated parquet": lambda path: path.write_bytes(b"PAR1" + os.urandom(500)),
    "zip bomb": bomb,
    "path traversal": traversal,
    "xml entities": entities,
    "deep json": lambda path: path.write_text("[" * 100_000),
    "terminal control": lambda path: path.write_text("a;\x1b[31mb\n1;\x1b]0;x\x07\n2;3\n"),
    "a name that is sql": lambda path: path.write_text("""a'); DROP TABLE x; --;"b""c"\n1;2\n3;4\n"""),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_or_read_with_one_sentence(tmp_path, name):
    path = tmp_path / "file.csv"
    HOSTILE[name](path)
    done = portico("inspect", str(path), cwd=tmp_path)
    assert done.returncode in (0, 1)
    assert "Traceback" not in done.stderr
    assert "\x1b" not in done.stdout + done.stderr
    assert not (tmp_path.parent / "outside.csv").exists()
    if done.returncode:
        assert len(done.stderr.strip().splitlines()) <= 6, done.stderr
