"""Composes the rooms: from a city's folder to versions in its lake."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from portico.catalogue.model import Dataset, DatasetKind, Distribution
from portico.city.facts import Facts
from portico.city.model import Source
from portico.city.opening import City, notes_of, refuse_faults
from portico.city.tables import TABLES, FactTable, Kind
from portico.errors import StateError
from portico.lake.batch import media_type, slug
from portico.lake.commands import identify, publish
from portico.lake.depositing import Arrival, deposit
from portico.lake.found import Workshop
from portico.lake.ingest import examine
from portico.lake.lake import Lake, open_lake
from portico.lake.model import Column, Publication, Table, Type, Version
from portico.lake.objects import file_hash
from portico.lake.queries import heads, last_receipt
from portico.lake.receive import from_file
from portico.messages import Finding, Text

_TYPES = {Kind.NUMBER: Type.NUMBER, Kind.LONGITUDE: Type.NUMBER, Kind.LATITUDE: Type.NUMBER, Kind.INTEGER: Type.INTEGER}
GEOMETRY = "geometry"


@dataclass(frozen=True, slots=True)
class Step:
    """One dataset brought to its version. A version held because of personal data has no publication."""

    dataset: str
    version: Version
    publication: Publication | None
    is_new: bool
    seconds: float


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did, and the warnings it found on the way."""

    steps: tuple[Step, ...]
    warnings: tuple[Finding, ...]

    @property
    def new(self) -> int:
        """How many datasets got a new version."""
        return sum(step.is_new for step in self.steps)


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
        seconds = time.perf_counter() - started
        steps.append(Step(dataset.id, published.version, published.publication, published.is_new, seconds))
        progress(steps[-1])
    for source in city.settings.sources:
        if source.file:
            for step in _ingested(city, lake, source, at):
                steps.append(step)
                progress(step)
    return Built(tuple(steps), warnings)


def outdated(city: City, lake: Lake) -> tuple[str, ...]:
    """Return the datasets whose facts or files changed since they were last published."""
    standing = heads(lake)
    facts = [
        dataset.id
        for table, dataset, _ in _incoming(city)
        if dataset.id not in standing or standing[dataset.id].id != identify(lake, table)
    ]
    return (*facts, *(source.id for source in city.settings.sources if source.file and _is_newer(city, lake, source)))


def _is_newer(city: City, lake: Lake, source: Source) -> bool:
    """Say whether a file among the sources is another one than came last."""
    last = last_receipt(lake, source.file)
    return last is None or last.sha256 != file_hash(city.folder / source.file)


def _ingested(city: City, lake: Lake, source: Source, at: str) -> Iterator[Step]:
    """Ingest a file among the sources; a bundle makes a dataset a table, named after the source and the table."""
    path = city.folder / source.file
    started = time.perf_counter()
    with lake.objects.workshop() as folder:
        plain = from_file(path)
        received = replace(plain, origin=source.file)
        found = examine(
            received,
            Workshop(folder, lake.engine, country=city.settings.calendar.country),
            extent=city.settings.extent.box,
        )
        for one in found:
            identifier = source.id if len(found) == 1 else f"{source.id}-{slug(one.name)}"
            dataset = replace(_file_dataset(source), id=identifier)
            form = one.parsed.format.value
            distribution = Distribution(f"{identifier}.{form}", identifier, media_type(form), source.file)
            made = deposit(lake, one, dataset, distribution, Arrival(received, at, {}))
            yield Step(identifier, made.version, made.publication, made.is_new, time.perf_counter() - started)
            started = time.perf_counter()


def _incoming(city: City) -> Iterator[tuple[Table, Dataset, Distribution]]:
    for declared in TABLES:
        if declared.name in city.facts:
            facts = city.facts[declared.name]
            yield (
                table_of(facts),
                _facts_dataset(city, declared),
                Distribution(f"{declared.name}.csv", declared.name, "text/csv", facts.file),
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
