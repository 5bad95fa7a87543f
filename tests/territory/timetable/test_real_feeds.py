"""Every complete feed of the shared data against a second reader of its files and a connection scan."""

from __future__ import annotations

import csv
import functools
import random
from datetime import date, timedelta

import numpy as np
import pytest
from tests.shared import needs_shared, shared_data
from tests.territory.timetable import oracle
from tests.territory.timetable.made import rows, unpacked

from portico.errors import InputError, RejectedError
from portico.territory.nearby import UNREACHED
from portico.territory.timetable.feeds import read_feeds
from portico.territory.timetable.journeys import Ride, journey, journey_arriving
from portico.territory.timetable.raptor import Limits, Walks, matrix, matrix_arriving, minutes_of, one_to_all

FEEDS = {
    "laquila/GTFS_30102022-2.zip": (date(2022, 10, 5), 8),
    "laquila/GTFS_24112021.zip": (date(2021, 11, 26), 7),
    "porto/metro_do_porto_gtfs.zip": (date(2026, 7, 25), 22),
    "porto/cp_gtfs.zip": (date(2026, 3, 4), 17),
    "porto-alegre/poa_eptc.zip": (date(2019, 5, 13), 14),
    "porto-alegre/poa_trensurb.zip": (date(2019, 5, 13), 6),
    "prato/bus.gtfs": (date(2016, 10, 12), 12),
}
TOGETHER = {
    ("porto-alegre/poa_eptc.zip", "porto-alegre/poa_trensurb.zip"): (date(2019, 5, 13), 14),
    ("porto/metro_do_porto_gtfs.zip", "porto/cp_gtfs.zip"): (date(2026, 7, 24), 23),
}
EVERY = [*((name,) for name in FEEDS), *TOGETHER]
HOUR = 36_000
ANY_RIDES = Limits(max_rides=30, limit_ds=4 * HOUR)
NEAR = 0.004  # degrees: some 400 m


def day_of(names):
    return FEEDS[names[0]] if len(names) == 1 else TOGETHER[names]


def paths_of(names):
    return [shared_data("data", "gtfs", *name.split("/")) for name in names]


@functools.cache
def network_of(names):
    """The timetable of a feed or several, walking between near stops made up, and all hops as the scan takes them."""
    day, hour = day_of(names)
    timetable = read_feeds(paths_of(names)).on(day)
    lon, lat = timetable.stops.lon, timetable.stops.lat
    walking = []
    for stop in range(len(lon)):
        away = np.hypot(lon - lon[stop], lat - lat[stop])
        near = np.flatnonzero((away <= NEAR / 2) & (np.arange(len(lon)) != stop))
        walking.append({int(one): int(away[one] / NEAR * 3_200) for one in near})
    changes = [{stop: 0} | costs for stop, costs in enumerate(walking)]
    for stop, near in enumerate(changes):  # stops in one place are one
        for other in np.flatnonzero((lon == lon[stop]) & (lat == lat[stop])).tolist():
            near.setdefault(other, 0)
    begin = hour * HOUR
    trips = [[(numbers(timetable)[one.feed, call[0]], *call[1:]) for call in one.calls] for one in unpacked(timetable)]
    hops = [one for one in oracle.connections(trips) if begin <= one[0] <= begin + 6 * HOUR]
    return timetable, walking, changes, hops, begin


@functools.cache
def numbers(timetable):
    found = {}
    for number, (feed, name) in enumerate(zip(timetable.stops.feed.tolist(), timetable.stops.id, strict=True)):
        found[timetable.trips.feed_names[feed], name] = number
    return found


def points(timetable, chance, count):
    """Random points near stops, with the walks to the stops around them."""
    lon, lat = timetable.stops.lon, timetable.stops.lat
    found = []
    for stop in chance.sample(range(len(lon)), min(count, len(lon))):
        away = np.hypot(lon - lon[stop] - NEAR / 9, lat - lat[stop] + NEAR / 7)
        near = np.flatnonzero(away <= NEAR)
        found.append({int(one): int(away[one] / NEAR * 3_200) for one in near})
    return found


@pytest.mark.parametrize("name", FEEDS)
def test_the_trips_of_three_days_are_those_of_a_second_reader(name):
    """Also through the patterns: sequences, times, boarding, the day before shifted, the day after."""
    day, _ = FEEDS[name]
    path = shared_data("data", "gtfs", *name.split("/"))
    feeds = read_feeds([path])
    for one in (day, day + timedelta(days=3 if day.weekday() < 4 else 1)):
        ours = sorted((trip.trip, trip.calls) for trip in unpacked(feeds.on(one)))
        theirs = sorted(oracle.trips_on(path, one))
        assert [trip for trip, _ in ours] == [trip for trip, _ in theirs]
        assert len(ours) > 100
        for (_, own), (_, other) in zip(ours, theirs, strict=True):
            assert [(call[0], *call[3:]) for call in own] == [(call[0], *call[3:]) for call in other]
            apart = [
                abs(a - b) for one, two in zip(own, other, strict=True) for a, b in zip(one[1:3], two[1:3], strict=True)
            ]
            assert max(apart) <= 1  # filled times are rounded from centimetres


@pytest.mark.parametrize("names", EVERY)
def test_no_trip_overtakes_another_in_its_pattern(names):
    network = network_of(names)[0].network
    for pattern in range(len(network.trip_first) - 1):
        times = slice(network.time_first[pattern], network.time_first[pattern + 1])
        trips = network.trip_first[pattern + 1] - network.trip_first[pattern]
        for column in (network.arrival_ds, network.departure_ds):
            assert (np.diff(column[times].reshape(-1, trips), axis=1) >= 0).all()


@pytest.mark.parametrize("names", EVERY)
def test_every_stop_is_reached_when_a_connection_scan_says(names):
    timetable, walking, changes, hops, begin = network_of(names)
    chance = random.Random(1)
    access = points(timetable, chance, 8)
    departure = begin + chance.randrange(HOUR)
    found = one_to_all(timetable, rows(access), rows(walking), departure, ANY_RIDES)
    reached = 0
    for origin, costs in enumerate(access):
        ready = {stop: departure + cost for stop, cost in costs.items()}
        arrival = oracle.scan(hops, ready, changes, departure + ANY_RIDES.limit_ds)
        expected = [arrival.get(stop, int(UNREACHED)) for stop in range(len(timetable.stops))]
        assert found[origin].tolist() == expected
        reached += len(arrival)
    assert reached > 100


@pytest.mark.parametrize("names", EVERY)
def test_windows_are_the_connection_scans_of_every_minute(names):
    timetable, walking, changes, hops, begin = network_of(names)
    chance = random.Random(2)
    access, egress = points(timetable, chance, 2), points(timetable, chance, 40)
    direct = np.array([[chance.randrange(HOUR, 4 * HOUR) for _ in egress] for _ in access], dtype=np.int32)
    walks = Walks(rows(access), rows(egress), rows(walking), direct)
    departures = minutes_of(begin, 9)
    percentiles = (5, 50, 95)
    found = matrix(timetable, walks, departures, percentiles, ANY_RIDES)
    for origin, costs in enumerate(access):
        times = []
        for departure in departures.tolist():
            ready = {stop: departure + cost for stop, cost in costs.items()}
            arrival = oracle.scan(hops, ready, changes)
            ends = [
                min((arrival[one] + cost for one, cost in way.items() if one in arrival), default=oracle.FAR)
                for way in egress
            ]
            times.append([min(end - departure, walk) for end, walk in zip(ends, direct[origin].tolist(), strict=True)])
        for point, column in enumerate(zip(*times, strict=True)):
            cut = [one if one <= ANY_RIDES.limit_ds else int(UNREACHED) for one in column]
            assert found[:, origin, point].tolist() == [oracle.nearest_rank(cut, one) for one in percentiles]


@pytest.mark.parametrize("names", EVERY)
def test_journeys_take_as_long_as_the_matrix_says_and_can_be_followed(names):
    timetable, walking, changes, _, begin = network_of(names)
    chance = random.Random(3)
    access, egress = points(timetable, chance, 5), points(timetable, chance, 5)
    direct = np.full((5, 5), 2 * HOUR, dtype=np.int32)
    walks = Walks(rows(access), rows(egress), rows(walking), direct)
    departure, latest = begin + 1234, begin + 3 * HOUR
    there = matrix(timetable, walks, np.array([departure]), (50,))[0]
    back = matrix_arriving(timetable, walks, np.array([latest]), (50,))[0]
    rides = 0
    for pair in np.ndindex(5, 5):
        told = journey(timetable, walks, pair, departure)
        assert told.travel_ds == there[pair]
        assert told.departure_ds == departure
        by_then = journey_arriving(timetable, walks, pair, latest)
        assert by_then.travel_ds == back[pair]
        assert by_then.arrival_ds == latest
        for one in (told, by_then):
            follow(timetable, walks, pair, one, changes)
            rides += len(one.rides)
    assert rides > 0


def follow(timetable, walks, pair, told, changes):
    """Go through a journey leg by leg: every one begins where and not before the last has ended, and is a real one."""
    network, time, stop = timetable.network, told.departure_ds, None
    for leg in told.legs:
        assert leg.begin_ds >= time
        if isinstance(leg, Ride):
            assert stop is None or leg.calls[0].stop in changes[stop]
            assert served(network, leg)
            stop = leg.calls[-1].stop
        else:
            assert leg.start == stop
            if leg.kind == "access":
                assert dict(zip(*walks.access.of(pair[0]), strict=True))[leg.end] == leg.end_ds - leg.begin_ds
            elif leg.kind == "egress":
                assert dict(zip(*walks.egress.of(pair[1]), strict=True))[leg.start] == leg.end_ds - leg.begin_ds
            elif leg.kind == "change":
                assert changes[leg.start][leg.end] == leg.end_ds - leg.begin_ds
            else:
                assert leg.end_ds - leg.begin_ds == walks.direct_ds[pair]
            stop = leg.end
        time = leg.end_ds
    assert time <= told.arrival_ds


def served(network, ride):
    """Say whether some vehicle calls at all these stops at these times, lets one in first and out last."""
    calls = [(one.stop, one.arrival_ds, one.departure_ds) for one in ride.calls]
    first = calls[0][0]
    for visit in range(network.visit_first[first], network.visit_first[first + 1]):
        pattern, position = network.visit_pattern[visit], network.visit_position[visit]
        at = network.pattern_first[pattern] + position
        if network.stop[at : at + len(calls)].tolist() != [one[0] for one in calls]:
            continue
        trips = int(network.trip_first[pattern + 1] - network.trip_first[pattern])
        begin = network.time_first[pattern] + position * trips
        block = slice(begin, begin + trips * len(calls))
        arrival, departure = (one[block].reshape(-1, trips) for one in (network.arrival_ds, network.departure_ds))
        same = ([one[1] for one in calls] == arrival.T).all(1) & ([one[2] for one in calls] == departure.T).all(1)
        if same.any() and network.board[at] and network.alight[at + len(calls) - 1]:
            return True
    return False


@needs_shared("data", "accessibility", "porto-alegre")
def test_in_porto_alegre_transit_is_never_worse_than_walking_for_all_hexagons():
    names = ("porto-alegre/poa_eptc.zip", "porto-alegre/poa_trensurb.zip")
    timetable, walking, _, _, begin = network_of(names)
    with shared_data("data", "accessibility", "porto-alegre", "poa_hexgrid.csv").open(encoding="utf-8") as file:
        table = list(csv.DictReader(file))[::6]
    lon, lat = (np.array([float(row[name]) for row in table]) for name in ("lon", "lat"))
    to_stops = [
        {int(one): int(away[one] / NEAR * 3_200) for one in np.flatnonzero(away <= NEAR)}
        for away in (np.hypot(timetable.stops.lon - x, timetable.stops.lat - y) for x, y in zip(lon, lat, strict=True))
    ]
    direct = (np.hypot(lon[:, None] - lon, lat[:, None] - lat) / NEAR * 3_200).astype(np.int32)
    walks = Walks(rows(to_stops), rows(to_stops), rows(walking), direct)
    limits = Limits()
    fast, usual, slow = matrix(timetable, walks, minutes_of(begin, 30), (5, 50, 95), limits)
    walked = np.where(direct <= limits.limit_ds, direct, UNREACHED)
    assert (fast <= usual).all()
    assert (usual <= slow).all()
    assert (slow <= walked).all()
    assert (usual < walked).mean() > 0.5
    assert ((usual <= limits.limit_ds) | (usual == UNREACHED)).all()


def test_feeds_that_cannot_answer_are_refused_with_a_sentence():
    with pytest.raises(InputError) as raised:
        read_feeds([shared_data("data", "gtfs", "torino-gtt", "gtt_gtfs_20251010_partial.zip")])
    assert raised.value.message_id == "gtfs-cannot-answer"
    assert raised.value.values["missing"] == "stop_times.txt"
    with pytest.raises(RejectedError) as raised:
        read_feeds([shared_data("data", "gtfs", "broken", "test_broken_gtfs.zip")])
    assert raised.value.message_id == "gtfs-refused"


def test_the_share_of_filled_times_is_stated():
    feeds = read_feeds([shared_data("data", "gtfs", "porto-alegre", "poa_eptc.zip")])
    filling = feeds.feeds[0].filling
    assert (filling.rows, filling.by_line, filling.by_shape, filling.by_count) == (130_019, 125_271, 0, 0)
    assert round(filling.share, 3) == 0.963
