"""Criteria that add up what there is at places, at many positions at once: ``doubtful_sum`` in arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from portico.dates import PartialDate
from portico.figures import Evidence
from portico.indicators.access.decay import Decay
from portico.match.criteria.over import evidence_of, going_of
from portico.match.criteria.spread import UNDATED, Spread
from portico.match.model import Asked
from portico.territory.layers import Territory
from portico.territory.many.minutes import minutes
from portico.territory.many.positions import Positions, Spans
from portico.territory.model import Mode, PlaceFacts
from portico.territory.nearby import Floats

Range = tuple[float, float, float]
_BOUNDS = 3
NO_DAY = int(np.iinfo(np.int64).max)
"""The day of what plays no part in a date."""


@dataclass(frozen=True, slots=True)
class Supply:
    """What is added up: the places, how much there is at each (least, usual, most; not a number where nobody said).

    ``days`` says of when each amount is, as ``day_of`` has it, ``NO_DAY`` where that plays no part; with ``dates_all``
    that of all places holds where nothing counts. ``of_reached``: of a position that reaches none of the places nothing
    is known, else that it has none of what there is.
    """

    places: Sequence[PlaceFacts]
    amounts: Sequence[Range]
    days: Sequence[int]
    evidence: tuple[Evidence, ...] = ()
    factor: float = 1.0
    of_reached: bool = True
    dates_all: bool = True


def added_up(territory: Territory, starts: Positions, asked: Asked, supply: Supply, decay: Decay) -> Spread:
    """Return the sum of ``supply`` weighted by ``decay`` over the minutes from each position (``inbound``: to it).

    A = Σ_j O_j f(c_j): the least takes the least amounts at the most minutes, the most the other way round. Unknown
    everywhere where there is nothing to add up.
    """
    mode, going = asked.mode or Mode.CAR, going_of(asked)
    count = len(starts)
    if not supply.places:
        return Spread.unknown(count)
    placed = np.array([one.position is not None for one in supply.places])
    ends = [one.position for one in supply.places if one.position is not None]
    amounts = np.array(supply.amounts, dtype=np.float64).reshape(-1, _BOUNDS).T
    ordinals = np.array(supply.days, dtype=np.int64)
    whole = [np.full(count, np.nan) for _ in range(_BOUNDS)]
    days = np.full(count, UNDATED, dtype=np.int64)
    for which, spans in minutes(territory, starts, ends, mode, going):
        every = _with_unplaced(spans, placed)
        bounds, counted = _summed(amounts, every, decay, of_reached=supply.of_reached)
        for column, part in zip(whole, bounds, strict=True):
            column[which] = part * supply.factor
        days[which] = _oldest(counted, ordinals, dates_all=supply.dates_all)
    evidence = (*supply.evidence, *evidence_of(territory, supply.places, mode, going))
    return Spread.bounded(*whole, evidence=evidence, days=days)


def _with_unplaced(spans: Spans, placed: NDArray[np.bool_]) -> Spans:
    """Return the minutes to all places, NaN to those of which nobody knows where they are."""
    if placed.all():
        return spans
    every = Spans.nowhere(len(spans.mid), len(placed))
    for whole, part in ((every.low, spans.low), (every.mid, spans.mid), (every.high, spans.high)):
        whole[:, placed] = part
    return every


def _summed(
    amounts: Floats, spans: Spans, decay: Decay, *, of_reached: bool
) -> tuple[tuple[Floats, Floats, Floats], NDArray[np.bool_]]:
    """Return the bounds of the sum at each position, and which places count in the usual one, positions × places."""
    there = ~np.isnan(spans.mid)
    most = decay(np.where(there, spans.low, 0.0))  # what is not reached may be next door
    usual = np.where(there, decay(np.where(there, spans.mid, 0.0)), 0.0)
    least = np.where(there, decay(np.where(there, spans.high, 0.0)), 0.0)
    said = ~np.isnan(amounts[1])
    low = least @ amounts[0]
    mid = usual @ np.where(said, amounts[1], 0.0)
    endless = np.isinf(amounts[2])
    high = most @ np.where(endless, 0.0, amounts[2])
    high[((most > 0) & endless).any(axis=1)] = np.inf
    counted = (usual > 0) & said
    unsaid = ((most > 0) & ~said).any(axis=1)
    mid[unsaid & ~counted.any(axis=1)] = np.nan
    if of_reached:
        nowhere = ~there.any(axis=1)
        for one in (low, mid, high):
            one[nowhere] = np.nan
    return (low, mid, high), counted


def _oldest(counted: NDArray[np.bool_], ordinals: NDArray[np.int64], *, dates_all: bool) -> NDArray[np.int64]:
    """Return the oldest day of what counts at each position, of all where nothing does and ``dates_all``."""
    found = np.where(counted, ordinals, NO_DAY).min(axis=1, initial=NO_DAY)
    nothing = ~counted.any(axis=1)
    found[nothing] = ordinals.min(initial=NO_DAY) if dates_all else NO_DAY
    return np.where(found == NO_DAY, UNDATED, found).astype(np.int64)


def day_of(stated: PartialDate | None) -> int:
    """Return a date as ``Spread.days`` has it."""
    return UNDATED if stated is None else stated.earliest.toordinal()
