"""Costs in integer deciseconds between many things: the few that are near each one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]

UNREACHED = np.int32(2**30)
"""The cost of what is not reached: more than a year, and twice it still fits an int32."""
DS_PER_MINUTE = 600


def clock(ds: int) -> str:
    """Return a time of the service day: it may go beyond 24 hours.

    >>> clock(900_600)
    '25:01'
    """
    return f"{ds // 36_000:02d}:{ds // 600 % 60:02d}"


@dataclass(frozen=True, slots=True)
class Nearby:
    """For each of ``n`` things, those near it: a sparse matrix of costs, row by row.

    Those near thing ``i`` are ``index[first[i]:first[i + 1]]`` at ``cost_ds[first[i]:first[i + 1]]`` deciseconds.
    """

    first: NDArray[np.int64]
    index: Ints
    cost_ds: Ints

    def __len__(self) -> int:
        """Return how many things have a row."""
        return len(self.first) - 1

    def of(self, thing: int) -> tuple[Ints, Ints]:
        """Return what is near ``thing``, and at which costs."""
        row = slice(self.first[thing], self.first[thing + 1])
        return self.index[row], self.cost_ds[row]

    def transposed(self, width: int) -> Nearby:
        """Return the costs seen from the other side, ``width`` things wide."""
        thing = np.repeat(np.arange(len(self), dtype=np.int32), np.diff(self.first))
        order = np.argsort(self.index, kind="stable")
        first = np.zeros(width + 1, dtype=np.int64)
        np.cumsum(np.bincount(self.index, minlength=width), out=first[1:])
        return Nearby(first, thing[order], self.cost_ds[order])

    @classmethod
    def of_pairs(cls, thing: Ints, index: Ints, cost_ds: Ints, length: int) -> Nearby:
        """Return the rows of ``length`` things from pairs in any order.

        >>> made = Nearby.of_pairs(*np.array([[1, 0], [7, 8], [30, 40]], dtype=np.int32), length=2)
        >>> [int(one) for one in made.of(1)[0]]
        [7]
        """
        order = np.argsort(thing, kind="stable")
        first = np.zeros(length + 1, dtype=np.int64)
        np.cumsum(np.bincount(thing, minlength=length), out=first[1:])
        return cls(first, index[order], cost_ds[order])
