"""How a text file is encoded, by a stated rule over all of its bytes.

UTF-8 if every byte of the file agrees; UTF-16 if a byte-order mark or the nothings between the letters say so; else
the eight-bit encoding of the country. A file in which some lines are UTF-8 and others are not was put together from
two: each line is then read as what it is, and that is said. No statistics: they guess a Hungarian file in Piedmont.
"""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from portico.errors import InputError
from portico.lake.limits import MAX_RECORD_BYTES
from portico.lake.sniff.format import wide_encoding

EIGHT_BIT = {"IT": "cp1252", "GR": "cp1253", "PL": "cp1250", "CZ": "cp1250", "HU": "cp1250", "BG": "cp1251"}
_BLOCK = 1 << 20
_MULTIBYTE = re.compile(rb"[\xc3-\xf4][\x80-\xbf]")
MIXED = "utf-8+"


@dataclass(frozen=True, slots=True)
class Written:
    """What the bytes of a text file are: its encoding, how lines end, how many NULs stand in it.

    ``encoding`` is a Python codec name; where it begins with "utf-8+" single lines are in the eight-bit encoding that
    follows the plus. ``invalid_at`` is the offset of the first byte that is not UTF-8, where that decided.
    """

    encoding: str
    has_mark: bool
    crlf: int
    lf: int
    cr: int
    nothings: int
    size: int
    invalid_at: int = -1

    @property
    def newline(self) -> str:
        r"""How most lines end: "\r\n", "\n" or "\r"."""
        return max((("\r\n", self.crlf), ("\n", self.lf), ("\r", self.cr)), key=lambda pair: pair[1])[0]

    @property
    def has_one_newline(self) -> bool:
        """Whether all lines end in the same way."""
        return sum(count > 0 for count in (self.crlf, self.lf, self.cr)) <= 1

    @property
    def is_plain(self) -> bool:
        """Whether the bytes are UTF-8 as they stand, without a NUL."""
        return self.encoding == "utf-8" and not self.nothings


def survey(path: Path, told: str = "", country: str = "IT") -> Written:
    """Read all of ``path`` once and say how it is written. ``told`` names the encoding instead of the rule.

    Raises InputError where ``told`` is no encoding or the bytes contradict it.
    """
    with path.open("rb") as file:
        head = file.read(4096)
    size = path.stat().st_size
    encoding, mark = (
        _named(told) if told else "",
        head.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)),
    )
    wide = _wide(head)
    if wide and (not encoding or encoding.startswith("utf-16")):
        return Written(wide, mark, *_line_ends(_decoded_blocks(path, wide)), size)
    crlf, lf, cr, nothings = _ends_of_bytes(path)
    invalid = _invalid_at(path)
    if invalid >= 0 and not encoding:
        several = any(_MULTIBYTE.search(block) for block in _blocks(path))
        eight_bit = EIGHT_BIT.get(country, "cp1252")
        return Written(MIXED + eight_bit if several else eight_bit, mark, crlf, lf, cr, nothings, size, invalid)
    if invalid >= 0 and encoding == "utf-8":
        raise InputError("encoding-contradicted", file=path.name, encoding=told, byte=invalid)
    return Written(encoding or "utf-8", mark, crlf, lf, cr, nothings, size, invalid)


def glance(path: Path) -> Written | None:
    """Say how ``path`` is written if it seems to be plain UTF-8, without decoding it; nothing where it may not be.

    The engine checks every cell of UTF-8 that it reads itself, so that a second look at every letter is only needed
    where it complains.
    """
    with path.open("rb") as file:
        head = file.read(1 << 16)
    if _wide(head) or b"\x00" in head:
        return None
    try:
        head[: head.rfind(b"\n") + 1].decode("utf-8")
    except UnicodeDecodeError:
        return None
    lf = cr = 0
    for block in _blocks(path):
        if b"\x00" in block:
            return None
        lf += block.count(b"\n")
        cr += block.count(b"\r") if b"\r" in block else 0
    pairs = head.count(b"\r\n")
    if cr and not (cr == lf and pairs == head.count(b"\r")) and lf:
        return None
    crlf = cr if cr and lf else 0
    return Written("utf-8", head.startswith(codecs.BOM_UTF8), crlf, lf - crlf, cr - crlf, 0, path.stat().st_size)


def _ends_of_bytes(path: Path) -> tuple[int, int, int, int]:
    """Count CR LF, lone LF, lone CR and NUL."""
    crlf = lf = cr = nothings = 0
    ends_with_return = False
    for block in _blocks(path):
        returns = block.count(b"\r")
        pairs = (block.count(b"\r\n") if returns else 0) + (ends_with_return and block.startswith(b"\n"))
        crlf, lf, cr = crlf + pairs, lf + block.count(b"\n") - pairs, cr + returns - pairs
        ends_with_return = block.endswith(b"\r")
        nothings += block.count(b"\x00")
    return crlf, lf, cr, nothings


def _invalid_at(path: Path) -> int:
    """Return the offset of the first byte that is not UTF-8, or -1."""
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    offset = 0
    for block in _blocks(path):
        waiting = len(decoder.getstate()[0])
        if waiting or not block.isascii():
            try:
                decoder.decode(block)
            except UnicodeDecodeError as error:
                return offset - waiting + error.start
        offset += len(block)
    waiting = len(decoder.getstate()[0])
    return offset - waiting if waiting else -1


def _named(told: str) -> str:
    try:
        return codecs.lookup(told).name
    except LookupError as error:
        raise InputError("encoding-unknown", encoding=told) from error


def _wide(head: bytes) -> str:
    if head.startswith(codecs.BOM_UTF16_LE):
        return "utf-16-le"
    return "utf-16-be" if head.startswith(codecs.BOM_UTF16_BE) else wide_encoding(head)


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            yield block


def _decoded_blocks(path: Path, encoding: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    for block in _blocks(path):
        yield decoder.decode(block)
    yield decoder.decode(b"", final=True)


def _line_ends(texts: Iterator[str]) -> tuple[int, int, int, int]:
    crlf = lf = cr = nothings = 0
    last = ""
    for text in texts:
        pairs = text.count("\r\n") + (last.endswith("\r") and text.startswith("\n"))
        crlf, lf, cr = crlf + pairs, lf + text.count("\n") - pairs, cr + text.count("\r") - pairs
        nothings += text.count("\x00")
        last = text
    return crlf, lf, cr, nothings


def _eight_bit(data: bytes, encoding: str) -> str:
    """Decode ``data``; the few bytes the encoding leaves open become the control characters of Latin-1."""
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return "".join(_one(byte, encoding) for byte in data)


def _one(byte: int, encoding: str) -> str:
    try:
        return bytes((byte,)).decode(encoding)
    except UnicodeDecodeError:
        return chr(byte)


def transcode(path: Path, written: Written, to: Path) -> None:
    """Write the text of ``path`` to ``to`` in UTF-8, without mark and without NULs; line ends stay as they are."""
    with to.open("wb") as out:
        if written.encoding.startswith("utf-16"):
            for number, text in enumerate(_decoded_blocks(path, written.encoding)):
                clean = text.lstrip("\ufeff") if number == 0 else text
                out.write(clean.replace("\x00", "").encode("utf-8", errors="replace"))
            return
        if written.encoding.startswith(MIXED):
            _by_lines(path, written.encoding.removeprefix(MIXED), out)
            return
        decode = codecs.getincrementaldecoder("utf-8")("replace").decode if written.encoding == "utf-8" else None
        for number, block in enumerate(_blocks(path)):
            data = block.removeprefix(codecs.BOM_UTF8) if number == 0 else block
            text = decode(data) if decode else _eight_bit(data, written.encoding)
            out.write(text.replace("\x00", "").encode("utf-8"))


def _by_lines(path: Path, eight_bit: str, out: IO[bytes]) -> None:
    """Write each line in UTF-8: as it stands where it is that, else from the eight-bit encoding."""
    with path.open("rb") as file:
        while line := file.readline(MAX_RECORD_BYTES):
            try:
                text = line.decode("utf-8")
            except UnicodeDecodeError:
                text = _eight_bit(line, eight_bit)
            out.write(text.replace("\x00", "").encode("utf-8"))


def opened(path: Path) -> io.BufferedReader:
    """Open a prepared file (UTF-8) for reading bytes, its mark skipped."""
    file = path.open("rb")
    if file.read(3) != codecs.BOM_UTF8:
        file.seek(0)
    return file
