"""Latitudes in decimal degrees, under a header that says so."""

from portico.lake.columns.base import ColumnType
from portico.lake.columns.degrees import LATITUDE as WHOLE
from portico.lake.columns.degrees import degrees
from portico.lake.model import Type

LATITUDE = ColumnType(
    name="latitude",
    logical=Type.NUMBER,
    conventions=degrees(WHOLE),
    accepts=(
        ("45,0703", 45.0703),
        ("45.0703", 45.0703),
        ("-33.8688", -33.8688),
        ("90", 90.0),
        ("-90,0", -90.0),
        ("0", 0.0),
        ("37,3361677", 37.3361677),
    ),
    refuses=(
        "",
        "91",
        "90.0001",
        "180",
        "4991234.5",
        "45°04'",
        "45.0703N",
        "45,0703.1",
        "450703",
        "45.",
        "45.07, 7.68",
    ),
    rank=380,
    header=r"\blat\b|latitud|\blat[a-z]? ?wgs|\blatwgs",
    needs_header=True,
    unit="deg",
    meaning="latitude",
)
LATITUDE_Y = ColumnType(
    name="latitude-y",
    logical=Type.NUMBER,
    # A y may be anything: only degrees with decimals, all of them.
    conventions=degrees(WHOLE, decimals="{1}"),
    accepts=(("45,0703", 45.0703), ("45.0703", 45.0703), ("-33.8688", -33.8688), ("90.0", 90.0)),
    refuses=("", "45", "431694", "304925.45", "90.5", "-91,1", "abc", "45.0703°"),
    rank=381,
    header=r"\by\b|\bgeoy\b|\bycoord\b|\bcoordy\b",
    needs_header=True,
    never_with=("[+-]?[0-9]+",),
    unit="deg",
    meaning="latitude",
)
