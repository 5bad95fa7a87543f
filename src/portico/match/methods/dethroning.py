"""The smallest change of weights that puts another alternative first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from portico.match.methods.scales import Floats

_NOTHING = 1e-12


@dataclass(frozen=True, slots=True)
class Dethroning:
    """For each alternative: how far the weights must move (Σ|change|, 0 to 2) until it scores as much as the first.

    NaN where no weights at all put it before the first. ``weights`` (alternatives × criteria) are those that do; beyond
    them, however little, it is first.
    """

    first: int
    distance: Floats
    weights: Floats

    @property
    def rival(self) -> int:
        """The alternative that needs the smallest change; -1 where none can be first."""
        known = np.where(np.isnan(self.distance), np.inf, self.distance)
        best = int(np.argmin(known)) if len(known) else -1
        return best if best >= 0 and np.isfinite(known[best]) else -1


def dethrone(values: Floats, weights: Floats, first: int) -> Dethroning:
    """Return for each rival the smallest change of ``weights`` (sum 1, none below 0) that lets it overtake ``first``.

    ``values``, alternatives × criteria, are those by which ``first`` is first. The linear programme has a closed form:
    with d the lead of the rival by criterion, a share of weight moved from k to l gains it d_l − d_k at the cost 2, so
    weight goes to the criterion of its largest lead and comes from those of its smallest, in turn, until the lead of
    the first is made up.
    """
    lead = values - values[first]
    behind = -(lead @ weights)
    target = lead.argmax(axis=1)
    most = lead.max(axis=1)
    order = np.argsort(lead, axis=1, kind="stable")
    gain = most[:, None] - np.take_along_axis(lead, order, axis=1)
    given = np.where(order == target[:, None], 0.0, weights[order])
    made_up = np.cumsum(gain * given, axis=1)
    still = np.maximum(behind[:, None] - (made_up - gain * given), 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        moved_in_order = np.where(gain > _NOTHING, np.minimum(given, still / gain), 0.0)
    moved = np.zeros_like(lead)
    np.put_along_axis(moved, order, moved_in_order, axis=1)
    new = weights - moved
    rows = np.arange(len(values))
    new[rows, target] += moved.sum(axis=1)
    distance = 2 * moved.sum(axis=1)
    never = most <= _NOTHING
    never[first] = True
    distance[never] = np.nan
    new[never] = np.nan
    return Dethroning(first, distance, new)
