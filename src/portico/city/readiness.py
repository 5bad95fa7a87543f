"""How ready a site is for an investment: a level from 0 to 4, what is missing to the next, and who must do it.

Sources: PA SiteSearch tells *registered* sites (a minimum description) from *ready* ones (documents certified); the
checklist for shovel-ready sites of Minnesota names what must be there (ownership and title, parcels, price, zoning,
special zones, utilities, environment, soils). Their order in steps between the two is this project's own:

====  ==========  =====================================================================================
0     listed      less than a minimum description
1     registered  where, how large, land or building, whose, and what became of it
2     offered     the owner consents; available; price or rent, title, tenure and parcels are stated
3     planned     a plan admits a use or permission was given; zone and constraints are known
4     ready       power with its day, water and sewer, ground proven clean, soils surveyed, lately verified
====  ==========  =====================================================================================

A level needs all of those below it. What nobody stated is a gap, and so is what was stated too long ago.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portico.city.consent import ConsentState, consent
from portico.city.register import Attribute, Site
from portico.dates import PartialDate, is_stale
from portico.figures import Evidence, oldest, together
from portico.messages import Message

LEVELS = ("listed", "registered", "offered", "planned", "ready")
HIGHEST = len(LEVELS) - 1
_PLACED = ("exact", "address", "block")


class Party(StrEnum):
    """Who can close a gap."""

    REGISTER = "register"
    OWNER = "owner"
    MUNICIPALITY = "municipality"
    NETWORKS = "networks"
    ENVIRONMENT = "environment"


class Lack(StrEnum):
    """Why a requirement is not met: nothing is stated, what is stated is old, or it says otherwise."""

    MISSING = "missing"
    STALE = "stale"
    UNMET = "unmet"


@dataclass(frozen=True, slots=True)
class Proof:
    """An attribute whose newest statement proves something: any value, or one of ``words``; on ``basis`` if given."""

    attribute: str
    words: tuple[str, ...] = ()
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Requirement:
    """What a level asks for: any one of ``proofs``, and who brings it. Without proofs it is a rule of its own."""

    id: str
    level: int
    party: Party
    proofs: tuple[Proof, ...] = ()

    @property
    def words(self) -> Message:
        """What is asked for."""
        return Message(f"requirement.{self.id}")


_SERVED = ("connected", "at-boundary")
REQUIREMENTS: tuple[Requirement, ...] = (
    Requirement("position", 1, Party.REGISTER),
    Requirement("size", 1, Party.REGISTER, (Proof("area"), Proof("floor-area"))),
    Requirement("premises", 1, Party.REGISTER, (Proof("premises"), Proof("condition"))),
    Requirement("ownership", 1, Party.REGISTER, (Proof("ownership"),)),
    Requirement("status", 1, Party.REGISTER, (Proof("status"),)),
    Requirement("consent", 2, Party.OWNER),
    Requirement("available", 2, Party.OWNER, (Proof("status", ("available",)),)),
    Requirement(
        "price",
        2,
        Party.OWNER,
        (Proof("asking-price"), Proof("asking-price-per-m2"), Proof("asking-rent"), Proof("tender")),
    ),
    Requirement("tenure", 2, Party.OWNER, (Proof("tenure"),)),
    Requirement("title", 2, Party.OWNER, (Proof("title", ("clear",)),)),
    Requirement("parcels", 2, Party.OWNER, (Proof("parcel"),)),
    Requirement(
        "use",
        3,
        Party.MUNICIPALITY,
        (Proof("use", basis="permitted"), Proof("planning-status", ("permissioned",))),
    ),
    Requirement("zone", 3, Party.MUNICIPALITY, (Proof("plan-zone"),)),
    Requirement("constraints", 3, Party.MUNICIPALITY, (Proof("constraint"),)),
    Requirement("power", 4, Party.NETWORKS, (Proof("electric-power"),)),
    Requirement("power-from", 4, Party.NETWORKS, (Proof("electric-power-from"),)),
    Requirement("water", 4, Party.NETWORKS, (Proof("utility", _SERVED, "water"),)),
    Requirement("sewer", 4, Party.NETWORKS, (Proof("utility", _SERVED, "sewer"),)),
    Requirement(
        "ground",
        4,
        Party.ENVIRONMENT,
        (Proof("contamination", ("certified",)), Proof("remediation", ("not-needed", "done"))),
    ),
    Requirement("soils", 4, Party.OWNER, (Proof("soil-survey", ("done",)),)),
    Requirement("verified", 4, Party.REGISTER),
)


@dataclass(frozen=True, slots=True)
class Gap:
    """A requirement that is not met: why, since when where it is old, and what was stated."""

    requirement: Requirement
    lack: Lack
    as_of: PartialDate | None = None
    evidence: tuple[Evidence, ...] = ()

    @property
    def words(self) -> Message:
        """The gap in a sentence."""
        return Message(f"gap.{self.lack.value}", {"what": self.requirement.words, "as_of": self.as_of})

    @property
    def who(self) -> Message:
        """Who must close it."""
        return Message(f"party.{self.requirement.party.value}")


@dataclass(frozen=True, slots=True)
class Readiness:
    """The level that is proven; the ``highest`` that nothing stated rules out; every gap, the lowest level first.

    ``evidence`` and ``as_of`` (the oldest day) are those of what proves the level.
    """

    level: int
    highest: int
    gaps: tuple[Gap, ...]
    as_of: PartialDate | None = None
    evidence: tuple[Evidence, ...] = ()

    @property
    def words(self) -> Message:
        """The level in words."""
        return Message(f"readiness.{LEVELS[self.level]}")

    @property
    def next_gaps(self) -> tuple[Gap, ...]:
        """What is missing to the next level."""
        return tuple(gap for gap in self.gaps if gap.requirement.level == self.level + 1)


@dataclass(frozen=True, slots=True)
class _Judged:
    """A requirement on a site: why it is not met, if so, and what was stated."""

    requirement: Requirement
    lack: Lack | None
    as_of: PartialDate | None
    evidence: tuple[Evidence, ...]


def readiness(site: Site, as_of: date, limit_months: int) -> Readiness:
    """Return how ready ``site`` is on ``as_of``; what was stated more than ``limit_months`` ago proves nothing."""
    judged = tuple(_judge(one, site, as_of, limit_months) for one in REQUIREMENTS)
    lacking = [one for one in judged if one.lack]
    level = min((one.requirement.level - 1 for one in lacking), default=HIGHEST)
    highest = min((one.requirement.level - 1 for one in lacking if one.lack is Lack.UNMET), default=HIGHEST)
    proving = [one for one in judged if one.requirement.level <= level and one.as_of]
    return Readiness(
        level,
        highest,
        tuple(_gaps(lacking)),
        oldest(one.as_of for one in proving),
        together(*(one.evidence for one in proving)),
    )


def _gaps(lacking: list[_Judged]) -> Iterator[Gap]:
    for one in lacking:
        if one.lack:
            yield Gap(one.requirement, one.lack, one.as_of, one.evidence)


def _judge(required: Requirement, site: Site, as_of: date, limit_months: int) -> _Judged:
    if required.id == "position":
        return _position(required, site)
    if required.id == "consent":
        return _consent(required, site, as_of, limit_months)
    if required.id == "verified":
        return _verified(required, site, as_of, limit_months)
    found = [_proved(required, proof, site, as_of, limit_months) for proof in required.proofs]
    order = (None, Lack.STALE, Lack.UNMET, Lack.MISSING)
    return min(found, key=lambda one: order.index(one.lack))


def _proved(required: Requirement, proof: Proof, site: Site, as_of: date, limit_months: int) -> _Judged:
    stated = _newest(site.stated(proof.attribute, proof.basis))
    if not stated or all(one.value == "unknown" for one in stated):
        return _Judged(required, Lack.MISSING, None, ())
    evidence, day = tuple(one.evidence for one in stated), stated[0].as_of
    if proof.words and not all(one.value in proof.words for one in stated):
        return _Judged(required, Lack.UNMET, day, evidence)
    return _Judged(required, Lack.STALE if is_stale(day, as_of, limit_months) else None, day, evidence)


def _newest(stated: tuple[Attribute, ...]) -> tuple[Attribute, ...]:
    return tuple(one for one in stated if one.day == stated[0].day)


def _position(required: Requirement, site: Site) -> _Judged:
    """Where it is must be known to the block; a position does not grow old."""
    if site.position is None:
        return _Judged(required, Lack.MISSING, None, ())
    lack = None if site.position.precision in _PLACED else Lack.UNMET
    return _Judged(required, lack, None, (site.evidence,))


def _consent(required: Requirement, site: Site, as_of: date, limit_months: int) -> _Judged:
    """A consent that holds; one that ran out counts as none, and one without an end grows old as anything stated."""
    found = consent(site, as_of)
    lacks = {
        ConsentState.GIVEN: None,
        ConsentState.EXPIRED: Lack.STALE,
        ConsentState.REFUSED: Lack.UNMET,
        ConsentState.WITHDRAWN: Lack.UNMET,
    }
    lack = lacks.get(found.state, Lack.MISSING)
    if lack is None and found.until is None and is_stale(found.on, as_of, limit_months):
        lack = Lack.STALE
    return _Judged(required, lack, found.on, found.evidence)


def _verified(required: Requirement, site: Site, as_of: date, limit_months: int) -> _Judged:
    """The last day on which somebody verified the entry."""
    stated = site.stated("last-verified")
    if not stated:
        return _Judged(required, Lack.MISSING, None, ())
    newest = max(stated, key=lambda one: PartialDate.parse(one.value).earliest)
    day = PartialDate.parse(newest.value)
    return _Judged(required, Lack.STALE if is_stale(day, as_of, limit_months) else None, day, (newest.evidence,))
