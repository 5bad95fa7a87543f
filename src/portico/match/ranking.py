"""Entries put in order by the midpoint of their score interval; overlapping intervals share a band.

Additive value model (DCLG, *Multi-criteria analysis: a manual*, 2009): score = Σ share × value, on fixed scales, so
that adding a site never changes the order of two others. The rank interval says what the score intervals allow: the
best rank is one after those certainly better, the worst one is before those certainly worse.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import accumulate

from portico.match.model import Entry, Rank


def ranked(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Return ``entries`` in order, with ranks; those that cannot be ranked yet stand last, without one."""
    every = list(entries)
    rankable = sorted((one for one in every if one.is_rankable), key=lambda one: (-one.score_mid, one.site.id))
    rest = sorted((one for one in every if not one.is_rankable), key=lambda one: one.site.id)
    lows, highs = (sorted(getattr(one, bound) for one in rankable) for bound in ("score_low", "score_high"))
    bands = _bands(rankable)
    return (
        *(replace(one, rank=_rank(one, lows, highs, band)) for one, band in zip(rankable, bands, strict=True)),
        *rest,
    )


def _rank(entry: Entry, lows: Sequence[float], highs: Sequence[float], band: int) -> Rank:
    better = len(lows) - bisect_right(lows, entry.score_high)
    worse = bisect_left(highs, entry.score_low)
    return Rank(better + 1, len(highs) - worse, band)


def _bands(ordered: Sequence[Entry]) -> list[int]:
    """Number the bands: a new one starts where no earlier interval reaches down to any later one."""
    floors = accumulate((one.score_low for one in ordered), min)
    ceilings = list(accumulate((one.score_high for one in reversed(ordered)), max))[::-1]
    bands = [1] if ordered else []
    for floor, ceiling in zip(floors, ceilings[1:], strict=False):
        bands.append(bands[-1] + (ceiling < floor))
    return bands
