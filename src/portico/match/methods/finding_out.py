"""What to find out next: which value, once known, may put another alternative first, and how likely it does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

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
    for cell, (row, column) in enumerate(zip(values.row.tolist(), values.column.tolist(), strict=True)):
        weight = float(weights[column])
        rest = float(scores[row] - weight * values.middle[row, column])
        # The lead of what is then first over the present first, as a straight line of the value v: sign (v − turn).
        other = float(scores[second] if row == first else scores[first])
        sign = -weight if row == first else weight
        chance, gain = _crossing(_pieces(values, cell, column), sign, rest, other)
        widens = weight * float(values.most[row, column] - values.least[row, column])
        found.append(Unknown(row, column, chance, gain, widens))
    return sorted(found, key=lambda one: (-one.chance, -one.gain, -one.widens, one.row, one.column))


def _crossing(
    pieces: Iterator[tuple[float, float, float]], sign: float, rest: float, other: float
) -> tuple[float, float]:
    """Return the probability that the lead is above 0, and the mean of the lead where it is."""
    chance = gain = 0.0
    for part, start, end in pieces:
        side = 1.0 if sign > 0 else -1.0
        a, b = (sign * value + side * (rest - other) for value in (start, end))
        low, high = min(a, b), max(a, b)
        if high <= TIE:
            continue
        above = 1.0 if low >= 0 else high / (high - low)
        chance += part * above
        gain += part * above * (max(low, 0.0) + high) / 2
    return min(chance, 1.0), gain


def _pieces(values: Values, cell: int, column: int) -> Iterator[tuple[float, float, float]]:
    """Yield how much of what a cell may be lies on each line of its scale, and the values at the ends of that."""
    if values.stored is not None:
        for value in values.scales[column].values(values.stored[:, cell]).tolist():
            yield 1 / len(values.stored), value, value
        return
    scale: Scale = values.scales[column]
    start, end = float(values.start[cell]), float(values.end[cell])
    xs = np.array([start, *(x for x, _ in scale.points if start < x < end), end])
    heights = scale.values(xs)
    for index in range(len(xs) - 1):
        yield (xs[index + 1] - xs[index]) / (end - start), float(heights[index]), float(heights[index + 1])
