"""The files that lie in a lake's folder, whatever the database says about them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from portico.lake.objects import TEMPORARY, WORKSHOPS

_ADDRESSED = re.compile(r"(?:[a-z]+/)?([0-9a-f]{2})/\1[0-9a-f]{62}(?:\.[a-z]+)?")


class Sort(StrEnum):
    """What a file in the folder is by its place."""

    OBJECT = "object"
    """Named by its content: if nothing refers to it, it may go."""
    ABANDONED = "abandoned"
    """Being written, or, where it is old, left by a killed process."""
    AT_WORK = "at-work"
    """In the workshop of an ingest; the next one removes those whose process has ended."""
    FOREIGN = "foreign"
    """Nothing of ours; never touched."""


_PASSING = {TEMPORARY: Sort.ABANDONED, WORKSHOPS: Sort.AT_WORK}


@dataclass(frozen=True, slots=True)
class Lying:
    """A file in the folder: its relative name, size in bytes, when it was last written (seconds since 1970)."""

    name: str
    sort: Sort
    size: int
    written_s: float


def lying(folder: Path) -> Iterator[Lying]:
    """Yield every file in ``folder``. What goes away meanwhile is left out; links are foreign and not followed."""
    for place, _, names in os.walk(folder):
        for name in names:
            path = Path(place) / name
            relative = path.relative_to(folder).as_posix()
            try:
                seen = path.lstat()
            except FileNotFoundError:
                continue
            yield Lying(relative, _sort(path, relative), seen.st_size, seen.st_mtime)


def _sort(path: Path, relative: str) -> Sort:
    if path.is_symlink():
        return Sort.FOREIGN
    top = relative.split("/", 1)[0]
    if top in _PASSING:
        return _PASSING[top]
    return Sort.OBJECT if _ADDRESSED.fullmatch(relative) else Sort.FOREIGN
