"""Permits in documents: the section of a site's dossier, and the plan of a project as a document of its own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from portico.city.model import CitySettings
from portico.dossier.document import blocks as b
from portico.dossier.document.blocks import Block, Pieces
from portico.dossier.document.glyphs import shown
from portico.dossier.document.notes import Notes
from portico.dossier.document.parts import document, found_pieces, short
from portico.dossier.document.typesetter import pdf
from portico.dossier.permits_gantt import chart, rows
from portico.dossier.permits_site import Check, OnSite, SitePermits
from portico.dossier.permits_words import days_words, effect_words, is_recalled, term_words
from portico.match.model import Outcome
from portico.messages import Message
from portico.translation import Translator

_MOST_TITLE = 140


def site_section(found: SitePermits | None, notes: Notes, say: Translator) -> Iterator[Block]:
    """Yield the section on permits of a site; nothing where the city keeps no rules."""
    if found is None:
        return
    yield b.heading(2, say("permits"))
    if found.pack is None:
        yield b.paragraph(say(found.broken) if found.broken else "")
        return
    about = found.pack.notes
    rules = say(Message("permits-rules", {"title": about.title, "day": about.as_of}))
    filed = say(Message("permits-filed", {"day": found.filed}))
    yield b.paragraph(b.styled(say(about.disclaimer), "strong"), f" {rules} {filed}", style="before")
    if found.checks:
        yield b.heading(3, say("permits-checks"))
        header = [say("dossier.what"), say("dossier.state"), say("page.value"), say("dossier.ask")]
        yield b.table(header, [_check(one, notes, say) for one in found.checks], [2.2, 1.3, 1.8, 1.6])
    if found.projects:
        yield b.heading(3, say("permits-projects-here"))
        for one in found.projects:
            yield from _project(one, notes, say)


def _check(one: Check, notes: Notes, say: Translator) -> list[Pieces]:
    question = say(one.attribute.question)
    asked = f"{question} ({short(one.project)})" if one.project else question
    answers: Pieces = [" / ".join(say(answer) for answer in one.answers) or "–"]
    if one.evidence:
        answers += notes.on(one.evidence)
    ask = short(say(one.ask.partner.name)) if one.outcome is Outcome.UNKNOWN else "–"
    return [[asked], [b.styled(say(f"permits-check.{one.outcome.value}"), one.outcome.value)], answers, [ask]]


def _project(one: OnSite, notes: Notes, say: Translator) -> Iterator[Block]:
    if one.fault is not None:
        yield b.paragraph(b.styled(short(one.name), "strong"), f": {say('permits-not-here')} {say(one.fault)}")
        return
    counts = ", ".join(say(Message(f"permits-count.{name}", {"count": count})) for name, count in one.counts.items())
    days: Pieces = [f" {say('criterion.days-until-start')}: ", *found_pieces(one.days, "", notes, say)]
    note: Pieces = [" ", b.styled(say(one.days.note), "small")] if one.days.note else []
    yield b.paragraph(b.styled(short(one.name), "strong"), f": {counts}.", *days, *note)
    if one.decided:
        yield b.bullets(
            [
                [
                    f"{say('permits-need.' + each.need.value)}: {say(each.title)}",
                    *_mark(say, is_marked=each.is_recalled),
                    ". ",
                    b.styled(" ".join(say(reason) for reason in each.reasons), "small"),
                ]
                for each in one.decided
            ]
        )


def _mark(say: Translator, *, is_marked: bool) -> Pieces:
    """Return the mark of a row that is general knowledge."""
    return [" ", b.styled(f"[{say('permits-recalled-mark')}]", "unknown")] if is_marked else []


def plan_pdf(plan: dict[str, Any], settings: CitySettings, say: Translator) -> bytes:
    """Return a plan, as ``permits_plain.plan`` gives it, as a PDF. Raises EngineError where the typesetter refuses."""
    return pdf(plan_content(plan, settings, say), plan["filed"])


def plan_content(plan: dict[str, Any], settings: CitySettings, say: Translator) -> dict[str, Any]:
    """Return the content of the document of a plan for the template."""
    name = short(plan["project"] or say("permits-plan"), _MOST_TITLE)
    about = say(Message("permits-pdf-about", {"name": name, "city": settings.name}))
    filed: date = plan["filed"]
    made = list(_plan_blocks(plan, name, say))
    return document(made, Notes(say), say, settings, title=name, about=about, as_of=filed)


def _plan_blocks(plan: dict[str, Any], name: str, say: Translator) -> Iterator[Block]:
    pack = plan["pack"]
    yield b.paragraph(say("permits-plan"), style="kicker")
    yield b.heading(1, name)
    yield b.paragraph(say(Message("permits-filed", {"day": plan["filed"]})), style="lead")
    rules = say(Message("permits-rules", {"title": pack["title"], "day": pack["as_of"]}))
    digest = say(Message("permits-digest", {"digest": pack["digest"]}))
    yield b.paragraph(b.styled(plan["disclaimer"], "strong"), f" {rules} ", b.styled(digest, "small"), style="box")
    for warning in (*plan["warnings"], *plan["disagreements"]):
        yield b.paragraph(b.styled(warning, "stale"))
    yield from _milestones(plan, say)
    live = [one for one in plan["needed"] if not one["absorbed_by"]]
    inside = [one for one in plan["needed"] if one["absorbed_by"]]
    for group, head in (
        (live, Message("permits-needed", {"number": len(live)})),
        (inside, Message("permits-absorbed", {"number": len(inside)})),
        (plan["perhaps"], Message("permits-perhaps", {"number": len(plan["perhaps"])})),
    ):
        yield from _group(say(head), group, plan, say)
    yield from _time(plan, say)
    yield from _documents(plan, say)
    yield from _incentives(plan, say)
    yield b.heading(2, say(Message("permits-not-needed-why", {"number": len(plan["not_needed"])})))
    yield b.bullets([[one["title"], *_mark(say, is_marked=is_recalled(one))] for one in plan["not_needed"]])
    if pack["doubts"]:
        yield b.heading(2, say("permits-doubts"))
        yield b.bullets([[doubt] for doubt in pack["doubts"]])


def _milestones(plan: dict[str, Any], say: Translator) -> Iterator[Block]:
    titles = _titles(plan)
    yield b.heading(2, say("permits-milestones"))
    yield b.paragraph(say("permits-works-not-counted"), style="before")
    for one in plan["milestones"].values():
        until = f" – {say.day(one['latest'])}" if one["latest"] else ""
        days = days_words(one["low"], one["high"], say)
        open_end: Pieces = []
        if one["without_term"]:
            named = tuple(titles.get(each, each) for each in one["without_term"])
            values = {"known": one["high_known"], "count": len(named), "titles": named}
            open_end = [" ", b.styled(say(Message("permits-open-end", values)), "small")]
        yield b.paragraph(b.styled(one["title"], "strong"), f": {days} ({say.day(one['earliest'])}{until}).", *open_end)
        critical = [titles.get(each, each) for each in one["critical_latest"] or one["critical"]]
        if critical:
            yield b.paragraph(f"{say('permits-critical')} {' → '.join(critical)}.")


def _time(plan: dict[str, Any], say: Translator) -> Iterator[Block]:
    every = rows(plan, sure_only=True)
    if not every:
        return
    told = "; ".join(
        f"{one.title}: {say.day(one.filed)} – {say.day(one.latest) if one.latest else say('permits-no-end')}"
        for one in every
    )
    yield b.heading(2, say("permits-over-time"))
    svg = chart(_drawable(plan), say, width=640.0, sure_only=True)
    yield b.picture(svg, told, [say("permits-timeline-key-paper")])


def _drawable(plan: dict[str, Any]) -> dict[str, Any]:
    """Return the plan with titles that the fonts of documents can draw."""
    made = dict(plan)
    for part in ("needed", "perhaps", "optional"):
        made[part] = [{**one, "title": shown(one["title"])} for one in plan[part]]
    made["milestones"] = {name: {**one, "title": shown(one["title"])} for name, one in plan["milestones"].items()}
    return made


def _group(heading: str, group: list[dict[str, Any]], plan: dict[str, Any], say: Translator) -> Iterator[Block]:
    if not group:
        return
    yield b.heading(2, heading)
    questions = {one["attribute"]: one["question"] for one in plan["questions"]}
    table = []
    for one in group:
        why = " ".join(one["reasons"])
        if one["absorbed_by"]:
            absorber = _titles(plan).get(one["absorbed_by"], one["absorbed_by"])
            why = f"{say(Message('permits-in-whole', {'absorber': absorber}))} {why}"
        elif one["need"] == "perhaps":
            names = [questions[each] for each in one["unknown"] if each in questions]
            why = f"{say('permits-hangs-on')} {'; '.join(names)}" if names else why
        term = f"{term_words(one['term'], say)}. {' '.join(effect_words(one['term'], say))}"
        cost = f"{say('permits-cost')}: {one['cost'] or say('permits-cost-unknown')}"
        table.append(
            [
                [b.styled(one["title"], "strong"), *_mark(say, is_marked=is_recalled(one))],
                [one["authority"]],
                [term],
                [why, " ", b.styled(cost, "small")],
            ]
        )
    header = [say(f"permits-column.{name}") for name in ("procedure", "authority", "days")]
    yield b.table([*header, say("permits-why-paper")], table, [2, 1.4, 1.8, 2.6])


def _documents(plan: dict[str, Any], say: Translator) -> Iterator[Block]:
    if not plan["documents"]:
        return
    titles = _titles(plan)
    yield b.heading(2, say(Message("permits-documents", {"number": len(plan["documents"])})))
    header = [say("permits-column.document"), say("permits-column.asked"), say("permits-column.asked-perhaps")]
    table: list[list[Pieces]] = [
        [
            [one["title"]],
            ["; ".join(titles.get(each, each) for each in one["asked_by"]) or "–"],
            ["; ".join(titles.get(each, each) for each in one["perhaps_by"]) or "–"],
        ]
        for one in plan["documents"]
    ]
    yield b.table(header, table, [2, 2.4, 2])


def _incentives(plan: dict[str, Any], say: Translator) -> Iterator[Block]:
    if not plan["incentives"]:
        return
    yield b.heading(2, say("permits-incentives"))
    yield b.bullets(
        [
            [
                b.styled(one["title"], "strong"),
                f": {say('permits-open-to.' + one['open'])}",
                *_mark(say, is_marked=one["confidence"] == "recalled"),
                f". {' '.join(one['reasons'])}",
            ]
            for one in plan["incentives"]
        ]
    )


def _titles(plan: dict[str, Any]) -> dict[str, str]:
    every = ("needed", "perhaps", "not_needed", "optional", "remedies")
    return {one["id"]: one["title"] for part in every for one in plan[part]}
