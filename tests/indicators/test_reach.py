"""Cumulative opportunities, gravity and the labour catchment: properties of r5r's tests, and what is not known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.indicators.matrices import NAN, dense, every_form, minutes_of, people, scenes, things

from portico.errors import InputError
from portico.figures import Evidence, Status
from portico.indicators.access import costs as costs_module
from portico.indicators.access.amounts import Amounts
from portico.indicators.access.costs import of_minutes, of_nearby
from portico.indicators.access.decay import Exponential, Gaussian, Logistic, Power, UpTo, Within, Zones
from portico.indicators.access.reach import cumulative, gravity, labour_catchment
from portico.territory.nearby import UNREACHED, Nearby
from portico.territory.travel.model import Direction

LIMITS = st.floats(0.1, 120)
# Ten minutes at least one: below one minute an inverse power would count more than what is there.
FROM_ONE_MINUTE = st.one_of(st.integers(600, 60_000), st.just(int(UNREACHED)))


def plainly(cost_ds, amounts, weight):
    """The sum once more, pair by pair, in plain Python."""
    return [
        sum(weight(c / 600.0) * x for c, x in zip(row, amounts, strict=True) if c < UNREACHED)
        for row in cost_ds.tolist()
    ]


@given(scenes(), LIMITS)
def test_a_count_is_what_a_plain_loop_counts(scene, limit):
    cost_ds, amounts, _ = scene
    found = cumulative(dense(cost_ds), things(amounts), limit)
    assert found.value == pytest.approx(plainly(cost_ds, amounts, lambda c: c <= limit))
    assert found.low == pytest.approx(found.high)


@given(scenes(), LIMITS, LIMITS)
def test_a_higher_limit_never_counts_less(scene, one, other):
    cost_ds, amounts, _ = scene
    fewer, more = (cumulative(dense(cost_ds), things(amounts), limit).value for limit in sorted((one, other)))
    assert (fewer <= more + 1e-9).all()


@given(scenes(values=FROM_ONE_MINUTE), st.floats(0.01, 3), st.floats(0, 3))
def test_more_decay_never_raises_a_score(scene, least, more):
    cost_ds, amounts, _ = scene
    pairs = [
        (Power(least), Power(least + more)),
        (Exponential(least), Exponential(least + more)),
        (Gaussian(50 / least), Gaussian(50 / (least + more))),
        (Logistic(60 / least, 10), Logistic(60 / (least + more), 10)),
        (Power(least), UpTo(Power(least), 30)),
    ]
    for weaker, stronger in pairs:
        before, after = (gravity(dense(cost_ds), things(amounts), decay).value for decay in (weaker, stronger))
        assert (after <= before + 1e-9 * (1 + before)).all()


@given(scenes(), st.randoms(use_true_random=False))
def test_the_order_of_rows_and_columns_does_not_matter(scene, chance):
    cost_ds, amounts, _ = scene
    rows, columns = (list(range(length)) for length in cost_ds.shape)
    chance.shuffle(rows)
    chance.shuffle(columns)
    before = gravity(dense(cost_ds), things(amounts), Exponential(0.05)).value
    after = gravity(dense(cost_ds[rows][:, columns]), things(amounts[columns]), Exponential(0.05)).value
    assert after == pytest.approx(before[rows])


@given(scenes(unknown=True), LIMITS)
def test_however_costs_are_held_the_answer_is_the_same(scene, limit):
    cost_ds, amounts, _ = scene
    answers = [cumulative(one, things(amounts), limit) for one in every_form(cost_ds)]
    for other in answers[1:]:
        assert other.low == pytest.approx(answers[0].low)
        assert other.high == pytest.approx(answers[0].high)
        assert (other.unknown == answers[0].unknown).all()
        assert (other.reached == answers[0].reached).all()


def test_cut_into_blocks_the_answer_is_the_same(monkeypatch):
    chance = np.random.default_rng(3)
    cost_ds = chance.integers(0, 60_000, (23, 17)).astype(np.int32)
    cost_ds[chance.random(cost_ds.shape) < 0.3] = UNREACHED
    whole = [gravity(one, things(np.arange(17)), Power(1)) for one in every_form(cost_ds)]
    for most in (1, 17, 40, 100):
        monkeypatch.setattr(costs_module, "_AT_ONCE", most)
        for before, costs in zip(whole, every_form(cost_ds), strict=True):
            assert gravity(costs, things(np.arange(17)), Power(1)).value == pytest.approx(before.value)


@given(scenes(unknown=True), LIMITS, st.floats(0, 1000))
def test_whatever_the_unknown_amounts_are_the_truth_lies_between_the_bounds(scene, limit, truth):
    cost_ds, amounts, _ = scene
    for decay in (Within(limit), Exponential(0.05)):
        bounded = gravity(dense(cost_ds), Amounts.of(amounts, at_most=1000), decay)
        true = gravity(dense(cost_ds), things(np.where(np.isnan(amounts), truth, amounts)), decay).value
        assert (bounded.low <= true + 1e-6).all()
        assert (true <= bounded.high + 1e-6).all()


def test_an_unknown_amount_is_not_zero_and_is_counted_and_said():
    costs = of_minutes(np.array([[5.0, 10.0, NAN], [50.0, 10.0, 20.0]]))
    found = cumulative(costs, Amounts.of(np.array([NAN, 20.0, 7.0]), "jobs"), 30)
    assert found.value.tolist() == pytest.approx([NAN, 27.0], nan_ok=True)
    assert (found.low.tolist(), found.high.tolist()) == ([20.0, 27.0], [np.inf, 27.0])
    assert found.unknown.tolist() == [1, 0]
    figure = found.figure(0)
    assert (figure.value, figure.low, figure.high, figure.status) == (None, 20.0, None, Status.MISSING)
    assert figure.note.id == "access-amounts-unknown"
    assert figure.note.values == {"count": 1}
    bounded = cumulative(costs, Amounts.of(np.array([NAN, 20.0, 7.0]), "jobs", at_most=100), 30).figure(0)
    assert (bounded.value, bounded.low, bounded.high) == (None, 20.0, 120.0)


def test_a_figure_carries_unit_status_method_parameters_and_the_evidence_of_the_matrix():
    streets = Evidence(dataset="streets", version="abc")
    found = cumulative(of_minutes(np.array([[5.0]])), Amounts.of(np.array([3.0]), "jobs"), 30)
    figure = found.figure(0, evidence=(streets,))
    assert (figure.value, figure.low, figure.high, figure.unit) == (3.0, 3.0, 3.0, "jobs")
    assert figure.status is Status.ESTIMATED
    assert [one.method or one.dataset for one in figure.evidence] == ["indicators.access.cumulative", "streets"]
    assert figure.evidence[0].parameters == {"direction": "outbound", "decay": "within", "within_minutes": 30}


def test_a_place_that_reaches_nothing_says_so():
    found = cumulative(of_minutes(np.array([[NAN], [50.0]])), things([3.0]), 30)
    assert found.value.tolist() == [0.0, 0.0]
    assert found.reached.tolist() == [0, 1]
    assert found.figure(0).note.id == "access-nothing-reached"
    assert found.figure(1).note is None


def test_costs_that_were_cut_refuse_a_limit_beyond_and_say_so_of_a_decay():
    near = Nearby.of_pairs(*np.array([[0, 1], [0, 0], [600, 12_000]], dtype=np.int32), length=2)
    costs = of_nearby(near, 1, limit_minutes=30)
    assert cumulative(costs, things([3.0]), 30).value.tolist() == [3.0, 3.0]
    assert gravity(costs, things([3.0]), Power(1)).parameters["costs_up_to_minutes"] == 30
    for further in (
        lambda: cumulative(costs, things([3.0]), 45),
        lambda: gravity(costs, things([3.0]), Zones((45.0,), (1.0,))),
    ):
        with pytest.raises(InputError) as refused:
            further()
        assert refused.value.message_id == "access-beyond-limit"


@given(scenes())
def test_a_catchment_is_the_count_from_the_other_side_skill_by_skill(scene):
    cost_ds, _, workers = scene
    inbound = dense(cost_ds).turned()
    skills = {"all": people(workers), "none": people(np.zeros(len(workers)))}
    found = labour_catchment(inbound, skills)
    assert [(one.skill, one.minutes) for one in found] == [(s, m) for s in ("all", "none") for m in (30.0, 45.0, 60.0)]
    for one in found[:3]:
        assert one.scores.value == pytest.approx(plainly(cost_ds.T, workers, lambda c, limit=one.minutes: c <= limit))
        assert one.scores.parameters["direction"] == "inbound"
        assert one.scores.parameters["skill"] == "all"
    assert not any(one.scores.value.any() for one in found[3:])


def test_a_catchment_of_outbound_costs_is_a_mistake():
    with pytest.raises(ValueError, match="inbound"):
        labour_catchment(of_minutes(np.array([[5.0]])), {"all": people([1.0])})


@pytest.mark.parametrize("wrong", [[[-1.0]], [[np.inf]], [1.0]])
def test_costs_that_are_none_are_a_mistake(wrong):
    with pytest.raises(ValueError, match=r"minutes|matrix"):
        of_minutes(np.array(wrong))


@pytest.mark.parametrize("wrong", [np.array([-1.0]), np.array([np.inf])])
def test_amounts_that_are_none_are_a_mistake(wrong):
    with pytest.raises(ValueError, match="amount"):
        Amounts.of(wrong)


def test_amounts_of_other_places_are_a_mistake():
    with pytest.raises(ValueError, match="2 amounts"):
        cumulative(of_minutes(np.array([[5.0]])), things([1.0, 2.0]), 30)


def test_turned_costs_are_inbound_and_turned_again_the_same():
    cost_ds = np.array([[600, 1200, UNREACHED]], dtype=np.int32)
    for costs in every_form(cost_ds)[:4]:
        turned = costs.turned()
        assert (turned.places, turned.others, turned.direction) == (3, 1, Direction.INBOUND)
        again = turned.turned()
        assert again.direction is Direction.OUTBOUND
        block = next(again.blocks())
        assert block.minutes.tolist() == pytest.approx(minutes_of(cost_ds)[0, :2].tolist())
