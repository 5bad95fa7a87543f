"""Which sites of the register have grown old, in what, and whom to ask: what the officer goes through each week."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from portico.city.consent import Consent, ConsentState, consent
from portico.city.model import CitySettings
from portico.city.register import Site
from portico.dates import PartialDate, is_stale, months_before
from portico.dossier import plain
from portico.match.answering import Answering
from portico.match.model import Answerer
from portico.messages import Message
from portico.translation import Translator

_SOON_MONTHS = 2
_TOPIC = {"status": "availability"}


class Ageing(StrEnum):
    """In what a site has grown old, the most urgent first."""

    CONSENT_ENDS_SOON = "consent-ends-soon"
    CONSENT_EXPIRED = "consent-expired"
    STATUS = "status"
    STATUS_UNKNOWN = "status-unknown"
    VERIFICATION = "verification"
    NEVER_VERIFIED = "never-verified"


@dataclass(frozen=True, slots=True)
class Alarm:
    """One thing of a site that has grown old: since which day, how many months ago, and whom to ask by when."""

    site: Site
    about: Ageing
    as_of: PartialDate | None
    months: int | None
    ask: Answerer

    @property
    def words(self) -> Message:
        """The alarm in a sentence."""
        return Message(f"ageing.{self.about.value}", {"as_of": self.as_of, "months": self.months})


def alarms(sites: Iterable[Site], settings: CitySettings, as_of: date) -> tuple[Alarm, ...]:
    """Return what of ``sites`` is older than the city's limit on ``as_of``: what is most urgent, then the oldest.

    What has no date is the oldest of all: nobody can say that it is not.
    """
    answering = Answering(settings.partners, settings.calendar, as_of)
    found = [
        Alarm(site, about, day, _months(day, as_of), answering.who(site, _TOPIC.get(about.value.partition("-")[0], "")))
        for site in sites
        for about, day in _of(site, settings.staleness.limit_months, as_of)
    ]
    order = list(Ageing)
    return tuple(
        sorted(
            found, key=lambda one: (order.index(one.about), one.as_of.earliest if one.as_of else date.min, one.site.id)
        )
    )


def _of(site: Site, limit_months: int, as_of: date) -> Iterator[tuple[Ageing, PartialDate | None]]:
    if any(PartialDate.parse(one.value).earliest <= as_of for one in site.stated("end-date")):
        return  # what has ended grows no older
    status = site.statement("status")
    if not status.is_known or status.values == ("unknown",):
        yield Ageing.STATUS_UNKNOWN, status.as_of
    elif is_stale(status.as_of, as_of, limit_months):
        yield Ageing.STATUS, status.as_of
    yield from _verified(site, limit_months, as_of)
    yield from _consented(consent(site, as_of), as_of)


def _verified(site: Site, limit_months: int, as_of: date) -> Iterator[tuple[Ageing, PartialDate | None]]:
    days = [PartialDate.parse(one.value) for one in site.stated("last-verified")]
    newest = max(days, key=lambda one: one.earliest, default=None)
    if newest is None:
        yield Ageing.NEVER_VERIFIED, None
    elif is_stale(newest, as_of, limit_months):
        yield Ageing.VERIFICATION, newest


def _consented(found: Consent, as_of: date) -> Iterator[tuple[Ageing, PartialDate | None]]:
    if found.state is ConsentState.EXPIRED:
        yield Ageing.CONSENT_EXPIRED, found.until
    elif found.is_given and found.until and months_before(found.until.latest, _SOON_MONTHS) <= as_of:
        yield Ageing.CONSENT_ENDS_SOON, found.until


def _months(day: PartialDate | None, as_of: date) -> int | None:
    """Return how many whole months ago a day is; nothing where it is not known or to come."""
    if day is None or day.earliest > as_of:
        return None
    first = day.earliest
    return (as_of.year - first.year) * 12 + as_of.month - first.month - (as_of.day < first.day)


def to_dict(one: Alarm, say: Translator) -> dict[str, Any]:
    """Return an alarm as plain data."""
    return {
        "site": one.site.id,
        "name": say(one.site.name),
        "municipality": one.site.municipality,
        "about": one.about.value,
        "words": say(one.words),
        "as_of": one.as_of.text if one.as_of else None,
        "months": one.months,
        "ask": plain.answerer(one.ask, say),
    }
