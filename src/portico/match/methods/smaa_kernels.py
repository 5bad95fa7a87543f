"""The kernels of SMAA-2 where many values are not known: scores of draws, and how often each is first."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from portico.match.methods.scales import Floats
from portico.territory.compiled import compiled

Indices = NDArray[np.int64]


@compiled
def add_drawn(scores: Floats, weights: Floats, drawn: Floats, row: Indices, column: Indices) -> None:
    """Add weight × value of each uncertain cell (``row``, ``column``; ``drawn`` is draws × cells) to ``scores``."""
    for draw in range(len(drawn)):
        for cell in range(len(row)):
            scores[draw, row[cell]] += weights[draw, column[cell]] * drawn[draw, cell]


@compiled
def count_first(
    base: Floats,
    cells: Indices,
    drawn: Floats,
    weights: Floats,
    asked: Indices,
    rivals: Indices,
    tie: float,
    sums: Floats,
) -> None:
    """Add to ``sums`` how often each alternative ``asked`` for scores most by its row of ``weights``.

    One that ties is first in part. ``base`` (alternatives × criteria) is filled with each of ``drawn`` at ``cells``
    (rows, columns) in turn. Row a of ``rivals`` names the alternatives that may beat the a-th, the likeliest leading,
    then -1: most draws are decided by few.
    """
    worth = base.copy()
    criteria = worth.shape[1]
    for draw in range(len(drawn)):
        for cell in range(cells.shape[1]):
            worth[cells[0, cell], cells[1, cell]] = drawn[draw, cell]
        for a in range(len(asked)):
            own = 0.0
            for k in range(criteria):
                own += weights[a, k] * worth[asked[a], k]
            sharing = 1
            for rival in rivals[a]:
                if rival < 0:
                    break
                if rival == asked[a]:
                    continue
                score = 0.0
                for k in range(criteria):
                    score += weights[a, k] * worth[rival, k]
                if score > own + tie:
                    sharing = 0
                    break
                if score >= own - tie:
                    sharing += 1
            if sharing > 0:
                sums[a] += 1.0 / sharing
