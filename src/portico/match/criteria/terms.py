"""Criteria on how a site can be had: what stands there, on which terms, by when, how clean, and where it lies."""

from __future__ import annotations

from datetime import date

from portico.city.attributes import KINDS
from portico.city.register import Site
from portico.dates import PartialDate
from portico.figures import Evidence, Figure, Statement, Status, together
from portico.match.criteria.base import Criterion
from portico.match.model import Asked, Measured
from portico.territory.layers import Territory

_BOTH = "land-and-building"
_STANDS = {"built": ("building",), "green": ("land",)}
_CLEANED = {"certified": "done", "under-remediation": "under-way", "remediation-plan-approved": "needed"}


def _drawn(words: tuple[str, ...], from_: Statement | Figure) -> Measured:
    """Return words that follow from what was stated of something else."""
    return Measured(Statement(words, Status.ESTIMATED, from_.as_of, from_.evidence))


def _premises(_: Territory, site: Site, __: Asked) -> Measured:
    """Whether land or a building is offered; both, where both were stated.

    Default values: building 1, land 1
    Formula: as stated; where nothing is, a building where the condition is built or a floor area exists, land where
        the condition is green
    Source: this project's definition
    """
    stated = site.statement("premises")
    if stated.is_known:
        words = {word for value in stated.values for word in (("land", "building") if value == _BOTH else (value,))}
        return Measured(Statement(tuple(sorted(words)), stated.status, stated.as_of, stated.evidence))
    condition = site.statement("condition")
    words_of_condition = tuple(word for value in condition.values for word in _STANDS.get(value, ()))
    if words_of_condition:
        return _drawn(words_of_condition, condition)
    floor = site.figure("floor-area", "existing")
    return _drawn(("building",), floor) if floor.low else Measured(Statement.missing())


def _tenure(_: Territory, site: Site, __: Asked) -> Measured:
    """Whether the site is to buy, to rent, or to be had by surface right or concession.

    Default values: sale 1, lease 1, surface-right 1, concession 1
    Formula: as stated; where nothing is, for sale where a price is asked, to let where a rent is
    Source: this project's definition
    """
    stated = site.statement("tenure")
    if stated.is_known:
        return Measured(stated)
    asked = {
        word: site.figure(name)
        for name, word in (("asking-price", "sale"), ("asking-price-per-m2", "sale"), ("asking-rent", "lease"))
        if site.figure(name).is_known
    }
    if not asked:
        return Measured(stated)
    newest = max((one.as_of for one in asked.values() if one.as_of), key=lambda day: day.earliest, default=None)
    evidence = together(*(one.evidence for one in asked.values()))
    return Measured(Statement(tuple(asked), Status.ESTIMATED, newest, evidence))


def _remediation(_: Territory, site: Site, __: Asked) -> Measured:
    """Whether the ground still has to be cleaned.

    Default values: not-needed 1, done 1, under-way 0.5, needed 0
    Formula: as stated; where nothing is, done where it is certified, under way where it is being cleaned, needed where
        a plan is approved or the condition is "to remediate"
    Source: this project's definition, on phases of the US EPA property profile (OMB 2050-0192)
    """
    stated = site.statement("remediation")
    if stated.is_known:
        return Measured(stated)
    phase = site.statement("contamination")
    words = tuple(_CLEANED[value] for value in phase.values if value in _CLEANED)
    if words:
        return _drawn(words, phase)
    condition = site.statement("condition")
    return _drawn(("needed",), condition) if "to-remediate" in condition.values else Measured(stated)


def _operational_by(_: Territory, site: Site, asked: Asked) -> Measured:
    """How many days after the date asked for the site can be had; 0 where it can be had in time.

    Unit: days
    Direction: min
    Default scale: 0 → 1, 365 → 0
    Formula: max(0, available from − by), from the first to the last day that a date known in part may mean
    Source: this project's definition
    """
    stated = site.stated("available-from")
    if not stated or asked.by is None:
        return Measured(Figure.missing("days"))
    day = PartialDate.parse(stated[0].value)
    low, high = (float(_after(asked.by, end)) for end in (day.earliest, day.latest))
    method = Evidence(method="match.days-after", parameters={"by": asked.by.isoformat()})
    evidence = (method, stated[0].evidence)
    return Measured(Figure((low + high) / 2, low, high, "days", Status.ESTIMATED, stated[0].as_of, evidence))


def _after(by: date, day: date) -> int:
    return max(0, (day - by).days)


def _municipality(_: Territory, site: Site, __: Asked) -> Measured:
    """In which municipality the site lies.

    Formula: as stated in the register
    Source: register of sites
    """
    return Measured(_given(site, site.municipality))


def _site(_: Territory, site: Site, __: Asked) -> Measured:
    """Which site it is, by its id: for leaving named ones out.

    Formula: as stated in the register
    Source: register of sites
    """
    return Measured(_given(site, site.id))


def _given(site: Site, word: str) -> Statement:
    return Statement((word,), Status.DECLARED, None, (site.evidence,)) if word else Statement.missing()


PREMISES = Criterion("premises", _premises, words=("land", "building"))
TENURE = Criterion("tenure", _tenure, words=KINDS["tenure"].words)
REMEDIATION = Criterion("remediation", _remediation, words=KINDS["remediation"].words)
OPERATIONAL_BY = Criterion("operational-by", _operational_by, unit="days", needs=("by",))
MUNICIPALITY = Criterion("municipality", _municipality, ages=False)
SITE = Criterion("site", _site, ages=False)
