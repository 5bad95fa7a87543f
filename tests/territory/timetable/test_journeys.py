"""A journey is told leg by leg and takes as long as the matrix says."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.territory.timetable.made import SMALL, Tiny, clock, dense, on, rows, tiny

from portico.territory.nearby import UNREACHED
from portico.territory.timetable.journeys import Ride, Walk, Walked, journey, journey_arriving
from portico.territory.timetable.raptor import Limits, Walks, matrix, matrix_arriving

DS = 600
FAR = int(UNREACHED)
TRIPS = SMALL["trips"] + "S,W,U,South\n"
TIMES = (
    "trip_id,arrival_time,departure_time,stop_id,stop_sequence,pickup_type\n"
    "T,08:00:00,08:00:00,A,1,\nT,08:10:00,08:11:00,B,2,\nT,08:20:00,08:20:00,C,3,\n"
    "U,08:25:00,08:25:00,D,1,\nU,08:30:00,08:30:00,B,2,1\nU,08:45:00,08:46:00,A,3,\n"
)


@pytest.fixture
def town(tmp_path):
    """T goes A – B – C; from C one walks four minutes to D, where U leaves for A; at B it only lets one out."""
    return on(tmp_path, trips=TRIPS, stop_times=TIMES)


def walks(direct_ds=FAR):
    between = [{}, {}, {3: 4 * DS}, {2: 4 * DS}]
    return Walks(rows([{0: 3 * DS}]), rows([{1: 2 * DS}]), rows(between), np.array([[direct_ds]], dtype=np.int32))


def test_a_direct_ride_is_told_with_its_walks(town):
    told = journey(town, walks(), (0, 0), clock("7:50"))
    assert (told.departure_ds, told.arrival_ds, told.travel_ds) == (clock("7:50"), clock("8:12"), 22 * DS)
    access, ride, egress = told.legs
    assert access == Walk(Walked.ACCESS, None, 0, clock("7:50"), clock("7:53"))
    assert egress == Walk(Walked.EGRESS, 1, None, clock("8:10"), clock("8:12"))
    assert (ride.trip.id, ride.trip.route_short_name, ride.trip.headsign) == ("T", "1", "North")
    assert [(one.stop, one.arrival_ds, one.departure_ds) for one in ride.calls] == [
        (0, clock("8:00"), clock("8:00")),
        (1, clock("8:10"), clock("8:11")),
    ]
    assert (ride.begin_ds, ride.end_ds, ride.passed) == (clock("8:00"), clock("8:10"), ())


def test_a_change_on_foot_is_told(town):
    """Nobody gets to A again but by way of C and D."""
    around = Walks(rows([{1: 0}]), rows([{0: DS}]), walks().transfers, walks().direct_ds)
    told = journey(town, around, (0, 0), clock("8:05"))
    first, change, second, egress = told.legs[1:]
    assert (first.trip.id, second.trip.id) == ("T", "U")
    assert change == Walk(Walked.CHANGE, 2, 3, clock("8:20"), clock("8:24"))
    assert [one.stop for one in second.passed] == [1]
    assert egress.end_ds == told.arrival_ds == clock("8:46")
    assert len(told.rides) == 2


def test_walking_all_the_way_is_told_where_it_is_as_soon(town):
    for direct, kind in ((22 * DS, "walk"), (22 * DS + 1, "ride")):
        told = journey(town, walks(direct), (0, 0), clock("7:50"))
        assert (len(told.legs) == 1) == (kind == "walk")
    assert journey(town, walks(5 * DS), (0, 0), clock("7:50")).legs == (
        Walk(Walked.DIRECT, None, None, clock("7:50"), clock("7:55")),
    )


def test_there_is_no_journey_where_none_is_in_time(town):
    assert journey(town, walks(), (0, 0), clock("7:50"), Limits(limit_ds=22 * DS - 1)) is None
    assert journey(town, walks(), (0, 0), clock("7:50"), Limits(limit_ds=22 * DS)) is not None
    assert journey(town, walks(), (0, 0), clock("9:00")) is None
    assert journey(town, walks(), (0, 0), clock("7:50"), Limits(max_rides=0)) is None


def test_who_must_be_there_leaves_as_late_as_possible(town):
    told = journey_arriving(town, walks(), (0, 0), clock("8:30"))
    assert (told.departure_ds, told.arrival_ds) == (clock("7:57"), clock("8:30"))
    access, ride, egress = told.legs
    assert access == Walk(Walked.ACCESS, None, 0, clock("7:57"), clock("8:00"))
    assert ride.begin_ds == clock("8:00")
    assert [one.stop for one in ride.calls] == [0, 1]
    # Who leaves last may walk on later: what counts is to be there.
    assert egress == Walk(Walked.EGRESS, 1, None, clock("8:28"), clock("8:30"))
    assert journey_arriving(town, walks(), (0, 0), clock("8:11")) is None


def test_of_equal_journeys_the_one_with_fewer_rides_and_less_walking_is_told(tmp_path):
    """Two vehicles one after the other arrive when a single one does; two stops near the end are as soon."""
    network = Tiny(
        4,
        [
            [(0, 0, 0, True, True), (2, 10 * DS, 10 * DS, True, True), (3, 11 * DS, 11 * DS, True, True)],
            [(0, 0, 0, True, True), (1, 4 * DS, 4 * DS, True, True)],
            [(1, 5 * DS, 5 * DS, True, True), (2, 10 * DS, 10 * DS, True, True)],
        ],
        [],
        [{}] * 4,
        [{0: 0}],
        [{2: 3 * DS, 3: 2 * DS}],
    )
    told = journey(network.timetable(), network.walks(), (0, 0), 0)
    assert [one.trip.id for one in told.rides] == ["t0"]
    assert told.legs[-1].start == 3


@settings(max_examples=100)
@given(network=tiny(), minute=st.integers(0, 14), max_rides=st.integers(0, 4))
def test_a_journey_takes_as_long_as_the_matrix_says(network, minute, max_rides):
    limits = Limits(max_rides, 30 * DS)
    told_as_the_matrix_says(network, minute * DS, (minute + 10) * DS, limits)


@pytest.mark.parametrize("seed", range(100))
def test_a_journey_in_a_crowded_network_takes_as_long_as_the_matrix_says(seed):
    told_as_the_matrix_says(dense(2_000 + seed), 5 * DS, 50 * DS, Limits(2 if seed % 2 else 8, 60 * DS))


def told_as_the_matrix_says(network, departure, arrival, limits):
    timetable, around = network.timetable(), network.walks()
    there = matrix(timetable, around, np.array([departure]), (50,), limits)[0]
    back = matrix_arriving(timetable, around, np.array([arrival]), (50,), limits)[0]
    for pair in np.ndindex(there.shape):
        for told, expected in (
            (journey(timetable, around, pair, departure, limits), there[pair]),
            (journey_arriving(timetable, around, pair, arrival, limits), back[pair]),
        ):
            if expected == FAR:
                assert told is None
            else:
                assert told.travel_ds == expected
                assert len(told.rides) <= limits.max_rides
                follow(network, told)


def follow(network, told):
    """Go through a journey leg by leg: each begins where and not before the last has ended, and is a real one."""
    changes, time, stop, rode = network.changes(), told.departure_ds, None, False
    for leg in told.legs:
        assert leg.begin_ds >= time
        if isinstance(leg, Ride):
            at = leg.calls[0].stop
            if rode:  # changed without walking
                assert at == stop
                assert leg.begin_ds - time >= changes[stop][at]
            own = [(one.stop, one.arrival_ds, one.departure_ds) for one in leg.calls]
            calls = network.trips[int(leg.trip.id[1:])]
            begins = [at for at in range(len(calls)) if [one[:3] for one in calls[at : at + len(own)]] == own]
            assert any(calls[at][3] and calls[at + len(own) - 1][4] for at in begins)
            stop = leg.calls[-1].stop
        else:
            assert leg.start == stop
            if leg.kind is Walked.CHANGE:
                assert changes[leg.start][leg.end] == leg.end_ds - leg.begin_ds
            stop = leg.end
        time, rode = leg.end_ds, isinstance(leg, Ride)
    assert time <= told.arrival_ds
