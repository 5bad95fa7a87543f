"""What every export needs: the version, its dataset, the words that must go with it, and its rows as a stream."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

import duckdb

from portico.catalogue.model import Dataset
from portico.lake import store
from portico.lake.contents import contents
from portico.lake.identity import quoted
from portico.lake.keeping.standing import moment
from portico.lake.lake import Lake
from portico.lake.model import Column, Publication, Type, Version
from portico.messages import Message
from portico.translation import Translator

_AT_ONCE = 5_000


class ExportFormat(StrEnum):
    """The formats in which a version is handed out; the value is the ending of the file."""

    CSV = "csv"
    PARQUET = "parquet"
    GEOJSON = "geojson"
    GEOPACKAGE = "gpkg"
    XLSX = "xlsx"

    @property
    def media_type(self) -> str:
        """The media type of a file of this format."""
        return _MEDIA_TYPES[self]


_MEDIA_TYPES = {
    ExportFormat.CSV: "text/csv; charset=utf-8",
    ExportFormat.PARQUET: "application/vnd.apache.parquet",
    ExportFormat.GEOJSON: "application/geo+json",
    ExportFormat.GEOPACKAGE: "application/geopackage+sqlite3",
    ExportFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True)
class Export:
    """A version to be handed out, with the dataset it is of. Words that go with it are in ``language``."""

    lake: Lake
    version: Version
    about: Dataset
    language: str = "en"
    bom: bool = False

    @cached_property
    def publication(self) -> Publication | None:
        """The last publication of this content; nothing where it never was published, as when a file is converted."""
        if not self.lake.database.exists:
            return None
        with self.lake.database.read() as connection:
            log = store.log(connection, self.version.dataset)
        return next((entry for entry in reversed(log) if entry.version == self.version.id), None)

    @property
    def title(self) -> str:
        """The title of the dataset, or its id."""
        return self.about.title.pick(self.language) or self.about.id

    @property
    def published_at(self) -> str:
        """When this content was last published, ISO 8601, or nothing."""
        return self.publication.published_at if self.publication else ""

    @property
    def citation(self) -> str:
        """The sentence with which to cite this version: publisher, year, title, version, date, address.

        Empty where neither a publication nor a publisher is known.
        """
        say = Translator(self.language)
        named = {"publisher": self.about.publisher, "title": self.title, "version": self.version.short}
        if self.publication is None:
            return say(Message("export-citation-unpublished", named)) if self.about.publisher else ""
        day = moment(self.publication.published_at).date()
        values = {**named, "year": str(day.year), "number": str(self.publication.number), "day": day}
        cited = say(
            Message("export-citation", values) if self.about.publisher else Message("export-citation-nobody", values)
        )
        return f"{cited} {self.about.source_url}" if self.about.source_url else cited

    @property
    def notes(self) -> dict[str, str]:
        """What goes with every copy: title, publisher, licence, attribution, citation, source, version, its date."""
        return {
            "title": self.title,
            "publisher": self.about.publisher,
            "licence": self.about.licence,
            "attribution": self.about.attribution,
            "citation": self.citation,
            "source": self.about.source_url,
            "dataset": self.about.id,
            "version": self.version.id,
            "published": self.published_at,
        }

    @property
    def relation(self) -> str:
        """What stands after FROM."""
        return contents(self.lake, self.version)

    @property
    def geometry(self) -> Column | None:
        """The column of places: the first, where there are several."""
        return next((column for column in self.version.columns if column.is_geometry), None)

    @property
    def plain(self) -> tuple[Column, ...]:
        """The columns that are not the geometry."""
        return tuple(column for column in self.version.columns if column is not self.geometry)

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """Return a cursor that can read the version."""
        return self.lake.engine.cursor(spatial=self.geometry is not None)

    def rows(self, query: str) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of ``query`` as they are read: never all of them at once."""
        cursor = self.cursor()
        try:
            found = cursor.execute(query)
            while some := found.fetchmany(_AT_ONCE):
                yield from some
        finally:
            cursor.close()


def text_literal(text: str) -> str:
    """Return an SQL literal.

    >>> text_literal("it's")
    "'it''s'"
    """
    return "'" + text.replace("'", "''") + "'"


def as_text(column: Column) -> str:
    """Return the SQL of a value as text that any program reads: ISO 8601, a point, WKT in EPSG:4326.

    A moment is in UTC and says so with a Z; what is no number is NaN, INF or -INF.
    """
    name = quoted(column.name)
    odd = f"CASE WHEN isnan({name}) THEN 'NaN' WHEN {name} > 0 THEN 'INF' ELSE '-INF' END"
    return {
        Type.TEXT: name,
        Type.NUMBER: f"CASE WHEN isfinite({name}) THEN {name}::VARCHAR WHEN {name} IS NOT NULL THEN {odd} END",
        Type.DATETIME: f"replace({name}::VARCHAR, ' ', 'T')",
        Type.INSTANT: f"replace(({name} AT TIME ZONE 'UTC')::VARCHAR, ' ', 'T') || 'Z'",
        Type.POINT: f"ST_AsText({name})",
        Type.GEOMETRY: f"ST_AsText({name})",
    }.get(column.type, f"{name}::VARCHAR")


def as_json_text(value: object) -> str:
    """Return ``value`` as JSON, letters as they are."""
    return json.dumps(value, ensure_ascii=False)
