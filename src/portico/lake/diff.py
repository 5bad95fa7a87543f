"""What changed between two versions: columns, and rows by a key or by content. Counts are exact, examples are few.

Columns are the same where their names are. By a key, a row is added, removed or changed; without one, tables are bags
of rows and a changed row is one removed and one added. Nothing is loaded: the engine reads both files and spills.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import duckdb

from portico.errors import InputError, StateError, UnknownNameError
from portico.lake import keys
from portico.lake.comparing import Pair, Side
from portico.lake.identity import quoted
from portico.lake.lake import Lake
from portico.lake.model import Column, Version
from portico.messages import did_you_mean

EXAMPLES = 20


@dataclass(frozen=True, slots=True)
class Changed:
    """A column of the same name with another type or unit."""

    old: Column
    new: Column


@dataclass(frozen=True, slots=True)
class Schema:
    """What changed among the columns. ``renamed`` are guesses, old name and new: their values are the same."""

    added: tuple[Column, ...] = ()
    removed: tuple[Column, ...] = ()
    changed: tuple[Changed, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
    is_reordered: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether the columns are the same."""
        return not (self.added or self.removed or self.changed or self.is_reordered)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that changed. Dates, times and geometry are text (ISO 8601, WKT in EPSG:4326)."""

    column: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class Row:
    """A row that changed: the values of its key, and its cells that are another."""

    key: tuple[Any, ...]
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Examples:
    """Some rows of each kind, in the order of their key or content; rows added and removed as column → value."""

    added: tuple[dict[str, Any], ...] = ()
    removed: tuple[dict[str, Any], ...] = ()
    changed: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Diff:
    """What changed from ``old`` to ``new``.

    ``key`` is empty where rows were compared by content; ``is_key_found`` says that nobody named it. Rows are compared
    in the columns that both have. ``cells`` counts, for each column, the changed rows in which it changed.
    """

    old: Version
    new: Version
    schema: Schema = field(default_factory=Schema)
    key: tuple[str, ...] = ()
    is_key_found: bool = False
    added: int = 0
    removed: int = 0
    changed: int = 0
    cells: tuple[tuple[str, int], ...] = ()
    examples: Examples = field(default_factory=Examples)

    @property
    def is_empty(self) -> bool:
        """Whether nothing changed."""
        return self.schema.is_empty and not (self.added or self.removed or self.changed)

    @property
    def same(self) -> int:
        """How many rows are the same in both."""
        return self.old.row_count - self.removed - self.changed


def diff(lake: Lake, old: Version, new: Version, key: Sequence[str] = (), *, examples: int = EXAMPLES) -> Diff:
    """Return what changed from ``old`` to ``new``, with up to ``examples`` rows of each kind.

    ``key`` names columns that tell rows apart in both; without it one is looked for. Raises UnknownNameError for a key
    column that one of them has not, InputError for a key that is empty somewhere or stands twice, StateError where a
    version is damaged.
    """
    pair = Pair(Side.of(lake, old), Side.of(lake, new))
    _refuse_unknown(pair, key)
    if old.id == new.id:
        return Diff(old, new, key=tuple(key))
    cursor = lake.engine.cursor(spatial=pair.has_geometry)
    try:
        return _compared(cursor, pair, tuple(key), examples)
    except duckdb.Error as error:
        damaged = next((side.version for side in (pair.old, pair.new) if not side.is_whole(lake)), None)
        detail = str(error).splitlines()[0]
        if damaged is None:
            raise StateError("state-failed", path=new.dataset, detail=detail) from error
        raise StateError("version-damaged", dataset=damaged.dataset, version=damaged.short, detail=detail) from error
    finally:
        cursor.close()


def _refuse_unknown(pair: Pair, key: Sequence[str]) -> None:
    for side in (pair.old, pair.new):
        known = [column.name for column in side.version.columns if not column.is_geometry]
        for name in key:
            if name not in known:
                named = f"{side.version.dataset}@{side.version.short}"
                raise UnknownNameError("column-unknown", name=name, dataset=named, advice=did_you_mean(name, known))


def _compared(cursor: duckdb.DuckDBPyConnection, pair: Pair, told: tuple[str, ...], limit: int) -> Diff:
    schema = _schema(cursor, pair)
    for side in (pair.old, pair.new) if told else ():
        if not keys.is_key(cursor, side.relation, told):
            named = f"{side.version.dataset}@{side.version.short}"
            raise InputError("diff-no-key", key=told, version=named)
    key = told or keys.find(cursor, pair)
    versions = (pair.old.version, pair.new.version)
    if not key:
        added, removed = _bags(cursor, pair)
        shown = _bag_examples(cursor, pair, added, removed, limit)
        return Diff(*versions, schema, added=added, removed=removed, examples=shown)
    added, removed, changed, *each = _counts(cursor, pair, key)
    others = [name for name in pair.common if name not in key]
    cells = tuple((name, count) for name, count in zip(others, each, strict=True) if count)
    shown = Examples(
        _missing(cursor, pair.new, pair.old, pair, key, limit) if added else (),
        _missing(cursor, pair.old, pair.new, pair, key, limit) if removed else (),
        _changed(cursor, pair, key, [name for name, _ in cells], limit) if changed else (),
    )
    return Diff(*versions, schema, key, not told, added, removed, changed, cells, shown)


def _schema(cursor: duckdb.DuckDBPyConnection, pair: Pair) -> Schema:
    old = {column.name: column for column in pair.old.version.columns}
    new = {column.name: column for column in pair.new.version.columns}
    added = tuple(column for name, column in new.items() if name not in old)
    removed = tuple(column for name, column in old.items() if name not in new)
    changed = [Changed(old[name], new[name]) for name in pair.common if _differs(old[name], new[name])]
    order = [name for name in new if name in old] != pair.common
    return Schema(added, removed, tuple(changed), _renamed(cursor, pair, removed, added), order)


def _differs(old: Column, new: Column) -> bool:
    return (old.type, old.unit) != (new.type, new.unit)


def _renamed(
    cursor: duckdb.DuckDBPyConnection, pair: Pair, removed: Sequence[Column], added: Sequence[Column]
) -> tuple[tuple[str, str], ...]:
    """Return columns that went and came with the same values, as far as a sum of hashes tells."""
    if not removed or not added:
        return ()
    went = pair.old.prints(cursor, removed)
    came = pair.new.prints(cursor, added)
    found, taken = [], set()
    for name, trace in went.items():
        same = [other for other, one in came.items() if one == trace and trace[1] and other not in taken]
        if len(same) == 1 and list(went.values()).count(trace) == 1:
            found.append((name, same[0]))
            taken.add(same[0])
    return tuple(found)


def _bags(cursor: duckdb.DuckDBPyConnection, pair: Pair) -> tuple[int, int]:
    """Return how many rows came and how many went, where the tables are bags of rows."""
    if not pair.common:
        return pair.new.version.row_count, pair.old.version.row_count
    query = f"SELECT sum(greatest(n, 0)), sum(greatest(-n, 0)) FROM ({pair.balance()})"
    came, went = cursor.execute(query).fetchone() or (0, 0)
    return int(came or 0), int(went or 0)


def _bag_examples(cursor: duckdb.DuckDBPyConnection, pair: Pair, added: int, removed: int, limit: int) -> Examples:
    def some(sign: str) -> tuple[dict[str, Any], ...]:
        copies = f"unnest(range(least(abs(n), {limit})::BIGINT))"
        query = f"SELECT {pair.shown()} FROM (SELECT *, {copies} FROM ({pair.balance()}) WHERE n {sign} 0)"
        return _mappings(cursor, pair.common, f"{query} ORDER BY ALL LIMIT {limit}")

    if not pair.common or not limit:
        return Examples()
    return Examples(some(">") if added else (), some("<") if removed else ())


def _counts(cursor: duckdb.DuckDBPyConnection, pair: Pair, key: Sequence[str]) -> list[int]:
    """Return how many rows were added, removed and changed, and in how many each column but the key changed."""
    others = [name for name in pair.common if name not in key]
    marker = quoted(pair.marker)
    is_both = f"o.{marker} AND n.{marker}"
    differ = [pair.differs(name) for name in others]
    wanted = [f"n.{marker} AND o.{marker} IS NULL", f"o.{marker} AND n.{marker} IS NULL"]
    wanted += [f"{is_both} AND ({' OR '.join(differ) or 'false'})", *(f"{is_both} AND {one}" for one in differ)]
    counted = ", ".join(f"count(*) FILTER ({one})" for one in wanted)
    found = cursor.execute(f"SELECT {counted} FROM {pair.joined('FULL', key)}").fetchone()
    return [int(one) for one in found or ()]


def _missing(
    cursor: duckdb.DuckDBPyConnection, here: Side, there: Side, pair: Pair, key: Sequence[str], limit: int
) -> tuple[dict[str, Any], ...]:
    """Return some rows of one side whose key the other has not."""
    columns = [column.name for column in here.version.columns]
    on = " AND ".join(pair.same_key(name, here is pair.old) for name in key)
    order = ", ".join(f"h.{quoted(name)}" for name in key)
    query = (
        f"SELECT {here.shown('h')} FROM {here.relation} h ANTI JOIN {there.relation} t ON {on} "
        f"ORDER BY {order} LIMIT {limit}"
    )
    return _mappings(cursor, columns, query)


def _changed(
    cursor: duckdb.DuckDBPyConnection, pair: Pair, key: Sequence[str], names: Sequence[str], limit: int
) -> tuple[Row, ...]:
    """Return some rows that changed, with the cells in which they did."""
    cells = []
    for name in names:
        cells += [pair.differs(name), pair.old.shown_cell(name, "o"), pair.new.shown_cell(name, "n")]
    shown_key = ", ".join(pair.new.shown_cell(name, "n") for name in key)
    order = ", ".join(f"n.{quoted(name)}" for name in key)
    where = " OR ".join(pair.differs(name) for name in names)
    query = (
        f"SELECT {shown_key}, {', '.join(cells)} FROM {pair.joined('INNER', key)} WHERE {where} "
        f"ORDER BY {order} LIMIT {limit}"
    )
    rows = []
    for row in cursor.execute(query).fetchall():
        found = row[len(key) :]
        changed = (Cell(name, *found[3 * at + 1 : 3 * at + 3]) for at, name in enumerate(names) if found[3 * at])
        rows.append(Row(tuple(row[: len(key)]), tuple(changed)))
    return tuple(rows)


def _mappings(cursor: duckdb.DuckDBPyConnection, names: Sequence[str], query: str) -> tuple[dict[str, Any], ...]:
    return tuple(dict(zip(names, row, strict=True)) for row in cursor.execute(query).fetchall())
