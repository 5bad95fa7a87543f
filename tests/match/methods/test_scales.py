from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portico.errors import InputError
from portico.match.methods.scales import Scale
from portico.match.wants import value_at, value_over

UNKNOWN = float("nan")
NUMBERS = st.floats(-1e3, 1e3).map(lambda x: round(x, 3))


@st.composite
def scales(draw):
    xs = sorted(draw(st.sets(NUMBERS, min_size=2, max_size=5)))
    return Scale(tuple((x, draw(st.floats(0, 1))) for x in xs))


@given(scales(), st.lists(NUMBERS, min_size=1))
def test_values_are_those_of_a_want(scale, xs):
    assert scale.values(np.array(xs)) == pytest.approx([value_at(scale.points, x) for x in xs])


@given(scales(), NUMBERS | st.none(), NUMBERS | st.none())
def test_bounds_are_those_of_a_want(scale, low, high):
    if low is not None and high is not None:
        low, high = sorted((low, high))
    least, most = scale.bounds(*(np.array([UNKNOWN if one is None else one]) for one in (low, high)))
    assert (least[0], most[0]) == pytest.approx(value_over(scale.points, low, high))


def test_positive_inverse_and_ideal():
    x = np.array([0.0, 10, 15, 20, 40, UNKNOWN])
    assert Scale.positive(10, 20).values(x)[:5].tolist() == [0, 0, 0.5, 1, 1]
    assert Scale.inverse(10, 20).values(x)[:5].tolist() == [1, 1, 0.5, 0, 0]
    assert Scale.ideal(10, 15, 20).values(x)[:5].tolist() == [0, 0, 1, 0, 0]
    assert Scale.ideal(10, 10, 20).values(x)[:5].tolist() == [1, 1, 0.5, 0, 0]
    assert Scale.ideal(10, 20, 20).values(x)[:5].tolist() == [0, 0, 0.5, 1, 1]
    assert np.isnan(Scale.positive(10, 20).values(x)[5])


def test_beyond_the_ends_it_is_level_unless_lines_go_on():
    x = np.array([0.0, 30.0])
    assert Scale.positive(10, 20).values(x).tolist() == [0, 1]
    assert Scale.positive(10, 20, goes_on=True).values(x).tolist() == [-1, 2]
    assert Scale.ideal(10, 15, 20, goes_on=True).values(x).tolist() == [-2, -2]


def test_what_is_unknown_is_anything_on_the_scale():
    low, high = np.array([UNKNOWN, UNKNOWN, 12, 30]), np.array([UNKNOWN, 12, UNKNOWN, UNKNOWN])
    least, most = Scale.positive(10, 20).bounds(low, high)
    assert least.tolist() == [0, 0, 0.2, 1]
    assert most.tolist() == [1, 0.2, 1, 1]


@pytest.mark.parametrize("points", [(), ((1, 0),), ((1, 0), (1, 1)), ((2, 0), (1, 1)), ((0, 0), (float("inf"), 1))])
def test_a_scale_that_is_none_is_refused(points):
    with pytest.raises(InputError):
        Scale(points)
