"""How long the law lets the procedures of a project take on a site. Not legal advice."""

from __future__ import annotations

from datetime import date

from portico.city.register import Site
from portico.dates import PartialDate
from portico.errors import InputError, PorticoError, UsageError
from portico.figures import Evidence, Figure, Status, together
from portico.match.criteria.base import Criterion
from portico.match.model import Asked, Measured
from portico.messages import Message
from portico.permits.answers import Project, given
from portico.permits.kept import pack_of, project_of
from portico.permits.model import Answers, Confidence, Pack
from portico.permits.path import Reached
from portico.permits.sited import last_milestone, sited
from portico.territory.layers import Territory

_UNIT = "days"
_NAMED = 4


def days_figure(territory: Territory, pack: Pack, site: Site, project: Project, filed: date, *, name: str) -> Figure:
    """Return the days until the last milestone of a project on a site, filed on a day.

    Without a term that was not found before it, the middle of least and most stands for both. With one, or where
    answers of the project do not fit the site, the value is missing, the least is kept, and the note says why.
    """
    key = ("permits.days", pack.digest, repr(project.answers), site.id, filed, name)
    return territory.kept(key, lambda: _days(territory, pack, site, project, filed, name))


def _days(territory: Territory, pack: Pack, site: Site, project: Project, filed: date, name: str) -> Figure:
    try:
        answers, _ = sited(pack, territory, site, given(project))
        end = last_milestone(pack, territory, answers, filed)
    except InputError as error:
        return Figure.missing(_UNIT, note=Message.of(error))
    if end is None:
        return Figure.missing(_UNIT, note=Message("days-no-milestone"))
    as_of = PartialDate.parse(pack.notes.as_of.isoformat())
    evidence = (_method(pack, end, filed, name), *_known_by(answers))
    if end.most is None:
        return Figure.missing(_UNIT, low=float(end.least), as_of=as_of, evidence=evidence, note=open_end(pack, end))
    low, high = float(end.least), float(end.most)
    return Figure((low + high) / 2, low, high, _UNIT, Status.ESTIMATED, as_of, evidence)


def open_end(pack: Pack, end: Reached) -> Message:
    """Return the sentence that names the terms that were not found before a milestone, and whom to ask for them."""
    rows = [pack.procedures[one] for one in end.unknown]
    bodies = dict.fromkeys(one.authority for one in rows[:_NAMED])
    more = len(rows) - _NAMED
    values = {
        "least": end.least,
        "known": end.most_known,
        "count": len(rows),
        "procedures": tuple(one.title for one in rows[:_NAMED]),
        "more": Message("asked-and-more", {"count": more}) if more > 0 else "",
        "ask": tuple(Message("days-ask-body", {"body": pack.word("authority", one)}) for one in bodies),
    }
    return Message("days-open-end", values)


def _method(pack: Pack, end: Reached, filed: date, name: str) -> Evidence:
    """Return the method with its parameters: as much to be trusted as the least sure row that holds the project up."""
    rows = [pack.procedures[one] for one in dict.fromkeys((*end.critical, *end.critical_latest))]
    is_recalled = any(one.confidence is Confidence.RECALLED for one in rows)
    return Evidence(
        method="permits.days-until-start",
        parameters={
            "pack": pack.notes.id,
            "digest": pack.digest,
            "project": name,
            "filed": filed.isoformat(),
            "milestone": end.milestone,
            "critical": " ".join(end.critical_latest),
        },
        licence=pack.notes.licence,
        checked=pack.notes.as_of.isoformat(),
        confidence="recalled" if is_recalled else "",
    )


def _known_by(answers: Answers) -> tuple[Evidence, ...]:
    return together(*answers.evidence.values())


def _days_on(territory: Territory, site: Site, asked: Asked, as_of: date) -> Measured:
    """Days until the project can start where it is filed on the day asked for."""
    if territory.folder is None:
        return Measured(Figure.missing(_UNIT, note=Message("days-no-pack")))
    try:
        pack = pack_of(territory.folder)
        project = project_of(territory.folder, asked.project, pack)
    except UsageError as error:
        return Measured(Figure.missing(_UNIT, note=Message.of(error)))
    except PorticoError as error:
        return Measured(Figure.missing(_UNIT, note=Message("days-rules-broken", {"why": Message.of(error)})))
    return Measured(days_figure(territory, pack, site, project, as_of, name=asked.project))


def _days_until_start(territory: Territory, site: Site, asked: Asked) -> Measured:
    """How many days the procedures of a project of the city may take here until it can start, filed on the day asked.

    Unit: days
    Direction: min
    Default scale: 60 → 1, 730 → 0
    Formula: days from the filing to the last milestone on the critical path: the least over what is surely needed in
        its lighter variant, the most over all that may be needed in its heavier one; no most where a term before it was
        not found
    Source: terms of the law in the city's rule pack
    """
    if territory.folder is None:
        return Measured(Figure.missing(_UNIT, note=Message("days-no-pack")))
    try:
        filed = pack_of(territory.folder).notes.as_of
    except PorticoError as error:
        return Measured(Figure.missing(_UNIT, note=Message.of(error)))
    return _days_on(territory, site, asked, filed)


DAYS_UNTIL_START = Criterion(
    "days-until-start", _days_until_start, unit=_UNIT, needs=("project",), ages=False, on_day=_days_on
)
