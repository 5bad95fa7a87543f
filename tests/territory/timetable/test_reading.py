"""Feeds made by hand: what each file says becomes the trips of a day, or a finding."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from tests.territory.timetable.made import MONDAY, SMALL, clock, feeds, kinds, on, unpacked, write

from portico.errors import InputError, RejectedError, UsageError
from portico.messages import Message
from portico.territory.timetable.feeds import read_feeds
from portico.translation import Translator

TIMES = "trip_id,arrival_time,departure_time,stop_id,stop_sequence,shape_dist_traveled\n"
DAY = 864_000


def calls(timetable, trip="T"):
    """Return (stop, arrival, departure) of a trip on the day itself."""
    [found] = [one for one in unpacked(timetable) if one.trip == trip and 0 <= one.calls[0][2] < DAY]
    return [call[:3] for call in found.calls]


def begins(timetable):
    """Return when trips leave their first stop, all three days."""
    return sorted(one.calls[0][2] for one in unpacked(timetable))


def refused(*arguments, **changed):
    with pytest.raises((InputError, UsageError)) as raised:
        feeds(*arguments, **changed)
    for language in ("en", "it"):
        assert Translator(language)(Message.of(raised.value)) != raised.value.message_id
    return raised.value


# --- times ---


def test_the_small_feed_has_its_trip_today_and_tomorrow(tmp_path):
    timetable = on(tmp_path)
    assert calls(timetable) == [
        ("A", clock("8:00"), clock("8:00")),
        ("B", clock("8:10"), clock("8:11")),
        ("C", clock("8:20"), clock("8:20")),
    ]
    assert begins(timetable) == [clock("8:00"), clock("8:00") + DAY]
    told = timetable.trips.told(int(timetable.trip[0]))
    assert (told.feed, told.id, told.headsign) == ("feed", "T", "North")
    assert (told.route_short_name, told.route_long_name, told.route_type) == ("1", "Red", 3)


def test_empty_times_are_filled_along_the_shape(tmp_path):
    rows = "T,08:00:00,08:00:00,A,1,0\nT,,,B,2,1\nT,,,C,3,9\nT,08:10:00,08:10:00,D,4,10\n"
    found = feeds(tmp_path, stop_times=TIMES + rows)
    assert [one[1] for one in calls(found.on(MONDAY))] == [clock(one) for one in ("8:00", "8:01", "8:09", "8:10")]
    filling = found.feeds[0].filling
    assert (filling.rows, filling.by_shape, filling.by_line, filling.by_count, filling.share) == (4, 2, 0, 0, 0.5)
    assert kinds(found)["gtfs-times-filled"] == {"count": 2, "total": 4, "percent": 50.0}


@pytest.mark.parametrize("shape", [("", "", ""), ("0", "", "10"), ("0", "12", "10"), ("5", "5", "5")])
def test_without_a_shape_empty_times_are_filled_along_straight_lines(tmp_path, shape):
    """From A to B is as far as from B to C, and three times nearer than from C to D."""
    first, second, last = shape
    rows = f"T,08:00:00,08:00:00,A,1,{first}\nT,,,B,2,{second}\nT,,,C,3,{second}\nT,08:10:00,08:10:00,D,4,{last}\n"
    found = feeds(tmp_path, stop_times=TIMES + rows)
    assert [one[1] for one in calls(found.on(MONDAY))] == pytest.approx(
        [clock(one) for one in ("8:00", "8:02", "8:04", "8:10")], abs=2
    )
    assert found.feeds[0].filling.by_line == 2


def test_without_positions_empty_times_are_filled_by_the_number_of_stops(tmp_path):
    rows = "T,08:00:00,08:02:00,A,1,\nT,,,B,2,\nT,,,C,3,\nT,08:11:00,08:12:00,D,4,\n"
    stops = SMALL["stops"].replace("C,Gamma,45.02,7.00", "C,Gamma,,")
    found = feeds(tmp_path, stop_times=TIMES + rows, stops=stops)
    assert [one[1] for one in calls(found.on(MONDAY))] == [clock(one) for one in ("8:00", "8:05", "8:08", "8:11")]
    assert found.feeds[0].filling.by_count == 2
    assert kinds(found)["gtfs-stops-nowhere"] == {"count": 1}


def test_all_stops_in_one_place_are_filled_by_their_number(tmp_path):
    rows = "T,08:00:00,08:00:00,A,1,\nT,,,A,2,\nT,08:01:00,08:01:00,A,3,\n"
    found = feeds(tmp_path, stop_times=TIMES + rows)
    assert [one[1] for one in calls(found.on(MONDAY))] == [clock("8:00"), clock("8:00") + 300, clock("8:01")]


def test_one_of_arrival_and_departure_stands_for_the_other(tmp_path):
    rows = "T,,08:00:00,A,1,\nT,08:05:00,,B,2,\nT,08:10:00,,C,3,\n"
    assert calls(on(tmp_path, stop_times=TIMES + rows)) == [
        (stop, clock(time), clock(time)) for stop, time in (("A", "8:00"), ("B", "8:05"), ("C", "8:10"))
    ]


def test_ends_without_a_time_are_left_out_and_trips_with_one_time(tmp_path):
    trips = SMALL["trips"] + "R,W,U,\n"
    rows = (
        "T,,,A,1,\nT,08:05:00,08:05:00,B,2,\nT,08:10:00,08:10:00,C,3,\nT,,,D,4,\nU,09:00:00,09:00:00,A,1,\nU,,,B,2,\n"
    )
    found = feeds(tmp_path, stop_times=TIMES + rows, trips=trips)
    assert [one[0] for one in calls(found.on(MONDAY))] == ["B", "C"]
    assert kinds(found)["gtfs-ends-untimed"] == {"count": 2, "trips": 1}
    assert kinds(found)["gtfs-trips-untimed"] == {"count": 2, "trips": 1}


@pytest.mark.parametrize(
    "rows",
    [
        "U,09:00:00,09:00:00,A,1,\nU,08:59:00,08:59:00,B,2,\n",
        "U,09:00:00,09:00:00,A,1,\nU,09:10:00,09:09:00,B,2,\nU,09:20:00,09:20:00,C,3,\n",
        "U,09:00:00,09:00:00,A,1,\nU,,,B,2,\nU,08:00:00,08:00:00,C,3,\n",
    ],
)
def test_trips_that_go_back_in_time_are_left_out(tmp_path, rows):
    own = "T,08:00:00,08:00:00,A,1,\nT,08:10:00,08:10:00,B,2,\n"
    found = feeds(tmp_path, stop_times=TIMES + own + rows, trips=SMALL["trips"] + "R,W,U,\n")
    assert {one.trip for one in unpacked(found.on(MONDAY))} == {"T"}
    assert kinds(found)["gtfs-trips-backward"]["trips"] == 1


def test_a_row_that_stands_twice_counts_once_and_two_at_one_place_leave_the_trip_out(tmp_path):
    trips = SMALL["trips"] + "R,W,U,\n"
    again = "T,08:10:00,08:11:00,B,2\n"
    doubtful = "U,09:00:00,09:00:00,A,1\nU,09:05:00,09:05:00,B,2\nU,09:05:00,09:05:00,C,2\nU,09:09:00,09:09:00,D,3\n"
    found = feeds(tmp_path, stop_times=SMALL["stop_times"] + again + doubtful, trips=trips)
    assert [one[0] for one in calls(found.on(MONDAY))] == ["A", "B", "C"]
    assert {one.trip for one in unpacked(found.on(MONDAY))} == {"T"}
    assert kinds(found)["gtfs-sequence-unclear"] == {"count": 4, "trips": 1}


def test_rows_without_a_stop_or_a_sequence_are_left_out(tmp_path):
    many = "".join(f"V,{9 + at // 60:02d}:{at % 60:02d}:00,,A,{at + 1}\n" for at in range(200))
    rows = SMALL["stop_times"] + many + "V,,,nowhere,300\nV,,,,301\nV,13:00:00,13:00:00,A,last\n"
    found = feeds(tmp_path, stop_times=rows, trips=SMALL["trips"] + "S,W,V,\n")
    assert kinds(found)["gtfs-times-unplaced"] == {"count": 3, "trips": 1}
    assert kinds(found)["gtfs-dangling"]["count"] == 1
    assert len(calls(found.on(MONDAY), "V")) == 200


def test_where_one_may_board_and_alight(tmp_path):
    header = "trip_id,arrival_time,departure_time,stop_id,stop_sequence,pickup_type,drop_off_type\n"
    rows = "T,08:00:00,08:00:00,A,1,1,0\nT,08:10:00,08:10:00,B,2,2,1\n"
    rows += "T,08:20:00,08:20:00,C,3,,3\nT,08:30:00,08:30:00,D,4,0,0\n"
    [found, _] = unpacked(on(tmp_path, stop_times=header + rows))
    assert [call[3] for call in found.calls] == [False, True, True, False]
    assert [call[4] for call in found.calls] == [False, False, True, True]


@pytest.mark.parametrize(
    ("kind", "minutes", "said"),
    [(3, 0, True), (3, 2, False), (2, 0, False), (109, 0, False), (1100, 0, False), ("", 0, True)],
)
def test_hops_faster_than_any_vehicle_are_said(tmp_path, kind, minutes, said):
    """From C to D it is 3.3 km: a minute more than stated, for times are stated to the minute."""
    rows = f"T,08:00:00,08:00:00,C,1,\nT,08:{minutes:02d}:00,08:{minutes:02d}:00,D,2,\n"
    routes = SMALL["routes"].replace("Red,3", f"Red,{kind}")
    found = feeds(tmp_path, stop_times=TIMES + rows, routes=routes)
    assert (kinds(found).get("gtfs-too-fast") == {"count": 1, "trips": 1, "speed": 200}) == said
    if said:
        [one] = [one for one in found.feeds[0].findings if one.kind == "gtfs-too-fast"]
        assert (one.place.row, one.value) == (3, "200")
        assert len(calls(found.on(MONDAY))) == 2


# --- days ---


@pytest.mark.parametrize(
    ("day", "runs"), [(MONDAY, True), (date(2026, 3, 7), False), (date(2026, 3, 9), False), (date(2026, 3, 8), True)]
)
def test_weeks_and_their_exceptions(tmp_path, day, runs):
    exceptions = "service_id,date,exception_type\nW,20260309,2\nW,20260308,1\n"
    found = feeds(tmp_path, calendar_dates=exceptions)
    assert found.feeds[0].runs_on(day).any() == runs


def test_a_service_added_and_removed_on_one_day_does_not_run(tmp_path):
    for order in ("12", "21"):
        rows = "".join(f"W,20260307,{one}\n" for one in order)
        found = feeds(tmp_path, calendar_dates="service_id,date,exception_type\n" + rows)
        assert not found.feeds[0].runs_on(date(2026, 3, 7)).any()


def test_days_may_stand_in_calendar_dates_alone(tmp_path):
    exceptions = "service_id,date,exception_type\nW,20260305,1\nW,20260310,1\n"
    found = feeds(tmp_path, calendar=None, calendar_dates=exceptions)
    assert (found.feeds[0].first_day, found.feeds[0].last_day) == (date(2026, 3, 5), date(2026, 3, 10))
    assert begins(found.on(date(2026, 3, 5))) == [clock("8:00")]


def test_a_day_outside_is_refused_with_the_days_that_there_are(tmp_path):
    found = feeds(tmp_path)
    # The first of March 2026 is a Sunday: nothing runs before Monday.
    for day in (date(2026, 3, 1), date(2026, 4, 1)):
        with pytest.raises(InputError) as raised:
            found.on(day)
        assert raised.value.message_id == "timetable-other-dates"
        said = Translator("en")(Message.of(raised.value))
        assert "2 March 2026 to 31 March 2026" in said
        assert Translator("en").day(day) in said


def test_a_day_on_which_nothing_runs_is_refused_with_the_nearest_that_have_services(tmp_path):
    with pytest.raises(InputError) as raised:
        on(tmp_path, date(2026, 3, 7))
    assert raised.value.message_id == "timetable-nothing-runs"
    assert raised.value.values["near"] == (date(2026, 3, 6), date(2026, 3, 9))
    assert "6 marzo 2026, 9 marzo 2026" in Translator("it")(Message.of(raised.value))


def test_rows_that_do_not_say_when_are_left_out(tmp_path):
    exceptions = "service_id,date,exception_type\nW,20260307,3\nW,2026-03-08,1\nW,20260231,1\n"
    found = feeds(tmp_path, calendar_dates=exceptions)
    assert kinds(found)["gtfs-days-unclear"] == {"count": 3, "file": "calendar_dates.txt"}
    assert not found.feeds[0].runs_on(date(2026, 3, 8)).any()


def test_a_feed_that_never_runs_is_refused(tmp_path):
    nothing = SMALL["calendar"].replace("W,1,1,1,1,1,0,0", "W,0,0,0,0,0,0,0")
    assert refused(tmp_path, calendar=nothing).message_id == "gtfs-never-runs"
    ended = SMALL["calendar"].replace("20260301,20260331", "20260331,20260301")
    assert refused(tmp_path, calendar=ended).message_id == "gtfs-never-runs"


def test_yesterdays_trips_past_midnight_run_today(tmp_path):
    rows = "T,23:50:00,23:50:00,A,1,\nT,24:10:00,24:10:00,B,2,\nU,25:00:00,25:00:00,A,1,\nU,49:00:00,49:00:00,B,2,\n"
    found = feeds(tmp_path, stop_times=TIMES + rows, trips=SMALL["trips"] + "R,W,U,\n")
    tuesday = found.on(MONDAY + timedelta(days=1))
    # The long trip of Monday is still under way on Wednesday; nothing ran before Monday.
    assert begins(tuesday) == [
        -clock("0:10"),
        *(clock(one) for one in ("1:00", "23:50", "25:00", "47:50", "49:00")),
    ]
    wednesday = begins(found.on(MONDAY + timedelta(days=2)))
    assert clock("1:00") - DAY in wednesday
    assert min(begins(found.on(MONDAY))) == clock("23:50")


def test_when_the_clock_goes_forward_the_day_before_is_an_hour_nearer(tmp_path):
    """On 29 March 2026 noon minus 12 hours is 23 hours after that of the day before."""
    calendar = SMALL["calendar"].replace("W,1,1,1,1,1,0,0", "W,1,1,1,1,1,1,1")
    rows = "T,23:30:00,23:30:00,A,1,\nT,26:30:00,26:30:00,B,2,\n"
    timetable = on(tmp_path, date(2026, 3, 29), calendar=calendar, stop_times=TIMES + rows)
    assert begins(timetable) == [clock("0:30"), clock("23:30"), clock("47:30")]


# --- frequencies ---

OFTEN = "trip_id,start_time,end_time,headway_secs,exact_times\n"


@pytest.mark.parametrize("exact", ["0", "1", ""])
def test_a_trip_is_repeated_from_start_to_before_the_end(tmp_path, exact):
    rows = f"T,06:00:00,06:30:00,600,{exact}\nT,06:30:00,07:00:00,1200,{exact}\n"
    found = feeds(tmp_path, frequencies=OFTEN + rows)
    today = [one for one in begins(found.on(MONDAY)) if one < DAY]
    assert today == [clock(one) for one in ("6:00", "6:10", "6:20", "6:30", "6:50")]
    first = next(one for one in unpacked(found.on(MONDAY)) if one.calls[0][2] == clock("6:10"))
    assert [call[1:3] for call in first.calls] == [
        (clock("6:10"), clock("6:10")),
        (clock("6:20"), clock("6:21")),
        (clock("6:30"), clock("6:30")),
    ]
    assert found.feeds[0].headways.loose == (exact != "1")


def test_departures_by_interval_go_past_midnight(tmp_path):
    found = feeds(tmp_path, frequencies=OFTEN + "T,23:40:00,24:30:00,1200,1\n")
    assert begins(found.on(MONDAY + timedelta(days=1)))[:3] == [-clock("0:20"), 0, clock("0:20")]


def test_intervals_that_are_none_are_left_out_and_far_too_many_are_an_error(tmp_path):
    rows = "T,06:00:00,06:30:00,0,1\nT,06:30:00,06:00:00,600,1\nT,06:00:00,06:10:00,-5,1\nT,06:00:00,06:10:00,600,1\n"
    found = feeds(tmp_path, frequencies=OFTEN + rows)
    assert kinds(found)["gtfs-frequencies-unclear"] == {"count": 3}
    assert begins(found.on(MONDAY))[0] == clock("6:00")
    many = feeds(tmp_path, frequencies=OFTEN + "T,00:00:00,999:00:00,1,1\n")
    assert kinds(many)["gtfs-frequencies-many"]["limit"] == 2_000_000
    assert begins(many.on(MONDAY))[0] == clock("8:00")


# --- stops ---


def test_platforms_take_their_station_and_its_position(tmp_path):
    stops = (
        "stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station\n"
        "S,Station,45.00,7.00,1,\nA,Platform 1,45.0001,7.0001,0,S\nB,Platform 2,,,0,S\nE,Entrance,45,7,2,S\n"
        "P,Area,,,4,A\nC,Alone,45.02,7.00,,\nD,Never served,45.03,7.00,,\nG,Node,,,3,S\n"
    )
    found = feeds(tmp_path, stops=stops)
    assert found.stops.id == ("A", "B", "P", "C", "D")
    assert found.stops.parent == ("S", "S", "S", "", "")
    assert (found.stops.lon[1], found.stops.lat[1]) == (7.0, 45.0)
    assert (found.stops.lon[2], found.stops.lat[2]) == (7.0001, 45.0001)
    assert "gtfs-stops-nowhere" not in kinds(found)


def test_a_station_where_vehicles_stop_is_a_stop(tmp_path):
    stops = SMALL["stops"].replace("stop_lon\n", "stop_lon,location_type\n").replace("7.00\n", "7.00,0\n")
    found = feeds(tmp_path, stops=stops.replace("A,Alfa,45.00,7.00,0", "A,Alfa,45.00,7.00,1"))
    assert found.stops.id == ("A", "B", "C", "D")
    assert len(calls(found.on(MONDAY))) == 3


def test_circles_of_stations_end(tmp_path):
    stops = SMALL["stops"].replace("stop_lon\n", "stop_lon,parent_station\n")
    stops = stops.replace("A,Alfa,45.00,7.00", "A,Alfa,45.00,7.00,B").replace("B,Beta,45.01,7.00", "B,Beta,,,A")
    found = feeds(
        tmp_path,
        stops=stops.replace("C,Gamma,45.02,7.00", "C,Gamma,45.02,7.00,").replace(
            "D,Delta,45.05,7.00", "D,Delta,45.05,7.00,"
        ),
    )
    assert len(found.stops) == 4
    found.on(MONDAY)


def test_stops_nowhere_on_null_island_and_in_one_place_are_said(tmp_path):
    many = "".join(f"X{at},,45.5,7.5\n" for at in range(150))
    stops = SMALL["stops"].replace("D,Delta,45.05,7.00", "D,Delta,0,0") + many
    found = feeds(tmp_path, stops=stops)
    assert np.isnan(found.stops.lon[3])
    assert kinds(found)["gtfs-stops-nowhere"] == {"count": 1}
    assert kinds(found)["gtfs-stops-alike"] == {"count": 149}


# --- patterns ---


def test_a_trip_that_overtakes_is_put_into_a_pattern_of_its_own(tmp_path):
    express = "U,08:05:00,08:05:00,A,1\nU,08:08:00,08:08:00,B,2\nU,08:12:00,08:12:00,C,3\n"
    later = "V,08:30:00,08:30:00,A,1\nV,08:40:00,08:41:00,B,2\nV,08:50:00,08:50:00,C,3\n"
    trips = SMALL["trips"] + "R,W,U,\nS,W,V,\n"
    timetable = on(tmp_path, date(2026, 3, 31), stop_times=SMALL["stop_times"] + later + express, trips=trips)
    network = timetable.network
    # Routes do not matter to patterns: V follows T, of another route.
    assert np.diff(network.trip_first).tolist() == [2, 1]
    assert [one.trip for one in unpacked(timetable)] == ["T", "V", "U"]


# --- several feeds ---


def test_feeds_with_the_same_ids_stay_apart(tmp_path):
    first = write(tmp_path / "one.zip")
    (tmp_path / "more").mkdir()
    second = write(
        tmp_path / "more" / "one.zip",
        stops=SMALL["stops"].replace("45.", "46."),
        stop_times=SMALL["stop_times"].replace("08:", "09:"),
    )
    found = read_feeds([first, second])
    timetable = found.on(MONDAY)
    assert len(found.stops) == 8
    assert found.stops.feed.tolist() == [0] * 4 + [1] * 4
    assert [one.name for one in found.feeds] == ["one", "one-2"]
    told = {(timetable.trips.told(int(one)).feed, timetable.trips.told(int(one)).id) for one in timetable.trip}
    assert told == {("one", "T"), ("one-2", "T")}
    assert set(timetable.network.stop.tolist()) == {0, 1, 2, 4, 5, 6}
    called = read_feeds([first, second], ["bus", "tram"])
    assert called.trips.feed_names == ("bus", "tram")


def test_every_feed_must_reach_the_day_and_one_that_has_nothing_on_it_is_said(tmp_path):
    first = write(tmp_path / "bus.zip", calendar=SMALL["calendar"].replace("W,1,1,1,1,1,0,0", "W,1,1,1,1,1,1,1"))
    second = write(tmp_path / "rail.zip")
    found = read_feeds([first, second])
    timetable = found.on(date(2026, 3, 7))
    assert [one.kind for one in timetable.findings] == ["timetable-nothing-runs"]
    assert timetable.findings[0].message.values["file"] == "rail"
    with pytest.raises(InputError) as raised:
        found.on(date(2026, 3, 1))
    assert raised.value.values["file"] == "rail"


def test_different_time_zones_are_said_and_told_in_the_first(tmp_path):
    first = write(tmp_path / "rome.zip")
    second = write(tmp_path / "lisbon.zip", agency=SMALL["agency"].replace("Rome", "Lisbon"))
    found = read_feeds([first, second])
    assert found.zone == "Europe/Rome"
    assert [one.kind for one in found.findings] == ["timetable-zones-differ"]
    assert begins(found.on(MONDAY))[:2] == [clock("8:00"), clock("9:00")]


@pytest.mark.parametrize(
    ("agency", "zone", "said"),
    [
        (SMALL["agency"].replace("Europe/Rome", "Europe/Roma"), "UTC", "gtfs-zone-unknown"),
        (SMALL["agency"].replace("Europe/Rome", "../../etc/passwd"), "UTC", "gtfs-zone-unknown"),
        (SMALL["agency"].replace("Europe/Rome", "Europe"), "UTC", "gtfs-zone-unknown"),
        (None, "UTC", "gtfs-zone-unknown"),
        (SMALL["agency"] + "B,Bz,http://b.example,Europe/Lisbon\n", "Europe/Lisbon", "gtfs-zones-several"),
    ],
)
def test_a_zone_that_is_none_or_several_is_said(tmp_path, agency, zone, said):
    found = feeds(tmp_path, agency=agency)
    assert found.zone == zone
    assert said in kinds(found)


# --- refusals ---


def test_a_feed_that_cannot_answer_is_refused_with_one_sentence(tmp_path):
    assert refused(tmp_path, stop_times=None).values["missing"] == "stop_times.txt"
    assert refused(tmp_path, calendar=None).message_id == "gtfs-cannot-answer"
    assert (
        refused(
            tmp_path, stop_times="trip_id,arrival_time,departure_time,stop_id,stop_sequence\nT,,,A,1\nT,,,B,2\n"
        ).message_id
        == "gtfs-trips-unusable"
    )
    assert refused(tmp_path, stops=None).message_id == "gtfs-without-stops"
    broken = SMALL["stop_times"].replace(",B,", ",unknown,")
    assert isinstance(refused(tmp_path, stop_times=broken), RejectedError)


def test_what_is_no_feed_is_refused(tmp_path):
    path = tmp_path / "feed.zip"
    path.write_text("not a zip")
    with pytest.raises(InputError) as raised:
        read_feeds([path])
    assert raised.value.message_id == "gtfs-not-a-feed"
    with pytest.raises(UsageError):
        read_feeds([tmp_path / "missing.zip"])


def test_a_feed_may_be_a_folder(tmp_path):
    for name, content in SMALL.items():
        (tmp_path / f"{name}.txt").write_text(content)
    assert len(read_feeds([tmp_path]).stops) == 4
