"""Vector tiles of a version. What an address names never changes, so that browsers may keep it for good."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Sequence
from typing import Any

from litestar import MediaType, Request, Response, get
from litestar.exceptions import NotFoundException

from portico.errors import UsageError
from portico.lake import reading
from portico.lake.model import Column, Version
from portico.lake.tiles import Tile, tile
from portico.web.datasets_api import named
from portico.web.described import shown_version
from portico.web.portal import Portal

TILE = "application/vnd.mapbox-vector-tile"
_ENDING = ".mvt"
_FORM = 1
"""The way tiles are cut; another one makes other answers under the same address."""
_KEPT_FOR = "public, max-age=31536000, immutable"
_LEVEL = 6
_NOTHING, _NOT_MODIFIED = 204, 304
_MOST_PROPERTIES = 20


@get("/tiles/{name:str}/{z:int}/{x:int}/{row:str}", sync_to_thread=True, media_type=TILE)
def tiles(
    request: Request[Any, Any, Any], portal: Portal, name: str, z: int, x: int, row: str, columns: str = ""
) -> Response[bytes]:
    """Return a vector tile (MVT 2.1, EPSG:3857) of DATASET@VERSION: ``/tiles/{dataset}@{version}/{z}/{x}/{y}.mvt``.

    Zoom 0 to 16. The layer ``places`` holds what touches the tile, with ``columns`` (names with commas between, none by
    default) as properties. Of more than 20,000 places some are left out, evenly: then the layer ``cut`` and the headers
    say how many are shown of how many.
    """
    y = row.removesuffix(_ENDING)
    if y == row or not y.isdecimal():
        raise NotFoundException
    if "@" not in name:
        raise UsageError("tile-of-no-version", dataset=name)
    _, version = shown_version(portal, name)
    wanted = [one for one in reading.chosen(version, named(columns)) if not one.is_geometry] if columns else []
    chosen = wanted[:_MOST_PROPERTIES]
    headers = {"etag": _etag(version, chosen), "cache-control": _KEPT_FOR, "vary": "accept-encoding"}
    if headers["etag"] in request.headers.get("if-none-match", ""):
        return Response(b"", status_code=_NOT_MODIFIED, headers=headers, media_type=MediaType.TEXT)
    packed, made = _packed(portal, version, (z, x, int(y)), chosen)
    headers |= {"x-places-shown": str(made.shown), "x-places-total": str(made.total)}
    if not made.total:
        return Response(b"", status_code=_NOTHING, headers=headers, media_type=MediaType.TEXT)
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(packed, headers=headers | {"content-encoding": "gzip"}, media_type=TILE)
    return Response(gzip.decompress(packed), headers=headers, media_type=TILE)


def _etag(version: Version, columns: Sequence[Column]) -> str:
    told = hashlib.sha256(repr([column.name for column in columns]).encode()).hexdigest()
    return f'"{version.id[:24]}-{_FORM}-{told[:12]}"'


def _packed(
    portal: Portal, version: Version, at: tuple[int, int, int], columns: Sequence[Column]
) -> tuple[bytes, Tile]:
    """Return the bytes of a tile packed, and what is said of it: it is kept without its bytes."""

    def make() -> tuple[bytes, Tile]:
        made = tile(portal.lake, version, *at, columns)
        return gzip.compress(made.data, _LEVEL, mtime=0), Tile(b"", made.shown, made.total)

    return portal.settled(("tile", version.dataset, version.id, at, *(column.name for column in columns)), make)
