"""Every criterion as reference page, form, API, terminal and guide tell it: from its docstring and its texts alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from portico.errors import UnknownNameError
from portico.match.criteria import CRITERIA, criterion
from portico.match.criteria.base import Criterion
from portico.messages import Message, did_you_mean
from portico.translation import Translator

GROUPS: Mapping[str, tuple[str, ...]] = {
    "site": (
        *("availability", "area", "floor-area", "use", "condition", "ownership", "rail-siding", "electric-power"),
        *("asking-price", "price-per-m2", "premises", "tenure", "operational-by", "remediation", "municipality"),
        *("site", "readiness", "days-until-start"),
    ),
    "reach": (
        *("minutes-to-nearest", "places-within", "opportunities-within", "gravity", "floating-catchment"),
        "know-how",
    ),
    "industry": ("location-quotient", "agglomeration", "cluster-index", "skill-relatedness"),
}
"""What the criteria are about; each stands in one group."""
_EXAMPLES = {
    "mode": '"car"',
    "kinds": '["university", "research-centre"]',
    "fields": '["automotive"]',
    "divisions": '["29"]',
    "within_minutes": "30",
    "nth": "2",
    "quantity": '"students"',
    "inbound": "true",
    "half_minutes": "15",
    "by": "2027-06-30",
    "project": '"food-production"',
}
_SHOWN_TAKEN = ("kinds",)
WORDED: Mapping[str, str] = {
    "as stated": "worded.as-stated",
    "as stated last": "worded.as-stated-last",
    "as stated in the register": "worded.as-in-register",
    "as stated, on its basis": "worded.on-its-basis",
    "as stated, on its basis; a larger whole bounds it from above": "worded.whole-bounds",
    "as stated; every use counts that any plan in force admits": "worded.every-use",
    "price / area, from least price / most area to most price / least area": "worded.price",
    "as stated; where nothing is, a building where the condition is built or a floor area exists, land where the "
    "condition is green": "worded.premises",
    "as stated; where nothing is, for sale where a price is asked, to let where a rent is": "worded.tenure",
    "max(0, available from − by), from the first to the last day that a date known in part may mean": "worded.days",
    "as stated; where nothing is, done where it is certified, under way where it is being cleaned, needed where a plan "
    'is approved or the condition is "to remediate"': "worded.remediation",
    "the highest level all of whose requirements, and all of those below it, are proven by statements not older than "
    "the city's limit": "worded.readiness",
    "days from the filing to the last milestone on the critical path: the least over what is surely needed in its "
    "lighter variant, the most over all that may be needed in its heavier one; no most where a term before it was not "
    "found": "worded.days-until-start",
    "terms of the law in the city's rule pack": "worded.rule-pack",
    "register of sites": "worded.register",
    "this project's definition": "worded.this-project",
}
"""Formulas and sources that are words, and the message that says each in every language; others are as they are."""


def groups() -> Iterator[tuple[str, tuple[Criterion, ...]]]:
    """Yield what criteria are about, and those criteria, in the order in which they are told."""
    for name, identifiers in GROUPS.items():
        yield name, tuple(one for one in CRITERIA if one.id in identifiers)


def find(identifier: str) -> Criterion:
    """Return the criterion with this id; raise UnknownNameError with advice for any other word."""
    found = criterion(identifier)
    if found is None:
        advice = did_you_mean(identifier, [one.id for one in CRITERIA])
        raise UnknownNameError("criterion-unknown", name=identifier, advice=advice)
    return found


def worth(one: Criterion) -> tuple[Message, ...]:
    """Return the points of the default scale, or the default values of words; what is to be said where there are none.

    >>> from portico.match.criteria import MINUTES_TO_NEAREST
    >>> worth(MINUTES_TO_NEAREST)[0].values
    {'x': 10.0, 'value': 1.0}
    """
    points: list[tuple[object, float]] = list(one.default_scale)
    if not one.is_number:
        points = [(one.spoken(word), value) for word, value in one.default_values.items()]
    told = tuple(Message("criterion-point", {"x": x, "value": value}) for x, value in points)
    return told or (Message("criterion-no-values"),)


def told(text: str) -> Message | str:
    """Return a formula or a source as it is told: in the reader's language where it is words, else as it stands."""
    return Message(WORDED[text]) if text in WORDED else text


def parameters(one: Criterion) -> Iterator[tuple[str, bool]]:
    """Yield the parameters that a brief must give (true) and may give (false)."""
    yield from ((name, True) for name in one.needs)
    yield from ((name, False) for name in one.takes)


def example(one: Criterion) -> str:
    """Return how a brief asks for it, as TOML; a want of a number takes the default scale.

    >>> from portico.match.criteria import LOCATION_QUOTIENT
    >>> print(example(LOCATION_QUOTIENT))
    [[wants]]
    criterion = "location-quotient"
    divisions = ["29"]
    weight = 1
    """
    lines = ["[[wants]]", f'criterion = "{one.id}"']
    for name, is_needed in parameters(one):
        if is_needed or name in _SHOWN_TAKEN:
            lines.append(f"{name} = {_EXAMPLES.get(name) or _first(one)}")
    lines.append("weight = 1")
    if not one.is_number:
        worded = dict(one.default_values) or {"example": 1.0}
        lines.append("values = { " + ", ".join(f"{word} = {value:g}" for word, value in worded.items()) + " }")
    return "\n".join(lines)


def _first(one: Criterion) -> str:
    return f'"{one.bases[0]}"' if one.bases else '""'


def to_dict(one: Criterion, say: Translator) -> dict[str, Any]:
    """Return a criterion as plain data: ids and numbers as they are, words in the language of ``say``."""
    return {
        "id": one.id,
        "group": next(name for name, members in GROUPS.items() if one.id in members),
        "title": say(one.title),
        "what": say(one.what),
        "answers": "number" if one.is_number else "words",
        "unit": one.unit,
        "unit_words": say.unit(one.unit) if one.unit else "",
        "words": [{"id": word, "words": say(one.spoken(word))} for word in one.words],
        "direction": one.direction.value if one.direction else None,
        "default_scale": [list(point) for point in one.default_scale],
        "default_values": dict(one.default_values),
        "bases": [{"id": basis, "words": say(Message(f"basis.{basis}"))} for basis in one.bases],
        "parameters": [
            {"id": name, "needed": needed, "words": say(Message(f"brief-key.{name}"))}
            for name, needed in parameters(one)
        ],
        "ages": one.ages,
        "everywhere": one.over is not None,
        "formula": say(told(one.formula)),
        "source": say(told(one.source)),
        "example": example(one),
    }
