"""Minutes over streets and by timetable between the sites of a city and its places, with the range they are known to.

By car the free time over streets is multiplied by the declared peak factor (least, usual, most), and what does not
depend on distance is added. By public transport the range is that of the 5th, 50th and 95th percentile over every
minute of the window. A position that may be off widens each range by the time over that distance, with the detour and
speed that estimates use.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from portico.city.model import Position, Travel
from portico.dates import PartialDate
from portico.figures import Evidence, Scalar
from portico.territory.estimates import can_walk, doubt_m
from portico.territory.model import Minutes, Mode, PlaceFacts
from portico.territory.nearby import DS_PER_MINUTE, UNREACHED, clock
from portico.territory.streets.model import Snapped
from portico.territory.travel.city import CityNetwork
from portico.territory.travel.matrix import matrix
from portico.territory.travel.model import USUAL, Direction, Going, Points, Window

KNOWN_WITHIN_M = 500.0
"""How far a position may be off for a way by timetable."""
_ANSWERS_KEPT = 16
_NOTHING: Mapping[str, Scalar] = MappingProxyType({})
Layers = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Journey:
    """Minutes from door to door, as of when, and what they rest on."""

    minutes: Minutes
    as_of: PartialDate | None
    evidence: tuple[Evidence, ...]


class Journeys:
    """The journeys of a city, found for all its sites at once when a mode is first asked for."""

    def __init__(
        self, city: CityNetwork, travel: Travel, starts: Iterable[Position], places: Iterable[PlaceFacts]
    ) -> None:
        """Answer for ``starts`` and any other position, to ``places``."""
        self._city = city
        self._travel = travel
        self._places = [place for place in places if place.position is not None]
        self._place_at = {place.id: at for at, place in enumerate(self._places)}
        self._starts = {(one.point.lon, one.point.lat): one for one in starts}
        self._lock = threading.RLock()
        self._asked: dict[tuple[tuple[float, float], Going], Layers | None] = {}
        self._rows: dict[tuple[Mode, Direction], dict[tuple[float, float], Layers]] = {}

    def between(self, start: Position, place: PlaceFacts, mode: Mode, going: Going = USUAL) -> Journey | None:
        """Return the journey from ``start`` to ``place`` (inbound: back), nothing where nothing here answers.

        Streets do not where an end lies on none within the limit, nor on foot where one is known too roughly.
        """
        minutes = self.minutes(start, place, mode, going)
        if minutes is None:
            return None
        window = self._city.window_of(going)
        day = PartialDate.parse(window.day.isoformat()) if mode is Mode.TRANSIT and isinstance(window, Window) else None
        ends = self._ends(start, _known(place), mode)
        return Journey(minutes, day, self.evidence(mode, going, ends))

    def minutes(self, start: Position, place: PlaceFacts, mode: Mode, going: Going = USUAL) -> Minutes | None:
        """Return the least, usual and most minutes, nothing where streets or timetables do not answer.

        Raises InputError for a day that the timetables do not know.
        """
        end = place.position
        if end is None or place.id not in self._place_at or not self.may_ask(start, end, mode):
            return None
        layers = self._costs(start, mode, going)
        if layers is None:
            return None
        costs = layers[:, self._place_at[place.id]]
        if costs[len(costs) // 2] >= UNREACHED:
            return None
        return self._ranged(costs, start, end, mode)

    def may_ask(self, start: Position, end: Position, mode: Mode) -> bool:
        """Say whether both positions are known well enough for a way over streets."""
        if mode is Mode.WALK:
            return can_walk(self._travel, start, end)
        if mode is Mode.TRANSIT:
            return max(start.uncertainty_m, end.uncertainty_m) <= KNOWN_WITHIN_M
        return True

    def _ranged(self, costs: Layers, start: Position, end: Position, mode: Mode) -> Minutes:
        found = [float(cost) / DS_PER_MINUTE if cost < UNREACHED else math.inf for cost in costs]
        low, mid, high = found if len(found) == 3 else found * 3  # noqa: PLR2004 - the percentiles
        if mode is Mode.CAR:
            factor, added = self._travel.streets.peak_factor, self._travel.car.minutes_added
            low, mid, high = (one * factor[at] + added[at] for at, one in enumerate((low, mid, high)))
        means = {Mode.BICYCLE: self._travel.bicycle, Mode.CAR: self._travel.car}.get(mode, self._travel.walk)
        off = doubt_m(start, end) * means.detour[1] / (means.speed_km_h[1] * 1000 / 60)
        return Minutes(max(0.0, low - off), mid, high + off)

    def _costs(self, start: Position, mode: Mode, going: Going) -> Layers | None:
        """Return the costs between ``start`` and every place, layers × places; those of the usual time are kept."""
        at = (start.point.lon, start.point.lat)
        if going.window is not None and mode is Mode.TRANSIT:
            return self._at_another_time(start, going)
        key = (mode, going.direction)
        with self._lock:
            if key not in self._rows:
                self._rows[key] = self._found(list(self._starts.values()), mode, going)
            if at not in self._rows[key]:
                self._rows[key] |= self._found([start], mode, going)
            return self._rows[key].get(at)

    def _at_another_time(self, start: Position, going: Going) -> Layers | None:
        """Return the costs by public transport at the time asked for; the last few answers are kept."""
        key = ((start.point.lon, start.point.lat), going)
        with self._lock:
            if key not in self._asked:
                if len(self._asked) >= _ANSWERS_KEPT:
                    self._asked.pop(next(iter(self._asked)))
                self._asked[key] = self._found([start], Mode.TRANSIT, going).get(key[0])
            return self._asked[key]

    def _found(self, starts: Sequence[Position], mode: Mode, going: Going) -> dict[tuple[float, float], Layers]:
        question = self._city.question(mode, going)
        if question is None or not starts:
            return {}
        sites, places = _points(starts), _points([_known(one) for one in self._places])
        if going.direction is Direction.OUTBOUND:
            costs = matrix(self._city.network, sites, places, question)
        else:
            costs = matrix(self._city.network, places, sites, question).swapaxes(1, 2)
        return {(one.point.lon, one.point.lat): costs[:, at] for at, one in enumerate(starts)}

    def _ends(self, start: Position, end: Position, mode: Mode) -> dict[str, Scalar]:
        """Return how far both ends lie from their streets and how far the positions may be off."""
        ends: Snapped = self._city.network.streets(mode).snap(*_coordinates([start, end]))
        return {
            "street_m_from_start": round(float(ends.connector_m[0])),
            "street_m_from_place": round(float(ends.connector_m[1])),
            "position_off_m": round(doubt_m(start, end)),
        }

    def evidence(self, mode: Mode, going: Going = USUAL, more: Mapping[str, Scalar] = _NOTHING) -> tuple[Evidence, ...]:
        """Return what minutes by ``mode`` rest on: the method, its parameters and ``more``; streets and timetables."""
        settings, travel = self._travel.streets, self._travel
        about: dict[str, Scalar] = {"direction": going.direction.value, **more}
        if not self._city.network.is_classed:
            about["streets_have_classes"] = False
        if mode is Mode.CAR:
            names = ("least", "usual", "most")
            about |= {f"peak_factor_{name}": value for name, value in zip(names, settings.peak_factor, strict=True)}
            about |= {f"minutes_added_{name}": one for name, one in zip(names, travel.car.minutes_added, strict=True)}
        if mode in (Mode.WALK, Mode.TRANSIT):
            about["walk_km_h"] = settings.walk_km_h
        window = self._city.window_of(going)
        if mode is not Mode.TRANSIT or not isinstance(window, Window):
            method = Evidence(method=f"territory.streets.{mode.value}", parameters=about)
            return (method, self._city.street_evidence)
        about |= {
            "day": window.day.isoformat(),
            "arrival" if window.arriving else "departure": clock(window.start_ds),
            "window_minutes": window.minutes,
            "percentiles": "5, 50, 95",
            "walk_limit_minutes": settings.walk_limit_minutes,
        }
        method = Evidence(method="territory.timetable", parameters=about)
        return (method, *self._city.timetable_evidence, self._city.street_evidence)


def _known(place: PlaceFacts) -> Position:
    if place.position is None:
        raise ValueError(place.id)  # only places with a position are asked for
    return place.position


def _coordinates(positions: Sequence[Position]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    return np.array([one.point.lon for one in positions]), np.array([one.point.lat for one in positions])


def _points(positions: Sequence[Position]) -> Points:
    return Points(tuple(str(at) for at in range(len(positions))), *_coordinates(positions))
