"""What a criterion finds at many positions at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from portico.dates import months_before
from portico.figures import Evidence
from portico.territory.nearby import Floats

UNDATED = -1
"""The day of what nobody dated: older than any."""


@dataclass(frozen=True, slots=True, eq=False)
class Spread:
    """A number at each of P positions: least, usual and most, NaN where it is not known; as a Figure has it at one.

    ``days`` are those of the oldest part each rests on (``date.toordinal``, the first day where only month or year is
    known), ``UNDATED`` where one part has none; nothing where no day plays a part. ``evidence`` is what all the numbers
    rest on together.
    """

    low: Floats
    mid: Floats
    high: Floats
    evidence: tuple[Evidence, ...] = ()
    days: NDArray[np.int64] | None = None

    def __len__(self) -> int:
        """Return at how many positions."""
        return len(self.mid)

    @classmethod
    def unknown(cls, count: int) -> Spread:
        """Return what is known nowhere, of ``count`` positions."""
        low, mid, high = (np.full(count, np.nan) for _ in range(3))
        return cls(low, mid, high)

    @classmethod
    def bounded(
        cls,
        low: Floats,
        mid: Floats,
        high: Floats,
        *,
        evidence: tuple[Evidence, ...] = (),
        days: NDArray[np.int64] | None = None,
    ) -> Spread:
        """Return a spread of bounds that may be infinite: what nothing bounds is not known."""
        low, mid, high = (np.where(np.isfinite(one), one, np.nan) for one in (low, mid, high))
        return cls(low, mid, high, evidence, days)

    def stale(self, as_of: date, limit_months: int) -> NDArray[np.bool_]:
        """Say where what it rests on is older than ``limit_months`` on ``as_of``, as ``dates.is_stale`` does."""
        if self.days is None:
            return np.ones(len(self), dtype=bool)  # undated
        found: NDArray[np.bool_] = self.days < months_before(as_of, limit_months).toordinal()
        return found
