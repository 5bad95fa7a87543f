"""XLSX, written row by row: the table on the first sheet, licence and citation on the second.

Texts are texts, never formulas. Numbers and dates are typed cells; what a spreadsheet would change (integers beyond
fifteen digits, dates before March 1900, numbers that are none) is text. A moment is a date cell in UTC.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from portico.errors import InputError
from portico.lake.exports import workbook_parts as parts
from portico.lake.exports.base import Export, as_text
from portico.lake.identity import quoted
from portico.lake.model import Column, Type
from portico.translation import Translator

MAX_ROWS = 1_048_576
MAX_COLUMNS = 16_384
MAX_CELL = 32_767
"""Characters in a cell, as a spreadsheet counts them: in units of UTF-16."""
_DAYS = "epoch_us({x}) / 86400000000 + 25569"
_KNOWN_DAYS = "BETWEEN '1900-03-01' AND '9999-12-31'"
_NUMBERS = {
    Type.INTEGER: ("{x} BETWEEN -999999999999999 AND 999999999999999", "{x}"),
    Type.NUMBER: ("isfinite({x})", "{x}"),
    Type.DATE: ("{x} " + _KNOWN_DAYS, "{x} - DATE '1899-12-30'"),
    Type.DATETIME: ("{x} " + _KNOWN_DAYS, _DAYS),
    Type.INSTANT: ("({x} AT TIME ZONE 'UTC') " + _KNOWN_DAYS, _DAYS),
    Type.TIME: ("{x} IS NOT NULL", "epoch_us({x}) / 86400000000"),
}
"""Which values of a type are a number in a spreadsheet, and which number: days since 30 December 1899 for dates."""


def check(export: Export) -> None:
    """Raise InputError for a version that no workbook can hold."""
    version = export.version
    if version.row_count >= MAX_ROWS:
        raise InputError("export-too-many-rows", dataset=version.dataset, rows=version.row_count, limit=MAX_ROWS - 1)
    if len(version.columns) > MAX_COLUMNS:
        raise InputError(
            "export-too-many-columns", dataset=version.dataset, columns=len(version.columns), limit=MAX_COLUMNS
        )
    texts = [column for column in version.columns if column.type is Type.TEXT or column.is_geometry]
    if not texts:
        return
    lengths = [f"max({_length(as_text(column))})" for column in texts]
    found = next(iter(export.rows(f"SELECT {', '.join(lengths)} FROM {export.relation}")))
    for column, longest in zip(texts, found, strict=True):
        if longest is not None and longest > MAX_CELL:
            raise InputError("export-long-cell", dataset=version.dataset, column=column.name, limit=MAX_CELL)


def _length(text: str) -> str:
    """Return the SQL of the length of a text in units of UTF-16, counted exactly where it may be too long."""
    wide = f"length(regexp_replace({text}, '[\\x{{0}}-\\x{{FFFF}}]', '', 'g'))"
    return f"CASE WHEN strlen({text}) > {MAX_CELL} THEN length({text}) + {wide} ELSE 0 END"


def write(export: Export, path: Path) -> None:
    """Write a version as a workbook. Raises InputError where it holds more than a sheet can."""
    check(export)
    say = Translator(export.language)
    about = say("export-sheet-about")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as file:
        names = (sheet_name(export.about.id, about), about)
        for part, text in parts.fixed(names, export.title, export.citation).items():
            put(file, part, [parts.HEAD, text])
        put(file, "xl/worksheets/sheet1.xml", _table(export))
        put(file, "xl/worksheets/sheet2.xml", _about(export, say))


def sheet_name(identifier: str, taken: str) -> str:
    """Return a name for the sheet that spreadsheets accept: 31 characters, none of them special, not ``taken``.

    >>> sheet_name("piste/ciclabili", "About")
    'piste-ciclabili'
    """
    name = re.sub(r"[\[\]:*?/\\\x00-\x1f]", "-", identifier)[:31].strip("'") or "data"
    return f"{name[:28]} 1" if name.casefold() in (taken.casefold(), "history") else name


def put(file: zipfile.ZipFile, part: str, texts: Iterable[str]) -> None:
    """Write a part of a workbook, dated so that the same content gives the same bytes."""
    entry = zipfile.ZipInfo(part)  # dated 1980, so that the same version gives the same bytes
    entry.compress_type = zipfile.ZIP_DEFLATED
    with file.open(entry, "w", force_zip64=True) as stream:
        for text in texts:
            stream.write(text.encode())


def _table(export: Export) -> Iterator[str]:
    """Yield the first sheet: the header, which stays in sight, and the rows."""
    columns = export.version.columns
    yield (
        f'{parts.HEAD}<worksheet xmlns="{parts.MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" '
        'topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetData>\n<row r="1">'
    )
    for place, column in enumerate(columns):
        yield parts.text_cell(f"{parts.letters(place)}1", column.name, parts.BOLD)
    yield "</row>\n"
    values = ", ".join(f"{_value(column)} AS c{place}" for place, column in enumerate(columns))
    cells = ", ".join(_cell(column, place) for place, column in enumerate(columns))
    inner = f"SELECT row_number() OVER () + 1 AS r, {values} FROM {export.relation}"
    for (line,) in export.rows(f"""SELECT concat('<row r="', r, '">', {cells}) FROM ({inner})"""):
        yield f"{parts.without_controls(line)}</row>\n"
    yield "</sheetData></worksheet>"


def _about(export: Export, say: Translator) -> Iterator[str]:
    """Yield the second sheet: what must go with every copy."""
    notes = export.notes
    lines = [
        (say("title"), notes["title"]),
        (say("publisher"), notes["publisher"]),
        (say("licence"), notes["licence"]),
        (say("attribution"), notes["attribution"]),
        (say("export-cite-as"), notes["citation"]),
        (say("export-source"), notes["source"]),
        (say("version"), notes["version"]),
        (say("published"), notes["published"]),
    ]
    yield f'{parts.HEAD}<worksheet xmlns="{parts.MAIN}"><cols><col min="1" max="1" width="18" customWidth="1"/></cols>'
    yield "<sheetData>"
    for row, (label, text) in enumerate((one for one in lines if one[1]), start=1):
        cells = parts.text_cell(f"A{row}", label, parts.BOLD) + parts.text_cell(f"B{row}", text, 0)
        yield f'<row r="{row}">{cells}</row>'
    yield "</sheetData></worksheet>"


def _value(column: Column) -> str:
    """Return the SQL of what the cells of a column are made from."""
    return as_text(column) if column.is_geometry else quoted(column.name)


def _cell(column: Column, place: int) -> str:
    """Return the SQL of a cell as XML, NULL where there is no value."""
    name = f"c{place}"
    at = f"""'<c r="{parts.letters(place)}' || r || '"'"""
    if column.type is Type.TEXT or column.is_geometry:
        return _text(at, name)
    if column.type is Type.BOOLEAN:
        return f"""{at} || ' t="b"><v>' || {name}::TINYINT || '</v></c>'"""
    fits, number = _NUMBERS[column.type]
    style = parts.STYLES.get(column.type, 0)
    typed = f"""{at} || ' s="{style}"><v>' || ({number.format(x=name)})::VARCHAR || '</v></c>'"""
    return f"CASE WHEN {fits.format(x=name)} THEN {typed} ELSE {_text(at, as_text(replace(column, name=name)))} END"


def _text(at: str, text: str) -> str:
    """Return the SQL of a cell that holds text, whatever it looks like."""
    looks_escaped = f"regexp_matches({text}, '_x[0-9A-Fa-f]{{4}}')"
    shown = f"CASE WHEN {looks_escaped} THEN replace({text}, '_x', '_x005F_x') ELSE {text} END"
    for mark, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        shown = f"replace({shown}, '{mark}', '{entity}')"
    return f"""{at} || ' t="inlineStr"><is><t xml:space="preserve">' || {shown} || '</t></is></c>'"""
