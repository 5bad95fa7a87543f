"""JSON read as strictly as TOML: no key twice, no number that is none, nothing too deep or too large; lines of keys."""

from __future__ import annotations

import json
import math
import re
from typing import Any, NoReturn

from portico.errors import InputError
from portico.messages import Message
from portico.settings import Document, refuse_giants

MAX_BYTES = 64_000
"""The most bytes of a brief: the largest that people write has 4,000."""
DEEPEST = 16
_MOST_DIGITS = 20
_NO_FILES = ("body", "address", "form")
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{},:]')


def called(name: str) -> Message | str:
    """Return what people read for ``name``: a file's name as it is, else where the brief was sent."""
    return Message(f"document.{name}") if name in _NO_FILES else name


def read_json(raw: bytes, name: str) -> Document:
    r"""Return the JSON object in ``raw``; ``name`` is what messages call it. A key with ``null`` counts as not given.

    Raises InputError with the line for what is too large or too deep, not UTF-8 or not JSON, and for a key twice.

    >>> read_json(b'{"title": "Mill",\n "activity": "food"}', "brief").lines
    {'title': 1, 'activity': 2}
    """
    if len(raw) > MAX_BYTES:
        raise InputError("file-too-large", file=called(name), limit=MAX_BYTES)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise InputError("not-utf8", file=called(name), row=line, byte=f"0x{raw[error.start]:02X}") from error
    try:
        data = json.loads(text, parse_constant=_no_number, parse_float=_finite, parse_int=_whole)
        refuse_giants(data)
        json.dumps(data, ensure_ascii=False).encode()  # halves of letters cannot be written down
    except RecursionError as error:
        raise InputError("json-nested", file=called(name), row=1, limit=DEEPEST) from error
    except UnicodeEncodeError as error:
        half = ascii(error.object[error.start])[1:-1]
        raise InputError("not-json", file=called(name), detail=f"{half} is half of a character") from error
    except ValueError as error:
        raise InputError("not-json", file=called(name), detail=str(error)) from error
    if not isinstance(data, dict):
        raise InputError("json-no-object", file=called(name))
    lines = _lines(text, name)
    return Document(name, _without_nulls(data), lines)


def _no_number(text: str) -> NoReturn:
    message = f"{text} is not a number"
    raise ValueError(message)


def _whole(text: str) -> int:
    if len(text) > _MOST_DIGITS:
        message = "an integer beyond 64 bits"
        raise ValueError(message)
    return int(text)


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        _no_number(text[:20])
    return number


def _without_nulls(value: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
    if isinstance(value, dict):
        return {key: _without_nulls(item) for key, item in value.items() if item is not None}
    return [_without_nulls(item) for item in value] if isinstance(value, list) else value


def _lines(text: str, name: str) -> dict[str, int]:
    """Return the line of each key of well-formed ``text``; raise InputError for one given twice, and for depth."""
    found: dict[str, int] = {}
    seen: set[tuple[object, ...]] = set()
    path: list[str | int | None] = []  # what each open object is at, or each open array
    line, seen_to, key = 1, 0, ""
    for token in _TOKEN.finditer(text):
        line += text.count("\n", seen_to, token.start())
        seen_to = token.start()
        mark = token[0]
        if mark in "{[":
            path.append(None if mark == "{" else 0)
            if len(path) > DEEPEST:
                raise InputError("json-nested", file=called(name), row=line, limit=DEEPEST)
        elif mark in "]}":
            path.pop()
        elif mark == ",":
            path[-1] = path[-1] + 1 if isinstance(path[-1], int) else None
        elif mark == ":":
            path[-1] = key
            if tuple(path) in seen:
                raise InputError("json-key-twice", file=called(name), row=line, key=key[:80])
            seen.add(tuple(path))
            found.setdefault(".".join(str(one) for one in path), line)
        elif path and path[-1] is None:
            key = json.loads(mark)
    return found
