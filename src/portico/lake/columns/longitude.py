"""Longitudes in decimal degrees, under a header that says so."""

from portico.lake.columns.base import ColumnType
from portico.lake.columns.degrees import LONGITUDE as WHOLE
from portico.lake.columns.degrees import degrees
from portico.lake.model import Type

LONGITUDE = ColumnType(
    name="longitude",
    logical=Type.NUMBER,
    conventions=degrees(WHOLE),
    accepts=(
        ("7,6869", 7.6869),
        ("7.6869", 7.6869),
        ("-73.9857", -73.9857),
        ("180", 180.0),
        ("-180,0", -180.0),
        ("07.6869", 7.6869),
        ("0", 0.0),
        ("13,5880717", 13.5880717),
    ),
    refuses=(
        "",
        "181",
        "180.0001",
        "1395123.4",
        "7°41'",
        "7.6869E",
        "7,6869.1",
        "999",
        "1.234.567",
        "7.",
        "45.07, 7.68",
    ),
    rank=380,
    header=r"\blon\b|\blng\b|\blong\b|longitud|\blon[a-z]? ?wgs|\blonwgs",
    needs_header=True,
    unit="deg",
    meaning="longitude",
)
LONGITUDE_X = ColumnType(
    name="longitude-x",
    logical=Type.NUMBER,
    # An x may be anything: only degrees with decimals, all of them.
    conventions=degrees(WHOLE, decimals="{1}"),
    accepts=(("7,6869", 7.6869), ("7.6869", 7.6869), ("-1.747586", -1.747586), ("180.0", 180.0)),
    refuses=("", "7", "330941", "458058.16", "180.5", "-190,1", "abc", "7.6869°"),
    rank=381,
    header=r"\bx\b|\bgeox\b|\bxcoord\b|\bcoordx\b",
    needs_header=True,
    never_with=("[+-]?[0-9]+",),
    unit="deg",
    meaning="longitude",
)
