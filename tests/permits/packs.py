"""Small rule packs made by hand, for what needs no city."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from portico.messages import Text
from portico.permits.model import (
    Confidence,
    Days,
    Dependency,
    Link,
    Pack,
    PackNotes,
    Procedure,
    Stop,
    Tacit,
    Term,
)


def term(
    least: int | None,
    most: int | None = None,
    days: Days = Days.CALENDAR,
    *,
    stop: Stop = Stop.NONE,
    stop_days: int | None = None,
    since: date | None = None,
    until: date | None = None,
) -> Term:
    """Return a term; of one number both bounds are that."""
    high = least if most is None else most
    return Term(least, high, days, stop, stop_days, Tacit.NONE, since, until, "Law art. 1", Confidence.VERIFIED)


def procedure(name: str, *terms: Term, confidence: Confidence = Confidence.VERIFIED) -> Procedure:
    """Return a procedure with ``terms``."""
    return Procedure(
        name,
        "title",
        Text(en=name),
        "autorizzazione",
        "Office",
        "filing",
        "",
        "",
        "",
        "Law art. 1",
        None,
        None,
        ("L",),
        confidence,
        "",
        terms,
    )


def pack(procedures: Iterable[Procedure], links: Iterable[tuple[str, Link, str] | Dependency]) -> Pack:
    """Return a pack of ``procedures``; a link is a pair with what joins it: ("A", Link.AFTER, "B")."""
    notes = PackNotes("small", Text(en="Small"), date(2026, 1, 1), 12, "CC0-1.0", Text(en="Not advice."), (), (), ())
    made = [one if isinstance(one, Dependency) else Dependency(one[0], one[2], one[1], "Law art. 2") for one in links]
    return Pack(notes, {}, {one.id: one for one in procedures}, (), tuple(made), (), (), (), {})
