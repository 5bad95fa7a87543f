"""Permits on the sheet of a site: what is known that matters to them, and what each project of the city would need.

Each of these is one check: **pass**, nothing stated stands in the way; **fail**, something stated brings procedures
with it; **unknown**, with whom to ask. What decides is the pack's own: its statements and layers name what of a site is
asked, and the usual answer of an attribute is the one that brings nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from portico.city.register import Site
from portico.dates import plausible
from portico.dossier import plain
from portico.errors import InputError, PorticoError
from portico.figures import Evidence, Figure
from portico.match.answering import Answering
from portico.match.criteria.permits import days_figure
from portico.match.model import Answerer, Outcome
from portico.messages import Message, Text
from portico.permits.answers import Project, given
from portico.permits.kept import pack_of, readable
from portico.permits.model import Answers, Attribute, AttributeKind, Confidence, Group, Nature, Need, Pack, Value
from portico.permits.needs import Found, answer_of, needs
from portico.permits.pack import has_pack
from portico.permits.rules import rules_of
from portico.permits.sited import sited
from portico.territory.layers import Territory
from portico.translation import Translator

_CHECKED = frozenset({"constraint", "contamination", "remediation", "use"})
"""The attributes of the register whose statements say what stands in the way of building."""


@dataclass(frozen=True, slots=True)
class Check:
    """Something of a site that brings procedures with it, or does not. ``project`` where it is about one project."""

    attribute: Attribute
    outcome: Outcome
    answers: tuple[Message | Text, ...]
    said_by: str
    evidence: tuple[Evidence, ...]
    ask: Answerer
    project: str = ""


@dataclass(frozen=True, slots=True)
class Decided:
    """A procedure that this site decides: needed or not needed here, though not everywhere, and why."""

    procedure: str
    title: Text
    need: Need
    reasons: tuple[Message, ...]
    is_recalled: bool


@dataclass(frozen=True, slots=True)
class OnSite:
    """A project of the city on the site: its days, how many procedures, which of them this site decides.

    ``fault`` says why it cannot be here as it is; then nothing else is known.
    """

    id: str
    name: str
    days: Figure
    counts: Mapping[str, int]
    needed: frozenset[str]
    decided: tuple[Decided, ...]
    fault: Message | None = None


@dataclass(frozen=True, slots=True)
class SitePermits:
    """The section on permits of a site. ``broken`` says why the rules cannot be read; then nothing else is known."""

    pack: Pack | None
    filed: date
    checks: tuple[Check, ...]
    projects: tuple[OnSite, ...]
    broken: Message | None = None


def site_permits(territory: Territory, site: Site, as_of: date) -> SitePermits | None:
    """Return the section for projects filed on ``as_of``; None where the city keeps no rules. Worked out once."""
    plausible(as_of)
    folder = territory.folder
    if folder is None or not has_pack(folder):
        return None
    try:
        pack = pack_of(folder)
        projects = readable(folder, pack)
    except PorticoError as error:
        return SitePermits(None, as_of, (), (), Message("days-rules-broken", {"why": Message.of(error)}))
    key = ("permits.site", pack.digest, repr([(name, one.answers) for name, one in projects]), site.id, as_of)
    return territory.kept(key, lambda: _section(territory, pack, site, as_of, projects))


def _section(
    territory: Territory, pack: Pack, site: Site, as_of: date, projects: list[tuple[str, Project]]
) -> SitePermits:
    settings = territory.settings
    answering = Answering(settings.partners, settings.calendar, as_of)
    checks = tuple(_checks(territory, pack, site, answering, projects))
    return SitePermits(
        pack, as_of, checks, tuple(_on_site(territory, pack, site, as_of, name, one) for name, one in projects)
    )


def checked(pack: Pack) -> tuple[Attribute, ...]:
    """Return what of a site is checked: what a layer answers, or a statement of what stands in the way.

    Its usual answer must rule something out, or another one bring something with it whatever else is so: how far a
    remediation is, for one, does neither.
    """
    names = {one.attribute for one in pack.layers}
    names |= {one.attribute for one in pack.statements if one.stated in _CHECKED}
    return tuple(
        one
        for name, one in pack.attributes.items()
        if name in names and one.group is Group.SITE and name not in pack.notes.settled and _matters(pack, one)
    )


def _matters(pack: Pack, one: Attribute) -> bool:
    others: tuple[Value, ...] = one.words or (True, False)
    conditions = [rule.condition for rule in rules_of(pack).rules if rule.nature is Nature.REQUIRED]
    if one.default is None or one.kind is AttributeKind.NUMBER:
        return False
    return any(each.truth({one.name: one.default}) is False for each in conditions) or any(
        each.truth({one.name: other}) is True for each in conditions for other in others if other != one.default
    )


def _checks(
    territory: Territory, pack: Pack, site: Site, answering: Answering, projects: list[tuple[str, Project]]
) -> Iterator[Check]:
    by_project = {one.attribute for one in pack.statements if one.condition}
    alone = _known(territory, pack, site, Answers({}))
    for attribute in checked(pack):
        ask = answering.who(site, attribute.name)
        if attribute.name not in by_project or not projects:
            yield _check(attribute, alone, ask, "")
            continue
        told = {name: _known(territory, pack, site, _without(given(one), attribute.name)) for name, one in projects}
        found = {name: _check(attribute, answers, ask, projects_name(projects, name)) for name, answers in told.items()}
        if len({(one.outcome, repr(one.answers)) for one in found.values()}) == 1:
            yield _check(attribute, next(iter(told.values())), ask, "")
        else:
            yield from found.values()


def projects_name(projects: list[tuple[str, Project]], identifier: str) -> str:
    """Return what a project is called."""
    return next((one.name for name, one in projects if name == identifier and one.name), identifier)


def _without(answers: Answers, name: str) -> Answers:
    return Answers(
        {key: value for key, value in answers.values.items() if key != name},
        {key: who for key, who in answers.said_by.items() if key != name},
    )


def _known(territory: Territory, pack: Pack, site: Site, investor: Answers) -> Answers:
    try:
        return sited(pack, territory, site, investor)[0]
    except InputError:  # the project does not fit the site: what the site says is said without it
        return sited(pack, territory, site, Answers({}))[0]


def _check(attribute: Attribute, found: Answers, ask: Answerer, project: str) -> Check:
    name = attribute.name
    possible: tuple[Value, ...] = (found.values[name],) if name in found.values else found.among.get(name, ())
    harmless = attribute.default
    if not possible or (harmless in possible and len(possible) > 1):
        outcome = Outcome.UNKNOWN
    else:
        outcome = Outcome.PASS if possible == (harmless,) else Outcome.FAIL
    return Check(
        attribute,
        outcome,
        tuple(answer_of(attribute, one) for one in possible),
        found.said_by.get(name, ""),
        found.evidence.get(name, ()),
        ask,
        project,
    )


def _on_site(territory: Territory, pack: Pack, site: Site, as_of: date, name: str, project: Project) -> OnSite:
    days = days_figure(territory, pack, site, project, as_of, name=name)
    try:
        answers, _ = sited(pack, territory, site, given(project))
    except InputError as error:
        return OnSite(name, project.name or name, days, {}, frozenset(), (), Message.of(error))
    here = needs(pack, answers, as_of)
    key = ("permits.anywhere", pack.digest, repr(project.answers), as_of)
    anywhere = territory.kept(key, lambda: needs(pack, given(project), as_of))
    counts = {one.value: len(here.of(Nature.REQUIRED, need=one)) for one in Need}
    needed = frozenset(one.procedure for one in here.of(Nature.REQUIRED, need=Need.NEEDED))
    decided = tuple(
        _decided(pack, one, as_of)
        for one in here.of(Nature.REQUIRED, need=Need.NEEDED) + here.of(Nature.REQUIRED, need=Need.NOT_NEEDED)
        if anywhere.found[one.procedure].need is not one.need
    )
    return OnSite(name, project.name or name, days, counts, needed, decided)


def _decided(pack: Pack, one: Found, as_of: date) -> Decided:
    row = pack.procedures[one.procedure]
    term = row.term_on(as_of)
    is_recalled = Confidence.RECALLED in (row.confidence, term.confidence if term else row.confidence)
    return Decided(one.procedure, row.title, one.need, one.reasons, is_recalled)


def to_dict(found: SitePermits | None, say: Translator) -> dict[str, Any] | None:
    """Return the section as plain data."""
    if found is None:
        return None
    if found.pack is None:
        return {"broken": say(found.broken) if found.broken else ""}
    notes = found.pack.notes
    return {
        "disclaimer": say(notes.disclaimer),
        "pack": {"id": notes.id, "title": say(notes.title), "as_of": notes.as_of, "digest": found.pack.digest},
        "filed": found.filed,
        "checks": [
            {
                "attribute": one.attribute.name,
                "question": say(one.attribute.question),
                "project": one.project,
                "outcome": one.outcome.value,
                "answers": [say(answer) for answer in one.answers],
                "said_by": one.said_by,
                "evidence": [piece.to_dict() for piece in one.evidence],
                "ask": plain.answerer(one.ask, say),
            }
            for one in found.checks
        ],
        "projects": [
            {
                "id": one.id,
                "name": one.name,
                "days": plain.figure(one.days),
                "note": say(one.days.note) if one.days.note else "",
                **one.counts,
                "procedures": sorted(one.needed),
                "decided_here": [
                    {
                        "procedure": each.procedure,
                        "title": say(each.title),
                        "need": each.need.value,
                        "reasons": [say(reason) for reason in each.reasons],
                        "recalled": each.is_recalled,
                    }
                    for each in one.decided
                ],
                "fault": say(one.fault) if one.fault else "",
            }
            for one in found.projects
        ],
    }
