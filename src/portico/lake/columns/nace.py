"""NACE codes of economic activities, under a header that says so."""

from portico.lake.columns.base import ColumnType, Writing, one, texts
from portico.lake.model import Type

NACE = ColumnType(
    name="nace",
    logical=Type.TEXT,
    conventions=one(
        Writing("62.01", r"([A-V][ .]?)?(0[1-9]|[1-9][0-9])(\.[0-9]{1,2})?"),
        Writing("6201", "([A-V][ .]?)?(0[1-9]|[1-9][0-9])[0-9]{2}"),
        Writing("J", "[A-V]"),
    ),
    accepts=texts("62.01", "62.0", "62", "J62.01", "J 62.0", "01.1", "6201", "C"),
    refuses=("", "00.1", "62.", "62.01.0", "62,01", "W62.01", "62.011", "6", "CC", "62-01", "62010"),
    rank=200,
    header=r"\bnace",
    needs_header=True,
)
