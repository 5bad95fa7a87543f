"""A way from door to door as plain data and in words: what explains a number of minutes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from portico.messages import Message, Text
from portico.territory.model import Mode
from portico.territory.nearby import DS_PER_MINUTE, clock
from portico.territory.streets.model import Step
from portico.territory.travel.itinerary import Itinerary, Riding, Stretch
from portico.translation import Translator

_DS_WORTH_TELLING = 50
_M_PER_KM = 1000
_M_ROUNDED = 10
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
    """Return a length as one says it: to ten metres, a short one to the metre, from a kilometre on to a hundred.

    >>> length_of(1234).values
    {'km': 1.2}
    """
    if metres >= _M_PER_KM:
        return Message("length-km", {"km": round(metres / _M_PER_KM, 1)})
    return Message("length-m", {"m": round(metres) if metres < _M_ROUNDED else int(round(metres, -1))})


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


def legs_of(told: Itinerary, destination: Text | Message) -> Iterator[Leg]:
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


def _stretch(part: Stretch, told: Itinerary, destination: Text | Message) -> Leg:
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


def plain(found: Itinerary) -> dict[str, Any]:
    """Return an itinerary as plain data, minutes with two digits."""
    about: dict[str, Any] = {"mode": found.mode.value, "minutes": _minutes(found.cost_ds)}
    if found.departure_ds is not None and found.arrival_ds is not None:
        about |= {"departure": clock(found.departure_ds), "arrival": clock(found.arrival_ds)}
    if found.percentile is not None:
        about |= {"percentile": found.percentile, "departures": found.departures}
    return about | {"parts": [_plain_part(one) for one in found.parts]}


def _plain_part(one: Stretch | Riding) -> dict[str, Any]:
    minutes = _minutes(one.end_ds - one.begin_ds)
    if isinstance(one, Riding):
        trip = {
            "feed": one.trip.feed,
            "trip": one.trip.id,
            "route": one.trip.route_short_name or one.trip.route_long_name,
        }
        times = {"departure": clock(one.begin_ds), "arrival": clock(one.end_ds), "minutes": minutes}
        return {"kind": "ride", **trip, "headsign": one.trip.headsign, "stops": list(one.stops), **times}
    steps = [{"name": step.name, "metres": round(step.metres), "minutes": _minutes(step.cost_ds)} for step in one.steps]
    return {
        "kind": one.kind,
        "from": one.start,
        "to": one.end,
        "metres": round(one.metres),
        "minutes": minutes,
        "steps": steps,
    }


def _minutes(ds: int) -> float:
    return round(ds / DS_PER_MINUTE, 2)


def sentences(found: Itinerary, say: Translator) -> list[str]:
    """Return an itinerary in words: a headline, then a line for each part."""
    values: dict[str, object] = {"minutes": _minutes(found.cost_ds), "mode": Message(f"mode.{found.mode.value}")}
    if found.departure_ds is None or found.arrival_ds is None:
        lines = [say(Message("way-told", values))]
    else:
        values |= {"departure": clock(found.departure_ds), "arrival": clock(found.arrival_ds)}
        lines = [say(Message("way-told-timed", values))]
    if found.percentile is not None:
        lines.append(say(Message("way-of-percentile", {"percentile": found.percentile, "count": found.departures})))
    return lines + [line for leg in legs_of(found, Message("way-destination")) for line in _lines(leg, say)]


def _lines(leg: Leg, say: Translator) -> list[str]:
    words = f"{leg.begins} {say(leg.words)}".strip()
    first = f"  {words}, {say.number(round(leg.minutes, 1), 1)} {say.unit('min')}"
    return [first, *(f"      {say(name)}, {say(length)}" for name, length, _ in leg.streets)]
