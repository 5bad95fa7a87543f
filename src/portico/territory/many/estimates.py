"""Minutes estimated from straight lines, for many positions at once: ``territory.estimates`` in arrays."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from portico.city.model import Position, Travel, TravelMode
from portico.geo import distances_m
from portico.territory.many.positions import Positions, Spans
from portico.territory.model import Mode
from portico.territory.nearby import Floats

_M_PER_MIN = 1000.0 / 60.0


def lines_m(starts: Positions, ends: Sequence[Position]) -> tuple[Floats, Floats, Floats]:
    """Return the least, the stated and the most length in metres of the straight lines, P starts × Q ends."""
    lon, lat = (np.array([getattr(one.point, axis) for one in ends], dtype=np.float64) for axis in ("lon", "lat"))
    stated = distances_m(starts.lon[:, np.newaxis], starts.lat[:, np.newaxis], lon, lat)
    doubt = starts.uncertainty_m + np.array([one.uncertainty_m for one in ends])
    return np.maximum(0.0, stated - doubt), stated, stated + doubt


def by_mode(mode: TravelMode, metres: tuple[Floats, Floats, Floats]) -> Spans:
    """Return the minutes of ``mode`` over straight lines."""
    slow, usual, fast = (speed * _M_PER_MIN for speed in mode.speed_km_h)
    least, stated, most = metres
    detour, added = mode.detour, mode.minutes_added
    return Spans(
        least * detour[0] / fast + added[0],
        stated * detour[1] / usual + added[1],
        most * detour[2] / slow + added[2],
    )


def direct(travel: Travel, mode: Mode, starts: Positions, ends: Sequence[Position]) -> Spans:
    """Return the minutes from door to door by foot, bicycle or car; on foot none where an end is known too roughly.

    The formula is that of ``territory.estimates``: minutes = (d ± u) × detour / speed + minutes added.

    >>> from portico.geo import Point
    >>> here = Positions(np.array([7.68]), np.array([45.07]), 0.0)
    >>> direct(Travel(), Mode.CAR, here, [Position(Point(7.70, 45.07), "exact", 0.0)]).mid.round(1).tolist()
    [[6.4]]
    """
    means = {Mode.WALK: travel.walk, Mode.BICYCLE: travel.bicycle, Mode.CAR: travel.car}[mode]
    found = by_mode(means, lines_m(starts, ends))
    if mode is not Mode.WALK:
        return found
    limit = travel.walk_uncertainty_limit_m
    rough = np.array([max(starts.uncertainty_m, one.uncertainty_m) > limit for one in ends], dtype=bool)
    return Spans(*(np.where(rough, np.nan, one) for one in (found.low, found.mid, found.high)))
