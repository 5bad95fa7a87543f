"""Years, under a header that says so."""

from portico.lake.columns.base import ColumnType, Writing, one
from portico.lake.model import Type

YEAR = ColumnType(
    name="year",
    logical=Type.INTEGER,
    conventions=one(Writing("yyyy", "(1[89][0-9]{2}|20[0-9]{2}|2100)", "TRY_CAST({x} AS BIGINT)")),
    accepts=(("1861", 1861), ("1999", 1999), ("2024", 2024), ("1800", 1800), ("2100", 2100)),
    refuses=("", "24", "1799", "2101", "02024", "2024/25", "2024-01", "2.024", "2024.0", "1e3", "anno"),
    rank=200,
    header=r"\bann[oi]\b|^anno|\bannualita\b|\bannata\b|\byears?\b|\bmillesimo\b|\besercizio\b",
    needs_header=True,
    meaning="year",
)
