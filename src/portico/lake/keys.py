"""Which columns tell the rows of two versions apart: a column, or a few together, never empty and never twice."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations

import duckdb

from portico.lake.comparing import Pair
from portico.lake.identity import quoted
from portico.lake.model import Type

_LIKELY = re.compile(
    r"(?i)(?:.*[ _.-])?(?:id|ids?|uid|uuid|guid|fid|gid|objectid|codice|code|cod|key|chiave|pk|matricola|progressivo)"
    r"(?:[ _.-].*)?|(?:id|cod|codice|code)[0-9]*"
)
_KINDS = (Type.TEXT, Type.INTEGER, Type.DATE, Type.DATETIME, Type.INSTANT, Type.TIME)
_ALONE = (Type.TEXT, Type.INTEGER)
_NEARLY = 0.8
_MOST_COLUMNS = 3
_MOST_TRIES = 12
_SHARED = 0.5


def is_key(cursor: duckdb.DuckDBPyConnection, relation: str, names: Sequence[str]) -> bool:
    """Say whether the columns ``names`` are filled in every row of ``relation`` and never the same together."""
    listed = ", ".join(map(quoted, names))
    empty = " OR ".join(f"{quoted(name)} IS NULL" for name in names)
    query = (
        f"SELECT count(*), count(DISTINCT ({listed})), count(*) FILTER ({empty}) FROM {relation}"
        if len(names) > 1
        else f"SELECT count(*), count(DISTINCT {listed}), count(*) FILTER ({empty}) FROM {relation}"
    )
    rows, distinct, missing = cursor.execute(query).fetchone() or (0, 0, 0)
    return bool(rows == distinct and not missing)


def find(cursor: duckdb.DuckDBPyConnection, pair: Pair) -> tuple[str, ...]:
    """Return the key of two versions, or nothing where none is found.

    A column named like one comes first. Another must be unique and share half of its values, so that a measurement
    that happens to be unique is not taken for a name; several together must include one that is named like a key.
    """
    names = [name for name in pair.common if pair.new.column(name).type is pair.old.column(name).type]
    names = [name for name in names if pair.old.column(name).type in _KINDS]
    if not names:
        return ()
    seen = [_seen(cursor, side.relation, names) for side in (pair.old, pair.new)]
    rows = [side.version.row_count for side in (pair.old, pair.new)]
    filled = [name for name in names if all(one[name][0] == count for one, count in zip(seen, rows, strict=True))]
    filled.sort(key=lambda name: not _LIKELY.fullmatch(name))
    for key in _candidates(filled, pair):
        may_be = all(_may_tell_apart(key, one, count) for one, count in zip(seen, rows, strict=True))
        if not may_be or not all(is_key(cursor, side.relation, key) for side in (pair.old, pair.new)):
            continue
        if _LIKELY.fullmatch(key[0]) or _is_shared(cursor, pair, key):
            return key
    return ()


def _seen(cursor: duckdb.DuckDBPyConnection, relation: str, names: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Return for each column how many values it has and about how many distinct ones."""
    each = ", ".join(f"count({quoted(name)}), approx_count_distinct({quoted(name)})" for name in names)
    found = cursor.execute(f"SELECT {each} FROM {relation}").fetchone() or ()
    return {name: (int(found[2 * at]), int(found[2 * at + 1])) for at, name in enumerate(names)}


def _candidates(names: Sequence[str], pair: Pair) -> Iterator[tuple[str, ...]]:
    """Yield what may be a key, the likeliest first."""
    for name in names:
        if pair.old.column(name).type in _ALONE:
            yield (name,)
    tries = 0
    for size in range(2, _MOST_COLUMNS + 1):
        for some in combinations(names, size):
            if not _LIKELY.fullmatch(some[0]):
                break
            if tries == _MOST_TRIES:
                return
            tries += 1
            yield some


def _may_tell_apart(key: Sequence[str], seen: dict[str, tuple[int, int]], rows: int) -> bool:
    product = 1
    for name in key:
        product *= max(seen[name][1], 1)
    return product >= _NEARLY * rows


def _is_shared(cursor: duckdb.DuckDBPyConnection, pair: Pair, key: Sequence[str]) -> bool:
    """Say whether half of the smaller version's keys are in the other."""
    fewer = min(pair.old.version.row_count, pair.new.version.row_count)
    found = cursor.execute(f"SELECT count(*) FROM {pair.joined('INNER', key)}").fetchone()
    return bool(found and found[0] >= _SHARED * fewer)
