"""From a parsed table to a typed one: each column as decided, what does not fit kept as rejects beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from portico.lake.decisions import Decision, is_missing, typed_relation
from portico.lake.found import Parsed, Workshop
from portico.lake.identity import quoted
from portico.lake.limits import MAX_RECORD_BYTES
from portico.lake.model import Column
from portico.lake.placing import Placed


@dataclass(frozen=True, slots=True)
class Typed:
    """A table with typed columns in a Parquet file of the workshop, and the file of its rejects where it has any."""

    file: Path
    columns: tuple[Column, ...]
    rows: int
    rejects: Path | None
    reject_count: int


def write(parsed: Parsed, decisions: Sequence[Decision], places: Sequence[Placed], shop: Workshop) -> Typed:
    """Write the typed table. Columns keep their order; geometry comes last."""
    file = shop.place(".parquet")
    columns = tuple(Column(one.column, one.logical, one.unit, one.meaning) for one in decisions)
    columns += tuple(Column(place.column, place.type) for place in places)
    cursor = shop.cursor(spatial=bool(places))
    try:
        cells = [quoted(one.column) for one in decisions]
        cells += [f"{place.sql} AS {quoted(place.column)}" for place in places]
        raw = [parsed.geometry] if parsed.geometry and places else []
        cursor.execute(
            f"COPY (SELECT {', '.join(cells)} FROM {typed_relation(parsed, decisions, raw)}) TO {_text(str(file))} "
            "(FORMAT parquet, COMPRESSION zstd, GEOPARQUET_VERSION 'V1')"
        )
        rejects, count = _rejects(parsed, decisions, places, shop, cursor)
    finally:
        cursor.close()
    return Typed(file, columns, parsed.rows, rejects, count)


def proved(
    parsed: Parsed, expected: Sequence[Decision], places: Sequence[Placed], made: Typed, shop: Workshop
) -> dict[str, Decision]:
    """Return those of the ``expected`` decisions under which no value of their column was lost.

    Of a pair of coordinates neither is proved where both are zero in some row: that is no place.
    """
    pairs = [place.sources for place in places if len(place.sources) == 2]  # noqa: PLR2004 - longitude and latitude
    zeros = [f"count(*) FILTER ({' AND '.join(f'{quoted(name)} = 0' for name in pair)})" for pair in pairs]
    counts = ", ".join([f"count({quoted(one.column)})" for one in expected] + zeros)
    cursor = shop.cursor()
    try:
        row = cursor.execute(f"SELECT {counts} FROM read_parquet({_text(str(made.file))})").fetchone() or ()
    finally:
        cursor.close()
    filled = parsed.filled or {}
    nowhere = {name for pair, count in zip(pairs, row[len(expected) :], strict=True) if count for name in pair}
    kept = zip(expected, row[: len(expected)], strict=True)
    return {
        one.column: one
        for one, count in kept
        if one.column not in nowhere and (one.stated or count == filled.get(one.column))
    }


def first_misfits(made: Typed, cursor: duckdb.DuckDBPyConnection) -> dict[str, tuple[int, str]]:
    """Return row and text of the first cell of each column that does not fit it."""
    if made.rejects is None:
        return {}
    found = cursor.execute(
        f'SELECT "column", min(row), arg_min(raw, row) FROM read_parquet({_text(str(made.rejects))}) '
        "WHERE reason = 'cell-misfit' GROUP BY \"column\""
    ).fetchall()
    return {str(column): (int(row), str(raw)) for column, row, raw in found}


def _rejects(
    parsed: Parsed,
    decisions: Sequence[Decision],
    places: Sequence[Placed],
    shop: Workshop,
    cursor: duckdb.DuckDBPyConnection,
) -> tuple[Path | None, int]:
    """Gather the rows that the reader left out and the cells that do not fit their column, in the order of rows."""
    sources = []
    if parsed.rejects is not None:
        sources.append(
            "SELECT row, \"column\", raw, reason, '' AS expected FROM "
            f"read_csv({_text(str(parsed.rejects))}, delim=',', quote='\"', escape='\"', header=false, "
            f"auto_detect=false, max_line_size={MAX_RECORD_BYTES * 2}, buffer_size={MAX_RECORD_BYTES * 4}, "
            "columns={'row': 'BIGINT', 'column': 'VARCHAR', 'raw': 'VARCHAR', 'reason': 'VARCHAR'})"
        )
    odd = [one for one in decisions if one.misfits and one.candidate is not None]
    misplaced = [place for place in places if place.misfits]
    if odd or misplaced:
        cells = [quoted(one.column) for one in odd] + [quoted(name) for place in misplaced for name in place.sources]
        row = quoted(parsed.row_column) if parsed.row_column else f"row_number() OVER () + {parsed.first_row - 1}"
        numbered = f"(SELECT {row} AS _at, {', '.join(dict.fromkeys(cells))} FROM {parsed.relation})"
        sources += [_misfits(numbered, one) for one in odd]
        sources += [_misplaced(numbered, place) for place in misplaced]
    if not sources:
        return None, 0
    target = shop.place(".parquet")
    count = cursor.execute(
        f'COPY (SELECT row, "column", raw, reason, expected FROM ({" UNION ALL ".join(sources)}) '
        f'ORDER BY row, "column") TO {_text(str(target))} (FORMAT parquet, COMPRESSION zstd)'
    ).fetchone()
    return target, int(count[0]) if count else 0


def _misfits(numbered: str, one: Decision) -> str:
    inner = f"(SELECT _at, {one.cell_of} AS _c, {quoted(one.column)} AS _raw FROM {numbered})"
    expected = one.candidate.type.name if one.candidate else one.logical.value
    return (
        f"SELECT _at AS row, {_text(one.column)} AS \"column\", _raw AS raw, 'cell-misfit' AS reason, "
        f"{_text(expected)} AS expected FROM {inner} "
        f"WHERE _c IS NOT NULL AND NOT {is_missing('_c')} AND ({one.sql('_c')}) IS NULL"
    )


def _misplaced(numbered: str, place: Placed) -> str:
    raw = " || ' ' || ".join(f"coalesce({quoted(name)}::VARCHAR, '')" for name in place.sources)
    filled = " AND ".join(f"{quoted(name)} IS NOT NULL" for name in place.sources)
    return (
        f"SELECT _at AS row, {_text(place.column)} AS \"column\", {raw} AS raw, 'cell-misplaced' AS reason, "
        f"{_text(place.type.value)} AS expected FROM {numbered} WHERE {filled} AND ({place.sql}) IS NULL"
    )


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
