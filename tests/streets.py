"""Small streets drawn by hand, and an independent search over any graph."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from portico.lake.readers.osm_streets import OsmRestriction, OsmStreets
from portico.territory.streets.model import StreetGraph

NORTH = 45.0
STEP = 0.001


def drawn(
    places: Mapping[str, tuple[float, float]],
    ways: Sequence[tuple[str, Mapping[str, str]]],
    barriers: Mapping[str, Mapping[str, str]] | None = None,
    restrictions: Sequence[tuple[str, int, str, int]] = (),
    names: Sequence[str] = (),
) -> OsmStreets:
    """Return streets over ``places`` (steps east and north); a way is its letters, "ABC", and its tags.

    A restriction is (kind, way in, node, way out), ways counted from 0. Node "?" is one the extract does not hold.
    """
    letters = sorted(places)
    tags = [dict(about) for _, about in ways]
    different = [one for nth, one in enumerate(tags) if one not in tags[:nth]]
    refs = [letters.index(letter) if letter in places else -1 for line, _ in ways for letter in line]
    return OsmStreets(
        way_id=np.arange(len(ways), dtype=np.int64),
        way_tags=np.array([different.index(one) for one in tags], dtype=np.int64),
        way_name=tuple(names) or ("",) * len(ways),
        tags=tuple(different),
        first=np.cumsum([0, *(len(line) for line, _ in ways)]).astype(np.int64),
        refs=np.array(refs, dtype=np.int64),
        node_id=np.arange(len(letters), dtype=np.int64) + 100,
        node_lon=np.array([7.0 + STEP * places[letter][0] for letter in letters]),
        node_lat=np.array([NORTH + STEP * places[letter][1] for letter in letters]),
        barriers={letters.index(letter) + 100: about for letter, about in (barriers or {}).items()},
        restrictions=tuple(
            OsmRestriction(kind, "", way_in, way_out, (letters.index(node) + 100,), via_is_node=True)
            for kind, way_in, node, way_out in restrictions
        ),
    )


def matrix_of(graph: StreetGraph) -> csr_matrix:
    """Return the graph as scipy takes it: of arcs between the same nodes the cheapest."""
    tail = graph.tails()
    order = np.lexsort((graph.weight_ds, graph.head, tail))
    tail, head, weight = tail[order], graph.head[order], graph.weight_ds[order].astype(float)
    kept = np.append(True, (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])) & (tail != head)
    return csr_matrix((weight[kept], (tail[kept], head[kept])), shape=(graph.nodes, graph.nodes))


def independent(graph: StreetGraph, sources: np.ndarray, *, backward: bool = False) -> np.ndarray:
    """Return the costs from ``sources`` to every node (from every node to them where ``backward``), by scipy."""
    known = matrix_of(graph)
    return dijkstra(known.T.tocsr() if backward else known, indices=sources).astype(np.int64)


def at_node(graph: StreetGraph, letter_lon: float, letter_lat: float) -> int:
    """Return the first node at a place."""
    return int(np.argmin(np.hypot(graph.node_lon - letter_lon, graph.node_lat - letter_lat)))
