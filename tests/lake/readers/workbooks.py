"""Workbooks written by hand, byte by byte where need be: what programs write, and what they never would."""

from __future__ import annotations

import struct
import zipfile
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from xml.sax.saxutils import escape

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a workbook knows no zones
# Styles by number: general, day, day and time, time, five digits, hours beyond a day.
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><numFmts count="2"><numFmt numFmtId="164" formatCode="00000"/>'
    '<numFmt numFmtId="165" formatCode="[h]:mm:ss"/></numFmts><cellXfs count="6">'
    '<xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="22"/><xf numFmtId="20"/><xf numFmtId="164"/>'
    '<xf numFmtId="165"/></cellXfs></styleSheet>'
)


@dataclass(frozen=True)
class Padded:
    """A number shown with five digits."""

    value: int


@dataclass(frozen=True)
class Error:
    """A cell that shows an error."""

    text: str


@dataclass(frozen=True)
class Formula:
    """A formula that was never computed."""

    text: str


def _column(number):
    letters = ""
    number += 1
    while number:
        number, left = divmod(number - 1, 26)
        letters = chr(65 + left) + letters
    return letters


def _serial(value):
    return (value - _EPOCH) / timedelta(days=1)


def _cell(place, value):  # noqa: PLR0911 - one return a kind of cell
    if isinstance(value, bool):
        return f'<c r="{place}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, int | float):
        return f'<c r="{place}"><v>{value!r}</v></c>'
    if isinstance(value, datetime):
        return f'<c r="{place}" s="2"><v>{_serial(value)!r}</v></c>'
    if isinstance(value, date):
        return f'<c r="{place}" s="1"><v>{_serial(datetime.combine(value, time()))!r}</v></c>'
    if isinstance(value, time):
        return f'<c r="{place}" s="3"><v>{(value.hour * 60 + value.minute) / 1440!r}</v></c>'
    if isinstance(value, timedelta):
        return f'<c r="{place}" s="5"><v>{value / timedelta(days=1)!r}</v></c>'
    if isinstance(value, Padded):
        return f'<c r="{place}" s="4"><v>{value.value}</v></c>'
    if isinstance(value, Error):
        return f'<c r="{place}" t="e"><v>{value.text}</v></c>'
    if isinstance(value, Formula):
        return f'<c r="{place}"><f>{escape(value.text)}</f><v></v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'


def sheet_xml(rows, merges=()):
    """Return the rows of a sheet as its elements; None is an empty cell."""
    lines = []
    for number, row in enumerate(rows, start=1):
        cells = "".join(_cell(f"{_column(at)}{number}", cell) for at, cell in enumerate(row) if cell is not None)
        lines.append(f'<row r="{number}">{cells}</row>')
    merged = "".join(f'<mergeCell ref="{area}"/>' for area in merges)
    return f"<sheetData>{''.join(lines)}</sheetData>" + (f"<mergeCells>{merged}</mergeCells>" if merges else "")


def write_xlsx(path: Path, sheets, *, merges=None, hidden=(), extra=None, before=""):
    """Write an XLSX. ``sheets`` maps names to rows, or to the elements of a sheet; ``extra`` are further parts."""
    merges = merges or {}
    names = list(sheets)
    listed = "".join(
        f'<sheet name="{escape(name)}" sheetId="{at}" r:id="rId{at}"{" state=" + chr(34) + "hidden" + chr(34) if name in hidden else ""}/>'  # noqa: E501
        for at, name in enumerate(names, start=1)
    )
    relations = "".join(
        f'<Relationship Id="rId{at}" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet{at}.xml"/>'
        for at, _ in enumerate(names, start=1)
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>',
        )
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
            f'Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        archive.writestr(
            "xl/workbook.xml", f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>{listed}</sheets></workbook>'
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{_PACKAGE}/relationships">{relations}'
            f'<Relationship Id="rIdS" Type="{_RELATIONS}/styles" Target="styles.xml"/></Relationships>',
        )
        archive.writestr("xl/styles.xml", _STYLES)
        for at, name in enumerate(names, start=1):
            content = sheets[name]
            body = content if isinstance(content, str) else sheet_xml(content, merges.get(name, ()))
            archive.writestr(f"xl/worksheets/sheet{at}.xml", f'{before}<worksheet xmlns="{_MAIN}">{body}</worksheet>')
        for part, bytes_ in (extra or {}).items():
            archive.writestr(part, bytes_)
    return path


# --- OpenDocument ---


def _ods_cell(value):
    if value is None:
        return "<table:table-cell/>"
    if isinstance(value, bool):
        return f'<table:table-cell office:value-type="boolean" office:boolean-value="{str(value).lower()}"/>'
    if isinstance(value, int | float):
        return f'<table:table-cell office:value-type="float" office:value="{value!r}"/>'
    if isinstance(value, date):
        return f'<table:table-cell office:value-type="date" office:date-value="{value.isoformat()}"/>'
    return f'<table:table-cell office:value-type="string"><text:p>{escape(value)}</text:p></table:table-cell>'


def write_ods(path: Path, sheets, *, manifest="", raw=""):
    """Write an ODS. ``raw`` stands for the tables where given."""
    tables = raw or "".join(
        f'<table:table table:name="{escape(name)}">'
        + "".join(f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows)
        + "</table:table>"
        for name, rows in sheets.items()
    )
    names = " ".join(
        f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{prefix}:1.0"' for prefix in ("office", "table", "text")
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        archive.writestr(
            "content.xml",
            f"<office:document-content {names}><office:body><office:spreadsheet>{tables}</office:spreadsheet>"
            "</office:body></office:document-content>",
        )
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            f'<manifest:file-entry manifest:full-path="content.xml">{manifest}</manifest:file-entry>'
            "</manifest:manifest>",
        )
    return path


# --- the old binary workbook ---


def _record(kind, content=b""):
    return struct.pack("<HH", kind, len(content)) + content


def _bof(kind):
    return _record(0x809, struct.pack("<HHHHLL", 0x600, kind, 0, 0, 0, 0))


def _xls_cell(row, column, value):
    place = struct.pack("<HHH", row, column, 0)
    if isinstance(value, Error):
        return _record(0x205, place + bytes((42, 1)))
    if isinstance(value, bool):
        return _record(0x205, place + bytes((int(value), 0)))
    if isinstance(value, int | float):
        return _record(0x203, place + struct.pack("<d", value))
    text = value.encode("utf-16-le")
    return _record(0x204, place + struct.pack("<HB", len(value), 1) + text)


def xls_stream(sheets, *, first=b""):
    """Return the stream of an XLS; ``first`` are records before the names of the sheets."""
    bodies = []
    for rows in sheets.values():
        cells = rows if isinstance(rows, dict) else _places(rows)
        records = b"".join(_xls_cell(row, column, value) for (row, column), value in sorted(cells.items()))
        bodies.append(_bof(0x10) + records + _record(0x0A))
    head = _bof(0x05) + first + _record(0x42, struct.pack("<H", 1200))
    names = [name.encode("utf-16-le") for name in sheets]
    begin = len(head) + sum(4 + 8 + len(name) for name in names) + 4
    for name, body in zip(names, bodies, strict=True):
        head += _record(0x85, struct.pack("<LBBBB", begin, 0, 0, len(name) // 2, 1) + name)
        begin += len(body)
    return head + _record(0x0A) + b"".join(bodies)


def _places(rows):
    return {(at, column): cell for at, row in enumerate(rows) for column, cell in enumerate(row) if cell is not None}


def write_xls(path: Path, sheets, *, first=b"", storages=("Workbook",)):
    """Write an XLS: the stream in a compound file, under the first of ``storages``; the others are empty."""
    return write_compound(path, xls_stream(sheets, first=first), storages)


def write_compound(path: Path, stream, names):
    """Write a compound file with ``stream`` under the first of ``names``; the others are storages with nothing in."""
    stream = stream.ljust(4096, b"\0")
    stream += b"\0" * (-len(stream) % 512)
    count = len(stream) // 512
    tables = -(-(count + 2) // 127)
    chain = [*range(1, count), 0xFFFFFFFE, 0xFFFFFFFE, *([0xFFFFFFFD] * tables)]
    table = struct.pack(f"<{len(chain)}L", *chain).ljust(512 * tables, b"\xff")
    entries = [
        ("Root Entry", 5, 0xFFFFFFFE, 0),
        (names[0], 2, 0, len(stream)),
        *((name, 1, 0, 0) for name in names[1:]),
    ]
    directory = b""
    for name, kind, start, size in entries:
        text = name.encode("utf-16-le") + b"\0\0"
        child = 1 if kind == 5 else 0xFFFFFFFF
        links = struct.pack("<LLL", 0xFFFFFFFF, 0xFFFFFFFF, child)
        directory += text.ljust(64, b"\0") + struct.pack("<HBB", len(text), kind, 1) + links + b"\0" * 36
        directory += struct.pack("<LLL", start, size, 0)
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    header += struct.pack("<LLLLLLLLL", 0, tables, count, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    places = [count + 1 + at for at in range(tables)]
    header += struct.pack("<109L", *places, *([0xFFFFFFFF] * (109 - tables)))
    path.write_bytes(header + stream + directory.ljust(512, b"\0")[:512] + table)
    return path


# --- the binary workbook in a zip ---


def _part_record(kind, content=b""):
    head = bytes((kind,)) if kind < 0x80 else bytes((kind & 0x7F | 0x80, kind >> 7))
    size = len(content)
    lengths = b""
    while True:
        lengths += bytes((size & 0x7F | (0x80 if size > 0x7F else 0),))
        size >>= 7
        if not size:
            return head + lengths + content


def _wide(text):
    return struct.pack("<L", len(text)) + text.encode("utf-16-le")


def write_xlsb(path: Path, name, cells):
    """Write an XLSB with one sheet; ``cells`` maps (row, column) to a number, a text or an Error."""
    last_row, last_column = max(row for row, _ in cells), max(column for _, column in cells)
    sheet = _part_record(129) + _part_record(148, struct.pack("<LLLL", 0, last_row, 0, last_column)) + _part_record(145)
    row_before = -1
    for (row, column), value in sorted(cells.items()):
        if row != row_before:
            sheet += _part_record(0, struct.pack("<LLH", row, 0, 300) + b"\0" * 7)
            row_before = row
        place = struct.pack("<LL", column, 0)
        if isinstance(value, Error):
            sheet += _part_record(3, place + bytes((42,)))
        elif isinstance(value, str):
            sheet += _part_record(6, place + _wide(value))
        else:
            sheet += _part_record(5, place + struct.pack("<d", value))
    sheet += _part_record(146) + _part_record(130)
    book = _part_record(131) + _part_record(143)
    book += _part_record(156, struct.pack("<LL", 0, 1) + _wide("rId1") + _wide(name)) + _part_record(144)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.bin", book + _part_record(132))
        archive.writestr(
            "xl/_rels/workbook.bin.rels",
            f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" Type="{_RELATIONS}/worksheet" '
            'Target="worksheets/sheet1.bin"/></Relationships>',
        )
        archive.writestr("xl/worksheets/sheet1.bin", sheet)
    return path
