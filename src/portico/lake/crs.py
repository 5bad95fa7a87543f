"""Coordinate reference systems: named by whatever the file says, proven against where the places should be.

A system is written "EPSG:n" wherever its code can be known, else as the WKT it came as. ``EPSG:n`` followed by
``SWAPPED`` says that the numbers stand the other way round: northing or latitude first.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from itertools import product

from portico.geo import Box
from portico.lake.crs_known import ITALY, KNOWN, SAME, WORLD, Degrees, TransverseMercator

WGS84 = "EPSG:4326"
SWAPPED = "+yx"
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
_CODE = re.compile(r"(?:\+init=)?(EPSG|ESRI|OGC|CRS)\s*:{1,2}\s*([A-Z]*[0-9]+)", re.IGNORECASE)
_URN = re.compile(r"urn:(?:x-)?ogc:def:crs:(EPSG|ESRI|OGC):[^:]*:([A-Z]*[0-9]+)", re.IGNORECASE)
_URL = re.compile(
    r"https?://\S*?(?:(EPSG|ESRI|OGC)(?:/[0-9.]+)?[/:]|epsg\.xml#|epsg\.io/)([A-Z]*[0-9]+)/?", re.IGNORECASE
)
_NODE = re.compile(r'"((?:[^"]|"")*)"|([\[(])|([\])])|([A-Za-z_][A-Za-z0-9_]*)|([-+]?[0-9][0-9.]*(?:[eE][-+]?[0-9]+)?)')
_MARGIN_DEG = 1.0
_FARTHEST_ZONE_DEG = 7.0
"""From the middle of a place to the central meridian of a grid it may be kept in: its own zone or the next."""


# --- naming ---


def find(stated: str) -> str:
    """Return the system that ``stated`` names: "EPSG:n" where it can be known, else the text as it came.

    Reads codes, URNs and addresses of the OGC, WKT of either kind, PROJJSON and the names people use.

    >>> find("urn:ogc:def:crs:EPSG::3003"), find("Monte Mario / Italy zone 2"), find("urn:ogc:def:crs:OGC:1.3:CRS84")
    ('EPSG:3003', 'EPSG:3004', 'EPSG:4326')
    """
    text = stated.strip().lstrip("\ufeff")
    if text.endswith(SWAPPED):
        return find(text.removesuffix(SWAPPED)) + SWAPPED
    if text.isdigit():
        return _same(f"EPSG:{int(text)}")
    code = _coded(text)
    if code:
        return code
    if text.startswith("{"):
        return _projjson(text) or text
    if "[" in text or "(" in text:
        return _wkt(text) or _NAMES.get(_folded(text), text)
    return _NAMES.get(_folded(text), text)


def _coded(text: str) -> str:
    for pattern in (_CODE, _URN, _URL):
        found = pattern.fullmatch(text)
        if found:
            *authorities, code = found.groups()
            authority = next((one for one in authorities if one), "EPSG")
            return _same(f"{authority.upper()}:{code.upper()}")
    return ""


def _same(code: str) -> str:
    return SAME.get(code, code)


def _folded(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "", name.casefold())


_NAMES = {_folded(name): code for code, known in reversed(KNOWN.items()) for name in known.names}


def _projjson(text: str) -> str:
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return ""
    named = said.get("id") if isinstance(said, dict) else None
    if isinstance(named, dict) and named.get("authority") and named.get("code"):
        return _same(f"{named['authority']}:{named['code']}".upper())
    return _NAMES.get(_folded(str(said.get("name", ""))), "") if isinstance(said, dict) else ""


def _wkt(text: str) -> str:
    """Return the code of WKT: the one it names for itself, else the known grid with the same numbers and datum.

    The numbers come before the name: a file may be called Monte Mario and have its false easting changed.
    """
    nodes = _nodes(text)
    own = next((values for depth, key, values in nodes if depth == 1 and key in ("AUTHORITY", "ID")), [])
    if len(own) > 1 and str(own[0]).upper() in ("EPSG", "ESRI"):
        return _same(f"{own[0]}:{own[1]}".upper())
    if not nodes:
        return ""
    kind, name = nodes[0][1], str(nodes[0][2][0]) if nodes[0][2] else ""
    if kind in ("GEOGCS", "GEOGCRS", "GEODCRS", "BASEGEOGCRS"):
        by_name = _NAMES.get(_folded(name), "")
        return by_name if by_name and isinstance(KNOWN[by_name].projection, Degrees) else ""
    return _grid(nodes, name)


_Nodes = list[tuple[int, str, list[str]]]


def _nodes(text: str) -> _Nodes:
    """Return the nodes of WKT in order: how deep each stands, its keyword, its own values."""
    found: _Nodes = []
    open_nodes: list[list[str]] = []
    for quoted, opening, closing, word, number in _NODE.findall(text[:100_000]):
        if opening:
            if not found:
                return []
            open_nodes.append(found[-1][2])
        elif closing:
            if open_nodes:
                open_nodes.pop()
        elif word:
            found.append((len(open_nodes), word.upper(), []))
        elif open_nodes:
            open_nodes[-1].append(quoted or number)
    return found


_PARAMETERS = {
    "centralmeridian": "lon0",
    "longitudeofnaturalorigin": "lon0",
    "longitudeofcenter": "lon0",
    "scalefactor": "scale",
    "scalefactoratnaturalorigin": "scale",
    "falseeasting": "east",
    "falsenorthing": "north",
}


def _grid(nodes: _Nodes, name: str) -> str:
    """Return the known transverse Mercator grid with these numbers and this datum; nothing where none has them."""
    projection = next(
        (_folded(values[0]) for _, key, values in nodes if key in ("PROJECTION", "METHOD") and values), ""
    )
    by_name = _NAMES.get(_folded(name), "")
    if not projection.startswith(("transversemercator", "gausskruger")):
        return by_name if by_name and not isinstance(KNOWN[by_name].projection, TransverseMercator) else ""
    numbers = {"scale": 1.0, "east": 0.0, "north": 0.0, "lon0": 0.0}
    for _, key, values in nodes:
        if key == "PARAMETER" and len(values) > 1:
            numbers |= (
                {_PARAMETERS[_folded(values[0])]: _number(values[1])} if _folded(values[0]) in _PARAMETERS else {}
            )
    rome = next((_number(values[1]) for _, key, values in nodes if key == "PRIMEM" and len(values) > 1), 0.0)
    earth = next(
        (_number(values[1]) for _, key, values in nodes if key in ("SPHEROID", "ELLIPSOID") and values[1:]), 0.0
    )
    datum = _datum(
        " ".join(values[0] for _, key, values in nodes if key in ("DATUM", "GEOGCS", "BASEGEOGCRS") and values)
    )
    in_metres = all(
        abs(_number(values[1]) - 1) < 1e-9  # noqa: PLR2004
        for depth, key, values in nodes
        if depth == 1 and key in ("UNIT", "LENGTHUNIT") and len(values) > 1
    )
    if not in_metres:
        return ""
    fitting = [
        code
        for code, known in KNOWN.items()
        if isinstance(known.projection, TransverseMercator)
        and _is_same_grid(known.projection, numbers, rome, earth)
        and _is_of_datum(code, datum)
    ]
    return by_name if by_name in fitting else next(iter(fitting), "")


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def _datum(names: str) -> str:
    folded = _folded(names)
    for mark, datum in (
        ("montemario", "rome"),
        ("roma1940", "rome"),
        ("rome1940", "rome"),
        ("european1950", "ed50"),
        ("europeandatum1950", "ed50"),
        ("ed50", "ed50"),
        ("rdn2008", "rdn"),
        ("retedinamica", "rdn"),
        ("etrs", "etrs"),
        ("europeanterrestrial", "etrs"),
        ("wgs1984", "wgs"),
        ("wgs84", "wgs"),
        ("worldgeodeticsystem1984", "wgs"),
        ("osgb", "osgb"),
    ):
        if mark in folded:
            return datum
    return ""


_DATUMS = {
    "3003": "rome",
    "3004": "rome",
    "230": "ed50",
    "258": "etrs",
    "326": "wgs",
    "77": "rdn",
    "67": "rdn",
    "277": "osgb",
}


def _is_of_datum(code: str, datum: str) -> bool:
    """Say whether a known grid is of ``datum``; where none is named, the numbers of Gauss-Boaga give it away."""
    number = code.removeprefix("EPSG:")
    own = next((one for mark, one in sorted(_DATUMS.items(), reverse=True) if number.startswith(mark)), "")
    return own == datum or (own in ("rome", "osgb") and not datum)


def _is_same_grid(known: TransverseMercator, numbers: Mapping[str, float], rome: float, earth: float) -> bool:
    return (
        abs(known.lon0 - (numbers["lon0"] + rome)) < 1e-4  # noqa: PLR2004
        and abs(known.scale - numbers["scale"]) < 1e-7  # noqa: PLR2004
        and abs(known.false_east_m - numbers["east"]) < 0.01  # noqa: PLR2004
        and abs(known.false_north_m - numbers["north"]) < 0.01  # noqa: PLR2004
        and abs(known.ellipsoid[0] - earth) < 1  # another ellipsoid is hundreds of metres away
    )


# --- judging ---


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
    moved = f"ST_Transform({straight}, '{source.replace(chr(39), chr(39) * 2)}', '{WGS84}', always_xy := true)"
    return f"CASE WHEN isinf(ST_XMax({moved})) THEN NULL ELSE {moved} END"
