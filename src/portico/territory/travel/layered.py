"""Costs between many places and others in a city, portion by portion, with the range that they are known to.

By car the free time over streets is multiplied by the declared peak factor (least, usual, most), and what does not
depend on distance is added; by public transport the layers are the percentiles over every minute of the window. On foot
and by bicycle there is one layer. As ``Journeys`` has it for sites and places.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from portico.city.model import Travel
from portico.territory.model import Mode
from portico.territory.nearby import DS_PER_MINUTE, UNREACHED, Ints
from portico.territory.streets.model import Snapped
from portico.territory.streets.streets import Streets
from portico.territory.travel.matrix import at_peak, portions
from portico.territory.travel.model import Direction, Points, Question
from portico.territory.travel.network import TravelNetwork

_PAIRS_AT_ONCE = 8_000_000
_FEWEST, _MOST_RIDING = 64, 512
Layers = tuple[NDArray[np.int32], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """Which places are judged, which others they go to (or, inbound, are reached from), and how one travels."""

    judged: Points
    others: Points
    question: Question
    direction: Direction


@dataclass(frozen=True, slots=True)
class Layered:
    """The costs of some of the judged places, the first of them number ``first``.

    ``layers`` are int32 deciseconds, places × others: one, or the least, the usual and the most.
    """

    first: int
    layers: Layers

    @property
    def until(self) -> int:
        """The number after that of the last place."""
        return self.first + len(self.layers[0])


def layered(network: TravelNetwork, travel: Travel, asked: Asked) -> Iterator[Layered]:
    """Yield the costs of all the judged places, so many at a time that memory does not grow with them.

    Raises InputError for a day the timetables do not know.
    """
    rows = max(_FEWEST, _PAIRS_AT_ONCE // max(1, len(asked.others)))
    if asked.question.mode is Mode.TRANSIT:
        return _riding(network, asked, min(rows, _MOST_RIDING))
    return _on_streets(network.streets(asked.question.mode), travel, asked, rows)


def _on_streets(streets: Streets, travel: Travel, asked: Asked, rows: int) -> Iterator[Layered]:
    judged, others = (streets.snap(one.lon, one.lat) for one in (asked.judged, asked.others))
    for first in range(0, len(judged), rows):
        costs = _between(streets, judged.take(slice(first, first + rows)), others, asked.direction)
        yield Layered(first, _in_traffic(costs, travel) if asked.question.mode is Mode.CAR else (costs,))


def _between(streets: Streets, judged: Snapped, others: Snapped, direction: Direction) -> Ints:
    if direction is Direction.OUTBOUND:
        return streets.matrix(judged, others)
    return np.ascontiguousarray(streets.matrix(others, judged).T)


def _in_traffic(costs_ds: Ints, travel: Travel) -> Layers:
    ranges = zip(travel.streets.peak_factor, travel.car.minutes_added, strict=True)
    return tuple(_later(at_peak(costs_ds, factor), round(added * DS_PER_MINUTE)) for factor, added in ranges)


def _later(costs_ds: Ints, added_ds: int) -> Ints:
    return np.where(costs_ds >= UNREACHED, UNREACHED, np.minimum(costs_ds + added_ds, UNREACHED)).astype(np.int32)


def _riding(network: TravelNetwork, asked: Asked, rows: int) -> Iterator[Layered]:
    if asked.direction is Direction.OUTBOUND:
        for portion in portions(network, asked.judged, asked.others, asked.question, rows):
            yield Layered(portion.first, tuple(portion.costs_ds))
        return
    for first in range(0, len(asked.judged), rows):
        some = asked.judged.take(slice(first, first + rows))
        [portion] = portions(network, asked.others, some, asked.question, max(1, len(asked.others)))
        yield Layered(first, tuple(np.ascontiguousarray(layer.T) for layer in portion.costs_ds))
