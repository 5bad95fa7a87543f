"""What to find out next: which value, once known, may put another alternative first, and how likely it does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from portico.match.methods.scales import Floats, Scale
from portico.match.methods.standing import TIE
from portico.match.methods.uncertain import Values


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that is not known: of which alternative, on which criterion, and what knowing it would do.

    ``chance`` is the probability that another alternative is then first; ``gain`` how much more the then first is
    expected to score than the present one; ``widens`` how much of the score's interval is due to it.
    """

    row: int
    column: int
    chance: float
    gain: float
    widens: float


def find_out(values: Values, weights: Floats) -> list[Unknown]:
    """Return every uncertain value, the one that is likeliest to change the first leading.

    The others stay at their midpoints, by which alternatives are in order; the one is anything between its bounds,
    uniformly. Not by chance: where the value crosses what the order needs is computed, line by line of the scale.
    """
    scores = values.middle @ weights
    if len(scores) <= 1:
        return []
    ranked = np.argsort(-scores, kind="stable")
    first, second = int(ranked[0]), int(ranked[1])
    found = []
    possible = _possible(values, weights, scores, first, second).tolist()
    for cell, (row, column) in enumerate(zip(values.row.tolist(), values.column.tolist(), strict=True)):
        weight = float(weights[column])
        widens = weight * float(values.most[row, column] - values.least[row, column])
        if not possible[cell]:
            found.append(Unknown(row, column, 0.0, 0.0, widens))
            continue
        rest = float(scores[row] - weight * values.middle[row, column])
        other = float(scores[second] if row == first else scores[first])
        side = -1.0 if row == first else 1.0  # the lead of what may then be first over what is first now
        if values.stored is not None:
            stored = values.scales[column].values(values.stored[:, cell])
            lead = np.maximum(side * (rest + weight * stored - other), 0.0)
            chance, gain = float((lead > TIE).mean()), float(lead.mean())
        else:
            chance, gain = _above_zero(
                (part, side * (rest + weight * start - other), side * (rest + weight * end - other))
                for part, start, end in _pieces(values, cell, column)
            )
        found.append(Unknown(row, column, chance, gain, widens))
    return sorted(found, key=lambda one: (-one.chance, -one.gain, -one.widens, one.row, one.column))


def _possible(values: Values, weights: Floats, scores: Floats, first: int, second: int) -> NDArray[np.bool_]:
    """Return for each uncertain cell whether any value within its bounds changes the first."""
    if values.stored is not None:  # draws may lie beyond the bounds
        return np.ones(len(values.row), dtype=bool)
    cells = values.row, values.column
    weight = weights[values.column]
    most = scores[values.row] + weight * (values.most[cells] - values.middle[cells])
    least = scores[values.row] - weight * (values.middle[cells] - values.least[cells])
    made: NDArray[np.bool_] = np.where(values.row == first, scores[second] > least, most > scores[first])
    return made


def _above_zero(lines: Iterable[tuple[float, float, float]]) -> tuple[float, float]:
    """Return how likely what runs along ``lines`` (part, start, end) is above 0, and its mean where it is, else 0."""
    chance = gain = 0.0
    for part, start, end in lines:
        low, high = min(start, end), max(start, end)
        if high > TIE:
            above = 1.0 if low >= 0 else high / (high - low)
            chance += part * above
            gain += part * above * (max(low, 0.0) + high) / 2
    return min(chance, 1.0), gain


def _pieces(values: Values, cell: int, column: int) -> Iterator[tuple[float, float, float]]:
    """Yield how much of what a cell may be lies on each line of its scale, and the values at the ends of that."""
    scale: Scale = values.scales[column]
    start, end = float(values.start[cell]), float(values.end[cell])
    xs = np.array([start, *(x for x, _ in scale.points if start < x < end), end])
    heights = scale.values(xs)
    for index in range(len(xs) - 1):
        yield (xs[index + 1] - xs[index]) / (end - start), float(heights[index]), float(heights[index + 1])
