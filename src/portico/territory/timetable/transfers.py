"""Changing between vehicles: what a feed says of it (transfers.txt, stations), put together with walking on streets.

After the reference of the format (gtfs.org, transfers.txt), for a change from one stop to another:

- type 3 forbids it, also where streets allow it;
- type 2 asks for a time at least: that time, or walking on streets where that takes longer. The platforms of one
  station are reached inside it, so there the stated time alone counts;
- type 1 is kept by the vehicles, which wait: it takes no time;
- type 0, or none: as long as walking takes, else the way in a straight line, times ``DETOUR`` at ``WALK_M_S``.

What is said of a station holds for every pair of its platforms; what is said of stops wins over what is said of
stations, and of two rows on one pair the stricter wins. Where nothing is said, the platforms of one station are
``STATION_DS`` apart, stops at exactly one position are one place, and one changes at a stop without loss of time.

Rows for single trips or routes, and types 4 and 5 (staying in the vehicle), are not read: they are counted.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from portico.lake.bundles import MISSING, Columns
from portico.messages import Finding, Message, Place, Severity
from portico.territory.nearby import UNREACHED, Floats, Ints, Nearby
from portico.territory.timetable.filling import Bools, Longs, metres_between

STATION_DS = 1_200
"""Between two platforms of a station of which nothing is said: two minutes, a declared default."""
DETOUR = 1.3
WALK_M_S = 1.25
"""How far and how fast one walks where a feed recommends a change and no walking on streets is given."""
_MOST_AT_ONE_PLACE = 100
_FREE, _TIMED, _MINIMUM, _FORBIDDEN = 0, 1, 2, 3
_FILE = "transfers.txt"
_OWN = ("from_trip_id", "to_trip_id", "from_route_id", "to_route_id")


class Changes(NamedTuple):
    """Where one may change to from each stop, itself among them, and the deciseconds it takes: sparse rows."""

    first: Longs
    stop: Ints
    cost_ds: Ints


@dataclass(frozen=True, slots=True, eq=False)
class Rules:
    """What feeds say of changing: a ``kind`` (the types above) and, for a minimum, deciseconds for pairs of stops.

    Each pair stands once. ``station`` numbers the station of every stop (-1: none), ``place`` its position.
    """

    start: Longs
    end: Longs
    kind: Longs
    least_ds: Longs
    station: Longs
    place: Longs
    lon: Floats
    lat: Floats

    def mirrored(self) -> Rules:
        """Return the rules for time that runs backwards: from and to change places."""
        order = np.lexsort((self.start, self.end))
        return replace(
            self,
            start=self.end[order],
            end=self.start[order],
            kind=self.kind[order],
            least_ds=self.least_ds[order],
        )

    def changes(self, walking: Nearby | None = None) -> Changes:
        """Return every possible change: these rules, and ``walking`` on streets from stops to stops (deciseconds)."""
        stops = len(self.station)
        itself = np.arange(stops)
        pairs = [_Pairs(itself, itself, np.zeros(stops, dtype=np.int64), _ITSELF)]
        if walking is not None:
            if len(walking) != stops:
                raise ValueError("walking between stops has not one row for each stop")
            thing = np.repeat(np.arange(len(walking)), np.diff(walking.first))
            away = thing != walking.index
            pairs.append(_Pairs(thing[away], walking.index[away].astype(np.int64), walking.cost_ds[away], _WALK))
        pairs.append(_alike(self.place, 0, _PLACE))
        pairs.append(_alike(self.station, STATION_DS, _STATION))
        pairs.append(_Pairs(self.start, self.end, self.least_ds, _RULE))
        return self._joined(pairs)

    def _joined(self, pairs: list[_Pairs]) -> Changes:
        """Return one cost for each pair of stops, from all that is known of it."""
        stops = len(self.station)
        start, end, cost, source = (
            np.concatenate(part) for part in zip(*(one.columns() for one in pairs), strict=True)
        )
        key, number = np.unique(start * stops + end, return_inverse=True)
        known = np.full((_RULE + 1, len(key)), _NONE)
        np.minimum.at(known, (source, number), cost)
        base = np.minimum.reduce([known[_ITSELF], known[_WALK]])
        base = np.where((base == _NONE) & (known[_PLACE] != _NONE), known[_PLACE], base)
        inside = known[_STATION] != _NONE
        base = np.where(inside, known[_STATION], base)
        kind = np.full(len(key), -1)
        kind[number[source == _RULE]] = self.kind
        cost = self._ruled(key, kind, base, known[_RULE], inside)
        allowed = (kind != _FORBIDDEN) & (cost < UNREACHED)
        first = np.zeros(stops + 1, dtype=np.int64)
        np.cumsum(np.bincount(key[allowed] // stops, minlength=stops), out=first[1:])
        return Changes(first, (key[allowed] % stops).astype(np.int32), cost[allowed].astype(np.int32))

    def _ruled(self, key: Longs, kind: Longs, base: Longs, least: Longs, inside: Bools) -> Longs:
        """Return the costs of pairs after the rules."""
        cost = base.copy()
        cost[kind == _TIMED] = 0
        minimum = kind == _MINIMUM
        stated = inside | (base == _NONE)
        cost[minimum] = np.where(stated, least, np.maximum(base, least))[minimum]
        free = np.flatnonzero((kind == _FREE) & (base == _NONE))
        if len(free):
            start, end = np.divmod(key[free], len(self.station))
            metres = metres_between(self.lon[start], self.lat[start], self.lon[end], self.lat[end])
            line = np.rint(metres * DETOUR / WALK_M_S * 10)
            cost[free] = np.where(np.isnan(line), _NONE, line)
        return cost


_NONE = 2**40
_ITSELF, _WALK, _PLACE, _STATION, _RULE = range(5)


@dataclass(frozen=True, slots=True, eq=False)
class _Pairs:
    """Costs between pairs of stops, and what they are known from."""

    start: Longs
    end: Longs
    cost_ds: Longs | Ints
    source: int

    def columns(self) -> tuple[Longs, Longs, Longs, Longs]:
        """Return the pairs as columns of whole numbers."""
        source = np.full(len(self.start), self.source)
        return self.start, self.end, np.asarray(self.cost_ds, dtype=np.int64), source


def _alike(group: Longs, cost_ds: int, source: int) -> _Pairs:
    """Return all pairs of different stops in one group; a group of -1 is none, and one too large is left alone."""
    stops = np.flatnonzero(group >= 0)
    stops = stops[np.argsort(group[stops], kind="stable")]
    _, begin, size = np.unique(group[stops], return_index=True, return_counts=True)
    at = np.repeat(size, size)  # the size of the group of each stop
    fine = (at > 1) & (at <= _MOST_AT_ONE_PLACE)
    begin, at, own = np.repeat(begin, size)[fine], at[fine], stops[fine]
    start = np.repeat(own, at)
    within = np.arange(len(start)) - np.repeat(np.cumsum(at) - at, at)
    end = stops[np.repeat(begin, at) + within]
    apart = start != end
    return _Pairs(start[apart], end[apart], np.full(int(apart.sum()), cost_ds), source)


def places(lon: Floats, lat: Floats) -> Longs:
    """Return a number for each position, the same one for the same position, -1 where there is none."""
    there = np.flatnonzero(~np.isnan(lon) & ~np.isnan(lat))
    place = np.full(len(lon), -1)
    if len(there):
        positions = np.stack([lon[there], lat[there]], axis=1)
        place[there] = np.unique(positions, axis=0, return_inverse=True)[1].reshape(-1)
    return place


@dataclass(frozen=True, slots=True, eq=False)
class Stated:
    """The rows of transfers.txt of one feed that can be used; places are rows of stops.txt."""

    start: Longs
    end: Longs
    kind: Longs
    least_ds: Longs

    @classmethod
    def none(cls) -> Stated:
        """Return what a feed without transfers states."""
        nothing = np.empty(0, dtype=np.int64)
        return cls(nothing, nothing, nothing, nothing)


def stated(table: Columns | None) -> tuple[Stated, tuple[Finding, ...]]:
    """Return what transfers.txt states, and the rows that cannot be used."""
    if table is None:
        return Stated.none(), ()
    kind = np.where(table["transfer_type"] == MISSING, _FREE, table["transfer_type"])
    least = table["min_transfer_time"]
    single = np.any([table[name].astype(bool) for name in _OWN], axis=0) | np.isin(kind, (4, 5))
    unknown = ~single & ((kind < _FREE) | (kind > _FORBIDDEN))
    negative = ~single & (kind == _MINIMUM) & (least < 0) & (least != MISSING)
    untimed = ~single & (kind == _MINIMUM) & (least == MISSING)
    findings = [
        _said("gtfs-transfers-single", table, single),
        _said("gtfs-transfers-type", table, unknown, "transfer_type"),
        _said("gtfs-transfers-negative", table, negative, "min_transfer_time"),
        _said("gtfs-transfers-untimed", table, untimed, "min_transfer_time"),
    ]
    kind = np.where(untimed, _FREE, kind)
    used = ~(single | unknown | negative) & (table["from_stop_id"] >= 0) & (table["to_stop_id"] >= 0)
    least = np.where(kind == _MINIMUM, np.minimum(least, _LONGEST_S) * 10, 0)
    found = Stated(table["from_stop_id"][used], table["to_stop_id"][used], kind[used], least[used])
    return found, tuple(one for one in findings if one)


_LONGEST_S = 86_400 * 7


def _said(message: str, table: Columns, rows: Bools, column: str = "") -> Finding | None:
    if not rows.any():
        return None
    first = int(np.flatnonzero(rows)[0])
    value = str(int(table[column][first])) if column and table[column][first] != MISSING else ""
    place = Place(_FILE, int(table["row"][first]), column)
    return Finding(Message(message, {"count": int(rows.sum())}), place, value, Severity.WARNING)


def spread(found: Stated, members: tuple[Longs, Longs]) -> Stated:
    """Return what is stated of places as said of stops, each pair once.

    ``members`` are sparse rows from each row of stops.txt: the stops it stands for, which is itself for a stop and all
    platforms for a station.
    """
    first, stop = members
    size = np.diff(first)
    of_start, of_end = size[found.start], size[found.end]
    each = of_start * of_end
    row = np.repeat(np.arange(len(each)), each)
    within = np.arange(len(row)) - np.repeat(np.cumsum(each) - each, each)
    start = stop[first[found.start[row]] + within // of_end[row]]
    end = stop[first[found.end[row]] + within % of_end[row]]
    kind, least = found.kind[row], found.least_ds[row]
    # The stops of a single place come first, then the stricter: forbidden, longest minimum, free, timed.
    strictness = np.array([1, 0, 2, 3])[kind]
    order = np.lexsort((-least, -strictness, each[row], end, start))
    start, end = start[order], end[order]
    once = np.append(True, (start[1:] != start[:-1]) | (end[1:] != end[:-1]))[: len(start)]
    return Stated(start[once], end[once], kind[order][once], least[order][once])
