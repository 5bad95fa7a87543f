"""Strongly connected parts of a graph. Compiled."""

from __future__ import annotations

import numpy as np

from portico.territory.compiled import compiled
from portico.territory.nearby import Ints


@compiled
def strong_parts(first_out: Ints, head: Ints) -> Ints:
    """Return the number of the strongly connected part of each node (Tarjan 1972, without recursion)."""
    nodes = len(first_out) - 1
    part = np.full(nodes, -1, dtype=np.int32)
    index = np.full(nodes, -1, dtype=np.int32)
    low = np.zeros(nodes, dtype=np.int32)
    at = first_out[:-1].copy()
    stack = np.empty(nodes, dtype=np.int32)
    path = np.empty(nodes, dtype=np.int32)
    held, parts, counter = 0, 0, 0
    for root in range(nodes):
        if index[root] >= 0:
            continue
        depth = 0
        path[0] = root
        index[root] = low[root] = counter
        counter += 1
        stack[held] = root
        held += 1
        while depth >= 0:
            node = path[depth]
            if at[node] < first_out[node + 1]:
                other = head[at[node]]
                at[node] += 1
                if index[other] < 0:
                    index[other] = low[other] = counter
                    counter += 1
                    stack[held] = other
                    held += 1
                    depth += 1
                    path[depth] = other
                elif part[other] < 0 and index[other] < low[node]:
                    low[node] = index[other]
                continue
            if low[node] == index[node]:
                while True:
                    held -= 1
                    member = stack[held]
                    part[member] = parts
                    if member == node:
                        break
                parts += 1
            depth -= 1
            if depth >= 0 and low[node] < low[path[depth]]:
                low[path[depth]] = low[node]
    return part
