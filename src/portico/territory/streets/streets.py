"""The streets of one mode, asked for costs: between points, to all nodes, within a limit, and along the way."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from portico.territory.model import Mode
from portico.territory.nearby import UNREACHED, Floats, Ints, Nearby
from portico.territory.streets.ends import EdgeArcs, along_one_street, edge_arcs, ends_of
from portico.territory.streets.hierarchy import Hierarchy, hierarchy_of
from portico.territory.streets.model import Snapped, StreetGraph
from portico.territory.streets.samples import Samples, Starts, samples_along
from portico.territory.streets.snapping import LIMIT_M, Grid, grid_of, snap
from portico.territory.streets.ways import Way, way_between

_CHUNK = 512
_MOST_THREADS = 8


@dataclass(frozen=True)
class Streets:
    """A graph with all that is derived from it when it is first asked for. Shared between threads."""

    graph: StreetGraph
    made: Hierarchy | None = None
    snap_limit_m: float = field(default=LIMIT_M)

    @property
    def mode(self) -> Mode:
        """How one travels on these streets."""
        return self.graph.mode

    @cached_property
    def hierarchy(self) -> Hierarchy:
        """The graph made ready for many searches."""
        return self.made or hierarchy_of(self.graph)

    @cached_property
    def _grid(self) -> Grid:
        return grid_of(self.graph)

    @cached_property
    def _arcs(self) -> EdgeArcs:
        return edge_arcs(self.graph)

    def snap(self, lon: Floats, lat: Floats, limit_m: float | None = None) -> Snapped:
        """Return where points (EPSG:4326) lie on these streets; on none where none is within the limit in metres."""
        return snap(self.graph, self._grid, lon, lat, self.snap_limit_m if limit_m is None else limit_m)

    def matrix(self, origins: Snapped, destinations: Snapped) -> Ints:
        """Return the costs in deciseconds from each origin to each destination (P × Q, int32; UNREACHED: no way)."""
        out = np.full((len(origins), len(destinations)), UNREACHED, dtype=np.int32)
        if out.size:
            self._between(origins, destinations, out)
        return out

    def rows(self, origins: Snapped, destinations: Snapped) -> Iterator[tuple[int, Ints]]:
        """Yield the matrix in portions of rows, each with the number of its first origin: memory stays small."""
        for start in range(0, len(origins), _CHUNK):
            yield start, self.matrix(origins.take(slice(start, start + _CHUNK)), destinations)

    def within(self, origins: Snapped, destinations: Snapped, limit_ds: int) -> Nearby:
        """Return for each origin the destinations that cost at most ``limit_ds`` deciseconds."""
        found = [_near(start, costs, limit_ds) for start, costs in self.rows(origins, destinations)]
        joined = np.concatenate(found, axis=1) if found else np.empty((3, 0), dtype=np.int32)
        return Nearby.of_pairs(joined[0], joined[1], joined[2], length=len(origins))

    def spread(self, points: Snapped, start_ds: Ints, *, inbound: bool = False) -> Ints:
        """Return the costs to every node for who is at point ``p`` after ``start_ds[p]`` deciseconds (N, int32).

        Where ``inbound``, from every node for who still has ``start_ds[p]`` ahead at point ``p``.
        """
        ends = ends_of(self.graph, self._arcs, points, leaving=not inbound)
        cost = ends.cost_ds + np.repeat(start_ds, np.diff(ends.first)).astype(np.int32)
        together = Nearby(np.array([0, len(ends.index)]), ends.index, np.minimum(cost, UNREACHED))
        above = self.hierarchy.backward if inbound else self.hierarchy
        found: Ints = self._to_nodes(together, above)[0]
        return found

    def way(self, origin: Snapped, destination: Snapped) -> Way | None:
        """Return the cheapest way from the one point in ``origin`` to the one in ``destination``, street by street."""
        return way_between(self.graph, self._arcs, origin, destination)

    def samples(self, point: Snapped, limit_ds: int, *, inbound: bool = False) -> Samples:
        """Return points along all streets within ``limit_ds`` deciseconds of the one ``point``, with their cost."""
        starts = np.zeros(len(point), dtype=np.int32)
        return self.samples_of(point, starts, self.spread(point, starts, inbound=inbound), limit_ds, inbound=inbound)

    def samples_of(
        self, points: Snapped, start_ds: Ints, node_ds: Ints, limit_ds: int, *, inbound: bool = False
    ) -> Samples:
        """Return points along all streets within the limit, from what ``spread`` gave for the same points."""
        on_street = np.flatnonzero(points.is_on_street & (start_ds <= limit_ds))
        starts = Starts(points.take(on_street), start_ds[on_street])
        return samples_along(self.graph, self._arcs, starts, node_ds, limit_ds, inbound=inbound)

    def _between(self, origins: Snapped, destinations: Snapped, out: Ints) -> None:
        from portico.territory.streets.search_kernels import (  # noqa: PLC0415 - compiled code, only where used
            costs_between,
            restricted_to,
        )

        above = self.hierarchy
        seeds = ends_of(self.graph, self._arcs, origins, leaving=True)
        goals = ends_of(self.graph, self._arcs, destinations, leaving=False)
        goal_number = above.number[goals.index]
        local, first, tail, cost = restricted_to(goal_number, above.down_first, above.down_tail, above.down_cost)
        _in_threads(
            len(origins),
            lambda begin, end: costs_between(
                begin, end, seeds.first, above.number[seeds.index], seeds.cost_ds,
                above.up_first, above.up_head, above.up_cost, local, first, tail, cost,
                goals.first, local[goal_number], goals.cost_ds, out,
            ),
        )  # fmt: skip
        origin, destination, along = along_one_street(self.graph, self._arcs, origins, destinations)
        out[origin, destination] = np.minimum(out[origin, destination], along)

    def _to_nodes(self, seeds: Nearby, above: Hierarchy) -> Ints:
        from portico.territory.streets.search_kernels import costs_to_nodes  # noqa: PLC0415 - as above

        out = np.full((len(seeds), self.graph.nodes), UNREACHED, dtype=np.int32)
        _in_threads(
            len(seeds),
            lambda begin, end: costs_to_nodes(
                begin, end, seeds.first, above.number[seeds.index], seeds.cost_ds,
                above.up_first, above.up_head, above.up_cost,
                above.down_first, above.down_tail, above.down_cost, above.number, out,
            ),
        )  # fmt: skip
        return out


def _near(start: int, costs: Ints, limit_ds: int) -> Ints:
    """Return origin (counted from ``start``), destination and cost of the pairs within the limit, as three rows."""
    origin, destination = np.nonzero(costs <= limit_ds)
    return np.stack((origin + start, destination, costs[origin, destination])).astype(np.int32)


def _in_threads(count: int, work: Callable[[int, int], None]) -> None:
    """Share ``count`` sources between threads, in whole batches. The kernels release the interpreter's lock."""
    from portico.territory.streets.search_kernels import BATCH  # noqa: PLC0415 - as above

    threads = max(1, min(os.cpu_count() or 1, _MOST_THREADS, -(-count // BATCH)))
    if threads == 1:
        work(0, count)
        return
    share = -(-count // (threads * BATCH)) * BATCH
    with ThreadPoolExecutor(threads) as pool:
        jobs = [pool.submit(work, begin, min(begin + share, count)) for begin in range(0, count, share)]
        for job in jobs:
            job.result()
