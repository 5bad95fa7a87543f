"""One file a format: from a member to the tables in it."""

from __future__ import annotations

import importlib
from collections.abc import Callable

from portico.lake.found import Format, Member, Parsed, Workshop

Reader = Callable[[Member, Workshop], list[Parsed]]
_PLACES = {
    Format.CSV: "delimited",
    Format.FIXED_WIDTH: "delimited",
    Format.XLSX: "spreadsheet",
    Format.XLSB: "spreadsheet",
    Format.XLS: "spreadsheet",
    Format.ODS: "spreadsheet",
    Format.JSON: "documents",
    Format.NDJSON: "documents",
    Format.PARQUET: "parquet",
    Format.GEOJSON: "vector",
    Format.TOPOJSON: "vector",
    Format.SHAPEFILE: "vector",
    Format.GEOPACKAGE: "vector",
    Format.KML: "vector",
    Format.KMZ: "vector",
    Format.GML: "vector",
    Format.FLATGEOBUF: "vector",
    Format.GTFS: "gtfs",
    Format.OSM_PBF: "osm",
}
"""The file of this folder that reads each format. What is not here is no table."""


def reader_of(found: Format) -> Reader:
    """Return the function that reads a format, imported when first asked for."""
    module = importlib.import_module(f"portico.lake.readers.{_PLACES[found]}")
    reader: Reader = module.read
    return reader
