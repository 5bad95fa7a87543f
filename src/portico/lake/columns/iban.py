"""International bank account numbers, with or without blanks, proven by their check digits and their length."""

from portico.lake.columns.base import ColumnType, Writing, one, only_if, texts
from portico.lake.columns.check_digits import iban, iban_of_digits
from portico.lake.model import Type

IBAN = ColumnType(
    name="iban",
    logical=Type.TEXT,
    conventions=one(
        Writing("IT60X0542811101000000123456", "IT[0-9]{2}[A-Z][0-9]{22}", only_if(iban_of_digits("{x}"))),
        Writing(
            "IT60 X054 2811 1010 0000 0123 456",
            "[A-Za-z]{2}[0-9]{2}( ?[0-9A-Za-z]){11,30}",
            only_if(iban("upper(replace({x}, ' ', ''))")),
        ),
    ),
    accepts=texts(
        "IT60X0542811101000000123456",
        "IT60 X054 2811 1010 0000 0123 456",
        "it60x0542811101000000123456",
        "DE89370400440532013000",
        "GB29 NWBK 6016 1331 9268 19",
        "SM86U0322509800000000270100",
        "NO9386011117947",
        "MT84MALT011000012345MTLCAST001S",
        "FR1420041010050500013M02606",
    ),
    refuses=(
        "",
        "IT60X0542811101000000123457",
        "IT61X0542811101000000123456",
        "IT60Y0542811101000000123456",
        "IT60X054281110100000012345",
        "IT60X05428111010000001234560",
        "IT60-X054-2811-1010-0000-0123-456",
        "DE8937040044053201300",
        "GB29NWBK60161331926818",
        "IT",
        "0542811101000000123456",
        "IT60X",
    ),
    rank=70,
    personal="iban",
)
