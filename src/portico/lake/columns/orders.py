"""Orders of day, month and year, and clocks: what dates and date-times are made of."""

from __future__ import annotations

from portico.lake.columns.base import Writing, any_case, let

DAY = "(0?[1-9]|[12][0-9]|3[01])"
MONTH = "(0?[1-9]|1[0-2])"
YEAR = "(1[0-9]{3}|20[0-9]{2}|21[0-9]{2}|9999)"
SHORT_YEAR = "[0-9]{2}"
HOUR = "([01]?[0-9]|2[0-3])"
SIXTY = "[0-5][0-9]"

DAY_FIRST = ("day-first", (DAY, MONTH), ("%d", "%m"), "dd{0}mm{0}")
MONTH_FIRST = ("month-first", (MONTH, DAY), ("%m", "%d"), "mm{0}dd{0}")
"""The two orders that exclude each other: name, patterns, directives of the engine, how people write them."""
Order = tuple[str, tuple[str, str], tuple[str, str], str]
MARKS = ("/", "-", ".")

# Spreadsheets put midnight behind a date that has no time of day.
_MIDNIGHT = r"[ T]0?0[:.]00([:.]00([.,]0{1,9})?)?"
TIME_BEHIND = r"[\s\S]*[ T][0-9]{1,2}[:.][0-9]{2}[\s\S]*"
"""A misfit with a time of day: the column holds date-times."""

_MONTHS = "gen feb mar apr mag giu lug ago set ott nov dic jan feb mar apr may jun jul aug sep oct nov dec"
_MONTH_NAMES = any_case(
    "gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|agosto|settembre|ottobre|novembre|dicembre"
    "|january|february|march|april|may|june|july|august|september|october|november|december"
    "|gen|feb|mar|apr|mag|giu|lug|ago|sett?|ott|nov|dic|jan|jun|jul|aug|sept?|oct|dec"
)
_WEEKDAY = any_case(
    "luned(i|ì)|marted(i|ì)|mercoled(i|ì)|gioved(i|ì)|venerd(i|ì)|sabato|domenica|lun|mar|mer|gio|ven|sab|dom"
    "|monday|tuesday|wednesday|thursday|friday|saturday|sunday|mon|tue|wed|thu|fri|sat|sun"
)


def dates(order: Order) -> tuple[Writing, ...]:
    """Return the writings of dates that may stand together with dates in ``order``, the usual first."""
    return (*_year_first(), *_numeric(order), *_with_midnight(order), *_named())


def compact() -> Writing:
    """Return the writing of eight digits, which is a date only where the header says so."""
    pattern = f"{YEAR}({_two(MONTH)})({_two(DAY)})"
    return Writing("yyyymmdd", pattern, _as_date(_read("%Y%m%d")))


def moments(order: Order) -> tuple[Writing, ...]:
    """Return the writings of date-times without zone that may stand together with dates in ``order``."""
    iso = f"{YEAR}-{MONTH}-{DAY}[T ]{HOUR}:{SIXTY}"
    slashed = f"{YEAR}/{MONTH}/{DAY} {HOUR}:{SIXTY}"
    seconds = rf"(:{SIXTY}(\.[0-9]{{1,9}})?)?"
    return (
        Writing("yyyy-mm-dd hh:mm:ss", iso + seconds, "TRY_CAST({x} AS TIMESTAMP)"),
        Writing(
            "yyyy-mm-dd hh:mm:ss,fff", f"{iso}:{SIXTY},[0-9]{{1,9}}", "TRY_CAST(replace({x}, ',', '.') AS TIMESTAMP)"
        ),
        Writing("yyyy/mm/dd hh:mm:ss", slashed + seconds, "TRY_CAST({x} AS TIMESTAMP)"),
        *_usual(order),
        *(writing for year in ((YEAR, "%Y", "yyyy"), (SHORT_YEAR, "%y", "yy")) for writing in _clocked(order, year)),
    )


def _read(*directives: str, text: str = "{x}") -> str:
    formats = ", ".join(f"'{one}'" for one in directives)
    return f"TRY_STRPTIME({text}, {formats if len(directives) == 1 else f'[{formats}]'})"


def _year_first() -> tuple[Writing, ...]:
    return (
        Writing("yyyy-mm-dd", f"{YEAR}-{MONTH}-{DAY}", "TRY_CAST({x} AS DATE)"),
        Writing("yyyy/mm/dd", f"{YEAR}/{MONTH}/{DAY}", "TRY_CAST({x} AS DATE)"),
        Writing("yyyy.mm.dd", rf"{YEAR}\.{MONTH}\.{DAY}", _as_date(_read("%Y.%m.%d"))),
    )


def _numeric(order: Order) -> tuple[Writing, ...]:
    _, (first, second), (one, two), words = order
    full, short = [], []
    for mark in MARKS:
        pattern, directive, people = f"{first}[{mark}]{second}[{mark}]", f"{one}{mark}{two}{mark}", words.format(mark)
        full.append(Writing(f"{people}yyyy", pattern + YEAR, _as_date(_read(f"{directive}%Y"))))
        if mark == ".":
            # 1.2.10 counts paragraphs; 01.02.10 is a date.
            pattern = f"({_two(first)})[.]({_two(second)})[.]"
        # 00 to 68 are 2000 to 2068, 69 to 99 are 1969 to 1999.
        short.append(Writing(f"{people}yy", pattern + SHORT_YEAR, _as_date(_read(f"{directive}%y"))))
    return (*full, *short)


def _two(pattern: str) -> str:
    return pattern.replace("0?", "0")


def _with_midnight(order: Order) -> tuple[Writing, ...]:
    _, (first, second), (one, two), words = order
    day = "split_part({x}, ' ', 1)"
    return (
        Writing(
            "yyyy-mm-dd 00:00:00", f"{YEAR}[-/]{MONTH}[-/]{DAY}{_MIDNIGHT}", f"TRY_CAST({_before_clock()} AS DATE)"
        ),
        Writing(
            f"{words.format('/')}yyyy 00:00:00",
            f"{first}[/.-]{second}[/.-]{YEAR}{_MIDNIGHT.replace('[ T]', ' ')}",
            _as_date(_read(*(f"{one}{mark}{two}{mark}%Y" for mark in MARKS), text=day)),
        ),
        Writing(
            f"{words.format('/')}yy 00:00:00",
            f"{first}[/-]{second}[/-]{SHORT_YEAR}{_MIDNIGHT.replace('[ T]', ' ')}",
            _as_date(_read(*(f"{one}{mark}{two}{mark}%y" for mark in "/-"), text=day)),
        ),
    )


def _before_clock() -> str:
    return "split_part(replace({x}, 'T', ' '), ' ', 1)"


def _as_date(sql: str) -> str:
    return f"CAST({sql} AS DATE)"


def _named() -> tuple[Writing, ...]:
    year = f"({YEAR}|'?{SHORT_YEAR})"
    weekday = f"(({_WEEKDAY})[.]?,? )?"
    month = f"({_MONTH_NAMES})[.]?"
    return (
        Writing(
            "d mmmm yyyy",
            f"{weekday}{DAY}[°º]?( di | |[/-]){month}( del? | |[/-]){year}",
            _of_names("([0-9]{1,2})[^0-9a-z]*(?:di )?([a-z]{3})[^0-9]*([0-9]+)$", "['day', 'month', 'year']"),
        ),
        Writing(
            "mmmm d, yyyy",
            f"{weekday}{month} {DAY}(st|nd|rd|th)?,? {YEAR}",
            _of_names("([a-z]{3})[a-z]*[.]? ([0-9]{1,2})(?:st|nd|rd|th)?,? ([0-9]{4})$", "['month', 'day', 'year']"),
        ),
    )


def _of_names(pattern: str, names: str) -> str:
    month = f"(strpos('{_MONTHS}', t.month) - 1) // 4 % 12 + 1"
    year = "CASE WHEN length(t.year) = 4 THEN '' WHEN t.year < '69' THEN '20' ELSE '19' END || t.year"
    body = f"TRY_CAST(concat_ws('-', {year}, {month}, t.day) AS DATE)"
    return let(f"regexp_extract(lower({{x}}), '{pattern}', {names})", body)


def _usual(order: Order) -> tuple[Writing, ...]:
    """Return the two writings that most files have, each with its one format, for speed."""
    _, (first, second), (one, two), words = order
    day, directive, people = f"{first}/{second}/{YEAR} {HOUR}:{SIXTY}", f"{one}/{two}/%Y %H:%M", words.format("/")
    return (
        Writing(f"{people}yyyy hh:mm", day, _read(directive)),
        Writing(f"{people}yyyy hh:mm:ss", f"{day}:{SIXTY}", _read(f"{directive}:%S")),
    )


def _clocked(order: Order, year: tuple[str, str, str]) -> tuple[Writing, ...]:
    """Return the writings of an order with a clock behind, the year full or short."""
    _, (first, second), (one, two), words = order
    pattern_of_year, directive_of_year, people_year = year
    people = words.format("/") + people_year
    day = f"{first}[/.-]{second}[/.-]{pattern_of_year}"
    days = [f"{one}{mark}{two}{mark}{directive_of_year}" for mark in MARKS]

    def read(*clocks: str) -> str:
        return _read(*(f"{day} {clock}" for day in days for clock in clocks), text="replace({x}, ',', '')")

    return (
        Writing(f"{people} hh:mm:ss", f"{day},? {HOUR}:{SIXTY}(:{SIXTY})?", read("%H:%M:%S", "%H:%M")),
        Writing(f"{people} hh:mm:ss.fff", rf"{day},? {HOUR}:{SIXTY}:{SIXTY}\.[0-9]{{1,6}}", read("%H:%M:%S.%f")),
        Writing(f"{people} hh.mm.ss", rf"{day},? {HOUR}\.{SIXTY}(\.{SIXTY})?", read("%H.%M.%S", "%H.%M")),
        Writing(
            f"{people} hh:mm am/pm",
            f"{day},? (0?[1-9]|1[0-2]):{SIXTY}(:{SIXTY})? [AaPp][Mm]",
            read("%I:%M:%S %p", "%I:%M %p"),
        ),
    )
