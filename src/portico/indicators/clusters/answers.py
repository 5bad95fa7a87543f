"""What a city's tables say of an industry where a municipality lies: figures with the rows they rest on, or the reason
why there is none.
"""  # noqa: D205 - one sentence

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from portico.city.tables import TOTAL
from portico.errors import InputError
from portico.figures import Evidence, Figure, Scalar, Status, together
from portico.indicators.clusters.agglomeration import ellison_glaeser_range
from portico.indicators.clusters.cluster_index import Ground, cluster_index, cluster_index_range
from portico.indicators.clusters.counts import LEAST_FIRMS, Count
from portico.indicators.clusters.industries import Area, Industries, in_short, industries, matrix, oldest
from portico.indicators.clusters.quotient import location_quotient, quotient_range
from portico.indicators.clusters.relatedness import at_digits, density, related_to
from portico.indicators.clusters.setting import Setting, area_at, setting
from portico.messages import Message
from portico.territory.layers import Territory

PURE = "1"
PERCENT = "%"
_NEARLY_ALL = 0.995


def quotient_at(territory: Territory, municipality: str, divisions: Sequence[str]) -> Figure:
    """Return the location quotient of ``divisions`` where ``municipality`` lies, with its interval.

    No value under a least number of firms: then only between what it lies.
    """
    found = setting(territory, municipality, divisions)
    return Figure.missing(PURE, note=found) if isinstance(found, Message) else quotient_of(found)


def quotient_of(found: Setting) -> Figure:
    """Return the location quotient of an industry in its area, with its interval."""
    method = Evidence(method="indicators.clusters.location-quotient", parameters=found.parameters)
    area, everybody = found.everybody_local.count.employment, found.everybody.count.employment
    try:
        value = location_quotient(found.local.count.employment, area, found.industry.count.employment, everybody)
        bounds = quotient_range(found.local.count, area, found.industry.count, everybody)
    except InputError as error:
        return _no_figure(error, method, found)
    return _told(value, bounds, method, found)


def _told(value: float, bounds: tuple[float, float | None], method: Evidence, found: Setting) -> Figure:
    """Return the value with its interval; the interval alone where it rests on too few firms."""
    evidence = together((method,), found.evidence)
    low, high = bounds
    if not found.local.count.is_enough:
        firms = found.local.count.firms
        values = {"count": firms, "least": LEAST_FIRMS, "area": found.area.name}
        note = Message("firms-too-few", values) if firms is not None else Message("firms-not-counted")
        return Figure.missing(PURE, low=low, high=high, as_of=found.as_of, evidence=evidence, note=note)
    return Figure(value, low, high, PURE, Status.ESTIMATED, found.as_of, evidence)


def _no_figure(error: InputError, method: Evidence, found: Setting) -> Figure:
    evidence = together((method,), found.evidence)
    return Figure.missing(PURE, as_of=found.as_of, evidence=evidence, note=Message.of(error))


def cluster_index_at(territory: Territory, municipality: str, divisions: Sequence[str]) -> Figure:
    """Return the Litzenberger–Sternberg index of ``divisions`` where ``municipality`` lies, with its interval."""
    found = setting(territory, municipality, divisions)
    if isinstance(found, Message):
        return Figure.missing(PURE, note=found)
    return cluster_index_of(industries(territory), found)


def cluster_index_of(known: Industries, found: Setting) -> Figure:
    """Return the cluster index of an industry in its area, with its interval."""
    whole, rests_on = _everywhere(known, found.universe)
    ground = _ground([found.area])
    if ground is None or whole is None:
        return Figure.missing(PURE, note=Message("ground-not-told"), evidence=found.evidence, as_of=found.as_of)
    parameters = found.parameters | {"area_km2": ground.area_km2, "population": ground.population}
    method = Evidence(method="indicators.clusters.cluster-index", parameters=parameters)
    try:
        value = cluster_index(found.local.count, ground, found.industry.count, whole)
        bounds = cluster_index_range(found.local.count, ground, found.industry.count, whole)
    except InputError as error:
        return _no_figure(error, method, found)
    return _told(value, bounds, method, found).resting_also_on(*rests_on)


def _everywhere(known: Industries, universe: Area) -> tuple[Ground | None, tuple[Evidence, ...]]:
    """Return extent and people of the universe: its own, else the sum of its areas with the rows that tell them."""
    own = _ground([universe])
    if own is not None:
        return own, ()
    found = known.wholes.get((universe.id, "ground"), lambda: _ground_of_members(known, universe))
    return cast("tuple[Ground | None, tuple[Evidence, ...]]", found)


def _ground_of_members(known: Industries, universe: Area) -> tuple[Ground | None, tuple[Evidence, ...]]:
    members = known.members(universe.id)
    return _ground(members), in_short(one.evidence for one in members)


def _ground(areas: Sequence[Area]) -> Ground | None:
    """Return extent and people of areas together; nothing where one does not tell them."""
    told = [(one.area_km2, one.population) for one in areas if one.area_km2 is not None and one.population is not None]
    if len(told) < len(areas) or not told:
        return None
    return Ground(sum(km2 for km2, _ in told), sum(people for _, people in told))


def agglomeration_at(territory: Territory, municipality: str, divisions: Sequence[str]) -> Figure:
    """Return the Ellison–Glaeser index of ``divisions`` over the areas that ``municipality`` is compared among.

    The same for all of them. Only between what it lies where areas tell the number of firms and not their sizes.
    """
    found = setting(territory, municipality, divisions)
    if isinstance(found, Message):
        return Figure.missing(PURE, note=found)
    return agglomeration_of(industries(territory), found, divisions)


def agglomeration_of(known: Industries, found: Setting, divisions: Sequence[str]) -> Figure:
    """Return the agglomeration of an industry over the areas that are compared with the same universe."""
    members = known.members(found.universe.id)
    parts, wholes = known.over(members, divisions), known.over(members)
    if not parts or not wholes:
        note = Message("industry-not-told", {"divisions": tuple(divisions), "area": found.universe.name})
        return Figure.missing(PURE, note=note, evidence=found.evidence, as_of=found.as_of)
    covered = sum(one.count.employment for one in wholes) / max(1.0, found.everybody.count.employment)
    parameters: dict[str, Scalar] = {"universe": found.universe.id, "areas": len(members), "least_firms": LEAST_FIRMS}
    method = Evidence(method="indicators.clusters.ellison-glaeser", parameters=parameters)
    evidence = in_short((method, found.universe.evidence), *(one.evidence for one in (*parts, *wholes)))
    as_of = oldest(one.as_of for one in (*parts, *wholes))
    if covered < _NEARLY_ALL:
        note = Message("areas-do-not-cover", {"share": 100 * covered, "universe": found.universe.name})
        return Figure.missing(PURE, note=note, evidence=evidence, as_of=as_of)
    try:
        counts = [one.count for one in parts]
        low, high = ellison_glaeser_range(counts, [one.count.employment for one in wholes])
    except InputError as error:
        return Figure.missing(PURE, note=Message.of(error), evidence=evidence, as_of=as_of)
    doubt = _why_bounds(counts, found)
    if doubt is not None:
        return Figure.missing(PURE, low=low, high=high, note=doubt, evidence=evidence, as_of=as_of)
    return Figure((low + high) / 2, low, high, PURE, Status.ESTIMATED, as_of, evidence)


def _why_bounds(counts: Sequence[Count], found: Setting) -> Message | None:
    firms = sum(one.firms or 0 for one in counts)
    if firms < LEAST_FIRMS:
        return Message("firms-too-few", {"count": firms, "least": LEAST_FIRMS, "area": found.universe.name})
    untold = sum(one.employment > 0 and one.herfindahl is None and one.firms != 1 for one in counts)
    return Message("sizes-of-firms-not-told", {"count": untold}) if untold else None


def relatedness_at(territory: Territory, municipality: str, divisions: Sequence[str]) -> Figure:
    """Return how much of what shares skills with ``divisions`` the area of ``municipality`` specialises in, in %.

    Industries of which the table tells too little may count or not: they make the interval. It is as of the employment:
    which industries share skills changes slowly, and the evidence tells how old the matrix is.
    """
    pairs = matrix(territory)
    if not pairs.pairs:
        return Figure.missing(PERCENT, note=Message("no-matrix-imported"))
    asked = pairs.level(divisions)
    known = industries(territory)
    area = area_at(known, municipality)
    if isinstance(area, Message):
        return Figure.missing(PERCENT, note=area)
    told = {division for _, division in known.counts if division != TOTAL}
    digits = max(map(len, told), default=2)
    related = at_digits(related_to(pairs.pairs, asked), digits)
    rows = pairs.cited(asked)
    specialised: dict[str, bool | None] = {}
    evidence, days = [rows], []
    for division in related:
        found = setting(territory, municipality, (division,))
        figure = Figure.missing(PURE) if isinstance(found, Message) else quotient_of(found)
        specialised[division] = None if figure.value is None else figure.value >= 1.0
        if not isinstance(found, Message):
            evidence.append(found.evidence)
            days.append(found.as_of)
    unknown = sorted(division for division, one in specialised.items() if one is None)
    parameters: dict[str, Scalar] = {
        "area": area.id,
        "industry": ", ".join(asked),
        "related_industries": len(related),
        "not_told": ", ".join(unknown) or None,
        "matrix": "imported",
    }
    method = Evidence(method="indicators.clusters.relatedness-density", parameters=parameters)
    rests_on = in_short((method,), *evidence)
    try:
        low, high = (100.0 * share for share in density(related, specialised))
    except InputError as error:
        return Figure.missing(PERCENT, note=Message.of(error), evidence=rests_on)
    if unknown and len(unknown) == len(related):
        note = Message("industry-not-told", {"divisions": tuple(unknown), "area": area.name})
        return Figure.missing(PERCENT, low=low, high=high, note=note, evidence=rests_on, as_of=oldest(days))
    note = Message("matrix-imported", {"source": rows[0].source if rows else ""})
    return Figure((low + high) / 2, low, high, PERCENT, Status.ESTIMATED, oldest(days), rests_on, note)
