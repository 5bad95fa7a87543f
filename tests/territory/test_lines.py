"""Rides from sourced running times and headways only."""

from __future__ import annotations

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.shared import ROOT

from portico.figures import Evidence
from portico.territory.lines import rides
from portico.territory.model import Ride

FACTS = ROOT / "cities" / "torino" / "facts"


def _cite(table, row) -> Evidence:
    return Evidence(dataset=table, row=str(row["id"]), confidence=str(row["confidence"]))


def _line(count=4, recalled=(), line="T1"):
    return [
        {"id": f"{line}-{n}", "line": line, "sequence": n, "stop": f"s{n}",
         "confidence": "recalled" if n in recalled else "verified"}
        for n in range(count)
    ]  # fmt: skip


def _run(id_, minutes, start=None, end=None, confidence="verified", line="T1", low=None, high=None):
    return {"id": id_, "line": line, "from_stop": start, "to_stop": end, "minutes": minutes, "minutes_low": low,
            "minutes_high": high, "as_of": "2025", "confidence": confidence}  # fmt: skip


def _headway(minutes, period="mean-working-day", confidence="verified", line="T1"):
    return {"id": f"{line}-{period}-{minutes}-{confidence}", "line": line, "period": period, "minutes": minutes,
            "as_of": "2024", "confidence": confidence}  # fmt: skip


def _found(lines, runs, headways) -> dict[tuple[str, str], Ride]:
    return {(ride.start, ride.end): ride for ride in rides(lines, runs, headways, _cite)}


def _rows(ride: Ride) -> set[str]:
    return {piece.row for piece in ride.evidence}


def test_a_line_without_a_headway_has_no_rides():
    assert _found(_line(), [_run("hop", 2.0)], []) == {}
    assert _found(_line(), [_run("hop", 2.0)], [_headway(5.0, line="T2")]) == {}


def test_a_line_without_a_running_time_has_no_rides():
    assert _found(_line(), [], [_headway(5.0)]) == {}
    assert _found(_line(), [_run("hop", 2.0, line="T2")], [_headway(5.0)]) == {}


def test_a_stated_run_is_a_ride_in_both_directions():
    found = _found(_line(), [_run("run", 9.0, "s0", "s3", low=8.0, high=11.0)], [_headway(10.0)])
    assert set(found) == {("s0", "s3"), ("s3", "s0")}
    for ride in found.values():
        assert (ride.running.low, ride.running.mid, ride.running.high) == (8.0, 9.0, 11.0)
        assert (ride.wait.low, ride.wait.mid, ride.wait.high) == (0.0, 5.0, 10.0)
        assert ride.as_of.text == "2024"
        assert _rows(ride) == {"run", "T1-mean-working-day-10.0-verified"}


def test_a_time_between_neighbours_is_multiplied_by_the_stops_passed_and_bounded_by_the_stated_runs():
    found = _found(_line(), [_run("hop", 2.0), _run("run", 9.0, "s0", "s3")], [_headway(10.0)])
    assert found["s0", "s3"].running.mid == 9.0
    assert found["s0", "s2"].running.mid == 4.0
    assert found["s0", "s2"].running.high == pytest.approx(2 * 9.0 / 3)
    assert len(found) == 12


def test_a_recalled_run_is_left_out_wherever_a_sourced_row_answers():
    headways = [_headway(10.0)]
    sourced, recalled = _run("sourced", 9.0, "s0", "s3"), _run("recalled", 5.0, "s0", "s3", "recalled")
    assert _found(_line(), [recalled, sourced], headways)["s0", "s3"].running.mid == 9.0
    backwards = _run("sourced", 9.0, "s3", "s0")
    assert _found(_line(), [recalled, backwards], headways)["s0", "s3"].running.mid == 9.0
    by_hops = _found(_line(), [recalled, _run("hop", 2.0)], headways)["s0", "s3"]
    assert by_hops.running.mid == 6.0
    assert "recalled" not in _rows(by_hops)


def test_a_recalled_row_that_is_used_is_seen():
    found = _found(_line(), [_run("recalled", 5.0, "s0", "s3", "recalled")], [_headway(10.0)])
    assert "recalled" in _rows(found["s0", "s3"])
    headway = _found(_line(), [_run("run", 5.0, "s0", "s3")], [_headway(10.0, confidence="recalled")])
    assert any(piece.confidence == "recalled" for piece in headway["s0", "s3"].evidence)


def test_a_place_in_the_line_that_is_recalled_is_seen_where_stops_were_counted():
    found = _found(_line(recalled={1}), [_run("hop", 2.0)], [_headway(10.0)])
    assert "T1-1" in _rows(found["s0", "s1"])
    assert "T1-1" in _rows(found["s0", "s2"])
    assert "T1-1" not in _rows(found["s2", "s3"])


def test_sourced_headways_come_before_recalled_ones_and_the_mean_before_the_rest():
    runs = [_run("run", 9.0, "s0", "s3")]
    mean, peak = _headway(4.4), _headway(2.0, "peak", "recalled")
    [ride, _] = rides(_line(), runs, [peak, mean], _cite)
    assert (ride.headway.low, ride.headway.mid, ride.headway.high) == (4.4, 4.4, 4.4)
    [ride, _] = rides(_line(), runs, [_headway(30.0, "peak"), _headway(60.0, "off-peak")], _cite)
    assert (ride.headway.low, ride.headway.mid, ride.headway.high) == (30.0, 45.0, 60.0)


@given(st.integers(2, 7), st.floats(0.5, 10), st.floats(1, 60))
def test_more_stops_never_take_less(count, rate, headway):
    found = _found(_line(count), [_run("hop", rate)], [_headway(headway)])
    for (start, end), ride in found.items():
        hops = abs(int(start[1:]) - int(end[1:]))
        assert ride.running.mid == pytest.approx(hops * rate)
        assert ride.running.low <= ride.running.mid <= ride.running.high


def _torino(name):
    with (FACTS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return [{key: value or None for key, value in row.items()} for row in csv.DictReader(file)]


@pytest.fixture(scope="module")
def torino_rides():
    tables = (_torino(name) for name in ("lines", "running_times", "headways"))
    return {(ride.line, ride.start, ride.end): ride for ride in rides(*tables, _cite)}


@pytest.mark.parametrize(
    ("line", "start", "end", "low", "mid", "high"),
    [
        ("M1", "m1-01", "m1-21", 20, 21, 25),
        ("M1", "m1-21", "m1-15", 6, 6, 6),
        ("M1", "m1-21", "m1-12", 9, 9, 9),
        ("SFM7", "rs-porta-susa", "rs-aeroporto", 30, 31, 31),
        ("SFM6", "rs-aeroporto", "rs-porta-susa", 31, 31, 31),
        ("SFM1", "rs-rivarolo", "rs-porta-susa", 55, 55, 55),
    ],
)
def test_the_stated_runs_of_the_reference_city_are_reproduced(torino_rides, line, start, end, low, mid, high):
    for one, other in ((start, end), (end, start)):
        running = torino_rides[line, one, other].running
        assert (running.low, running.mid, running.high) == (low, mid, high)


def test_a_run_of_the_metro_nobody_stated_lies_around_the_stated_ones(torino_rides):
    whole = torino_rides["M1", "m1-01", "m1-23"]
    assert whole.running.low <= 24 <= whole.running.high
    assert 20 <= whole.running.mid <= 30
    assert not any(piece.confidence == "recalled" for piece in whole.evidence)


def test_every_ride_of_the_reference_city_names_a_running_time_and_a_headway(torino_rides):
    assert torino_rides
    for ride in torino_rides.values():
        assert {"running_times", "headways"} <= {piece.dataset for piece in ride.evidence}
    stated = {row["line"] for row in _torino("headways")}
    assert {line for line, _, _ in torino_rides} <= stated
