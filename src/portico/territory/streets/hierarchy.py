"""A graph made ready for many searches: its nodes by importance, with shortcuts. Every cost stays what it was."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from portico.territory.nearby import Ints
from portico.territory.streets.model import StreetGraph


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """Arcs between nodes numbered from the most important down (0 is the most important).

    Row ``v`` of ``up`` holds the arcs from ``v`` to more important nodes, row ``v`` of ``down`` those from more
    important nodes to ``v``; costs are int32 deciseconds. ``number[node]`` is the number of a node of the graph.
    """

    number: Ints
    up_first: Ints
    up_head: Ints
    up_cost: Ints
    down_first: Ints
    down_tail: Ints
    down_cost: Ints

    @property
    def backward(self) -> Hierarchy:
        """The same with every arc turned round."""
        return Hierarchy(
            self.number, self.down_first, self.down_tail, self.down_cost, self.up_first, self.up_head, self.up_cost
        )


def hierarchy_of(graph: StreetGraph) -> Hierarchy:
    """Return the hierarchy over ``graph``."""
    from portico.territory.streets.contraction_kernels import contracted  # noqa: PLC0415 - compiled, only where used

    rank, up_first, up_head, up_cost, down_first, down_tail, down_cost = contracted(
        graph.first_out, graph.head, graph.weight_ds
    )
    number = (len(rank) - 1 - rank).astype(np.int32)
    node_of = np.argsort(number, kind="stable")
    return Hierarchy(
        number,
        *_in_order(up_first, number[up_head], up_cost, node_of),
        *_in_order(down_first, number[down_tail], down_cost, node_of),
    )


def _in_order(first: Ints, other: Ints, cost: Ints, node_of: NDArray[np.intp]) -> tuple[Ints, Ints, Ints]:
    """Return rows in the order of ``node_of``."""
    length = np.diff(first)[node_of]
    begins = np.concatenate(([0], np.cumsum(length)))
    at = np.arange(begins[-1]) - np.repeat(begins[:-1], length) + np.repeat(first[node_of], length)
    return begins.astype(np.int32), other[at].astype(np.int32), cost[at]
