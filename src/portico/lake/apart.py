"""A result too large to be grouped at once, written apart by a short key: each portion is small, whatever the whole.

The engine's own grouping goes to disk late, and takes half as much again as it is allowed on the way there.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb


@contextmanager
def apart(cursor: duckdb.DuckDBPyConnection, query: str, key: str, at: Path) -> Iterator[list[str]]:
    """Write the rows of ``query`` into the folder ``at`` by the value of the SQL ``key``; give a relation a value.

    ``key`` has few values (sixteen, say) and is no column of the relations. The folder goes afterwards.
    """
    try:
        cursor.execute(
            f"COPY (SELECT *, {key} AS _part FROM ({query})) TO {_text(at)} (FORMAT parquet, PARTITION_BY (_part))"
        )
        yield [f"read_parquet({_text(one / '*.parquet')}, hive_partitioning = false)" for one in sorted(at.iterdir())]
    finally:
        shutil.rmtree(at, ignore_errors=True)


def _text(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
