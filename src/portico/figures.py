"""Numbers that can say where they come from, and words that can."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from portico.dates import PartialDate
from portico.messages import Message

Scalar = str | int | float | bool | None
_NOTHING: Mapping[str, Scalar] = MappingProxyType({})


class Status(StrEnum):
    """How a figure came to be: read off an instrument or register, stated by a source, computed, or not known."""

    MEASURED = "measured"
    DECLARED = "declared"
    ESTIMATED = "estimated"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a figure rests on: a row of a version of a dataset, or a method with its parameters.

    ``dataset``, ``version`` and ``row`` are ids as text; doors resolve them through the lake. ``confidence`` is
    ``verified`` (read in a source) or ``recalled`` (general knowledge, not found in a source).
    """

    dataset: str = ""
    version: str = ""
    row: str = ""
    method: str = ""
    parameters: Mapping[str, Scalar] = field(default_factory=lambda: _NOTHING)
    licence: str = ""
    source: str = ""
    checked: str = ""
    confidence: str = ""
    precision: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return the evidence as plain data, empty parts left out."""
        plain = {name: getattr(self, name) for name in self.__slots__ if name != "parameters"}
        kept: dict[str, Any] = {name: value for name, value in plain.items() if value}
        if self.parameters:
            kept["parameters"] = dict(self.parameters)
        return kept


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with unit, date, status and evidence; ``low`` and ``high`` bound it, a missing bound is not known.

    ``value`` may be unknown while a bound is known (a part is never larger than the whole).

    >>> Figure.missing("m2", high=300_000.0).status
    <Status.MISSING: 'missing'>
    >>> Figure(12, 15, 10, "min", Status.ESTIMATED)
    Traceback (most recent call last):
    ValueError: a figure needs low <= value <= high, got 15 <= 12 <= 10
    """

    value: float | None
    low: float | None
    high: float | None
    unit: str
    status: Status
    as_of: PartialDate | None = None
    evidence: tuple[Evidence, ...] = ()
    note: Message | None = None

    def __post_init__(self) -> None:
        """Refuse bounds in the wrong order, what is not a number, and a status that contradicts the value."""
        known = [bound for bound in (self.low, self.value, self.high) if bound is not None]
        if known != sorted(known) or any(math.isnan(bound) for bound in known):
            text = f"a figure needs low <= value <= high, got {self.low} <= {self.value} <= {self.high}"
            raise ValueError(text)
        if (self.status is Status.MISSING) != (self.value is None):
            text = f"a figure without a value is missing and only such a one is: {self.value}, {self.status}"
            raise ValueError(text)

    @classmethod
    def missing(
        cls,
        unit: str,
        *,
        low: float | None = None,
        high: float | None = None,
        as_of: PartialDate | None = None,
        evidence: Iterable[Evidence] = (),
        note: Message | None = None,
    ) -> Figure:
        """Return a figure whose value nobody knows; a bound may still be known."""
        return cls(None, low, high, unit, Status.MISSING, as_of, tuple(evidence), note)

    @classmethod
    def exactly(
        cls,
        value: float,
        unit: str,
        status: Status,
        *,
        as_of: PartialDate | None = None,
        evidence: Iterable[Evidence] = (),
        note: Message | None = None,
    ) -> Figure:
        """Return a figure whose bounds are its value."""
        return cls(value, value, value, unit, status, as_of, tuple(evidence), note)

    @property
    def is_known(self) -> bool:
        """Whether there is a value."""
        return self.value is not None

    @property
    def is_recalled(self) -> bool:
        """Whether any evidence is general knowledge rather than a source."""
        return rests_on_memory(self.evidence)

    def resting_also_on(self, *evidence: Evidence) -> Figure:
        """Return the same figure with more evidence."""
        return replace(self, evidence=(*self.evidence, *evidence))


@dataclass(frozen=True, slots=True)
class Statement:
    """Words with date, status and evidence: the uses a plan admits, whether a site is for sale. Empty: not known."""

    values: tuple[str, ...]
    status: Status
    as_of: PartialDate | None = None
    evidence: tuple[Evidence, ...] = ()
    note: Message | None = None

    @classmethod
    def missing(cls) -> Statement:
        """Return a statement that nobody made."""
        return cls((), Status.MISSING)

    @property
    def is_known(self) -> bool:
        """Whether anything was stated."""
        return bool(self.values)

    @property
    def is_recalled(self) -> bool:
        """Whether any evidence is general knowledge rather than a source."""
        return rests_on_memory(self.evidence)


def rests_on_memory(evidence: Iterable[Evidence]) -> bool:
    """Say whether any piece of ``evidence`` is recalled rather than read in a source."""
    return any(piece.confidence == "recalled" for piece in evidence)


def oldest(dates: Iterable[PartialDate | None]) -> PartialDate | None:
    """Return the earliest of ``dates``; one that is not known makes the whole not known.

    >>> oldest([PartialDate.parse("2024"), None]) is None
    True
    """
    stated = list(dates)
    if not stated or any(day is None for day in stated):
        return None
    return min((day for day in stated if day is not None), key=lambda day: day.earliest)


def together(*groups: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """Join evidence in order, each piece once."""
    seen: dict[str, Evidence] = {}
    for group in groups:
        for piece in group:
            seen.setdefault(repr(piece), piece)
    return tuple(seen.values())
