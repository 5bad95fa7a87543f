"""Small feeds made by hand, networks made by chance, and the walks to them."""

from __future__ import annotations

import csv
import io
import random
import zipfile
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np
from hypothesis import strategies as st

from portico.lake.bundles import MISSING, As, Bundle, Row
from portico.territory.nearby import UNREACHED, Nearby
from portico.territory.timetable import feed as single
from portico.territory.timetable.feeds import Feeds, read_feeds, together
from portico.territory.timetable.model import Timetable
from portico.territory.timetable.raptor import Walks

MONDAY = date(2026, 3, 2)
SMALL = {
    "agency": "agency_id,agency_name,agency_url,agency_timezone\nA,Az,http://a.example,Europe/Rome\n",
    "stops": (
        "stop_id,stop_name,stop_lat,stop_lon\n"
        "A,Alfa,45.00,7.00\nB,Beta,45.01,7.00\nC,Gamma,45.02,7.00\nD,Delta,45.05,7.00\n"
    ),
    "routes": "route_id,agency_id,route_short_name,route_long_name,route_type\nR,A,1,Red,3\nS,A,2,Blue,0\n",
    "trips": "route_id,service_id,trip_id,trip_headsign\nR,W,T,North\n",
    "stop_times": (
        "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
        "T,08:00:00,08:00:00,A,1\nT,08:10:00,08:11:00,B,2\nT,08:20:00,08:20:00,C,3\n"
    ),
    "calendar": (
        "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
        "W,1,1,1,1,1,0,0,20260301,20260331\n"
    ),
}


def write(path: Path, **changed: str | None) -> Path:
    """Write a feed to a zip; ``changed`` are files by name, None for one that is left out."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in (SMALL | changed).items():
            if content is not None:
                archive.writestr(f"{name}.txt", content)
    return path


def feeds(folder: Path, **changed: str | None) -> Feeds:
    return read_feeds([write(folder / "feed.zip", **changed)])


def on(folder: Path, day: date = MONDAY, **changed: str | None) -> Timetable:
    return feeds(folder, **changed).on(day)


def kinds(found: Feeds) -> dict[str, dict[str, object]]:
    """Return what was found in all feeds, by kind."""
    return {one.kind: dict(one.message.values) for feed in found.feeds for one in feed.findings}


def clock(text: str) -> int:
    """Return deciseconds of a time of day."""
    hours, minutes, *seconds = (int(part) for part in text.split(":"))
    return (hours * 3600 + minutes * 60 + (seconds[0] if seconds else 0)) * 10


@dataclass(frozen=True)
class Calls:
    """A trip as it stands in a timetable: who, and at each stop the id, arrival, departure, boarding, alighting."""

    feed: str
    trip: str
    calls: tuple[tuple[str, int, int, bool, bool], ...]


def unpacked(timetable: Timetable) -> list[Calls]:
    """Return the trips of a timetable, read out of its patterns."""
    network, found = timetable.network, []
    for pattern in range(len(network.trip_first) - 1):
        stops = range(network.pattern_first[pattern], network.pattern_first[pattern + 1])
        count = int(network.trip_first[pattern + 1] - network.trip_first[pattern])
        shape = (len(stops), count)
        times = slice(network.time_first[pattern], network.time_first[pattern + 1])
        arrival, departure = network.arrival_ds[times].reshape(shape), network.departure_ds[times].reshape(shape)
        for trip in range(count):
            told = timetable.trips.told(int(timetable.trip[network.trip_first[pattern] + trip]))
            calls = tuple(
                (
                    timetable.stops.id[network.stop[at]],
                    int(arrival[place, trip]),
                    int(departure[place, trip]),
                    bool(network.board[at]),
                    bool(network.alight[at]),
                )
                for place, at in enumerate(stops)
            )
            found.append(Calls(told.feed, told.id, calls))
    return found


def rows(every: list[dict[int, int]]) -> Nearby:
    """Return sparse rows of costs."""
    triples = [(row, index, cost) for row, costs in enumerate(every) for index, cost in costs.items()]
    columns = np.array(triples, dtype=np.int32).reshape(-1, 3).T
    return Nearby.of_pairs(*np.ascontiguousarray(columns), length=len(every))


# --- by chance ---

_DS = 600


@dataclass(frozen=True)
class Tiny:
    """A network small enough to try everything: stops by number, trips as (stop, arrival, departure, board, alight)."""

    stops: int
    trips: list[list[tuple[int, int, int, bool, bool]]]
    transfers: list[tuple[int, int, int, int | None]]
    walking: list[dict[int, int]]
    access: list[dict[int, int]]
    egress: list[dict[int, int]]
    direct: list[list[int]] = field(default_factory=list)

    def tables(self, order: list[int] | None = None) -> dict[str, str]:
        """Return the files of the feed; ``order`` is that of the rows of stop_times and trips."""
        times = [(trip, at, *call) for trip, calls in enumerate(self.trips) for at, call in enumerate(calls)]
        picked = [times[at] for at in order] if order else times
        trips = dict.fromkeys(one[0] for one in picked)
        return {
            "stops": "stop_id,stop_name,stop_lat,stop_lon\n"
            + "".join(f"s{one},Stop {one},{45 + one / 100},7\n" for one in range(self.stops)),
            "trips": "route_id,service_id,trip_id,trip_headsign\n" + "".join(f"R,W,t{one},\n" for one in trips),
            "stop_times": "stop_id,trip_id,arrival_time,departure_time,stop_sequence,pickup_type,drop_off_type\n"
            + "".join(
                f"s{stop},t{trip},{hms(arrival)},{hms(departure)},{at * 3},{int(not board)},{int(not alight)}\n"
                for trip, at, stop, arrival, departure, board, alight in picked
            ),
            "transfers": "from_stop_id,to_stop_id,transfer_type,min_transfer_time\n"
            + "".join(
                f"s{start},s{end},{kind},{'' if least is None else least}\n"
                for start, end, kind, least in self.transfers
            ),
        }

    def timetable(self, order: list[int] | None = None) -> Timetable:
        """Return the timetable that these files make, without writing them."""
        written = {name: list(csv.DictReader(io.StringIO(text))) for name, text in (SMALL | self.tables(order)).items()}
        tables = {
            name: {column: _column(written, name, column, kind) for column, kind in wanted.items()}
            | {"row": np.arange(2, len(written[name]) + 2)}
            for name, wanted in single._WANTED.items()
            if name in written
        }
        return together([single.feed_of(Bundle(tables, ()), "tiny")]).on(MONDAY)

    def walks(self) -> Walks:
        direct = self.direct or [[int(UNREACHED)] * len(self.egress) for _ in self.access]
        return Walks(rows(self.access), rows(self.egress), rows(self.walking), np.array(direct, dtype=np.int32))

    def changes(self) -> list[dict[int, int]]:
        """Return the deciseconds of every change, as the format and ``walking`` say."""
        found = [{at: 0} | {to: cost for to, cost in self.walking[at].items() if to != at} for at in range(self.stops)]
        for start, end, kind, least in self.transfers:
            if kind == 3:
                found[start].pop(end, None)
            elif kind == 2:
                known = found[start].get(end)
                found[start][end] = (least or 0) * 10 if known is None else max(known, (least or 0) * 10)
            elif kind == 1:
                found[start][end] = 0
        return found


def _column(written, name, column, kind):
    """One column as ``lake.bundles`` gives it."""
    cells = [row.get(column) or "" for row in written[name]]
    if isinstance(kind, Row):
        number = {row[kind.column]: at for at, row in reversed(list(enumerate(written[kind.table])))}
        return np.array([number.get(one, -2) if one else -1 for one in cells], dtype=np.int64)
    read = {
        As.TEXT: str,
        As.NUMBER: lambda one: float(one or "nan"),
        As.INTEGER: lambda one: int(one) if one else MISSING,
        As.SECONDS: lambda one: clock(one) // 10 if one else MISSING,
        As.DAY: lambda one: (date.fromisoformat(one) - date(1970, 1, 1)).days,
    }[kind]
    types = {As.TEXT: object, As.NUMBER: np.float64}
    return np.array([read(one) for one in cells], dtype=types.get(kind, np.int64))


def hms(time_ds: int) -> str:
    seconds = time_ds // 10
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


@st.composite
def tiny(draw: st.DrawFn) -> Tiny:
    """Networks of a few stops and trips that overtake each other, come by twice, and do not open everywhere."""
    stops = draw(st.integers(2, 6))
    some = st.integers(0, stops - 1)
    trips = []
    for _ in range(draw(st.integers(1, 7))):
        time, calls = draw(st.integers(0, 12)), []
        sequence = draw(st.sampled_from(trips)) if trips and draw(st.booleans()) else None
        places = [one[0] for one in sequence] if sequence else draw(st.lists(some, min_size=2, max_size=5))
        for stop in places:
            arrival = time + draw(st.integers(0, 4))
            time = arrival + draw(st.integers(0, 2))
            calls.append((stop, arrival * _DS, time * _DS, draw(st.integers(0, 5)) > 0, draw(st.integers(0, 5)) > 0))
        trips.append(calls)
    pairs = draw(st.lists(st.tuples(some, some), max_size=4, unique=True))
    transfers = [
        (start, end, kind, draw(st.integers(0, 5)) * 60 if kind == 2 else None)
        for start, end in pairs
        for kind in [draw(st.sampled_from([1, 2, 3]))]
    ]
    costs = st.dictionaries(some, st.integers(0, 5).map(lambda one: one * _DS // 2), max_size=3)
    near = st.lists(costs, min_size=1, max_size=2)
    access, egress = draw(near), draw(near)
    direct = [[draw(st.sampled_from([int(UNREACHED), 3 * _DS, 9 * _DS])) for _ in egress] for _ in access]
    walking = [draw(costs) for _ in range(stops)]
    return Tiny(stops, trips, transfers, walking, access, egress, direct)


def dense(seed: int) -> Tiny:
    """A network of many trips and walks everywhere, of the chance ``seed``: labels are mended again and again."""
    chance = random.Random(seed)
    stops, minute = 8, 600
    lines = [chance.sample(range(stops), chance.randint(2, 5)) for _ in range(6)]
    trips = []
    for _ in range(24):
        time, calls = chance.randrange(50), []
        for stop in chance.choice(lines):
            arrival = time + chance.randint(1, 6)
            time = arrival + chance.randint(0, 1)
            calls.append((stop, arrival * minute, time * minute, chance.random() > 0.1, chance.random() > 0.1))
        trips.append(calls)
    walking = [{to: chance.randint(2, 30) * minute // 2 for to in chance.sample(range(stops), 5)} for _ in range(stops)]
    transfers = [(at, at, 2, chance.randint(0, 4) * 60) for at in chance.sample(range(stops), 3)]
    pairs = {tuple(chance.sample(range(stops), 2)) for _ in range(6)}
    transfers += [(*pair, *chance.choice([(1, None), (2, 300), (3, None)])) for pair in sorted(pairs)]
    near = [{stop: chance.randint(0, 12) * minute for stop in chance.sample(range(stops), 3)} for _ in range(4)]
    return Tiny(stops, trips, transfers, walking, near[:2], near[2:])
