"""Costs between places and others, in minutes, whichever way they were found: dense, sparse, in deciseconds or pairs.

Only pairs that are reached have a cost. What is not reached is not infinitely far: it is beyond a limit, or nobody
knows a way.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from portico.territory.nearby import DS_PER_MINUTE, UNREACHED, Nearby
from portico.territory.travel.model import Direction

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
Long = NDArray[np.int64]
_AT_ONCE = 2_000_000


@dataclass(frozen=True, slots=True)
class Block:
    """The reached pairs of the places from ``start`` up to ``stop``; ``place`` counts from ``start``."""

    start: int
    stop: int
    place: Long
    other: NDArray[np.signedinteger[Any]]
    minutes: Floats


class Costs(Protocol):
    """Minutes between ``places`` things that are judged and ``others`` that they may reach.

    ``limit_minutes`` says up to which cost pairs were looked for; None: all of them.
    """

    @property
    def places(self) -> int:
        """How many are judged."""

    @property
    def others(self) -> int:
        """How many there are to reach."""

    @property
    def direction(self) -> Direction:
        """Which way one travels."""

    @property
    def limit_minutes(self) -> float | None:
        """The largest cost that was looked for."""

    def blocks(self) -> Iterator[Block]:
        """Yield the reached pairs, some millions at a time at most, whole places together."""

    def turned(self) -> Costs:
        """Return the same costs with places and others exchanged: outbound costs become inbound ones."""


@dataclass(frozen=True, slots=True)
class Dense:
    """A cost for every pair, places by others: minutes, or deciseconds where ``per_minute`` is 600."""

    cost: NDArray[Any]
    per_minute: int
    direction: Direction
    limit_minutes: float | None = None

    @property
    def places(self) -> int:
        """How many are judged."""
        return int(self.cost.shape[0])

    @property
    def others(self) -> int:
        """How many there are to reach."""
        return int(self.cost.shape[1])

    def blocks(self) -> Iterator[Block]:
        """Yield the reached pairs, some rows at a time."""
        height = max(1, _AT_ONCE // max(1, self.others))
        for start in range(0, self.places, height):
            some = self.cost[start : start + height]
            reached = np.isfinite(some) if self.per_minute == 1 else some < UNREACHED
            place, other = np.nonzero(reached)
            yield Block(start, start + len(some), place, other, some[place, other] / float(self.per_minute))

    def turned(self) -> Dense:
        """Return the transposed costs, without copying them."""
        return replace(self, cost=self.cost.T, direction=self.direction.turned)


@dataclass(frozen=True, slots=True)
class Sparse:
    """Costs of the reached pairs only, place by place; minutes, or deciseconds where ``per_minute`` is 600."""

    first: Long
    index: Ints
    cost: NDArray[Any]
    others: int
    per_minute: int
    direction: Direction
    limit_minutes: float | None = None

    @property
    def places(self) -> int:
        """How many are judged."""
        return len(self.first) - 1

    def blocks(self) -> Iterator[Block]:
        """Yield the pairs of some places at a time; a place whose pairs are more than that comes alone."""
        start = 0
        while start < self.places:
            full = int(np.searchsorted(self.first, self.first[start] + _AT_ONCE, side="right")) - 1
            stop = min(self.places, max(start + 1, full))
            pairs = slice(int(self.first[start]), int(self.first[stop]))
            place = np.repeat(np.arange(stop - start, dtype=np.int64), np.diff(self.first[start : stop + 1]))
            yield Block(start, stop, place, self.index[pairs], self.cost[pairs] / float(self.per_minute))
            start = stop

    def turned(self) -> Sparse:
        """Return the costs seen from the other side."""
        place = np.repeat(np.arange(self.places, dtype=np.int32), np.diff(self.first))
        return replace(
            _sorted(self.index, place, self.cost, (self.others, self.places), self.per_minute),
            direction=self.direction.turned,
            limit_minutes=self.limit_minutes,
        )


def of_minutes(minutes: NDArray[np.floating[Any]], *, limit_minutes: float | None = None) -> Dense:
    """Return costs from each row to each column of ``minutes`` (outbound), NaN where not reached.

    >>> costs = of_minutes(np.array([[1.0, np.nan]]))
    >>> [block.other.tolist() for block in costs.blocks()]
    [[0]]
    """
    if minutes.ndim != 2:  # noqa: PLR2004 - a matrix has two
        text = f"a matrix is wanted, got {minutes.ndim} dimensions"
        raise ValueError(text)
    if bool((minutes < 0).any()) or bool(np.isinf(minutes).any()):
        raise ValueError("minutes are never negative and never infinite; NaN says that there is no way")
    return Dense(minutes, 1, Direction.OUTBOUND, limit_minutes)


def of_deciseconds(cost_ds: Ints, *, limit_minutes: float | None = None) -> Dense:
    """Return costs from each row to each column of ``cost_ds`` (outbound), ``UNREACHED`` where not reached."""
    return Dense(cost_ds, DS_PER_MINUTE, Direction.OUTBOUND, limit_minutes)


def of_nearby(nearby: Nearby, others: int, *, limit_minutes: float | None) -> Sparse:
    """Return the costs from each thing of ``nearby`` to those near it (outbound), ``others`` of them in all.

    ``limit_minutes`` is the limit within which they were looked for.
    """
    direction = Direction.OUTBOUND
    return Sparse(nearby.first, nearby.index, nearby.cost_ds, others, DS_PER_MINUTE, direction, limit_minutes)


def of_pairs(place: Ints, other: Ints, minutes: Floats, shape: tuple[int, int]) -> Sparse:
    """Return the costs (outbound) of pairs in any order, each there once and reached; ``shape`` is places, others."""
    return _sorted(place, other, minutes, shape, 1)


def _sorted(place: Ints, other: Ints, cost: NDArray[Any], shape: tuple[int, int], per_minute: int) -> Sparse:
    order = np.argsort(place, kind="stable")
    first = np.zeros(shape[0] + 1, dtype=np.int64)
    np.cumsum(np.bincount(place, minlength=shape[0]), out=first[1:])
    return Sparse(first, other[order], cost[order], shape[1], per_minute, Direction.OUTBOUND)


def reached_by(costs: Costs) -> Ints:
    """Return how many others each place reaches at any cost."""
    found = np.zeros(costs.places, dtype=np.int32)
    for block in costs.blocks():
        found[block.start : block.stop] = np.bincount(block.place, minlength=block.stop - block.start)
    return found


def covers(costs: Costs, minutes: float) -> bool:
    """Say whether costs up to ``minutes`` were looked for. A weight without end is taken as cut at the limit."""
    return costs.limit_minutes is None or not math.isfinite(minutes) or minutes <= costs.limit_minutes
