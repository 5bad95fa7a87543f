"""The way behind a figure of minutes: the page, and the same as a GeoJSON collection."""

from __future__ import annotations

from typing import Any, Literal

from litestar import Response, get

from portico.dossier.site_way import SiteWay, site_way, to_dict
from portico.errors import InputError, UsageError
from portico.messages import Message
from portico.territory.travel.itinerary import Riding
from portico.translation import Translator
from portico.web.features import DIGITS, place_feature, site_feature
from portico.web.ground import box_of, ground
from portico.web.html import Html, html, speak
from portico.web.portal import Portal
from portico.web.rendering import translator
from portico.web.travelling import Asked, fields

_GEOJSON = "application/geo+json"
Points = list[list[float]]


def _answer(portal: Portal, identifier: str, place: str, asked: Asked) -> SiteWay:
    mode, _, going = asked.read(portal)
    key = ("way", identifier, place, mode, going)
    return portal.asked(key, lambda: site_way(portal.territory, identifier, place, mode, going))


@get("/{language:str}/sites/{identifier:str}/way/{place:str}", sync_to_thread=True, include_in_schema=False)
def way_page(
    language: str,
    identifier: str,
    place: str,
    portal: Portal,
    mode: str = "walk",
    direction: str = "outbound",
    at: str = "",
) -> Html:
    """Show the way between a site and a place: in words, on the map, and how its minutes add up."""
    speak(language)
    site, end = portal.territory.site(identifier), portal.territory.place(place)
    asked = Asked(mode, "", direction, at)
    try:
        found, fault = _answer(portal, site.id, end.id, asked), None
    except (InputError, UsageError) as error:
        found, fault = None, error
    made = html(
        "way.html",
        language,
        portal,
        f"sites/{site.id}/way/{end.id}?{asked.query}",
        site=site,
        place=end,
        found=found,
        fault=Message.of(fault) if fault else None,
        **fields(portal, asked, found.way.window if found else None),
    )
    made.status_code = fault.http_status if fault else 200
    return made


@get("/api/sites/{identifier:str}/way/{place:str}", sync_to_thread=True)
def way(
    identifier: str,
    place: str,
    portal: Portal,
    lang: Literal["en", "it"] = "en",
    mode: str = "walk",
    direction: str = "outbound",
    at: str = "",
    streets: bool = False,  # noqa: FBT001, FBT002 - a parameter of the address
) -> Response[dict[str, Any]]:
    """Return the way from a site to a place (inbound: back) as GeoJSON, with its legs in words and how it adds up.

    Over a window it is the first departure (inbound: arrival) that takes the median. Parameters as for ``reach``.
    """
    found = _answer(portal, identifier, place, Asked(mode, "", direction, at))
    say = translator(lang)
    drawn = _features(found, say)
    around = ground(portal, box_of([one["geometry"]["coordinates"] for one in drawn])) if streets else []
    collection = {"type": "FeatureCollection", **to_dict(found, say), "features": [*around, *drawn]}
    return Response(collection, media_type=_GEOJSON)


def _features(found: SiteWay, say: Translator) -> list[dict[str, Any]]:
    """Return the lines in order, the stops where one boards or alights, and both ends."""
    about, site = found.way, found.site
    drawn = []
    if about.told is not None:
        moving = [leg for leg in found.legs if leg.kind != "wait"]
        for part, leg in zip(about.told.parts, moving, strict=True):
            drawn.append(_line([list(point) for point in part.line], leg.kind, say(leg.words)))
            if isinstance(part, Riding):
                ends = ((part.line[0], part.stops[0]), (part.line[-1], part.stops[-1]))
                drawn += [_stop(list(point), stop) for point, stop in ends]
    elif about.minutes.is_known:
        drawn.append(_line([[one.lon, one.lat] for one in about.straight], "straight", say("straight-line")))
    if about.place.position is not None:
        drawn.append(place_feature(about.place, about.place.position, say, say.figure(about.minutes)))
    if site.position is not None:
        drawn.append(site_feature(site, site.position, say))
    return [one for one in drawn if one["geometry"]["coordinates"]]


def _line(points: Points, kind: str, name: str) -> dict[str, Any]:
    coordinates = [[round(one, DIGITS) for one in point] for point in points]
    geometry = {"type": "LineString", "coordinates": coordinates if len(coordinates) > 1 else []}
    return {"type": "Feature", "geometry": geometry, "properties": {"layer": "way", "way": kind, "name": name}}


def _stop(point: list[float], name: str) -> dict[str, Any]:
    geometry = {"type": "Point", "coordinates": [round(one, DIGITS) for one in point]}
    return {"type": "Feature", "geometry": geometry, "properties": {"layer": "stop", "name": name}}
