"""From ways with tags to the graph of one mode: select, part at junctions, weigh, restrict turns, keep the main part.

Weights are whole deciseconds from the start, so that every algorithm adds up to exactly the same.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from portico.errors import InputError
from portico.lake.readers.osm_streets import OsmStreets
from portico.territory.model import Mode
from portico.territory.nearby import Floats, Ints
from portico.territory.streets.model import StreetGraph, metres_along
from portico.territory.streets.restrictions import Arcs, restricted
from portico.territory.streets.rules import Passage, blocks, passage
from portico.territory.streets.speeds import WALKED_KM_H

_DS_M_PER_KM_H = 36.0  # metres ÷ (km/h) × 36 = deciseconds
_LONGEST_DS = 10_000_000.0

Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Steps:
    """The nodes that ways go over, in order: S steps in runs, a run being a stretch without a gap."""

    way: Whole
    node: Whole
    begins: Flags
    lon: Floats
    lat: Floats

    @property
    def ends(self) -> Flags:
        """Whether a run ends at each step."""
        return np.append(self.begins[1:], True)


def build_graph(streets: OsmStreets, mode: Mode, *, walk_km_h: float = WALKED_KM_H, name: str = "") -> StreetGraph:
    """Return the graph of ``mode`` over ``streets``; ``walk_km_h`` is the speed on foot on the flat.

    Only the largest strongly connected part is kept: from each of its nodes each other can be reached and back.
    ``about`` counts what was left out. Raises InputError (``name`` is the file's) where there is nothing for the mode.
    """
    passages = [passage(tags, mode) for tags in streets.tags]
    steps = _parted_at_barriers(_steps(streets, passages), streets, mode)
    if not len(steps.way):
        raise InputError("streets-none-for-mode", file=name, mode=mode.value)
    first, last, node = _pieces(steps)
    metres = _metres(steps)
    along_m = np.concatenate(([0.0], np.cumsum(metres)))  # up to each step, over runs alike
    piece_m = along_m[last] - along_m[first]
    way = steps.way[first]
    forward, backward = _weights(streets, passages, way, piece_m, mode, walk_km_h)
    arcs = _arcs(node[0], node[1], forward, backward, streets.way_id[way])
    used, arcs = _renumbered(arcs)
    arcs, copies, restrictions = restricted(arcs, _restrictions_at(streets, used), len(used), mode)
    places = np.concatenate((used, used[copies]))
    lon, lat = _of_nodes(steps, places)
    about = {"ways": int(np.count_nonzero(_open_ways(streets, passages))), **restrictions}
    graph = _rows(arcs, mode, lon, lat, _shapes(steps, first, last), piece_m, _names(streets, way))
    return main_part(replace(graph, about=about), name)


def _open_ways(streets: OsmStreets, passages: list[Passage]) -> Flags:
    return np.array([one.is_open for one in passages], dtype=np.bool_)[streets.way_tags]


def _steps(streets: OsmStreets, passages: list[Passage]) -> _Steps:
    """Return the steps of the ways that are open, without nodes that the extract does not hold."""
    length = np.diff(streets.first)
    way = np.repeat(np.arange(len(length)), length)
    wanted = _open_ways(streets, passages)[way]
    way, node = way[wanted], streets.refs[wanted]
    previous_way, previous_node = np.append(-1, way[:-1]), np.append(-1, node[:-1])
    begins = (way != previous_way) | (previous_node < 0)
    known = (node >= 0) & (begins | (node != previous_node))
    way, node, begins = way[known], node[known], begins[known]
    if len(begins):
        # A run whose first node is missing begins at the next one that is known.
        begins |= way != np.append(-1, way[:-1])
    alone = begins & np.append(begins[1:], True)
    way, node, begins = way[~alone], node[~alone], begins[~alone]
    return _Steps(way, node, begins, streets.node_lon[node], streets.node_lat[node])


def _parted_at_barriers(steps: _Steps, streets: OsmStreets, mode: Mode) -> _Steps:
    """Return the steps with every way parted where a barrier stops ``mode``: each side keeps an end of its own."""
    closed = [node for node, tags in streets.barriers.items() if blocks(tags, mode)]
    at = np.flatnonzero(np.isin(streets.node_id[steps.node], closed)) if closed else np.empty(0, dtype=np.int64)
    if not len(at):
        return steps
    inside = ~steps.begins & ~steps.ends
    times = np.ones(len(steps.way), dtype=np.int64)
    times[at] += inside[at]
    from_step = np.repeat(np.arange(len(times)), times)
    again = np.append(False, from_step[1:] == from_step[:-1])
    stopped = np.isin(from_step, at)
    node = steps.node[from_step]
    node[stopped] = len(streets.node_id) + np.arange(np.count_nonzero(stopped))
    begins = steps.begins[from_step] | again
    return _Steps(steps.way[from_step], node, begins, steps.lon[from_step], steps.lat[from_step])


def _pieces(steps: _Steps) -> tuple[Whole, Whole, tuple[Whole, Whole]]:
    """Return the first and last step of each piece between junctions, and the nodes there."""
    visits = np.bincount(steps.node)
    cut = np.flatnonzero(steps.begins | steps.ends | (visits[steps.node] > 1))
    run = np.cumsum(steps.begins)
    together = run[cut[:-1]] == run[cut[1:]]
    first, last = cut[:-1][together], cut[1:][together]
    return first, last, (steps.node[first], steps.node[last])


def _metres(steps: _Steps) -> Floats:
    """Return the metres from each step to the next one of its run, 0 from the last one."""
    metres = metres_along(steps.lon, steps.lat)
    metres[steps.begins[1:]] = 0.0
    return metres


def _weights(
    streets: OsmStreets, passages: list[Passage], way: Whole, piece_m: Floats, mode: Mode, walk_km_h: float
) -> tuple[Floats, Floats]:
    """Return the deciseconds over each piece in its direction and against it; 0 where it is not open."""
    tags = streets.way_tags[way]
    share = walk_km_h / WALKED_KM_H if mode is Mode.WALK else 1.0
    stated = np.array([one.duration_s or 0.0 for one in passages])[tags]
    way_m = np.bincount(way, weights=piece_m, minlength=len(streets.way_id))[way]
    both = []
    for speeds in ([one.forward_km_h for one in passages], [one.backward_km_h for one in passages]):
        speed = np.array(speeds)[tags] * share
        is_open = speed > 0
        over = np.divide(piece_m * _DS_M_PER_KM_H, speed, out=np.zeros(len(way)), where=is_open)
        by_duration = is_open & (stated > 0) & (way_m > 0)
        over[by_duration] = (stated * 10 * piece_m)[by_duration] / way_m[by_duration]
        both.append(np.where(is_open, np.clip(np.rint(over), 1, _LONGEST_DS), 0.0))
    return both[0], both[1]


def _arcs(start: Whole, end: Whole, forward: Floats, backward: Floats, way_id: Whole) -> Arcs:
    there, back = np.flatnonzero(forward > 0), np.flatnonzero(backward > 0)
    return Arcs(
        tail=np.concatenate((start[there], end[back])),
        head=np.concatenate((end[there], start[back])),
        weight_ds=np.concatenate((forward[there], backward[back])).astype(np.int32),
        edge=np.concatenate((there, back)).astype(np.int32),
        backward=np.concatenate((np.zeros(len(there), np.bool_), np.ones(len(back), np.bool_))),
        way_id=np.concatenate((way_id[there], way_id[back])),
    )


def _renumbered(arcs: Arcs) -> tuple[Whole, Arcs]:
    """Return the nodes that arcs touch, and the arcs between their positions."""
    used, ends = np.unique(np.concatenate((arcs.tail, arcs.head)), return_inverse=True)
    return used, replace(arcs, tail=ends[: len(arcs.tail)], head=ends[len(arcs.tail) :])


def _restrictions_at(streets: OsmStreets, used: Whole) -> list[tuple[str, str, int, int, int]]:
    """Return the restrictions at one node as (kind, exempt, way in, node, way out); -1 for a node that is not there."""
    node_of = {int(streets.node_id[node]): at for at, node in enumerate(used) if node < len(streets.node_id)}
    return [
        (one.kind, one.exempt, one.from_way, node_of.get(one.via[0], -1) if one.via_is_node else -1, one.to_way)
        for one in streets.restrictions
    ]


def _of_nodes(steps: _Steps, places: Whole) -> tuple[Floats, Floats]:
    """Return where nodes lie, found at any step over them."""
    known, at = np.unique(steps.node, return_index=True)
    found = at[np.searchsorted(known, places)]
    return steps.lon[found], steps.lat[found]


def _shapes(steps: _Steps, first: Whole, last: Whole) -> tuple[Whole, Floats, Floats]:
    """Return the drawing of each piece: where it begins in the two arrays of coordinates, and these."""
    count = last - first + 1
    begins = np.concatenate(([0], np.cumsum(count)))
    at = np.arange(begins[-1]) - np.repeat(begins[:-1], count) + np.repeat(first, count)
    return begins, steps.lon[at], steps.lat[at]


def _names(streets: OsmStreets, way: Whole) -> tuple[Ints, tuple[str, ...]]:
    """Return the number of each piece's name, -1 for none, and the names."""
    names, number = np.unique(np.array(streets.way_name, dtype=np.str_), return_inverse=True)
    of_piece = number[way].astype(np.int32)
    if len(names) and names[0] == "":
        return of_piece - 1, tuple(names[1:].tolist())
    return of_piece, tuple(names.tolist())


def _rows(
    arcs: Arcs,
    mode: Mode,
    lon: Floats,
    lat: Floats,
    shapes: tuple[Whole, Floats, Floats],
    edge_m: Floats,
    names: tuple[Ints, tuple[str, ...]],
) -> StreetGraph:
    """Return the graph with its arcs in rows by tail."""
    order = np.lexsort((arcs.weight_ds, arcs.head, arcs.tail))
    return StreetGraph(
        mode=mode,
        node_lon=lon,
        node_lat=lat,
        first_out=_first_of(arcs.tail, len(lon)),
        head=arcs.head[order].astype(np.int32),
        weight_ds=arcs.weight_ds[order],
        arc_edge=arcs.edge[order],
        arc_backward=arcs.backward[order],
        shape_first=shapes[0],
        shape_lon=shapes[1],
        shape_lat=shapes[2],
        edge_m=edge_m,
        edge_name=names[0],
        names=names[1],
    )


def _first_of(tail: Whole | Ints, nodes: int) -> Ints:
    first = np.zeros(nodes + 1, dtype=np.int32)
    np.cumsum(np.bincount(tail, minlength=nodes), out=first[1:])
    return first


def main_part(graph: StreetGraph, name: str) -> StreetGraph:
    """Return the largest strongly connected part; ``about`` counts parts, nodes and metres left out."""
    from portico.territory.streets.parts_kernels import strong_parts  # noqa: PLC0415 - compiled code, only where used

    if not graph.arcs:
        raise InputError("streets-none-for-mode", file=name, mode=graph.mode.value)
    part = strong_parts(graph.first_out, graph.head)
    tail = graph.tails()
    inside = part[tail] == part[graph.head]
    metres = np.bincount(part[tail[inside]], weights=graph.edge_m[graph.arc_edge[inside]], minlength=part.max() + 1)
    kept = part == int(np.argmax(metres))
    arc_kept = kept[tail] & kept[graph.head]
    edge_kept = np.zeros(graph.edges, dtype=np.bool_)
    edge_kept[graph.arc_edge[arc_kept]] = True
    node_at = np.cumsum(kept) - 1
    edge_at = (np.cumsum(edge_kept) - 1).astype(np.int32)
    points = np.diff(graph.shape_first)
    shape_kept = np.repeat(edge_kept, points)
    about = {
        **graph.about,
        "parts": len(metres),
        "nodes_left_out": int(np.count_nonzero(~kept)),
        "metres_left_out": round(float(graph.edge_m[~edge_kept].sum())),
        "metres": round(float(graph.edge_m[edge_kept].sum())),
    }
    return replace(
        graph,
        node_lon=graph.node_lon[kept],
        node_lat=graph.node_lat[kept],
        first_out=_first_of(node_at[tail[arc_kept]], int(kept.sum())),
        head=node_at[graph.head[arc_kept]].astype(np.int32),
        weight_ds=graph.weight_ds[arc_kept],
        arc_edge=edge_at[graph.arc_edge[arc_kept]],
        arc_backward=graph.arc_backward[arc_kept],
        shape_first=np.concatenate(([0], np.cumsum(points[edge_kept]))),
        shape_lon=graph.shape_lon[shape_kept],
        shape_lat=graph.shape_lat[shape_kept],
        edge_m=graph.edge_m[edge_kept],
        edge_name=graph.edge_name[edge_kept],
        about=about,
    )
