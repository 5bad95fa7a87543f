"""How ready a site is: the level that the register proves, and the one that nothing in it rules out."""

from __future__ import annotations

from datetime import date

from portico.city.readiness import Readiness, readiness
from portico.city.register import Site
from portico.figures import Evidence, Figure, Status
from portico.match.criteria.base import Criterion
from portico.match.model import Asked, Measured
from portico.messages import Message
from portico.territory.layers import Territory


def figure_of(found: Readiness) -> Figure:
    """Return a level of readiness as a figure: the level proven, and as its upper bound the one not ruled out.

    A must on a level is therefore passed by what is proven, failed by what is ruled out, and unknown in between.
    """
    method = Evidence(method="city.readiness", parameters={"gaps": len(found.gaps), "next": _named(found)})
    return Figure(
        float(found.level),
        float(found.level),
        float(found.highest),
        "level",
        Status.ESTIMATED,
        found.as_of,
        (method, *found.evidence),
        Message("readiness-gaps", {"words": found.words, "gaps": [gap.requirement.words for gap in found.next_gaps]})
        if found.next_gaps
        else None,
    )


def _named(found: Readiness) -> str:
    return " ".join(gap.requirement.id for gap in found.next_gaps)


def _readiness_on(territory: Territory, site: Site, _: Asked, as_of: date) -> Measured:
    """Level of readiness on the day asked for, by the city's limit of age."""
    limit = territory.settings.staleness.limit_months
    return Measured(figure_of(readiness(site, as_of, limit)))


def _readiness(territory: Territory, site: Site, asked: Asked) -> Measured:
    """Level of readiness, 0 to 4, with the gaps to the next; on the newest day of which anything was stated.

    Unit: level
    Direction: max
    Default scale: 0 → 0, 4 → 1
    Formula: the highest level all of whose requirements, and all of those below it, are proven by statements not older
        than the city's limit
    Source: levels "registered" and "ready" of PA SiteSearch; items of the checklist for shovel-ready sites of Minnesota
    """
    newest = max((one.day for one in site.attributes), default=date.min)
    return _readiness_on(territory, site, asked, newest)


READINESS = Criterion("readiness", _readiness, unit="level", ages=False, on_day=_readiness_on)
