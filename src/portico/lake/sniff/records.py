"""Splitting lines into cells: strictly, as the dialect says; or leniently, as people and broken programs write.

Strict: a quoted cell ends at a quote before a delimiter or the end; anything else between is a fault. Lenient: a stray
quote is a letter. A line that is read only leniently is taken where exactly one reading gives the expected number of
cells, and that is said; otherwise it is no record of the table, and its raw text is kept.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

_MAX_READINGS = 40
OTHER_DELIMITERS = (";", "\t", "|", ",")


@dataclass(frozen=True, slots=True)
class Split:
    """The cells of a line. ``open`` says that the last one begins with a quote that is not closed in this line."""

    cells: list[str]
    open: bool = False


@dataclass(frozen=True, slots=True)
class Splitter:
    r"""Splits lines of one dialect. ``escape`` is the quote itself where it is doubled, "\" or nothing."""

    delimiter: str
    quote: str
    escape: str

    def strict(self, line: str) -> Split | None:
        """Return the cells of ``line``, an open split, or nothing where quotes stand where none may."""
        if not self.quote or self.quote not in line:
            return Split(line.split(self.delimiter) if self.delimiter else [line])
        quoted, plain, opening = _patterns(self.delimiter, self.quote, self.escape)
        cells: list[str] = []
        marked = 0
        position, end, step = 0, len(line), len(self.delimiter)
        may_open = (self.quote[0], " ")
        while True:
            opens = line[position] in may_open
            found = quoted.match(line, position) if opens else None
            if found:
                cells.append(self._unescaped(found.group(1)))
            elif opens and opening.match(line, position):
                return Split(cells, open=True) if self._stays_open(line, position) else None
            else:
                found = plain.match(line, position)
                if found is None:
                    return None
                cells.append(found.group())
                marked += self.quote in cells[-1]
            position = found.end()
            if position < end:
                position += step
                if position < end:
                    continue
                cells.append("")
            return Split(cells) if marked <= 1 else None

    def _stays_open(self, line: str, position: int) -> bool:
        """Say whether the quote at ``position`` is simply not closed: no lone quote stands behind it."""
        inside = line[position:].lstrip(" ")[1:]
        if self.escape == "\\":
            inside = re.sub(r"\\.", "", inside)
        return self.quote not in inside.replace(self.quote * 2, "")

    def _unescaped(self, text: str) -> str:
        if self.escape == "\\":
            return text.replace(f"\\{self.quote}", self.quote).replace(self.quote * 2, self.quote)
        return text.replace(self.quote * 2, self.quote) if self.escape else text

    def loose(self, line: str) -> list[str]:
        """Return the cells of ``line`` as they come, however many; a stray quote is a letter."""
        return self._loose(line, frozenset()) if self.delimiter else [line]

    def lenient(self, line: str, expected: int) -> list[str] | None:
        """Return the one reading of ``line`` with ``expected`` cells, where there is exactly one; else nothing."""
        if not self.delimiter:
            return [line] if expected == 1 else None
        first = self._loose(line, frozenset())
        if len(first) == expected:
            return None if self._is_torn(line, first) else first
        starts = self._quoted_starts(line)[:_MAX_READINGS]
        readings = [cells for cells in (self._loose(line, frozenset((at,))) for at in starts) if len(cells) == expected]
        if len(readings) == 1 or (readings and all(one == readings[0] for one in readings)):
            return readings[0]
        return None

    def _is_torn(self, line: str, cells: Sequence[str]) -> bool:
        """Say whether a quoted cell may have been cut in two: one plain cell holds its beginning, a later one its end.

        That happens where the delimiter before a quoted cell is missing: the number of cells can come out right by
        chance, and every one of them be wrong.
        """
        if not self.quote or line.count(self.quote) < 2:  # noqa: PLR2004 - a tear needs two
            return False
        held = [cell for cell in cells if self.quote in cell]
        return len(held) > 1

    def _quoted_starts(self, line: str) -> list[int]:
        if not self.quote:
            return []
        starts = [0] if line.startswith(self.quote) else []
        mark = self.delimiter + self.quote
        position = line.find(mark)
        while position >= 0:
            starts.append(position + len(self.delimiter))
            position = line.find(mark, position + 1)
        return starts

    def _loose(self, line: str, literal: frozenset[int]) -> list[str]:
        """Split ``line``; a quoted cell ends at the first quote before a delimiter; ``literal`` quotes are letters."""
        cells: list[str] = []
        position, step = 0, len(self.delimiter)
        while True:
            end = -1
            if self.quote and line.startswith(self.quote, position) and position not in literal:
                end = self._closing(line, position)
            if end >= 0:
                cells.append(self._unescaped(line[position + 1 : end]))
                position = end + 1
            else:
                stop = line.find(self.delimiter, position)
                cells.append(line[position:] if stop < 0 else line[position:stop])
                position = len(line) if stop < 0 else stop
            if position >= len(line):
                return cells
            position += step
            if position == len(line):
                return [*cells, ""]

    def _closing(self, line: str, position: int) -> int:
        """Return where the quoted cell that begins at ``position`` is closed, or -1."""
        mark = self.quote + self.delimiter
        end = line.find(mark, position + 1)
        return end if end >= 0 else (len(line) - 1 if line.endswith(self.quote) and len(line) - 1 > position else -1)

    def other(self, line: str, expected: int) -> tuple[list[str], str] | None:
        """Return the cells and the delimiter of a line written with another delimiter than its file, or nothing.

        A line in which the delimiter of the file stands was written with that: what else cuts it is in the cells.
        """
        if expected < 2 or self.delimiter in line:  # noqa: PLR2004 - one cell is one cell with any delimiter
            return None
        for delimiter in OTHER_DELIMITERS:
            if delimiter != self.delimiter and delimiter in line:
                split = Splitter(delimiter, self.quote, self.escape).strict(line)
                if split and not split.open and len(split.cells) == expected:
                    return split.cells, delimiter
        return None


@lru_cache(maxsize=64)
def _patterns(delimiter: str, quote: str, escape: str) -> Sequence[re.Pattern[str]]:
    """Return the patterns of a quoted cell, of a plain cell, and of the beginning of a quoted cell."""
    mark, cut = re.escape(quote), re.escape(delimiter)
    inside = rf"(?:[^{mark}\\]|\\.|{mark}{mark})*" if escape == "\\" else rf"(?:[^{mark}]|{mark}{mark})*"
    if not escape:
        inside = f"[^{mark}]*"
    end = f"(?={cut}|\\Z)" if delimiter else r"\Z"
    blank = "" if delimiter.strip() == "" else " *"
    plain = f"[^{cut}]*" if len(delimiter) == 1 else f"(?:(?!{cut}).)*" if delimiter else ".*"
    return (
        re.compile(f"{blank}{mark}({inside}){mark}{blank}{end}", re.DOTALL),
        re.compile(plain, re.DOTALL),
        re.compile(f"{blank}{mark}"),
    )
