"""Figures and answers as plain data, the same for a program on the command line, over HTTP and in a file.

Every number is a figure ``{value, low, high, unit, as_of, status, evidence}``. Words are in the language asked for.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from portico.city.model import Partner
from portico.city.register import Site
from portico.figures import Evidence, Figure, Statement, Status
from portico.match.criteria import criterion
from portico.match.labels import label
from portico.match.model import (
    Answerer,
    Asked,
    Brief,
    Contribution,
    Decided,
    Entry,
    Must,
    Question,
    Rank,
    Relaxation,
    Shortlist,
)
from portico.match.musts import near_words
from portico.messages import Finding, Message
from portico.territory.queries import Near
from portico.translation import Translator

_DIGITS = 6
_SCORE = Evidence(method="match.additive", parameters={"rests_on": "contributions"})
_RANK = Evidence(method="match.rank-interval", parameters={"rests_on": "score"})
_BRIEF = Evidence(method="match.brief", parameters={"rests_on": "brief"})
_TERM = Evidence(dataset="city.toml", method="city.partners")


def figure(one: Figure) -> dict[str, Any]:
    """Return a figure as plain data."""
    return {
        "value": _rounded(one.value),
        "low": _rounded(one.low),
        "high": _rounded(one.high),
        "unit": one.unit,
        "as_of": one.as_of.text if one.as_of else None,
        "status": one.status.value,
        "evidence": [piece.to_dict() for piece in one.evidence],
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, _DIGITS)


def _computed(value: float, unit: str, evidence: Evidence) -> dict[str, Any]:
    return figure(Figure.exactly(value, unit, Status.ESTIMATED, evidence=(evidence,)))


def _declared(value: float, unit: str, evidence: Evidence) -> dict[str, Any]:
    return figure(Figure.exactly(value, unit, Status.DECLARED, evidence=(evidence,)))


def found(one: Figure | Statement, vocabulary: str, say: Translator) -> dict[str, Any]:
    """Return what a criterion found: a figure, or words with their status, date and evidence."""
    if isinstance(one, Figure):
        return {"figure": figure(one)}
    return {
        "statement": {
            "values": list(one.values),
            "words": say.statement(one, vocabulary),
            "as_of": one.as_of.text if one.as_of else None,
            "status": one.status.value,
            "evidence": [piece.to_dict() for piece in one.evidence],
        }
    }


def name_of(asked: Asked, say: Translator) -> str:
    """Return what a must or want is called."""
    known = criterion(asked.criterion)
    return say(label(asked, known)) if known else asked.criterion


def partner(one: Partner, say: Translator) -> dict[str, Any]:
    """Return a body that answers."""
    return {
        "id": one.id,
        "name": say(one.name),
        "office": say(one.office),
        "working_days": _declared(one.working_days, "working-days", _TERM),
        "commitment": one.commitment.value,
    }


def answerer(one: Answerer, say: Translator) -> dict[str, Any]:
    """Return who answers and by when."""
    return {**partner(one.partner, say), "by": one.by.isoformat()}


def near(one: Near, say: Translator) -> dict[str, Any]:
    """Return a place and the minutes to it."""
    return {"id": one.place.id, "name": say(one.place.name), "kind": one.place.kind, "minutes": figure(one.minutes)}


def contribution(one: Contribution, say: Translator) -> dict[str, Any]:
    """Return what a want contributes."""
    return {
        "criterion": one.want.criterion,
        "label": name_of(one.want, say),
        **found(one.measured.found, one.want.criterion, say),
        "value": {
            "low": _computed(one.low, "1", _SCORE),
            "mid": _computed((one.low + one.high) / 2, "1", _SCORE),
            "high": _computed(one.high, "1", _SCORE),
        },
        "weight": _declared(one.share, "1", _BRIEF),
        "stale": one.is_stale,
        "places": [near(place, say) for place in one.measured.places],
        "words": say(one.words),
    }


def must(one: Decided, say: Translator) -> dict[str, Any]:
    """Return a must and what became of it."""
    required: dict[str, Any] = {"any_of": list(one.must.any_of), "none_of": list(one.must.none_of)}
    known = criterion(one.must.criterion)
    for bound in ("at_least", "at_most"):
        limit = getattr(one.must, bound)
        if limit is not None:
            required[bound] = _declared(limit, known.unit if known else "", _BRIEF)
    return {
        "criterion": one.must.criterion,
        "basis": one.must.basis,
        "label": name_of(one.must, say),
        "outcome": one.outcome.value,
        "required": {name: value for name, value in required.items() if value},
        **found(one.measured.found, one.must.criterion, say),
        "places": [near(place, say) for place in one.measured.places],
        "reason": say(one.reason),
        "short_by": figure(one.short_by) if one.short_by else None,
        "near_miss": one.is_near,
    }


def near_miss(one: Decided) -> Message:
    """Return by how much a failed must was missed."""
    known = criterion(one.must.criterion)
    return near_words(one, label(one.must, known) if known else Message(one.must.criterion))


def _question(one: Question, say: Translator) -> dict[str, Any]:
    return {
        "about": one.about,
        "question": say(one.words),
        "ask": partner(one.ask, say),
        "by": one.by.isoformat(),
        "decides": one.decides,
    }


def _rank(one: Rank | None) -> dict[str, Any]:
    if one is None:
        missing = figure(Figure.missing("rank", evidence=(_RANK,)))
        return {"low": missing, "high": missing}
    return {"low": _computed(one.low, "rank", _RANK), "high": _computed(one.high, "rank", _RANK)}


def entry(one: Entry, say: Translator) -> dict[str, Any]:
    """Return a site in the answer to a brief."""
    return {
        "id": one.site.id,
        "name": say(one.site.name),
        "score": {
            "low": _computed(one.score_low, "1", _SCORE),
            "mid": _computed(one.score_mid, "1", _SCORE),
            "high": _computed(one.score_high, "1", _SCORE),
        },
        "rank": _rank(one.rank),
        "contributions": [contribution(each, say) for each in one.contributions],
        "musts": [must(each, say) for each in one.musts],
        "questions": [_question(each, say) for each in one.questions],
        "who_answers": answerer(one.who_answers, say),
    }


def brief(one: Brief, say: Translator) -> dict[str, Any]:
    """Return what identifies a brief."""
    return {
        "id": one.id,
        "title": say(one.title),
        "summary": say(one.summary),
        "activity": one.activity.value,
        "sector": one.sector,
        "ateco": list(one.ateco),
    }


def relaxation(one: Relaxation, say: Translator) -> dict[str, Any]:
    """Return what giving way on a must would free."""
    return {
        "criterion": one.must.criterion,
        "label": name_of(one.must, say),
        "to": figure(one.to) if one.to else None,
        "also": [
            {"criterion": must.criterion, "label": name_of(must, say), "to": figure(to) if to else None}
            for must, to in one.also
        ],
        "frees": list(one.frees),
        "words": say(relaxation_words(one)),
    }


def relaxation_words(one: Relaxation) -> Message:
    """Return a relaxation as a sentence."""
    if one.also:
        steps = tuple(_step(must, to) for must, to in ((one.must, one.to), *one.also))
        return Message("relaxation.together", {"steps": steps, "count": len(one.frees)})
    kind = "dropped" if one.to is None else "relaxed"
    return Message(f"relaxation.{kind}", {"name": _called(one.must), "to": one.to or "", "count": len(one.frees)})


def _step(must: Must, to: Figure | None) -> Message:
    return Message("relaxation-step" if to else "relaxation-step-dropped", {"name": _called(must), "to": to or ""})


def _called(must: Must) -> Message:
    known = criterion(must.criterion)
    return label(must, known) if known else Message(must.criterion)


def _weights(one: Brief, say: Translator) -> list[dict[str, Any]]:
    """Return the weights by which a brief's wants were ranked, and the least and the most that it allows."""
    if not one.wants:
        return []
    allowed = one.weights()
    return [
        {
            "criterion": want.criterion,
            "label": name_of(want, say),
            "used": _declared(share, "1", _BRIEF),
            "low": float(low),
            "high": float(high),
        }
        for want, share, low, high in zip(one.wants, one.shares(), allowed.low, allowed.high, strict=True)
    ]


def shortlist(one: Shortlist, say: Translator) -> dict[str, Any]:
    """Return the answer to a brief."""
    return {
        "brief": brief(one.brief, say),
        "as_of": one.as_of.isoformat(),
        "weights": _weights(one.brief, say),
        "qualified": [entry(each, say) for each in one.qualified],
        "to_verify": [entry(each, say) for each in one.to_verify],
        "excluded": [entry(each, say) for each in one.excluded],
        "relaxations": [relaxation(each, say) for each in one.relaxations],
    }


def site(one: Site, say: Translator) -> dict[str, Any]:
    """Return the identity of a site."""
    status = one.statement("status")
    where = one.position
    return {
        "id": one.id,
        "name": say(one.name),
        "municipality": one.municipality,
        "address": one.address,
        "position": None
        if where is None
        else {
            "lon": where.point.lon,
            "lat": where.point.lat,
            "crs": "EPSG:4326",
            "precision": where.precision,
            "uncertainty": _declared(
                where.uncertainty_m, "m", Evidence(dataset="city.toml", method="city.uncertainty_m")
            ),
        },
        "status": found(status, "status", say)["statement"],
    }


def findings(every: Iterable[Finding], say: Translator) -> list[dict[str, Any]]:
    """Return faults as plain data."""
    return [
        {
            "kind": one.kind,
            "severity": one.severity.value,
            "file": one.place.file,
            "row": one.place.row or None,
            "column": one.place.column or None,
            "value": one.value,
            "message": say(one.message),
        }
        for one in every
    ]
