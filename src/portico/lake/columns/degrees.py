"""Decimal degrees: what longitudes and latitudes are made of."""

from __future__ import annotations

from portico.lake.columns.base import Convention, Writing
from portico.lake.columns.numerals import BOTH, Marks

LONGITUDE = "(180|1[0-7][0-9]|0{0,2}[0-9]|0?[1-9][0-9])"
LATITUDE = "(90|0?[0-9]|[1-8][0-9])"
_LIMITS = {LONGITUDE: "180", LATITUDE: "90"}
_LIKE = {LONGITUDE: "7{0}6869", LATITUDE: "45{0}0703"}


def degrees(whole: str, *, decimals: str = "?") -> tuple[Convention, ...]:
    """Return the conventions of degrees whose whole part fits ``whole``; ``decimals="{1}"`` wants a decimal part."""
    return tuple(Convention(marks.name, (_writing(whole, decimals, marks),)) for marks in BOTH)


def _writing(whole: str, decimals: str, marks: Marks) -> Writing:
    number = "TRY_CAST(replace({x}, ',', '.') AS DOUBLE)" if marks.decimal == "," else "TRY_CAST({x} AS DOUBLE)"
    value = f"CASE WHEN abs({number}) <= {_LIMITS[whole]} THEN {number} END"
    return Writing(_LIKE[whole].format(marks.decimal), f"[+-]?{whole}([{marks.decimal}][0-9]{{1,30}}){decimals}", value)
