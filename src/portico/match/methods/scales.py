"""Value functions: straight lines through declared points, so that another alternative never changes a value."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from portico.errors import InputError

Floats = NDArray[np.float64]
FARTHEST = 1e15
"""No number of a scale is larger: lines between larger ones would have no slope."""
_POINTS = 2


@dataclass(frozen=True, slots=True)
class Scale:
    """Points (x, value) joined by straight lines; beyond the ends level, or the outer lines go on where ``goes_on``."""

    points: tuple[tuple[float, float], ...]
    goes_on: bool = False

    def __post_init__(self) -> None:
        """Refuse fewer than two points, and points whose x does not rise."""
        xs = [x for x, _ in self.points]
        if len(xs) < _POINTS or not all(a < b for a, b in pairwise(xs)) or not (np.abs(self.points) <= FARTHEST).all():
            raise InputError("scale-unsound", points=", ".join(f"{x:g}" for x in xs))

    @classmethod
    def positive(cls, low: float, high: float, *, goes_on: bool = False) -> Scale:
        """Return the scale on which more is better: 0 at ``low``, 1 at ``high``."""
        return cls(((low, 0.0), (high, 1.0)), goes_on)

    @classmethod
    def inverse(cls, low: float, high: float, *, goes_on: bool = False) -> Scale:
        """Return the scale on which less is better: 1 at ``low``, 0 at ``high``."""
        return cls(((low, 1.0), (high, 0.0)), goes_on)

    @classmethod
    def ideal(cls, low: float, best: float, high: float, *, goes_on: bool = False) -> Scale:
        """Return the scale with its peak at ``best``, which may be one of the ends."""
        points = ((low, 0.0), (best, 1.0), (high, 0.0))
        kept = tuple(point for point in points if point[0] != best or point[1] == 1.0)
        return cls(kept, goes_on)

    @property
    def ends(self) -> tuple[float, float]:
        """Between what the scale is declared."""
        return self.points[0][0], self.points[-1][0]

    def values(self, x: Floats) -> Floats:
        """Return the value of each ``x``; NaN stays NaN.

        >>> Scale.inverse(10, 30).values(np.array([5.0, 15.0, np.nan]))
        array([1.  , 0.75,  nan])
        """
        xs, vs = np.array(self.points).T
        found = np.asarray(np.interp(x, xs, vs), dtype=np.float64)
        if self.goes_on:
            for end, other, beyond in ((0, 1, x < xs[0]), (-1, -2, x > xs[-1])):
                slope = (vs[end] - vs[other]) / (xs[end] - xs[other])
                found = np.where(beyond, vs[end] + slope * (x - xs[end]), found)
        return found

    def spans(self, low: Floats, high: Floats) -> tuple[Floats, Floats]:
        """Return the intervals from ``low`` to ``high`` with NaN, a bound that is not known, put at the scale's end."""
        first, last = self.ends
        start = np.where(np.isnan(low), np.fmin(first, high), low)
        return start, np.where(np.isnan(high), np.fmax(last, start), high)

    def bounds(self, low: Floats, high: Floats) -> tuple[Floats, Floats]:
        """Return the least and the most value on each interval from ``low`` to ``high``; NaN is not known.

        >>> Scale.ideal(0, 10, 20).bounds(np.array([5.0, np.nan]), np.array([12.0, np.nan]))
        (array([0.5, 0. ]), array([1., 1.]))
        """
        start, end = self.spans(low, high)
        one, other = self.values(start), self.values(end)
        least, most = np.minimum(one, other), np.maximum(one, other)
        for x, value in self.points:
            inside = (start < x) & (x < end)
            least = np.where(inside, np.minimum(least, value), least)
            most = np.where(inside, np.maximum(most, value), most)
        return least, most
