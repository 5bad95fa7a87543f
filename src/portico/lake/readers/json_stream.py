"""A JSON document read piece by piece, so that only one value of it is in memory at a time."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

from portico.errors import InputError
from portico.lake.limits import MAX_JSON_DEPTH, MAX_RECORD_BYTES

_CHUNK = 1 << 20
_BLANK = re.compile(r"[ \t\n\r]*")
_NEAR_END = 24  # an escape, a word or a number cut in two is noticed at most so far from the end
_OPEN_STRING = "Unterminated string"
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class Whole(str):
    """A whole number as it is written."""

    __slots__ = ()


class Decimal(str):
    """A number with decimals or an exponent, as it is written."""

    __slots__ = ()


class NotFinite:
    """NaN or Infinity: some programs write them, JSON knows none."""


def decoder(duplicate: Callable[[], None]) -> json.JSONDecoder:
    """Return a decoder that keeps numbers as written and calls ``duplicate`` for every object with a repeated key."""

    def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
        record = dict(found)
        if len(record) != len(found):
            duplicate()
        return record

    return json.JSONDecoder(
        object_pairs_hook=pairs, parse_int=Whole, parse_float=Decimal, parse_constant=lambda _: NotFinite()
    )


def encoding_of(path: Path, told: str = "") -> str:
    """Return the encoding of a JSON file: what was told, else what its first bytes say, else UTF-8."""
    if told:
        return told
    with path.open("rb") as file:
        head = file.read(4)
    return next((encoding for mark, encoding in _MARKS if head.startswith(mark)), "utf-8")


def opened(path: Path, name: str, encoding: str) -> IO[str]:
    """Open a text for reading; raise InputError for an encoding nobody knows."""
    try:
        return path.open(encoding=encoding, newline="\n")
    except LookupError as error:
        raise InputError("json-encoding", file=name, encoding=encoding) from error


class Stream:
    """A document and where we are in it. ``name`` is what messages call the file.

    Objects and arrays are entered (``members``, ``elements``); a value that is not entered is taken whole
    with ``value`` and may be no larger than a record.
    """

    def __init__(self, path: Path, name: str, encoding: str, decode: json.JSONDecoder) -> None:
        self._file = opened(path, name, encoding)
        self._name = name
        self._encoding = encoding
        self._decode = decode
        self._text = ""
        self._at = 0
        self._ended = False
        self._line = 1
        self._column = 1

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def peek(self) -> str:
        """Return the next character that is not blank, without taking it; nothing at the end."""
        while True:
            found = _BLANK.match(self._text, self._at)
            self._at = found.end() if found else self._at
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def take(self, expected: str) -> None:
        """Take the next character, which must be one of ``expected``."""
        if self.peek() not in tuple(expected):
            raise self.broken(self._at)
        self._at += 1

    def value(self) -> Any:  # noqa: ANN401 - JSON holds anything
        """Take the next value whole."""
        self.peek()
        while True:
            try:
                value, end = self._decode.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                cut = error.msg.startswith(_OPEN_STRING) or error.pos >= len(self._text) - _NEAR_END
                if not cut or not self._more():
                    raise self.broken(error.pos) from error
            except RecursionError as error:
                raise self.too_deep() from error
            else:
                if end < len(self._text) or not self._more():  # a number may go on in the next piece
                    self._at = end
                    return value

    def members(self) -> Iterator[str]:
        """Enter the object that comes next and yield its keys; who iterates takes each value."""
        self.take("{")
        if self.peek() == "}":
            self.take("}")
            return
        while True:
            if self.peek() != '"':
                raise self.broken(self._at)
            key = self.value()
            self.take(":")
            yield key
            if self.peek() == "}":
                self.take("}")
                return
            self.take(",")

    def elements(self) -> Iterator[None]:
        """Enter the array that comes next and pause at each element; who iterates takes it."""
        self.take("[")
        if self.peek() == "]":
            self.take("]")
            return
        while True:
            yield None
            if self.peek() == "]":
                self.take("]")
                return
            self.take(",")

    def end(self) -> None:
        """See that nothing follows."""
        if self.peek():
            raise self.broken(self._at)

    def too_deep(self) -> InputError:
        """Return the refusal of a document nested deeper than the limit."""
        return InputError("json-too-deep", file=self._name, limit=MAX_JSON_DEPTH)

    def broken(self, at: int) -> InputError:
        """Return the refusal of a document that is cut off or wrong at ``at`` of the piece in memory."""
        line = self._line + self._text.count("\n", 0, at)
        before = self._text.rfind("\n", 0, at)
        column = at - before if before >= 0 else self._column + at
        return InputError("json-broken", file=self._name, line=line, column=column)

    def _more(self) -> bool:
        """Read another piece behind what is left; say whether there was one."""
        if self._ended:
            return False
        if len(self._text) - self._at > MAX_RECORD_BYTES:
            raise InputError("json-record-too-long", file=self._name, line=self._line, limit=MAX_RECORD_BYTES // 10**6)
        # As much again as is left: a long record is not decoded from its start for every piece of it.
        piece = self._read(max(_CHUNK, len(self._text) - self._at))
        if not piece:
            self._ended = True
            return False
        newlines = self._text.count("\n", 0, self._at)
        last = self._text.rfind("\n", 0, self._at)
        self._line += newlines
        self._column = self._at - last if last >= 0 else self._column + self._at
        self._text = self._text[self._at :] + piece
        self._at = 0
        return True

    def _read(self, size: int) -> str:
        try:
            return self._file.read(size)
        except UnicodeError as error:
            raise InputError("json-encoding", file=self._name, encoding=self._encoding) from error
