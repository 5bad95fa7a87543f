"""Geometry written as GeoJSON writes it, made into well-known binary (ISO, little-endian)."""

from __future__ import annotations

import math
import struct
from array import array
from collections.abc import Callable, Mapping, Sequence
from typing import Any

_POINT, _LINE, _POLYGON, _COLLECTION = 1, 2, 3, 7
_HIGH = 1000  # ISO adds this to the kind of a geometry with heights
_MANY = {"MultiPoint": (4, "Point"), "MultiLineString": (5, "LineString"), "MultiPolygon": (6, "Polygon")}
_DEEPEST = 16
_XY, _XYZ = 2, 3


class MalformedError(ValueError):
    """What stands there is no geometry."""


def from_geojson(geometry: Any) -> bytes | None:  # noqa: ANN401 - whatever stood in the document
    """Return the WKB of a GeoJSON geometry, nothing for null and for a point without coordinates.

    Coordinates may be numbers or numbers kept as they were written (a ``str`` of a class of its own, never ``str``
    itself). Heights are kept where every position has one. Rings are taken as they are: whether they close and cross
    is for a check to say. Raises MalformedError for anything else.

    >>> from_geojson({"type": "Point", "coordinates": [7.5, 45]}).hex()
    '01010000000000000000001e400000000000804640'
    """
    if geometry is None:
        return None
    if not isinstance(geometry, Mapping):
        raise MalformedError
    if geometry.get("type") == "Point" and geometry.get("coordinates") == []:
        return None
    return _any(geometry, 0)


def _any(geometry: Any, depth: int) -> bytes:  # noqa: ANN401
    if not isinstance(geometry, Mapping) or depth > _DEEPEST:
        raise MalformedError
    kind = geometry.get("type")
    if not isinstance(kind, str):
        raise MalformedError
    if kind == "GeometryCollection":
        parts = [_any(part, depth + 1) for part in _listed(geometry.get("geometries"))]
        return _head(_COLLECTION, 0) + struct.pack("<I", len(parts)) + b"".join(parts)
    coordinates = geometry.get("coordinates")
    if kind in _WRITERS:
        return _WRITERS[kind](coordinates, _dimensions(coordinates))
    if kind in _MANY:
        code, part = _MANY[kind]
        dimensions = _dimensions(coordinates)
        parts = [_WRITERS[part](one, dimensions) for one in _listed(coordinates)]
        return _head(code, dimensions) + struct.pack("<I", len(parts)) + b"".join(parts)
    raise MalformedError


def _head(code: int, dimensions: int) -> bytes:
    return struct.pack("<BI", 1, code + (_HIGH if dimensions == _XYZ else 0))


def _listed(value: Any) -> Sequence[Any]:  # noqa: ANN401
    if not isinstance(value, list):
        raise MalformedError
    return value


def _dimensions(coordinates: Any) -> int:  # noqa: ANN401
    """Return 3 where every position has a height, else 2."""
    if not isinstance(coordinates, list) or not coordinates:
        return _XY
    if isinstance(coordinates[0], list):
        return min(_dimensions(one) for one in coordinates if one != []) if any(coordinates) else _XY
    return min(len(coordinates), _XYZ)


def _point(position: Any, dimensions: int) -> bytes:  # noqa: ANN401
    return _head(_POINT, dimensions) + _numbers([position], dimensions)


def _line(positions: Any, dimensions: int) -> bytes:  # noqa: ANN401
    return _head(_LINE, dimensions) + _path(positions, dimensions)


def _polygon(rings: Any, dimensions: int) -> bytes:  # noqa: ANN401
    paths = [_path(ring, dimensions) for ring in _listed(rings)]
    return _head(_POLYGON, dimensions) + struct.pack("<I", len(paths)) + b"".join(paths)


_WRITERS: dict[str, Callable[[Any, int], bytes]] = {"Point": _point, "LineString": _line, "Polygon": _polygon}


def _path(positions: Any, dimensions: int) -> bytes:  # noqa: ANN401
    return struct.pack("<I", len(_listed(positions))) + _numbers(positions, dimensions)


def _numbers(positions: Sequence[Any], dimensions: int) -> bytes:
    """Return positions as doubles; each must hold at least ``dimensions`` finite numbers."""
    if any(not isinstance(one, list) or len(one) < dimensions for one in positions) or dimensions < _XY:
        raise MalformedError
    flat = [value for one in positions for value in one[:dimensions]]
    if not {type(value) for value in flat}.isdisjoint(_NO_NUMBERS):
        raise MalformedError
    try:
        doubles = array("d", map(float, flat))
    except (TypeError, ValueError, OverflowError) as error:
        raise MalformedError from error
    if not all(map(math.isfinite, doubles)):
        raise MalformedError
    if struct.pack("=I", 1) != struct.pack("<I", 1):
        doubles.byteswap()
    return doubles.tobytes()


_NO_NUMBERS = frozenset({str, bool, bytes, type(None)})
