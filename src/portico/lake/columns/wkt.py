"""Geometry as well-known text, with or without the number of its coordinate system."""

from portico.lake.columns.base import ColumnType, Writing, any_case, one, texts
from portico.lake.model import Type

_SIMPLE = any_case("point|linestring|polygon|multipoint|multilinestring|multipolygon")
_SPACE = r"[ \t\r\n]*"
_BEFORE = f"({any_case('srid')}=[0-9]{{1,6}};{_SPACE})?"
_DIMENSION = rf"( ?({any_case('z|m|zm')}))?{_SPACE}"
_EMPTY = f" ({any_case('empty')})"

WKT = ColumnType(
    name="wkt",
    logical=Type.TEXT,
    conventions=one(
        Writing("POINT (7.68 45.07)", rf"{_BEFORE}({_SIMPLE}){_DIMENSION}(\([0-9eE+., ()\t\r\n-]+\)|{_EMPTY})"),
        Writing(
            "GEOMETRYCOLLECTION (…)",
            rf"{_BEFORE}({any_case('geometrycollection')}){_DIMENSION}(\([A-Za-z0-9+., ()\t\r\n-]+\)|{_EMPTY})",
        ),
    ),
    accepts=texts(
        "POINT (7.68 45.07)",
        "POINT(7.68 45.07)",
        "Point (7.68 45.07)",
        "SRID=4326;POINT(7.68 45.07)",
        "POINT Z (7.68 45.07 240)",
        "LINESTRING (7.6 45.0, 7.7 45.1)",
        "MULTIPOLYGON (((7 45, 8 45, 8 46, 7 45)), ((1 1, 2 1, 2 2, 1 1)))",
        "GEOMETRYCOLLECTION (POINT (7 45), LINESTRING (7 45, 8 46))",
        "POLYGON ((1e1 -5.2, 2 3,\n4 5, 1e1 -5.2))",
    ),
    refuses=(
        "",
        "POINT",
        "POINT 7.68 45.07",
        "POINT (7,68 A)",
        "POINTS (7.68 45.07)",
        "POINT (7.68 45.07",
        "point of interest",
        "Polygon (area)",
        "7.68 45.07",
        "CIRCLE (7 45, 3)",
    ),
    rank=100,
)
