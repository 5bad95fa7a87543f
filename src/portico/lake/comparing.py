"""Two versions side by side: the SQL that reads, joins and compares their columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from portico.lake.contents import contents
from portico.lake.identity import quoted
from portico.lake.lake import Lake
from portico.lake.model import Column, Type, Version

_NUMBERS = (Type.INTEGER, Type.NUMBER)
_AS_TEXT = (Type.DATE, Type.DATETIME, Type.INSTANT, Type.TIME, Type.POINT, Type.GEOMETRY)
_WHOLE = 9_007_199_254_740_992


@dataclass(frozen=True, slots=True)
class Side:
    """One of two versions, and what stands after FROM for it."""

    version: Version
    relation: str

    @classmethod
    def of(cls, lake: Lake, version: Version) -> Side:
        """Return ``version`` as a side."""
        return cls(version, contents(lake, version))

    def is_whole(self, lake: Lake) -> bool:
        """Say whether the file of the version is there with its bytes."""
        one = self.version
        return lake.objects.is_whole(one.file, one.file_sha256, one.file_bytes)

    def column(self, name: str) -> Column:
        """Return the column called ``name``."""
        return next(column for column in self.version.columns if column.name == name)

    def shown_cell(self, name: str, alias: str) -> str:
        """Return the SQL of a cell as it is shown: numbers, booleans and texts as they are, all else as text."""
        column, cell = self.column(name), f"{alias}.{quoted(name)}"
        return _text(column.type, cell) if column.type in _AS_TEXT else cell

    def shown(self, alias: str) -> str:
        """Return the SQL of a whole row as it is shown."""
        return ", ".join(self.shown_cell(column.name, alias) for column in self.version.columns)

    def prints(self, cursor: duckdb.DuckDBPyConnection, columns: Sequence[Column]) -> dict[str, tuple[Type, int, int]]:
        """Return for each of ``columns`` its type, count of values and the sum of their hashes."""
        each = [
            f"count({quoted(column.name)}), coalesce(sum(hash({_comparable(column.type, quoted(column.name))})"
            f"::HUGEINT) FILTER ({quoted(column.name)} IS NOT NULL), 0)"
            for column in columns
        ]
        found = cursor.execute(f"SELECT {', '.join(each)} FROM {self.relation}").fetchone() or ()
        return {
            column.name: (column.type, int(found[2 * at]), int(found[2 * at + 1])) for at, column in enumerate(columns)
        }


@dataclass(frozen=True, slots=True)
class Pair:
    """An old version and a new one."""

    old: Side
    new: Side

    @property
    def common(self) -> list[str]:
        """The names of the columns that both have, in the order of the old one."""
        known = {column.name for column in self.new.version.columns}
        return [column.name for column in self.old.version.columns if column.name in known]

    @property
    def has_geometry(self) -> bool:
        """Whether any column holds places."""
        return any(column.is_geometry for side in (self.old, self.new) for column in side.version.columns)

    @property
    def marker(self) -> str:
        """A column name that neither has."""
        names = {column.name.casefold() for side in (self.old, self.new) for column in side.version.columns}
        found = "is_there"
        while found in names:
            found += "_"
        return found

    def compared(self, name: str, side: Side, alias: str) -> str:
        """Return the SQL by which a cell is compared: alike on both sides, whatever the types are."""
        cell = f"{alias}.{quoted(name)}"
        mine = side.column(name).type
        kinds = {self.old.column(name).type, self.new.column(name).type}
        if len(kinds) == 1:
            return _comparable(mine, cell)
        if kinds == set(_NUMBERS):
            return _number_text(mine, cell)
        return _text(mine, cell)

    def differs(self, name: str) -> str:
        """Return the SQL that says whether a cell of the joined rows ``o`` and ``n`` changed."""
        return f"({self.compared(name, self.old, 'o')} IS DISTINCT FROM {self.compared(name, self.new, 'n')})"

    def same_key(self, name: str, here_is_old: bool) -> str:  # noqa: FBT001 - which of two sides
        """Return the SQL that joins the rows ``h`` of one side with the rows ``t`` of the other."""
        here, there = (self.old, self.new) if here_is_old else (self.new, self.old)
        return f"{self.compared(name, here, 'h')} = {self.compared(name, there, 't')}"

    def joined(self, how: str, key: Sequence[str]) -> str:
        """Return the join of both sides on ``key`` as ``o`` and ``n``; the marker is true where a row is there."""
        on = " AND ".join(
            f"{self.compared(name, self.old, 'o')} = {self.compared(name, self.new, 'n')}" for name in key
        )
        cells = f"true AS {quoted(self.marker)}, {', '.join(map(quoted, self.common))}"
        sides = [f"(SELECT {cells} FROM {side.relation}) {alias}" for side, alias in ((self.old, "o"), (self.new, "n"))]
        return f"{sides[0]} {how} JOIN {sides[1]} ON {on}"

    def balance(self) -> str:
        """Return the SQL of every content of a row that is not as often in both, and how much more often in the new.

        Cells stand as they are compared, called c0, c1 and so on.
        """
        columns = [f"c{at}" for at in range(len(self.common))]
        parts = []
        for side, weight in ((self.new, 1), (self.old, -1)):
            cells = [f"{self.compared(name, side, 's')} AS c{at}" for at, name in enumerate(self.common)]
            parts.append(f"SELECT {', '.join(cells)}, {weight} AS w FROM {side.relation} s")
        listed = ", ".join(columns)
        return f"SELECT {listed}, sum(w) AS n FROM ({' UNION ALL '.join(parts)}) GROUP BY {listed} HAVING sum(w) <> 0"

    def shown(self) -> str:
        """Return the SQL of the cells of ``balance`` as they are shown."""
        cells = []
        for at, name in enumerate(self.common):
            old, new = self.old.column(name).type, self.new.column(name).type
            if old is new and old in (Type.POINT, Type.GEOMETRY):
                cells.append(f"ST_AsText(ST_GeomFromWKB(c{at}))")
            elif old is new and old in _AS_TEXT:
                cells.append(_text(old, f"c{at}"))
            else:
                cells.append(f"c{at}")
        return ", ".join(cells)


def _comparable(kind: Type, cell: str) -> str:
    """Return the SQL of a value that is compared with one of the same type; geometry by its WKB."""
    return f"ST_AsWKB({cell})" if kind in (Type.POINT, Type.GEOMETRY) else cell


def _number_text(kind: Type, cell: str) -> str:
    """Return the SQL of a number as text that is the same for an integer and for the equal floating-point number."""
    if kind is Type.INTEGER:
        return f"{cell}::VARCHAR"
    is_whole = f"abs({cell}) <= {_WHOLE} AND {cell} = trunc({cell})"
    return f"CASE WHEN {is_whole} THEN {cell}::BIGINT::VARCHAR ELSE {cell}::VARCHAR END"


def _text(kind: Type, cell: str) -> str:
    """Return the SQL of a value as text: ISO 8601, WKT, whole numbers without a decimal mark."""
    if kind in _NUMBERS:
        return _number_text(kind, cell)
    return {
        Type.TEXT: cell,
        Type.DATETIME: f"replace({cell}::VARCHAR, ' ', 'T')",
        Type.INSTANT: f"replace(({cell} AT TIME ZONE 'UTC')::VARCHAR, ' ', 'T') || 'Z'",
        Type.POINT: f"ST_AsText({cell})",
        Type.GEOMETRY: f"ST_AsText({cell})",
    }.get(kind, f"{cell}::VARCHAR")
