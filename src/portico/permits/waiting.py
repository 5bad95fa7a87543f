"""What each procedure waits for, once it is known which are filed and what takes what in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from portico.permits.model import Dependency, Link


@dataclass(frozen=True, slots=True)
class Edge:
    """That a procedure waits for ``other``: for its end, or to be filed with it, or until some days after it was filed.

    ``lag`` are the least and the most days after the filing of ``other``; None: it waits for its end.
    """

    other: str
    lag: tuple[int, int] | None
    basis: str


Edges = dict[str, list[Edge]]


class Waits:
    """The dependencies of a pack by who waits."""

    def __init__(self, dependencies: Iterable[Dependency]) -> None:
        """Keep those that order procedures."""
        self._of: dict[str, list[Edge]] = defaultdict(list)
        for one in dependencies:
            if one.link in (Link.AFTER, Link.WITH):
                self._of[one.procedure].append(Edge(one.other, (0, 0) if one.link is Link.WITH else one.lag, one.basis))

    def edges(self, nodes: Collection[str], absorbed: Mapping[str, str], perhaps: Mapping[str, Sequence[str]]) -> Edges:
        """Return for each of the ``nodes`` which others it waits for; what is taken in passes this to what takes it in.

        What is only perhaps taken in waits both alone and through what may take it in, unless that made a circle.
        """
        found: dict[str, dict[str, Edge]] = {one: {} for one in sorted(nodes)}
        ends = {one: _filed_in_the_end(one, absorbed) for one in absorbed}
        for procedure in (*found, *absorbed):
            for edge in self._of.get(procedure, ()):
                _put(found, ends.get(procedure, procedure), edge, ends)
        for procedure, carriers in perhaps.items():
            for edge in self._of.get(procedure, ()):
                other = ends.get(edge.other, edge.other)
                for carrier in carriers:
                    if carrier in found and other in found and not _waits(found, other, carrier):
                        _put(found, carrier, edge, ends)
        return {procedure: list(edges.values()) for procedure, edges in found.items()}


def _put(found: Mapping[str, dict[str, Edge]], procedure: str, edge: Edge, ends: Mapping[str, str]) -> None:
    """Let ``procedure`` wait by ``edge``, where both are filed. Of two ways to wait, the one for the end is longer."""
    other = ends.get(edge.other, edge.other)
    if other == procedure or procedure not in found or other not in found:
        return
    known = found[procedure].get(other)
    if known is None or known.lag is not None:
        found[procedure][other] = edge if other == edge.other else Edge(other, edge.lag, edge.basis)


def _filed_in_the_end(procedure: str, absorbed: Mapping[str, str]) -> str:
    seen = set()
    while procedure in absorbed and procedure not in seen:
        seen.add(procedure)
        procedure = absorbed[procedure]
    return procedure


def _waits(edges: Mapping[str, Mapping[str, Edge]], procedure: str, other: str) -> bool:
    """Say whether ``procedure`` waits for ``other``, at once or through others."""
    todo, seen = [procedure], {procedure}
    while todo:
        one = todo.pop()
        if one == other:
            return True
        new = [edge for edge in edges.get(one, ()) if edge not in seen]
        seen.update(new)
        todo += new
    return False
