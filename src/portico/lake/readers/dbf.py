"""The table of a shapefile (dBASE III and IV): how its text is written, and names that make no trouble.

The geometry library reads the table; here its bytes are judged first, because the library believes a byte of the header
that most programs fill in at random, and gives up over a column called like its own.
"""

from __future__ import annotations

import codecs
import re
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from portico.errors import InputError
from portico.lake.limits import MAX_COLUMNS
from portico.lake.sniff.encoding import EIGHT_BIT

_HEADER, _FIELD, _NAME = 32, 32, 11
_END = b"\x0d"
_BLOCK_BYTES = 1 << 22
_DELETED = 0x2A
_OWN_NAME = "ogc_fid"


@dataclass(frozen=True, slots=True)
class Field:
    """A column of a dBASE table: its name as bytes, its kind ("C" for text), where it stands in a record."""

    name: bytes
    kind: str
    start: int
    width: int


@dataclass(frozen=True, slots=True)
class Table:
    """The shape of a dBASE file: how many records of how many bytes, from where, in which fields."""

    records: int
    header_bytes: int
    record_bytes: int
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """How the text of a table is written: a codec, whether the file beside it said otherwise, cells cut in a letter."""

    encoding: str
    contradicted: str = ""
    cut: tuple[int, ...] = ()


def shape(path: Path, file: str) -> Table:
    """Return the shape of the dBASE table at ``path``. Raises InputError where it is none, or shorter than it says."""
    with path.open("rb") as source:
        head = source.read(_HEADER)
        if len(head) < _HEADER:
            raise InputError("dbf-damaged", file=file)
        records, header_bytes, record_bytes = struct.unpack("<IHH", head[4:12])
        fields = tuple(_fields(source.read(max(0, header_bytes - _HEADER))))
    size = path.stat().st_size
    if not fields or not record_bytes or fields[-1].start + fields[-1].width > record_bytes:
        raise InputError("dbf-damaged", file=file)
    if len(fields) > MAX_COLUMNS:
        raise InputError("too-many-columns", file=file, count=len(fields), limit=MAX_COLUMNS)
    if size < header_bytes + records * record_bytes:
        raise InputError("dbf-cut-off", file=file, records=records, found=max(0, size - header_bytes) // record_bytes)
    return Table(records, header_bytes, record_bytes, fields)


def _fields(said: bytes) -> Iterator[Field]:
    start = 1
    for at in range(0, len(said) - _FIELD + 1, _FIELD):
        one = said[at : at + _FIELD]
        if one[:1] == _END:
            return
        name, kind, width = one[:_NAME].split(b"\x00")[0], chr(one[11]), one[16]
        if kind == "C":  # long texts keep the upper byte of their width where numbers keep their decimals
            width += one[17] << 8
        yield Field(name.strip(), kind, start, width)
        start += width


def judge(path: Path, table: Table, stated: str, country: str) -> Judged:
    """Say how the text of a table is written: as ``stated`` beside it, else UTF-8 if every cell is, else eight-bit."""
    eight_bit = EIGHT_BIT.get(country, "cp1252")
    codec = _codec(stated)
    if codec not in ("", "utf-8"):
        return Judged(codec)
    wrong, cut = _not_utf8(path, table)
    if not wrong:
        return Judged("utf-8", "", cut)
    return Judged(eight_bit, stated.strip() if codec else "")


def _codec(stated: str) -> str:
    """Return the codec a .cpg file names, nothing where it names none we know; Latin-1 is mostly cp1252.

    >>> _codec("ANSI 1252"), _codec("ISO-8859-1"), _codec("UTF-8"), _codec("OEM 850"), _codec("whatever")
    ('cp1252', 'cp1252', 'utf-8', 'cp850', '')
    """
    name = stated.strip().upper()
    if re.search(r"8859[-_ ]?1$", name) or name in ("LATIN1", "ANSI"):
        return "cp1252"
    found = re.fullmatch(r"(?:ANSI|OEM|CP|WINDOWS)?[-_ ]?([0-9]{3,5})", name)
    for candidate in (
        f"cp{found.group(1)}" if found else "",
        name.replace(" ", "-"),
        re.sub(r"^8859", "ISO-8859-", name),
    ):
        try:
            known = codecs.lookup(candidate).name
            letters = bytes(range(128, 256)).decode(known, errors="replace")
        except (LookupError, UnicodeError):
            continue
        if known in ("utf-8", "cp65001"):
            return "utf-8"
        if len(letters) == len(range(128, 256)):  # one byte, one letter
            return known
    return ""


def _not_utf8(path: Path, table: Table) -> tuple[bool, tuple[int, ...]]:
    """Say whether some text is not UTF-8, and in which records a text ends in the middle of a letter."""
    texts = [field for field in table.fields if field.kind == "C"]
    cut = []
    for number, record in _records(path, table):
        if record.isascii() or record[0] == _DELETED:
            continue
        for field in texts:
            cell = record[field.start : field.start + field.width]
            state = _utf8(cell)
            if state == "wrong":
                return True, ()
            if state == "cut":
                cut.append(number)
    return False, tuple(cut)


def _utf8(cell: bytes) -> str:
    if cell.isascii():
        return ""
    try:
        cell.decode("utf-8")
    except UnicodeDecodeError as error:
        return "cut" if error.reason == "unexpected end of data" and error.end == len(cell) else "wrong"
    return ""


def _records(path: Path, table: Table) -> Iterator[tuple[int, bytes]]:
    """Yield each record with its number from 1; blocks of nothing but ASCII go by as one."""
    width = table.record_bytes
    many = max(1, _BLOCK_BYTES // width)
    with path.open("rb") as file:
        file.seek(table.header_bytes)
        for first in range(0, table.records, many):
            block = file.read(min(many, table.records - first) * width)
            if not block.isascii():
                for at in range(0, len(block) - width + 1, width):
                    yield first + at // width + 1, block[at : at + width]


def names(table: Table, encoding: str) -> tuple[str, ...]:
    """Return the names of the columns as text."""
    return tuple(field.name.decode(encoding, errors="replace") for field in table.fields)


def plain_names(given: Sequence[str]) -> tuple[str, ...]:
    """Return names the geometry library can live with, in ASCII, for the columns whose own it cannot.

    >>> plain_names(["code", "CODE", "ogc_fid", "città"])
    ('code', 'F2', 'F3', 'F4')
    """
    taken = {_OWN_NAME, "geom", "wkb_geometry", "_row", "geometry"}
    found = []
    for number, name in enumerate(given, start=1):
        plain = name if name.isascii() and name and name.casefold() not in taken else f"F{number}"
        while plain.casefold() in taken:
            plain += "_"
        taken.add(plain.casefold())
        found.append(plain)
    return tuple(found)


def copy(path: Path, target: Path, table: Table, new_names: Sequence[str], cut: Sequence[int]) -> None:
    """Write the table at ``path`` to ``target`` under new names, letters that were cut in two left out."""
    with path.open("rb") as source, target.open("w+b") as out:
        while block := source.read(_BLOCK_BYTES):
            out.write(block)
        for number, name in enumerate(new_names):
            out.seek(_HEADER + number * _FIELD)
            out.write(name.encode("ascii")[: _NAME - 1].ljust(_NAME, b"\x00"))
        for record in cut:
            _mend(out, table, record)


def _mend(out: BinaryIO, table: Table, record: int) -> None:
    """Put blanks in the place of half letters at the end of the texts of a record."""
    for field in table.fields:
        if field.kind != "C":
            continue
        place = table.header_bytes + (record - 1) * table.record_bytes + field.start
        out.seek(place)
        cell = out.read(field.width)
        if _utf8(cell) == "cut":
            out.seek(place)
            out.write(cell.decode("utf-8", errors="ignore").encode().ljust(field.width))
