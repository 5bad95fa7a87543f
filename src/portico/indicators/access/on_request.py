"""Costs over streets that are found when they are asked for: every cell of a metropolitan area in little memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from portico.indicators.access.costs import Block
from portico.territory.nearby import DS_PER_MINUTE, UNREACHED
from portico.territory.streets.model import Snapped
from portico.territory.streets.streets import Streets
from portico.territory.travel.matrix import at_peak
from portico.territory.travel.model import Direction

_AT_ONCE = 4_000_000


@dataclass(frozen=True, slots=True)
class OnStreets:
    """Costs between points on streets, a portion at a time; by car ``peak_factor`` times as long.

    ``at`` are the places that are judged, ``among`` the others. Nothing beyond ``limit_minutes`` is looked at.
    """

    streets: Streets
    at: Snapped
    among: Snapped
    direction: Direction
    limit_minutes: float | None = None
    peak_factor: float = 1.0

    @property
    def places(self) -> int:
        """How many are judged."""
        return len(self.at)

    @property
    def others(self) -> int:
        """How many there are to reach."""
        return len(self.among)

    def blocks(self) -> Iterator[Block]:
        """Yield the reached pairs, some places at a time."""
        height = max(1, _AT_ONCE // max(1, self.others))
        limit_ds = UNREACHED - 1 if self.limit_minutes is None else round(self.limit_minutes * DS_PER_MINUTE)
        for start in range(0, self.places, height):
            some = self.at.take(slice(start, start + height))
            if self.direction is Direction.OUTBOUND:
                costs = self.streets.matrix(some, self.among)
            else:
                costs = np.ascontiguousarray(self.streets.matrix(self.among, some).T)
            if self.peak_factor != 1.0:
                costs = at_peak(costs, self.peak_factor)
            place, other = np.nonzero(costs <= limit_ds)
            yield Block(start, start + len(some), place, other, costs[place, other] / float(DS_PER_MINUTE))

    def turned(self) -> OnStreets:
        """Return the same costs seen from the others."""
        return replace(self, at=self.among, among=self.at, direction=self.direction.turned)
