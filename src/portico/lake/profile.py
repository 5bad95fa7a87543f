"""What a column holds at a glance: filled, distinct, from where to where, its quarters, the values seen most.

A small table is counted exactly. Of a large one (over 100,000 rows) the quantiles come from some 40,000 rows spread
over the whole of it (seldom half a hundredth of the rows off), and the number of distinct values
is an estimate (a few in a hundred off) where there are many: both say so. Counts of single values are exact always;
of a column with many, those are shown that stand in at least one cell of a hundred. The rows of the sample are chosen
by their number, so that the same table always has the same profile.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from portico.lake.identity import quoted
from portico.lake.model import Column, Type, Value

_EXACT_ROWS = 100_000
_FEW = 4_000
_TOP = 10
_SHOWN = 200
_AT_ONCE = 64
_DRAWN = 40_000
_OFTEN = 100
_MOSTLY_DISTINCT = 0.5
_QUARTERS = "[0.25, 0.5, 0.75]"
_ORDERED = frozenset({Type.INTEGER, Type.NUMBER, Type.DATE, Type.DATETIME, Type.INSTANT, Type.TIME})
_NUMBERS = frozenset({Type.INTEGER, Type.NUMBER})


@dataclass(frozen=True, slots=True)
class Profile:
    """What one column holds. None and empty stand for what has no meaning for its type, or is not known.

    ``minimum``, ``maximum`` and ``quantiles`` (a quarter, a half, three quarters of the values lie below) are in the
    unit of the column; days and moments as ISO text, moments in UTC. ``shortest`` and ``longest`` count characters.
    ``top`` pairs a value (a text cut at 200 characters) with the number of cells that hold it, most frequent first.
    """

    filled: int
    missing: int
    distinct: int | None = None
    distinct_is_exact: bool = True
    minimum: Value = None
    maximum: Value = None
    quantiles: tuple[Value, ...] = ()
    quantiles_are_exact: bool = True
    mean: float | None = None
    top: tuple[tuple[Value, int], ...] = ()
    shortest: int | None = None
    longest: int | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the profile as plain data, without what has no meaning for the column.

        >>> Profile(2, 1, 2, shortest=3, longest=5, top=(("Susa", 1),)).to_dict()
        {'filled': 2, 'missing': 1, 'distinct': 2, 'distinct_is_exact': True, 'top': [['Susa', 1]], 'shortest': 3, \
'longest': 5}
        """
        plain: dict[str, Any] = {"filled": self.filled, "missing": self.missing}
        if self.distinct is not None:
            plain |= {"distinct": self.distinct, "distinct_is_exact": self.distinct_is_exact}
        if self.minimum is not None:
            plain |= {"minimum": self.minimum, "maximum": self.maximum}
        if self.quantiles:
            plain |= {"quantiles": list(self.quantiles), "quantiles_are_exact": self.quantiles_are_exact}
        if self.mean is not None:
            plain["mean"] = self.mean
        if self.top:
            plain["top"] = [[value, count] for value, count in self.top]
        if self.shortest is not None:
            plain |= {"shortest": self.shortest, "longest": self.longest}
        return plain


def profile(cursor: duckdb.DuckDBPyConnection, file: Path, columns: Sequence[Column]) -> dict[str, Profile]:
    """Return the profile of each of the ``columns`` of the typed Parquet ``file``, by name.

    Memory does not grow with the table: what would is estimated, and says so.
    """
    found: dict[str, Profile] = {}
    for start in range(0, len(columns), _AT_ONCE):
        found |= _profiled(cursor, file, columns[start : start + _AT_ONCE], numbered(file, columns))
    return found


def geometry_profile(
    cursor: duckdb.DuckDBPyConnection, file: Path, column: str, *, is_point: bool = False
) -> dict[str, Any]:
    """Return what a geometry ``column`` (EPSG:4326) holds: kinds with their number, how many are invalid, the box.

    ``{"column": "geometry", "kinds": {"POINT": 3}, "invalid": 0, "bbox": [west, south, east, north]}``, the box in
    degrees and None where nothing has a place. ``is_point`` says that all are points. The cursor must know geometry.
    """
    place = quoted(column)
    known = f"{relation(file)} WHERE {place} IS NOT NULL"
    filled = cursor.execute(f"SELECT count({place}) FROM {relation(file)}").fetchone()
    if not filled or not filled[0]:
        return {"column": column, "kinds": {}, "invalid": 0, "bbox": None}
    found = [("POINT", filled[0])]
    if not is_point:
        kinds = f"SELECT ST_GeometryType({place})::VARCHAR AS kind FROM {known}"
        found = cursor.execute(f"SELECT kind, count(*) FROM ({kinds}) GROUP BY kind ORDER BY 2 DESC, 1").fetchall()
    if [kind for kind, _ in found] == ["POINT"]:
        corners, invalid = f"min(ST_X({place})), min(ST_Y({place})), max(ST_X({place})), max(ST_Y({place}))", "0"
    else:
        corners = f"min(ST_XMin({place})), min(ST_YMin({place})), max(ST_XMax({place})), max(ST_YMax({place}))"
        invalid = f"count(*) FILTER (ST_GeometryType({place})::VARCHAR <> 'POINT' AND NOT ST_IsValid({place}))"
    row = cursor.execute(f"SELECT {invalid}, {corners} FROM {known}").fetchone()
    wrong, *box = row or (0, None)
    return {
        "column": column,
        "kinds": dict(found),
        "invalid": wrong,
        "bbox": box if box and box[0] is not None else None,
    }


def relation(file: Path) -> str:
    """Return the SQL that reads a Parquet file."""
    return f"read_parquet({_text(str(file))})"


def numbered(file: Path, columns: Sequence[Column]) -> tuple[str, str]:
    """Return the SQL that reads a Parquet file with the number of each row, from 0, and the name of that number."""
    taken, row = {column.name.casefold() for column in columns}, "_row"
    while row in taken:
        row = f"_{row}"
    if "file_row_number" in taken:
        return f"(SELECT *, row_number() OVER () - 1 AS {row} FROM {relation(file)})", row
    source = f"read_parquet({_text(str(file))}, file_row_number = true)"
    return f"(SELECT * RENAME (file_row_number AS {row}) FROM {source})", row


def _profiled(
    cursor: duckdb.DuckDBPyConnection, file: Path, columns: Sequence[Column], counted_rows: tuple[str, str]
) -> dict[str, Profile]:
    rows = int(_one(cursor, f"SELECT count(*) FROM {relation(file)}")[0])
    is_small = rows <= _EXACT_ROWS
    source, row = counted_rows
    drawn = source if is_small else f"{source} WHERE hash({row}) % {rows // _DRAWN + 1} = 0"
    sampled = iter(_one(cursor, f"SELECT {', '.join(_of_sample(columns, is_small=is_small))}, count(*) FROM {drawn}"))
    few, quarters = {}, {}
    for column in columns:
        distinct = next(sampled)
        few[column.name] = is_small or distinct <= _FEW
        quarters[column.name] = next(sampled)
    seen = iter(_one(cursor, f"SELECT {', '.join(_of_all(columns, few))} FROM {relation(file)}"))
    looks = [
        _Look(column, next(seen), next(seen), next(seen), next(seen), next(seen), quarters[column.name])
        for column in columns
    ]
    plain = [one for one in looks if one.filled and not one.column.is_geometry]
    counted = _counted(cursor, file, [one for one in plain if few[one.column.name]])
    tops: dict[str, tuple[int | None, Sequence[Any]]] = {one.column.name: (count, top) for one, count, top in counted}
    many = [one for one in plain if not few[one.column.name] and one.repeats]
    tops |= {one.column.name: (None, top) for one, top in _frequent(cursor, drawn, file, many)}
    return {one.column.name: _made(one, rows, *tops.get(one.column.name, (None, ()))) for one in looks}


@dataclass(frozen=True, slots=True)
class _Look:
    """What one pass over the table says of a column; ``low`` and ``high`` are lengths for a text."""

    column: Column
    filled: int
    about: int
    low: Any
    high: Any
    mean: float | None
    quarters: Any

    @property
    def repeats(self) -> bool:
        """Whether single values may stand in many cells."""
        return self.about < self.filled * _MOSTLY_DISTINCT


def _of_sample(columns: Sequence[Column], *, is_small: bool) -> Iterator[str]:
    """Yield two aggregates a column: how many distinct values the sample has, and the quarters."""
    for column in columns:
        name = quoted(column.name)
        yield "0" if is_small or column.is_geometry else f"count(DISTINCT {name})"
        how = "quantile_cont" if column.type in _NUMBERS else "quantile_disc"
        yield f"{how}({_plain(column, name)}, {_QUARTERS})::VARCHAR[]" if column.type in _ORDERED else "NULL"


def _of_all(columns: Sequence[Column], few: Mapping[str, bool]) -> Iterator[str]:
    """Yield five aggregates a column, NULL where one has no meaning."""
    for column in columns:
        name, kind = quoted(column.name), column.type
        yield f"count({name})"
        yield "0" if few[column.name] or column.is_geometry else f"approx_count_distinct({name})"
        if kind is Type.TEXT:
            yield f"min(length({name}))"
            yield f"max(length({name}))"
        else:
            yield _written(column, f"min({name})") if kind in _ORDERED else "NULL"
            yield _written(column, f"max({name})") if kind in _ORDERED else "NULL"
        yield f"avg({name})" if kind in _NUMBERS else "NULL"


def _plain(column: Column, sql: str) -> str:
    """Return SQL of a type that every aggregate knows: moments as clock time in UTC."""
    return f"make_timestamp(epoch_us({sql}))" if column.type is Type.INSTANT else sql


def _written(column: Column, sql: str) -> str:
    return f"{_plain(column, sql)}::VARCHAR"


def _counted(
    cursor: duckdb.DuckDBPyConnection, file: Path, looks: Sequence[_Look]
) -> Iterator[tuple[_Look, int, Sequence[Any]]]:
    """Yield, for columns of few distinct values, how many there are and the most frequent with their number."""
    queries = []
    for index, one in enumerate(looks):
        name = quoted(one.column.name)
        groups = f"SELECT {name} AS v, count(*) AS n FROM {relation(file)} WHERE {name} IS NOT NULL GROUP BY 1"
        queries.append(f"SELECT {index}, count(*), {_listed(one)} FROM ({groups})")
    if queries:
        for index, count, top in cursor.execute(" UNION ALL ".join(queries)).fetchall():
            yield looks[index], count, top or ()


def _frequent(
    cursor: duckdb.DuckDBPyConnection, drawn: str, file: Path, looks: Sequence[_Look]
) -> Iterator[tuple[_Look, Sequence[Any]]]:
    """Yield, for columns of many distinct values, those that fill at least a hundredth of the cells.

    Such a value fills about four hundred cells of the sample: less than a hundred would be a miracle.
    """
    queries = []
    for index, one in enumerate(looks):
        name = quoted(one.column.name)
        often = (
            f"SELECT v FROM (SELECT {name} AS v, count({name}) AS n FROM {drawn} GROUP BY 1) "
            f"WHERE n > (SELECT count({name}) FROM {drawn}) // {4 * _OFTEN}"
        )
        groups = (
            f"SELECT {name} AS v, count(*) AS n FROM {relation(file)} WHERE {name} IN ({often}) "
            f"GROUP BY 1 HAVING count(*) * {_OFTEN} >= {one.filled}"
        )
        queries.append(f"SELECT {index}, {_listed(one)} FROM ({groups})")
    if queries:
        for index, top in cursor.execute(" UNION ALL ".join(queries)).fetchall():
            yield looks[index], top or ()


def _listed(one: _Look) -> str:
    """Return the SQL that lists the most frequent of the groups (v, n); of equally frequent ones the lowest first."""
    shown = f"left(e.v, {_SHOWN})" if one.column.type is Type.TEXT else _written(one.column, "e.v")
    return f"list_transform(min({{'n': -n, 'v': v}}, {_TOP}), lambda e: {{'v': {shown}, 'n': -e.n}})"


def _made(look: _Look, rows: int, exact: int | None, top: Sequence[Any]) -> Profile:
    kind = look.column.type
    missing = rows - look.filled
    if look.column.is_geometry or not look.filled:
        return Profile(look.filled, missing, None if look.column.is_geometry else 0)
    kept = [(_value(kind, one["v"]), int(one["n"])) for one in top]
    is_ordered = kind in _ORDERED
    quarters = tuple(_value(_of_quarters(kind), one) for one in look.quarters or ())
    return Profile(
        look.filled,
        missing,
        exact if exact is not None else min(look.about, look.filled),
        distinct_is_exact=exact is not None,
        minimum=_value(kind, look.low) if is_ordered else None,
        maximum=_value(kind, look.high) if is_ordered else None,
        quantiles=quarters if None not in quarters else (),
        quantiles_are_exact=rows <= _EXACT_ROWS,
        mean=look.mean if look.mean is not None and math.isfinite(look.mean) else None,
        top=tuple((value, count) for value, count in kept if value is not None),
        shortest=look.low if kind is Type.TEXT else None,
        longest=look.high if kind is Type.TEXT else None,
    )


def _of_quarters(kind: Type) -> Type:
    return Type.NUMBER if kind is Type.INTEGER else kind


def _value(kind: Type, text: str | None) -> Value:
    """Return a value that came as text, as JSON may hold it; None for what is no number."""
    if text is None or kind is Type.TEXT:
        return text
    if kind is Type.INTEGER:
        return int(text)
    if kind is Type.NUMBER:
        number = float(text)
        return number if math.isfinite(number) else None
    if kind is Type.BOOLEAN:
        return text == "true"
    if kind in (Type.DATETIME, Type.INSTANT):
        return text.replace(" ", "T") + ("Z" if kind is Type.INSTANT else "")
    return text


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _one(cursor: duckdb.DuckDBPyConnection, query: str) -> tuple[Any, ...]:
    return tuple(cursor.execute(query).fetchone() or ())
