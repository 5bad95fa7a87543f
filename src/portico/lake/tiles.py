"""The places of a version as vector tiles (Mapbox Vector Tile 2.1) in Web Mercator, EPSG:3857.

A tile holds the layer ``places``: what touches its square and a little around it, no finer than half a dot of a screen.
Where more touches it than a tile may hold, the places are taken evenly from the file, and a second layer ``cut`` says,
with ``shown`` and ``total``, that some are left out. Nothing is kept between two tiles: the boxes of all geometries are
read each time, a million of them in an eighth of a second.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from portico.errors import UnknownNameError, UsageError
from portico.geo import Box
from portico.lake.drawing import place_column
from portico.lake.identity import quoted
from portico.lake.lake import Lake
from portico.lake.model import Column, Type, Version
from portico.lake.profile import numbered
from portico.lake.reading import asked, selected

MOST_ZOOM = 16
MOST_PLACES = 20_000
LAYER, CUT = "places", "cut"
EXTENT, BUFFER = 4096, 64
_HALF_WORLD_M = 20_037_508.342789244
_MOST_NORTH = 85.06
"""Web Mercator ends here; what lies beyond is cut off."""
_DOTS = 512
_DOT = EXTENT // _DOTS
_FINE_FROM = 14
_SIMPLE = 32
"""A shape of so few corners is put in place without being clipped, which takes a tenth of the time."""
_LONGEST_TEXT = 200


@dataclass(frozen=True, slots=True)
class Tile:
    """The bytes of a tile, empty where nothing is there; how many places it shows of how many."""

    data: bytes
    shown: int
    total: int

    @property
    def is_cut(self) -> bool:
        """Whether some places are left out."""
        return self.shown < self.total


@dataclass(frozen=True, slots=True)
class _Square:
    """A tile's square: its west and north edge and its side in metres (EPSG:3857)."""

    west_m: float
    north_m: float
    side_m: float

    @classmethod
    def of(cls, z: int, x: int, y: int) -> _Square:
        side = 2 * _HALF_WORLD_M / 2**z
        return cls(x * side - _HALF_WORLD_M, _HALF_WORLD_M - y * side, side)

    def box(self, margin: float) -> Box:
        """Return the square in EPSG:4326, wider by ``margin`` of its side on each side."""
        more = margin * self.side_m
        west, east = self.west_m - more, self.west_m + self.side_m + more
        south, north = self.north_m - self.side_m - more, self.north_m + more
        return Box(_lon(west), _lat(south), _lon(east), _lat(north))

    @property
    def bounds(self) -> str:
        """The SQL of the square."""
        east_m, south_m = self.west_m + self.side_m, self.north_m - self.side_m
        return f"ST_Extent(ST_MakeEnvelope({self.west_m!r}, {south_m!r}, {east_m!r}, {self.north_m!r}))"

    def placed(self, shape: str) -> str:
        """Return the SQL of a ``shape`` in the units of the tile, rows from the north; the engine cuts off decimals."""
        scale = EXTENT / self.side_m
        east, south = 0.5 - self.west_m * scale, 0.5 + self.north_m * scale
        return f"ST_Affine({shape}, {scale!r}, 0, 0, {-scale!r}, {east!r}, {south!r})"


def _lon(x_m: float) -> float:
    return max(-180.0, min(180.0, x_m / _HALF_WORLD_M * 180))


def _lat(y_m: float) -> float:
    return math.degrees(math.atan(math.sinh(y_m / _HALF_WORLD_M * math.pi)))


def tile(
    lake: Lake, wanted: Version, z: int, x: int, y: int, columns: Sequence[Column], *, most: int = MOST_PLACES
) -> Tile:
    """Return a tile of a version with ``columns`` as properties; the id of a feature is the number of its row, from 1.

    Lines and areas are simplified up to zoom 13, areas smaller than half a dot drawn as one. What is not known has no
    property; texts are cut at 200 characters. Raises UnknownNameError for a version without geometry, UsageError for a
    tile that is not there, StateError where the file of the version is gone or damaged.
    """
    place = place_column(wanted)
    if place is None:
        raise UnknownNameError("dataset-without-places", dataset=wanted.dataset)
    if not (0 <= z <= MOST_ZOOM and 0 <= x < 2**z and 0 <= y < 2**z):
        raise UsageError("tile-unknown", zoom=z, column=x, row=y, most=MOST_ZOOM)
    square, source = _Square.of(z, x, y), _Source.of(lake, wanted, place, columns)
    count = f"SELECT count(*) FROM {source.relation} WHERE {source.touching(square)}"
    total = int(asked(lake, wanted, count, [], spatial=True)[0][0])
    if not total:
        return Tile(b"", 0, 0)
    step = -(-total // most)
    query = _query(source, square, step, simplified=z < _FINE_FROM)
    data = bytes(asked(lake, wanted, query, [], spatial=True)[0][0] or b"")
    shown = -(-total // step)
    return Tile(data + (_cut(lake, wanted, shown, total) if shown < total else b""), shown, total)


@dataclass(frozen=True, slots=True)
class _Source:
    """The rows of a version with their number from 0, and names beside those of the columns that are wanted."""

    relation: str
    row: str
    where: str
    columns: tuple[Column, ...]
    flat: str
    shape: str
    all: str

    @classmethod
    def of(cls, lake: Lake, wanted: Version, place: Column, columns: Sequence[Column]) -> _Source:
        relation, row = numbered(lake.objects.path(wanted.file), wanted.columns)
        taken = {column.name.casefold() for column in wanted.columns}
        plain = tuple(column for column in columns if not column.is_geometry)
        where = f"{quoted(place.name)}::GEOMETRY"
        return cls(relation, row, where, plain, *(_free(name, taken) for name in ("flat", "shape", "all")))

    def touching(self, square: _Square) -> str:
        """Return the SQL of what touches a square and its margin, by boxes alone."""
        box = square.box(BUFFER / EXTENT)
        return f"{self.where} && ST_MakeEnvelope({box.west!r}, {box.south!r}, {box.east!r}, {box.north!r})"


def _free(name: str, taken: set[str]) -> str:
    """Return a name that no column has."""
    while f"_{name}" in taken:
        name = f"_{name}"
    return f"_{name}"


def _query(source: _Source, square: _Square, step: int, *, simplified: bool) -> str:
    """Return the SQL of a tile: of the places that touch it every ``step``-th."""
    row, flat, shape, every = source.row, source.flat, source.shape, source.all
    values = "".join(f", {_property(column)} AS {quoted(column.name)}" for column in source.columns)
    named = "".join(f", {quoted(column.name)}" for column in source.columns)
    some = f"SELECT {row} + 1 AS {row}, ST_Force2D({source.where}) AS {flat}{values} FROM {source.relation} "
    some += f"WHERE {source.touching(square)} QUALIFY (row_number() OVER (ORDER BY {row}) - 1) % {step} = 0"
    placed = f"SELECT * REPLACE (ST_Transform({_on_map(flat)}, 'EPSG:4326', 'EPSG:3857', true) AS {flat}) FROM ({some})"
    drawn = f"SELECT {row}, {_drawn(flat, square, simplified=simplified)} AS {shape}{named} FROM ({placed})"
    return (
        f"SELECT ST_AsMVT({every}, '{LAYER}', {EXTENT}, '{shape}', '{row}') "
        f"FROM (SELECT * FROM ({drawn}) WHERE {shape} IS NOT NULL AND NOT ST_IsEmpty({shape})) AS {every}"
    )


def _on_map(shape: str) -> str:
    """Return the SQL of what of a geometry (EPSG:4326) Web Mercator shows."""
    band = f"ST_MakeEnvelope(-180, -{_MOST_NORTH}, 180, {_MOST_NORTH})"
    is_beyond = f"ST_YMax({shape}) > {_MOST_NORTH} OR ST_YMin({shape}) < -{_MOST_NORTH}"
    return f"CASE WHEN {is_beyond} THEN TRY(ST_Intersection({shape}, {band})) ELSE {shape} END"


def _drawn(shape: str, square: _Square, *, simplified: bool) -> str:
    """Return the SQL of a geometry (EPSG:3857) as it stands in the tile: a dot, a few corners, or clipped.

    Only what is clipped is put right where it is not valid. ST_Normalize lets the rings of the others run as the format
    wants them: clockwise here is counter-clockwise there, since rows count from the north.
    """
    west, east, south, north = (f"{name}({shape})" for name in ("ST_XMin", "ST_XMax", "ST_YMin", "ST_YMax"))
    kind = f"ST_GeometryType({shape})::VARCHAR"
    unit_m = square.side_m / EXTENT
    dot_m, edge_m = _DOT / 2 * unit_m, BUFFER * unit_m
    is_dot = f"{kind} IN ('POLYGON', 'MULTIPOLYGON') AND {east} - {west} < {dot_m!r} AND {north} - {south} < {dot_m!r}"
    middle = (f"({west} + {east}) / 2", f"({south} + {north}) / 2")
    dot = ", ".join(f"{one} {sign} {dot_m / 2!r}" for sign in "-+" for one in middle)
    is_simple = f"{kind} <> 'GEOMETRYCOLLECTION' AND ST_NPoints({shape}) <= {_SIMPLE}"
    is_inside = (
        f"{west} >= {square.west_m - edge_m!r} AND {east} <= {square.west_m + square.side_m + edge_m!r} AND "
        f"{north} <= {square.north_m + edge_m!r} AND {south} >= {square.north_m - square.side_m - edge_m!r}"
    )
    coarse = f"coalesce(TRY(ST_SimplifyPreserveTopology({shape}, {dot_m!r})), {shape})" if simplified else shape
    whole = f"ST_CollectionExtract(ST_MakeValid({coarse}))"
    return (
        f"CASE WHEN ST_IsEmpty({shape}) THEN NULL "
        f"WHEN {is_dot} THEN {square.placed(f'ST_Normalize(ST_MakeEnvelope({dot}))')} "
        f"WHEN {is_simple} AND {is_inside} THEN {square.placed(f'ST_Normalize({shape})')} "
        f"ELSE TRY(ST_AsMVTGeom({whole}, {square.bounds}, {EXTENT}, {BUFFER}, true)) END"
    )


def _property(column: Column) -> str:
    plain = selected([column])
    return f"left({plain}, {_LONGEST_TEXT})" if column.type is Type.TEXT else plain


def _cut(lake: Lake, wanted: Version, shown: int, total: int) -> bytes:
    """Return the layer that says that places are left out, with one point in the middle of the tile."""
    query = (
        f"SELECT ST_AsMVT(t, '{CUT}', {EXTENT}, '_shape') FROM (SELECT ST_Point({EXTENT} / 2, {EXTENT} / 2) AS _shape, "
        "?::BIGINT AS shown, ?::BIGINT AS total) t"
    )
    return bytes(asked(lake, wanted, query, [shown, total], spatial=True)[0][0])


def extent(lake: Lake, wanted: Version, known: Column | None = None) -> tuple[int, Box | None]:
    """Return how many places a version has, and the box around them (EPSG:4326); none where there are no places.

    With a column ``known`` only the rows count in which it is not empty. Raises UnknownNameError for a version without
    geometry, StateError where its file is gone or damaged.
    """
    place = place_column(wanted)
    if place is None:
        raise UnknownNameError("dataset-without-places", dataset=wanted.dataset)
    where = f"{quoted(place.name)}::GEOMETRY"
    told = f" AND {quoted(known.name)} IS NOT NULL" if known else ""
    query = (
        "SELECT n, ST_XMin(e), ST_YMin(e), ST_XMax(e), ST_YMax(e) FROM (SELECT count(*) AS n, "
        f"ST_Extent_Agg({where}) AS e FROM read_parquet(?) WHERE {where} IS NOT NULL AND NOT ST_IsEmpty({where}){told})"
    )
    count, *box = asked(lake, wanted, query, [str(lake.objects.path(wanted.file))], spatial=True)[0]
    return int(count), Box(*(float(one) for one in box)) if count else None
