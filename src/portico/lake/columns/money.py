"""Amounts with their currency, before or behind. Each convention holds one currency: they do not mix in a column."""

from portico.lake.columns.base import ColumnType, Convention, Writing, any_case
from portico.lake.columns.numerals import BLANK, BLANKS, BOTH, SIGN, Marks
from portico.lake.model import Type

_EURO = ("EUR", f"€|{any_case('euro|eur')}", "€EURO")
_DOLLAR = ("USD", r"\$|US\$|USD", "$USD")
_POUND = ("GBP", "£|GBP", "£GBP")
_FRANC = ("CHF", r"CHF|SFr\.|Fr\.", "CHFSFr")
_CURRENCIES = (_EURO, _DOLLAR, _POUND, _FRANC)


def _amounts(marks: Marks, currency: tuple[str, str, str]) -> tuple[Writing, ...]:
    code, signs, letters = currency
    sign, amount = f"({signs})", f"({marks.plain}|{marks.grouped})"
    value = marks.number(letters + letters.lower())
    if code == "CHF":
        # The point behind "Fr." is no decimal point.
        value = value.replace("{x}", "replace({x}, 'Fr.', '')")
    return (
        Writing(f"{code} {marks.like}", f"{SIGN}?{sign}{BLANK}?{SIGN}?{amount}", value, unit=code),
        Writing(f"{marks.like} {code}", f"{SIGN}?{amount}{BLANK}?{sign}", value, unit=code),
        # Spreadsheets show an amount of nothing as a dash beside the sign.
        Writing(f"{code} -", f"{sign}[{BLANKS}]*-[{BLANKS}]*|-[{BLANKS}]*{sign}", "0.0::DOUBLE", unit=code),
    )


MONEY = ColumnType(
    name="money",
    logical=Type.NUMBER,
    conventions=tuple(Convention(marks.name, _amounts(marks, currency)) for currency in _CURRENCIES for marks in BOTH),
    accepts=(
        ("€ 1.234,56", 1234.56),
        ("1.234,56 €", 1234.56),
        ("1234,5€", 1234.5),
        ("€ 12", 12.0),
        ("EUR 10,00", 10.0),
        ("10,00 euro", 10.0),
        ("-€ 5,25", -5.25),
        ("€ -5,25", -5.25),
        ("−5,25 €", -5.25),
        ("€ -", 0.0),
        ("-   €", 0.0),
        ("1 234\u00a0€", 1234.0),
        ("€1,234.56", 1234.56),
        ("$74.69", 74.69),
        ("US$ 1,000.5", 1000.5),
        ("£1,234.50", 1234.5),
        ("99 GBP", 99.0),
        ("CHF 1'234.50", 1234.5),
        ("Fr. 12.50", 12.5),
    ),
    refuses=(
        "",
        "€",
        "12,50",
        "12,50 Eu",
        "EUR",
        "EURO 6d",
        "€ 1,23,45",
        "€ 1.23.456,7",
        "$",
        "1.234,56 € IVA incl.",
        "€ 10,00 $",
        "€€ 10",
        "¥ 100",
        "--5 €",
        "€ 10-20",
    ),
    rank=400,
)
