"""Many positions at once, and the minutes from each of them to some places."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from portico.city.model import Position
from portico.geo import Point
from portico.territory.nearby import Floats

PRECISION = "cell"
"""The word for the precision of a position that stands for a cell around it."""


@dataclass(frozen=True, slots=True, eq=False)
class Positions:
    """P positions in EPSG:4326, each off by at most ``uncertainty_m`` metres: for cells, half a cell.

    >>> here = Positions(np.array([7.68, 7.70]), np.array([45.07, 45.08]), 480.0)
    >>> len(here), here.position(1).point.lon
    (2, 7.7)
    """

    lon: Floats
    lat: Floats
    uncertainty_m: float

    def __len__(self) -> int:
        """Return how many positions there are."""
        return len(self.lon)

    def take(self, which: slice) -> Positions:
        """Return some of the positions."""
        return Positions(self.lon[which], self.lat[which], self.uncertainty_m)

    def position(self, which: int) -> Position:
        """Return one of them."""
        point = Point(float(self.lon[which]), float(self.lat[which]))
        return Position(point, PRECISION, self.uncertainty_m)


@dataclass(frozen=True, slots=True, eq=False)
class Spans:
    """Least, usual and most minutes, P positions × Q places: NaN where there is no way, most without end infinite."""

    low: Floats
    mid: Floats
    high: Floats

    @classmethod
    def nowhere(cls, positions: int, places: int) -> Spans:
        """Return the minutes where nothing is reached."""
        return cls(*(np.full((positions, places), np.nan) for _ in range(3)))

    def or_else(self, other: Spans) -> Spans:
        """Return these minutes, and those of ``other`` where there are none here."""
        missing = np.isnan(self.mid)
        pairs = ((self.low, other.low), (self.mid, other.mid), (self.high, other.high))
        return Spans(*(np.where(missing, theirs, mine) for mine, theirs in pairs))
