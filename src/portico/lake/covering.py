"""Which rows of a version cover a place: their areas hold all of it, or a part of it."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass

from portico.errors import UnknownNameError
from portico.geo import Point
from portico.lake.drawing import place_column
from portico.lake.identity import quoted
from portico.lake.lake import Lake
from portico.lake.model import Version
from portico.lake.reading import asked, chosen

_METRES_A_DEGREE = 111_320.0
_CORNERS = 24


@dataclass(frozen=True, slots=True)
class Covering:
    """A row that covers a place: its number in the version, from 1, what stands in the column asked for, and whether
    it covers all of the place.
    """  # noqa: D205 - one sentence

    row: int
    value: str
    whole: bool


def covering(lake: Lake, wanted: Version, point: Point, metres: float, column: str = "") -> tuple[Covering, ...]:
    """Return the rows of a version whose areas meet the circle of ``metres`` around ``point`` (EPSG:4326).

    Lines and points meet it too and never cover all of it. Raises UnknownNameError for a version without places or
    without ``column``, StateError where its file is gone or damaged.
    """
    place = place_column(wanted)
    if place is None:
        raise UnknownNameError("dataset-without-places", dataset=wanted.dataset)
    value = f"{quoted(chosen(wanted, [column])[0].name)}::VARCHAR" if column else "''"
    where = f"ST_MakeValid(ST_Force2D({quoted(place.name)}::GEOMETRY))"
    query = (
        f"SELECT n, v, ST_Contains(a, c) FROM (SELECT file_row_number + 1 AS n, {value} AS v, {where} AS a, "
        f"ST_GeomFromGeoJSON(?) AS c FROM read_parquet(?, file_row_number = true) "
        f"WHERE {quoted(place.name)} IS NOT NULL) WHERE ST_Intersects(a, c) ORDER BY n"
    )
    path = str(lake.objects.path(wanted.file))
    found = asked(lake, wanted, query, [json.dumps(circle(point, metres)), path], spatial=True)
    return tuple(Covering(int(number), str(text or ""), bool(whole)) for number, text, whole in found)


def has_unplaced(lake: Lake, wanted: Version) -> bool:
    """Say whether some row of a version has no place: it may be anywhere. Raises as ``covering`` does."""
    place = place_column(wanted)
    if place is None:
        raise UnknownNameError("dataset-without-places", dataset=wanted.dataset)
    query = f"SELECT 1 FROM read_parquet(?) WHERE {quoted(place.name)} IS NULL LIMIT 1"
    return bool(asked(lake, wanted, query, [str(lake.objects.path(wanted.file))], spatial=True))


def circle(point: Point, metres: float) -> dict[str, object]:
    """Return the circle of ``metres`` around ``point`` as a GeoJSON polygon of 24 corners that holds all of it.

    >>> circle(Point(7.65, 45.05), 100.0)["type"]
    'Polygon'
    """
    reach = max(metres, 0.01) / math.cos(math.pi / _CORNERS) / _METRES_A_DEGREE
    wide = reach / max(math.cos(math.radians(point.lat)), 0.01)
    turns = [2 * math.pi * corner / _CORNERS for corner in range(_CORNERS)]
    ring = [[point.lon + wide * math.cos(turn), point.lat + reach * math.sin(turn)] for turn in turns]
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
