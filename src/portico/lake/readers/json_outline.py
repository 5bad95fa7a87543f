"""Where a JSON document keeps its records: found by going through it once, piece by piece."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from portico.lake.limits import MAX_COLUMNS, MAX_JSON_DEPTH
from portico.lake.readers.json_stream import Stream

KEY_COLUMN = "key"
_USUAL = frozenset({"data", "records", "rows", "items", "results", "result", "value", "values", "features"})
_ABOUT = frozenset({"fields", "columns", "links"})
_USUAL_WEIGHS = 100
_ALIKE = 0.5
_FEWEST_KEYED = 3
_CANDIDATES = 1_000
_NAMING = ("name", "id", "fieldName", "field", "title")


class Shape(StrEnum):
    """How a document holds a table."""

    ARRAY = "array"
    COLUMNS = "columns"
    KEYED = "keyed"
    SINGLE = "single"


@dataclass(frozen=True, slots=True)
class Outline:
    """The shape, the keys that lead to the records, other arrays of records, names for rows written as arrays."""

    shape: Shape
    path: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    header: tuple[str, ...] = ()


@dataclass(slots=True)
class _Array:
    """An array: how many elements of which kind, and what they would be as names of columns."""

    path: tuple[str, ...]
    records: int = 0
    lists: int = 0
    scalars: int = 0
    width: int = 0
    names: list[str] | None = field(default_factory=list)

    @property
    def count(self) -> int:
        return self.records + self.lists + self.scalars

    @property
    def is_table(self) -> bool:
        return self.records > 0 or self.lists > 1


@dataclass(slots=True)
class _Object:
    """An object: what its values are, and whether they are alike."""

    count: int = 0
    objects: int = 0
    flat_objects: int = 0
    flat_arrays: int = 0
    lengths: set[int] = field(default_factory=set)
    keys: set[str] = field(default_factory=set)
    first: frozenset[str] | None = None
    are_same: bool = True
    are_alike: bool = True

    def note(self, child: _Object | _Array | None) -> None:
        """Take one value into account; None is a text, a number or the like."""
        self.count += 1
        if isinstance(child, _Array):
            if not child.records and not child.lists:
                self.flat_arrays += 1
                self.lengths.add(child.count)
        elif isinstance(child, _Object):
            self.objects += 1
            self.flat_objects += child.is_flat
            keys = frozenset(child.keys)
            self.first = keys if self.first is None else self.first
            self.are_same = self.are_same and keys == self.first
            self.are_alike = self.are_alike and len(keys & self.first) >= _ALIKE * max(len(keys | self.first), 1)

    @property
    def is_flat(self) -> bool:
        return not self.objects and not self.flat_arrays

    @property
    def is_columns(self) -> bool:
        """Whether every value is a column: arrays of one length, or objects with the same row numbers as keys."""
        if self.count and self.flat_arrays == self.count and len(self.lengths) == 1:
            return min(self.lengths) > (1 if self.count == 1 else 0)
        numbered = bool(self.first) and all(key.isdecimal() for key in self.first or ())
        return numbered and self.flat_objects == self.count and self.are_same

    @property
    def is_keyed(self) -> bool:
        """Whether the values are records and the keys tell them apart."""
        return self.count >= _FEWEST_KEYED and self.objects == self.count and self.are_alike and bool(self.first)


def outline(stream: Stream) -> Outline:
    """Return where the records are in the document that begins at ``stream``."""
    start = stream.peek()
    if start == "[":
        return Outline(Shape.ARRAY)
    if start != "{":
        return Outline(Shape.SINGLE)
    arrays: list[_Array] = []
    top = _walk(stream, (), arrays)
    if top.is_columns:
        return Outline(Shape.COLUMNS)
    if top.is_keyed:
        return Outline(Shape.KEYED)
    chosen = _chosen(arrays)
    if chosen is None:
        return Outline(Shape.SINGLE)
    header = _header(chosen, arrays)
    others = tuple(
        ".".join(one.path)
        for one in arrays
        if one.is_table and one is not chosen and one.path[-1] not in _ABOUT and tuple(one.names or ("",)) != header
    )
    return Outline(Shape.ARRAY, chosen.path, others, header)


def skip(stream: Stream, depth: int = 1) -> None:
    """Pass over the next value, however large."""
    if depth > MAX_JSON_DEPTH:
        raise stream.too_deep()
    start = stream.peek()
    if start == "{":
        for _ in stream.members():
            skip(stream, depth + 1)
    elif start == "[":
        for _ in stream.elements():
            stream.value()
    else:
        stream.value()


def _walk(stream: Stream, path: tuple[str, ...], arrays: list[_Array]) -> _Object:
    if len(path) > MAX_JSON_DEPTH:
        raise stream.too_deep()
    found = _Object()
    for key in stream.members():
        start = stream.peek()
        if len(found.keys) < MAX_COLUMNS:
            found.keys.add(key)
        if start == "{":
            found.note(_walk(stream, (*path, key), arrays))
        elif start == "[":
            array = _array(stream, (*path, key))
            found.note(array)
            if len(arrays) < _CANDIDATES:
                arrays.append(array)
        else:
            stream.value()
            found.note(None)
    return found


def _array(stream: Stream, path: tuple[str, ...]) -> _Array:
    found = _Array(path)
    for _ in stream.elements():
        value = stream.value()
        if isinstance(value, dict):
            found.records += 1
        elif isinstance(value, list):
            found.lists += 1
            found.width = found.width or len(value)
        else:
            found.scalars += 1
        if found.names is not None:
            name = _name_in(value)
            if name and len(found.names) < MAX_COLUMNS:
                found.names.append(name)
            else:
                found.names = None
    return found


def _name_in(value: object) -> str:
    """Return the name that an element of a list of columns gives, nothing where it gives none."""
    if type(value) is str:
        return value
    if isinstance(value, dict):
        return next((value[key] for key in _NAMING if type(value.get(key)) is str), "")
    return ""


def _chosen(arrays: Sequence[_Array]) -> _Array | None:
    """Return the array that holds the records: CKAN's, else the largest, where usual names weigh more."""
    paths = {one.path for one in arrays}
    for one in arrays:
        if one.path[-1] == "records" and (*one.path[:-1], "fields") in paths:
            return one
    tables = [one for one in arrays if one.is_table]
    return max(tables, key=lambda one: one.count * (_USUAL_WEIGHS if one.path[-1] in _USUAL else 1), default=None)


def _header(chosen: _Array, arrays: Sequence[_Array]) -> tuple[str, ...]:
    """Return the names of columns that stand elsewhere in the document, for rows written as arrays."""
    if not chosen.lists:
        return ()
    named = [one for one in arrays if one is not chosen and one.names and len(one.names) == chosen.width]
    beside = [one for one in named if one.path[:-1] == chosen.path[:-1]]
    return tuple((beside or named)[0].names or ()) if named else ()
