"""What a workbook holds, measured before it is opened: a sheet of two cells may claim seventeen thousand million.

The opener makes room for the whole area between the outermost cells, so that area is found first, by reading the
parts of the workbook piece by piece. On the way what the opener does not tell is noted: cells with errors, formulas
never computed, numbers shown with leading zeros, merged cells where it knows none.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from xml.etree import ElementTree as ET
from xml.parsers import expat

from portico.errors import InputError
from portico.lake.found import Format, Member
from portico.lake.limits import MAX_SHEET_BYTES
from portico.lake.readers.archives import open_member, open_zip
from portico.lake.readers.sheets_binary import read_xlsb_names, scan_xls, scan_xlsb_part
from portico.lake.readers.sheets_ods import scan_ods
from portico.lake.readers.sheets_scan import SheetScan, WorkbookScan, column_number

_CHUNK = 1 << 20
_TOTAL_BYTES = 5 * MAX_SHEET_BYTES
_LONGEST_ROW = 16 << 20
_SMALL_PART = 16 << 20
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
_DECLARATION = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")
_PADDED = re.compile(r"(0{2,20})(;.*)?")
_SHOWN_SHARE = 0.9
_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
    ET.ParseError,
    expat.ExpatError,
    LookupError,
    struct.error,
    ValueError,
)


def scan(member: Member) -> WorkbookScan:
    """Return what the workbook holds, sheet by sheet in its order.

    Raises InputError where it is encrypted, damaged, larger than the limits, or holds declarations that expand.
    """
    if member.format is Format.XLS:
        return scan_xls(member)
    with open_zip(member.path, member.name) as archive:
        parts = _Parts(archive, member.name)
        try:
            if member.format is Format.ODS:
                return scan_ods(parts)
            return _scan_ooxml(parts, binary=member.format is Format.XLSB)
        except _FAULTS as error:
            raise InputError("workbook-damaged", file=member.name) from error


class _Parts:
    """The parts of a workbook that is a zip. What is read of them is measured, and nothing in them may expand."""

    def __init__(self, archive: zipfile.ZipFile, name: str) -> None:
        self._archive = archive
        self.name = name
        self._infos = {info.filename.replace("\\", "/").lstrip("/").lower(): info for info in archive.infolist()}
        self._taken = 0
        if sum(info.file_size for info in archive.infolist()) > 2 * _TOTAL_BYTES:
            raise self.too_large()

    def __contains__(self, part: str) -> bool:
        return part.lower() in self._infos

    def names(self) -> Iterator[str]:
        """Yield the names of the parts, in lower case."""
        yield from self._infos

    def whole(self, part: str, limit: int = _SMALL_PART) -> bytes:
        """Return a part, which may be no larger than ``limit``; nothing where it is missing."""
        return b"".join(self.pieces(part, limit)) if part in self else b""

    def pieces(self, part: str, limit: int = MAX_SHEET_BYTES) -> Iterator[bytes]:
        """Yield a part in pieces."""
        info = self._infos[part.lower()]
        is_text = part.lower().endswith((".xml", ".rels"))
        size, before = 0, b""
        # The opener waits for ever for an end that is missing, so what is not well formed never gets there.
        check = expat.ParserCreate() if is_text else None
        with open_member(self._archive, info) as file:
            while piece := file.read(_CHUNK):
                if not size and is_text and piece.startswith(_WIDE):
                    raise InputError("workbook-damaged", file=self.name)
                if is_text and _DECLARATION.search(before[-16:] + piece):
                    raise InputError("workbook-entities", file=self.name)
                size += len(piece)
                self._taken += len(piece)
                if size > limit or self._taken > _TOTAL_BYTES:
                    raise self.too_large()
                if check is not None:
                    check.Parse(piece, False)  # noqa: FBT003 - the parser's own signature
                yield piece
                before = piece
        if check is not None:
            check.Parse(b"", True)  # noqa: FBT003

    def too_large(self) -> InputError:
        """Return the refusal of a workbook with more in it than may be read."""
        return InputError("workbook-too-large", file=self.name, limit=MAX_SHEET_BYTES // 10**6)


def _scan_ooxml(parts: _Parts, *, binary: bool) -> WorkbookScan:
    root = next((name for name in parts.names() if name.endswith(("xl/workbook.xml", "xl/workbook.bin"))), "")
    folder = PurePosixPath(root).parent
    targets = _targets(parts, folder, PurePosixPath(root).name)
    found = WorkbookScan(has_macros=any(name.endswith("vbaproject.bin") for name in parts.names()))
    if binary:
        relations = read_xlsb_names(parts.whole(root))
    else:
        sheets = ET.fromstring(parts.whole(root)).iter()  # noqa: S314 - nothing in it can expand, see pieces
        relations = [
            one.get(_RELATION) or one.get(_STRICT_RELATION) or ""
            for one in sheets
            if one.tag.endswith("}sheet") or one.tag == "sheet"
        ]
    padded = {} if binary else _padded_styles(parts, str(folder / "styles.xml"))
    for shared in ("sharedstrings.xml", "sharedstrings.bin"):
        if str(folder / shared) in parts:
            for _ in parts.pieces(str(folder / shared)):
                pass
    for relation in relations:
        part = targets.get(relation, "")
        if not part or part not in parts or "/worksheets/" not in f"/{part.lower()}":
            found.sheets.append(SheetScan())
        elif binary:
            found.sheets.append(scan_xlsb_part(parts.whole(part, MAX_SHEET_BYTES)))
        else:
            found.sheets.append(_scan_sheet(parts, part, padded))
    return found


def _targets(parts: _Parts, folder: PurePosixPath, workbook: str) -> dict[str, str]:
    """Return which part each relation of the workbook leads to."""
    content = parts.whole(str(folder / "_rels" / f"{workbook}.rels"))
    if not content:
        return {}
    found = {}
    for one in ET.fromstring(content).iter():  # noqa: S314 - as above
        target = one.get("Target") or ""
        path = target.lstrip("/") if target.startswith("/") else str(folder / target)
        found[one.get("Id") or ""] = str(PurePosixPath(path.replace("\\", "/").replace("/./", "/")))
    return found


def _padded_styles(parts: _Parts, part: str) -> dict[str, int]:
    """Return the styles that show whole numbers with leading zeros ("00000"), with how many digits they show."""
    content = parts.whole(part)
    if not content:
        return {}
    root = ET.fromstring(content)  # noqa: S314 - as above
    formats = {
        one.get("numFmtId"): len(match.group(1))
        for one in root.iter()
        if one.tag.endswith("}numFmt") and (match := _PADDED.fullmatch(one.get("formatCode") or ""))
    }
    cells = next((one for one in root if one.tag.endswith("}cellXfs")), None)
    if not formats or cells is None:
        return {}
    styles = enumerate(one.get("numFmtId") for one in cells)
    return {str(number): formats[code] for number, code in styles if code in formats}


# --- one sheet of an XLSX ---


@dataclass(slots=True)
class _Patterns:
    """How the elements of a sheet are written, with the prefix that its root declares."""

    row: bytes
    cell: bytes
    bare_cell: bytes
    filled: re.Pattern[bytes]
    error: re.Pattern[bytes]
    uncomputed: re.Pattern[bytes]
    number: re.Pattern[bytes]
    styled: re.Pattern[bytes] | None = None
    padded: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, head: bytes, padded: dict[str, int]) -> _Patterns:
        found = re.search(rb"<([A-Za-z0-9_.-]+:)?worksheet", head)
        p = (found.group(1) or b"") if found else b""
        e = re.escape(p)
        styles = b"|".join(number.encode() for number in padded)
        return cls(
            row=b"<" + p + b"row",
            cell=b"<" + p + b"c ",
            bare_cell=b"<" + p + b"c>",
            filled=re.compile(rb"<" + e + rb"c [^>]*?\br=\"([A-Za-z]{1,3})([0-9]{1,9})\"[^>]*(?<!/)>(?!</)"),
            error=re.compile(
                rb"<" + e + rb"c (?=[^>]*\bt=\"e\")[^>]*?\br=\"([A-Za-z]{1,3})([0-9]{1,9})\"[^>]*(?<!/)>"
                rb"(?:(?!</" + e + rb"c>).)*?<" + e + rb"v>([^<]*)<",
                re.DOTALL,
            ),
            uncomputed=re.compile(
                rb"<"
                + e
                + rb"c (?![^>]*\bt=\"str\")[^>]*>\s*<"
                + e
                + rb"f\b[^<]*(?:</"
                + e
                + rb"f>\s*)?(?:<"
                + e
                + rb"v\s*/>|<"
                + e
                + rb"v></"
                + e
                + rb"v>)?\s*</"
                + e
                + rb"c>"
            ),
            number=re.compile(rb"<" + e + rb"c (?![^>]*\bt=)[^>]*?\br=\"([A-Za-z]{1,3})[0-9]{1,9}\"[^>]*(?<!/)>(?!</)"),
            styled=re.compile(rb"<" + e + rb"c (?=[^>]*\bs=\"(" + styles + rb")\")[^>]*?\br=\"([A-Za-z]{1,3})[0-9]")
            if styles
            else None,
            padded=padded,
        )


def _scan_sheet(parts: _Parts, part: str, padded: dict[str, int]) -> SheetScan:
    found, rest = SheetScan(), b""
    patterns: _Patterns | None = None
    shown: Counter[tuple[int, int]] = Counter()
    per_column: Counter[int] = Counter()
    for piece in parts.pieces(part):
        rest += piece
        patterns = patterns or _Patterns.of(rest[:_CHUNK], padded)
        cut = rest.rfind(patterns.row)
        if cut <= 0 and len(rest) > _LONGEST_ROW:
            raise parts.too_large()
        if cut > 0:
            _count(rest[:cut], patterns, found, shown, per_column)
            rest = rest[cut:]
    if patterns is not None:
        _count(rest, patterns, found, shown, per_column)
    for (column, digits), count in shown.items():
        if count >= _SHOWN_SHARE * per_column[column]:
            found.padded[column] = digits
    return found


def _count(
    rows: bytes,
    patterns: _Patterns,
    found: SheetScan,
    shown: Counter[tuple[int, int]],
    per_column: Counter[int],
) -> None:
    """Take some whole rows into account."""
    cells = patterns.filled.findall(rows)
    if cells:
        columns = Counter(column for column, _ in cells)
        numbers = {int(number) for number in {number for _, number in cells}}
        known = {column_number(letters.decode()): count for letters, count in columns.items()}
        found.note(min(numbers) - 1, max(numbers) - 1, min(known), max(known), len(cells))
    if rows.count(b' r="') < rows.count(patterns.cell) + rows.count(patterns.row + b" ") or patterns.bare_cell in rows:
        _count_unplaced(rows, patterns, found)
    if b't="e"' in rows:
        for column, number, text in patterns.error.findall(rows):
            found.note_error(int(number) - 1, column_number(column.decode()), text.decode("utf-8", "replace"))
    if b"f" in rows:
        found.uncomputed += len(patterns.uncomputed.findall(rows))
    if patterns.styled is not None:
        per_column.update(column_number(column.decode()) for column in patterns.number.findall(rows))
        for style, column in patterns.styled.findall(rows):
            shown[column_number(column.decode()), patterns.padded[style.decode()]] += 1


def _count_unplaced(rows: bytes, patterns: _Patterns, found: SheetScan) -> None:
    """Cells need not say where they are: then each stands behind the one before it."""
    split = rows.split(patterns.row)
    widest = max(row.count(patterns.cell) + row.count(patterns.bare_cell) for row in split)
    count = rows.count(patterns.cell) + rows.count(patterns.bare_cell)
    found.unplaced_rows += len(split)
    found.note(0, max(found.last_row, found.unplaced_rows), 0, max(found.last_column, widest), count)
