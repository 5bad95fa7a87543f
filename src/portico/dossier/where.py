"""A brief over every cell as plain data: the same on the command line, over HTTP and beside a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from portico.dossier import plain
from portico.figures import Evidence, Figure, Status
from portico.match.criteria import criterion
from portico.match.model import Must, Outcome
from portico.match.where.cell import Explained, ToAsk, Told
from portico.match.where.classes import Class
from portico.match.where.model import Answered, Standing, Suitability, Valued, Where
from portico.match.where.nearby import Beside
from portico.messages import Message
from portico.territory.journeys import KNOWN_WITHIN_M
from portico.territory.nearby import Ints
from portico.translation import Translator

SCORE = Evidence(method="match.where", parameters={"rests_on": "contributions"})
_RANK = Evidence(method="match.rank-interval", parameters={"rests_on": "score"})


def answer(
    where: Where,
    classes: Sequence[Class],
    best: Sequence[Told],
    asks: Sequence[ToAsk],
    say: Translator,
    shares: Sequence[float] = (),
) -> dict[str, Any]:
    """Return an answer: how many cells stand how, by which musts, in which classes, and the best of them.

    ``shares`` are those of the wants, where they are other weights than the brief's.
    """
    weighed = list(zip(where.wants, shares or where.shares, strict=True))
    return {
        "brief": plain.brief(where.brief, say),
        "as_of": where.as_of.isoformat(),
        "resolution": where.cells.resolution,
        "half_cell": plain.figure(Figure.exactly(where.at.uncertainty_m, "m", Status.ESTIMATED, evidence=(SCORE,))),
        "cells": len(where.cells),
        "off_streets": where.off_streets,
        "standing": {one.value: where.count(one) for one in Standing},
        "musts": [_must(where, one, say) for one in where.musts],
        "to_ask": [_to_ask(one, say) for one in asks],
        "wants": [_want(one, share, say) for one, share in weighed],
        "too_rough_for_stops": where.is_too_rough_for_stops,
        "share_unanswered": round(sum(share for one, share in weighed if one.is_open), 6),
        "classes": [
            {"low": round(one.low, 6), "high": round(one.high, 6), "fits": one.fits, "in_doubt": one.in_doubt}
            for one in classes
        ],
        "best": [told(one, say) for one in best],
        "evidence": [one.to_dict() for one in where.evidence],
    }


def _must(where: Where, one: Answered, say: Translator) -> dict[str, Any]:
    excludes, alone = where.excluded_by(one)
    return {
        "criterion": one.must.criterion,
        "label": plain.name_of(one.must, say),
        **{name: limit for name in ("at_least", "at_most") if (limit := getattr(one.must, name)) is not None},
        "unit": one.known.unit,
        "cells": {outcome.value: one.count(outcome) for outcome in Outcome},
        "excludes": excludes,
        "excludes_alone": alone,
    }


def _to_ask(one: ToAsk, say: Translator) -> dict[str, Any]:
    return {"criterion": one.must.criterion, "label": say(one.label), "ask": plain.answerer(one.who, say)}


def _want(one: Valued, share: float, say: Translator) -> dict[str, Any]:
    return {
        "criterion": one.want.criterion,
        "label": plain.name_of(one.want, say),
        "weight": round(share, 6),
        "answered": not one.is_open,
        "stale_cells": one.stale,
    }


def told(one: Told, say: Translator) -> dict[str, Any]:
    """Return a cell."""
    return {
        "cell": one.id,
        "lon": round(one.position.point.lon, 7),
        "lat": round(one.position.point.lat, 7),
        "crs": "EPSG:4326",
        "standing": one.standing.value,
        "score": _interval(one.score_low, one.score_mid, one.score_high),
        "rank": None if one.rank is None else [_exactly(each, "rank", _RANK) for each in one.rank],
        "listed": one.is_listed,
        "sites": [_beside(each, say) for each in one.sites],
        "near": None
        if one.near is None
        else {"municipality": one.near.municipality, "distance": plain.figure(one.near.distance)},
    }


def explained(one: Explained, say: Translator) -> dict[str, Any]:
    """Return a cell with its musts and what each want contributes."""
    return {
        **told(one.told, say),
        "musts": [plain.must(each, say) for each in one.musts],
        "contributions": [plain.contribution(each, say) for each in one.contributions],
    }


def features(where: Where, how: Suitability, cells: Ints) -> Iterator[dict[str, Any]]:
    """Yield some cells as GeoJSON features (EPSG:4326)."""
    for one in cells.tolist():
        yield {
            "type": "Feature",
            "id": where.cells.name(one),
            "geometry": {"type": "Polygon", "coordinates": [where.cells.boundary(one)]},
            "properties": {
                "id": where.cells.name(one),
                "lon": round(float(where.at.lon[one]), 7),
                "lat": round(float(where.at.lat[one]), 7),
                "standing": where.standing_of(one).value,
                "score_low": round(float(how.low[one]), 6),
                "score_mid": round(float(how.mid[one]), 6),
                "score_high": round(float(how.high[one]), 6),
            },
        }


def _beside(one: Beside, say: Translator) -> dict[str, Any]:
    return {
        "id": one.site.id,
        "name": say(one.site.name),
        "distance": plain.figure(one.distance),
        "inside": one.is_inside,
    }


def _interval(low: float, mid: float, high: float) -> dict[str, Any]:
    return {name: _exactly(one, "1", SCORE) for name, one in (("low", low), ("mid", mid), ("high", high))}


def _exactly(value: float, unit: str, evidence: Evidence) -> dict[str, Any]:
    return plain.figure(Figure.exactly(value, unit, Status.ESTIMATED, evidence=(evidence,)))


def summary(where: Where, say: Translator, snap_limit_m: float) -> Iterator[str]:
    """Yield how many cells there are, how they were measured, and how they stand.

    ``snap_limit_m`` is how far from a street one may be.
    """
    measured = {
        "count": len(where.cells),
        "resolution": where.cells.resolution,
        "metres": round(where.at.uncertainty_m),
    }
    yield say(Message("where-measured", measured))
    if where.off_streets is None:
        yield say("where-no-streets")
    elif where.off_streets:
        yield say(Message("where-off-streets", {"count": where.off_streets, "metres": round(snap_limit_m)}))
    if where.is_too_rough_for_stops:
        yield say(Message("where-too-rough", {"metres": measured["metres"], "limit": round(KNOWN_WITHIN_M)}))
    counts = {one.value.replace("-", "_"): where.count(one) for one in Standing}
    yield say(Message("where-summary", counts))


def asks(every: Sequence[ToAsk], say: Translator) -> Iterator[str]:
    """Yield what the territory cannot say of any place, and whom to ask."""
    for one in every:
        yield say(Message("where-ask", {"what": must_words(one.must, say), "who": say(one.who.partner.name)}))


def must_words(must: Must, say: Translator) -> str:
    """Return a must with its limit, or with the words of which one must be stated."""
    known = criterion(must.criterion)
    name = plain.name_of(must, say)
    for bound in ("at_least", "at_most"):
        limit = getattr(must, bound)
        if limit is not None and known is not None:
            figure = Figure.exactly(limit, known.unit, Status.DECLARED)
            return say(Message(f"where-limit.{bound.replace('_', '-')}", {"what": name, "limit": figure}))
    return name


def exclusions(where: Where, say: Translator) -> Iterator[str]:
    """Yield how many cells each must excludes, those that exclude most first."""
    counted = sorted(((*where.excluded_by(one), one) for one in where.musts), key=lambda each: -each[0])
    for excludes, alone, one in counted:
        values = {"what": must_words(one.must, say), "count": excludes, "alone": alone}
        yield say(Message("where-excludes-line", values))


def open_wants(where: Where, say: Translator, shares: Sequence[float] = ()) -> str:
    """Return which wants the territory cannot answer and what they weigh, by ``shares`` where these are other weights
    than the brief's; nothing where it answers all.
    """  # noqa: D205 - one sentence
    weighed = [(one, share) for one, share in zip(where.wants, shares or where.shares, strict=True) if one.is_open]
    if not weighed:
        return ""
    names = "; ".join(plain.name_of(one.want, say) for one, _ in weighed)
    values = {"wants": names, "percent": round(100 * sum(share for _, share in weighed), 1)}
    return say(Message("where-open", values))


def around(one: Told, say: Translator) -> Iterator[str]:
    """Yield what is near a cell: the municipality, the listed sites in it, else the nearest ones."""
    if one.near is not None:
        yield say(Message("where-near", {"distance": one.near.distance, "municipality": one.near.municipality}))
    if one.is_listed:
        yield say(Message("where-listed", {"sites": tuple(each.site.name for each in one.sites)}))
        return
    yield say("where-nobody-listed")
    if one.sites:
        near = tuple(
            Message("where-site-at", {"site": each.site.name, "distance": each.distance}) for each in one.sites
        )
        yield say(Message("where-nearest-sites", {"sites": near}))


def range_of(one: Class, say: Translator) -> str:
    """Return a class in words: from its least to its most midpoint."""
    low, high = say.number(one.low, 2), say.number(one.high, 2)
    return low if low == high else f"{low} – {high}"
