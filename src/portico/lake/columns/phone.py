"""Telephone numbers, under a header that says so."""

from portico.lake.columns.base import ColumnType, Writing, one, only_if, texts
from portico.lake.model import Type

_MARKS = " ()+.,;:/\t\u00a0–-"
DIGITS = "length(regexp_replace({x}, '[^0-9]', '', 'g'))"

PHONE = ColumnType(
    name="phone",
    logical=Type.TEXT,
    conventions=one(
        Writing("011 1234567", f"[+(]{{0,2}} ?[0-9][0-9{_MARKS}]{{1,60}}", only_if(f"{DIGITS} BETWEEN 3 AND 45")),
        # With an extension, or whose it is: "011 1234567 int. 5", "011 1234567 (Comune)".
        Writing(
            "011 1234567 int. 5",
            f"[+(]{{0,2}} ?[0-9][0-9A-Za-z{_MARKS}]{{3,60}}",
            only_if(f"{DIGITS} BETWEEN 5 AND 45"),
        ),
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
        "+39 0831.521958 interno 4",
        "+39 081.7953193 / 94 / 95",
        "+39 070260551 (Comune)",
    ),
    refuses=(
        "",
        "12",
        "N/D",
        "interno 12",
        "011-ABC",
        "+39",
        "--",
        "1.234,56 €",
        "vedi sito",
        "centralino",
        "chiamare 011 4423010",
    ),
    rank=180,
    header=(
        r"\btel\b|telefon|\bcell\b|cellulare|\bphone\b|\bmobile\b|\bfax\b|\btelefax\b|\btelephone\b|\bnumero verde\b"
        r"|\brecapiti?\b"
    ),
    needs_header=True,
    personal="phone",
)
