"""Trips that run every so many minutes (frequencies.txt) rather than by stated times.

With ``exact_times`` 1 the departures are the stated ones. With 0 only the interval is promised, not the minute: the
departures are set as with 1, at ``start_time`` and every interval after it, before ``end_time``. A single departure may
then wait up to one interval more or less than in life; over a window of at least an interval every phase is met once,
so percentiles hold.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from portico.lake.bundles import MISSING, Columns
from portico.messages import Finding, Message, Place, Severity
from portico.territory.timetable.filling import Longs
from portico.territory.timetable.stop_times import DS_PER_S, StopTimes

_FILE = "frequencies.txt"
_EXACT = 1
_MOST = 2_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Headways:
    """Departures set by intervals: the trip whose stop times are repeated, and by how many deciseconds it is shifted.

    ``loose`` counts the trips of which only the interval is promised.
    """

    trip: Longs
    shift_ds: Longs
    loose: int

    @classmethod
    def none(cls) -> Headways:
        """Return what a feed without frequencies has."""
        return cls(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64), 0)


def headways(table: Columns | None, times: StopTimes) -> tuple[Headways, tuple[Finding, ...]]:
    """Return the departures that frequencies.txt sets, and the rows that set none."""
    if table is None or not len(table["row"]):
        return Headways.none(), ()
    number = np.full(int(max(times.trip.max(initial=-1), table["trip_id"].max())) + 1, -1)
    number[times.trip] = np.arange(len(times.trip))
    known = table["trip_id"] >= 0
    trip = np.where(known, number[np.maximum(table["trip_id"], 0)], -1)
    start, end, every = (table[name] for name in ("start_time", "end_time", "headway_secs"))
    fine = (start != MISSING) & (end > start) & (every > 0)
    findings = []
    if not fine.all():
        place = Place(_FILE, int(table["row"][~fine][0]))
        said = Message("gtfs-frequencies-unclear", {"count": int((~fine).sum())})
        findings.append(Finding(said, place, "", Severity.WARNING))
    fine &= trip >= 0
    trip, start, end, every = trip[fine], start[fine], end[fine], every[fine]
    departures = -((start - end) // every)  # those at start + n × interval, before the end
    if departures.sum() > _MOST:
        place = Place(_FILE, int(table["row"][0]))
        said = Message("gtfs-frequencies-many", {"count": int(departures.sum()), "limit": _MOST})
        findings.append(Finding(said, place, "", Severity.ERROR))
        return Headways.none(), tuple(findings)
    row = np.repeat(np.arange(len(trip)), departures)
    nth = np.arange(len(row)) - np.repeat(np.cumsum(departures) - departures, departures)
    shift = (start[row] + nth * every[row]) * DS_PER_S - times.departure_ds[times.first[trip[row]]]
    loose = len(np.unique(trip[table["exact_times"][fine] != _EXACT]))
    return Headways(trip[row], shift, loose), tuple(findings)
