"""The cluster index of Litzenberger and Sternberg: an industry that is dense on the ground and among people, of many
firms rather than one large one.
"""  # noqa: D205 - one sentence

from __future__ import annotations

import math
from dataclasses import dataclass

from portico.errors import InputError
from portico.indicators.clusters.counts import NORMAL_95, RULE_OF_THREE, Count


@dataclass(frozen=True, slots=True)
class Ground:
    """An area: its extent in km² and how many people live there."""

    area_km2: float
    population: float


def cluster_index(local: Count, ground: Ground, industry: Count, whole: Ground) -> float:
    """Return CI = [(e_ij / a_j) / (e_i / a)] · [(e_ij / p_j) / (e_i / p)] / [(e_ij / b_ij) / (e_i / b_i)].

    e employment of the industry, a extent, p people, b firms; ``local`` and ``ground`` of the area, ``industry`` and
    ``whole`` of the universe. 1 where the area is like the universe; not standardised. Litzenberger and Sternberg,
    *Der Clusterindex – eine Methodik zur Identifizierung regionaler Cluster*, Geographische Zeitschrift 94(4), 2006.

    Raises InputError where the universe has no such firms, where extent or people are nothing, and where nobody counted
    the firms.

    >>> cluster_index(Count(200, 20), Ground(10, 1000), Count(1000, 100), Ground(100, 10_000))
    4.0
    """
    if local.firms is None or industry.firms is None:
        raise InputError("firms-not-counted")
    if industry.employment <= 0 or industry.firms == 0:
        raise InputError("industry-without-employment")
    if min(ground.area_km2, ground.population, whole.area_km2, whole.population) <= 0:
        raise InputError("ground-of-nothing")
    on_ground = (local.employment / ground.area_km2) / (industry.employment / whole.area_km2)
    # (e_ij / p_j) / (e_ij / b_ij) = b_ij / p_j, which an industry that is not there has as well.
    of_firms = (local.firms / ground.population) / (industry.firms / whole.population)
    return on_ground * of_firms


def cluster_index_range(local: Count, ground: Ground, industry: Count, whole: Ground) -> tuple[float, float]:
    """Return between what the index lies (95 %) by the number of firms in the area; errors are those of the index.

    Employment and number of firms move together, so that their relative errors √H and 1/√b add up.
    """
    value = cluster_index(local, ground, industry, whole)
    share = local.least_herfindahl
    if not local.firms or share is None:
        firms = industry.firms or 1
        three = Count(RULE_OF_THREE * industry.employment / firms, math.ceil(RULE_OF_THREE))
        return 0.0, max(value, cluster_index(three, ground, industry, whole))
    error = NORMAL_95 * (math.sqrt(share) + 1.0 / math.sqrt(local.firms))
    return value * math.exp(-error), value * math.exp(error)
