"""TOPSIS: how near an alternative is to the best of everything and how far from the worst (Hwang and Yoon 1981)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from portico.match.methods.scales import Floats

_BLOCK = 2_048
_LARGE = 1e100


def topsis(x: Floats, weights: Floats, maximised: Sequence[bool]) -> Floats:
    """Return c = d⁻ / (d⁺ + d⁻) of each alternative, 0 to 1.

    Vector normalisation: r = x / √Σx² by criterion, y = w r; d⁺ and d⁻ are the distances from the best and the worst y
    of each criterion (Tzeng and Huang, *Multiple attribute decision making*, 2011). A criterion that is 0 everywhere
    counts nothing; where all alternatives are alike in everything, c is 0.5.
    """
    most, least = x.max(axis=0), x.min(axis=0)
    size = np.maximum(np.abs(most), np.abs(least))
    if ((size > _LARGE) | ((size < 1 / _LARGE) & (size > 0))).any():  # squares of such would be lost
        size = np.where(size > 0, size, 1.0)
        x, most, least = x / size, most / size, least / size
    norm = np.sqrt(np.einsum("ij,ij->j", x, x))
    factor = np.divide(weights, norm, out=np.zeros_like(norm), where=norm > 0)
    up = np.asarray(maximised, dtype=bool)
    most, least = most * factor, least * factor
    best, worst = np.where(up, most, least), np.where(up, least, most)
    near, far = np.empty(len(x)), np.empty(len(x))
    y = np.empty((min(_BLOCK, len(x)), x.shape[1]))
    away = np.empty_like(y)
    for start in range(0, len(x), _BLOCK):  # small enough to stay in the processor's cache
        rows = slice(start, min(start + _BLOCK, len(x)))
        some = rows.stop - start
        np.multiply(x[rows], factor, out=y[:some])
        for ideal, distance in ((best, near), (worst, far)):
            np.subtract(y[:some], ideal, out=away[:some])
            np.einsum("ij,ij->i", away[:some], away[:some], out=distance[rows])
    np.sqrt(near, out=near)
    np.sqrt(far, out=far)
    made: Floats = np.divide(far, near + far, out=np.full(len(x), 0.5), where=near + far > 0)
    return made
