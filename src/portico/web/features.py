"""The map: sites, places and lines as GeoJSON in EPSG:4326."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from portico.city.model import Position
from portico.city.register import Site
from portico.match.model import Shortlist
from portico.territory.layers import Territory
from portico.territory.model import PlaceFacts
from portico.translation import Translator

DIGITS = 5  # about one metre


def features(territory: Territory, say: Translator, answer: Shortlist | None = None, only: str = "") -> dict[str, Any]:
    """Return the map's features; with an ``answer`` sites carry group and rank, with ``only`` one site is drawn."""
    groups = {entry.site.id: entry for entry in answer.entries} if answer else {}
    drawn = [*_lines(territory), *_places(territory, say)]
    for site in territory.sites:
        if site.position and only in ("", site.id):
            entry = groups.get(site.id)
            state = entry.group.value.replace("_", "-") if entry else ""
            rank = str(entry.rank.low) if entry and entry.rank and entry.rank.low == entry.rank.high else ""
            drawn.append(site_feature(site, site.position, say, state, rank))
    return {"type": "FeatureCollection", "features": drawn}


def point(position: Position) -> dict[str, Any]:
    """Return a position as a geometry."""
    return {"type": "Point", "coordinates": [round(position.point.lon, DIGITS), round(position.point.lat, DIGITS)]}


def site_feature(site: Site, position: Position, say: Translator, state: str = "", rank: str = "") -> dict[str, Any]:
    """Return a site as a feature; without a ``state`` it is drawn by its status."""
    state = state or (site.statement("status").values or ("unknown",))[0]
    label = say(f"group.{state}") if state in ("qualified", "to-verify", "excluded") else say.word("status", state)
    return {
        "type": "Feature",
        "id": site.id,
        "geometry": point(position),
        "properties": {
            "layer": "site",
            "id": site.id,
            "name": say(site.name),
            "kind": "site",
            "state": state,
            "state_label": label,
            "rank": rank,
            "uncertainty_m": position.uncertainty_m,
            "href": f"/{say.language}/sites/{site.id}",
        },
    }


def place_feature(
    place: PlaceFacts, position: Position, say: Translator, minutes: str = "", *, in_reach: bool = False
) -> dict[str, Any]:
    """Return a place as a feature, with the ``minutes`` to it where they are given."""
    kind = say.word("kind", place.kind)
    properties = {
        "layer": "place",
        "id": place.id,
        "name": say(place.name),
        "kind": place.kind,
        "kind_label": f"{kind} · {minutes}" if minutes else kind,
    }
    return {
        "type": "Feature",
        "geometry": point(position),
        "properties": properties | ({"in_reach": True} if in_reach else {}),
    }


def _places(territory: Territory, say: Translator) -> Iterator[dict[str, Any]]:
    for place in territory.places:
        if place.position and place.is_open:
            yield place_feature(place, place.position, say)


def _lines(territory: Territory) -> Iterator[dict[str, Any]]:
    where = {place.id: place.position for place in territory.places if place.position}
    for line, stops in territory.lines:
        points = [point(position)["coordinates"] for position in map(where.get, stops) if position]
        if len(points) > 1:
            yield {
                "type": "Feature",
                "geometry": {"type": "LineString", "coordinates": points},
                "properties": {"layer": "line", "id": line, "name": line, "kind": "line"},
            }
