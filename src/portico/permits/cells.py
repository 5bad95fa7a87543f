"""Cells of the tables of a pack, and answers written as text."""

from __future__ import annotations

from datetime import date

from portico.city.facts import Row
from portico.messages import Text
from portico.permits.model import Attribute, AttributeKind, Value

LARGEST = 1e15
"""No number of a project is larger."""


def cell(row: Row, column: str) -> str:
    """Return a cell as text, empty where there is nothing."""
    value = row.get(column)
    return "" if value is None else str(value)


def text(row: Row, column: str) -> Text:
    """Return the two columns of a text that people read.

    >>> text({"title_it": "Permesso", "title_en": "Permit"}, "title").pick("en")
    'Permit'
    """
    return Text(it=cell(row, f"{column}_it"), en=cell(row, f"{column}_en"))


def day(row: Row, column: str) -> date | None:
    """Return a whole day, or nothing; one known in part is a fault that the check finds."""
    value = cell(row, column)
    return date.fromisoformat(value) if len(value) == len("2026-11-22") else None


def answer(attribute: Attribute | None, raw: str) -> Value | None:
    """Return ``raw`` as an answer to ``attribute``; None where it is none.

    >>> from portico.permits.model import Group
    >>> flag = Attribute("works", AttributeKind.YES_NO, Group.PROFILE, Text(en="Works?"))
    >>> answer(flag, "yes"), answer(flag, "perhaps")
    (True, None)
    """
    if attribute is None or not raw:
        return None
    if attribute.kind is AttributeKind.YES_NO:
        return {"true": True, "yes": True, "false": False, "no": False}.get(raw)
    if attribute.kind is AttributeKind.WORD:
        return raw if raw in attribute.words else None
    try:
        number = float(raw)
    except ValueError:
        return None
    return number if is_within(attribute, number) else None


def is_within(attribute: Attribute, number: float) -> bool:
    """Say whether ``number`` may be an answer to a number: within its bounds, and whole where it must be."""
    low = -LARGEST if attribute.least is None else attribute.least
    high = LARGEST if attribute.most is None else attribute.most
    return low <= number <= high and (not attribute.whole or number.is_integer())
