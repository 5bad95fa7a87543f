"""Entries put in order by the midpoint of their score interval; overlapping intervals share a band.

Additive value model (DCLG, *Multi-criteria analysis: a manual*, 2009): score = Σ share × value, on fixed scales, so
that adding a site never changes the order of two others. The rank interval says what the score intervals allow: the
best rank is one after those certainly better, the worst one is before those certainly worse.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from portico.match.model import Entry, Rank


def ranked(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Return ``entries`` in order, with ranks; those that cannot be ranked yet stand last, without one."""
    every = list(entries)
    rankable = sorted((one for one in every if one.is_rankable), key=lambda one: (-one.score_mid, one.site.id))
    rest = sorted((one for one in every if not one.is_rankable), key=lambda one: one.site.id)
    bands = _bands(rankable)
    return (*(replace(one, rank=_rank(one, rankable, band)) for one, band in zip(rankable, bands, strict=True)), *rest)


def _rank(entry: Entry, every: Sequence[Entry], band: int) -> Rank:
    better = sum(other.score_low > entry.score_high for other in every)
    worse = sum(other.score_high < entry.score_low for other in every)
    return Rank(better + 1, len(every) - worse, band)


def _bands(ordered: Sequence[Entry]) -> list[int]:
    """Number the bands: a new one starts where no earlier interval reaches down to any later one."""
    bands: list[int] = []
    for index, entry in enumerate(ordered):
        if index == 0:
            bands.append(1)
            continue
        floor = min(other.score_low for other in ordered[:index])
        ceiling = max(other.score_high for other in ordered[index:])
        bands.append(bands[-1] + (ceiling < floor or entry.score_high < floor))
    return bands
