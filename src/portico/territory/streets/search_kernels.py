"""Searches on a contracted graph: from many points to all nodes, or to chosen points only. Compiled.

PHAST (Delling, Goldberg, Nowatzyk, Werneck 2011): a short search upward from the source, then one sweep over all nodes
from the highest rank down, for many sources at once. Restricted to what can lie above the targets it is RPHAST
(Delling, Goldberg, Werneck 2011). Nodes are numbered from the highest rank down.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from portico.territory.compiled import compiled
from portico.territory.nearby import Ints

_FAR = np.int32(2**30)
BATCH = 32


@compiled
def _upward(
    nodes: Ints,
    costs: Ints,
    up_first: Ints,
    up_head: Ints,
    up_weight: Ints,
    dist: Ints,
    heap: Ints,
    reached: Ints,
) -> int:
    """Search upward from ``nodes`` at ``costs``; return how many were reached, with ``dist`` of each.

    Arcs lead to smaller numbers only, so that nodes taken from the largest number down are final when they are taken.
    """
    size, count = 0, 0
    for at in range(len(nodes)):
        node = nodes[at]
        if dist[node] == _FAR:
            place = size
            size += 1
            while place > 0 and heap[(place - 1) >> 1] < node:
                heap[place] = heap[(place - 1) >> 1]
                place = (place - 1) >> 1
            heap[place] = node
            dist[node] = costs[at]
        elif costs[at] < dist[node]:
            dist[node] = costs[at]
    while size > 0:
        node = heap[0]
        size -= 1
        last = heap[size]
        place = 0
        while True:
            child = 2 * place + 1
            if child >= size:
                break
            if child + 1 < size and heap[child + 1] > heap[child]:
                child += 1
            if heap[child] <= last:
                break
            heap[place] = heap[child]
            place = child
        heap[place] = last
        reached[count] = node
        count += 1
        for a in range(up_first[node], up_first[node + 1]):
            other = up_head[a]
            cost = dist[node] + up_weight[a]
            if dist[other] == _FAR:
                place = size
                size += 1
                while place > 0 and heap[(place - 1) >> 1] < other:
                    heap[place] = heap[(place - 1) >> 1]
                    place = (place - 1) >> 1
                heap[place] = other
                dist[other] = cost
            elif cost < dist[other]:
                dist[other] = cost
    return count


@compiled
def restricted_to(targets: Ints, down_first: Ints, down_tail: Ints, down_weight: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    """Return the part of the sweep that ``targets`` need: (number there of each node or -1, first, tail, weight)."""
    nodes = len(down_first) - 1
    local = np.full(nodes, -1, np.int32)
    for at in range(len(targets)):
        local[targets[at]] = 0
    arcs = 0
    for node in range(nodes - 1, -1, -1):
        if local[node] == 0:
            arcs += down_first[node + 1] - down_first[node]
            for a in range(down_first[node], down_first[node + 1]):
                local[down_tail[a]] = 0
    count = 0
    for node in range(nodes):
        if local[node] == 0:
            local[node] = count
            count += 1
    first = np.zeros(count + 1, np.int32)
    tail, weight = np.empty(arcs, np.int32), np.empty(arcs, np.int32)
    placed = 0
    for node in range(nodes):
        if local[node] >= 0:
            for a in range(down_first[node], down_first[node + 1]):
                tail[placed] = local[down_tail[a]]
                weight[placed] = down_weight[a]
                placed += 1
            first[local[node] + 1] = placed
    return local, first, tail, weight


@compiled
def _sweep(dist: NDArray[np.int32], first: Ints, tail: Ints, weight: Ints) -> None:
    """Make ``dist`` (nodes × batch) final, from the highest rank down."""
    width = dist.shape[1]
    for node in range(len(first) - 1):
        for a in range(first[node], first[node + 1]):
            other = tail[a]
            over = weight[a]
            for k in range(width):
                cost = dist[other, k] + over
                dist[node, k] = min(dist[node, k], cost)


@compiled
def _begin(  # noqa: PLR0913, PLR0917 - shared arrays, for the compiler
    start: int,
    stop: int,
    seed_first: NDArray[np.int64],
    seed_node: Ints,
    seed_cost: Ints,
    up_first: Ints,
    up_head: Ints,
    up_weight: Ints,
    upward: Ints,
    heap: Ints,
    reached: Ints,
    local: Ints,
    dist: NDArray[np.int32],
) -> None:
    """Search upward from each source of a batch and write what is reached into ``dist``; ``upward`` stays clean."""
    dist[:] = _FAR
    for source in range(start, stop):
        seeds = slice(seed_first[source], seed_first[source + 1])
        found = _upward(seed_node[seeds], seed_cost[seeds], up_first, up_head, up_weight, upward, heap, reached)
        for at in range(found):
            node = reached[at]
            if local[node] >= 0:
                dist[local[node], source - start] = upward[node]
            upward[node] = _FAR


@compiled
def costs_between(  # noqa: PLR0913, PLR0917 - shared arrays, for the compiler
    begin: int,
    end: int,
    seed_first: NDArray[np.int64],
    seed_node: Ints,
    seed_cost: Ints,
    up_first: Ints,
    up_head: Ints,
    up_weight: Ints,
    local: Ints,
    first: Ints,
    tail: Ints,
    weight: Ints,
    goal_first: NDArray[np.int64],
    goal_node: Ints,
    goal_cost: Ints,
    out: NDArray[np.int32],
) -> None:
    """Write the costs from sources ``begin`` to ``end`` to every goal into ``out`` (sources × goals, int32).

    A source is seeded at ``seed_node`` at ``seed_cost`` (rows by ``seed_first``); a goal is reached from
    ``goal_node``, numbered as in the restricted part, at ``goal_cost`` more.
    """
    count = len(first) - 1
    goals = len(goal_first) - 1
    dist = np.empty((count, BATCH), np.int32)
    upward = np.full(len(up_first) - 1, _FAR, np.int32)
    heap, reached = np.empty(len(upward) + 1, np.int32), np.empty(len(upward) + 1, np.int32)
    for start in range(begin, end, BATCH):
        stop = min(start + BATCH, end)
        _begin(
            start,
            stop,
            seed_first,
            seed_node,
            seed_cost,
            up_first,
            up_head,
            up_weight,
            upward,
            heap,
            reached,
            local,
            dist,
        )
        _sweep(dist, first, tail, weight)
        for goal in range(goals):
            for source in range(start, stop):
                best = _FAR
                for at in range(goal_first[goal], goal_first[goal + 1]):
                    best = min(best, dist[goal_node[at], source - start] + goal_cost[at])
                out[source, goal] = best


@compiled
def costs_to_nodes(  # noqa: PLR0913, PLR0917 - shared arrays, for the compiler
    begin: int,
    end: int,
    seed_first: NDArray[np.int64],
    seed_node: Ints,
    seed_cost: Ints,
    up_first: Ints,
    up_head: Ints,
    up_weight: Ints,
    first: Ints,
    tail: Ints,
    weight: Ints,
    node_at: Ints,
    out: NDArray[np.int32],
) -> None:
    """Write the costs from sources ``begin`` to ``end`` to every node into ``out`` (sources × nodes, int32).

    ``node_at[v]`` is the number of node ``v`` in the order of ranks.
    """
    count = len(first) - 1
    dist = np.empty((count, BATCH), np.int32)
    local = np.arange(count).astype(np.int32)
    upward = np.full(count, _FAR, np.int32)
    heap, reached = np.empty(count + 1, np.int32), np.empty(count + 1, np.int32)
    for start in range(begin, end, BATCH):
        stop = min(start + BATCH, end)
        _begin(
            start,
            stop,
            seed_first,
            seed_node,
            seed_cost,
            up_first,
            up_head,
            up_weight,
            upward,
            heap,
            reached,
            local,
            dist,
        )
        _sweep(dist, first, tail, weight)
        for node in range(count):
            at = node_at[node]
            for source in range(start, stop):
                out[source, node] = dist[at, source - start]


@compiled
def shortest_tree(first_out: Ints, head: Ints, weight: Ints, seed_node: Ints, seed_cost: Ints) -> tuple[Ints, Ints]:
    """Return the cost to each node from the seeds and the arc by which it is reached (-1: a seed, or not reached).

    Plain Dijkstra on the graph as it is: slower, but it knows the way.
    """
    nodes = len(first_out) - 1
    dist = np.full(nodes, _FAR, np.int32)
    arc_to = np.full(nodes, -1, np.int32)
    heap_cost, heap_node = (
        np.empty(len(head) + len(seed_node) + 1, np.int32),
        np.empty(len(head) + len(seed_node) + 1, np.int32),
    )
    size = 0
    for at in range(len(seed_node) + 1):
        if at < len(seed_node):
            if seed_cost[at] >= dist[seed_node[at]]:
                continue
            dist[seed_node[at]] = seed_cost[at]
            size = _enter(heap_cost, heap_node, size, seed_cost[at], seed_node[at])
    while size > 0:
        cost, node = heap_cost[0], heap_node[0]
        size = _leave(heap_cost, heap_node, size)
        if cost > dist[node]:
            continue
        for a in range(first_out[node], first_out[node + 1]):
            far = cost + weight[a]
            if far < dist[head[a]]:
                dist[head[a]] = far
                arc_to[head[a]] = a
                size = _enter(heap_cost, heap_node, size, far, head[a])
    return dist, arc_to


@compiled
def _enter(heap_cost: Ints, heap_node: Ints, size: int, cost: int, node: int) -> int:
    at = size
    while at > 0 and heap_cost[(at - 1) >> 1] > cost:
        heap_cost[at] = heap_cost[(at - 1) >> 1]
        heap_node[at] = heap_node[(at - 1) >> 1]
        at = (at - 1) >> 1
    heap_cost[at] = cost
    heap_node[at] = node
    return size + 1


@compiled
def _leave(heap_cost: Ints, heap_node: Ints, size: int) -> int:
    size -= 1
    cost, node = heap_cost[size], heap_node[size]
    at = 0
    while True:
        child = 2 * at + 1
        if child >= size:
            break
        if child + 1 < size and heap_cost[child + 1] < heap_cost[child]:
            child += 1
        if heap_cost[child] >= cost:
            break
        heap_cost[at] = heap_cost[child]
        heap_node[at] = heap_node[child]
        at = child
    heap_cost[at] = cost
    heap_node[at] = node
    return size
