"""Dates in every usual order. Day first or month first is decided by the whole column."""

from portico.lake.columns.base import ColumnType, Convention, Writing
from portico.lake.model import Type

_DAY = "(0?[1-9]|[12][0-9]|3[01])"
_MONTH = "(0?[1-9]|1[0-2])"
_YEAR = "(1[0-9]{3}|20[0-9]{2}|21[0-9]{2}|9999)"


def _parsed(format_: str, pattern: str, directive: str) -> Writing:
    return Writing(format_, pattern, f"CAST(TRY_STRPTIME({{x}}, '{directive}') AS DATE)")


_ISO = (
    _parsed("yyyy-mm-dd", f"{_YEAR}-{_MONTH}-{_DAY}", "%Y-%m-%d"),
    _parsed("yyyy/mm/dd", f"{_YEAR}/{_MONTH}/{_DAY}", "%Y/%m/%d"),
)
# To be completed: dd-mm-yyyy, dd.mm.yyyy, two-digit years (00-68 → 20xx), month names in Italian and English,
# yyyymmdd under a header that speaks of a date.
DATE = ColumnType(
    name="date",
    logical=Type.DATE,
    conventions=(
        Convention("day-first", (*_ISO, _parsed("dd/mm/yyyy", f"{_DAY}/{_MONTH}/{_YEAR}", "%d/%m/%Y"))),
        Convention("month-first", (*_ISO, _parsed("mm/dd/yyyy", f"{_MONTH}/{_DAY}/{_YEAR}", "%m/%d/%Y"))),
    ),
    accepts=(),
    refuses=("", "31/02/2024", "2024-13-01", "32/01/2024", "12"),
    rank=300,
)
