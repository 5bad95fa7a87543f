"""GeoJSON and TopoJSON, feature by feature: a file of any size, no value guessed, no property lost to its name.

The geometry library is not asked: it gives up over two properties that differ only in case, turns text that looks like
a date into one, and holds the whole document in memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from portico.errors import InputError
from portico.lake import crs
from portico.lake.found import Format, Member, Parsed, Workshop
from portico.lake.readers import topojson
from portico.lake.readers.features import Features, warning
from portico.lake.readers.json_outline import skip
from portico.lake.readers.json_rows import written
from portico.lake.readers.json_stream import Stream, decoder
from portico.lake.readers.wkb import MalformedError, from_geojson
from portico.lake.sniff import encoding
from portico.messages import Finding


def read(member: Member, shop: Workshop) -> list[Parsed]:
    """Return the features of a GeoJSON, or one table an object of a TopoJSON, the largest first.

    Raises InputError where the document is cut off or broken (with line and column), or holds no features.
    """
    path, said, issues = _prepared(member, shop)
    if member.format is Format.TOPOJSON:
        return topojson.tables(path, member, shop, said, issues)
    job = _Collection(member, shop)
    try:
        stream = Stream(path, member.name, "utf-8-sig", decoder(job.note_duplicate))
        try:
            job.document(stream)
        finally:
            stream.close()
    finally:
        job.features.close()
    return [job.parsed(said, issues)]


def _prepared(member: Member, shop: Workshop) -> tuple[Path, str, tuple[Finding, ...]]:
    """Return the file in UTF-8, how it was written, and what must be said of that."""
    found = encoding.survey(member.path, shop.told.encoding, shop.country)
    if found.is_plain:
        return member.path, "utf-8", ()
    path = shop.place(".json")
    encoding.transcode(member.path, found, path)
    if found.encoding == "utf-8" or found.encoding.startswith("utf-16"):
        return path, found.encoding, ()
    name = found.encoding.removeprefix(encoding.MIXED)
    return path, found.encoding, (warning("encoding-country", member.name, encoding=name, byte=found.invalid_at),)


class _Collection:
    """One collection of features being read."""

    def __init__(self, member: Member, shop: Workshop) -> None:
        self._member = member
        self._shop = shop
        self._row = 0
        self._duplicates = 0
        self._stated: Any = None
        self._has_collection = False
        self.features = Features(member, shop)

    def note_duplicate(self) -> None:
        """Count an object that has one key twice; the last value counts."""
        self._duplicates += 1

    def document(self, stream: Stream) -> None:
        """Read a collection, or a document that is one feature."""
        if stream.peek() == "[":
            self._has_collection = True
            self._features(stream)
            return
        if stream.peek() != "{":
            raise InputError("geojson-no-features", file=self._member.name)
        alone: dict[str, Any] = {}
        for key in stream.members():
            if key == "features" and stream.peek() == "[":
                self._has_collection = True
                self._features(stream)
            elif key == "crs":
                self._stated = stream.value()
            elif key in ("type", "properties", "geometry", "id", "coordinates", "geometries"):
                alone[key] = stream.value()
            else:
                skip(stream)
        stream.end()
        if not self._has_collection:
            self._alone(alone)

    def _features(self, stream: Stream) -> None:
        for _ in stream.elements():
            self._row += 1
            self._feature(stream.value())

    def _alone(self, said: dict[str, Any]) -> None:
        self._row = 1
        if said.get("type") == "Feature":
            self._feature(said)
        elif "coordinates" in said or "geometries" in said:
            self._feature({"type": "Feature", "properties": None, "geometry": said})
        else:
            raise InputError("geojson-no-features", file=self._member.name)

    def _feature(self, feature: Any) -> None:  # noqa: ANN401 - whatever stands among the features
        is_feature = isinstance(feature, Mapping) and isinstance(feature.get("properties"), Mapping | None)
        if not is_feature:
            self.features.refuse(self._row, written(feature, 1, self._member.name), "feature-malformed", "")
            return
        properties = dict(feature.get("properties") or {})
        if feature.get("id") is not None and properties.get("id") != feature["id"]:
            properties = {"id" if "id" not in properties else "feature_id": feature["id"], **properties}
        self.features.add(self._row, properties, self._geometry(feature.get("geometry")))

    def _geometry(self, geometry: Any) -> bytes | None:  # noqa: ANN401
        try:
            return from_geojson(geometry)
        except MalformedError:
            self.features.refuse(self._row, written(geometry, 1, self._member.name), "geometry-malformed")
            return None

    def parsed(self, said: str, issues: tuple[Finding, ...]) -> Parsed:
        """Return the table."""
        issues = (*issues, *self._spoken())
        return self.features.parsed(Path(self._member.name).stem, self._crs(), said, issues)

    def _crs(self) -> str:
        """Return the system: what the old "crs" member says, else that of RFC 7946, longitude and latitude."""
        named = _named(self._stated)
        return crs.find(named) if named else crs.WGS84

    def _spoken(self) -> Iterator[Finding]:
        name = self._member.name
        if self._duplicates:
            yield warning("json-duplicate-keys", name, 0, count=self._duplicates, at=0)
        stated = _named(self._stated)
        if self._stated is not None and not stated:
            yield warning("geojson-crs-unread", name, crs=written(self._stated, 1, name)[:200])
        elif stated and crs.find(stated) != crs.WGS84:
            yield warning("geojson-crs-old", name, crs=crs.find(stated))


def _named(stated: Any) -> str:  # noqa: ANN401 - whatever stands under "crs"
    """Return the name in a "crs" member of GeoJSON 2008, nothing where it has none.

    >>> _named({"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3003"}})
    'urn:ogc:def:crs:EPSG::3003'
    """
    properties = stated.get("properties") if isinstance(stated, Mapping) else None
    name = properties.get("name", properties.get("code")) if isinstance(properties, Mapping) else None
    return str(name) if isinstance(name, str) else ""
