"""GeoParquet 1.x, as the lake keeps it, with licence, citation and schema among the file's own metadata."""

from __future__ import annotations

from pathlib import Path

from portico.lake.exports.base import Export, as_json_text, text_literal
from portico.lake.exports.schema import table_schema


def write(export: Export, path: Path) -> None:
    """Write a version as GeoParquet."""
    notes = {**export.notes, "table_schema": as_json_text(table_schema(export.version))}
    metadata = ", ".join(f"{name}: {text_literal(text)}" for name, text in notes.items() if text)
    cursor = export.cursor()
    try:
        cursor.execute(
            f"COPY (SELECT * FROM {export.relation}) TO {text_literal(str(path))} "
            f"(FORMAT parquet, COMPRESSION zstd, GEOPARQUET_VERSION 'V1', KV_METADATA {{{metadata}}})"
        )
    finally:
        cursor.close()
