"""The examples that others have printed, to their digits."""

from __future__ import annotations

import numpy as np
import pytest

from portico.errors import InputError
from portico.match.methods.ahp import ahp
from portico.match.methods.promethee import Preference, Shape, promethee
from portico.match.methods.standing import ranks_of
from portico.match.methods.topsis import topsis
from portico.match.methods.weights import INVESTOR_RANKS, Weights, rank_reciprocal

WANG_CHIN = np.array(
    [
        [1, 4, 3, 1, 3, 4],
        [1 / 4, 1, 7, 3, 1 / 5, 1],
        [1 / 3, 1 / 7, 1, 1 / 5, 1 / 5, 1 / 6],
        [1, 1 / 3, 5, 1, 1, 1 / 3],
        [1 / 3, 5, 5, 1, 1, 3],
        [1 / 4, 1, 6, 3, 1 / 3, 1],
    ]
)


def test_topsis_of_tzeng_and_huang():
    rows = np.array([[5, 8, 4], [7, 6, 8], [8, 8, 6], [7, 4, 6]], dtype=float)
    found = topsis(rows, np.array([0.3, 0.4, 0.3]), [True] * 3)
    assert found.round(4).tolist() == [0.5037, 0.6581, 0.7482, 0.3340]
    assert found.round(6).tolist() == [0.503720, 0.658085, 0.748249, 0.333997]
    assert ranks_of(found).tolist() == [3, 2, 1, 4]


def test_promethee_of_zhao_peng_and_li():
    rows = np.array([[4, 3, 2], [3, 2, 4], [5, 1, 3]], dtype=float)
    assert promethee(rows, np.array([0.5, 0.3, 0.2]), [True] * 3).net.round(12).tolist() == [0.1, -0.3, 0.2]


def test_ahp_of_wang_and_chin():
    found = ahp(WANG_CHIN)
    assert found.weights.round(4).tolist() == [0.3208, 0.1395, 0.0348, 0.1285, 0.2374, 0.1391]
    assert round(found.lambda_max, 5) == 7.41987
    assert round(found.ratio, 3) == 0.229
    assert not found.is_consistent


def test_the_weights_of_investors_are_those_of_the_reference():
    found = dict(zip(INVESTOR_RANKS, rank_reciprocal(list(INVESTOR_RANKS.values())).round(3).tolist(), strict=True))
    assert found == {
        "skilled-labour": 0.248,
        "labour-cost": 0.216,
        "highway-access": 0.115,
        "quality-of-life": 0.083,
        "corporate-tax": 0.073,
        "energy-cost": 0.068,
        "energy-availability": 0.066,
        "tax-exemptions": 0.066,
        "occupancy-cost": 0.065,
    }


def test_the_middle_of_an_order_is_the_rank_order_centroid():
    assert Weights.in_order([1, 2, 3]).middle().round(4).tolist() == [0.6111, 0.2778, 0.1111]


def test_comparisons_that_agree_are_consistent_and_give_their_weights_back():
    weights = np.array([0.5, 0.3, 0.2])
    found = ahp(weights[:, None] / weights)
    assert found.weights == pytest.approx(weights)
    assert found.lambda_max == pytest.approx(3)
    assert (found.ratio, found.is_consistent) == (pytest.approx(0, abs=1e-9), True)
    assert ahp(np.array([[1.0, 4], [0.25, 1]])).weights == pytest.approx([0.8, 0.2])
    assert ahp(np.ones((1, 1))).weights.tolist() == [1.0]


@pytest.mark.parametrize(
    ("matrix", "error"),
    [
        ([[1, 2]], "comparisons-shape"),
        (np.ones((11, 11)), "comparisons-shape"),
        ([[1, 0], [2, 1]], "comparisons-not-positive"),
        ([[1, float("nan")], [2, 1]], "comparisons-not-positive"),
        ([[1, 2], [2, 1]], "comparisons-not-reciprocal"),
    ],
)
def test_comparisons_that_are_none_are_refused(matrix, error):
    with pytest.raises(InputError) as raised:
        ahp(np.array(matrix, dtype=float))
    assert raised.value.message_id == error


def test_less_is_better_where_that_is_said():
    rows = np.array([[5, 8], [7, 6], [8, 8]], dtype=float)
    weights = np.array([0.5, 0.5])
    assert ranks_of(topsis(rows, weights, [True, False])).tolist() == [3, 1, 2]
    assert promethee(rows, weights, [True, False]).net == pytest.approx([-0.75, 0.5, 0.25])


def test_what_is_nothing_everywhere_counts_nothing_in_topsis():
    rows = np.array([[1, 0.0], [2, 0.0]])
    assert topsis(rows, np.array([0.5, 0.5]), [True, True]).tolist() == [0.0, 1.0]
    assert topsis(np.ones((2, 2)), np.array([0.5, 0.5]), [True, True]).tolist() == [0.5, 0.5]


def pair_by_pair(x, weights, preferences):
    """The formulas as they are printed."""
    count = len(x)
    pi = np.zeros((count, count))
    for k, one in enumerate(preferences):
        d = x[:, None, k] - x[None, :, k]
        if one.shape is Shape.USUAL:
            p = (d > 0).astype(float)
        elif one.shape is Shape.LINEAR:
            p = np.clip((d - one.indifference) / (one.threshold - one.indifference), 0, 1)
        else:
            p = np.where(d > 0, 1 - np.exp(-(d**2) / (2 * one.threshold**2)), 0)
        pi += weights[k] * p
    return pi.sum(axis=1) / (count - 1), pi.sum(axis=0) / (count - 1)


@pytest.mark.parametrize("digits", [0, 6])
def test_flows_along_sorted_values_are_those_pair_by_pair(digits):
    random = np.random.default_rng(5)
    x = (random.random((60, 4)) * 10).round(digits) + 1e6
    preferences = [
        Preference(),
        Preference(Shape.LINEAR, 1, 4),
        Preference(Shape.LINEAR, 0, 3),
        Preference(Shape.GAUSSIAN, 0, 2),
    ]
    weights = np.array([0.1, 0.2, 0.3, 0.4])
    leaving, entering = pair_by_pair(x, weights, preferences)
    found = promethee(x, weights, [True] * 4, preferences)
    assert found.leaving == pytest.approx(leaving, abs=1e-9)
    assert found.entering == pytest.approx(entering, abs=1e-9)
    assert found.net.sum() == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("thresholds", [(0, 0), (3, 2), (-1, 2), (0, float("inf")), (float("nan"), 1)])
def test_thresholds_that_make_no_preference_are_refused(thresholds):
    with pytest.raises(InputError):
        Preference(Shape.LINEAR, *thresholds)


def test_very_large_and_very_small_numbers_do_not_overflow_in_topsis():
    rows = np.array([[5, 8, 4], [7, 6, 8], [8, 8, 6], [7, 4, 6]], dtype=float)
    weights = np.array([0.3, 0.4, 0.3])
    found = topsis(rows * [1e300, 1, 1e-300], weights, [True] * 3)
    assert found == pytest.approx(topsis(rows, weights, [True] * 3))
