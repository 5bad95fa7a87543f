"""Workbooks (XLSX, XLSM, XLSB, XLS, ODS): the sheet with the data, the table in it, types as the cells have them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

import python_calamine as calamine

from portico.errors import InputError
from portico.lake.found import Dialect, Format, Member, Parsed, RejectWriter, Workshop
from portico.lake.limits import MAX_COLUMNS, MAX_SHEET_CELLS
from portico.lake.readers.linking import linked, text
from portico.lake.readers.sheet_cells import ROW, SheetColumn, columns_of, write_table
from portico.lake.readers.sheet_table import Row, SheetTable, any_filled, find_table, shown
from portico.lake.readers.sheets import scan
from portico.lake.readers.sheets_scan import Area, SheetScan, WorkbookScan, column_letters
from portico.lake.sniff.shape import clean_name, unique_names
from portico.messages import Finding, Message, Place, Severity

_ENDINGS = {Format.XLSX: ".xlsx", Format.XLSB: ".xlsb", Format.XLS: ".xls", Format.ODS: ".ods"}
_LOADED_WHOLE = (Format.XLS, Format.ODS)
_LISTED = 20
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384  # no program makes a larger sheet


def read(member: Member, shop: Workshop) -> list[Parsed]:
    """Return the table of a workbook: of the sheet told, else of the one with the most in it.

    Columns whose cells are all numbers, days, times or booleans state that; any other is text as a person sees it.
    Notes and totals below the table, headings inside it and other tables of the sheet are rejects. Programs in the
    workbook are never run.

    Raises InputError where the workbook is encrypted, damaged or too large, or where there is no table in it.
    """
    found = scan(member)
    if member.format in _LOADED_WHOLE and found.area > MAX_SHEET_CELLS:
        raise InputError("workbook-too-wide", file=member.name, limit=MAX_SHEET_CELLS // 10**6)
    try:
        with _Guarded(member.name), calamine.load_workbook(_placed(member, found, shop)) as book:
            return [_read(book, found, member, shop)]
    except calamine.PasswordError as error:
        raise InputError("workbook-encrypted", file=member.name) from error
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise InputError("workbook-damaged", file=member.name) from error


def _placed(member: Member, found: WorkbookScan, shop: Workshop) -> Path:
    """Return the workbook under a name that tells the opener what it is."""
    ending = _ENDINGS[member.format]
    if not found.rewritten:
        return linked(member.path, shop, ending)
    place = shop.place(ending)
    place.write_bytes(found.rewritten)
    found.rewritten = b""
    return place


@dataclass(frozen=True, slots=True)
class _Guarded:
    """Around the opener: where it gives up in the middle of a damaged file, that is one sentence too."""

    file: str

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None and kind.__name__ == "PanicException":  # the opener exports no name for it
            raise InputError("workbook-damaged", file=self.file) from error


@dataclass(slots=True)
class _Sheet:
    """The sheet that is read: what it is called, its rows, the row and column of the sheet at which they begin."""

    name: str
    scan: SheetScan
    rows: list[Row]
    top: int
    left: int
    merges: list[Area]
    issues: list[Finding] = field(default_factory=list)
    file: str = ""

    def say(self, message_id: str, row: int = 0, column: str = "", raw: str = "", **values: object) -> None:
        """Note something odd; ``row`` counts as the sheet does, from 1."""
        about = {"file": self.file, "sheet": self.name, **values} | ({"column": column} if column else {})
        self.issues.append(Finding(Message(message_id, about), Place(self.file, row, column), raw, Severity.WARNING))

    def number(self, at: int) -> int:
        """Return the row of the sheet, from 1, of the row at index ``at``."""
        return self.top + at + 1

    def numbers(self, rows: Sequence[int]) -> str:
        """Return rows of the sheet for people: the first of them."""
        listed = ", ".join(str(self.number(at)) for at in rows[:_LISTED])
        return f"{listed}, …" if len(rows) > _LISTED else listed


def _read(book: calamine.CalamineWorkbook, found: WorkbookScan, member: Member, shop: Workshop) -> Parsed:
    position, others = _choose(book, found, member.name, shop.told.sheet)
    sheet = _open(book, found, position, member)
    if others:
        sheet.say("sheet-others", others=", ".join(others))
    if found.has_macros:
        sheet.say("workbook-macros")
    told = shop.told.header_row
    table = find_table(sheet.rows, sheet.merges, told - 1 - sheet.top if told else -1) if sheet.rows else None
    body = table.body(sheet.rows) if table else []
    if table is None or not table.columns:
        raise InputError("sheet-empty", file=member.name, sheet=sheet.name)
    if len(table.columns) > MAX_COLUMNS:
        raise InputError("too-many-columns", file=member.name, count=len(table.columns), limit=MAX_COLUMNS)
    names = unique_names([ROW, *_named(table, sheet)])[1:]
    padded = {column - sheet.left: digits for column, digits in sheet.scan.padded.items()}
    columns = columns_of(sheet.rows, body, table.columns, names, padded)
    _explain(sheet, table, columns)
    with RejectWriter(shop.place(".rejects.csv")) as rejects:
        _reject(sheet, table, rejects)
    target = write_table(sheet.rows, body, table.columns, columns, sheet.top + 1, shop)
    return Parsed(
        name=sheet.name,
        relation=f"read_parquet({text(str(target))})",
        columns=tuple(names),
        rows=len(body),
        format=member.format,
        headers=tuple(table.headers),
        stated={column.name: column.stated for column in columns if column.stated},
        dialect=Dialect(
            preamble_rows=sheet.top + table.header.start,
            header_rows=len(table.header),
            footer_rows=len(table.footers),
        ),
        first_row=sheet.number(body[0]) if body else sheet.number(table.start),
        row_column=ROW,
        issues=tuple(sheet.issues),
        rejects=rejects.kept,
        reject_count=rejects.count,
    )


# --- the sheet ---


def _choose(book: calamine.CalamineWorkbook, found: WorkbookScan, file: str, told: str) -> tuple[int, list[str]]:
    """Return the place of the sheet to read, and the names of other sheets that hold something."""
    names = book.sheet_names
    sheets = dict(enumerate(found.sheets[: len(names)]))
    if told:
        if told not in names:
            raise InputError("sheet-unknown", file=file, sheet=told, names=", ".join(names[:_LISTED]))
        return names.index(told), []
    kinds = book.sheets_metadata
    filled = [at for at, sheet in sheets.items() if sheet.cells and kinds[at].typ == calamine.SheetTypeEnum.WorkSheet]
    seen = [at for at in filled if kinds[at].visible == calamine.SheetVisibleEnum.Visible] or filled
    if not seen:
        raise InputError("workbook-empty", file=file)
    chosen = max(seen, key=lambda at: sheets[at].likeness)
    return chosen, [names[at] for at in seen if at != chosen]


def _open(book: calamine.CalamineWorkbook, found: WorkbookScan, position: int, member: Member) -> _Sheet:
    measured = found.sheets[position] if position < len(found.sheets) else SheetScan()
    name = book.sheet_names[position]
    if measured.area > MAX_SHEET_CELLS or measured.last_column >= _LAST_COLUMN or measured.last_row >= _LAST_ROW:
        raise InputError("sheet-too-large", file=member.name, sheet=name, limit=MAX_SHEET_CELLS // 10**6)
    opened = book.get_sheet_by_index(position)
    top, left = opened.start or (0, 0)
    known = opened.merged_cell_ranges
    merges = [
        ((a - top, b - left), (c - top, d - left)) for (a, b), (c, d) in (measured.merges if known is None else known)
    ]
    rows = list(_rows(opened, top))
    sheet = _Sheet(name, measured, rows, top, left, [area for area in merges if min(area[0]) >= 0], file=member.name)
    if measured.uncomputed:
        sheet.say("sheet-formulas", count=measured.uncomputed)
    return sheet


def _rows(opened: calamine.CalamineSheet, top: int) -> Iterator[Row]:
    """Yield the rows between the outermost filled cells, with None where a person sees nothing.

    Rows with nothing in them are one and the same list: a sheet may have a million of them.
    """
    blank: Row = [None] * opened.width
    is_near = (opened.total_height + 1) * opened.width <= MAX_SHEET_CELLS
    # One row at a time; but that begins at the first row of the sheet, which may be far above the table.
    for cells in itertools.islice(opened.iter_rows(), top, None) if is_near else opened.to_python():
        if cells.count("") == len(cells):
            yield blank
        else:
            found = [None if cell == "" or (type(cell) is str and not cell.strip()) else cell for cell in cells]
            yield found if any_filled(found) else blank


def _named(table: SheetTable, sheet: _Sheet) -> list[str]:
    """Return a name for each column, clean but perhaps not yet distinct; a column without header has its number."""
    if not table.header:
        sheet.say("sheet-no-header")
    return [clean_name(header) or f"column_{number}" for number, header in enumerate(table.headers, start=1)]


# --- what is said about it ---


def _explain(sheet: _Sheet, table: SheetTable, columns: Sequence[SheetColumn]) -> None:
    for header, column in zip(table.headers, columns, strict=True):
        if clean_name(header) != column.name and table.header:
            row = sheet.number(table.header.start)
            sheet.say("column-renamed", row, column.name, header, header=header or "–")
    _explain_errors(sheet, table, columns)
    if table.dropped:
        letters = ", ".join(column_letters(sheet.left + at) for at in table.dropped[:_LISTED])
        sheet.say("sheet-empty-columns", columns=letters)
    if table.spread:
        sheet.say("sheet-merged", count=table.spread)
    for message_id, rows in (
        ("sheet-footer", table.footers),
        ("sheet-heading", table.headings),
        ("sheet-repeated-header", table.repeated),
        ("sheet-total-inside", table.totals),
    ):
        if rows:
            raw = _raw(sheet.rows[rows[0]])
            sheet.say(message_id, sheet.number(rows[0]), "", raw, rows=sheet.numbers(rows))
    for other in table.elsewhere:
        first, last = sheet.number(other.start), sheet.number(other.stop - 1)
        sheet.say("sheet-other-table", first, first=first, last=last)


def _explain_errors(sheet: _Sheet, table: SheetTable, columns: Sequence[SheetColumn]) -> None:
    """Say which cells show an error instead of a value."""
    first: dict[int, tuple[int, str]] = {}
    counts: dict[int, int] = {}
    for row, at, raw in sheet.scan.errors:
        if table.start <= row - sheet.top < table.end:
            counts[at - sheet.left] = counts.get(at - sheet.left, 0) + 1
            first.setdefault(at - sheet.left, (row + 1, raw))
    for at, column in zip(table.columns, columns, strict=True):
        count = counts.get(at, 0) + column.errors
        if count:
            row, raw = first.get(at, (sheet.number(column.first_error), ""))
            sheet.say("sheet-errors", row, column.name, raw, count=count)


def _reject(sheet: _Sheet, table: SheetTable, rejects: RejectWriter) -> None:
    """Keep the rows that are not in the table though they hold something."""
    kept = [*((at, "sheet-footer-row") for at in table.footers), *((at, "sheet-heading-row") for at in table.headings)]
    kept += [(at, "sheet-other-table-row") for other in table.elsewhere for at in other if any_filled(sheet.rows[at])]
    for at, reason in sorted(kept):
        rejects.add(sheet.number(at), "", _raw(sheet.rows[at]), reason)


def _raw(row: Row) -> str:
    """Return the filled cells of a row as one text, parted by tabs as a sheet does when it is copied."""
    return "\t".join(shown(cell) for cell in row).strip("\t")
