"""What a measure says of many places at once, and of one of them as a figure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from portico.dates import PartialDate
from portico.figures import Evidence, Figure, Scalar, Status, together
from portico.messages import Message

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Scores:
    """A measure for many places.

    ``low`` and ``high`` bound it: infinite where nothing bounds it from above, NaN where nothing is known at all.
    ``unknown`` counts what reaches into it without being known, ``reached`` the others within reach at any cost.
    ``method`` is the evidence of the measure: name and parameters. ``of_shares`` says that people compete: what is
    not known is then a share, since an amount is not known, or since nobody is there to share it.
    """

    low: Floats
    high: Floats
    unknown: Ints
    reached: Ints
    unit: str
    method: Evidence
    of_shares: bool = False

    def __len__(self) -> int:
        """Return for how many places there is a score."""
        return len(self.low)

    @property
    def value(self) -> Floats:
        """The score where it is known, NaN where it is only bounded."""
        known: Floats = np.where(self.low == self.high, self.low, np.nan)
        return np.where(np.isfinite(known), known, np.nan)

    @property
    def parameters(self) -> Mapping[str, Scalar]:
        """The parameters of the measure."""
        return self.method.parameters

    def figure(self, place: int, *, evidence: Iterable[Evidence] = (), as_of: PartialDate | None = None) -> Figure:
        """Return the score of one place; ``evidence`` is that of the costs and of the amounts.

        It is estimated: travel minutes are. Where something it rests on is not known it is missing but for its bounds.
        """
        low, high = float(self.low[place]), float(self.high[place])
        rests_on = together((self.method,), evidence)
        note = self._note(place)
        if low == high and np.isfinite(low):
            return Figure.exactly(low, self.unit, Status.ESTIMATED, as_of=as_of, evidence=rests_on, note=note)
        least, most = (one if np.isfinite(one) else None for one in (low, high))
        return Figure.missing(self.unit, low=least, high=most, as_of=as_of, evidence=rests_on, note=note)

    def _note(self, place: int) -> Message | None:
        if not self.reached[place]:
            return Message("access-nothing-reached")
        if self.unknown[place]:
            count = int(self.unknown[place])
            return Message("access-shares-unknown" if self.of_shares else "access-amounts-unknown", {"count": count})
        if np.isnan(self.low[place]):
            return Message("access-too-few-reached")
        return None
