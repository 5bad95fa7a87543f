"""What a binary workbook holds: the old XLS (records in a compound file) and XLSB (records in the parts of a zip)."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from portico.errors import InputError
from portico.lake.found import Member
from portico.lake.limits import MAX_SHEET_BYTES
from portico.lake.readers.compound import Compound, packed
from portico.lake.readers.sheets_scan import SheetScan, WorkbookScan

_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_MAX_SHEETS = 1_000

# Records of an XLS.
_DIMENSIONS = 0x200
_FILEPASS, _BOUNDSHEET, _SST, _BOF, _EOF = 0x2F, 0x85, 0xFC, 0x809, 0x0A
_NUMBER, _LABEL, _BOOLERR, _RK, _LABELSST, _RSTRING, _FORMULA, _MULRK = (
    0x203,
    0x204,
    0x205,
    0x27E,
    0xFD,
    0xD6,
    0x06,
    0xBD,
)
_CELLS = frozenset({_NUMBER, _LABEL, _BOOLERR, _RK, _LABELSST, _RSTRING, _FORMULA, _MULRK})
_SMALLEST_CELL = 6
_WORKSHEET = 0

# Records of an XLSB.
_ROW_HEADER, _BUNDLE, _MERGE = 0, 156, 176
_FIRST_FILLED, _LAST_CELL = 2, 11
_ERROR_CELLS = frozenset({3, 11})


def scan_xls(member: Member) -> WorkbookScan:
    """Return what the sheets of an XLS hold, and the workbook alone in a new file, for an opener that believes tables.

    Raises InputError where it is encrypted or no workbook.
    """
    if member.path.stat().st_size > MAX_SHEET_BYTES:
        raise InputError("workbook-too-large", file=member.name, limit=MAX_SHEET_BYTES // 10**6)
    try:
        compound = Compound(member.path.read_bytes())
        if compound.holds("EncryptedPackage"):
            raise InputError("workbook-encrypted", file=member.name)
        name = next((one for one in ("Workbook", "Book") if compound.holds(one)), "")
        stream = compound.stream(name)
        if not stream:
            raise InputError("workbook-none", file=member.name)
        found = WorkbookScan(has_macros=compound.holds("_VBA_PROJECT_CUR", "_VBA_PROJECT", "VBA"))
        _scan_stream(stream, found, member.name)
    except (struct.error, IndexError, ValueError) as error:
        raise InputError("workbook-damaged", file=member.name) from error
    found.rewritten = packed(name, stream)
    return found


def _scan_stream(stream: bytes, found: WorkbookScan, name: str) -> None:
    """Go through the records of the workbook, then through those of each sheet it names."""
    begins = []
    for kind, at, size in _records(stream, 0):
        if kind == _FILEPASS:
            raise InputError("workbook-encrypted", file=name)
        if kind == _BOUNDSHEET:
            begins.append(struct.unpack_from("<L", stream, at)[0])
        elif kind == _SST and size >= 8 and struct.unpack_from("<L", stream, at + 4)[0] > len(stream):  # noqa: PLR2004
            raise InputError("workbook-damaged", file=name)
    if len(begins) > _MAX_SHEETS:
        raise InputError("workbook-damaged", file=name)
    known: dict[int, SheetScan] = {}
    for begin in begins:
        if begin not in known:
            known[begin] = _scan_xls_sheet(stream, begin)
        found.sheets.append(known[begin])


def _records(stream: bytes, at: int) -> Iterator[tuple[int, int, int]]:
    """Yield kind, place and size of each record from ``at`` to the end of its part."""
    depth, end, unpack = 0, len(stream), struct.Struct("<HH").unpack_from
    while at + 4 <= end:
        kind, size = unpack(stream, at)
        if kind == _BOF:
            depth += 1
        elif kind == _EOF:
            depth -= 1
            if depth <= 0:
                return
        yield kind, at + 4, size
        at += 4 + size


def _scan_xls_sheet(stream: bytes, begin: int) -> SheetScan:
    found, unpack = SheetScan(), struct.Struct("<HH").unpack_from
    for kind, at, size in _records(stream, begin):
        if kind == _DIMENSIONS and size >= 12:  # noqa: PLR2004
            first_row, last_row, first_column, last_column = struct.unpack_from("<LLHH", stream, at)
            found.claimed = max(last_row - first_row + 1, 1) * max(last_column - first_column + 1, 1)
        if kind not in _CELLS or size < _SMALLEST_CELL:
            continue
        row, column = unpack(stream, at)
        last = struct.unpack_from("<H", stream, at + size - 2)[0] if kind == _MULRK else column
        found.note(row, row, column, max(last, column), max(last - column + 1, 1))
        if kind == _BOOLERR and size >= 8 and stream[at + 7]:  # noqa: PLR2004
            found.note_error(row, column, _ERRORS.get(stream[at + 6], "#N/A"))
        elif kind == _FORMULA and stream[at + 12 : at + 14] == b"\xff\xff" and stream[at + 6] == 2:  # noqa: PLR2004
            found.note_error(row, column, _ERRORS.get(stream[at + 8], "#N/A"))
    return found


# --- XLSB ---


def read_xlsb_names(content: bytes) -> list[str]:
    """Return the relation of each sheet that the workbook part names."""
    found = []
    for kind, at, size in _parts(content):
        if kind == _BUNDLE and size >= 12:  # noqa: PLR2004
            length = struct.unpack_from("<L", content, at + 8)[0]
            found.append(content[at + 12 : at + 12 + 2 * min(length, size)].decode("utf-16-le", "replace"))
    return found


def scan_xlsb_part(content: bytes) -> SheetScan:
    """Return what a sheet of an XLSB holds."""
    found, row, unpack = SheetScan(), 0, struct.Struct("<L").unpack_from
    for kind, at, size in _parts(content):
        if (kind == _ROW_HEADER and size < 4) or (1 <= kind <= _LAST_CELL and size < 8):  # noqa: PLR2004
            raise ValueError("a record too short")  # the opener would read on in the one before
        if kind == _ROW_HEADER:
            row = unpack(content, at)[0]
        elif _FIRST_FILLED <= kind <= _LAST_CELL:
            column = unpack(content, at)[0]
            found.note(row, row, column, column, 1)
            if kind in _ERROR_CELLS and size > 8:  # noqa: PLR2004
                found.note_error(row, column, _ERRORS.get(content[at + 8], "#N/A"))
        elif kind == _MERGE and size >= 16:  # noqa: PLR2004
            first_row, last_row, first_column, last_column = struct.unpack_from("<LLLL", content, at)
            found.note_merge(((first_row, first_column), (last_row, last_column)))
    return found


def _parts(content: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield kind, place and size of each record; a record cut off is the end."""
    at, end = 0, len(content)
    while at + 1 < end:
        kind = content[at]
        at += 1
        if kind & 0x80:
            kind = (kind & 0x7F) | (content[at] & 0x7F) << 7
            at += 1
        size = 0
        for shift in (0, 7, 14, 21):
            if at >= end:
                return
            byte = content[at]
            at += 1
            size |= (byte & 0x7F) << shift
            if not byte & 0x80:
                break
        if at + size > end:
            return
        yield kind, at, size
        at += size
