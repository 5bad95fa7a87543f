"""A version as a file to take away: made when it is asked for, sent piece by piece, removed afterwards."""

from __future__ import annotations

import hashlib
import re
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from litestar import Request, Response, get
from litestar.response import Stream

from portico.errors import StateError, UsageError
from portico.lake.drawing import place_column
from portico.lake.export import write
from portico.lake.exports.base import ExportFormat
from portico.lake.model import Version
from portico.web.described import shown_version
from portico.web.portal import Portal

# Each one works through a whole version: what is asked for beyond these waits, then is told to come again.
_AT_ONCE = threading.BoundedSemaphore(2)
_PATIENCE_S = 20.0
_PIECE = 256 * 1024
# Of the version's own file: another format of it may be ten times as large.
MOST_BYTES = 400_000_000
_SHEET_ROWS, _SHEET_COLUMNS = 1_048_575, 16_384
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_NOT_MODIFIED = 304


def offered(version: Version) -> tuple[ExportFormat, ...]:
    """Return the formats in which a version can be taken away."""
    refused: set[ExportFormat] = set()
    if place_column(version) is None:
        refused |= {ExportFormat.GEOJSON, ExportFormat.GEOPACKAGE}
    if version.row_count > _SHEET_ROWS or len(version.columns) > _SHEET_COLUMNS:
        refused.add(ExportFormat.XLSX)
    if version.file_bytes > MOST_BYTES:
        refused |= set(ExportFormat) - {ExportFormat.PARQUET}
    return tuple(one for one in ExportFormat if one not in refused)


def disposition(name: str) -> str:
    r"""Return the header that names a file to be kept, whatever the name holds.

    >>> disposition('a"b\r\nX: y.csv')
    'attachment; filename="a_b_X_y.csv"; filename*=UTF-8\'\'a%22b%0D%0AX%3A%20y.csv'
    """
    plain = _UNSAFE.sub("_", name).strip("._") or "data"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


@get(
    [f"/api/datasets/{{identifier:str}}/download.{one.value}" for one in ExportFormat],
    sync_to_thread=True,
    media_type="application/octet-stream",
)
def download(request: Request[Any, Any, Any], portal: Portal, identifier: str, version: str = "") -> Response[Any]:
    """Return a version as a file, with its licence and citation: CSV, Parquet, GeoJSON, GeoPackage or XLSX."""
    form = ExportFormat(request.url.path.rpartition(".")[2])
    found, wanted = shown_version(portal, identifier, version)
    if wanted.file_bytes > MOST_BYTES and form is not ExportFormat.PARQUET:
        raise UsageError("download-too-large", dataset=wanted.dataset, format=form.value)
    told = hashlib.sha256(repr(found.about).encode()).hexdigest()
    headers = {"etag": f'"{wanted.short}-{told[:12]}-{form.value}"', "cache-control": "no-cache"}
    if headers["etag"] in request.headers.get("if-none-match", ""):
        return Response(None, status_code=_NOT_MODIFIED, headers=headers)
    folder = tempfile.TemporaryDirectory(prefix="portico-download-", ignore_cleanup_errors=True)
    if not _AT_ONCE.acquire(timeout=_PATIENCE_S):
        folder.cleanup()
        raise StateError("download-busy")
    try:
        path = write(portal.lake, wanted, found.about, form, Path(folder.name) / f"{wanted.short}.{form.value}")
    except BaseException:
        folder.cleanup()
        raise
    finally:
        _AT_ONCE.release()
    headers["content-length"] = str(path.stat().st_size)
    headers["content-disposition"] = disposition(f"{found.about.id}-{wanted.short}.{form.value}")
    return Stream(_pieces(folder, path), media_type=form.media_type, headers=headers)


def _pieces(folder: tempfile.TemporaryDirectory[str], path: Path) -> Iterator[bytes]:
    """Yield a file piece by piece; its folder goes with it, also where the visitor goes away before the end."""
    with folder, path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece
