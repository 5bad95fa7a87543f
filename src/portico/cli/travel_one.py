"""``travel isochrone`` and ``travel itinerary``: what is in reach of one point, and one way told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from portico.cli.common import DEFAULTS, Common
from portico.cli.show import as_json, err, out, table
from portico.cli.travel_asked import Asked, point_of
from portico.dossier import ways
from portico.errors import StateError, UsageError
from portico.messages import Message
from portico.territory.isochrones import Isochrones, isochrones
from portico.territory.travel.itinerary import itinerary as told
from portico.territory.travel.model import Direction, Points
from portico.territory.travel.network import TravelNetwork
from portico.territory.travel.reach import reached

_MOST_LIMITS, _LONGEST = 10, 240.0


def isochrone(
    *,
    asked: Asked,
    from_: Annotated[str, Parameter(name="--from")],
    minutes: str = "15,30,45",
    output: Annotated[Path | None, Parameter(name=["--output", "-o"])] = None,
    common: Common = DEFAULTS,
) -> int:
    """Draw what is in reach of a point within so many minutes (inbound: what reaches it), as GeoJSON.

    Parameters
    ----------
    from_
        The point: longitude,latitude (EPSG:4326).
    minutes
        The limits, with commas between them.
    output
        The GeoJSON file to write; without it the areas are shown, or with --json the GeoJSON itself.
    """
    limits = _limits(minutes)
    point, network = point_of(from_), asked.network()
    _refuse_off_street(network, asked, point)
    found = reached(network, point, asked.question(), max(limits), asked.towards)
    drawn = isochrones(found.lon, found.lat, found.cost_ds, limits)
    if output is not None:
        _write(output, _features(drawn, asked, from_))
    if common.json:
        as_json(_features(drawn, asked, from_))
        return 0
    say, console = common.say, out()
    rows = [(say.number(one.minutes), say.number(round(one.area_m2 / 1e6, 2))) for one in drawn.every]
    console.print(table([say("minutes"), "km²"], rows, numbers=(0, 1)))
    mode = Message(f"mode.{asked.question().mode.value}")
    console.print(say(Message(f"reach-way.{asked.direction}", {"mode": mode})))
    return 0


def _limits(text: str) -> list[float]:
    try:
        found = sorted({float(one) for one in text.split(",") if one.strip()})
    except ValueError as error:
        raise UsageError("minutes-unreadable", value=text) from error
    if not found or len(found) > _MOST_LIMITS or not all(0 < one <= _LONGEST for one in found):
        raise UsageError("minutes-unreadable", value=text)
    return found


def _refuse_off_street(network: TravelNetwork, asked: Asked, *points: Points) -> None:
    streets = network.streets(asked.question().mode)
    for point in points:
        if not streets.snap(point.lon, point.lat).is_on_street[0]:
            raise UsageError("point-off-street", point=point.ids[0], limit=asked.snap_limit)


def _features(drawn: Isochrones, asked: Asked, point: str) -> dict[str, Any]:
    """Return the isochrones as GeoJSON, the largest first so that the smaller lie on top."""
    about = {
        "from": point,
        "mode": asked.mode,
        "direction": asked.direction,
        "depart": asked.depart,
        "arrive": asked.arrive,
    }
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"minutes": one.minutes, "area_m2": round(one.area_m2)}
                | {name: value for name, value in about.items() if value},
                "geometry": one.geometry,
            }
            for one in reversed(drawn.every)
        ],
    }


def _write(output: Path, content: dict[str, Any]) -> None:
    try:
        output.write_text(json.dumps(content) + "\n", encoding="utf-8")
    except OSError as error:
        raise StateError("state-failed", path=output.name, detail=error.strerror or str(error)) from error


def itinerary(
    *,
    asked: Asked,
    from_: Annotated[str, Parameter(name="--from")],
    to: str,
    percentile: float = 50.0,
    common: Common = DEFAULTS,
) -> int:
    """Tell one way from door to door, street by street and stop by stop.

    Parameters
    ----------
    from_
        Where one starts: longitude,latitude (EPSG:4326).
    to
        Where one goes.
    percentile
        Over a window: the journey whose minutes are this percentile of those of all departures.
    """
    question = asked.question((percentile,))
    places = [point_of(from_), point_of(to)]
    network = asked.network()
    _refuse_off_street(network, asked, *places)
    start, end = places if asked.towards is Direction.OUTBOUND else reversed(places)
    found = told(network, start, end, question)
    if found is None:
        if common.json:
            as_json({"minutes": None, "parts": []})
        err().print(common.say(Message("travel-no-way")), markup=False)
        return 1
    if common.json:
        as_json(ways.plain(found))
    else:
        for line in ways.sentences(found, common.say):
            out().print(line, markup=False)
    return 0
