"""What the doors show of a version: a few of its rows, one row, its places, its rejects; all of it ready for JSON.

A version that is held because of personal data is never read here: ``version`` does not give it out.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from portico.errors import PorticoError, StateError, UnknownNameError
from portico.lake import queries, store
from portico.lake.identity import quoted
from portico.lake.lake import Lake
from portico.lake.model import Column, Decided, Examination, Hold, Publication, Receipt, Type, Version
from portico.lake.personal import MASK
from portico.messages import did_you_mean

# The engine counts rows in 63 bits; no table comes near this.
_FAR = 2**62
_MIN_ID = 6


@dataclass(frozen=True, slots=True)
class Entry:
    """A publication with its version; the version is None where its content is not there or not shown any more."""

    publication: Publication
    version: Version | None


def held(lake: Lake, dataset: str) -> tuple[Hold, ...]:
    """Return the versions of a dataset that are not to be shown because of personal data, newest first."""
    with lake.database.read() as connection:
        return tuple(one for one in store.holds(connection, dataset) if one.decision is not Decided.RELEASED)


def every_hold(lake: Lake) -> tuple[Hold, ...]:
    """Return every hold of the lake, newest first, with what was decided on it."""
    with lake.database.read() as connection:
        return store.holds(connection)


def version(lake: Lake, name: str) -> Version:
    """Return the version named ``DATASET``, ``DATASET@NUMBER`` or ``DATASET@ID``, unless it is held.

    Raises UnknownNameError for one that nobody knows and for one that is held.
    """
    dataset, _, wanted = name.partition("@")
    kept_back = {one.version for one in held(lake, dataset)}
    if len(wanted) >= _MIN_ID and any(one.startswith(wanted) for one in kept_back):
        raise UnknownNameError("version-held", dataset=dataset, version=wanted[:12])
    found = queries.version(lake, name)
    if found.id in kept_back:
        raise UnknownNameError("version-held", dataset=dataset, version=found.short)
    return found


def publications(lake: Lake, dataset: str, most: int) -> tuple[Entry, ...]:
    """Return the newest ``most`` publications of a dataset, newest first."""
    found: dict[str, Version | None] = {one.version: None for one in held(lake, dataset)}
    log = tuple(reversed(queries.history(lake, dataset)))[:most]
    for entry in log:
        if entry.version not in found:
            found[entry.version] = _still_there(lake, entry)
    return tuple(Entry(entry, found[entry.version]) for entry in log)


def _still_there(lake: Lake, entry: Publication) -> Version | None:
    try:
        return queries.version(lake, f"{entry.dataset}@{entry.number}")
    except PorticoError:  # collected: the log remembers it, its content is gone
        return None


def head_of(lake: Lake, dataset: str) -> Publication | None:
    """Return the publication a dataset stands at, or nothing."""
    with lake.database.read() as connection:
        return store.head_of(connection, dataset)


def examination(lake: Lake, wanted: Version) -> Examination | None:
    """Return what was found when a version was made; nothing for one that was not made from a file."""
    with lake.database.read() as connection:
        return store.examination_of(connection, wanted.dataset, wanted.id)


def receipt(lake: Lake, found: Examination) -> Receipt | None:
    """Return how the bytes of an examined version came, the last time they did."""
    with lake.database.read() as connection:
        came = [one for one in store.receipts(connection, found.dataset) if one.sha256 == found.receipt]
    return came[-1] if came else None


def decision_on(lake: Lake, wanted: Version) -> Hold | None:
    """Return what was decided before a version was published: its own release, or the hold on the one it replaces."""
    with lake.database.read() as connection:
        own = store.hold_of(connection, wanted.dataset, wanted.id)
        every = store.holds(connection, wanted.dataset)
    return next((one for one in every if one.became == wanted.id), own)


def chosen(wanted: Version, columns: Sequence[str]) -> tuple[Column, ...]:
    """Return the columns named, in their order; every one where none is. Raises UnknownNameError for another name."""
    if not columns:
        return wanted.columns
    by_name = {column.name: column for column in wanted.columns}
    for name in columns:
        if name not in by_name:
            advice = did_you_mean(name, by_name)
            raise UnknownNameError("column-unknown", name=name, dataset=wanted.dataset, advice=advice)
    return tuple(by_name[name] for name in dict.fromkeys(columns))


def rows(lake: Lake, wanted: Version, columns: Sequence[Column], *, limit: int, offset: int = 0) -> list[list[Any]]:
    """Return ``limit`` rows from the ``offset``-th on, in the order of the file, as JSON takes them.

    Dates and times are ISO 8601 texts (an instant in UTC, ending in Z), geometry is a GeoJSON geometry in EPSG:4326,
    a number that is not finite is None. Raises StateError where the file is gone or damaged.
    """
    if not columns:
        return [[] for _ in range(max(0, min(limit, wanted.row_count - offset)))]
    query = f"SELECT {selected(columns)} FROM read_parquet(?) LIMIT ? OFFSET ?"
    parameters = [str(lake.objects.path(wanted.file)), limit, min(offset, _FAR)]
    return [ready(row, columns) for row in asked(lake, wanted, query, parameters, spatial=has_places(columns))]


def row(lake: Lake, wanted: Version, key: str, value: str) -> dict[str, Any] | None:
    """Return the first row whose column ``key`` reads ``value``, without its geometry; nothing where there is none."""
    columns = tuple(column for column in wanted.columns if not column.is_geometry)
    if key not in {column.name for column in columns}:
        return None
    query = f"SELECT {selected(columns)} FROM read_parquet(?) WHERE {quoted(key)}::VARCHAR = ? LIMIT 1"
    found = asked(lake, wanted, query, [str(lake.objects.path(wanted.file)), value])
    return dict(zip((column.name for column in columns), ready(found[0], columns), strict=True)) if found else None


def keys_like(lake: Lake, wanted: Version, key: str, *, most: int) -> list[str]:
    """Return up to ``most`` values of the column ``key`` as texts, to advise on one that is not there."""
    if key not in {column.name for column in wanted.columns if not column.is_geometry}:
        return []
    query = f"SELECT DISTINCT {quoted(key)}::VARCHAR AS k FROM read_parquet(?) WHERE k IS NOT NULL ORDER BY k LIMIT ?"
    return [str(found[0]) for found in asked(lake, wanted, query, [str(lake.objects.path(wanted.file)), most])]


def rejects(lake: Lake, found: Examination, *, limit: int, offset: int = 0) -> list[dict[str, Any]]:
    """Return rejects of a version by row of the file: row, column, raw, reason (a message id), expected.

    Where personal data were found among the rejects, their raw text is masked: the version itself holds none of it.
    """
    if not found.rejects_file:
        return []
    query = (
        'SELECT "row", "column", raw, reason, expected FROM read_parquet(?, file_row_number = true) '
        'ORDER BY "row", file_row_number LIMIT ? OFFSET ?'
    )
    cursor = lake.engine.cursor()
    try:
        path = str(lake.objects.path(found.rejects_file))
        listed = cursor.execute(query, [path, limit, min(offset, _FAR)]).fetchall()
    except duckdb.Error as error:
        detail = str(error).splitlines()[0]
        raise StateError("rejects-damaged", dataset=found.dataset, version=found.version[:12], detail=detail) from error
    finally:
        cursor.close()
    found_rows = [dict(zip(("row", "column", "raw", "reason", "expected"), one, strict=True)) for one in listed]
    if found.report.get("rejects_are_personal"):
        return [one | {"raw": MASK} for one in found_rows]
    return found_rows


def selected(columns: Sequence[Column]) -> str:
    """Return the SQL of ``columns`` as values that JSON knows; geometry as GeoJSON text."""
    return ", ".join(_as_plain(column) for column in columns)


def _as_plain(column: Column) -> str:
    name = quoted(column.name)
    if column.is_geometry:
        # Where no row has a place the engine writes no note that the column holds any, and would read plain bytes.
        return f"ST_AsGeoJSON({name}::GEOMETRY)::VARCHAR"
    match column.type:
        case Type.NUMBER:
            return f"CASE WHEN isfinite({name}) THEN {name} END"
        case Type.DATE | Type.TIME:
            return f"{name}::VARCHAR"
        case Type.DATETIME:
            return f"replace({name}::VARCHAR, ' ', 'T')"
        case Type.INSTANT:
            return f"replace(timezone('UTC', {name})::VARCHAR, ' ', 'T') || 'Z'"
        case _:
            return name


def ready(found: tuple[Any, ...], columns: Sequence[Column]) -> list[Any]:
    """Return a row that ``selected`` gave as plain data."""
    return [
        json.loads(value) if column.is_geometry and value is not None else value
        for column, value in zip(columns, found, strict=True)
    ]


def has_places(columns: Sequence[Column]) -> bool:
    """Say whether any of ``columns`` holds geometry."""
    return any(column.is_geometry for column in columns)


def asked(
    lake: Lake, wanted: Version, query: str, parameters: Sequence[Any], *, spatial: bool = False
) -> list[tuple[Any, ...]]:
    """Return the answer of the engine; raise StateError where the file of a version is gone or damaged."""
    cursor = lake.engine.cursor(spatial=spatial)
    try:
        return cursor.execute(query, list(parameters)).fetchall()
    except duckdb.Error as error:
        raise StateError(
            "version-damaged", dataset=wanted.dataset, version=wanted.short, detail=str(error).splitlines()[0]
        ) from error
    finally:
        cursor.close()
