"""The path of a project as plain data: for programs, and for those who put it on a page or a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from portico.permits.asking import Question
from portico.permits.incentives import Offer
from portico.permits.model import AttributeKind, Confidence, Nature, Need, Pack, Term, Value
from portico.permits.needs import Found
from portico.permits.path import Reached, Step
from portico.permits.plan import Plan
from portico.translation import Translator

Plain = dict[str, Any]


def plan(made: Plan, say: Translator, *, name: str = "", site: str = "") -> Plain:
    """Return a plan as plain data in the language of ``say``. Days are ceilings of the law, never forecasts."""
    steps = {one.procedure: one for one in made.path.steps}
    found = made.needs.found.values()

    def those(need: Need, *natures: Nature) -> list[Plain]:
        return [
            procedure(made, one, steps.get(one.procedure), say)
            for one in found
            if one.need is need and one.nature in natures
        ]

    by_milestone = {one.milestone: milestone(made.pack, one, say) for one in made.path.milestones}
    last = max(made.path.milestones, key=lambda one: (one.least, one.most_known), default=None)
    return {
        "project": name,
        "site": site,
        "filed": made.filed,
        "disclaimer": say(made.pack.notes.disclaimer),
        "needed": those(Need.NEEDED, Nature.REQUIRED),
        "perhaps": those(Need.PERHAPS, Nature.REQUIRED),
        "not_needed": those(Need.NOT_NEEDED, Nature.REQUIRED),
        "optional": [
            *those(Need.NEEDED, Nature.OPTIONAL),
            *those(Need.PERHAPS, Nature.OPTIONAL),
        ],
        "remedies": [*those(Need.NEEDED, Nature.REMEDY), *those(Need.NOT_NEEDED, Nature.REMEDY)],
        "incentives": [offer(one, say) for one in made.offers],
        "documents": [
            {
                "id": one.id,
                "title": say(one.title),
                "asked_by": list(one.asked_by),
                "perhaps_by": list(one.perhaps_by),
            }
            for one in made.documents
        ],
        "critical_path": list(last.critical) if last else [],
        "critical_path_latest": list(last.critical_latest) if last else [],
        "days": {"low": last.least, "high": last.most} if last else {"low": 0, "high": 0},
        "milestones": by_milestone,
        "dates": {one.procedure: dates(one) for one in made.path.steps},
        "questions": [question(one, say) for one in made.questions],
        "answers": answers(made, say),
        "disagreements": [say(one) for one in made.disagreements],
        "warnings": [say(one) for one in made.warnings],
        "pack": pack(made.pack, say),
    }


def pack(one: Pack, say: Translator) -> Plain:
    """Return what a pack says of itself, with how many of its rows are how far to be trusted."""
    real = [each for each in one.procedures.values() if each.terms]
    return {
        "id": one.notes.id,
        "title": say(one.notes.title),
        "as_of": one.notes.as_of,
        "digest": one.digest,
        "licence": one.notes.licence,
        "disclaimer": say(one.notes.disclaimer),
        "limit_months": one.notes.limit_months,
        "confidence": {word.value: sum(each.confidence is word for each in real) for word in Confidence},
        "doubts": [say(each) for each in one.notes.doubts],
    }


def procedure(made: Plan, one: Found, step: Step | None, say: Translator) -> Plain:
    """Return what was found of one procedure."""
    row = made.pack.procedures[one.procedure]
    return {
        "id": row.id,
        "title": say(row.title),
        "phase": row.phase,
        "phase_title": say(made.pack.word("phase", row.phase)),
        "need": one.need.value,
        "nature": one.nature.value,
        "regime": say(made.pack.word("regime", row.regime)),
        "authority": say(made.pack.word("authority", row.authority)),
        "term": term(row.term_on(made.filed), say),
        "reasons": [say(reason) for reason in one.reasons],
        "unknown": list(one.unknown),
        "absorbed_by": one.absorbed_by,
        "absorbed_perhaps": list(one.absorbed_perhaps),
        "documents": [paper.id for paper in made.pack.papers if paper.procedure == row.id],
        "cost": say(row.cost),
        "life": say(row.life),
        "starts": say(row.starts),
        "stops": say(row.stops),
        "note": say(row.note),
        "basis": row.basis,
        "sources": [say(made.pack.sources[source].what) for source in row.sources if source in made.pack.sources],
        "confidence": row.confidence.value,
        "recalled": row.confidence is Confidence.RECALLED,
        "dates": dates(step) if step else None,
    }


def term(one: Term | None, say: Translator) -> Plain | None:
    """Return a term of the law; None where none was in force."""
    if one is None:
        return None
    return {
        "low": one.least,
        "high": one.most,
        "days": one.days.value,
        "stop": one.stop.value,
        "stop_days": one.stop_days,
        "silence": one.tacit.value,
        "valid_from": one.valid_from,
        "valid_to": one.valid_to,
        "basis": one.basis,
        "confidence": one.confidence.value,
        "note": say(one.note),
    }


def dates(one: Step) -> Plain:
    """Return when a procedure is filed and ends, at the earliest and at the latest; null: not known."""
    return {
        "sure": one.is_sure,
        "filed": one.filed,
        "ends": one.ends,
        "latest_filed": one.latest_filed,
        "latest_end": one.latest_end,
        "with_papers": one.with_papers,
        "waits_for": list(one.waits_for),
        "slack": one.slack,
    }


def milestone(pack: Pack, one: Reached, say: Translator) -> Plain:
    """Return when a milestone is reached; ``high`` is null where terms that were not found stand before it."""
    return {
        "title": say(pack.procedures[one.milestone].title),
        "low": one.least,
        "high": one.most,
        "high_known": one.most_known,
        "earliest": one.earliest,
        "latest": one.latest,
        "critical": list(one.critical),
        "critical_latest": list(one.critical_latest),
        "without_term": list(one.unknown),
    }


def offer(one: Offer, say: Translator) -> Plain:
    """Return what was found of an aid scheme."""
    scheme = one.incentive
    return {
        "id": scheme.id,
        "title": say(scheme.title),
        "open": one.open.value,
        "reasons": [say(reason) for reason in one.reasons],
        "unknown": list(one.unknown),
        "who": say(scheme.who),
        "size": say(scheme.size),
        "intensity": say(scheme.intensity),
        "manager": say(scheme.manager),
        "status": say(scheme.status),
        "year": scheme.year,
        "basis": scheme.basis,
        "confidence": scheme.confidence.value,
    }


def question(one: Question, say: Translator) -> Plain:
    """Return a question that can still change the plan."""
    asked = one.attribute
    return {
        "attribute": asked.name,
        "kind": asked.kind.value,
        "question": say(asked.question),
        "unit": asked.unit,
        "measure": say(asked.measure),
        "words": {word: say(asked.labels[word]) if word in asked.labels else word for word in one.words},
        "why": say(one.why),
        "weight": round(one.weight, 2),
        "procedures": list(one.procedures),
        "incentives": list(one.incentives),
        "thresholds": [
            {
                "value": say(each.value),
                "what": say(each.what),
                "operator": each.operator,
                "threshold": each.threshold,
                "unit": say(each.unit),
                "basis": each.basis,
                "confidence": each.confidence.value,
            }
            for each in one.thresholds
        ],
    }


def answers(made: Plan, say: Translator) -> list[Plain]:
    """Return what is known, in part too, and who said so."""
    known: Mapping[str, Iterable[Value]] = {
        **{name: (value,) for name, value in made.answers.values.items()},
        **made.answers.among,
    }
    return [
        {
            "attribute": name,
            "question": say(attribute.question),
            "answers": [
                say(attribute.labels[str(value)])
                if attribute.kind is AttributeKind.WORD and str(value) in attribute.labels
                else value
                for value in known[name]
            ],
            "values": list(known[name]),
            "said_by": made.answers.said_by.get(name, ""),
            "evidence": [each.to_dict() for each in made.answers.evidence.get(name, ())],
        }
        for name, attribute in made.pack.attributes.items()
        if name in known
    ]


def as_text(day: date | None, say: Translator) -> str:
    """Return a day in words, or a dash."""
    return say.day(day) if day else "–"
