"""Minutes from many positions to places: over streets and by timetable where these answer, else estimated."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from portico.city.model import Position
from portico.territory.layers import Territory
from portico.territory.many.estimates import direct
from portico.territory.many.positions import Positions, Spans
from portico.territory.many.rides import by_rides
from portico.territory.many.streets import over_streets
from portico.territory.model import Mode
from portico.territory.travel.model import USUAL, Going

_PAIRS_AT_ONCE = 2_000_000
_FEWEST, _MOST_RIDING = 64, 512


def minutes(
    territory: Territory, starts: Positions, ends: Sequence[Position], mode: Mode, going: Going = USUAL
) -> Iterator[tuple[slice, Spans]]:
    """Yield which of ``starts`` and the minutes from these to all of ``ends`` (inbound: back), some at a time.

    Each number is that of ``territory.queries.travel_minutes`` from the same position. Raises InputError for a day that
    the timetables do not know.
    """
    rows = max(_FEWEST, _PAIRS_AT_ONCE // max(1, len(ends)))
    travel = territory.settings.travel
    if mode is Mode.TRANSIT and territory.travel is not None:
        rows = min(rows, _MOST_RIDING)
    city = territory.travel
    ways = over_streets(city, travel, starts, ends, mode, going, rows) if city is not None else None
    for first in range(0, len(starts), rows):
        which = slice(first, min(first + rows, len(starts)))
        some = starts.take(which)
        if ways is None:
            yield which, _estimated(territory, some, ends, mode)
            continue
        found = next(ways)
        yield which, found if not np.isnan(found.mid).any() else found.or_else(_estimated(territory, some, ends, mode))


def _estimated(territory: Territory, starts: Positions, ends: Sequence[Position], mode: Mode) -> Spans:
    if mode is Mode.TRANSIT:
        return by_rides(territory.network, territory.settings.travel, starts, ends)
    return direct(territory.settings.travel, mode, starts, ends)
