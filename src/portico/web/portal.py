"""What every request works with: the city, its territory, and answers kept while nothing they rest on changed."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from portico import city as cities
from portico.build import lake_of
from portico.catalogue.model import Dataset
from portico.catalogue.queries import datasets
from portico.city import City
from portico.lake.lake import Lake
from portico.match import briefs
from portico.match.model import Brief, Shortlist
from portico.match.shortlist import shortlist
from portico.permits.kept import state as permits_state
from portico.territory.layers import Territory, territory

T = TypeVar("T")
_KEPT = 256
_SETTLED = 64
_ASKED = 32


class Portal:
    """One city served. Reads the territory again when the lake has moved; shared between threads."""

    def __init__(self, folder: Path) -> None:
        """Serve the city in ``folder``."""
        self.city: City = cities.open(folder)
        self.lake: Lake = lake_of(self.city)
        self._lock = threading.RLock()
        self._seen: tuple[object, ...] = ()
        self._territory: Territory | None = None
        self._kept: OrderedDict[object, object] = OrderedDict()
        self._settled: OrderedDict[object, object] = OrderedDict()
        self._asked: OrderedDict[object, object] = OrderedDict()

    def today(self) -> date:
        """Return the day in the city: the only place where a request asks the clock."""
        return datetime.now(ZoneInfo(self.city.settings.time_zone)).date()

    @property
    def territory(self) -> Territory:
        """The territory as the lake has it now."""
        with self._lock:
            seen = self._state()
            if self._territory is None or seen != self._seen:
                self._territory = territory(self.city, self.lake)
                self._seen = seen
                self._kept.clear()
                self._asked.clear()
            return self._territory

    def _state(self) -> tuple[object, ...]:
        """Return when the database was last written, its log included, and what stands in the rules of permits."""
        path = self.city.database.path
        places = (path, path.with_name(path.name + "-wal"))
        written = (place.stat().st_mtime_ns if place.exists() else 0.0 for place in places)
        return (*written, permits_state(self.city.folder))

    def kept(self, key: object, make: Callable[[], T]) -> T:
        """Return what ``make`` gave for ``key`` since the territory was last read."""
        _ = self.territory
        return self._remembered(self._kept, _KEPT, key, make)

    def asked(self, key: object, make: Callable[[], T]) -> T:
        """Return as ``kept`` does what one visitor may ask in many ways: apart, so that it crowds nothing else out."""
        _ = self.territory
        return self._remembered(self._asked, _ASKED, key, make)

    def settled(self, key: object, make: Callable[[], T]) -> T:
        """Return what ``make`` gave for ``key``: it rests on versions, which never change, and ``key`` names them."""
        return self._remembered(self._settled, _SETTLED, key, make)

    def _remembered(self, where: OrderedDict[object, object], most: int, key: object, make: Callable[[], T]) -> T:
        with self._lock:
            if key in where:
                where.move_to_end(key)
                return where[key]  # type: ignore[return-value]  # stored under this key by this call
            seen = self._seen
        made = make()
        with self._lock:
            if self._seen != seen and where is not self._settled:
                return made  # the territory was read again meanwhile: this rests on the one before
            where[key] = made
            while len(where) > most:
                where.popitem(last=False)
        return made

    def briefs(self) -> tuple[Brief, ...]:
        """Return the city's briefs; one that is broken is left to ``portico check``."""
        broken = {finding.place.file for finding in briefs.findings(self.city)}
        names = [
            name for name in briefs.names(self.city) if f"{self.city.briefs_folder.name}/{name}.toml" not in broken
        ]
        return tuple(briefs.read(self.city, name) for name in names)

    def brief(self, name: str) -> Brief:
        """Return a brief of the city as its file says it now; raises UnknownNameError for any other."""
        changed = briefs.find_named(self.city, name).stat().st_mtime_ns
        return self.kept(("brief", name, changed), lambda: briefs.read(self.city, name))

    def answer(self, brief: Brief, as_of: date) -> Shortlist:
        """Return the answer to ``brief``: kept for one of the city's, kept apart for one that somebody brought."""
        keep = self.kept if brief.id else self.asked
        return keep(("shortlist", repr(brief), as_of), lambda: shortlist(brief, self.territory, as_of))

    def shortlist(self, name: str, as_of: date) -> Shortlist:
        """Return the answer to a brief of the city; raises UnknownNameError for any other."""
        return self.answer(self.brief(name), as_of)

    def datasets(self) -> tuple[Dataset, ...]:
        """Return the datasets that have a version."""
        known = self.territory.versions
        return tuple(one for one in datasets(self.city.database) if one.id in known)
