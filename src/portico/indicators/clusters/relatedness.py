"""Which industries use the same skills, seen from people who change jobs between them.

    SR_ij = F_ij F_.. / (F_i. F_.j)

with F_ij the moves from industry i to j, F_i. all from i, F_.j all to j. It is 1 where as many move as chance would
have it. Normalised (SR − 1) / (SR + 1) it lies between −1 and 1 and is averaged over both directions; what is above 0
is related. Neffke and Henning, *Skill relatedness and firm diversification*, Strategic Management Journal 34, 2013;
Neffke, Otto and Weyh, *Inter-industry labor flows*, Journal of Economic Behavior & Organization 142, 2017.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from portico.errors import InputError

Floats = NDArray[np.float64]
Pairs = Mapping[tuple[str, str], float]


def skill_relatedness(moves: NDArray[np.number]) -> Floats:
    """Return SR of each pair from a square matrix of job moves, rows from, columns to; the diagonal is not looked at.

    NaN where an industry has no moves from it or to it. Raises InputError for moves that are negative or no square.

    >>> skill_relatedness(np.array([[0, 8, 2], [8, 0, 2], [2, 2, 0]])).round(3).tolist()[0][1:]
    [1.92, 1.2]
    """
    flows = np.array(moves, dtype=np.float64)
    if flows.ndim != 2 or flows.shape[0] != flows.shape[1]:  # noqa: PLR2004 - a matrix has two
        raise InputError("moves-not-square")
    if not np.isfinite(flows).all() or (flows < 0).any():
        raise InputError("moves-negative")
    np.fill_diagonal(flows, 0.0)
    by_chance = np.outer(flows.sum(axis=1), flows.sum(axis=0))
    found = np.full_like(flows, np.nan)
    np.divide(flows * flows.sum(), by_chance, out=found, where=by_chance > 0)
    np.fill_diagonal(found, np.nan)
    return found


def normalised(relatedness: Floats) -> Floats:
    """Return (SR − 1) / (SR + 1) averaged over both directions; of a pair known one way only, that one.

    >>> normalised(np.array([[np.nan, 3.0], [1.0, np.nan]])).round(3).tolist()[0][1]
    0.25
    """
    one_way = (relatedness - 1.0) / (relatedness + 1.0)
    both = np.stack([one_way, one_way.T])
    known = np.isfinite(both)
    count = known.sum(axis=0)
    total = np.where(known, both, 0.0).sum(axis=0)
    mean: Floats = np.divide(total, count, out=np.full_like(one_way, np.nan), where=count > 0)
    return mean


def related_to(pairs: Pairs, industries: tuple[str, ...]) -> dict[str, float]:
    """Return the industries related to any of ``industries``, with the most relatedness to one; themselves left out.

    ``pairs`` holds each pair once, with normalised relatedness; codes without dots. An industry of fewer digits than
    the matrix has is the mean of its groups, as far as they have a pair.

    >>> related_to({("29", "28"): 0.5, ("30", "29"): 0.2, ("29", "10"): -0.4}, ("29",))
    {'28': 0.5, '30': 0.2}
    """
    found: dict[str, list[float]] = {}
    for (one, other), value in pairs.items():
        for start, end in ((one, other), (other, one)):
            if start.startswith(industries) and not end.startswith(industries):
                found.setdefault(end, []).append(value)
    means = {other: sum(values) / len(values) for other, values in found.items()}
    return {other: means[other] for other in sorted(means) if means[other] > 0}


def at_digits(related: Mapping[str, float], digits: int) -> dict[str, float]:
    """Return relatedness to groups as the mean of those that begin alike, ``digits`` long.

    >>> at_digits({"281": 0.4, "282": 0.2, "30": 0.1}, 2)
    {'28': 0.30000000000000004, '30': 0.1}
    """
    found: dict[str, list[float]] = {}
    for division, value in related.items():
        found.setdefault(division[:digits], []).append(value)
    return {division: sum(values) / len(values) for division, values in found.items()}


def density(related: Mapping[str, float], specialised: Mapping[str, bool | None]) -> tuple[float, float]:
    """Return ω = Σ_q M_q φ_q / Σ_q φ_q between its bounds: the share of what is related that an area specialises in.

    φ_q is the relatedness to industry q, M_q whether the area has more of it than the universe (a location quotient of
    1 or above); where that is not known it may be either. Boschma, Balland and Kogler, *Relatedness and technological
    change in cities*, Industrial and Corporate Change 24(1), 2015. Raises InputError where nothing is related.

    >>> density({"28": 0.6, "30": 0.2, "25": 0.2}, {"28": True, "30": False})
    (0.6, 0.8)
    """
    total = sum(related.values())
    if total <= 0:
        raise InputError("nothing-related")
    sure = sum(value for one, value in related.items() if specialised.get(one) is True)
    perhaps = sum(value for one, value in related.items() if specialised.get(one) is None)
    return sure / total, min(1.0, (sure + perhaps) / total)
