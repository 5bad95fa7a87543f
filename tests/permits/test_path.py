"""The path: small ones worked out by hand, and what must hold of every one."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.permits.packs import pack, procedure, term

from portico.city.model import Calendar
from portico.errors import InputError
from portico.permits.clock import off_holiday
from portico.permits.model import Days, Dependency, Link
from portico.permits.path import Scope, path

CALENDAR = Calendar("IT")
FILED = date(2026, 3, 2)
OPEN = "OPEN"


def run(procedures, links, *, perhaps=(), absorbed=None, perhaps_absorbed=None, filed=FILED):
    """Return the path of a small pack and when it opens."""
    made = pack([*procedures, procedure(OPEN, term(0))], links)
    possible = frozenset(made.procedures)
    scope = Scope(possible - set(perhaps), possible, absorbed or {}, perhaps_absorbed or {})
    found = path(made, scope, filed, CALENDAR, (OPEN,))
    opened = found.reached(OPEN)
    assert opened is not None
    return found, opened


def test_one_after_the_other_adds_up_and_side_by_side_takes_the_longer():
    steps = [procedure("A", term(10, 20)), procedure("B", term(5, 60))]
    _, serial = run(steps, [("B", Link.AFTER, "A"), (OPEN, Link.AFTER, "B")])
    _, parallel = run(steps, [(OPEN, Link.AFTER, "A"), (OPEN, Link.AFTER, "B")])
    # A's twentieth day is a Sunday; the sixtieth from the start is Labour Day, a Friday.
    assert (serial.least, serial.most) == (15, 81)
    assert (parallel.least, parallel.most) == (10, 63)
    assert (serial.critical, parallel.critical, parallel.critical_latest) == (("A", "B"), ("A",), ("B",))


def test_what_is_filed_together_begins_together():
    found, opened = run(
        [procedure("DESK", term(30)), procedure("PERMIT", term(90))],
        [("PERMIT", Link.WITH, "DESK"), (OPEN, Link.AFTER, "PERMIT"), (OPEN, Link.AFTER, "DESK")],
    )
    assert opened.least == 91  # day 90 is Sunday 31 May
    assert [one.filed for one in found.steps] == [FILED, FILED]
    slack = {one.procedure: one.slack for one in found.steps}
    assert slack["PERMIT"] == 0
    assert slack["DESK"] == 61  # from Wednesday 1 April to Monday 1 June


def test_a_lag_starts_days_after_the_filing_not_after_the_end():
    conference = Dependency("CONFERENCE", "DESK", Link.AFTER, "Law art. 7", (0, 30))
    _, opened = run(
        [procedure("DESK", term(60)), procedure("CONFERENCE", term(44, 77))],
        [conference, (OPEN, Link.AFTER, "CONFERENCE")],
    )
    assert (opened.least, opened.most) == (44, 107)


def test_what_is_taken_in_is_not_filed_and_passes_on_what_it_waits_for():
    found, opened = run(
        [procedure("STUDY", term(20)), procedure("AIR", term(100)), procedure("SINGLE", term(90))],
        [("AIR", Link.AFTER, "STUDY"), (OPEN, Link.AFTER, "AIR"), (OPEN, Link.AFTER, "SINGLE")],
        perhaps=("AIR",),
        absorbed={"AIR": "SINGLE"},
    )
    assert opened.least == 112  # 2 March, 22 is Sunday: 23 March, ninety days: Sunday 21 June
    single = next(one for one in found.steps if one.procedure == "SINGLE")
    assert single.waits_for == ("STUDY",)


def test_a_term_that_was_not_found_leaves_the_latest_day_open_and_is_named():
    _, opened = run(
        [procedure("A", term(10)), procedure("AWARD", term(None)), procedure("B", term(30))],
        [("B", Link.AFTER, "AWARD"), ("B", Link.AFTER, "A"), (OPEN, Link.AFTER, "B")],
    )
    assert (opened.least, opened.most, opened.most_known, opened.unknown) == (40, None, 40, ("AWARD",))


def test_a_perhaps_never_shortens_and_may_lengthen():
    steps = [procedure("A", term(10)), procedure("LANDSCAPE", term(105))]
    links = [(OPEN, Link.AFTER, "A"), (OPEN, Link.AFTER, "LANDSCAPE")]
    _, perhaps = run(steps, links, perhaps=("LANDSCAPE",))
    _, surely = run(steps, links)
    assert (perhaps.least, perhaps.most) == (10, surely.most)


def test_each_step_is_under_the_law_in_force_when_it_is_filed():
    conference = procedure("C", term(107, until=date(2026, 2, 19)), term(77, since=date(2026, 2, 20)))
    links = [("C", Link.AFTER, "A"), (OPEN, Link.AFTER, "C")]
    _, before = run([procedure("A", term(1)), conference], links, filed=date(2026, 2, 18))
    _, after = run([procedure("A", term(1)), conference], links, filed=date(2026, 2, 19))
    assert (before.least, after.least) == (108, 78)


def test_procedures_that_wait_for_each_other_are_refused_by_name():
    with pytest.raises(InputError) as refused:
        run([procedure("A", term(1)), procedure("B", term(1))], [("A", Link.AFTER, "B"), ("B", Link.AFTER, "A")])
    assert "A → B" in str(refused.value.values["procedures"]) or "B → A" in str(refused.value.values["procedures"])


# Random projects: an order of procedures, each waiting for some of those before it.
TERMS = st.tuples(st.integers(0, 90), st.integers(0, 90), st.sampled_from([Days.CALENDAR, Days.WORKING]))


@st.composite
def projects(draw):
    count = draw(st.integers(1, 8))
    steps = [
        procedure(f"P{number}", term(least, least + more, days))
        for number, (least, more, days) in enumerate(draw(st.lists(TERMS, min_size=count, max_size=count)))
    ]
    pairs = [(a, b) for a in range(count) for b in range(a)]
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True)) if pairs else []
    links = [(f"P{a}", draw(st.sampled_from([Link.AFTER, Link.WITH])), f"P{b}") for a, b in chosen]
    links += [(OPEN, Link.AFTER, one.id) for one in steps]
    perhaps = draw(st.sets(st.sampled_from([one.id for one in steps])))
    return steps, links, perhaps


@given(projects(), st.dates(date(2020, 1, 1), date(2035, 12, 31)))
def test_the_more_is_not_known_the_wider_the_range(project, filed):
    steps, links, perhaps = project
    _, known = run(steps, links, filed=filed)
    _, open_ = run(steps, links, perhaps=perhaps, filed=filed)
    without = [one for one in steps if one.id not in perhaps]
    _, none = run(without, [one for one in links if {one[0], one[2]}.isdisjoint(perhaps)], filed=filed)
    assert open_.least <= min(known.least, none.least)
    assert open_.most_known >= max(known.most_known, none.most_known)


@given(projects(), st.dates(date(2020, 1, 1), date(2035, 12, 31)))
def test_what_runs_side_by_side_is_never_later_than_one_after_the_other(project, filed):
    steps, links, _ = project
    loose = [one for one in links if one[0] == OPEN]
    serial = [(after.id, Link.AFTER, before.id) for before, after in pairwise(steps)]
    _, parallel = run(steps, loose, filed=filed)
    _, chain = run(steps, [*loose, *serial], filed=filed)
    assert parallel.least <= chain.least
    assert parallel.most_known <= chain.most_known


@given(projects(), st.dates(date(2020, 1, 1), date(2035, 12, 31)))
def test_steps_wait_and_the_critical_path_has_no_gap(project, filed):
    steps, links, _ = project
    found, opened = run(steps, links, filed=filed)
    by_name = {one.procedure: one for one in found.steps}
    for after, link, before in links:
        if after != OPEN:
            other = by_name[before]
            assert by_name[after].filed >= (other.filed if link is Link.WITH else other.ends)
    assert opened.earliest == max((one.ends for one in found.steps), default=filed)
    if opened.critical:
        assert by_name[opened.critical[0]].filed == filed
        assert by_name[opened.critical[-1]].ends == opened.earliest
    else:
        assert opened.earliest == filed
    assert opened.earliest - filed == timedelta(days=opened.least)


@settings(max_examples=25)
@given(projects(), st.randoms(use_true_random=False))
def test_slack_is_what_a_step_may_take_longer(project, random):
    steps, links, _ = project
    steps = [procedure(one.id, term(one.terms[0].most)) for one in steps]  # calendar days
    found, opened = run(steps, links)
    step = random.choice(found.steps)
    assert step.latest_filed is not None
    assert step.latest_end is not None
    assert step.slack is not None
    assert step.slack >= 0
    may_end = step.latest_end + timedelta(days=step.slack)

    def opened_if(days):
        longer = [procedure(one.id, term(days)) if one.id == step.procedure else one for one in steps]
        return run(longer, links)[1].latest

    ends = {
        days: off_holiday(CALENDAR, step.latest_filed + timedelta(days=days))
        for days in range((may_end - step.latest_filed).days + 9)
    }
    assert opened_if(max(days for days, end in ends.items() if end <= may_end)) == opened.latest
    late = opened_if(min(days for days, end in ends.items() if end > may_end))
    assert late is not None
    assert opened.latest is not None
    assert late > opened.latest
