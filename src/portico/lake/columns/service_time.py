"""Times that count on beyond 24 hours: timetables of the day before, durations. They stay text."""

from portico.lake.columns.base import ANYTHING, ColumnType, Writing, one, texts
from portico.lake.columns.orders import SIXTY
from portico.lake.model import Type

SERVICE_TIME = ColumnType(
    name="service-time",
    logical=Type.TEXT,
    conventions=one(Writing("hh:mm:ss", f"[0-9]{{1,3}}:{SIXTY}(:{SIXTY})?")),
    accepts=texts("25:10:00", "24:00:00", "9:05:06", "09:05", "120:30:00", "36:15"),
    refuses=(
        "",
        "25",
        "25:60:00",
        "25:1:00",
        "1000:00:00",
        "25:10:00 PM",
        "-1:00:00",
        "25.10",
        "25:10:00.5",
        "1:2:3:4",
    ),
    # Behind the times of day, which an hour of 24 and more forbids.
    rank=340,
    never_with=(ANYTHING,),
)
