"""How a journey begins and ends on a street: at which nodes, at which cost, and along the street itself."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from portico.territory.nearby import UNREACHED, Ints, Nearby
from portico.territory.streets.model import Snapped, StreetGraph


@dataclass(frozen=True, slots=True)
class EdgeArcs:
    """The arcs along each edge (rows by edge), and the deciseconds along it either way (UNREACHED: not that way)."""

    first: NDArray[np.int64]
    arc: Ints
    tail: Ints
    forward_ds: Ints
    backward_ds: Ints


def edge_arcs(graph: StreetGraph) -> EdgeArcs:
    """Return the arcs along the edges of ``graph``. Several where a junction was copied to forbid turns."""
    order = np.argsort(graph.arc_edge, kind="stable").astype(np.int32)
    first = np.zeros(graph.edges + 1, dtype=np.int64)
    np.cumsum(np.bincount(graph.arc_edge, minlength=graph.edges), out=first[1:])
    ways = []
    for backward in (False, True):
        cost = np.full(graph.edges, UNREACHED, dtype=np.int32)
        those = graph.arc_backward == backward
        cost[graph.arc_edge[those]] = graph.weight_ds[those]
        ways.append(cost)
    return EdgeArcs(first, order, graph.tails(), ways[0], ways[1])


def parts_ds(graph: StreetGraph, arcs: EdgeArcs, points: Snapped) -> tuple[Ints, Ints]:
    """Return the deciseconds from the start of its edge to each point forward, and from the point back to the start.

    UNREACHED where the street may not be passed that way.
    """
    edge = np.maximum(points.edge, 0)
    metres = graph.edge_m[edge]
    share = np.divide(points.offset_m, metres, out=np.zeros(len(points)), where=metres > 0).clip(0.0, 1.0)
    there, back = (
        np.where(whole < UNREACHED, np.rint(whole * share), UNREACHED).astype(np.int32)
        for whole in (arcs.forward_ds[edge], arcs.backward_ds[edge])
    )
    return there, back


def ends_of(graph: StreetGraph, arcs: EdgeArcs, points: Snapped, *, leaving: bool) -> Nearby:
    """Return for each point the nodes by which one leaves its street, or arrives on it, and the cost to or from there.

    The way between the point and its street is in the cost.
    """
    edge = np.maximum(points.edge, 0)
    length = np.where(points.edge >= 0, arcs.first[edge + 1] - arcs.first[edge], 0)
    first = np.concatenate(([0], np.cumsum(length)))
    point = np.repeat(np.arange(len(points)), length)
    arc = arcs.arc[np.arange(first[-1]) - first[:-1][point] + arcs.first[edge][point]]
    there, back = parts_ds(graph, arcs, points)
    backward, weight = graph.arc_backward[arc], graph.weight_ds[arc]
    before = np.where(backward, weight - back[point], there[point])
    cost = (weight - before if leaving else before) + points.connector_ds[point]
    node = graph.head[arc] if leaving else arcs.tail[arc]
    return Nearby(first.astype(np.int64), node.astype(np.int32), cost.astype(np.int32))


def along_one_street(
    graph: StreetGraph, arcs: EdgeArcs, origins: Snapped, destinations: Snapped
) -> tuple[NDArray[np.int64], NDArray[np.int64], Ints]:
    """Return the pairs that lie on one street and the cost along it, where it leads from the one to the other.

    A point and itself are 0 apart.
    """
    order = np.argsort(destinations.edge, kind="stable")
    edges = destinations.edge[order]
    begin, end = np.searchsorted(edges, origins.edge, "left"), np.searchsorted(edges, origins.edge, "right")
    length = np.where(origins.edge >= 0, end - begin, 0)
    origin = np.repeat(np.arange(len(origins)), length)
    at = np.arange(len(origin)) - np.repeat(np.cumsum(length) - length, length) + begin[origin]
    destination = order[at]
    start_there, start_back = (part[origin] for part in parts_ds(graph, arcs, origins))
    end_there, end_back = (part[destination] for part in parts_ds(graph, arcs, destinations))
    ways = []
    for whole, cost in ((end_there, end_there - start_there), (start_back, start_back - end_back)):
        ways.append(np.where((whole < UNREACHED) & (cost >= 0), cost, UNREACHED))
    connectors = origins.connector_ds[origin] + destinations.connector_ds[destination]
    cost = np.minimum(ways[0], ways[1]) + connectors
    same = (origins.lon[origin] == destinations.lon[destination]) & (
        origins.lat[origin] == destinations.lat[destination]
    )
    return origin, destination, np.where(same, 0, np.minimum(cost, UNREACHED)).astype(np.int32)
