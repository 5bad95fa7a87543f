"""The triggers of a pack, compiled, and whether each holds for what is known. No words here: those are in ``needs``.

First what the answers alone decide; then what takes what in; from that, what is computed (is any act of assent left,
how many bodies must assent); last the procedures that hang on that.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from portico.permits.model import (
    Answers,
    Attribute,
    AttributeKind,
    Contradiction,
    Group,
    Link,
    Nature,
    Pack,
    PackNotes,
    Procedure,
    Trigger,
    Value,
)
from portico.permits.truth import Condition, Knowledge, Known, Range, Truth


@dataclass(frozen=True, slots=True)
class Rule:
    """All triggers of one procedure and one nature, joined; the first trigger says which law."""

    procedure: str
    nature: Nature
    stage: int
    condition: Condition
    triggers: tuple[Trigger, ...]


class Rules:
    """The triggers of a pack, compiled."""

    def __init__(self, pack: Pack) -> None:
        """Compile the triggers of ``pack``, which was found sound."""
        self.pack = pack
        grouped: dict[tuple[str, Nature], list[Trigger]] = defaultdict(list)
        for trigger in pack.triggers:
            grouped[trigger.procedure, trigger.nature].append(trigger)
        self.rules = tuple(
            Rule(procedure, nature, max(one.stage for one in group), _joined(group, pack.attributes), tuple(group))
            for (procedure, nature), group in grouped.items()
        )
        self.by_key = {(rule.procedure, rule.nature): rule for rule in self.rules}
        self.contradictions = tuple((one, Condition(one.condition, pack.attributes)) for one in pack.contradictions)
        self.incentives = tuple((one, Condition(one.condition, pack.attributes)) for one in pack.incentives)
        absorbers: dict[str, list[str]] = defaultdict(list)
        for one in pack.dependencies:
            rule = self.by_key.get((one.procedure, Nature.REQUIRED))
            if one.link is Link.ABSORBS and rule and rule.stage == 1:
                absorbers[one.other].append(one.procedure)
        self.absorbers = {
            one: tuple(found)
            for one, found in absorbers.items()
            if (one, Nature.REQUIRED) in self.by_key and self.by_key[one, Nature.REQUIRED].stage == 1
        }
        # Filed on its own: needed, and nothing that takes it in is needed. One condition, so that it is as sharp.
        self.alone = {one: _alone(one, found, self.by_key, pack) for one, found in self.absorbers.items()}


_KEPT: dict[int, Rules] = {}
_MOST_PACKS = 8


def rules_of(pack: Pack) -> Rules:
    """Return the compiled triggers of ``pack``; those of the last few packs are kept."""
    kept = _KEPT.get(id(pack))
    if kept is None or kept.pack is not pack:
        kept = Rules(pack)
        if len(_KEPT) >= _MOST_PACKS:
            _KEPT.clear()
        _KEPT[id(pack)] = kept
    return kept


def _joined(group: Iterable[Trigger], attributes: Mapping[str, Attribute]) -> Condition:
    return Condition(tuple(one.condition for one in group), attributes)


def _alone(
    procedure: str, absorbers: Iterable[str], by_key: Mapping[tuple[str, Nature], Rule], pack: Pack
) -> Condition:
    own = by_key[procedure, Nature.REQUIRED].triggers
    others = tuple(one.condition for name in absorbers for one in by_key[name, Nature.REQUIRED].triggers)
    return Condition(tuple(one.condition for one in own), pack.attributes, but_not=others)


def knowledge(pack: Pack, answers: Answers, *, infer: bool = True) -> dict[str, Known]:
    """Return what ``answers`` say, in part too; events of the case that nobody told of have not happened.

    With ``infer`` also what follows: an answer that would contradict the others is no longer possible.
    """
    known: dict[str, Known] = {
        name: one.default
        for name, one in pack.attributes.items()
        if one.group is Group.RUNTIME and one.default is not None
    }
    known.update(pack.notes.settled)
    for name, among in answers.among.items():
        part = _part(pack.attributes[name], among)
        if part is not None:
            known[name] = part
    known.update(answers.values)
    if infer:
        rules = rules_of(pack)
        while any(_follows(condition, known) for _, condition in rules.contradictions):
            pass
    return known


def _follows(condition: Condition, known: dict[str, Known]) -> bool:
    """Narrow the one attribute of a contradiction that is not known yet; say whether anything was narrowed."""
    unknown = condition.left_open_by(known)
    if len(unknown) != 1:
        return False
    part = condition.without(unknown[0], known)
    if part is None or known.get(unknown[0]) == part:
        return False
    known[unknown[0]] = part
    return True


def contradicted(pack: Pack, known: Knowledge) -> tuple[tuple[Contradiction, Condition], ...]:
    """Return the contradictions of a pack that hold, whatever the rest may be."""
    return tuple((one, condition) for one, condition in rules_of(pack).contradictions if condition.truth(known) is True)


def _part(attribute: Attribute, among: tuple[Value, ...]) -> Known | None:
    if attribute.kind is AttributeKind.WORD:
        return frozenset(str(one) for one in among)
    if attribute.kind is AttributeKind.NUMBER and among:
        return Range(min(float(one) for one in among), max(float(one) for one in among))
    return among[0] if len(set(among)) == 1 else None


@dataclass(frozen=True, slots=True)
class Outcome:
    """The truths behind ``Needs``: of every rule, of what is filed on its own, and of what is computed from these."""

    known: Knowledge
    truths: Mapping[tuple[str, Nature], Truth]
    alone: Mapping[str, Truth]
    computed: Knowledge
    in_force: frozenset[str]


def outcome(pack: Pack, known: Knowledge, filed: date) -> Outcome:
    """Return whether each rule holds for what is ``known``, by the law in force on the day of filing."""
    rules = rules_of(pack)
    in_force = frozenset(one.id for one in pack.procedures.values() if _is_in_force(one, filed))
    truths: dict[tuple[str, Nature], Truth] = {}
    for rule in rules.rules:
        if rule.stage == 1:
            truths[rule.procedure, rule.nature] = rule.procedure in in_force and rule.condition.truth(known)
    alone = _filed_alone(rules, truths, known, in_force)
    computed = _computed(pack, alone)
    later = {**known, **computed}
    for rule in rules.rules:
        if rule.stage > 1:
            truths[rule.procedure, rule.nature] = rule.procedure in in_force and rule.condition.truth(later)
            if rule.nature is Nature.REQUIRED:
                alone[rule.procedure] = truths[rule.procedure, rule.nature]
    return Outcome(later, truths, alone, computed, in_force)


def _is_in_force(one: Procedure, filed: date) -> bool:
    return (one.valid_from is None or one.valid_from <= filed) and (one.valid_to is None or filed <= one.valid_to)


def _filed_alone(
    rules: Rules, truths: Mapping[tuple[str, Nature], Truth], known: Knowledge, in_force: frozenset[str]
) -> dict[str, Truth]:
    """Return of each required procedure whether it is filed on its own: needed and taken in by none."""
    found: dict[str, Truth] = {}
    for (procedure, nature), truth in truths.items():
        if nature is not Nature.REQUIRED:
            continue
        takes = [truths[one, Nature.REQUIRED] for one in rules.absorbers.get(procedure, ()) if one in in_force]
        if truth is False or True in takes:
            found[procedure] = False
        elif None not in takes:
            found[procedure] = truth
        else:
            every = all(one in in_force for one in rules.absorbers[procedure])
            found[procedure] = rules.alone[procedure].truth(known) if every else None
    return found


def counts_for(name: str, one: Procedure, notes: PackNotes) -> bool:
    """Say whether the derived attribute ``name`` is computed from a procedure such as ``one``."""
    if name == "any_scia":
        return one.regime in notes.notices
    if name == "single_authorisation":
        return one.id in notes.single_titles
    return one.regime in notes.assents and one.phase in notes.assent_phases


def _computed(pack: Pack, alone: Mapping[str, Truth]) -> dict[str, Known]:
    """Return the derived attributes as far as they are known, from what is filed on its own."""
    found: dict[str, Known] = {}
    for name in ("any_assent", "any_scia", "single_authorisation"):
        truths = [truth for one, truth in alone.items() if counts_for(name, pack.procedures[one], pack.notes)]
        if True in truths:
            found[name] = True
        elif None not in truths:
            found[name] = False
    bodies = [
        (pack.procedures[one].authority, truth)
        for one, truth in alone.items()
        if counts_for("assent_bodies", pack.procedures[one], pack.notes)
    ]
    least = len({body for body, truth in bodies if truth})
    most = len({body for body, truth in bodies if truth is not False})
    found["assent_bodies"] = float(least) if least == most else Range(least, most)
    return {name: value for name, value in found.items() if name in pack.attributes}
