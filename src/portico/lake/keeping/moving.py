"""Taking the whole working state elsewhere: the database as it stood at one moment, and every file it speaks of.

The target is a folder that becomes the ``.portico`` of a city folder. A copy that was interrupted is taken up again
where it stopped; when it is done, all of it has been read again and compared.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from portico.database import Connection, Database
from portico.errors import InputError, NotBuiltError, StateError
from portico.lake import store
from portico.lake.keeping.standing import Beside
from portico.lake.keeping.verify import Verified, verify
from portico.lake.lake import Lake
from portico.lake.objects import Objects, file_hash

UNFINISHED = "copy-unfinished"
"""The name of the file that marks a target until the copy is whole."""
_EVERYTHING_SINCE = ""
_TRIES = 5
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Copied:
    """What a copy did: how many files the target holds, how many of them this run brought, and what was verified."""

    files: int
    brought: int
    size: int
    verified: Verified


def copy(
    lake: Lake,
    target: Path,
    *,
    at: str,
    beside: Beside = store.files_beside,
    progress: Progress = lambda _done, _of, _file: None,
) -> Copied:
    """Copy the working state into the folder ``target``: empty, not there yet, or a copy that was interrupted.

    What others publish meanwhile is not part of it. A file that is damaged here is brought as it is and named in
    ``verified``. Raises InputError for a target that holds something else or lies inside the state, StateError where
    the database is on a server, NotBuiltError where nothing was ever published.
    """
    if lake.database.url:
        raise StateError("copy-server")
    if not lake.database.exists:
        raise NotBuiltError("not-built")
    _begin(lake, target)
    try:
        there = Objects(target / lake.objects.folder.name)
        wanted, brought, size = _brought(lake, target, there, beside, progress)
        other = Lake(Database(target / lake.database.path.name), there, lake.engine)
        try:
            verified = verify(other, at=at, beside=beside)
        finally:
            other.database.close()
        (target / UNFINISHED).unlink()
        _synchronise(target)
    except (OSError, sqlite3.Error) as error:
        detail = getattr(error, "strerror", None) or str(error)
        raise StateError("state-failed", path=target.name, detail=detail) from error
    return Copied(len(wanted), brought, size, verified)


def _begin(lake: Lake, target: Path) -> None:
    """Mark ``target`` as a copy that is under way."""
    state = {lake.database.path.parent.resolve(), lake.objects.folder.resolve()}
    place = target.resolve()
    if any(place == one or one in place.parents or place in one.parents for one in state):
        raise InputError("copy-inside", target=str(target))
    if target.exists() and not target.is_dir():
        raise InputError("copy-not-empty", target=str(target))
    if target.is_dir() and any(target.iterdir()) and not (target / UNFINISHED).is_file():
        raise InputError("copy-not-empty", target=str(target))
    try:
        target.mkdir(parents=True, exist_ok=True)
        (target / UNFINISHED).touch()
    except OSError as error:
        raise StateError("state-failed", path=target.name, detail=error.strerror or str(error)) from error


def _brought(
    lake: Lake, target: Path, there: Objects, beside: Beside, progress: Progress
) -> tuple[Mapping[str, str], int, int]:
    """Bring database and files; once more from the beginning where clean-up took a file meanwhile."""
    brought = size = 0
    for last in range(_TRIES):
        wanted = _snapshot(lake, target / lake.database.path.name, beside)
        missing = []
        for done, (file, sha256) in enumerate(sorted(wanted.items())):
            progress(done, len(wanted), file)
            try:
                new = _bring(lake.objects.path(file), there, file, sha256)
            except FileNotFoundError:
                missing.append(file)
                continue
            brought, size = brought + (new is not None), size + (new or 0)
        if not missing or last == _TRIES - 1 or not _changed(lake, missing, beside):
            return wanted, brought, size
    return {}, brought, size


def _snapshot(lake: Lake, place: Path, beside: Beside) -> dict[str, str]:
    """Write the database, as it stands now, to ``place``; return the files it speaks of and their SHA-256."""
    written = place.with_name(f"{place.name}.writing")
    written.unlink(missing_ok=True)
    with lake.database.read() as connection:
        wanted = _files(connection, beside)
        source = connection.connection.driver_connection
        with contextlib.closing(sqlite3.connect(written)) as copied:
            if isinstance(source, sqlite3.Connection):
                source.backup(copied)
    for left in (f"{place.name}-wal", f"{place.name}-shm"):
        place.with_name(left).unlink(missing_ok=True)
    _synchronise(written)
    written.replace(place)
    _synchronise(place.parent)
    return wanted


def _files(connection: Connection, beside: Beside) -> dict[str, str]:
    """Return every file the database speaks of, with its SHA-256 where that is known."""
    versions = store.every_version(connection)
    names = frozenset((one.dataset, one.id) for one in versions)
    extra = beside(connection, names, _EVERYTHING_SINCE)
    return {one.file: one.file_sha256 for one in versions} | {file: known for file, (_, known) in extra.items()}


def _changed(lake: Lake, missing: list[str], beside: Beside) -> bool:
    """Say whether the database no longer speaks of a file that is missing: then another copy of it will not either."""
    with lake.database.read() as connection:
        return not set(missing) <= set(_files(connection, beside))


def _bring(source: Path, there: Objects, file: str, sha256: str) -> int | None:
    """Copy one file and return its size; nothing where it is there already."""
    target = there.path(file)
    if _is_there(source, target, sha256):
        return None
    target.parent.mkdir(parents=True, exist_ok=True)
    with there.writing() as written:
        shutil.copyfile(source, written)
        _synchronise(written)
        written.replace(target)
    _synchronise(target.parent)
    return target.stat().st_size


def _is_there(source: Path, target: Path, sha256: str) -> bool:
    if not target.is_file() or target.stat().st_size != source.stat().st_size:
        return False
    return file_hash(target) == (sha256 or file_hash(source))


def _synchronise(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
