"""Dates of birth, under a header that says so."""

from datetime import date

from portico.lake.columns.base import ColumnType, Convention
from portico.lake.columns.orders import DAY_FIRST, MONTH_FIRST, TIME_BEHIND, compact, dates
from portico.lake.model import Type

BIRTH_DATE = ColumnType(
    name="birth-date",
    logical=Type.DATE,
    conventions=tuple(Convention(order[0], (*dates(order), compact())) for order in (DAY_FIRST, MONTH_FIRST)),
    accepts=(
        ("31/01/1950", date(1950, 1, 31)),
        ("1950-01-31", date(1950, 1, 31)),
        ("19500131", date(1950, 1, 31)),
        ("31/01/79", date(1979, 1, 31)),
        ("31 gennaio 1950", date(1950, 1, 31)),
        ("1950-01-31 00:00:00", date(1950, 1, 31)),
    ),
    refuses=("", "1950", "31/02/1950", "19500231", "Lucca", "74", "gennaio 1950", "31/01/1950 10:30"),
    rank=290,
    header=r"\bnascita\b|datanascita|\bnat[oaie]\b|\bbirth|\bborn\b|\bdob\b",
    needs_header=True,
    never_with=(TIME_BEHIND,),
    personal="birth-date",
    meaning="birth-date",
)
