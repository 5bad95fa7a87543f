"""What is looked at in every typed table, described or not. Checks find; they change nothing and leave nothing out.

An empty table, columns that are empty or say the same in every row, rows that repeat others, geometry that crosses
itself or lies off the globe; then, with a description, all that it declares (``constraints``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import duckdb

from portico.lake.apart import apart
from portico.lake.constraints import Rule, Sheet, broken, declared
from portico.lake.described import Schema
from portico.lake.identity import quoted
from portico.lake.model import Column, Type
from portico.lake.profile import Profile, numbered, relation
from portico.lake.profile import profile as profiled
from portico.messages import Finding, Message

_ROWS_TO_TELL = 20
_GROUPED_ROWS = 4_000_000
_AT_ONCE = 200
_LIKELY = 0.8
_KEYS = frozenset({Type.TEXT, Type.INTEGER, Type.DATE, Type.DATETIME, Type.INSTANT})


def check(
    cursor: duckdb.DuckDBPyConnection,
    file: Path,
    columns: Sequence[Column],
    schema: Schema | None = None,
    others: Mapping[str, Path] | None = None,
    *,
    name: str = "",
    first_row: int = 1,
    profiles: Mapping[str, Profile] | None = None,
) -> list[Finding]:
    """Return what is odd in the typed Parquet ``file``: one finding for each kind and column, with count and first row.

    ``schema`` is what a description beside the file declares, ``others`` the typed files of the tables it may refer to,
    by name. Findings name the table ``name`` and count rows so that the first is ``first_row``. ``profiles`` are those
    of its columns, where they were made already. The cursor must know geometry where a column holds some.
    """
    sheet = Sheet(cursor, file, tuple(columns), name, first_row)
    (rows,) = sheet.one(f"SELECT count(*) FROM {relation(file)}")
    if not rows:
        return [sheet.find(Message("check-table-empty")), *declared(sheet, schema or Schema(), others or {})]
    seen = profiled(cursor, file, columns) if profiles is None else profiles
    found = [*_said_nothing(sheet, seen, rows)]
    if rows > _GROUPED_ROWS or not _has_key(sheet, seen, rows):
        found += _repeated_rows(sheet, rows)
    found += _geometry(sheet)
    return [*found, *declared(sheet, schema or Schema(), others or {})]


def keys(cursor: duckdb.DuckDBPyConnection, file: Path, columns: Sequence[Column]) -> tuple[str, ...]:
    """Return the columns that could be the key of a table: every row has a value there, and no two the same."""
    able = [column.name for column in columns if column.type in _KEYS]
    likely = []
    for start in range(0, len(able), _AT_ONCE):
        some = able[start : start + _AT_ONCE]
        asked = ", ".join(f"count({quoted(one)}), approx_count_distinct({quoted(one)})" for one in some)
        rows, *seen = cursor.execute(f"SELECT count(*), {asked} FROM {relation(file)}").fetchone() or (0,)
        for place, one in enumerate(some):
            if rows and seen[2 * place] == rows and seen[2 * place + 1] >= rows * _LIKELY:
                likely.append(one)
    found = []
    for one in likely:
        row = cursor.execute(f"SELECT count(*), count(DISTINCT {quoted(one)}) FROM {relation(file)}").fetchone()
        if row and row[0] == row[1]:
            found.append(one)
    return tuple(found)


def _said_nothing(sheet: Sheet, seen: Mapping[str, Profile], rows: int) -> Iterator[Finding]:
    """Yield the columns that are empty, or hold the same in all of twenty rows or more."""
    for column in sheet.columns:
        if not seen[column.name].filled:
            yield sheet.find(Message("check-column-empty", {"column": column.name}), column.name)
    for column in sheet.columns:
        if rows >= _ROWS_TO_TELL and seen[column.name].filled == rows and seen[column.name].distinct == 1:
            name = quoted(column.name)
            (value,) = sheet.one(f"SELECT left({name}::VARCHAR, 200) FROM {relation(sheet.file)} LIMIT 1")
            message = Message("check-column-constant", {"column": column.name, "value": value})
            yield sheet.find(message, column.name, value=value)


def _has_key(sheet: Sheet, seen: Mapping[str, Profile], rows: int) -> bool:
    """Say whether the likeliest column tells all rows apart: then no row repeats another, and none need be compared."""
    able = [one.name for one in sheet.columns if one.type in _KEYS and seen[one.name].filled == rows]
    likeliest = max(able, key=lambda one: seen[one].distinct or 0, default="")
    if not likeliest or (seen[likeliest].distinct or 0) < rows * _LIKELY:
        return False
    (distinct,) = sheet.one(f"SELECT count(DISTINCT {quoted(likeliest)}) FROM {relation(sheet.file)}")
    return bool(distinct == rows)


def _repeated_rows(sheet: Sheet, rows: int) -> Iterator[Finding]:
    """Yield how many rows are the same as another, value by value."""
    source, row = numbered(sheet.file, sheet.columns)
    cells = ", ".join(quoted(one.name) for one in sheet.columns)
    hashes = f"SELECT hash({cells}) AS h, {row} AS seen FROM {source}"
    if rows <= _GROUPED_ROWS:
        found = [_repeated(sheet, f"({hashes})")]
    else:
        with apart(sheet.cursor, hashes, "h % 16", sheet.file.with_suffix(".rows")) as portions:
            found = [_repeated(sheet, one) for one in portions]
    count = sum(repeated for repeated, _ in found)
    at = min((latest for _, latest in found if latest is not None), default=0)
    if count:
        values = {"count": int(count), "row": sheet.at(at)}
        yield sheet.find(Message("check-rows-repeated", values), row=at)


def _repeated(sheet: Sheet, hashes: str) -> tuple[int, int | None]:
    """Return how many of the hashes ``h`` repeat another, and at which row the first of these stands last."""
    groups = f"SELECT count(*) AS n, max(seen) AS latest FROM {hashes} GROUP BY h HAVING count(*) > 1"
    count, at = sheet.one(f"SELECT coalesce(sum(n - 1), 0)::BIGINT, min(latest) FROM ({groups})")
    return int(count), None if at is None else int(at)


def _geometry(sheet: Sheet) -> Iterator[Finding]:
    """Yield geometry that is invalid (a polygon that crosses itself), and what lies off the globe."""
    rules = []
    for column in sheet.columns:
        name = quoted(column.name)
        if not column.is_geometry or not sheet.one(f"SELECT count({name}) FROM {relation(sheet.file)}")[0]:
            continue  # where nothing has a place the file does not even say that the column is geometry
        if column.type is Type.GEOMETRY:
            rules.append(Rule("check-geometry-invalid", column.name, f"{name} IS NOT NULL AND NOT ST_IsValid({name})"))
        outside = f"ST_XMin({name}) < -180 OR ST_XMax({name}) > 180 OR ST_YMin({name}) < -90 OR ST_YMax({name}) > 90"
        if column.type is Type.POINT:
            outside = f"abs(ST_X({name})) > 180 OR abs(ST_Y({name})) > 90"
        rules.append(Rule("check-geometry-outside", column.name, outside))
    yield from broken(sheet, rules)
