"""Criteria on the industry of the area a site lies in: from the tables of employment that the city keeps."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from portico.city.register import Site
from portico.figures import Figure
from portico.indicators.clusters.answers import agglomeration_at, cluster_index_at, quotient_at, relatedness_at
from portico.match.criteria.base import Criterion
from portico.match.model import Asked, Measured
from portico.territory.layers import Territory

Answer = Callable[[Territory, str, Sequence[str]], Figure]


def _measured(answer: Answer, territory: Territory, site: Site, asked: Asked) -> Measured:
    """Return the answer for the municipality of a site; sites of one municipality share it."""
    key = (f"criteria.{asked.criterion}", site.municipality, asked.divisions)
    figure = territory.kept(key, lambda: answer(territory, site.municipality, asked.divisions))
    return Measured(figure.resting_also_on(site.evidence))


def _location_quotient(territory: Territory, site: Site, asked: Asked) -> Measured:
    """How much more of all employment the industry of ``divisions`` has in the area of the site than in the universe.

    1: as much as in the area of reference that the city declares. No value under 5 firms, then only the interval (95 %)
    that the number of firms and their sizes leave open.

    Unit: 1
    Direction: max
    Default scale: 0.5 → 0, 3 → 1
    Formula: LQ = (e_ij / e_j) / (E_i / E)
    Source: Balassa 1965; Farhauer and Kröll, Standorttheorien, 2014; interval after Moineddin, Beyene and Boyle,
        Geographical Analysis 35(3), 2003
    """
    return _measured(quotient_at, territory, site, asked)


def _agglomeration(territory: Territory, site: Site, asked: Asked) -> Measured:
    """Whether the industry of ``divisions`` gathers in few areas more than the sizes of its firms alone would make it.

    The same for every site that is compared with one universe: it says whether nearness pays in this industry; read it
    beside the location quotient. 0: as if thrown at random; above 0.05 very localised.

    Unit: 1
    Direction: max
    Default scale: 0 → 0, 0.1 → 1
    Formula: γ = [G − (1 − Σ_j x_j²) H] / [(1 − Σ_j x_j²)(1 − H)];  G = Σ_j (s_j − x_j)²;  H = Σ_k z_k²
    Source: Ellison and Glaeser, Geographic concentration in U.S. manufacturing industries, Journal of Political
        Economy 105(5), 1997; a firm counts as a plant
    """
    return _measured(agglomeration_at, territory, site, asked)


def _cluster_index(territory: Territory, site: Site, asked: Asked) -> Measured:
    """How dense the industry of ``divisions`` is on the ground and among people, and of how many firms.

    1: as in the area of reference; not standardised. No value under 5 firms, then only the interval.

    Unit: 1
    Direction: max
    Default scale: 0.5 → 0, 5 → 1
    Formula: CI = [(e_ij / a_j) / (e_i / a)] · [(e_ij / p_j) / (e_i / p)] / [(e_ij / b_ij) / (e_i / b_i)]
    Source: Litzenberger and Sternberg, Der Clusterindex, Geographische Zeitschrift 94(4), 2006
    """
    return _measured(cluster_index_at, territory, site, asked)


def _skill_relatedness(territory: Territory, site: Site, asked: Asked) -> Measured:
    """How much of what shares skills with ``divisions`` the area of the site specialises in: people who could change.

    Relatedness comes from a matrix of job moves that the city imported, as its source says; M is 1 where the location
    quotient is 1 or above, either where too little is known.

    Unit: %
    Direction: max
    Default scale: 10 → 0, 60 → 1
    Formula: ω = 100 · Σ_q M_q φ_q / Σ_q φ_q;  φ = (SR − 1) / (SR + 1) > 0;  SR_ij = F_ij F.. / (F_i. F_.j)
    Source: Neffke and Henning, Skill relatedness and firm diversification, Strategic Management Journal 34, 2013;
        density: Boschma, Balland and Kogler, Industrial and Corporate Change 24(1), 2015
    """
    return _measured(relatedness_at, territory, site, asked)


LOCATION_QUOTIENT = Criterion("location-quotient", _location_quotient, unit="1", needs=("divisions",))
AGGLOMERATION = Criterion("agglomeration", _agglomeration, unit="1", needs=("divisions",))
CLUSTER_INDEX = Criterion("cluster-index", _cluster_index, unit="1", needs=("divisions",))
SKILL_RELATEDNESS = Criterion("skill-relatedness", _skill_relatedness, unit="%", needs=("divisions",))
