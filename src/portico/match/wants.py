"""Wants valued on declared scales, as intervals: what is not known could be anything between its bounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

from portico.city.model import Staleness
from portico.dates import is_stale
from portico.figures import Figure, Statement
from portico.match.criteria.base import Criterion
from portico.match.labels import label
from portico.match.methods.stated import Points, scale_between
from portico.match.model import Contribution, Measured, Want
from portico.messages import Message

Scale = Sequence[tuple[float, float]]
TOLD_TOO = (
    *("amounts-unsaid", "amounts-unsaid.more", "areas-alone", "shares-unsaid"),
    *("matrix-imported", "no-matrix-imported"),
)
"""Notes that are told beside a number that is known: what it leaves out, and what it was imported from."""


def scale_of(want: Want, known: Criterion) -> Points:
    """Return the points of the want's scale: its own, else made of its ends, direction and ideal and of what the
    criterion has by default; nothing where these do not make one.
    """  # noqa: D205 - one sentence
    if want.scale or not want.has_scale:
        return want.scale or known.default_scale
    ends = want.range or ((known.default_scale[0][0], known.default_scale[-1][0]) if known.default_scale else None)
    stated = want if want.direction or want.ideal is not None else replace(want, direction=known.direction)
    if ends is None or (stated.direction is None and stated.ideal is None):
        return ()
    return scale_between(stated, *ends).points


def value_at(scale: Scale, x: float) -> float:
    """Return the value of ``x``: straight lines between the points of ``scale``, level beyond its ends.

    >>> value_at([(10.0, 1.0), (30.0, 0.0)], 15.0)
    0.75
    """
    if x <= scale[0][0]:
        return scale[0][1]
    for (x0, v0), (x1, v1) in pairwise(scale):
        if x <= x1:
            return v0 + (v1 - v0) * (x - x0) / (x1 - x0)
    return scale[-1][1]


def value_over(scale: Scale, low: float | None, high: float | None) -> tuple[float, float]:
    """Return the least and the most value on the interval from ``low`` to ``high``; a missing bound is the scale's end.

    >>> value_over([(0.0, 0.0), (10.0, 1.0), (20.0, 0.0)], 5.0, 12.0)
    (0.5, 1.0)
    """
    start = min(scale[0][0], high if high is not None else scale[0][0]) if low is None else low
    end = max(scale[-1][0], start) if high is None else high
    inside = [value for x, value in scale if start < x < end]
    values = [value_at(scale, start), value_at(scale, end), *inside]
    return min(values), max(values)


def value_of_words(values: Mapping[str, float], found: Statement) -> tuple[float, float]:
    """Return the value of stated words: the best of them; a word without a value counts nothing; unstated, anything."""
    if not found.is_known:
        return (min(0.0, *values.values()), max(values.values())) if values else (0.0, 1.0)
    best = max(values.get(word, 0.0) for word in found.values)
    return best, best


def contribute(
    want: Want, known: Criterion, measured: Measured, share: float, as_of: date, staleness: Staleness
) -> Contribution:
    """Value ``want`` on what was ``measured``; ``share`` is its part of all weight. Stale data widens the value."""
    found = measured.found
    if isinstance(found, Figure):
        low, high = value_over(scale_of(want, known), found.low, found.high)
    else:
        low, high = value_of_words(want.values or known.default_values, found)
    stale = known.ages and found.is_known and is_stale(found.as_of, as_of, staleness.limit_months)
    if stale:
        low, high = max(0.0, low - staleness.widening), min(1.0, high + staleness.widening)
    return Contribution(want, measured, low, high, share, stale, _words(want, known, measured, stale=stale))


def _words(want: Want, known: Criterion, measured: Measured, *, stale: bool) -> Message:
    found = measured.found
    values: dict[str, object] = {
        "label": label(want, known),
        "found": found if isinstance(found, Figure) else tuple(known.spoken(word) for word in found.values),
        "place": measured.places[0].place.name if measured.places else "",
        "as_of": found.as_of or Message("undated"),
        "note": found.note or Message("nothing-stated"),
    }
    kind = "unknown" if not found.is_known else ("stale" if stale else "known")
    said = Message(f"want.{kind}{'.place' if measured.places and found.is_known else ''}", values)
    told = found.is_known and found.note is not None and found.note.id in TOLD_TOO
    return Message("want-noted", {"words": said, "note": found.note}) if told else said
