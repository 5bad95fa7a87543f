from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from portico.errors import InputError
from portico.match.methods.drawing import How, draw
from portico.match.methods.drawing import _Box as Box
from portico.match.methods.drawing import _walked as walked
from portico.match.methods.weights import Weights, rank_reciprocal, shares

NAN = float("nan")


def chance(seed=1):
    return np.random.Generator(np.random.PCG64(seed))


@st.composite
def constrained(draw):
    count = draw(st.integers(2, 5))
    part = st.integers(0, 10).map(lambda n: n / 10)
    bounds = [sorted((draw(part), draw(part))) for _ in range(count)]
    ranks = draw(st.lists(st.sampled_from([1.0, 2.0, 3.0, NAN]), min_size=count, max_size=count))
    return [one[0] for one in bounds], [one[1] for one in bounds], ranks


def programme(low, high, ranks):
    """The constraints as a linear programme has them."""
    count = len(low)
    upper, equal = [], [np.ones(count)]
    for i in range(count):
        for j in range(count):
            row = np.zeros(count)
            row[j], row[i] = 1, -1
            if ranks[i] < ranks[j]:
                upper.append(row)
            elif ranks[i] == ranks[j] and i < j:
                equal.append(row)
    right = [1.0, *[0.0] * (len(equal) - 1)]
    return {
        "A_ub": np.array(upper) if upper else None,
        "b_ub": np.zeros(len(upper)) if upper else None,
        "A_eq": np.array(equal),
        "b_eq": right,
        "bounds": list(zip(low, high, strict=True)),
    }


@given(constrained())
def test_weights_are_refused_just_where_none_are_and_bounds_leave_none_out(given_):
    low, high, ranks = given_
    asked = programme(low, high, ranks)
    possible = linprog(np.zeros(len(low)), **asked).status == 0
    try:
        made = Weights.of(low, high, ranks)
    except InputError:
        assert not possible
        return
    assert possible
    assert made.allows(made.middle()).all()
    for k in range(len(low)):
        direction = np.eye(len(low))[k]
        assert made.low[k] <= linprog(direction, **asked).fun + 1e-7
        assert made.high[k] >= -linprog(-direction, **asked).fun - 1e-7


@given(constrained(), st.integers(0, 10))
def test_every_draw_is_allowed(given_, seed):
    try:
        made = Weights.of(*given_)
    except InputError:
        return
    found = draw(made, 50, chance(seed))
    assert found.weights.shape == (50, made.count)
    assert made.allows(found.weights).all()


def test_exact_weights_are_drawn_as_they_are():
    found = draw(Weights.exactly([3, 1]), 4, chance())
    assert found.how is How.EXACT
    assert found.weights.tolist() == [[0.75, 0.25]] * 4


def test_the_mean_of_free_weights_is_equal_and_each_part_of_the_simplex_is_as_likely():
    found = draw(Weights.free(3), 40_000, chance())
    assert found.how is How.SIMPLEX
    assert found.weights.mean(axis=0) == pytest.approx([1 / 3] * 3, abs=0.005)
    assert (found.weights.max(axis=1) > 0.5).mean() == pytest.approx(0.75, abs=0.01)  # three corners of a quarter each


def test_an_order_is_the_free_weights_sorted():
    found = draw(Weights.in_order([2, 1, 3]), 40_000, chance())
    sorted_ones = np.sort(draw(Weights.free(3), 40_000, chance(2)).weights, axis=1)[:, [1, 2, 0]]
    assert found.how is How.SIMPLEX
    for power in (1, 2):
        assert (found.weights**power).mean(axis=0) == pytest.approx((sorted_ones**power).mean(axis=0), abs=0.005)


def test_equal_ranks_are_equal_weights_and_what_has_no_rank_is_free():
    found = draw(Weights.in_order([1, 1, 2, NAN]), 1_000, chance()).weights
    assert (found[:, 0] == found[:, 1]).all()
    assert (found[:, 1] >= found[:, 2]).all()
    assert (found[:, 3] > found[:, 0]).any()
    assert (found[:, 3] < found[:, 2]).any()


def test_ranges_are_drawn_by_rejection_and_uniformly():
    weights = Weights.of([0.1, 0.2, 0.0], [0.5, 0.6, 0.7])
    found = draw(weights, 40_000, chance())
    assert found.how is How.REJECTION
    free = draw(Weights.free(3), 400_000, chance(3)).weights
    kept = free[weights.allows(free)]
    assert found.weights.mean(axis=0) == pytest.approx(kept.mean(axis=0), abs=0.005)
    assert np.cov(found.weights.T) == pytest.approx(np.cov(kept.T), abs=0.002)


@pytest.mark.parametrize("ranks", [[NAN] * 4, [1, 2, 3, NAN], [1, 1, 2, 3]])
def test_walking_comes_to_the_same_as_rejection(ranks):
    weights = Weights.of([0.05, 0.1, 0.0, 0.1], [0.6, 0.5, 0.4, 0.5], ranks)
    found = walked(weights, Box.of(weights), 20_000, chance())
    exact = draw(weights, 20_000, chance(4))
    assert exact.how is How.REJECTION
    assert weights.allows(found).all()
    assert found.mean(axis=0) == pytest.approx(exact.weights.mean(axis=0), abs=0.005)
    assert np.cov(found.T) == pytest.approx(np.cov(exact.weights.T), abs=0.002)


def test_where_hardly_any_proposal_fits_weights_are_walked_and_the_same_seed_walks_the_same_way():
    weights = Weights.of([0.04] * 12, [0.14] * 12, range(1, 13))
    found = draw(weights, 300, chance())
    assert found.how is How.HIT_AND_RUN
    assert weights.allows(found.weights).all()
    assert (found.weights == draw(weights, 300, chance()).weights).all()


def test_weights_that_are_fixed_stay_so_among_ranges():
    found = draw(Weights.of([0.3, 0.1, 0.1], [0.3, 0.6, 0.6]), 100, chance()).weights
    assert found[:, 0] == pytest.approx([0.3] * 100)


@pytest.mark.parametrize(
    ("low", "high", "ranks", "error"),
    [
        ([0.6, 0.6], [0.9, 0.9], None, "weights-cannot-sum"),
        ([0.1, 0.1], [0.3, 0.3], None, "weights-cannot-sum"),
        ([20, 30], [40, 50], None, "weights-cannot-sum"),
        ([0.5, 0.1], [0.4, 0.9], None, "weights-unsound"),
        ([-0.1, 0.1], [0.4, 0.9], None, "weights-unsound"),
        ([0.0, 0.5], [0.4, 0.9], [1, 2], "weights-against-order"),
        ([NAN, 0.5], [0.4, 0.9], None, "weights-unsound"),
    ],
)
def test_weights_that_none_are_say_so(low, high, ranks, error):
    with pytest.raises(InputError) as raised:
        Weights.of(low, high, ranks)
    assert raised.value.message_id == error


@pytest.mark.parametrize("numbers", [[0, 0], [-1, 2], [NAN, 1], [float("inf"), 1]])
def test_numbers_that_make_no_shares_are_refused(numbers):
    with pytest.raises(InputError):
        shares(numbers)
    with pytest.raises(InputError):
        rank_reciprocal(numbers)
