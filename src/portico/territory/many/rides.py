"""Public transport by stated running times from many positions at once: ``territory.transit`` in arrays.

A walk, one ride or two, a walk, never worse than walking all the way; of the ways to a stop the one with the fewest
usual minutes is kept, as there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from portico.city.model import Position, Travel
from portico.territory.many.estimates import direct, lines_m
from portico.territory.many.positions import Positions, Spans
from portico.territory.model import Minutes, Mode, Ride
from portico.territory.nearby import Floats
from portico.territory.transit import Network

_NO_LINE = -1


@dataclass(slots=True)
class _Best:
    """The best way from each position to a stop: minutes, infinite where there is none, and the line of the ride."""

    low: Floats
    mid: Floats
    high: Floats
    line: NDArray[np.int32]

    @classmethod
    def none(cls, count: int) -> _Best:
        low, mid, high = (np.full(count, np.inf) for _ in range(3))
        return cls(low, mid, high, np.full(count, _NO_LINE, dtype=np.int32))

    def copy(self) -> _Best:
        return _Best(self.low.copy(), self.mid.copy(), self.high.copy(), self.line)

    def keep(self, other: Sequence[Floats], line: int | None = None) -> None:
        """Keep of each position the way with fewer usual minutes."""
        better = other[1] < self.mid
        for mine, theirs in zip((self.low, self.mid, self.high), other, strict=True):
            np.copyto(mine, theirs, where=better)
        if line is not None:
            self.line[better] = line


def by_rides(network: Network, travel: Travel, starts: Positions, ends: Sequence[Position]) -> Spans:
    """Return the minutes of the best way to each of ``ends``; NaN where there is none."""
    reached = _reached(network, starts)
    walks = direct(travel, Mode.WALK, starts, ends)
    for place, end in enumerate(ends):
        on_foot = (walks.low[:, place], walks.mid[:, place], walks.high[:, place])
        best = _Best.none(len(starts))
        best.keep(on_foot)
        for stop, leave in network.near(end).items():
            if stop in reached:
                best.keep(_later(reached[stop], leave))
        for column, part in zip(on_foot, (best.low, best.mid, best.high), strict=True):
            column[:] = np.where(np.isfinite(best.mid), part, np.nan)
    return walks


def _reached(network: Network, starts: Positions) -> Mapping[str, _Best]:
    """Return the best way to every stop that one ride or two reach."""
    lines: dict[str, int] = {}
    first: dict[str, _Best] = {}
    for stop, walk in _walks(network, starts).items():
        for ride in network.rides_from(stop):
            best = first.setdefault(ride.end, _Best.none(len(starts)))
            best.keep(_riding(walk, ride), lines.setdefault(ride.line, len(lines)))
    reached = {stop: one.copy() for stop, one in first.items()}
    for stop, so_far in first.items():
        for other, change in network.changes(stop):
            changed = _later(so_far, change)
            for ride in network.rides_from(other):
                on = lines.setdefault(ride.line, len(lines))
                again = so_far.line == on
                way = [np.where(again, np.inf, one) for one in _riding(changed, ride)]
                reached.setdefault(ride.end, _Best.none(len(starts))).keep(way)
    return reached


def _walks(network: Network, starts: Positions) -> dict[str, list[Floats]]:
    """Return the walk to each served stop, infinite beyond the limit; none where the positions are too rough."""
    stops = network.walkable(starts.uncertainty_m)
    if not stops:
        return {}
    metres = lines_m(starts, list(stops.values()))
    found = {}
    for at, stop in enumerate(stops):
        here = metres[1][:, at] <= network.walk_limit_m
        if here.any():
            found[stop] = [np.where(here, one[:, at] * network.walk_minutes_per_m, np.inf) for one in metres]
    return found


def _riding(so_far: Sequence[Floats], ride: Ride) -> list[Floats]:
    parts = zip(so_far, _bounds(ride.wait), _bounds(ride.running), strict=True)
    return [one + wait + running for one, wait, running in parts]


def _later(best: _Best, more: Minutes) -> list[Floats]:
    return [one + added for one, added in zip((best.low, best.mid, best.high), _bounds(more), strict=True)]


def _bounds(minutes: Minutes) -> tuple[float, float, float]:
    return minutes.low, minutes.mid, minutes.high
