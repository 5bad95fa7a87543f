"""What page and document say of a procedure in sentences: its term and what that means, its days, how sure a row is."""

from __future__ import annotations

from typing import Any

from portico.messages import Message
from portico.translation import Translator


def term_words(term: dict[str, Any] | None, say: Translator) -> str:
    """Return the days of a term, as ``permits_plain.term`` gives it: ``90–150 calendar days``."""
    if not term or (term["low"] is None and term["high"] is None):
        return say("permit-days.none")
    low, high = term["low"] or 0, term["high"]
    days = f"{low}" if low == high else f"{low}–{'?' if high is None else high}"
    return f"{days} {say('permit-days.' + term['days'])}"


def effect_words(term: dict[str, Any] | None, say: Translator) -> list[str]:
    """Return what the end of a term means in law, and what a request for more papers does to it."""
    if not term:
        return []
    told = [say("permits-silence." + term["silence"])]
    if term["stop"] != "none":
        days = term["stop_days"]
        known = Message("permits-stop-days", {"days": days}) if days is not None else Message("permits-stop-open")
        told.append(say(Message("permits-stop." + term["stop"], {"for": known})))
    return told


def days_words(low: int, high: int | None, say: Translator) -> str:
    """Return a range of days; without a most, what is known of it.

    >>> days_words(60, 421, Translator("en")), days_words(60, None, Translator("en"))
    ('60–421 days', 'at least 60 days')
    """
    if high is None:
        return say(Message("permits-days-from", {"low": low}))
    return say(Message("permits-days", {"days": f"{low}" if low == high else f"{low}–{high}"}))


def is_recalled(one: dict[str, Any]) -> bool:
    """Say whether a procedure or its term in force is general knowledge."""
    return bool(one["recalled"] or (one["term"] and one["term"]["confidence"] == "recalled"))
