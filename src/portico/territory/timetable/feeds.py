"""Feeds read together, and the timetable of one day made of them."""

from __future__ import annotations

import zoneinfo
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

import numpy as np

from portico.errors import InputError
from portico.lake.lake import open_engine
from portico.messages import Finding, Message, Place, Severity
from portico.territory.nearby import Ints
from portico.territory.timetable import feed as single
from portico.territory.timetable.feed import Feed
from portico.territory.timetable.filling import Longs
from portico.territory.timetable.joining import Joined, members, rules
from portico.territory.timetable.model import Stops, Timetable, Trips
from portico.territory.timetable.patterns import Courses, Runs, courses, network
from portico.territory.timetable.stop_times import DS_PER_S
from portico.territory.timetable.transfers import Rules, spread

_DAY_DS = 864_000


@dataclass(frozen=True, slots=True, eq=False)
class Feeds:
    """One feed or several as one network. Stops are the same ones on every day, so that walking to them is kept.

    ``stop_of_row`` is, for each feed, the stop that each row of its times is at.
    """

    feeds: tuple[Feed, ...]
    stops: Stops
    rules: Rules
    trips: Trips
    stop_of_row: tuple[Ints, ...]
    courses: tuple[Courses, ...]
    findings: tuple[Finding, ...]

    @property
    def zone(self) -> str:
        """The time zone in which times are told: that of the first feed."""
        return self.feeds[0].zone

    def on(self, day: date) -> Timetable:
        """Return the timetable of ``day``: its trips, those of the days before still under way, those of the day after.

        Raises InputError where a feed does not reach that day, saying from when to when it does, and where nothing at
        all runs on it. That only some feeds have nothing on it is a finding.
        """
        findings = self._idle(day)
        runs, first_trip = [], 0
        for number, one in enumerate(self.feeds):
            trip, shift = self._running(one, day)
            where = self.stop_of_row[number]
            runs.append(Runs(one.times, self.courses[number], where, trip, shift, first_trip))
            first_trip += len(one.trip_id)
        made, trips = network(runs, len(self.stops))
        return Timetable(day, self.zone, self.stops, self.rules, self.trips, trips, made, findings)

    def _idle(self, day: date) -> tuple[Finding, ...]:
        """Say which feeds have nothing on ``day``; refuse a day that they do not reach, or on which none has."""
        for one in self.feeds:
            if not one.first_day <= day <= one.last_day:
                values = {"file": one.name, "day": day, "first": one.first_day, "last": one.last_day}
                raise InputError("timetable-other-dates", **values)
        idle = [one for one in self.feeds if not one.runs_on(day).any()]
        said = [{"file": one.name, "day": day, "near": one.nearest(day)} for one in idle]
        if len(idle) == len(self.feeds):
            raise InputError("timetable-nothing-runs", **said[0])
        return tuple(_said("timetable-nothing-runs", values["file"], values) for values in said)

    def _running(self, feed: Feed, day: date) -> tuple[Longs, Longs]:
        """Return the trips of a feed that matter on ``day``, and by how many deciseconds each is shifted."""
        times, often = feed.times, feed.headways
        stated = np.ones(len(times.trip), dtype=bool)
        stated[often.trip] = False
        plain = np.flatnonzero(stated)
        trip = np.concatenate([plain, often.trip])
        own = np.concatenate([np.zeros(len(plain), dtype=np.int64), often.shift_ds])
        last = times.arrival_ds[times.first[trip + 1] - 1] + own
        found = []
        for ahead in range(-int(last.max(initial=0) // _DAY_DS), 2):
            service_day = day + timedelta(days=ahead)
            shift = begin_ds(service_day, feed.zone) - begin_ds(day, self.zone)
            running = np.flatnonzero(feed.runs_on(service_day)[trip] & (last + shift >= 0))
            found.append((trip[running], own[running] + shift))
        return np.concatenate([one for one, _ in found]), np.concatenate([one for _, one in found])


def begin_ds(day: date, zone: str) -> int:
    """Return the instant at which a service day begins, noon minus 12 hours, in deciseconds since 1970 (UTC).

    >>> (begin_ds(date(2026, 3, 29), "Europe/Rome") - begin_ds(date(2026, 3, 28), "Europe/Rome")) / 36_000
    23.0
    """
    noon = datetime.combine(day, time(12), zoneinfo.ZoneInfo(zone))
    return (int(noon.timestamp()) - 12 * 3600) * DS_PER_S


def read_feeds(paths: Sequence[Path], names: Sequence[str] | None = None) -> Feeds:
    """Return the GTFS feeds at ``paths`` (zips or folders) as one network; ids of different feeds never meet.

    ``names`` are what feeds are called; else the names of their files. Raises InputError, with one sentence, where a
    feed cannot answer trips or is too broken to be trusted.
    """
    engine = open_engine()
    called = list(names) if names is not None else distinct([path.stem for path in paths])
    return together([single.read(path, name, engine) for path, name in zip(paths, called, strict=True)])


def distinct(names: Sequence[str]) -> list[str]:
    """Return ``names`` with a number behind those that stand twice.

    >>> distinct(["gtfs", "gtfs", "bus"])
    ['gtfs', 'gtfs-2', 'bus']
    """
    return [
        name if names.index(name) == at else f"{name}-{names[: at + 1].count(name)}" for at, name in enumerate(names)
    ]


def together(feeds: Sequence[Feed]) -> Feeds:
    """Return feeds that were read as one network."""
    every, of_rows, said = Joined.of(feeds), [], []
    for one, number in zip(feeds, every.number, strict=True):
        of_rows.append(number[one.times.stop].astype(np.int32))
        said.append(spread(one.stated, members(one, number)))
    trips = Trips(
        feed_names=tuple(one.name for one in feeds),
        feed=np.repeat(np.arange(len(feeds), dtype=np.int32), [len(one.trip_id) for one in feeds]),
        id=tuple(name for one in feeds for name in one.trip_id),
        headsign=tuple(name for one in feeds for name in one.headsign),
        route=np.concatenate([one.route + first for one, first in zip(feeds, _offsets(feeds), strict=True)]).astype(
            np.int32
        ),
        routes=tuple(route for one in feeds for route in one.routes),
    )
    return Feeds(
        feeds=tuple(feeds),
        stops=every.stops,
        rules=rules(said, every),
        trips=trips,
        stop_of_row=tuple(of_rows),
        courses=tuple(courses(one.times) for one in feeds),
        findings=zones_apart(feeds),
    )


def _offsets(feeds: Sequence[Feed]) -> list[int]:
    sizes = [len(one.routes) for one in feeds]
    return [sum(sizes[:at]) for at in range(len(sizes))]


def _said(message: str, file: object, values: dict[str, object]) -> Finding:
    return Finding(Message(message, values), Place(str(file)), "", Severity.WARNING)


def zones_apart(feeds: Sequence[Feed]) -> tuple[Finding, ...]:
    """Say that feeds have different time zones: their times are told in that of the first."""
    zones = dict.fromkeys(one.zone for one in feeds)
    if len(zones) == 1:
        return ()
    other = next(one for one in feeds if one.zone != feeds[0].zone)
    return (_said("timetable-zones-differ", other.name, {"zones": ", ".join(zones), "used": feeds[0].zone}),)
