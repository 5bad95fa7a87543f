"""The way behind a figure of minutes, composed once for page, map and program: legs in order, each in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from portico.city.register import Site
from portico.dossier import plain, ways
from portico.dossier.site_reach import window_of
from portico.messages import Message, Text
from portico.territory.layers import Territory
from portico.territory.model import Mode
from portico.territory.nearby import DS_PER_MINUTE, clock
from portico.territory.streets.model import Step
from portico.territory.travel.itinerary import Itinerary, Riding, Stretch
from portico.territory.travel.model import Direction, Going
from portico.territory.way import Way, way
from portico.translation import Translator

_DS_WORTH_TELLING = 50
_M_PER_KM = 1000
# Of the feed's format, then the extended types by their hundreds.
_VEHICLES = {
    0: "tram", 1: "metro", 2: "train", 3: "bus", 4: "ferry", 5: "cable-tram", 6: "cable-car", 7: "funicular",
    11: "trolleybus", 12: "monorail",
}  # fmt: skip
_VEHICLES_BY_HUNDRED = {
    1: "train", 2: "bus", 4: "metro", 7: "bus", 8: "trolleybus", 9: "tram", 10: "ferry", 12: "ferry", 13: "cable-car",
    14: "funicular",
}  # fmt: skip


def vehicle_of(route_type: int) -> str:
    """Return what kind of vehicle a type of route stands for, in the words of our catalogue.

    >>> vehicle_of(3), vehicle_of(715), vehicle_of(-1)
    ('bus', 'bus', 'vehicle')
    """
    return _VEHICLES.get(route_type) or _VEHICLES_BY_HUNDRED.get(route_type // 100, "vehicle")


def length_of(metres: float) -> Message:
    """Return a length as one says it: to ten metres, from a kilometre on to a hundred.

    >>> length_of(1234).values
    {'km': 1.2}
    """
    if metres >= _M_PER_KM:
        return Message("length-km", {"km": round(metres / _M_PER_KM, 1)})
    return Message("length-m", {"m": int(max(round(metres, -1), 1)) if metres >= 1 else 0})


@dataclass(frozen=True, slots=True)
class Leg:
    """A part of the way in words. ``begins`` is a time of day, empty where the way has none.

    ``streets`` are what one goes along, each with its length and minutes; ``stops`` those that a ride calls at.
    """

    kind: str
    words: Message
    minutes: float
    begins: str = ""
    streets: tuple[tuple[str | Message, Message, float], ...] = ()
    stops: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SiteWay:
    """A site, a place, the way between them, and its legs."""

    site: Site
    way: Way
    legs: tuple[Leg, ...]

    @property
    def ends(self) -> tuple[Text, Text]:
        """The names of where one starts and where one arrives."""
        both = (self.site.name, self.way.place.name)
        return both if self.way.going.direction is Direction.OUTBOUND else (both[1], both[0])

    @property
    def title(self) -> Message:
        """From where to where."""
        start, end = self.ends
        return Message("way-title", {"start": start, "end": end})


def site_way(territory: Territory, identifier: str, place: str, mode: Mode, going: Going) -> SiteWay:
    """Compose the way between a site and a place; raises UnknownNameError where either is unknown."""
    site = territory.site(identifier)
    found = way(territory, site.position, territory.place(place), mode, going)
    bare = SiteWay(site, found, ())
    return SiteWay(site, found, tuple(_legs(found.told, bare.ends[1])) if found.told else ())


def _legs(told: Itinerary, destination: Text) -> Iterator[Leg]:
    """Yield the parts of the way, and the waits between them."""
    now = told.departure_ds
    for part in told.parts:
        if now is not None and part.begin_ds > now:
            at = part.stops[0] if isinstance(part, Riding) else part.start
            words = Message("leg-wait-at", {"stop": at}) if at else Message("leg-wait")
            yield Leg("wait", words, (part.begin_ds - now) / DS_PER_MINUTE, clock(now))
        yield _ride(part) if isinstance(part, Riding) else _stretch(part, told, destination)
        now = part.end_ds if now is not None else None
    if now is not None and told.arrival_ds is not None and told.arrival_ds > now:
        yield Leg("wait", Message("leg-wait"), (told.arrival_ds - now) / DS_PER_MINUTE, clock(now))


def _ride(part: Riding) -> Leg:
    values: dict[str, object] = {
        "vehicle": Message(f"vehicle.{vehicle_of(part.trip.route_type)}"),
        "line": part.trip.route_short_name or part.trip.route_long_name,
        "headsign": part.trip.headsign or part.stops[-1],
        "start": part.stops[0],
        "end": part.stops[-1],
        "departure": clock(part.begin_ds),
        "arrival": clock(part.end_ds),
        "count": len(part.stops) - 1,
    }
    minutes = (part.end_ds - part.begin_ds) / DS_PER_MINUTE
    return Leg("ride", Message("leg-ride", values), minutes, clock(part.begin_ds), (), part.stops)


def _stretch(part: Stretch, told: Itinerary, destination: Text) -> Leg:
    minutes = (part.end_ds - part.begin_ds) / DS_PER_MINUTE
    begins = clock(part.begin_ds) if told.departure_ds is not None else ""
    if part.start and part.start == part.end and not part.metres:
        return Leg("change", Message("leg-change", {"stop": part.end}), minutes, begins)
    mode = Mode.WALK if told.mode is Mode.TRANSIT else told.mode
    values = {"length": length_of(part.metres), "end": part.end or destination}
    words = Message("leg-stop", values) if part.end else Message(f"leg-door.{mode.value}", values)
    return Leg(mode.value, words, minutes, begins, tuple(_street(step) for step in part.steps if _is_told(step)))


def _is_told(step: Step) -> bool:
    return step.metres >= 1 or step.cost_ds >= _DS_WORTH_TELLING


def _street(step: Step) -> tuple[str | Message, Message, float]:
    return step.name or Message("way-unnamed"), length_of(step.metres), step.cost_ds / DS_PER_MINUTE


def to_dict(found: SiteWay, say: Translator) -> dict[str, Any]:
    """Return the way as plain data, its legs also in words."""
    about = found.way
    return {
        "site": plain.site(found.site, say),
        "place": {"id": about.place.id, "name": say(about.place.name), "kind": about.place.kind},
        "mode": about.mode.value,
        "direction": about.going.direction.value,
        "window": window_of(about.window),
        "words": say(found.title),
        "minutes": plain.figure(about.minutes),
        "shares": [{"words": say(one.what), "minutes": round(one.minutes, 2)} for one in about.shares],
        "itinerary": ways.plain(about.told) if about.told else None,
        "legs": [
            {"kind": leg.kind, "words": say(leg.words), "minutes": round(leg.minutes, 2), "begins": leg.begins or None}
            for leg in found.legs
        ],
        "why_estimated": say(about.why_estimated) if about.why_estimated else None,
        "caution": say(about.caution) if about.caution else None,
        "why_unknown": say(about.minutes.note) if about.minutes.note else None,
    }
