"""How much there is at each place: jobs, beds, people. Where that is not known, between which bounds it lies."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
OPPORTUNITIES, PLACES, PEOPLE = "opportunities", "places", "people"


@dataclass(frozen=True, slots=True)
class Amounts:
    """Amounts between ``low`` and ``high``, equal where they are known; ``high`` is infinite where nothing bounds it.

    >>> Amounts.of(np.array([3.0, np.nan]), "beds").known.tolist()
    [True, False]
    """

    low: Floats
    high: Floats
    unit: str

    def __post_init__(self) -> None:
        if len(self.low) != len(self.high):
            text = f"each amount has two bounds, got {len(self.low)} and {len(self.high)}"
            raise ValueError(text)
        if not (np.isfinite(self.low).all() and (self.low >= 0).all() and (self.high >= self.low).all()):
            raise ValueError("an amount lies between 0 <= low <= high")

    @classmethod
    def of(cls, values: NDArray[np.number], unit: str = OPPORTUNITIES, *, at_most: float = math.inf) -> Amounts:
        """Return the amounts ``values``; NaN where one is not known, which is then something from 0 to ``at_most``."""
        known = np.asarray(values, dtype=np.float64)
        unknown = np.isnan(known)
        return cls(np.where(unknown, 0.0, known), np.where(unknown, at_most, known), unit)

    @classmethod
    def one_each(cls, count: int, unit: str = PLACES) -> Amounts:
        """Return one for each of ``count`` places."""
        return cls(np.ones(count), np.ones(count), unit)

    def __len__(self) -> int:
        """Return for how many places there are amounts."""
        return len(self.low)

    @property
    def known(self) -> NDArray[np.bool_]:
        """Where the amount is known."""
        same: NDArray[np.bool_] = self.low == self.high
        return same
