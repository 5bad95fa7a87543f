"""A plan: what the pack says of a project on a day of filing. Composes; every part is worked out elsewhere."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from portico.city.model import Calendar
from portico.messages import Message, Text
from portico.permits.asking import Question, questions_of
from portico.permits.incentives import Offer, offers
from portico.permits.model import Answers, Nature, Need, Pack
from portico.permits.needs import Needs, needs_of
from portico.permits.path import Path, Ways
from portico.permits.rules import knowledge, outcome, rules_of
from portico.permits.scope import scope_of

_MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class Document:
    """A document, once, and the procedures that surely ask for it, or may."""

    id: str
    title: Text
    asked_by: tuple[str, ...]
    perhaps_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a pack says of a project: procedures, path, documents, schemes, what is still to be asked."""

    pack: Pack
    answers: Answers
    filed: date
    needs: Needs
    path: Path
    documents: tuple[Document, ...]
    offers: tuple[Offer, ...]
    questions: tuple[Question, ...]
    disagreements: tuple[Message, ...]
    warnings: tuple[Message, ...]


def plan(pack: Pack, answers: Answers, filed: date, calendar: Calendar, disagreements: Sequence[Message] = ()) -> Plan:
    """Return the plan of a project filed on a day, counted by a city's calendar."""
    known = knowledge(pack, answers)
    result = outcome(pack, known, filed)
    found = needs_of(pack, result)
    return Plan(
        pack,
        answers,
        filed,
        found,
        ways_of(pack, calendar).path(scope_of(rules_of(pack), result), filed),
        documents(pack, found),
        offers(pack, known, filed),
        questions_of(pack, known, result, filed),
        tuple(disagreements),
        warnings(pack, filed, found),
    )


_KEPT: list[tuple[Pack, Calendar, Ways, itertools.count[int]]] = []
_MOST_PACKS = 4
_MOST_PLANS = 500


def ways_of(pack: Pack, calendar: Calendar) -> Ways:
    """Return the paths under a pack; what was worked out for one project is kept for the next few hundred."""
    for kept in _KEPT:
        if kept[0] is pack and kept[1] == calendar:
            if next(kept[3]) < _MOST_PLANS:
                return kept[2]
            with contextlib.suppress(ValueError):  # another thread was first
                _KEPT.remove(kept)
            break
    del _KEPT[: max(len(_KEPT) + 1 - _MOST_PACKS, 0)]
    milestones = {one.procedure for one in pack.triggers if one.nature is Nature.MILESTONE}
    _KEPT.append((pack, calendar, Ways(pack, calendar, milestones), itertools.count()))
    return _KEPT[-1][2]


def documents(pack: Pack, found: Needs) -> tuple[Document, ...]:
    """Return every document that is asked for, once; those of what is taken in are asked for by what takes it in."""
    sure: dict[str, dict[str, None]] = {}
    perhaps: dict[str, dict[str, None]] = {}
    titles: dict[str, Text] = {}
    for paper in pack.papers:
        one = found.found[paper.procedure]
        if one.need is Need.NOT_NEEDED or one.nature is not Nature.REQUIRED:
            continue
        by = one.absorbed_by or one.procedure
        titles[paper.id] = paper.title
        (sure if by in found.live else perhaps).setdefault(paper.id, {})[by] = None
    return tuple(Document(one, titles[one], tuple(sure.get(one, ())), tuple(perhaps.get(one, ()))) for one in titles)


def warnings(pack: Pack, filed: date, found: Needs) -> tuple[Message, ...]:
    """Return what to know before relying on a plan: the pack is old, or says nothing of the day of filing."""
    told: list[Message] = []
    months = (filed.year - pack.notes.as_of.year) * _MONTHS_A_YEAR + filed.month - pack.notes.as_of.month
    months -= filed.day < pack.notes.as_of.day
    if months >= pack.notes.limit_months:
        told.append(Message("pack-old", {"day": pack.notes.as_of, "months": months, "limit": pack.notes.limit_months}))
    lost = [
        one for one in sorted(found.possible) if pack.procedures[one].terms and not pack.procedures[one].term_on(filed)
    ]
    if lost:
        titles = tuple(pack.procedures[one].title for one in lost)
        told.append(Message("pack-no-term-then", {"day": filed, "count": len(lost), "titles": titles}))
    return tuple(told)
