r"""What a type of column is: how its values are written, with examples it accepts and refuses.

A type has one or more conventions. The writings of a convention may stand together in one column (an ISO date beside
``31/12/99``); conventions exclude each other (day first, month first), and the whole column decides between them.

A writing is a pattern and an expression. The pattern is a regular expression that both Python and the engine (RE2)
understand the same way, matched against the whole trimmed text: no look-around, no back references, ``[0-9]`` rather
than ``\d`` and no ``(?i)``, for their Unicode sets differ. The expression is SQL over ``{x}``, the trimmed text that
matched; it gives the value, or NULL where the text only looked like one (31 February, a wrong check digit).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from portico.lake.model import Type
from portico.messages import Message

ANYTHING = r"[\s\S]*"
"""The pattern of any text, line breaks included: as ``never_with`` it says that the type takes all values or none."""


@dataclass(frozen=True, slots=True)
class Writing:
    """One way of writing a value: a name for people ("dd/mm/yyyy"), the pattern, the SQL over ``{x}``.

    ``unit`` is what the writing itself says the value is counted in ("EUR").
    """

    format: str
    pattern: str
    value: str = "{x}"
    unit: str = ""

    def matches(self, text: str) -> bool:
        """Say whether the trimmed ``text`` looks like this."""
        return _compiled(self.pattern).fullmatch(text) is not None

    def sql(self, x: str) -> tuple[str, str]:
        """Return condition and value as SQL over the expression ``x``."""
        quoted = self.pattern.replace("'", "''")
        return f"regexp_full_match({x}, '{quoted}')", self.value.replace("{x}", x)


@dataclass(frozen=True, slots=True)
class Convention:
    """Writings that may stand together. ``name`` is empty where the type has only one convention."""

    name: str
    writings: tuple[Writing, ...]

    def sql(self, x: str) -> str:
        """Return the SQL that reads ``x`` (trimmed text or NULL): the value, NULL where it fits no writing.

        >>> Convention("", (Writing("yes", "si", "true"),)).sql("c")
        "CASE WHEN regexp_full_match(c, 'si') THEN true END"
        """
        cases = " ".join(f"WHEN {condition} THEN {value}" for condition, value in (one.sql(x) for one in self.writings))
        return f"CASE {cases} END"

    def matches(self, text: str) -> bool:
        """Say whether the trimmed ``text`` looks like one of the writings."""
        return any(writing.matches(text) for writing in self.writings)


@dataclass(frozen=True, slots=True)
class ColumnType:
    """A type of column.

    ``rank`` orders types that all fit: the lowest wins, so the more special a type is the lower its rank. A type with
    ``header`` (a regular expression searched in the folded header: lower case, no accents, words parted by one blank)
    and ``needs_header`` is considered only under such a header: five digits are a postcode only where the header says
    so; ``never_under`` is a header that rules the type out. ``never_with`` are patterns of misfits that forbid the type
    for the whole column (a leading zero: the column is a code). ``personal`` names what it tells about a person, for
    the guard. ``accepts`` pairs a text with the value that comes out, as Python gives it; ``refuses`` are texts that
    must not fit. Where a type has several conventions, ``accepts`` are tried in the first that matches.
    """

    name: str
    logical: Type
    conventions: tuple[Convention, ...]
    accepts: tuple[tuple[str, object], ...]
    refuses: tuple[str, ...]
    rank: int
    header: str = ""
    needs_header: bool = False
    never_with: tuple[str, ...] = ()
    personal: str = ""
    unit: str = ""
    meaning: str = field(default="")
    never_under: str = ""

    @property
    def words(self) -> Message:
        """What its values are called: by what they mean, else by their logical type."""
        if self.meaning or self.logical is Type.TEXT:
            return Message(f"meaning.{self.meaning or self.name}")
        return Message(f"column-type.{self.logical.value}")

    def wants(self, folded_header: str) -> bool:
        """Say whether a column under this header may be of this type."""
        if self.never_under and re.search(self.never_under, folded_header):
            return False
        return not self.needs_header or self.named_by(folded_header)

    def named_by(self, folded_header: str) -> bool:
        """Say whether the header speaks of this type."""
        return bool(self.header) and re.search(self.header, folded_header) is not None


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def one(*writings: Writing) -> tuple[Convention, ...]:
    """Return the conventions of a type that has only one."""
    return (Convention("", tuple(writings)),)


def texts(*accepted: str) -> tuple[tuple[str, object], ...]:
    """Return examples whose value is the text itself."""
    return tuple((text, text) for text in accepted)


def any_case(words: str) -> str:
    """Return the pattern of ``words`` in whatever case. Marks stay what they are; classes (``[a-z]``) may not be in it.

    >>> any_case("si|no")
    '[Ss][Ii]|[Nn][Oo]'
    """
    return "".join(f"[{one.upper()}{one.lower()}]" if one.upper() != one.lower() else one for one in words)


def let(sql: str, body: str) -> str:
    """Return SQL that works ``sql`` out once and uses it as ``t`` in ``body``.

    The engine does not share what stands several times under a CASE: a check digit over sixteen places would turn the
    text to upper case sixteen times.
    """
    return f"list_transform([{sql}], lambda t: {body})[1]"


def only_if(condition: str) -> str:
    """Return the SQL of a value that is the text itself where ``condition`` holds."""
    return f"CASE WHEN {condition} THEN {{x}} END"
