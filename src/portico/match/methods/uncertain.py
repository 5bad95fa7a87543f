"""Values that are not known exactly, drawn at random: anything between its bounds is as likely, before it is valued."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from portico.match.methods.scales import Floats, Scale

CHUNK = 250
"""Draws at a time. Each chunk has chance of its own, so that results do not depend on how many processors there are."""


@dataclass(frozen=True, slots=True)
class Values:
    """What alternatives are worth by criterion: ``least`` and ``most`` value, and how those in between are drawn.

    The uncertain cells are ``row`` and ``column``, ordered by column; the u-th part of what cell c may be (in the unit
    of its criterion, from ``start`` to ``end``) is valued on its scale. ``stored``, draws × cells, replaces chance.
    """

    least: Floats
    most: Floats
    scales: tuple[Scale, ...]
    row: NDArray[np.intp]
    column: NDArray[np.intp]
    start: Floats
    end: Floats
    stored: Floats | None = None

    @classmethod
    def exactly(cls, values: Floats) -> Values:
        """Return values between 0 and 1 (or on any one scale) that are all known."""
        none = np.empty(0, dtype=np.intp)
        return cls(values, values, (), none, none, np.empty(0), np.empty(0))

    @classmethod
    def of(cls, low: Floats, high: Floats, scales: Sequence[Scale]) -> Values:
        """Return the values of what lies between ``low`` and ``high``, alternatives × criteria; NaN is not known."""
        spans = [scale.spans(low[:, k], high[:, k]) for k, scale in enumerate(scales)]
        bounds = [scale.bounds(low[:, k], high[:, k]) for k, scale in enumerate(scales)]
        start, end = (np.stack([one[side] for one in spans], axis=1) for side in (0, 1))
        least, most = (np.stack([one[side] for one in bounds], axis=1) for side in (0, 1))
        column, row = np.nonzero((end > start).T)
        return cls(least, most, tuple(scales), row, column, start[row, column], end[row, column])

    @property
    def middle(self) -> Floats:
        """The midpoint of each value, by which alternatives are put in order."""
        made: Floats = (self.least + self.most) / 2
        return made

    @property
    def is_exact(self) -> bool:
        """Whether everything is known."""
        return not len(self.row)

    def base(self) -> Floats:
        """Return the values with 0 for those that are not known."""
        made = self.least.copy()
        made[self.row, self.column] = 0.0
        return made

    def by_column(self) -> list[tuple[int, slice]]:
        """Return the criteria with uncertain cells, and which of the cells are theirs."""
        known, first = np.unique(self.column, return_index=True)
        ends = [*first[1:], len(self.column)]
        return [(int(k), slice(int(a), int(b))) for k, a, b in zip(known, first, ends, strict=True)]

    def drawn(self, chunk: int, count: int, seed: int) -> Floats:
        """Return ``count`` values of each uncertain cell (draws × cells), those of chunk number ``chunk``."""
        x = self._chunk(chunk, count, seed) if self.stored is None else self.stored[chunk * CHUNK :][:count]
        made = np.empty_like(x)
        for k, cells in self.by_column():
            made[:, cells] = self.scales[k].values(x[:, cells])
        return made

    def raw(self, draws: int, seed: int) -> Floats:
        """Return what ``drawn`` values, in the units of the criteria: to be stored."""
        if self.stored is not None:
            return self.stored
        chunks = [self._chunk(number, min(CHUNK, draws - at), seed) for number, at in enumerate(range(0, draws, CHUNK))]
        return np.concatenate(chunks)

    def _chunk(self, chunk: int, count: int, seed: int) -> Floats:
        random = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=(1, chunk))))
        parts = random.random((count, len(self.row)))
        parts *= self.end - self.start
        parts += self.start
        return parts
