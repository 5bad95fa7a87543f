"""Long matrices written to a file, pair by pair, as CSV or Parquet: portion after portion, beside its place first."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import duckdb
import numpy as np
from numpy.typing import NDArray

from portico.errors import StateError, UsageError
from portico.lake.identity import quoted
from portico.lake.lake import open_engine
from portico.lake.readers.linking import text

_FORMS = {".csv": "FORMAT csv, HEADER", ".parquet": "FORMAT parquet, COMPRESSION zstd"}

MatrixPortion = tuple[int, NDArray[np.float64]]
"""The number of its first row, and K × rows × columns numbers."""


def matrix_form(target: Path) -> str:
    """Return how a matrix is written, by the ending of ``target``. Raises UsageError for one that is not known."""
    if target.suffix.lower() not in _FORMS:
        raise UsageError("matrix-ending", file=target.name, endings=", ".join(_FORMS))
    return _FORMS[target.suffix.lower()]


def write_matrix(
    target: Path,
    rows: tuple[str, Sequence[str]],
    columns: tuple[str, Sequence[str]],
    values: Sequence[str],
    portions: Iterable[MatrixPortion],
) -> int:
    """Write one line for each pair of ``rows`` and ``columns`` (the name of an id column, and its ids) to ``target``.

    ``values`` name the K numbers of a pair; not a number is an empty cell. Lines are in the order of the ids. Returns
    how many lines were written; after any error the target is as it was.
    """
    form = matrix_form(target)
    named = ", ".join(f"v{at} AS {quoted(name)}" for at, name in enumerate(values))
    part = target.with_name(f".{target.name}.{os.getpid()}")
    engine = open_engine()
    try:
        with tempfile.TemporaryDirectory(prefix="portico-") as folder, engine.cursor() as cursor:
            cursor.execute(f"SET temp_directory={text(folder)}")
            _hold_ids(cursor, "row_id", rows[1])
            _hold_ids(cursor, "column_id", columns[1])
            numbers = ", ".join(f"v{at} DOUBLE" for at in range(len(values)))
            cursor.execute(f"CREATE TEMP TABLE pair (r INTEGER, c INTEGER, {numbers})")
            for first, costs in portions:
                _enter(cursor, first, costs)
            cursor.execute(
                f"COPY (SELECT row_id.id AS {quoted(rows[0])}, column_id.id AS {quoted(columns[0])}, {named} FROM pair "
                f"JOIN row_id ON row_id.n = r JOIN column_id ON column_id.n = c ORDER BY r, c) "
                f"TO {text(str(part))} ({form})"
            )
            counted = cursor.execute("SELECT count(*) FROM pair").fetchone()
        part.replace(target)
    except (duckdb.Error, OSError) as error:
        raise StateError("state-failed", path=target.name, detail=str(error).splitlines()[0]) from error
    finally:
        part.unlink(missing_ok=True)
    return int(counted[0]) if counted else 0


def _hold_ids(cursor: duckdb.DuckDBPyConnection, name: str, ids: Sequence[str]) -> None:
    cursor.execute(
        f"CREATE TEMP TABLE {name} AS SELECT generate_subscripts(l, 1)::INTEGER - 1 AS n, unnest(l) AS id "
        "FROM (SELECT ?::VARCHAR[] AS l)",
        [list(ids)],
    )


def _enter(cursor: duckdb.DuckDBPyConnection, first: int, costs: NDArray[np.float64]) -> None:
    layers, count, width = costs.shape
    row = np.repeat(np.arange(first, first + count, dtype=np.int32), width)
    column = np.tile(np.arange(width, dtype=np.int32), count)
    portion = {"r": row, "c": column} | {f"v{at}": costs[at].reshape(-1) for at in range(layers)}
    cursor.register("portion", portion)
    empty = ", ".join(f"CASE WHEN isnan(v{at}) THEN NULL ELSE v{at} END" for at in range(layers))
    cursor.execute(f"INSERT INTO pair SELECT r, c, {empty} FROM portion")
    cursor.unregister("portion")
