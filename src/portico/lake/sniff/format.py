"""What a file really is, by its content. The name is never asked: an ``.xls`` may be an OpenDocument, or a web page."""

from __future__ import annotations

import json
import re
import struct
import zipfile
from pathlib import Path, PurePosixPath

from portico.lake.found import Format

_HEAD = 65_536
_SIGNATURES: tuple[tuple[bytes, Format], ...] = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Format.XLS),
    (b"\x1f\x8b", Format.GZIP),
    (b"PAR1", Format.PARQUET),
    (b"\x00\x00\x27\x0a", Format.SHAPEFILE),
    (b"fgb", Format.FLATGEOBUF),
    (b"%PDF", Format.PDF),
    (b"\x89PNG", Format.IMAGE),
    (b"\xff\xd8\xff", Format.IMAGE),
    (b"GIF8", Format.IMAGE),
    (b"II*\x00", Format.RASTER),
    (b"MM\x00*", Format.RASTER),
    (b"\xfd7zXZ\x00", Format.TAR),
    (b"BZh", Format.TAR),
)
_DBF_KINDS = (0x03, 0x04, 0x83, 0x8B, 0x30)
_DBF_HEADER = 32
_TAR_MARK = slice(257, 262)
_GPKG_MARK = slice(68, 72)
_SQLITE = b"SQLite format 3\x00"
_REALTIME = re.compile(rb"\x0a.\x0a\x03[12]\.0", re.DOTALL)
_GTFS_FILES = {"stops.txt", "routes.txt", "trips.txt", "agency.txt", "stop_times.txt"}
_GTFS_ENOUGH = 3
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")
_TURTLE = re.compile(r"\s*(#[^\n]*\n\s*)*(@prefix|@base|prefix\s+\w*:|base\s+<)", re.IGNORECASE)
_ROOT = re.compile(r"<\s*(?![?!])([A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)")
_ROOTS = {
    "kml": Format.KML,
    "featurecollection": Format.GML,
    "rdf": Format.RDF,
    "graphml": Format.GRAPHML,
    "html": Format.HTML,
    "head": Format.HTML,
    "body": Format.HTML,
    "table": Format.HTML,
}
_JSON_START = re.compile(r'\s*(\{\s*["}]|\[\s*([\[{"\]0-9-]|true|false|null))')


def identify(path: Path) -> Format:
    """Return what the file at ``path`` is. Anything that looks like text and like nothing else is CSV."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if not head:
        return Format.EMPTY
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zipped(path)
    binary = _binary(head)
    if binary is not None:
        return binary
    text = _as_text(head)
    if text is None:
        return Format.BINARY
    return _written(text, path, whole=len(head) < _HEAD)


def _binary(head: bytes) -> Format | None:
    for mark, found in _SIGNATURES:
        if head.startswith(mark):
            return found
    if head.startswith(_SQLITE):
        return Format.GEOPACKAGE if head[_GPKG_MARK] in (b"GPKG", b"GP10", b"GP11") else Format.DATABASE
    if head[_TAR_MARK] == b"ustar":
        return Format.TAR
    if b"OSMHeader" in head[:32] and head[:2] == b"\x00\x00":
        return Format.OSM_PBF
    if _REALTIME.match(head):
        return Format.GTFS_REALTIME
    return Format.SHAPEFILE if _is_dbf(head) else None


def _is_dbf(head: bytes) -> bool:
    """Say whether a file is the table of a shapefile: a dBASE header with a day, and fields of 32 bytes."""
    if len(head) < _DBF_HEADER or head[0] not in _DBF_KINDS or not (1 <= head[2] <= 12 and 1 <= head[3] <= 31):  # noqa: PLR2004
        return False
    length = int.from_bytes(head[8:10], "little")
    return length > _DBF_HEADER and length % 32 in (1, 2) and head[length - 1 : length] in (b"\r", b"\x00", b"")


def _zipped(path: Path) -> Format:
    try:
        with zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if not name.startswith("__MACOSX/")]
            mimetype = b""
            if names and names[0] == "mimetype" and archive.getinfo("mimetype").file_size < 200:  # noqa: PLR2004
                mimetype = archive.read("mimetype")
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError, struct.error):
        return Format.ZIP
    return _by_members(set(names), mimetype)


def _by_members(names: set[str], mimetype: bytes) -> Format:
    if b"opendocument.spreadsheet" in mimetype:
        return Format.ODS
    if any(name.lower().endswith("xl/workbook.xml") for name in names):
        return Format.XLSX
    if "xl/workbook.bin" in names:
        return Format.XLSB
    plain = {PurePosixPath(name).name.lower() for name in names}
    if len(plain & _GTFS_FILES) >= _GTFS_ENOUGH or {"stops.txt", "routes.txt"} <= plain:
        return Format.GTFS
    if "doc.kml" in plain:
        return Format.KMZ
    return Format.ZIP


def _as_text(head: bytes) -> str | None:
    """Return the beginning as text as far as it can be told, nothing where it is no text."""
    if head.startswith(_WIDE_MARKS):
        return head.decode("utf-16", errors="ignore").lstrip("\ufeff")
    wide = wide_encoding(head)
    if wide:
        return head.decode(wide, errors="ignore")
    controls = sum(head.count(bytes((code,))) for code in (*range(1, 9), *range(14, 27), *range(28, 32)))
    nothing = head.count(b"\x00")
    if controls * 50 > len(head) or nothing * 10 > len(head):
        return None
    return head.decode("utf-8-sig", errors="replace").replace("\x00", "")


def wide_encoding(head: bytes) -> str:
    """Return "utf-16-le" or "utf-16-be" where every second byte is nothing though no mark says so; else nothing.

    >>> wide_encoding("comune;cap".encode("utf-16-le")), wide_encoding(b"comune;cap")
    ('utf-16-le', '')
    """
    even, odd = head[0::2].count(0), head[1::2].count(0)
    pairs = max(len(head) // 2, 1)
    if odd * 10 > pairs * 7 and even * 20 < pairs:
        return "utf-16-le"
    if even * 10 > pairs * 7 and odd * 20 < pairs:
        return "utf-16-be"
    return ""


def _written(text: str, path: Path, *, whole: bool) -> Format:
    start = text.lstrip()
    if start.startswith("<"):
        return _marked_up(start)
    if _JSON_START.match(text):
        found = _json(text, path, whole=whole)
        if found is not None:
            return found
    return Format.RDF if _TURTLE.match(text) else Format.CSV


def _marked_up(start: str) -> Format:
    if start[:200].lower().startswith("<!doctype html"):
        return Format.HTML
    root = _ROOT.search(re.sub(r"<!--.*?-->", "", start, flags=re.DOTALL))
    if root is None:
        return Format.XML
    found = _ROOTS.get(root.group(2).lower(), Format.XML)
    if found is Format.GML or "opengis.net/gml" in start[:4_000]:
        return Format.GML
    return found


def _json(text: str, path: Path, *, whole: bool) -> Format | None:
    """Return which kind of JSON begins with ``text``, or nothing where it only looked like one."""
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) > 1 and _is_record(lines[0]) and (len(lines) > 2 or not whole or _is_record(lines[1])):  # noqa: PLR2004
        return Format.NDJSON
    if '"Topology"' in text:
        return Format.TOPOJSON
    if re.search(r'"type"\s*:\s*"(FeatureCollection|Feature)"', text):
        return Format.GEOJSON
    if re.search(r'"@(context|graph)"\s*:', text):
        return Format.RDF
    if whole and not lines[0].lstrip().startswith(("{", "[")):
        return None
    return Format.GEOJSON if _collection_at_end(path) else Format.JSON


def _is_record(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _collection_at_end(path: Path) -> bool:
    """Say whether the type of the collection is written at the end of the file, after the features."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 2_000))
        tail = file.read()
    return re.search(rb'"type"\s*:\s*"FeatureCollection"\s*[,}]', tail) is not None
