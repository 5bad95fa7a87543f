"""What may be stated of a site: each attribute with its unit, its bases or its words.

The fields are those of the UK brownfield land register (digital-land/specification, ``brownfield-land``, entry of
2026-08-14, with the wordings of 2017) and what industry asks of a site beyond them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from portico.city import tables
from portico.dates import PartialDate
from portico.messages import Message, did_you_mean

RANGE = ".."
YES_NO = ("yes", "no")
UTILITIES = ("electricity", "gas", "water", "sewer", "fibre", "district-heating")
PERMISSION_TYPES = (
    "full-planning-permission",
    "outline-planning-permission",
    "reserved-matters-approval",
    "permission-in-principle",
    "technical-details-consent",
    "planning-permission-granted-under-an-order",
    "other",
)
CONTAMINATION = (
    "never-investigated",
    "investigated",
    "characterised",
    "remediation-plan-approved",
    "under-remediation",
    "certified",
)


class Form(StrEnum):
    """What the value of an attribute is."""

    NUMBER = "number"
    WORD = "word"
    DATE = "date"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class AttributeKind:
    """An attribute: a number with ``unit``, one of ``words``, a date, or free text.

    ``bases`` say what a number measures, or which of several things a word is about. With ``any_basis`` the basis is
    whatever another register calls a column of its own. What ``is_record`` tells of the entry, not of the place.
    """

    name: str
    unit: str = ""
    words: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    is_date: bool = False
    any_basis: bool = False
    is_record: bool = False

    @property
    def form(self) -> Form:
        """What its values are."""
        if self.unit:
            return Form.NUMBER
        if self.words:
            return Form.WORD
        return Form.DATE if self.is_date else Form.TEXT

    @property
    def is_number(self) -> bool:
        """Whether values are numbers."""
        return self.form is Form.NUMBER


KINDS: dict[str, AttributeKind] = {
    kind.name: kind
    for kind in (
        AttributeKind("area", unit="m2", bases=tables.AREA_BASES),
        AttributeKind("floor-area", unit="m2", bases=tables.FLOOR_BASES),
        AttributeKind("premises", words=("land", "building", "land-and-building")),
        AttributeKind("status", words=tables.STATUSES),
        AttributeKind("use", words=tables.USES, bases=("permitted-or-planned", "permitted", "planned")),
        AttributeKind("use-class"),
        AttributeKind("use-text"),
        AttributeKind("former-use"),
        AttributeKind("ownership", words=tables.OWNERSHIPS),
        AttributeKind("tenure", words=("sale", "lease", "surface-right", "concession")),
        AttributeKind("available-from", is_date=True),
        AttributeKind("condition", words=tables.CONDITIONS),
        AttributeKind("rail-siding", words=YES_NO),
        AttributeKind("asking-price", unit="EUR"),
        AttributeKind("asking-price-per-m2", unit="EUR/m2"),
        AttributeKind("asking-rent", unit="EUR/m2 a year"),
        AttributeKind("tender"),
        AttributeKind("remediation", words=("not-needed", "needed", "under-way", "done")),
        AttributeKind("contamination", words=CONTAMINATION),
        AttributeKind("soil-survey", words=("done", "not-done")),
        AttributeKind("utilities"),
        AttributeKind("utility", words=("connected", "at-boundary", "planned", "none"), bases=UTILITIES),
        AttributeKind("electric-power", unit="MW"),
        AttributeKind("electric-power-from", is_date=True),
        AttributeKind("voltage", unit="kV"),
        AttributeKind("parcel"),
        AttributeKind("plan"),
        AttributeKind("plan-zone"),
        AttributeKind("coverage-index", unit="m2/m2"),
        AttributeKind("floor-area-ratio", unit="m2/m2"),
        AttributeKind("height-limit", unit="m"),
        AttributeKind(
            "constraint",
            words=("none", "heritage", "landscape", "hydrogeological", "flood", "seveso", "airport", "other"),
        ),
        AttributeKind("flood-class"),
        AttributeKind("title", words=("clear", "encumbered", "in-dispute")),
        AttributeKind("planning-status", words=("permissioned", "not-permissioned", "pending-decision")),
        AttributeKind("permission-type", words=PERMISSION_TYPES),
        AttributeKind("permission-date", is_date=True),
        AttributeKind("planning-history"),
        AttributeKind("deliverable", words=YES_NO),
        AttributeKind("dwellings", unit="dwellings", bases=("least", "most")),
        AttributeKind("hazardous-substances", words=YES_NO),
        AttributeKind("development"),
        AttributeKind("permission-in-principle", words=YES_NO),
        AttributeKind("part-two", words=YES_NO),
        AttributeKind("site-plan"),
        AttributeKind("notes"),
        AttributeKind("description"),
        AttributeKind("outcome", words=("sold", "let", "developed", "withdrawn")),
        AttributeKind("outcome-value", unit="EUR"),
        AttributeKind("outcome-jobs", unit="jobs"),
        AttributeKind("reported-by", words=("owner", "agent", "authority", "public-source"), is_record=True),
        AttributeKind("consent", words=("given", "refused", "withdrawn"), is_record=True),
        AttributeKind("consent-by", is_record=True),
        AttributeKind("consent-until", is_date=True, is_record=True),
        AttributeKind("register", is_record=True),
        AttributeKind("register-name", is_record=True),
        AttributeKind("reference", is_record=True),
        AttributeKind("previous-reference", is_record=True),
        AttributeKind("first-added", is_date=True, is_record=True),
        AttributeKind("last-updated", is_date=True, is_record=True),
        AttributeKind("last-verified", is_date=True, is_record=True),
        AttributeKind("verified-by", is_record=True),
        AttributeKind("end-date", is_date=True, is_record=True),
        AttributeKind("as-registered", any_basis=True, is_record=True),
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
    if kind.is_number and unit != kind.unit:
        return "unit", Message("wrong-unit", {"value": unit or "–", "unit": kind.unit})
    if kind.form is Form.WORD and value not in kind.words:
        return "value", Message("unknown-word", {"value": value[:80], "advice": did_you_mean(value, kind.words)})
    wanted = {Form.NUMBER: (numbers, "number-or-range"), Form.DATE: (PartialDate.parse, "date")}.get(kind.form)
    if wanted:
        read, expected = wanted
        try:
            read(value)
        except ValueError:
            return "value", Message("wrong-cell", {"value": value[:80], "expected": Message(f"cell.{expected}")})
    return None
