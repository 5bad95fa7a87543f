"""Geometry as well-known binary in hexadecimal digits."""

from portico.lake.columns.base import ColumnType, Writing, one, texts
from portico.lake.model import Type

_HEX = "[0-9A-Fa-f]"
_TYPE = "(0[1-9A-Fa-f]|1[0-2])"
# The top half-byte says whether height, measure and the coordinate system follow.
_FLAGS = "[02468ACEace]0"
# Above a thousand with a height or measure: 1001, 2001, 3001 and on.
_ISO = "([Ee][9Aa]03|[Ff][0-9Aa]03|[Dd][0-9A-Fa-f]07|[BbCc][0-9A-Fa-f]0[Bb])"

WKB = ColumnType(
    name="wkb",
    logical=Type.TEXT,
    conventions=one(
        Writing("0101000000…", f"01({_TYPE}0000{_FLAGS}|{_ISO}0000)({_HEX}{{2}}){{4,}}"),
        Writing("0000000001…", f"00({_FLAGS}0000{_TYPE}|00000[37Bb]{_HEX}{{2}})({_HEX}{{2}}){{4,}}"),
    ),
    accepts=texts(
        "0101000000B81E85EB51B81E4029ED0DBE30884640",
        "0101000020E6100000B81E85EB51B81E4029ED0DBE30884640",
        "01e9030000000000000000f03f00000000000000400000000000000840",
        "0000000001401EB851EB851EB8404688F5C28F5C29",
        "010600000000000000",
    ),
    refuses=(
        "",
        "0101000000",
        "0101000000B81E85EB51B81E4029ED0DBE3088464",
        "0101000000G81E85EB51B81E4029ED0DBE30884640",
        "0201000000B81E85EB51B81E4029ED0DBE30884640",
        "01FF000000B81E85EB51B81E4029ED0DBE30884640",
        "00112233445566778899aabbccddeeff",
        "3f2504e0-4f89-11d3-9a0c-0305e82c3301",
        "0101",
    ),
    rank=100,
)
