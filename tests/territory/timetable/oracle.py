"""What the timetable must answer, found in other ways that share none of its code.

``trips_on`` reads a feed with the csv module and follows the reference of the format row by row. ``scan`` is a
connection scan (Dibbelt, Pajor, Strasser, Wagner, *Intriguingly Simple and Fast Transit Routing*, 2013), repeated until
nothing changes. ``explore`` tries every ride from every state, for networks of a handful of trips.
"""

from __future__ import annotations

import csv
import functools
import io
import itertools
import math
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

from portico.geo import Point, distance_m

FAR = math.inf
Call = tuple[str, int, int, bool, bool]
"""Stop, arrival and departure in deciseconds, whether one may board, whether one may alight."""
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


# --- reading ---


@functools.lru_cache(maxsize=8)
def table(path: Path, name: str) -> list[dict[str, str]]:
    with zipfile.ZipFile(path) as archive:
        names = [one for one in archive.namelist() if one.endswith(f"{name}.txt") and "__MACOSX" not in one]
        if not names:
            return []
        with archive.open(min(names, key=len)) as file:
            reader = csv.reader(io.TextIOWrapper(file, encoding="utf-8-sig", newline=""))
            header = [one.strip().strip('"') for one in next(reader)]
            return [dict(zip(header, map(str.strip, row), strict=False)) for row in reader if row]


def services_on(path: Path, day: date) -> set[str]:
    key = day.strftime("%Y%m%d")
    running = {
        row["service_id"]
        for row in table(path, "calendar")
        if row["start_date"] <= key <= row["end_date"] and row[DAYS[day.weekday()]] == "1"
    }
    for row in table(path, "calendar_dates"):
        if row["date"] == key:
            (running.add if row["exception_type"] == "1" else running.discard)(row["service_id"])
    return running


def seconds(text: str) -> int | None:
    if not text:
        return None
    hours, minutes, rest = text.split(":")
    return int(hours) * 3600 + int(minutes) * 60 + int(rest)


def trips_on(path: Path, day: date) -> list[tuple[str, tuple[Call, ...]]]:
    """The trips of a day, those of the day before that have not ended, those of the day after; no frequencies."""
    stops = {row["stop_id"]: Point(float(row["stop_lon"]), float(row["stop_lat"])) for row in table(path, "stops")}
    times: dict[str, list[dict[str, str]]] = {}
    for row in table(path, "stop_times"):
        times.setdefault(row["trip_id"], []).append(row)
    running = {ahead: services_on(path, day + timedelta(days=ahead)) for ahead in (-1, 0, 1)}
    found = []
    for trip in table(path, "trips"):
        days = [ahead for ahead in running if trip["service_id"] in running[ahead]]
        if not days or trip["trip_id"] not in times:
            continue
        calls = calls_of(sorted(times[trip["trip_id"]], key=lambda row: int(row["stop_sequence"])), stops)
        for ahead in days:
            shift = ahead * 864_000
            if calls[-1][1] + shift >= 0:
                found.append(
                    (trip["trip_id"], tuple((one[0], one[1] + shift, one[2] + shift, *one[3:]) for one in calls))
                )
    return found


def calls_of(rows: list[dict[str, str]], stops: Mapping[str, Point]) -> list[Call]:
    times = [
        (seconds(row["arrival_time"] or row["departure_time"]), seconds(row["departure_time"] or row["arrival_time"]))
        for row in rows
    ]
    far_m = [0.0]
    if (None, None) in times:
        for row, following in itertools.pairwise(rows):
            far_m.append(far_m[-1] + distance_m(stops[row["stop_id"]], stops[following["stop_id"]]))
    calls: list[Call] = []
    before = 0
    for at, (row, (arrival, departure)) in enumerate(zip(rows, times, strict=True)):
        board = row.get("pickup_type") != "1" and at < len(rows) - 1
        alight = row.get("drop_off_type") != "1" and at > 0
        if arrival is not None:
            before = at
            calls.append((row["stop_id"], arrival * 10, departure * 10, board, alight))
            continue
        after = next(one for one in range(at, len(rows)) if times[one][0] is not None)
        whole, done = far_m[after] - far_m[before], far_m[at] - far_m[before]
        share = done / whole if whole else (at - before) / (after - before)
        begin, end = times[before][1], times[after][0]
        time = round((begin + (end - begin) * share) * 10)
        calls.append((row["stop_id"], time, time, board, alight))
    return calls


# --- searching ---


Hop = tuple[int, int, int, int, object, bool, object, bool]
"""Departure, arrival, trip, place in the trip, from, whether one may board there, to, whether one may alight there."""


def connections(trips: Iterable[Sequence[tuple[object, int, int, bool, bool]]]) -> list[Hop]:
    """Every hop of every trip, in order of departure."""
    return sorted(
        (calls[at][2], calls[at + 1][1], number, at, calls[at][0], calls[at][3], calls[at + 1][0], calls[at + 1][4])
        for number, calls in enumerate(trips)
        for at in range(len(calls) - 1)
    )


def scan(
    hops: Sequence[Hop],
    ready: Mapping[object, float],
    changes: Sequence[Mapping[object, int]],
    latest: float = FAR,
) -> dict[object, float]:
    """Return the earliest arrival by vehicle at each stop; ``ready`` is when one may board first.

    ``changes`` are where one may change to from a stop, that stop among them, and the deciseconds it takes.
    """
    ready, arrival, aboard = dict(ready), {}, {}
    moved = True
    while moved:
        moved = False
        for departs, arrives, trip, at, start, may_board, end, may_alight in hops:
            if aboard.get(trip, FAR) > at:
                if not may_board or ready.get(start, FAR) > departs:
                    continue
                aboard[trip] = at
                moved = True
            if may_alight and arrives <= latest and arrives < arrival.get(end, FAR):
                arrival[end] = arrives
                moved = True
                for to, cost in changes[end].items():
                    if arrives + cost < ready.get(to, FAR):
                        ready[to] = arrives + cost
    return arrival


def explore(
    trips: Sequence[Sequence[tuple[int, int, int, bool, bool]]],
    ready: Mapping[int, int],
    changes: Sequence[Mapping[int, int]],
    rides: int,
) -> dict[int, float]:
    """Return the earliest arrival by vehicle at each stop with at most ``rides`` rides, by trying all of them."""
    arrival: dict[int, float] = {}
    seen = set()
    states = [(stop, time, 0) for stop, time in ready.items()]
    while states:
        state = states.pop()
        if state in seen or state[2] == rides:
            continue
        seen.add(state)
        stop, time, count = state
        for calls in trips:
            for begin, (at, _, departs, may_board, _) in enumerate(calls):
                if at != stop or not may_board or departs < time:
                    continue
                for end, arrives, _, _, may_alight in calls[begin + 1 :]:
                    if may_alight:
                        arrival[end] = min(arrival.get(end, FAR), arrives)
                        states += [(to, arrives + cost, count + 1) for to, cost in changes[end].items()]
    return arrival


def nearest_rank(values: Sequence[float], percentile: float) -> float:
    return sorted(values)[max(math.ceil(percentile * len(values) / 100 - 1e-9) - 1, 0)]
