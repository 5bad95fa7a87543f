"""Dates: what stands here has no zone, which is the point."""
# ruff: noqa: DTZ001

from __future__ import annotations

import re
from datetime import date, datetime, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.lake.columns.reading import read, under

from portico.lake.columns.birth_date import BIRTH_DATE
from portico.lake.columns.date import DATE
from portico.lake.columns.date_compact import DATE_COMPACT
from portico.lake.columns.datetime import DATETIME
from portico.lake.columns.instant import INSTANT
from portico.lake.columns.time import TIME

ITALIAN = [
    "gennaio",
    "febbraio",
    "marzo",
    "aprile",
    "maggio",
    "giugno",
    "luglio",
    "agosto",
    "settembre",
    "ottobre",
    "novembre",
    "dicembre",
]
ENGLISH = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
DATES = st.dates(date(1000, 1, 1), date(2199, 12, 31))
RECENT = st.dates(date(1969, 1, 1), date(2068, 12, 31))
MOMENTS = st.datetimes(datetime(1000, 1, 1), datetime(2199, 12, 31)).map(lambda one: one.replace(fold=0))
EITHER = (
    "{0:%Y}-{0:%m}-{0:%d}",
    "{0.year}/{0.month}/{0.day}",
    "{0:%Y}.{0:%m}.{0:%d}",
    "{0:%Y}-{0:%m}-{0:%d} 00:00:00",
    "{0.day} {1} {0.year}",
    "{0.day}-{2}-{0.year}",
    "{2} {0.day}, {0.year}",
    "{0.day} {3} {0.year}",
)
DAY_FIRST = (
    "{0:%d}/{0:%m}/{0.year}",
    "{0.day}-{0.month}-{0.year}",
    "{0:%d}.{0:%m}.{0.year}",
    "{0:%d}/{0:%m}/{0.year} 0:00",
)
MONTH_FIRST = (
    "{0:%m}/{0:%d}/{0.year}",
    "{0.month}-{0.day}-{0.year}",
    "{0:%m}.{0:%d}.{0.year}",
    "{0:%m}/{0:%d}/{0.year} 0:00",
)
SHORT = {
    "day-first": ("{0:%d}/{0:%m}/{0:%y}", "{0.day}-{0.month}-{0:%y}", "{0:%d}.{0:%m}.{0:%y}"),
    "month-first": ("{0:%m}/{0:%d}/{0:%y}",),
}


def written(form, day):
    month = day.month - 1
    return form.format(day, ITALIAN[month], ENGLISH[month][:3], ITALIAN[month][:3].upper())


@pytest.mark.parametrize(("name", "own"), [("day-first", DAY_FIRST), ("month-first", MONTH_FIRST)])
@given(days=st.lists(DATES, min_size=1, max_size=8))
@settings(max_examples=12)
def test_a_date_written_in_any_order_is_read_back(name, own, days):
    pairs = [(written(form, day), day) for day in days for form in (*EITHER, *own)]
    values = read(DATE, under(DATE, name), [text for text, _ in pairs])
    assert [(text, value) for (text, _), value in zip(pairs, values, strict=True)] == pairs


@pytest.mark.parametrize("name", ["day-first", "month-first"])
@given(days=st.lists(RECENT, min_size=1, max_size=8))
@settings(max_examples=12)
def test_years_of_two_digits_are_those_from_1969_to_2068(name, days):
    pairs = [(written(form, day), day) for day in days for form in SHORT[name]]
    assert read(DATE, under(DATE, name), [text for text, _ in pairs]) == [day for _, day in pairs]


@given(days=st.lists(DATES, min_size=1, max_size=8))
@settings(max_examples=12)
def test_eight_digits_are_read_back(days):
    assert read(DATE_COMPACT, DATE_COMPACT.conventions[0], [f"{day.year}{day:%m%d}" for day in days]) == days


@given(st.integers(1000, 2199), st.integers(0, 19), st.integers(0, 39))
@settings(max_examples=30)
def test_days_that_are_not_in_the_calendar_are_no_dates(year, month, day):
    try:
        expected = date(year, month, day)
    except ValueError:
        expected = None
    texts = [f"{year}-{month:02}-{day:02}", f"{day:02}/{month:02}/{year}", f"{day}.{month}.{year}"]
    assert read(DATE, under(DATE, "day-first"), texts) == [expected] * 3


@pytest.mark.parametrize(
    ("one", "text", "first", "second"),
    [
        (DATE, "01/02/2024", date(2024, 2, 1), date(2024, 1, 2)),
        (DATE, "1-2-24", date(2024, 2, 1), date(2024, 1, 2)),
        (DATE, "01.02.2024", date(2024, 2, 1), date(2024, 1, 2)),
        (DATE, "01/02/2024 00:00:00", date(2024, 2, 1), date(2024, 1, 2)),
        (BIRTH_DATE, "01/02/1950", date(1950, 2, 1), date(1950, 1, 2)),
        (DATETIME, "01/02/2024 10:05", datetime(2024, 2, 1, 10, 5), datetime(2024, 1, 2, 10, 5)),
        (DATETIME, "1/2/24 10.05", datetime(2024, 2, 1, 10, 5), datetime(2024, 1, 2, 10, 5)),
        (DATETIME, "1/2/2024 10:05 PM", datetime(2024, 2, 1, 22, 5), datetime(2024, 1, 2, 22, 5)),
    ],
)
def test_what_both_orders_can_read_they_read_differently(one, text, first, second):
    assert read(one, under(one, "day-first"), [text]) == [first]
    assert read(one, under(one, "month-first"), [text]) == [second]


def test_what_only_one_order_can_read_the_other_does_not():
    for text in ("31/01/2024", "13-1-24", "25.12.2024"):
        assert read(DATE, under(DATE, "month-first"), [text]) == [None]
    for text in ("01/31/2024", "1-13-24", "12.25.2024"):
        assert read(DATE, under(DATE, "day-first"), [text]) == [None]


def test_every_month_has_its_names():
    texts, days = [], []
    for month, (italian, english) in enumerate(zip(ITALIAN, ENGLISH, strict=True), 1):
        names = (italian, italian.upper(), italian[:3], f"{italian[:3]}.", english, english.lower(), english[:3])
        texts += [f"9 {name} 2024" for name in names]
        days += [date(2024, month, 9)] * len(names)
    assert read(DATE, DATE.conventions[0], texts) == days


@given(moments=st.lists(MOMENTS, min_size=1, max_size=8))
@settings(max_examples=12)
def test_a_date_time_is_read_back_in_either_order(moments):
    for name, day in (("day-first", "{0:%d}/{0:%m}/{0.year}"), ("month-first", "{0:%m}/{0:%d}/{0.year}")):
        whole = [one.replace(microsecond=0) for one in moments]
        texts = [one.isoformat() for one in moments]
        texts += [day.format(one) + f" {one:%H:%M:%S}" for one in whole]
        texts += [day.format(one) + f" {one:%H.%M.%S}" for one in whole]
        texts += [day.format(one) + f" {one:%I:%M:%S %p}" for one in whole]
        assert read(DATETIME, under(DATETIME, name), texts) == [*moments, *whole, *whole, *whole]


@given(
    st.datetimes(datetime(1900, 1, 1), datetime(2199, 12, 31), timezones=st.timezones()), st.sampled_from(["T", " "])
)
@settings(max_examples=30)
def test_a_moment_is_the_same_whatever_its_zone(moment, between):
    if moment.utcoffset().total_seconds() % 60 or abs(moment.utcoffset().total_seconds()) > 14 * 3600:
        return
    text = moment.replace(fold=0).isoformat(between)
    expected = datetime.fromisoformat(text)
    values = read(INSTANT, INSTANT.conventions[0], [text, text[:-3] + text[-2:], f"{text[:-6]} {text[-6:]}"])
    assert values == [expected] * 3


@given(st.times().map(lambda one: one.replace(fold=0)))
@settings(max_examples=30)
def test_a_time_is_read_back(moment):
    whole = moment.replace(microsecond=0)
    texts = [moment.isoformat(), f"{moment:%H:%M}", f"{moment.hour}:{moment:%M:%S}", f"{moment:%I:%M:%S %p}"]
    assert read(TIME, TIME.conventions[0], texts) == [moment, time(moment.hour, moment.minute), whole, whole]


@pytest.mark.parametrize(
    ("one", "text"),
    [
        (DATE, "2024-01-31 10:05:06"),
        (DATE, "31/01/2024 10:05"),
        (DATE, "31/01/2024 10.05"),
        (TIME, "24:00:00"),
        (TIME, "25:10:00"),
        (TIME, "120:00"),
        (DATETIME, "2024-01-31T10:05:06Z"),
        (DATETIME, "2024-01-31T10:05:06+01:00"),
        (INSTANT, "2024-01-31T10:05:06"),
    ],
)
def test_a_misfit_that_tells_more_forbids_the_type_however_rare_it_is(one, text):
    assert any(re.fullmatch(pattern, text) for pattern in one.never_with)
    assert all(read(one, convention, [text]) == [None] for convention in one.conventions)
