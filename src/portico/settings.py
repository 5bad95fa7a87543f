"""Typed settings: a TOML file read into frozen dataclasses, every fault found at once with its line and advice.

An unknown key is an error with a suggestion; a value of the wrong type says which type was expected. A field may carry
rules in its metadata: ``minimum``, ``maximum``, ``pattern`` and ``plain`` (the pattern in words), ``ordered``.
"""

from __future__ import annotations

import dataclasses
import re
import tomllib
import types
import typing
from collections.abc import Mapping
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Any, TypeVar

from portico.errors import InputError
from portico.messages import Finding, Message, Place, Text, did_you_mean

T = TypeVar("T")
MAX_BYTES = 1_000_000
_BAD = object()
_HEADER = re.compile(r"\s*\[(\[)?\s*([^\]]+?)\s*\]")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_KEY = re.compile(r"\s*([A-Za-z0-9_.\-\"']+)\s*=")


@dataclasses.dataclass(frozen=True, slots=True)
class Document:
    """A TOML file: its name in messages, its data and the line of each key."""

    name: str
    data: Mapping[str, Any]
    lines: Mapping[str, int]

    def place(self, path: str) -> Place:
        """Return where ``path`` stands or its first part does, else where its nearest written ancestor does."""
        key = path if path in self.lines or f"{path}.0" not in self.lines else f"{path}.0"
        while key and key not in self.lines:
            key = key.rpartition(".")[0]
        return Place(self.name, self.lines.get(key, 0), path)


def read_document(path: Path, name: str) -> Document:
    """Read the TOML file at ``path``; ``name`` is what messages call it.

    Raises InputError with the line for a file that is too large, not UTF-8 or not TOML.
    """
    if path.stat().st_size > MAX_BYTES:
        raise InputError("file-too-large", file=name, limit=MAX_BYTES)
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise InputError("not-utf8", file=name, row=line, byte=f"0x{raw[error.start]:02X}") from error
    try:
        data = tomllib.loads(text)
        refuse_giants(data)
    except (ValueError, RecursionError) as error:  # TOMLDecodeError is a ValueError; so is a number of 5,000 digits
        raise InputError("not-toml", file=name, detail=str(error)) from error
    return Document(name, data, _lines(text))


def refuse_giants(value: object) -> None:
    """Raise ValueError for an integer beyond 64 bits, which TOML does not promise to carry.

    >>> refuse_giants({"n": [2**63]})
    Traceback (most recent call last):
    ValueError: an integer beyond 64 bits
    """
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        raise ValueError("an integer beyond 64 bits")
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        refuse_giants(item)


def _lines(text: str) -> dict[str, int]:
    """Find the line of each table and key; good enough for messages, and never wrong by more than a missing entry."""
    found: dict[str, int] = {}
    arrays: dict[str, int] = {}
    table = ""
    for number, line in enumerate(text.splitlines(), start=1):
        header = _HEADER.match(line)
        if header:
            table = header[2].replace('"', "").replace("'", "")
            if header[1]:
                arrays[table] = arrays.get(table, -1) + 1
                table = f"{table}.{arrays[table]}"
            found.setdefault(table, number)
            continue
        key = _KEY.match(line)
        if key:
            name = key[1].replace('"', "").replace("'", "")
            found.setdefault(f"{table}.{name}".lstrip("."), number)
    return found


def _day(text: str) -> date | str:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text


def read_into(kind: type[T], document: Document, findings: list[Finding]) -> T | None:
    """Read the whole ``document`` into the dataclass ``kind``; faults go to ``findings`` and give None."""
    value = Reader(document, findings).read(kind, document.data, "")
    return None if value is _BAD else typing.cast("T", value)


class Reader:
    """Turns plain TOML values into typed ones and collects what does not fit."""

    def __init__(self, document: Document, findings: list[Finding]) -> None:
        """Read from ``document`` and append faults to ``findings``."""
        self.document = document
        self.findings = findings

    def fault(self, message: Message, path: str, value: object = "") -> Any:  # noqa: ANN401 - a marker of any type
        """Record a fault at ``path`` and return the marker of a bad value."""
        self.findings.append(Finding(message, self.document.place(path), str(value)[:200]))
        return _BAD

    def read(self, kind: Any, value: Any, path: str) -> Any:  # noqa: ANN401 - TOML values and types are of any kind
        """Return ``value`` as ``kind``, or the marker of a bad value."""
        origin = typing.get_origin(kind)
        if origin in (typing.Union, types.UnionType):
            return self._one_of(typing.get_args(kind), value, path)
        if origin is tuple:
            return self._tuple(typing.get_args(kind), value, path)
        if origin in (dict, Mapping):
            return self._mapping(typing.get_args(kind)[1], value, path)
        if kind is Text:
            return self._text(value, path)
        if dataclasses.is_dataclass(kind):
            return self._dataclass(kind, value, path)
        return self._scalar(kind, value, path)

    def _one_of(self, kinds: tuple[Any, ...], value: Any, path: str) -> Any:  # noqa: ANN401
        wanted = [kind for kind in kinds if kind is not types.NoneType]
        for kind in wanted[:-1]:
            trial: list[Finding] = []
            result = Reader(self.document, trial).read(kind, value, path)
            if not trial:
                return result
        fitting = [kind for kind in wanted if (typing.get_origin(kind) is tuple) is isinstance(value, list)]
        return self.read((fitting or wanted)[-1], value, path)

    def _tuple(self, kinds: tuple[Any, ...], value: Any, path: str) -> Any:  # noqa: ANN401
        if not isinstance(value, list):
            return self.fault(Message("wrong-type", {"key": path, "expected": Message("type.list")}), path, value)
        open_ended = len(kinds) == 2 and kinds[1] is Ellipsis  # noqa: PLR2004 - the shape of tuple[X, ...]
        if not open_ended and len(value) != len(kinds):
            return self.fault(Message("wrong-length", {"key": path, "expected": len(kinds)}), path, value)
        each = [kinds[0]] * len(value) if open_ended else kinds
        items = [self.read(kind, item, f"{path}.{i}") for i, (kind, item) in enumerate(zip(each, value, strict=True))]
        return _BAD if any(item is _BAD for item in items) else tuple(items)

    def _mapping(self, kind: Any, value: Any, path: str) -> Any:  # noqa: ANN401
        if not isinstance(value, dict):
            return self.fault(Message("wrong-type", {"key": path, "expected": Message("type.table")}), path, value)
        items = {key: self.read(kind, item, f"{path}.{key}") for key, item in value.items()}
        return _BAD if any(item is _BAD for item in items.values()) else items

    def _text(self, value: Any, path: str) -> Any:  # noqa: ANN401
        if isinstance(value, str):
            return Text({"": value})
        if isinstance(value, dict) and value and all(isinstance(item, str) for item in value.values()):
            return Text(value)
        return self.fault(Message("wrong-type", {"key": path, "expected": Message("type.text")}), path, value)

    def _dataclass(self, kind: Any, value: Any, path: str) -> Any:  # noqa: ANN401
        if not isinstance(value, dict):
            return self.fault(Message("wrong-type", {"key": path, "expected": Message("type.table")}), path, value)
        hints = typing.get_type_hints(kind)
        fields = {field.name: field for field in dataclasses.fields(kind)}
        prefix = f"{path}." if path else ""
        for key in value:
            if key not in fields:
                advice = did_you_mean(key, fields)
                self.fault(Message("unknown-key", {"key": f"{prefix}{key}", "advice": advice}), f"{prefix}{key}", key)
        ready: dict[str, Any] = {}
        for name, field in fields.items():
            if name in value:
                ready[name] = self._checked(field, self.read(hints[name], value[name], prefix + name), prefix + name)
            elif field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
                ready[name] = self.fault(Message("missing-key", {"key": prefix + name}), prefix + name)
        return _BAD if any(item is _BAD for item in ready.values()) else kind(**ready)

    def _checked(self, field: dataclasses.Field[Any], value: Any, path: str) -> Any:  # noqa: ANN401
        if value is _BAD:
            return value
        rules = field.metadata
        numbers = value if isinstance(value, tuple) else (value,)
        for number in numbers if "minimum" in rules or "maximum" in rules else ():
            if not rules.get("minimum", number) <= number <= rules.get("maximum", number):
                limits = {"low": rules.get("minimum", "–"), "high": rules.get("maximum", "–")}
                return self.fault(Message("out-of-range", {"key": path, **limits}), path, number)
        if rules.get("ordered") and list(numbers) != sorted(numbers):
            return self.fault(Message("not-ordered", {"key": path}), path, numbers)
        if "pattern" in rules and not re.fullmatch(rules["pattern"], value):
            return self.fault(Message("wrong-form", {"key": path, "expected": Message(rules["plain"])}), path, value)
        return value

    def _scalar(self, kind: Any, value: Any, path: str) -> Any:  # noqa: ANN401
        if isinstance(kind, type) and issubclass(kind, Enum):
            known = [member.value for member in kind]
            if value in known:
                return kind(value)
            advice = did_you_mean(str(value), known)
            return self.fault(Message("unknown-value", {"key": path, "value": value, "advice": advice}), path, value)
        if kind is float and isinstance(value, int) and not isinstance(value, bool):
            return float(value)
        if kind is date and isinstance(value, str) and _DAY.fullmatch(value):
            value = _day(value)  # as JSON, which has no dates, writes one
        if kind in (str, int, float, bool, date) and type(value) is kind:
            if kind is float and value != value:  # noqa: PLR0124 - NaN is the one number unequal to itself
                return self.fault(Message("wrong-type", {"key": path, "expected": Message("type.float")}), path, value)
            return value
        return self.fault(
            Message("wrong-type", {"key": path, "expected": Message(f"type.{kind.__name__}")}), path, value
        )
