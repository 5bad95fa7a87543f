"""The first step: bytes as they came become members, each known by its content.

Archives are unpacked, as deep as three times; the parts of a shapefile are put together again; descriptions of a table
(Table Schema, CSVW) go with the table they describe. What is no table is refused with its true name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from portico.errors import InputError, UsageError
from portico.lake.found import Format, Member, Workshop
from portico.lake.limits import MAX_UNPACKED_BYTES
from portico.lake.readers import archives
from portico.lake.sniff.format import identify

_DEPTH = 3
_BLOCK = 1 << 20
_SHAPE_PARTS = (".shx", ".dbf", ".prj", ".cpg", ".qix", ".sbn", ".sbx", ".qpj", ".cst")
_SHAPE_EXTRAS = (".shp.xml", ".shp.iso.xml")
_DESCRIPTIONS = ("-metadata.json", ".schema.json", ".tableschema.json")
_TOGETHER = ("datapackage.json", "csv-metadata.json")
_NOT_TABLES = {
    Format.HTML: "not-a-table-html",
    Format.XML: "not-a-table-xml",
    Format.RDF: "not-a-table-rdf",
    Format.GRAPHML: "not-a-table-graphml",
    Format.PDF: "not-a-table-pdf",
    Format.IMAGE: "not-a-table-image",
    Format.RASTER: "not-a-table-raster",
    Format.DATABASE: "not-a-table-database",
    Format.GTFS_REALTIME: "not-a-table-realtime",
    Format.BINARY: "not-a-table-binary",
}


@dataclass(frozen=True, slots=True)
class Bytes:
    """Bytes that came: where they lie, their name, where from, their SHA-256 and size, what belongs to them."""

    path: Path
    name: str
    origin: str
    sha256: str
    size: int


def from_file(path: Path) -> Bytes:
    """Return the bytes of a file as they lie there. Raises UsageError where there is none."""
    if not path.is_file():
        raise UsageError("file-not-found", file=str(path))
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return Bytes(path, path.name, str(path), digest.hexdigest(), path.stat().st_size)


def from_stream(stream: BinaryIO, name: str, shop: Workshop) -> Bytes:
    """Return the bytes of ``stream`` (standard input), written to the workshop first."""
    target = shop.place(".received")
    size = 0
    with target.open("wb") as file:
        while block := stream.read(_BLOCK):
            size += len(block)
            if size > MAX_UNPACKED_BYTES:
                raise InputError("file-too-large", file=name, limit=MAX_UNPACKED_BYTES)
            file.write(block)
    return replace(from_file(target), name=name, origin="standard input")


def members(path: Path, name: str, shop: Workshop, beside: Iterable[Path] = ()) -> list[Member]:
    """Return what is to be read in the file ``path``: itself, or what an archive holds.

    ``beside`` are the files that lie next to it. Raises InputError where nothing in it is a table.
    """
    found = _grouped(_opened(path, name, shop, _DEPTH), list(beside))
    tables = [member for member in found if member.format not in _NOT_TABLES]
    if tables:
        return tables
    for member in found:
        raise InputError(_NOT_TABLES[member.format], file=member.name)
    raise InputError("archive-empty", file=name)


def _opened(path: Path, name: str, shop: Workshop, depth: int) -> list[Member]:
    found = identify(path)
    if found not in (Format.ZIP, Format.TAR, Format.GZIP):
        return [Member(path, name, found)]
    if not depth:
        raise InputError("archive-too-deep", file=name, limit=_DEPTH)
    folder = shop.place(".unpacked")
    folder.mkdir()
    inside = archives.unpack(path, name, folder)
    return [member for part, title in inside for member in _opened(part, title, shop, depth - 1)]


def _grouped(found: Sequence[Member], beside: Sequence[Path]) -> list[Member]:
    """Put the parts of shapefiles and the descriptions of tables with what they belong to."""
    paths = {member.name: member.path for member in found} | {path.name: path for path in beside}
    used: set[str] = set()
    grouped = []
    for member in found:
        companions = _companions(member, paths)
        used.update(name for name in paths if paths[name] in companions.values())
        grouped.append(replace(member, companions=companions))
    shapes = {_stem(member.name) for member in found if member.format is Format.SHAPEFILE and _is_shape(member.name)}
    return [member for member in grouped if member.name not in used and not _is_part(member.name, shapes)]


def _companions(member: Member, paths: dict[str, Path]) -> dict[str, Path]:
    stem, lower = _stem(member.name), {name.lower(): path for name, path in paths.items()}
    endings = _SHAPE_PARTS if member.format is Format.SHAPEFILE else ()
    named = {ending: stem + ending for ending in endings}
    found = {end: lower[name] for end, name in named.items() if name in lower and lower[name] != member.path}
    for ending in _DESCRIPTIONS:
        for name in (member.name.lower() + ending, stem + ending):
            if name in lower and lower[name] != member.path:
                found.setdefault(ending, lower[name])
    folder = str(PurePosixPath(member.name).parent)
    for whole in _TOGETHER:
        name = whole if folder == "." else f"{folder}/{whole}".lower()
        if name in lower and lower[name] != member.path:
            found[whole] = lower[name]
    return found


def _is_shape(name: str) -> bool:
    return not name.lower().endswith(_SHAPE_PARTS)


def _is_part(name: str, shapes: set[str]) -> bool:
    lower = name.lower()
    if any(lower.endswith(ending) and _stem(lower) in shapes for ending in _SHAPE_PARTS):
        return True
    return any(lower.endswith(extra) and lower.removesuffix(extra) in shapes for extra in _SHAPE_EXTRAS)


def _stem(name: str) -> str:
    pure = PurePosixPath(name)
    return str(pure.with_suffix("")).lower()


def is_part(path: Path) -> bool:
    """Say whether a file of a folder belongs to another file there: a part of a shapefile, a description of a table."""
    lower = path.name.lower()
    if path.suffix.lower() in _SHAPE_PARTS or lower.endswith(_SHAPE_EXTRAS):
        endings = {one.suffix.lower() for one in path.parent.iterdir() if one.stem == path.name.split(".")[0]}
        return ".shp" in endings or (path.suffix.lower() != ".dbf" and ".dbf" in endings)
    return lower.endswith(_DESCRIPTIONS) or lower in _TOGETHER
