"""Points along every street that is reached, with the cost to each: what an isochrone is drawn from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from portico.territory.nearby import UNREACHED, Floats, Ints
from portico.territory.streets.ends import EdgeArcs, parts_ds
from portico.territory.streets.model import Snapped, StreetGraph, metres_along

SPACING_M = 40.0
_GAP_M = 1.0


@dataclass(frozen=True, slots=True)
class Samples:
    """S points on streets (EPSG:4326) and the deciseconds to, or from, each."""

    lon: Floats
    lat: Floats
    cost_ds: Ints


@dataclass(frozen=True, slots=True)
class Starts:
    """Points on streets where one sets out, each after so many deciseconds (or arrives, with so many ahead)."""

    points: Snapped
    start_ds: Ints


def samples_along(
    graph: StreetGraph, arcs: EdgeArcs, starts: Starts, node_ds: Ints, limit_ds: int, *, inbound: bool
) -> Samples:
    """Return points at most ``SPACING_M`` metres apart on all streets within ``limit_ds`` of the starts.

    ``node_ds`` are the costs from them to every node, or from every node to them where ``inbound``.
    """
    there, back = _bases(graph, node_ds, inbound=inbound)
    own = np.zeros(graph.edges, dtype=np.bool_)
    own[starts.points.edge] = True
    reached = np.flatnonzero((np.minimum(there, back) <= limit_ds) | own)
    count = np.maximum(np.ceil(graph.edge_m[reached] / SPACING_M).astype(np.int64), 1) + 1
    edge = np.repeat(reached, count)
    nth = np.arange(len(edge)) - np.repeat(np.cumsum(count) - count, count)
    share = nth / np.repeat(count - 1, count)
    forward, backward = arcs.forward_ds[edge].astype(np.float64), arcs.backward_ds[edge].astype(np.float64)
    before, after = (1 - share, share) if inbound else (share, 1 - share)
    cost = np.minimum(there[edge] + forward * before, back[edge] + backward * after)
    for nth_start in range(len(starts.start_ds)):
        one = starts.points.take(slice(nth_start, nth_start + 1))
        span = slice(*np.searchsorted(edge, [one.edge[0], one.edge[0] + 1]))
        along = _on_own_street(graph, arcs, one, share[span], inbound=inbound) + starts.start_ds[nth_start]
        cost[span] = np.minimum(cost[span], along)
    kept = cost <= limit_ds
    lon, lat = _places(graph, edge[kept], share[kept])
    return Samples(lon, lat, np.rint(cost[kept]).astype(np.int32))


def _bases(graph: StreetGraph, node_ds: Ints, *, inbound: bool) -> tuple[Floats, Floats]:
    """Return for each edge the least cost at the end from which its samples are counted, forward and backward."""
    ends = graph.head if inbound else graph.tails()
    found = []
    for backward in (False, True):
        base = np.full(graph.edges, np.float64(UNREACHED))
        those = graph.arc_backward == backward
        np.minimum.at(base, graph.arc_edge[those], node_ds[ends[those]].astype(np.float64))
        found.append(base)
    return found[0], found[1]


def _on_own_street(graph: StreetGraph, arcs: EdgeArcs, point: Snapped, share: Floats, *, inbound: bool) -> Floats:
    """Return the cost along the point's own street, without any node."""
    whole_there, whole_back = (float(part[point.edge[0]]) for part in (arcs.forward_ds, arcs.backward_ds))
    there, back = (float(part[0]) for part in parts_ds(graph, arcs, point))
    sign = -1.0 if inbound else 1.0
    ahead = sign * (share * whole_there - there) if whole_there < UNREACHED else np.full(len(share), np.inf)
    behind = sign * (back - share * whole_back) if whole_back < UNREACHED else np.full(len(share), np.inf)
    best = np.minimum(np.where(ahead >= 0, ahead, np.inf), np.where(behind >= 0, behind, np.inf))
    cost: Floats = best + float(point.connector_ds[0])
    return cost


def _places(graph: StreetGraph, edge: Ints, share: Floats) -> tuple[Floats, Floats]:
    """Return where a share of the length of edges lies."""
    lon, lat = graph.shape_lon, graph.shape_lat
    of_point = np.repeat(np.arange(graph.edges), np.diff(graph.shape_first))
    steps = metres_along(lon, lat)
    steps[np.diff(of_point) > 0] = 0.0
    along = np.concatenate(([0.0], np.cumsum(steps)))
    begin = along[graph.shape_first[:-1]]
    length = along[graph.shape_first[1:] - 1] - begin
    # Edges follow each other on one axis, a gap between them, so that one interpolation serves all.
    axis = along + of_point * _GAP_M
    at = begin[edge] + edge * _GAP_M + share * length[edge]
    return np.interp(at, axis, lon), np.interp(at, axis, lat)
