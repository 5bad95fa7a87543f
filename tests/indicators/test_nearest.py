"""Minutes to the nearest: what sorting finds, never too few made into infinite minutes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.indicators.matrices import NAN, dense, every_form, scenes, things

from portico.errors import UsageError
from portico.indicators.access.amounts import Amounts
from portico.indicators.access.costs import of_minutes
from portico.indicators.access.nearest import nearest
from portico.territory.nearby import UNREACHED


def plainly(row, amounts, k):
    """Take the nearest one after the other until there are k."""
    left, total = k, 0.0
    for cost, amount in sorted(zip(row, amounts, strict=True)):
        if cost >= UNREACHED or not amount:
            continue
        took = min(left, amount)
        left, total = left - took, total + took * cost / 600
        if left <= 1e-9 * k:
            return cost / 600, total / k
    return NAN, NAN


@given(scenes(), st.sampled_from([1, 2, 3, 250]))
def test_the_kth_and_the_mean_are_what_taking_one_after_the_other_finds(scene, k):
    cost_ds, amounts, _ = scene
    amounts = np.floor(amounts)
    found = nearest(dense(cost_ds), things(amounts), k)
    expected = [plainly(row, amounts.tolist(), k) for row in cost_ds.tolist()]
    assert found.to_kth.value == pytest.approx([one for one, _ in expected], nan_ok=True)
    assert found.mean.value == pytest.approx([mean for _, mean in expected], nan_ok=True)


@given(scenes())
def test_the_next_one_is_never_nearer_and_the_mean_never_beyond_the_last(scene):
    cost_ds, _, _ = scene
    ones = Amounts.one_each(cost_ds.shape[1])
    for k in range(1, cost_ds.shape[1]):
        this, following = nearest(dense(cost_ds), ones, k), nearest(dense(cost_ds), ones, k + 1)
        there = ~np.isnan(following.to_kth.value)
        assert (this.to_kth.value[there] <= following.to_kth.value[there]).all()
        assert (following.mean.value[there] <= following.to_kth.value[there] + 1e-9).all()


@given(scenes(unknown=True), st.sampled_from([1, 3]))
def test_however_costs_are_held_the_nearest_is_the_same(scene, k):
    cost_ds, amounts, _ = scene
    first, *others = [nearest(one, things(amounts), k).to_kth for one in every_form(cost_ds)]
    for other in others:
        assert other.low == pytest.approx(first.low, nan_ok=True)
        assert other.high == pytest.approx(first.high, nan_ok=True)


@given(scenes(unknown=True), st.floats(0, 1000))
def test_whatever_is_not_known_the_minutes_lie_between_the_bounds(scene, truth):
    cost_ds, amounts, _ = scene
    bounded = nearest(dense(cost_ds), things(amounts), 2)
    true = nearest(dense(cost_ds), things(np.where(np.isnan(amounts), truth, amounts)), 2)
    for bounds, found in ((bounded.to_kth, true.to_kth.value), (bounded.mean, true.mean.value)):
        told = ~np.isnan(found)
        assert (bounds.low[told] <= found[told] + 1e-9).all()
        assert (found[told] <= bounds.high[told] + 1e-9).all()


def test_too_few_are_no_minutes_and_said():
    found = nearest(of_minutes(np.array([[5.0, NAN], [NAN, NAN]])), Amounts.one_each(2), 2).to_kth
    assert np.isnan(found.value).all()
    assert [found.figure(place).note.id for place in (0, 1)] == ["access-too-few-reached", "access-nothing-reached"]
    assert (found.figure(0).low, found.figure(0).high, found.figure(0).unit) == (None, None, "min")


def test_an_unknown_amount_nearer_than_the_kth_makes_a_range():
    costs = of_minutes(np.array([[5.0, 9.0, 20.0]]))
    found = nearest(costs, things([NAN, 2.0, 5.0]), 2).to_kth
    assert (found.low[0], found.high[0], found.unknown[0]) == (5.0, 9.0, 1)
    assert found.figure(0).note.id == "access-amounts-unknown"
    assert nearest(costs, things([2.0, NAN, 5.0]), 2).to_kth.value.tolist() == [5.0]
    only_unknown = nearest(costs, things([NAN, 0.0, 0.0]), 2).to_kth.figure(0)
    assert (only_unknown.low, only_unknown.high) == (5.0, None)


def test_many_small_amounts_add_up_exactly():
    """A million amounts before ours in the same block cost no digit."""
    minutes = np.tile(np.arange(1.0, 11.0), (100_000, 1))
    found = nearest(of_minutes(minutes), things(np.full(10, 0.1)), 0.3)
    assert set(found.to_kth.value) == {3.0}
    assert found.mean.value == pytest.approx(np.full(100_000, 2.0))


@pytest.mark.parametrize("k", [0, -1, NAN])
def test_no_nearest_at_all_is_wrong_usage(k):
    with pytest.raises(UsageError):
        nearest(of_minutes(np.array([[5.0]])), things([1.0]), k)


def test_amounts_of_other_places_are_a_mistake():
    with pytest.raises(ValueError, match="2 amounts"):
        nearest(of_minutes(np.array([[5.0]])), things([1.0, 2.0]))
