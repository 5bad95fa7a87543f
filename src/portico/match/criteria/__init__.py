"""The criteria, one explicit tuple. A must and a want of a brief name one of these; nothing registers itself."""

from __future__ import annotations

from portico.match.criteria.access import MINUTES_TO_NEAREST, PLACES_WITHIN
from portico.match.criteria.base import Criterion
from portico.match.criteria.floating import FLOATING_CATCHMENT
from portico.match.criteria.industries import AGGLOMERATION, CLUSTER_INDEX, LOCATION_QUOTIENT, SKILL_RELATEDNESS
from portico.match.criteria.know_how import KNOW_HOW
from portico.match.criteria.opportunities import GRAVITY, OPPORTUNITIES_WITHIN
from portico.match.criteria.permits import DAYS_UNTIL_START
from portico.match.criteria.price import PRICE_PER_M2
from portico.match.criteria.readiness import READINESS
from portico.match.criteria.register import (
    AREA,
    ASKING_PRICE,
    AVAILABILITY,
    CONDITION,
    ELECTRIC_POWER,
    FLOOR_AREA,
    OWNERSHIP,
    RAIL_SIDING,
    USE,
)
from portico.match.criteria.terms import MUNICIPALITY, OPERATIONAL_BY, PREMISES, REMEDIATION, SITE, TENURE

CRITERIA: tuple[Criterion, ...] = (
    AVAILABILITY,
    AREA,
    FLOOR_AREA,
    USE,
    CONDITION,
    OWNERSHIP,
    RAIL_SIDING,
    ELECTRIC_POWER,
    ASKING_PRICE,
    PRICE_PER_M2,
    PREMISES,
    TENURE,
    OPERATIONAL_BY,
    DAYS_UNTIL_START,
    REMEDIATION,
    MUNICIPALITY,
    SITE,
    MINUTES_TO_NEAREST,
    PLACES_WITHIN,
    OPPORTUNITIES_WITHIN,
    GRAVITY,
    FLOATING_CATCHMENT,
    KNOW_HOW,
    LOCATION_QUOTIENT,
    AGGLOMERATION,
    CLUSTER_INDEX,
    SKILL_RELATEDNESS,
    READINESS,
)


def criterion(identifier: str) -> Criterion | None:
    """Return the criterion named ``identifier``, or nothing."""
    return next((one for one in CRITERIA if one.id == identifier), None)
