"""Tables of facts as the lake takes them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from portico.catalogue.model import Dataset, DatasetKind, Distribution
from portico.city.facts import Facts
from portico.city.opening import City, notes_of
from portico.city.tables import TABLES, FactTable, Kind
from portico.lake.model import Column, Table, Type
from portico.messages import Text

_TYPES = {Kind.NUMBER: Type.NUMBER, Kind.LONGITUDE: Type.NUMBER, Kind.LATITUDE: Type.NUMBER, Kind.INTEGER: Type.INTEGER}
GEOMETRY = "geometry"


def incoming(city: City) -> Iterator[tuple[Table, Dataset, Distribution]]:
    """Yield every table of facts that the city has and does not keep to itself, with its entry in the catalogue."""
    for declared in TABLES:
        if declared.name in city.facts and not declared.is_private:
            facts = city.facts[declared.name]
            yield (
                table_of(facts),
                _dataset(city, declared),
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


def _dataset(city: City, declared: FactTable) -> Dataset:
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
