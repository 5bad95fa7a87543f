"""The additive value model: a score is the sum of weight × value (DCLG, *Multi-criteria analysis: a manual*, 2009)."""

from __future__ import annotations

import numpy as np

from portico.match.methods.scales import Floats
from portico.match.methods.standing import Ranks


def score_bounds(low: Floats, high: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Return the least and the most score of each alternative; ``low`` and ``high`` bound values by criterion."""
    if low is high:
        score = low @ weights
        return score, score
    return low @ weights, high @ weights


class Reranking:
    """Value matrices that are kept, so that alternatives are in order again at once when a weight moves.

    Weights are numbers of any sum; scores are divided by it. What one criterion does not touch is added up once, when
    its weight first moves, and kept while it goes on moving, as a slider does: the same weights always give the same
    scores, by whatever way they came.
    """

    def __init__(self, low: Floats, high: Floats, weights: Floats) -> None:
        """Keep the bounds of values, alternatives × criteria, and the weights to begin with.

        ``high`` may be ``low`` itself, where everything is known: it is then kept and added up once.
        """
        columns = np.ascontiguousarray(low.T)
        self._bounds = (columns,) if high is low else (columns, np.ascontiguousarray(high.T))
        self._weights = np.array(weights, dtype=np.float64)
        self._moving = -1
        self._rest: tuple[Floats, ...] = ()

    @property
    def weights(self) -> Floats:
        """The weights, with the sum 1."""
        made: Floats = self._weights / self._weights.sum()
        return made

    def scores(self) -> tuple[Floats, Floats]:
        """Return the least and the most score of each alternative."""
        found = tuple(self.weights @ one for one in self._bounds)
        return found[0], found[-1]

    def move(self, criterion: int, weight: float) -> tuple[Floats, Floats]:
        """Set the weight of ``criterion`` and return the least and the most score of each alternative."""
        if criterion != self._moving:
            others = self._weights.copy()
            others[criterion] = 0.0
            self._rest = tuple(others @ one for one in self._bounds)
            self._moving = criterion
        self._weights[criterion] = weight
        total = self._weights.sum()
        found = []
        for rest, one in zip(self._rest, self._bounds, strict=True):
            score = one[criterion] * (weight / total)
            score += rest / total
            found.append(score)
        return found[0], found[-1]

    @staticmethod
    def order(low: Floats, high: Floats) -> Ranks:
        """Return the alternatives by the midpoint of their scores, the best first."""
        return np.argsort(low if low is high else low + high)[::-1]
