"""What is in reach of a site, or what reaches it: places within so many minutes, and the area where streets answer.

A place counts by its own minutes from door to door, the same ones that every other page shows; the area is drawn
around the streets that are reached. Both take the usual minutes: by car with the usual peak factor and what is added
once, by public transport the median over the window.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from portico.city.model import Position
from portico.dates import PartialDate
from portico.figures import Evidence, Figure, Status
from portico.messages import Message
from portico.territory.estimates import parameters
from portico.territory.isochrones import Drawing, Isochrones, isochrones
from portico.territory.layers import Territory
from portico.territory.model import Mode
from portico.territory.nearby import DS_PER_MINUTE
from portico.territory.queries import Near, rests_on_ways, travel_minutes
from portico.territory.travel.model import Going, Points, Question, Window
from portico.territory.travel.reach import reached
from portico.territory.way import caution_on, why_no_way

BODIES = "organisations"
_MEDIAN = (50.0,)
_MOST_CELLS = 200_000  # what a screen shows of it, and no more
_M_S_PER_KM_H = 1 / 3.6


@dataclass(frozen=True, slots=True)
class Ring:
    """What lies within ``minutes``: how many places and how large an area in all, and the places of no smaller ring."""

    minutes: int
    count: Figure
    area: Figure | None
    geometry: dict[str, Any] | None
    places: tuple[Near, ...]


@dataclass(frozen=True, slots=True)
class KindWithin:
    """How many places of a kind lie within each ring, and how many there are; companies and bodies are one kind."""

    kind: str
    counts: tuple[Figure, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Reach:
    """The rings around a site, the places beyond them, and those whose minutes nobody can say.

    ``window`` is when one travels by public transport; ``why_no_area`` says why no area is drawn, where none is,
    ``caution`` what must be said of the streets.
    """

    mode: Mode
    going: Going
    window: Window | None
    rings: tuple[Ring, ...]
    kinds: tuple[KindWithin, ...]
    beyond: tuple[Near, ...]
    unknown: tuple[Near, ...]
    why_no_area: Message | None
    caution: Message | None
    evidence: tuple[Evidence, ...]

    @property
    def is_drawn(self) -> bool:
        """Whether the rings have areas."""
        return self.why_no_area is None

    @property
    def estimated(self) -> int:
        """How many of the minutes are estimates from a straight line or from stated running times."""
        known = [near for ring in self.rings for near in ring.places] + list(self.beyond)
        return sum(not rests_on_ways(near.minutes) for near in known)


def reach(territory: Territory, start: Position | None, mode: Mode, limits: Sequence[int], going: Going) -> Reach:
    """Return what is in reach of ``start`` by ``mode`` within each of ``limits`` minutes (inbound: what reaches it).

    Raises InputError for a day that the timetables do not know.
    """
    every = [
        Near(place, travel_minutes(territory, start, place, mode, going)) for place in territory.places if place.is_open
    ]
    known = sorted((near for near in every if near.minutes.is_known), key=_order)
    drawn, why = _areas(territory, start, mode, limits, going)
    evidence = _evidence(territory, mode, going, drawn)
    window = territory.travel.window_of(going) if territory.travel and mode is Mode.TRANSIT else None
    rings = []
    for at, limit in enumerate(limits):
        before = limits[at - 1] if at else 0
        inside = tuple(near for near in known if (before < _usual(near) or not at) and _usual(near) <= limit)
        area = _area(drawn, at, evidence) if drawn else None
        geometry = drawn.every[at].geometry if drawn else None
        rings.append(Ring(limit, _count(every, limit, mode, evidence), area, geometry, inside))
    return Reach(
        mode,
        going,
        window if isinstance(window, Window) else None,
        tuple(rings),
        tuple(_kinds(every, limits, mode, evidence)),
        tuple(near for near in known if _usual(near) > limits[-1]),
        tuple(near for near in every if not near.minutes.is_known),
        why,
        caution_on(territory) if why is None else None,
        evidence,
    )


def _usual(near: Near) -> float:
    return near.minutes.value or 0.0


def _order(near: Near) -> tuple[float, str]:
    return _usual(near), near.place.id


def _count(every: Iterable[Near], limit: int, mode: Mode, evidence: tuple[Evidence, ...]) -> Figure:
    """Count places within the limit: certainly (low), by the usual minutes, perhaps (high)."""
    found = [near.minutes for near in every]
    sure = sum(one.high is not None and one.is_known and one.high <= limit for one in found)
    usual = sum(one.value is not None and one.value <= limit for one in found)
    perhaps = sum(not one.is_known or (one.low or 0.0) <= limit for one in found)
    method = Evidence(method="territory.places-within", parameters={"mode": mode.value, "minutes": limit})
    return Figure(usual, min(sure, usual), max(perhaps, usual), "places", Status.ESTIMATED, None, (method, *evidence))


def _kinds(
    every: Sequence[Near], limits: Sequence[int], mode: Mode, evidence: tuple[Evidence, ...]
) -> Iterable[KindWithin]:
    by_kind: dict[str, list[Near]] = {}
    for near in every:
        by_kind.setdefault(BODIES if near.place.layer == BODIES else near.place.kind, []).append(near)
    for kind, places in sorted(by_kind.items(), key=lambda one: (one[0] == BODIES, one[0])):
        yield KindWithin(kind, tuple(_count(places, limit, mode, evidence) for limit in limits), len(places))


def _areas(
    territory: Territory, start: Position | None, mode: Mode, limits: Sequence[int], going: Going
) -> tuple[Isochrones | None, Message | None]:
    """Return the areas, or why none are drawn."""
    why = why_no_way(territory, start, mode, going)
    if why is not None or start is None or territory.travel is None:
        return None, why
    question = territory.travel.question(mode, going)
    if question is None:
        return None, Message("no-timetable")
    drawing = Drawing(off_street_m_s=territory.travel.settings.walk_km_h * _M_S_PER_KM_H, most_cells=_MOST_CELLS)
    return _drawn(territory, start, question, limits, going, drawing), None


def _drawn(
    territory: Territory, start: Position, question: Question, limits: Sequence[int], going: Going, drawing: Drawing
) -> Isochrones:
    travel = territory.settings.travel
    added, factor = 0.0, 1.0
    if question.mode is Mode.CAR:
        added, factor = travel.car.minutes_added[1], travel.streets.peak_factor[1]
    if territory.travel is None:
        raise ValueError(question)  # only asked where there are streets
    asked = replace(question, percentiles=_MEDIAN, peak_factor=factor)
    point = Points.at(start.point.lon, start.point.lat)
    found = reached(territory.travel.network, point, asked, max(0.0, limits[-1] - added), going.direction)
    cost_ds = (found.cost_ds + round(added * DS_PER_MINUTE)).astype(np.int32)
    return isochrones(found.lon, found.lat, cost_ds, limits, drawing)


def _area(drawn: Isochrones, at: int, evidence: tuple[Evidence, ...]) -> Figure:
    day = next((str(one.parameters["day"]) for one in evidence if "day" in one.parameters), "")
    as_of = PartialDate.parse(day) if day else None
    return Figure.exactly(drawn.every[at].area_m2 / 1e6, "km2", Status.ESTIMATED, as_of=as_of, evidence=evidence)


def _evidence(territory: Territory, mode: Mode, going: Going, drawn: Isochrones | None) -> tuple[Evidence, ...]:
    """Return what the minutes and the areas rest on."""
    if drawn is not None and territory.journeys is not None:
        return (drawn.evidence, *territory.journeys.evidence(mode, going))
    travel = territory.settings.travel
    used = {Mode.WALK: travel.walk, Mode.BICYCLE: travel.bicycle, Mode.CAR: travel.car}.get(mode)
    if used is not None:
        return (Evidence(method=f"territory.estimates.{mode.value}", parameters=parameters(used)),)
    transit = travel.transit
    about = {
        "walk_limit_m": transit.walk_limit_m,
        "walk_detour": transit.walk_detour,
        "walk_speed_m_s": transit.walk_speed_m_s,
    }
    return (Evidence(method="territory.transit", parameters=about),)
