"""How a table is to be ranked, read from TOML: criteria with their scales and weights; every fault with its line."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

import numpy as np

from portico.errors import InputError, RejectedError, UsageError
from portico.match.methods.ahp import Compared, ahp
from portico.match.methods.promethee import Preference, Shape
from portico.match.methods.scales import Scale
from portico.match.methods.stated import (
    Direction,
    OrderAs,
    scale_between,
    scale_faults,
    together_faults,
    weight_faults,
    weights_of,
)
from portico.match.methods.weights import Weights
from portico.messages import Finding, Message, Text
from portico.settings import Document, read_document, read_into


class Method(StrEnum):
    """How alternatives are ranked; smaa is additive over all weights and values that may be."""

    ADDITIVE = "additive"
    TOPSIS = "topsis"
    PROMETHEE = "promethee"
    SMAA = "smaa"


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """A criterion: where its numbers stand, what they are worth, how much it counts.

    ``scale`` holds points [x, value]; else ``range`` its ends, with ``direction``, or with the ``ideal`` between them.
    """

    column: str = ""
    column_low: str = ""
    column_high: str = ""
    name: Text = field(default_factory=Text)
    unit: str = ""
    direction: Direction | None = None
    range: tuple[float, float] | None = field(default=None, metadata={})
    ideal: float | None = None
    scale: tuple[tuple[float, float], ...] = ()
    goes_on: bool = False
    weight: float | tuple[float, float] | None = None
    order: float | None = None
    preference: Shape = Shape.USUAL
    indifference: float = 0.0
    threshold: float = 0.0

    @property
    def id(self) -> str:
        """What the criterion is called in samples and answers: its column."""
        return self.column or self.column_low or self.column_high

    @property
    def columns(self) -> tuple[tuple[str, str], ...]:
        """The columns it takes, each with the key that names it."""
        keys = ("column", "column_low", "column_high")
        return tuple((key, getattr(self, key)) for key in keys if getattr(self, key))

    @property
    def maximised(self) -> bool:
        """Whether more of what methods on raw numbers are given is better; what has a scale is given as its value."""
        return self.direction is not Direction.MIN

    @property
    def is_valued(self) -> bool:
        """Whether it has no direction of its own, so that also methods on raw numbers are given its value."""
        return bool(self.scale) or self.ideal is not None

    def scale_over(self, least: float, most: float) -> Scale:
        """Return its scale; between ``least`` and ``most`` of the table where no ends were declared."""
        if self.scale:
            return Scale(self.scale, self.goes_on)
        around = max(0.5, abs(least) / 2)
        low, high = self.range or ((least, most) if least < most else (least - around, least + around))
        return scale_between(self, low, high, goes_on=self.goes_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """How a table is ranked. ``total`` is what the weights add up to, where that was said."""

    criteria: tuple[Criterion, ...]
    id: str = ""
    method: Method | None = None
    total: float | None = field(default=None, metadata={"minimum": 1e-9, "maximum": 1e9})
    order_as: OrderAs = OrderAs.CONSTRAINT
    comparisons: tuple[tuple[float | str, ...], ...] = ()

    @property
    def compared(self) -> Compared | None:
        """The weights that comparisons in pairs come to."""
        return ahp(np.array([[_number(one) for one in row] for row in self.comparisons])) if self.comparisons else None

    def weights(self) -> Weights:
        """Return the weights that are allowed. Raises InputError where none are."""
        compared = self.compared
        if compared:
            return Weights.exactly(compared.weights)
        return weights_of(self.criteria, self.total, self.order_as)


def _number(text: float | str) -> float:
    """Return a comparison: a number, or a fraction as people write it.

    >>> _number("1/4")
    0.25
    """
    if not isinstance(text, str):
        return text
    above, slash, below = text.partition("/")
    try:
        return float(above) / float(below) if slash else float(above)
    except (ValueError, ZeroDivisionError):
        return math.nan


def read(path: Path) -> Spec:
    """Read a spec; raise RejectedError with all that is wrong with it, UsageError where there is no such file."""
    return check(document(path))


def document(path: Path) -> Document:
    """Return the file of a spec. Raises UsageError where there is none."""
    if not path.is_file():
        raise UsageError("file-missing", file=str(path))
    return read_document(path, path.name)


def check(read_from: Document) -> Spec:
    """Return the spec in a document; raise RejectedError with all that is wrong with it."""
    spec, findings = interpret(read_from)
    if spec is None or findings:
        raise RejectedError("spec-rejected", tuple(findings), file=read_from.name)
    return spec


def interpret(read_from: Document) -> tuple[Spec | None, list[Finding]]:
    """Return the spec in a document and what is wrong with it."""
    findings: list[Finding] = []
    spec = read_into(Spec, read_from, findings)
    if spec is None:
        return None, findings
    for path, message in _faults(spec):
        findings.append(Finding(message, read_from.place(path)))
    return spec, findings


def _faults(spec: Spec) -> Iterator[tuple[str, Message]]:
    if not spec.criteria:
        yield "criteria", Message("spec-without-criteria")
        return
    seen: set[str] = set()
    for number, one in enumerate(spec.criteria):
        path = f"criteria.{number}"
        for key, message in (*_columns(one), *_scale(one), *weight_faults(one)):
            yield f"{path}.{key}", message
        if one.id in seen:
            yield f"{path}.column", Message("criterion-twice", {"name": one.id})
        seen.add(one.id)
        try:
            Preference(one.preference, one.indifference, one.threshold)
        except InputError as error:
            yield f"{path}.threshold", Message.of(error)
    yield from _weights(spec)


def _columns(one: Criterion) -> Iterator[tuple[str, Message]]:
    keys = {key for key, _ in one.columns}
    if keys not in ({"column"}, {"column_low", "column_high"}):
        yield "column", Message("criterion-columns")


def _scale(one: Criterion) -> Iterator[tuple[str, Message]]:
    said = [key for key in ("scale", "ideal", "direction") if getattr(one, key) not in ((), None)]
    if len(said) != 1:
        yield (said[0] if said else "column"), Message("criterion-needs-one-scale", {"name": one.id})
    yield from scale_faults(one)


def _weights(spec: Spec) -> Iterator[tuple[str, Message]]:
    """Yield what is wrong with the weights together."""
    given = [one for one in spec.criteria if one.weight is not None]
    ordered = [one for one in spec.criteria if one.order is not None]
    if spec.comparisons:
        if given or ordered:
            yield "comparisons", Message("comparisons-beside-weights")
        if {len(spec.criteria)} != {len(spec.comparisons), *map(len, spec.comparisons)}:
            yield "comparisons", Message("comparisons-not-of-criteria", {"count": len(spec.criteria)})
            return
    faults = list(together_faults(spec.criteria, spec.total, spec.order_as))
    yield from faults
    if any(fault for one in spec.criteria for fault in weight_faults(one)) or "order_as" in dict(faults):
        return
    try:
        spec.weights()
    except InputError as error:
        yield ("comparisons" if spec.comparisons else "criteria"), Message.of(error)
