"""Lines from the beginning, the middle and the end of a prepared text file (UTF-8), with where they stand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from portico.errors import InputError
from portico.lake.limits import MAX_RECORD_BYTES
from portico.lake.sniff.encoding import opened

HEAD_BYTES = 262_144
_WINDOW = 32_768
_WINDOWS = 6
_ENDS = re.compile(rb"\r\n|\n|\r")


@dataclass(frozen=True, slots=True)
class Sample:
    """``head`` holds the first lines, ``starts`` their offsets; ``middle`` lines from further on, ``tail`` the last.

    A file that fits into the head has neither middle nor tail.
    """

    head: tuple[str, ...]
    starts: tuple[int, ...]
    middle: tuple[str, ...]
    tail: tuple[str, ...]
    tail_starts: tuple[int, ...]
    size: int
    head_end: int

    @property
    def is_whole(self) -> bool:
        """Whether the head is the whole file."""
        return not self.tail

    @property
    def last(self) -> tuple[tuple[str, ...], tuple[int, ...]]:
        """The last lines and where they start."""
        return (self.head, self.starts) if self.is_whole else (self.tail, self.tail_starts)


def take(path: Path, name: str) -> Sample:
    """Return a sample of ``path``. Raises InputError where a line is longer than any record may be."""
    size = path.stat().st_size
    with opened(path) as file:
        begin = file.tell()
        data = file.read(HEAD_BYTES)
        while len(data) + begin < size and not _ENDS.search(data):
            more = file.read(HEAD_BYTES * 8)
            data += more
            if len(data) > MAX_RECORD_BYTES or not more:
                raise InputError("line-too-long", file=name, limit=MAX_RECORD_BYTES)
        is_whole = len(data) + begin >= size
        head, starts = _lines(data, begin, whole=is_whole)
        if is_whole:
            return Sample(head, starts, (), (), (), size, size)
        head_end = begin + max(data.rfind(b"\n"), data.rfind(b"\r")) + 1
        middle: list[str] = []
        for step in range(1, _WINDOWS):
            middle.extend(_window(file, size * step // _WINDOWS)[0])
        tail, tail_starts = _window(file, max(size - _WINDOW * 2, begin + len(data)), to_end=True)
    return Sample(head, starts, tuple(middle), tail, tail_starts, size, head_end)


def _window(file: object, offset: int, *, to_end: bool = False) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Return the whole lines around ``offset``; the first, which may be cut, is left out."""
    file.seek(offset)  # type: ignore[attr-defined]
    data = file.read(_WINDOW * 2 if to_end else _WINDOW)  # type: ignore[attr-defined]
    first = _ENDS.search(data)
    if first is None:
        return (), ()
    return _lines(data[first.end() :], offset + first.end(), whole=to_end)


def _lines(data: bytes, offset: int, *, whole: bool) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Return the lines in ``data`` and where they start; an unended last one only where the file ends there."""
    lines, starts, position = [], [], 0
    for end in _ENDS.finditer(data):
        lines.append(data[position : end.start()].decode("utf-8", errors="replace"))
        starts.append(offset + position)
        position = end.end()
    if whole and position < len(data):
        lines.append(data[position:].decode("utf-8", errors="replace"))
        starts.append(offset + position)
    return tuple(lines), tuple(starts)
