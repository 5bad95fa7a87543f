"""The main streets of an extent, for a map to show what lies where: the fastest ones, as many as it can bear."""

from __future__ import annotations

import numpy as np

from portico.geo import Box
from portico.territory.nearby import UNREACHED, Floats
from portico.territory.streets.model import StreetGraph

MOST_POINTS = 8_000
_STEP_DEGREES = 0.0002  # some twenty metres: nearer points of a drawing are left out
_EDGE_STEP_M_PER_DS = 0.05

Line = list[list[float]]


def main_streets(graph: StreetGraph, box: Box, most_points: int = MOST_POINTS) -> list[Line]:
    """Return lines (EPSG:4326) of the streets of ``graph`` in ``box``, the fastest first, ``most_points`` in all.

    Streets of one speed come all or none, since a map with a part of them would mislead; of the fastest, where they
    are too many, the longest.
    """
    if not graph.edges:
        return []
    lon, lat = graph.shape_lon[graph.shape_first[:-1]], graph.shape_lat[graph.shape_first[:-1]]
    inside = (lon >= box.west) & (lon <= box.east) & (lat >= box.south) & (lat <= box.north)
    edges = np.flatnonzero(inside & (graph.edge_m > 0))
    speed = np.round(_speeds(graph)[edges] / _EDGE_STEP_M_PER_DS).astype(np.int64)
    points = np.diff(graph.shape_first)[edges]
    order = np.lexsort((-graph.edge_m[edges], -speed))
    edges, speed, drawn = edges[order], speed[order], np.cumsum(points[order])
    fits = drawn <= most_points
    if fits.all():
        return [_line(graph, int(edge)) for edge in edges]
    first_left_out = speed[~fits][0]
    whole = speed > first_left_out
    return [_line(graph, int(edge)) for edge in edges[whole if whole.any() else fits]]


def _speeds(graph: StreetGraph) -> Floats:
    """Return how many metres of each edge are passed in a decisecond, in its faster direction.

    A decisecond more, so that none seems fast only because it is short and its cost was rounded down.
    """
    least = np.full(graph.edges, np.float64(UNREACHED))
    np.minimum.at(least, graph.arc_edge, graph.weight_ds.astype(np.float64))
    speeds: Floats = graph.edge_m / (least + 1.0)
    return speeds


def _line(graph: StreetGraph, edge: int) -> Line:
    """Return the drawing of an edge without points that are hardly apart; both ends stay."""
    shape = slice(graph.shape_first[edge], graph.shape_first[edge + 1])
    points = np.column_stack((graph.shape_lon[shape], graph.shape_lat[shape]))
    kept = [points[0]]
    kept += [one for one in points[1:-1] if np.abs(one - kept[-1]).max() > _STEP_DEGREES]
    kept.append(points[-1])
    line: Line = np.round(np.array(kept), 5).tolist()
    return line
