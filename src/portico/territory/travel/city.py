"""The network of a city: the streets and timetables it declares, as far as they are here, and what they rest on."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from portico.city.model import Calendar, OnStreets, Use
from portico.city.opening import City
from portico.city.workdays import is_working_day
from portico.errors import InputError
from portico.figures import Evidence
from portico.geo import Box
from portico.lake.lake import Lake, open_engine
from portico.lake.model import Version
from portico.messages import Message
from portico.territory.model import Mode
from portico.territory.sources import Declared, declared
from portico.territory.streets.reading import is_classed, is_graph, read_streets
from portico.territory.streets.storing import key_of
from portico.territory.timetable.feed import read
from portico.territory.timetable.feeds import Feeds, together
from portico.territory.travel.model import USUAL, Direction, Going, Question, Window
from portico.territory.travel.network import TravelNetwork

_WEDNESDAY = 2
_FOLDER = "networks"
PERCENTILES = (5.0, 50.0, 95.0)


@dataclass(frozen=True, eq=False)
class CityNetwork:
    """The network of a city. ``streets`` and ``timetables`` are the sources it is made of, all of them here."""

    network: TravelNetwork
    settings: OnStreets
    calendar: Calendar
    streets: Declared
    timetables: tuple[Declared, ...]
    versions: Mapping[str, Version]

    @functools.cached_property
    def window(self) -> Window | Message:
        """When one travels by public transport here, or why nobody can say."""
        if not self.timetables:
            return Message("no-timetable")
        try:
            day = self.settings.day or _usual_day(self.network.feeds, self.calendar)
            if day is None:
                return Message("timetables-never-meet")
            self.network.timetable(day)
        except InputError as error:
            return Message.of(error)
        hours, minutes = (int(part) for part in self.settings.departure.split(":"))
        return Window(day, (hours * 60 + minutes) * 600, self.settings.window_minutes)

    @property
    def days(self) -> tuple[date, date] | None:
        """The first and the last day of the timetables, where there are any that can be read."""
        if not self.timetables or isinstance(self.window, Message):
            return None
        feeds = self.network.feeds.feeds
        return max(one.first_day for one in feeds), min(one.last_day for one in feeds)

    def window_of(self, going: Going) -> Window | Message:
        """Return when one leaves, or arrives, going so; or why nobody can say."""
        if going.window is not None and self.timetables:
            return going.window
        window = self.window
        if not isinstance(window, Window):
            return window
        return replace(window, arriving=going.direction is Direction.INBOUND)

    def question(self, mode: Mode, going: Going = USUAL) -> Question | None:
        """Return how one travels by ``mode``; nothing where no streets, or no timetable, can answer."""
        if self.unreadable(mode) is not None:
            return None
        if mode is not Mode.TRANSIT:
            return Question(mode)
        window = self.window_of(going)
        if not isinstance(window, Window):
            return None
        return Question(mode, window, PERCENTILES, walk_limit_minutes=self.settings.walk_limit_minutes)

    def unreadable(self, mode: Mode) -> Message | None:
        """Return why the file of streets cannot serve ``mode``, nothing where it can."""
        try:
            self.network.streets(mode)
        except InputError as error:
            return Message.of(error)
        return None

    @property
    def street_evidence(self) -> Evidence:
        """What minutes over streets rest on."""
        return self._evidence(self.streets, "ways")

    @property
    def timetable_evidence(self) -> tuple[Evidence, ...]:
        """What minutes by timetable rest on."""
        read = {one.name for one in self.network.feeds.feeds}
        return tuple(self._evidence(one, "stop-times") for one in self.timetables if one.id in read)

    def _evidence(self, one: Declared, table: str) -> Evidence:
        """Return the dataset that a source became, the table that matters of several, and its version."""
        named = [name for name in one.datasets if name == f"{one.id}-{table}"] or list(one.datasets[:1])
        version = self.versions.get(named[0]) if named else None
        return Evidence(
            dataset=named[0] if named else "",
            version=version.id if version else "",
            licence=one.source.licence,
            source=f"{one.source.publisher}: {one.source.title.pick('en')}",
        )


def city_network(city: City, lake: Lake, versions: Mapping[str, Version]) -> CityNetwork | None:
    """Return the network of ``city`` from what was built of its sources; nothing where no streets were."""
    here = [one for one in declared(city, lake) if one.path is not None]
    # A graph becomes no dataset; of anything else, what became none was refused.
    built = [one for one in here if one.datasets or (one.path is not None and is_graph(one.path))]
    streets = next((one for one in built if one.use is Use.STREETS), None)
    if streets is None or streets.path is None:
        return None
    feeds = tuple(one for one in built if one.use is Use.TIMETABLE)
    settings, box = city.settings.travel.streets, city.settings.extent.box
    path = streets.path
    network = TravelNetwork(
        lambda: read_streets(path, box),
        _reader(feeds),
        name=streets.id,
        walk_km_h=settings.walk_km_h,
        snap_limit_m=settings.snap_limit_m,
        is_classed=is_classed(path),
        kept_in=(city.lake_folder.parent / _FOLDER, _key(streets, box, settings)),
    )
    return CityNetwork(network, settings, city.settings.calendar, streets, feeds, versions)


def _key(streets: Declared, box: Box, settings: OnStreets) -> str:
    return key_of(sha256=streets.sha256, box=[box.west, box.south, box.east, box.north], walk_km_h=settings.walk_km_h)


def _reader(feeds: Sequence[Declared]) -> functools.partial[Feeds] | None:
    named = [(one.id, one.path) for one in feeds if one.path is not None]
    return functools.partial(_answering, named) if named else None


def _answering(named: Sequence[tuple[str, Path]]) -> Feeds:
    """Return those feeds that can answer trips; one that cannot does not silence the others (a build says so).

    Raises InputError where none can.
    """
    engine, found, refused = open_engine(), [], []
    for name, path in named:
        try:
            found.append(read(path, name, engine))
        except InputError as error:
            refused.append(error)
    if not found:
        raise refused[0]
    return together(found)


def _usual_day(feeds: Feeds, calendar: Calendar) -> date | None:
    """Return the first Wednesday that is a working day and on which every feed has something; nothing where none is."""
    first, last = max(one.first_day for one in feeds.feeds), min(one.last_day for one in feeds.feeds)
    day = first + timedelta(days=(_WEDNESDAY - first.weekday()) % 7)
    while day <= last:
        if is_working_day(calendar, day) and all(one.runs_on(day).any() for one in feeds.feeds):
            return day
        day += timedelta(days=7)
    return None
