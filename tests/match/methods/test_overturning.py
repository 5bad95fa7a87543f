"""What dethrones the first, beside a solver of linear programmes; what to find out, beside chance."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.optimize import linprog

from portico.match.methods.dethroning import dethrone
from portico.match.methods.finding_out import find_out
from portico.match.methods.scales import Scale
from portico.match.methods.uncertain import Values
from portico.match.methods.weights import shares

NAN = float("nan")


def solved(lead, weights):
    """The least Σ|w' − w| with lead · w' ≥ 0, w' on the simplex; NaN where there is none."""
    count = len(weights)
    one, zero = np.eye(count), np.zeros((count, count))
    apart = np.block([[one, -one], [-one, -one]])
    found = linprog(
        np.concatenate((np.zeros(count), np.ones(count))),
        A_ub=np.vstack((apart, np.concatenate((-lead, np.zeros(count))))),
        b_ub=np.concatenate((weights, -weights, [0.0])),
        A_eq=np.concatenate((np.ones(count), zero[0]))[None],
        b_eq=[1.0],
        bounds=[(0, None)] * (2 * count),
    )
    return found.fun if found.status == 0 else NAN


@given(st.integers(2, 6), st.integers(1, 6), st.integers(0, 10_000))
def test_the_smallest_change_of_weights_is_that_of_a_linear_programme(rows, criteria, seed):
    random = np.random.default_rng(seed)
    values = random.integers(0, 11, (rows, criteria)) / 10
    weights = shares(random.integers(0, 4, criteria) + 0.25)
    first = int(np.argmax(values @ weights))
    found = dethrone(values, weights, first)
    assert np.isnan(found.distance[first])
    for rival in range(rows):
        lead = values[rival] - values[first]
        if rival == first or lead.max() <= 0:
            assert np.isnan(found.distance[rival])
            continue
        assert found.distance[rival] == pytest.approx(solved(lead, weights), abs=1e-7)
        new = found.weights[rival]
        assert new.min() >= -1e-12
        assert new.sum() == pytest.approx(1)
        assert np.abs(new - weights).sum() == pytest.approx(found.distance[rival])
        assert lead @ new == pytest.approx(max(0, lead @ weights), abs=1e-9)


def test_an_example_by_hand():
    """a leads b by 0.4 · 0.5 on one thing and lags by 0.2 · 0.5 on the other: two thirds must be on the other."""
    values = np.array([[0.9, 0.4], [0.5, 0.6], [0.1, 0.1]])
    found = dethrone(values, np.array([0.5, 0.5]), 0)
    assert found.rival == 1
    assert found.weights[1] == pytest.approx([1 / 3, 2 / 3])
    assert found.distance[1] == pytest.approx(1 / 3)
    assert np.isnan(found.distance[2])


def test_one_that_is_best_at_everything_is_never_dethroned():
    assert dethrone(np.array([[1.0, 1.0], [1.0, 0.5]]), np.array([0.5, 0.5]), 0).rival == -1
    assert dethrone(np.array([[1.0, 1.0]]), np.array([0.5, 0.5]), 0).rival == -1


@st.composite
def uncertain(draw):
    rows, criteria = draw(st.integers(2, 4)), draw(st.integers(1, 3))
    random = np.random.default_rng(draw(st.integers(0, 10_000)))
    low = random.integers(0, 30, (rows, criteria)).astype(float)
    high = low + random.integers(0, 20, (rows, criteria)) * (random.random((rows, criteria)) > 0.4)
    low[0, 0] = NAN
    scales = [Scale.positive(0, 40), Scale.ideal(0, 12, 40), Scale(((0, 0), (10, 0.9), (40, 0.1)))][:criteria]
    return Values.of(low, high, scales), shares(random.integers(1, 5, criteria))


@given(uncertain())
def test_what_is_likely_to_change_the_first_is_what_chance_says(given_):
    values, weights = given_
    now = values.middle @ weights
    assume(np.sort(now)[-1] - np.sort(now)[-2] > 1e-9)
    found = find_out(values, weights)
    assert len(found) == len(values.row)
    assert [one.chance for one in found] == sorted((one.chance for one in found), reverse=True)
    first = int(now.argmax())
    for one in found:
        cell = np.flatnonzero((values.row == one.row) & (values.column == one.column))[0]
        x = np.linspace(values.start[cell], values.end[cell], 4_001)
        value = values.scales[one.column].values(x)
        score = np.tile(now, (len(x), 1))
        score[:, one.row] += weights[one.column] * (value - values.middle[one.row, one.column])
        changed = score.argmax(axis=1) != first
        assert one.chance == pytest.approx(changed.mean(), abs=2e-3)
        assert one.gain == pytest.approx((score.max(axis=1) - score[:, first]).mean(), abs=2e-3)
        spread = values.most[one.row, one.column] - values.least[one.row, one.column]
        assert one.widens == pytest.approx(weights[one.column] * spread)


def test_stored_draws_say_how_likely_it_is():
    values = Values.of(np.array([[0.5], [0.0]]), np.array([[0.5], [0.8]]), [Scale.positive(0, 1)])
    stored = np.array([[0.1], [0.6], [0.7], [0.2], [0.3]])
    told = Values(values.least, values.most, values.scales, values.row, values.column, *[stored[0]] * 2, stored)
    found = find_out(told, np.array([1.0]))
    assert found[0].chance == pytest.approx(0.4)
    assert found[0].gain == pytest.approx((0.1 + 0.2) / 5)


def test_what_weighs_nothing_or_stands_alone_changes_nothing():
    values = Values.of(
        np.array([[NAN, 0.5], [NAN, 0.4]]), np.array([[NAN, 0.5], [NAN, 0.4]]), [Scale.positive(0, 1)] * 2
    )
    assert {one.chance for one in find_out(values, np.array([0.0, 1.0]))} == {0.0}
    alone = Values.of(np.array([[NAN]]), np.array([[NAN]]), [Scale.positive(0, 1)])
    assert find_out(alone, np.array([1.0])) == []
