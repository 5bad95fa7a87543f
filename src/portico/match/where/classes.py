"""The suitability of cells in a few classes of about as many cells each, to colour a map and to tell it in words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from portico.match.where.model import STANDINGS, Standing, Suitability, Where

MOST_CLASSES = 5
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


def classed(where: Where, how: Suitability, most: int = MOST_CLASSES) -> Classed:
    """Return the cells that are not excluded in at most ``most`` classes by the midpoints of their scores."""
    mid = how.mid[where.ranked]
    number = np.full(len(where.cells), NO_CLASS, dtype=np.int8)
    if not len(mid):
        return Classed((), number)
    shares = np.arange(1, most) / most
    breaks = np.unique(np.quantile(mid, shares, method="higher"))
    found = np.searchsorted(breaks, mid, side="right")
    # A class in which nothing falls is none.
    _, found = np.unique(found, return_inverse=True)
    number[where.ranked] = found
    stands = where.standing[where.ranked]
    return Classed(
        tuple(_class(mid[found == one], stands[found == one]) for one in range(int(found.max()) + 1)), number
    )


def _class(mid: NDArray[np.float64], stands: NDArray[np.int8]) -> Class:
    fits = int((stands == STANDINGS.index(Standing.FITS)).sum())
    return Class(float(mid.min()), float(mid.max()), fits, len(mid) - fits)
