"""Working days by the city's calendar."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portico.city.model import Calendar
from portico.city.workdays import add_working_days, holidays_of, is_working_day

TORINO = Calendar("IT", patron_day="06-24")
DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))


@pytest.mark.parametrize(
    ("day", "open_"),
    [
        (date(2026, 6, 24), False),  # Saint John
        (date(2026, 6, 23), True),
        (date(2026, 4, 6), False),  # Easter Monday
        (date(2027, 3, 29), False),  # Easter Monday of another year
        (date(2026, 4, 3), True),  # Good Friday is a working day in Italy
        (date(2026, 12, 25), False),
        (date(2026, 12, 26), False),
        (date(2026, 1, 6), False),
        (date(2026, 8, 15), False),
        (date(2026, 11, 21), False),  # a Saturday
        (date(2026, 11, 22), False),  # a Sunday
        (date(2026, 11, 23), True),
    ],
)
def test_offices_are_open_or_not(day, open_):
    assert is_working_day(TORINO, day) is open_


def test_the_patrons_day_is_the_citys_own():
    assert is_working_day(Calendar("IT", patron_day="12-07"), date(2026, 6, 24))
    assert not is_working_day(Calendar("IT", patron_day="12-07"), date(2026, 12, 7))


def test_further_closures_hold_every_year_or_in_one():
    calendar = Calendar("IT", closed=("12-31", "2026-08-14"))
    assert not is_working_day(calendar, date(2026, 12, 31))
    assert not is_working_day(calendar, date(2027, 12, 31))
    assert not is_working_day(calendar, date(2026, 8, 14))
    assert is_working_day(calendar, date(2028, 8, 14))


def test_a_patrons_day_on_the_29th_of_february_breaks_no_other_year():
    calendar = Calendar("IT", patron_day="02-29")
    assert date(2028, 2, 29) in holidays_of(calendar, 2028)
    assert is_working_day(calendar, date(2027, 2, 26))


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (date(2026, 11, 23), 0, date(2026, 11, 23)),
        (date(2026, 11, 23), 5, date(2026, 11, 30)),
        (date(2026, 11, 23), 10, date(2026, 12, 7)),
        (date(2026, 12, 4), 2, date(2026, 12, 9)),  # over a weekend and the 8th of December
        (date(2026, 12, 30), 3, date(2027, 1, 5)),  # over the end of the year
        (date(2026, 12, 31), 4, date(2027, 1, 8)),  # ... and Epiphany
        (date(2026, 4, 2), 2, date(2026, 4, 7)),  # over Easter Monday
        (date(2026, 6, 23), 1, date(2026, 6, 25)),  # over the patron's day
        (date(2026, 11, 21), 1, date(2026, 11, 23)),  # from a Saturday
    ],
)
def test_a_term_ends_on_the_stated_day(start, count, end):
    assert add_working_days(TORINO, start, count) == end


@given(DAYS, st.integers(1, 40))
def test_a_term_has_as_many_working_days_as_it_says(start, count):
    end = add_working_days(TORINO, start, count)
    days = [start + timedelta(days=number) for number in range(1, (end - start).days + 1)]
    assert sum(is_working_day(TORINO, day) for day in days) == count
    assert is_working_day(TORINO, end)


@given(DAYS, st.integers(0, 20), st.integers(0, 20))
def test_a_term_after_a_term_is_the_whole_term(start, one, other):
    assert add_working_days(TORINO, add_working_days(TORINO, start, one), other) == add_working_days(
        TORINO, start, one + other
    )
