"""The folder of immutable files: written beside, synchronised, then renamed, so that no reader sees half a file."""

from __future__ import annotations

import contextlib
import hashlib
import os
import time
from pathlib import Path

from portico.errors import StateError

TEMPORARY = ".writing"
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

    def is_whole(self, file: str, sha256: str, size: int) -> bool:
        """Say whether a file named in a manifest is there with the bytes it was written with."""
        path = self.path(file)
        return path.is_file() and path.stat().st_size == size and file_hash(path) == sha256


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _synchronise(path: Path) -> None:
    """Force ``path`` (a file or a folder) to the disk; raise StateError where the disk is full or gone."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        raise StateError("state-failed", path=path.name, detail=error.strerror or str(error)) from error
    finally:
        os.close(handle)
