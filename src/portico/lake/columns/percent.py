"""Percentages with their sign: ``12,5 %`` is 12.5, and the unit says per cent."""

from portico.lake.columns.base import ColumnType, Convention, Writing
from portico.lake.columns.numerals import BLANK, BOTH, SIGN, Marks
from portico.lake.model import Type


def _percent(marks: Marks) -> Writing:
    written = f"{SIGN}?({marks.plain}|{marks.grouped}){BLANK}?%"
    return Writing(f"12{marks.decimal}5 %", written, marks.number("%"), unit="%")


PERCENT = ColumnType(
    name="percent",
    logical=Type.NUMBER,
    conventions=tuple(Convention(marks.name, (_percent(marks),)) for marks in BOTH),
    accepts=(
        ("12,5 %", 12.5),
        ("12.5%", 12.5),
        ("100%", 100.0),
        ("-3,25%", -3.25),
        ("−3,25 %", -3.25),
        ("0 %", 0.0),
        ("1.234,5%", 1234.5),
        ("7\u00a0%", 7.0),
    ),
    refuses=("", "%", "12,5", "12,5 ‰", "12  %", "5%5", "12,5 % ca.", "% 12", "007%", "1,23,4%"),
    rank=410,
    unit="%",
)
