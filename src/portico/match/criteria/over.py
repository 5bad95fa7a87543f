"""Criteria of access at many positions at once: what ``access`` measures at one site, in arrays."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from portico.city.model import TravelMode
from portico.figures import Evidence, together
from portico.match.criteria.spread import Spread
from portico.match.model import Asked
from portico.territory.estimates import parameters
from portico.territory.layers import Territory
from portico.territory.many.minutes import minutes
from portico.territory.many.positions import Positions, Spans
from portico.territory.model import Mode, PlaceFacts
from portico.territory.nearby import Floats
from portico.territory.selection import Selection
from portico.territory.travel.model import Direction, Going

Bounds = tuple[Floats, Floats, Floats]
_LINES = ("lines", "running_times", "headways")


def minutes_to_nearest(territory: Territory, starts: Positions, asked: Asked) -> Spread:
    """Return the minutes to the ``nth`` nearest of the places asked for; the range is that of the nearest of all."""

    def found(spans: Spans) -> Bounds:
        if spans.mid.shape[1] < asked.nth:
            return _unknown(len(spans.mid))
        low, mid, high = (np.partition(one, asked.nth - 1, axis=1)[:, asked.nth - 1] for one in _parts(spans))
        return np.fmin(low, mid), mid, np.fmax(high, mid)

    return _over(territory, starts, asked, _chosen(territory, asked), found)


def places_within(territory: Territory, starts: Positions, asked: Asked) -> Spread:
    """Return how many of the places asked for lie within so many minutes: certainty, usually, perhaps."""
    places = _chosen(territory, asked)
    limit, unplaced = asked.within_minutes or 0.0, sum(one.position is None for one in places)

    def found(spans: Spans) -> Bounds:
        sure, usual = ((one <= limit).sum(axis=1) for one in (spans.high, spans.mid))
        perhaps = ((spans.low <= limit) | np.isnan(spans.mid)).sum(axis=1) + unplaced
        return sure.astype(float), usual.astype(float), perhaps.astype(float)

    return _over(territory, starts, asked, places, found)


def _chosen(territory: Territory, asked: Asked) -> Sequence[PlaceFacts]:
    return territory.chosen(Selection(asked.kinds, asked.fields, asked.divisions))


def _over(
    territory: Territory,
    starts: Positions,
    asked: Asked,
    places: Sequence[PlaceFacts],
    found: Callable[[Spans], Bounds],
) -> Spread:
    """Return what ``found`` makes of the minutes between each position and the ``places``, some at a time."""
    mode, going = asked.mode or Mode.CAR, going_of(asked)
    ends = [one.position for one in places if one.position is not None]
    whole: list[Floats] = [np.full(len(starts), np.nan) for _ in range(3)]
    for which, spans in minutes(territory, starts, ends, mode, going):
        for column, part in zip(whole, found(spans), strict=True):
            column[which] = part
    return Spread.bounded(*whole, evidence=evidence_of(territory, places, mode, going))


def going_of(asked: Asked) -> Going:
    """Return which way one travels, at the usual time."""
    return Going(Direction.INBOUND if asked.inbound else Direction.OUTBOUND)


def _parts(spans: Spans) -> Bounds:
    return spans.low, spans.mid, spans.high


def _unknown(count: int) -> Bounds:
    return np.full(count, np.nan), np.full(count, np.nan), np.full(count, np.nan)


def evidence_of(territory: Territory, places: Sequence[PlaceFacts], mode: Mode, going: Going) -> tuple[Evidence, ...]:
    """Return what the minutes rest on, and the versions that hold the places."""
    layers = dict.fromkeys(one.layer for one in places)
    journeys = territory.journeys
    travel = territory.travel
    if journeys is not None and travel is not None and travel.question(mode, going) is not None:
        ways = journeys.evidence(mode, going)
    else:
        ways = _estimated(territory, mode)
    return together(ways, (version_of(territory, layer) for layer in layers))


def _estimated(territory: Territory, mode: Mode) -> tuple[Evidence, ...]:
    settings = territory.settings.travel
    if mode is Mode.TRANSIT:
        transit = settings.transit
        limits = {name: getattr(transit, name) for name in ("walk_limit_m", "walk_detour", "walk_speed_m_s")}
        lines = (version_of(territory, name) for name in _LINES if name in territory.versions)
        return (Evidence(method="territory.transit", parameters=limits), *lines)
    used: TravelMode = {Mode.WALK: settings.walk, Mode.BICYCLE: settings.bicycle, Mode.CAR: settings.car}[mode]
    return (Evidence(method=f"territory.estimates.{mode.value}", parameters=parameters(used)),)


def version_of(territory: Territory, dataset: str) -> Evidence:
    """Return the evidence that is a whole dataset, in the version that the territory holds."""
    version = territory.versions.get(dataset)
    return Evidence(dataset=dataset, version=version.id if version else "", licence=territory.licences.get(dataset, ""))
