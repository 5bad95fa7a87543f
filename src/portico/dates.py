"""Dates as facts state them: a day, a month or only a year, compared without inventing the missing part."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date

from portico.errors import UsageError

_FORM = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_MONTHS = 12
_FIRST_YEAR, _LAST_YEAR = 1900, 2200


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A year, perhaps a month, perhaps a day.

    >>> PartialDate.parse("2024-10").earliest
    datetime.date(2024, 10, 1)
    >>> PartialDate.parse("2024").latest
    datetime.date(2024, 12, 31)
    """

    text: str
    earliest: date
    latest: date

    @classmethod
    def parse(cls, text: str) -> PartialDate:
        """Read ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``; raise ValueError for anything else, or a day there is not."""
        found = _FORM.fullmatch(text)
        if not found:
            raise ValueError(text)
        year, month, day = (int(part) if part else None for part in found.groups())
        if year is None:
            raise ValueError(text)
        first = date(year, 1 if month is None else month, 1 if day is None else day)
        if day is not None:
            return cls(text, first, first)
        last_month = _MONTHS if month is None else month
        return cls(text, first, date(year, last_month, calendar.monthrange(year, last_month)[1]))

    def __str__(self) -> str:
        """Return the date as it was written."""
        return self.text


def plausible(day: date) -> date:
    """Return ``day``; raise UsageError for one on which nobody can have asked.

    >>> plausible(date(2026, 11, 23)).year
    2026
    """
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise UsageError("day-implausible", day=day.isoformat(), first=str(_FIRST_YEAR), last=str(_LAST_YEAR))
    return day


def months_before(day: date, months: int) -> date:
    """Return the day ``months`` calendar months before ``day``, the last of the month where that day does not exist.

    >>> months_before(date(2026, 8, 31), 6)
    datetime.date(2026, 2, 28)
    """
    count = day.year * _MONTHS + day.month - 1 - months
    year, month = divmod(count, _MONTHS)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def is_stale(stated: PartialDate | None, as_of: date, limit_months: int) -> bool:
    """Say whether a fact is older than ``limit_months`` on ``as_of``. An undated fact is: nobody can say it is not.

    A date known only to the month or year counts from its first day, so that doubt never makes a fact younger.

    >>> is_stale(PartialDate.parse("2024-12"), date(2026, 11, 23), 24)
    False
    >>> is_stale(PartialDate.parse("2024-10"), date(2026, 11, 23), 24)
    True
    >>> is_stale(None, date(2026, 11, 23), 24)
    True
    """
    return stated is None or stated.earliest < months_before(as_of, limit_months)
