"""A case begun from a project: what would be sent to the one-stop shop on the day of filing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime

from portico.permits.exchange.suap import Case, Cui, Paper, State, UseCase
from portico.permits.model import Answers, Nature, Pack, Procedure, Value
from portico.permits.scope import scope

DESCRIPTOR_VERSION = "1.0.0"
_NO_PAPERS: Mapping[str, Paper] = {}


def filing(
    pack: Pack,
    answers: Answers,
    filed: datetime,
    cui: Cui,
    municipality: str,
    papers: Mapping[str, Paper] = _NO_PAPERS,
) -> Case:
    """Return the case of a project: one use case for each procedure that is surely filed.

    ``municipality`` is the six-digit code of the statistical office; ``papers`` are the documents at hand, by the
    pack's id. The form of every procedure is the project's answers, by their hash. The clock of the case is the
    longest term in force of what is filed, as far as terms were found. ``filed`` is a moment with its zone.
    """
    day = filed.date()
    milestones = {one.procedure for one in pack.triggers if one.nature is Nature.MILESTONE}
    chosen = [pack.procedures[one] for one in sorted(scope(pack, answers, day).sure - milestones)]
    form = _form(answers)
    return Case(
        cui,
        DESCRIPTOR_VERSION,
        municipality,
        "AUTORIZZAZIONE" if any(one.regime in pack.notes.assents for one in chosen) else "SCIA",
        pack.digest or pack.notes.id,
        day,
        _times(chosen, day),
        tuple(_use_case(pack, one, form, papers) for one in chosen),
        (State("started", filed),),
    )


def _use_case(pack: Pack, one: Procedure, form: Paper, papers: Mapping[str, Paper]) -> UseCase:
    asked = [paper.id for paper in pack.papers if paper.procedure == one.id]
    attached = tuple(papers[each] for each in asked if each in papers)
    return UseCase(one.id, pack.notes.as_of.isoformat(), one.authority, form, attached)


def _form(answers: Answers) -> Paper:
    """Return the project's answers as a document: their canonical JSON, by its hash."""
    said: dict[str, Value] = dict(sorted(answers.values.items()))
    text = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
    digest = hashlib.sha256(text.encode("utf-8")).hexdigest()
    return Paper(f"answers-{digest[:12]}", digest, "S256", "application/json", "")


def _times(chosen: list[Procedure], filed: date) -> dict[str, int]:
    terms = [term for one in chosen if (term := one.term_on(filed)) is not None]
    stops = [term.stop_days for term in terms if term.stop_days is not None]
    times = {"max_gg_proc": max((term.most for term in terms if term.most is not None), default=0)}
    return times | ({"max_gg_int_resp": max(stops)} if stops else {})
