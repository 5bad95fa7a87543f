"""Working days by the city's calendar: weekends, public holidays, the patron's day, further closures."""

from __future__ import annotations

import functools
from calendar import isleap
from datetime import date, timedelta

from portico.city.model import Calendar

_SATURDAY = 5
_LEAP_DAY = "02-29"  # a day of its own only in leap years


def holidays_of(calendar: Calendar, year: int) -> frozenset[date]:
    """Return the days of ``year`` on which the city's offices are closed, weekends apart.

    >>> date(2026, 6, 24) in holidays_of(Calendar("IT", patron_day="06-24"), 2026)
    True
    """
    return _closed(calendar.country, (calendar.patron_day, *calendar.closed), year)


@functools.lru_cache(maxsize=256)
def _closed(country: str, further: tuple[str, ...], year: int) -> frozenset[date]:
    import holidays  # noqa: PLC0415 - slow to import and wanted only here

    closed = set(holidays.country_holidays(country, years=year))
    for day in further:
        text = day if len(day) > len("MM-DD") else f"{year}-{day}"
        if day and text.startswith(str(year)) and not (day == _LEAP_DAY and not isleap(year)):
            closed.add(date.fromisoformat(text))
    return frozenset(closed)


def is_working_day(calendar: Calendar, day: date) -> bool:
    """Say whether offices are open on ``day``."""
    return day.weekday() < _SATURDAY and day not in holidays_of(calendar, day.year)


def add_working_days(calendar: Calendar, start: date, count: int) -> date:
    """Return the day ``count`` working days after ``start``; the start itself does not count.

    >>> add_working_days(Calendar("IT"), date(2026, 12, 23), 2)  # Christmas, St Stephen and a weekend between
    datetime.date(2026, 12, 28)
    """
    day = start
    while count > 0:
        day += timedelta(days=1)
        count -= is_working_day(calendar, day)
    return day
