"""CUP, the code of a public investment project: letter, two digits, letter, eleven digits."""

from portico.lake.columns.base import ColumnType, Writing, one, texts
from portico.lake.model import Type

CUP = ColumnType(
    name="cup",
    logical=Type.TEXT,
    conventions=one(Writing("A11A11111111111", "[A-Z][0-9]{2}[A-Z][0-9]{11}")),
    accepts=texts("J51B21002940006", "B11B21006470006", "C13D21001440001", "E87H03000000014"),
    refuses=(
        "",
        "J51B2100294000",
        "J51B210029400066",
        "j51b21002940006",
        "551B21002940006",
        "J51B2100294000X",
        "J5IB21002940006",
        "J51 B21002940006",
        "123456789012345",
        "RSSMRA80A01L219M",
        "CUP",
    ),
    rank=110,
)
