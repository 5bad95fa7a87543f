"""The walk from a figure in a dossier to what states it: rows of a version, or a method worked out again from rows.

A rule for each method returns its faults in words; what nobody can follow is a fault too. Rows are read from the very
version that the evidence names. The rules are written from the methods' descriptions; none of portico's is called.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from tests.dossier.walking import of_answers, of_facts
from tests.dossier.walking.drawn import BOUNDS, City, Drawn, Plain


def walk(drawn: Drawn, city: City) -> list[str]:
    """Return what is wrong between a figure and what it rests on; nothing where it is stated or comes out again."""
    found = drawn.found
    if not found["evidence"]:
        return ["it rests on nothing"]
    faults = [fault for piece in drawn.rows for fault in _row(piece, city)]
    if faults:
        return faults
    known = [found[bound] for bound in BOUNDS if found.get(bound) is not None]
    if known != sorted(known):
        faults.append("its bounds are in the wrong order")
    rule = RULES.get(drawn.method)
    if rule is None:
        return [*faults, f"nobody can follow {drawn.method}"]
    return [*faults, *rule(drawn, city)]


def _row(piece: Plain, city: City) -> Iterator[str]:
    try:
        row = city.rows(piece["dataset"], piece["version"])[piece["row"]]
    except Exception as error:  # noqa: BLE001 - whatever it is: the row cannot be reached
        yield f"no row {piece['row']} of {piece['dataset']}: {error!r}"
        return
    for name, column in (("source", "source"), ("confidence", "confidence"), ("checked", "checked")):
        if str(row[column]) != piece.get(name):
            yield f"the row {piece['row']} says of {name}: {row[column]}"


Rule = Callable[[Drawn, City], Iterator[str]]
RULES: Mapping[str, Rule] = {
    "rows": of_facts.stated,
    "territory.estimates.car": of_facts.estimated,
    "territory.estimates.walk": of_facts.estimated,
    "territory.estimates.bicycle": of_facts.estimated,
    "territory.transit": of_facts.ride,
    "territory.places-within": of_facts.within,
    "match.additive": of_answers.additive,
    "match.rank-interval": of_answers.rank,
    "match.brief": of_answers.of_brief,
    "city.partners": of_facts.of_partner,
    "city.uncertainty_m": of_facts.of_position,
    "city.readiness": of_facts.of_readiness,
    "match.shortfall": of_answers.shortfall,
    "match.relaxation": of_answers.relaxed,
    "match.smaa": of_answers.first,
    "match.dethroning": of_answers.overturned,
    "match.one-weight": of_answers.one_weight,
    "match.find-out": of_answers.find_out,
}
