"""Points set on streets: the nearest one within a limit, never a farther one in silence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from portico.territory.model import Mode
from portico.territory.nearby import Floats, Ints
from portico.territory.streets.model import M_PER_DEGREE, Snapped, StreetGraph, metres_along

LIMIT_M = 500.0
"""How far a point may lie from the nearest street, unless another limit is given."""

CONNECTOR_KM_H = {Mode.WALK: 4.5, Mode.BICYCLE: 4.5, Mode.CAR: 10.0}
"""How fast the stretch between a point and its street is passed: on foot, or by car over a yard."""

_CELL_DEGREES = 0.002
_MOST_CELLS = 4_000_000
_DS_M_PER_KM_H = 36.0


@dataclass(frozen=True, slots=True)
class Grid:
    """Segments of streets by the cell of a grid in which they lie; ``along_m`` is where each begins on its edge."""

    west: float
    south: float
    cell: float
    columns: int
    rows: int
    first: Ints
    segments: Ints
    edge: Ints
    along_m: Floats
    length_m: Floats


def grid_of(graph: StreetGraph) -> Grid:
    """Return the grid over the streets of ``graph``."""
    from portico.territory.streets.snapping_kernels import filed  # noqa: PLC0415 - compiled code, only where used

    lon, lat = graph.shape_lon, graph.shape_lat
    west, south = float(lon.min()), float(lat.min())
    wide, high = float(lon.max()) - west, float(lat.max()) - south
    cell = max(_CELL_DEGREES, (wide * high / _MOST_CELLS) ** 0.5)
    columns, rows = int(wide / cell) + 1, int(high / cell) + 1
    is_last = np.zeros(len(lon), dtype=np.bool_)
    is_last[graph.shape_first[1:] - 1] = True
    first, segments = filed(lon, lat, is_last, west, south, cell, columns, rows)
    edge = np.repeat(np.arange(graph.edges, dtype=np.int32), np.diff(graph.shape_first))
    length_m = _segment_m(lon, lat, is_last)
    total = np.concatenate(([0.0], np.cumsum(length_m)[:-1]))
    along_m = total - total[graph.shape_first[:-1]][edge]
    return Grid(west, south, cell, columns, rows, first, segments, edge, along_m, length_m)


def _segment_m(lon: Floats, lat: Floats, is_last: NDArray[np.bool_]) -> Floats:
    """Return the metres from each point of the drawing to the next one, 0 from the last of an edge."""
    found = np.append(metres_along(lon, lat), 0.0)
    found[is_last] = 0.0
    return found


def snap(graph: StreetGraph, grid: Grid, lon: Floats, lat: Floats, limit_m: float = LIMIT_M) -> Snapped:
    """Return where points in EPSG:4326 lie on the streets; those without one within ``limit_m`` metres lie on none."""
    from portico.territory.streets.snapping_kernels import nearest_segments  # noqa: PLC0415 - as above

    lon, lat = np.ascontiguousarray(lon, dtype=np.float64), np.ascontiguousarray(lat, dtype=np.float64)
    segment, share, metres = nearest_segments(
        lon, lat, limit_m, M_PER_DEGREE, graph.shape_lon, graph.shape_lat,
        grid.first, grid.segments, grid.west, grid.south, grid.cell, grid.columns, grid.rows,
    )  # fmt: skip
    on_street = segment >= 0
    at = np.where(on_street, segment, 0)
    offset_m = np.where(on_street, grid.along_m[at] + share * grid.length_m[at], 0.0)
    connector = np.where(on_street, metres, 0.0)
    return Snapped(
        lon=lon,
        lat=lat,
        edge=np.where(on_street, grid.edge[at], -1).astype(np.int32),
        offset_m=offset_m,
        connector_m=connector,
        connector_ds=np.rint(connector * _DS_M_PER_KM_H / CONNECTOR_KM_H[graph.mode]).astype(np.int32),
    )
