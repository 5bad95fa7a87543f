"""Text in columns of fixed width: cut where every line has a blank."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from portico.lake.found import Dialect, Format, Parsed, Workshop
from portico.lake.readers.records import ROW
from portico.lake.sniff import shape
from portico.lake.sniff.encoding import Written, opened
from portico.lake.sniff.sample import Sample

_LEAST_LINES = 3
_GAP = 2
_SHARE = 0.95


def read(shop: Workshop, path: Path, taken: Sample, written: Written) -> Parsed | None:
    """Return the table of a file in fixed columns, or nothing where its lines have no blanks in common."""
    lines = [line for line in taken.head if line.strip()]
    bounds = _bounds(lines)
    if len(bounds) < 2:  # noqa: PLR2004 - one column is a list
        return None
    head = [_cut(line, bounds) for line in taken.head]
    found = shape.shape_of(head, len(bounds))
    above = found.preamble + found.header
    target = shop.place(".csv")
    rows = 0
    with opened(path) as source, target.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)
        for number, raw in enumerate(source, start=1):
            line = raw.decode("utf-8", errors="replace").rstrip("\r\n")
            if number > above and line.strip():
                writer.writerow((number, *_cut(line, bounds)))
                rows += 1
    columns = ", ".join(f"{_text(name)}: 'VARCHAR'" for name in found.names)
    relation = (
        f"read_csv({_text(str(target))}, delim=',', quote='\"', escape='\"', header=false, auto_detect=false, "
        f"strict_mode=true, columns={{{_text(ROW)}: 'BIGINT', {columns}}})"
    )
    return Parsed(
        name="",
        relation=relation,
        columns=found.names,
        rows=rows,
        format=Format.FIXED_WIDTH,
        headers=found.headers,
        dialect=Dialect(written.encoding, "", "", "", written.newline, found.preamble, found.header, 0),
        first_row=above + 1,
        row_column=ROW,
    )


def _bounds(lines: Sequence[str]) -> list[tuple[int, int | None]]:
    """Return from where to where each column goes: the gaps are blank in nearly every line, two characters wide."""
    if len(lines) < _LEAST_LINES:
        return []
    length = max(len(line) for line in lines)
    most = sorted(len(line) for line in lines)[len(lines) // 2]
    if length > 10_000:  # noqa: PLR2004 - nobody writes such lines by columns
        return []
    blank = [
        sum(position >= len(line) or line[position] == " " for line in lines) >= _SHARE * len(lines)
        for position in range(most)
    ]
    starts = [
        position
        for position in range(most)
        if not blank[position] and (position == 0 or (position >= _GAP and all(blank[position - _GAP : position])))
    ]
    if not starts:
        return []
    starts[0] = 0
    return [(start, end) for start, end in zip(starts, [*starts[1:], None], strict=True)]


def _cut(line: str, bounds: Sequence[tuple[int, int | None]]) -> list[str]:
    return [line[start:end].strip() for start, end in bounds]


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
