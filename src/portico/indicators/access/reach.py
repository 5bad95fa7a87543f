"""What is in reach, nobody competing for it: cumulative opportunities, gravity, the labour catchment of a site.

    A_i = Σ_j O_j f(c_ij)

with O_j the opportunities at j and c_ij the minutes between i and j. With all or nothing for f it counts what lies
within a limit; with a decay it is the potential of Hansen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portico.figures import Evidence, Scalar
from portico.indicators.access.amounts import Amounts
from portico.indicators.access.costs import Costs, reached_by
from portico.indicators.access.decay import Decay, Within
from portico.indicators.access.scores import Scores
from portico.indicators.access.sums import weighted
from portico.territory.travel.model import Direction

CATCHMENT_MINUTES = (30.0, 45.0, 60.0)


def cumulative(costs: Costs, opportunities: Amounts, minutes: float) -> Scores:
    """Return the opportunities within ``minutes``: A_i(T) = Σ_j O_j [c_ij ≤ T].

    Levinson, King and others, *Transport Access Manual*, 2020; the measure is of Wachs and Kumagai 1973.

    >>> import numpy as np
    >>> from portico.indicators.access.costs import of_minutes
    >>> jobs = Amounts.of(np.array([100.0, 20.0, 3.0]), "jobs")
    >>> cumulative(of_minutes(np.array([[5.0, 30.0, np.nan]])), jobs, 30).value.tolist()
    [120.0]
    """
    method = Evidence(method="indicators.access.cumulative", parameters=_parameters(costs, Within(minutes)))
    return _summed(costs, opportunities, Within(minutes), method)


def gravity(costs: Costs, opportunities: Amounts, decay: Decay) -> Scores:
    """Return the opportunities in reach, each counting the less the farther: A_i = Σ_j O_j f(c_ij).

    Hansen, *How accessibility shapes land use*, Journal of the American Institute of Planners 25(2), 1959, with
    f(c) = c^(-b); other forms of f in ``decay``. Its unit is that of the opportunities, though nobody can count them.

    >>> import numpy as np
    >>> from portico.indicators.access.costs import of_minutes
    >>> from portico.indicators.access.decay import Power
    >>> jobs = Amounts.of(np.array([100.0, 20.0]), "jobs")
    >>> gravity(of_minutes(np.array([[5.0, 10.0]])), jobs, Power(1)).value.tolist()
    [22.0]
    """
    method = Evidence(method="indicators.access.gravity", parameters=_parameters(costs, decay))
    return _summed(costs, opportunities, decay, method)


@dataclass(frozen=True, slots=True)
class Catchment:
    """The workers of a skill who can be at each site within so many minutes."""

    skill: str
    minutes: float
    scores: Scores


def labour_catchment(
    costs: Costs, workers: Mapping[str, Amounts], limits_minutes: Sequence[float] = CATCHMENT_MINUTES
) -> tuple[Catchment, ...]:
    """Return the workers of each skill who reach each site within each limit: L_s(T) = Σ_j W_j(skill) [c_js ≤ T].

    ``costs`` are those of the sites, **inbound**: workers travel to the site. Levinson, King and others, *Transport
    Access Manual*, 2020.

    >>> import numpy as np
    >>> from portico.indicators.access.costs import of_minutes
    >>> homes_to_sites = of_minutes(np.array([[20.0], [50.0]]))
    >>> engineers = Amounts.of(np.array([300.0, 80.0]), "people")
    >>> found = labour_catchment(homes_to_sites.turned(), {"engineers": engineers})
    >>> [(one.minutes, one.scores.value.tolist()) for one in found]
    [(30.0, [300.0]), (45.0, [300.0]), (60.0, [380.0])]
    """
    if costs.direction is not Direction.INBOUND:
        raise ValueError("a labour catchment is inbound: the costs are those of the workers' way to the site")
    found = []
    for skill, amounts in workers.items():
        for minutes in limits_minutes:
            parameters = {**_parameters(costs, Within(minutes)), "skill": skill}
            method = Evidence(method="indicators.access.catchment", parameters=parameters)
            found.append(Catchment(skill, minutes, _summed(costs, amounts, Within(minutes), method)))
    return tuple(found)


def _summed(costs: Costs, amounts: Amounts, decay: Decay, method: Evidence) -> Scores:
    total = weighted(costs, decay, amounts)
    return Scores(total.low, total.high, total.unknown, reached_by(costs), amounts.unit, method)


def _parameters(costs: Costs, decay: Decay) -> dict[str, Scalar]:
    """Return what a figure says of how it was made; costs that were cut cut the decay too."""
    made: dict[str, Scalar] = {"direction": costs.direction.value, **decay.parameters}
    if costs.limit_minutes is not None:
        made["costs_up_to_minutes"] = costs.limit_minutes
    return made
