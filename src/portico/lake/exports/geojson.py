"""GeoJSON by RFC 7946: longitude and latitude in WGS 84 with every digit, outer rings counterclockwise.

Licence and citation are members of the collection beside its features. A place without extent is null, as is a number
that is none.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from portico.lake.exports.base import Export, as_json_text, as_text, text_literal
from portico.lake.identity import quoted
from portico.lake.model import Column, Type

_PLAIN_JSON = (Type.INTEGER, Type.BOOLEAN)
_ROUND_SHAPES = ('{"type":"Polygon"', '{"type":"MultiPolygon"', '{"type":"GeometryCollection"')


def lines(export: Export) -> Iterator[str]:
    """Yield the GeoJSON of a version, one feature a line, as it is read. The version has a geometry."""
    head = {"type": "FeatureCollection", **{name: text for name, text in export.notes.items() if text}}
    yield as_json_text(head)[:-1] + ', "features": [\n'
    geometry = quoted(export.geometry.name if export.geometry else "")
    place = f"CASE WHEN NOT ST_IsEmpty({geometry}) THEN ST_AsGeoJSON({geometry})::VARCHAR END"
    between = ""
    for properties, shape in export.rows(f"SELECT {_properties(export.plain)}, {place} FROM {export.relation}"):
        yield f'{between}{{"type":"Feature","properties":{properties},"geometry":{_wound(shape)}}}'
        between = ",\n"
    yield "\n]}\n"


def write(export: Export, path: Path) -> None:
    """Write a version as GeoJSON."""
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(lines(export))


def _properties(columns: Sequence[Column]) -> str:
    """Return the SQL of the properties of a feature, as JSON text."""
    members = [f"{text_literal(as_json_text(column.name) + ':')}, {_value(column)}" for column in columns]
    listed = ", ',', ".join(members)
    return f"concat('{{', {listed}, '}}')" if members else "'{}'"


def _value(column: Column) -> str:
    name = quoted(column.name)
    if column.type in _PLAIN_JSON:
        return f"coalesce({name}::VARCHAR, 'null')"
    if column.type is Type.NUMBER:
        return f"CASE WHEN isfinite({name}) THEN {name}::VARCHAR ELSE 'null' END"
    return f"coalesce(to_json({as_text(column)})::VARCHAR, 'null')"


def _wound(shape: str | None) -> str:
    """Return a geometry whose outer rings run counterclockwise and inner ones clockwise, as the RFC asks."""
    if shape is None or not shape.startswith(_ROUND_SHAPES):
        return shape or "null"
    return json.dumps(_turned(json.loads(shape)), separators=(",", ":"))


def _turned(shape: dict[str, Any]) -> dict[str, Any]:
    kind = shape["type"]
    if kind == "GeometryCollection":
        return {**shape, "geometries": [_turned(one) for one in shape["geometries"]]}
    if kind == "Polygon":
        return {**shape, "coordinates": _rings(shape["coordinates"])}
    if kind == "MultiPolygon":
        return {**shape, "coordinates": [_rings(one) for one in shape["coordinates"]]}
    return shape


def _rings(rings: Sequence[list[list[float]]]) -> list[list[list[float]]]:
    return [ring if (_doubled_area(ring) >= 0) == (place == 0) else ring[::-1] for place, ring in enumerate(rings)]


def _doubled_area(ring: Sequence[Sequence[float]]) -> float:
    """Return twice the area of a closed ring, positive where it runs counterclockwise.

    Measured from its first point, so that the digits of far-off coordinates do not swallow those of the area.
    """
    if not ring:
        return 0.0
    x, y = ring[0][0], ring[0][1]
    around = itertools.pairwise(ring)
    return sum((a[0] - x) * (b[1] - y) - (b[0] - x) * (a[1] - y) for a, b in around)
