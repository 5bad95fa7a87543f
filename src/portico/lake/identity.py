"""The identity of a version: a hash of schema and logical content, never of time, parent or file bytes.

A table is a bag of rows: the same rows in another order are the same content. Each row is written canonically (every
value with its length, so that no two rows can look alike), hashed, the hashes sorted and hashed again in two levels, so
that the engine never holds more than a 4,096th of them in one value. Numbers are written with 17 significant digits,
which tell any two doubles apart (-0.0 is 0.0); points as two such numbers. ``tests/lake/test_identity.py`` computes the
same in plain Python.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from portico.lake.model import Column, Type

ALGORITHM = "portico-content-1"


def schema_text(columns: Sequence[Column]) -> str:
    """Return the canonical text of a schema.

    >>> schema_text([Column("id", Type.TEXT)])
    '["portico-content-1",[{"name":"id","type":"text"}]]'
    """
    plain = [ALGORITHM, [column.to_dict() for column in columns]]
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def quoted(name: str) -> str:
    """Return an SQL identifier for any column name."""
    return '"' + name.replace('"', '""') + '"'


def _canonical(column: Column) -> str:
    """Return the SQL that writes one value canonically: ``~`` for nothing, else its length, a colon, its text."""
    name = quoted(column.name)
    text = {
        Type.TEXT: name,
        Type.INTEGER: f"{name}::VARCHAR",
        Type.BOOLEAN: f"{name}::VARCHAR",
        Type.NUMBER: f"printf('%.17g', {name} + 0.0)",
        Type.POINT: f"printf('%.17g %.17g', ST_X({name}) + 0.0, ST_Y({name}) + 0.0)",
    }[column.type]
    return f"CASE WHEN {name} IS NULL THEN '~' ELSE strlen({text})::VARCHAR || ':' || {text} END"


def content_query(columns: Sequence[Column], relation: str) -> str:
    """Return the SQL whose one value is the hash of the content of ``relation``."""
    row = " || ".join(_canonical(column) for column in columns)
    return f"""
        WITH hashed AS (SELECT sha256({row}) AS h FROM {relation}),
        grouped AS (SELECT left(h, 3) AS part, sha256(string_agg(h, '' ORDER BY h)) AS h FROM hashed GROUP BY part)
        SELECT coalesce(sha256(string_agg(h, '' ORDER BY part)), sha256('')) FROM grouped
    """


def version_id(columns: Sequence[Column], content_hash: str) -> str:
    """Return the id of a version from its schema and the hash of its content."""
    return hashlib.sha256(f"{schema_text(columns)}\n{content_hash}".encode()).hexdigest()
