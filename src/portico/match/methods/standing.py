"""Ranks from scores: 1 is the best, equal scores share a rank; what score intervals allow."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from portico.match.methods.scales import Floats

Ranks = NDArray[np.int64]
TIE = 1e-12
"""Scores nearer than this are equal: what another order of adding up can make of the same numbers."""


def ranks_of(scores: Floats) -> Ranks:
    """Return the rank of each score, the most first; equal ones share the better rank, and the next is left out.

    >>> ranks_of(np.array([0.2, 0.9, 0.9, 0.1]))
    array([3, 1, 1, 4])
    """
    order = np.argsort(-scores)
    fallen = np.diff(scores[order]) < -TIE * max(1.0, float(np.abs(scores).max(initial=0.0)))
    place = np.concatenate(([0], np.where(fallen, np.arange(1, len(scores)), 0)))[: len(scores)]
    ranks = np.empty(len(scores), dtype=np.int64)
    ranks[order] = np.maximum.accumulate(place) + 1
    return ranks


def rank_intervals(low: Floats, high: Floats) -> tuple[Ranks, Ranks]:
    """Return the best and the worst rank that the score intervals allow (as ``match.ranking`` does).

    >>> rank_intervals(np.array([0.2, 0.5, 0.1]), np.array([0.6, 0.7, 0.15]))
    (array([1, 1, 3]), array([2, 2, 3]))
    """
    best = len(low) - np.searchsorted(np.sort(low), high + TIE, side="right") + 1
    worst = len(low) - np.searchsorted(np.sort(high), low - TIE, side="left")
    return best.astype(np.int64), worst.astype(np.int64)
