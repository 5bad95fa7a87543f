"""``portico gtfs check``: for people, for programs, by its exit code."""

import json

import pytest
from tests.shared import shared_data
from tests.territory.timetable.made import SMALL, write


@pytest.fixture(autouse=True)
def eighty_columns(monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.delenv("FORCE_COLOR", raising=False)


@pytest.fixture
def run(run):
    """The command ``gtfs check``."""
    return lambda *arguments: run("gtfs", "check", *arguments)


def test_a_feed_that_answers_is_summed_up(run, tmp_path):
    code, out, _ = run(write(tmp_path / "feed.zip"))
    assert code == 0
    assert "can answer" in out
    assert "2 March 2026 to 31 March 2026, 22 with services" in out
    assert "Europe/Rome" in out
    assert "\x1b" not in out


def test_faults_come_with_type_severity_table_row_value_and_advice(run, tmp_path):
    path = write(
        tmp_path / "feed.zip",
        transfers="from_stop_id,to_stop_id,transfer_type,min_transfer_time\nA,B,2,60\nA,B,2,-5\n",
        frequencies="trip_id,start_time,end_time,headway_secs\nT,00:00:00,999:00:00,1\n",
        stop_times=SMALL["stop_times"].replace("08:10:00,08:11:00", ","),
    )
    code, out, _ = run(path, "--json", "--lang", "it")
    assert code == 1
    [feed] = json.loads(out)["feeds"]
    assert feed["answers"]
    assert feed["summary"] | {"trips": 1, "share_filled": 0.333333, "time_zone": "Europe/Rome"} == feed["summary"]
    negative = next(one for one in feed["findings"] if one["kind"] == "gtfs-transfers-negative")
    assert {name: negative[name] for name in ("severity", "file", "row", "column", "value")} == {
        "severity": "warning",
        "file": "transfers.txt",
        "row": 3,
        "column": "min_transfer_time",
        "value": "-5",
    }
    assert "scrivere secondi" in negative["message"]
    code, out, _ = run(path, "--lang", "it")
    assert code == 1
    assert "✗ frequencies.txt" in out
    assert "ricavati: 33,3 %" in out


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("broken/test_broken_gtfs.zip", "cannot be used as a timetable"),
        ("torino-gtt/gtt_gtfs_20251010_partial.zip", "lacks stop_times.txt"),
    ],
)
def test_feeds_that_cannot_answer_say_why(run, name, expected):
    path = shared_data("data", "gtfs", *name.split("/"))
    code, out, _ = run(path)
    assert code == 1
    assert "cannot answer" in out
    assert expected in " ".join(out.split())
    code, out, _ = run(path, "--json")
    assert code == 1
    [feed] = json.loads(out)["feeds"]
    assert feed["summary"] is None
    assert feed["findings"][0]["severity"] == "error"


def test_several_feeds_are_looked_over_together(run, tmp_path):
    first = write(tmp_path / "a.zip")
    second = write(tmp_path / "b.zip", agency=SMALL["agency"].replace("Rome", "Lisbon"))
    code, out, _ = run(first, second, "--json")
    assert code == 0
    found = json.loads(out)
    assert [one["file"] for one in found["feeds"]] == ["a.zip", "b.zip"]
    assert [one["kind"] for one in found["together"]] == ["timetable-zones-differ"]
    _, out, _ = run(first, second)
    assert "different time zones" in " ".join(out.split())


def test_wrong_usage(run, tmp_path):
    assert run()[0] == 2
    assert run(tmp_path / "none.zip")[0] == 2
