"""Stops of several feeds put together: who is who in which feed, and what is said of changing between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from portico.territory.timetable.feed import Feed, is_stop
from portico.territory.timetable.filling import Longs
from portico.territory.timetable.model import Stops
from portico.territory.timetable.transfers import Rules, Stated, places


@dataclass(frozen=True, slots=True, eq=False)
class Joined:
    """The stops of all feeds, and for each feed which of them each row of its stops.txt is (-1: none)."""

    stops: Stops
    station: Longs
    place: Longs
    number: tuple[Longs, ...]

    @classmethod
    def of(cls, feeds: Sequence[Feed]) -> Joined:
        """Take from each feed what vehicles stop at, and every row that is a stop or a platform."""
        kept: list[Longs] = []
        numbers: list[Longs] = []
        stations: list[Longs] = []
        count = 0
        for one in feeds:
            stop_here = is_stop(one.places.kind)
            stop_here[one.times.stop] = True
            rows = np.flatnonzero(stop_here)
            number = np.full(len(stop_here), -1)
            number[rows] = np.arange(count, count + len(rows))
            kept.append(rows)
            numbers.append(number)
            # Stations are numbered apart from those of other feeds: by their row, beyond the rows of the feeds before.
            before = sum(len(each.places.id) for each in feeds[: len(stations)])
            stations.append(np.where(one.places.station[rows] < 0, -1, one.places.station[rows] + before))
            count += len(rows)
        pairs = list(zip(feeds, kept, strict=True))
        stops = Stops(
            id=tuple(name for one, rows in pairs for name in one.places.id[rows]),
            name=tuple(name for one, rows in pairs for name in one.places.name[rows]),
            lon=np.concatenate([one.places.lon[rows] for one, rows in pairs]),
            lat=np.concatenate([one.places.lat[rows] for one, rows in pairs]),
            feed=np.repeat(np.arange(len(feeds), dtype=np.int32), [len(rows) for rows in kept]),
            parent=tuple(
                one.places.id[station] if station >= 0 and station != row else ""
                for one, rows in pairs
                for row, station in zip(rows.tolist(), one.places.station[rows].tolist(), strict=True)
            ),
        )
        return cls(stops, np.concatenate(stations), places(stops.lon, stops.lat), tuple(numbers))


def members(feed: Feed, number: Longs) -> tuple[Longs, Longs]:
    """Return, for each row of stops.txt, the stops it stands for: itself, or the platforms of a station."""
    rows = np.arange(len(number))
    kept = number >= 0
    inside = kept & (feed.places.station >= 0) & (feed.places.station != rows)
    owner = np.concatenate([rows[kept], feed.places.station[inside]])
    stop = np.concatenate([number[kept], number[inside]])
    order = np.argsort(owner, kind="stable")
    first = np.zeros(len(number) + 1, dtype=np.int64)
    np.cumsum(np.bincount(owner, minlength=len(number)), out=first[1:])
    return first, stop[order]


def rules(found: Sequence[Stated], every: Joined) -> Rules:
    """Return what all feeds say of changing as one; a pair of stops is of one feed, so that each stands once."""
    return Rules(
        start=np.concatenate([one.start for one in found]),
        end=np.concatenate([one.end for one in found]),
        kind=np.concatenate([one.kind for one in found]),
        least_ds=np.concatenate([one.least_ds for one in found]),
        station=every.station,
        place=every.place,
        lon=every.stops.lon,
        lat=every.stops.lat,
    )
