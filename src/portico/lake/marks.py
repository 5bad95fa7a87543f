"""Decimal comma or point, day or month first: what a file as a whole says where one column leaves it open."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from portico.lake.columns.base import ColumnType, Convention
from portico.lake.found import Told

if TYPE_CHECKING:
    from portico.lake.decisions import Candidate

_DECIMALS = r"[+-]?([0-9]{1,3}(GROUP[0-9]{3})*|[0-9]+)MARK([0-9]{1,2}|[0-9]{4,})|[+-]?0MARK[0-9]{3}"
_COMMA = re.compile(_DECIMALS.replace("GROUP", "[.]").replace("MARK", ","))
_POINT = re.compile(_DECIMALS.replace("GROUP", ",").replace("MARK", "[.]"))
_POINT_COUNTRIES = frozenset({"GB", "IE", "US", "MT"})
_ONE_GROUP = re.compile(r"[+-]?[1-9][0-9]{0,2}[.,][0-9]{3}")
_PLAIN = re.compile(r"[+-]?[0-9]+")
# What stands around an amount or a share, and says nothing of its marks.
_AROUND = " \u00a0\u202f€$£%"
# Times, dates, paragraphs, codes: numbers and points, but no decimals.
_NO_NUMBER = re.compile(r"0[0-9].*|[0-9]{1,2}([.][0-9]{1,2}){2,}")
_DIGITS = re.compile(r"[+-]?[0-9.,' \u00a0\u202f]+")
_NUMBERS = 0.9


@dataclass(frozen=True, slots=True)
class Marks:
    """``decimal`` is "comma" or "point"; ``dates`` is "day-first" or "month-first", where values leave it open."""

    decimal: str
    dates: str
    is_decisive: bool = False

    def ordered(self, one: ColumnType) -> Sequence[Convention]:
        """Return the conventions of a type, the one that this file speaks for first."""
        return sorted(one.conventions, key=lambda convention: convention.name not in (self.decimal, self.dates))

    def is_open(self, one: ColumnType, values: Sequence[str]) -> bool:
        """Say whether ``1.234`` in a column of whole numbers could as well be decimals: nothing in the file says."""
        if one.name != "integer" or self.is_decisive:
            return False
        grouped = [value for value in values if not _PLAIN.fullmatch(value)]
        return bool(grouped) and all(_ONE_GROUP.fullmatch(value) for value in grouped)

    def is_told(self, one: ColumnType, told: Told) -> bool:
        """Say whether the person, or all the other numbers of the file, said which convention ``one`` is in."""
        names = {convention.name for convention in one.conventions}
        return bool(told.date_order and told.date_order in names) or (self.is_decisive and self.decimal in names)

    def without_misreadings(self, found: list[Candidate], values: Sequence[str], number: ColumnType) -> list[Candidate]:
        """Return the candidates without those that read as thousands what this file writes as decimals.

        ``1.234`` is one thousand where the file's decimals have a comma, and one and a bit where they have a point;
        ``1.234.567`` can only be thousands.
        """
        readable = next((one for one in number.conventions if one.name == self.decimal), None)
        grouped = [value for value in values if not _PLAIN.fullmatch(value)]
        if readable is None or not grouped:
            return found
        decimals = all(readable.matches(value) and _ends_in_decimals(value, self.decimal) for value in grouped)
        if not decimals:
            return found
        return [one for one in found if one.type.name != "integer" or one.convention.name == self.decimal]


def _ends_in_decimals(value: str, decimal: str) -> bool:
    return ("," if decimal == "comma" else ".") in value


def _amounts(values: Sequence[str]) -> Sequence[str]:
    """Return the numbers of a column without what stands around them; none where the column holds something else."""
    amounts = [value.strip(_AROUND) for value in values]
    odd = sum(_NO_NUMBER.fullmatch(amount) is not None or not _DIGITS.fullmatch(amount) for amount in amounts)
    return amounts if odd <= len(amounts) * (1 - _NUMBERS) else []


def marks_of(columns: Iterable[Sequence[str]], delimiter: str, told: Told, country: str) -> Marks:
    """Return what the person says, else the values of all columns together, else the delimiter and the country."""
    dates = told.date_order or ("month-first" if country == "US" else "day-first")
    if told.decimal:
        return Marks(told.decimal, dates, is_decisive=True)
    commas = points = 0
    for values in columns:
        amounts = _amounts(values)
        commas += any(_COMMA.fullmatch(amount) for amount in amounts)
        points += any(_POINT.fullmatch(amount) for amount in amounts)
    if commas != points:
        # Where the columns disagree, most of them are followed, but decide nothing.
        return Marks("comma" if commas > points else "point", dates, is_decisive=not (commas and points))
    by_country = "point" if country in _POINT_COUNTRIES else "comma"
    return Marks("point" if delimiter == "," else by_country, dates)
