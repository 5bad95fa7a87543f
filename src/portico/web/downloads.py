"""A version as a file to take away: made when it is asked for, sent piece by piece, removed afterwards."""

from __future__ import annotations

import hashlib
import re
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

from litestar import MediaType, Request, Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.response import Stream

from portico.errors import PorticoError, StateError, UsageError
from portico.lake.drawing import place_column
from portico.lake.exports import ExportFormat, write
from portico.lake.model import Version
from portico.web.described import Described, shown_version
from portico.web.portal import Portal

# Each one works through a whole version: what is asked for beyond these waits, then is told to come again.
_AT_ONCE = threading.BoundedSemaphore(2)
_PATIENCE_S = 20.0
_PIECE = 256 * 1024
# Of the version's own file: another format of it may be ten times as large.
MOST_BYTES = 200_000_000
_SHEET_ROWS, _SHEET_COLUMNS = 1_048_575, 16_384
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_NOT_MODIFIED = 304
Language = Literal["en", "it"]


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


def disposition(name: str, kind: Literal["attachment", "inline"] = "attachment") -> str:
    r"""Return the header that names a file to be kept, or shown, whatever the name holds.

    >>> disposition('a"b\r\nX: y.csv')
    'attachment; filename="a_b_X_y.csv"; filename*=UTF-8\'\'a%22b%0D%0AX%3A%20y.csv'
    """
    plain = _UNSAFE.sub("_", name).strip("._") or "data"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _route(form: ExportFormat) -> HTTPRouteHandler:
    """Return the route of one format: its address ends as its files do."""

    def download(
        request: Request[Any, Any, Any], portal: Portal, identifier: str, version: str = "", lang: Language = "en"
    ) -> Response[Any]:
        """Return a version as a file, with its licence and citation in the language asked for."""
        return _download(request, portal, form, (identifier, version, lang))

    path = f"/api/datasets/{{identifier:str}}/download.{form.value}"
    return get(path, sync_to_thread=True, media_type=_plain(form))(download)


def _plain(form: ExportFormat) -> str:
    """Return the media type without its encoding, which the framework writes after texts."""
    return form.media_type.partition(";")[0]


def _download(
    request: Request[Any, Any, Any], portal: Portal, form: ExportFormat, asked: tuple[str, str, str]
) -> Response[Any]:
    identifier, version, language = asked
    found, wanted = shown_version(portal, identifier, version)
    if wanted.file_bytes > MOST_BYTES and form is not ExportFormat.PARQUET:
        raise UsageError("download-too-large", dataset=wanted.dataset, format=form.value)
    told = hashlib.sha256(repr(found.about).encode()).hexdigest()
    headers = {"etag": f'"{wanted.short}-{told[:12]}-{form.value}-{language}"', "cache-control": "no-cache"}
    if headers["etag"] in request.headers.get("if-none-match", ""):
        return Response(b"", status_code=_NOT_MODIFIED, headers=headers, media_type=MediaType.TEXT)
    folder, path = _made(portal, found, wanted, form, language)
    headers["content-length"] = str(path.stat().st_size)
    headers["content-disposition"] = disposition(f"{found.about.id}-{wanted.short}.{form.value}")
    return Stream(_pieces(folder, path), media_type=_plain(form), headers=headers)


def _made(
    portal: Portal, found: Described, wanted: Version, form: ExportFormat, language: str
) -> tuple[tempfile.TemporaryDirectory[str], Path]:
    """Return the file made in a folder of its own, which goes when nobody holds it any more."""
    if not _AT_ONCE.acquire(timeout=_PATIENCE_S):
        raise StateError("download-busy")
    folder = tempfile.TemporaryDirectory(prefix="portico-download-", ignore_cleanup_errors=True)
    try:
        place = Path(folder.name) / f"{wanted.short}.{form.value}"
        return folder, write(portal.lake, wanted, found.about, form, place, language=language)
    except PorticoError:
        folder.cleanup()
        raise
    finally:
        _AT_ONCE.release()


def _pieces(folder: tempfile.TemporaryDirectory[str], path: Path) -> Iterator[bytes]:
    """Yield a file piece by piece; its folder goes with it, also where the visitor goes away before the end."""
    with folder, path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece


DOWNLOADS = [_route(form) for form in ExportFormat]
