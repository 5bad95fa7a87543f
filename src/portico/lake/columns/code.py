"""Codes: digits that are no number, because some begin with a zero or are too long to count with."""

from portico.lake.columns.base import ANYTHING, ColumnType, Writing, one
from portico.lake.model import Type

CODE = ColumnType(
    name="code",
    logical=Type.TEXT,
    conventions=one(
        Writing("007", "[0-9]{1,64}"),
        # Protected from a spreadsheet, which would take the zeros away.
        Writing('="007"', '="[0-9]{1,64}"', "substr({x}, 3, length({x}) - 3)"),
    ),
    accepts=(
        ("007", "007"),
        ("0", "0"),
        ("12", "12"),
        ("028001", "028001"),
        ('="028001"', "028001"),
        ("80012300123456789012", "80012300123456789012"),
    ),
    refuses=("", "12/A", "-007", "+39", "0,07", "00.7", "007 008", '="02800A"', '"007"', "A01", "٠٠٧"),
    # Behind integer and number, which a leading zero forbids: what comes here are the digits that those may not take.
    rank=520,
    never_with=(ANYTHING,),
)
