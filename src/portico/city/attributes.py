"""What may be stated of a site: each attribute with its unit, its bases or its words."""

from __future__ import annotations

import math
from dataclasses import dataclass

from portico.city import tables
from portico.messages import Message, did_you_mean

RANGE = ".."


@dataclass(frozen=True, slots=True)
class AttributeKind:
    """An attribute: a number with ``unit``, one of ``words``, or free text; ``bases`` say what a number measures."""

    name: str
    unit: str = ""
    words: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()

    @property
    def is_number(self) -> bool:
        """Whether values are numbers."""
        return bool(self.unit)


KINDS: dict[str, AttributeKind] = {
    kind.name: kind
    for kind in (
        AttributeKind("area", unit="m2", bases=tables.AREA_BASES),
        AttributeKind("floor-area", unit="m2", bases=tables.FLOOR_BASES),
        AttributeKind("asking-price", unit="EUR"),
        AttributeKind("electric-power", unit="MW"),
        AttributeKind("status", words=tables.STATUSES),
        AttributeKind("use", words=tables.USES, bases=("permitted-or-planned", "permitted", "planned")),
        AttributeKind("condition", words=tables.CONDITIONS),
        AttributeKind("ownership", words=tables.OWNERSHIPS),
        AttributeKind("rail-siding", words=("yes", "no")),
        AttributeKind("remediation", words=("not-needed", "needed", "under-way", "done")),
        AttributeKind("utilities"),
        AttributeKind("use-text"),
        AttributeKind("former-use"),
        AttributeKind("description"),
    )
}


def numbers(text: str) -> tuple[float, float]:
    """Return the least and the most of a stated number or range; raise ValueError for anything else.

    >>> numbers("3400000..6800000")
    (3400000.0, 6800000.0)
    """
    low, to, high = text.partition(RANGE)
    least, most = float(low), float(high if to else low)
    if "_" in text or not (math.isfinite(least) and math.isfinite(most)) or least < 0 or least > most:
        raise ValueError(text)
    return least, most


def fault(attribute: str, basis: str, value: str, unit: str) -> tuple[str, Message] | None:
    """Return the column and what is wrong with a stated attribute, or nothing."""
    kind = KINDS[attribute]
    if kind.bases and basis not in kind.bases:
        return "basis", Message("unknown-word", {"value": basis or "–", "advice": did_you_mean(basis, kind.bases)})
    if kind.is_number:
        if unit != kind.unit:
            return "unit", Message("wrong-unit", {"value": unit or "–", "unit": kind.unit})
        try:
            numbers(value)
        except ValueError:
            return "value", Message("wrong-cell", {"value": value[:80], "expected": Message("cell.number-or-range")})
    elif kind.words and value not in kind.words:
        return "value", Message("unknown-word", {"value": value[:80], "advice": did_you_mean(value, kind.words)})
    return None
