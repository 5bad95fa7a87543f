"""The nouns of travel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from portico.territory.model import Mode
from portico.territory.nearby import DS_PER_MINUTE, UNREACHED, Floats


class Direction(StrEnum):
    """Which way one travels, seen from a place: away from it, or to it."""

    OUTBOUND = "outbound"
    INBOUND = "inbound"

    @property
    def turned(self) -> Direction:
        """The other direction."""
        return Direction.INBOUND if self is Direction.OUTBOUND else Direction.OUTBOUND


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """P named points in EPSG:4326."""

    ids: tuple[str, ...]
    lon: Floats
    lat: Floats

    def __len__(self) -> int:
        """Return how many points there are."""
        return len(self.ids)

    def take(self, which: slice) -> Points:
        """Return some of the points."""
        return Points(self.ids[which], self.lon[which], self.lat[which])

    @classmethod
    def at(cls, lon: float, lat: float, name: str = "") -> Points:
        """Return one point.

        >>> len(Points.at(7.68, 45.07))
        1
        """
        return cls((name,), np.array([lon]), np.array([lat]))


@dataclass(frozen=True, slots=True)
class Window:
    """When one leaves, or arrives: ``minutes`` minutes from ``start_ds`` on, deciseconds into the service day."""

    day: date
    start_ds: int
    minutes: int = 1
    arriving: bool = False


@dataclass(frozen=True, slots=True)
class Going:
    """Which way one travels, seen from a site, and when: at the usual time of the city where no window is given.

    Outbound one leaves in the window, inbound one arrives in it.
    """

    direction: Direction = Direction.OUTBOUND
    window: Window | None = None


USUAL = Going()


@dataclass(frozen=True, slots=True)
class Question:
    """How one travels: by which mode and, by public transport, when.

    ``walk_limit_minutes`` bounds the walk to and from a stop, ``change_limit_minutes`` the walk between two rides,
    ``limit_minutes``, where given, a whole journey by public transport. ``peak_factor`` multiplies the time by car.
    ``percentiles`` are those of the travel time over every minute of the window, by nearest rank.
    """

    mode: Mode
    window: Window | None = None
    percentiles: tuple[float, ...] = (50.0,)
    walk_limit_minutes: float = 20.0
    change_limit_minutes: float = 8.0
    limit_minutes: float | None = None
    max_rides: int = 8
    peak_factor: float = 1.0


def minutes_of(costs_ds: NDArray[np.int32]) -> Floats:
    """Return deciseconds as minutes; what is not reached is not a number.

    >>> minutes_of(np.array([600, UNREACHED], dtype=np.int32)).tolist()
    [1.0, nan]
    """
    minutes: Floats = costs_ds / DS_PER_MINUTE
    minutes[costs_ds >= UNREACHED] = np.nan
    return minutes
