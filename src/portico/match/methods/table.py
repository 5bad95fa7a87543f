"""A table of alternatives × criteria as a file holds it: numbers or bounds of them; an empty cell is unknown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from portico.errors import InputError, RejectedError, UnknownNameError
from portico.lake.arrays import Arrays
from portico.match.methods.scales import FARTHEST, Floats, Scale
from portico.match.methods.spec import Spec
from portico.messages import Finding, Message, Place
from portico.settings import Document

ID = "id"
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Table:
    """Alternatives in the order of their names; row i was record ``record[i]`` (from 0) of the file.

    ``low`` and ``high``, alternatives × criteria, bound what is known, NaN where nothing does. ``borrowed`` are the
    criteria whose scale had to be taken from the table, since none was declared.
    """

    file: str
    sha256: str
    names: tuple[str, ...]
    record: NDArray[np.intp]
    low: Floats
    high: Floats
    scales: tuple[Scale, ...]
    borrowed: tuple[str, ...]
    left_out: int


def read_table(arrays: Arrays, spec: Spec, read_from: Document) -> Table:
    """Return what a spec asks of a table; raise RejectedError with all that is wrong: columns, cells, names."""
    findings: list[Finding] = []
    names = _names(arrays, spec, read_from, findings)
    pairs = [_bounds(arrays, spec, number, read_from, findings) for number in range(len(spec.criteria))]
    _refuse(findings, arrays)
    scales, borrowed = [], []
    for number, ((low, high), one) in enumerate(zip(pairs, spec.criteria, strict=True)):
        if one.scale or one.range is not None:
            scales.append(one.scale_over(0.0, 1.0))
            continue
        known = np.concatenate((low[~np.isnan(low)], high[~np.isnan(high)]))
        if not len(known):
            place = read_from.place(f"criteria.{number}.range")
            findings.append(Finding(Message("criterion-all-unknown", {"name": one.id}), place))
            continue
        borrowed.append(one.id)
        scales.append(one.scale_over(float(known.min()), float(known.max())))
    _refuse(findings, arrays)
    record = np.array(
        sorted(range(len(names)), key=names.__getitem__) if spec.id or _has_id(arrays) else range(len(names))
    )
    low, high = (np.stack([pair[side] for pair in pairs], axis=1)[record] for side in (0, 1))
    ordered = tuple(names[index] for index in record)
    return Table(
        arrays.file, arrays.sha256, ordered, record, low, high, tuple(scales), tuple(borrowed), arrays.left_out
    )


def _refuse(findings: Sequence[Finding], arrays: Arrays) -> None:
    if findings:
        raise RejectedError("rank-rejected", tuple(findings), file=arrays.file)


def _has_id(arrays: Arrays) -> bool:
    return any(column.name == ID for column in arrays.columns)


def _names(arrays: Arrays, spec: Spec, read_from: Document, findings: list[Finding]) -> Sequence[str]:
    """Return the names of alternatives: of the column that the spec names, else of the column id, else numbers."""
    if not spec.id and not _has_id(arrays):
        return [str(number + 1) for number in range(arrays.rows)]
    column = spec.id or ID
    try:
        found = arrays.named(column)
    except UnknownNameError as error:
        findings.append(Finding(Message.of(error), read_from.place("id"), column))
        return []
    unnamed = np.flatnonzero(found.codes < 0)[:_SHOWN].tolist()
    places = [Place(arrays.file, arrays.row_of(index), column) for index in unnamed]
    findings.extend(Finding(Message("alternative-unnamed"), place) for place in places)
    first: dict[int, int] = {}
    for index, code in enumerate(found.codes.tolist()):
        other = first.setdefault(code, index)
        if code >= 0 and other != index and len(findings) < _SHOWN:
            values = {"name": found.names[code], "other": arrays.row_of(other)}
            findings.append(
                Finding(Message("alternative-twice", values), Place(arrays.file, arrays.row_of(index), column))
            )
    return [found.names[code] if code >= 0 else "" for code in found.codes.tolist()]


def _bounds(
    arrays: Arrays, spec: Spec, number: int, read_from: Document, findings: list[Finding]
) -> tuple[Floats, Floats]:
    one = spec.criteria[number]
    found: list[Floats] = []
    for key, column in one.columns:
        try:
            found.append(arrays.numbers(column))
        except UnknownNameError as error:
            findings.append(Finding(Message.of(error), read_from.place(f"criteria.{number}.{key}"), column))
        except InputError as error:
            row = error.values.get("row", 0)
            place = Place(arrays.file, row if isinstance(row, int) else 0, column)
            findings.append(Finding(Message.of(error), place))
    if len(found) != len(one.columns):
        return np.empty(0), np.empty(0)
    for (_, column), values in zip(one.columns, found, strict=True):
        findings.extend(_too_large(arrays, values, column))
    low, high = found[0], found[-1]
    findings.extend(_crossed(arrays, low, high, one.columns[-1][1]))
    return low, high


def _too_large(arrays: Arrays, values: Floats, column: str) -> Iterator[Finding]:
    for index in np.flatnonzero(np.abs(values) > FARTHEST)[:_SHOWN].tolist():
        place = Place(arrays.file, arrays.row_of(index), column)
        yield Finding(Message("cell-too-large", {"value": f"{values[index]:g}"}), place, f"{values[index]:g}")


def _crossed(arrays: Arrays, low: Floats, high: Floats, column: str) -> Iterator[Finding]:
    for index in np.flatnonzero(low > high)[:_SHOWN].tolist():
        values = {"low": float(low[index]), "high": float(high[index])}
        yield Finding(Message("bounds-crossed", values), Place(arrays.file, arrays.row_of(index), column))
