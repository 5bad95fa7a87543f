"""A territory as hexagonal cells of one size, and what lies in each.

The cells are those of H3, a grid of the whole world (library h3, Apache-2.0). A place belongs to exactly one cell of a
resolution, and a cell whose centre lies in a territory belongs to it: of territories that share a border each cell is
in one. Cells of resolution 9 measure about 0.1 km², each finer step a seventh. Brodsky, *H3: Uber's hexagonal
hierarchical spatial index*, 2018.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from h3 import H3BaseException
from h3.api import numpy_int as h3
from numpy.typing import NDArray

from portico.errors import InputError, UsageError
from portico.geo import Box
from portico.territory.nearby import Floats, Ints

RESOLUTION = 9
MOST_CELLS = 1_000_000
FINEST = 15
NOWHERE = np.uint64(0)
"""The index of no cell."""
_EARTH_M = 6_371_007.180918475  # the sphere on which H3 measures areas
_DIGITS = 7
Indexes = NDArray[np.uint64]
Geometry = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Gathered:
    """What lies in each cell: how many places, the sum of the amounts that are known, how many are not known.

    ``outside`` places lie in none of the cells, ``unplaced`` ones have no position in the world.
    """

    places: Ints
    amount: Floats
    unknown: Ints
    outside: int
    unplaced: int


@dataclass(frozen=True, slots=True)
class Cells:
    """Cells of one resolution, in the order of their indexes."""

    index: Indexes
    resolution: int

    def __len__(self) -> int:
        """Return how many cells there are."""
        return len(self.index)

    @property
    def ids(self) -> list[str]:
        """The names of the cells, as H3 writes them."""
        return [h3.int_to_str(one) for one in self.index.tolist()]

    def name(self, which: int) -> str:
        """Return the name of a cell."""
        return str(h3.int_to_str(int(self.index[which])))

    @property
    def centres(self) -> tuple[Floats, Floats]:
        """Longitudes and latitudes of the centres (EPSG:4326)."""
        found = np.array([h3.cell_to_latlng(one) for one in self.index.tolist()]).reshape(-1, 2)
        return found[:, 1], found[:, 0]

    def boundary(self, which: int) -> list[list[float]]:
        """Return the closed ring of a cell, counter-clockwise, longitude first (EPSG:4326)."""
        corners = [
            [round(lon, _DIGITS), round(lat, _DIGITS)] for lat, lon in h3.cell_to_boundary(int(self.index[which]))
        ]
        return [*corners, corners[0]]

    @property
    def half_m(self) -> float:
        """Half a cell in metres: the radius of a disc as large as the one in the middle."""
        if not len(self):
            return 0.0
        area: float = h3.cell_area(int(self.index[len(self) // 2]), unit="m^2")
        return math.sqrt(area / math.pi)

    def around(self, which: int, steps: int) -> set[int]:
        """Return the indexes of the cells at most so many steps from one, itself among them."""
        return {int(one) for one in h3.grid_disk(int(self.index[which]), steps)}

    def outline(self, which: NDArray[np.bool_]) -> Geometry | None:
        """Return the area that some cells make together, a GeoJSON MultiPolygon; nothing where there are none."""
        if not which.any():
            return None
        shape = h3.cells_to_h3shape(self.index[which], tight=False)
        polygons = [[_rounded(ring) for ring in rings] for rings in shape.__geo_interface__["coordinates"]]
        return {"type": "MultiPolygon", "coordinates": polygons}

    def wkt(self) -> Iterator[str]:
        """Yield each cell as WKT (EPSG:4326), as the columns of a lake's table take it."""
        for which in range(len(self)):
            yield "POLYGON((" + ", ".join(f"{lon} {lat}" for lon, lat in self.boundary(which)) + "))"

    def which(self, lon: Floats, lat: Floats) -> Ints:
        """Return in which of the cells each point (EPSG:4326) lies, -1 where in none."""
        return self._which(cells_at(lon, lat, self.resolution))

    def _which(self, wanted: Indexes) -> Ints:
        if not len(self):
            return np.full(len(wanted), -1, dtype=np.int32)
        at = np.minimum(np.searchsorted(self.index, wanted), len(self) - 1)
        return np.where(self.index[at] == wanted, at, -1).astype(np.int32)

    def gathered(self, lon: Floats, lat: Floats, amounts: Floats | None = None) -> Gathered:
        """Return what lies in each cell of the points (EPSG:4326) with ``amounts``, NaN where one is not known.

        Without amounts each point counts as one.
        """
        found = cells_at(lon, lat, self.resolution)
        which = self._which(found)
        inside = which >= 0
        values = np.ones(len(which)) if amounts is None else np.asarray(amounts, dtype=np.float64)
        known = inside & ~np.isnan(values)
        unplaced = int((found == NOWHERE).sum())
        return Gathered(
            self._counted(which[inside]),
            np.bincount(which[known], values[known], minlength=len(self)).astype(np.float64),
            self._counted(which[inside & ~known]),
            len(which) - int(inside.sum()) - unplaced,
            unplaced,
        )

    def _counted(self, which: Ints) -> Ints:
        return np.bincount(which, minlength=len(self)).astype(np.int32)


def cells_of_box(box: Box, resolution: int = RESOLUTION, *, most: int = MOST_CELLS, covering: bool = False) -> Cells:
    """Return the cells of a box (EPSG:4326): see ``cells_of_area``.

    >>> len(cells_of_box(Box(7.6, 45.0, 7.7, 45.1), 7))
    17
    """
    return cells_of_area(_polygon_of(box), resolution, most=most, covering=covering)


def cells_of_area(
    geometry: Geometry, resolution: int = RESOLUTION, *, most: int = MOST_CELLS, covering: bool = False
) -> Cells:
    """Return the cells whose centres lie in a GeoJSON Polygon or MultiPolygon (EPSG:4326).

    With ``covering`` also those that only touch it: an area smaller than a cell has no centre in it. Raises InputError,
    before anything is made, where there would be more than ``most`` cells, or where the area is none.
    """
    rings = _rings(geometry)
    _refuse_too_many(_area_m2(geometry), rings, resolution, most)
    shape = h3.geo_to_h3shape(geometry)
    try:
        found = h3.h3shape_to_cells_experimental(shape, resolution, "overlap" if covering else "center")
    except H3BaseException as error:
        raise InputError("area-unreadable", detail=type(error).__name__) from error
    return Cells(np.unique(np.asarray(found, dtype=np.uint64)), resolution)


def cells_of_ids(ids: Sequence[str]) -> Cells:
    """Return the cells of these names, each once. Raises InputError for a name that is none, or several resolutions."""
    for one in ids:
        if not _is_cell(one):
            raise InputError("cell-unknown", name=one)
    index = np.unique(np.array([h3.str_to_int(one) for one in ids], dtype=np.uint64))
    resolutions = {h3.get_resolution(one) for one in index.tolist()}
    if len(resolutions) > 1:
        raise InputError("cells-of-many-sizes", resolutions=", ".join(str(one) for one in sorted(resolutions)))
    return Cells(index, resolutions.pop() if resolutions else RESOLUTION)


def _is_cell(name: str) -> bool:
    try:
        return bool(h3.is_valid_cell(h3.str_to_int(name)))
    except ValueError:
        return False


def estimated_cells(area: Geometry | Box, resolution: int = RESOLUTION) -> int:
    """Return about how many cells an area has: its size by that of a cell in its middle. Nothing is made.

    >>> estimated_cells(Box(7.6, 45.0, 7.7, 45.1), 7)
    17
    """
    geometry = _polygon_of(area) if isinstance(area, Box) else area
    return _estimate(_area_m2(geometry), _rings(geometry), resolution)


def fitting_resolution(area: Geometry | Box, most: int, *, finest: int = FINEST) -> int:
    """Return the finest resolution, ``finest`` at most, at which an area has about ``most`` cells at most.

    >>> fitting_resolution(Box(7.6, 45.0, 7.7, 45.1), 200)
    8
    """
    geometry = _polygon_of(area) if isinstance(area, Box) else area
    area_m2, rings = _area_m2(geometry), _rings(geometry)
    return max((one for one in range(finest + 1) if _estimate(area_m2, rings, one) <= most), default=0)


def _estimate(area_m2: float, rings: Sequence[NDArray[np.float64]], resolution: int) -> int:
    if not 0 <= resolution <= FINEST:
        raise UsageError("resolution-unknown", resolution=resolution, finest=FINEST)
    every = np.vstack(rings)
    lon, lat = (every.min(axis=0) + every.max(axis=0)) / 2
    cell_m2: float = h3.cell_area(h3.latlng_to_cell(lat, lon, resolution), unit="m^2")
    return max(1, round(area_m2 / cell_m2))


def _refuse_too_many(area_m2: float, rings: Sequence[NDArray[np.float64]], resolution: int, most: int) -> None:
    count = _estimate(area_m2, rings, resolution)
    if count > most:
        fitting = [one for one in range(resolution) if _estimate(area_m2, rings, one) <= most]
        coarser = fitting[-1] if fitting else 0
        raise InputError("cells-too-many", about=count, most=most, resolution=resolution, coarser=coarser)


def cells_at(lon: Floats, lat: Floats, resolution: int = RESOLUTION) -> Indexes:
    """Return the index of the cell of each point (EPSG:4326), ``NOWHERE`` where it is no place in the world."""
    placed = np.isfinite(lon) & np.isfinite(lat) & (np.abs(lat) <= 90) & (np.abs(lon) <= 180)  # noqa: PLR2004 - degrees
    found = np.zeros(len(lon), dtype=np.uint64)
    points = zip(lat[placed].tolist(), lon[placed].tolist(), strict=True)
    found[placed] = [h3.latlng_to_cell(north, east, resolution) for north, east in points]
    return found


def _rounded(ring: Sequence[Sequence[float]]) -> list[list[float]]:
    return [[round(lon, _DIGITS), round(lat, _DIGITS)] for lon, lat in ring]


def _polygon_of(box: Box) -> dict[str, Any]:
    west, south, east, north = box.west, box.south, box.east, box.north
    return {
        "type": "Polygon",
        "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]],
    }


def _polygons(geometry: Geometry) -> list[list[NDArray[np.float64]]]:
    """Return the rings of each polygon; raise InputError where it is none, or not in the world."""
    kind = str(geometry.get("type"))
    if kind not in ("Polygon", "MultiPolygon"):
        raise InputError("area-no-polygon", kind=kind)
    coordinates = geometry.get("coordinates")
    try:
        every = [coordinates] if kind == "Polygon" else list(coordinates or ())
        polygons = [[np.array([one[:2] for one in ring], dtype=np.float64) for ring in rings or ()] for rings in every]
    except (TypeError, ValueError) as error:
        raise InputError("area-unreadable", detail=str(error)[:80]) from error
    rings = [ring for polygon in polygons for ring in polygon]
    if not rings or any(ring.ndim != 2 or len(ring) < 4 for ring in rings):  # noqa: PLR2004 - a triangle, closed
        raise InputError("area-unreadable", detail=kind)
    if any(not (np.abs(ring) <= (180, 90)).all() for ring in rings):
        raise InputError("area-not-in-the-world")
    return polygons


def _rings(geometry: Geometry) -> list[NDArray[np.float64]]:
    return [ring for polygon in _polygons(geometry) for ring in polygon]


def _area_m2(geometry: Geometry) -> float:
    """Return the size of an area on the sphere, less its holes: rings as Chamberlain and Duquette 2007 measure them."""
    return sum(
        abs(_ring_m2(ring)) * (1 if number == 0 else -1)
        for polygon in _polygons(geometry)
        for number, ring in enumerate(polygon)
    )


def _ring_m2(ring: NDArray[np.float64]) -> float:
    lon, lat = np.radians(ring[:, 0]), np.radians(ring[:, 1])
    trapezia = np.diff(lon) * (2 + np.sin(lat[:-1]) + np.sin(lat[1:]))
    return float(trapezia.sum()) * _EARTH_M**2 / 2
