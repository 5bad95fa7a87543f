"""What the city's layers say of a site: inside an area, outside all of them, or not known.

A position is only as good as its uncertainty: inside means that the whole circle lies in an area of the layer, outside
that it meets none and every area has its place; between the two nothing is known. A dataset that the city does not have
says nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from portico.city.register import Site
from portico.figures import Evidence
from portico.geo import Point
from portico.lake import queries
from portico.lake.covering import Covering, covering, has_unplaced
from portico.lake.lake import Lake
from portico.lake.model import Version
from portico.permits.answers import LAYER
from portico.permits.model import Answers, LayerRule, Pack, Value


def layered(pack: Pack, lake: Lake, site: Site, at: Mapping[str, Version] | None = None) -> Answers:
    """Return what the city's layers say of ``site``, each with its evidence; ``at``: these versions, not the newest."""
    if site.position is None or not pack.layers:
        return Answers({})
    heads = queries.heads(lake) if at is None else at
    possible: dict[str, tuple[Value, ...]] = {}
    evidence: dict[str, tuple[Evidence, ...]] = {}
    for dataset, attribute in dict.fromkeys((one.dataset, one.attribute) for one in pack.layers):
        version = heads.get(dataset)
        if version is None:
            continue
        rules = [one for one in pack.layers if (one.dataset, one.attribute) == (dataset, attribute)]
        found, rows = _said(lake, version, rules, site.position.point, site.position.uncertainty_m)
        if not found:
            continue
        before = possible.get(attribute, found)
        possible[attribute] = tuple(one for one in before if one in found) or tuple(dict.fromkeys((*before, *found)))
        told = tuple(_evidence(version, row) for row in rows) or (_evidence(version, 0),)
        evidence[attribute] = (*evidence.get(attribute, ()), *told)
    return Answers(
        {name: found[0] for name, found in possible.items() if len(found) == 1},
        dict.fromkeys(possible, LAYER),
        {name: found for name, found in possible.items() if len(found) > 1},
        evidence,
    )


def _said(
    lake: Lake, version: Version, rules: Sequence[LayerRule], point: Point, metres: float
) -> tuple[tuple[Value, ...], tuple[int, ...]]:
    """Return the answers that a layer leaves possible, and the rows they rest on; nothing where it leaves all open."""
    met: list[tuple[LayerRule, Covering]] = []
    for column in dict.fromkeys(rule.column for rule in rules):
        for one in covering(lake, version, point, metres, column):
            said = [rule for rule in rules if rule.column == column and rule.value in ("", one.value)]
            if not said or said[0].inside is None:  # an area of which the pack knows nothing
                return (), ()
            met.append((said[0], one))
    rows = tuple(one.row for _, one in met)
    inside = [rule.inside for rule, _ in met if rule.inside is not None]
    if not any(one.whole for _, one in met):
        elsewhere = {rule.outside for rule in rules}
        if len(elsewhere) != 1 or None in elsewhere or has_unplaced(lake, version):
            return (), ()
        inside += [one for one in elsewhere if one is not None]
    return tuple(dict.fromkeys(inside)), rows


def _evidence(version: Version, row: int) -> Evidence:
    return Evidence(dataset=version.dataset, version=version.id, row=str(row) if row else "")
