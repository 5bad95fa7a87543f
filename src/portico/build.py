"""Composes the rooms: from a city's folder to versions in its lake."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from portico.catalogue.model import Dataset, DatasetKind, Distribution
from portico.city.facts import Facts
from portico.city.model import Source
from portico.city.opening import City, notes_of, refuse_faults
from portico.city.tables import TABLES, FactTable, Kind
from portico.errors import InputError, StateError
from portico.lake.commands import Published, identify, publish
from portico.lake.lake import Lake, open_lake
from portico.lake.model import Column, Table, Type
from portico.lake.queries import heads
from portico.messages import Finding, Message, Text

_TYPES = {Kind.NUMBER: Type.NUMBER, Kind.LONGITUDE: Type.NUMBER, Kind.LATITUDE: Type.NUMBER, Kind.INTEGER: Type.INTEGER}
GEOMETRY = "geometry"
MAX_BYTES = 50_000_000


@dataclass(frozen=True, slots=True)
class Step:
    """One dataset brought to its version."""

    dataset: str
    published: Published
    seconds: float


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did, and the warnings it found on the way."""

    steps: tuple[Step, ...]
    warnings: tuple[Finding, ...]

    @property
    def new(self) -> int:
        """How many datasets got a new version."""
        return sum(step.published.is_new for step in self.steps)


def lake_of(city: City) -> Lake:
    """Return the city's lake."""
    return open_lake(city.database, city.lake_folder)


def build(city: City, *, as_of: date, at: str, progress: Callable[[Step], None] = lambda _: None) -> Built:
    """Check the folder, then publish every table of facts and every file among its sources.

    Nothing is published while the folder has errors (RejectedError). Each dataset is one transaction: a build that is
    killed leaves every dataset at its last good version, and running it again finishes the rest.
    """
    warnings = refuse_faults(city, as_of)
    if not city.database.is_writable:
        raise StateError("state-read-only", path=city.folder.name)
    lake = lake_of(city)
    steps = []
    for table, dataset, distribution in _incoming(city):
        started = time.perf_counter()
        published = publish(lake, table, dataset, distribution, at=at)
        steps.append(Step(dataset.id, published, time.perf_counter() - started))
        progress(steps[-1])
    return Built(tuple(steps), warnings)


def outdated(city: City, lake: Lake) -> tuple[str, ...]:
    """Return the datasets whose facts or files changed since they were last published."""
    standing = heads(lake)
    return tuple(
        dataset.id
        for table, dataset, _ in _incoming(city)
        if dataset.id not in standing or standing[dataset.id].id != identify(lake, table)
    )


def _incoming(city: City) -> Iterator[tuple[Table, Dataset, Distribution]]:
    for declared in TABLES:
        if declared.name in city.facts:
            facts = city.facts[declared.name]
            yield (
                table_of(facts),
                _facts_dataset(city, declared),
                Distribution(f"{declared.name}.csv", declared.name, "text/csv", facts.file),
            )
    for source in city.settings.sources:
        if source.file:
            yield (
                _file_table(city, source),
                _file_dataset(source),
                Distribution(f"{source.id}.csv", source.id, "text/csv", source.file),
            )


def table_of(facts: Facts) -> Table:
    """Return a table of facts as the lake takes it; positions become a point column."""
    columns = [Column(column.name, _TYPES.get(column.kind, Type.TEXT), column.unit) for column in facts.table.columns]
    rows: list[tuple[Any, ...]] = [tuple(row[column.name] for column in facts.table.columns) for row in facts.rows]
    if facts.table.has_positions:
        columns.append(Column(GEOMETRY, Type.POINT))
        points = [None if row["lon"] is None or row["lat"] is None else (row["lon"], row["lat"]) for row in facts.rows]
        rows = [(*row, point) for row, point in zip(rows, points, strict=True)]
    return Table(tuple(columns), rows)


def _facts_dataset(city: City, declared: FactTable) -> Dataset:
    notes = notes_of(city.settings, declared.name)
    title = notes.title or Text()
    return Dataset(
        declared.name,
        DatasetKind.FACTS,
        title if any(title.values()) else Text({"": declared.name.replace("_", " ")}),
        city.settings.name.pick("en"),
        notes.licence,
        attribution=notes.attribution,
    )


def _file_dataset(source: Source) -> Dataset:
    return Dataset(source.id, DatasetKind.FILE, source.title, source.publisher, source.licence, source_url=source.url)


def _file_table(city: City, source: Source) -> Table:
    """Read a file among the sources: UTF-8, comma, header; every column stays text until ingest knows better."""
    path = city.folder / source.file
    if path.stat().st_size > MAX_BYTES:
        raise InputError("file-too-large", file=source.file, limit=MAX_BYTES)
    try:
        records = list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig")), strict=True))
    except UnicodeDecodeError as error:
        row = error.object[: error.start].count(b"\n") + 1
        raise InputError("not-utf8", file=source.file, row=row, byte=f"0x{error.object[error.start]:02X}") from error
    except csv.Error as error:
        raise InputError("broken-file", file=source.file, detail=str(error)) from error
    header, *rows = [record for record in records if record] or [[]]
    faults = [number for number, row in enumerate(rows, start=2) if len(row) != len(header)]
    if not header or len(set(header)) < len(header) or faults:
        raise InputError(
            "broken-file", file=source.file, detail=Message("file-shape", {"row": faults[0] if faults else 1})
        )
    return Table(
        tuple(Column(name, Type.TEXT) for name in header), [tuple(cell or None for cell in row) for row in rows]
    )
