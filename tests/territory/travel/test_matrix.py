from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import cache

import numpy as np
import pytest
from tests.shared import needs_shared, shared_data

from portico.errors import InputError, UsageError
from portico.territory.model import Mode
from portico.territory.nearby import UNREACHED
from portico.territory.travel.itinerary import Riding, itinerary
from portico.territory.travel.matrix import at_peak, matrix, portions
from portico.territory.travel.model import Points, Question, Window, minutes_of
from portico.territory.travel.network import TravelNetwork, network_of

pytestmark = needs_shared("data", "gtfs", "porto-alegre")
MONDAY = date(2019, 5, 13)
WINDOW = Window(MONDAY, 14 * 36_000, 30)
TRANSIT = Question(Mode.TRANSIT, WINDOW, (5.0, 50.0, 95.0))
STREETS = (Mode.WALK, Mode.BICYCLE, Mode.CAR)


@cache
def porto_alegre() -> TravelNetwork:
    feeds = [shared_data("data", "gtfs", "porto-alegre", name) for name in ("poa_eptc.zip", "poa_trensurb.zip")]
    return network_of(shared_data("data", "osm", "porto-alegre", "poa_osm.pbf"), feeds)


@cache
def hexagons(every: int = 12) -> Points:
    path = shared_data("data", "accessibility", "porto-alegre", "poa_hexgrid.csv")
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))[::every]
    return points([(row["id"], float(row["lon"]), float(row["lat"])) for row in rows])


def points(rows: Sequence[tuple[str, float, float]]) -> Points:
    ids, lon, lat = zip(*rows, strict=True)
    return Points(tuple(ids), np.array(lon), np.array(lat))


@cache
def asked(question: Question) -> np.ndarray:
    return matrix(porto_alegre(), hexagons(), hexagons(), question)


def test_on_all_pairs_public_transport_is_never_slower_than_walking_and_percentiles_rise() -> None:
    low, middle, high = asked(TRANSIT)
    assert (low <= middle).all()
    assert (middle <= high).all()
    assert (high <= asked(Question(Mode.WALK))[0]).all()
    assert (middle < asked(Question(Mode.WALK))[0]).mean() > 0.5, "people do ride"


def test_a_wider_window_never_loses_a_connection() -> None:
    narrow, wide = (
        replace(TRANSIT, percentiles=(0.0,)),
        replace(TRANSIT, percentiles=(0.0,), window=replace(WINDOW, minutes=45)),
    )
    assert (asked(wide)[0] <= asked(narrow)[0]).all()


def test_faster_on_foot_is_never_later() -> None:
    fast = network_of(shared_data("data", "osm", "porto-alegre", "poa_osm.pbf"), walk_km_h=5.5)
    found = matrix(fast, hexagons(), hexagons(), Question(Mode.WALK))
    assert (found <= asked(Question(Mode.WALK))).all()


def test_no_journey_is_longer_than_the_limit_and_a_limit_changes_nothing_below_it() -> None:
    limited = asked(replace(TRANSIT, limit_minutes=45.0))
    free = asked(TRANSIT)
    assert (limited[limited < UNREACHED] <= 45 * 600).all()
    assert np.array_equal(limited, np.where(free <= 45 * 600, free, UNREACHED))


def test_fewer_rides_are_never_faster_and_none_is_walking() -> None:
    one, none = asked(replace(TRANSIT, max_rides=1)), asked(replace(TRANSIT, max_rides=0))
    assert (asked(TRANSIT) <= one).all()
    assert (one <= none).all()
    assert (none == asked(Question(Mode.WALK))[0]).all()


@pytest.mark.parametrize("mode", [Mode.CAR, Mode.TRANSIT])
def test_portions_order_and_company_of_origins_change_nothing(mode: Mode) -> None:
    question = TRANSIT if mode is Mode.TRANSIT else Question(mode)
    whole, network, some = asked(question), porto_alegre(), hexagons().take(slice(0, 30))
    parts = list(portions(network, some, hexagons(), question, rows=7))
    assert [one.first for one in parts] == [0, 7, 14, 21, 28]
    assert np.array_equal(np.concatenate([one.costs_ds for one in parts], axis=1), whole[:, :30])


def test_arriving_by_a_minute_is_leaving_as_late_as_one_can() -> None:
    """Who leaves when the answer says is there in time, and who leaves a moment later is not."""
    network, some = porto_alegre(), hexagons().take(slice(0, 12))
    arrive = Window(MONDAY, 15 * 36_000, 1, arriving=True)
    late = matrix(network, some, some, Question(Mode.TRANSIT, arrive))[0]
    for origin, destination in ((0, 5), (3, 9), (7, 1), (10, 4)):
        if late[origin, destination] >= UNREACHED:
            continue
        leave = 15 * 36_000 - int(late[origin, destination])
        one, other = some.take(slice(origin, origin + 1)), some.take(slice(destination, destination + 1))
        there = matrix(network, one, other, Question(Mode.TRANSIT, Window(MONDAY, leave)))[0, 0, 0]
        assert there <= late[origin, destination]
        after = matrix(network, one, other, Question(Mode.TRANSIT, Window(MONDAY, leave + 1)))[0, 0, 0]
        assert leave + 1 + after > 15 * 36_000


def test_the_journey_told_takes_what_the_matrix_says_for_the_percentile() -> None:
    network, told = porto_alegre(), 0
    for origin, destination in ((1, 40), (17, 3), (60, 22), (33, 90), (80, 5)):
        one, other = (hexagons().take(slice(at, at + 1)) for at in (origin, destination))
        for layer, share in enumerate((5.0, 50.0, 95.0)):
            found = itinerary(network, one, other, replace(TRANSIT, percentiles=(share,)))
            cost = asked(TRANSIT)[layer, origin, destination]
            assert (found.cost_ds if found else UNREACHED) == cost
            if found and found.departure_ds is not None:
                assert found.arrival_ds - found.departure_ds == cost
                told += any(isinstance(part, Riding) for part in found.parts)
                ends = [part.end_ds for part in found.parts]
                begins = [part.begin_ds for part in found.parts]
                assert all(end <= begin for end, begin in zip(ends, begins[1:], strict=False))
    assert told >= 8


@pytest.mark.parametrize("mode", STREETS)
def test_street_itineraries_take_what_the_matrix_says(mode: Mode) -> None:
    for origin, destination in ((1, 40), (17, 3), (60, 22)):
        one, other = (hexagons().take(slice(at, at + 1)) for at in (origin, destination))
        found = itinerary(porto_alegre(), one, other, Question(mode))
        assert (found.cost_ds if found else UNREACHED) == asked(Question(mode))[0, origin, destination]


def test_points_in_the_sea_nowhere_or_far_away_reach_nothing_and_disturb_nobody() -> None:
    strange = [("sea", -50.0, -30.9), ("nowhere", float("nan"), float("nan")), ("other side", 130.0, 30.0)]
    known = [
        (name, float(lon), float(lat))
        for name, lon, lat in zip(hexagons().ids, hexagons().lon, hexagons().lat, strict=True)
    ]
    mixed = points([*strange, *known[:20]])
    for question in (Question(Mode.CAR), TRANSIT):
        found = matrix(porto_alegre(), mixed, mixed, question)
        assert (found[:, :3, 3:] == UNREACHED).all()
        assert (found[:, 3:, :3] == UNREACHED).all()
        assert np.array_equal(found[:, 3:, 3:], asked(question)[:, :20, :20])


def test_two_feeds_at_once_are_never_slower_than_one() -> None:
    alone = network_of(
        shared_data("data", "osm", "porto-alegre", "poa_osm.pbf"),
        [shared_data("data", "gtfs", "porto-alegre", "poa_eptc.zip")],
    )
    assert (asked(TRANSIT) <= matrix(alone, hexagons(), hexagons(), TRANSIT)).all()


def test_stops_without_a_street_are_counted() -> None:
    network = porto_alegre()
    assert len(network.off_street()) == (~network.stops.is_on_street).sum() == 1534


def test_a_day_that_the_feed_does_not_know_and_a_time_that_is_missing_are_refused() -> None:
    with pytest.raises(InputError) as caught:
        matrix(porto_alegre(), hexagons(), hexagons(), replace(TRANSIT, window=replace(WINDOW, day=date(2031, 1, 1))))
    assert caught.value.message_id == "timetable-other-dates"
    assert {"first", "last"} <= set(caught.value.values)
    with pytest.raises(UsageError):
        matrix(porto_alegre(), hexagons(), hexagons(), Question(Mode.TRANSIT))
    streets_only = network_of(shared_data("data", "osm", "porto-alegre", "poa_osm.pbf"))
    with pytest.raises(InputError):
        matrix(streets_only, hexagons(), hexagons(), TRANSIT)


def test_traffic_multiplies_and_what_is_not_reached_stays_so() -> None:
    costs = np.array([0, 7, 600, UNREACHED], dtype=np.int32)
    assert at_peak(costs, 1.5).tolist() == [0, 10, 900, UNREACHED]
    assert np.isnan(minutes_of(costs)[3])
    slow = asked(Question(Mode.CAR, peak_factor=1.3))
    assert (slow >= asked(Question(Mode.CAR))).all()
