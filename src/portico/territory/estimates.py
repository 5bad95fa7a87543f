"""Travel minutes estimated from a straight line, with a range that owns up to what is not known.

For a straight line d between two positions that may be off by u metres together::

    minutes = (d ± u) × detour / speed + minutes added

The least minutes take the shortest line, the smallest detour and the highest speed; the most take the opposite; the
usual ones the middle values. Detour factors and speeds are declared in ``city.toml`` under ``[travel]``. The form is
the usual one of detour (circuity) times distance: Levinson and El-Geneidy, *The minimum circuity frontier*, 2009.
"""

from __future__ import annotations

from portico.city.model import Position, Travel, TravelMode
from portico.geo import distance_m
from portico.territory.model import Minutes, Mode

_M_PER_MIN = 1000.0 / 60.0


def doubt_m(start: Position, end: Position) -> float:
    """Return how far the straight line between two positions may be off, in metres."""
    return start.uncertainty_m + end.uncertainty_m


def line_m(start: Position, end: Position) -> tuple[float, float, float]:
    """Return the least, the stated and the most length of the straight line in metres."""
    stated = distance_m(start.point, end.point)
    doubt = doubt_m(start, end)
    return max(0.0, stated - doubt), stated, stated + doubt


def by_mode(mode: TravelMode, metres: tuple[float, float, float]) -> Minutes:
    """Return the minutes of ``mode`` over a straight line.

    >>> by_mode(TravelMode((1.0, 1.0, 1.0), (6.0, 6.0, 6.0)), (1000.0, 1000.0, 1000.0)).mid
    10.0
    """
    slow, usual, fast = (speed * _M_PER_MIN for speed in mode.speed_km_h)
    added = mode.minutes_added
    return Minutes(
        metres[0] * mode.detour[0] / fast + added[0],
        metres[1] * mode.detour[1] / usual + added[1],
        metres[2] * mode.detour[2] / slow + added[2],
    )


def direct(travel: Travel, mode: Mode, start: Position, end: Position) -> Minutes | None:
    """Return the minutes from door to door by foot, bicycle or car.

    On foot there is no answer where either end is known only to a few kilometres: any number would be made up.
    """
    if mode is Mode.WALK and not can_walk(travel, start, end):
        return None
    means = {Mode.WALK: travel.walk, Mode.BICYCLE: travel.bicycle, Mode.CAR: travel.car}[mode]
    return by_mode(means, line_m(start, end))


def can_walk(travel: Travel, *ends: Position) -> bool:
    """Say whether every end is known well enough for minutes on foot."""
    return all(end.uncertainty_m <= travel.walk_uncertainty_limit_m for end in ends)


def parameters(mode: TravelMode) -> dict[str, float]:
    """Return the assumptions as they stand in the evidence of a figure."""
    names = ("least", "usual", "most")
    found = {f"detour_{name}": value for name, value in zip(names, mode.detour, strict=True)}
    found |= {f"speed_km_h_{name}": value for name, value in zip(names, mode.speed_km_h, strict=True)}
    return found | {f"minutes_added_{name}": value for name, value in zip(names, mode.minutes_added, strict=True)}
