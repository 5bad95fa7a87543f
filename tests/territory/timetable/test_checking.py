"""What is said of a feed that is looked over."""

from __future__ import annotations

from datetime import date

import pytest
from tests.shared import shared_data
from tests.territory.timetable.made import SMALL, write

from portico.errors import UsageError
from portico.messages import Severity
from portico.territory.timetable.checking import check

ANSWERING = [
    ("laquila/GTFS_30102022-2.zip", 1059, 1608, 0.0),
    ("laquila/GTFS_24112021.zip", 985, 1162, 0.0),
    ("porto/metro_do_porto_gtfs.zip", 85, 2873, 0.0),
    ("porto/cp_gtfs.zip", 454, 1899, 0.0),
    ("porto-alegre/poa_eptc.zip", 3986, 2374, 0.963),
    ("porto-alegre/poa_trensurb.zip", 24, 1248, 0.0),
    ("prato/bus.gtfs", 1647, 4401, 0.0),
]


def only(path):
    [found], together = check([path])
    assert together == ()
    return found


@pytest.mark.parametrize(("name", "stops", "trips", "share"), ANSWERING)
def test_every_complete_feed_answers(name, stops, trips, share):
    found = only(shared_data("data", "gtfs", *name.split("/")))
    assert found.is_fine
    assert (found.contents.stops, found.contents.trips) == (stops, trips)
    assert round(found.contents.filling.share, 3) == share
    assert found.contents.first_day < found.contents.last_day


def test_a_feed_without_stop_times_cannot_answer():
    found = only(shared_data("data", "gtfs", "torino-gtt", "gtt_gtfs_20251010_partial.zip"))
    assert not found.is_fine
    assert found.contents is None
    assert (found.findings[0].kind, found.findings[0].severity) == ("gtfs-cannot-answer", Severity.ERROR)
    assert "gtfs-dangling" in {one.kind for one in found.findings}


def test_a_broken_feed_is_refused_with_every_fault():
    found = only(shared_data("data", "gtfs", "broken", "test_broken_gtfs.zip"))
    assert [one.kind for one in found.findings] == ["gtfs-refused", *["gtfs-dangling"] * 4]
    assert found.findings[0].place.file == "stop_times.txt"
    assert found.findings[0].value


def test_contents_are_counted(tmp_path):
    stops = (
        "stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station\n"
        "S,Station,45.00,7.00,1,\nA,One,45.00,7.00,,S\nB,Two,,,,\nC,Other,45.02,7.00,,\n"
    )
    path = write(
        tmp_path / "feed.zip",
        stops=stops,
        stop_times=SMALL["stop_times"].replace("08:10:00,08:11:00", ","),
        frequencies="trip_id,start_time,end_time,headway_secs\nT,06:00:00,07:00:00,600\n",
        transfers="from_stop_id,to_stop_id,transfer_type,min_transfer_time\nA,B,2,-5\nA,B,2,60\n",
    )
    found = only(path)
    contents = found.contents
    assert (contents.zone, contents.first_day, contents.last_day) == (
        "Europe/Rome",
        date(2026, 3, 2),
        date(2026, 3, 31),
    )
    assert contents.days == 22
    assert (contents.stops, contents.nowhere, contents.stations, contents.routes, contents.trips) == (3, 1, 1, 1, 1)
    assert (contents.repeated, contents.loose, contents.transfers) == (6, 1, 1)
    assert (contents.filling.rows, contents.filling.by_count) == (3, 1)
    assert {one.kind for one in found.findings} == {
        "gtfs-times-filled",
        "gtfs-stops-nowhere",
        "gtfs-transfers-negative",
    }
    assert found.is_fine


def test_an_error_among_the_findings_is_not_fine(tmp_path):
    path = write(
        tmp_path / "feed.zip", frequencies="trip_id,start_time,end_time,headway_secs\nT,00:00:00,999:00:00,1\n"
    )
    found = only(path)
    assert found.contents is not None
    assert not found.is_fine


def test_feeds_are_looked_over_together(tmp_path):
    paths = [
        write(tmp_path / "a.zip"),
        write(tmp_path / "b.zip", agency=SMALL["agency"].replace("Rome", "Lisbon")),
        write(tmp_path / "c.zip", stop_times=None),
    ]
    found, together = check(paths)
    assert [one.is_fine for one in found] == [True, True, False]
    assert [one.kind for one in together] == ["timetable-zones-differ"]


def test_what_is_no_feed_is_said_and_a_missing_file_is_wrong_usage(tmp_path):
    path = tmp_path / "feed.zip"
    path.write_bytes(b"PK\x03\x04 cut")
    assert only(path).findings[0].severity is Severity.ERROR
    with pytest.raises(UsageError):
        check([tmp_path / "none.zip"])
