"""A sum over places around one point where both the minutes and the amounts are ranges, and some are not known at all.

    A = Σ_j O_j f(c_j)

f never rises with the minutes, so that the least sum takes the least amounts at the most minutes and the most sum the
most amounts at the least minutes. What nobody knows counts nothing in the least and without bound in the most.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from portico.indicators.access.decay import Decay
from portico.territory.model import Minutes

Floats = NDArray[np.float64]
Range = tuple[float, float, float]
UNKNOWN: Range = (0.0, math.nan, math.inf)
"""An amount, or minutes, of which nothing is known."""


@dataclass(frozen=True, slots=True)
class Sum:
    """The least, the usual and the most. ``counted`` are the places that count in the usual sum, by weight times
    amount the most first; ``unsaid`` those that may lie in reach and whose amount nobody said.
    """  # noqa: D205 - one sentence

    low: float
    mid: float
    high: float
    counted: tuple[int, ...]
    unsaid: tuple[int, ...]


def ranges(minutes: Sequence[Minutes | None]) -> Floats:
    """Return minutes as an array of least, usual and most by place; what is not reached may be any."""
    found = [UNKNOWN if one is None else (one.low, one.mid, one.high) for one in minutes]
    return np.array(found, dtype=np.float64).reshape(-1, 3).T


def doubtful_sum(amounts: Sequence[Range], minutes: Floats, decay: Decay) -> Sum:
    """Return the sum of ``amounts`` (least, usual, most of each place) weighted by ``decay`` over ``minutes`` (3 × n).

    >>> from portico.indicators.access.decay import Within
    >>> near_and_far = ranges([Minutes(5.0, 10.0, 20.0), Minutes(25.0, 35.0, 50.0)])
    >>> found = doubtful_sum([(90.0, 100.0, 110.0), UNKNOWN], near_and_far, Within(30))
    >>> found.low, found.mid, found.high, found.unsaid
    (90.0, 100.0, inf, (1,))
    """
    given = np.array(amounts, dtype=np.float64).reshape(-1, 3).T
    with np.errstate(invalid="ignore"):  # not reached: no number, and no weight
        most, usual, least = (np.nan_to_num(decay(minutes[at]), nan=0.0) for at in (0, 1, 2))
    said = ~np.isnan(given[1])
    parts = np.where(said, given[1], 0.0) * usual
    high = np.where(most > 0, np.where(most > 0, most, 1.0) * given[2], 0.0)
    order = np.argsort(-parts, kind="stable")
    return Sum(
        float((given[0] * least).sum()),
        float(parts.sum()),
        float(high.sum()),
        tuple(int(at) for at in order if said[at] and usual[at] > 0),
        tuple(int(at) for at in np.flatnonzero(~said & (most > 0))),
    )
