"""Weights drawn at random, each that is allowed as likely as any other (Tervonen and others 2013, EJOR)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from portico.match.methods.scales import Floats
from portico.match.methods.weights import Weights

PILOT = 4_096
LEAST_ACCEPTED = 0.01
_BATCH = 65_536
_STEPS = 500_000
_SLACK = 1e-9


class How(StrEnum):
    """How weights were drawn: one set alone; from a simplex by exponential spacings; by rejection; by hit-and-run."""

    EXACT = "exact"
    SIMPLEX = "simplex"
    REJECTION = "rejection"
    HIT_AND_RUN = "hit-and-run"
    STORED = "stored"


@dataclass(frozen=True, slots=True)
class Drawn:
    """Weights, draws × criteria, and how they were drawn. All but hit-and-run draw exactly and independently."""

    weights: Floats
    how: How


def draw(weights: Weights, draws: int, random: np.random.Generator) -> Drawn:
    """Return ``draws`` weights, uniform among those allowed.

    No bounds: exponential spacings over the corners of the simplex that an order leaves. Bounds: proposals from that
    simplex or from the box of the bounds, whichever are accepted more often in a pilot, are rejected where not allowed.
    Where fewer than one in a hundred would be accepted: hit-and-run from the middle, moving weight between two criteria
    at a time, of which every 8 n²-th state is kept after 50 such spans; successive draws are then nearly independent.
    """
    if weights.is_exact:
        return Drawn(np.tile(weights.middle(), (draws, 1)), How.EXACT)
    corners = weights.corners()
    if not weights.has_ranges:
        return Drawn(_from_simplex(corners, draws, random), How.SIMPLEX)
    box = _Box.of(weights)
    tried = _from_simplex(corners, PILOT, random)
    accepted = (float(weights.allows(tried).mean()), float(weights.allows(box.propose(PILOT, random)).mean()))
    if max(accepted) < LEAST_ACCEPTED:
        return Drawn(_walked(weights, box, draws, random), How.HIT_AND_RUN)
    found: list[Floats] = []
    while sum(map(len, found)) < draws:
        some = box.propose(_BATCH, random) if accepted[1] >= accepted[0] else _from_simplex(corners, _BATCH, random)
        found.append(some[weights.allows(some)])
    return Drawn(np.concatenate(found)[:draws], How.REJECTION)


def _from_simplex(corners: Floats, draws: int, random: np.random.Generator) -> Floats:
    spacings = random.standard_exponential((draws, len(corners)))
    spacings /= spacings.sum(axis=1, keepdims=True)
    made: Floats = spacings @ corners
    return made


@dataclass(frozen=True, slots=True)
class _Box:
    """Groups of equal weight with their bounds. One of them, ``last``, is what the others leave of the sum."""

    groups: list[NDArray[np.intp]]
    size: Floats
    low: Floats
    high: Floats
    last: int
    count: int

    @classmethod
    def of(cls, weights: Weights) -> _Box:
        groups = weights.groups()
        size = np.array([float(len(one)) for one in groups])
        low, high = (np.array([bound[one[0]] for one in groups]) for bound in (weights.low, weights.high))
        return cls(groups, size, low, high, int(np.argmax(size * (high - low))), weights.count)

    def propose(self, draws: int, random: np.random.Generator) -> Floats:
        """Return weights with the sum 1, uniform where the last lies within its bounds, which it may not."""
        made = self.low + random.random((draws, len(self.size))) * (self.high - self.low)
        made[:, self.last] = 0.0
        made[:, self.last] = (1 - made @ self.size) / self.size[self.last]
        return self.spread(made)

    def spread(self, by_group: Floats) -> Floats:
        """Return weights by criterion."""
        made = np.empty((len(by_group), self.count))
        for number, members in enumerate(self.groups):
            made[:, members] = by_group[:, number, None]
        return made

    def inside(self, chain: int) -> Floats:
        """Return weights by group strictly inside all that can be: lower along the order by powers of one number.

        Bounds never rise along the order, so neither do low + part × width where the parts never rise.
        """
        powers = np.ones(len(self.size))
        powers[:chain] += np.arange(chain) / max(1, chain)
        small, large = 0.0, 1.0
        for _ in range(200):
            part = (small + large) / 2
            total = float(self.size @ (self.low + part**powers * (self.high - self.low)))
            small, large = (part, large) if total < 1 else (small, part)
        made: Floats = self.low + small**powers * (self.high - self.low)
        return made


def _walked(weights: Weights, box: _Box, draws: int, random: np.random.Generator) -> Floats:
    from portico.match.methods.drawing_kernels import walk  # noqa: PLC0415 - compiled code, only where used

    free = np.flatnonzero(box.high - box.low > _SLACK)
    thinning = 8 * len(free) ** 2
    span = max(1, _STEPS // thinning)
    state = box.inside(weights.chain)
    found: list[Floats] = []
    for many in (50, *(min(span, draws - done) for done in range(0, draws, span))):
        steps = many * thinning
        first = random.integers(0, len(free), steps)
        second = (first + random.integers(1, len(free), steps)) % len(free)
        kept = np.empty((many, len(box.size)))
        pairs = np.stack((free[first], free[second]), axis=1).astype(np.int64)
        walk(state, box.size, np.stack((box.low, box.high)), weights.chain, pairs, random.random(steps), thinning, kept)
        found.append(kept)
    made = box.spread(np.concatenate(found[1:]))
    made /= made.sum(axis=1, keepdims=True)
    return made
