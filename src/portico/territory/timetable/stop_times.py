"""The stop times of a feed put in order, trip by trip, and what in them cannot be used.

A trip needs two stops with a time. What stands before the first of them or after the last has no time and cannot be
given one: it is left out. So are trips that go back in time, and trips with two different rows at one place in their
sequence: a journey on them would be a guess. Each kind is a finding.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from portico.lake.bundles import MISSING, Columns
from portico.messages import Finding, Message, Place, Severity
from portico.territory.nearby import Floats, Ints
from portico.territory.timetable.filling import UNKNOWN, Bools, Filling, Longs, Times, fill

DS_PER_S = 10
_NO = 1  # pickup_type and drop_off_type: none available. 2 and 3 (by phone, by asking the driver) are available.
_FILE = "stop_times.txt"


@dataclass(frozen=True, slots=True, eq=False)
class StopTimes:
    """The stops of usable trips: those of trip ``i`` are rows ``first[i]`` to ``first[i + 1]``, in order of travel.

    ``trip`` is the row of each trip in trips.txt, ``stop`` the row in stops.txt; ``board`` and ``alight`` say where one
    may get on and off; ``row`` is the row of stop_times.txt.
    """

    trip: Ints
    first: Longs
    stop: Ints
    arrival_ds: Ints
    departure_ds: Ints
    board: Bools
    alight: Bools
    row: Longs

    @property
    def trip_of_row(self) -> Longs:
        """The trip, counted from 0, that each row belongs to."""
        return np.repeat(np.arange(len(self.trip)), np.diff(self.first))


def put_in_order(table: Columns, lon: Floats, lat: Floats) -> tuple[StopTimes, Filling, tuple[Finding, ...]]:
    """Return the usable trips of stop_times.txt, how their empty times were filled, and what was left out.

    ``lon`` and ``lat`` are the positions of the stops (EPSG:4326).
    """
    rows = _Rows(table)
    rows.leave_unplaced()
    rows.leave_repeated()
    rows.leave_untimed()
    rows.leave_backward()
    begins = np.append(True, rows.trip[1:] != rows.trip[:-1])[: len(rows.trip)]
    ends = np.append(begins[1:], True)[: len(rows.trip)]
    times = Times(rows.stop, rows.arrival, rows.departure, table["shape_dist_traveled"][rows.at])
    arrival, departure, filling = fill(times, lon, lat)
    made = StopTimes(
        trip=rows.trip[begins].astype(np.int32),
        first=np.append(np.flatnonzero(begins), len(rows.trip)),
        stop=rows.stop.astype(np.int32),
        arrival_ds=arrival,
        departure_ds=departure,
        board=(table["pickup_type"][rows.at] != _NO) & ~ends,
        alight=(table["drop_off_type"][rows.at] != _NO) & ~begins,
        row=table["row"][rows.at],
    )
    return made, filling, tuple(rows.findings)


class _Rows:
    """The rows that are still in use, in order of trip and sequence; ``at`` says which rows of the table they are."""

    def __init__(self, table: Columns) -> None:
        """Order all rows. The order of the file does not matter."""
        self._table = table
        self.findings: list[Finding] = []
        arrival, departure = _deciseconds(table["arrival_time"]), _deciseconds(table["departure_time"])
        arrival, departure = (
            np.where(arrival == UNKNOWN, departure, arrival),
            np.where(departure == UNKNOWN, arrival, departure),
        )
        keys = (departure, arrival, table["stop_id"], table["stop_sequence"], table["trip_id"])
        self.at: Longs = np.lexsort((table["drop_off_type"], table["pickup_type"], *keys))
        self.trip: Longs = table["trip_id"][self.at]
        self.stop: Longs = table["stop_id"][self.at]
        self.arrival: Longs = arrival[self.at]
        self.departure: Longs = departure[self.at]

    def _keep(self, kept: Bools) -> None:
        self.at, self.trip, self.stop = self.at[kept], self.trip[kept], self.stop[kept]
        self.arrival, self.departure = self.arrival[kept], self.departure[kept]

    def _say(self, message: str, left_out: Bools, column: str = "") -> None:
        """Note that rows are left out: how many, of how many trips, the first of them in the file."""
        if not left_out.any():
            return
        row = int(self._table["row"][self.at[left_out]].min())
        trips = len(np.unique(self.trip[left_out]))
        values = {"count": int(left_out.sum()), "trips": trips}
        self.findings.append(Finding(Message(message, values), Place(_FILE, row, column), "", Severity.WARNING))

    def _same_as_before(self, column: Longs) -> Bools:
        return np.append(False, column[1:] == column[:-1])[: len(column)]

    def leave_unplaced(self) -> None:
        """Leave out rows of no trip, at no stop (a zone, or one nobody knows), or without a place in the sequence."""
        unplaced = (self.trip < 0) | (self.stop < 0) | (self._table["stop_sequence"][self.at] == MISSING)
        self._say("gtfs-times-unplaced", unplaced)
        self._keep(~unplaced)

    def leave_repeated(self) -> None:
        """Leave out what stands twice, and whole trips with two different rows at one place in the sequence."""
        same_place = self._same_as_before(self.trip) & self._same_as_before(self._table["stop_sequence"][self.at])
        same = same_place.copy()
        for column in (self.stop, self.arrival, self.departure):
            same &= self._same_as_before(column)
        for name in ("pickup_type", "drop_off_type"):
            same &= self._same_as_before(self._table[name][self.at])
        doubtful = np.isin(self.trip, self.trip[same_place & ~same])
        self._say("gtfs-sequence-unclear", doubtful, "stop_sequence")
        self._keep(~(doubtful | same))

    def leave_untimed(self) -> None:
        """Leave out the ends of trips that have no time, and trips with fewer than two times."""
        known = self.arrival != UNKNOWN
        number = np.unique(self.trip, return_inverse=True)[1]
        rows = np.arange(len(number))
        trips = int(number.max(initial=-1)) + 1
        first, last = np.full(trips, len(number)), np.full(trips, -1)
        np.minimum.at(first, number[known], rows[known])
        np.maximum.at(last, number[known], rows[known])
        short = (first >= last)[number]
        outside = ~short & ((rows < first[number]) | (rows > last[number]))
        self._say("gtfs-trips-untimed", short, "arrival_time")
        self._say("gtfs-ends-untimed", outside, "arrival_time")
        self._keep(~(short | outside))

    def leave_backward(self) -> None:
        """Leave out trips that leave a stop before they arrive there, or arrive before they left the one before."""
        known = np.flatnonzero(self.arrival != UNKNOWN)
        trip, arrival, departure = self.trip[known], self.arrival[known], self.departure[known]
        back = departure < arrival
        back[1:] |= (trip[1:] == trip[:-1]) & (arrival[1:] < departure[:-1])
        backward = np.isin(self.trip, trip[back])
        self._say("gtfs-trips-backward", backward, "arrival_time")
        self._keep(~backward)


def _deciseconds(seconds: Longs) -> Longs:
    return np.where(seconds == MISSING, UNKNOWN, seconds * DS_PER_S)
