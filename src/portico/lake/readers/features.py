"""Features on their way to a table: properties as columns, the geometry as WKB, what is neither kept as a reject."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from portico.lake.found import Dialect, Member, Parsed, RejectWriter, Workshop
from portico.lake.identity import quoted
from portico.lake.readers.json_rows import ROW, Rows
from portico.lake.readers.linking import text
from portico.lake.sniff.shape import unique_names
from portico.messages import Finding, Message, Place, Severity

GEOMETRY = "geometry"
LISTED = 20
_KEY = "\ue000geometry"  # a key that no property has
_RAW = 100_000


class Features:
    """The features of one layer, written as they come; memory holds one of them."""

    def __init__(self, member: Member, shop: Workshop) -> None:
        self._member = member
        self._shop = shop
        self._rows = Rows(member.name, shop)
        self._rejects = RejectWriter(shop.place(".rejects.csv"))
        self._refused: dict[str, list[int]] = {}

    def add(self, row: int, properties: Mapping[str, Any], geometry: bytes | None) -> None:
        """Add the feature that stands at ``row`` of the file."""
        encoded = base64.b64encode(geometry).decode("ascii") if geometry is not None else None
        self._rows.add(row, {_KEY: encoded, **properties})

    def refuse(self, row: int, raw: str, reason: str, column: str = GEOMETRY) -> None:
        """Keep what is no geometry, or no feature at all."""
        self._rejects.add(row, column, raw[:_RAW], reason)
        self._refused.setdefault(reason, []).append(row)

    @property
    def count(self) -> int:
        """How many features there are so far."""
        return self._rows.count

    def close(self) -> None:
        """Close the files."""
        self._rows.close()
        self._rejects.__exit__(None, None, None)

    def parsed(self, name: str, crs: str, encoding: str = "", issues: tuple[Finding, ...] = ()) -> Parsed:
        """Return the table of all features, geometry last."""
        self.close()
        own, headers = self._rows.names(), self._rows.headers()
        names = unique_names([ROW, GEOMETRY, *own[1:]])[2:]
        stated = {new: kind for new, old in zip(names, own[1:], strict=True) if (kind := self._rows.stated().get(old))}
        target = self._shop.place(".parquet")
        with self._shop.cursor(spatial=True) as cursor:
            cursor.execute(f"COPY ({self._select(own, names)}) TO {text(str(target))} (FORMAT parquet)")
            found = geometry_findings(
                cursor, target, self._member.name, frozenset(self._refused.get("geometry-malformed", ()))
            )
        said = tuple(one for one in self._rows.findings() if _KEY not in str(one.message.values.get("header", "")))
        renamed = tuple(
            warning("column-renamed", self._member.name, column=new, header=old)
            for new, old in zip(names, own[1:], strict=True)
            if new != old
        )
        return Parsed(
            name=name,
            relation=f"read_parquet({text(str(target))})",
            columns=(*names, GEOMETRY),
            rows=self._rows.count,
            format=self._member.format,
            headers=(*headers[1:], GEOMETRY),
            stated=stated,
            dialect=Dialect(encoding=encoding),
            row_column=ROW,
            geometry=GEOMETRY,
            crs=crs,
            issues=(*issues, *self._said(), *said, *renamed, *found),
            rejects=self._rejects.kept,
            reject_count=self._rejects.count,
        )

    def _select(self, own: Sequence[str], names: Sequence[str]) -> str:
        """Return the SQL of the table: properties, geometry, row."""
        if not self._rows.count:
            return f"SELECT NULL::BLOB AS {GEOMETRY}, 0::BIGINT AS {ROW} WHERE false"
        kept = [f"{quoted(old)} AS {quoted(new)}" for new, old in zip(names, own[1:], strict=True)]
        geometry = f"from_base64({quoted(own[0])}) AS {GEOMETRY}"
        return f"SELECT {', '.join([*kept, geometry, ROW])} FROM read_parquet({text(str(self._rows.write()))})"

    def _said(self) -> Iterator[Finding]:
        for reason, rows in self._refused.items():
            listed = ", ".join(map(str, rows[:LISTED]))
            if reason == "feature-malformed":
                yield warning("features-malformed", self._member.name, rows[0], count=len(rows), rows=listed)
            else:
                yield warning("geometries-malformed", self._member.name, rows[0], count=len(rows), rows=listed)


def geometry_findings(
    cursor: duckdb.DuckDBPyConnection, table: Path, file: str, known: frozenset[int] = frozenset()
) -> tuple[Finding, ...]:
    """Return what must be said of the geometry in a Parquet file: how many rows have none, how many are not valid.

    Nothing is repaired. Rows in ``known`` were spoken of already.
    """
    shape = f"TRY(ST_GeomFromWKB({GEOMETRY}))"
    found = []
    for message_id, condition in (
        ("geometries-missing", f"{GEOMETRY} IS NULL"),
        ("geometries-invalid", f"{GEOMETRY} IS NOT NULL AND NOT coalesce(TRY(ST_IsValid({shape})), false)"),
    ):
        query = f"SELECT {ROW} FROM read_parquet({text(str(table))}) WHERE {condition}"
        rows = [int(row) for (row,) in cursor.execute(query).fetchall() if row not in known]
        if rows:
            listed = ", ".join(map(str, sorted(rows)[:LISTED]))
            found.append(warning(message_id, file, min(rows), count=len(rows), rows=listed))
    return tuple(found)


def warning(message_id: str, file: str, row: int = 0, **values: object) -> Finding:
    """Return a finding on ``file`` that does not stop anything."""
    return Finding(Message(message_id, {"file": file, **values}), Place(file, row), "", Severity.WARNING)
