"""The criteria, one explicit tuple. A must and a want of a brief name one of these; nothing registers itself."""

from __future__ import annotations

from portico.match.criteria.access import MINUTES_TO_NEAREST, PLACES_WITHIN
from portico.match.criteria.base import Criterion
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
    PREMISES,
    TENURE,
    OPERATIONAL_BY,
    REMEDIATION,
    MUNICIPALITY,
    SITE,
    MINUTES_TO_NEAREST,
    PLACES_WITHIN,
    READINESS,
)


def criterion(identifier: str) -> Criterion | None:
    """Return the criterion named ``identifier``, or nothing."""
    return next((one for one in CRITERIA if one.id == identifier), None)
