"""A portfolio: the projects of a folder, or of the files named, read and found sound."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from portico.errors import InputError, UsageError
from portico.permits import answers as projects
from portico.permits.model import Pack
from portico.permits.reform import Project

MOST = 10_000


def read(paths: Sequence[Path], pack: Pack) -> list[Project]:
    """Return the projects in ``paths``: files, or folders with files that end in ``.toml``.

    Raises UsageError where there is none, InputError for too many, RejectedError for the first that is not sound.
    """
    files = [file for path in paths for file in _files(path)]
    if not files:
        raise UsageError("portfolio-empty", paths=", ".join(path.name for path in paths) or "–")
    if len(files) > MOST:
        raise InputError("portfolio-too-large", count=len(files), limit=MOST)
    return [Project(file.stem, projects.given(projects.read(file, pack))) for file in files]


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(path.glob("*.toml"))
    if not path.is_file():
        raise UsageError("file-missing", file=str(path))
    return [path]
