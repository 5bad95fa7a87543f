"""Values of tables as a page shows them: whole, in the marks of its language, cut where they are very long."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_time
from babel.numbers import format_decimal, format_percent, format_scientific

from portico.lake.model import Column, Type
from portico.translation import Translator, region_of

LONGEST = 300
_GROUPED_FROM = 10_000
_LARGE, _SMALL = 1e15, 1e-6
_KIB = 1024
_TELLING = re.compile(r"key|token|secret|passw|sign|auth|sig\b|credential", re.IGNORECASE)
# Numbers that name something: in groups of three nobody knows them again.
_NAMES = re.compile(r"(^|[_ ])(id|cod|codice|code|key|anno|year)([_ ]|$)", re.IGNORECASE)


def cut(text: str) -> str:
    """Return ``text``, its end left out where it is longer than 300 characters.

    >>> len(cut("a" * 500))
    301
    """
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"


def shown(value: Any, column: Column, say: Translator) -> str:  # noqa: ANN401 - a cell holds anything
    """Return a value that ``lake.reading`` gave as a reader sees it; nothing for what is not known."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return say.value(value)
    if isinstance(value, int | float):
        return number(value, say, grouped=not is_name(column))
    if isinstance(value, dict):
        return _geometry(value, say)
    return cut(_moment(str(value), column.type, say))


def is_name(column: Column) -> bool:
    """Say whether the numbers of a column name something, a year or an id, and measure nothing."""
    return column.meaning == "year" or bool(_NAMES.search(column.name))


def number(value: float, say: Translator, *, grouped: bool = True) -> str:
    """Return a number with all its digits: a cell is not rounded. Five digits and more stand in groups.

    >>> number(1234.5678, Translator("it")), number(66001, Translator("en"))
    ('1234,5678', '66,001')
    """
    region = region_of(say.language)
    size = abs(value)
    whole = isinstance(value, int)
    if not whole and size and not _SMALL <= size < _LARGE:
        return format_scientific(Decimal(repr(value)), format="0.################E0", locale=region)
    groups = "#,##0" if grouped and size >= _GROUPED_FROM else "0"
    exact = Decimal(repr(value))
    exponent = exact.as_tuple().exponent
    decimals = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    return format_decimal(exact, format=f"{groups}.{'#' * decimals}" if decimals else groups, locale=region)


def measured(value: float, say: Translator) -> str:
    """Return a computed number (a mean, a quantile) with six digits that matter.

    >>> measured(0.123456789, Translator("it"))
    '0,123457'
    """
    return number(value if isinstance(value, int) else float(f"{value:.6g}"), say)


def percent(share: float, say: Translator) -> str:
    """Return a share of one as per cent; what is nearly all is never said to be all.

    >>> percent(0.99999, Translator("it"))
    '99,9%'
    """
    told = share if share in (0.0, 1.0) else min(max(share, 0.001), 0.999)
    return format_percent(told, format="#,##0.#%", locale=region_of(say.language))


def _moment(text: str, kind: Type, say: Translator) -> str:
    """Return a date or time of the language, ``text`` itself where it is none that a calendar knows."""
    region = region_of(say.language)
    try:
        match kind:
            case Type.DATE:
                return format_date(date.fromisoformat(text), "d MMM y", locale=region)
            case Type.DATETIME:
                found = datetime.fromisoformat(text)
                return format_datetime(found, f"d MMM y, HH:mm{':ss' if found.second else ''}", locale=region)
            case Type.INSTANT:
                found = datetime.fromisoformat(text)
                return format_datetime(found, f"d MMM y, HH:mm{':ss' if found.second else ''} 'UTC'", locale=region)
            case Type.TIME:
                at = time.fromisoformat(text)
                return format_time(at, "HH:mm:ss" if at.second else "HH:mm", locale=region)
            case _:
                return text
    except ValueError:
        return text


def _geometry(value: dict[str, Any], say: Translator) -> str:
    kind = str(value.get("type", ""))
    at = value.get("coordinates")
    if kind == "Point" and isinstance(at, list) and at:
        return ", ".join(measured(float(one), say) for one in at[:2])
    return say.word("geometry", kind)


def moment(text: str, say: Translator, zone: str) -> str:
    """Return a time of our own log as the clocks of the city showed it; ``text`` itself where it is no time."""
    try:
        found = datetime.fromisoformat(text).astimezone(ZoneInfo(zone))
    except ValueError:
        return text
    return format_datetime(found, "d MMMM y, HH:mm", locale=region_of(say.language))


def moment_day(text: str, say: Translator, zone: str) -> str:
    """Return the day of a time of our own log in the city; ``text`` itself where it is no time."""
    try:
        found = datetime.fromisoformat(text).astimezone(ZoneInfo(zone))
    except ValueError:
        return text
    return say.day(found.date())


def size(count: int, say: Translator) -> str:
    """Return a number of bytes.

    >>> size(1_500_000, Translator("it"))
    '1,4 MiB'
    """
    amount, units = float(count), ["B", "KiB", "MiB", "GiB", "TiB"]
    while amount >= _KIB and len(units) > 1:
        amount /= _KIB
        units.pop(0)
    return f"{say.number(amount)} {units[0]}"


def address(text: str) -> str:
    """Return a web address as it may be shown: without a name and password, nor what opens a door; else nothing.

    >>> address("https://me:secret@example.org/a.csv?format=csv&api_key=77")
    'https://example.org/a.csv?format=csv'
    >>> address("/home/me/a.csv")
    ''
    """
    try:
        found = urlsplit(text)
        port = f":{found.port}" if found.port else ""
    except ValueError:
        return ""
    if found.scheme not in ("http", "https") or not found.hostname:
        return ""
    kept = "&".join(part for part in found.query.split("&") if part and not _TELLING.search(part.partition("=")[0]))
    host = f"[{found.hostname}]" if ":" in found.hostname else found.hostname
    return urlunsplit((found.scheme, host + port, found.path, kept, ""))


def file_name(text: str) -> str:
    r"""Return the name of a file without the folders before it.

    >>> file_name("C:\\Users\\me\\wells.csv"), file_name("/srv/in/wells.csv")
    ('wells.csv', 'wells.csv')
    """
    return re.split(r"[\\/]", text.strip())[-1]
