"""What a criterion finds at many positions at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from portico.dates import PartialDate
from portico.figures import Evidence
from portico.territory.nearby import Floats


@dataclass(frozen=True, slots=True, eq=False)
class Spread:
    """A number at each of P positions: least, usual and most, NaN where it is not known; as a Figure has it at one.

    ``as_of`` is the date of the oldest part it rests on, ``evidence`` what all the numbers rest on together.
    """

    low: Floats
    mid: Floats
    high: Floats
    as_of: PartialDate | None = None
    evidence: tuple[Evidence, ...] = ()

    def __len__(self) -> int:
        """Return at how many positions."""
        return len(self.mid)

    @classmethod
    def bounded(
        cls,
        low: Floats,
        mid: Floats,
        high: Floats,
        as_of: PartialDate | None = None,
        evidence: tuple[Evidence, ...] = (),
    ) -> Spread:
        """Return a spread of bounds that may be infinite: what nothing bounds is not known."""
        made = (np.where(np.isfinite(one), one, np.nan) for one in (low, mid, high))
        return cls(*made, as_of, evidence)
