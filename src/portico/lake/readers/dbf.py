"""The table of a shapefile (dBASE III and IV): how its text is written, and names that make no trouble.

The geometry library reads the table; here its bytes are judged first, because the library believes a byte of the header
that most programs fill in at random, and gives up over a column called like its own.
"""

from __future__ import annotations

import codecs
import re
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from portico.errors import InputError
from portico.lake.limits import MAX_COLUMNS
from portico.lake.model import Type
from portico.lake.sniff.encoding import EIGHT_BIT

_HEADER, _FIELD, _NAME = 32, 32, 11
_END = b"\x0d"
_BLOCK_BYTES = 1 << 22
_DELETED = 0x2A
_OWN_NAME = "ogc_fid"
_AS_TEXT = {
    "D": ("TRY_STRPTIME(nullif(trim({c}), '00000000'), '%Y%m%d')::DATE", Type.DATE),
    "L": (
        "CASE WHEN trim({c}) IN ('T', 't', 'Y', 'y') THEN true WHEN trim({c}) IN ('F', 'f', 'N', 'n') THEN false END",
        Type.BOOLEAN,
    ),
}


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
    """Say how the text of a table is written: as ``stated`` beside it, else UTF-8 if every cell is, else eight-bit.

    A cell that ends in half a letter is UTF-8 cut by a narrow column only where that is stated or other cells are: a
    last è of the eight-bit encodings looks the same.
    """
    eight_bit = EIGHT_BIT.get(country, "cp1252")
    codec = _codec(stated)
    if codec not in ("", "utf-8"):
        return Judged(codec)
    found = _survey(path, table)
    if found.wrong or (found.cut and not found.whole and not codec):
        return Judged(eight_bit, stated.strip() if codec else "")
    return Judged("utf-8", "", tuple(found.cut))


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


@dataclass(slots=True)
class _Survey:
    """What the letters beyond ASCII are: whole in UTF-8, cut in two at the end of these records, or no UTF-8."""

    whole: bool = False
    wrong: bool = False
    cut: list[int] = field(default_factory=list)


def _survey(path: Path, table: Table) -> _Survey:
    found = _Survey(wrong=any(_utf8(one.name) for one in table.fields))
    texts = [one for one in table.fields if one.kind == "C"]
    for number, record in _records(path, table):
        if found.wrong:
            break
        if record.isascii() or record[0] == _DELETED:
            continue
        for one in texts:
            cell = record[one.start : one.start + one.width]
            state = _utf8(cell)
            found.wrong = found.wrong or state == "wrong"
            found.whole = found.whole or (not state and not cell.isascii())
            if state == "cut":
                found.cut.append(number)
    return found


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
    return tuple(one.name.decode(encoding, errors="replace") for one in table.fields)


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


def needs_copy(table: Table, plain: Sequence[str], judged: Judged) -> bool:
    """Say whether the library must be given another table than the one that came."""
    odd = any(one.kind in _AS_TEXT for one in table.fields)
    return odd or bool(judged.cut) or plain != names(table, judged.encoding)


def readings(table: Table, plain: Sequence[str]) -> dict[str, tuple[str, Type]]:
    """Return, for the columns that are read as text for safety, the SQL of their value and what the format states.

    The library makes the first of January 1970 of a date that is not there, and a text of a truth.
    """
    return {name: _AS_TEXT[one.kind] for name, one in zip(plain, table.fields, strict=True) if one.kind in _AS_TEXT}


def copy(path: Path, target: Path, table: Table, new_names: Sequence[str], cut: Sequence[int]) -> None:
    """Write the table at ``path`` to ``target`` under new names, dates and truths as texts, half letters left out."""
    with path.open("rb") as source, target.open("w+b") as out:
        while block := source.read(_BLOCK_BYTES):
            out.write(block)
        for number, name in enumerate(new_names):
            out.seek(_HEADER + number * _FIELD)
            out.write(name.encode("ascii")[: _NAME - 1].ljust(_NAME, b"\x00"))
            if table.fields[number].kind in _AS_TEXT:
                out.write(b"C")
        for record in cut:
            _mend(out, table, record)


def _mend(out: BinaryIO, table: Table, record: int) -> None:
    """Put blanks in the place of half letters at the end of the texts of a record."""
    for one in table.fields:
        if one.kind != "C":
            continue
        place = table.header_bytes + (record - 1) * table.record_bytes + one.start
        out.seek(place)
        cell = out.read(one.width)
        if _utf8(cell) == "cut":
            out.seek(place)
            out.write(cell.decode("utf-8", errors="ignore").encode().ljust(one.width))
