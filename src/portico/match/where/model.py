"""The nouns of a brief over every cell: what the territory answers, what only a register could, how suitable it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from portico.figures import Evidence, together
from portico.match.criteria.base import Criterion
from portico.match.criteria.spread import Spread
from portico.match.methods.additive import Reranking, score_bounds
from portico.match.methods.standing import rank_intervals
from portico.match.model import Brief, Must, Outcome, Want
from portico.territory.cells import Cells
from portico.territory.journeys import KNOWN_WITHIN_M
from portico.territory.many.positions import Positions
from portico.territory.model import Mode
from portico.territory.nearby import Floats, Ints

Codes = NDArray[np.int8]
OUTCOMES = tuple(Outcome)
"""What the numbers in ``Answered.outcome`` mean."""


class Standing(StrEnum):
    """Every must that the territory can answer passed / none failed, some not known everywhere in it / some failed."""

    FITS = "fits"
    IN_DOUBT = "in-doubt"
    EXCLUDED = "excluded"


APART = 2
"""The best places that are shown lie more than so many cells from each other: neighbours are one place."""
_FITS_FIRST = 2.0  # no score reaches this
_FEWEST = 50
STANDINGS = tuple(Standing)
"""What the numbers in ``Where.standing`` mean."""


@dataclass(frozen=True, slots=True, eq=False)
class Answered:
    """A must that the territory answers: what was found in each cell, and the number of its outcome."""

    must: Must
    known: Criterion
    found: Spread
    outcome: Codes

    @property
    def failed(self) -> NDArray[np.bool_]:
        """Which cells it excludes."""
        found: NDArray[np.bool_] = self.outcome == OUTCOMES.index(Outcome.FAIL)
        return found

    def count(self, outcome: Outcome) -> int:
        """Return in how many cells that became of it."""
        return int((self.outcome == OUTCOMES.index(outcome)).sum())


@dataclass(frozen=True, slots=True, eq=False)
class Valued:
    """A want with the least and the most value in each cell; nothing ``found`` where only a register could say.

    ``stale`` counts the cells in which it rests on data older than the city's limit.
    """

    want: Want
    known: Criterion
    share: float
    low: Floats
    high: Floats
    found: Spread | None = None
    stale: int = 0

    @property
    def is_open(self) -> bool:
        """Whether the territory cannot answer it: it counts as its whole range everywhere."""
        return self.found is None


@dataclass(frozen=True, eq=False)
class Suitability:
    """The score of each cell between its bounds, and which cells are ranked: those that are not excluded."""

    low: Floats
    high: Floats
    ranked: NDArray[np.bool_]

    @cached_property
    def mid(self) -> Floats:
        """The midpoints, by which cells are ordered."""
        made: Floats = (self.low + self.high) / 2
        return made

    def ranks(self, which: Sequence[int]) -> list[tuple[int, int]]:
        """Return the best and the worst rank that the scores of some cells allow, among all that are ranked."""
        place = np.cumsum(self.ranked) - 1
        best, worst = rank_intervals(self.low[self.ranked], self.high[self.ranked])
        return [(int(best[place[one]]), int(worst[place[one]])) for one in which]


@dataclass(frozen=True, eq=False)
class Where:
    """A brief over the cells of a territory on a day.

    ``to_ask`` are the musts that only a register of sites can answer: unknown in every cell, said once. ``standing``
    numbers one of ``STANDINGS`` for each cell. ``shares`` are those of the wants, in their order. In
    ``off_streets`` cells minutes are estimates though the city has streets; nothing where it has none.
    """

    brief: Brief
    as_of: date
    cells: Cells
    at: Positions
    musts: tuple[Answered, ...]
    to_ask: tuple[Must, ...]
    wants: tuple[Valued, ...]
    standing: Codes
    off_streets: int | None = None

    @property
    def shares(self) -> tuple[float, ...]:
        """The share of each want in all weight."""
        return tuple(one.share for one in self.wants)

    @cached_property
    def values(self) -> tuple[Floats, Floats]:
        """The least and the most value of every want, cells × wants: kept, so that weights may move."""
        empty = np.empty((len(self.cells), 0))
        low = np.column_stack([one.low for one in self.wants]) if self.wants else empty
        high = np.column_stack([one.high for one in self.wants]) if self.wants else empty
        return low, high

    @cached_property
    def suitability(self) -> Suitability:
        """How suitable each cell is by the weights of the brief."""
        return self.by(self.shares)

    def by(self, weights: Sequence[float]) -> Suitability:
        """Return how suitable each cell is by other weights, in the order of the wants and of any sum."""
        given = np.asarray(weights, dtype=np.float64)
        low, high = score_bounds(*self.values, given / given.sum() if len(given) else given)
        return Suitability(low, high, self.ranked)

    def reranking(self) -> Reranking:
        """Return the values made ready for a weight that moves and moves again."""
        return Reranking(*self.values, np.array(self.shares))

    @cached_property
    def ranked(self) -> NDArray[np.bool_]:
        """Which cells are ranked: those that are not excluded."""
        found: NDArray[np.bool_] = self.standing != STANDINGS.index(Standing.EXCLUDED)
        return found

    def count(self, standing: Standing) -> int:
        """Return how many cells stand so."""
        return int((self.standing == STANDINGS.index(standing)).sum())

    def standing_of(self, cell: int) -> Standing:
        """Return how a cell stands."""
        return STANDINGS[int(self.standing[cell])]

    def excluded_by(self, must: Answered) -> tuple[int, int]:
        """Return how many cells a must excludes, and how many of these no other must does."""
        others = np.zeros(len(self.cells), dtype=bool)
        for one in self.musts:
            if one is not must:
                others |= one.failed
        return int(must.failed.sum()), int((must.failed & ~others).sum())

    @property
    def is_rankable(self) -> bool:
        """Whether anything that is wanted is known anywhere."""
        return any(one.found is not None and bool(np.isfinite(one.found.mid).any()) for one in self.wants)

    @property
    def is_too_rough_for_stops(self) -> bool:
        """Whether public transport plays a part and cells are too large to say which stops are near."""
        asked = [*(one.must for one in self.musts), *(one.want for one in self.wants if not one.is_open)]
        return self.at.uncertainty_m > KNOWN_WITHIN_M and any(one.mode is Mode.TRANSIT for one in asked)

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """What all the numbers rest on."""
        found = [one.found.evidence for one in self.musts]
        return together(*found, *(one.found.evidence for one in self.wants if one.found is not None))

    def best(self, how: Suitability, count: int, apart: int = 0) -> list[int]:
        """Return the best cells, those that fit first, each more than ``apart`` cells away from all before it."""
        among = max(_FEWEST, count * _FEWEST if apart else count)
        while True:
            order = self.order(how, among)
            found = self._apart(order, count, apart)
            if len(found) == count or len(order) == int(self.ranked.sum()):
                return found
            among *= 10

    def _apart(self, order: Ints, count: int, apart: int) -> list[int]:
        found: list[int] = []
        taken: set[int] = set()
        for one in order.tolist():
            if len(found) == count:
                break
            if int(self.cells.index[one]) not in taken:
                found.append(one)
                taken |= self.cells.around(one, apart) if apart else set()
        return found

    def order(self, how: Suitability, most: int | None = None) -> Ints:
        """Return the cells that are ranked, best first: those that fit, then those in doubt, each by its midpoint; of
        equal ones the first. Without ``most`` all of them, else at least so many, as far as there are.
        """  # noqa: D205 - one sentence
        worth = how.mid + self._first
        if most is not None and most < len(worth):
            least = np.partition(worth, len(worth) - most)[len(worth) - most]
            every = np.flatnonzero(worth >= max(least, 0.0))
        else:
            every = np.flatnonzero(self.ranked)
        return every[np.argsort(-worth[every], kind="stable")].astype(np.int32)

    @cached_property
    def _first(self) -> Floats:
        """What puts those that fit first and leaves the excluded out, added to a score."""
        made: Floats = np.where(self.standing == STANDINGS.index(Standing.FITS), _FITS_FIRST, 0.0)
        made[~self.ranked] = -np.inf
        return made
