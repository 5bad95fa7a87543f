"""The same brief at an earlier moment and today: the lake's history read, and what changed in between."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from portico.city.opening import City
from portico.errors import UnknownNameError, UsageError
from portico.lake.lake import Lake
from portico.lake.model import Publication, Version
from portico.lake.queries import heads_at, history
from portico.match.changes import Answers, EntryChange, changed_entries
from portico.match.model import Brief, Shortlist
from portico.match.shortlist import shortlist
from portico.territory.layers import Territory, territory

_SHORTEST, _LONGEST = 6, 80


@dataclass(frozen=True, slots=True)
class VersionChange:
    """A dataset that stands at another version: ``old`` and ``new``, nothing where it was not there yet or no more."""

    dataset: str
    old: Version | None
    new: Version | None


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed between two answers to a brief: ``since`` is the moment of the earlier, ``day`` the day it was of.

    ``versions``: the datasets that the answers may rest on and that moved on; ``entries``: what became of sites.
    """

    since: datetime
    day: date
    before: Shortlist
    after: Shortlist
    versions: tuple[VersionChange, ...]
    entries: tuple[EntryChange, ...]

    @property
    def same(self) -> int:
        """How many sites stand where they stood."""
        return len(self.after.entries) - sum(one.site.id in self._now for one in self.entries)

    def version_of(self, dataset: str, *, old: bool) -> str:
        """Return the short name of the version in which a row that changed stands."""
        moved = next((one for one in self.versions if one.dataset == dataset), None)
        found = (moved.old if old else moved.new) if moved else None
        return found.short if found else ""

    @property
    def _now(self) -> set[str]:
        return {one.site.id for one in self.after.entries}


def written(since: str) -> str:
    r"""Return what somebody wrote for a moment, without what cannot be shown and no longer than a moment can be.

    >>> written("sites@1\x00")
    'sites@1'
    """
    return "".join(one for one in since[:_LONGEST] if one.isprintable())


def moment_of(city: City, lake: Lake, since: str, today: date) -> datetime:
    """Return the moment that ``since`` names: the end of a day in the city, or a publication as DATASET@NUMBER.

    Raises UsageError for what is neither and for a day after ``today``, UnknownNameError for an unknown publication.
    """
    zone = ZoneInfo(city.settings.time_zone)
    since = written(since)
    dataset, at, wanted = since.partition("@")
    if at:
        log = history(lake, dataset)
        for entry in reversed(log):
            if str(entry.number) == wanted or (len(wanted) >= _SHORTEST and entry.version.startswith(wanted)):
                return datetime.fromisoformat(entry.published_at).astimezone(zone)
        raise UnknownNameError("version-unknown", dataset=dataset, name=wanted, count=len(log))
    try:
        day = date.fromisoformat(since)
    except ValueError:
        raise UsageError("since-unclear", text=since) from None
    if day > today:
        raise UsageError("since-future", day=day, today=today)
    return datetime.combine(day, time.max, zone)


def changes_since(city: City, lake: Lake, brief: Brief, since: datetime, present: Territory, as_of: date) -> Changes:
    """Return what changed in the answer to ``brief`` from the moment ``since`` to ``as_of``.

    The brief, the city's settings, its streets and its timetables are those of today. Raises UsageError where nothing
    was published by then, UnknownNameError where a version of that moment was cleaned up.
    """
    versions, log = heads_at(lake, since)
    if "sites" not in log:
        first = history(lake, "sites")[0]
        raise UsageError("since-before-all", day=since.date(), first=datetime.fromisoformat(first.published_at).date())
    _refuse_collected(versions, log, present)
    land = territory(city, lake, versions)
    day = min(since.date(), as_of)
    then = Answers(shortlist(brief, land, day), land)
    aged = then.answer if day == as_of else shortlist(brief, land, as_of)
    now = Answers(shortlist(brief, present, as_of), present)
    return Changes(
        since,
        day,
        then.answer,
        now.answer,
        tuple(_moved(land, present)),
        tuple(changed_entries(then, aged, now)),
    )


def _refuse_collected(versions: Mapping[str, Version], log: Mapping[str, Publication], present: Territory) -> None:
    for name, entry in log.items():
        if name in present.rows and name not in versions:
            named = {"version": entry.version[:12], "at": entry.published_at[:10]}
            raise UnknownNameError("version-collected", dataset=name, number=entry.number, **named)


def _moved(then: Territory, now: Territory) -> list[VersionChange]:
    found = []
    for name in sorted({*then.rows, *now.rows}):
        old, new = then.versions.get(name), now.versions.get(name)
        if (old.id if old else "") != (new.id if new else ""):
            found.append(VersionChange(name, old, new))
    return found
