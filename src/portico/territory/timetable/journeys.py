"""One journey told leg by leg, so that a number of the matrix can be explained: it takes exactly as long.

Of the journeys that arrive first it is one with the fewest rides; among those, the walk after the last ride is the
shortest, then, ride by ride backwards, the walk before it, then the ride.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from portico.territory.nearby import UNREACHED, Ints, Nearby
from portico.territory.timetable.model import Timetable, Trip
from portico.territory.timetable.raptor import USUAL, Limits, Walks


class Walked(StrEnum):
    """What a walk is for: all the way, to the first stop, between two rides, from the last stop."""

    DIRECT = "direct"
    ACCESS = "access"
    CHANGE = "change"
    EGRESS = "egress"


@dataclass(frozen=True, slots=True)
class Walk:
    """A walk, in deciseconds of the timetable. Stops are numbers in ``timetable.stops``, None is either point."""

    kind: Walked
    start: int | None
    end: int | None
    begin_ds: int
    end_ds: int


@dataclass(frozen=True, slots=True)
class Call:
    """A stop that a vehicle calls at: its number in ``timetable.stops``, when it arrives and leaves."""

    stop: int
    arrival_ds: int
    departure_ds: int


@dataclass(frozen=True, slots=True)
class Ride:
    """A ride on one vehicle: where one boards, the stops passed, where one alights."""

    trip: Trip
    calls: tuple[Call, ...]

    @property
    def begin_ds(self) -> int:
        """When it leaves."""
        return self.calls[0].departure_ds

    @property
    def end_ds(self) -> int:
        """When it arrives."""
        return self.calls[-1].arrival_ds

    @property
    def passed(self) -> tuple[Call, ...]:
        """The stops between boarding and alighting."""
        return self.calls[1:-1]


@dataclass(frozen=True, slots=True)
class Journey:
    """A journey from when one is ready to leave to when one is there; between legs one waits."""

    departure_ds: int
    arrival_ds: int
    legs: tuple[Walk | Ride, ...]

    @property
    def travel_ds(self) -> int:
        """How long it takes, waiting included."""
        return self.arrival_ds - self.departure_ds

    @property
    def rides(self) -> tuple[Ride, ...]:
        """The rides alone."""
        return tuple(leg for leg in self.legs if isinstance(leg, Ride))


def journey(
    timetable: Timetable, walks: Walks, pair: tuple[int, int], departure_ds: int, limits: Limits = USUAL
) -> Journey | None:
    """Return the journey between a ``pair`` (origin, destination: rows of ``walks``), nothing where none is in time.

    Its length is what ``raptor.matrix`` gives for this one departure.
    """
    origin, destination = pair
    walk_ds = int(walks.direct_ds[origin, destination])
    search = _Search(timetable, walks, origin, departure_ds, limits)
    found = search.last(destination)
    if found is not None and found.arrival_ds < departure_ds + walk_ds:
        legs = search.legs(found)
        arrival_ds = found.arrival_ds
    else:
        arrival_ds = departure_ds + walk_ds
        legs = (Walk(Walked.DIRECT, None, None, departure_ds, arrival_ds),)
    if arrival_ds - departure_ds > limits.limit_ds:
        return None
    return Journey(departure_ds, arrival_ds, legs)


def journey_arriving(
    timetable: Timetable, walks: Walks, pair: tuple[int, int], arrival_ds: int, limits: Limits = USUAL
) -> Journey | None:
    """Return the journey that leaves last of those there by ``arrival_ds``, nothing where none is in time."""
    backwards = journey(timetable.reversed(), walks.reversed(), (pair[1], pair[0]), -arrival_ds, limits)
    if backwards is None:
        return None
    legs = tuple(_turned(leg) for leg in reversed(backwards.legs))
    return Journey(-backwards.arrival_ds, -backwards.departure_ds, legs)


_OTHER_END = {Walked.ACCESS: Walked.EGRESS, Walked.EGRESS: Walked.ACCESS}


def _turned(leg: Walk | Ride) -> Walk | Ride:
    """Return a leg of a journey against time as one with it."""
    if isinstance(leg, Walk):
        return Walk(_OTHER_END.get(leg.kind, leg.kind), leg.end, leg.start, -leg.end_ds, -leg.begin_ds)
    return Ride(leg.trip, tuple(Call(one.stop, -one.departure_ds, -one.arrival_ds) for one in reversed(leg.calls)))


@dataclass(frozen=True, slots=True)
class _Last:
    """How a journey ends: after how many rides, at which stop, and when one is there."""

    rides: int
    stop: int
    arrival_ds: int


@dataclass(frozen=True, slots=True)
class _Boarding:
    """A ride that brings one to a stop in time, and the walk before it."""

    pattern: int
    trip: int
    begin: int
    end: int
    walk: Walk
    rides_before: int


class _Search:
    """One origin and one departure, round by round; then the way back from the destination."""

    def __init__(self, timetable: Timetable, walks: Walks, origin: int, departure_ds: int, limits: Limits) -> None:
        """Ride up to ``limits.max_rides`` times and keep what each round knew."""
        from portico.territory.timetable import raptor_kernels as kernels  # noqa: PLC0415 - compiled, only where used

        self._timetable, self._network, self._walks = timetable, timetable.network, walks
        self._departure_ds = departure_ds
        changes = timetable.rules.changes(walks.transfers)
        stops = len(timetable.stops)
        self._changes_to = Nearby(changes.first, changes.stop, changes.cost_ds).transposed(stops)
        self._access = walks.access.of(origin)
        labels = kernels.labels_of(stops, len(self._network.trip_first) - 1, 1)
        aboard = np.empty(kernels.longest_file(self._network), dtype=np.int32)
        departures = np.array([departure_ds], dtype=np.int32)
        access_stop, access_ds = (np.asarray(one, dtype=np.int32) for one in self._access)
        kernels.begin_at(labels, access_stop, access_ds, departures)
        self._arrival: list[Ints] = [labels.arrival[:, 0].copy()]
        self._ready: list[Ints] = [labels.ready[:, 0].copy()]
        for _ in range(limits.max_rides):
            more = kernels.ride_once(self._network, changes, labels, aboard, departure_ds + limits.limit_ds)
            self._arrival.append(labels.arrival[:, 0].copy())
            self._ready.append(labels.ready[:, 0].copy())
            if not more:
                break

    def last(self, destination: int) -> _Last | None:
        """Return how the best journey with a ride ends."""
        stop, cost = self._walks.egress.of(destination)
        if not len(stop):
            return None
        there = self._arrival[-1][stop].astype(np.int64) + cost
        best = int(there.min())
        if best >= UNREACHED:
            return None
        ends = [(self._rides_to(int(stop[at])), int(cost[at]), int(stop[at])) for at in np.flatnonzero(there == best)]
        rides, _, chosen = min(ends)
        return _Last(rides, chosen, best)

    def legs(self, last: _Last) -> tuple[Walk | Ride, ...]:
        """Return the legs of the journey that ends so, from the beginning."""
        stop, rides = last.stop, last.rides
        arrival_ds = int(self._arrival[rides][stop])
        back: list[Walk | Ride] = [Walk(Walked.EGRESS, stop, None, arrival_ds, last.arrival_ds)]
        while rides:
            taken = min(
                self._ways_to(stop, rides), key=lambda one: (_length(one.walk), -one.begin, one.pattern, one.trip)
            )
            back.append(self._ride(taken))
            if taken.walk.start != taken.walk.end:
                back.append(taken.walk)
            rides = taken.rides_before
            stop = -1 if taken.walk.start is None else taken.walk.start
        return tuple(reversed(back))

    def _rides_to(self, stop: int) -> int:
        """Return how few rides bring one to ``stop`` as early as any number does."""
        best = self._arrival[-1][stop]
        return next(rides for rides, known in enumerate(self._arrival) if known[stop] == best)

    def _ways_to(self, stop: int, rides: int) -> Iterator[_Boarding]:
        """Yield the rides that arrive at ``stop`` when round ``rides`` knew to."""
        network, time = self._network, self._arrival[rides][stop]
        for visit in range(network.visit_first[stop], network.visit_first[stop + 1]):
            pattern, end = int(network.visit_pattern[visit]), int(network.visit_position[visit])
            first = network.pattern_first[pattern]
            if not network.alight[first + end]:
                continue
            arrivals = network.arrival_ds[self._times(pattern, end)]
            trips = range(np.searchsorted(arrivals, time), np.searchsorted(arrivals, time, side="right"))
            for trip in trips:
                for begin in range(end):
                    at = int(network.stop[first + begin])
                    leaves = network.departure_ds[self._times(pattern, begin)][trip]
                    if network.board[first + begin] and self._ready[rides - 1][at] <= leaves:
                        walk, before = self._walk_to(at, rides - 1)
                        yield _Boarding(pattern, trip, begin, end, walk, before)

    def _times(self, pattern: int, position: int) -> slice:
        network = self._network
        trips = int(network.trip_first[pattern + 1] - network.trip_first[pattern])
        begin = int(network.time_first[pattern]) + position * trips
        return slice(begin, begin + trips)

    def _walk_to(self, stop: int, rides: int) -> tuple[Walk, int]:
        """Return the walk after which one could board at ``stop`` in round ``rides``, and the rides before it."""
        ready = int(self._ready[rides][stop])
        rides = next(at for at, known in enumerate(self._ready) if known[stop] == ready)
        if rides == 0:
            return Walk(Walked.ACCESS, None, stop, self._departure_ds, ready), 0
        start, cost = self._changes_to.of(stop)
        known = self._arrival[rides][start].astype(np.int64)
        fits = np.flatnonzero(known + cost == ready)
        at = min(fits, key=lambda one: (cost[one], start[one] != stop, start[one]))
        chosen = int(start[at])
        before = next(count for count, one in enumerate(self._arrival) if one[chosen] == known[at])
        return Walk(Walked.CHANGE, chosen, stop, int(known[at]), ready), before

    def _ride(self, taken: _Boarding) -> Ride:
        network, first = self._network, self._network.pattern_first[taken.pattern]
        calls = []
        for position in range(taken.begin, taken.end + 1):
            times = self._times(taken.pattern, position)
            arrival, departure = network.arrival_ds[times][taken.trip], network.departure_ds[times][taken.trip]
            calls.append(Call(int(network.stop[first + position]), int(arrival), int(departure)))
        number = self._timetable.trip[network.trip_first[taken.pattern] + taken.trip]
        return Ride(self._timetable.trips.told(int(number)), tuple(calls))


def _length(walk: Walk) -> int:
    return walk.end_ds - walk.begin_ds
