"""A graph contracted node by node, the least important first, with shortcuts that keep every distance. Compiled.

Contraction hierarchies: Geisberger, Sanders, Schultes and Delling 2008. A node is less important the fewer arcs its
contraction adds over those it removes, the fewer neighbours were contracted before it and the lower it lies.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from portico.territory.compiled import compiled
from portico.territory.nearby import Ints

_FAR = np.int32(2**30)
_SETTLED_TO_JUDGE = 60
_SETTLED_TO_CONTRACT = 400


@compiled
def _push(heap_key: NDArray[np.int64], heap_node: Ints, size: int, key: int, node: int) -> int:
    at = size
    while at > 0:
        above = (at - 1) >> 2
        if heap_key[above] <= key:
            break
        heap_key[at] = heap_key[above]
        heap_node[at] = heap_node[above]
        at = above
    heap_key[at] = key
    heap_node[at] = node
    return size + 1


@compiled
def _pop(heap_key: NDArray[np.int64], heap_node: Ints, size: int) -> int:
    """Take the root away; the caller read it before."""
    size -= 1
    key, node = heap_key[size], heap_node[size]
    at = 0
    while True:
        child = (at << 2) + 1
        if child >= size:
            break
        best = child
        for other in range(child + 1, min(child + 4, size)):
            if heap_key[other] < heap_key[best]:
                best = other
        if heap_key[best] >= key:
            break
        heap_key[at] = heap_key[best]
        heap_node[at] = heap_node[best]
        at = best
    heap_key[at] = key
    heap_node[at] = node
    return size


@compiled
def _grown(array: Ints) -> Ints:
    larger = np.empty(len(array) * 2, dtype=np.int32)
    larger[: len(array)] = array
    return larger


@compiled
def contracted(first_out: Ints, head: Ints, weight: Ints) -> tuple[Ints, Ints, Ints, Ints, Ints, Ints, Ints]:
    """Return the rank of each node and the arcs upward, out of it and into it, in rows by node.

    ``(rank, up_first, up_head, up_weight, down_first, down_tail, down_weight)``: row ``v`` of ``up`` holds the arcs
    from ``v`` to nodes of higher rank, row ``v`` of ``down`` those from nodes of higher rank to ``v``. Weights are
    int32 deciseconds.
    """
    nodes = len(first_out) - 1
    room = 2 * len(head) + 16
    arc_tail, arc_head, arc_weight = (np.empty(room, np.int32), np.empty(room, np.int32), np.empty(room, np.int32))
    next_out, next_in = np.empty(room, np.int32), np.empty(room, np.int32)
    begin_out, begin_in = np.full(nodes, -1, np.int32), np.full(nodes, -1, np.int32)
    count = 0
    for v in range(nodes):
        for a in range(first_out[v], first_out[v + 1]):
            u = head[a]
            if u == v or (a > first_out[v] and head[a - 1] == u):  # rows are sorted: the first of equals is the least
                continue
            arc_tail[count], arc_head[count], arc_weight[count] = v, u, weight[a]
            next_out[count], begin_out[v] = begin_out[v], count
            next_in[count], begin_in[u] = begin_in[u], count
            count += 1

    rank = np.full(nodes, -1, np.int32)
    depth = np.zeros(nodes, np.int32)
    gone = np.zeros(nodes, np.int32)  # neighbours contracted before
    dist = np.full(nodes, _FAR, np.int32)
    wanted = np.zeros(nodes, np.int32)
    wish = 0
    touched = np.empty(nodes, np.int32)
    near_key, near_node = np.empty(4 * nodes + 64, np.int64), np.empty(4 * nodes + 64, np.int32)
    queue_key, queue_node = np.empty(nodes + 1, np.int64), np.empty(nodes + 1, np.int32)
    score = np.zeros(nodes, np.int64)
    new_tail, new_head, new_weight = (np.empty(1024, np.int32), np.empty(1024, np.int32), np.empty(1024, np.int32))
    up_head, up_weight = np.empty(room, np.int32), np.empty(room, np.int32)
    down_tail, down_weight = np.empty(room, np.int32), np.empty(room, np.int32)
    up_begin, up_length = np.zeros(nodes, np.int32), np.zeros(nodes, np.int32)
    down_begin, down_length = np.zeros(nodes, np.int32), np.zeros(nodes, np.int32)
    ups, downs = 0, 0
    size = 0
    done = 0
    turn = 0
    while done < nodes:
        # First every node is judged once; then the least is taken, judged again, and contracted if it still is least.
        judging = turn < nodes
        if judging:
            v = turn
            turn += 1
        else:
            v = queue_node[0]
            if rank[v] >= 0 or queue_key[0] != score[v]:
                size = _pop(queue_key, queue_node, size)
                continue
        shortcuts, removed = 0, 0
        for contracting in range(2):
            limit = _SETTLED_TO_CONTRACT if contracting else _SETTLED_TO_JUDGE
            shortcuts, removed = 0, 0
            # Drop arcs to nodes that are gone while walking along the lists.
            before = -1
            a = begin_out[v]
            longest_out = 0
            wish += 1
            while a >= 0:
                if rank[arc_head[a]] >= 0:
                    if before < 0:
                        begin_out[v] = next_out[a]
                    else:
                        next_out[before] = next_out[a]
                else:
                    before = a
                    removed += 1
                    if arc_weight[a] > longest_out:
                        longest_out = arc_weight[a]
                a = next_out[a]
            before = -1
            b = begin_in[v]
            while b >= 0:
                u = arc_tail[b]
                if rank[u] >= 0:
                    if before < 0:
                        begin_in[v] = next_in[b]
                    else:
                        next_in[before] = next_in[b]
                    b = next_in[b]
                    continue
                before = b
                removed += 1
                # Search from u without v for ways to the heads of v as short as those over v.
                wish += 1
                open_wishes = 0
                a = begin_out[v]
                while a >= 0:
                    if arc_head[a] != u:
                        wanted[arc_head[a]] = wish
                        open_wishes += 1
                    a = next_out[a]
                if not open_wishes:
                    b = next_in[b]
                    continue
                farthest = arc_weight[b] + longest_out
                reached, settled, near = 0, 0, 0
                dist[u] = 0
                touched[0] = u
                reached = 1
                near = _push(near_key, near_node, near, 0, u)
                while near > 0 and settled < limit and open_wishes > 0:
                    key, x = near_key[0], near_node[0]
                    near = _pop(near_key, near_node, near)
                    if key > dist[x]:
                        continue
                    if key > farthest:
                        break
                    settled += 1
                    if wanted[x] == wish:
                        wanted[x] = wish - 1
                        open_wishes -= 1
                        if open_wishes == 0:
                            break
                    c = begin_out[x]
                    while c >= 0:
                        y = arc_head[c]
                        if rank[y] < 0 and y != v:
                            far = np.int32(key) + arc_weight[c]
                            if far < dist[y] and far <= farthest and near < len(near_key) - 1:
                                if dist[y] == _FAR:
                                    touched[reached] = y
                                    reached += 1
                                dist[y] = far
                                near = _push(near_key, near_node, near, far, y)
                        c = next_out[c]
                a = begin_out[v]
                while a >= 0:
                    x = arc_head[a]
                    over = arc_weight[b] + arc_weight[a]
                    if x != u and dist[x] > over:
                        if contracting:
                            if shortcuts == len(new_tail):
                                new_tail, new_head, new_weight = _grown(new_tail), _grown(new_head), _grown(new_weight)
                            new_tail[shortcuts], new_head[shortcuts], new_weight[shortcuts] = u, x, over
                        shortcuts += 1
                    a = next_out[a]
                for t in range(reached):
                    dist[touched[t]] = _FAR
                b = next_in[b]
            if contracting:
                break
            score[v] = 1000 * (2 * shortcuts - removed) + 1000 * gone[v] + 500 * depth[v] + 10**9
            if judging:
                break
            size = _pop(queue_key, queue_node, size)
            if size > 0 and score[v] > queue_key[0]:
                break
        if judging or not contracting:
            size_room = len(queue_key)
            if size + 1 >= size_room:
                larger_key, larger_node = np.empty(size_room * 2, np.int64), np.empty(size_room * 2, np.int32)
                larger_key[:size_room], larger_node[:size_room] = queue_key, queue_node
                queue_key, queue_node = larger_key, larger_node
            size = _push(queue_key, queue_node, size, score[v], v)
            continue
        rank[v] = done
        done += 1
        up_begin[v], down_begin[v] = ups, downs
        a = begin_out[v]
        while a >= 0:
            if ups == len(up_head):
                up_head, up_weight = _grown(up_head), _grown(up_weight)
            up_head[ups], up_weight[ups] = arc_head[a], arc_weight[a]
            ups += 1
            x = arc_head[a]
            gone[x] += 1
            depth[x] = max(depth[x], depth[v] + 1)
            a = next_out[a]
        b = begin_in[v]
        while b >= 0:
            if downs == len(down_tail):
                down_tail, down_weight = _grown(down_tail), _grown(down_weight)
            down_tail[downs], down_weight[downs] = arc_tail[b], arc_weight[b]
            downs += 1
            x = arc_tail[b]
            gone[x] += 1
            depth[x] = max(depth[x], depth[v] + 1)
            b = next_in[b]
        up_length[v], down_length[v] = ups - up_begin[v], downs - down_begin[v]
        for s in range(shortcuts):
            u, x, over = new_tail[s], new_head[s], new_weight[s]
            known = -1
            a = begin_out[u]
            while a >= 0:
                if arc_head[a] == x:
                    known = a
                    break
                a = next_out[a]
            if known >= 0:
                if over < arc_weight[known]:
                    arc_weight[known] = over
                continue
            if count == len(arc_tail):
                arc_tail, arc_head, arc_weight = _grown(arc_tail), _grown(arc_head), _grown(arc_weight)
                next_out, next_in = _grown(next_out), _grown(next_in)
            arc_tail[count], arc_head[count], arc_weight[count] = u, x, over
            next_out[count], begin_out[u] = begin_out[u], count
            next_in[count], begin_in[x] = begin_in[x], count
            count += 1

    up_first, down_first = np.zeros(nodes + 1, np.int32), np.zeros(nodes + 1, np.int32)
    for v in range(nodes):
        up_first[v + 1] = up_first[v] + up_length[v]
        down_first[v + 1] = down_first[v] + down_length[v]
    up_h, up_w = np.empty(ups, np.int32), np.empty(ups, np.int32)
    down_t, down_w = np.empty(downs, np.int32), np.empty(downs, np.int32)
    for v in range(nodes):
        for k in range(up_length[v]):
            up_h[up_first[v] + k] = up_head[up_begin[v] + k]
            up_w[up_first[v] + k] = up_weight[up_begin[v] + k]
        for k in range(down_length[v]):
            down_t[down_first[v] + k] = down_tail[down_begin[v] + k]
            down_w[down_first[v] + k] = down_weight[down_begin[v] + k]
    return rank, up_first, up_h, up_w, down_first, down_t, down_w
