"""What the readers find: members to read, the tables in them, and what was odd on the way.

A reader turns one ``Member`` into ``Parsed`` tables. A table is a relation of the engine: either an SQL call that
reads the prepared file in place, or a Parquet file in the workshop. Its columns are text, except where the format
itself states a type (Parquet, GeoPackage, a workbook's dates): those are ``stated`` and are not guessed again.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Self

import duckdb

from portico.geo import Box
from portico.lake.engine import Engine
from portico.lake.model import Type
from portico.messages import Finding


class Format(StrEnum):
    """What a file really is, by its content."""

    CSV = "csv"
    FIXED_WIDTH = "fixed-width"
    XLSX = "xlsx"
    XLSB = "xlsb"
    XLS = "xls"
    ODS = "ods"
    JSON = "json"
    NDJSON = "ndjson"
    GEOJSON = "geojson"
    TOPOJSON = "topojson"
    SHAPEFILE = "shapefile"
    GEOPACKAGE = "geopackage"
    KML = "kml"
    KMZ = "kmz"
    GML = "gml"
    FLATGEOBUF = "flatgeobuf"
    PARQUET = "parquet"
    GTFS = "gtfs"
    OSM_PBF = "osm-pbf"
    ZIP = "zip"
    GZIP = "gzip"
    TAR = "tar"
    EMPTY = "empty"
    HTML = "html"
    XML = "xml"
    RDF = "rdf"
    GRAPHML = "graphml"
    PDF = "pdf"
    IMAGE = "image"
    RASTER = "raster"
    DATABASE = "database"
    GTFS_REALTIME = "gtfs-realtime"
    BINARY = "binary"


@dataclass(frozen=True, slots=True)
class Told:
    """What the person says instead of leaving it to be found. Nothing told is the usual case."""

    encoding: str = ""
    delimiter: str = ""
    quote: str = ""
    header_row: int = 0
    sheet: str = ""
    layer: str = ""
    crs: str = ""
    date_order: str = ""
    decimal: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """One file to read: where it lies, what it is called in messages, what it is, and the files that belong to it."""

    path: Path
    name: str
    format: Format
    companions: Mapping[str, Path] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a text file is written. Rows are records of the file, counted from 1."""

    encoding: str = ""
    delimiter: str = ""
    quote: str = ""
    escape: str = ""
    newline: str = ""
    preamble_rows: int = 0
    header_rows: int = 0
    footer_rows: int = 0


@dataclass(frozen=True, slots=True)
class Parsed:
    """A table as a reader found it. ``relation`` stands after FROM and yields ``columns`` in order.

    ``first_row`` is the row of the file in which the first record stands; where rows were left out or put together,
    ``row_column`` names a column of the relation (not among ``columns``) that holds the row of each record.
    ``headers`` are the header texts as they stood in the file. ``geometry`` names the geometry column: WKB in the
    coordinates of ``crs`` ("EPSG:32632", or WKT), as (x, y). Where the reader counted, ``filled`` says how many cells
    of each column hold something; ``sample`` holds records from further on in a large file.
    """

    name: str
    relation: str
    columns: tuple[str, ...]
    rows: int
    format: Format
    headers: tuple[str, ...] = ()
    stated: Mapping[str, Type] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    dialect: Dialect = field(default_factory=Dialect)
    first_row: int = 1
    row_column: str = ""
    geometry: str = ""
    crs: str = ""
    issues: tuple[Finding, ...] = ()
    rejects: Path | None = None
    reject_count: int = 0
    filled: Mapping[str, int] | None = None
    sample: tuple[tuple[str, ...], ...] = ()


class RejectWriter:
    """Keeps the rows that do not fit, as CSV in the workshop: row, column, raw text, id of the reason."""

    def __init__(self, path: Path) -> None:
        """Write to ``path`` when the first reject comes."""
        self.path = path
        self.count = 0
        self._file = path.open("w", encoding="utf-8", newline="")
        self._writer = csv.writer(self._file)

    def add(self, row: int, column: str, raw: str, reason: str) -> None:
        """Keep one reject."""
        self._writer.writerow((row, column, raw.replace("\x00", "\ufffd"), reason))
        self.count += 1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    @property
    def kept(self) -> Path | None:
        """The file, where there is anything in it."""
        return self.path if self.count else None


class Workshop:
    """Where one ingest works: a folder of its own, the engine, what the person told. Removed when done."""

    def __init__(
        self,
        folder: Path,
        engine: Engine,
        told: Told | None = None,
        country: str = "IT",
        streets_in: Box | None = None,
    ) -> None:
        """Work in ``folder``, which exists and belongs to this ingest alone.

        With ``streets_in`` (EPSG:4326) an extract of OpenStreetMap is read for the streets that touch that box only.
        """
        self.folder = folder
        self.engine = engine
        self.told = told or Told()
        self.country = country
        self.streets_in = streets_in

    def cursor(self, *, spatial: bool = False) -> duckdb.DuckDBPyConnection:
        """Return a cursor of the engine."""
        return self.engine.cursor(spatial=spatial)

    def place(self, ending: str) -> Path:
        """Return a new path in the workshop, ending in ``ending`` (".parquet")."""
        return self.folder / f"{os.urandom(6).hex()}{ending}"
