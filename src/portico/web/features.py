"""The map: sites, places and lines as GeoJSON in EPSG:4326."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from portico.city.model import Position
from portico.city.register import Site
from portico.match.model import Shortlist
from portico.territory.layers import Territory
from portico.translation import Translator

_DIGITS = 5


def features(territory: Territory, say: Translator, answer: Shortlist | None = None, only: str = "") -> dict[str, Any]:
    """Return the map's features; with an ``answer`` sites carry group and rank, with ``only`` one site is drawn."""
    groups = {entry.site.id: entry for entry in answer.entries} if answer else {}
    drawn = [*_lines(territory), *_places(territory, say)]
    for site in territory.sites:
        if site.position and only in ("", site.id):
            entry = groups.get(site.id)
            state = (
                entry.group.value.replace("_", "-") if entry else (site.statement("status").values or ("unknown",))[0]
            )
            rank = str(entry.rank.low) if entry and entry.rank and entry.rank.low == entry.rank.high else ""
            drawn.append(_site(site, site.position, state, rank, say))
    return {"type": "FeatureCollection", "features": drawn}


def _state(site: Site) -> str:
    return next(iter(site.statement("status").values), "unknown")


def _point(position: Position) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [round(position.point.lon, _DIGITS), round(position.point.lat, _DIGITS)]}


def _site(site: Site, position: Position, state: str, rank: str, say: Translator) -> dict[str, Any]:
    label = say(f"group.{state}") if state in ("qualified", "to-verify", "excluded") else say.word("status", state)
    return {
        "type": "Feature",
        "id": site.id,
        "geometry": _point(position),
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


def _places(territory: Territory, say: Translator) -> Iterator[dict[str, Any]]:
    for place in territory.places:
        if place.position and place.is_open:
            yield {
                "type": "Feature",
                "geometry": _point(place.position),
                "properties": {
                    "layer": "place",
                    "id": place.id,
                    "name": say(place.name),
                    "kind": place.kind,
                    "kind_label": say.word("kind", place.kind),
                },
            }


def _lines(territory: Territory) -> Iterator[dict[str, Any]]:
    where = {place.id: place.position for place in territory.places if place.position}
    for line, stops in territory.lines:
        points = [_point(position)["coordinates"] for position in map(where.get, stops) if position]
        if len(points) > 1:
            yield {
                "type": "Feature",
                "geometry": {"type": "LineString", "coordinates": points},
                "properties": {"layer": "line", "id": line, "name": line, "kind": "line"},
            }
