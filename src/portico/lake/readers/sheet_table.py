"""Which part of a sheet is the table: below titles, above notes and totals, under one or more rows of headers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from portico.lake.readers.sheets_scan import Area

Cell = str | int | float | bool | date | datetime | time | timedelta | None
Row = list[Cell]

_HEAD_ROWS = 60
_TAIL_ROWS = 60
_MAX_HEADER = 5
_HEADER_SHARE = 0.6
_SAMPLED = 200
_TYPED_SHARE = 0.8
_LONG_NOTE = 60
_FEW = 10
_YEARS = range(1800, 2200)
_TOTAL = re.compile(
    r"(sub)?total[ei]\b|(tot\.?|(sub|grand )?totals?|somma|(valore )?complessiv[oa])\s*:?$", re.IGNORECASE
)
_NOTE = re.compile(
    r"font[ei]\b|sources?\b|not[ae]s?\b|n\.? ?b\.?\b|legend[a]?\b|elaborazion|dati (aggiornati|al|provvisori)\b"
    r"|aggiornat|ultimo aggiornamento|\(?\*|\([0-9a-z]\) ",
    re.IGNORECASE,
)


@dataclass(slots=True)
class SheetTable:
    """A table in a sheet. Rows and columns are indexes into the rows given, from 0; ``end`` is behind the last row.

    ``headers`` has one text for each of ``columns``, header rows joined by " / "; an empty one has no header.
    ``footers`` are notes and totals below, ``headings`` lines inside that only divide the table, ``repeated`` headers
    that stand there again, ``totals`` rows inside that sum up others, ``elsewhere`` the rows of other tables.
    """

    header: range
    start: int
    end: int
    columns: list[int] = field(default_factory=list)
    headers: list[str] = field(default_factory=list)
    footers: list[int] = field(default_factory=list)
    headings: list[int] = field(default_factory=list)
    repeated: list[int] = field(default_factory=list)
    totals: list[int] = field(default_factory=list)
    elsewhere: list[range] = field(default_factory=list)
    dropped: list[int] = field(default_factory=list)
    spread: int = 0

    def body(self, rows: Sequence[Row]) -> list[int]:
        """Return the rows that are records."""
        without = {*self.footers, *self.headings, *self.repeated}
        return [at for at in range(self.start, self.end) if at not in without and any_filled(rows[at])]


def any_filled(row: Row) -> bool:
    """Say whether a row holds anything."""
    return row.count(None) < len(row)


def find_table(rows: list[Row], merges: Sequence[Area], header_at: int = -1) -> SheetTable | None:
    """Return the largest table of a sheet, nothing where there is none.

    ``rows`` are all of one length, with None for empty cells; empty rows may be one and the same list. A value of
    cells merged over several records is given to each of them. ``merges`` are areas of merged cells in indexes of
    ``rows``. ``header_at`` says where the header is, -1 lets it be found.
    """
    tables = []
    begin = next((at for at, row in enumerate(rows) if any_filled(row)), len(rows))
    while begin < len(rows):
        table = _one_table(rows, merges, begin, header_at)
        tables.append(table)
        if header_at >= 0:
            break
        begin = table.end
    if not tables:
        return None
    chosen = max(tables, key=lambda table: (table.end - table.start) * len(table.columns))
    chosen.elsewhere = [
        range(table.header.start, table.end) for table in tables if table is not chosen and table.end > table.start
    ]
    return chosen


def _one_table(rows: list[Row], merges: Sequence[Area], begin: int, header_at: int) -> SheetTable:
    header = range(header_at, header_at + 1) if header_at >= 0 else _header(rows, merges, begin)
    start = header.stop
    end = len(rows) if header_at >= 0 else _end(rows, start)
    table = SheetTable(header, start, end)
    table.spread = _spread_down(rows, merges, start, end)
    heads = [_expanded(rows, at, merges) for at in header]
    texts = [header_text([row[column] for row in heads]) for column in range(len(rows[0]))]
    table.columns = _filled_columns(rows, texts, range(start, end))
    _sort_out(rows, table, heads[-1] if heads else [], merges)
    table.columns = _filled_columns(rows, texts, table.body(rows))
    table.headers = [texts[column] for column in table.columns]
    if table.columns:
        inside = range(table.columns[0], table.columns[-1])
        table.dropped = [column for column in inside if column not in set(table.columns)]
    return table


def _filled_columns(rows: list[Row], texts: Sequence[str], body: Sequence[int]) -> list[int]:
    """Return the columns with a header or with anything in the rows ``body``."""
    return [column for column, text in enumerate(texts) if text or any(rows[at][column] is not None for at in body)]


# --- above the records ---


def _header(rows: list[Row], merges: Sequence[Area], begin: int) -> range:
    """Return the rows that are header: none where the first full row is already data."""
    filled = [at for at in range(begin, len(rows)) if any_filled(rows[at])]
    head = {at: _expanded(rows, at, merges) for at in filled[:_HEAD_ROWS]}
    width = _usual_width([rows[at] for at in filled])
    first = _first(head, width, merges)
    if not _are_labels(head[first], _typed_below(rows, first + 1)):
        return range(first, first)
    stop = first + 1
    while stop in head and stop - first < _MAX_HEADER and _goes_on(head, first, stop, merges, rows):
        stop += 1
    return range(first, stop)


def _usual_width(rows: Sequence[Row]) -> int:
    """Return how many cells of a row are usually filled."""
    fills = [len(row) - row.count(None) for row in rows]
    several = [fill for fill in fills if fill > 1]
    if len(several) * _FEW < len(fills) or not several:
        return 1
    counts = Counter(several)
    most = max(counts.values())
    return max(sorted(several)[len(several) // 2], *(fill for fill, count in counts.items() if count == most))


def _first(head: dict[int, Row], width: int, merges: Sequence[Area]) -> int:
    """Return the first row of the table: header or data."""
    for at, row in head.items():
        fill = len(row) - row.count(None)
        if width == 1 and fill:
            return at
        if fill < max(2, _HEADER_SHARE * width) or len({str(cell) for cell in row if cell is not None}) < 2:  # noqa: PLR2004
            continue
        below = [head[next_at] for next_at in range(at + 1, at + 6) if next_at in head]
        fuller = any(
            len(one) - one.count(None) > fill and all(isinstance(cell, str) for cell in one if cell is not None)
            for one in below
        )
        if fuller and not _spans(at, merges):
            continue
        return at
    return next(iter(head))


def _spans(at: int, merges: Sequence[Area]) -> bool:
    """Say whether cells of row ``at`` are merged over several columns."""
    return any(first[0] <= at <= last[0] and last[1] > first[1] for first, last in merges)


def _goes_on(head: dict[int, Row], first: int, at: int, merges: Sequence[Area], rows: list[Row]) -> bool:
    """Say whether row ``at`` is one more row of the header that begins at ``first``."""
    row, above = head[at], head[at - 1]
    typed = _typed_below(rows, at + 1)
    if not _are_labels(row, typed) or not any_filled(row) or at + 1 >= len(rows):
        return False
    if _spans(at - 1, merges) or any(a <= at - 1 and b >= at for (a, _), (b, _) in _within(merges, first, at)):
        return True
    gaps = [column for column, cell in enumerate(above) if cell is None and row[column] is not None]
    left = [column for column, cell in enumerate(rows[at]) if cell is None and above[column] is not None]
    return bool(gaps) and (bool(left) or bool(typed and any(row[column] is not None for column in typed)))


def _within(merges: Sequence[Area], first: int, last: int) -> list[Area]:
    return [area for area in merges if area[0][0] >= first and area[0][0] <= last]


def _typed_below(rows: list[Row], start: int) -> set[int]:
    """Return the columns that hold numbers, dates or the like in the rows from ``start``, more headers left aside."""
    sample = [row for row in rows[start : start + _SAMPLED] if any_filled(row)]
    words = next((at for at, row in enumerate(sample) if not _is_words(row)), 0)
    sample = sample[words:] if words < _MAX_HEADER else sample
    found = set()
    for column in range(len(rows[0])):
        cells = [row[column] for row in sample if row[column] is not None]
        if cells and sum(not isinstance(cell, str) for cell in cells) >= _TYPED_SHARE * len(cells):
            found.add(column)
    return found


def _is_words(row: Row) -> bool:
    return all(isinstance(cell, str) for cell in row if cell is not None)


def _are_labels(row: Row, typed: set[int]) -> bool:
    """Say whether a row holds names of columns: words, or years and days that head columns of numbers."""
    filled = [(column, cell) for column, cell in enumerate(row) if cell is not None]
    words = [cell for _, cell in filled if isinstance(cell, str)]
    if len(words) == len(filled):
        return not (typed and filled and all(column in typed and _is_number(str(cell)) for column, cell in filled))
    others = [(column, cell) for column, cell in filled if not isinstance(cell, str)]
    if not all(_is_year(cell) or isinstance(cell, date) for _, cell in others):
        return False
    return bool(words) and all(column in typed for column, _ in others)


def _is_year(cell: Cell) -> bool:
    return isinstance(cell, int | float) and not isinstance(cell, bool) and int(cell) == cell and int(cell) in _YEARS


def _is_number(text: str) -> bool:
    return re.fullmatch(r"[+-]?[0-9.,' ]+", text.strip()) is not None


def _expanded(rows: list[Row], at: int, merges: Sequence[Area]) -> Row:
    """Return a row as a person sees it: the value of merged cells in all of them."""
    row = list(rows[at])
    for (top, left), (bottom, right) in merges:
        if top <= at <= bottom and 0 <= top < len(rows):
            for column in range(left, min(right + 1, len(row))):
                row[column] = rows[top][left] if row[column] is None else row[column]
    return row


def header_text(cells: Sequence[Cell]) -> str:
    """Return the header of a column from its cells, from above: each part once.

    >>> header_text([2023.0, "maschi"]), header_text(["codice", "codice"]), header_text([None, None])
    ('2023 / maschi', 'codice', '')
    """
    parts: list[str] = []
    for cell in cells:
        text = "" if cell is None else shown(cell).strip()
        if text and text not in parts:
            parts.append(text)
    return " / ".join(parts)


def shown(cell: Cell) -> str:
    """Return a value as a person sees it, as far as it is known.

    >>> shown(12.0), shown(0.1 + 0.2), shown(True), shown(date(2024, 1, 31)), shown(timedelta(hours=30))
    ('12', '0.3', 'true', '2024-01-31', '30:00:00')
    """
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        whole = cell.is_integer() and abs(cell) < 10**15
        return str(int(cell)) if whole else f"{cell:.15g}"
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        seconds = round(cell.total_seconds())
        sign = "-" if seconds < 0 else ""
        return f"{sign}{abs(seconds) // 3600}:{abs(seconds) // 60 % 60:02}:{abs(seconds) % 60:02}"
    return "" if cell is None else str(cell)


# --- the records, and what stands below and between them ---


def _end(rows: list[Row], start: int) -> int:
    """Return where the table ends: at the end, or where below an empty row a new header stands."""
    typed: set[int] | None = None
    for at in range(start + 2, len(rows) - 1):
        if any_filled(rows[at - 1]) or not any_filled(rows[at]):
            continue
        if typed is None:
            typed = _typed_below(rows, start)
        cells = [(column, cell) for column, cell in enumerate(rows[at]) if cell is not None]
        words = len(cells) > 1 and all(isinstance(cell, str) for _, cell in cells)
        if words and any(column in typed for column, _ in cells) and any_filled(rows[at + 1]):
            first = next(str(cell) for _, cell in cells)
            if rows[at] != rows[start - 1] and not _TOTAL.match(first) and not _NOTE.match(first):
                return at
    return len(rows)


def _spread_down(rows: list[Row], merges: Sequence[Area], start: int, end: int) -> int:
    """Give records the value of a cell that was merged over several of them; return how many cells were filled."""
    count, budget = 0, len(rows) * len(rows[0])
    for (top, left), (bottom, right) in merges:
        if bottom == top or top < start or left >= len(rows[0]) or bottom >= end or right != left:
            continue
        budget -= bottom - top
        if budget < 0:  # areas that overlap were not merged by a person
            break
        for at in range(top + 1, bottom + 1):
            if rows[at][left] is None and rows[top][left] is not None and any_filled(rows[at]):
                rows[at][left] = rows[top][left]
                count += 1
    return count


def _sort_out(rows: list[Row], table: SheetTable, header: Row, merges: Sequence[Area]) -> None:
    """Find the rows that are no records."""
    width = _usual_width([rows[at] for at in range(table.start, table.end) if any_filled(rows[at])])
    table.footers = _footers(rows, table, max(width, min(len(table.columns), 3)))
    below = set(table.footers)
    wide = {top for (top, left), (_, right) in merges if right - left + 1 > _HEADER_SHARE * len(table.columns) > 1}
    for at in range(table.start, table.end):
        row = rows[at]
        fill = len(row) - row.count(None)
        if not fill or at in below:
            continue
        if header and fill > 1 and row == header:
            table.repeated.append(at)
        elif fill == 1 and at in wide:
            table.headings.append(at)
        else:
            first = next(cell for cell in row if cell is not None)
            if isinstance(first, str) and _TOTAL.match(first.strip()):
                table.totals.append(at)


def _footers(rows: list[Row], table: SheetTable, width: int) -> list[int]:
    """Return the rows at the end that are notes or totals, from above."""
    found: list[int] = []
    at = table.end - 1
    while at > table.start and len(found) < _TAIL_ROWS:
        if any_filled(rows[at]):
            if not _is_footer(rows[at], width, after_gap=not any_filled(rows[at - 1]) or at - 1 in table.header):
                break
            found.append(at)
        at -= 1
    return found[::-1]


def _is_footer(row: Row, width: int, *, after_gap: bool) -> bool:
    cells = [cell for cell in row if cell is not None]
    first = cells[0]
    if not isinstance(first, str):
        return False
    text = first.strip()
    if _TOTAL.match(text) and width > 1:
        return True
    is_thin = len(cells) <= max(1, width // 3)
    if _NOTE.match(text) and is_thin and (width > 1 or after_gap):
        return True
    return len(cells) == 1 and width > 1 and (after_gap or (width > 2 and len(text) > _LONG_NOTE))  # noqa: PLR2004
