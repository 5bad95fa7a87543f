"""Musts decided: never pass and fail at once, no doubt ever turned into an answer."""

from __future__ import annotations

import dataclasses
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portico.dates import PartialDate, is_stale
from portico.figures import Figure, Statement, Status
from portico.match.criteria import AREA, CRITERIA, MINUTES_TO_NEAREST, USE
from portico.match.model import Measured, Must, Outcome
from portico.match.musts import NEAR_SHARE, decide, outcome_of_number, outcome_of_words

AS_OF = date(2026, 11, 23)
LIMIT = 24
VALUES = st.integers(0, 50).map(float)
DATES = st.none() | st.sampled_from(["2026-11", "2025", "2024-12-01", "2024-11", "2024", "2001"]).map(PartialDate.parse)
WORDS = st.sampled_from(["production", "research", "offices", "park"])
STATEMENTS = st.builds(
    lambda words, day: Statement(tuple(words), Status.DECLARED if words else Status.MISSING, day),
    st.lists(WORDS, unique=True, max_size=3),
    DATES,
)
WORD_MUSTS = st.builds(
    lambda any_of, none_of: Must(criterion="use", any_of=tuple(any_of), none_of=tuple(none_of)),
    st.lists(WORDS, unique=True, max_size=3),
    st.lists(WORDS, unique=True, max_size=3),
).filter(lambda must: must.any_of or must.none_of)


@st.composite
def figures(draw):
    """Figures, known ones and bounded ones, dated or not."""
    low, value, high = sorted(draw(st.tuples(VALUES, VALUES, VALUES)))
    day = draw(DATES)
    if draw(st.booleans()):
        return Figure(value, low, high, "m2", Status.DECLARED, day)
    bounds = {"low": draw(st.sampled_from([None, low])), "high": draw(st.sampled_from([None, high]))}
    return Figure.missing("m2", as_of=day, **bounds)


@st.composite
def limits(draw):
    """A must on a number."""
    name = draw(st.sampled_from(["at_least", "at_most"]))
    return Must(criterion="area", basis="offered", **{name: draw(VALUES)})


def _decide(must, found, known=AREA):
    return decide(must, known, Measured(found), AS_OF, LIMIT)


def _possible(figure: Figure) -> tuple[float, float]:
    low = figure.low if figure.low is not None else float("-inf")
    high = figure.high if figure.high is not None else float("inf")
    return low, high


@given(figures(), limits())
def test_a_number_is_decided_as_every_value_it_may_have(figure, must):
    low, high = _possible(figure)
    ways = {value >= must.at_least if must.at_least is not None else value <= must.at_most for value in (low, high)}
    found = outcome_of_number(figure, must.at_least, must.at_most)
    if found is Outcome.FAIL:
        assert ways == {False}
    elif found is Outcome.PASS:
        assert ways == {True}
        assert figure.is_known
    else:
        assert len(ways) == 2 or not figure.is_known
    if ways == {False}:
        assert found is Outcome.FAIL


@given(figures(), limits(), VALUES, VALUES)
def test_widening_an_interval_never_turns_doubt_into_an_answer(figure, must, less, more):
    narrow = outcome_of_number(figure, must.at_least, must.at_most)
    low = None if figure.low is None else figure.low - less
    high = None if figure.high is None else figure.high + more
    wide = outcome_of_number(dataclasses.replace(figure, low=low, high=high), must.at_least, must.at_most)
    assert wide in (narrow, Outcome.UNKNOWN)


@given(figures(), VALUES, VALUES)
def test_asking_for_more_never_helps(figure, one, other):
    order = {Outcome.FAIL: 0, Outcome.UNKNOWN: 1, Outcome.PASS: 2}
    less, more = sorted((one, other))
    assert order[outcome_of_number(figure, more, None)] <= order[outcome_of_number(figure, less, None)]
    assert order[outcome_of_number(figure, None, less)] <= order[outcome_of_number(figure, None, more)]


@given(figures(), limits())
def test_stale_comes_only_from_what_would_pass(figure, must):
    plain = outcome_of_number(figure, must.at_least, must.at_most)
    found = _decide(must, figure).outcome
    if found is Outcome.STALE:
        assert plain is Outcome.PASS
        assert is_stale(figure.as_of, AS_OF, LIMIT)
    else:
        assert found is plain
        assert found is not Outcome.PASS or not is_stale(figure.as_of, AS_OF, LIMIT)


@given(STATEMENTS, WORD_MUSTS)
def test_stale_words_come_only_from_what_would_pass(statement, must):
    plain = outcome_of_words(statement, must)
    found = _decide(must, statement, USE).outcome
    stale = is_stale(statement.as_of, AS_OF, LIMIT)
    assert found is (Outcome.STALE if plain is Outcome.PASS and stale else plain)


@given(STATEMENTS, WORD_MUSTS)
def test_words_are_decided_as_their_lists_say(statement, must):
    stated = set(statement.values)
    found = outcome_of_words(statement, must)
    if not stated:
        assert found is Outcome.UNKNOWN
    elif stated & set(must.none_of):
        assert found is Outcome.FAIL
    elif not must.any_of or stated & set(must.any_of):
        assert found is Outcome.PASS
    else:
        assert found is (Outcome.UNKNOWN if must.none_of else Outcome.FAIL)


@given(limits())
def test_what_nobody_knows_is_never_decided(must):
    assert _decide(must, Figure.missing("m2")).outcome is Outcome.UNKNOWN


def test_an_estimate_of_minutes_does_not_age():
    must = Must(criterion="minutes-to-nearest", at_most=30.0)
    figure = Figure(15.0, 12.0, 20.0, "min", Status.ESTIMATED, None)
    assert _decide(must, figure, MINUTES_TO_NEAREST).outcome is Outcome.PASS


@given(figures(), limits())
def test_a_fail_says_by_how_much_even_its_best_bound_falls_short(figure, must):
    decided = _decide(must, figure)
    assert (decided.short_by is not None) == (decided.outcome is Outcome.FAIL)
    if decided.short_by is not None:
        gap = must.at_least - figure.high if must.at_least is not None else figure.low - must.at_most
        assert decided.short_by.value == gap > 0
        limit = must.at_least if must.at_least is not None else must.at_most
        assert decided.is_near == (limit > 0 and gap <= NEAR_SHARE * limit)
    else:
        assert not decided.is_near


@given(figures(), limits())
def test_every_outcome_has_its_reason(figure, must):
    decided = _decide(must, figure)
    assert decided.reason.id.startswith(f"reason.{decided.outcome.value}.")
    assert {"found", "limit", "as_of"} <= set(decided.reason.values)


def test_the_criteria_have_names_of_their_own():
    assert len({one.id for one in CRITERIA}) == len(CRITERIA)
    for one in CRITERIA:
        assert not (one.unit and one.words)
    assert {one.id for one in CRITERIA if not one.unit and not one.words} == {"municipality", "site"}


@pytest.mark.parametrize(
    ("day", "outcome"),
    [("2024-11-23", Outcome.PASS), ("2024-11-22", Outcome.STALE), ("2024-11", Outcome.STALE), ("2025", Outcome.PASS)],
)
def test_the_limit_of_age_is_the_citys(day, outcome):
    figure = Figure.exactly(10.0, "m2", Status.DECLARED, as_of=PartialDate.parse(day))
    assert _decide(Must(criterion="area", basis="offered", at_least=5.0), figure).outcome is outcome
