"""A project on a site: what the register and the city's layers know of it is joined with what the investor says."""

from __future__ import annotations

from datetime import date

from portico.city.register import Site
from portico.messages import Message
from portico.permits.answers import joined
from portico.permits.layers import layered
from portico.permits.model import Answers, Pack
from portico.permits.path import Reached
from portico.permits.plan import Plan, plan, ways_of
from portico.permits.scope import scope
from portico.permits.site import stated
from portico.territory.layers import Territory


def sited(pack: Pack, known: Territory, site: Site | None, investor: Answers) -> tuple[Answers, tuple[Message, ...]]:
    """Return all that is known of a project on a site, and where two who know something disagree.

    Raises InputError where what is known of the site cannot be true together with what the investor says.
    """
    if site is None:
        return investor, ()
    others = [stated(pack, site, investor)]
    if known.lake is not None:
        lake = known.lake
        key = ("permits.layered", pack.digest, site.id)
        others.append(known.kept(key, lambda: layered(pack, lake, site, known.versions)))
    return joined(pack, investor, others)


def plan_at(pack: Pack, known: Territory, site: Site | None, investor: Answers, filed: date) -> Plan:
    """Return the plan of a project on a site, or anywhere, filed on a day. Raises as ``sited`` does."""
    answers, disagreements = sited(pack, known, site, investor)
    return plan(pack, answers, filed, known.settings.calendar, disagreements)


def last_milestone(pack: Pack, known: Territory, answers: Answers, filed: date) -> Reached | None:
    """Return when the last milestone is reached: what the days of the plan are. None where the pack has no milestone.

    Worked out once for all sites of which the same is known.
    """
    key = ("permits.last", pack.digest, filed, repr(answers.values), repr(answers.among))

    def make() -> Reached | None:
        ends = ways_of(pack, known.settings.calendar).reached(scope(pack, answers, filed), filed).values()
        return max(ends, key=lambda one: (one.least, one.most_known), default=None)

    return known.kept(key, make)
