"""How often an alternative takes each rank, over all weights that are allowed and all that values may be: SMAA-2.

Lahdelma, Hokkanen and Salminen (1998); Tervonen and Figueira (2008), doi 10.1002/mcda.407. By Monte Carlo with a seed:
the same seed gives the same answer, on any number of processors.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from portico.errors import UsageError
from portico.match.methods.drawing import Drawn, How
from portico.match.methods.scales import Floats
from portico.match.methods.standing import TIE
from portico.match.methods.uncertain import CHUNK, Values

MOST = 2_000
"""Alternatives: acceptabilities and comparisons in pairs grow with their square."""
DRAWS = 10_000
Result = TypeVar("Result")
_BLOCK = 400_000
_CELLS = 1_000_000
_PLAIN = 4_000_000
"""Uncertain cells × draws beyond which compiled loops are worth a second to load them."""
_KEPT = 32_000_000
"""Uncertain cells × draws up to which drawn values are kept: 256 MB."""


@dataclass(frozen=True, slots=True)
class Acceptability:
    """What became of ``draws`` draws.

    ``acceptability`` (i, r): the share of draws in which i takes rank r + 1; each row and each column add up to 1.
    ``central_weights`` (i): the mean of the weights by which i is first; NaN where it never is. ``confidence`` (i): the
    share of draws of values in which i is first by its central weights. ``pairwise`` (i, j): the share of draws in
    which i scores more than j. Those that tie share: ranks and wins are split evenly among them.
    """

    acceptability: Floats
    central_weights: Floats
    confidence: Floats
    pairwise: Floats
    draws: int
    seed: int
    how: How


@dataclass(slots=True)
class _Counted:
    """Sums over some draws."""

    ranks: NDArray[np.int64]
    shared: Floats
    wins: NDArray[np.int64]
    weights: Floats
    first: Floats

    @classmethod
    def nothing(cls, count: int, criteria: int) -> _Counted:
        zeros = np.zeros
        return cls(
            zeros((count, count), np.int64),
            zeros((count, count + 1)),
            zeros((count, count), np.int64),
            zeros((count, criteria)),
            zeros(count),
        )

    def add(self, other: _Counted) -> None:
        self.ranks += other.ranks
        self.shared += other.shared
        self.wins += other.wins
        self.weights += other.weights
        self.first += other.first


def smaa(values: Values, weights: Drawn, seed: int) -> Acceptability:
    """Return the acceptability of each rank, by the drawn ``weights`` and as many draws of ``values``.

    Raises UsageError for more alternatives than can be compared in pairs.
    """
    count, draws = len(values.least), len(weights.weights)
    if count > MOST:
        raise UsageError("rank-too-many", count=count, limit=MOST)
    total, supply = _Counted.nothing(count, weights.weights.shape[1]), Supply(values, draws, seed)

    def one(chunk: int) -> _Counted:
        some = weights.weights[chunk * CHUNK : (chunk + 1) * CHUNK]
        return _count(scores(supply, some, chunk), some)

    for counted in _shared_out(one, supply.chunks):
        total.add(counted)
    with np.errstate(invalid="ignore", divide="ignore"):
        central = total.weights / total.first[:, None]
    accepted = (total.ranks + np.cumsum(total.shared, axis=1)[:, :count]) / draws
    pairwise = 0.5 + (total.wins - total.wins.T) / (2 * draws)
    sure = confidence(supply, central)
    return Acceptability(np.clip(accepted, 0.0, 1.0), central, sure, pairwise, draws, seed, weights.how)


class Supply:
    """The draws of values, chunk by chunk: drawn once and kept where they are not too many, else drawn again."""

    def __init__(self, values: Values, draws: int, seed: int) -> None:
        self.values, self.draws, self.seed = values, draws, seed
        self.chunks = range(-(-draws // CHUNK))
        size = draws * len(values.row)
        self.is_large, self._is_kept = size > _PLAIN, size <= _KEPT
        self._kept: dict[int, Floats] = {}

    def chunk(self, number: int) -> Floats:
        """Return the values of the uncertain cells in chunk ``number``, draws × cells."""
        if number in self._kept:
            return self._kept[number]
        made = self.values.drawn(number, min(CHUNK, self.draws - number * CHUNK), self.seed)
        if self._is_kept:
            self._kept[number] = made
        return made


def scores(supply: Supply, weights: Floats, chunk: int) -> Floats:
    """Return the scores (draws × alternatives) by each of ``weights`` with the values of chunk number ``chunk``."""
    values = supply.values
    # Not by the library of matrices, whose own threads would wait for each other here.
    made: Floats = np.einsum("dk,ki->di", weights, np.ascontiguousarray(values.base().T))
    if values.is_exact:
        return made
    drawn = supply.chunk(chunk)
    if supply.is_large:
        from portico.match.methods.smaa_kernels import add_drawn  # noqa: PLC0415 - compiled code, only where used

        add_drawn(made, weights, drawn, values.row, values.column)
        return made
    for k, cells in values.by_column():
        made[:, values.row[cells]] += weights[:, k, None] * drawn[:, cells]
    return made


def _count(score: Floats, weights: Floats) -> _Counted:
    draws, count = score.shape
    found = _Counted.nothing(count, weights.shape[1])
    order = np.argsort(-score, axis=1)
    fallen = np.diff(np.take_along_axis(score, order, axis=1), axis=1) < -TIE
    place = np.broadcast_to(np.arange(count), (draws, count))
    if fallen.all():
        start = place
        found.ranks += np.bincount((order * count + place).ravel(), minlength=count**2).reshape(count, count)
        winners, parts = order[:, 0], np.ones(draws)
        by = np.arange(draws)
    else:
        start, end = _ties(fallen)
        part = 1 / (end - start)
        for at, sign in ((start, part), (end, -part)):
            index = (order * (count + 1) + at).ravel()
            found.shared += np.bincount(index, sign.ravel(), minlength=count * (count + 1)).reshape(count, count + 1)
        by, where = np.nonzero(start == 0)
        winners, parts = order[by, where], part[by, where]
    found.first += np.bincount(winners, parts, minlength=count)
    for k in range(weights.shape[1]):
        found.weights[:, k] += np.bincount(winners, parts * weights[by, k], minlength=count)
    ranks = np.empty((draws, count), dtype=np.uint8 if count <= 256 else np.uint16)  # noqa: PLR2004 - what a byte holds
    np.put_along_axis(ranks, order, start.astype(ranks.dtype), axis=1)
    _count_wins(ranks, found.wins)
    return found


def _ties(fallen: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return for each place the first place of its tie, and the first after it."""
    draws, count = len(fallen), fallen.shape[1] + 1
    place = np.arange(count)
    edge = np.ones((draws, 1), dtype=bool)
    start = np.maximum.accumulate(np.where(np.hstack((edge, fallen)), place, 0), axis=1)
    closing = np.where(np.hstack((fallen, edge)), place + 1, count)
    return start, np.minimum.accumulate(closing[:, ::-1], axis=1)[:, ::-1]


def _count_wins(ranks: NDArray[np.uint8] | NDArray[np.uint16], wins: NDArray[np.int64]) -> None:
    """Add up in how many draws i stands before j; bytes hold the sums, since no chunk has more than 255 draws."""
    count = ranks.shape[1]
    sums = np.zeros((count, count), dtype=np.uint8)
    block = max(1, _BLOCK // count**2)  # comparisons at a time: they stay in the processor's cache
    for start in range(0, len(ranks), block):
        some = ranks[start : start + block]
        before = some[:, :, None] < some[:, None, :]
        sums += np.add.reduce(before.view(np.uint8), axis=0, dtype=np.uint8)
    wins += sums


def confidence(supply: Supply, central: Floats) -> Floats:
    """Return how likely each alternative is first by its own central weights; NaN for one that never was."""
    values, found = supply.values, np.full(len(central), np.nan)
    asked = np.flatnonzero(~np.isnan(central).any(axis=1))
    weights = central[asked]
    if values.is_exact:
        found[asked] = _times_first(values.least[None], weights, asked)
        return found
    count = _compiled_first if supply.is_large else _plain_first

    def one(chunk: int) -> Floats:
        return count(values, supply.chunk(chunk), weights, asked)

    found[asked] = sum(_shared_out(one, supply.chunks)) / supply.draws
    return found


def _compiled_first(values: Values, drawn: Floats, weights: Floats, asked: NDArray[np.intp]) -> Floats:
    from portico.match.methods.smaa_kernels import count_first  # noqa: PLC0415 - compiled code, only where used

    sums = np.zeros(len(asked))
    rivals = np.argsort(-(weights @ values.middle.T), axis=1)
    own = np.einsum("ak,ak->a", weights, values.least[asked])
    can = np.take_along_axis(weights @ values.most.T, rivals, axis=1) >= own[:, None] - TIE
    order = np.argsort(~can, axis=1, kind="stable")  # those that can never win behind the others, as -1
    rivals = np.take_along_axis(np.where(can, rivals, -1), order, axis=1)
    cells = np.stack((values.row, values.column))
    count_first(values.base(), cells, drawn, weights, asked, rivals, TIE, sums)
    return sums


def _plain_first(values: Values, drawn: Floats, weights: Floats, asked: NDArray[np.intp]) -> Floats:
    block = max(1, min(len(drawn), _CELLS // (len(values.least) * max(1, len(asked)))))
    worth = np.tile(values.base(), (block, 1, 1))
    sums = np.zeros(len(asked))
    for start in range(0, len(drawn), block):
        some = drawn[start : start + block]
        worth[: len(some), values.row, values.column] = some
        sums += _times_first(worth[: len(some)], weights, asked)
    return sums


def _times_first(worth: Floats, weights: Floats, asked: NDArray[np.intp]) -> Floats:
    """Return how often each alternative ``asked`` for scores most by its own weights; one that ties, in part.

    ``worth``: draws × alternatives × criteria.
    """
    draws, count, criteria = worth.shape
    score = (worth.reshape(-1, criteria) @ weights.T).reshape(draws, count, len(asked))
    own = score[:, asked, np.arange(len(asked))]
    draw, which = np.nonzero(own >= score.max(axis=1) - TIE)
    sharing = (score[draw, :, which] >= own[draw, which, None] - TIE).sum(axis=1)
    made: Floats = np.bincount(which, 1 / sharing, minlength=len(asked)).astype(np.float64)
    return made


def _shared_out(function: Callable[[int], Result], chunks: Iterable[int]) -> Iterator[Result]:
    """Yield what ``function`` makes of each chunk, in their order, a few at a time: results may be large."""
    processors = min(4, os.cpu_count() or 1)
    waiting: deque[Future[Result]] = deque()
    pool = ThreadPoolExecutor(processors)
    try:
        for chunk in chunks:
            waiting.append(pool.submit(function, chunk))
            if len(waiting) > processors:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)
