"""Which procedures a project needs, perhaps needs, or does not need, and why. Pure functions over a pack.

Over yes, no and open: what may still become needed is never "not needed", and one more answer never contradicts what
was said without it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from portico.messages import Message, Text
from portico.permits.model import Answers, Attribute, Confidence, Group, Nature, Need, Pack
from portico.permits.rules import Outcome, Rule, Rules, counts_for, knowledge, outcome, rules_of
from portico.permits.truth import Knowledge, Known, Range, Truth

_NATURES = (Nature.REQUIRED, Nature.MILESTONE, Nature.OPTIONAL, Nature.REMEDY)
_ON_PATH = (Nature.REQUIRED, Nature.MILESTONE)
_NEED = {True: Need.NEEDED, None: Need.PERHAPS, False: Need.NOT_NEEDED}


@dataclass(frozen=True, slots=True)
class Found:
    """What was found of one procedure.

    ``unknown`` are the attributes that leave it open. One that is surely taken in by another (``absorbed_by``) is not
    filed on its own; ``absorbed_perhaps`` are those that may take it in.
    """

    procedure: str
    need: Need
    nature: Nature
    reasons: tuple[Message, ...]
    unknown: tuple[str, ...]
    absorbed_by: str = ""
    absorbed_perhaps: tuple[str, ...] = ()
    confidence: Confidence = Confidence.RECALLED


@dataclass(frozen=True, slots=True)
class Needs:
    """What was found of every procedure of a pack.

    ``live`` are surely on the path and filed on their own; ``possible`` may be as well; ``carrier`` says which
    procedure surely takes in another. ``computed`` are the derived attributes as far as they are known.
    """

    found: Mapping[str, Found]
    live: frozenset[str]
    possible: frozenset[str]
    carrier: Mapping[str, str]
    computed: Knowledge

    def of(self, *natures: Nature, need: Need) -> tuple[Found, ...]:
        """Return what was found of these natures with this need, in the order of the pack."""
        return tuple(one for one in self.found.values() if one.nature in natures and one.need is need)

    @property
    def perhaps_absorbed(self) -> Mapping[str, tuple[str, ...]]:
        """For each procedure that another may take in: which."""
        return {one.procedure: one.absorbed_perhaps for one in self.found.values() if one.absorbed_perhaps}


def needs(pack: Pack, answers: Answers, filed: date) -> Needs:
    """Return which procedures are needed, perhaps needed or not needed by who files on ``filed``, and why."""
    return needs_of(pack, outcome(pack, knowledge(pack, answers), filed))


def needs_of(pack: Pack, result: Outcome) -> Needs:
    """Return what the truths of ``result`` come to, with reasons."""
    explain = Explained(pack, rules_of(pack), result)
    found = {one: explain.found(one) for one in pack.procedures}
    chosen = [one for one in found.values() if one.nature in _ON_PATH]
    live = {
        one.procedure for one in chosen if one.need is Need.NEEDED and result.alone.get(one.procedure, True) is True
    }
    possible = {
        one.procedure
        for one in chosen
        if one.need is not Need.NOT_NEEDED and result.alone.get(one.procedure, True) is not False
    }
    carrier = {one.procedure: one.absorbed_by for one in found.values() if one.absorbed_by}
    return Needs(found, frozenset(live), frozenset(possible), carrier, result.computed)


class Explained:
    """Turns truths into what was found of each procedure, with reasons."""

    def __init__(self, pack: Pack, rules: Rules, result: Outcome) -> None:
        """Explain ``result``."""
        self.pack = pack
        self.rules = rules
        self.result = result
        self._derived: dict[str, tuple[str, ...]] = {}

    def found(self, procedure: str) -> Found:
        """Return what was found of ``procedure``: by its first nature that is not excluded."""
        natures = [one for one in _NATURES if (procedure, one) in self.rules.by_key]
        nature = next((one for one in natures if self.result.truths[procedure, one] is not False), natures[0])
        truth = self.result.truths[procedure, nature]
        rule = self.rules.by_key[procedure, nature]
        sure, perhaps = self._absorbers(procedure) if nature is Nature.REQUIRED and truth is not False else ((), ())
        unknown = self.open_by(rule)
        if perhaps and not sure:
            unknown = (
                *unknown,
                *(one for other in perhaps for one in self.open_by(self.rules.by_key[other, Nature.REQUIRED])),
            )
        return Found(
            procedure,
            _NEED[truth],
            nature,
            self._reasons(rule, truth),
            tuple(dict.fromkeys(unknown)),
            self._root(sure[0]) if sure else "",
            () if sure else perhaps,
            self.pack.procedures[procedure].confidence,
        )

    def _absorbers(self, procedure: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return what surely takes ``procedure`` in (what is itself filed first), and what may."""
        truths = self.result.truths
        takes = self.rules.absorbers.get(procedure, ())
        sure = [one for one in takes if truths[one, Nature.REQUIRED] is True]
        alone = self.result.alone
        sure.sort(key=lambda one: alone.get(one) is not True)
        possible = self.result.alone.get(procedure) is not truths[procedure, Nature.REQUIRED]
        perhaps = [one for one in takes if truths[one, Nature.REQUIRED] is None] if possible or not sure else []
        return tuple(sure), tuple(perhaps)

    def _root(self, procedure: str) -> str:
        """Return what is filed in the end where ``procedure`` is itself taken in."""
        seen = {procedure}
        while True:
            takes = self.rules.absorbers.get(procedure, ())
            other = next((one for one in takes if self.result.truths[one, Nature.REQUIRED] is True), "")
            if not other or other in seen:
                return procedure
            seen.add(other)
            procedure = other

    def open_by(self, rule: Rule) -> tuple[str, ...]:
        """Return the attributes that leave a rule open; a derived one stands for those that leave it open."""
        if rule.procedure not in self.result.in_force:
            return ()
        found: list[str] = []
        for name in rule.condition.left_open_by(self.result.known):
            if self.pack.attributes[name].group is Group.DERIVED:
                found += self._open_derived(name)
            else:
                found.append(name)
        return tuple(dict.fromkeys(found))

    def _open_derived(self, name: str) -> tuple[str, ...]:
        if name not in self._derived:
            found: list[str] = []
            for procedure in self.behind(name):
                if self.result.alone.get(procedure) is None:
                    for one in (procedure, *self.rules.absorbers.get(procedure, ())):
                        found += self.rules.by_key[one, Nature.REQUIRED].condition.left_open_by(self.result.known)
            self._derived[name] = tuple(dict.fromkeys(found))
        return self._derived[name]

    def behind(self, name: str) -> tuple[str, ...]:
        """Return the procedures from which a derived attribute is computed."""
        return tuple(
            rule.procedure
            for rule in self.rules.rules
            if rule.nature is Nature.REQUIRED
            and rule.stage == 1
            and counts_for(name, self.pack.procedures[rule.procedure], self.pack.notes)
        )

    def _reasons(self, rule: Rule, truth: Truth) -> tuple[Message, ...]:
        one = self.pack.procedures[rule.procedure]
        if rule.procedure not in self.result.in_force:
            return (Message("permit-not-in-force", {"from": one.valid_from or "–", "to": one.valid_to or "–"}),)
        known = self.result.known
        law = Message("permit-law", {"basis": "; ".join(dict.fromkeys(each.basis for each in rule.triggers))})
        if truth is None:
            asked = self.open_by(rule)
            questions = tuple(self.pack.attributes[name].question for name in asked)
            return (Message("permit-open", {"count": len(asked), "questions": questions}), law)
        decided = tuple(self.because(name, known[name]) for name in rule.condition.deciding(known) if name in known)
        return (*decided, law) if truth else (decided or (law,))

    def because(self, name: str, value: Known) -> Message:
        """Return the sentence that says which answer decided."""
        attribute = self.pack.attributes[name]
        if attribute.group is Group.DERIVED:
            return self._because_computed(name, value)
        return Message("permit-because", {"question": attribute.question, "answer": answer_of(attribute, value)})

    def _because_computed(self, name: str, value: Known) -> Message:
        live = [one for one in self.behind(name) if self.result.alone.get(one) is True]
        titles = tuple(self.pack.procedures[one].title for one in live)
        if name == "assent_bodies":
            bodies = {self.pack.procedures[one].authority: one for one in live}
            named = tuple(self.pack.word("authority", one) for one in bodies)
            count = value if isinstance(value, Range) else Range(float(str(value)), float(str(value)))
            bodies_named = named or Message("permit-nobody")
            return Message("permit-because.assent_bodies", {"least": count.low, "bodies": bodies_named})
        return Message(f"permit-because.{name}.{'yes' if value else 'no'}", {"titles": titles})


def answer_of(attribute: Attribute, value: Known) -> Message | Text:
    """Return an answer as people read it.

    >>> from portico.permits.model import AttributeKind
    >>> answer_of(Attribute("works", AttributeKind.YES_NO, Group.PROFILE, Text(en="Works?")), True).id
    'yes'
    """
    if isinstance(value, bool):
        return Message("yes" if value else "no")
    if isinstance(value, str):
        return attribute.labels.get(value) or Text({"": value})
    if isinstance(value, frozenset):
        words = tuple(attribute.labels.get(word) or Text({"": word}) for word in attribute.words if word in value)
        return Message("permit-one-of", {"words": words})
    if isinstance(value, Range):
        return Message("permit-range", {"low": value.low, "high": value.high, "unit": attribute.measure})
    return (
        Message("permit-number", {"number": value, "unit": attribute.measure})
        if attribute.unit
        else Message("permit-count", {"number": value})
    )
