"""Whether the owner of a site agreed that it is offered, and whom to speak to there.

What a public source reports is shown as such: the owner was not asked. A consent counts from the day it was given
until the day it runs out. Contacts lie in a table that never leaves the city folder, and are told under a consent only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from portico.city.facts import read_table
from portico.city.register import Attribute, Site
from portico.city.tables import table
from portico.dates import PartialDate
from portico.figures import Evidence
from portico.messages import Finding, Message

CONTACTS = "site_contacts"
PUBLIC_SOURCE = "public-source"


class ConsentState(StrEnum):
    """Given and holding, run out, given without a day, refused or withdrawn, or never asked for."""

    GIVEN = "given"
    EXPIRED = "expired"
    UNDATED = "undated"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    NOT_ASKED = "not-asked"


@dataclass(frozen=True, slots=True)
class Consent:
    """The owner's consent on a day: its state, who gave it, when, until when; who reported the site."""

    state: ConsentState
    reported_by: str = PUBLIC_SOURCE
    by: str = ""
    on: PartialDate | None = None
    until: PartialDate | None = None
    evidence: tuple[Evidence, ...] = ()

    @property
    def is_given(self) -> bool:
        """Whether the owner agrees: then, and only then, may a contact be told."""
        return self.state is ConsentState.GIVEN

    @property
    def words(self) -> Message:
        """The consent in a sentence."""
        values = {"by": self.by or Message("reported-by.owner"), "on": self.on, "until": self.until}
        if self.is_given:
            return Message("owner.given-until" if self.until else "owner.given", values)
        return Message(f"owner.{self.state.value}", values)


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to speak to about a site."""

    name: str = ""
    office: str = ""
    email: str = ""
    phone: str = ""

    @property
    def parts(self) -> tuple[str, ...]:
        """What is known of it, in the order in which it is read."""
        return tuple(part for part in (self.name, self.office, self.email, self.phone) if part)


def consent(site: Site, as_of: date) -> Consent:
    """Return the owner's consent to ``site`` as it stands on ``as_of``.

    The newest statement counts. A consent given without a day, or on a day to come, is none yet; one whose last day
    has passed is none any more.
    """
    reporters = site.stated("reported-by")
    reported_by = reporters[0].value if reporters else PUBLIC_SOURCE
    stated = [one for one in site.stated("consent") if one.as_of is None or one.as_of.earliest <= as_of]
    if not stated:
        return Consent(ConsentState.NOT_ASKED, reported_by)
    newest = stated[0]
    by, until = _beside(site, "consent-by", newest), _beside(site, "consent-until", newest)
    last = PartialDate.parse(until.value) if until else None
    evidence = tuple(one.evidence for one in (newest, by, until) if one)
    state = _state(newest, last, as_of)
    return Consent(state, reported_by, by.value if by else "", newest.as_of, last, evidence)


def _state(stated: Attribute, until: PartialDate | None, as_of: date) -> ConsentState:
    if stated.value != ConsentState.GIVEN.value:
        return ConsentState(stated.value)
    if stated.as_of is None:
        return ConsentState.UNDATED
    return ConsentState.EXPIRED if until and until.latest < as_of else ConsentState.GIVEN


def _beside(site: Site, name: str, consented: Attribute) -> Attribute | None:
    """Return what was stated of ``name`` with a consent: on the same day, or without one of its own."""
    every = [one for one in site.stated(name) if one.as_of is None or one.as_of == consented.as_of]
    return every[0] if every else None


def contacts(facts: Path) -> Mapping[str, Contact]:
    """Return the contact of each site, read from the folder of facts; a table with faults is left to ``check``."""
    declared, path = table(CONTACTS), facts / f"{CONTACTS}.csv"
    if declared is None or not path.is_file():
        return {}
    findings: list[Finding] = []
    found: dict[str, Contact] = {}
    for row in read_table(path, path.name, declared, findings).rows:
        if row.get("until") is None:
            found[str(row["site"])] = Contact(*(str(row.get(part) or "") for part in Contact.__slots__))
    return found


def contact_of(site: Site, known: Mapping[str, Contact], as_of: date) -> Contact | None:
    """Return whom to speak to about ``site``, or nothing where the owner does not consent on ``as_of``."""
    return known.get(site.id) if consent(site, as_of).is_given else None
