"""Musts decided and wants valued in every cell at once: ``musts`` and ``wants`` in arrays. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from portico.city.model import Staleness
from portico.figures import Statement
from portico.match.criteria.base import Criterion
from portico.match.criteria.spread import Spread
from portico.match.methods.scales import Scale
from portico.match.model import Must, Outcome, Want
from portico.match.wants import scale_of, value_of_words, value_over
from portico.match.where.model import OUTCOMES, STANDINGS, Codes, Standing, Valued

_PASS, _FAIL = OUTCOMES.index(Outcome.PASS), OUTCOMES.index(Outcome.FAIL)
_UNKNOWN, _STALE = OUTCOMES.index(Outcome.UNKNOWN), OUTCOMES.index(Outcome.STALE)


def outcomes(must: Must, known: Criterion, found: Spread, as_of: date, limit_months: int) -> Codes:
    """Return what became of ``must`` in each cell, as numbers of ``OUTCOMES``.

    >>> from portico.match.criteria import criterion
    >>> must = Must(criterion="minutes-to-nearest", at_most=30.0)
    >>> minutes = np.array([[10.0, 20.0, 40.0, np.nan], [20.0, 30.0, 50.0, np.nan], [30.0, 45.0, 60.0, np.nan]])
    >>> of = outcomes(must, criterion("minutes-to-nearest"), Spread(*minutes), date(2026, 11, 23), 24)
    >>> [OUTCOMES[one].value for one in of]
    ['pass', 'unknown', 'fail', 'unknown']
    """
    if must.at_least is not None:
        fails, passes = found.high < must.at_least, found.low >= must.at_least
    elif must.at_most is not None:
        fails, passes = found.low > must.at_most, found.high <= must.at_most
    else:
        fails = passes = np.zeros(len(found), dtype=bool)
    good = np.where(found.stale(as_of, limit_months), _STALE, _PASS) if known.ages else _PASS
    passed = np.where(passes & ~np.isnan(found.mid), good, _UNKNOWN)
    return np.where(fails, _FAIL, passed).astype(np.int8)


def standing(decided: Sequence[Codes], cells: int) -> Codes:
    """Return where each of so many cells stands, as numbers of ``STANDINGS``: each in exactly one of the three."""
    failed = np.zeros(cells, dtype=bool)
    doubtful = np.zeros(cells, dtype=bool)
    for one in decided:
        failed |= one == _FAIL
        doubtful |= one != _PASS
    doubt = np.where(doubtful, STANDINGS.index(Standing.IN_DOUBT), STANDINGS.index(Standing.FITS))
    return np.where(failed, STANDINGS.index(Standing.EXCLUDED), doubt).astype(np.int8)


def value(want: Want, known: Criterion, share: float, found: Spread, as_of: date, staleness: Staleness) -> Valued:
    """Return the least and the most value of ``want`` in each cell; stale data widens them."""
    low, high = Scale(tuple(scale_of(want, known))).bounds(found.low, found.high)
    if not known.ages:
        return Valued(want, known, share, low, high, found)
    stale = found.stale(as_of, staleness.limit_months) & ~np.isnan(found.mid)
    low = np.where(stale, np.maximum(0.0, low - staleness.widening), low)
    high = np.where(stale, np.minimum(1.0, high + staleness.widening), high)
    return Valued(want, known, share, low, high, found, int(stale.sum()))


def unanswered(want: Want, known: Criterion, share: float, cells: int) -> Valued:
    """Return the whole range of a want that the territory cannot answer, in each of so many cells."""
    if known.is_number:
        low, high = value_over(scale_of(want, known), None, None)
    else:
        low, high = value_of_words(want.values or known.default_values, Statement.missing())
    return Valued(want, known, share, np.full(cells, low), np.full(cells, high))
