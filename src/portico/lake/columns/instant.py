"""Moments: date and time with a zone, kept in UTC."""

from datetime import UTC, datetime

from portico.lake.columns.base import ColumnType, Writing, one
from portico.lake.columns.orders import DAY, HOUR, MONTH, SIXTY, YEAR
from portico.lake.model import Type

_DAY = f"{YEAR}-{MONTH}-{DAY}"
_POINTED = "replace({x}, ',', '.')"
_OFFSET = "[+-](0[0-9]|1[0-4])(:?[0-5][0-9])?"


def _canonical(sql: str) -> str:
    """Return ``sql`` with seconds where they are left out, no blank before the zone, and Z for its other names."""
    zone = f"regexp_replace({sql}, ' ?(z|UTC|GMT)$', 'Z')"
    close = f"regexp_replace({zone}, ' ([+-])', '\\1')"
    return f"regexp_replace({close}, '([T ][0-9]{{1,2}}:[0-9]{{2}})(Z|[+-])', '\\1:00\\2')"


INSTANT = ColumnType(
    name="instant",
    logical=Type.INSTANT,
    conventions=one(
        Writing(
            "yyyy-mm-ddThh:mm:ssZ",
            rf"{_DAY}[T ]{HOUR}:{SIXTY}:{SIXTY}(\.[0-9]{{1,9}})?(Z|{_OFFSET})",
            "TRY_CAST({x} AS TIMESTAMPTZ)",
        ),
        Writing(
            "yyyy-mm-dd hh:mm +hh:mm",
            rf"{_DAY}[T ]{HOUR}:{SIXTY}(:{SIXTY}([.,][0-9]{{1,9}})?)? ?(Z|z|UTC|GMT|{_OFFSET})",
            f"TRY_CAST({_canonical(_POINTED)} AS TIMESTAMPTZ)",
        ),
    ),
    accepts=(
        ("2024-01-31T10:05:06Z", datetime(2024, 1, 31, 10, 5, 6, tzinfo=UTC)),
        ("2024-01-31T10:05:06.250Z", datetime(2024, 1, 31, 10, 5, 6, 250000, tzinfo=UTC)),
        ("2024-01-31T10:05:06+01:00", datetime(2024, 1, 31, 9, 5, 6, tzinfo=UTC)),
        ("2024-07-31 10:05:06+0200", datetime(2024, 7, 31, 8, 5, 6, tzinfo=UTC)),
        ("2024-01-31 10:05:06+01", datetime(2024, 1, 31, 9, 5, 6, tzinfo=UTC)),
        ("2024-01-31T10:05Z", datetime(2024, 1, 31, 10, 5, tzinfo=UTC)),
        ("2024-01-31T10:05+01:00", datetime(2024, 1, 31, 9, 5, tzinfo=UTC)),
        ("2024-01-31 10:05:06 -05:00", datetime(2024, 1, 31, 15, 5, 6, tzinfo=UTC)),
        ("2024-01-31 10:05:06 UTC", datetime(2024, 1, 31, 10, 5, 6, tzinfo=UTC)),
        ("2024-01-31 10:05:06 GMT", datetime(2024, 1, 31, 10, 5, 6, tzinfo=UTC)),
        ("2024-01-31 10:05:06z", datetime(2024, 1, 31, 10, 5, 6, tzinfo=UTC)),
        ("2024-12-31T23:30:00-01:00", datetime(2025, 1, 1, 0, 30, tzinfo=UTC)),
    ),
    refuses=(
        "",
        "2024-01-31T10:05:06",
        "2024-01-31Z",
        "2024-02-30T10:05:06Z",
        "2024-01-31T24:00:00Z",
        "2024-01-31T10:05:06+25:00",
        "2024-01-31T10:05:06+01:60",
        "2024-01-31T10:05:06 CET",
        "2024-01-31T10:05:06ZZ",
        "31/01/2024 10:05:06Z",
        "1706695506Z",
        "2024-01-31T10Z",
    ),
    rank=320,
    # Without a zone it is what a clock showed somewhere, not a moment.
    never_with=(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}[T ][0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.,][0-9]+)?)?",),
)
