"""Deadlines: from the day of filing to the last day of a term, whatever stops the clock on the way.

The day of an event does not count. A term in calendar days that ends on a Sunday or a public holiday ends on the next
working day of the city's calendar; one in working days never ends on another. What a request for papers does is the
procedure's own rule: a **suspension** stops the clock and what was left goes on afterwards; a **restart** begins the
whole term again; an **extension** adds days. A request on the very last day is still in time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from portico.city.model import Calendar
from portico.city.workdays import add_working_days, holidays_of, is_working_day
from portico.dates import plausible
from portico.errors import InputError
from portico.permits.model import Days, Stop, Tacit, Term

_SUNDAY = 6


@dataclass(frozen=True, slots=True)
class Event:
    """Something that touches a running clock.

    A suspension runs from ``day`` to ``until`` (None: it has not ended yet); a restart happens on ``day``; an extension
    is asked on ``day`` and adds ``more`` days.
    """

    stop: Stop
    day: date
    until: date | None = None
    more: int = 0


@dataclass(frozen=True, slots=True)
class Deadline:
    """When a term ends. ``counted`` is the day by counting alone, ``day`` the one it is moved to off a holiday.

    Both are None while the clock stands still: ``left`` are then the days to go. ``late`` are events that came after
    the term had ended, which changed nothing. ``tacit`` is what silence means then.
    """

    filed: date
    counted: date | None
    day: date | None
    left: int
    tacit: Tacit
    late: tuple[Event, ...] = ()


def add_days(calendar: Calendar, start: date, count: int, days: Days) -> date:
    """Return the day ``count`` days after ``start``, which itself does not count.

    >>> friday = date(2026, 2, 27)
    >>> [add_days(Calendar("IT"), friday, 3, days).day for days in (Days.CALENDAR, Days.WORKING)]
    [2, 4]
    """
    return add_working_days(calendar, start, count) if days is Days.WORKING else start + timedelta(days=count)


def days_between(calendar: Calendar, start: date, end: date, days: Days) -> int:
    """Return how many days count after ``start`` up to and with ``end``; 0 where it is not later.

    >>> days_between(Calendar("IT"), date(2026, 12, 24), date(2026, 12, 28), Days.WORKING)
    1
    """
    span = max((end - start).days, 0)
    if days is not Days.WORKING:
        return span
    return sum(is_working_day(calendar, start + timedelta(days=step)) for step in range(1, span + 1))


def off_holiday(calendar: Calendar, day: date) -> date:
    """Return ``day``, or the next working day where it is a Sunday or a public holiday.

    >>> off_holiday(Calendar("IT"), date(2026, 12, 25))  # Friday; St Stephen and a Sunday follow
    datetime.date(2026, 12, 28)
    """
    if day.weekday() != _SUNDAY and day not in holidays_of(calendar, day.year):
        return day
    while not is_working_day(calendar, day):
        day += timedelta(days=1)
    return day


def deadline(
    calendar: Calendar, filed: date, count: int, days: Days, events: Sequence[Event] = (), tacit: Tacit = Tacit.NONE
) -> Deadline:
    """Return when a term of ``count`` ``days`` from the day of filing ends, after all that stopped its clock.

    Raises InputError for an event before the filing, or a suspension that ends before it begins; UsageError for a day
    on which nobody can have filed.

    >>> pause = Event(Stop.SUSPEND, date(2026, 3, 10), date(2026, 3, 20))
    >>> deadline(Calendar("IT"), date(2026, 3, 2), 30, Days.CALENDAR, [pause]).counted
    datetime.date(2026, 4, 11)
    """
    end = add_days(calendar, plausible(filed), count, days)
    late: list[Event] = []
    reached = filed
    for event in sorted(events, key=lambda one: (one.day, one.until or date.max)):
        _refuse(event, filed)
        if event.day > end:
            late.append(event)
        elif event.stop is Stop.RESTART:
            end = add_days(calendar, event.day, count, days)
        elif event.stop is Stop.EXTEND:
            end = add_days(calendar, end, event.more, days)
        elif event.stop is Stop.SUSPEND:
            begun = max(event.day, reached)  # where suspensions overlap, no day is given back twice
            if event.until is None:
                return Deadline(filed, None, None, days_between(calendar, begun, end, days), tacit, tuple(late))
            if event.until > begun:
                end = add_days(calendar, event.until, days_between(calendar, begun, end, days), days)
                reached = event.until
    moved = end if days is Days.WORKING else off_holiday(calendar, end)
    return Deadline(filed, end, moved, 0, tacit, tuple(late))


def _refuse(event: Event, filed: date) -> None:
    plausible(event.day)
    plausible(event.until or event.day)
    if event.day < filed:
        raise InputError("permit-event-before-filing", day=event.day, filed=filed)
    if event.until is not None and event.until < event.day:
        raise InputError("permit-suspension-backwards", day=event.day, until=event.until)


@dataclass(frozen=True, slots=True)
class Span:
    """From the earliest to the latest day on which a term ends, by statute; ``latest`` None: no term was found.

    ``with_papers`` is the latest day where more papers are asked for once, None where the rule sets that no limit.
    """

    earliest: date
    latest: date | None
    with_papers: date | None


def span(calendar: Calendar, filed: date, term: Term) -> Span:
    """Return within which days a term ends that begins on ``filed``. Not a forecast: ceilings of the law.

    A term that was not found begins and may end at once, but nobody can say when at the latest.
    """
    earliest = _end(calendar, filed, term.least or 0, term.days)
    if term.most is None:
        return Span(earliest, None, None)
    latest = _end(calendar, filed, term.most, term.days)
    return Span(earliest, latest, _with_papers(calendar, filed, term, latest))


def _with_papers(calendar: Calendar, filed: date, term: Term, latest: date) -> date | None:
    if term.stop is Stop.NONE:
        return latest
    if term.stop_days is None or term.most is None:
        return None
    if term.stop is Stop.RESTART:  # asked at the latest on the last day it may be, answered at once: the term anew
        return _end(calendar, filed, term.stop_days + term.most, term.days)
    return _end(calendar, filed, term.most + term.stop_days, term.days)


def _end(calendar: Calendar, filed: date, count: int, days: Days) -> date:
    return deadline(calendar, filed, count, days).day or filed
