"""On which days the services of a feed run: its weeks (calendar.txt) and its exceptions (calendar_dates.txt).

Either may be absent. An exception that adds and one that removes the same service on the same day contradict each
other: the service does not run.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from portico.lake.bundles import MISSING, Columns
from portico.messages import Finding, Message, Place, Severity
from portico.territory.timetable.filling import Bools, Longs

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_EPOCH = date(1970, 1, 1)
_ADDED, _REMOVED = 1, 2


def number_of(day: date) -> int:
    """Return the days from 1970-01-01 to ``day``."""
    return (day - _EPOCH).days


def day_of(number: int) -> date:
    """Return the day ``number`` days after 1970-01-01."""
    return _EPOCH + timedelta(days=number)


@dataclass(frozen=True, slots=True, eq=False)
class Services:
    """The services of a feed by number: their weeks, from when to when, and the days that differ.

    Days are counted from 1970-01-01. Exceptions are in order of their days.
    """

    week: Bools
    start: Longs
    end: Longs
    exception_day: Longs
    exception_service: Longs
    exception_adds: Bools

    def on(self, day: int) -> Bools:
        """Say which services run on ``day``."""
        running = self.week[:, (day + _EPOCH.weekday()) % 7] & (self.start <= day) & (day <= self.end)
        begin, end = np.searchsorted(self.exception_day, [day, day + 1])
        services, adds = self.exception_service[begin:end], self.exception_adds[begin:end]
        running[services[adds]] = True
        running[services[~adds]] = False
        return running

    def span(self, used: Bools) -> tuple[int, int] | None:
        """Return the first and last day on which any of the ``used`` services runs, nothing where none ever does."""
        weekly = used & self.week.any(axis=1) & (self.start <= self.end)
        added = self.exception_day[self.exception_adds & used[self.exception_service]]
        if not weekly.any() and not len(added):
            return None
        first = min([*self.start[weekly].tolist(), *added[:1].tolist()])
        last = max([*self.end[weekly].tolist(), *added[-1:].tolist()])
        days = (day for day in range(first, last + 1) if (self.on(day) & used).any())
        begin = next(days, None)
        if begin is None:
            return None
        return begin, next(day for day in range(last, begin - 1, -1) if (self.on(day) & used).any())

    def nearest(self, used: Bools, day: int, span: tuple[int, int]) -> tuple[int | None, int | None]:
        """Return the last day before ``day`` and the first after it, within ``span``, on which a ``used`` one runs."""
        before = (one for one in range(min(day - 1, span[1]), span[0] - 1, -1) if (self.on(one) & used).any())
        after = (one for one in range(max(day + 1, span[0]), span[1] + 1) if (self.on(one) & used).any())
        return next(before, None), next(after, None)


def services(
    calendar: Columns | None, dates: Columns | None, of_trips: NDArray[np.object_]
) -> tuple[Services, Longs, tuple[Finding, ...]]:
    """Return the services of a feed, the number of the one each trip runs by, and rows that say nothing."""
    findings: list[Finding] = []
    weekly = _usable(calendar, ("start_date", "end_date"), "calendar.txt", findings)
    single = _usable(dates, ("date", "exception_type"), "calendar_dates.txt", findings)
    names = [of_trips, weekly.get("service_id", of_trips[:0]), single.get("service_id", of_trips[:0])]
    known, codes = np.unique(np.concatenate(names).astype(str), return_inverse=True)
    of_trip, of_week, of_date = np.split(codes, np.cumsum([len(one) for one in names])[:-1])
    week = np.zeros((len(known), len(WEEKDAYS)), dtype=bool)
    start, end = np.zeros(len(known), dtype=np.int64), np.full(len(known), -1, dtype=np.int64)
    if weekly:
        week[of_week] = np.stack([weekly[name] == 1 for name in WEEKDAYS], axis=1)
        start[of_week], end[of_week] = weekly["start_date"], weekly["end_date"]
    day, kind = (single.get(name, np.empty(0, dtype=np.int64)) for name in ("date", "exception_type"))
    order = np.argsort(day, kind="stable")
    made = Services(week, start, end, day[order], of_date[order], kind[order] == _ADDED)
    return made, of_trip, tuple(findings)


def _usable(table: Columns | None, needed: tuple[str, ...], file: str, findings: list[Finding]) -> Columns:
    """Return the rows that say when; those that do not are noted."""
    if table is None or not len(table["row"]):
        return {}
    fine = np.all([table[name] != MISSING for name in needed], axis=0)
    if "exception_type" in table:
        fine &= np.isin(table["exception_type"], (_ADDED, _REMOVED))
    if not fine.all():
        row = int(table["row"][~fine][0])
        said = Message("gtfs-days-unclear", {"count": int((~fine).sum()), "file": file})
        findings.append(Finding(said, Place(file, row), "", Severity.WARNING))
    return {name: column[fine] for name, column in table.items()}
