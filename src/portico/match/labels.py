"""What a must or a want is called: the brief's own words, else what the criterion and its parameters come to."""

from __future__ import annotations

from portico.match.criteria.base import Criterion
from portico.match.model import Asked
from portico.messages import Message

QUANTITIES = (
    "residents",
    "jobs",
    "students",
    "graduates",
    "researchers",
    "phd-candidates",
    "staff",
    "firms",
    "organisations",
    "partners",
    "beds",
    "floor-area",
)
"""Amounts of places that have a name in every language; another is called as it is written."""


def label(asked: Asked, known: Criterion) -> Message:
    """Return what a must or a want is called."""
    if asked.label:
        return Message("as-written", {"text": asked.label})
    values = {
        "basis": Message(f"basis.{asked.basis}"),
        "mode": Message(f"mode.{asked.mode.value}") if asked.mode else "",
        "minutes": asked.within_minutes or 0,
        "half": asked.half_minutes or 0,
        "nth": asked.nth,
        "by": asked.by or "",
        "project": asked.project,
        "places": _places(asked),
        "quantity": quantity_words(asked.quantity),
        "divisions": asked.divisions,
    }
    said = Message(f"label.{known.id}{_variant(asked, known)}", values)
    return Message("label-inbound", {"label": said}) if asked.inbound else said


def quantity_words(quantity: str) -> Message | str:
    """Return what a quantity is called."""
    return Message(f"quantity.{quantity}") if quantity in QUANTITIES else quantity


def _variant(asked: Asked, known: Criterion) -> str:
    """Return the ending of the label for what is asked otherwise than usual: the second nearest, a quantity."""
    if asked.nth > 1:
        return ".nth"
    if "quantity" not in (*known.needs, *known.takes) or not asked.quantity:
        return ""
    return ".of-places" if asked.kinds or asked.fields or asked.divisions else ".anywhere"


def _places(asked: Asked) -> Message:
    """Return the places asked for: of which kinds, in which fields, of which divisions."""
    parts = {
        "kinds": tuple(Message(f"kind.{kind}") for kind in asked.kinds) or Message("any-place"),
        "fields": tuple(Message(f"kind.{field}") for field in asked.fields),
        "divisions": asked.divisions,
    }
    which = "-and-".join(name for name in ("fields", "divisions") if parts[name])
    return Message(f"places-of.{which or 'kinds'}", parts)
