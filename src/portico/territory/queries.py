"""Questions to the territory. Every number that answers is a Figure."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from portico.city.model import Position, TravelMode
from portico.dates import PartialDate
from portico.figures import Evidence, Figure, Scalar, Status, together
from portico.messages import Message
from portico.territory.estimates import can_walk, direct, line_m, parameters
from portico.territory.layers import Territory
from portico.territory.model import Minutes, Mode, PlaceFacts
from portico.territory.selection import Selection
from portico.territory.travel.model import USUAL, Going, Window

UNIT = "min"
_WAYS = ("territory.streets.", "territory.timetable")


@dataclass(frozen=True, slots=True)
class Near:
    """A place and the minutes to it."""

    place: PlaceFacts
    minutes: Figure


def travel_minutes(
    territory: Territory, start: Position | None, place: PlaceFacts, mode: Mode, going: Going = USUAL
) -> Figure:
    """Return the minutes from ``start`` to ``place`` (inbound: back), or a missing figure that says why there are none.

    Over streets and by timetable where the city has them and they reach both ends, else estimated; the method in the
    evidence says which. Estimates are the same both ways and at any time.
    """
    end = place.position
    if start is None or end is None:
        return Figure.missing(UNIT, evidence=(place.evidence,), note=Message("position-unknown"))
    journey = territory.journeys.between(start, place, mode, going) if territory.journeys else None
    if journey is not None:
        return _figure(journey.minutes, (*journey.evidence, place.evidence), journey.as_of)
    if mode is Mode.TRANSIT:
        return _by_transit(territory, start, end, place, going)
    minutes = direct(territory.settings.travel, mode, start, end)
    if minutes is None:
        return Figure.missing(UNIT, evidence=(place.evidence,), note=Message("position-too-rough-to-walk"))
    return _figure(minutes, (_method(territory, mode, start, end), place.evidence))


def rests_on_ways(figure: Figure) -> bool:
    """Say whether minutes come from streets or timetables, so that the way behind them can be told."""
    return any(one.method.startswith(_WAYS) for one in figure.evidence)


def _by_transit(territory: Territory, start: Position, end: Position, place: PlaceFacts, going: Going) -> Figure:
    journey = territory.network.best(start, end)
    if journey is None:
        note = _why_no_ride(territory, start, end, going)
        return Figure.missing(UNIT, evidence=(place.evidence,), note=note)
    transit = territory.settings.travel.transit
    method = Evidence(
        method="territory.transit",
        parameters={
            "lines": " + ".join(ride.line for ride in journey.rides) or "on foot",
            "stops": " – ".join(stop for ride in journey.rides for stop in (ride.start, ride.end)),
            "walk_limit_m": transit.walk_limit_m,
            "walk_detour": transit.walk_detour,
            "walk_speed_m_s": transit.walk_speed_m_s,
        },
    )
    minutes = journey.minutes
    evidence = together((method,), journey.evidence, (place.evidence,))
    return Figure(minutes.mid, minutes.low, minutes.high, UNIT, Status.ESTIMATED, journey.as_of, evidence)


def _why_no_ride(territory: Territory, start: Position, end: Position, going: Going) -> Message:
    if not can_walk(territory.settings.travel, start, end):
        return Message("position-too-rough-to-walk")
    timed = territory.travel is not None and isinstance(territory.travel.window_of(going), Window)
    return Message("no-connection" if timed else "no-line-within-reach")


def _figure(minutes: Minutes, evidence: tuple[Evidence, ...], as_of: PartialDate | None = None) -> Figure:
    return Figure(minutes.mid, minutes.low, _bound(minutes.high), UNIT, Status.ESTIMATED, as_of, evidence)


def _bound(high: float) -> float | None:
    """Return the most minutes, nothing where some departures never arrive."""
    return high if math.isfinite(high) else None


def _method(territory: Territory, mode: Mode, start: Position, end: Position) -> Evidence:
    travel = territory.settings.travel
    used: TravelMode = {Mode.WALK: travel.walk, Mode.BICYCLE: travel.bicycle, Mode.CAR: travel.car}[mode]
    least, stated, most = (round(metres) for metres in line_m(start, end))
    lengths: dict[str, float] = {"line_m_least": least, "line_m": stated, "line_m_most": most}
    return Evidence(method=f"territory.estimates.{mode.value}", parameters=lengths | parameters(used))


def _reached(
    territory: Territory, start: Position, selection: Selection, mode: Mode, going: Going
) -> list[tuple[PlaceFacts, Minutes]]:
    """Return the places of ``selection`` that are reached, fewest usual minutes first."""
    found = []
    for place in territory.chosen(selection):
        minutes = minutes_between(territory, start, place, mode, going)
        if minutes is not None:
            found.append((place, minutes))
    return sorted(found, key=lambda one: (one[1].mid, one[0].id))


def minutes_between(
    territory: Territory, start: Position, place: PlaceFacts, mode: Mode, going: Going = USUAL
) -> Minutes | None:
    """Return the minutes that ``travel_minutes`` tells, without what they rest on; nothing where nobody knows."""
    end = place.position
    if end is None:
        return None
    found = territory.journeys.minutes(start, place, mode, going) if territory.journeys else None
    if found is not None:
        return found
    if mode is Mode.TRANSIT:
        journey = territory.network.best(start, end)
        return journey.minutes if journey else None
    return direct(territory.settings.travel, mode, start, end)


def minutes_to_nearest(
    territory: Territory,
    start: Position | None,
    selection: Selection,
    mode: Mode,
    nth: int = 1,
    going: Going = USUAL,
) -> tuple[Figure, Near | None]:
    """Return the minutes to the ``nth`` nearest place of ``selection`` and that place.

    The range is that of the nth nearest of all: its least is the nth of the leasts over every place, its most the nth
    of the mosts, so that a doubt about which place is the nth is in the range.
    """
    if start is None:
        return Figure.missing(UNIT, note=Message("position-unknown")), None
    reached = _reached(territory, start, selection, mode, going)
    if len(reached) < nth:
        return Figure.missing(UNIT, note=_why_too_few(territory, start, selection, mode, going, len(reached))), None
    place, minutes = reached[nth - 1]
    last = Near(place, travel_minutes(territory, start, place, mode, going))
    low = sorted(one.low for _, one in reached)[nth - 1]
    high = sorted(one.high for _, one in reached)[nth - 1]
    figure = replace(last.minutes, low=min(low, minutes.mid), high=_bound(max(high, minutes.mid)))
    return figure, last


def _why_too_few(
    territory: Territory, start: Position, selection: Selection, mode: Mode, going: Going, reached: int
) -> Message:
    if reached:
        return Message("only-so-many-reached", {"count": reached})
    notes = (travel_minutes(territory, start, place, mode, going).note for place in territory.chosen(selection))
    return next((note for note in notes if note), Message("no-such-place"))


def places_within(
    territory: Territory,
    start: Position | None,
    selection: Selection,
    mode: Mode,
    minutes: float,
    going: Going = USUAL,
) -> tuple[Figure, tuple[Near, ...]]:
    """Count the places of ``selection`` within ``minutes``: certainly (low), by the usual minutes, perhaps (high).

    A place whose position or minutes are not known counts as perhaps. Cumulative opportunities, Levinson et al. 2020.
    """
    unit = "places"
    if start is None:
        return Figure.missing(unit, note=Message("position-unknown")), ()
    every = [(place, minutes_between(territory, start, place, mode, going)) for place in territory.chosen(selection)]
    known = [(place, found) for place, found in every if found is not None]
    sure = sum(found.high <= minutes for _, found in known)
    perhaps = sum(found.low <= minutes for _, found in known) + len(every) - len(known)
    inside = sorted((one for one in known if one[1].mid <= minutes), key=lambda one: (one[1].mid, one[0].id))
    usual = [Near(place, travel_minutes(territory, start, place, mode, going)) for place, _ in inside]
    parameters: dict[str, Scalar] = {"mode": mode.value, "minutes": minutes}
    if going != USUAL:
        parameters["direction"] = going.direction.value
    method = Evidence(method="territory.places-within", parameters=parameters)
    evidence = together((method,), *(near.minutes.evidence for near in usual))
    return Figure(len(usual), sure, perhaps, unit, Status.ESTIMATED, None, evidence), tuple(usual)
