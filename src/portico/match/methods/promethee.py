"""PROMETHEE II: net flows of preference between every two alternatives (Brans and Vincke 1985)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from portico.errors import InputError
from portico.match.methods.scales import Floats

_BLOCK = 1_000_000


class Shape(StrEnum):
    """How preference grows with a difference d > 0: at once; from ``indifference`` to ``threshold``; as a bell."""

    USUAL = "usual"
    LINEAR = "linear"
    GAUSSIAN = "gaussian"


@dataclass(frozen=True, slots=True)
class Preference:
    """P(d): usual 1; linear (d − q)/(p − q) between q and p, with q = 0 the V-shape; gaussian 1 − exp(−d²/2s²).

    ``indifference`` is q, ``threshold`` p or s, in the unit of the criterion.
    """

    shape: Shape = Shape.USUAL
    indifference: float = 0.0
    threshold: float = 0.0

    def __post_init__(self) -> None:
        """Refuse thresholds that make no preference."""
        sound = 0 <= self.indifference < self.threshold < float("inf")
        if self.shape is not Shape.USUAL and not sound:
            raise InputError("preference-unsound", low=self.indifference, high=self.threshold)


@dataclass(frozen=True, slots=True)
class Flows:
    """How much an alternative is preferred to the others (φ⁺) and they to it (φ⁻), each 0 to 1; φ = φ⁺ − φ⁻."""

    leaving: Floats
    entering: Floats

    @property
    def net(self) -> Floats:
        """φ, −1 to 1, by which alternatives are ranked."""
        return self.leaving - self.entering


def promethee(
    x: Floats, weights: Floats, maximised: Sequence[bool], preferences: Sequence[Preference] | None = None
) -> Flows:
    """Return the flows: π(i, j) = Σ w P(x_i − x_j), φ⁺ = Σ_j π(i, j)/(n − 1), φ⁻ = Σ_j π(j, i)/(n − 1).

    Usual and linear preferences are added up along the sorted values, n log n by criterion; gaussian ones pair by pair.
    """
    count = len(x)
    leaving, entering = np.zeros(count), np.zeros(count)
    for k, weight in enumerate(weights):
        column = x[:, k] if maximised[k] else -x[:, k]
        preference = preferences[k] if preferences else Preference()
        over = _gaussian if preference.shape is Shape.GAUSSIAN else _along
        leaving += weight * over(column, preference)
        entering += weight * over(-column, preference)
    others = max(1, count - 1)
    return Flows(leaving / others, entering / others)


def _along(column: Floats, preference: Preference) -> Floats:
    """Return Σ_j P(x_i − x_j) of each i, from counts and sums of the sorted values."""
    order = np.argsort(column)
    ordered = column[order] - (column.min() + column.max()) / 2  # sums of large numbers lose digits
    found = np.empty(len(column))
    if preference.shape is Shape.USUAL:
        found[order] = np.searchsorted(ordered, ordered, side="left")
        return found
    low, high = preference.indifference, preference.threshold
    sums = np.concatenate(([0.0], np.cumsum(ordered)))
    full = np.searchsorted(ordered, ordered - high, side="right")
    some = np.maximum(full, np.searchsorted(ordered, ordered - low, side="left"))
    partly = ((some - full) * (ordered - low) - (sums[some] - sums[full])) / (high - low)
    found[order] = full + np.clip(partly, 0.0, some - full)
    return found


def _gaussian(column: Floats, preference: Preference) -> Floats:
    found = np.empty(len(column))
    step = max(1, _BLOCK // max(1, len(column)))
    for start in range(0, len(column), step):
        over = np.maximum(column[start : start + step, None] - column, 0.0)
        found[start : start + step] = -np.expm1(-(over**2) / (2 * preference.threshold**2)).sum(axis=1)
    return found
