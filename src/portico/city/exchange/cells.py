"""What stands in a cell of a register, read as a value of ours: numbers, dates, words. What is not understood says why.

Dates are written in many ways: ISO, day or month first, two figures for the year, the name of the month, the number
that a spreadsheet keeps for a day (days since 30 December 1899).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache

from portico.city.attributes import KINDS, RANGE, Form
from portico.city.exchange.fields import Field, says_nothing, word_of
from portico.city.facts import MAX_CELL
from portico.dates import PartialDate
from portico.messages import has_controls

MAX_TEXT = MAX_CELL * 3 // 4
_NUMBER = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,25})?")
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]{1,12})?")
_COMMA = re.compile(r"[0-9]{1,15},[0-9]{1,12}")
_BETWEEN = re.compile(r"\s*(?:\.\.|–|-|\bto\b|\ba\b)\s*")
_CLOCK = re.compile(r"[T ][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?$")
_YEAR_FIRST = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})")
_YEAR_LAST = re.compile(r"([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ]([0-9]{2}|[0-9]{4})")
_NAMED = re.compile(r"(?:([0-9]{1,2})(?:st|nd|rd|th)?[-/ .]+)?([^\W\d_]{3,9})\.?[-/ ,]+([0-9]{2}|[0-9]{4})")
_SERIAL = re.compile(r"[0-9]{5}(?:\.[0-9]+)?")
_FIRST_SERIAL, _LAST_SERIAL = 18_264, 73_050  # 1950 to the end of 2099
_TURNED = str.maketrans(".,", ",.")
_POINT = re.compile(r"^0\.[0-9]|^[0-9]+\.(?:[0-9]{1,2}|[0-9]{4,})$|^[0-9]{4,}\.[0-9]+$|,[0-9]{3}\.[0-9]")
_BEHIND_COMMA = re.compile(
    r"^[0-9]+,(?:[0-9]{1,2}|[0-9]{4,})$|\.[0-9]{3},[0-9]|^0,[0-9]|^[0-9]{1,3}(?:\.[0-9]{3}){2,}$"
)
_THOUSANDS = re.compile(r"^[1-9][0-9]{0,2}(?:\.[0-9]{3})+$")
_SMALLEST = Decimal("0.000001")
_ZERO_DAY = date(1899, 12, 30)
_PIVOT = 70
_FIRST_YEAR, _LAST_YEAR = 1800, 2200
_MONTHS = {
    name: number
    for names in (
        "jan feb mar apr may jun jul aug sep oct nov dec",
        "gen feb mar apr mag giu lug ago set ott nov dic",
    )
    for number, name in enumerate(names.split(), start=1)
}


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell says: a ``value``; nothing, where it says that nothing is known; or the ``reason`` it is refused."""

    value: str = ""
    reason: str = ""


def read_cell(one: Field, text: str, *, month_first: bool = False, comma: bool = False) -> Cell:
    """Return what ``text`` says in the column ``one``.

    ``month_first`` is how its dates are written; with ``comma`` its decimals stand behind a comma, and points part
    thousands.

    >>> from portico.city.exchange.fields import field_of
    >>> read_cell(field_of("Hectares"), "0.426").value, read_cell(field_of("PermissionDate"), "43091").value
    ('4260', '2017-12-22')
    >>> read_cell(field_of("PlanningStatus"), "perhaps").reason
    'word-unknown'
    """
    if len(text) > MAX_TEXT // 4 and len(escaped(text)) > MAX_TEXT:
        return Cell(reason="text-too-long")
    form = KINDS[one.attribute].form
    if form is Form.TEXT:
        return Cell(legible(text))
    if form is Form.WORD:
        word = word_of(one, text)
        return Cell(reason="word-unknown") if word is None else Cell(word)
    if says_nothing(text):
        return Cell()
    turned = text.translate(_TURNED) if comma else text
    found = number(turned, one.factor) if form is Form.NUMBER else day(text, month_first=month_first)
    return Cell(found) if found else Cell(reason="not-a-number" if form is Form.NUMBER else "not-a-date")


def legible(text: str) -> str:
    r"""Return a text without the characters that steer a terminal: inside, a blank stands for each.

    >>> legible("five\x01flats")
    'five flats'
    """
    if not has_controls(text):
        return text.strip()
    return "".join(" " if has_controls(one) else one for one in text).strip()


def escaped(text: str) -> str:
    r"""Return a text as a table of facts can hold it: characters that steer a terminal by their codes.

    >>> escaped("five\x01flats")
    'five\\x01flats'
    """
    return "".join(ascii(one)[1:-1] if has_controls(one) else one for one in text) if has_controls(text) else text


def number(text: str, factor: str = "") -> str:
    """Return a number or range as it is kept, times ``factor``; nothing where it is none.

    A comma before groups of three figures parts thousands, any other one is the mark before decimals.

    >>> number("1,250.50"), number("0,25", "10000"), number("5 - 7"), number("about 5")
    ('1250.5', '2500', '5..7', '')
    """
    parts = [_decimal(part.strip()) for part in _BETWEEN.split(text.strip(), maxsplit=1)]
    if not all(part is not None for part in parts):
        return ""
    values = [part * Decimal(factor or "1") for part in parts if part is not None]
    if values != sorted(values):
        return ""
    return RANGE.join(dict.fromkeys(plain(value) for value in values))


def _decimal(text: str) -> Decimal | None:
    if _GROUPED.fullmatch(text):
        return Decimal(text.replace(",", ""))
    if _COMMA.fullmatch(text):
        return Decimal(text.replace(",", "."))
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def plain(value: Decimal) -> str:
    """Return a number to six decimals, without exponent and without zeros that say nothing.

    What programs leave behind the decimals of a sum (0.47000000000000003) goes.

    >>> plain(Decimal("4260.000")), plain(Decimal("1E+3")), plain(Decimal("0.47000000000000003"))
    ('4260', '1000', '0.47')
    """
    return f"{value.quantize(_SMALLEST).normalize():f}"


@lru_cache(maxsize=4096)
def day(text: str, *, month_first: bool = False) -> str:
    """Return a date as it is kept (``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``); nothing where it is none.

    >>> day("26/02/2014"), day("02/26/2014", month_first=True), day("Feb 2014"), day("41696"), day("30/02/2014")
    ('2014-02-26', '2014-02-26', '2014-02', '2014-02-26', '')
    """
    written = _CLOCK.sub("", text.strip())
    if _SERIAL.fullmatch(written):
        days = int(float(written))
        return (_ZERO_DAY + timedelta(days)).isoformat() if _FIRST_SERIAL <= days <= _LAST_SERIAL else ""
    found = _parts(written, month_first=month_first)
    if found is None:
        return _partial(written)
    year, month, on = found
    return _partial(f"{year:04d}-{month:02d}" + (f"-{on:02d}" if on else ""))


def _partial(text: str) -> str:
    try:
        known = PartialDate.parse(text)
    except ValueError:
        return ""
    return known.text if _FIRST_YEAR <= known.earliest.year <= _LAST_YEAR else ""


def _parts(text: str, *, month_first: bool) -> tuple[int, int, int] | None:
    """Return year, month and day (0: not said) of a date in figures or with the name of a month."""
    found = _YEAR_FIRST.fullmatch(text)
    if found:
        year, month, on = map(int, found.groups())
        return year, month, on
    found = _YEAR_LAST.fullmatch(text)
    if found:
        first, second = int(found[1]), int(found[2])
        on, month = (second, first) if month_first else (first, second)
        return _year(found[3]), month, on
    found = _NAMED.fullmatch(text)
    if found and found[2].casefold()[:3] in _MONTHS:
        return _year(found[3]), _MONTHS[found[2].casefold()[:3]], int(found[1] or 0)
    return None


def _year(text: str) -> int:
    year = int(text)
    return year if len(text) > 2 else year + (1900 if year >= _PIVOT else 2000)  # noqa: PLR2004 - two figures


def is_comma_decimal(texts: Iterable[str], *, whole: bool = False) -> bool:
    """Say whether the numbers of a column have their decimals behind a comma: some do, and none behind a point.

    Where all that is known are groups of three figures behind points (``15.632``), they are thousands where the column
    is of ``whole`` units, as square metres are, and decimals elsewhere, as of hectares.

    >>> is_comma_decimal(["46.000,5", "1.200"]), is_comma_decimal(["15.632", "0.3"])
    (True, False)
    >>> is_comma_decimal(["15.632"]), is_comma_decimal(["15.632"], whole=True)
    (False, True)
    """
    every = [text.strip() for text in texts]
    if any(_POINT.search(text) for text in every):
        return False
    return any(_BEHIND_COMMA.search(text) for text in every) or (
        whole and any(_THOUSANDS.search(text) for text in every)
    )


def is_month_first(texts: Iterable[str]) -> bool:
    """Say whether the dates of a column are written month first: some can only be read so, and none only otherwise.

    >>> is_month_first(["03/04/2017", "12/31/2017"]), is_month_first(["03/04/2017", "31/12/2017", "12/31/2017"])
    (True, False)
    """
    only_month = only_day = False
    for text in texts:
        found = _YEAR_LAST.fullmatch(_CLOCK.sub("", text.strip()))
        if found:
            only_day |= int(found[1]) > 12  # noqa: PLR2004 - months
            only_month |= int(found[2]) > 12  # noqa: PLR2004 - months
    return only_month and not only_day


_SIGNED = re.compile(r"[+-]?[0-9]{1,15}(?:[.,][0-9]{1,20})?(?:[eE][+-]?[0-9]{1,2})?")


def plain_number(text: str) -> float | None:
    """Return a coordinate as a number, with a point or a comma before decimals; nothing where it is none.

    >>> plain_number(" -1,747586"), plain_number("SD 330 431")
    (-1.747586, None)
    """
    written = text.strip()
    return float(written.replace(",", ".")) if _SIGNED.fullmatch(written) else None
