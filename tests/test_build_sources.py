"""What a city declared and fetched becomes versions; what will not do is a warning, and everything else is built."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from tests.cities import AS_OF, AT
from tests.lake.readers.places import spoken
from tests.lake.readers.test_osm import extract
from tests.servers import listening, reply
from tests.shared import shared_data

from portico import city
from portico.build import build, lake_of, outdated
from portico.city.fetching import fetchable, get
from portico.fetch import Fetcher, FetchLimits
from portico.lake import store
from portico.lake.arrivals import became
from portico.lake.depositing import deposit
from portico.lake.queries import heads, history, holds, receipts
from portico.territory.sources import declared

LATER = "2026-11-24T09:00:00+00:00"
FETCHER = Fetcher(FetchLimits(allow_private=("127.0.0.1",), retries=0), sleep=lambda _: None)
FEED = {
    "agency": "agency_id,agency_name,agency_url,agency_timezone\na,Town,https://town.example,Europe/Vienna\n",
    "stops": "stop_id,stop_name,stop_lat,stop_lon\ns1,Square,47.5,14.5\ns2,Mill,47.51,14.51\n",
    "routes": "route_id,agency_id,route_short_name,route_type\nr,a,1,3\n",
    "trips": "route_id,service_id,trip_id\nr,w,t\n",
    "stop_times": "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
    "t,08:00:00,08:00:00,s1,1\nt,08:10:00,08:10:00,s2,2\n",
    "calendar": "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
    "w,1,1,1,1,1,0,0,20260101,20261231\n",
}
STREETS = extract(
    [(1, 14.5, 47.5, {}), (2, 14.6, 47.5, {}), (3, 16.0, 48.5, {}), (4, 16.1, 48.5, {})],
    [(10, [1, 2], {"highway": "primary", "name": "High Street"}), (11, [3, 4], {"highway": "primary"})],
)
ROWS = b"id,depth_m\nw1,12\nw2,5\n"


def feed(**changed) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in (FEED | changed).items():
            if text:
                archive.writestr(zipfile.ZipInfo(f"{name}.txt"), text)
    return packed.getvalue()


@pytest.fixture
def server():
    with listening() as known:
        yield known


@pytest.fixture
def declaring(tiny_city, server):
    """Declare a source whose file the server gives, fetch it, and return the city as it is then."""

    def made(content, use="", name="given", **more):
        address = server.page(f"/{name}", reply(content))
        lines = {"id": name, "publisher": "Town", "licence": "CC0-1.0", "address": address} | more
        lines |= {"use": use} if use else {}
        with (tiny_city / "city.toml").open("a", encoding="utf-8") as file:
            file.write('\n[[sources]]\ntitle = { en = "Given" }\n')
            file.writelines(f"{key} = {json.dumps(value)}\n" for key, value in lines.items())
        return fetch(city.open(tiny_city))

    return made


def fetch(opened):
    for source in fetchable(opened):
        assert get(opened, source, FETCHER, at=AT).error is None
    return opened


def built(opened, at=AT):
    done = build(opened, as_of=AS_OF, at=at)
    return done, [one for one in done.warnings if one.kind != "source-over-http"]


def names(opened):
    return {name for name in heads(lake_of(opened)) if name.startswith("given")}


def test_a_fetched_table_becomes_a_dataset_with_its_address(declaring, server):
    opened = declaring(ROWS)
    done, warnings = built(opened)
    assert warnings == []
    assert names(opened) == {"given"}
    [receipt] = receipts(lake_of(opened), "given")
    assert (receipt.origin, receipt.how["fetched_at"]) == (server.url("/given"), AT)
    assert outdated(opened, lake_of(opened)) == ()
    assert done.steps[-1].dataset == "given"


@pytest.mark.parametrize(
    ("use", "kind"),
    [("", "source-not-fetched"), ("streets", "streets-not-fetched"), ("timetable", "timetable-not-fetched")],
)
def test_what_was_not_fetched_is_a_warning_at_its_line_and_no_network_is_asked(tiny_city, server, use, kind):
    with (tiny_city / "city.toml").open("a", encoding="utf-8") as file:
        said = f'use = "{use}"\n' if use else ""
        file.write('\n[[sources]]\nid = "given"\ntitle = "Given"\npublisher = "Town"\nlicence = "CC0-1.0"\n' + said)
        file.write(f'address = "{server.page("/given", reply(ROWS))}"\n')
    opened = city.open(tiny_city)
    done, [warning] = built(opened)
    assert (warning.kind, warning.place.file, warning.value) == (kind, "city.toml", "given")
    lines = (tiny_city / "city.toml").read_text("utf-8").splitlines()
    assert lines[warning.place.row - 1].startswith("address = ")
    assert {step.dataset for step in done.steps} >= {"sites", "wells"}
    assert server.asked == []
    assert outdated(opened, lake_of(opened)) == ()


def test_streets_are_those_that_touch_the_extent(declaring):
    opened = declaring(STREETS, "streets")
    _, warnings = built(opened)
    assert warnings == []
    standing = heads(lake_of(opened))
    assert {name: standing[name].row_count for name in names(opened)} == {
        "given-points": 0, "given-relations": 0, "given-ways": 1,
    }  # fmt: skip


def test_streets_of_elsewhere_are_a_warning(declaring):
    far = extract([(1, 1.0, 1.0, {}), (2, 1.1, 1.0, {})], [(10, [1, 2], {"highway": "primary"})])
    opened = declaring(far, "streets")
    _, [warning] = built(opened)
    assert (warning.kind, warning.message.values["reason"].id) == ("source-refused", "osm-no-streets-here")
    assert names(opened) == set()


def test_a_feed_becomes_a_dataset_a_table_each_with_its_title(declaring):
    opened = declaring(feed(), "timetable")
    _, warnings = built(opened)
    assert warnings == []
    assert names(opened) == {f"given-{name.replace('_', '-')}" for name in FEED}
    [found] = declared(opened, lake_of(opened))
    assert (found.id, found.path.read_bytes(), set(found.datasets)) == ("given", feed(), names(opened))


def test_a_feed_that_cannot_answer_trips_is_kept_as_tables_and_said_at_every_build(declaring):
    opened = declaring(feed(stop_times=""), "timetable")
    for at in (AT, LATER):
        _, [warning] = built(city.open(opened.folder), at)
        assert (warning.kind, warning.message.values["missing"]) == ("timetable-without-trips", "stop_times.txt")
    assert "given-stops" in names(opened)


def test_the_partial_feed_of_a_real_city_is_kept_as_tables(declaring):
    path = shared_data("data", "gtfs", "torino-gtt", "gtt_gtfs_20251010_partial.zip")
    opened = declaring(path.read_bytes(), "timetable")
    _, [warning] = built(opened)
    assert warning.kind == "timetable-without-trips"
    assert heads(lake_of(opened))["given-stops"].row_count == 7_003


@pytest.mark.parametrize(
    ("use", "content", "reason"),
    [
        ("timetable", feed(stops=""), "gtfs-without-stops"),
        ("streets", STREETS[:150], "osm-cut-off"),
        ("", b"<!DOCTYPE html><html><body>Not found</body></html>", "not-a-table-html"),
        ("timetable", b"", "file-without-payload"),
    ],
)
def test_what_is_refused_is_a_warning_and_what_was_published_before_stays(declaring, server, use, content, reason):
    opened = declaring(STREETS if use == "streets" else ROWS, use)
    built(opened)
    before = heads(lake_of(opened))
    server.page("/given", reply(content))
    done, [warning] = built(fetch(opened), LATER)
    assert (warning.kind, warning.message.values["reason"].id) == ("source-refused", reason)
    assert heads(lake_of(opened)) == before
    spoken(warning.message)
    assert {step.dataset for step in done.steps} >= {"sites", "wells"}
    if use:
        assert declared(opened, lake_of(opened))[0].datasets == ()
    assert outdated(opened, lake_of(opened)) == ("given",)


def test_a_timetable_that_is_no_feed_is_kept_and_said(declaring):
    opened = declaring(ROWS, "timetable")
    _, [warning] = built(opened)
    assert (warning.kind, warning.message.values["format"]) == ("timetable-not-gtfs", "csv")
    assert names(opened) == {"given"}


def test_the_same_bytes_are_not_read_again(declaring, monkeypatch):
    opened = declaring(feed(), "timetable")
    first, _ = built(opened)

    def reading(*_, **__):
        raise AssertionError("read again")

    monkeypatch.setattr("portico.build.sources.examine", reading)
    again, _ = built(city.open(opened.folder), LATER)
    assert again.new == 0
    assert {(one.dataset, one.version, one.publication) for one in again.steps} == {
        (one.dataset, one.version, one.publication) for one in first.steps
    }


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('licence = "CC0-1.0"\naddress', 'licence = "CC-BY-4.0"\naddress'),
        ("east = 15.0", "east = 15.5"),
        ('country = "AT"', 'country = "IT"'),
    ],
)
def test_the_same_bytes_are_read_again_where_what_decides_on_them_changed(declaring, monkeypatch, old, new):
    opened = declaring(STREETS, "streets")
    built(opened)
    path = opened.folder / "city.toml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    built(city.open(opened.folder), LATER)
    assert len(receipts(lake_of(opened), "given-ways")) == 2
    assert len(history(lake_of(opened), "given-ways")) == 1


def test_new_bytes_make_new_versions_and_old_ones_that_come_back_point_back(declaring, server):
    opened = declaring(ROWS)
    built(opened)
    for content, at in ((ROWS + b"w3,7\n", LATER), (ROWS, "2026-11-25T09:00:00+00:00")):
        server.page("/given", reply(content))
        built(fetch(opened), at)
    log = history(lake_of(opened), "given")
    assert [one.number for one in log] == [1, 2, 3]
    assert log[0].version == log[2].version != log[1].version


def test_an_arrival_of_which_a_part_is_missing_is_read_again(declaring, monkeypatch):
    """As a process leaves it that was killed between two tables of a bundle."""
    opened = declaring(feed(), "timetable")
    calls = []

    def killed(*given):
        calls.append(given)
        if len(calls) == 4:  # the wells of the folder come first
            raise KeyboardInterrupt
        return deposit(*given)

    with monkeypatch.context() as patched:
        patched.setattr("portico.build.sources.deposit", killed)
        with pytest.raises(KeyboardInterrupt):
            built(opened)
    assert len(names(opened)) == 2
    built(city.open(opened.folder), LATER)
    assert len(names(opened)) == len(FEED)


def test_content_that_clean_up_took_is_made_again(declaring):
    opened = declaring(ROWS)
    built(opened)
    lake = lake_of(opened)
    lake.objects.path(heads(lake)["given"].file).unlink()
    built(city.open(opened.folder), LATER)
    assert lake.objects.path(heads(lake)["given"].file).is_file()


def test_a_version_that_is_held_stays_held_at_the_next_build(declaring):
    opened = declaring(b"id,mail\n1,anna.rossi@gmail.com\n2,bo.verdi@gmail.com\n")
    for at in (AT, LATER):
        done, _ = built(city.open(opened.folder), at)
        assert [one.publication for one in done.steps if one.dataset == "given"] == [None]
    assert [one.dataset for one in holds(lake_of(opened))] == ["given"]


def test_a_file_of_the_folder_can_have_a_use(tiny_city):
    (tiny_city / "files" / "streets.osm.pbf").write_bytes(STREETS)
    text = (tiny_city / "city.toml").read_text("utf-8")
    text = text.replace('file = "files/wells.csv"', 'file = "files/streets.osm.pbf"\nuse = "streets"')
    (tiny_city / "city.toml").write_text(text, "utf-8")
    opened = city.open(tiny_city)
    _, warnings = built(opened)
    assert warnings == []
    [found] = declared(opened, lake_of(opened))
    assert found.path == tiny_city / "files" / "streets.osm.pbf"
    assert "wells-ways" in found.datasets
    (tiny_city / "files" / "streets.osm.pbf").write_bytes(b"no streets")
    _, [warning] = built(city.open(tiny_city), LATER)
    assert warning.kind == "streets-not-places"


@pytest.mark.parametrize("parts", [("osm", "torino", "collegno.graphml"), ("osm", "torino", "collegno.geojson")])
def test_streets_may_come_as_a_graph_or_as_lines(declaring, parts):
    opened = declaring(shared_data("data", *parts).read_bytes(), "streets", name="given." + parts[-1].split(".")[-1],
                       id="given")  # fmt: skip
    _, warnings = built(opened)
    assert [one.kind for one in warnings] == []
    [found] = declared(opened, lake_of(opened))
    assert found.path.is_file()
    assert found.datasets == (() if parts[-1].endswith("graphml") else ("given",))


def test_what_came_before_anything_was_built_is_nothing(tiny_city):
    opened = city.open(tiny_city)
    assert became(lake_of(opened), "anywhere", "0" * 64, {}) == ()


def test_an_unknown_origin_has_no_arrival(declaring):
    opened = declaring(ROWS)
    built(opened)
    with opened.database.read() as connection:
        assert store.last_arrival(connection, "anywhere") == ()
