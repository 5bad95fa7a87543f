"""A measure over costs known to a range: the same portion by portion, its value that at usual costs, within bounds."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from portico.indicators.access.amounts import Amounts
from portico.indicators.access.costs import Dense
from portico.indicators.access.decay import Exponential
from portico.indicators.access.nearest import nearest
from portico.indicators.access.ranged import ranged
from portico.indicators.access.reach import cumulative, gravity
from portico.territory.nearby import UNREACHED
from portico.territory.travel.layered import Layered
from portico.territory.travel.model import Direction

PLACES, OTHERS = 7, 4
COSTS = arrays(np.int32, (PLACES, OTHERS), elements=st.integers(0, 40_000) | st.just(int(UNREACHED)))
AMOUNTS = st.lists(st.integers(0, 50).map(float) | st.just(math.nan), min_size=OTHERS, max_size=OTHERS)
OUT = Direction.OUTBOUND
MEASURES = {
    "cumulative": lambda amounts: lambda costs: cumulative(costs, amounts, 30),
    "gravity": lambda amounts: lambda costs: gravity(costs, amounts, Exponential(0.05)),
    "nearest": lambda amounts: lambda costs: nearest(costs, amounts, 3).to_kth,
}


def slower(costs, by):
    return np.where(costs >= UNREACHED, UNREACHED, costs * by).astype(np.int32)


@pytest.mark.parametrize("name", sorted(MEASURES))
@given(costs=COSTS, values=AMOUNTS, cut=st.integers(1, PLACES))
def test_portions_are_the_whole_and_the_value_lies_within_its_bounds(name, costs, values, cut):
    measure = MEASURES[name](Amounts.of(np.array(values), "jobs", at_most=60.0))
    layers = (costs, slower(costs, 2), slower(costs, 3))
    whole = ranged([Layered(0, layers)], measure, OUT)
    parts = [Layered(at, tuple(one[at : at + cut] for one in layers)) for at in range(0, PLACES, cut)]
    again = ranged(parts, measure, OUT)
    usual = measure(Dense(layers[1], 600, OUT))
    for one in ("value", "low", "high", "unknown", "reached"):
        np.testing.assert_array_equal(getattr(whole, one), getattr(again, one))
    np.testing.assert_array_equal(whole.value, usual.value)
    for layer in layers:
        scores = measure(Dense(layer, 600, OUT))
        known = ~np.isnan(scores.low)
        assert (whole.low[known] <= scores.low[known]).all()
        assert (whole.high[known] >= scores.high[known]).all()
    nowhere = np.isnan(whole.low)
    assert (np.isnan(whole.high) == nowhere).all()
    assert (np.isnan(whole.value[nowhere])).all()


def test_where_the_slowest_reach_too_few_nothing_bounds_the_minutes():
    costs = np.array([[600, 1_200]], dtype=np.int32)
    gone = np.array([[600, int(UNREACHED)]], dtype=np.int32)
    two = Amounts.one_each(2)
    found = ranged([Layered(0, (costs, costs, gone))], lambda one: nearest(one, two, 2).to_kth, OUT)
    assert (found.value.tolist(), found.low.tolist(), found.high.tolist()) == ([2.0], [2.0], [math.inf])


def test_beyond_a_limit_nothing_is_reached():
    costs = np.array([[600, 27_000, 27_001]], dtype=np.int32)
    three = Amounts.one_each(3)
    found = ranged([Layered(0, (costs,))], lambda one: cumulative(one, three, 45), OUT, limit_minutes=45)
    assert (found.value.tolist(), found.reached.tolist(), found.unit) == ([2.0], [2], "places")


def test_without_places_there_is_nothing_to_say():
    with pytest.raises(ValueError, match="no places"):
        ranged([], MEASURES["cumulative"](Amounts.one_each(1)), OUT)
