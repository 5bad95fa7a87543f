"""TopoJSON: shapes that share their borders. Arcs are read first, then the objects that are made of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from portico.errors import InputError
from portico.lake import crs
from portico.lake.found import Member, Parsed, Workshop
from portico.lake.readers.features import Features
from portico.lake.readers.json_outline import skip
from portico.lake.readers.json_rows import written
from portico.lake.readers.json_stream import Stream, decoder
from portico.lake.readers.wkb import MalformedError, from_geojson
from portico.messages import Finding

Position = list[float]
_LINES = {"LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}
_DEEPEST = 16


def tables(path: Path, member: Member, shop: Workshop, said: str, issues: tuple[Finding, ...]) -> list[Parsed]:
    """Return one table an object of the topology, the one with most shapes first; only ``told.layer`` where told."""
    arcs, transform, stated = _frame(path, member)
    found = []
    for name, features in _objects(path, member, shop, _Shapes(arcs, transform)):
        if not shop.told.layer or name == shop.told.layer:
            found.append(features.parsed(name, _crs(stated), said, issues))
    if not found:
        raise InputError("geojson-no-features", file=member.name)
    return sorted(found, key=lambda one: -one.rows)


def _crs(stated: Any) -> str:  # noqa: ANN401
    """Return the system where one is stated. The format has no default; what it is made from is mostly in degrees."""
    properties = stated.get("properties") if isinstance(stated, Mapping) else None
    name = properties.get("name") if isinstance(properties, Mapping) else None
    return crs.find(name) if isinstance(name, str) else ""


class _Transform:
    """The grid the numbers of a topology were rounded to."""

    def __init__(self, said: Mapping[str, Any], file: str) -> None:
        try:
            self.scale = [float(one) for one in said["scale"]][:2]
            self.translate = [float(one) for one in said["translate"]][:2]
        except (KeyError, TypeError, ValueError) as error:
            raise InputError("topojson-transform", file=file) from error

    def at(self, x: float, y: float) -> Position:
        """Return where a grid position is."""
        return [x * self.scale[0] + self.translate[0], y * self.scale[1] + self.translate[1]]


def _frame(path: Path, member: Member) -> tuple[list[list[Position]], _Transform | None, Any]:
    """Return the arcs, the grid they are on, and the system where one is stated."""
    raw: list[list[Position]] = []
    transform: _Transform | None = None
    stated: Any = None
    stream = Stream(path, member.name, "utf-8-sig", decoder(lambda: None))
    try:
        for key in stream.members():
            if key == "arcs":
                raw += [_arc(stream.value(), member.name) for _ in stream.elements()]
            elif key == "transform":
                transform = _Transform(stream.value(), member.name)
            elif key == "crs":
                stated = stream.value()
            else:
                skip(stream)
        stream.end()
    finally:
        stream.close()
    if transform is not None:
        raw = [_unrolled(arc, transform) for arc in raw]
    return raw, transform, stated


def _arc(said: Any, file: str) -> list[Position]:  # noqa: ANN401
    try:
        return [[float(position[0]), float(position[1])] for position in said]
    except (TypeError, ValueError, IndexError) as error:
        raise InputError("topojson-arc", file=file) from error


def _unrolled(arc: list[Position], transform: _Transform) -> list[Position]:
    """Return an arc of differences as positions."""
    x = y = 0.0
    found = []
    for across, up in arc:
        x, y = x + across, y + up
        found.append(transform.at(x, y))
    return found


class _Shapes:
    """Puts geometries together from arcs."""

    def __init__(self, arcs: Sequence[list[Position]], transform: _Transform | None) -> None:
        self._arcs = arcs
        self._transform = transform

    def geojson(self, said: Mapping[str, Any], depth: int = 0) -> dict[str, Any] | None:
        """Return a geometry of a topology as one of GeoJSON; raise MalformedError where it is none."""
        kind = said.get("type")
        if kind is None:
            return None
        if not isinstance(kind, str) or depth > _DEEPEST:
            raise MalformedError
        if kind in _LINES:
            lines = self._lines(said.get("arcs"), _LINES[kind], is_ring=kind.endswith("Polygon"))
            return {"type": kind, "coordinates": lines}
        if kind == "GeometryCollection":
            parts = [self.geojson(one, depth + 1) for one in said.get("geometries", []) if isinstance(one, Mapping)]
            return {"type": kind, "geometries": [one for one in parts if one is not None]}
        if kind in ("Point", "MultiPoint"):
            return {"type": kind, "coordinates": self._placed(said.get("coordinates"), many=kind == "MultiPoint")}
        raise MalformedError

    def _placed(self, said: Any, *, many: bool) -> Any:  # noqa: ANN401
        if not isinstance(said, list):
            raise MalformedError
        if many:
            return [self._placed(one, many=False) for one in said]
        if self._transform is None:
            return said
        try:
            return self._transform.at(float(said[0]), float(said[1]))
        except (TypeError, ValueError, IndexError) as error:
            raise MalformedError from error

    def _lines(self, said: Any, depth: int, *, is_ring: bool) -> Any:  # noqa: ANN401
        if not isinstance(said, list):
            raise MalformedError
        if depth > 1:
            return [self._lines(one, depth - 1, is_ring=is_ring) for one in said]
        positions: list[Position] = []
        for index in said:
            arc = self._directed(index)
            positions += arc[1:] if positions else arc
        if is_ring and positions and positions[0] != positions[-1]:
            positions.append(positions[0])
        return positions

    def _directed(self, index: Any) -> list[Position]:  # noqa: ANN401
        """Return an arc; a number below zero names the one at its complement, walked backwards."""
        try:
            number = int(index)
            return self._arcs[number] if number >= 0 else self._arcs[~number][::-1]
        except (TypeError, ValueError, IndexError) as error:
            raise MalformedError from error


def _objects(path: Path, member: Member, shop: Workshop, shapes: _Shapes) -> Iterator[tuple[str, Features]]:
    """Yield the objects of a topology with their features."""
    stream = Stream(path, member.name, "utf-8-sig", decoder(lambda: None))
    try:
        for key in stream.members():
            if key != "objects":
                skip(stream)
                continue
            for name in stream.members():
                features = Features(member, shop)
                try:
                    for row, one in enumerate(_geometries(stream), start=1):
                        _add(features, row, one, shapes, member.name)
                finally:
                    features.close()
                yield name, features
    finally:
        stream.close()


def _geometries(stream: Stream) -> Iterator[Any]:
    """Yield the shapes of the object that comes next: those of a collection, or itself."""
    alone: dict[str, Any] = {}
    is_collection = False
    for key in stream.members():
        if key == "geometries" and stream.peek() == "[":
            is_collection = True
            for _ in stream.elements():
                yield stream.value()
        else:
            alone[key] = stream.value()
    if not is_collection:
        yield alone


def _add(features: Features, row: int, said: Any, shapes: _Shapes, file: str) -> None:  # noqa: ANN401
    if not isinstance(said, Mapping):
        features.refuse(row, written(said, 1, file), "feature-malformed", "")
        return
    properties = said.get("properties")
    named = dict(properties) if isinstance(properties, Mapping) else {}
    if said.get("id") is not None and named.get("id") != said["id"]:
        named = {"id" if "id" not in named else "feature_id": said["id"], **named}
    geometry = None
    try:
        geometry = from_geojson(shapes.geojson(said))
    except MalformedError:
        features.refuse(row, written(said, 1, file), "geometry-malformed")
    features.add(row, named, geometry)
