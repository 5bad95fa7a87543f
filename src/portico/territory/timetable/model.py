"""The nouns of timetables: stops, trips, and the timetable of one day as flat arrays."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

import numpy as np

from portico.messages import Finding
from portico.territory.nearby import Floats, Ints
from portico.territory.timetable.filling import Bools, Longs
from portico.territory.timetable.transfers import Rules


@dataclass(frozen=True, slots=True, eq=False)
class Stops:
    """The stops of all feeds, the same ones on every day. Positions (EPSG:4326) are not a number where there is none.

    ``feed`` numbers the feed of each; ``parent`` is the id of its station, or nothing.
    """

    id: tuple[str, ...]
    name: tuple[str, ...]
    lon: Floats
    lat: Floats
    feed: Ints
    parent: tuple[str, ...]

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.id)


@dataclass(frozen=True, slots=True)
class Trip:
    """A vehicle's trip as a reader is told of it. ``route_type`` is that of the format: 0 tram … 3 bus, -1 unknown."""

    feed: str
    id: str
    route_short_name: str
    route_long_name: str
    headsign: str
    route_type: int


class Network(NamedTuple):
    """Patterns and their times as the kernels take them.

    A pattern is a sequence of stops, with where one may board and alight, and trips along it of which none overtakes
    another. Pattern ``p`` has the stops ``pattern_first[p]`` to ``pattern_first[p + 1]`` and, ordered in time, the
    trips ``trip_first[p]`` to ``trip_first[p + 1]``. Its times (int32 deciseconds) begin at ``time_first[p]``,
    stop after stop: those of all trips at its first stop, then at its second. ``visit_pattern`` and ``visit_position``
    are where each stop stands in patterns, sparse rows of ``visit_first``.
    """

    pattern_first: Longs
    stop: Ints
    board: Bools
    alight: Bools
    trip_first: Longs
    time_first: Longs
    arrival_ds: Ints
    departure_ds: Ints
    visit_first: Longs
    visit_pattern: Ints
    visit_position: Ints


@dataclass(frozen=True, slots=True, eq=False)
class Trips:
    """The trips of feeds by number: columns of what a reader is told of them, routes by number."""

    feed_names: tuple[str, ...]
    feed: Ints
    id: tuple[str, ...]
    headsign: tuple[str, ...]
    route: Ints
    routes: tuple[tuple[str, str, int], ...]

    def told(self, number: int) -> Trip:
        """Return one trip."""
        short_name, long_name, kind = self.routes[self.route[number]]
        feed = self.feed_names[self.feed[number]]
        return Trip(feed, self.id[number], short_name, long_name, self.headsign[number], kind)


@dataclass(frozen=True, slots=True, eq=False)
class Timetable:
    """The trips of one day, those of the day before that still run and those of the day after.

    Times are deciseconds since noon minus 12 hours of ``day`` in ``zone``. ``trip`` numbers, in ``trips``, the trip in
    each place of the network's patterns. ``is_reversed`` says that time runs backwards: every time is negated.
    """

    day: date
    zone: str
    stops: Stops
    rules: Rules
    trips: Trips
    trip: Ints
    network: Network
    findings: tuple[Finding, ...] = ()
    is_reversed: bool = False

    def reversed(self) -> Timetable:
        """Return the same day with time running backwards: its earliest arrivals are latest departures.

        Times are negated, stops and trips stand in the opposite order, arriving and leaving, boarding and alighting
        change places. Twice reversed is the same timetable.
        """
        old = self.network
        stops = _mirror(old.pattern_first)
        times = _mirror(old.time_first)
        network = with_visits(
            Network(
                pattern_first=old.pattern_first,
                stop=old.stop[stops],
                board=old.alight[stops],
                alight=old.board[stops],
                trip_first=old.trip_first,
                time_first=old.time_first,
                arrival_ds=-old.departure_ds[times],
                departure_ds=-old.arrival_ds[times],
                visit_first=old.visit_first,
                visit_pattern=old.visit_pattern,
                visit_position=old.visit_position,
            )
        )
        return replace(
            self,
            network=network,
            trip=self.trip[_mirror(old.trip_first)],
            rules=self.rules.mirrored(),
            is_reversed=not self.is_reversed,
        )


def with_visits(network: Network) -> Network:
    """Return a network that knows where each of its stops stands; ``visit_first`` is as long as there are stops."""
    stops = len(network.visit_first) - 1
    size = np.diff(network.pattern_first)
    pattern = np.repeat(np.arange(len(size), dtype=np.int32), size)
    position = np.arange(len(pattern)) - np.repeat(network.pattern_first[:-1], size)
    order = np.argsort(network.stop, kind="stable")
    first = np.zeros(stops + 1, dtype=np.int64)
    np.cumsum(np.bincount(network.stop, minlength=stops), out=first[1:])
    return network._replace(
        visit_first=first, visit_pattern=pattern[order], visit_position=position[order].astype(np.int32)
    )


def _mirror(first: Longs) -> Longs:
    """Return, for rows one after the other, the index that turns each of them round."""
    size = np.diff(first)
    return np.repeat(first[:-1] + first[1:] - 1, size) - np.arange(int(first[-1]))
