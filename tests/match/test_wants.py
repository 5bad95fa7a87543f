"""Wants valued on declared scales, as intervals."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portico.city.model import Staleness
from portico.dates import PartialDate
from portico.figures import Figure, Statement, Status
from portico.match.criteria import AREA, CONDITION, MINUTES_TO_NEAREST
from portico.match.model import Measured, Want
from portico.match.wants import contribute, value_at, value_of_words, value_over

AS_OF = date(2026, 11, 23)
UNIT = st.floats(0, 1)
XS = st.floats(-1000, 1000)
BOUNDS = st.none() | XS
TOLERANCE = 1e-9


@st.composite
def scales(draw):
    """Scales as a brief may declare them: points from left to right, values between 0 and 1."""
    xs = sorted(draw(st.lists(st.integers(-100, 100), min_size=2, max_size=5, unique=True)))
    return tuple((float(x), draw(UNIT)) for x in xs)


@given(scales(), XS)
def test_a_value_lies_between_nothing_and_one(scale, x):
    assert 0 <= value_at(scale, x) <= 1 + TOLERANCE


@given(scales())
def test_a_scale_holds_its_points_and_is_level_beyond_its_ends(scale):
    for x, value in scale:
        assert value_at(scale, x) == pytest.approx(value)
    assert value_at(scale, scale[0][0] - 5) == scale[0][1]
    assert value_at(scale, scale[-1][0] + 5) == scale[-1][1]


@given(scales(), st.tuples(XS, XS).map(sorted), UNIT)
def test_the_value_over_an_interval_holds_the_value_of_every_point_of_it(scale, ends, part):
    low, high = ends
    least, most = value_over(scale, low, high)
    x = low + (high - low) * part
    assert least - TOLERANCE <= value_at(scale, x) <= most + TOLERANCE


@given(scales(), BOUNDS, BOUNDS, XS)
def test_a_missing_bound_may_be_anything_beyond(scale, low, high, x):
    if low is not None and high is not None and low > high:
        low, high = high, low
    least, most = value_over(scale, low, high)
    assert least <= most
    if (low is None or x >= low) and (high is None or x <= high):
        assert least - TOLERANCE <= value_at(scale, x) <= most + TOLERANCE


@given(scales(), st.tuples(XS, XS).map(sorted), st.floats(0, 100), st.floats(0, 100))
def test_a_wider_interval_never_has_a_narrower_value(scale, ends, less, more):
    low, high = ends
    least, most = value_over(scale, low, high)
    wider_least, wider_most = value_over(scale, low - less, high + more)
    assert wider_least <= least + TOLERANCE
    assert wider_most >= most - TOLERANCE


@given(st.dictionaries(st.sampled_from(["built", "green", "to-remediate"]), UNIT, min_size=1), st.data())
def test_words_not_stated_may_be_worth_anything_that_stated_ones_are(values, data):
    least, most = value_of_words(values, Statement.missing())
    words = data.draw(st.lists(st.sampled_from(["built", "green", "to-remediate"]), min_size=1, unique=True))
    found = value_of_words(values, Statement(tuple(words), Status.DECLARED))
    assert found[0] == found[1] == max(values.get(word, 0.0) for word in words)
    assert least <= found[0] <= most


SCALE = ((0.0, 0.0), (100.0, 1.0))
SIZE = Want(criterion="area", basis="offered", weight=1.0, scale=SCALE)


def _contribute(want, known, found, widening=0.25):
    return contribute(want, known, Measured(found), 0.5, AS_OF, Staleness(24, widening))


def _area(low, high, day="2026"):
    return Figure((low + high) / 2, low, high, "m2", Status.DECLARED, PartialDate.parse(day) if day else None)


def test_a_fresh_figure_is_worth_its_interval():
    found = _contribute(SIZE, AREA, _area(20.0, 40.0))
    assert (found.low, found.high, found.share, found.is_stale) == (0.2, 0.4, 0.5, False)


def test_what_nobody_knows_is_worth_anything():
    found = _contribute(SIZE, AREA, Figure.missing("m2"))
    assert (found.low, found.high, found.is_known, found.is_stale) == (0.0, 1.0, False, False)
    bounded = _contribute(SIZE, AREA, Figure.missing("m2", high=30.0))
    assert (bounded.low, bounded.high) == (0.0, pytest.approx(0.3))


@given(st.tuples(st.floats(0, 100), st.floats(0, 100)).map(sorted), st.sampled_from(["2020", None]), UNIT)
def test_an_old_figure_is_worth_a_wider_interval_that_holds_the_fresh_one(ends, day, widening):
    fresh = _contribute(SIZE, AREA, _area(*ends))
    stale = _contribute(SIZE, AREA, _area(*ends, day), widening)
    assert stale.is_stale
    assert 0 <= stale.low <= fresh.low <= fresh.high <= stale.high <= 1
    assert stale.low == pytest.approx(max(0.0, fresh.low - widening))


def test_what_does_not_age_is_never_widened():
    want = Want(criterion="minutes-to-nearest", weight=1.0, scale=SCALE)
    found = _contribute(want, MINUTES_TO_NEAREST, Figure(50.0, 40.0, 60.0, "min", Status.ESTIMATED))
    assert (found.low, found.high, found.is_stale) == (0.4, 0.6, False)


def test_old_words_are_widened_too():
    want = Want(criterion="condition", weight=1.0, values={"built": 0.6, "green": 1.0})
    found = _contribute(want, CONDITION, Statement(("built",), Status.DECLARED, PartialDate.parse("2020")))
    assert (found.low, found.high, found.is_stale) == (pytest.approx(0.35), pytest.approx(0.85), True)
