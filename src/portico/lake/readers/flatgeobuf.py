"""FlatGeobuf, every offset checked before it is followed.

The geometry library trusts the offsets in such a file: a damaged one ends the process. The layout is that of the
format's own schemas (header.fbs, feature.fbs): tables of FlatBuffers, whose fields are known by their number.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from portico.errors import InputError
from portico.lake import crs
from portico.lake.found import Member, Parsed, Workshop
from portico.lake.limits import MAX_COLUMNS, MAX_RECORD_BYTES
from portico.lake.readers.features import Features, warning
from portico.lake.readers.json_stream import Decimal, NotFinite, Whole
from portico.lake.readers.wkb import MalformedError, from_geojson
from portico.messages import Finding

_MAGIC = b"fgb\x03fgb"
_MAGIC_BYTES = 8
_LARGEST_HEADER = 16_000_000
_NODE_BYTES = 40
_DEEPEST = 16
_POINT, _LINE, _POLYGON, _MANY_POINTS, _MANY_LINES, _MANY_POLYGONS, _COLLECTION = range(1, 8)
_NAMES = {_POINT: "Point", _LINE: "LineString", _MANY_POINTS: "MultiPoint"}


class _DamagedError(ValueError):
    """An offset leads out of the buffer."""


def read(member: Member, shop: Workshop) -> list[Parsed]:
    """Return the one layer of a FlatGeobuf, in the order of the file.

    Raises InputError where the file is cut off or damaged; a single feature that is no geometry is a reject.
    """
    job = _Layer(member, shop)
    try:
        with member.path.open("rb") as file:
            try:
                job.run(file)
            except (_DamagedError, struct.error, UnicodeDecodeError) as error:
                raise InputError("flatgeobuf-damaged", file=member.name, row=job.row) from error
    finally:
        job.features.close()
    return [job.parsed()]


class _Layer:
    """One layer being read."""

    def __init__(self, member: Member, shop: Workshop) -> None:
        self._member = member
        self._size = member.path.stat().st_size
        self._columns: list[tuple[str, int]] = []
        self._name = Path(member.name).stem
        self._crs = ""
        self._kind = 0
        self.row = 0
        self.features = Features(member, shop)

    def run(self, file: BinaryIO) -> None:
        """Read header, index and features."""
        if not file.read(_MAGIC_BYTES).startswith(_MAGIC):
            raise _DamagedError
        count, node_size = self._header(_sized(file, _LARGEST_HEADER))
        index_bytes = _index_bytes(count, node_size)
        if file.tell() + index_bytes > self._size:
            raise _DamagedError
        file.seek(index_bytes, 1)
        while file.tell() < self._size and (not count or self.row < count):
            self.row += 1
            self._feature(_Table.root(_sized(file, MAX_RECORD_BYTES)))
        if self.row < count:
            raise InputError("flatgeobuf-cut-off", file=self._member.name, stated=count, found=self.row)

    def _header(self, data: bytes) -> tuple[int, int]:
        table = _Table.root(data)
        self._name = table.text(0) or self._name
        self._kind = table.number(2, "<B")
        columns = _columns(table, 7)
        if len(columns) > MAX_COLUMNS:
            raise InputError("too-many-columns", file=self._member.name, count=len(columns), limit=MAX_COLUMNS)
        self._columns = columns
        stated = table.table(10)
        if stated is not None:
            code, authority = stated.number(1, "<i"), stated.text(0) or "EPSG"
            self._crs = crs.find(f"{authority}:{code}" if code else stated.text(5) or stated.text(4) or stated.text(2))
        return table.number(8, "<Q"), table.number(9, "<H", 16)

    def _feature(self, table: _Table) -> None:
        own = _columns(table, 2) or self._columns
        properties = dict.fromkeys(key for key, _ in own) | dict(_properties(table.bytes(1), own))
        geometry, found = table.table(0), None
        if geometry is not None:
            try:
                found = from_geojson(_geojson(geometry, self._kind, 0))
            except MalformedError:
                self.features.refuse(self.row, f"feature {self.row}", "geometry-malformed")
        self.features.add(self.row, properties, found)

    def parsed(self) -> Parsed:
        """Return the table."""
        issues: tuple[Finding, ...] = () if self._crs else (warning("crs-not-stated", self._member.name),)
        return self.features.parsed(self._name, self._crs, "utf-8", issues)


def _sized(file: BinaryIO, limit: int) -> bytes:
    """Return the next buffer, which says first how long it is."""
    (size,) = struct.unpack("<I", file.read(4))
    if size > limit:
        raise _DamagedError
    data = file.read(size)
    if len(data) < size:
        raise _DamagedError
    return data


def _index_bytes(count: int, node_size: int) -> int:
    """Return how long the packed tree over ``count`` features is; there is none where its nodes have no size.

    >>> _index_bytes(3, 16), _index_bytes(17, 16), _index_bytes(5, 0)
    (160, 800, 0)
    """
    if not count or node_size < 2:  # noqa: PLR2004 - a tree needs two branches
        return 0
    nodes, level = count, count
    while level > 1:
        level = -(-level // node_size)
        nodes += level
    return nodes * _NODE_BYTES if count > 1 else 2 * _NODE_BYTES


# --- tables of FlatBuffers ---


class _Table:
    """A table in a buffer: its fields by number; what is not there is nothing."""

    def __init__(self, data: bytes, at: int) -> None:
        self._data = data
        self._at = at
        back = self._unpack("<i", at)
        self._index = at - back
        self._fields = (self._unpack("<H", self._index) - 4) // 2

    @classmethod
    def root(cls, data: bytes) -> _Table:
        """Return the table a buffer begins with."""
        (at,) = struct.unpack_from("<I", data, 0)
        return cls(data, at)

    def _unpack(self, form: str, at: int) -> Any:  # noqa: ANN401 - any number
        if not 0 <= at <= len(self._data) - struct.calcsize(form):
            raise _DamagedError
        return struct.unpack_from(form, self._data, at)[0]

    def _place(self, number: int) -> int:
        if number >= self._fields:
            return 0
        offset = int(self._unpack("<H", self._index + 4 + 2 * number))
        return self._at + offset if offset else 0

    def number(self, number: int, form: str, default: int = 0) -> int:
        """Return a whole number."""
        place = self._place(number)
        return int(self._unpack(form, place)) if place else default

    def _vector(self, number: int) -> tuple[int, int]:
        """Return where a vector begins and how many elements it says it has."""
        place = self._place(number)
        if not place:
            return 0, 0
        start = place + int(self._unpack("<I", place))
        return start + 4, int(self._unpack("<I", start))

    def bytes(self, number: int, width: int = 1) -> bytes:
        """Return the bytes of a vector of elements ``width`` wide."""
        start, count = self._vector(number)
        if start + count * width > len(self._data):
            raise _DamagedError
        return self._data[start : start + count * width]

    def text(self, number: int) -> str:
        """Return a text."""
        return self.bytes(number).decode("utf-8")

    def array(self, number: int, form: str) -> tuple[Any, ...]:
        """Return a vector of numbers."""
        data = self.bytes(number, struct.calcsize(f"<{form}"))
        return struct.unpack(f"<{len(data) // struct.calcsize(f'<{form}')}{form}", data)

    def table(self, number: int) -> _Table | None:
        """Return a table inside this one."""
        place = self._place(number)
        return _Table(self._data, place + int(self._unpack("<I", place))) if place else None

    def tables(self, number: int) -> Iterator[_Table]:
        """Yield the tables of a vector."""
        start, count = self._vector(number)
        if start + count * 4 > len(self._data):
            raise _DamagedError
        for at in range(start, start + count * 4, 4):
            yield _Table(self._data, at + int(self._unpack("<I", at)))


# --- values ---


def _columns(table: _Table, number: int) -> list[tuple[str, int]]:
    """Return key and kind of the columns in a field; columns of one name are told apart by their number."""
    found: dict[str, int] = {}
    for at, column in enumerate(table.tables(number), start=1):
        name = column.text(0)
        found[name if name not in found else f"{name}_{at}"] = column.number(1, "<B")
    return list(found.items())


def _float(value: float) -> Decimal | NotFinite:
    return Decimal(repr(value)) if math.isfinite(value) else NotFinite()


def _single(value: float) -> Decimal | NotFinite:
    """Return a number of single precision by its shortest writing: 0.1, not the double nearest to it."""
    if not math.isfinite(value):
        return NotFinite()
    for digits in range(6, 9):
        short = f"{value:.{digits}g}"
        if struct.pack("<f", float(short)) == struct.pack("<f", value):
            return Decimal(short)
    return Decimal(f"{value:.9g}")


def _whole(value: int) -> Whole:
    return Whole(value)


_FIXED: dict[int, tuple[str, Callable[[Any], Any]]] = {
    0: ("<b", _whole),
    1: ("<B", _whole),
    2: ("<B", bool),
    3: ("<h", _whole),
    4: ("<H", _whole),
    5: ("<i", _whole),
    6: ("<I", _whole),
    7: ("<q", _whole),
    8: ("<Q", _whole),
    9: ("<f", _single),
    10: ("<d", _float),
}
_BINARY, _LAST_KIND = 14, 14


def _properties(data: bytes, columns: list[tuple[str, int]]) -> Iterator[tuple[str, Any]]:
    """Yield the properties of a feature: the number of a column, then its value, until the end."""
    at = 0
    while at < len(data):
        (number,) = struct.unpack_from("<H", data, at)
        at += 2
        if number >= len(columns) or columns[number][1] > _LAST_KIND:
            raise _DamagedError
        key, kind = columns[number]
        if kind in _FIXED:
            form, made = _FIXED[kind]
            (value,) = struct.unpack_from(form, data, at)
            at += struct.calcsize(form)
            yield key, made(value)
            continue
        (size,) = struct.unpack_from("<I", data, at)
        at += 4
        if at + size > len(data):
            raise _DamagedError
        text = data[at : at + size]
        at += size
        yield key, text.hex() if kind == _BINARY else text.decode("utf-8")


def _geojson(table: _Table, kind: int, depth: int) -> dict[str, Any] | None:
    """Return a geometry as GeoJSON has it; raise MalformedError for curves and for what is none."""
    kind = table.number(6, "<B") or kind
    if depth > _DEEPEST:
        raise MalformedError
    if kind in (_MANY_POLYGONS, _COLLECTION):
        part_kind = _POLYGON if kind == _MANY_POLYGONS else 0
        parts = [one for one in (_geojson(part, part_kind, depth + 1) for part in table.tables(7)) if one]
        if kind == _COLLECTION:
            return {"type": "GeometryCollection", "geometries": parts}
        return {"type": "MultiPolygon", "coordinates": [part["coordinates"] for part in parts]}
    positions = _positions(table)
    if kind == _POINT:
        return {"type": "Point", "coordinates": positions[0] if positions else []}
    if kind in _NAMES:
        return {"type": _NAMES[kind], "coordinates": positions}
    if kind in (_POLYGON, _MANY_LINES):
        lines = _cut(positions, table.array(0, "I"))
        return {"type": "Polygon" if kind == _POLYGON else "MultiLineString", "coordinates": lines}
    raise MalformedError


def _positions(table: _Table) -> list[list[float]]:
    flat, heights = table.array(1, "d"), table.array(2, "d")
    if len(flat) % 2:
        raise MalformedError
    pairs = zip(flat[::2], flat[1::2], strict=True)
    if len(heights) * 2 == len(flat):
        return [[x, y, z] for (x, y), z in zip(pairs, heights, strict=True)]
    return [[x, y] for x, y in pairs]


def _cut(positions: list[list[float]], ends: tuple[int, ...]) -> list[list[list[float]]]:
    """Cut positions into lines, each ending before the number in ``ends``; without ends they are one line."""
    if not ends:
        return [positions] if positions else []
    if list(ends) != sorted(ends) or ends[-1] != len(positions):
        raise MalformedError
    return [positions[start:end] for start, end in zip((0, *ends[:-1]), ends, strict=True)]
