"""Coordinate reference systems by name: codes, the OGC's addresses, WKT, PROJJSON, and what people call them.

A system is written "EPSG:n" wherever its code can be known, else as the text it came as. ``EPSG:n`` followed by
``SWAPPED`` says that the numbers stand the other way round: northing or latitude first.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping

from portico.lake.crs_known import KNOWN, SAME, Degrees, TransverseMercator

WGS84 = "EPSG:4326"
SWAPPED = "+yx"
_CODE = re.compile(r"(?:\+init=)?(EPSG|ESRI|OGC|CRS)\s*:{1,2}\s*([A-Z]*[0-9]+)", re.IGNORECASE)
_URN = re.compile(r"urn:(?:x-)?ogc:def:crs:(EPSG|ESRI|OGC):[^:]*:([A-Z]*[0-9]+)", re.IGNORECASE)
_URL = re.compile(
    r"https?://\S*?(?:(EPSG|ESRI|OGC)(?:/[0-9.]+)?[/:]|epsg\.xml#|epsg\.io/)([A-Z]*[0-9]+)/?", re.IGNORECASE
)
_NODE = re.compile(r'"((?:[^"]|"")*)"|([\[(])|([\])])|([A-Za-z_][A-Za-z0-9_]*)|([-+]?[0-9][0-9.]*(?:[eE][-+]?[0-9]+)?)')


def find(stated: str) -> str:
    """Return the system that ``stated`` names: "EPSG:n" where it can be known, else the text as it came.

    Reads codes, URNs and addresses of the OGC, WKT of either kind, PROJJSON and the names people use.

    >>> find("urn:ogc:def:crs:EPSG::3003"), find("Monte Mario / Italy zone 2"), find("urn:ogc:def:crs:OGC:1.3:CRS84")
    ('EPSG:3003', 'EPSG:3004', 'EPSG:4326')
    """
    text = stated.strip().lstrip("\ufeff")
    if text.endswith(SWAPPED):
        return find(text.removesuffix(SWAPPED)) + SWAPPED
    if text.isascii() and text.isdecimal():
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
