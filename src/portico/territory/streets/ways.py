"""One way from point to point, street by street: slower than the searches for many, and it can be told."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from portico.territory.nearby import UNREACHED, Nearby
from portico.territory.streets.ends import EdgeArcs, along_one_street, ends_of
from portico.territory.streets.model import Snapped, Step, StreetGraph, metres_along


@dataclass(frozen=True, slots=True)
class Way:
    """A way from door to door: deciseconds in all, the streets in order, and the ends between door and street.

    ``lon`` and ``lat`` draw it in EPSG:4326.
    """

    cost_ds: int
    steps: tuple[Step, ...]
    connectors_m: tuple[float, float]
    line: tuple[tuple[float, float], ...]

    @property
    def metres(self) -> float:
        """Its length, ends included."""
        return sum(step.metres for step in self.steps) + sum(self.connectors_m)


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Part of an edge, from ``begin`` to ``end`` metres along it; against its drawing where ``end`` is less."""

    edge: int
    begin: float
    end: float
    cost_ds: int


def way_between(graph: StreetGraph, arcs: EdgeArcs, origin: Snapped, destination: Snapped) -> Way | None:
    """Return the cheapest way from the one point in ``origin`` to the one in ``destination``, nothing where none leads.

    Its cost is the one of the matrix, to the decisecond.
    """
    if origin.edge[0] < 0 or destination.edge[0] < 0:
        return None
    pair = along_one_street(graph, arcs, origin, destination)
    along = int(pair[2][0]) if len(pair[2]) else int(UNREACHED)
    stretches, over = _over_nodes(graph, arcs, origin, destination)
    if min(along, over) >= UNREACHED:
        return None
    if along <= over:
        offsets = float(origin.offset_m[0]), float(destination.offset_m[0])
        cost = along - int(origin.connector_ds[0]) - int(destination.connector_ds[0])
        stretches = [_Stretch(int(origin.edge[0]), *offsets, max(cost, 0))]
    ends = (origin, destination)
    line = [(float(origin.lon[0]), float(origin.lat[0]))]
    for one in stretches:
        line += _drawn(graph, one)
    line.append((float(destination.lon[0]), float(destination.lat[0])))
    connectors = (float(ends[0].connector_m[0]), float(ends[1].connector_m[0]))
    return Way(min(along, over), _told(graph, stretches), connectors, tuple(line))


def _over_nodes(
    graph: StreetGraph, arcs: EdgeArcs, origin: Snapped, destination: Snapped
) -> tuple[list[_Stretch], int]:
    """Return the stretches of the cheapest way over at least one node, and its cost with both connectors."""
    from portico.territory.streets.search_kernels import shortest_tree  # noqa: PLC0415 - compiled, only where used

    seeds = ends_of(graph, arcs, origin, leaving=True)
    goals = ends_of(graph, arcs, destination, leaving=False)
    cost, arc_to = shortest_tree(graph.first_out, graph.head, graph.weight_ds, seeds.index, seeds.cost_ds)
    totals = cost[goals.index].astype(np.int64) + goals.cost_ds
    best = int(np.argmin(totals))
    if totals[best] >= UNREACHED:
        return [], int(UNREACHED)
    tails = graph.tails()
    node = int(goals.index[best])
    passed: list[int] = []
    while arc_to[node] >= 0:
        passed.append(int(arc_to[node]))
        node = int(tails[arc_to[node]])
    first = _arc_of(arcs, origin, _seed_at(seeds, node, int(cost[node])))
    last = _arc_of(arcs, destination, best)
    begin, end = float(origin.offset_m[0]), float(destination.offset_m[0])
    stretches = [_Stretch(int(origin.edge[0]), begin, _far_end(graph, first), int(cost[node] - origin.connector_ds[0]))]
    stretches += [_whole(graph, arc) for arc in reversed(passed)]
    into = int(goals.cost_ds[best] - destination.connector_ds[0])
    stretches.append(_Stretch(int(destination.edge[0]), _near_end(graph, last), end, into))
    return stretches, int(totals[best])


def _seed_at(seeds: Nearby, node: int, cost: int) -> int:
    return int(np.flatnonzero((seeds.index == node) & (seeds.cost_ds == cost))[0])


def _arc_of(arcs: EdgeArcs, point: Snapped, nth: int) -> int:
    """Return the arc behind the ``nth`` end of the one point."""
    return int(arcs.arc[arcs.first[point.edge[0]] + nth])


def _near_end(graph: StreetGraph, arc: int) -> float:
    return float(graph.edge_m[graph.arc_edge[arc]]) if graph.arc_backward[arc] else 0.0


def _far_end(graph: StreetGraph, arc: int) -> float:
    return 0.0 if graph.arc_backward[arc] else float(graph.edge_m[graph.arc_edge[arc]])


def _whole(graph: StreetGraph, arc: int) -> _Stretch:
    edge, cost_ds = int(graph.arc_edge[arc]), int(graph.weight_ds[arc])
    return _Stretch(edge, _near_end(graph, arc), _far_end(graph, arc), cost_ds)


def _told(graph: StreetGraph, stretches: list[_Stretch]) -> tuple[Step, ...]:
    """Return the stretches, those that follow each other under one name put together."""
    steps: list[Step] = []
    for one in stretches:
        number = int(graph.edge_name[one.edge])
        name = graph.names[number] if number >= 0 else ""
        metres = abs(one.end - one.begin)
        if steps and steps[-1].name == name:
            before = steps.pop()
            steps.append(Step(name, before.metres + metres, before.cost_ds + one.cost_ds))
        elif metres > 0 or one.cost_ds > 0:
            steps.append(Step(name, metres, one.cost_ds))
    return tuple(steps)


def _drawn(graph: StreetGraph, one: _Stretch) -> list[tuple[float, float]]:
    """Return the points of a stretch."""
    shape = slice(graph.shape_first[one.edge], graph.shape_first[one.edge + 1])
    lon, lat = graph.shape_lon[shape], graph.shape_lat[shape]
    steps = metres_along(lon, lat)
    total = steps.sum()
    along = np.concatenate(([0.0], np.cumsum(steps))) * (graph.edge_m[one.edge] / total if total else 0.0)
    low, high = sorted((one.begin, one.end))
    inside = (along > low) & (along < high)
    at = np.concatenate(([low], along[inside], [high]))
    points = list(zip(np.interp(at, along, lon).tolist(), np.interp(at, along, lat).tolist(), strict=True))
    return points if one.begin <= one.end else points[::-1]
