"""The kernel that walks among weights within ranges and in an order."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from portico.match.methods.scales import Floats
from portico.territory.compiled import compiled

Indices = NDArray[np.int64]


@compiled
def walk(
    weight: Floats,
    size: Floats,
    bounds: Floats,
    chain: int,
    pairs: Indices,
    fractions: Floats,
    thinning: int,
    found: Floats,
) -> None:
    """Move weight between two groups at a time, as far as ``fractions`` of what is allowed, and keep every n-th state.

    ``weight`` is the state and is changed: group g has ``size[g]`` criteria of equal weight; the first ``chain`` groups
    never rise. Row s of ``pairs`` names the two groups of step s. Hit-and-run along such directions leaves the uniform
    distribution as it is.
    """
    kept = 0
    low, high = bounds[0], bounds[1]
    for step in range(len(fractions)):
        to, by = pairs[step, 0], pairs[step, 1]
        give, take = 1.0 / size[to], 1.0 / size[by]
        most = min((high[to] - weight[to]) / give, (weight[by] - low[by]) / take)
        least = max((low[to] - weight[to]) / give, (weight[by] - high[by]) / take)
        if to < chain:
            if to > 0 and to - 1 != by:
                most = min(most, (weight[to - 1] - weight[to]) / give)
            if to + 1 < chain and to + 1 != by:
                least = max(least, (weight[to + 1] - weight[to]) / give)
        if by < chain:
            if by > 0 and by - 1 != to:
                least = max(least, (weight[by] - weight[by - 1]) / take)
            if by + 1 < chain and by + 1 != to:
                most = min(most, (weight[by] - weight[by + 1]) / take)
        if to < chain and by < chain:
            if to == by + 1:
                most = min(most, (weight[by] - weight[to]) / (give + take))
            if by == to + 1:
                least = max(least, (weight[by] - weight[to]) / (give + take))
        if most > least:
            moved = least + fractions[step] * (most - least)
            weight[to] += moved * give
            weight[by] -= moved * take
        if (step + 1) % thinning == 0:
            found[kept] = weight
            kept += 1
