"""The cells of a table of any format as texts, exactly as they stand in the file, record by record.

For those who know better than the lake what the columns mean: registers that follow a standard of their own.
"""

from __future__ import annotations

import csv
import math
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np

from portico.errors import InputError, UsageError
from portico.geo import Point
from portico.lake import crs
from portico.lake.engine import Engine
from portico.lake.found import Format, Parsed, Told, Workshop
from portico.lake.identity import quoted
from portico.lake.limits import MAX_RECORD_BYTES
from portico.lake.readers import reader_of
from portico.lake.receive import from_file, members
from portico.messages import Finding

LON, LAT, SHAPE = "geometry x", "geometry y", "geometry"
"""Headings of what stands for the geometry of a file of places: a point on it, EPSG:4326, and its WKT."""
_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Reject:
    """A record, or a cell of it, that the reader of the file could not use: row, column, raw text, reason."""

    row: int
    column: str
    raw: str
    reason: str


@dataclass(frozen=True, slots=True)
class Texts:
    """A table as texts: its headings as they stand in the file, how many records it has, what was odd."""

    file: str
    sha256: str
    headings: tuple[str, ...]
    rows: int
    encoding: str
    issues: tuple[Finding, ...]
    rejects: tuple[Reject, ...]
    _selected: tuple[str, ...]
    _parsed: Parsed
    _shop: Workshop

    def records(self, headings: Sequence[str] | None = None) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Yield the row in the file and the cells of each record, "" where nothing stands; all or chosen columns."""
        chosen = self._selected if headings is None else [self._selected[self.headings.index(one)] for one in headings]
        row = f"{quoted(self._parsed.row_column)}::BIGINT, " if self._parsed.row_column else ""
        select = ", ".join(f"coalesce(({one})::VARCHAR, '')" for one in chosen)
        cursor = self._shop.cursor(spatial=bool(self._parsed.geometry))
        try:
            found = cursor.execute(f"SELECT {row}{select} FROM {self._parsed.relation}")
            number = self._parsed.first_row
            while batch := found.fetchmany(_AT_ONCE):
                for record in batch:
                    if row:
                        yield int(record[0]), record[1:]
                    else:
                        yield number, record
                        number += 1
        finally:
            cursor.close()

    def different(self, heading: str) -> tuple[str, ...]:
        """Return the different texts of a column."""
        one = self._selected[self.headings.index(heading)]
        cursor = self._shop.cursor(spatial=bool(self._parsed.geometry))
        try:
            found = cursor.execute(f"SELECT DISTINCT ({one})::VARCHAR FROM {self._parsed.relation}").fetchall()
        finally:
            cursor.close()
        return tuple(text for (text,) in found if text)


@contextmanager
def texts_of(path: Path, engine: Engine, told: Told | None = None, country: str = "IT") -> Iterator[Texts]:
    """Read the one table of ``path``. Raises InputError where there is none, UsageError where there are several."""
    with tempfile.TemporaryDirectory(prefix="portico-") as folder:
        shop = Workshop(Path(folder), engine, told, country)
        received = from_file(path)
        found = [one for one in members(received.path, received.name, shop) if one.format is not Format.EMPTY]
        try:
            tables = [table for one in found for table in reader_of(one.format)(one, shop)]
        except duckdb.Error as error:
            raise InputError("broken-file", file=received.name, detail=str(error).splitlines()[0]) from error
        if not tables:
            raise InputError("file-without-payload", file=received.name)
        if len(tables) > 1:
            names = ", ".join(one.name or received.name for one in tables)
            raise UsageError("convert-which-table", count=len(tables), names=names)
        yield _texts(tables[0], received.name, received.sha256, shop)


def _texts(parsed: Parsed, name: str, sha256: str, shop: Workshop) -> Texts:
    plain = [(one, at) for at, one in enumerate(parsed.columns) if one != parsed.geometry]
    headings = [parsed.headers[at] if at < len(parsed.headers) and parsed.headers[at] else one for one, at in plain]
    selected = [quoted(one) for one, _ in plain]
    if parsed.geometry:
        shape = f"TRY(ST_GeomFromWKB({quoted(parsed.geometry)}))"
        moved = crs.to_4326_sql(shape, parsed.crs or crs.WGS84)
        point = f"ST_PointOnSurface({moved})"
        headings += [LON, LAT, SHAPE]
        selected += [f"round(ST_X({point}), 7)", f"round(ST_Y({point}), 7)", _shape_sql(shape)]
    return Texts(
        name,
        sha256,
        tuple(headings),
        parsed.rows,
        parsed.dialect.encoding,
        parsed.issues,
        tuple(_rejects(parsed)),
        tuple(selected),
        parsed,
        shop,
    )


def _shape_sql(shape: str) -> str:
    """Return the SQL of the WKT of anything that is more than a point."""
    return f"CASE WHEN ST_GeometryType({shape}) <> 'POINT' THEN ST_AsText({shape}) END"


def _rejects(parsed: Parsed) -> Iterator[Reject]:
    if parsed.rejects is None:
        return
    csv.field_size_limit(MAX_RECORD_BYTES * 2)
    with parsed.rejects.open(encoding="utf-8", newline="") as file:
        for row, column, raw, reason in csv.reader(file):
            yield Reject(int(row or 0), column, raw, reason)


def to_4326(points: Sequence[tuple[float, float]], system: str, engine: Engine) -> list[Point | None]:
    """Return ``points`` of ``system`` ("EPSG:27700") in EPSG:4326, in their order; nothing for one that is nowhere."""
    if not points:
        return []
    moved = crs.to_4326_sql("ST_Point(x, y)", system)
    cursor = engine.cursor(spatial=True)
    try:
        xs, ys = np.array(points, dtype=np.float64).T
        cursor.register("points", {"x": xs, "y": ys, "i": np.arange(len(points))})
        query = f"SELECT ST_X(p) AS x, ST_Y(p) AS y FROM (SELECT {moved} AS p, i FROM points) ORDER BY i"
        found = cursor.execute(query).fetchnumpy()
    finally:
        cursor.close()
    there = [np.ma.filled(np.ma.asarray(found[axis], dtype=np.float64), np.nan).tolist() for axis in "xy"]
    return [None if math.isnan(x) or math.isnan(y) else Point(x, y) for x, y in zip(*there, strict=True)]
