"""Dates in eight digits, under a header that says so."""

from datetime import date

from portico.lake.columns.base import ColumnType, one
from portico.lake.columns.orders import compact
from portico.lake.model import Type

DATE_COMPACT = ColumnType(
    name="date-compact",
    logical=Type.DATE,
    conventions=one(compact()),
    accepts=(
        ("20240131", date(2024, 1, 31)),
        ("19991231", date(1999, 12, 31)),
        ("20240229", date(2024, 2, 29)),
        ("18610317", date(1861, 3, 17)),
        ("99991231", date(9999, 12, 31)),
    ),
    refuses=(
        "",
        "20240231",
        "20230229",
        "20241301",
        "31012024",
        "2024013",
        "202401311",
        "2024-01-31",
        "00000000",
        "10101010.0",
    ),
    rank=305,
    header=(
        r"\bdata|\bdate\b|date\b|\bdt\b|\bgiorno\b|\bday\b|\bdal\b|\bal\b|\binizio\b|\bfine\b|\bscadenza\b|\bvalid|"
        r"\bnascita\b|\bnat[oa]\b|\bbirth\b|\bdecorrenza\b|\bcessazione\b"
    ),
    needs_header=True,
)
