from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portico.errors import UsageError
from portico.match.methods.drawing import Drawn, How, draw
from portico.match.methods.scales import Scale
from portico.match.methods.smaa import MOST, Supply, confidence, scores, smaa
from portico.match.methods.standing import TIE
from portico.match.methods.uncertain import CHUNK, Values
from portico.match.methods.weights import Weights

NAN = float("nan")


def chance(seed=1):
    return np.random.Generator(np.random.PCG64(seed))


def drawn(weights, draws=500, seed=1):
    return draw(weights, draws, chance(seed))


def uncertain(rows=7, criteria=4, seed=1, width=0.2):
    random = np.random.default_rng(seed)
    low = random.random((rows, criteria))
    high = low + width * random.random((rows, criteria))
    low[0, 1] = high[0, 1] = NAN
    high[2, 2] = low[2, 2]
    high[3, 3] = NAN
    scales = [Scale.positive(0, 1.2), Scale.inverse(0, 1.2), Scale.ideal(0, 0.5, 1.2), Scale.positive(0.3, 0.9)]
    return Values.of(low, high, scales[:criteria])


def every_draw(values, weights, seed):
    """The scores of every draw."""
    supply = Supply(values, len(weights), seed)
    return np.concatenate([scores(supply, weights[c * CHUNK : (c + 1) * CHUNK], c) for c in supply.chunks])


def test_what_is_counted_is_what_the_definitions_say():
    values, weights = uncertain(), drawn(Weights.free(4), 600)
    found = smaa(values, weights, 3)
    score = every_draw(values, weights.weights, 3)
    ranks = (score[:, None, :] > score[:, :, None]).sum(axis=2)
    count = score.shape[1]
    for i in range(count):
        assert found.acceptability[i] == pytest.approx([(ranks[:, i] == r).mean() for r in range(count)])
        first = ranks[:, i] == 0
        if first.any():
            assert found.central_weights[i] == pytest.approx(weights.weights[first].mean(axis=0))
        else:
            assert np.isnan(found.central_weights[i]).all()
        for j in range(count):
            if i != j:
                assert found.pairwise[i, j] == pytest.approx((score[:, i] > score[:, j]).mean())
    for i in np.flatnonzero(~np.isnan(found.confidence)):
        by_its_own = np.tile(found.central_weights[i], (600, 1))
        assert found.confidence[i] == pytest.approx((every_draw(values, by_its_own, 3).argmax(axis=1) == i).mean())


@given(st.integers(1, 8), st.integers(1, 4), st.integers(1, 600), st.integers(0, 1_000), st.booleans(), st.booleans())
def test_ranks_and_alternatives_add_up(rows, criteria, draws, seed, has_ties, is_exact):
    random = np.random.default_rng(seed)
    x = random.integers(0, 3, (rows, criteria)) / 2 if has_ties else random.random((rows, criteria))
    scales = [Scale.positive(0, 1)] * criteria
    values = Values.exactly(x) if is_exact else Values.of(x, x + 0.3 * (random.random(x.shape) > 0.5), scales)
    found = smaa(values, drawn(Weights.free(criteria), draws, seed), seed)
    assert found.acceptability.sum(axis=0) == pytest.approx(np.ones(rows))
    assert found.acceptability.sum(axis=1) == pytest.approx(np.ones(rows))
    assert (found.pairwise + found.pairwise.T) == pytest.approx(np.ones((rows, rows)))
    never = found.acceptability[:, 0] == 0
    assert (np.isnan(found.confidence) == never).all()
    assert (np.isnan(found.central_weights).any(axis=1) == never).all()
    assert found.central_weights[~never].sum(axis=1) == pytest.approx(np.ones((~never).sum()))


@given(st.integers(2, 9), st.integers(0, 10_000))
def test_with_exact_weights_and_values_and_no_ties_acceptability_is_0_or_1(rows, seed):
    random = np.random.default_rng(seed)
    x, weights = random.random((rows, 3)), Weights.exactly(random.random(3) + 0.01)
    score = np.sort(x @ weights.middle())
    if any(b - a <= TIE for a, b in pairwise(score)):
        return
    found = smaa(Values.exactly(x), drawn(weights, 30), seed)
    for one in (found.acceptability, found.pairwise[~np.eye(rows, dtype=bool)]):
        assert set(one.ravel().tolist()) <= {0.0, 1.0}
    assert np.nanmin(found.confidence) == 1.0


def test_those_that_tie_share_ranks_and_wins():
    found = smaa(Values.exactly(np.array([[0.5], [0.5], [0.1]])), drawn(Weights.exactly([1]), 10), 1)
    assert found.acceptability.tolist() == [[0.5, 0.5, 0], [0.5, 0.5, 0], [0, 0, 1]]
    assert found.pairwise[0].tolist() == [0.5, 0.5, 1.0]
    assert found.confidence[:2].tolist() == [0.5, 0.5]


def test_two_alternatives_that_are_each_best_at_one_thing():
    """With two criteria and values (1, 0), (0, 1) each is first in half of the simplex, by weights of mean 3/4."""
    found = smaa(Values.exactly(np.eye(2)), drawn(Weights.free(2), 40_000), 1)
    assert found.acceptability[0] == pytest.approx([0.5, 0.5], abs=0.01)
    assert found.central_weights == pytest.approx(np.array([[0.75, 0.25], [0.25, 0.75]]), abs=0.01)
    assert found.confidence.tolist() == [1.0, 1.0]


def test_confidence_counts_the_values_that_are_not_known():
    """By its own weights the first is worth 0.75 and the other 0 to 1, evenly: it wins three times in four."""
    low, high = np.array([[0.75], [0.0]]), np.array([[0.75], [1.0]])
    values = Values.of(low, high, [Scale.positive(0, 1)])
    found = smaa(values, drawn(Weights.exactly([1]), 20_000), 1)
    assert found.confidence == pytest.approx([0.75, 0.25], abs=0.01)
    assert found.acceptability[:, 0] == pytest.approx([0.75, 0.25], abs=0.01)


def test_many_alternatives_and_few_count_alike():
    x = np.random.default_rng(1).random((300, 2))
    found = smaa(Values.exactly(x), drawn(Weights.free(2), 300), 1)
    assert found.acceptability.sum(axis=0) == pytest.approx(np.ones(300))
    score = drawn(Weights.free(2), 300).weights @ x.T
    assert found.pairwise[3, 7] == pytest.approx((score[:, 3] > score[:, 7]).mean())


def test_the_same_seed_is_the_same_answer_and_another_is_near_it():
    values, weights = uncertain(), drawn(Weights.free(4), 5_000)
    once, again, other = smaa(values, weights, 1), smaa(values, weights, 1), smaa(values, weights, 2)
    assert (once.acceptability == again.acceptability).all()
    assert (once.acceptability != other.acceptability).any()
    assert once.acceptability == pytest.approx(other.acceptability, abs=0.05)


def test_the_number_of_processors_changes_nothing(monkeypatch):
    values, weights = uncertain(), drawn(Weights.free(4), 2_000)
    found = []
    for count in (1, 3):
        monkeypatch.setattr("os.cpu_count", lambda count=count: count)
        found.append(smaa(values, weights, 1))
    assert (found[0].acceptability == found[1].acceptability).all()
    assert found[0].confidence == pytest.approx(found[1].confidence, nan_ok=True, abs=1e-12)


def test_stored_draws_are_those_that_were_drawn():
    values, weights = uncertain(), drawn(Weights.free(4), 700)
    low, high, scales = values.least, values.most, values.scales
    stored = Values(low, high, scales, values.row, values.column, values.start, values.end, values.raw(700, 5))
    once, again = smaa(values, weights, 5), smaa(stored, Drawn(weights.weights, How.STORED), 99)
    for name in ("acceptability", "pairwise", "confidence", "central_weights"):
        assert getattr(once, name) == pytest.approx(getattr(again, name), nan_ok=True, abs=1e-9)


def test_draws_lie_within_bounds():
    values = uncertain()
    drawn_values = values.drawn(0, 200, 1)
    assert (drawn_values >= values.least[values.row, values.column] - 1e-12).all()
    assert (drawn_values <= values.most[values.row, values.column] + 1e-12).all()
    assert values.raw(200, 1) == pytest.approx(np.clip(values.raw(200, 1), values.start, values.end))


def test_too_many_to_compare_in_pairs_are_refused():
    with pytest.raises(UsageError):
        smaa(Values.exactly(np.zeros((MOST + 1, 1))), drawn(Weights.exactly([1]), 1), 1)


def test_compiled_and_plain_come_to_the_same(monkeypatch):
    low = np.random.default_rng(1).integers(0, 4, (40, 4)) / 4
    high = low + (np.arange(40) % 3 == 0)[:, None] * 0.5
    values = Values.of(low, high, [Scale.positive(0, 1)] * 4)
    weights = drawn(Weights.free(4), 400)
    plain = smaa(values, weights, 1)
    monkeypatch.setattr("portico.match.methods.smaa._PLAIN", 0)
    monkeypatch.setattr("portico.match.methods.smaa._KEPT", 0)
    compiled = smaa(values, weights, 1)
    for name in ("acceptability", "pairwise", "confidence", "central_weights"):
        assert getattr(plain, name) == pytest.approx(getattr(compiled, name), nan_ok=True, abs=1e-12)


def test_confidence_is_what_its_definition_says():
    values = uncertain(40, 4, width=0.5)
    central = drawn(Weights.free(4), 40).weights
    found = confidence(Supply(values, 400, 1), central)
    score = [every_draw(values, np.tile(one, (400, 1)), 1) for one in central]
    assert found == pytest.approx([(score[i].argmax(axis=1) == i).mean() for i in range(40)])
