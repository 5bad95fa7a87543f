"""What the additive model promises, whatever the table."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from portico.match.methods.additive import Reranking, score_bounds
from portico.match.methods.scales import Scale
from portico.match.methods.standing import TIE, rank_intervals, ranks_of
from portico.match.methods.uncertain import Values
from portico.match.methods.weights import shares

NAN = float("nan")
CELLS = st.integers(-5, 45).map(float)
SCALES = st.sampled_from(
    [Scale.positive(0, 40), Scale.inverse(0, 40), Scale.ideal(0, 15, 40), Scale(((0, 0.2), (10, 0.9), (40, 0.1)))]
)


@st.composite
def tables(draw, unknown=True):
    rows, criteria = draw(st.integers(1, 6)), draw(st.integers(1, 4))
    cell = st.tuples(CELLS | st.just(NAN), CELLS | st.just(NAN)) if unknown else CELLS.map(lambda x: (x, x))
    pairs = np.array(draw(st.lists(cell, min_size=rows * criteria, max_size=rows * criteria)))
    low, high = np.fmin(pairs[:, 0], pairs[:, 1]), np.fmax(pairs[:, 0], pairs[:, 1])
    low, high = (np.where(np.isnan(pairs[:, side]), NAN, one) for side, one in enumerate((low, high)))
    scales = draw(st.lists(SCALES, min_size=criteria, max_size=criteria))
    weights = shares(draw(st.lists(st.integers(1, 9), min_size=criteria, max_size=criteria)))
    return low.reshape(rows, criteria), high.reshape(rows, criteria), scales, weights


def scored(low, high, scales, weights):
    values = Values.of(low, high, scales)
    return score_bounds(values.least, values.most, weights)


def middle(*table):
    low, high = scored(*table)
    return (low + high) / 2


@given(tables(), st.data())
def test_another_alternative_changes_the_order_of_no_pair(table, data):
    low, high, scales, weights = table
    row = data.draw(st.lists(CELLS | st.just(NAN), min_size=len(scales), max_size=len(scales)))
    before = ranks_of(middle(*table))
    more = middle(np.vstack((low, row)), np.vstack((high, row)), scales, weights)
    after = ranks_of(more)[:-1]
    assert (np.sign(before[:, None] - before) == np.sign(after[:, None] - after)).all()


@given(tables(), st.data())
def test_improving_a_criterion_never_lowers_a_rank(table, data):
    low, high, scales, weights = table
    row, k = data.draw(st.integers(0, len(low) - 1)), data.draw(st.integers(0, len(scales) - 1))
    scales[k] = data.draw(st.sampled_from([Scale.positive(0, 40), Scale.inverse(0, 40)]))
    by = data.draw(st.integers(0, 20)) * (1 if scales[k].points[0][1] == 0 else -1)
    before = ranks_of(middle(*table))
    better = [one.copy() for one in (low, high)]
    for one in better:
        one[row, k] += by
    assert ranks_of(middle(*better, scales, weights))[row] <= before[row]


@given(tables(), st.randoms())
def test_the_order_of_rows_changes_nothing(table, random):
    low, high, scales, weights = table
    order = random.sample(range(len(low)), len(low))
    assert (ranks_of(middle(low[order], high[order], scales, weights)) == ranks_of(middle(*table))[order]).all()


@given(tables(), st.sampled_from([1e-6, 0.3048, 60.0, 1e9]), st.sampled_from([0.0, -273.15, 1e3]))
def test_units_change_nothing(table, factor, offset):
    low, high, scales, weights = table
    other = [Scale(tuple((x * factor + offset * factor, v) for x, v in one.points)) for one in scales]
    moved = [(one + offset) * factor for one in (low, high)]
    found = scored(*moved, other, weights)
    for one, as_before in zip(found, scored(*table), strict=True):
        assert one == pytest.approx(as_before, abs=1e-9)


@given(tables(), st.data())
def test_widening_an_interval_never_narrows_a_score(table, data):
    low, high, scales, weights = table
    row, k = data.draw(st.integers(0, len(low) - 1)), data.draw(st.integers(0, len(scales) - 1))
    before = scored(*table)
    wider = [one.copy() for one in (low, high)]
    wider[0][row, k] -= data.draw(st.integers(0, 20))
    wider[1][row, k] += data.draw(st.integers(0, 20))
    after = scored(*wider, scales, weights)
    assert (after[0] <= before[0] + TIE).all()
    assert (after[1] >= before[1] - TIE).all()


@given(tables(unknown=False))
def test_what_is_known_has_a_score_and_no_interval(table):
    low, high = scored(*table)
    assert low == pytest.approx(high)


@given(tables())
def test_a_rank_lies_within_what_intervals_allow(table):
    low, high = scored(*table)
    best, worst = rank_intervals(low, high)
    ranks = ranks_of((low + high) / 2)
    assert (best <= ranks).all()
    assert (ranks <= worst).all()
    brute = 1 + (low[None, :] > high[:, None] + TIE).sum(axis=1)
    assert (best == brute).all()
    assert (worst == len(low) - (high[None, :] < low[:, None] - TIE).sum(axis=1)).all()


def test_ranks_of_equal_scores():
    assert ranks_of(np.array([0.3, 0.1 + 0.2, 0.5, 0.1])).tolist() == [2, 2, 1, 4]
    assert ranks_of(np.array([])).tolist() == []


@given(tables(), st.lists(st.tuples(st.integers(0, 3), st.integers(0, 9)), max_size=6))
def test_moving_weights_gives_what_scoring_anew_gives(table, moves):
    low, high, scales, weights = table
    values = Values.of(low, high, scales)
    kept = Reranking(values.least, values.most, weights * 7)
    assert kept.scores()[0] == pytest.approx(scored(*table)[0])
    now = weights * 7
    for criterion, weight in moves:
        assume(criterion < len(scales))
        now = now.copy()
        now[criterion] = weight
        assume(now.sum() > 0)
        found = kept.move(criterion, weight)
        expected = score_bounds(values.least, values.most, shares(now))
        assert found[0] == pytest.approx(expected[0])
        assert found[1] == pytest.approx(expected[1])
        assert kept.weights == pytest.approx(shares(now))


def test_one_weight_that_goes_to_and_fro_gives_the_very_same_scores():
    random = np.random.default_rng(1)
    low = random.random((50, 5))
    kept = Reranking(low, low + 0.1, np.ones(5))
    once = kept.move(2, 3.0)
    for weight in np.linspace(0, 9, 100):
        kept.move(2, weight)
    assert all((a == b).all() for a, b in zip(once, kept.move(2, 3.0), strict=True))
    assert kept.order(*once).tolist() == np.argsort(once[0] + once[1])[::-1].tolist()


def test_what_is_known_whole_is_kept_once():
    low = np.random.default_rng(1).random((50, 5))
    found = Reranking(low, low, np.ones(5)).move(1, 2.0)
    assert found[0] is found[1]
    assert Reranking.order(*found)[0] == found[0].argmax()
