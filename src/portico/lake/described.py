"""What a description beside a file says of its table, whichever form it is written in (Table Schema, CSVW)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from portico.lake.columns.headers import fold
from portico.lake.model import Type
from portico.messages import Finding, Message, Place, Severity

_NOTHING: Mapping[str, str] = MappingProxyType({})
_MOST_VALUES = 10_000
_LONGEST = 2_000
_MOST_FAULTS = 50


@dataclass(frozen=True, slots=True)
class Constraints:
    """What the values of a column must keep to; empty and None ask for nothing. Limits are as written, and included."""

    required: bool = False
    unique: bool = False
    minimum: str = ""
    maximum: str = ""
    enum: tuple[str, ...] = ()
    pattern: str = ""
    min_length: int | None = None
    max_length: int | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """A column as described.

    ``format`` is that of dates and times, with the signs of strptime ("%d/%m/%Y"); empty means ISO 8601. ``type`` is
    None where any value goes. ``titles`` are further names under which the column may stand in the header.
    """

    name: str
    type: Type | None = None
    format: str = ""
    unit: str = ""
    title: str = ""
    description: str = ""
    constraints: Constraints = field(default_factory=Constraints)
    missing_values: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()

    def names(self) -> Iterator[str]:
        """Yield every name that the column may have, the likeliest first."""
        yield self.name
        yield from (title for title in (*self.titles, self.title) if title)


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """Columns whose values must stand in columns of another table; ``resource`` is empty for the same table."""

    fields: tuple[str, ...]
    resource: str
    reference: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Schema:
    """A described table. One without fields describes nothing: there was no description.

    ``dialect`` holds hints for reading: "delimiter", "quote", "encoding", as far as they are given.
    """

    fields: tuple[Field, ...] = ()
    primary_key: tuple[str, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    dialect: Mapping[str, str] = field(default_factory=dict)
    source: str = ""

    def matched(self, columns: tuple[str, ...]) -> dict[str, Field]:
        """Return column name → its field: by the same name, else by one that differs in case and signs only."""
        exact = {name: one for one in reversed(self.fields) for name in reversed(list(one.names()))}
        exact |= {one.name: one for one in reversed(self.fields)}
        alike = {fold(name): one for name, one in reversed(exact.items()) if fold(name)}
        found = ((column, exact.get(column) or alike.get(fold(column))) for column in columns)
        return {column: one for column, one in found if one is not None}


class Faults:
    """Gathers what is wrong with a description; a fault is said and passed over, never raised."""

    def __init__(self, file: str) -> None:
        """Gather the faults of the description ``file``."""
        self.file = file
        self.found: list[Finding] = []

    def say(self, message: Message, where: str = "", value: object = "") -> None:
        """Note a fault ``where`` in the description (a column or property)."""
        if len(self.found) < _MOST_FAULTS:
            shown = "" if value == "" else str(value)[:200]
            self.found.append(Finding(message, Place(self.file, 0, where), shown, Severity.WARNING))

    def wrong(self, where: str, value: object = "") -> None:
        """Note that the property ``where`` is not what the standard asks for."""
        self.say(Message("schema-property-wrong", {"file": self.file, "property": where}), where, value)

    def text(self, plain: Mapping[str, Any], key: str, where: str = "") -> str:
        """Return a text of the description, empty where there is none."""
        value = plain.get(key, "")
        if isinstance(value, str):
            return value[:_LONGEST]
        self.wrong(where or key, value)
        return ""

    def scalar(self, plain: Mapping[str, Any], key: str, where: str) -> str:
        """Return a number or text of the description as text."""
        return "" if plain.get(key) is None else written(plain[key], self, where)

    def count(self, plain: Mapping[str, Any], key: str, where: str) -> int | None:
        """Return a length, None where there is none."""
        value = plain.get(key)
        if value is None:
            return None
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31:
            return value
        self.wrong(where, value)
        return None

    def names(self, value: object, where: str) -> tuple[str, ...]:
        """Return one name or a list of them."""
        listed = [value] if isinstance(value, str) else value
        if isinstance(listed, list) and all(isinstance(one, str) and one for one in listed):
            return tuple(listed)
        self.wrong(where, value)
        return ()

    def values(self, value: object, where: str) -> tuple[str, ...]:
        """Return a list of values as texts."""
        if isinstance(value, list) and len(value) <= _MOST_VALUES:
            return tuple(written(one, self, where) for one in value)
        self.wrong(where, "" if isinstance(value, list) else value)
        return ()


def written(value: object, faults: Faults, where: str) -> str:
    """Return a scalar of JSON as one would write it in a table."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return str(value)[:_LONGEST]
    faults.wrong(where, value)
    return ""
