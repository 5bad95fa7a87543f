"""NUTS codes: of any country and level under a header that says so; the Italian ones of level 3 show themselves."""

from portico.lake.columns.base import ColumnType, Writing, one, texts
from portico.lake.model import Type

_COUNTRY = (
    "(AL|AT|BE|BG|CH|CY|CZ|DE|DK|EE|EL|ES|FI|FR|HR|HU|IE|IS|IT|LI|LT|LU|LV|ME|MK|MT|NL|NO|PL|PT|RO|RS|SE|SI|SK|TR|UK)"
)

NUTS = ColumnType(
    name="nuts",
    logical=Type.TEXT,
    conventions=one(Writing("ITC11", f"{_COUNTRY}[0-9A-Z]{{0,3}}")),
    accepts=texts("ITC11", "ITC1", "ITC", "IT", "DE21H", "FRK26", "EL30"),
    refuses=("", "ITC111", "itc11", "XX11", "ITC-1", "C11", "IT C11", "001", "GB"),
    rank=170,
    header=r"\bnuts|\bnuts\b",
    needs_header=True,
)
NUTS_ITALY = ColumnType(
    name="nuts-italy",
    logical=Type.TEXT,
    conventions=one(Writing("ITC11", "IT[CFGHI][1-9][0-9A-Z]")),
    accepts=texts("ITC11", "ITC4C", "ITH10", "ITI43", "ITG2D"),
    refuses=("", "ITC1", "ITC", "ITA11", "ITCHY", "itc11", "ITC111", "DE21H", "TO"),
    rank=175,
    meaning="nuts",
)
