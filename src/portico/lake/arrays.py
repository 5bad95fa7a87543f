"""A table of a file as arrays, for those who calculate: typed as an ingest types it, but neither checked nor kept.

Texts come as numbers beside the list of different texts, so that a million rows cost no million objects.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from portico.errors import InputError, PorticoError, UnknownNameError, UsageError
from portico.lake.deciding import decide
from portico.lake.decisions import BLANKS, Decision, is_missing
from portico.lake.engine import Engine
from portico.lake.found import Format, Parsed, Told, Workshop
from portico.lake.identity import quoted
from portico.lake.model import Column, Type
from portico.lake.readers import reader_of
from portico.lake.readers.linking import text
from portico.lake.receive import from_file, members
from portico.messages import did_you_mean

_NUMBERS = (Type.INTEGER, Type.NUMBER)
_NOT_QUANTITIES = ("longitude", "latitude", "easting", "northing", "year")
_NO_NUMBERS = "('nan', '#nan')"


@dataclass(frozen=True, slots=True)
class Named:
    """A column of texts: that of row r is ``names[codes[r]]``; the code of an empty cell is -1.

    Names stand in the order in which they first appear.
    """

    names: tuple[str, ...]
    codes: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Arrays:
    """A table whose columns can be asked for. ``left_out`` counts the rows that are no rows of it: ragged, totals."""

    file: str
    sha256: str
    rows: int
    columns: tuple[Column, ...]
    left_out: int
    _parsed: Parsed = field(repr=False)
    _decisions: tuple[Decision, ...] = field(repr=False)
    _shop: Workshop = field(repr=False)

    def quantities(self) -> tuple[str, ...]:
        """Return the names of the columns that hold quantities: numbers, but no coordinates and no years."""
        return tuple(
            one.name for one in self.columns if one.type in _NUMBERS and not one.meaning.startswith(_NOT_QUANTITIES)
        )

    def numbers(self, name: str) -> NDArray[np.float64]:
        """Return the column ``name`` as numbers, NaN where the cell is empty or says that nothing is known ("N/D").

        Raises UnknownNameError where there is no such column, InputError for the first cell that is no finite number.
        """
        decision = self._decision(name)
        cell, value = _cell_and_value(decision, self._parsed)
        relation = f"(SELECT {cell} AS _c FROM {self._parsed.relation})"
        if decision.stated:
            self._refuse_what_is_not_finite(decision)
        else:
            self._refuse_what_is_no_number(decision, relation, value)
        found = self._arrays(f"SELECT {value} AS v FROM {relation}")["v"]
        return np.ma.filled(np.ma.asarray(found, dtype=np.float64), np.nan)

    def named(self, name: str) -> Named:
        """Return the column ``name`` as texts, as they are written in the file but for blanks around them."""
        column = quoted(self._decision(name).column)
        cell = f"nullif(trim({column}::VARCHAR, '{BLANKS}'), '')"
        numbered = f"(SELECT {cell} AS c, row_number() OVER () AS n FROM {self._parsed.relation})"
        with self._cursor() as cursor:
            cursor.execute(
                f"CREATE TEMP TABLE _names AS SELECT c FROM {numbered} WHERE c IS NOT NULL GROUP BY c ORDER BY min(n)"
            )
            names = tuple(str(row[0]) for row in cursor.execute("SELECT c FROM _names").fetchall())
            if not names:
                return Named((), np.full(self.rows, -1, dtype=np.int32))
            # An enumeration looks texts up without losing the order of rows, as a join would.
            cursor.execute("CREATE TEMP TYPE _name AS ENUM (SELECT c FROM _names)")
            query = f"SELECT coalesce(enum_code(({cell})::_name)::INTEGER, -1) AS k FROM {self._parsed.relation}"
            codes = cursor.execute(query).fetchnumpy()["k"]
        return Named(names, np.ma.filled(codes, -1).astype(np.int32, copy=False))

    def row_of(self, index: int) -> int:
        """Return the row of the file in which record ``index`` (from 0) stands."""
        if not self._parsed.row_column:
            return self._parsed.first_row + index
        query = f"SELECT {quoted(self._parsed.row_column)} FROM {self._parsed.relation} LIMIT 1 OFFSET {index}"
        return int(self._rows(query)[0][0])

    def _decision(self, name: str) -> Decision:
        for one in self._decisions:
            if one.column == name:
                return one
        raise UnknownNameError(
            "column-unknown",
            name=name,
            dataset=self.file,
            advice=did_you_mean(name, [one.name for one in self.columns]),
        )

    def _refuse_what_is_no_number(self, decision: Decision, relation: str, value: str) -> None:
        if decision.logical in _NUMBERS and not decision.misfits and not decision.missing:
            return
        bad = f"(v IS NULL AND NOT {is_missing('c')}) OR lower(c) IN {_NO_NUMBERS}"
        numbered = f"(SELECT row_number() OVER () - 1 AS n, _c::VARCHAR AS c, {value} AS v FROM {relation})"
        found = self._rows(f"SELECT n, c FROM {numbered} WHERE c IS NOT NULL AND ({bad}) ORDER BY n LIMIT 1")
        if found:
            row, raw = self.row_of(int(found[0][0])), str(found[0][1])[:80]
            raise InputError("cell-no-number", file=self.file, row=row, column=decision.column, value=raw)

    def _refuse_what_is_not_finite(self, decision: Decision) -> None:
        """A format that states numbers may state what is none; its reader counted them and left the cells empty."""
        for issue in self._parsed.issues:
            if issue.kind == "number-not-finite" and issue.place.column == decision.column:
                count = issue.message.values["count"]
                raise InputError("cells-not-finite", file=self.file, column=decision.column, count=count)

    def _arrays(self, query: str) -> dict[str, Any]:
        with self._cursor() as cursor:
            return cursor.execute(query).fetchnumpy()

    def _rows(self, query: str) -> list[tuple[Any, ...]]:
        with self._cursor() as cursor:
            return cursor.execute(query).fetchall()

    @contextmanager
    def _cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        cursor = self._shop.cursor()
        try:
            yield cursor
        except duckdb.Error as error:
            raise _broken(self.file, error) from error
        finally:
            cursor.close()


@contextmanager
def arrays_of(file: Path, engine: Engine, told: Told | None = None) -> Iterator[Arrays]:
    """Open the one table of a file in a folder of its own, which is removed afterwards.

    Raises InputError with one sentence where the file cannot be read, is empty or no table, UsageError where it holds
    several tables.
    """
    with tempfile.TemporaryDirectory(prefix="portico-") as folder:
        shop = Workshop(Path(folder), engine, told)
        received = from_file(file)
        parsed = _gathered(_one(_tables(received.path, received.name, shop), received.name), shop, received.name)
        decisions = decide(parsed, shop)
        columns = tuple(Column(one.column, one.logical, one.unit, one.meaning) for one in decisions)
        yield Arrays(received.name, received.sha256, parsed.rows, columns, parsed.reject_count, parsed, decisions, shop)


def _tables(path: Path, name: str, shop: Workshop) -> list[Parsed]:
    found = [one for one in members(path, name, shop) if one.format is not Format.EMPTY]
    try:
        return [parsed for one in found for parsed in reader_of(one.format)(one, shop)]
    except duckdb.Error as error:
        raise _broken(name, error) from error


def _one(tables: Sequence[Parsed], name: str) -> Parsed:
    if not tables or not tables[0].rows:
        raise InputError("file-without-payload", file=name)
    if len(tables) > 1:
        raise UsageError("several-tables", file=name, count=len(tables), names=", ".join(one.name for one in tables))
    return tables[0]


def _gathered(parsed: Parsed, shop: Workshop, name: str) -> Parsed:
    """Return the table in a file that is read column by column: a text file would be read whole for each."""
    if parsed.relation.startswith("read_parquet("):
        return parsed
    target = shop.place(".parquet")
    kept = [quoted(one) for one in (*parsed.columns, parsed.row_column) if one]
    try:
        with shop.cursor() as cursor:
            cursor.execute(
                f"COPY (SELECT {', '.join(kept)} FROM {parsed.relation}) TO {text(str(target))} (FORMAT parquet)"
            )
    except duckdb.Error as error:
        raise _broken(name, error) from error
    return replace(parsed, relation=f"read_parquet({text(str(target))})")


def _broken(name: str, error: duckdb.Error) -> PorticoError:
    return InputError("broken-file", file=name, detail=str(error).splitlines()[0])


def _cell_and_value(decision: Decision, parsed: Parsed) -> tuple[str, str]:
    """Return the SQL of a cell as it is read, and of its number over the column ``_c`` that holds such cells.

    A column that was not decided to be of numbers (codes, words) is read cell by cell, since somebody asks for it.
    """
    column = quoted(decision.column)
    if decision.stated or decision.column in parsed.stated:
        return column, "TRY_CAST(_c AS DOUBLE)"
    if decision.logical in _NUMBERS:
        return decision.cell_of, f"({decision.cast('_c')})::DOUBLE"
    number = "TRY_CAST(_c AS DOUBLE)"
    return f"nullif(trim({column}, '{BLANKS}'), '')", f"CASE WHEN isfinite({number}) THEN {number} END"
