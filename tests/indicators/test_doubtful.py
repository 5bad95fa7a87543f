"""A sum where minutes and amounts are both ranges."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portico.indicators.access.decay import Exponential, Within
from portico.indicators.access.doubtful import UNKNOWN, doubtful_sum, ranges
from portico.territory.model import Minutes

numbers = st.lists(st.floats(0.0, 1000.0), min_size=3, max_size=3).map(sorted)
minutes = st.one_of(st.none(), numbers.map(lambda one: Minutes(*one)))
amounts = st.one_of(st.just(UNKNOWN), numbers.map(tuple))
places = st.lists(st.tuples(amounts, minutes), max_size=8)
decays = st.one_of(st.floats(1, 300).map(Within), st.floats(1, 300).map(Exponential.halving_every))


def total(rows, decay):
    return doubtful_sum([amount for amount, _ in rows], ranges([one for _, one in rows]), decay)


@given(places, decays)
def test_it_lies_between_its_bounds(rows, decay):
    found = total(rows, decay)
    assert 0 <= found.low <= found.mid <= found.high


@given(places, st.tuples(amounts, minutes), decays)
def test_one_more_place_never_makes_it_less(rows, another, decay):
    fewer, more = total(rows, decay), total([*rows, another], decay)
    assert fewer.low <= more.low + 1e-9
    assert fewer.mid <= more.mid + 1e-9
    assert fewer.high <= more.high + 1e-9 or math.isinf(more.high)


@given(places, st.floats(1, 200), st.floats(0, 100))
def test_longer_limits_and_slower_decay_never_make_it_less(rows, short, more):
    for make in (Within, Exponential.halving_every):
        less, most = total(rows, make(short)), total(rows, make(short + more))
        assert less.low <= most.low * (1 + 1e-9)
        assert less.mid <= most.mid * (1 + 1e-9)
        assert less.high <= most.high * (1 + 1e-9)


@given(places, decays, st.data())
def test_the_order_of_places_changes_nothing(rows, decay, data):
    order = data.draw(st.permutations(range(len(rows))))
    one, other = total(rows, decay), total([rows[at] for at in order], decay)
    assert (other.low, other.mid, other.high) == pytest.approx((one.low, one.mid, one.high))
    assert sorted(order[at] for at in other.unsaid) == sorted(one.unsaid)


@given(places, decays)
def test_what_becomes_known_only_narrows(rows, decay):
    found = total(rows, decay)
    for at in found.unsaid:
        known = total([*rows[:at], ((5.0, 6.0, 7.0), rows[at][1]), *rows[at + 1 :]], decay)
        assert found.low <= known.low + 1e-9
        assert known.high <= found.high or math.isinf(found.high)


def test_without_places_there_is_nothing():
    found = total([], Within(30))
    assert (found.low, found.mid, found.high, found.counted, found.unsaid) == (0, 0, 0, (), ())
