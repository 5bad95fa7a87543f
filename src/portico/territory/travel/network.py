"""Streets and timetables put together: what journeys are asked of."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import numpy as np

from portico.errors import InputError
from portico.geo import Box
from portico.lake.readers.osm_streets import OsmStreets
from portico.territory.model import Mode
from portico.territory.nearby import DS_PER_MINUTE, Nearby
from portico.territory.streets.building import build_graph
from portico.territory.streets.model import Snapped
from portico.territory.streets.reading import is_classed, read_streets
from portico.territory.streets.snapping import LIMIT_M
from portico.territory.streets.speeds import WALKED_KM_H
from portico.territory.streets.storing import keep, kept
from portico.territory.streets.streets import Streets
from portico.territory.timetable.feeds import Feeds, read_feeds
from portico.territory.timetable.model import Timetable

_DAYS_KEPT = 4


class TravelNetwork:
    """The streets of every mode and the timetables over them, each made when it is first asked for.

    Shared between threads. Nothing here changes once it is made.
    """

    def __init__(
        self,
        ways: Callable[[], OsmStreets],
        feeds: Callable[[], Feeds] | None = None,
        *,
        name: str = "",
        walk_km_h: float = WALKED_KM_H,
        snap_limit_m: float = LIMIT_M,
        kept_in: tuple[Path, str] | None = None,
        is_classed: bool = True,
    ) -> None:
        """Make graphs of ``ways`` and timetables of ``feeds``; ``name`` is what the file of streets is called.

        ``kept_in``, a folder and a key that names all that decides the graphs, is where they are looked for first.
        ``is_classed`` says that the streets have classes: mere lines do not, and lack streets without a name.
        """
        self.name = name
        self.walk_km_h = walk_km_h
        self.snap_limit_m = snap_limit_m
        self.is_classed = is_classed
        self._kept_in = kept_in
        self._ways = ways
        self._feeds = feeds
        self._lock = threading.RLock()
        self._streets: dict[Mode, Streets] = {}
        self._between: dict[int, Nearby] = {}
        self._days: dict[tuple[date, bool], Timetable] = {}

    def streets(self, mode: Mode) -> Streets:
        """Return the streets of ``mode``; public transport walks."""
        mode = Mode.WALK if mode is Mode.TRANSIT else mode
        with self._lock:
            if mode not in self._streets:
                self._streets[mode] = self._found(mode) or self._made(mode)
            return self._streets[mode]

    def _found(self, mode: Mode) -> Streets | None:
        return kept(*self._kept_in, mode, self.snap_limit_m) if self._kept_in else None

    def _made(self, mode: Mode) -> Streets:
        graph = build_graph(self._read_ways, mode, walk_km_h=self.walk_km_h, name=self.name)
        made = Streets(graph, snap_limit_m=self.snap_limit_m)
        if self._kept_in:
            keep(*self._kept_in, made)
        return made

    @functools.cached_property
    def _read_ways(self) -> OsmStreets:
        return self._ways()

    @functools.cached_property
    def feeds(self) -> Feeds:
        """The timetables. Raises InputError where there are none."""
        if self._feeds is None:
            raise InputError("travel-without-timetable")
        return self._feeds()

    def timetable(self, day: date, *, backwards: bool = False) -> Timetable:
        """Return the timetable of a day, or the one in which time runs backwards."""
        with self._lock:
            key = (day, backwards)
            if key not in self._days:
                made = self.timetable(day).reversed() if backwards else self.feeds.on(day)
                if len(self._days) >= _DAYS_KEPT:
                    self._days.pop(next(iter(self._days)))
                self._days[key] = made
            return self._days[key]

    @functools.cached_property
    def stops(self) -> Snapped:
        """The stops on the streets one walks on; one that is too far from any lies on none."""
        stops = self.feeds.stops
        return self.streets(Mode.WALK).snap(stops.lon, stops.lat)

    def off_street(self) -> tuple[int, ...]:
        """Return the numbers of the stops that no street reaches: nobody gets there or away on foot."""
        return tuple(np.flatnonzero(~self.stops.is_on_street).tolist())

    def changes(self, limit_minutes: float) -> Nearby:
        """Return the stops within a walk of each stop."""
        limit_ds = round(limit_minutes * DS_PER_MINUTE)
        with self._lock:
            if limit_ds not in self._between:
                self._between[limit_ds] = self.streets(Mode.WALK).within(self.stops, self.stops, limit_ds)
            return self._between[limit_ds]


def network_of(
    streets: Path,
    gtfs: Sequence[Path] = (),
    *,
    box: Box | None = None,
    walk_km_h: float = WALKED_KM_H,
    snap_limit_m: float = LIMIT_M,
    name: str = "",
) -> TravelNetwork:
    """Return the network of plain files: streets in any form that ``read_streets`` knows, and GTFS feeds."""
    return TravelNetwork(
        lambda: read_streets(streets, box),
        (lambda: read_feeds(list(gtfs))) if gtfs else None,
        name=name or streets.name,
        walk_km_h=walk_km_h,
        snap_limit_m=snap_limit_m,
        is_classed=not streets.is_file() or is_classed(streets),
    )
