"""What describes a version to programs: its Table Schema, and the data package that goes beside every export."""

from __future__ import annotations

from typing import Any

from portico.lake.exports.base import Export, ExportFormat
from portico.lake.model import Column, Type, Version

_FIELDS: dict[Type, dict[str, Any]] = {
    Type.TEXT: {"type": "string"},
    Type.INTEGER: {"type": "integer"},
    Type.NUMBER: {"type": "number"},
    Type.BOOLEAN: {"type": "boolean", "trueValues": ["true"], "falseValues": ["false"]},
    Type.DATE: {"type": "date"},
    Type.DATETIME: {"type": "datetime", "format": "any"},
    Type.INSTANT: {"type": "datetime", "format": "any", "timezone": "UTC"},
    Type.TIME: {"type": "time", "format": "any"},
    Type.POINT: {"type": "string", "geometry": "point", "encoding": "WKT", "crs": "EPSG:4326"},
    Type.GEOMETRY: {"type": "string", "geometry": "any", "encoding": "WKT", "crs": "EPSG:4326"},
}
_GUARD = (
    "A text that a spreadsheet would take for a formula begins with an apostrophe. To undo: where a text begins with "
    "apostrophes followed by one of = + - @ tab, carriage return, line feed or their full-width forms, take one "
    "apostrophe away."
)


def table_schema(version: Version) -> dict[str, Any]:
    """Return the Table Schema of a version: a field a column, with type, unit and what its values mean.

    Geometry is a text (WKT, EPSG:4326), as in the CSV. An empty cell is a missing value.
    """
    return {"fields": [_field(column) for column in version.columns], "missingValues": [""]}


def _field(column: Column) -> dict[str, Any]:
    known = {"unit": column.unit, "meaning": column.meaning}
    return {"name": column.name, **_FIELDS[column.type], **{name: text for name, text in known.items() if text}}


def package(export: Export, file: str, form: ExportFormat, size: int, sha256: str) -> dict[str, Any]:
    """Return the Data Package descriptor of an export: the file, its schema, licence, attribution and citation."""
    about = export.about
    resource: dict[str, Any] = {
        "name": "".join(one if one.isascii() and (one.isalnum() or one in "-_.") else "-" for one in about.id.lower()),
        "path": file,
        "format": form.value,
        "mediatype": form.media_type.partition(";")[0],
        "bytes": size,
        "hash": f"sha256:{sha256}",
        "rows": export.version.row_count,
        "schema": table_schema(export.version),
    }
    if form is ExportFormat.CSV:
        resource |= {
            "encoding": "utf-8",
            "dialect": {"delimiter": ",", "quoteChar": '"', "doubleQuote": True, "lineTerminator": "\r\n"},
            "formulaGuard": _GUARD,
        }
    descriptor = {
        "profile": "tabular-data-package",
        "name": resource["name"],
        "title": export.title,
        "description": about.description.pick(export.language),
        "version": export.version.id,
        "created": export.published_at,
        "licenses": [{"name": about.licence}] if about.licence else [],
        "attribution": about.attribution,
        "contributors": [{"title": about.publisher, "role": "publisher"}] if about.publisher else [],
        "sources": [{"title": about.publisher, "path": about.source_url}] if about.source_url else [],
        "citation": export.citation,
        "resources": [resource],
    }
    return {name: value for name, value in descriptor.items() if value}
