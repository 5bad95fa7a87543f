"""A workbook of several small tables, made in memory: texts are texts, numbers are numbers, nothing is a formula."""

from __future__ import annotations

import io
import math
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from portico.errors import InputError
from portico.lake.exports import workbook_parts as parts
from portico.lake.exports.workbook import MAX_CELL, MAX_ROWS, put, sheet_name
from portico.lake.model import Type

Cell = str | float | int | date | None
_EPOCH = date(1899, 12, 30)
_FIRST = date(1900, 3, 1)
_EXACT = 10**15
_CUT = "…"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: its name, the heads of its columns with their widths in characters, its rows."""

    name: str
    header: tuple[tuple[str, float], ...]
    rows: Sequence[Sequence[Cell]]


def workbook_bytes(sheets: Sequence[Sheet], title: str, description: str) -> bytes:
    """Return a workbook of ``sheets``; the same tables give the same bytes.

    A text longer than a cell may hold is cut and ends with an ellipsis. Raises InputError for more rows than a sheet
    holds.
    """
    names: list[str] = []
    for sheet in sheets:
        if len(sheet.rows) >= MAX_ROWS:
            raise InputError("export-too-many-rows", dataset=sheet.name, rows=len(sheet.rows), limit=MAX_ROWS - 1)
        names.append(sheet_name(sheet.name, ""))
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as file:
        for part, text in parts.fixed(names, title, description).items():
            put(file, part, [parts.HEAD, text])
        for number, sheet in enumerate(sheets, start=1):
            put(file, f"xl/worksheets/sheet{number}.xml", _lines(sheet))
    return made.getvalue()


def _lines(sheet: Sheet) -> Iterator[str]:
    yield (
        f'{parts.HEAD}<worksheet xmlns="{parts.MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" '
        'topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>'
    )
    for place, (_, width) in enumerate(sheet.header, start=1):
        yield f'<col min="{place}" max="{place}" width="{width:g}" customWidth="1"/>'
    yield "</cols><sheetData>"
    yield _row(1, [head for head, _ in sheet.header], parts.BOLD)
    for number, row in enumerate(sheet.rows, start=2):
        yield _row(number, row, 0)
    yield "</sheetData></worksheet>"


def _row(number: int, cells: Sequence[Cell], style: int) -> str:
    made = "".join(_cell(f"{parts.letters(place)}{number}", cell, style) for place, cell in enumerate(cells))
    return f'<row r="{number}">{made}</row>'


def _cell(at: str, cell: Cell, style: int) -> str:
    if cell is None or cell == "":
        return ""
    if isinstance(cell, date):
        if cell < _FIRST:
            return parts.text_cell(at, cell.isoformat(), style)
        return f'<c r="{at}" s="{parts.STYLES[Type.DATE]}"><v>{(cell - _EPOCH).days}</v></c>'
    if isinstance(cell, int | float):
        if not math.isfinite(cell) or abs(cell) >= _EXACT:
            return parts.text_cell(at, str(cell), style)
        return f'<c r="{at}" s="{style}"><v>{cell!r}</v></c>'
    return parts.text_cell(at, _fitting(cell), style)


def _fitting(text: str) -> str:
    """Return as much of ``text`` as a cell holds, counted in units of UTF-16; halves of characters become marks."""
    text = text.encode("utf-16-le", "replace").decode("utf-16-le")
    if len(text) <= MAX_CELL // 2 or len(text.encode("utf-16-le")) // 2 <= MAX_CELL:
        return text
    return text.encode("utf-16-le")[: 2 * (MAX_CELL - 1)].decode("utf-16-le", "ignore") + _CUT
