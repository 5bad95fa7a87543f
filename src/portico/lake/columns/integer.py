"""Whole numbers, plain or with dots, commas, apostrophes or blanks between the thousands."""

from portico.lake.columns.base import ColumnType, Convention, Writing
from portico.lake.model import Type

_PLAIN = Writing("0", "[+-]?(0|[1-9][0-9]{0,18})", "TRY_CAST({x} AS BIGINT)")


def _grouped(format_: str, mark: str, pattern: str) -> Writing:
    digits = f"[+-]?[1-9][0-9]{{0,2}}({pattern}[0-9]{{3}}){{1,5}}"
    return Writing(format_, digits, f"TRY_CAST(replace({{x}}, '{mark}', '') AS BIGINT)")


INTEGER = ColumnType(
    name="integer",
    logical=Type.INTEGER,
    conventions=(
        Convention("comma", (_PLAIN, _grouped("1.000", ".", r"\."), _grouped("1'000", "''", "'"))),
        Convention("point", (_PLAIN, _grouped("1,000", ",", ","))),
        Convention("blank", (_PLAIN, _grouped("1 000", " ", " "), _grouped("1 000", "\u00a0", "\u00a0"))),
    ),
    accepts=(("0", 0), ("-12", -12), ("+7", 7), ("1.234.567", 1234567), ("12,500", 12500), ("1 000", 1000)),
    refuses=("", "007", "12/A", "1.23", "12.34.567", "1,5", "99999999999999999999", "1e3", "N/D"),
    rank=500,
    # A leading zero or a letter behind the number: the column holds codes, and stays text.
    never_with=("0[0-9]+", "[0-9]+ ?[-/]? ?[A-Za-z]{1,3}", "[0-9]+/[0-9]+"),
)
