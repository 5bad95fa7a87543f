"""Access with competition: the published examples to the last printed digit, and what must hold for any city."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.indicators.matrices import NAN, dense, every_form, people, scenes, things

from portico.figures import Status
from portico.indicators.access.amounts import Amounts
from portico.indicators.access.costs import of_minutes
from portico.indicators.access.decay import Exponential, Gaussian, Power, UpTo, Within, Zones
from portico.indicators.access.floating import (
    Travellers,
    by_mode,
    competition,
    enhanced_two_step,
    floating_catchment,
    of_everybody,
    two_step,
)
from portico.territory.nearby import UNREACHED

DECAYS = st.sampled_from([Within(30), Exponential(0.05), Power(1), UpTo(Power(2), 45), Zones((20.0, 60.0), (1.0, 0.3))])


def test_the_example_of_luo_and_wang():
    """Luo and Wang 2003, figure 3: eleven tracts of one person, two physicians a and b, thirty minutes."""
    near_a, near_b = {1, 2, 3, 4, 6, 7, 9, 10}, {4, 5, 8, 11}
    minutes = [[20.0 if tract in near else 40.0 for near in (near_a, near_b)] for tract in range(1, 12)]
    found = two_step(of_minutes(np.array(minutes)), things([1.0, 1.0]), people(np.ones(11)), 30)
    printed = [0.125, 0.125, 0.125, 0.375, 0.25, 0.125, 0.125, 0.25, 0.125, 0.125, 0.25]
    assert found.value.tolist() == printed
    assert found.value.sum() == 2.0
    assert (found.unit, found.figure(3).status) == ("things/people", Status.ESTIMATED)


HOSPITAL = {
    0: (.331444, .579828, 7.286418),
    1: (.435340, .683724, 5.727977),
    2: (.331072, .577858, 7.299992),
    3: (.442568, .666758, 5.740525),
}  # fmt: skip


def hospital(scenario):
    """Minutes between zones 1, 2 and 3: into zone 3 faster in scenarios 1 and 3, out of it in 2 and 3."""
    into, out_of = (20.0 if scenario in faster else 40.0 for faster in ((1, 3), (2, 3)))
    across = 40.0 if scenario == 3 else 80.0
    return of_minutes(np.array([[1.0, across, into], [across, 1.0, into], [out_of, out_of, 1.0]]))


@pytest.mark.parametrize("scenario", HOSPITAL)
def test_the_hospital_example_of_pysal_access(scenario):
    """Weight 1/c below 61 minutes; population 100, 50, 10; doctors 15, 20, 100."""
    doctors, population = Amounts.of(np.array([15.0, 20.0, 100.0]), "doctors"), people([100.0, 50.0, 10.0])
    for measure in (competition, floating_catchment):
        found = measure(hospital(scenario), doctors, population, UpTo(Power(1), 60)).value
        assert tuple(found.round(6)) == HOSPITAL[scenario]
        assert (found * population.low).sum() == pytest.approx(135, abs=1e-12)


def test_where_the_way_of_the_first_step_is_another_shares_need_not_add_up():
    """The hospital in scenario 1, shared out by the way home: computed by hand from the formulas."""
    doctors, population = things([15.0, 20.0, 100.0]), people([100.0, 50.0, 10.0])
    there = hospital(1)
    back = of_minutes(there.cost.T.copy())
    found = floating_catchment(there, doctors, population, UpTo(Power(1), 60), demand_costs=back)
    assert found.value.round(5).tolist() == [0.51289, 0.75968, 7.28636]
    assert (found.value * population.low).sum() == pytest.approx(162.13640393890137)
    assert found.parameters["demand_direction"] == "outbound"
    other = floating_catchment(there, doctors, population, Within(60), demand_decay=Within(30))
    assert other.parameters["demand_within_minutes"] == 30


def plainly(cost_ds, supply, population, weight):
    """Both steps once more, in plain Python."""
    weights = [[weight(c / 600) if c < UNREACHED else 0.0 for c in row] for row in cost_ds.tolist()]
    demand = [sum(p * row[j] for p, row in zip(population, weights, strict=True)) for j in range(len(supply))]
    shares = [s / v if v else (0.0 if s == 0 else np.inf) for s, v in zip(supply, demand, strict=True)]
    return [sum(w * r for w, r in zip(row, shares, strict=True) if w) for row in weights], demand


@given(scenes(), DECAYS)
def test_both_steps_are_what_a_plain_loop_finds(scene, decay):
    cost_ds, supply, population = scene
    expected, _ = plainly(cost_ds, supply, population, lambda c: float(decay(np.array([c]))[0]))
    found = floating_catchment(dense(cost_ds), things(supply), people(population), decay).value
    assert found == pytest.approx([NAN if np.isinf(one) else one for one in expected], nan_ok=True)


@given(scenes(), DECAYS)
def test_what_is_reached_is_shared_out_and_nothing_else(scene, decay):
    cost_ds, supply, population = scene
    _, demand = plainly(cost_ds, supply, population, lambda c: float(decay(np.array([c]))[0]))
    found = floating_catchment(dense(cost_ds), things(supply), people(population), decay).value
    settled = population > 0
    assert not np.isnan(found[settled]).any()
    total = sum(s for s, v in zip(supply, demand, strict=True) if v > 0)
    assert (found[settled] * population[settled]).sum() == pytest.approx(total)


@given(scenes(), DECAYS, st.sampled_from([0.5, 2.0, 8.0]), st.sampled_from([0.25, 4.0]))
def test_twice_the_supply_is_twice_the_access_and_twice_the_people_half(scene, decay, more_supply, more_people):
    cost_ds, supply, population = scene
    costs = dense(cost_ds)
    before = floating_catchment(costs, things(supply), people(population), decay).value
    richer = floating_catchment(costs, things(supply * more_supply), people(population), decay).value
    fuller = floating_catchment(costs, things(supply), people(population * more_people), decay).value
    both = floating_catchment(costs, things(supply * more_people), people(population * more_people), decay).value
    assert richer == pytest.approx(before * more_supply, nan_ok=True)
    assert fuller == pytest.approx(before / more_people, nan_ok=True)
    assert both == pytest.approx(before, nan_ok=True)


@given(scenes(), st.floats(1, 120))
def test_the_measures_are_cases_of_one_another(scene, limit):
    cost_ds, supply, population = scene
    what = (dense(cost_ds), things(supply), people(population))
    plain = two_step(*what, limit).value
    for same in (
        competition(*what, Within(limit)),
        enhanced_two_step(*what, Zones((limit,), (1.0,))),
        floating_catchment(*what, Within(limit), demand_costs=what[0], demand_decay=Within(limit)),
        by_mode(what[1], (Travellers(what[0], what[2], Within(limit)),))[0],
    ):
        assert same.value == pytest.approx(plain, nan_ok=True)


@given(scenes(unknown=True), DECAYS)
def test_however_costs_are_held_the_shares_are_the_same(scene, decay):
    cost_ds, supply, population = scene
    first, *others = [floating_catchment(one, things(supply), people(population), decay) for one in every_form(cost_ds)]
    for other in others:
        assert other.low == pytest.approx(first.low)
        assert other.high == pytest.approx(first.high)
        assert (other.unknown == first.unknown).all()


@given(scenes(unknown=True), DECAYS, st.floats(0, 1000), st.floats(0, 1000))
def test_whatever_is_not_known_the_truth_lies_between_the_bounds(scene, decay, more, many):
    cost_ds, supply, population = scene
    bounded = floating_catchment(dense(cost_ds), things(supply), people(population), decay)
    true = floating_catchment(
        dense(cost_ds),
        things(np.where(np.isnan(supply), more, supply)),
        people(np.where(np.isnan(population), many, population)),
        decay,
    ).value
    told = ~np.isnan(true)
    assert (bounded.low[told] <= true[told] * (1 + 1e-9) + 1e-9).all()
    assert (true[told] <= bounded.high[told] * (1 + 1e-9) + 1e-9).all()
    assert (np.isnan(bounded.value) | (np.abs(bounded.value - true) <= 1e-9 * (1 + np.abs(true)))).all()


def test_a_supply_without_people_is_no_number_and_is_said():
    costs = of_minutes(np.array([[5.0, NAN], [NAN, 5.0]]))
    found = two_step(costs, things([3.0, 4.0]), people([0.0, 2.0]), 30)
    assert found.value.tolist() == pytest.approx([NAN, 2.0], nan_ok=True)
    figure = found.figure(0)
    assert (figure.value, figure.low, figure.high) == (None, 0.0, None)
    assert figure.note.id == "access-shares-unknown"


def test_unknown_people_bound_a_share_from_above_only():
    costs = of_minutes(np.array([[5.0], [6.0]]))
    found = two_step(costs, things([3.0]), people([1.0, NAN]), 30)
    assert (found.low.tolist(), found.high.tolist()) == ([0.0, 0.0], [3.0, 3.0])


def shen():
    """Two places and two employers: those with a car reach both, those without only the one at home."""
    car = Travellers(of_minutes(np.array([[10.0, 20.0], [20.0, 10.0]])), people([60.0, 20.0]), Within(30))
    bus = Travellers(of_minutes(np.array([[10.0, 70.0], [70.0, 10.0]])), people([20.0, 20.0]), Within(30))
    return (car, bus), things([100.0, 40.0])


def test_shen_lets_all_ways_of_travelling_compete():
    """V = 60 + 20 + 20 people at each job place; with a car both are in reach, by bus one."""
    travellers, jobs = shen()
    with_car, by_bus = by_mode(jobs, travellers)
    assert with_car.value.tolist() == [1.4, 1.4]
    assert by_bus.value.tolist() == [1.0, 0.4]
    together = of_everybody((with_car, by_bus), travellers)
    assert together.value == pytest.approx([(60 * 1.4 + 20 * 1.0) / 80, (20 * 1.4 + 20 * 0.4) / 40])
    people_of = sum(one.population.low for one in travellers)
    assert (together.value * people_of).sum() == pytest.approx(140)
    assert with_car.method.method == "indicators.access.shen"


def test_where_nobody_knows_who_travels_how_it_lies_between_the_ways():
    (car, bus), jobs = shen()
    unsure = (car, Travellers(bus.costs, people([20.0, NAN]), bus.decay))
    scores = by_mode(jobs, unsure)
    together = of_everybody(scores, unsure)
    assert together.low[1] == min(one.low[1] for one in scores)
    assert together.high[1] == max(one.high[1] for one in scores)
    assert np.isnan(together.value[1])


def test_a_demand_too_small_to_share_among_is_no_number_either():
    costs = of_minutes(np.array([[4400.0]]))
    found = competition(costs, things([3.0]), people([1.0]), Gaussian(115))
    assert np.isnan(found.value[0])
    assert found.figure(0).high is None
