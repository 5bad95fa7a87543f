"""Answers as they are typed in a language, and as they stand in an address: a text each, read without a guess."""

from __future__ import annotations

import re

from portico.permits.model import Attribute, AttributeKind, Value

YES, NO = "yes", "no"
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,9})?", re.ASCII)
_MOST_DIGITS = 17


def number_in(text: str, language: str) -> float | None:
    """Return the number in a text as it is written in a language; None where it is none, or not clearly one.

    >>> number_in("24.000.000", "it"), number_in("12,5", "it"), number_in("24,000", "en"), number_in("1.5.3", "en")
    (24000000.0, 12.5, 24000.0, None)
    """
    thousands, decimal = (".", ",") if language == "it" else (",", ".")
    bare = text.replace(" ", "").replace("_", "x")
    head, mark, tail = bare.partition(decimal)
    groups = head.split(thousands)
    if len(groups) > 1 and (not 1 <= len(groups[0]) <= 3 or any(len(one) != 3 for one in groups[1:])):  # noqa: PLR2004
        return None
    joined = "".join(groups) + ("." + tail if mark else "")
    digits = joined.replace(".", "", 1)
    if not digits.isascii() or not digits.isdigit() or len(joined) > _MOST_DIGITS:
        return None
    return float(joined)


def value_in(text: str, attribute: Attribute) -> Value | None:
    """Return the answer that an address gives to ``attribute``; None where the text is no such answer.

    >>> from portico.messages import Text
    >>> from portico.permits.model import Group
    >>> people = Attribute("people", AttributeKind.NUMBER, Group.PROFILE, Text(en="People?"))
    >>> value_in("12.5", people), value_in("1e9", people), value_in("nan", people)
    (12.5, None, None)
    """
    if attribute.kind is AttributeKind.YES_NO:
        return {YES: True, NO: False}.get(text)
    if attribute.kind is AttributeKind.NUMBER:
        return float(text) if _NUMBER.fullmatch(text) else None
    return text


def text_of(value: Value) -> str:
    """Return an answer as it stands in an address: what ``value_in`` reads.

    >>> text_of(True), text_of(24000000.0), text_of(12.5), text_of("new_build")
    ('yes', '24000000', '12.5', 'new_build')
    """
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, float | int):
        return f"{value:.9f}".rstrip("0").rstrip(".")
    return value
