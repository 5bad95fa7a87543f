"""What an OpenDocument sheet holds. Its rows and cells may be repeated: that is where its area comes from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Protocol

from portico.errors import InputError
from portico.lake.limits import MAX_SHEET_BYTES
from portico.lake.readers.sheets_scan import SheetScan, WorkbookScan

_TAG = re.compile(
    rb"<(/?)table:(table|table-row|table-cell|covered-table-cell)((?:\s(?:[^>\"']|\"[^\"]*\"|'[^']*')*)?)>"
)
_REPEATED_ROWS = re.compile(rb"table:number-rows-repeated=[\"']([0-9]{1,10})")
_REPEATED_CELLS = re.compile(rb"table:number-columns-repeated=[\"']([0-9]{1,10})")
_SPANNED_ROWS = re.compile(rb"table:number-rows-spanned=[\"']([0-9]{1,7})")
_SPANNED_CELLS = re.compile(rb"table:number-columns-spanned=[\"']([0-9]{1,7})")
_FILLED = b"office:value-type="
_SPAN = b"-spanned="
_LONGEST_TAG = 16 << 20


class Parts(Protocol):
    """The parts of a workbook that is a zip."""

    name: str

    def __contains__(self, part: str) -> bool: ...

    def names(self) -> Iterator[str]:
        """Yield the names of the parts, in lower case."""

    def whole(self, part: str) -> bytes:
        """Return a part."""

    def pieces(self, part: str, limit: int = MAX_SHEET_BYTES) -> Iterator[bytes]:
        """Yield a part in pieces."""


def scan_ods(parts: Parts) -> WorkbookScan:
    """Return what the sheets of an OpenDocument hold; raise InputError where it is encrypted."""
    if b"encryption-data" in parts.whole("META-INF/manifest.xml"):
        raise InputError("workbook-encrypted", file=parts.name)
    if "content.xml" not in parts:
        raise InputError("workbook-damaged", file=parts.name)
    reader, rest = _Reader(), b""
    for piece in parts.pieces("content.xml"):
        rest += piece
        cut = rest.rfind(b"<")
        if cut > 0:
            reader.take(rest[:cut])
            rest = rest[cut:]
        if len(rest) > _LONGEST_TAG:
            raise InputError("workbook-damaged", file=parts.name)
    reader.take(rest)
    return WorkbookScan(reader.sheets, any(name.startswith("basic/") for name in parts.names()))


class _Reader:
    """Goes through the tags of a document, counting rows and cells."""

    def __init__(self) -> None:
        self.sheets: list[SheetScan] = []
        self._depth = 0
        self._row = 0
        self._column = 0
        self._rows_here = 1

    def take(self, content: bytes) -> None:
        """Go through the tags in ``content``."""
        for closing, name, about in _TAG.findall(content):
            if name == b"table":
                self._table(closing=bool(closing), is_empty=about.endswith(b"/"))
            elif self._depth != 1:  # a table inside a cell is no sheet
                continue
            elif name == b"table-row":
                self._table_row(about, closing=bool(closing))
            elif not closing:
                self._cell(about)

    def _table(self, *, closing: bool, is_empty: bool) -> None:
        if closing:
            self._depth -= 1
            return
        if not self._depth:
            self.sheets.append(SheetScan())
            self._row = 0
        self._depth += not is_empty

    def _table_row(self, about: bytes, *, closing: bool) -> None:
        if closing:
            self._row += self._rows_here
            return
        self._rows_here = _number(_REPEATED_ROWS, about)
        self._column = 0
        if about.endswith(b"/"):
            self._row += self._rows_here

    def _cell(self, about: bytes) -> None:
        sheet = self.sheets[-1]
        repeated = _number(_REPEATED_CELLS, about)
        if _FILLED in about:
            last_row, last_column = self._row + self._rows_here - 1, self._column + repeated - 1
            sheet.note(self._row, last_row, self._column, last_column, repeated * self._rows_here)
        if _SPAN in about:
            down, right = _number(_SPANNED_ROWS, about), _number(_SPANNED_CELLS, about)
            if down > 1 or right > 1:
                corner = (self._row, self._column)
                sheet.note_merge((corner, (self._row + down - 1, self._column + right - 1)))
        self._column += repeated


def _number(pattern: re.Pattern[bytes], about: bytes) -> int:
    found = pattern.search(about)
    return max(int(found.group(1)), 1) if found else 1
