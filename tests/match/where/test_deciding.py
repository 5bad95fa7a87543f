"""Musts and wants in arrays are those of one site after the other, whatever the numbers."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portico.city.model import Staleness
from portico.figures import Figure, Status
from portico.match.criteria import criterion
from portico.match.criteria.spread import UNDATED, Spread
from portico.match.methods.stated import Direction
from portico.match.model import Must, Outcome, Want
from portico.match.musts import outcome_of_number
from portico.match.wants import scale_of, value_over
from portico.match.where.deciding import outcomes, standing, unanswered, value
from portico.match.where.model import OUTCOMES, STANDINGS, Standing

MINUTES, GRAVITY = criterion("minutes-to-nearest"), criterion("gravity")
AS_OF = date(2026, 11, 23)
bounds = st.one_of(st.none(), st.floats(0, 200, width=32))


@st.composite
def figures(draw):
    """A figure as a criterion may find it: bounds in order, any of them unknown."""
    low, mid, high = draw(bounds), draw(bounds), draw(bounds)
    known = sorted(one for one in (low, mid, high) if one is not None)
    found = iter(known)
    low, mid, high = (None if one is None else next(found) for one in (low, mid, high))
    if mid is None:
        return Figure.missing("min", low=low, high=high)
    return Figure(mid, low, high, "min", Status.ESTIMATED)


def _spread(every, days=None):
    columns = [[getattr(one, name) for one in every] for name in ("low", "value", "high")]
    made = [np.array([np.nan if one is None else one for one in column], dtype=float) for column in columns]
    return Spread(*made, (), None if days is None else np.array(days))


@given(st.lists(figures(), min_size=1, max_size=8), st.floats(0, 200), st.booleans())
def test_outcomes_are_those_of_one_after_the_other(every, limit, at_least):
    must = Must(criterion=MINUTES.id, **{"at_least" if at_least else "at_most": limit})
    found = outcomes(must, MINUTES, _spread(every), AS_OF, 24)
    assert [OUTCOMES[one] for one in found] == [outcome_of_number(one, must.at_least, must.at_most) for one in every]


@given(
    st.lists(figures(), min_size=1, max_size=8),
    st.sampled_from([((10.0, 1.0), (60.0, 0.0)), ((0.0, 0.0), (50.0, 1.0), (90.0, 0.2)), ()]),
)
def test_values_are_those_of_one_after_the_other(every, scale):
    want = Want(criterion=MINUTES.id, scale=scale, weight=1.0)
    found = value(want, MINUTES, 1.0, _spread(every), AS_OF, Staleness())
    for at, one in enumerate(every):
        expected = value_over(scale_of(want, MINUTES), one.low, one.high)
        assert (found.low[at], found.high[at]) == pytest.approx(expected, abs=1e-9)


def test_old_data_widens_a_value_and_leaves_a_must_open():
    every = [Figure.exactly(one, "1", Status.ESTIMATED) for one in (5.0, 5.0, 5.0)]
    days = [date(2026, 1, 1).toordinal(), date(2020, 1, 1).toordinal(), UNDATED]
    spread = _spread(every, days)
    want = Want(criterion=GRAVITY.id, weight=1.0, direction=Direction.MAX, range=(0.0, 10.0))
    found = value(want, GRAVITY, 1.0, spread, AS_OF, Staleness(24, 0.25))
    assert found.low.tolist() == pytest.approx([0.5, 0.25, 0.25])
    assert found.high.tolist() == pytest.approx([0.5, 0.75, 0.75])
    assert found.stale == 2
    decided = outcomes(Must(criterion=GRAVITY.id, at_least=4.0), GRAVITY, spread, AS_OF, 24)
    assert [OUTCOMES[one] for one in decided] == [Outcome.PASS, Outcome.STALE, Outcome.STALE]


@given(st.lists(st.lists(st.sampled_from(range(len(OUTCOMES))), min_size=4, max_size=4), max_size=4))
def test_any_fail_excludes_and_any_doubt_is_a_doubt(decided):
    found = standing([np.array(one, dtype=np.int8) for one in decided], 4)
    for cell in range(4):
        became = {OUTCOMES[one[cell]] for one in decided}
        expected = (
            Standing.EXCLUDED
            if Outcome.FAIL in became
            else Standing.IN_DOUBT
            if became - {Outcome.PASS}
            else Standing.FITS
        )
        assert STANDINGS[found[cell]] is expected


def test_a_want_nobody_can_answer_is_its_whole_range():
    condition = criterion("condition")
    want = Want(criterion="condition", values={"green": 0.8, "built": 0.3}, weight=1.0)
    found = unanswered(want, condition, 0.5, 3)
    assert (found.low.tolist(), found.high.tolist(), found.is_open) == ([0.0] * 3, [0.8] * 3, True)
    power = unanswered(
        Want(criterion="electric-power", scale=((0, 0.1), (10, 0.9)), weight=1.0), criterion("electric-power"), 0.5, 2
    )
    assert (power.low.tolist(), power.high.tolist()) == ([0.1] * 2, [0.9] * 2)
