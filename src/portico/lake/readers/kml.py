"""KML and KMZ: each placemark a row, its extended data as columns, the folders it lies in as one more.

The geometry library of the engine reads a placemark's name and description and drops the rest.
"""

from __future__ import annotations

import errno
import re
import struct
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import Any

from portico.errors import InputError
from portico.lake import crs
from portico.lake.found import Format, Member, Parsed, Workshop
from portico.lake.limits import MAX_CELL_BYTES, MAX_UNPACKED_BYTES
from portico.lake.readers import xml_text
from portico.lake.readers.features import Features, warning
from portico.lake.readers.wkb import MalformedError, from_geojson
from portico.messages import Finding

# What a placemark says of itself, and the column it goes to. How it is drawn is left in the original file.
_SAYINGS = {
    "name": "name",
    "description": "description",
    "address": "address",
    "phoneNumber": "phone",
    "Snippet": "snippet",
    "when": "when",
    "begin": "begin",
    "end": "end",
}
_GEOMETRIES = frozenset({"Point", "LineString", "LinearRing", "Polygon", "MultiGeometry", "Track", "MultiTrack"})
_CONTAINERS = frozenset({"Folder", "Document"})
_MOST_EXPANSION = 200
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, struct.error)
_HARMLESS_BYTES = 100_000_000
_CHUNK = 1 << 20


def read(member: Member, shop: Workshop) -> list[Parsed]:
    """Return the one table of placemarks, in EPSG:4326; only those of the folder ``told.layer`` where told.

    Raises InputError where the XML is broken (with line and column) or declares entities, where a KMZ is damaged, and
    where there is no placemark.
    """
    issues: tuple[Finding, ...] = ()
    path = member.path
    if member.format is Format.KMZ:
        path, issues = _unpacked(member, shop)
    path, said = xml_text.prepared(path, member, shop, ".kml")
    job = _Placemarks(member, shop)
    try:
        job.run(path)
    finally:
        job.features.close()
    return [job.parsed((*issues, *said))]


def _unpacked(member: Member, shop: Workshop) -> tuple[Path, tuple[Finding, ...]]:
    """Return the main document of a KMZ: the first KML in it, as the format says, ``doc.kml`` if there is one."""
    target = shop.place(".kml")
    try:
        with zipfile.ZipFile(member.path) as archive:
            documents = [one for one in archive.infolist() if one.filename.lower().endswith(".kml")]
            documents.sort(
                key=lambda one: (PurePosixPath(one.filename.lower()).name != "doc.kml", one.filename.count("/"))
            )
            if not documents:
                raise InputError("kmz-without-kml", file=member.name)
            _extract(archive, documents[0], target, member)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        ValueError,
        struct.error,
    ) as error:
        raise InputError("kmz-damaged", file=member.name) from error
    except OSError as error:
        # A directory that lies leads to offsets before the beginning of the file.
        if error.errno != errno.EINVAL:
            raise
        raise InputError("kmz-damaged", file=member.name) from error
    if len(documents) == 1:
        return target, ()
    others = ", ".join(one.filename for one in documents[1:6])
    return target, (warning("kmz-other-documents", member.name, document=documents[0].filename, others=others),)


def _extract(archive: zipfile.ZipFile, one: zipfile.ZipInfo, target: Path, member: Member) -> None:
    """Write one member of a KMZ to ``target``; its size is measured, not believed."""
    limit = min(MAX_UNPACKED_BYTES, max(_HARMLESS_BYTES, _MOST_EXPANSION * one.compress_size))
    size = 0
    with archive.open(one) as source, target.open("wb") as out:
        while block := source.read(_CHUNK):
            size += len(block)
            if size > limit:
                raise InputError("kmz-expands", file=member.name, limit=limit // 10**6)
            out.write(block)


class _Placemarks:
    """The placemarks of one document, gathered while its XML goes by."""

    def __init__(self, member: Member, shop: Workshop) -> None:
        self._member = member
        self._layer = shop.told.layer
        self._path: list[str] = []
        self._folders: list[str] = []
        self._text: list[str] = []
        self._size = 0
        self._properties: dict[str, str] | None = None
        self._key = ""
        self._shapes: list[_Shape] = []
        self._found: list[dict[str, Any]] = []
        self._row = 0
        self._links = 0
        self._with_folders = False
        self._malformed = ""
        self.features = Features(member, shop)

    def run(self, path: Path) -> None:
        """Read the document at ``path``."""
        made = xml_text.parser(self._member.name)
        made.StartElementHandler = self._start
        made.EndElementHandler = self._end
        made.CharacterDataHandler = self._characters
        xml_text.run(made, path, self._member.name)

    # --- as the XML goes by ---

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        self._path.append(name)
        self._text, self._size = [], 0
        if name in _CONTAINERS:
            self._folders.append("")
        elif name == "NetworkLink":
            self._links += 1
        elif name == "Placemark":
            self._properties, self._shapes, self._found, self._malformed = {}, [], [], ""
            self._row += 1
        elif self._properties is not None and name in _GEOMETRIES:
            self._shapes.append(_Shape(name))
        elif name in ("Data", "SimpleData"):
            self._key = attributes.get("name", "")

    def _characters(self, data: str) -> None:
        self._size += len(data)
        if self._size <= MAX_CELL_BYTES * 8:
            self._text.append(data)

    def _end(self, tag: str) -> None:
        name = tag.rpartition(":")[2]
        text = "".join(self._text).strip()
        self._text, self._size = [], 0
        self._path.pop()
        parent = self._path[-1] if self._path else ""
        if name in _CONTAINERS:
            self._folders.pop()
        elif name == "name" and parent in _CONTAINERS:
            self._folders[-1] = text if parent == "Folder" else ""
        elif name == "Placemark":
            self._placemark()
        elif self._properties is not None:
            self._inside(name, parent, text)

    def _inside(self, name: str, parent: str, text: str) -> None:
        """Take in what ends inside a placemark."""
        if self._shapes:
            if name in _GEOMETRIES:
                self._geometry()
            else:
                self._coordinates(name, text)
        elif name == "SimpleData" or (name == "value" and parent == "Data"):
            self._say(self._key, text)
        elif name in _SAYINGS and parent in ("Placemark", "TimeStamp", "TimeSpan"):
            self._say(_SAYINGS[name], text)
        elif parent == "ExtendedData" and name not in ("Data", "SchemaData"):
            self._say(name, text)

    def _coordinates(self, name: str, text: str) -> None:
        try:
            self._shapes[-1].take(name, text)
        except MalformedError:
            self._malformed = self._malformed or text

    def _say(self, key: str, text: str) -> None:
        if self._properties is not None and key and text:
            self._properties[key if key not in self._properties else f"{key}_2"] = text

    def _geometry(self) -> None:
        """A geometry ends: it belongs to the one around it, or to the placemark."""
        shape = self._shapes.pop()
        try:
            found = shape.geojson()
        except MalformedError:
            self._malformed = self._malformed or shape.kind
            return
        (self._shapes[-1].parts if self._shapes else self._found).append(found)

    def _placemark(self) -> None:
        properties, self._properties = self._properties or {}, None
        folder = " / ".join(name for name in self._folders if name)
        if self._layer and self._layer not in (folder, *self._folders):
            return
        if folder:
            properties = {"folder" if "folder" not in properties else "folder_2": folder, **properties}
        geometry = None
        if self._malformed:
            self.features.refuse(self._row, self._malformed, "geometry-malformed")
        elif self._found:
            parts = self._found
            whole = parts[0] if len(parts) == 1 else {"type": "GeometryCollection", "geometries": parts}
            geometry = from_geojson(whole)
        self.features.add(self._row, properties, geometry)

    def parsed(self, issues: tuple[Finding, ...]) -> Parsed:
        """Return the table."""
        if not self.features.count:
            raise InputError("kml-no-placemarks", file=self._member.name, links=self._links)
        if self._links:
            issues = (*issues, warning("kml-network-links", self._member.name, count=self._links))
        return self.features.parsed(Path(self._member.name).stem, crs.WGS84, "utf-8", issues)


class _Shape:
    """A geometry of KML while it is read."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.parts: list[dict[str, Any]] = []
        self._coordinates: list[list[float]] = []
        self._outer: list[list[float]] = []
        self._inner: list[list[list[float]]] = []

    def take(self, name: str, text: str) -> None:
        """Take in an element that ends inside."""
        if name == "coordinates":
            self._coordinates = _positions(text)
        elif name == "coord":
            self._coordinates.append(_position(text.split()))
        elif name in ("outerBoundaryIs", "innerBoundaryIs"):
            rings = [part["coordinates"] for part in self.parts]
            self.parts = []
            if name == "outerBoundaryIs" and rings:
                self._outer = rings[0]
            else:
                self._inner += rings

    def geojson(self) -> dict[str, Any]:
        """Return the geometry as GeoJSON has it; raise MalformedError where it has no coordinates."""
        coordinates = _flat(self._coordinates)
        if self.kind == "Point" and coordinates:
            return {"type": "Point", "coordinates": coordinates[0]}
        if self.kind in ("LineString", "LinearRing", "Track") and coordinates:
            return {"type": "LineString", "coordinates": coordinates}
        if self.kind == "Polygon" and self._outer:
            return {"type": "Polygon", "coordinates": [self._outer, *self._inner]}
        if self.kind in ("MultiGeometry", "MultiTrack") and self.parts:
            return _many(self.parts)
        raise MalformedError


def _many(parts: list[dict[str, Any]]) -> dict[str, Any]:
    """Return parts of one kind as one geometry of many, others as a collection."""
    kinds = {part["type"] for part in parts}
    single = next(iter(kinds))
    if len(kinds) == 1 and single in ("Point", "LineString", "Polygon"):
        return {"type": f"Multi{single}", "coordinates": [part["coordinates"] for part in parts]}
    return {"type": "GeometryCollection", "geometries": parts}


def _positions(text: str) -> list[list[float]]:
    """Return the positions in ``coordinates``; blanks after commas are forgiven.

    >>> _positions("7.5,45,0 7.6, 45.1")
    [[7.5, 45.0, 0.0], [7.6, 45.1]]
    """
    return [_position(one.split(",")) for one in re.sub(r"\s*,\s*", ",", text).split()]


def _position(numbers: list[str]) -> list[float]:
    try:
        found = [float(one) for one in numbers if one]
    except ValueError as error:
        raise MalformedError from error
    if not 2 <= len(found) <= 3:  # noqa: PLR2004 - longitude, latitude and perhaps a height
        raise MalformedError
    return found


def _flat(positions: list[list[float]]) -> list[list[float]]:
    """Leave out heights that are all zero: programs write them where they know none."""
    if any(len(one) > 2 and one[2] for one in positions):  # noqa: PLR2004
        return positions
    return [one[:2] for one in positions]
