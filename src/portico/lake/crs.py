"""Coordinate reference systems: proven against where the places should be, and the way from them to EPSG:4326.

Systems are written as ``find`` writes them. One that counts northing or latitude first ends in ``SWAPPED``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import product

from portico.geo import Box, Point, distance_m
from portico.lake.crs_known import ITALY, KNOWN, MAINLAND, PROJ_TEXTS, REGIONS, WORLD, Degrees, TransverseMercator
from portico.lake.crs_names import SWAPPED, WGS84, find

__all__ = [
    "ACCURACY_M",
    "SWAPPED",
    "WGS84",
    "Extent",
    "accuracy_m",
    "apart_m",
    "find",
    "guess",
    "is_degrees",
    "plausible",
    "to_4326_sql",
]

Extent = tuple[float, float, float, float]
"""Least x, least y, greatest x, greatest y, in source coordinates."""

ACCURACY_M: Mapping[str, float] = {code: known.accuracy_m for code, known in KNOWN.items()}
"""How far, in metres, the way from a system to EPSG:4326 may be off; the source of each is named in ``crs_known``."""

# What coordinates without a system may be, likeliest first. Systems whose numbers agree to a metre are one candidate:
# ETRS89 and RDN2008 stand behind WGS 84.
_GUESSES = (
    WGS84,
    *(f"EPSG:326{zone}" for zone in range(29, 36)),
    "EPSG:3003",
    "EPSG:3004",
    *(f"EPSG:230{zone}" for zone in range(29, 36)),
    "EPSG:3857",
    "EPSG:3035",
    "EPSG:27700",
)
_MARGIN_DEG = 1.0
_FARTHEST_ZONE_DEG = 7.0
"""From the middle of a place to the central meridian of a grid it may be kept in: its own zone or the next."""


def accuracy_m(crs: str) -> float | None:
    """Return how far, in metres, the way from ``crs`` to EPSG:4326 may be off; nothing where it is not known."""
    return ACCURACY_M.get(find(crs).removesuffix(SWAPPED))


def is_degrees(crs: str) -> bool:
    """Say whether ``crs`` is known to count in degrees of longitude and latitude."""
    known = KNOWN.get(find(crs).removesuffix(SWAPPED))
    return known is not None and isinstance(known.projection, Degrees)


def plausible(crs: str, extent_xy: Extent, city_box: Box | None = None) -> bool:
    """Say whether places with ``extent_xy`` in ``crs`` can be where the system is used and touch ``city_box``.

    ``city_box`` is in EPSG:4326. A system that is not among the known ones cannot be judged and passes.
    """
    code = find(crs)
    known = KNOWN.get(code.removesuffix(SWAPPED))
    if known is None:
        return True
    box = _lonlat_box(code, extent_xy)
    if box is None or not _within(box, _grown(known.area)):
        return False
    return city_box is None or _touch(box, _grown(city_box, 0.1))


def guess(extent_xy: Extent, city_box: Box | None = None) -> tuple[str, ...]:
    """Return the systems that would put places with ``extent_xy`` in ``city_box`` (Italy where none is given).

    Likeliest first; several where the numbers cannot tell them apart (WGS 84 and ED50 in UTM lie 200 m from each
    other). The other order of axes is tried only where no system fits as the numbers stand.

    >>> guess((1396000, 4991000, 1397000, 4992000), Box(7.5, 45.0, 7.8, 45.2)), guess((45.0, 7.5, 45.1, 7.7))
    (('EPSG:3003',), ('EPSG:4326+yx',))
    """
    return _fitting("", extent_xy, city_box) or _fitting(SWAPPED, extent_xy, city_box)


def apart_m(one: str, other: str, extent_xy: Extent) -> float | None:
    """Return how far apart, in metres, two systems put the middle of an extent; nothing where that cannot be said.

    The shift between datums is left out: what differs in nothing else comes out as 0 and lies up to 250 m apart.

    >>> round(apart_m("EPSG:32632", "EPSG:32633", (396000, 4991000, 397000, 4992000)) / 1000)
    473
    """
    middle_x, middle_y = (extent_xy[0] + extent_xy[2]) / 2, (extent_xy[1] + extent_xy[3]) / 2
    boxes = [_lonlat_box(code, (middle_x, middle_y, middle_x, middle_y)) for code in (one, other)]
    start, end = (Point(box.west, box.south) if box else None for box in boxes)
    return distance_m(start, end) if start and end else None


def _fitting(order: str, extent_xy: Extent, city_box: Box | None) -> tuple[str, ...]:
    """Return what fits; a table of the whole country fits a neighbouring zone too, but lies in the sea there."""
    found = [code + order for code in _GUESSES if _fits(code + order, extent_xy, city_box or ITALY)]
    if city_box is None or _within(city_box, ITALY):
        at_home = [code for code in found if _is_within_italy(code, extent_xy)]
        return tuple(at_home if at_home or city_box is None else found)
    return tuple(found)


def _fits(code: str, extent_xy: Extent, target: Box) -> bool:
    projection = KNOWN[code.removesuffix(SWAPPED)].projection
    middle = (target.west + target.east) / 2
    if isinstance(projection, TransverseMercator) and abs(projection.lon0 - middle) > _FARTHEST_ZONE_DEG:
        return False
    return plausible(code, extent_xy, target)


def _is_within_italy(code: str, extent_xy: Extent) -> bool:
    box = _lonlat_box(code, extent_xy)
    return box is not None and _within(box, _grown(ITALY, 1.5))


def _lonlat_box(code: str, extent_xy: Extent) -> Box | None:
    """Return about where an extent lies, in degrees; nothing where it lies nowhere."""
    if not all(math.isfinite(value) for value in extent_xy):
        return None
    projection = KNOWN[code.removesuffix(SWAPPED)].projection
    low_x, low_y, high_x, high_y = extent_xy
    corners = product((low_x, (low_x + high_x) / 2, high_x), (low_y, (low_y + high_y) / 2, high_y))
    points = [projection.lonlat(y, x) if code.endswith(SWAPPED) else projection.lonlat(x, y) for x, y in corners]
    there = [point for point in points if point is not None]
    if len(there) < len(points):
        return None
    lons, lats = [point.lon for point in there], [point.lat for point in there]
    return Box(min(lons), min(lats), max(lons), max(lats))


def _grown(box: Box, margin_deg: float = _MARGIN_DEG) -> Box:
    if box == WORLD:
        return box
    return Box(box.west - margin_deg, box.south - margin_deg, box.east + margin_deg, box.north + margin_deg)


def _within(inner: Box, outer: Box) -> bool:
    return (
        outer.west <= inner.west
        and inner.east <= outer.east
        and outer.south <= inner.south
        and inner.north <= outer.north
    )


def _touch(one: Box, other: Box) -> bool:
    return one.west <= other.east and other.west <= one.east and one.south <= other.north and other.south <= one.north


# --- transforming ---


def to_4326_sql(expression: str, crs: str) -> str:
    """Return the SQL of a geometry ``expression`` in ``crs`` brought to EPSG:4326, x = longitude.

    NULL where a place lies outside all that the projection can say (PROJ answers with infinity). The engine raises
    where it does not know ``crs``.
    """
    code = find(crs)
    straight = f"ST_FlipCoordinates({expression})" if code.endswith(SWAPPED) else expression
    source = code.removesuffix(SWAPPED)
    if source == WGS84:
        return straight
    moved = f"ST_Transform({straight}, {_source_sql(source, straight)}, '{WGS84}', always_xy := true)"
    return f"CASE WHEN isinf(ST_XMax({moved})) THEN NULL ELSE {moved} END"


def _source_sql(code: str, geometry: str) -> str:
    """Return the SQL of what PROJ is told of a system: its code or WKT, or the parameters that hold for a shape."""
    if code not in REGIONS:
        return "'" + code.replace("'", "''") + "'"
    x, y = (f"(ST_{axis}Min({geometry}) + ST_{axis}Max({geometry})) / 2" for axis in "XY")
    cases = [
        f"WHEN {x} BETWEEN {one.west} AND {one.east} AND {y} BETWEEN {one.south} AND {one.north} "
        f"THEN '{_with_shift(code, one.towgs84)}'"
        for one in REGIONS[code]
    ]
    return f"CASE {' '.join(cases)} ELSE '{_with_shift(code, MAINLAND)}' END"


def _with_shift(code: str, towgs84: str) -> str:
    return f"{PROJ_TEXTS[code]} +towgs84={towgs84} +no_defs +type=crs"
