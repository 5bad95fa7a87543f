"""Musts decided: pass, fail, unknown or stale, each with its reason. Pure functions.

A number passes when even its worst bound satisfies the limit, fails when even its best one does not, and is unknown in
between. Words pass when one that is asked for was stated. What would pass on data older than the city's limit is
stale. A fail stays a fail however old it is: land does not grow, and what was sold is not for sale.
"""

from __future__ import annotations

from datetime import date

from portico.dates import is_stale
from portico.figures import Evidence, Figure, Statement, Status
from portico.match.criteria.base import Criterion
from portico.match.model import Decided, Measured, Must, Outcome
from portico.messages import Message

NEAR_SHARE = 0.25
M2_IN_HA = 10_000.0


def decide(must: Must, known: Criterion, measured: Measured, as_of: date, limit_months: int) -> Decided:
    """Decide ``must`` on what was ``measured``."""
    found = measured.found
    if isinstance(found, Figure):
        outcome = outcome_of_number(found, must.at_least, must.at_most)
    else:
        outcome = outcome_of_words(found, must)
    if outcome is Outcome.PASS and known.ages and is_stale(found.as_of, as_of, limit_months):
        outcome = Outcome.STALE
    short = _short_by(must, found) if outcome is Outcome.FAIL and isinstance(found, Figure) else None
    limit = must.at_least if must.at_least is not None else must.at_most
    is_near = short is not None and bool(limit) and (short.value or 0.0) <= NEAR_SHARE * (limit or 0.0)
    return Decided(must, outcome, measured, _reason(must, known, outcome, found, limit_months), short, is_near)


def outcome_of_number(found: Figure, at_least: float | None, at_most: float | None) -> Outcome:
    """Decide a number against a limit.

    >>> outcome_of_number(Figure(200.0, 140.0, 300.0, "m2", Status.DECLARED), 150.0, None)
    <Outcome.UNKNOWN: 'unknown'>
    >>> outcome_of_number(Figure.missing("m2", high=100.0), 150.0, None)
    <Outcome.FAIL: 'fail'>
    """
    if at_least is not None:
        if found.high is not None and found.high < at_least:
            return Outcome.FAIL
        return Outcome.PASS if found.is_known and found.low is not None and found.low >= at_least else Outcome.UNKNOWN
    if at_most is not None:
        if found.low is not None and found.low > at_most:
            return Outcome.FAIL
        return Outcome.PASS if found.is_known and found.high is not None and found.high <= at_most else Outcome.UNKNOWN
    return Outcome.UNKNOWN


def outcome_of_words(found: Statement, must: Must) -> Outcome:
    """Decide stated words. With both lists given, a word on neither decides nothing."""
    stated = set(found.values)
    if stated & set(must.none_of):
        return Outcome.FAIL
    if not stated:
        return Outcome.UNKNOWN
    if stated & set(must.any_of) or not must.any_of:
        return Outcome.PASS
    return Outcome.UNKNOWN if must.none_of else Outcome.FAIL


def near_words(decided: Decided, what: Message) -> Message:
    """Return by how much a failed number misses its limit, in hectares where the limit is as large: "0.6 ha short"."""
    short, must = decided.short_by, decided.must
    limit = must.at_least if must.at_least is not None else must.at_most
    if short and short.unit == "m2" and (limit or 0.0) >= M2_IN_HA:
        short = Figure.exactly((short.value or 0.0) / M2_IN_HA, "ha", short.status, evidence=short.evidence)
    return Message("near-miss" if must.at_least is not None else "near-miss.over", {"by": short or "", "what": what})


def _short_by(must: Must, found: Figure) -> Figure:
    """Return by how much a failed number misses its limit, at its best bound."""
    if must.at_least is not None:
        gap = must.at_least - (found.high or 0.0)
    else:
        gap = (found.low or 0.0) - (must.at_most or 0.0)
    method = Evidence(
        method="match.shortfall", parameters={"limit": must.at_least if must.at_least is not None else must.at_most}
    )
    return Figure.exactly(gap, found.unit, Status.ESTIMATED, as_of=found.as_of, evidence=(method, *found.evidence))


def _reason(must: Must, known: Criterion, outcome: Outcome, found: Figure | Statement, limit_months: int) -> Message:
    values: dict[str, object] = {"months": limit_months, "as_of": found.as_of or Message("undated")}
    if isinstance(found, Figure):
        limit = must.at_least if must.at_least is not None else must.at_most
        bound = "at-least" if must.at_least is not None else "at-most"
        values |= {
            "found": found,
            "limit": Message(f"limit.{bound}", {"limit": Figure.exactly(limit or 0.0, found.unit, Status.DECLARED)}),
            "note": found.note or Message("nothing-stated"),
        }
        kind = "number" if found.is_known else "number-missing"
    else:
        values |= {
            "found": tuple(known.spoken(word) for word in found.values) or Message("unknown"),
            "limit": tuple(known.spoken(word) for word in must.any_of)
            or Message("limit.none-of", {"words": tuple(known.spoken(word) for word in must.none_of)}),
        }
        kind = "words" if found.is_known else "words-missing"
    return Message(f"reason.{outcome.value}.{kind}", values)
