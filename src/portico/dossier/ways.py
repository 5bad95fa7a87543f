"""A way from door to door as plain data and in words: what explains a number of minutes."""

from __future__ import annotations

from typing import Any

from portico.messages import Message
from portico.territory.nearby import DS_PER_MINUTE, clock
from portico.territory.travel.itinerary import Itinerary, Riding, Stretch
from portico.translation import Translator


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
    return lines + [line for one in found.parts for line in _told_part(one, say)]


def _told_part(one: Stretch | Riding, say: Translator) -> list[str]:
    minutes = round((one.end_ds - one.begin_ds) / DS_PER_MINUTE, 1)
    if isinstance(one, Riding):
        values = {
            "route": one.trip.route_short_name or one.trip.route_long_name,
            "headsign": one.trip.headsign or one.stops[-1],
            "start": one.stops[0],
            "end": one.stops[-1],
            "departure": clock(one.begin_ds),
            "arrival": clock(one.end_ds),
            "count": one.passed,
        }
        return ["  " + say(Message("way-ride", values))]
    values = {"minutes": minutes, "metres": round(one.metres), "end": one.end or Message("way-destination")}
    first = "  " + say(Message("way-stretch", values))
    steps = [
        f"      {step.name or say('way-unnamed')}, {say.number(round(step.metres))} m"
        for step in one.steps
        if step.metres >= 1
    ]
    return [first, *steps]
