"""Turns that may not be made, put into the graph: who comes in by a restricted arc arrives at a node of its own.

That node is a copy of the junction from which only the allowed arcs leave, so that searches need not know of turns.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from portico.territory.model import Mode
from portico.territory.nearby import Ints
from portico.territory.streets.rules import exempts

Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Arcs:
    """M arcs in any order: from ``tail`` to ``head`` along ``edge``, part of the way ``way_id``."""

    tail: Whole
    head: Whole
    weight_ds: Ints
    edge: Ints
    backward: NDArray[np.bool_]
    way_id: Whole

    def take(self, which: Whole) -> Arcs:
        """Return some of the arcs."""
        return Arcs(
            self.tail[which],
            self.head[which],
            self.weight_ds[which],
            self.edge[which],
            self.backward[which],
            self.way_id[which],
        )


Restriction = tuple[str, str, int, int, int]
"""(kind, exempt, way in, node, way out)."""


def restricted(
    arcs: Arcs, restrictions: Iterable[Restriction], nodes: int, mode: Mode
) -> tuple[Arcs, Whole, dict[str, int]]:
    """Return the arcs with ``restrictions`` put in, the nodes of which copies were made, and counts to be said.

    Copy ``c`` gets number ``nodes + c``. A restriction over a way in between, or whose ways are not parted at the
    node, is left out and counted: what it forbids is not sure.
    """
    if mode is not Mode.CAR:
        return arcs, np.empty(0, dtype=np.int64), {}
    forbidden, applied, left_out = _forbidden(arcs, restrictions)
    counts = {"restrictions": applied, "restrictions_left_out": left_out}
    if not forbidden:
        return arcs, np.empty(0, dtype=np.int64), counts
    entering = sorted(forbidden)
    copies = arcs.head[entering].copy()
    head = arcs.head.copy()
    head[entering] = nodes + np.arange(len(entering))
    leaving = _by_node(arcs.tail, set(copies.tolist()))
    picked, tails = [], []
    for copy, arc in enumerate(entering):
        for out in leaving.get(int(copies[copy]), ()):
            if out not in forbidden[arc]:
                picked.append(out)
                tails.append(nodes + copy)
    own = Arcs(arcs.tail, head, arcs.weight_ds, arcs.edge, arcs.backward, arcs.way_id)
    more = own.take(np.array(picked, dtype=np.int64))
    joined = (
        np.concatenate((own.tail, np.array(tails, dtype=np.int64))),
        *(np.concatenate((getattr(own, part), getattr(more, part))) for part in Arcs.__slots__[1:]),
    )
    return Arcs(*joined), copies, counts


def _forbidden(arcs: Arcs, restrictions: Iterable[Restriction]) -> tuple[dict[int, set[int]], int, int]:
    """Return for each arc the arcs that may not follow it, and how many restrictions were applied and left out."""
    asked = [one for one in restrictions if not exempts(one[1], Mode.CAR)]
    nodes = {node for _, _, _, node, _ in asked if node >= 0}
    coming, leaving = _by_node(arcs.head, nodes), _by_node(arcs.tail, nodes)
    forbidden: dict[int, set[int]] = {}
    applied = 0
    for kind, _, way_in, node, way_out in asked:
        into = [arc for arc in coming.get(node, ()) if arcs.way_id[arc] == way_in]
        out = [arc for arc in leaving.get(node, ()) if arcs.way_id[arc] == way_out]
        if len(into) != 1 or len(out) != 1:
            continue
        applied += 1
        if kind.startswith("only_"):
            forbidden.setdefault(into[0], set()).update(set(leaving[node]) - set(out))
        elif kind.startswith("no_"):
            forbidden.setdefault(into[0], set()).update(out)
    return forbidden, applied, len(asked) - applied


def _by_node(ends: Whole, nodes: set[int]) -> dict[int, list[int]]:
    """Return the arcs at each of ``nodes``."""
    found: dict[int, list[int]] = {}
    if nodes:
        for arc in np.flatnonzero(np.isin(ends, np.fromiter(nodes, dtype=np.int64))):
            found.setdefault(int(ends[arc]), []).append(int(arc))
    return found
