"""Weights from comparisons in pairs, and whether these agree with each other (AHP, Saaty 1980)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from portico.errors import InputError
from portico.match.methods.scales import Floats

RANDOM_INDEX = (0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49)
"""RI for 1 to 10 criteria: the mean CI of matrices filled at random."""
LIMIT = 0.10
_RECIPROCAL = 0.01


@dataclass(frozen=True, slots=True)
class Compared:
    """Weights (sum 1), the principal eigenvalue, CI = (λ_max − n)/(n − 1), CR = CI/RI."""

    weights: Floats
    lambda_max: float
    index: float
    ratio: float

    @property
    def is_consistent(self) -> bool:
        """Whether the comparisons agree well enough to be used: CR below 0.10."""
        return self.ratio < LIMIT


def ahp(comparisons: Floats) -> Compared:
    """Return the weights in ``comparisons``: entry (i, j) says how many times criterion i counts as much as j.

    The weights are the principal right eigenvector. Raises InputError for a matrix that is not square, holds what is
    not above zero, is not reciprocal (a_ji = 1/a_ij within 1 %: people round), or has more than ten criteria.
    """
    count = len(comparisons)
    if comparisons.ndim != 2 or comparisons.shape != (count, count) or not 1 <= count <= len(RANDOM_INDEX):  # noqa: PLR2004
        raise InputError("comparisons-shape", limit=len(RANDOM_INDEX))
    if not (np.isfinite(comparisons).all() and (comparisons > 0).all()):
        raise InputError("comparisons-not-positive")
    wrong = np.argwhere(np.abs(comparisons * comparisons.T - 1) > _RECIPROCAL)
    if len(wrong):
        row, column = (int(one) for one in wrong[0])
        raise InputError("comparisons-not-reciprocal", row=row + 1, column=column + 1)
    values, vectors = np.linalg.eig(comparisons)
    first = int(np.argmax(values.real))
    weights = np.abs(vectors[:, first].real)
    largest = float(values[first].real)
    index = max(0.0, (largest - count) / (count - 1)) if count > 1 else 0.0
    ratio = index / RANDOM_INDEX[count - 1] if RANDOM_INDEX[count - 1] else 0.0
    return Compared(weights / weights.sum(), largest, index, ratio)
