"""Telephone numbers that show themselves: a country's prefix, or an Italian area code parted from the number."""

from portico.lake.columns.base import ColumnType, Writing, one, only_if, texts
from portico.lake.columns.phone import DIGITS
from portico.lake.model import Type

_MARK = "[ ./\u00a0-]"

PHONE_PREFIXED = ColumnType(
    name="phone-prefixed",
    logical=Type.TEXT,
    conventions=one(
        Writing(
            "+39 011 1234567",
            rf"(\+[1-9][0-9]{{0,2}}{_MARK}?|00[1-9][0-9]{{0,2}}{_MARK})([(]0?[)]{_MARK}?)?[0-9]{{1,14}}({_MARK}[0-9]{{1,14}}){{0,5}}",
            only_if(f"{DIGITS} BETWEEN 9 AND 15"),
        ),
        Writing("011/1234567", r"(0[26]|0[1-9][0-9]{1,2}) ?[/ -] ?[0-9]{5,8}"),
        Writing("347/1234567", "3[0-9]{2} ?[/ -] ?[0-9]{6,7}"),
    ),
    accepts=texts(
        "+39 011 4423010",
        "+390114423010",
        "+39 (0)11 4423010",
        "+44 20 7946 0000",
        "0039 011 4423010",
        "011/4423010",
        "0174-123456",
        "347/1234567",
        "347 1234567",
    ),
    refuses=(
        "",
        "0114423010",
        "3471234567",
        "+12",
        "+1 234 567",
        "-39 011 4423010",
        "011",
        "00514490011",
        "12/34567",
        "+39 N/D",
        "+0 1 2",
    ),
    rank=190,
    personal="phone",
    meaning="phone",
)
