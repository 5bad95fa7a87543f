"""Where a brief fits, for places nobody listed: the page, its map, and the same for programs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

import msgspec
import numpy as np
from litestar import Response, get
from litestar.params import Parameter
from numpy.typing import NDArray

from portico.dossier import where as words
from portico.errors import InputError, PorticoError, UsageError
from portico.geo import Box
from portico.match.where.classes import NO_CLASS
from portico.match.where.model import APART, STANDINGS, Standing
from portico.messages import Message
from portico.translation import Translator
from portico.web.answered import brief_asked
from portico.web.features import DIGITS, site_feature
from portico.web.ground import ground
from portico.web.html import Html, html, speak
from portico.web.portal import Portal
from portico.web.rendering import translator
from portico.web.threads import threaded
from portico.web.wheres import Asked, asked

Language = Literal["en", "it"]
_GEOJSON = "application/geo+json"
_MOST = 5_000
Limit = Annotated[int, Parameter(ge=1, le=_MOST)]
Offset = Annotated[int, Parameter(ge=0)]
_SHADES = 5


@get(["/{language:str}/briefs/{name:str}/where", "/{language:str}/brief/where"], include_in_schema=False)
@threaded
def where_page(
    language: str,
    portal: Portal,
    name: str = "",
    b: str = "",
    as_of: date | None = None,
    resolution: str = "",
    w: list[str] | None = None,
    at: str = "",
) -> Html:
    """Show where a brief fits, one of the city's or the one in the address (``b``).

    That is the map in classes, the best places, what a cell's score is made of.
    """
    say, brief = speak(language), brief_asked(portal, name, b)
    base = f"briefs/{name}/where" if name else "brief/where"
    faults: list[PorticoError] = []
    found = None
    try:
        found = asked(portal, brief, as_of, resolution=_resolution(resolution), weights=w)
        found = found.opened(at) if at.strip() else found
    except (InputError, UsageError) as error:
        faults.append(error)  # where only the point is wrong the map is there all the same
    query = ({} if name else {"b": b}) | ({"as_of": as_of.isoformat()} if as_of else {})
    sized = query | ({"resolution": resolution} if resolution else {})
    weighted = sized | ({"w": found.moved.text} if found and found.moved.differ else {})
    path = weighted | ({"at": at} if at else {})
    made = html(
        "where.html",
        say.language,
        portal,
        f"{base}?{urlencode(path)}" if path else base,
        found=found,
        excluded=found.where.count(Standing.EXCLUDED) if found else 0,
        steps=APART,
        brief=brief,
        words=words,
        base=base,
        query=query,
        sized=sized,
        weighted=weighted,
        at=at,
        address=lambda cell: f"/{say.language}/{base}?{urlencode(weighted | {'at': _at(cell)})}#cell",
        api=f"/api/where/{brief.id}" if brief.id else "/api/where",
        api_query=urlencode({"lang": say.language, **weighted}),
        map_query=urlencode({"lang": say.language, **path}),
        fault=Message.of(faults[0]) if faults else None,
    )
    made.status_code = faults[0].http_status if faults else 200
    return made


def _resolution(text: str) -> int | None:
    if not text.strip():
        return None
    try:
        return int(text)
    except ValueError:
        raise UsageError("where-resolution-unreadable", text=text[:20]) from None


def _at(position: Any) -> str:  # noqa: ANN401 - the position of a cell, from the template
    return f"{position.point.lat:.5f},{position.point.lon:.5f}"


@get(["/api/where/{name:str}", "/api/where"])
@threaded
def where(  # noqa: PLR0913, PLR0917 - each is a part of the address
    portal: Portal,
    name: str = "",
    b: str = "",
    lang: Language = "en",
    as_of: date | None = None,
    resolution: int | None = None,
    w: list[str] | None = None,
    limit: Limit = 1000,
    offset: Offset = 0,
) -> Response[dict[str, Any]]:
    """Return where a brief fits as GeoJSON: the cells that are not excluded, best first, ``limit`` from ``offset`` on.

    The brief is one of the city's, or the one in the address (``b``). With it how all cells stand, which musts exclude
    them, what only a register of sites could answer, and the best places. ``resolution``: the size of the cells (H3).
    ``w``: other weights than the brief's, one for each want.
    """
    found, say = asked(portal, brief_asked(portal, name, b), as_of, resolution=resolution, weights=w), translator(lang)
    order = found.where.order(found.how)
    body = {
        "type": "FeatureCollection",
        **words.answer(found.where, found.classed.classes, found.best, found.to_ask, say, found.shares),
        "total": len(order),
        "offset": offset,
        "features": list(words.features(found.where, found.how, order[offset : offset + limit])),
    }
    return Response(body, media_type=_GEOJSON)


@get(["/api/where/{name:str}/cell", "/api/where/cell"])
@threaded
def where_cell(
    portal: Portal,
    at: str,
    name: str = "",
    b: str = "",
    lang: Language = "en",
    as_of: date | None = None,
    resolution: int | None = None,
    w: list[str] | None = None,
) -> dict[str, Any]:
    """Say of the cell in which a point lies (``at``: latitude, longitude) what its score is made of, and its musts."""
    found = asked(portal, brief_asked(portal, name, b), as_of, resolution=resolution, weights=w)
    return words.explained(found.cell_at(at), translator(lang))


@get(["/api/where/{name:str}/map", "/api/where/map"])
@threaded
def where_map(
    portal: Portal,
    name: str = "",
    b: str = "",
    lang: Language = "en",
    as_of: date | None = None,
    resolution: int | None = None,
    w: list[str] | None = None,
    at: str = "",
) -> Response[dict[str, Any]]:
    """Return where a brief fits as GeoJSON for a map: the area of each class of suitability, and the listed sites."""
    found, say = asked(portal, brief_asked(portal, name, b), as_of, resolution=resolution, weights=w), translator(lang)
    with suppress(InputError, UsageError):  # the page says what is wrong with the point
        found = found.opened(at) if at.strip() else found
    return Response({"type": "FeatureCollection", "features": list(_features(found, say))}, media_type=_GEOJSON)


def _features(found: Asked, say: Translator) -> Iterator[dict[str, Any]]:
    cells, box = found.where.cells, found.surveyed.ground.box
    for number, name, shade, area in _areas(found, say):
        drawn = cells.outline(area)
        if drawn is not None:
            properties = {
                "layer": "where",
                "class": number,
                "shade": shade,
                "name": name,
                "kind_label": say("where-suitability-unit") if number != NO_CLASS else "",
                "open": say("where-open-cell"),
            }
            yield {"type": "Feature", "geometry": _shortened(drawn), "properties": properties}
    fits = cells.outline(found.where.standing == STANDINGS.index(Standing.FITS))
    if fits is not None:
        yield {"type": "Feature", "geometry": _shortened(fits), "properties": {"layer": "where-fits"}}
    yield from ground(found.portal, Box(box.west, box.south, box.east, box.north))
    if found.number is not None:
        ring = {"type": "Polygon", "coordinates": [cells.boundary(found.number)]}
        yield {"type": "Feature", "geometry": ring, "properties": {"layer": "where-cell"}}
    for site in found.portal.territory.sites:
        if site.position is not None:
            drawn = site_feature(site, site.position, say)
            yield drawn | {"properties": drawn["properties"] | {"layer": "where-site"}}


def _areas(found: Asked, say: Translator) -> Iterator[tuple[int, str, int, NDArray[np.bool_]]]:
    """Yield each class: its number, what it is called, its shade from 0 to 4, and which cells are in it."""
    classes, number = found.classed.classes, found.classed.number
    yield NO_CLASS, say("where-standing.excluded"), NO_CLASS, number == NO_CLASS
    for place, one in enumerate(classes):
        shade = round(place * (_SHADES - 1) / (len(classes) - 1)) if len(classes) > 1 else _SHADES - 1
        yield place, words.range_of(one, say), shade, number == place


def _shortened(geometry: Any) -> msgspec.Raw:  # noqa: ANN401 - a geometry as text, to about a metre
    return msgspec.Raw(msgspec.json.encode(_rounded(geometry)))


def _rounded(value: Any) -> Any:  # noqa: ANN401 - positions however deep
    if isinstance(value, dict):
        return {name: _rounded(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_rounded(one) for one in value]
    return round(value, DIGITS) if isinstance(value, float) else value


WHERE_PAGES = [where_page]
WHERE_API = [where, where_cell, where_map]
