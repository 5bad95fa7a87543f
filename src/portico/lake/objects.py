"""The folder of immutable files: written beside, synchronised, then renamed, so that no reader sees half a file."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from portico.errors import ConflictError, StateError

TEMPORARY = ".writing"
WORKSHOPS = ".workshops"
_ABANDONED_S = 3600


class Objects:
    """Immutable files under ``folder``, addressed by version id. Paths kept elsewhere are relative to it."""

    def __init__(self, folder: Path) -> None:
        """Keep files in ``folder``, made when first written."""
        self.folder = folder

    def path(self, file: str) -> Path:
        """Return the place of a file named in a manifest."""
        return self.folder / file

    @staticmethod
    def name(identifier: str) -> str:
        """Return the relative name of the file of a version."""
        return f"{identifier[:2]}/{identifier}.parquet"

    def temporary(self) -> Path:
        """Return a new place to write to; what a killed process left there is removed after an hour."""
        workplace = self.folder / TEMPORARY
        workplace.mkdir(parents=True, exist_ok=True)
        for left in workplace.iterdir():
            with contextlib.suppress(FileNotFoundError):  # another writer has just moved it to its place
                if time.time() - left.stat().st_mtime > _ABANDONED_S:
                    left.unlink()
        return workplace / f"{os.getpid()}-{os.urandom(6).hex()}.parquet"

    @contextlib.contextmanager
    def writing(self) -> Iterator[Path]:
        """Give a new place to write to; what a failure leaves there goes: a full disk gets its room back."""
        written = self.temporary()
        try:
            yield written
        finally:
            written.unlink(missing_ok=True)

    def keep(self, written: Path, identifier: str) -> tuple[str, str, int]:
        """Move ``written`` to its place; return its relative name, SHA-256 and size."""
        name = self.name(identifier)
        place = self.path(name)
        place.parent.mkdir(parents=True, exist_ok=True)
        _synchronise(written)
        written.replace(place)
        _synchronise(place.parent)
        _synchronise(place.parent.parent)
        return name, file_hash(place), place.stat().st_size

    def keep_as(self, source: Path, name: str, *, copy: bool) -> str:
        """Put ``source`` at the relative ``name``, by a copy or by moving it; return the name.

        What is there under that name already is the same content, and stays.
        """
        place = self.path(name)
        if place.is_file():
            return name
        if not copy:
            _put(source, place)
            return name
        with self.writing() as written:
            shutil.copyfile(source, written)
            _put(written, place)
        return name

    @contextlib.contextmanager
    def workshop(self) -> Iterator[Path]:
        """Give a folder of its own to one piece of work, on the same disk as the files; removed afterwards.

        What the work of a killed process left there is removed when the next one begins.
        """
        shops = self.folder / WORKSHOPS
        shops.mkdir(parents=True, exist_ok=True)
        for left in shops.iterdir():
            if not _is_alive(left.name):
                shutil.rmtree(left, ignore_errors=True)
        with tempfile.TemporaryDirectory(prefix=f"{os.getpid()}-", dir=shops, ignore_cleanup_errors=True) as folder:
            yield Path(folder)

    def demand(self, *files: str) -> None:
        """Raise ConflictError where a file is gone that was about to be published again: clean-up was quicker.

        To be called inside the writing transaction, during which clean-up removes nothing.
        """
        for file in files:
            if file and not self.path(file).is_file():
                raise ConflictError("file-collected", file=file)

    def is_whole(self, file: str, sha256: str, size: int) -> bool:
        """Say whether a file named in a manifest is there with the bytes it was written with."""
        path = self.path(file)
        return path.is_file() and path.stat().st_size == size and file_hash(path) == sha256


def _is_alive(name: str) -> bool:
    """Say whether the process that named a workshop still runs on this machine."""
    process = name.partition("-")[0]
    if not process.isdigit() or int(process) == os.getpid():
        return process.isdigit()
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _put(written: Path, place: Path) -> None:
    """Move a file that is written to its place, where nobody sees half of it."""
    place.parent.mkdir(parents=True, exist_ok=True)
    _synchronise(written)
    written.replace(place)
    _synchronise(place.parent)


def _synchronise(path: Path) -> None:
    """Force ``path`` (a file or a folder) to the disk; raise StateError where the disk is full or gone."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        raise StateError("state-failed", path=path.name, detail=error.strerror or str(error)) from error
    finally:
        os.close(handle)
