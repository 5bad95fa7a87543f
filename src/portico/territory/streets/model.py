"""The nouns of streets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from portico.territory.model import Mode
from portico.territory.nearby import Floats, Ints

M_PER_DEGREE = 111_195.08
"""Metres in a degree of latitude on the mean sphere (radius 6,371,008.8 m): enough over the length of a street."""


def metres_along(lon: Floats, lat: Floats) -> Floats:
    """Return the metres from each point (EPSG:4326) to the next one, on the mean sphere: one number less than points.

    >>> metres_along(np.array([7.0, 7.0]), np.array([45.0, 45.001])).round(2).tolist()
    [111.2]
    """
    middle = np.radians((lat[1:] + lat[:-1]) / 2)
    metres: Floats = np.hypot(np.diff(lon) * M_PER_DEGREE * np.cos(middle), np.diff(lat) * M_PER_DEGREE)
    return metres


@dataclass(frozen=True, slots=True)
class StreetGraph:
    """The streets of one mode: N nodes, M arcs, E edges. Arcs lie in compressed rows by their tail.

    The arcs out of node ``v`` are those from ``first_out[v]`` up to ``first_out[v + 1]``. Arc ``a`` leads to
    ``head[a]`` in ``weight_ds[a]`` deciseconds along edge ``arc_edge[a]``, against its drawing where
    ``arc_backward[a]``. Edge ``e`` is drawn by ``shape_lon`` and ``shape_lat`` from ``shape_first[e]`` up to
    ``shape_first[e + 1]``, is ``edge_m[e]`` metres long, and is called ``names[edge_name[e]]`` (-1: nothing).
    Coordinates are EPSG:4326. ``about`` holds counts of what was left out, to be said.
    """

    mode: Mode
    node_lon: Floats
    node_lat: Floats
    first_out: Ints
    head: Ints
    weight_ds: Ints
    arc_edge: Ints
    arc_backward: NDArray[np.bool_]
    shape_first: NDArray[np.int64]
    shape_lon: Floats
    shape_lat: Floats
    edge_m: Floats
    edge_name: Ints
    names: tuple[str, ...]
    about: Mapping[str, int] = field(default_factory=dict)

    @property
    def nodes(self) -> int:
        """How many nodes there are."""
        return len(self.node_lon)

    @property
    def arcs(self) -> int:
        """How many arcs there are."""
        return len(self.head)

    @property
    def edges(self) -> int:
        """How many edges there are."""
        return len(self.edge_m)

    def tails(self) -> Ints:
        """Return the tail of every arc."""
        return np.repeat(np.arange(self.nodes, dtype=np.int32), np.diff(self.first_out))


@dataclass(frozen=True, slots=True)
class Snapped:
    """P points set on streets. ``edge`` is -1 where no street lies within the limit.

    The point on the street lies ``offset_m`` metres along the edge, ``connector_m`` metres from the point asked for;
    crossing over takes ``connector_ds`` deciseconds.
    """

    lon: Floats
    lat: Floats
    edge: Ints
    offset_m: Floats
    connector_m: Floats
    connector_ds: Ints

    def __len__(self) -> int:
        """Return how many points there are."""
        return len(self.edge)

    @property
    def is_on_street(self) -> NDArray[np.bool_]:
        """Whether each point was set on a street."""
        return self.edge >= 0

    def take(self, which: NDArray[np.int64] | slice) -> Snapped:
        """Return some of the points."""
        return Snapped(
            self.lon[which],
            self.lat[which],
            self.edge[which],
            self.offset_m[which],
            self.connector_m[which],
            self.connector_ds[which],
        )


@dataclass(frozen=True, slots=True)
class Step:
    """A stretch of a way under one name."""

    name: str
    metres: float
    cost_ds: int
