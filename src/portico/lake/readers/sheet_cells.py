"""The columns of a sheet: what their cells are, and how they are written for the engine."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

from portico.lake.found import Workshop
from portico.lake.identity import quoted
from portico.lake.model import Type
from portico.lake.readers.linking import text
from portico.lake.readers.sheet_table import Cell, Row, shown

ROW = "_row"
ERRORS = re.compile(
    r"#(N/[DA]|RIF!|REF!|DIV/0!|VALORE!|VALUE!|NOME\?|NAME\?|NUM!|NULLO!|NULL!|ESPANSIONE!|SPILL!|CALC!)|Err:5[0-9]{2}"
)
_ENCODE = json.encoder.encode_basestring
_SAFE_WHOLE = 2**53
_SQL = {
    Type.INTEGER: "BIGINT",
    Type.NUMBER: "DOUBLE",
    Type.BOOLEAN: "BOOLEAN",
    Type.DATE: "DATE",
    Type.DATETIME: "TIMESTAMP",
    Type.TIME: "TIME",
}


@dataclass(slots=True)
class SheetColumn:
    """A column: its name, the type its cells state (None: text), the digits its numbers are shown with at least."""

    name: str
    stated: Type | None = None
    digits: int = 0
    errors: int = 0
    first_error: int = -1

    def write(self, cell: Cell) -> str:
        """Return a cell as the text from which the engine reads it."""
        if self.stated is None and self.digits and isinstance(cell, int | float) and not isinstance(cell, bool):
            return shown(cell).zfill(self.digits)
        if self.stated is Type.INTEGER and isinstance(cell, float):
            return str(int(cell))
        if self.stated is Type.NUMBER:
            return repr(cell)
        return shown(cell)


def columns_of(
    rows: Sequence[Row], body: Sequence[int], chosen: Sequence[int], names: Sequence[str], padded: dict[int, int]
) -> list[SheetColumn]:
    """Return the columns ``chosen`` with their types; cells that show an error are emptied and counted.

    A column states a type only where all its cells have it: one word among numbers makes it text.
    """
    found = []
    for at, name in zip(chosen, names, strict=True):
        column = SheetColumn(name)
        kinds = {type(rows[row][at]) for row in body}
        if str in kinds:
            _empty_errors(rows, body, at, column)
            kinds = {type(rows[row][at]) for row in body} if column.errors else kinds
        column.stated = _stated(kinds - {type(None)}, rows, body, at)
        if at in padded and column.stated is Type.INTEGER:
            column.stated, column.digits = None, padded[at]
        found.append(column)
    return found


def _empty_errors(rows: Sequence[Row], body: Sequence[int], at: int, column: SheetColumn) -> None:
    for row in body:
        cell = rows[row][at]
        if isinstance(cell, str) and ERRORS.fullmatch(cell.strip()):
            rows[row][at] = None
            column.errors += 1
            column.first_error = row if column.first_error < 0 else column.first_error


def _stated(kinds: set[type], rows: Sequence[Row], body: Sequence[int], at: int) -> Type | None:
    if not kinds:
        return None
    if kinds <= {int, float}:
        return Type.INTEGER if all(_is_whole(rows[row][at]) for row in body) else Type.NUMBER
    if kinds <= {date, datetime}:
        return Type.DATE if kinds == {date} else Type.DATETIME
    return {bool: Type.BOOLEAN, time: Type.TIME}.get(next(iter(kinds))) if len(kinds) == 1 else None


def _is_whole(cell: Cell) -> bool:
    if isinstance(cell, float):
        return cell.is_integer() and abs(cell) <= _SAFE_WHOLE
    return True


def write_table(
    rows: Sequence[Row],
    body: Sequence[int],
    chosen: Sequence[int],
    columns: Sequence[SheetColumn],
    first_row: int,
    shop: Workshop,
) -> Path:
    """Return a Parquet file of the records with the row of the sheet, from 1, as ``_row``.

    ``first_row`` is the row of the sheet at which ``rows`` begin.
    """
    lines = shop.place(".ndjson")
    writers: list[tuple[int, str, Callable[[Cell], str]]] = [
        (at, f',"{number}":', column.write) for number, (at, column) in enumerate(zip(chosen, columns, strict=True))
    ]
    longest = 0
    with lines.open("w", encoding="utf-8", newline="\n") as out:
        for row in body:
            cells = rows[row]
            parts = [
                key + _ENCODE(cell if type(cell) is str else write(cell))
                for at, key, write in writers
                if (cell := cells[at]) is not None
            ]
            line = f'{{"r":{row + first_row}{"".join(parts)}}}\n'
            if "\\u0000" in line:
                line = line.replace("\\u0000", "\ufffd")
            longest = max(longest, len(line))
            out.write(line)
    target = shop.place(".parquet")
    read = ", ".join([*(f"'{number}': 'VARCHAR'" for number in range(len(columns))), "r: 'BIGINT'"])
    source = (
        f"read_json({text(str(lines))}, format='newline_delimited', auto_detect=false, columns={{{read}}}, "
        f"maximum_object_size={max(2_000_000, 4 * longest + 64)})"
    )
    select = [
        f"{quoted(str(number))}{f'::{_SQL[column.stated]}' if column.stated else ''} AS {quoted(column.name)}"
        for number, column in enumerate(columns)
    ]
    with shop.cursor() as cursor:
        cursor.execute(f"COPY (SELECT {', '.join(select)}, r AS {ROW} FROM {source}) TO {text(str(target))}")
    lines.unlink()
    return target
