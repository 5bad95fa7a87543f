"""Times of day."""

from datetime import time

from portico.lake.columns.base import ColumnType, Writing, one
from portico.lake.columns.orders import HOUR, SIXTY
from portico.lake.model import Type

TIME = ColumnType(
    name="time",
    logical=Type.TIME,
    conventions=one(
        Writing("hh:mm:ss", rf"{HOUR}:{SIXTY}(:{SIXTY}(\.[0-9]{{1,6}})?)?", "TRY_CAST({x} AS TIME)"),
        Writing(
            "hh:mm am/pm",
            f"(0?[1-9]|1[0-2]):{SIXTY}(:{SIXTY})? [AaPp][Mm]",
            "CAST(TRY_STRPTIME({x}, ['%I:%M:%S %p', '%I:%M %p']) AS TIME)",
        ),
    ),
    accepts=(
        ("00:00", time(0, 0)),
        ("9:05", time(9, 5)),
        ("09:05:06", time(9, 5, 6)),
        ("23:59:59", time(23, 59, 59)),
        ("09:05:06.5", time(9, 5, 6, 500000)),
        ("3:05 PM", time(15, 5)),
        ("12:00:30 am", time(0, 0, 30)),
    ),
    refuses=(
        "",
        "24:00",
        "25:10:00",
        "9:5",
        "09:60",
        "09:05:60",
        "0905",
        "9.05",
        "13:05 PM",
        "00:05 AM",
        "9",
        "09:05:06Z",
        "-1:00",
    ),
    rank=330,
    # Timetables count on beyond midnight, and durations beyond a day: such a column holds no times of day.
    never_with=(f"(2[4-9]|[3-9][0-9]|[0-9]{{3}}):{SIXTY}(:{SIXTY})?",),
)
