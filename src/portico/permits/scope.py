"""Over which procedures a path goes: what ``needs`` says of a project, without reasons. For many projects at once."""

from __future__ import annotations

from datetime import date

from portico.permits.model import Answers, Nature, Pack
from portico.permits.path import Scope
from portico.permits.rules import Outcome, Rules, knowledge, outcome, rules_of


def scope(pack: Pack, answers: Answers, filed: date) -> Scope:
    """Return what is surely and possibly filed, and what takes what in, for a project filed on a day."""
    return scope_of(rules_of(pack), outcome(pack, knowledge(pack, answers), filed))


def scope_of(rules: Rules, result: Outcome) -> Scope:
    """Return the scope that the truths of ``result`` come to."""
    filed = {
        **{one: truth for (one, nature), truth in result.truths.items() if nature is Nature.MILESTONE},
        **result.alone,
    }
    absorbed: dict[str, str] = {}
    perhaps: dict[str, tuple[str, ...]] = {}
    for one, truth in result.alone.items():
        if truth is True or result.truths[one, Nature.REQUIRED] is False:
            continue
        takes = {other: result.truths[other, Nature.REQUIRED] for other in rules.absorbers.get(one, ())}
        if True in takes.values():
            absorbed[one] = _filed_in_the_end(one, rules, result)
        elif None in takes.values():
            perhaps[one] = tuple(other for other, may in takes.items() if may is None)
    return Scope(
        frozenset(one for one, truth in filed.items() if truth is True),
        frozenset(one for one, truth in filed.items() if truth is not False),
        absorbed,
        perhaps,
    )


def _filed_in_the_end(procedure: str, rules: Rules, result: Outcome) -> str:
    """Return what is filed where ``procedure`` is taken in, perhaps by what is taken in itself."""
    seen: set[str] = set()
    while procedure not in seen:
        seen.add(procedure)
        takes = [one for one in rules.absorbers.get(procedure, ()) if result.truths[one, Nature.REQUIRED] is True]
        # What is itself filed on its own comes first.
        takes.sort(key=lambda one: result.alone.get(one) is not True)
        procedure = takes[0] if takes else procedure
    return procedure
