"""Polygons of what is reached within so many minutes, from points along streets and the cost to each.

Around each point that is reached in time lies a disc: one leaves the street and walks on, as far as the time that is
left allows and never beyond a stated reach. The isochrone is the union of the discs, drawn on a raster::

    z(node) = min over points s of ( |node − s| − r_s ),    r_s = min( reach, (limit − cost_s) × speed )

and its border is the line z = 0 (contourpy, BSD-3, a library of marching squares). A higher limit gives no smaller disc
anywhere, so that isochrones lie in one another.

The raster is in metres, on the plane that touches the middle of the extent (error under 1 % up to 100 km from it). Its
cells are ``LEAST_CELL_M`` wide, wider where there would be more than ``MOST_CELLS`` of them, so that memory stays
bounded; a reach below one and a half cells then becomes that much, or streets would fall to pieces. Both are told.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from contourpy import FillType, contour_generator
from numpy.typing import NDArray

from portico.errors import UsageError
from portico.figures import Evidence
from portico.geo import Point, distance_m
from portico.territory.nearby import UNREACHED, Floats, Ints

LEAST_CELL_M = 10.0
MOST_CELLS = 1_000_000
_DS_PER_SECOND = 10.0
_DS_PER_MINUTE = 600.0
_DIGITS = 7  # about one centimetre
# Nodes hardly off the line are put off it by so much, that rounding to centimetres makes no two corners one.
_OFF_THE_LINE_M = 0.1
_MARGIN_CELLS = 2.0
_REACH_CELLS = 1.5
_STEP_DEGREES = 0.01


@dataclass(frozen=True, slots=True)
class Drawing:
    """How isochrones are drawn.

    ``reach_m`` is how far one may be from a reached street, ``off_street_m_s`` how fast one walks there; holes smaller
    than ``least_hole_m2`` are closed. Islands are kept, however small.
    """

    reach_m: float = 100.0
    off_street_m_s: float = 1.25
    least_hole_m2: float = 10_000.0
    most_cells: int = MOST_CELLS


@dataclass(frozen=True, slots=True)
class Isochrone:
    """What is reached within ``minutes``: a GeoJSON MultiPolygon (EPSG:4326, RFC 7946), empty where nothing is."""

    minutes: float
    geometry: dict[str, Any]
    area_m2: float


@dataclass(frozen=True, slots=True)
class Isochrones:
    """Isochrones in the order of the limits asked for, and how they were drawn: cells and reach as they came to be."""

    every: tuple[Isochrone, ...]
    drawing: Drawing
    cell_m: float
    reach_m: float

    @property
    def evidence(self) -> Evidence:
        """The method and its parameters."""
        parameters = {
            "cell_m": self.cell_m,
            "reach_m": self.reach_m,
            "off_street_m_s": self.drawing.off_street_m_s,
            "least_hole_m2": self.drawing.least_hole_m2,
        }
        return Evidence(method="territory.isochrones", parameters=parameters)


@dataclass(frozen=True, slots=True)
class _Raster:
    """Nodes over an extent: metres from its lower left corner, and how to get back to degrees."""

    west: float
    south: float
    east_m: float
    north_m: float
    cell_m: float
    shape: tuple[int, int]

    def metres(self, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
        """Return where points lie, in metres east and north of the corner."""
        return (lon - self.west) * self.east_m, (lat - self.south) * self.north_m

    def degrees(self, ring: Floats) -> list[list[float]]:
        """Return a ring in cells as positions, longitude first."""
        lon = self.west + ring[:, 0] * self.cell_m / self.east_m
        lat = self.south + ring[:, 1] * self.cell_m / self.north_m
        positions: list[list[float]] = np.column_stack((lon, lat)).round(_DIGITS).tolist()
        return positions


def isochrones(
    lon: Floats, lat: Floats, cost_ds: Ints, limits_minutes: Sequence[float], drawing: Drawing | None = None
) -> Isochrones:
    """Return what is reached within each of ``limits_minutes``, from points (EPSG:4326) and the deciseconds to each.

    Points should lie at most 50 m apart along streets. Raises UsageError for a limit that is not above nothing.

    >>> found = isochrones(np.array([7.0]), np.array([45.0]), np.array([0], dtype=np.int32), [1, 2])
    >>> [round(one.area_m2, -2) for one in found.every]
    [17600.0, 31300.0]
    """
    told = drawing or Drawing()
    for minutes in limits_minutes:
        if not (math.isfinite(minutes) and minutes > 0):
            raise UsageError("number-not-positive", name="minutes", value=f"{minutes:g}")
    if not len(lon) == len(lat) == len(cost_ds) or not (np.isfinite(lon).all() and np.isfinite(lat).all()):
        raise ValueError("each point has a finite longitude and latitude and a cost")
    longest_ds = max((float(minutes) for minutes in limits_minutes), default=0.0) * _DS_PER_MINUTE
    in_time = (cost_ds <= longest_ds) & (cost_ds < UNREACHED)
    lon, lat, cost_ds = lon[in_time], lat[in_time], cost_ds[in_time]
    if not len(lon):
        empty = tuple(Isochrone(minutes, _multipolygon([]), 0.0) for minutes in limits_minutes)
        return Isochrones(empty, told, LEAST_CELL_M, told.reach_m)
    raster, reach_m = _raster(lon, lat, told)
    every = tuple(_isochrone(raster, lon, lat, cost_ds, minutes, reach_m, told) for minutes in limits_minutes)
    return Isochrones(every, told, raster.cell_m, reach_m)


def _raster(lon: Floats, lat: Floats, drawing: Drawing) -> tuple[_Raster, float]:
    """Lay a raster over the points and all that may be reached from them; return it and the reach it allows."""
    west, south, east, north = float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max())
    middle = Point((west + east) / 2, (south + north) / 2)
    east_m = distance_m(middle, Point(middle.lon + _STEP_DEGREES, middle.lat)) / _STEP_DEGREES
    north_m = distance_m(middle, Point(middle.lon, middle.lat + _STEP_DEGREES)) / _STEP_DEGREES
    wide_m, high_m = (east - west) * east_m, (north - south) * north_m
    cell_m = LEAST_CELL_M
    while True:
        reach_m = max(drawing.reach_m, _REACH_CELLS * cell_m)
        rim = math.ceil(reach_m / cell_m + _MARGIN_CELLS) + 1
        shape = math.ceil(high_m / cell_m) + 2 * rim + 1, math.ceil(wide_m / cell_m) + 2 * rim + 1
        if shape[0] * shape[1] <= drawing.most_cells:
            break
        cell_m = math.ceil(cell_m * max(1.02, math.sqrt(shape[0] * shape[1] / drawing.most_cells)))
    corner = west - rim * cell_m / east_m, south - rim * cell_m / north_m
    return _Raster(*corner, east_m, north_m, float(cell_m), shape), reach_m


def _isochrone(
    raster: _Raster, lon: Floats, lat: Floats, cost_ds: Ints, minutes: float, reach_m: float, drawing: Drawing
) -> Isochrone:
    from portico.territory.isochrone_kernels import stamp  # noqa: PLC0415 - compiled code, only where used

    left_ds = minutes * _DS_PER_MINUTE - cost_ds
    in_time = left_ds >= 0
    x_m, y_m = raster.metres(lon[in_time], lat[in_time])
    radius_m = np.minimum(reach_m, left_ds[in_time] / _DS_PER_SECOND * drawing.off_street_m_s)
    field_m = np.full(raster.shape, _MARGIN_CELLS * raster.cell_m)
    stamp(x_m, y_m, radius_m, raster.cell_m, field_m)
    np.copyto(
        field_m, np.where(field_m < 0, -_OFF_THE_LINE_M, _OFF_THE_LINE_M), where=np.abs(field_m) < _OFF_THE_LINE_M
    )
    polygons = _without_small_holes(list(_polygons(field_m)), drawing.least_hole_m2 / raster.cell_m**2)
    area_m2 = sum(
        abs(_area(ring)) * (1 if number == 0 else -1) for rings in polygons for number, ring in enumerate(rings)
    )
    positions = [[raster.degrees(ring) for ring in rings] for rings in polygons]
    return Isochrone(minutes, _multipolygon(positions), float(area_m2) * raster.cell_m**2)


Rings = list[Floats]


def _polygons(field_m: Floats) -> Iterator[Rings]:
    """Yield the polygons in which the field is below nothing, in cells: outer ring first, then the holes.

    Outer rings run counter-clockwise, holes clockwise.
    """
    drawn = contour_generator(z=field_m, fill_type=FillType.OuterOffset).filled(-np.inf, 0.0)
    for points, offsets in zip(*drawn, strict=True):
        yield [
            _turned(points[start:stop], clockwise=number > 0)
            for number, (start, stop) in enumerate(itertools.pairwise(offsets))
        ]


def _turned(ring: Floats, *, clockwise: bool) -> Floats:
    return ring[::-1] if (_area(ring) < 0) != clockwise else ring


def _area(ring: Floats) -> float:
    """Return the area of a closed ring, below nothing where it runs clockwise."""
    x, y = ring[:, 0], ring[:, 1]
    return float(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1])) / 2


def _without_small_holes(polygons: list[Rings], least: float) -> list[Rings]:
    """Close the holes smaller than ``least``, and with them drop the islands that lie in them."""
    kept = [[rings[0], *(hole for hole in rings[1:] if abs(_area(hole)) >= least)] for rings in polygons]
    closed = [hole for rings in polygons for hole in rings[1:] if abs(_area(hole)) < least]
    if not closed:
        return kept
    corners = np.array([rings[0][0] for rings in kept])
    drowned = np.zeros(len(kept), dtype=bool)
    for hole in closed:
        low, high = hole.min(axis=0), hole.max(axis=0)
        for island in np.flatnonzero(((corners > low) & (corners < high)).all(axis=1)):
            drowned[island] |= _inside(corners[island], hole)
    return [rings for rings, under in zip(kept, drowned, strict=True) if not under]


def _inside(point: NDArray[np.float64], ring: Floats) -> bool:
    """Say whether a point lies in a ring: a ray to the east crosses it an odd number of times."""
    start, end = ring[:-1], ring[1:]
    across = (start[:, 1] > point[1]) != (end[:, 1] > point[1])
    start, end = start[across], end[across]
    at = start[:, 0] + (point[1] - start[:, 1]) / (end[:, 1] - start[:, 1]) * (end[:, 0] - start[:, 0])
    return bool(np.count_nonzero(at > point[0]) % 2)


def _multipolygon(polygons: list[list[list[list[float]]]]) -> dict[str, Any]:
    return {"type": "MultiPolygon", "coordinates": polygons}
