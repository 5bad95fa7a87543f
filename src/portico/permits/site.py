"""What the register of sites and the city's layers know of a site, so that nobody is asked for it."""

from __future__ import annotations

from portico.city.register import Site
from portico.figures import Evidence
from portico.permits.answers import REGISTER
from portico.permits.model import Answers, Pack, Statement, Value
from portico.permits.rules import knowledge
from portico.permits.truth import Condition


def stated(pack: Pack, site: Site, investor: Answers) -> Answers:
    """Return what the register states of ``site``, each with its evidence.

    Only the newest statements of an attribute of the register count. Several that answer the same question leave
    what all of them allow; where they exclude each other, each stays possible.
    """
    known = knowledge(pack, investor)
    possible: dict[str, tuple[Value, ...]] = {}
    evidence: dict[str, list[Evidence]] = {}
    for rule in pack.statements:
        told = _evidence(site, rule)
        if not told or (rule.condition and Condition(rule.condition, pack.attributes).truth(known) is not True):
            continue
        name, before = rule.attribute, possible.get(rule.attribute)
        both = rule.answers if before is None else tuple(one for one in before if one in rule.answers)
        possible[name] = both or tuple(dict.fromkeys((*(before or ()), *rule.answers)))
        evidence.setdefault(name, []).extend(one for one in told if one not in evidence.get(name, ()))
    return Answers(
        {name: found[0] for name, found in possible.items() if len(found) == 1},
        dict.fromkeys(possible, REGISTER),
        {name: found for name, found in possible.items() if len(found) > 1},
        {name: tuple(found) for name, found in evidence.items()},
    )


def _evidence(site: Site, rule: Statement) -> tuple[Evidence, ...]:
    """Return the evidence of the newest statements that say what ``rule`` is about; nothing where none does."""
    newest = site.stated(rule.stated, rule.basis)
    if not newest:
        return ()
    chosen = [one for one in newest if one.day == newest[0].day]
    return tuple(one.evidence for one in chosen if one.value == rule.value)
