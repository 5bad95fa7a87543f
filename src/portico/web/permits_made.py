"""Plans made for visitors: from an address, or from a project that was sent."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from portico.city.register import Site
from portico.dossier import permits_plain
from portico.errors import InputError, RejectedError
from portico.messages import Finding, Message
from portico.permits.answers import Project, given
from portico.permits.asking import Question
from portico.permits.kept import pack_of
from portico.permits.model import Nature, Need, Pack
from portico.permits.plan import Plan
from portico.permits.sited import plan_at
from portico.settings import Document
from portico.translation import Translator
from portico.web.permits_asked import Asked, Said, said
from portico.web.portal import Portal


@dataclass(frozen=True, slots=True)
class Made:
    """A plan, or what keeps it from being made; ``faults`` name the attribute they are about, where it is one."""

    said: Said
    pack: Pack
    site: Site | None
    filed: date
    plan: Plan | None
    faults: tuple[tuple[str, Message], ...]

    def plain(self, say: Translator) -> dict[str, Any]:
        """Return the plan as plain data. Raises RejectedError with every fault where none could be made."""
        if self.plan is None or self.said.faults:
            place = Document("address", {}, {}).place
            findings = tuple(Finding(message, place(f"a-{name}" if name else "")) for name, message in self.faults)
            raise RejectedError("project-rejected", findings, file="address")
        project = self.said.project
        return permits_plain.plan(self.plan, say, name=project.name, site=project.site)

    @property
    def counts(self) -> dict[str, int]:
        """How many procedures are needed, perhaps, and not needed."""
        if self.plan is None:
            return {}
        needs = self.plan.needs
        return {one.value: len(needs.of(Nature.REQUIRED, need=one)) for one in Need}

    @property
    def open(self) -> tuple[Question, ...]:
        """The questions that can still change the plan and were not said to be unknown."""
        if self.plan is None:
            return ()
        return tuple(one for one in self.plan.questions if one.attribute.name not in self.said.unknown)


def made(portal: Portal, asked: Asked) -> Made:
    """Return what an address comes to. Raises UnknownNameError for a site or a project that nobody knows."""
    pack = pack_of(portal.city.folder)
    return _made(portal, pack, said(portal, pack, asked))


def made_of(portal: Portal, pack: Pack, project: Project) -> Made:
    """Return what a project that was sent comes to."""
    return _made(portal, pack, Said(Asked(site=project.site, filed=project.filed), project, frozenset(), ()))


def _made(portal: Portal, pack: Pack, found: Said) -> Made:
    known, project = portal.territory, found.project
    site = known.site(project.site) if project.site else None
    filed = project.filed or portal.today()
    faults = found.faults
    plan = None
    if not any(message.id == "answers-contradict" for _, message in faults):
        try:
            plan = plan_at(pack, known, site, given(project), filed)
        except InputError as error:
            faults = (*faults, (_about(pack, project, error), Message.of(error)))
    return Made(found, pack, site, filed, plan, faults)


def _about(pack: Pack, project: Project, error: InputError) -> str:
    """Return the answer of the visitor that does not fit what is known of the site; empty where it cannot be told."""
    why = error.values.get("why")
    told = why.values.get("answers", ()) if isinstance(why, Message) else ()
    questions = (
        [one.values.get("question") for one in told if isinstance(one, Message)] if isinstance(told, tuple) else []
    )
    return next((name for name in project.answers if pack.attributes[name].question in questions), "")


def question_again(one: Made, name: str) -> Question | None:
    """Return the question on an attribute that was answered before; None where there is no such attribute."""
    attribute = one.pack.attributes.get(name)
    if attribute is None:
        return None
    known = next((each for each in one.plan.questions if each.attribute.name == name), None) if one.plan else None
    why = Message("permits-asked-again")
    thresholds = tuple(each for each in one.pack.thresholds if each.attribute == name)
    return (
        replace(known, words=attribute.words)
        if known
        else Question(attribute, attribute.words, 0.0, (), (), why, thresholds)
    )
