"""Minutes by public transport between many points, over every departure (or arrival) of a window.

Who travels walks to a stop, rides at most ``max_rides`` vehicles with at most one walk between two of them, and walks
on; or walks all the way, where that is sooner. Walking comes as sparse costs from streets (``Walks``).

The percentile ``p`` of the travel times over ``n`` departures is the one of nearest rank: of the times in rising order
the one in place ⌈p/100 · n⌉, the first for 0 (Hyndman and Fan, *Sample quantiles in statistical packages*, The American
Statistician 1996, definition 1). It is always a travel time that occurs; departures that do not reach the point stand
last, so that it is unreached where too few do.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from portico.errors import UsageError
from portico.territory.nearby import UNREACHED, Ints, Nearby
from portico.territory.timetable.model import Timetable

Table = NDArray[np.int32]
_ORIGINS_AT_ONCE = 16


@dataclass(frozen=True, slots=True, eq=False)
class Walks:
    """Walking, in int32 deciseconds: from origins to stops, from stops to destinations, between stops, all the way.

    ``access`` has a row of stops for each of the P origins, ``egress`` a row of the stops one comes from for each of
    the Q destinations, ``transfers`` a row for each stop (None: only what the feeds say). ``direct_ds`` (P × Q) is
    walking all the way, ``UNREACHED`` where one does not.
    """

    access: Nearby
    egress: Nearby
    transfers: Nearby | None
    direct_ds: Table

    def reversed(self) -> Walks:
        """Return the walks of who travels backwards: origins and destinations change places."""
        between = None if self.transfers is None else self.transfers.transposed(len(self.transfers))
        return Walks(self.egress, self.access, between, np.ascontiguousarray(self.direct_ds.T))


@dataclass(frozen=True, slots=True)
class Limits:
    """How many vehicles one rides, how many deciseconds one travels at most, and how many threads share the work."""

    max_rides: int = 8
    limit_ds: int = 72_000
    threads: int = 2


USUAL = Limits()


def minutes_of(start_ds: int, minutes: int) -> Ints:
    """Return every minute from ``start_ds`` on, ``minutes`` of them.

    >>> minutes_of(504_000, 2).tolist()
    [504000, 504600]
    """
    return (start_ds + 600 * np.arange(minutes)).astype(np.int32)


def matrix(
    timetable: Timetable,
    walks: Walks,
    departures_ds: Ints,
    percentiles: Sequence[float] = (50,),
    limits: Limits = USUAL,
) -> NDArray[np.int32]:
    """Return travel times, int32[K, P, Q] deciseconds: for each of K percentiles, from each origin to each destination.

    ``departures_ds`` are times of the timetable, in any order. ``UNREACHED`` stands where too few departures reach the
    destination within the limit.
    """
    from portico.territory.timetable import raptor_kernels  # noqa: PLC0415 - compiled code, only where used

    stops = len(timetable.stops)
    if walks.direct_ds.shape != (len(walks.access), len(walks.egress)):
        raise ValueError("walking all the way is not known for each origin and each destination")
    access, egress = _plain(walks.access, stops), _plain(walks.egress, stops)
    departures = np.sort(np.asarray(departures_ds, dtype=np.int32))
    order, ranks = _ranks(percentiles, len(departures))
    origins, points = len(walks.access), len(walks.egress)
    out = np.empty((origins, points, len(ranks)), dtype=np.int32)
    changes = timetable.rules.changes(walks.transfers)
    parts = [np.arange(at, min(at + _ORIGINS_AT_ONCE, origins)) for at in range(0, origins, _ORIGINS_AT_ONCE)]

    def travel(part: NDArray[np.int64]) -> None:
        raptor_kernels.travel_times(
            timetable.network,
            changes,
            access,
            egress,
            np.ascontiguousarray(walks.direct_ds, dtype=np.int32),
            departures,
            ranks,
            limits.max_rides,
            limits.limit_ds,
            part,
            out,
        )

    with ThreadPoolExecutor(max(1, limits.threads)) as pool:
        list(pool.map(travel, parts))
    made = np.empty((len(ranks), origins, points), dtype=np.int32)
    made[order] = np.moveaxis(out, 2, 0)
    return made


def matrix_arriving(
    timetable: Timetable,
    walks: Walks,
    arrivals_ds: Ints,
    percentiles: Sequence[float] = (50,),
    limits: Limits = USUAL,
) -> NDArray[np.int32]:
    """Return travel times as ``matrix`` does, of who must be there at ``arrivals_ds`` and leaves last."""
    backwards = -np.asarray(arrivals_ds, dtype=np.int32)
    found = matrix(timetable.reversed(), walks.reversed(), backwards, percentiles, limits)
    return np.ascontiguousarray(found.transpose(0, 2, 1))


def one_to_all(
    timetable: Timetable,
    access: Nearby,
    transfers: Nearby | None,
    departure_ds: int,
    limits: Limits = USUAL,
) -> Table:
    """Return when a vehicle brings one to each stop, for each row of ``access``: int32[P, S] deciseconds.

    These are times of the timetable, the earliest arrivals of a ride; walking to the stop is none. ``UNREACHED`` stands
    where nothing arrives in time.
    """
    from portico.territory.timetable import raptor_kernels  # noqa: PLC0415 - compiled code, only where used

    out = np.empty((len(access), len(timetable.stops)), dtype=np.int32)
    departures = np.full(len(access), departure_ds, dtype=np.int32)
    changes = timetable.rules.changes(transfers)
    raptor_kernels.arrivals(
        timetable.network,
        changes,
        _plain(access, len(timetable.stops)),
        departures,
        limits.max_rides,
        limits.limit_ds,
        out,
    )
    out[out > departure_ds + limits.limit_ds] = UNREACHED
    return out


def _plain(near: Nearby, stops: int) -> tuple[NDArray[np.int64], Ints, Ints]:
    """Return rows as the kernels take them, which do not look where they reach."""
    if len(near.index) and not 0 <= near.index.min() <= near.index.max() < stops:
        raise ValueError("a walk leads to a stop that is not there")
    return (
        np.asarray(near.first, dtype=np.int64),
        np.asarray(near.index, dtype=np.int32),
        np.asarray(near.cost_ds, dtype=np.int32),
    )


def rank_of(percentile: float, count: int) -> int:
    """Return the place, from 0, of the percentile of nearest rank among ``count`` numbers in rising order.

    >>> rank_of(95, 20), rank_of(0.1, 30_000)
    (18, 29)
    """
    # A percentile is a decimal number: 0.1 × 30 is 3, not a little more.
    return max(math.ceil(round(percentile * count / 100, 9)) - 1, 0)


def _ranks(percentiles: Sequence[float], count: int) -> tuple[NDArray[np.int64], Ints]:
    """Return the nearest ranks of percentiles in rising order, from 0, and where each belongs.

    >>> _ranks((95, 5, 50), 20)[1].tolist()
    [0, 9, 18]
    """
    if not count:
        raise UsageError("window-empty")
    for one in percentiles:
        if not 0 <= one <= 100:  # noqa: PLR2004 - per cent
            raise UsageError("percentile-unknown", value=str(one))
    ranks = np.array([rank_of(one, count) for one in percentiles], dtype=np.int32)
    order = np.argsort(ranks, kind="stable")
    return order, ranks[order]
