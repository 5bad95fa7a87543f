"""A version handed out as a file that others can use, with licence, attribution and citation in it and beside it."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb

from portico.catalogue.model import Dataset
from portico.errors import InputError, StateError, UnknownNameError
from portico.lake import queries
from portico.lake.exports import delimited, geojson, geopackage, parquet, workbook
from portico.lake.exports.base import Export, ExportFormat
from portico.lake.exports.schema import package, table_schema
from portico.lake.lake import Lake
from portico.lake.model import Version
from portico.lake.objects import file_hash
from portico.messages import did_you_mean

__all__ = ["ExportFormat", "beside", "format_of", "stream", "table_schema", "write"]

_WRITERS: dict[ExportFormat, Callable[[Export, Path], None]] = {
    ExportFormat.CSV: delimited.write,
    ExportFormat.PARQUET: parquet.write,
    ExportFormat.GEOJSON: geojson.write,
    ExportFormat.GEOPACKAGE: geopackage.write,
    ExportFormat.XLSX: workbook.write,
}
_STREAMS: dict[ExportFormat, Callable[[Export], Iterator[str]]] = {
    ExportFormat.CSV: delimited.lines,
    ExportFormat.GEOJSON: geojson.lines,
}
_PLACED = (ExportFormat.GEOJSON, ExportFormat.GEOPACKAGE)


def format_of(name: str) -> ExportFormat:
    """Return the format called ``name`` ("csv", or the ending of a file); raise UnknownNameError for any other.

    >>> format_of(".GeoJSON").value
    'geojson'
    """
    wanted = name.lower().lstrip(".")
    known = {"geopackage": "gpkg", "geoparquet": "parquet", "json": "geojson"}
    known |= {form.value: form.value for form in ExportFormat}
    if wanted not in known:
        raise UnknownNameError("export-format-unknown", name=name, advice=did_you_mean(wanted, list(ExportFormat)))
    return ExportFormat(known[wanted])


def write(
    lake: Lake,
    version: Version,
    about: Dataset,
    form: ExportFormat,
    path: Path,
    *,
    language: str = "en",
    bom: bool = False,
) -> Path:
    """Write ``version`` of the dataset ``about`` to the file ``path``, and what describes it beside it (``beside``).

    Both appear whole or not at all; what stood there is replaced. ``bom`` begins a CSV with a byte order mark, which
    old spreadsheets want. Memory does not grow with the rows. Raises InputError where the format cannot hold the
    version, StateError where the version is damaged or the place cannot be written. Returns ``path``.
    """
    export = Export(lake, version, about, language, bom)
    refuse_unplaced(export, form)
    try:
        with tempfile.TemporaryDirectory(prefix=".portico-", dir=path.parent) as folder:
            written = Path(folder) / f"data.{form.value}"
            described = Path(folder) / "about.json"
            _WRITERS[form](export, written)
            descriptor = package(export, path.name, form, written.stat().st_size, file_hash(written))
            described.write_text(json.dumps(descriptor, ensure_ascii=False, indent=2) + "\n", "utf-8")
            for one, place in ((written, path), (described, beside(path))):
                _synchronise(one)
                one.replace(place)
    except duckdb.Error as error:
        raise _refusal(export, path, error) from error
    except OSError as error:
        raise StateError("state-failed", path=path.name, detail=error.strerror or str(error)) from error
    return path


def stream(
    lake: Lake, version: Version, about: Dataset, form: ExportFormat, *, language: str = "en", bom: bool = False
) -> Iterator[str]:
    """Return the text of a CSV or GeoJSON as it is read, for who downloads it; other formats need a file first.

    Raises InputError like ``write``; a version that turns out to be damaged half-way raises StateError from there.
    """
    export = Export(lake, version, about, language, bom)
    refuse_unplaced(export, form)
    return _told(export, _STREAMS[form](export))


def beside(path: Path) -> Path:
    """Return the place of what describes an export.

    >>> beside(Path("wells.csv")).name
    'wells.csv-metadata.json'
    """
    return path.with_name(f"{path.name}-metadata.json")


def refuse_unplaced(export: Export, form: ExportFormat) -> None:
    """Raise InputError for a table without places in a format that is made of places."""
    if form in _PLACED and export.geometry is None:
        raise InputError("export-without-geometry", dataset=export.version.dataset, format=form.value)


def _told(export: Export, texts: Iterator[str]) -> Iterator[str]:
    try:
        yield from texts
    except duckdb.Error as error:
        raise _refusal(export, Path(export.version.dataset), error) from error


def _refusal(export: Export, path: Path, error: duckdb.Error) -> StateError:
    """Say what went wrong: the version is damaged, or the file could not be written."""
    detail = str(error).splitlines()[0]
    if queries.is_whole(export.lake, export.version):
        return StateError("state-failed", path=path.name, detail=detail)
    named = {"dataset": export.version.dataset, "version": export.version.short}
    return StateError("version-damaged", **named, detail=detail)


def _synchronise(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
