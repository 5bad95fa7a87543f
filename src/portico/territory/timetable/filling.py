"""Times that a feed leaves empty, filled between the two stops around them that have one.

Publishers give times at timepoints only (of the 130,019 rows of one feed of Porto Alegre, 96.3 % are empty) and the
reference of the format leaves the rest to who reads. Between two known times a vehicle is taken to move at an even
speed along ``shape_dist_traveled`` where the feed gives it at every stop of the gap, else along straight lines between
the stops, else, where a stop has no position, by the number of stops. Filled times are whole deciseconds, arrival and
departure alike.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from portico.territory.nearby import Floats, Ints

Longs = NDArray[np.int64]
Bools = NDArray[np.bool_]

UNKNOWN = -1
"""The deciseconds of a time that is empty."""
# WGS 84, as in ``geo``.
_A_M = 6_378_137.0
_E2 = 0.006_694_379_990_141_316
_CM_PER_M = 100


@dataclass(frozen=True, slots=True)
class Filling:
    """How many rows of stop times are in use, and how many of them were filled, by what."""

    rows: int = 0
    by_shape: int = 0
    by_line: int = 0
    by_count: int = 0

    @property
    def filled(self) -> int:
        """How many rows had no time of their own."""
        return self.by_shape + self.by_line + self.by_count

    @property
    def share(self) -> float:
        """The part of the rows in use that had no time of their own, 0 to 1."""
        return self.filled / self.rows if self.rows else 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Times:
    """The rows of stop times in order of travel, trip after trip; each trip begins and ends with a known time."""

    stop: Longs
    arrival_ds: Longs
    departure_ds: Longs
    shape_m: Floats


def fill(times: Times, lon: Floats, lat: Floats) -> tuple[Ints, Ints, Filling]:
    """Return arrivals and departures with nothing empty (int32 deciseconds), and how they were filled.

    ``lon`` and ``lat`` are the positions of the stops (EPSG:4326), not a number where there is none.
    """
    arrival, departure = times.arrival_ds.copy(), times.departure_ds.copy()
    here = np.flatnonzero(arrival == UNKNOWN)
    before, after = _around(arrival != UNKNOWN, here)
    gap = arrival[after] - departure[before]
    by_shape, shape_share = _by_shape(times.shape_m, before, here, after)
    by_line, done_cm, all_cm = _by_line(times.stop, lon, lat, (before, here, after))
    by_line &= ~by_shape
    at = departure[before] + _part(gap, here - before, after - before)
    at[by_line] = (departure[before] + _part(gap, done_cm, np.maximum(all_cm, 1)))[by_line]
    at[by_shape] = (departure[before] + np.floor(gap * shape_share + 0.5).astype(np.int64))[by_shape]
    arrival[here] = departure[here] = at
    shaped, lined = int(by_shape.sum()), int(by_line.sum())
    filling = Filling(len(arrival), shaped, lined, len(here) - shaped - lined)
    return arrival.astype(np.int32), departure.astype(np.int32), filling


def _around(known: Bools, here: Longs) -> tuple[Longs, Longs]:
    """Return the nearest known row before and after each unknown one."""
    rows = np.flatnonzero(known)
    after = np.searchsorted(rows, here)
    return rows[after - 1], rows[after] if len(here) else here


def _part(gap: Longs, done: Longs, whole: Longs) -> Longs:
    """Return ``done / whole`` of each gap, a half rounded up."""
    return (2 * gap * done + whole) // (2 * whole)


def _by_shape(shape_m: Floats, before: Longs, here: Longs, after: Longs) -> tuple[Bools, Floats]:
    """Say where the distances along the shape are usable, and which part of the gap lies behind each row."""
    with np.errstate(invalid="ignore"):
        steps = np.diff(shape_m, prepend=np.nan)
        fine = _none_between(~(steps >= 0), before, after) & (shape_m[after] > shape_m[before])
        share = np.divide(
            shape_m[here] - shape_m[before], shape_m[after] - shape_m[before], out=np.zeros(len(here)), where=fine
        )
    return fine, share


def _by_line(stop: Longs, lon: Floats, lat: Floats, rows: tuple[Longs, Longs, Longs]) -> tuple[Bools, Longs, Longs]:
    """Say where straight lines are usable, and the centimetres behind each row and over its whole gap.

    Whole centimetres, so that a sum does not depend on what else is in the file.
    """
    before, here, after = rows
    steps = np.append(0.0, metres_between(lon[stop[:-1]], lat[stop[:-1]], lon[stop[1:]], lat[stop[1:]]))[: len(stop)]
    far = np.cumsum(np.rint(np.nan_to_num(steps) * _CM_PER_M).astype(np.int64))
    whole = far[after] - far[before]
    return _none_between(np.isnan(steps), before, after) & (whole > 0), far[here] - far[before], whole


def _none_between(bad: Bools, before: Longs, after: Longs) -> Bools:
    """Say whether no row behind ``before``, up to ``after``, is bad."""
    count = np.cumsum(bad)
    return np.asarray(count[after] == count[before])


def metres_between(lon: Floats, lat: Floats, to_lon: Floats, to_lat: Floats) -> Floats:
    """Return the metres in a straight line between points in EPSG:4326, as ``geo.distance_m`` does for two."""
    mean = np.radians((lat + to_lat) / 2)
    bulge = 1 - _E2 * np.sin(mean) ** 2
    prime_vertical = _A_M / np.sqrt(bulge)
    north = prime_vertical * (1 - _E2) / bulge * np.radians(to_lat - lat)
    east = prime_vertical * np.cos(mean) * np.radians(to_lon - lon)
    return np.asarray(np.hypot(north, east))
