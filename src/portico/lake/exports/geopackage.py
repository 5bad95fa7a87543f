"""GeoPackage: one layer in EPSG:4326, written by the engine's GDAL; licence and citation as its metadata.

A moment is a DATETIME in UTC to the millisecond; a date-time that names no zone, a time of day and any geometry beyond
the first are text, since GeoPackage has no column for them.
"""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

from portico.lake.exports.base import Export, as_json_text, as_text, text_literal
from portico.lake.exports.schema import table_schema
from portico.lake.identity import quoted
from portico.lake.model import Column, Type

_AS_THEY_ARE = (Type.INTEGER, Type.NUMBER, Type.BOOLEAN, Type.DATE, Type.INSTANT)
_METADATA = """
CREATE TABLE gpkg_metadata (
  id INTEGER CONSTRAINT m_pk PRIMARY KEY ASC NOT NULL, md_scope TEXT NOT NULL DEFAULT 'dataset',
  md_standard_uri TEXT NOT NULL, mime_type TEXT NOT NULL DEFAULT 'text/xml', metadata TEXT NOT NULL DEFAULT '');
CREATE TABLE gpkg_metadata_reference (
  reference_scope TEXT NOT NULL, table_name TEXT, column_name TEXT, row_id_value INTEGER,
  timestamp DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')), md_file_id INTEGER NOT NULL,
  md_parent_id INTEGER, CONSTRAINT crmr_mfi_fk FOREIGN KEY (md_file_id) REFERENCES gpkg_metadata(id),
  CONSTRAINT crmr_mpi_fk FOREIGN KEY (md_parent_id) REFERENCES gpkg_metadata(id));
"""


def write(export: Export, path: Path) -> None:
    """Write a version that has a geometry as GeoPackage."""
    geometry = export.geometry
    names = {column.name.casefold() for column in export.version.columns}
    key = next(name for name in ("fid", *(f"fid_{number}" for number in range(1, 9999))) if name not in names)
    place = geometry.name if geometry else "geom"
    options = [f"FID={key}", f"GEOMETRY_NAME={place}", f"IDENTIFIER={export.title}", f"DESCRIPTION={export.citation}"]
    cells = [_cell(column) for column in export.plain] + [quoted(place)]
    cursor = export.cursor()
    try:
        cursor.execute(
            f"COPY (SELECT {', '.join(cells)} FROM {export.relation}) TO {text_literal(str(path))} "
            f"(FORMAT GDAL, DRIVER 'GPKG', LAYER_NAME {text_literal(export.about.id)}, SRS 'EPSG:4326', "
            f"LAYER_CREATION_OPTIONS ({', '.join(text_literal(one) for one in options)}))"
        )
    finally:
        cursor.close()
    _describe(export, path)


def _cell(column: Column) -> str:
    name = quoted(column.name)
    if column.type in _AS_THEY_ARE:
        return name
    return f"replace({as_text(column)}, chr(0), chr(65533)) AS {name}"  # a text in SQLite ends where a NUL stands


def _describe(export: Export, path: Path) -> None:
    """Add licence, citation and schema as the metadata extension keeps them; let dates be those of the version."""
    notes = as_json_text({**export.notes, "table_schema": table_schema(export.version)})
    table = export.about.id
    at = export.published_at or "1970-01-01T00:00:00Z"
    with contextlib.closing(sqlite3.connect(path)) as file, file:
        file.executescript(_METADATA)
        file.execute(
            "INSERT INTO gpkg_metadata VALUES (1, 'dataset', 'https://specs.frictionlessdata.io/', ?, ?)",
            ("application/json", notes),
        )
        stamp = "strftime('%Y-%m-%dT%H:%M:%fZ', ?)"
        file.execute(
            f"INSERT INTO gpkg_metadata_reference VALUES ('table', ?, NULL, NULL, {stamp}, 1, NULL)", (table, at)
        )
        for name in ("gpkg_metadata", "gpkg_metadata_reference"):
            file.execute(
                "INSERT INTO gpkg_extensions VALUES (?, NULL, 'gpkg_metadata', "
                "'http://www.geopackage.org/spec/#extension_metadata', 'read-write')",
                (name,),
            )
        file.execute(f"UPDATE gpkg_contents SET last_change = {stamp}", (at,))
