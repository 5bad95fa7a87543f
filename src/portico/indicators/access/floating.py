"""Access where people compete for what there is: floating catchments, and gravity with competition.

Two steps. First each supply S_j is shared out among the people P_k who reach it; then each place adds up the shares
within its reach::

    R_j = S_j / Σ_k P_k g(c'_kj)        A_i = Σ_j R_j f(c_ij)

With the same costs and the same weights in both steps (c' = c, g = f) all that is reached is shared out and nothing
else: Σ_i P_i A_i = Σ_j S_j over the supply that anybody reaches.

Where a supply or a population is not known, the score lies between its bounds: A_i never falls with a supply and never
rises with a population, so the ends are those of the amounts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from portico.figures import Evidence, Scalar
from portico.indicators.access.amounts import Amounts
from portico.indicators.access.costs import Costs, reached_by
from portico.indicators.access.decay import SLOW_ZONES, Decay, Within, Zones
from portico.indicators.access.scores import Scores
from portico.indicators.access.sums import weighted

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Travellers:
    """People who travel in one way: how many live at each place, what it costs them, how that weighs."""

    costs: Costs
    population: Amounts
    decay: Decay


@dataclass(frozen=True, slots=True)
class Shares:
    """The supply for each of the people who reach it (R_j), between its bounds; infinite where nobody does."""

    low: Floats
    high: Floats


def shares(supply: Amounts, travellers: Sequence[Travellers]) -> Shares:
    """Return R_j = S_j / Σ_m Σ_k P_k^m f_m(c_kj^m): the first step, over one way of travelling or several."""
    low, high = np.zeros(len(supply)), np.zeros(len(supply))
    for group in travellers:
        demand = weighted(group.costs.turned(), group.decay, group.population)
        low, high = low + demand.low, high + demand.high
    return Shares(_ratio(supply.low, high), _ratio(supply.high, low))


def _ratio(supply: Floats, demand: Floats) -> Floats:
    """Return supply for each of the demand: infinite where there is supply without demand, nothing without supply."""
    found = np.full(len(supply), np.inf)
    found[supply == 0] = 0.0
    some = (demand > 0) & ~np.isinf(supply)
    with np.errstate(over="ignore"):  # hardly anybody from very far: without bound as well
        found[some] = supply[some] / demand[some]
    return found


def floating_catchment(
    costs: Costs,
    supply: Amounts,
    population: Amounts,
    decay: Decay,
    *,
    demand_costs: Costs | None = None,
    demand_decay: Decay | None = None,
) -> Scores:
    """Return the general form: any decay, and if wanted other costs and another decay in the first step.

    ``costs`` are those from the places where people live to the supplies (c_ij), ``demand_costs`` those that count
    when a supply is shared out (c'_kj), by default the same. Where these differ (a doctor who drives out by day, people
    who come by evening) shares need no longer add up to the supply. Weighted forms: Luo and Qi 2009; Dai, *Black
    residential segregation, disparities in spatial access to health care facilities*, Health & Place 16(5), 2010.
    """
    first = Travellers(demand_costs or costs, population, demand_decay or decay)
    extra: dict[str, Scalar] = {}
    if demand_costs is not None:
        extra["demand_direction"] = demand_costs.direction.value
    if demand_decay is not None:
        extra |= {f"demand_{name}": value for name, value in demand_decay.parameters.items()}
    parameters = {"direction": costs.direction.value, **decay.parameters, **extra}
    method = Evidence(method="indicators.access.floating-catchment", parameters=parameters)
    return _scores(costs, decay, shares(supply, (first,)), _unit(supply, population), method)


def two_step(costs: Costs, supply: Amounts, population: Amounts, minutes: float) -> Scores:
    """Return the two-step floating catchment (2SFCA): both steps within ``minutes``.

    R_j = S_j / Σ_k P_k [c_kj ≤ T], A_i = Σ_j R_j [c_ij ≤ T]. Luo and Wang, *Measures of spatial accessibility to
    health care in a GIS environment*, Environment and Planning B 30(6), 2003, doi 10.1068/b29120.

    >>> from portico.indicators.access.costs import of_minutes
    >>> people, doctors = Amounts.of(np.array([3.0, 1.0]), "people"), Amounts.of(np.array([8.0]), "doctors")
    >>> two_step(of_minutes(np.array([[10.0], [20.0]])), doctors, people, 30).value.tolist()
    [2.0, 2.0]
    """
    decay = Within(minutes)
    parameters: dict[str, Scalar] = {"direction": costs.direction.value, **decay.parameters}
    method = Evidence(method="indicators.access.two-step", parameters=parameters)
    first = Travellers(costs, population, decay)
    return _scores(costs, decay, shares(supply, (first,)), _unit(supply, population), method)


def enhanced_two_step(costs: Costs, supply: Amounts, population: Amounts, zones: Zones = SLOW_ZONES) -> Scores:
    """Return the enhanced two-step floating catchment (E2SFCA): zones with falling weights in both steps.

    Luo and Qi, *An enhanced two-step floating catchment area (E2SFCA) method for measuring spatial accessibility to
    primary care physicians*, Health & Place 15(4), 2009.

    >>> from portico.indicators.access.costs import of_minutes
    >>> people, doctors = Amounts.of(np.array([1.0, 1.0]), "people"), Amounts.of(np.array([1.68]), "doctors")
    >>> enhanced_two_step(of_minutes(np.array([[10.0], [20.0]])), doctors, people).value.round(6).tolist()
    [1.0, 0.68]
    """
    parameters: dict[str, Scalar] = {"direction": costs.direction.value, **zones.parameters}
    method = Evidence(method="indicators.access.enhanced-two-step", parameters=parameters)
    first = Travellers(costs, population, zones)
    return _scores(costs, zones, shares(supply, (first,)), _unit(supply, population), method)


def competition(costs: Costs, supply: Amounts, population: Amounts, decay: Decay) -> Scores:
    """Return gravity with competition: A_i = Σ_j S_j f(c_ij) / V_j, V_j = Σ_k P_k f(c_kj).

    Joseph and Bantock, *Measuring potential physical accessibility to general practitioners in rural areas*, Social
    Science & Medicine 16(1), 1982, with f(c) = c^(-b); Luo and Wang 2003 show that the two-step floating catchment is
    the case of all or nothing.

    >>> from portico.indicators.access.costs import of_minutes
    >>> from portico.indicators.access.decay import Power
    >>> people, doctors = Amounts.of(np.array([1.0, 1.0]), "people"), Amounts.of(np.array([3.0]), "doctors")
    >>> competition(of_minutes(np.array([[1.0], [2.0]])), doctors, people, Power(1)).value.round(6).tolist()
    [2.0, 1.0]
    """
    parameters: dict[str, Scalar] = {"direction": costs.direction.value, **decay.parameters}
    method = Evidence(method="indicators.access.competition", parameters=parameters)
    first = Travellers(costs, population, decay)
    return _scores(costs, decay, shares(supply, (first,)), _unit(supply, population), method)


def by_mode(supply: Amounts, travellers: Sequence[Travellers]) -> tuple[Scores, ...]:
    """Return the access of those who travel in each way, all of them competing: Shen's measure.

    A_i^v = Σ_j O_j f_v(c_ij^v) / Σ_m Σ_k P_k^m f_m(c_kj^m). Shen, *Location characteristics of inner-city neighborhoods
    and employment accessibility of low-wage workers*, Environment and Planning B 25(3), 1998. With one way of
    travelling it is ``competition``.
    """
    shared = shares(supply, travellers)
    found = []
    for group in travellers:
        parameters: dict[str, Scalar] = {"direction": group.costs.direction.value, **group.decay.parameters}
        method = Evidence(
            method="indicators.access.shen", parameters={**parameters, "ways_of_travelling": len(travellers)}
        )
        found.append(_scores(group.costs, group.decay, shared, _unit(supply, group.population), method))
    return tuple(found)


def of_everybody(scores: Sequence[Scores], travellers: Sequence[Travellers]) -> Scores:
    """Return the access of all who live at a place: the mean over ways of travelling, by people (Shen 1998).

    A_i = Σ_v (P_i^v / P_i) A_i^v. Where the people of a place are not known, or there are none, it lies between the
    least and the most of the ways.
    """
    bounds = [(one.low, one.high) for one in scores]
    least, most = np.min([low for low, _ in bounds], axis=0), np.max([high for _, high in bounds], axis=0)
    people = np.array([group.population.low for group in travellers])
    total = people.sum(axis=0)
    sure = np.all([group.population.known for group in travellers], axis=0) & (total > 0)
    part = np.divide(people, total, out=np.zeros_like(people), where=sure)
    parts = zip(part, bounds, strict=True)
    sums = [(np.where(p > 0, p * low, 0.0), np.where(p > 0, p * high, 0.0)) for p, (low, high) in parts]
    low, high = (np.sum([one[end] for one in sums], axis=0) for end in (0, 1))
    return Scores(
        np.where(sure, low, least),
        np.where(sure, high, most),
        np.max([one.unknown for one in scores], axis=0) + ~sure,
        np.max([one.reached for one in scores], axis=0),
        scores[0].unit,
        scores[0].method,
        of_shares=True,
    )


def _scores(costs: Costs, decay: Decay, shared: Shares, unit: str, method: Evidence) -> Scores:
    """Take the second step. A supply that nobody reaches has no share that could be told: anything from nothing."""
    low = np.where(np.isinf(shared.low), 0.0, shared.low)
    total = weighted(costs, decay, Amounts(low, shared.high, ""))
    return Scores(total.low, total.high, total.unknown, reached_by(costs), unit, method, of_shares=True)


def _unit(supply: Amounts, population: Amounts) -> str:
    return f"{supply.unit}/{population.unit}"
