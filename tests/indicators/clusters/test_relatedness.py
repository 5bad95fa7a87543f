"""Relatedness of skills from job moves: the formula, and what holds for any moves."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from portico.errors import InputError
from portico.indicators.clusters.relatedness import at_digits, density, normalised, related_to, skill_relatedness

squares = st.integers(2, 6).flatmap(lambda n: arrays(np.int64, (n, n), elements=st.integers(0, 500)))


@given(squares)
def test_it_is_the_ratio_of_moves_to_those_that_chance_would_make(moves):
    found = skill_relatedness(moves)
    flows = moves.astype(float)
    np.fill_diagonal(flows, 0)
    total = flows.sum()
    for i, j in np.ndindex(*flows.shape):
        chance = flows[i].sum() * flows[:, j].sum()
        if i == j or chance == 0:
            assert np.isnan(found[i, j])
        else:
            assert found[i, j] == pytest.approx(flows[i, j] * total / chance)


@given(squares, st.integers(2, 50))
def test_counting_all_moves_many_times_changes_nothing(moves, times):
    np.testing.assert_allclose(skill_relatedness(times * moves), skill_relatedness(moves))


@given(squares, st.data())
def test_the_order_of_industries_changes_nothing(moves, data):
    order = data.draw(st.permutations(range(len(moves))))
    turned = skill_relatedness(moves[np.ix_(order, order)])
    np.testing.assert_allclose(turned, skill_relatedness(moves)[np.ix_(order, order)])


@given(squares)
def test_normalised_it_is_the_same_both_ways_and_lies_between_minus_one_and_one(moves):
    found = normalised(skill_relatedness(moves))
    np.testing.assert_allclose(found, found.T)
    known = found[np.isfinite(found)]
    assert ((known >= -1) & (known < 1)).all()


def test_where_all_move_everywhere_alike_nothing_is_more_related_than_all():
    found = skill_relatedness(np.ones((50, 50)))
    np.testing.assert_allclose(found[~np.eye(50, dtype=bool)], 50 / 49)  # nobody moves within an industry
    assert normalised(found)[0, 1] == pytest.approx(1 / 99)


@pytest.mark.parametrize(
    ("moves", "kind"),
    [(np.zeros((2, 3)), "moves-not-square"), (np.array([[0, -1], [1, 0]]), "moves-negative")],
)
def test_what_is_no_table_of_moves_is_refused(moves, kind):
    with pytest.raises(InputError) as caught:
        skill_relatedness(moves)
    assert caught.value.message_id == kind


def test_what_is_related_to_several_counts_by_the_pairs_there_are():
    pairs = {("291", "281"): 0.6, ("292", "281"): 0.2, ("30", "291"): 0.1, ("10", "291"): -0.9, ("291", "292"): 0.9}
    assert related_to(pairs, ("29",)) == {"281": pytest.approx(0.4), "30": 0.1}
    assert related_to(pairs, ("291",)) == {"281": 0.6, "292": 0.9, "30": 0.1}
    assert related_to(pairs, ("55",)) == {}
    assert at_digits({"281": 0.4, "282": 0.2, "30": 0.1}, 2) == {"28": pytest.approx(0.3), "30": 0.1}


@given(
    st.dictionaries(st.sampled_from("abcdefgh"), st.floats(0.01, 1.0), min_size=1),
    st.dictionaries(st.sampled_from("abcdefgh"), st.sampled_from([True, False, None])),
)
def test_density_is_a_share_that_what_becomes_known_only_narrows(related, specialised):
    low, high = density(related, specialised)
    assert 0 <= low <= high <= 1 + 1e-12
    for one in related:
        for answer in (True, False):
            if specialised.get(one) is None:
                inner = density(related, {**specialised, one: answer})
                assert low - 1e-12 <= inner[0] <= inner[1] <= high + 1e-12


def test_where_nothing_is_related_there_is_no_density():
    with pytest.raises(InputError) as caught:
        density({}, {})
    assert caught.value.message_id == "nothing-related"
