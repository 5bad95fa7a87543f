"""Weights of cost: between 0 and 1, never rising, and equal to the formulas written out once more."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portico.errors import UsageError
from portico.indicators.access.decay import (
    FAST_ZONES,
    SLOW_ZONES,
    Exponential,
    Gaussian,
    Logistic,
    Power,
    UpTo,
    Within,
    Zones,
)

NUMBER = st.floats(0.05, 200)
DECAYS = st.one_of(
    st.builds(Within, NUMBER),
    st.sampled_from([SLOW_ZONES, FAST_ZONES]),
    st.builds(Exponential, st.floats(0.001, 3)),
    st.builds(Power, st.floats(0.1, 5)),
    st.builds(Gaussian, NUMBER),
    st.builds(Logistic, NUMBER, NUMBER),
)
ALL = st.one_of(DECAYS, st.builds(UpTo, DECAYS, NUMBER))
MINUTES = st.lists(st.floats(0, 2000), min_size=1, max_size=20).map(lambda found: np.array(sorted(found)))


@given(ALL, MINUTES)
def test_a_weight_lies_between_0_and_1_and_never_rises_with_cost(decay, minutes):
    weights = decay(minutes)
    assert ((weights >= 0) & (weights <= 1)).all()
    assert (np.diff(weights) <= 1e-15).all()


@given(ALL, MINUTES)
def test_beyond_its_reach_nothing_counts(decay, minutes):
    assert not decay(minutes[minutes > decay.reach_minutes]).any()


@given(st.floats(0, 2000), NUMBER, NUMBER)
def test_the_formulas_hold_as_they_are_published(c, first, second):
    at = np.array([c])
    assert Exponential(first)(at)[0] == pytest.approx(math.exp(-first * c))
    assert Power(first)(at)[0] == pytest.approx(max(c, 1.0) ** -first)
    assert Gaussian(first)(at)[0] == pytest.approx(math.exp(-c * c / (2 * first * first)))
    exponent = math.pi * (c - first) / (second * math.sqrt(3))
    logistic = 1 / (1 + math.exp(exponent)) if exponent < 700 else 0.0
    assert Logistic(first, second)(at)[0] == pytest.approx(logistic, abs=1e-12)


@given(st.floats(0, 1000), NUMBER)
def test_a_half_is_reached_where_it_is_said(c, half):
    decay = Exponential.halving_every(half)
    assert decay(np.array([c + half]))[0] == pytest.approx(decay(np.array([c]))[0] / 2)
    assert Logistic(half, 3)(np.array([half]))[0] == pytest.approx(0.5)


@given(MINUTES)
def test_one_zone_of_weight_one_is_all_or_nothing(minutes):
    assert (Zones((30.0,), (1.0,))(minutes) == Within(30)(minutes)).all()


@pytest.mark.parametrize("value", [0.0, -1.0, math.nan, math.inf])
@pytest.mark.parametrize(
    "make",
    [
        Within,
        Exponential,
        Exponential.halving_every,
        Power,
        Gaussian,
        lambda value: Logistic(value, 1.0),
        lambda value: Logistic(1.0, value),
        lambda value: UpTo(Power(1), value),
    ],
)
def test_what_is_not_above_nothing_is_refused(make, value):
    with pytest.raises(UsageError) as refused:
        make(value)
    assert refused.value.message_id == "number-not-positive"


@pytest.mark.parametrize(
    ("ends", "weights"),
    [((), ()), ((10.0,), (1.0, 0.5)), ((10.0, 10.0), (1.0, 0.5)), ((20.0, 10.0), (1.0, 0.5)), ((0.0, 10.0), (1.0, 0.5)),
     ((10.0, 20.0), (0.5, 1.0)), ((10.0,), (1.5,)), ((10.0,), (-0.5,)), ((10.0, math.inf), (1.0, 0.5))],
)  # fmt: skip
def test_zones_that_make_no_sense_are_refused(ends, weights):
    with pytest.raises(UsageError) as refused:
        Zones(ends, weights)
    assert refused.value.message_id == "zones-unfit"


def test_parameters_say_what_the_decay_is():
    assert UpTo(Power(1), 60).parameters == {
        "decay": "power", "exponent": 1, "least_minutes": 1.0, "up_to_minutes": 60,
    }  # fmt: skip
    assert SLOW_ZONES.parameters["weights"] == "1, 0.68, 0.22"
    assert UpTo(Within(30), 60).reach_minutes == 30
