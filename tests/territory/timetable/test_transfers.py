"""Changing: what transfers.txt says, stations, and walking on streets, put together."""

from __future__ import annotations

import pytest
from tests.territory.timetable.made import SMALL, feeds, kinds, rows

from portico.territory.timetable.transfers import STATION_DS

HEADER = "from_stop_id,to_stop_id,transfer_type,min_transfer_time\n"
STATIONS = (
    "stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station\n"
    "S,Station,45.00,7.00,1,\nA,One,45.00,7.00,,S\nB,Two,45.001,7.00,,S\nC,Other,45.02,7.00,,\nD,Far,45.05,7.00,,Z\n"
    "Z,Second,45.05,7.00,1,\n"
)


def changes(folder, transfers="", walking=None, **changed):
    """Return deciseconds by pair of stop ids."""
    found = feeds(folder, **({"transfers": HEADER + transfers} if transfers else {}), **changed)
    made = found.rules.changes(None if walking is None else rows(walking))
    names = found.stops.id
    return {
        (names[stop], names[made.stop[at]]): int(made.cost_ds[at])
        for stop in range(len(names))
        for at in range(made.first[stop], made.first[stop + 1])
    }


def apart(found):
    return {pair: cost for pair, cost in found.items() if pair[0] != pair[1]}


def test_without_anything_said_one_changes_at_a_stop_without_loss_of_time(tmp_path):
    assert changes(tmp_path) == {(one, one): 0 for one in "ABCD"}


def test_a_minimum_holds_where_walking_is_quicker_and_walking_where_it_is_slower(tmp_path):
    walking = [{1: 500, 2: 4_000}, {0: 700}, {}, {}]
    found = changes(tmp_path, "A,B,2,60\nA,C,2,60\nB,C,2,90\nA,A,2,120\n", walking)
    assert apart(found) == {("A", "B"): 600, ("A", "C"): 4_000, ("B", "A"): 700, ("B", "C"): 900}
    assert found["A", "A"] == 1_200


def test_a_forbidden_change_is_none_on_foot_either(tmp_path):
    found = changes(tmp_path, "A,B,3,\nC,C,3,\n", [{1: 500}, {0: 500}, {}, {}])
    assert apart(found) == {("B", "A"): 500}
    assert ("C", "C") not in found


def test_vehicles_that_wait_make_a_change_without_loss_and_a_recommended_one_is_walked(tmp_path):
    found = changes(tmp_path, "A,B,1,\nB,C,0,\nC,D,,\nB,A,0,\n", [{1: 500}, {0: 333}, {}, {}])
    assert found["A", "B"] == 0
    assert found["B", "A"] == 333
    # 1,111.4 m in a straight line, times 1.3, at 1.25 m/s.
    assert found["B", "C"] == pytest.approx(11_559, abs=5)
    assert found["C", "D"] == pytest.approx(3 * found["B", "C"], rel=1e-4)


def test_what_is_said_of_stations_holds_for_their_platforms_and_of_stops_wins(tmp_path):
    found = changes(tmp_path, "S,C,2,300\nC,S,2,60\nA,C,2,30\nS,Z,3,\n", [{3: 10}, {3: 10}, {}, {}], stops=STATIONS)
    assert apart(found) == {
        ("A", "B"): STATION_DS,
        ("B", "A"): STATION_DS,
        ("A", "C"): 300,
        ("B", "C"): 3_000,
        ("C", "A"): 600,
        ("C", "B"): 600,
    }


def test_within_a_station_the_time_is_its_own_and_not_that_of_streets(tmp_path):
    streets = [{1: 9_000}, {0: 10}, {}, {}]
    assert changes(tmp_path, walking=streets, stops=STATIONS)["A", "B"] == STATION_DS
    found = changes(tmp_path, "S,S,2,240\n", streets, stops=STATIONS)
    assert [found[pair] for pair in (("A", "B"), ("B", "A"), ("A", "A"), ("B", "B"))] == [2_400] * 4
    assert changes(tmp_path, "A,B,2,30\n", streets, stops=STATIONS)["A", "B"] == 300


def test_of_two_rows_on_one_pair_the_stricter_wins_in_any_order(tmp_path):
    lines = ["A,B,0,\n", "A,B,2,60\n", "A,B,2,90\n", "A,B,1,\n"]
    assert changes(tmp_path, "".join(lines))["A", "B"] == 900
    assert changes(tmp_path, "".join(reversed(lines)))["A", "B"] == 900
    assert ("A", "B") not in changes(tmp_path, "".join([*lines, "A,B,3,\n"]))


def test_stops_in_one_place_are_one_and_walking_between_them_counts(tmp_path):
    stops = SMALL["stops"].replace("B,Beta,45.01", "B,Beta,45.00")
    assert apart(changes(tmp_path, stops=stops)) == {("A", "B"): 0, ("B", "A"): 0}
    assert changes(tmp_path, stops=stops, walking=[{1: 40}, {}, {}, {}])["A", "B"] == 40
    crowd = SMALL["stops"] + "".join(f"X{at},,45.5,7.5\n" for at in range(101))
    assert apart(changes(tmp_path, stops=crowd)) == {}


def test_rows_that_cannot_be_used_are_said_with_their_place(tmp_path):
    header = "from_stop_id,to_stop_id,transfer_type,min_transfer_time,from_trip_id,to_route_id\n"
    lines = "A,B,2,-60,,\nB,C,2,,,\nA,C,9,,,\nC,D,2,60,T,\nB,D,2,60,,R\nT,T,4,,T,\n"
    found = feeds(tmp_path, transfers=header + lines)
    said = {one.kind: one for one in found.feeds[0].findings if one.kind.startswith("gtfs-transfers")}
    assert {kind: one.message.values["count"] for kind, one in said.items()} == {
        "gtfs-transfers-negative": 1,
        "gtfs-transfers-untimed": 1,
        "gtfs-transfers-type": 1,
        "gtfs-transfers-single": 3,
    }
    assert (said["gtfs-transfers-negative"].place.row, said["gtfs-transfers-negative"].value) == (2, "-60")
    made = found.rules.changes()
    pairs = {(stop, int(one)) for stop in range(4) for one in made.stop[made.first[stop] : made.first[stop + 1]]}
    assert pairs == {(0, 0), (1, 1), (2, 2), (3, 3), (1, 2)}  # the one without a time is a recommendation


def test_transfers_of_stops_that_are_not_there_are_left_out(tmp_path):
    assert apart(changes(tmp_path, "A,X,2,60\nX,A,2,60\n,A,2,60\n")) == {}
    assert "gtfs-dangling" in kinds(feeds(tmp_path, transfers=HEADER + "A,X,2,60\n"))


def test_mirrored_rules_are_the_same_changes_seen_from_the_other_side(tmp_path):
    found = feeds(tmp_path, transfers=HEADER + "S,C,2,300\nC,A,3,\nA,B,2,30\n", stops=STATIONS)
    walking = rows([{2: 10}, {3: 50}, {0: 20}, {1: 70}])
    there = found.rules.changes(walking)
    back = found.rules.mirrored().changes(walking.transposed(4))

    def pairs(made):
        return {
            (stop, int(made.stop[at])): int(made.cost_ds[at])
            for stop in range(4)
            for at in range(made.first[stop], made.first[stop + 1])
        }

    assert pairs(back) == {(end, start): cost for (start, end), cost in pairs(there).items()}
