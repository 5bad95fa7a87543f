"""Minutes to what is nearest: to the k-th opportunity, and on average to the k nearest.

Of places that hold several opportunities each counts: three schools at one place are the three nearest. With amounts
that are no counts it is the least minutes within which so much is in reach.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from portico.errors import UsageError
from portico.figures import Evidence, Scalar
from portico.indicators.access.amounts import Amounts
from portico.indicators.access.costs import Block, Costs, reached_by
from portico.indicators.access.scores import Scores

MINUTES = "min"
# Sums of fractions may miss a whole number by so much of it.
_ROUNDING = 1e-9
Floats = NDArray[np.float64]
Ints = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Nearest:
    """Minutes to the k-th nearest, and the mean minutes to the k nearest."""

    to_kth: Scores
    mean: Scores


def nearest(costs: Costs, opportunities: Amounts, k: float = 1.0) -> Nearest:
    """Return the minutes to the ``k``-th nearest of the ``opportunities`` and the mean of the ``k`` nearest.

    Dual access: min T with Σ_j O_j [c_ij ≤ T] ≥ k, Levinson, King and others, *Transport Access Manual*, 2020; the mean
    Σ_j c_ij o_ij / k takes o_ij of the nearest until k are taken. Where fewer than k are reached there is no such time.
    An unknown amount may be nothing or as much as its bound: the minutes lie between the two.

    >>> from portico.indicators.access.costs import of_minutes
    >>> found = nearest(of_minutes(np.array([[9.0, 4.0, np.nan, 20.0]])), Amounts.one_each(4), 2)
    >>> found.to_kth.value.tolist(), found.mean.value.tolist()
    ([9.0], [6.5])
    """
    if not (np.isfinite(k) and k > 0):
        raise UsageError("number-not-positive", name="k", value=f"{k:g}")
    if len(opportunities) != costs.others:
        text = f"there are {costs.others} others and {len(opportunities)} amounts"
        raise ValueError(text)
    late, late_mean = _taken(costs, opportunities.low, k)
    if opportunities.known.all():
        soon, soon_mean = late, late_mean
    else:
        soon, soon_mean = _taken(costs, opportunities.high, k)
    unknown = _unknown_before(costs, opportunities, late)
    reached = reached_by(costs)
    parameters: dict[str, Scalar] = {"direction": costs.direction.value, "k": k}
    to_kth = Evidence(method="indicators.access.nearest", parameters=parameters)
    mean = Evidence(method="indicators.access.mean-of-nearest", parameters=parameters)
    return Nearest(
        Scores(*_bounds(soon, late), unknown, reached, MINUTES, to_kth),
        Scores(*_bounds(soon_mean, late_mean), unknown, reached, MINUTES, mean),
    )


def _bounds(soon: Floats, late: Floats) -> tuple[Floats, Floats]:
    """Return least and most minutes: without end where only the unknown ones make up the number, NaN where not even."""
    return soon, np.where(np.isnan(late) & ~np.isnan(soon), np.inf, late)


def _taken(costs: Costs, amounts: Floats, k: float) -> tuple[Floats, Floats]:
    """Return the minutes at which ``k`` are taken, nearest first, and the mean minutes to those; NaN where too few."""
    kth, mean = np.full(costs.places, np.nan), np.full(costs.places, np.nan)
    amounts = np.minimum(amounts, k)  # more at one place changes nothing, and sums of little stay exact
    for block in costs.blocks():
        some = amounts[block.other] > 0
        place, minutes, amount = block.place[some], block.minutes[some], amounts[block.other[some]]
        order = np.lexsort((minutes, place))
        place, minutes, amount = place[order], minutes[order], amount[order]
        so_far = np.cumsum(amount)
        ends = np.searchsorted(place, np.arange(block.stop - block.start + 1))
        before = np.concatenate(([0.0], so_far))[ends[:-1]]
        within = so_far - before[place]
        took = np.clip(k - (within - amount), 0.0, amount)
        height = block.stop - block.start
        enough = np.bincount(place, amount, minlength=height) >= k * (1 - _ROUNDING)
        total = np.bincount(place, took * minutes, minlength=height)
        last = np.zeros(height)
        counted = took > k * _ROUNDING
        np.maximum.at(last, place[counted], minutes[counted])
        kth[block.start : block.stop] = np.where(enough, last, np.nan)
        mean[block.start : block.stop] = np.where(enough, total / k, np.nan)
    return kth, mean


def _unknown_before(costs: Costs, opportunities: Amounts, late: Floats) -> Ints:
    """Count the unknown amounts that lie nearer than the k-th known one: those that could change the answer."""
    unsure = ~opportunities.known
    found = np.zeros(costs.places, dtype=np.int32)
    if not unsure.any():
        return found
    until = np.where(np.isnan(late), np.inf, late)
    for block in costs.blocks():
        nearer = unsure[block.other] & _before(block, until)
        found[block.start : block.stop] = np.bincount(block.place[nearer], minlength=block.stop - block.start)
    return found


def _before(block: Block, until: Floats) -> NDArray[np.bool_]:
    earlier: NDArray[np.bool_] = block.minutes < until[block.place + block.start]
    return earlier
