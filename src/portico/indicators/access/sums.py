"""The sum under every measure: amounts weighted by the cost of reaching them, with what is not known kept apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from portico.errors import InputError
from portico.indicators.access.amounts import Amounts
from portico.indicators.access.costs import Costs, covers
from portico.indicators.access.decay import Decay

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Weighted:
    """Σ_j f(c_ij) x_j of each place, between its bounds, and how many x_j in it are not known."""

    low: Floats
    high: Floats
    unknown: Ints


def weighted(costs: Costs, decay: Decay, amounts: Amounts) -> Weighted:
    """Return the weighted sum of ``amounts`` over what each place reaches.

    Raises InputError where ``decay`` reaches further than costs were looked for: the sum would be too small.
    """
    check(costs, decay, amounts)
    unsure = ~amounts.known
    low = np.zeros(costs.places)
    spread, unbounded, unknown = np.zeros(costs.places), np.zeros(costs.places), np.zeros(costs.places)
    endless = np.isinf(amounts.high)
    span = np.where(endless, 0.0, amounts.high - amounts.low)
    for block in costs.blocks():
        rows, height = slice(block.start, block.stop), block.stop - block.start
        weight = decay(block.minutes)
        low[rows] = np.bincount(block.place, weight * amounts.low[block.other], minlength=height)
        if unsure.any():
            of_these = (weight > 0) & unsure[block.other]
            place, other, weight = block.place[of_these], block.other[of_these], weight[of_these]
            unknown[rows] = np.bincount(place, minlength=height)
            unbounded[rows] = np.bincount(place, endless[other], minlength=height)
            spread[rows] = np.bincount(place, weight * span[other], minlength=height)
    high = np.where(unbounded > 0, np.inf, low + spread)
    return Weighted(low, high, unknown.astype(np.int32))


def check(costs: Costs, decay: Decay, amounts: Amounts) -> None:
    """Refuse amounts that are not those of the others, and a decay that reaches further than the costs."""
    if len(amounts) != costs.others:
        text = f"there are {costs.others} others and {len(amounts)} amounts"
        raise ValueError(text)
    if not covers(costs, decay.reach_minutes):
        raise InputError("access-beyond-limit", minutes=decay.reach_minutes, limit=costs.limit_minutes)
