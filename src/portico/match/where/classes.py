"""The suitability of cells in a few classes, finer the better the cells, to colour a map and to tell it in words.

The lower half of the cells is one class, the best three in a hundred are another: where a brief fits is a matter of few
places, and classes of as many cells each would put these together with many middling ones.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from portico.match.methods.standing import TIE
from portico.match.where.model import STANDINGS, Standing, Suitability, Where

SHARES = (0.5, 0.75, 0.9, 0.97)
"""The share of the cells below each class but the lowest."""
NO_CLASS = -1


@dataclass(frozen=True, slots=True)
class Class:
    """The cells whose score has its midpoint from ``low`` to ``high``, the least and the most that occur."""

    low: float
    high: float
    fits: int
    in_doubt: int

    @property
    def cells(self) -> int:
        """How many cells there are."""
        return self.fits + self.in_doubt


@dataclass(frozen=True, slots=True, eq=False)
class Classed:
    """The classes, the lowest first, and the number of each cell's: ``NO_CLASS`` where it is excluded."""

    classes: tuple[Class, ...]
    number: NDArray[np.int8]


def classed(where: Where, how: Suitability) -> Classed:
    """Return the cells that are not excluded in at most five classes by the midpoints of their scores."""
    mid = how.mid[where.ranked]
    number = np.full(len(where.cells), NO_CLASS, dtype=np.int8)
    if not len(mid):
        return Classed((), number)
    found = np.searchsorted(_breaks(mid), mid, side="right")
    # A class in which nothing falls is none.
    _, found = np.unique(found, return_inverse=True)
    number[where.ranked] = found
    stands = where.standing[where.ranked]
    return Classed(
        tuple(_class(mid[found == one], stands[found == one]) for one in range(int(found.max()) + 1)), number
    )


def _breaks(mid: NDArray[np.float64]) -> list[float]:
    """Return where each class but the lowest begins; what many cells share ends a class, so that the better ones have
    their own.
    """  # noqa: D205 - one sentence
    breaks: list[float] = []
    ordered = np.sort(mid)
    last = float(ordered[0])
    for share in SHARES:
        begins = float(ordered[math.ceil(share * (len(mid) - 1))])
        better = mid[mid > last + TIE]
        if not len(better):
            break
        last = max(begins, float(better.min()))
        breaks.append(last)
    return breaks


def _class(mid: NDArray[np.float64], stands: NDArray[np.int8]) -> Class:
    fits = int((stands == STANDINGS.index(Standing.FITS)).sum())
    return Class(float(mid.min()), float(mid.max()), fits, len(mid) - fits)
