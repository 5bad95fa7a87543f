"""What to ask next: only what can still change the answer, and first what settles most.

A question weighs what it settles: of each procedure that it leaves open, the share of its answers that decide it,
counted once and once more for each month of the procedure's longest term; the usual answer is half of all. What the
register or the city's layers know is not asked, nor what follows from other answers.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from portico.messages import Message, Text
from portico.permits.model import Answers, Attribute, Group, Nature, Pack, Procedure, Threshold
from portico.permits.rules import Outcome, Rule, knowledge, outcome, rules_of
from portico.permits.truth import Knowledge, Known

_MONTH = 30.0
_WEIGHTS = {Nature.REQUIRED: 1.0, Nature.MILESTONE: 1.0, Nature.OPTIONAL: 0.1, Nature.REMEDY: 0.0}
_INCENTIVE = 0.05
_TOLD = 3


@dataclass(frozen=True, slots=True)
class Question:
    """A question: the attribute, the words that are still possible, what it settles, and why it is asked."""

    attribute: Attribute
    words: tuple[str, ...]
    weight: float
    procedures: tuple[str, ...]
    incentives: tuple[str, ...]
    why: Message
    thresholds: tuple[Threshold, ...]


def questions(pack: Pack, answers: Answers, filed: date) -> tuple[Question, ...]:
    """Return what can still be asked to any effect, first what settles most; nothing once all is settled."""
    known = knowledge(pack, answers)
    return questions_of(pack, known, outcome(pack, known, filed), filed)


def questions_of(pack: Pack, known: Knowledge, result: Outcome, filed: date) -> tuple[Question, ...]:
    """Return what the truths of ``result`` leave to be asked, of which this is ``known``."""
    rules = rules_of(pack)
    weights: dict[str, float] = defaultdict(float)
    settles: dict[str, dict[str, None]] = defaultdict(dict)
    offers: dict[str, dict[str, None]] = defaultdict(dict)
    for rule in rules.rules:
        if result.truths[rule.procedure, rule.nature] is not None:
            continue
        weight = _weight(pack.procedures[rule.procedure], rule, filed)
        for name in rule.condition.left_open_by(result.known):
            if _is_asked(pack.attributes[name]):
                weights[name] += weight * rule.condition.share_decided(name, result.known)
                settles[name][rule.procedure] = None
    for one, condition in rules.incentives:
        for name in condition.left_open_by(known) if one.is_open is not False else ():
            if _is_asked(pack.attributes[name]):
                weights[name] += _INCENTIVE * condition.share_decided(name, known)
                offers[name][one.id] = None
    order = {name: place for place, name in enumerate(pack.attributes)}
    chosen = sorted({**settles, **offers}, key=lambda one: (-round(weights[one], 6), order[one]))
    return tuple(
        _question(pack, name, known.get(name), weights[name], (tuple(settles[name]), tuple(offers[name])))
        for name in chosen
    )


def _is_asked(attribute: Attribute) -> bool:
    return attribute.group in (Group.PROFILE, Group.SITE)


def _weight(procedure: Procedure, rule: Rule, filed: date) -> float:
    term = procedure.term_on(filed)
    days = (term.most or 0) if term else 0
    return _WEIGHTS[rule.nature] * (1 + days / _MONTH)


def _question(
    pack: Pack, name: str, known: Known | None, weight: float, settles: tuple[tuple[str, ...], tuple[str, ...]]
) -> Question:
    attribute = pack.attributes[name]
    procedures, incentives = settles
    words = tuple(word for word in attribute.words if not isinstance(known, frozenset) or word in known)
    titles: tuple[Text, ...] = tuple(pack.procedures[one].title for one in procedures[:_TOLD])
    if procedures:
        more = len(procedures) - len(titles)
        why = Message("asked-because", {"count": len(procedures), "titles": titles, "more": _more(more)})
    else:
        names = {one.id: one.title for one in pack.incentives}
        why = Message("asked-because-aid", {"titles": tuple(names[one] for one in incentives[:_TOLD])})
    thresholds = tuple(one for one in pack.thresholds if one.attribute == attribute.name)
    return Question(attribute, words, weight, procedures, incentives, why, thresholds)


def _more(count: int) -> Message | str:
    return Message("asked-and-more", {"count": count}) if count else ""
