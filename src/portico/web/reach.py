"""What is in reach of a site: the page, and the same as a GeoJSON collection."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

import msgspec
from litestar import Response, get

from portico.dossier.site_reach import SiteReach, asked_words, site_reach, to_dict
from portico.errors import InputError, UsageError
from portico.geo import Box
from portico.messages import Message
from portico.translation import Translator
from portico.web.features import DIGITS, place_feature, site_feature
from portico.web.ground import box_of, ground
from portico.web.html import Html, html, speak
from portico.web.portal import Portal
from portico.web.rendering import translator
from portico.web.travelling import RINGS, Asked, fields

_GEOJSON = "application/geo+json"


@dataclass(frozen=True, slots=True)
class _Answer:
    """The reach of a site, its areas as the text of their geometries: as text they take a tenth of the room."""

    found: SiteReach
    areas: tuple[bytes | None, ...]
    extent: Box | None


def _answer(portal: Portal, identifier: str, asked: Asked) -> _Answer:
    mode, limits, going = asked.read(portal)

    def make() -> _Answer:
        found = site_reach(portal.territory, identifier, mode, limits, going)
        rings = found.reach.rings
        areas = tuple(_text(ring.geometry) if ring.geometry else None for ring in rings)
        bare = replace(found.reach, rings=tuple(replace(ring, geometry=None) for ring in rings))
        extent = box_of([ring.geometry["coordinates"] for ring in rings if ring.geometry])
        return _Answer(replace(found, reach=bare), areas, extent)

    return portal.asked(("reach", identifier, mode, limits, going), make)


def _text(geometry: dict[str, Any]) -> bytes | None:
    """Return a geometry as text, to about a metre; nothing for one without any polygon."""
    if not geometry["coordinates"]:
        return None
    return msgspec.json.encode({"type": geometry["type"], "coordinates": _rounded(geometry["coordinates"])})


def _rounded(positions: Any) -> Any:  # noqa: ANN401 - positions however deep
    return [_rounded(one) for one in positions] if isinstance(positions, list) else round(positions, DIGITS)


@get("/{language:str}/sites/{identifier:str}/reach", sync_to_thread=True, include_in_schema=False)
def reach_page(
    language: str,
    identifier: str,
    portal: Portal,
    mode: str = "walk",
    minutes: str = RINGS,
    direction: str = "outbound",
    at: str = "",
) -> Html:
    """Show what is in reach of a site: rings on the map, the places in each, what it rests on."""
    speak(language)
    site = portal.territory.site(identifier)
    asked = Asked(mode, minutes or RINGS, direction, at)
    try:
        answer, fault = _answer(portal, site.id, asked), None
    except (InputError, UsageError) as error:
        answer, fault = None, error
    reach = answer.found.reach if answer else None
    made = html(
        "reach.html",
        language,
        portal,
        f"sites/{site.id}/reach?{asked.query}",
        site=site,
        reach=reach,
        words=asked_words(reach) if reach else None,
        fault=Message.of(fault) if fault else None,
        **fields(portal, asked, reach.window if reach else None),
    )
    made.status_code = fault.http_status if fault else 200
    return made


@get("/api/sites/{identifier:str}/reach", sync_to_thread=True)
def reach(
    identifier: str,
    portal: Portal,
    lang: Literal["en", "it"] = "en",
    mode: str = "walk",
    minutes: str = RINGS,
    direction: str = "outbound",
    at: str = "",
    streets: bool = False,  # noqa: FBT001, FBT002 - a parameter of the address
) -> Response[dict[str, Any]]:
    """Return what is in reach of a site (inbound: what reaches it) as GeoJSON: areas, places, counts with evidence.

    ``mode``: walk, bicycle, car or transit. ``minutes``: up to five limits from 1 to 120, with commas. ``at``: by
    public transport, the local time from which on one leaves (inbound: arrives), in every minute of the city's window.
    ``streets``: with the main streets around, for a map.
    """
    answer = _answer(portal, portal.territory.site(identifier).id, Asked(mode, minutes, direction, at))
    say = translator(lang)
    about = to_dict(answer.found, say)
    around = ground(portal, answer.extent) if streets else []
    collection = {"type": "FeatureCollection", **about, "features": [*around, *_features(answer, say)]}
    return Response(collection, media_type=_GEOJSON)


def _features(answer: _Answer, say: Translator) -> list[dict[str, Any]]:
    """Return the largest area first, so that the smaller lie on top; then places, the farthest first, and the site."""
    found, site = answer.found.reach, answer.found.site
    drawn = []
    for number, ring in reversed(list(enumerate(found.rings))):
        area = answer.areas[number]
        if area is not None:
            drawn.append(
                {
                    "type": "Feature",
                    "geometry": msgspec.Raw(area),
                    "properties": {
                        "layer": "ring",
                        "ring": number,
                        "minutes": ring.minutes,
                        "name": say(Message("within-minutes", {"count": ring.minutes})),
                        "kind_label": say(asked_words(found)),
                    },
                }
            )
    inside = [near for ring in found.rings for near in ring.places]
    for places, in_reach in ((found.unknown, False), (found.beyond, False), (inside, True)):
        for near in reversed(places):
            if near.place.position is not None:
                minutes = say.figure(near.minutes) if near.minutes.is_known else ""
                drawn.append(place_feature(near.place, near.place.position, say, minutes, in_reach=in_reach))
    if site.position is not None:
        drawn.append(site_feature(site, site.position, say))
    return drawn
