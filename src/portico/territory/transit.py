"""Public transport from door to door: a walk, one ride or two, a walk; never worse than walking all the way.

The walk to a stop is at most ``walk_limit_m`` in a straight line, times ``walk_detour``, at ``walk_speed_m_s``; one
waits half the headway, from none to all of it. A position known only to a street or worse reaches no stop: whether the
stop is within the limit would be a guess.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from portico.city.model import Position, Travel
from portico.dates import PartialDate
from portico.figures import Evidence, oldest, together
from portico.territory.estimates import direct, line_m
from portico.territory.model import Minutes, Mode, PlaceFacts, Ride

_KNOWN_WITHIN_M = 500.0
_STARTS_KEPT = 2_000  # a visitor may ask of any place there is


@dataclass(frozen=True, slots=True)
class Journey:
    """A way by public transport: minutes in all, the rides in order, what they rest on."""

    minutes: Minutes
    rides: tuple[Ride, ...]
    as_of: PartialDate | None
    evidence: tuple[Evidence, ...]


class Network:
    """The stops and rides of a territory, asked for the best way between two positions."""

    def __init__(self, travel: Travel, stops: Iterable[PlaceFacts], rides: Iterable[Ride]) -> None:
        """Index ``rides`` by where they start; stops that serve nobody or lie nowhere are left out."""
        self._travel = travel
        open_stops = [(stop, stop.position) for stop in stops if stop.is_open]
        self._stops: Mapping[str, PlaceFacts] = {stop.id: stop for stop, _ in open_stops}
        self._positions = {stop.id: position for stop, position in open_stops if position is not None}
        self._from: dict[str, list[Ride]] = {}
        for ride in rides:
            if ride.start in self._stops and ride.end in self._stops:
                self._from.setdefault(ride.start, []).append(ride)
        served = ((stop, self._positions.get(stop)) for stop in self._from)
        self._well_known: Mapping[str, Position] = {
            stop: at for stop, at in served if at is not None and at.uncertainty_m <= _KNOWN_WITHIN_M
        }
        self._journeys: dict[Position, dict[str, Journey]] = {}

    def best(self, start: Position, end: Position) -> Journey | None:
        """Return the way with the fewest usual minutes, walking all the way included, or nothing."""
        walk = direct(self._travel, Mode.WALK, start, end)
        ways = [Journey(walk, (), None, ())] if walk else []
        reached = self._reach(start)
        for stop, leave in self.near(end).items():
            if stop in reached:
                found = reached[stop]
                ways.append(Journey(found.minutes + leave, found.rides, found.as_of, found.evidence))
        return min(ways, key=lambda way: way.minutes.mid, default=None)

    def _reach(self, start: Position) -> Mapping[str, Journey]:
        """Return the best way from ``start`` to every stop that one ride or two reach."""
        found = self._journeys.get(start)
        if found is None:
            found = self._two_rides(self._one_ride(start))
            while len(self._journeys) >= _STARTS_KEPT:
                self._journeys.pop(next(iter(self._journeys), start), None)
            self._journeys[start] = found
        return found

    def _one_ride(self, start: Position) -> dict[str, Journey]:
        reached: dict[str, Journey] = {}
        for stop, walk in self.near(start).items():
            for ride in self.rides_from(stop):
                _keep(reached, ride.end, _after(walk, (), ride))
        return reached

    def _two_rides(self, first: dict[str, Journey]) -> dict[str, Journey]:
        reached = dict(first)
        for stop, journey in first.items():
            for other, change in self.changes(stop):
                for ride in self.rides_from(other):
                    if ride.line not in {one.line for one in journey.rides}:
                        _keep(reached, ride.end, _after(journey.minutes + change, journey.rides, ride))
        return reached

    def changes(self, stop: str) -> Sequence[tuple[str, Minutes]]:
        """Return the stops where one may change at ``stop``: itself and those said to be one station with it."""
        mine = self._stops[stop]
        linked = {other for other, place in self._stops.items() if stop in (place.id, place.interchange)}
        linked |= {mine.interchange} if mine.interchange in self._stops else set()
        siblings = {
            other for other, place in self._stops.items() if mine.interchange and place.interchange == mine.interchange
        }
        return [(other, self._between(stop, other)) for other in sorted(linked | siblings)]

    def _between(self, stop: str, other: str) -> Minutes:
        if stop == other or stop not in self._positions or other not in self._positions:
            return Minutes(0.0, 0.0, 0.0)
        return self._on_foot(line_m(self._positions[stop], self._positions[other]))

    def near(self, position: Position) -> dict[str, Minutes]:
        """Return the served stops within the walking limit, with the walk to each."""
        found = {}
        for stop, other in self.walkable(position.uncertainty_m).items():
            metres = line_m(position, other)
            if metres[1] <= self.walk_limit_m:
                found[stop] = self._on_foot(metres)
        return found

    def walkable(self, uncertainty_m: float) -> Mapping[str, Position]:
        """Return the served stops that may be walked to from a position so far off: none where it is too rough."""
        return self._well_known if uncertainty_m <= _KNOWN_WITHIN_M else {}

    @property
    def walk_limit_m(self) -> float:
        """How far a stop may be, in metres of a straight line."""
        return self._travel.transit.walk_limit_m

    @property
    def walk_minutes_per_m(self) -> float:
        """The minutes on foot for each metre of a straight line."""
        return self._travel.transit.walk_detour / self._travel.transit.walk_speed_m_s / 60

    def rides_from(self, stop: str) -> Sequence[Ride]:
        """Return the rides that start at a stop."""
        return self._from.get(stop, ())

    def _on_foot(self, metres: tuple[float, float, float]) -> Minutes:
        low, mid, high = (one * self.walk_minutes_per_m for one in metres)
        return Minutes(low, mid, high)


def _after(so_far: Minutes, rides: tuple[Ride, ...], ride: Ride) -> Journey:
    every = (*rides, ride)
    evidence = together(*(one.evidence for one in every))
    return Journey(so_far + ride.wait + ride.running, every, oldest(one.as_of for one in every), evidence)


def _keep(reached: dict[str, Journey], stop: str, journey: Journey) -> None:
    if stop not in reached or journey.minutes.mid < reached[stop].minutes.mid:
        reached[stop] = journey
