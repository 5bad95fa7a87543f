"""What a column was decided to be, and the SQL that follows from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from portico.lake.columns import ColumnType
from portico.lake.columns.base import Convention
from portico.lake.found import Parsed
from portico.lake.identity import quoted
from portico.lake.model import Type

MISSING = (
    "N/D", "n/d", "N.D.", "n.d.", "ND", "nd", "N/A", "n/a", "NA", "na", "n.a.", "N.A.", "NaN", "nan", "NULL", "null",
    "#N/D", "#N/A", "-", "--", "---", "..", "...", "….", "n.p.", "N.P.", "n.c.", "N.C.",
)  # fmt: skip
"""What people write for a value that is not there. In a column of text these stay as they are."""

BLANKS = " \t\r\n\u00a0"
_SQL_TYPES = {
    Type.TEXT: "VARCHAR",
    Type.INTEGER: "BIGINT",
    Type.NUMBER: "DOUBLE",
    Type.BOOLEAN: "BOOLEAN",
    Type.DATE: "DATE",
    Type.DATETIME: "TIMESTAMP",
    Type.INSTANT: "TIMESTAMPTZ",
    Type.TIME: "TIME",
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A type in one of its conventions."""

    type: ColumnType
    convention: Convention


@dataclass(frozen=True, slots=True)
class Decision:
    """What a column is. ``candidate`` is None for plain text and for what the format states itself.

    ``filled`` counts cells that hold something, ``missing`` those that say there is nothing ("N/D"), ``misfits`` those
    that do not fit the type. ``refused`` is the type that nearly fitted, with the first value that spoke against it.
    ``assumed`` says that the convention is the country's, the values leaving it open. ``low`` and ``high``
    are the ends of a column of coordinates.
    """

    column: str
    logical: Type
    candidate: Candidate | None = None
    unit: str = ""
    meaning: str = ""
    format: str = ""
    filled: int = 0
    missing: int = 0
    misfits: int = 0
    refused: str = ""
    refused_by: str = ""
    assumed: bool = False
    stated: bool = False
    trim: bool = False
    low: float | None = None
    high: float | None = None

    @property
    def confidence(self) -> float:
        """How sure this is, 0 to 1: the share of values that fit, by the rule of succession; half where assumed."""
        if self.stated:
            return 1.0
        values = self.filled - self.missing
        share = (values - self.misfits + 1) / (values + 2)
        return round(share / 2 if self.assumed else share, 3)

    def sql(self, cell: str) -> str:
        """Return the SQL of the typed value, where ``cell`` is the SQL of ``cell_of`` this column."""
        if self.stated:
            return cell
        if self.candidate is None:
            name = quoted(self.column)
            return f"CASE WHEN NOT (starts_with({name}, ' ') AND trim({name}) = '') THEN {name} END"
        writings = self.candidate.convention.writings
        if len(writings) == 1 and not self.misfits and not self.missing:
            # Every cell was seen to be written so: there is nothing left to ask.
            return f"CASE WHEN {cell} IS NOT NULL THEN {writings[0].sql(cell)[1]} END"
        return self.candidate.convention.sql(cell)

    def cast(self, cell: str) -> str:
        """Return the SQL of the typed value in the engine's type; numbers are never minus nothing."""
        sql = self.sql(cell)
        if self.logical is Type.NUMBER:
            return f"({sql})::DOUBLE + 0.0"
        return f"({sql})::{_SQL_TYPES[self.logical]}"

    @property
    def cell_of(self) -> str:
        """Return the SQL of a cell as a type reads it: without the blanks around it, where any have some."""
        name = quoted(self.column)
        return f"nullif(trim({name}, '{BLANKS}'), '')" if self.trim else name


def typed_relation(parsed: Parsed, decisions: Sequence[Decision], more: Sequence[str] = ()) -> str:
    """Return the SQL, to stand after FROM, of a parsed table with the columns of ``decisions`` typed.

    ``more`` names further columns of the relation that are to be there as they are.
    """
    cells = [f"{one.cell_of} AS _c{n}" for n, one in enumerate(decisions) if one.trim]
    whole = f"(SELECT *, {', '.join(cells)} FROM {parsed.relation})" if cells else parsed.relation
    typed = [
        f"{one.cast(f'_c{n}' if one.trim else quoted(one.column))} AS {quoted(one.column)}"
        for n, one in enumerate(decisions)
    ]
    typed += [quoted(name) for name in more]
    return f"(SELECT {', '.join(typed)} FROM {whole})"


def is_missing(cell: str) -> str:
    """Return the SQL that says whether a cell says that nothing is there."""
    words = ", ".join(_text(word) for word in MISSING)
    return f"(strlen({cell}) <= {max(map(len, MISSING)) + 2} AND {cell} IN ({words}))"


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
