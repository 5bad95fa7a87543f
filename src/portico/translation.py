"""Messages, figures and dates put into a language. Doors and dossiers call this; domain code never does.

The catalogues are the gettext files ``locale/en.po`` and ``locale/it.po``; a message id is its own key. A text may hold
``{name}`` placeholders; values are formatted for the language, and a message inside a message is translated first.
"""

from __future__ import annotations

import functools
import string
from collections.abc import Iterable, Mapping
from datetime import date
from importlib import resources

from babel.core import Locale
from babel.dates import format_date, format_skeleton
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.plural import to_python

from portico.dates import PartialDate
from portico.figures import Figure, Statement
from portico.messages import Message, Text

LANGUAGES = ("en", "it")
_UNKNOWN = "figure-unknown"
_OWN = "kind."  # kinds and fields are words that a city may have of its own
_LARGEST = 1e15  # beyond, digits mean nothing, and decimals of them cannot be made


@functools.cache
def catalogue(language: str) -> Mapping[str, str]:
    """Return message id → text of ``language``; plural forms stand under ``id[one]`` and ``id[other]``."""
    found: dict[str, str] = {}
    with resources.files("portico").joinpath("locale", f"{language}.po").open("rb") as file:
        for entry in read_po(file, locale=language, abort_invalid=True):
            if isinstance(entry.id, str) and entry.id and isinstance(entry.string, str):
                found[entry.id] = entry.string
    return found


@functools.cache
def _plural_rule(language: str) -> functools.partial[str]:
    return functools.partial(to_python(Locale(language).plural_form))


def region_of(language: str) -> str:
    """Return the locale used for numbers and dates: British for English."""
    return {"en": "en_GB", "it": "it_IT"}.get(language, language)


class Translator:
    """Puts what the domain says into one language.

    >>> Translator("en").number(0.6)
    '0.6'
    >>> Translator("it").number(300000)
    '300.000'
    """

    def __init__(self, language: str) -> None:
        """Speak ``language``, one of ``LANGUAGES``."""
        self.language = language if language in LANGUAGES else LANGUAGES[0]
        self._texts = catalogue(self.language)
        self._region = region_of(self.language)

    def __call__(self, said: Message | Text | str) -> str:
        """Return ``said`` in this language. An id without a text comes back as itself, so that nothing is hidden."""
        if isinstance(said, Text):
            return said.pick(self.language)
        if isinstance(said, str):
            return self._texts.get(said) or _own_word(said)
        template = self._template(said)
        values = {name: self.value(value, name) for name, value in said.values.items()}
        return string.Formatter().vformat(template, (), _Lenient(values))

    def _template(self, message: Message) -> str:
        count = message.values.get("count")
        if isinstance(count, int):
            form = _plural_rule(self.language)(count)
            plural = self._texts.get(f"{message.id}[{form}]") or self._texts.get(f"{message.id}[other]")
            if plural:
                return plural
        return self._texts.get(message.id) or _own_word(message.id)

    def value(self, value: object, name: str = "") -> str:  # noqa: PLR0911 - one return a kind of value
        """Return one value of a message, formatted for this language."""
        if isinstance(value, Message | Text):
            return self(value)
        if isinstance(value, Figure):
            return self.figure(value)
        if isinstance(value, Statement):
            return self.statement(value, name)
        if isinstance(value, PartialDate | date):
            return self.day(value)
        if isinstance(value, bool) or value is None:
            return self({True: "yes", False: "no", None: "unknown"}[value])
        if isinstance(value, int | float):
            return self.number(value)
        if isinstance(value, Iterable) and not isinstance(value, str):
            return ", ".join(self.value(item) for item in value)
        return str(value)

    def number(self, value: float, digits: int | None = None) -> str:
        """Return ``value`` with the marks of this language; sensible digits unless told.

        >>> Translator("it").number(1e308)
        '1e+308'
        """
        if not abs(value) < _LARGEST:
            return f"{value:g}"
        if digits is None:
            digits = 0 if abs(value) >= 100 or float(value).is_integer() else (1 if abs(value) >= 1 else 2)  # noqa: PLR2004
        pattern = "#,##0" if digits == 0 else "#,##0." + "#" * digits
        return format_decimal(value, format=pattern, locale=self._region)

    def unit(self, unit: str) -> str:
        """Return the name of ``unit`` as it is written after a number."""
        return self._texts.get(f"unit.{unit}", unit)

    def figure(self, figure: Figure) -> str:
        """Return a figure with its unit; a range where its bounds differ, a bound where only that is known.

        >>> from portico.figures import Figure, Status
        >>> Translator("en").figure(Figure(15.0, 12.0, 19.0, "min", Status.ESTIMATED))
        '12–19 min'
        """
        unit = self.unit(figure.unit)
        if figure.value is None:
            if figure.high is not None and figure.unit != "1":
                return self(Message("figure-at-most", {"high": self.number(figure.high), "unit": unit}))
            if figure.low is not None and figure.unit != "1":
                return self(Message("figure-from", {"low": self.number(figure.low), "unit": unit}))
            return self(_UNKNOWN)
        low, high = figure.low, figure.high
        if low is not None and high is not None and self._rounded(low) != self._rounded(high):
            return f"{self.number(self._rounded(low))}–{self.number(self._rounded(high))} {unit}".strip()
        return f"{self.number(self._rounded(figure.value))} {unit}".strip()

    @staticmethod
    def _rounded(value: float) -> float:
        return round(value) if abs(value) >= 10 else round(value, 2)  # noqa: PLR2004 - two figures are enough to read

    def statement(self, statement: Statement, vocabulary: str) -> str:
        """Return the words of a statement; ``vocabulary`` is the prefix of their message ids."""
        if not statement.is_known:
            return self("unknown")
        return ", ".join(self.word(vocabulary, value) for value in statement.values)

    def word(self, vocabulary: str, value: str) -> str:
        """Return one word of a vocabulary, for example the use ``production``."""
        return self._texts.get(f"{vocabulary}.{value}", value.replace("-", " "))

    def day(self, day: PartialDate | date | None) -> str:
        """Return a date as precisely as it is known."""
        if day is None:
            return self("undated")
        if isinstance(day, date):
            return format_date(day, "d MMMM y", locale=self._region)
        parts = day.text.count("-")
        if parts == 0:
            return day.text
        if parts == 1:
            return format_skeleton("yMMMM", day.earliest, locale=self._region)
        return format_date(day.earliest, "d MMMM y", locale=self._region)


def _own_word(message_id: str) -> str:
    """Return the word of a city's own that ``message_id`` names, a kind or field of places; any other id as it is."""
    return message_id.removeprefix(_OWN).replace("-", " ") if message_id.startswith(_OWN) else message_id


class _Lenient(dict[str, str]):
    """Values of a message; one that is missing shows its name instead of breaking the sentence."""

    def __missing__(self, key: str) -> str:
        return "{" + key + "}"
