"""ATECO codes of economic activities, under a header that says so."""

from portico.lake.columns.base import ColumnType, Writing, one, texts
from portico.lake.model import Type

_DIVISION = "(0[1-9]|[1-9][0-9])"

ATECO = ColumnType(
    name="ateco",
    logical=Type.TEXT,
    conventions=one(
        Writing("62.01.0", rf"([A-V][ .]?)?{_DIVISION}(\.[0-9]{{1,2}}(\.[0-9]{{1,2}})?)?"),
        Writing("620100", f"([A-V][ .]?)?{_DIVISION}[0-9]{{2,4}}"),
        Writing("J", "[A-V]"),
    ),
    accepts=texts("62.01.0", "62.01", "62.01.09", "62", "J62.01", "J 62.01.0", "01.11.10", "620100", "6201", "J"),
    refuses=("", "00.11", "62.", "62.01.00.1", "62,01", "W62.01", "62.011", "JJ62.01", "6", "62-01", "1.1"),
    rank=200,
    header=r"\bateco|\bcod(ice)? attivita\b|attivita economica",
    needs_header=True,
)
