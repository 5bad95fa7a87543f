"""VAT numbers, and fiscal codes of bodies, which are made the same way: eleven digits, the last a check digit."""

from portico.lake.columns.base import ColumnType, Writing, one, only_if, texts
from portico.lake.columns.check_digits import vat_number
from portico.lake.model import Type

ELEVEN = Writing("12345678903", "[0-9]{11}", only_if(vat_number("{x}")))

VAT_NUMBER = ColumnType(
    name="vat-number",
    logical=Type.TEXT,
    conventions=one(ELEVEN, Writing("IT12345678903", "IT ?[0-9]{11}", only_if(vat_number("right({x}, 11)")))),
    accepts=texts("00514490010", "12345678903", "IT00514490010", "IT 00514490010", "80188230587"),
    refuses=(
        "",
        "00514490011",
        "00514490100",
        "0514490010",
        "000514490010",
        "00000000000",
        "FR00514490010",
        "IT0514490010",
        "it00514490010",
        "005.144.900.10",
        "RSSMRA80A01L219M",
        "+0514490010",
    ),
    rank=50,
    # A person among them: the column holds fiscal codes.
    never_with=("[A-Za-z]{6}[0-9A-Za-z]{10}",),
)
