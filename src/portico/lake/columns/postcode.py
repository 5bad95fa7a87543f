"""Postcodes (CAP): five digits, under a header that says so."""

from portico.lake.columns.base import ColumnType, Writing, one, texts
from portico.lake.model import Type

POSTCODE = ColumnType(
    name="postcode",
    logical=Type.TEXT,
    conventions=one(
        Writing("10121", "[0-9]{5}"),
        Writing('="00184"', '="[0-9]{5}"', "substr({x}, 3, length({x}) - 3)"),
    ),
    accepts=(*texts("10121", "00184", "98168", "00000"), ('="00184"', "00184")),
    refuses=("", "1012", "101211", "10.121", "IT-10121", "55100 Lucca", "1O121", "SW1A 1AA", "٠٠١٨٤"),
    rank=150,
    header=r"\bcap\b|\bc a p\b|avviamento postale|codice postale|\bpostal ?code\b|\bpostcode\b|\bzip\b|\bplz\b",
    needs_header=True,
)
