"""Deadlines: counted by hand, and what must hold of every clock."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.permits.packs import procedure, term

from portico.city.model import Calendar
from portico.errors import InputError, UsageError
from portico.permits.clock import Event, add_days, days_between, deadline, off_holiday, span
from portico.permits.model import Days, Stop

TORINO = Calendar("IT", patron_day="06-24")
KINDS = st.sampled_from([Days.CALENDAR, Days.WORKING])
DAYS = st.dates(date(2015, 1, 1), date(2040, 12, 31))
COUNTS = st.integers(1, 180)


@pytest.mark.parametrize(
    ("filed", "count", "days", "ends"),
    [
        (date(2026, 3, 2), 30, Days.CALENDAR, date(2026, 4, 1)),
        (date(2026, 5, 25), 30, Days.CALENDAR, date(2026, 6, 25)),  # the patron's day moves the end by one
        (date(2026, 11, 25), 30, Days.CALENDAR, date(2026, 12, 28)),  # Christmas, St Stephen, a Sunday
        (date(2026, 6, 22), 3, Days.WORKING, date(2026, 6, 26)),  # 23, 25, 26: the patron's day between
        (date(2028, 2, 28), 1, Days.CALENDAR, date(2028, 2, 29)),  # a leap day is a day
        (date(2028, 1, 30), 30, Days.CALENDAR, date(2028, 2, 29)),
        (date(2027, 1, 30), 30, Days.CALENDAR, date(2027, 3, 1)),
        (date(2026, 8, 14), 1, Days.WORKING, date(2026, 8, 17)),
    ],
)
def test_terms_end_on_the_day_counted_by_hand(filed, count, days, ends):
    assert deadline(TORINO, filed, count, days).day == ends


def test_a_saturday_ends_a_calendar_term_a_sunday_does_not():
    assert off_holiday(TORINO, date(2026, 5, 9)) == date(2026, 5, 9)
    assert off_holiday(TORINO, date(2026, 5, 10)) == date(2026, 5, 11)


@given(DAYS, COUNTS, KINDS, st.integers(0, 179), st.integers(0, 400))
def test_a_suspension_moves_the_end_by_exactly_its_days_by_the_rule_s_own_counting(filed, count, days, after, length):
    begun = add_days(TORINO, filed, min(after, count), days)
    pause = Event(Stop.SUSPEND, begun, begun + timedelta(days=length))
    plain, paused = deadline(TORINO, filed, count, days), deadline(TORINO, filed, count, days, [pause])
    assert paused.counted is not None
    assert plain.counted is not None
    assert days_between(TORINO, plain.counted, paused.counted, days) == days_between(TORINO, begun, pause.until, days)


@given(DAYS, COUNTS, KINDS, st.integers(0, 179))
def test_a_restart_begins_the_whole_term_again(filed, count, days, after):
    again = add_days(TORINO, filed, min(after, count), days)
    restarted = deadline(TORINO, filed, count, days, [Event(Stop.RESTART, again)])
    assert restarted.counted == deadline(TORINO, again, count, days).counted


@given(DAYS, COUNTS, KINDS, st.integers(1, 90))
def test_an_extension_adds_its_days(filed, count, days, more):
    extended = deadline(TORINO, filed, count, days, [Event(Stop.EXTEND, filed, more=more)])
    assert extended.counted == add_days(TORINO, filed, count + more, days)


@given(DAYS, COUNTS, KINDS, st.integers(1, 60))
def test_what_comes_after_the_end_changes_nothing_and_is_told(filed, count, days, late):
    plain = deadline(TORINO, filed, count, days)
    assert plain.counted is not None
    event = Event(Stop.RESTART, plain.counted + timedelta(days=late))
    assert deadline(TORINO, filed, count, days, [event]) == type(plain)(
        filed, plain.counted, plain.day, 0, plain.tacit, (event,)
    )


@given(DAYS, COUNTS, st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=4))
def test_overlapping_suspensions_give_each_day_back_once(filed, count, pauses):
    events = [
        Event(Stop.SUSPEND, filed + timedelta(days=start), filed + timedelta(days=start + length))
        for start, length in pauses
    ]
    end = deadline(TORINO, filed, count, Days.CALENDAR, events).counted
    stopped = set()
    for event in events:
        assert event.until is not None
        stopped |= {event.day + timedelta(days=step) for step in range(1, (event.until - event.day).days + 1)}
    # Counted again the slow way: day by day, those on which the clock ran; a pause from the last day on holds it up.
    day, ran = filed, 0
    while ran < count or any(event.day <= day < event.until for event in events if event.until):
        day += timedelta(days=1)
        ran += day not in stopped
        assert ran <= count
    assert end == day


def test_a_clock_that_stands_still_has_no_end_but_days_to_go():
    found = deadline(TORINO, date(2026, 3, 2), 30, Days.CALENDAR, [Event(Stop.SUSPEND, date(2026, 3, 12))])
    assert (found.day, found.left) == (None, 20)


def test_a_request_on_the_last_day_is_in_time_and_the_term_ends_with_the_answer():
    pause = Event(Stop.SUSPEND, date(2026, 4, 1), date(2026, 4, 20))
    assert deadline(TORINO, date(2026, 3, 2), 30, Days.CALENDAR, [pause]).counted == date(2026, 4, 20)


def test_filing_on_either_side_of_a_change_of_law_uses_the_right_term():
    conference = procedure("CONFERENCE", term(59, 107, until=date(2026, 2, 19)), term(44, 77, since=date(2026, 2, 20)))
    assert conference.term_on(date(2026, 2, 19)).most == 107
    assert conference.term_on(date(2026, 2, 20)).most == 77


def test_before_the_first_term_and_after_the_last_none_is_in_force():
    brief = procedure("BRIEF", term(10, since=date(2026, 2, 21), until=date(2026, 12, 31)))
    assert [brief.term_on(day) is None for day in (date(2026, 2, 20), date(2026, 2, 21), date(2027, 1, 1))] == [
        True,
        False,
        True,
    ]


def test_bad_input_is_refused_with_what_and_when():
    with pytest.raises(InputError):
        deadline(TORINO, date(2026, 3, 2), 30, Days.CALENDAR, [Event(Stop.RESTART, date(2026, 3, 1))])
    pause = Event(Stop.SUSPEND, date(2026, 3, 9), date(2026, 3, 8))
    with pytest.raises(InputError):
        deadline(TORINO, date(2026, 3, 2), 30, Days.CALENDAR, [pause])
    with pytest.raises(UsageError):
        deadline(TORINO, date(2026, 3, 2), 30, Days.WORKING, [Event(Stop.SUSPEND, date(2026, 3, 9), date(9999, 1, 1))])


@given(DAYS, st.integers(0, 90), st.integers(0, 90), KINDS)
def test_a_span_is_in_order_and_papers_never_shorten_it(filed, least, more, days):
    for stop in Stop:
        found = span(TORINO, filed, term(least, least + more, days, stop=stop, stop_days=30))
        assert found.latest is not None
        assert found.with_papers is not None
        assert filed <= found.earliest <= found.latest <= found.with_papers


def test_a_term_that_was_not_found_has_no_latest_day():
    assert span(TORINO, date(2026, 3, 2), term(None)).latest is None
    limitless = span(TORINO, date(2026, 3, 2), term(30, stop=Stop.SUSPEND))
    assert (limitless.latest, limitless.with_papers) == (date(2026, 4, 1), None)
