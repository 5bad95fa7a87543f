"""Who answers for a site, and by when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from portico.city.model import Calendar, Partner
from portico.city.register import Site
from portico.city.workdays import add_working_days
from portico.match.model import Answerer


def partner_for(partners: Sequence[Partner], site: Site, topic: str = "") -> Partner:
    """Return the body that answers for ``site`` on ``topic``: the one of its municipality before one for everywhere,
    one for the topic before one for any; where nobody fits, the first.
    """  # noqa: D205 - one sentence
    fitting = [
        one
        for one in partners
        if (not one.municipalities or site.municipality in one.municipalities)
        and (not one.topics or topic in one.topics)
    ]
    return max(fitting or partners[:1], key=lambda one: (bool(one.municipalities), bool(one.topics)))


class Answering:
    """The partners and calendar of a city, asked who answers by when on one day."""

    def __init__(self, partners: Sequence[Partner], calendar: Calendar, as_of: date) -> None:
        """Count working days from ``as_of``."""
        self._partners = partners
        self._calendar = calendar
        self._as_of = as_of
        self._days: dict[int, date] = {}

    def who(self, site: Site, topic: str = "") -> Answerer:
        """Return who answers for ``site`` on ``topic``, and the last day of that body's term."""
        return self.by_partner(partner_for(self._partners, site, topic))

    def by_partner(self, partner: Partner) -> Answerer:
        """Return the last day of a body's term."""
        if partner.working_days not in self._days:
            self._days[partner.working_days] = add_working_days(self._calendar, self._as_of, partner.working_days)
        return Answerer(partner, self._days[partner.working_days])
