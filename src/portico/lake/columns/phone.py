"""Telephone numbers, under a header that says so."""

from portico.lake.columns.base import ColumnType, Writing, one, only_if, texts
from portico.lake.model import Type

_ONE = "[+]?[(]?[0-9+][0-9 ()./\u00a0-]{1,22}[0-9]"
DIGITS = "length(regexp_replace({x}, '[^0-9]', '', 'g'))"

PHONE = ColumnType(
    name="phone",
    logical=Type.TEXT,
    conventions=one(
        Writing("011 1234567", _ONE, only_if(f"{DIGITS} BETWEEN 3 AND 15")),
        Writing("011 1234567 / 333 1234567", f"{_ONE} ?[;,/-] ?{_ONE}", only_if(f"{DIGITS} BETWEEN 8 AND 30")),
    ),
    accepts=texts(
        "011 4423010",
        "0114423010",
        "011/442.30.10",
        "(011) 442-3010",
        "+39 011 4423010",
        "+39.347.1234567",
        "0039 011 4423010",
        "3471234567",
        "800 123 456",
        "112",
        "011 4423010 / 347 1234567",
        "011 4423010; 011 4423011",
    ),
    refuses=("", "12", "N/D", "interno 12", "011-ABC", "+39", "--", "1.234,56 €", "centralino", "333 12 34 567 x"),
    rank=180,
    header=(
        r"\btel\b|telefon|\bcell\b|cellulare|\bphone\b|\bmobile\b|\bfax\b|\btelefax\b|\btelephone\b|\bnumero verde\b"
        r"|\brecapiti?\b"
    ),
    needs_header=True,
    personal="phone",
)
