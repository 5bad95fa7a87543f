"""Typed Parquet files for the tests of what is done with a typed table."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from portico.lake.engine import Engine
from portico.lake.model import Column, Type

ENGINE = Engine()
SQL = {
    Type.TEXT: "VARCHAR",
    Type.INTEGER: "BIGINT",
    Type.NUMBER: "DOUBLE",
    Type.BOOLEAN: "BOOLEAN",
    Type.DATE: "DATE",
    Type.DATETIME: "TIMESTAMP",
    Type.INSTANT: "TIMESTAMPTZ",
    Type.TIME: "TIME",
    Type.POINT: "GEOMETRY",
    Type.GEOMETRY: "GEOMETRY",
}
_NUMBERS = itertools.count()


def cursor(*, spatial: bool = False):
    """Return a cursor of the one engine of these tests."""
    return ENGINE.cursor(spatial=spatial)


def sheet(folder: Path, columns: Sequence[Column], rows: Iterable[Sequence[Any]]) -> Path:
    """Write rows (geometry as WKT, dates and times as ISO text or Python's) to a Parquet file; return it."""
    has_places = any(column.is_geometry for column in columns)
    at = cursor(spatial=has_places)
    name = f"sheet{next(_NUMBERS)}"
    names = ['"' + column.name.replace('"', '""') + '"' for column in columns]
    at.execute(
        f"CREATE TEMP TABLE {name} "
        f"({', '.join(f'{one} {SQL[column.type]}' for one, column in zip(names, columns, strict=True))})"
    )
    marks = ", ".join("ST_GeomFromText(?::VARCHAR)" if column.is_geometry else "?" for column in columns)
    listed = [tuple(row) for row in rows]
    if listed:
        at.executemany(f"INSERT INTO {name} VALUES ({marks})", listed)
    file = folder / f"{name}'s.parquet"
    path = str(file).replace("'", "''")
    at.execute(f"COPY {name} TO '{path}' (FORMAT parquet, GEOPARQUET_VERSION 'V1')")
    at.execute(f"DROP TABLE {name}")
    return file


def texts(folder: Path, *values: str | None, name: str = "note") -> tuple[Path, tuple[Column, ...]]:
    """Return a table of one text column."""
    columns = (Column(name, Type.TEXT),)
    return sheet(folder, columns, [(value,) for value in values]), columns
