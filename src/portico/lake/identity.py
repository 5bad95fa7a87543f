"""The identity of a version: a hash of schema and logical content, never of time, parent or file bytes.

A table is a bag of rows: the same rows in another order are the same content. A row is its cells as text with U+001F
between them; U+001E escapes: followed by ``0`` it stands for itself, by ``1`` for U+001F, alone for nothing, so that no
two rows can look alike. Numbers are the shortest decimals that read back as the same double (-0.0 is 0.0), points two
such numbers; times and moments microseconds since midnight or 1970; other geometry hexadecimal WKB. The hashes of the
rows are sorted and hashed again in two levels, so that never more than some of them are held at once.
``tests/lake/test_identity.py`` computes the same in plain Python.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import duckdb

from portico.lake.apart import apart
from portico.lake.model import Column, Type

ALGORITHM = "portico-content-2"
_HEX = 64
_AT_ONCE = 1_000_000
_CROWD = 400_000
"""A group of more hashes than this (a table that says the same again and again) is counted, not gathered."""
_SAME_AT_ONCE = 10_000
_MARK = "chr(31)"
_ESCAPE = "chr(30)"


def schema_text(columns: Sequence[Column]) -> str:
    """Return the canonical text of a schema.

    >>> schema_text([Column("id", Type.TEXT)])
    '["portico-content-2",[{"name":"id","type":"text"}]]'
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
    """Return the SQL of one cell as text, nothing as the escape alone."""
    name = quoted(column.name)
    escaped = f"replace(replace({name}, {_ESCAPE}, {_ESCAPE} || '0'), {_MARK}, {_ESCAPE} || '1')"
    text = {
        Type.TEXT: f"CASE WHEN contains({name}, {_ESCAPE}) OR contains({name}, {_MARK}) THEN {escaped} ELSE {name} END",
        Type.NUMBER: f"({name} + 0.0)::VARCHAR",
        Type.DATETIME: f"epoch_us({name})::VARCHAR",
        Type.INSTANT: f"epoch_us({name})::VARCHAR",
        Type.TIME: f"epoch_us({name})::VARCHAR",
        Type.POINT: f"(ST_X({name}) + 0.0)::VARCHAR || ' ' || (ST_Y({name}) + 0.0)::VARCHAR",
        Type.GEOMETRY: f"hex(ST_AsWKB({name}))",
    }.get(column.type, f"{name}::VARCHAR")
    return f"coalesce({text}, {_ESCAPE})"


def row_query(columns: Sequence[Column], relation: str) -> str:
    """Return the SQL that yields the hash ``h`` of every row of ``relation``."""
    return f"SELECT sha256(concat_ws({_MARK}, {', '.join(map(_canonical, columns))})) AS h FROM {relation}"


def content_hash(
    cursor: duckdb.DuckDBPyConnection, columns: Sequence[Column], relation: str, rows: int, at: Path
) -> str:
    """Return the hash of the content of ``relation``, holding few hashes at a time: a large table's lie in ``at``."""
    found: dict[str, str] = {}
    for hashes in _portions(cursor, columns, relation, rows, at):
        crowded = _crowded(cursor, hashes) if rows > _AT_ONCE else []
        found |= {part: _of_crowd(cursor, hashes, part) for part in crowded}
        besides = " AND ".join(f"NOT starts_with(h, '{part}')" for part in crowded) or "true"
        # Gathered by the engine and sorted here: it sorts inside a group four times slower.
        parts = cursor.execute(
            f"SELECT left(h, 2) AS part, string_agg(h, '') FROM {hashes} WHERE {besides} GROUP BY part"
        )
        while part := parts.fetchone():
            found[str(part[0])] = _of_part(str(part[1]))
    return hashlib.sha256("".join(found[part] for part in sorted(found)).encode()).hexdigest()


def _portions(
    cursor: duckdb.DuckDBPyConnection, columns: Sequence[Column], relation: str, rows: int, at: Path
) -> Iterator[str]:
    """Yield relations of the hashes of all rows; of a large table by their first digits, out of ``at``.

    Gathering needs about six times what the hashes take; writing them apart needs little, whatever their number.
    """
    query = row_query(columns, relation)
    if rows <= _AT_ONCE:
        yield f"({query})"
        return
    passes = min(-(-rows // (16 * _AT_ONCE)), 16)
    bounds = [f"{16 * step // passes:x}" for step in range(passes)]
    with apart(cursor, query, "left(h, 1)", at) as portions:
        for source in portions:
            for low, high in zip(bounds, [*bounds[1:], "g"], strict=True):
                yield f"(SELECT h FROM {source} WHERE h[2] >= '{low}' AND h[2] < '{high}')"


def _crowded(cursor: duckdb.DuckDBPyConnection, hashes: str) -> list[str]:
    """Return the first two digits under which so many hashes stand that they are not to be gathered."""
    query = f"SELECT left(h, 2) AS part FROM {hashes} GROUP BY part HAVING count(*) > {_CROWD}"
    return [str(part) for (part,) in cursor.execute(query).fetchall()]


def _of_crowd(cursor: duckdb.DuckDBPyConnection, hashes: str, part: str) -> str:
    """Return the hash of a crowded group, in which most hashes stand many times: each once, with its number."""
    counted = cursor.execute(f"SELECT h, count(*) FROM {hashes} WHERE starts_with(h, '{part}') GROUP BY h ORDER BY h")
    return _hash_of(iter(counted.fetchone, None))


def _of_part(hashes: str) -> str:
    """Return the hash of the hashes of rows that begin alike, written one after the other, in order."""
    if len(hashes) > _CROWD * _HEX:
        return _hash_of(sorted(Counter(_apart(hashes)).items()))
    return hashlib.sha256("".join(sorted(_apart(hashes))).encode()).hexdigest()


def _apart(hashes: str) -> Iterable[str]:
    return (hashes[start : start + _HEX] for start in range(0, len(hashes), _HEX))


def _hash_of(counted: Iterable[tuple[str, int]]) -> str:
    """Return the hash of hashes in order, each given with how often it stands there."""
    whole = hashlib.sha256()
    for one, count in counted:
        for start in range(0, count, _SAME_AT_ONCE):
            whole.update(one.encode() * min(_SAME_AT_ONCE, count - start))
    return whole.hexdigest()


def version_id(columns: Sequence[Column], content_hash: str) -> str:
    """Return the id of a version from its schema and the hash of its content."""
    return hashlib.sha256(f"{schema_text(columns)}\n{content_hash}".encode()).hexdigest()
