"""Travel times of small networks made by chance, against trying everything; and what must hold of any of them."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.territory.timetable import oracle
from tests.territory.timetable.made import MONDAY, Tiny, dense, rows, tiny, write

from portico.errors import UsageError
from portico.territory.nearby import UNREACHED
from portico.territory.timetable.feeds import read_feeds
from portico.territory.timetable.raptor import (
    Limits,
    Walks,
    matrix,
    matrix_arriving,
    minutes_of,
    one_to_all,
)

FAR = int(UNREACHED)
DS = 600
WINDOW = np.arange(0, 12 * DS, DS, dtype=np.int32)
MANY = settings(max_examples=150)


def expected(network: Tiny, origin: int, point: int, departure: int, limits: Limits) -> int:
    """The travel time of one departure, found by trying everything."""
    arrival = reached(network, origin, departure, limits.max_rides)
    ends = [arrival[stop] + cost for stop, cost in network.egress[point].items() if stop in arrival]
    best = min([*ends, departure + network.direct[origin][point]]) - departure
    return int(best) if best <= limits.limit_ds else FAR


def reached(network: Tiny, origin: int, departure: int, max_rides: int) -> dict[int, float]:
    ready = {stop: departure + cost for stop, cost in network.access[origin].items()}
    return oracle.explore(network.trips, ready, network.changes(), max_rides)


@MANY
@given(network=tiny(), max_rides=st.integers(0, 4), limit=st.integers(2, 30))
def test_every_departure_takes_as_long_as_trying_everything_says(network, max_rides, limit):
    limits = Limits(max_rides, limit * DS)
    timetable, walks = network.timetable(), network.walks()
    percentiles = (0, 5, 50, 95, 100)
    found = matrix(timetable, walks, WINDOW, percentiles, limits)
    for origin in range(len(network.access)):
        for point in range(len(network.egress)):
            times = [expected(network, origin, point, departure, limits) for departure in WINDOW.tolist()]
            ranked = [oracle.nearest_rank(times, one) for one in percentiles]
            assert found[:, origin, point].tolist() == ranked
    one = matrix(timetable, walks, WINDOW[3:4], (50,), limits)[0]
    for origin in range(len(network.access)):
        for point in range(len(network.egress)):
            assert one[origin, point] == expected(network, origin, point, int(WINDOW[3]), limits)


@pytest.mark.parametrize("seed", range(150))
def test_windows_of_crowded_networks_are_the_connection_scans_of_every_minute(seed):
    network = dense(seed)
    timetable, walks = network.timetable(), network.walks()
    departures = minutes_of(0, 30)
    percentiles = [100 * (at + 0.5) / len(departures) for at in range(len(departures))]  # every travel time there is
    found = matrix(timetable, walks, departures, percentiles, Limits(30, 60 * DS))
    hops, changes = oracle.connections(network.trips), network.changes()
    for origin, access in enumerate(network.access):
        times = []
        for departure in departures.tolist():
            ready = {stop: departure + cost for stop, cost in access.items()}
            arrival = oracle.scan(hops, ready, changes)
            ends = [[arrival[at] + cost for at, cost in way.items() if at in arrival] for way in network.egress]
            times.append([min(one, default=oracle.FAR) - departure for one in ends])
        for point, column in enumerate(zip(*times, strict=True)):
            assert found[:, origin, point].tolist() == sorted(one if one <= 60 * DS else FAR for one in column)


@pytest.mark.parametrize("seed", range(60))
def test_arrivals_of_crowded_networks_are_the_latest_of_all_departures(seed):
    network = dense(1_000 + seed)
    arrivals = minutes_of(30 * DS, 30)
    percentiles = [100 * (at + 0.5) / len(arrivals) for at in range(len(arrivals))]
    found = matrix_arriving(network.timetable(), network.walks(), arrivals, percentiles, Limits(30, 60 * DS))
    hops, changes = oracle.connections(network.trips), network.changes()
    departures = range(-30 * DS, 60 * DS, DS // 2)  # all times are whole half minutes, so latest departures are too
    for origin, access in enumerate(network.access):
        known = []
        for departure in departures:
            ready = {stop: departure + cost for stop, cost in access.items()}
            known.append((departure, oracle.scan(hops, ready, changes)))
        for point, way in enumerate(network.egress):
            there = [
                (departure, min((arrival[at] + cost for at, cost in way.items() if at in arrival), default=oracle.FAR))
                for departure, arrival in known
            ]
            times = [
                min((latest - departure for departure, arrival in there if arrival <= latest), default=oracle.FAR)
                for latest in arrivals.tolist()
            ]
            assert found[:, origin, point].tolist() == sorted(one if one <= 60 * DS else FAR for one in times)


@MANY
@given(network=tiny(), departure=st.integers(0, 14), max_rides=st.integers(1, 4))
def test_every_stop_is_reached_when_trying_everything_says(network, departure, max_rides):
    limits = Limits(max_rides, 40 * DS)
    found = one_to_all(network.timetable(), rows(network.access), rows(network.walking), departure * DS, limits)
    for origin in range(len(network.access)):
        arrival = reached(network, origin, departure * DS, max_rides)
        assert found[origin].tolist() == [
            arrival.get(stop, FAR) if arrival.get(stop, FAR) <= departure * DS + 40 * DS else FAR
            for stop in range(network.stops)
        ]


@settings(max_examples=100)
@given(network=tiny(), max_rides=st.integers(1, 3))
def test_an_arrival_window_is_the_latest_of_all_departures(network, max_rides):
    limits = Limits(max_rides, 30 * DS)
    arrivals = np.arange(10 * DS, 26 * DS, 2 * DS, dtype=np.int32)
    found = matrix_arriving(network.timetable(), network.walks(), arrivals, (0, 50, 100), limits)
    # All costs are multiples of half a minute, and so are latest departures.
    departures = range(-30 * DS, 26 * DS, DS // 2)
    for origin in range(len(network.access)):
        known = [(one, reached(network, origin, one, max_rides)) for one in departures]
        for point in range(len(network.egress)):
            times = []
            for latest in arrivals.tolist():
                there = [
                    latest - one
                    for one, arrival in known
                    if one + network.direct[origin][point] <= latest
                    or any(arrival.get(stop, FAR) + cost <= latest for stop, cost in network.egress[point].items())
                ]
                best = min(there, default=FAR)
                times.append(best if best <= limits.limit_ds else FAR)
            assert found[:, origin, point].tolist() == [oracle.nearest_rank(times, one) for one in (0, 50, 100)]


@given(network=tiny(), seed=st.integers(0, 99))
def test_the_order_of_rows_threads_and_departures_does_not_matter(network, seed):
    chance = random.Random(seed)
    order = list(range(sum(map(len, network.trips))))
    chance.shuffle(order)
    mixed = WINDOW.copy()
    np.random.default_rng(seed).shuffle(mixed)
    before = matrix(network.timetable(), network.walks(), WINDOW, (95, 5, 50))
    after = matrix(network.timetable(order), network.walks(), mixed, (95, 5, 50), Limits(threads=1))
    assert np.array_equal(before, after)


@given(network=tiny())
def test_percentiles_rise_walking_bounds_and_a_wider_window_loses_nothing(network):
    timetable, walks = network.timetable(), network.walks()
    fast, usual, slow = matrix(timetable, walks, WINDOW, (5, 50, 95))
    assert (fast <= usual).all()
    assert (usual <= slow).all()
    walked = np.where(walks.direct_ds <= Limits().limit_ds, walks.direct_ds, FAR)
    assert (slow <= walked).all()
    best = matrix(timetable, walks, WINDOW, (0,))
    assert (matrix(timetable, walks, np.append(WINDOW, [20 * DS, 30 * DS]), (0,)) <= best).all()


@given(network=tiny(), which=st.integers(0, 6))
def test_to_remove_a_trip_never_shortens_a_way(network, which):
    fewer = replace(network, trips=[one for at, one in enumerate(network.trips) if at != which % len(network.trips)])
    if not fewer.trips:
        return
    all_of_them = matrix(network.timetable(), network.walks(), WINDOW, (5, 50, 95))
    assert (matrix(fewer.timetable(), network.walks(), WINDOW, (5, 50, 95)) >= all_of_them).all()


@given(network=tiny(), faster=st.integers(1, 4))
def test_to_walk_faster_never_takes_longer(network, faster):
    timetable = network.timetable()

    def quicker(costs):
        return [{stop: cost // faster for stop, cost in one.items()} for one in costs]

    quick = replace(network, access=quicker(network.access), egress=quicker(network.egress))
    usual = matrix(timetable, network.walks(), WINDOW, (5, 50, 95))
    assert (matrix(timetable, quick.walks(), WINDOW, (5, 50, 95)) <= usual).all()


@settings(max_examples=10)
@given(network=tiny())
def test_a_feed_written_and_read_makes_the_same_timetable(tmp_path, network):
    read = read_feeds([write(tmp_path / "tiny.zip", **network.tables())]).on(MONDAY)
    for old, new in zip(network.timetable().network, read.network, strict=True):
        assert np.array_equal(old, new)
    assert np.array_equal(*(one.rules.changes().cost_ds for one in (read, network.timetable())))


@given(network=tiny())
def test_a_timetable_reversed_twice_is_the_same(network):
    timetable = network.timetable()
    backwards = timetable.reversed()
    again = backwards.reversed()
    assert backwards.is_reversed
    assert not again.is_reversed
    for old, new in zip(timetable.network, again.network, strict=True):
        assert np.array_equal(old, new)
    assert np.array_equal(timetable.trip, again.trip)
    old, new = timetable.rules.changes(), again.rules.changes()
    assert all(np.array_equal(*pair) for pair in zip(old, new, strict=True))


def test_more_rides_are_never_slower_and_none_is_walking():
    network = Tiny(
        3,
        [
            [(0, 0, 0, True, True), (1, DS, DS, True, True)],
            [(1, DS, 2 * DS, True, True), (2, 3 * DS, 3 * DS, True, True)],
        ],
        [],
        [{}, {}, {}],
        [{0: 0}],
        [{2: DS}],
        [[20 * DS]],
    )
    timetable, walks = network.timetable(), network.walks()
    times = [int(matrix(timetable, walks, WINDOW[:1], (50,), Limits(rides))[0, 0, 0]) for rides in range(4)]
    assert times == [20 * DS, 20 * DS, 4 * DS, 4 * DS]


def test_the_percentile_is_the_one_of_nearest_rank():
    """One bus at minute 10: ten departures take 11 minutes down to 2, and the walk afterwards is too long."""
    network = Tiny(
        2, [[(0, 9 * DS, 9 * DS, True, True), (1, 11 * DS, 11 * DS, True, True)]], [], [{}, {}], [{0: 0}], [{1: 0}]
    )
    departures = minutes_of(0, 20)
    found = matrix(network.timetable(), network.walks(), departures, (0, 5, 10, 25, 50, 50.1, 95, 100))
    assert [one // DS if one < FAR else None for one in found[:, 0, 0].tolist()] == [2, 2, 3, 6, 11, None, None, None]


def test_an_empty_window_and_a_percentile_that_is_none_are_refused():
    network = Tiny(2, [[(0, 0, 0, True, True), (1, DS, DS, True, True)]], [], [{}, {}], [{0: 0}], [{1: 0}])
    timetable, walks = network.timetable(), network.walks()
    with pytest.raises(UsageError) as raised:
        matrix(timetable, walks, WINDOW[:0])
    assert raised.value.message_id == "window-empty"
    for wrong in (-1, 101, float("nan")):
        with pytest.raises(UsageError) as raised:
            matrix(timetable, walks, WINDOW, (50, wrong))
        assert raised.value.message_id == "percentile-unknown"


def test_points_without_stops_walk_or_are_not_reached():
    network = Tiny(2, [[(0, 0, 0, True, True), (1, DS, DS, True, True)]], [], [{}, {}], [{}, {0: 0}], [{}, {1: 0}])
    walks = Walks(
        rows(network.access), rows(network.egress), None, np.array([[5 * DS, FAR], [FAR, FAR]], dtype=np.int32)
    )
    found = matrix(network.timetable(), walks, WINDOW[:1])[0]
    assert found.tolist() == [[5 * DS, FAR], [FAR, DS]]


def test_walks_that_do_not_fit_the_timetable_are_refused_before_anything_runs():
    network = Tiny(2, [[(0, 0, 0, True, True), (1, DS, DS, True, True)]], [], [{}, {}], [{0: 0}], [{1: 0}])
    timetable, walks = network.timetable(), network.walks()
    for wrong in (
        replace(walks, access=rows([{2: 0}])),
        replace(walks, egress=rows([{-1: 0}])),
        replace(walks, direct_ds=np.zeros((2, 1), dtype=np.int32)),
        replace(walks, transfers=rows([{1: 0}])),
    ):
        with pytest.raises(ValueError, match="walk"):
            matrix(timetable, wrong, WINDOW)
    with pytest.raises(ValueError, match="walk"):
        one_to_all(timetable, rows([{2: 0}]), None, 0)
