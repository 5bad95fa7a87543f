"""What is wrong with a feed, what is in it, and whether it can answer how to travel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from portico.errors import InputError, RejectedError
from portico.lake.bundles import Bundle
from portico.lake.lake import open_engine
from portico.messages import Finding, Message, Place, Severity
from portico.territory.timetable import feed as single
from portico.territory.timetable.feed import CANNOT_ANSWER, Feed
from portico.territory.timetable.feeds import zones_apart
from portico.territory.timetable.filling import Filling


@dataclass(frozen=True, slots=True)
class Contents:
    """What is in a feed: its days, and how many of everything is of use.

    ``days`` counts those on which anything runs; ``nowhere`` the stops without a position; ``repeated`` the departures
    set by intervals, ``loose`` the trips of which only the interval is promised; ``transfers`` the usable rows on
    changing.
    """

    zone: str
    first_day: date
    last_day: date
    days: int
    stops: int
    nowhere: int
    stations: int
    routes: int
    trips: int
    filling: Filling
    repeated: int
    loose: int
    transfers: int


@dataclass(frozen=True, slots=True)
class Checked:
    """One feed looked over. ``contents`` is nothing where it cannot answer how to travel; a finding says why."""

    file: str
    findings: tuple[Finding, ...]
    contents: Contents | None

    @property
    def is_fine(self) -> bool:
        """Whether it can answer, and nothing in it is an error."""
        return self.contents is not None and all(one.severity is not Severity.ERROR for one in self.findings)


def check(paths: Sequence[Path]) -> tuple[list[Checked], tuple[Finding, ...]]:
    """Look over feeds one by one; return them, and what is to be said of them together.

    Raises UsageError where there is no such file.
    """
    engine = open_engine()
    checked, feeds = [], []
    for path in paths:
        try:
            bundle = single.tables_of(path, engine)
        except RejectedError as error:
            checked.append(Checked(path.name, (_of(error, path), *error.findings[1:]), None))
        except InputError as error:
            checked.append(Checked(path.name, (_of(error, path),), None))
        else:
            found, feed = _looked_over(bundle, path)
            checked.append(found)
            feeds += [feed] if feed else []
    return checked, zones_apart(feeds) if feeds else ()


def _of(error: InputError, path: Path) -> Finding:
    """Return a refusal as a finding, at the place of the worst fault where it names one."""
    worst = error.findings[0] if isinstance(error, RejectedError) else None
    return Finding(Message.of(error), worst.place if worst else Place(path.name), worst.value if worst else "")


def _looked_over(bundle: Bundle, path: Path) -> tuple[Checked, Feed | None]:
    try:
        feed = single.feed_of(bundle, path.name)
    except InputError as error:
        others = tuple(one for one in bundle.findings if one.kind != CANNOT_ANSWER)
        return Checked(path.name, (_of(error, path), *others), None), None
    return Checked(path.name, feed.findings, _contents(feed)), feed


def _contents(feed: Feed) -> Contents:
    here = single.is_stop(feed.places.kind)
    here[feed.times.stop] = True
    span = (feed.last_day - feed.first_day).days + 1
    return Contents(
        zone=feed.zone,
        first_day=feed.first_day,
        last_day=feed.last_day,
        days=sum(bool(feed.runs_on(feed.first_day + timedelta(days=one)).any()) for one in range(span)),
        stops=int(here.sum()),
        nowhere=int((here & np.isnan(feed.places.lon)).sum()),
        stations=int((feed.places.kind == single.STATION).sum()),
        routes=len(np.unique(feed.route)),
        trips=len(feed.trip_id),
        filling=feed.filling,
        repeated=len(feed.headways.trip),
        loose=feed.headways.loose,
        transfers=len(feed.stated.kind),
    )
