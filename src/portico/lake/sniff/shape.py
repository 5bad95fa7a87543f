"""The shape of a table in its file: what stands above the header, the header's rows, what stands below the last row."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_TYPED = (
    re.compile(r"[+-]?(€ ?|\$ ?)?[0-9]+([.,' \u00a0][0-9]+)*( ?(€|%))?"),
    re.compile(r"[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}([ T][0-9:.]+(Z|[+-][0-9:]+)?)?"),
    re.compile(r"[0-9]{1,2}:[0-9]{2}(:[0-9]{2})?"),
)
_FOOTER = re.compile(
    r"(tot(ale|al|ali)?\b|di cui\b|font[ei]\b|sources?\b|not[ae]s?\b|legend[a]?\b|elaborazion|dati (aggiornati|al)\b"
    r"|aggiornat|\(?\*|\([0-9a-z]\))",
    re.IGNORECASE,
)
_MAX_HEADER = 4
_LONG = 120
_BODY = 50


@dataclass(frozen=True, slots=True)
class Shape:
    """How many records stand above the header, how many make it, and the names that it gives to the columns."""

    preamble: int
    header: int
    names: tuple[str, ...]
    headers: tuple[str, ...]
    is_aligned: bool = True


def is_typed(cell: str) -> bool:
    """Say whether a cell is a number, date or time rather than words.

    >>> is_typed("1.234,50"), is_typed("31/12/2024"), is_typed("Torino")
    (True, True, False)
    """
    text = cell.strip()
    return any(pattern.fullmatch(text) for pattern in _TYPED)


def shape_of(records: Sequence[Sequence[str]], width: int, header_row: int = 0) -> Shape:
    """Return the shape of a table whose first ``records`` these are and whose rows mostly have ``width`` cells.

    ``header_row`` (from 1) says where the header is; 0 lets it be found.
    """
    start = header_row - 1 if header_row else _first(records, width)
    table = records[start:]
    count = 1 if header_row else _header_rows(table, width)
    if count == 1 and len(table[0]) != width:
        # Which name belongs to which column cannot be known.
        return Shape(start, count, _names([], width), tuple(_widened(list(table[0]), width)), is_aligned=False)
    heads = [_widened(list(record), width) for record in table[:count]]
    headers = tuple(" ".join(parts).strip() for parts in zip(*heads, strict=True)) if heads else ("",) * width
    return Shape(start, count, _names(heads, width), headers)


def _first(records: Sequence[Sequence[str]], width: int) -> int:
    """Return the index of the first record of the table: header or data."""
    for index, record in enumerate(records):
        filled = sum(bool(cell.strip()) for cell in record)
        if len(record) != width and not (len(record) in (width - 1, width + 1) and index == 0 and filled >= width - 1):
            continue
        if width > 2 and filled <= max(1, width // 4) and _fuller(records[index + 1 : index + 6], filled, width):  # noqa: PLR2004
            continue
        return index
    return 0


def _fuller(following: Sequence[Sequence[str]], filled: int, width: int) -> bool:
    """Say whether a fuller record stands below: then the one above was a title, padded with empty cells."""
    return any(
        len(one) == width and sum(bool(cell.strip()) for cell in one) > max(filled, width // 2) for one in following
    )


def _header_rows(table: Sequence[Sequence[str]], width: int) -> int:
    """Return how many of the first records are header."""
    if not table:
        return 0
    body = [record for record in table[1:] if len(record) == width]
    below = body[_MAX_HEADER:] if len(body) > 2 * _MAX_HEADER else body[len(body) // 2 :]
    typed = _typed_columns(below[:_BODY], width)
    if not _is_header(table[0], table[1:], typed):
        return 0
    count = 1
    while count < min(_MAX_HEADER, len(table) - 1) and _continues(table[:count], table[count], typed, width):
        count += 1
    return count


def _typed_columns(body: Sequence[Sequence[str]], width: int) -> list[int]:
    """Return the columns in which nearly all cells are numbers, dates or times."""
    found = []
    for column in range(width):
        cells = [record[column] for record in body if record[column].strip()]
        if cells and sum(is_typed(cell) for cell in cells) >= 0.8 * len(cells):
            found.append(column)
    return found


def _is_header(first: Sequence[str], body: Sequence[Sequence[str]], typed: Sequence[int]) -> bool:
    cells = [cell.strip() for cell in first]
    filled = [cell for cell in cells if cell]
    if not filled or any(len(cell) > _LONG * 3 for cell in filled):
        return False
    if typed:
        above = [cells[column] for column in typed if column < len(cells)]
        return sum(is_typed(cell) and not _is_year(cell) for cell in above) * 2 < max(len(above), 1)
    if sum(is_typed(cell) for cell in filled) * 2 > len(filled):
        return False
    known = {cell.strip() for record in body[:_BODY] for cell in record}
    repeated = sum(cell in known for cell in filled)
    return repeated * 2 <= len(filled) or list(first) in [list(record) for record in body[:_MAX_HEADER]]


def _is_year(cell: str) -> bool:
    return re.fullmatch(r"(19|20)[0-9]{2}", cell) is not None


def _continues(above: Sequence[Sequence[str]], record: Sequence[str], typed: Sequence[int], width: int) -> bool:
    """Say whether ``record`` is one more row of the header: the same words again, or words where data are numbers."""
    if len(record) != width:
        return False
    cells = [cell.strip() for cell in record]
    if cells == [cell.strip() for cell in above[0]]:
        return True
    filled = [column for column in typed if cells[column]]
    if len(typed) < 2 or not filled:  # noqa: PLR2004 - one odd cell is a fault in the data, not a header
        return False
    gaps = any(not cell.strip() for row in above for cell in row)
    return gaps and not any(is_typed(cells[column]) and not _is_year(cells[column]) for column in filled)


def _widened(record: list[str], width: int) -> list[str]:
    return (record + [""] * width)[:width]


def _names(heads: Sequence[Sequence[str]], width: int) -> tuple[str, ...]:
    """Return one name a column: header rows joined, spread over the columns they stand above, made unique."""
    if not heads:
        return unique_names([""] * width)
    rows = [list(row) for row in heads]
    if len(rows) > 1:
        rows[:-1] = [_spread(row) for row in rows[:-1]]
    joined = []
    for column in range(width):
        parts: list[str] = []
        for row in rows:
            text = clean_name(row[column])
            if text and text not in parts:
                parts.append(text)
        joined.append(" ".join(parts))
    return unique_names(joined)


def _spread(row: Sequence[str]) -> list[str]:
    spread, last = [], ""
    for cell in row:
        last = cell.strip() or last
        spread.append(last)
    return spread


def clean_name(header: str) -> str:
    r"""Return a header cell as a name: line breaks and runs of blanks are one blank, invisible marks are gone.

    >>> clean_name(" Denominazione \n(Italiana) ")
    'Denominazione (Italiana)'
    """
    text = re.sub(r"[\u200b-\u200f\ufeff\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", "", header)
    return re.sub(r"\s+", " ", text).strip()[:200]


def unique_names(names: Sequence[str]) -> tuple[str, ...]:
    """Return ``names`` with empty ones numbered and repeated ones counted; letters alike in any case are the same.

    >>> unique_names(["id", "", "ID", "id"])
    ('id', 'column_2', 'ID_2', 'id_3')
    """
    taken: set[str] = set()
    found = []
    for number, name in enumerate(names, start=1):
        base = name or f"column_{number}"
        candidate, count = base, 1
        while candidate.casefold() in taken:
            count += 1
            candidate = f"{base}_{count}"
        taken.add(candidate.casefold())
        found.append(candidate)
    return tuple(found)


def footer_rows(tail: Sequence[Sequence[str]], width: int) -> int:
    """Return how many of the last records are notes or totals, not data.

    From the end upward: records of another width, empty ones, and those that begin with a word of a footer and leave
    most cells empty, or that sum up ("Totale").
    """
    count = 0
    for record in reversed(tail):
        if not _is_footer(record, width):
            break
        count += 1
    # Empty records alone are no notes: they are rows in which nothing is known.
    return 0 if all(_is_blank(record) for record in tail[len(tail) - count :]) else count


def _is_footer(record: Sequence[str], width: int) -> bool:
    if _is_blank(record):
        return True
    filled = [cell.strip() for cell in record if cell.strip()]
    word = _FOOTER.match(filled[0]) is not None
    if word and (width > 1 or len(filled[0]) > len("totale")):
        return filled[0].lower().startswith("tot") or len(filled) <= max(1, width // 3) or len(record) != width
    return width > 2 and len(record) == 1 and len(filled[0]) > 0  # noqa: PLR2004


def _is_blank(record: Sequence[str]) -> bool:
    return not any(cell.strip() for cell in record)
