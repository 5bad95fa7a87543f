"""Changes to the lake: publish a table as a version, cite a version."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from typing import Any

import duckdb

from portico import __version__
from portico.catalogue.commands import record
from portico.catalogue.model import Dataset, Distribution
from portico.database import Connection
from portico.errors import ConflictError, StateError
from portico.lake import identity, store
from portico.lake.lake import Lake
from portico.lake.model import Derivation, Publication, Table, Type, Version

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
class Published:
    """What publishing did: the version that is now the head, and whether that is new."""

    version: Version
    publication: Publication
    is_new: bool


def publish(
    lake: Lake,
    table: Table,
    dataset: Dataset,
    distribution: Distribution,
    *,
    at: str,
    expected: int | None = None,
    derivation: Derivation | None = None,
) -> Published:
    """Make ``table`` the head of ``dataset``: file, version, log and catalogue, all of it or nothing.

    The same content as the head's changes nothing. ``expected`` is the number of the publication the caller built on
    (0 for none); where the head moved meanwhile, ConflictError. ``at`` is the time as ISO 8601. With ``derivation`` the
    version says how it was worked out, and cites what it rests on.
    """
    if not lake.database.is_writable:
        raise StateError("state-read-only", path=lake.objects.folder.parent.name)
    version = written(lake, table, dataset.id, distribution.id)
    with lake.database.write() as connection:
        lake.objects.demand(version.file)
        record(connection, dataset, distribution)
        published = head_to(connection, version, at=at, expected=expected)
        if derivation is not None:
            store.put_derivation(connection, version, derivation)
        return published


def head_to(connection: Connection, version: Version, *, at: str, expected: int | None = None) -> Published:
    """Make ``version`` the head of its dataset, inside the caller's transaction; no entry where it is already."""
    store.put_version(connection, version)
    current = store.head_of(connection, version.dataset)
    number = current.number if current else 0
    if expected is not None and number != expected:
        raise ConflictError("head-moved", dataset=version.dataset, expected=expected, found=number)
    if current and current.version == version.id:
        return Published(version, current, is_new=False)
    publication = Publication(version.dataset, number + 1, version.id, at, f"portico {__version__}")
    if not store.append(connection, publication):
        raise ConflictError("head-moved", dataset=version.dataset, expected=number, found=number + 1)
    return Published(version, publication, is_new=True)


def identify(lake: Lake, table: Table) -> str:
    """Return the id that ``table`` would have as a version, writing nothing."""
    cursor = lake.engine.cursor(spatial=_has_points(table))
    try:
        return _identify(cursor, table)
    finally:
        cursor.close()


def _has_points(table: Table) -> bool:
    return any(column.is_geometry for column in table.columns)


def _identify(cursor: duckdb.DuckDBPyConnection, table: Table) -> str:
    """Load ``table`` into the engine as ``incoming`` and return its identity."""
    _load(cursor, table)
    at = Path(tempfile.gettempdir()) / f"portico-hashes-{os.urandom(6).hex()}"
    return identity.version_id(
        table.columns, identity.content_hash(cursor, table.columns, "incoming", len(table.rows), at)
    )


def cite(lake: Lake, versions: Iterable[tuple[str, str]], by: str) -> None:
    """Note that ``by`` cites ``versions``, each a dataset and the id of its version: clean-up never takes them."""
    with lake.database.write() as connection:
        for dataset, version in versions:
            store.put_citation(connection, dataset, version, by)


def written(lake: Lake, table: Table, dataset: str, distribution: str) -> Version:
    """Write ``table`` as GeoParquet 1.x and return its version, of which nobody knows before it is published.

    Rows are put in the order of their content. Raises StateError where the place cannot be written.
    """
    cursor = lake.engine.cursor(spatial=_has_points(table))
    try:
        identifier = _identify(cursor, table)
        kept = _kept(lake, identifier)
        if kept is None:
            names = [identity.quoted(column.name) for column in table.columns if not column.is_geometry]
            order = f" ORDER BY {', '.join(names)}" if names else ""
            with lake.objects.writing() as written:
                cursor.execute(
                    f"COPY (SELECT * FROM incoming{order}) TO '{str(written).replace(chr(39), chr(39) * 2)}' "
                    "(FORMAT parquet, COMPRESSION zstd, GEOPARQUET_VERSION 'V1')"
                )
                kept = lake.objects.keep(written, identifier)
        file, sha256, size = kept
    except (duckdb.Error, OSError) as error:
        raise StateError("state-failed", path=dataset, detail=str(error).splitlines()[0]) from error
    finally:
        cursor.execute("DROP TABLE IF EXISTS incoming")
        cursor.close()
    return Version(identifier, dataset, distribution, table.columns, len(table.rows), file, sha256, size)


def _kept(lake: Lake, identifier: str) -> tuple[str, str, int] | None:
    """Return name, SHA-256 and size of the file of a version, where it is there as its manifest says."""
    if not lake.database.exists:
        return None
    with lake.database.read() as connection:
        stated = store.file_of(connection, identifier)
    if stated is None or not lake.objects.is_whole(*stated):
        return None
    return stated


def _load(cursor: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Put ``table`` into the engine as the temporary table ``incoming``."""
    by_column: list[Sequence[Any]] = list(zip(*table.rows, strict=True)) or [() for _ in table.columns]
    parameters: list[str | list[Any]] = []
    inner: list[str] = []
    outer: list[str] = []

    def take(values: Sequence[Any], sql_type: str, name: str) -> None:
        parameter, source = _passed(values, sql_type)
        parameters.append(parameter)
        inner.append(f"unnest({source}) AS {name}")

    for number, (column, values) in enumerate(zip(table.columns, by_column, strict=True)):
        if column.type is Type.POINT:
            for axis in (0, 1):
                axis_values = [None if value is None else value[axis] for value in values]
                take(axis_values, "DOUBLE", f"c{number}_{axis}")
            point = f"CASE WHEN c{number}_0 IS NULL THEN NULL ELSE ST_Point(c{number}_0 + 0.0, c{number}_1 + 0.0) END"
            outer.append(f"ST_SetCRS({point}, 'EPSG:4326') AS {identity.quoted(column.name)}")
        elif column.type is Type.GEOMETRY:
            take(values, "VARCHAR", f"c{number}")
            outer.append(f"ST_SetCRS(ST_GeomFromText(c{number}), 'EPSG:4326') AS {identity.quoted(column.name)}")
        else:
            take(values, _SQL_TYPES[column.type], f"c{number}")
            # -0.0 is 0.0, as its identity says
            value = f"c{number} + 0.0" if column.type is Type.NUMBER else f"c{number}"
            outer.append(f"{value} AS {identity.quoted(column.name)}")
    query = f"SELECT {', '.join(outer)} FROM (SELECT {', '.join(inner)})"
    cursor.execute(f"CREATE OR REPLACE TEMP TABLE incoming AS {query}", parameters)


def _passed(values: Sequence[Any], sql_type: str) -> tuple[str | list[Any], str]:
    """Return a column as a parameter and the SQL that reads it.

    As one JSON text where JSON can say it: the engine takes a Python list value by value, a hundred times slower.
    """
    try:
        text = json.dumps(values, ensure_ascii=False, allow_nan=False, default=_iso)
    except ValueError:
        return list(values), f"?::{sql_type}[]"
    if "\\u0000" in text:
        return list(values), f"?::{sql_type}[]"
    return text, f"from_json_strict(?::JSON, '[\"{sql_type}\"]')"


def _iso(value: object) -> str:
    """Return a date or time as ISO 8601."""
    if isinstance(value, date | time):
        return value.isoformat()
    raise TypeError(type(value).__name__)
