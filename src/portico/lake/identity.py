"""The identity of a version: a hash of schema and logical content, never of time, parent or file bytes.

A table is a bag of rows: the same rows in another order are the same content. Each row is written canonically (every
value with its length, so that no two rows can look alike), hashed, the hashes sorted and hashed again in two levels, so
that the engine never holds more than a 4,096th of them in one value. Numbers are written with 17 significant digits,
which tell any two doubles apart (-0.0 is 0.0); points as two such numbers; times and moments as microseconds since
midnight or 1970; other geometry as hexadecimal WKB. ``tests/lake/test_identity.py`` computes the
same in plain Python.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import duckdb

from portico.lake.model import Column, Type

ALGORITHM = "portico-content-1"
_PARTS = 4096
_AT_ONCE = 3_000_000


def schema_text(columns: Sequence[Column]) -> str:
    """Return the canonical text of a schema.

    >>> schema_text([Column("id", Type.TEXT)])
    '["portico-content-1",[{"name":"id","type":"text"}]]'
    """
    plain = [ALGORITHM, [_identifying(column) for column in columns]]
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _identifying(column: Column) -> dict[str, str]:
    """Return what of a column makes it another one; what its values mean is found out, and may be found better."""
    return {name: text for name, text in column.to_dict().items() if name != "meaning"}


def quoted(name: str) -> str:
    """Return an SQL identifier for any column name."""
    return '"' + name.replace('"', '""') + '"'


def _canonical(column: Column) -> str:
    """Return the SQL parts that write one value canonically: ``~`` for nothing, else its length, a colon, its text."""
    name = quoted(column.name)
    text = {
        Type.TEXT: name,
        Type.NUMBER: f"printf('%.17g', {name} + 0.0)",
        Type.DATETIME: f"epoch_us({name})::VARCHAR",
        Type.INSTANT: f"epoch_us({name})::VARCHAR",
        Type.TIME: f"epoch_us({name})::VARCHAR",
        Type.POINT: f"printf('%.17g %.17g', ST_X({name}) + 0.0, ST_Y({name}) + 0.0)",
        Type.GEOMETRY: f"hex(ST_AsWKB({name}))",
    }.get(column.type, f"{name}::VARCHAR")
    return f"coalesce(strlen({text})::VARCHAR || ':', '~'), {text}"


def row_query(columns: Sequence[Column], relation: str) -> str:
    """Return the SQL that yields the hash ``h`` of every row of ``relation``."""
    return f"SELECT sha256(concat({', '.join(_canonical(column) for column in columns)})) AS h FROM {relation}"


def content_query(columns: Sequence[Column], relation: str) -> str:
    """Return the SQL whose one value is the hash of the content of ``relation``."""
    return f"""
        WITH hashed AS ({row_query(columns, relation)}),
        grouped AS (SELECT left(h, 3) AS part, sha256(string_agg(h, '' ORDER BY h)) AS h FROM hashed GROUP BY part)
        SELECT coalesce(sha256(string_agg(h, '' ORDER BY part)), sha256('')) FROM grouped
    """


def content_hash(
    cursor: duckdb.DuckDBPyConnection, columns: Sequence[Column], relation: str, rows: int, at: Path
) -> str:
    """Return the hash of the content of ``relation``, holding few hashes at a time: a large table's lie in ``at``."""
    if rows <= _AT_ONCE:
        found = cursor.execute(content_query(columns, relation)).fetchone()
        return str(found[0]) if found else ""
    kept = "'" + str(at).replace("'", "''") + "'"
    whole = hashlib.sha256()
    try:
        cursor.execute(f"COPY ({row_query(columns, relation)}) TO {kept} (FORMAT parquet)")
        passes = min(-(-rows // _AT_ONCE), _PARTS)
        for number in range(passes):
            bounds = [f"{_PARTS * step // passes:03x}" for step in (number, number + 1)]
            where = f"h >= '{bounds[0]}'" + (f" AND h < '{bounds[1]}'" if number + 1 < passes else "")
            parts = cursor.execute(
                f"SELECT sha256(string_agg(h, '' ORDER BY h)) FROM read_parquet({kept}) WHERE {where} "
                "GROUP BY left(h, 3) ORDER BY left(h, 3)"
            ).fetchall()
            for (part,) in parts:
                whole.update(str(part).encode())
    finally:
        at.unlink(missing_ok=True)
    return whole.hexdigest()


def version_id(columns: Sequence[Column], content_hash: str) -> str:
    """Return the id of a version from its schema and the hash of its content."""
    return hashlib.sha256(f"{schema_text(columns)}\n{content_hash}".encode()).hexdigest()
