"""The way behind a figure of minutes: street by street, stop by stop, or how it was estimated; and how it adds up."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from portico.city.model import Position, TravelMode
from portico.figures import Figure
from portico.geo import Point
from portico.messages import Message
from portico.territory.estimates import direct, line_m
from portico.territory.layers import Territory
from portico.territory.model import Minutes, Mode, PlaceFacts, Ride
from portico.territory.nearby import DS_PER_MINUTE
from portico.territory.queries import rests_on_ways, travel_minutes
from portico.territory.transit import Journey
from portico.territory.travel.itinerary import Itinerary, Riding, Stretch, itinerary
from portico.territory.travel.model import Direction, Going, Points, Window

_MEDIAN = (50.0,)


@dataclass(frozen=True, slots=True)
class Share:
    """A share of the minutes, and what it is for."""

    what: Message
    minutes: float


@dataclass(frozen=True, slots=True)
class Way:
    """The way from a site to a place, or back, and the minutes it explains.

    ``told`` is the way over streets and by timetable; ``why_estimated`` says why there is none. ``straight`` is then
    what an estimate rests on: both ends, and between them the stops of rides with stated running times. ``shares`` add
    up to the figure's usual minutes; ``caution`` is what must be said of the streets.
    """

    place: PlaceFacts
    mode: Mode
    going: Going
    window: Window | None
    minutes: Figure
    shares: tuple[Share, ...]
    told: Itinerary | None = None
    straight: tuple[Point, ...] = ()
    why_estimated: Message | None = None
    caution: Message | None = None


def way(territory: Territory, start: Position | None, place: PlaceFacts, mode: Mode, going: Going) -> Way:
    """Return the way between ``start`` and ``place`` and how its minutes come about.

    Over a window it is the first departure (inbound: arrival) that takes the median. Raises InputError for a day that
    the timetables do not know.
    """
    minutes = travel_minutes(territory, start, place, mode, going)
    told = _told(territory, start, place, mode, going) if rests_on_ways(minutes) else None
    if told is not None and territory.travel is not None:
        window = territory.travel.window_of(going) if mode is Mode.TRANSIT else None
        shown = window if isinstance(window, Window) else None
        return Way(place, mode, going, shown, minutes, _shares(territory, told), told, caution=caution_on(territory))
    why = why_no_way(territory, start, mode, going, place) or Message("no-way-found")
    end = place.position
    if start is None or end is None or not minutes.is_known:
        return Way(place, mode, going, None, minutes, (), why_estimated=why)
    stated = territory.network.best(start, end) if mode is Mode.TRANSIT else None
    turn = reversed if going.direction is Direction.INBOUND else iter
    rides = tuple(turn(stated.rides if stated else ()))
    legs = [_between(ride, going) for ride in rides]
    stops = [position.point for leg in legs for one in leg if (position := territory.place(one).position)]
    ends = tuple(turn((start.point, end.point)))
    straight = (ends[0], *stops, ends[1])
    if stated is not None:
        shares = _shares_stated(territory, stated, rides, going)
    else:
        shares = _shares_direct(territory, start, end, mode)
    return Way(place, mode, going, None, minutes, shares, None, straight, why)


def _between(ride: Ride, going: Going) -> tuple[str, str]:
    """Return the stops of a ride as one passes them."""
    return (ride.start, ride.end) if going.direction is Direction.OUTBOUND else (ride.end, ride.start)


def _told(
    territory: Territory, start: Position | None, place: PlaceFacts, mode: Mode, going: Going
) -> Itinerary | None:
    end, travel = place.position, territory.travel
    question = travel.question(mode, going) if travel else None
    if start is None or end is None or travel is None or question is None:
        return None
    points = [Points.at(one.point.lon, one.point.lat) for one in (start, end)]
    if going.direction is Direction.INBOUND:
        points.reverse()
    return itinerary(travel.network, points[0], points[1], replace(question, percentiles=_MEDIAN))


def _shares(territory: Territory, told: Itinerary) -> tuple[Share, ...]:
    """Return what makes up the minutes of a way over streets."""
    minutes = told.cost_ds / DS_PER_MINUTE
    if told.mode is Mode.TRANSIT:
        walking = sum(part.end_ds - part.begin_ds for part in told.parts if isinstance(part, Stretch)) / DS_PER_MINUTE
        riding = sum(part.end_ds - part.begin_ds for part in told.parts if isinstance(part, Riding)) / DS_PER_MINUTE
        waiting = Share(Message("share-waiting"), minutes - walking - riding)
        return (Share(Message("share-walking"), walking), waiting, Share(Message("share-riding"), riding))
    streets = Share(Message("share-streets"), minutes)
    if told.mode is not Mode.CAR:
        return (streets,)
    travel = territory.settings.travel
    factor, added = travel.streets.peak_factor[1], travel.car.minutes_added[1]
    peak = Share(Message("share-peak", {"percent": round(100 * (factor - 1))}), minutes * (factor - 1))
    return (streets, peak, Share(Message("share-added"), added))


def _shares_direct(territory: Territory, start: Position, end: Position, mode: Mode) -> tuple[Share, ...]:
    """Return what makes up minutes estimated from a straight line."""
    travel = territory.settings.travel
    found: Minutes | None = direct(travel, mode, start, end)
    used: TravelMode = {Mode.WALK: travel.walk, Mode.BICYCLE: travel.bicycle, Mode.CAR: travel.car}[mode]
    if found is None:
        return ()
    percent = round(100 * (used.detour[1] - 1))
    values = {"metres": round(line_m(start, end)[1]), "percent": percent, "speed": used.speed_km_h[1]}
    added = used.minutes_added[1]
    line = Share(Message("share-line", values), found.mid - added)
    return (line, Share(Message("share-added"), added)) if added else (line,)


def _shares_stated(territory: Territory, stated: Journey, rides: tuple[Ride, ...], going: Going) -> tuple[Share, ...]:
    """Return what makes up a journey by stated running times: on foot, and for each ride the wait and the ride."""
    if not rides:
        return (Share(Message("share-walk"), stated.minutes.mid),)
    shares = []
    for ride in rides:
        ends = dict(zip(("start", "end"), (territory.place(one).name for one in _between(ride, going)), strict=True))
        shares.append(Share(Message("share-wait", {"line": ride.line, "headway": ride.headway.mid}), ride.wait.mid))
        shares.append(Share(Message("share-ride", {"line": ride.line, **ends}), ride.running.mid))
    on_foot = stated.minutes.mid - sum(share.minutes for share in shares)
    return (Share(Message("share-foot"), on_foot), *shares)


def caution_on(territory: Territory) -> Message | None:
    """Return what must be said of the streets of a city, if anything."""
    travel = territory.travel
    return Message("streets-are-lines") if travel is not None and not travel.network.is_classed else None


def why_no_way(
    territory: Territory, start: Position | None, mode: Mode, going: Going, place: PlaceFacts | None = None
) -> Message | None:
    """Return why streets and timetables do not answer at ``start`` (and at ``place``); nothing where they do."""
    if start is None or (place is not None and place.position is None):
        return Message("position-unknown")
    travel, journeys = territory.travel, territory.journeys
    if travel is None or journeys is None:
        return Message("streets-not-here")
    if mode is Mode.TRANSIT and travel.question(mode, going) is None:
        said = travel.window_of(going)
        return said if isinstance(said, Message) else Message("no-timetable")
    end = place.position if place is not None and place.position is not None else start
    if not journeys.may_ask(start, end, mode):
        metres = max(start.uncertainty_m, end.uncertainty_m)
        return Message("position-too-rough-for-streets", {"metres": metres})
    points = (start.point, end.point)
    lon, lat = (np.array([getattr(one, axis) for one in points]) for axis in ("lon", "lat"))
    on_street = travel.network.streets(mode).snap(lon, lat).is_on_street
    for there, message in zip(on_street, ("site-off-street", "place-off-street"), strict=True):
        if not there:
            return Message(message, {"limit": travel.settings.snap_limit_m})
    return None
