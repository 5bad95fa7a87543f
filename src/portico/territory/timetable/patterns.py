"""Trips sorted into patterns: one sequence of stops each, with trips of which none overtakes another.

The key of a pattern holds the stops and where one may board and alight. Trips with one key that overtake each other
are put into several patterns, each into the first whose last trip it follows everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from portico.territory.nearby import Ints
from portico.territory.timetable.filling import Bools, Longs
from portico.territory.timetable.model import Network, with_visits
from portico.territory.timetable.stop_times import StopTimes

Table = NDArray[np.int32]
Scalar = TypeVar("Scalar", bound=np.generic)


@dataclass(frozen=True, slots=True, eq=False)
class Courses:
    """The different sequences of stops, with where one may board and alight, that trips follow.

    ``of_trip`` numbers the course of each trip; ``model`` is one trip of each course.
    """

    of_trip: Longs
    model: Longs


def courses(times: StopTimes) -> Courses:
    """Return the courses of the trips of a feed."""
    known: dict[bytes, int] = {}
    model: list[int] = []
    of_trip = np.empty(len(times.trip), dtype=np.int64)
    marks = (times.stop.astype(np.int64) * 4 + times.board * 2 + times.alight).tobytes()
    bounds = (times.first * 8).tolist()
    for trip in range(len(times.trip)):
        key = marks[bounds[trip] : bounds[trip + 1]]
        number = known.setdefault(key, len(known))
        if number == len(model):
            model.append(trip)
        of_trip[trip] = number
    return Courses(of_trip, np.array(model, dtype=np.int64))


@dataclass(frozen=True, slots=True, eq=False)
class Runs:
    """Trips of one feed that run: which, shifted by how many deciseconds."""

    times: StopTimes
    courses: Courses
    stop: Ints
    trip: Longs
    shift_ds: Longs
    first_trip: int


def network(feeds: list[Runs], stops: int) -> tuple[Network, Ints]:
    """Return the patterns of all ``feeds``, and the number of the trip in each place of them.

    ``Runs.stop`` is the stop of each row of times among all ``stops``; trips are counted on from ``first_trip``.
    """
    stop: list[Ints] = []
    board: list[Bools] = []
    alight: list[Bools] = []
    arrival: list[Ints] = []
    departure: list[Ints] = []
    trip: list[Ints] = []
    lengths: list[tuple[int, int]] = []
    for runs in feeds:
        times = runs.times
        for rows, trips, (arrivals, departures) in _patterns(runs):
            lengths.append((len(rows), len(trips)))
            stop.append(runs.stop[rows])
            board.append(times.board[rows])
            alight.append(times.alight[rows])
            arrival.append(arrivals.T.reshape(-1))
            departure.append(departures.T.reshape(-1))
            trip.append((trips + runs.first_trip).astype(np.int32))
    sizes = np.array(lengths, dtype=np.int64).reshape(-1, 2)
    made = Network(
        pattern_first=_first(sizes[:, 0]),
        stop=_joined(stop, np.int32),
        board=_joined(board, np.bool_),
        alight=_joined(alight, np.bool_),
        trip_first=_first(sizes[:, 1]),
        time_first=_first(sizes[:, 0] * sizes[:, 1]),
        arrival_ds=_joined(arrival, np.int32),
        departure_ds=_joined(departure, np.int32),
        visit_first=np.zeros(stops + 1, dtype=np.int64),
        visit_pattern=np.empty(0, dtype=np.int32),
        visit_position=np.empty(0, dtype=np.int32),
    )
    return with_visits(made), _joined(trip, np.int32)


def _first(sizes: Longs) -> Longs:
    return np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)


def _joined(parts: list[NDArray[Scalar]], kind: type[Scalar]) -> NDArray[Scalar]:
    return np.concatenate([*parts, np.empty(0, dtype=kind)])


def _patterns(runs: Runs) -> Iterator[tuple[Longs, Longs, tuple[Table, Table]]]:
    """Yield the patterns of a feed: rows of a model trip, the trips in order, their arrivals and departures by trip."""
    course = runs.courses.of_trip[runs.trip]
    order = np.argsort(course, kind="stable")
    cuts = np.flatnonzero(np.diff(course[order])) + 1
    for group in np.split(order, cuts) if len(order) else ():
        first = runs.times.first[runs.trip[group]]
        length = int(runs.times.first[runs.trip[group[0]] + 1] - first[0])
        rows = first[:, None] + np.arange(length)
        shift = runs.shift_ds[group][:, None]
        arrival = (runs.times.arrival_ds[rows] + shift).astype(np.int32)
        departure = (runs.times.departure_ds[rows] + shift).astype(np.int32)
        for members in in_single_file(arrival, departure):
            yield rows[0], runs.trip[group][members], (arrival[members], departure[members])


def in_single_file(arrival: Table, departure: Table) -> list[Longs]:
    """Return the trips (rows) in as many files as it takes for none to overtake another, each ordered in time.

    >>> [one.tolist() for one in in_single_file(np.array([[0, 9], [1, 5]]), np.array([[0, 9], [1, 5]]))]
    [[0], [1]]
    """
    both = np.hstack([departure, arrival])
    order = np.lexsort(both.T[::-1])
    ordered = both[order]
    if np.all(ordered[1:] >= ordered[:-1]):
        return [order]
    files: list[list[int]] = []
    last: list[NDArray[np.int32]] = []
    for trip, times in zip(order.tolist(), ordered, strict=True):
        place = next((at for at, one in enumerate(last) if np.all(times >= one)), len(files))
        if place == len(files):
            files.append([])
            last.append(times)
        files[place].append(trip)
        last[place] = times
    return [np.array(one, dtype=np.int64) for one in files]
