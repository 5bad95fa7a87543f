"""What people state of a scale and of weights, in a spec and in a brief alike, and what can be wrong with it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from enum import StrEnum
from itertools import pairwise
from typing import Protocol

import numpy as np

from portico.match.methods.scales import FARTHEST, Scale
from portico.match.methods.weights import Weights, rank_reciprocal
from portico.messages import Message

Points = tuple[tuple[float, float], ...]
Weight = float | tuple[float, float] | None
Fault = tuple[str, Message]


class Direction(StrEnum):
    """Whether more or less of a criterion is better."""

    MAX = "max"
    MIN = "min"


class OrderAs(StrEnum):
    """What an order of criteria says of weights: none counts less than one below it, or they are as 1/rank."""

    CONSTRAINT = "constraint"
    RANK_RECIPROCAL = "rank-reciprocal"


class Scaled(Protocol):
    """What states a scale: ``scale`` points [x, value], else ``range`` with ``direction`` or with ``ideal``."""

    @property
    def scale(self) -> Points:
        """Points [x, value]."""
        ...

    @property
    def range(self) -> tuple[float, float] | None:
        """The ends."""
        ...

    @property
    def ideal(self) -> float | None:
        """Where the value is highest, between the ends."""
        ...

    @property
    def direction(self) -> Direction | None:
        """Whether more or less is better."""
        ...


class Weighed(Protocol):
    """What states a weight: a number, the range of one, or a place in an order."""

    @property
    def weight(self) -> Weight:
        """A number, or a range."""
        ...

    @property
    def order(self) -> float | None:
        """The place in the order; 1 counts most."""
        ...


def scale_between(one: Scaled, low: float, high: float, *, goes_on: bool = False) -> Scale:
    """Return the scale from ``low`` to ``high`` with the direction or the ideal that ``one`` states; else the more the
    better.
    """  # noqa: D205 - one sentence
    if one.ideal is not None:
        return Scale.ideal(low, one.ideal, high, goes_on=goes_on)
    make = Scale.inverse if one.direction is Direction.MIN else Scale.positive
    return make(low, high, goes_on=goes_on)


def scale_faults(one: Scaled) -> Iterator[Fault]:
    """Yield what is wrong with the points, or with the ends and the ideal, that ``one`` states: key and message."""
    if one.scale:
        yield from _points(one)
    elif one.range is not None:
        yield from _range(one, *one.range)
    elif one.ideal is not None:
        yield "ideal", Message("ideal-needs-range")


def _points(one: Scaled) -> Iterator[Fault]:
    xs = [x for x, _ in one.scale]
    if min(xs) == max(xs):
        yield "scale", Message("scale-equal-ends", {"x": xs[0]})
    elif not all(a < b for a, b in pairwise(xs)) or not (np.abs(one.scale) <= FARTHEST).all():
        yield "scale", Message("scale-not-rising", {"points": ", ".join(f"{x:g}" for x in xs)})
    if any(not 0 <= value <= 1 for _, value in one.scale):
        yield "scale", Message("value-outside-scale")
    if one.range is not None:
        yield "range", Message("range-beside-scale")


def _range(one: Scaled, low: float, high: float) -> Iterator[Fault]:
    if low == high:
        yield "range", Message("scale-equal-ends", {"x": low})
    elif not -FARTHEST <= low < high <= FARTHEST:
        yield "range", Message("scale-not-rising", {"points": f"{low:g}, {high:g}"})
    elif one.ideal is not None and not low <= one.ideal <= high:
        yield "ideal", Message("ideal-outside-range", {"ideal": one.ideal, "low": low, "high": high})


def weight_faults(one: Weighed) -> Iterator[Fault]:
    """Yield what is wrong with the weight or the order of one."""
    bounds = one.weight if isinstance(one.weight, tuple) else (one.weight or 0.0, one.weight or 0.0)
    if not 0 <= bounds[0] <= bounds[1] < math.inf:
        yield "weight", Message("weight-unsound")
    if one.order is not None and not 0 < one.order < math.inf:
        yield "order", Message("order-unsound")


def together_faults(every: Sequence[Weighed], total: float | None, order_as: OrderAs) -> Iterator[Fault]:
    """Yield what is wrong with what is stated of the weights together, before they are put together."""
    given = [one for one in every if one.weight is not None]
    ordered = [one for one in every if one.order is not None]
    if order_as is OrderAs.RANK_RECIPROCAL and (given or len(ordered) != len(every)):
        yield "order_as", Message("reciprocal-needs-ranks")
        return
    exact = [one.weight for one in given if isinstance(one.weight, float)]
    if total is not None and len(exact) == len(every) and not math.isclose(sum(exact), total):
        yield "total", Message("weights-not-total", {"sum": sum(exact), "total": total})


def weights_of(every: Sequence[Weighed], total: float | None, order_as: OrderAs) -> Weights:
    """Return the weights that are allowed by what is stated; ``total`` is the whole that ranges are parts of, else 1.

    Raises InputError where none are.
    """
    orders = [math.nan if one.order is None else one.order for one in every]
    if order_as is OrderAs.RANK_RECIPROCAL:
        return Weights.exactly(rank_reciprocal(orders))
    given = [one.weight for one in every]
    exact = [one for one in given if isinstance(one, float)]
    if len(exact) == len(given):
        return Weights.exactly(exact)
    whole = total or 1.0
    bounds = [(0.0, whole) if one is None else one if isinstance(one, tuple) else (one, one) for one in given]
    shares = np.array(bounds) / whole
    return Weights.of(shares[:, 0], shares[:, 1], orders)
