"""Reading an irregular text file record by record: what does not fit is kept with its row and its raw text."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from portico.errors import InputError
from portico.lake.found import Member, Parsed, RejectWriter, Workshop
from portico.lake.limits import MAX_RECORD_BYTES
from portico.lake.sniff.records import Splitter
from portico.messages import Finding, Message, Place, Severity

if TYPE_CHECKING:
    from portico.lake.readers.delimited import Layout

ROW = "_row"
_JOINED_BYTES = 1_000_000
_LISTED = 20
_PADDED_SHARE = 0.1
_PATIENCE = 200
_SAID = {
    "row-width": "rows-of-other-width",
    "row-footer": "rows-below-the-table",
    "row-header-again": "rows-that-are-headers",
}
"""For each reason of a reject, what is said of all of them together."""


@dataclass(slots=True)
class Seen:
    """What was odd on the way: per kind how often, and the first rows."""

    counts: dict[str, int] = field(default_factory=dict)
    rows: dict[str, list[int]] = field(default_factory=dict)

    def note(self, kind: str, row: int) -> None:
        """Count one more of ``kind``."""
        self.counts[kind] = self.counts.get(kind, 0) + 1
        listed = self.rows.setdefault(kind, [])
        if len(listed) < _LISTED:
            listed.append(row)

    def findings(self, name: str) -> tuple[Finding, ...]:
        """Return one finding a kind, with the first rows."""
        return tuple(
            Finding(
                Message(kind, {"count": count, "rows": ", ".join(map(str, self.rows[kind]))}),
                Place(name, self.rows[kind][0]),
                "",
                Severity.WARNING,
            )
            for kind, count in self.counts.items()
        )


def read(layout: Layout, member: Member, shop: Workshop) -> Parsed:
    """Return the table of an irregular file; its relation carries the row of every record."""
    from portico.lake.readers.delimited import dialect_of  # noqa: PLC0415 - the two readers share a layout

    target = shop.place(".csv")
    seen = Seen()
    with RejectWriter(shop.place(".rejects.csv")) as rejects, target.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)
        rows = 0
        for row, cells in _Records(layout, member.name, seen, rejects):
            writer.writerow((row, *cells))
            rows += 1
    columns = ", ".join(f"{_text(name)}: 'VARCHAR'" for name in layout.shape.names)
    relation = (
        f"read_csv({_text(str(target))}, delim=',', quote='\"', escape='\"', header=false, auto_detect=false, "
        f"strict_mode=true, max_line_size={MAX_RECORD_BYTES * 2}, buffer_size={MAX_RECORD_BYTES * 4}, "
        f"columns={{{_text(ROW)}: 'BIGINT', {columns}}})"
    )
    return Parsed(
        name="",
        relation=relation,
        columns=layout.shape.names,
        rows=rows,
        format=member.format,
        headers=layout.shape.headers,
        dialect=dialect_of(layout),
        first_row=layout.first_row,
        row_column=ROW,
        issues=seen.findings(member.name),
        rejects=rejects.kept,
        reject_count=rejects.count,
    )


class _Records:
    """Goes through the lines below the header once and yields the row and the cells of each record that fits."""

    def __init__(self, layout: Layout, name: str, seen: Seen, rejects: RejectWriter) -> None:
        self._layout = layout
        self._name = name
        self._seen = seen
        self._rejects = rejects
        self._splitter: Splitter = layout.proposal.splitter
        self._width = layout.width
        self._header = [cell.strip() for cell in layout.shape.headers]
        self._pads = layout.proposal.agreement < 1 - _PADDED_SHARE and _is_short(layout)
        self._unclosed = 0

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        lines = _Lines(self._layout.path, self._layout.start, self._layout.first_row, self._name)
        for offset, row, line in lines:
            if offset >= self._layout.end:
                if line.strip():
                    self._refuse(row, line, "row-footer")
                continue
            if not line.strip() and (self._width > 1 or lines.is_last):
                continue
            cells = self._record(row, line, lines)
            if cells is not None:
                yield row, cells

    def _record(self, row: int, line: str, lines: _Lines) -> list[str] | None:
        """Return the cells of the record that begins in ``line``, or keep it as a reject."""
        split = self._splitter.strict(line)
        if split is not None and split.open:
            joined = self._joined(line, lines)
            if joined is not None:
                return joined
            split = None
        if split is None:
            return self._repaired(row, line)
        fitted = self._fitted(row, split.cells)
        if fitted is None:
            return self._otherwise(row, line)
        return None if self._is_header(row, line, fitted) else fitted

    def _fitted(self, row: int, cells: list[str]) -> list[str] | None:
        """Return ``cells`` if they are as many as the columns, or can be without inventing anything."""
        missing = self._width - len(cells)
        if missing == 0:
            return cells
        if missing == -1 and self._layout.proposal.width == self._width + 1 and not cells[-1].strip():
            return cells[:-1]
        if 0 < missing < self._width and self._pads:
            self._seen.note("rows-padded", row)
            return cells + [""] * missing
        return None

    def _is_header(self, row: int, line: str, cells: list[str]) -> bool:
        """Say whether the header stands here again; it is then no data."""
        here = [cell.strip() for cell in cells]
        filled = len(here) - next((n for n, cell in enumerate(reversed(here)) if cell), len(here))
        if not self._layout.shape.header or filled < 2 or here[:filled] != self._header[:filled]:  # noqa: PLR2004
            return False
        self._refuse(row, line, "row-header-again")
        return True

    def _repaired(self, row: int, line: str) -> list[str] | None:
        """Return the one reading of a faulty line that fits, said so; or keep it as a reject."""
        cells = self._splitter.lenient(line, self._width)
        if cells is not None:
            self._seen.note("row-quotes-read", row)
            return cells
        return self._otherwise(row, line)

    def _otherwise(self, row: int, line: str) -> list[str] | None:
        """Return the cells of a line written with another delimiter, said so; or keep it as a reject."""
        other = self._splitter.other(line, self._width)
        if other is not None:
            self._seen.note("row-other-delimiter", row)
            return other[0]
        self._refuse(row, line, "row-width")
        return None

    def _refuse(self, row: int, line: str, reason: str) -> None:
        self._rejects.add(row, "", line, reason)
        self._seen.note(_SAID[reason], row)

    def _joined(self, line: str, lines: _Lines) -> list[str] | None:
        """Return the cells of a record over several lines, which are then used up; nothing where it is none."""
        limit = _JOINED_BYTES if self._unclosed < _PATIENCE else MAX_RECORD_BYTES // _JOINED_BYTES * 1_000
        text, used, size = line + lines.end, 0, len(line)
        while size < limit:
            more = lines.peek(used)
            if more is None:
                break
            used += 1
            size += len(more)
            if self._splitter.quote not in more:
                text += more
                continue
            split = self._splitter.strict(text + _bare(more))
            text += more
            if split is None:
                return None
            if not split.open:
                if len(split.cells) != self._width:
                    return None
                lines.skip(used)
                return split.cells
        self._unclosed += 1
        return None


def _is_short(layout: Layout) -> bool:
    """Say whether the records that differ in width are shorter, as programs write that leave out empty cells."""
    return layout.shape.header > 0 and layout.proposal.width <= layout.width


class _Lines:
    """The lines of a file from an offset on, with offset and number, and a look ahead."""

    def __init__(self, path: Path, start: int, first: int, name: str) -> None:
        self._file = path.open("r", encoding="utf-8", newline="")
        self._file.seek(start)
        self._offset, self._number, self._name = start, first, name
        self._ahead: list[str] = []
        self.is_last = False
        self.end = ""

    def __iter__(self) -> Iterator[tuple[int, int, str]]:
        with self._file:
            while True:
                raw = self._ahead.pop(0) if self._ahead else self._read()
                if not raw:
                    return
                offset, number = self._offset, self._number
                self._offset += len(raw.encode())
                self._number += 1
                self.is_last = not self._ahead and self.peek(0) is None
                bare = _bare(raw)
                self.end = raw[len(bare) :]
                yield offset, number, bare

    def _read(self) -> str:
        line = self._file.readline(MAX_RECORD_BYTES)
        if len(line) >= MAX_RECORD_BYTES:
            raise InputError("line-too-long", file=self._name, limit=MAX_RECORD_BYTES)
        return line

    def peek(self, index: int) -> str | None:
        """Return the line ``index`` lines ahead with its end, or nothing at the end of the file."""
        while len(self._ahead) <= index:
            line = self._read()
            if not line:
                return None
            self._ahead.append(line)
        return self._ahead[index]

    def skip(self, count: int) -> None:
        """Use up ``count`` lines that were looked at."""
        used, self._ahead = self._ahead[:count], self._ahead[count:]
        self._offset += sum(len(line.encode()) for line in used)
        self._number += count


def _bare(raw: str) -> str:
    return raw.removesuffix("\n").removesuffix("\r")


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
