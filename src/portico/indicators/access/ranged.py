"""A measure of many places, portion by portion, over costs that are known to a range: least, usual, most.

Each place is judged by its own costs alone, so that portions may be judged one after the other; measures in which
people compete for what there is (``floating``) cannot be taken so. The value is that at the usual costs; it lies
between what holds at the least and at the most.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from portico.figures import Evidence
from portico.indicators.access.costs import Costs, Dense
from portico.indicators.access.scores import Floats, Ints, Scores
from portico.territory.nearby import DS_PER_MINUTE, UNREACHED
from portico.territory.travel.layered import Layered
from portico.territory.travel.model import Direction

Measure = Callable[[Costs], Scores]


@dataclass(frozen=True, slots=True)
class Ranged:
    """A measure of many places: its value at the usual costs, NaN where not known, and its bounds.

    ``low`` and ``high`` hold over all costs of the range and all that amounts may be: infinite where nothing bounds,
    NaN where nothing is known at all. ``unknown`` and ``reached`` are those of ``Scores``, at the usual costs.
    """

    value: Floats
    low: Floats
    high: Floats
    unknown: Ints
    reached: Ints
    unit: str
    method: Evidence


def ranged(
    portions: Iterable[Layered], measure: Measure, direction: Direction, *, limit_minutes: float = math.inf
) -> Ranged:
    """Return what ``measure`` says of every place in ``portions``; costs beyond ``limit_minutes`` are not looked at.

    >>> from portico.indicators.access.amounts import Amounts
    >>> from portico.indicators.access.reach import cumulative
    >>> jobs = Amounts.of(np.array([100.0, 20.0]), "jobs")
    >>> layers = tuple(np.array([[9_000, 18_000 + ds]], dtype=np.int32) for ds in (-600, 600, 900))
    >>> found = ranged([Layered(0, layers)], lambda costs: cumulative(costs, jobs, 30), Direction.OUTBOUND)
    >>> found.value.tolist(), found.low.tolist(), found.high.tolist()
    ([100.0], [100.0], [120.0])
    """
    found = []
    for portion in portions:
        scores = [measure(_costs(layer, direction, limit_minutes)) for layer in portion.layers]
        found.append(_joined(scores))
    if not found:
        raise ValueError("there are no places")
    return Ranged(
        np.concatenate([one.value for one in found]),
        np.concatenate([one.low for one in found]),
        np.concatenate([one.high for one in found]),
        np.concatenate([one.unknown for one in found]),
        np.concatenate([one.reached for one in found]),
        found[0].unit,
        found[0].method,
    )


def _costs(costs_ds: NDArray[np.int32], direction: Direction, limit_minutes: float) -> Dense:
    if not math.isfinite(limit_minutes):
        return Dense(costs_ds, DS_PER_MINUTE, direction)
    within = np.where(costs_ds <= round(limit_minutes * DS_PER_MINUTE), costs_ds, UNREACHED)
    return Dense(within, DS_PER_MINUTE, direction)


def _joined(scores: Sequence[Scores]) -> Ranged:
    """Put the scores at the least, the usual and the most costs together."""
    usual = scores[len(scores) // 2]
    lows, highs = np.array([one.low for one in scores]), np.array([one.high for one in scores])
    nowhere = np.isnan(lows)  # where too few are reached nobody knows how long it takes
    low = np.where(nowhere, np.inf, lows).min(axis=0)
    high = np.where(nowhere, np.inf, highs).max(axis=0)
    unknown = nowhere.all(axis=0)
    return Ranged(
        usual.value,
        np.where(unknown, np.nan, low),
        np.where(unknown, np.nan, high),
        usual.unknown,
        usual.reached,
        usual.unit,
        usual.method,
    )
