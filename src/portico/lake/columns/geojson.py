"""Geometry as GeoJSON."""

from portico.lake.columns.base import ColumnType, Writing, let, one, only_if, texts
from portico.lake.model import Type

_SPACE = r"[ \t\r\n]*"
_SIMPLE = "'Point', 'LineString', 'Polygon', 'MultiPoint', 'MultiLineString', 'MultiPolygon'"
_KIND = "json_extract_string(t, '$.type')"
_IS_GEOMETRY = let(
    "TRY_CAST({x} AS JSON)",
    f"({_KIND} IN ({_SIMPLE}) AND json_type(t, '$.coordinates') = 'ARRAY') "
    f"OR ({_KIND} = 'GeometryCollection' AND json_type(t, '$.geometries') = 'ARRAY')",
)

GEOJSON = ColumnType(
    name="geojson",
    logical=Type.TEXT,
    conventions=one(
        Writing(
            '{"type": "Point", "coordinates": […]}',
            rf'\{{{_SPACE}"(type|coordinates|geometries|crs|bbox)"{_SPACE}:[\s\S]*\}}',
            only_if(_IS_GEOMETRY),
        ),
    ),
    accepts=texts(
        '{"type": "Point", "coordinates": [7.68, 45.07]}',
        '{"type":"Point","coordinates":[7.68,45.07]}',
        '{"coordinates": [[7.6, 45.0], [7.7, 45.1]], "type": "LineString"}',
        '{\n  "type": "Polygon",\n  "coordinates": [[[7, 45], [8, 45], [8, 46], [7, 45]]]\n}',
        '{"type": "GeometryCollection", "geometries": [{"type": "Point", "coordinates": [7, 45]}]}',
    ),
    refuses=(
        "",
        "{}",
        '{"type": "Point"}',
        '{"type": "Point", "coordinates": [7.68, 45.07]',
        '{"type": "Point", "coordinates": 7}',
        '{"type": "point", "coordinates": [7.68, 45.07]}',
        '{"type": "Feature", "geometry": {"type": "Point", "coordinates": [7.68, 45.07]}}',
        '{"type": "Point", "coordinates": [7.68 45.07]}',
        "{'type': 'Point', 'coordinates': [7.68, 45.07]}",
        '{"name": "Point"}',
        "[7.68, 45.07]",
    ),
    rank=100,
)
