"""What is known of weights: exact, within ranges, in an order, or nothing. They are shares: none below 0, the sum 1."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from portico.errors import InputError
from portico.match.methods.scales import Floats

_SLACK = 1e-9
INVESTOR_RANKS = {
    "skilled-labour": 2.0,
    "labour-cost": 2.3,
    "highway-access": 4.3,
    "quality-of-life": 6.0,
    "corporate-tax": 6.8,
    "energy-cost": 7.3,
    "energy-availability": 7.5,
    "tax-exemptions": 7.5,
    "occupancy-cost": 7.6,
}
"""Average rank of what investors look for, 2016 to 2023: Area Development surveys as compiled by Mericle (2025-03)."""


def shares(numbers: Sequence[float] | Floats) -> Floats:
    """Return ``numbers`` divided by their sum. Raises InputError where one is below zero or all are zero."""
    given = np.asarray(numbers, dtype=np.float64)
    if not (np.isfinite(given).all() and (given >= 0).all() and 0 < given.sum() < np.inf):
        raise InputError("weights-unsound")
    made: Floats = given / given.sum()
    return made


def rank_reciprocal(ranks: Sequence[float] | Floats) -> Floats:
    """Return weights in proportion to 1/rank; ranks may be averages, 1 is the most important.

    >>> rank_reciprocal([1, 2, 4]).round(3)
    array([0.571, 0.286, 0.143])
    """
    given = np.asarray(ranks, dtype=np.float64)
    if not (np.isfinite(given).all() and (given > 0).all()):
        raise InputError("weights-unsound")
    return shares(1 / given)


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """The weights that are allowed: each between ``low`` and ``high``, none more than one of a lower rank.

    Equal ranks are equal weights; a rank of NaN takes part in no order. Made by the functions below, which draw bounds
    as tight as sum and order make them, so that those along an order never rise.
    """

    low: Floats
    high: Floats
    ranks: Floats

    @classmethod
    def exactly(cls, numbers: Sequence[float] | Floats) -> Weights:
        """Return the one set of weights in proportion to ``numbers``."""
        made = shares(numbers)
        return cls(made, made, np.full(len(made), np.nan))

    @classmethod
    def free(cls, count: int) -> Weights:
        """Return all weights of ``count`` criteria."""
        return cls.of([0.0] * count, [1.0] * count)

    @classmethod
    def in_order(cls, ranks: Sequence[float] | Floats) -> Weights:
        """Return the weights in the order of ``ranks``: 1 counts most."""
        return cls.of([0.0] * len(ranks), [1.0] * len(ranks), ranks)

    @classmethod
    def of(
        cls,
        low: Sequence[float] | Floats,
        high: Sequence[float] | Floats,
        ranks: Sequence[float] | Floats | None = None,
    ) -> Weights:
        """Return the weights between ``low`` and ``high``, and in the order of ``ranks`` where these are given.

        Raises InputError where no weights are: bounds below zero or crossed, or no such weights have the sum 1.
        """
        least, most = np.asarray(low, dtype=np.float64), np.asarray(high, dtype=np.float64)
        places = np.full(len(least), np.nan) if ranks is None else np.asarray(ranks, dtype=np.float64)
        if not ((least >= 0) & (least <= most)).all():
            raise InputError("weights-unsound")
        least, most = _along_order(least, most, places)
        if not (least <= most + _SLACK).all():
            raise InputError("weights-against-order")
        if least.sum() > 1 + _SLACK or most.sum() < 1 - _SLACK:
            raise InputError("weights-cannot-sum", low=float(least.sum()), high=float(most.sum()))
        most = np.clip(most, least, 1.0)
        tight_least = np.maximum(least, np.minimum(most, 1 - most.sum() + most))
        tight_most = np.minimum(most, np.maximum(least, 1 - least.sum() + least))
        return cls(tight_least, np.maximum(tight_least, tight_most), places)

    @property
    def count(self) -> int:
        """How many criteria."""
        return len(self.low)

    @property
    def is_exact(self) -> bool:
        """Whether one set of weights alone is allowed."""
        return bool((self.high - self.low <= _SLACK).all())

    @property
    def has_order(self) -> bool:
        """Whether some are in an order."""
        return bool(np.isfinite(self.ranks).sum() > 1)

    @property
    def has_ranges(self) -> bool:
        """Whether bounds say more than that weights are shares, in their order."""
        corners = self.corners()
        return bool((corners.min(axis=0) < self.low - _SLACK).any() or (corners.max(axis=0) > self.high + _SLACK).any())

    def groups(self) -> list[NDArray[np.intp]]:
        """Return the criteria by equal weight, those in the order first, the most important leading."""
        ordered = [np.flatnonzero(self.ranks == rank) for rank in np.unique(self.ranks[np.isfinite(self.ranks)])]
        return ordered + [np.array([k]) for k in np.flatnonzero(~np.isfinite(self.ranks))]

    @property
    def chain(self) -> int:
        """How many of the groups are in the order."""
        return len(np.unique(self.ranks[np.isfinite(self.ranks)]))

    def corners(self) -> Floats:
        """Return the corners of all weights in the order, whatever the bounds: a simplex.

        Those along an order share alike among the first 1, 2, … groups; any other criterion may have all.
        """
        groups = self.groups()
        made = np.zeros((len(groups), self.count))
        for number, group in enumerate(groups):
            members = np.concatenate(groups[: number + 1]) if number < self.chain else group
            made[number, members] = 1 / len(members)
        return made

    def allows(self, weights: Floats) -> NDArray[np.bool_]:
        """Return for each row of ``weights`` whether it is allowed."""
        rows = np.atleast_2d(weights)
        fine: NDArray[np.bool_] = np.all((rows >= self.low - _SLACK) & (rows <= self.high + _SLACK), axis=1)
        fine &= np.abs(rows.sum(axis=1) - 1) <= _SLACK * self.count
        groups = self.groups()
        for group in groups:
            fine &= np.ptp(rows[:, group], axis=1) <= _SLACK
        for above, below in pairwise(groups[: self.chain]):
            fine &= rows[:, above[0]] >= rows[:, below[0]] - _SLACK
        return fine

    def middle(self) -> Floats:
        """Return weights in the middle of those allowed, by which alternatives are scored.

        Of ranges: each at the same part of its width. Of an order: the mean of all weights in it (rank-order centroid).
        Of both: the allowed weights nearest the centroid on the way to it from those in the middle of the ranges.
        """
        if self.is_exact:
            return shares(self.low)
        room = self.high.sum() - self.low.sum()
        within: Floats = self.low + (1 - self.low.sum()) / room * (self.high - self.low)
        if not self.has_order:
            return within
        centroid: Floats = self.corners().mean(axis=0)
        step = centroid - within
        with np.errstate(divide="ignore", invalid="ignore"):
            reach = np.where(step > 0, (self.high - within) / step, np.where(step < 0, (self.low - within) / step, 1.0))
        made: Floats = within + min(1.0, float(reach.min())) * step
        return made


def _along_order(least: Floats, most: Floats, ranks: Floats) -> tuple[Floats, Floats]:
    """Return bounds that never rise along the order: what counts more has at least the least of what counts less."""
    least, most = least.copy(), most.copy()
    places = np.unique(ranks[np.isfinite(ranks)])
    ceiling, floor = np.inf, -np.inf
    for place in places:
        members = ranks == place
        ceiling = min(ceiling, float(most[members].min()))
        most[members] = ceiling
    for place in places[::-1]:
        members = ranks == place
        floor = max(floor, float(least[members].max()))
        least[members] = floor
    return least, most
