"""A latitude and a longitude in one cell, in decimal degrees with points. Which is first is decided with the place."""

from portico.lake.columns.base import ColumnType, Writing, one, texts
from portico.lake.model import Type

_DEGREES = r"[+-]?(180|1[0-7][0-9]|[0-9]{1,2})\.[0-9]{2,20}"
_BETWEEN = r"( ?[,;] ?| )"

COORDINATE_PAIR = ColumnType(
    name="coordinate-pair",
    logical=Type.TEXT,
    conventions=one(
        Writing("45.07, 7.68", f"{_DEGREES}{_BETWEEN}{_DEGREES}"),
        Writing("(45.07, 7.68)", rf"\({_DEGREES}{_BETWEEN}{_DEGREES}\)|\[{_DEGREES}{_BETWEEN}{_DEGREES}\]"),
    ),
    accepts=texts(
        "45.07, 7.68",
        "(45.07,7.68)",
        "45.0703393 7.6869005",
        "[7.6869,45.0703]",
        "-33.8688; 151.2093",
        "40.7128,-74.0060",
    ),
    # With a comma inside the numbers nobody can tell which comma parts them.
    refuses=(
        "",
        "45.07",
        "45.07,",
        "45,07 7,68",
        "45, 7",
        "1.5,2.5",
        "45.07, 190.00",
        "(45.07, 7.68",
        "45.07 - 7.68",
        "POINT (7.68 45.07)",
    ),
    rank=115,
)
