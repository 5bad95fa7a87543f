"""Whole numbers, plain or with dots, commas, apostrophes or blanks between the thousands."""

from portico.lake.columns.base import ColumnType, Convention, Writing
from portico.lake.columns.numerals import BLANKS
from portico.lake.model import Type

ZERO_BEFORE = "0[0-9]+"
LETTER_BEHIND = ("[0-9]+ ?[-/]? ?[A-Za-z]{1,3}", "[0-9]+/[0-9]+")
"""Misfits that say: these are codes, house numbers, not numbers."""

_PLAIN = Writing("0", "[+-]?(0|[1-9][0-9]{0,18})", "TRY_CAST({x} AS BIGINT)")


def _grouped(format_: str, pattern: str, marks: str) -> Writing:
    digits = f"[+\u2212-]?[1-9][0-9]{{0,2}}({pattern}[0-9]{{3}}){{1,5}}"
    gone = marks.replace("'", "''")
    return Writing(format_, digits, f"TRY_CAST(translate({{x}}, '\u2212{gone}', '-') AS BIGINT)")


_EITHER = (
    _grouped("1 000", f"[{BLANKS}]", BLANKS),
    _grouped("1'000", "['\u2019]", "'\u2019"),
    Writing("−1", "\u2212[1-9][0-9]{0,18}", "TRY_CAST(translate({x}, '\u2212', '-') AS BIGINT)"),
)

INTEGER = ColumnType(
    name="integer",
    logical=Type.INTEGER,
    # Named by the mark of the decimals that would go with them.
    conventions=(
        Convention("comma", (_PLAIN, _grouped("1.000", r"\.", "."), *_EITHER)),
        Convention("point", (_PLAIN, _grouped("1,000", ",", ","), *_EITHER)),
    ),
    accepts=(
        ("0", 0),
        ("-12", -12),
        ("+7", 7),
        ("1.234.567", 1234567),
        ("12,500", 12500),
        ("-1,234,567", -1234567),
        ("1 000", 1000),
        ("1\u00a0000", 1000),
        ("1\u202f000\u202f000", 1000000),
        ("12'500", 12500),
        ("12’500", 12500),
        ("−5", -5),
        ("−1.234", -1234),
        ("9223372036854775807", 9223372036854775807),
    ),
    refuses=(
        "",
        "007",
        "12/A",
        "12 bis",
        "1.23",
        "12.34.567",
        "0.123",
        "1,5",
        "1 23",
        "1 234.567",
        "9223372036854775808",
        "99999999999999999999",
        "1e3",
        "1E+05",
        "N/D",
        "--1",
        "1-",
        "٣",
        "12\n13",
    ),
    rank=500,
    # A leading zero or a letter behind the number: the column holds codes, and stays text. Decimals: it holds numbers.
    never_with=(
        ZERO_BEFORE,
        *LETTER_BEHIND,
        "[+-]?[0-9]*[.,][0-9]+",
        r"[+-]?[0-9][0-9.,]*[.,][0-9]+([eE][+-]?[0-9]+)?",
    ),
)
