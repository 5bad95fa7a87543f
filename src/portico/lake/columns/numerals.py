"""How numbers are written: a decimal comma or a decimal point, thousands apart by dots, commas, apostrophes, blanks."""

from __future__ import annotations

from dataclasses import dataclass

from portico.lake.columns.base import Writing

BLANKS = " \u00a0\u202f\u2009"
"""Blanks that stand between thousands and before a unit: plain, no-break, narrow no-break, thin."""
BLANK = f"[{BLANKS}]"
_APOSTROPHES = "'\u2019"
_MINUS = "\u2212"
_WHOLE = "(0|[1-9][0-9]{0,14})"


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks of one convention: what parts the decimals, and what may part the thousands."""

    name: str
    decimal: str
    group: str

    @property
    def plain(self) -> str:
        """The pattern of a number without sign and without marks between the thousands. Sixteen digits are an id."""
        decimals = f"{self.mark}[0-9]{{1,30}}"
        return f"({_WHOLE}({decimals})?|{decimals})"

    @property
    def grouped(self) -> str:
        """The pattern of a number without sign whose thousands are parted, all by marks of the same kind."""
        kinds = "|".join(f"({one}[0-9]{{3}}){{1,4}}" for one in (f"[{self.group}]", BLANK, f"[{_APOSTROPHES}]"))
        return f"[1-9][0-9]{{0,2}}({kinds})({self.mark}[0-9]{{1,30}})?"

    @property
    def mark(self) -> str:
        """The pattern of the decimal mark."""
        return f"[{self.decimal}]"

    @property
    def like(self) -> str:
        """An example for people: ``1.234,5``."""
        return f"1{self.group}234{self.decimal}5"

    def number(self, besides: str = "") -> str:
        """Return the SQL of the number in ``{x}``, leaving out the characters of ``besides`` ("€ ").

        Everything but digits, the mark and the sign goes in one pass; the typographic minus becomes a minus. That pass
        takes four times as long as the two that the usual writing needs, so these come first: they give nothing where
        anything else is left.
        """
        gone = "".join(dict.fromkeys(self.group + BLANKS + _APOSTROPHES + besides)).replace("'", "''")
        usual = f"TRY_CAST(replace(replace({{x}}, '{self.group}', ''), '{self.decimal}', '.') AS DOUBLE)"
        return f"coalesce({usual}, TRY_CAST(translate({{x}}, '{self.decimal}{_MINUS}{gone}', '.-') AS DOUBLE))"


COMMA = Marks("comma", ",", ".")
POINT = Marks("point", ".", ",")
BOTH = (COMMA, POINT)
SIGN = f"[+{_MINUS}-]"


def decimals(marks: Marks) -> tuple[Writing, ...]:
    """Return the writings of decimal numbers in one convention, the usual first."""
    mark = marks.mark
    straight = "TRY_CAST({x} AS DOUBLE)" if marks.decimal == "." else "TRY_CAST(replace({x}, ',', '.') AS DOUBLE)"
    return (
        Writing(f"1234{marks.decimal}5", f"[+-]?{marks.plain}", straight),
        Writing(marks.like, f"{SIGN}?{marks.grouped}", marks.number()),
        # Without decimals the exponent must have a sign: 1E5 is a room, or a class at school.
        Writing(
            f"1{marks.decimal}5E-3",
            f"[+-]?([0-9]{{1,3}}{mark}[0-9]{{1,30}}[eE][+-]?|[0-9][eE][+-])(0?[0-9]{{1,2}}|[12][0-9]{{2}}|30[0-5])",
            straight,
        ),
        Writing(f"{_MINUS}1{marks.decimal}5", f"{_MINUS}{marks.plain}", marks.number()),
    )
