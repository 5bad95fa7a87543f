"""Coordinates in metres, easting and northing, under headers that say so. Which system they are in is not said here."""

from portico.lake.columns.base import ColumnType, Convention, Writing
from portico.lake.columns.numerals import BOTH, Marks
from portico.lake.model import Type


def _metres(marks: Marks) -> Writing:
    number = "TRY_CAST(replace({x}, ',', '.') AS DOUBLE)" if marks.decimal == "," else "TRY_CAST({x} AS DOUBLE)"
    return Writing(f"1395123{marks.decimal}45", f"[+-]?[1-9][0-9]{{3,7}}([{marks.decimal}][0-9]{{1,30}})?", number)


_METRES = tuple(Convention(marks.name, (_metres(marks),)) for marks in BOTH)

EASTING = ColumnType(
    name="easting",
    logical=Type.NUMBER,
    conventions=_METRES,
    accepts=(
        ("330941", 330941.0),
        ("458058.16", 458058.16),
        ("1395123,45", 1395123.45),
        ("-7125.8838", -7125.8838),
        ("394567,0", 394567.0),
    ),
    refuses=("", "7.6869", "999", "0", "123456789", "1.395.123,45", "0330941", "33T 330941", "330941 E", "3.3e5"),
    rank=385,
    header=r"\bx\b|\best\b|\beast|\bgeox\b|\bxcoord\b|\bcoordx\b|\butmx\b|\butm (e|est)\b|\bxutm\b",
    needs_header=True,
    unit="m",
    meaning="easting",
)
NORTHING = ColumnType(
    name="northing",
    logical=Type.NUMBER,
    conventions=_METRES,
    accepts=(
        ("431694", 431694.0),
        ("304925.45", 304925.45),
        ("4991234,5", 4991234.5),
        ("5000000", 5000000.0),
        ("-7125.8838", -7125.8838),
    ),
    refuses=("", "45.0703", "999", "0", "123456789", "4.991.234,5", "0431694", "431694 N", "4.9e6", "5000km"),
    rank=385,
    header=r"\by\b|\bnord\b|\bnorth|\bgeoy\b|\bycoord\b|\bcoordy\b|\butmy\b|\butm (n|nord)\b|\byutm\b",
    needs_header=True,
    unit="m",
    meaning="northing",
)
