"""Dates as facts state them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portico.dates import PartialDate, is_stale, months_before

DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2023-02", date(2023, 2, 1), date(2023, 2, 28)),
        ("2024-12", date(2024, 12, 1), date(2024, 12, 31)),
        ("2024-02-29", date(2024, 2, 29), date(2024, 2, 29)),
    ],
)
def test_a_date_means_every_day_it_may_be(text, earliest, latest):
    found = PartialDate.parse(text)
    assert (found.earliest, found.latest, str(found)) == (earliest, latest, text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "24",
        "2024-13",
        "2024-00",
        "2023-02-29",
        "2024-2",
        "2024-02-1",
        "02/2024",
        "2024-02-30",
        "2024-05-00",
        " 2024",
        "2024 ",
        "2024-",
        "0000",
        "20240",
        "2024-02-29T10:00",
        "2024\n",
        "٢٠٢٤",
        "２０２４-01",
    ],
)
def test_what_is_not_a_day_month_or_year_of_the_calendar_is_refused(text):
    with pytest.raises(ValueError, match=r".*"):
        PartialDate.parse(text)


@given(st.text(max_size=12))
def test_any_text_is_a_date_or_a_value_error(text):
    try:
        found = PartialDate.parse(text)
    except ValueError:
        return
    assert found.earliest <= found.latest


@given(DAYS)
def test_a_full_date_is_itself(day):
    found = PartialDate.parse(day.isoformat())
    assert found.earliest == found.latest == day


@given(DAYS, st.integers(0, 240))
def test_months_before_goes_back_that_many_months_and_never_past_the_day(day, months):
    found = months_before(day, months)
    assert (day.year - found.year) * 12 + day.month - found.month == months
    assert found.day <= day.day
    assert found.day == day.day or (found + timedelta(days=1)).day == 1


@given(DAYS, DAYS, st.integers(1, 60))
def test_an_older_fact_is_never_fresher(one, other, limit):
    older, newer = sorted((one, other))
    as_of = date(2026, 11, 23)
    if is_stale(PartialDate.parse(newer.isoformat()), as_of, limit):
        assert is_stale(PartialDate.parse(older.isoformat()), as_of, limit)


@given(DAYS, st.integers(1, 60))
def test_a_rougher_date_is_never_fresher(day, limit):
    as_of = date(2026, 11, 23)
    exact, month, year = day.isoformat(), f"{day:%Y-%m}", f"{day.year}"
    for finer, rougher in ((exact, month), (month, year)):
        if is_stale(PartialDate.parse(finer), as_of, limit):
            assert is_stale(PartialDate.parse(rougher), as_of, limit)


@pytest.mark.parametrize(
    ("stated", "stale"),
    [
        ("2024-11-23", False),
        ("2024-11-22", True),
        ("2024-12", False),
        ("2024-11", True),
        ("2025", False),
        ("2024", True),
    ],
)
def test_the_limit_falls_on_the_same_day_two_years_before(stated, stale):
    assert is_stale(PartialDate.parse(stated), date(2026, 11, 23), 24) is stale


def test_an_undated_fact_is_stale():
    assert is_stale(None, date(2026, 11, 23), 240)
