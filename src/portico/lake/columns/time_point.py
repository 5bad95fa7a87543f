"""Times of day with a point, as Italian writes them, under a header that says so: without one they are decimals."""

from datetime import time

from portico.lake.columns.base import ColumnType, Writing, one
from portico.lake.columns.orders import HOUR, SIXTY
from portico.lake.model import Type

TIME_POINT = ColumnType(
    name="time-point",
    logical=Type.TIME,
    conventions=one(
        Writing("hh.mm", rf"{HOUR}\.{SIXTY}(\.{SIXTY})?", "TRY_CAST(replace({x}, '.', ':') AS TIME)"),
        Writing("hh:mm", f"{HOUR}:{SIXTY}(:{SIXTY})?", "TRY_CAST({x} AS TIME)"),
    ),
    accepts=(
        ("08.30", time(8, 30)),
        ("8.30", time(8, 30)),
        ("23.59.59", time(23, 59, 59)),
        ("00.00", time(0, 0)),
        ("08:30", time(8, 30)),
    ),
    refuses=("", "24.00", "8.3", "8.60", "8,30", "0830", "8", "08.30.60", "25.10.00", "ore 8.30", "8.30 PM", "-1.00"),
    rank=335,
    header=r"\bora\b|\borari[oa]?\b",
    needs_header=True,
    # Hours with decimals, and timetables that count on beyond midnight, are no times of day.
    never_with=(r"[0-9]+[.,]([0-9]|[6-9][0-9])", rf"(2[4-9]|[3-9][0-9]|[0-9]{{3}})[.:]{SIXTY}([.:]{SIXTY})?"),
)
