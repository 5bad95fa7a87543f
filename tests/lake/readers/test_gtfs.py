"""GTFS feeds: real ones, partial and broken ones, rows that do not fit."""

from __future__ import annotations

import codecs
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.lake.readers.places import column_of, said, spoken
from tests.lake.readers.workshops import numbers_of, rejected, workshop
from tests.shared import shared_data

from portico.errors import InputError, RejectedError
from portico.lake.found import Format, Member
from portico.lake.readers import gtfs
from portico.messages import Message

FEEDS = [
    (
        "laquila/GTFS_30102022-2.zip",
        {"routes": 30, "shapes": 177652, "stop_times": 50194, "stops": 1059, "trips": 1608, "agency": 1},
    ),
    (
        "laquila/GTFS_24112021.zip",
        {"agency": 1, "shapes": 16354, "stop_times": 36123, "trips": 1162, "routes": 25, "stops": 985},
    ),
    (
        "porto/metro_do_porto_gtfs.zip",
        {"agency": 1, "routes": 7, "shapes": 346, "stop_times": 63019, "stops": 85, "trips": 2873},
    ),
    ("porto/cp_gtfs.zip", {"agency": 1, "routes": 182, "stop_times": 31473, "stops": 454, "trips": 1899}),
    (
        "porto-alegre/poa_eptc.zip",
        {"agency": 1, "routes": 115, "shapes": 57723, "stops": 3986, "stop_times": 130019, "trips": 2374},
    ),
    # Its page counts the empty line at the end of shapes.txt as the 964th.
    (
        "porto-alegre/poa_trensurb.zip",
        {"agency": 1, "routes": 2, "shapes": 963, "stops": 24, "stop_times": 14855, "trips": 1248},
    ),
    (
        "prato/bus.gtfs",
        {
            "agency": 1,
            "routes": 23,
            "shapes": 101999,
            "stop_times": 107752,
            "stops": 1647,
            "trips": 4401,
            "calendar_dates": 38723,
        },
    ),
]
FEED = {
    "agency": "agency_id,agency_name,agency_url,agency_timezone\nA,Az,http://a.example,Europe/Rome\n",
    "stops": "stop_id,stop_name,stop_lat,stop_lon\nS1,Uno,45.1,7.5\nS2,Due,45.2,7.6\n",
    "routes": "route_id,agency_id,route_short_name,route_type\nR,A,1,3\n",
    "trips": "route_id,service_id,trip_id\nR,W,T\n",
    "stop_times": (
        "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
        "T,25:10:00,25:10:30,S1,1\nT,25:20:00,25:20:00,S2,2\n"
    ),
    "calendar": "service_id,monday,start_date,end_date\nW,1,20260101,20261231\n",
}


def feed(path, prefix="", **changed):
    """Write a feed to a zip; ``changed`` are files by name, None for one that is left out."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in (FEED | changed).items():
            if content is not None:
                archive.writestr(f"{prefix}{name}.txt", content)
    return path


def read(tmp_path, path, **told):
    shop = workshop(tmp_path, **told)
    return {one.name: one for one in gtfs.read(Member(path, path.name, Format.GTFS), shop)}, shop


def made(tmp_path, **changed):
    return read(tmp_path, feed(tmp_path / "feed.zip", **changed))


def refused(tmp_path, **changed):
    with pytest.raises(InputError) as raised:
        made(tmp_path, **changed)
    spoken(Message.of(raised.value))
    return raised.value


# --- real feeds ---


@pytest.mark.parametrize(("file", "counts"), FEEDS)
def test_real_feeds_give_what_their_page_states(tmp_path, file, counts):
    tables, _ = read(tmp_path, shared_data("data", "gtfs", *file.split("/")))
    assert {name: tables[name].rows for name in counts} == counts
    assert not any(one.reject_count for one in tables.values())
    names = {name for one in tables.values() for name in one.stated}
    assert {"stop_id", "trip_id"} <= names
    assert not {"stop_lat", "arrival_time", "stop_sequence"} & names
    for one in tables.values():
        said(one)


def test_the_feed_of_torino_is_tables_that_cannot_answer_trips(tmp_path):
    tables, _ = read(tmp_path, shared_data("data", "gtfs", "torino-gtt", "gtt_gtfs_20251010_partial.zip"))
    assert {name: tables[name].rows for name in ("agency", "routes", "stops", "trips")} == {
        "agency": 4,
        "routes": 211,
        "stops": 7003,
        "trips": 39614,
    }
    assert said(tables["stops"])["gtfs-no-trips"].message.values["missing"] == "stop_times.txt"


def test_the_broken_feed_is_refused_for_what_is_broken_in_it(tmp_path):
    path = shared_data("data", "gtfs", "broken", "test_broken_gtfs.zip")
    with pytest.raises(RejectedError) as raised:
        read(tmp_path, path)
    reason = raised.value.values["reason"]
    assert isinstance(reason, Message)
    assert {key: reason.values[key] for key in ("file", "column", "target", "count", "total", "distinct")} == {
        "file": "stop_times.txt",
        "column": "stop_id",
        "target": "stops.txt",
        "count": 1432,
        "total": 1999,
        "distinct": 23,
    }
    text = spoken(Message.of(raised.value))
    assert "1432 of 1999 rows of stop_times.txt name a stop_id that is not in stops.txt" in text.replace(",", "")
    # The one trip of a route that is not there is named as well.
    named = [(one.message.values["file"], one.message.values.get("column"), one.value) for one in raised.value.findings]
    assert ("trips.txt", "route_id", "-1001") in named


def test_decimal_commas_of_a_real_feed_are_put_together_and_said(tmp_path):
    tables, shop = read(tmp_path, shared_data("data", "gtfs", "porto", "metro_do_porto_gtfs.zip"))
    assert said(tables["shapes"])["gtfs-decimal-commas"].message.values["count"] == 260
    lats = [float(one) for one in column_of(tables["shapes"], shop, "shape_pt_lat")]
    lons = [float(one) for one in column_of(tables["shapes"], shop, "shape_pt_lon")]
    assert 41 < min(lats) < max(lats) < 42
    assert -9 < min(lons) < max(lons) < -8


# --- whole feeds ---


def test_every_cell_is_text_as_it_stands(tmp_path):
    tables, shop = made(tmp_path)
    assert list(tables) == ["agency", "stops", "routes", "trips", "stop_times", "calendar"]
    assert column_of(tables["stop_times"], shop, "arrival_time") == ["25:10:00", "25:20:00"]
    assert numbers_of(tables["stop_times"], shop) == [2, 3]
    assert not any(one.issues for one in tables.values())


@pytest.mark.parametrize("prefix", ["gtfs/", "a/b/"])
def test_a_feed_in_a_folder_of_its_archive_is_found(tmp_path, prefix):
    tables, _ = read(tmp_path, feed(tmp_path / "feed.zip", prefix))
    assert tables["stops"].rows == 2


def test_a_folder_is_read_as_a_feed(tmp_path):
    folder = tmp_path / "feed"
    folder.mkdir()
    for name, content in FEED.items():
        (folder / f"{name}.txt").write_text(content)
    tables, _ = read(tmp_path, folder)
    assert tables["stop_times"].rows == 2


def test_files_that_are_not_of_the_format_are_named_and_left(tmp_path):
    path = feed(tmp_path / "feed.zip", notes="a,b\n1,2\n")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("__MACOSX/._stops.txt", b"\x00\x05\x16\x07")
        archive.writestr("readme.pdf", b"%PDF")
    tables, _ = read(tmp_path, path)
    assert said(tables["stops"])["gtfs-other-files"].message.values["names"] == "notes.txt, readme.pdf"
    assert "notes" not in tables


def test_of_several_feeds_one_is_read_and_that_is_said(tmp_path):
    path = feed(tmp_path / "feed.zip", "bus/")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("rail/stops.txt", FEED["stops"])
    tables, _ = read(tmp_path, path)
    assert tables["trips"].rows == 1
    assert said(tables["stops"])["gtfs-several-feeds"].message.values["folder"] == "bus"


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_headers_and_line_ends_of_every_program_are_read(tmp_path, mark, end):
    stops = mark + ' stop_id , "stop_name",stop_lat, stop_lon,\n"S1","Uno, ""bis""",45.1,7.5,\nS2,Due,45.2,7.6,\n\n'
    tables, shop = made(tmp_path, stops=stops.replace("\n", end).encode())
    assert tables["stops"].columns == ("stop_id", "stop_name", "stop_lat", "stop_lon")
    assert column_of(tables["stops"], shop, "stop_name") == ['Uno, "bis"', "Due"]


def test_letters_that_are_not_utf8_are_read_and_said(tmp_path):
    stops = FEED["stops"].replace("Uno", "Agliè").encode("cp1252")
    tables, shop = made(tmp_path, stops=stops)
    assert column_of(tables["stops"], shop, "stop_name")[0] == "Agliè"
    assert "encoding-country" in {one.kind for one in tables["stops"].issues}


# --- what is missing ---


@pytest.mark.parametrize("missing", ["routes", "trips", "stop_times"])
def test_without_what_trips_are_made_of_the_tables_are_kept(tmp_path, missing):
    tables, _ = made(tmp_path, **{missing: None})
    assert said(tables["stops"])["gtfs-no-trips"].message.values["missing"] == f"{missing}.txt"


def test_a_header_alone_is_as_good_as_missing(tmp_path):
    tables, _ = made(tmp_path, stop_times=FEED["stop_times"].split("\n")[0] + "\n")
    assert tables["stop_times"].rows == 0
    assert "gtfs-no-trips" in said(tables["stops"])


def test_dates_alone_are_a_calendar_and_no_calendar_at_all_is_said(tmp_path):
    tables, _ = made(tmp_path, calendar=None, calendar_dates="service_id,date,exception_type\nW,20260101,1\n")
    assert "gtfs-no-trips" not in said(tables["stops"])
    tables, _ = made(tmp_path, calendar=None)
    assert said(tables["stops"])["gtfs-no-trips"].message.values["missing"] == "calendar.txt"


def test_without_an_agency_the_feed_is_read_and_that_is_said(tmp_path):
    tables, _ = made(tmp_path, agency=None)
    assert "gtfs-no-agency" in said(tables["stops"])


@pytest.mark.parametrize("stops", [None, "", "stop_id,stop_name\n"])
def test_without_stops_there_is_no_feed(tmp_path, stops):
    assert refused(tmp_path, stops=stops).message_id == "gtfs-without-stops"


@pytest.mark.parametrize(
    ("table", "column"), [("stops", "stop_id"), ("trips", "service_id"), ("stop_times", "stop_sequence")]
)
def test_a_table_without_the_column_that_joins_it_is_refused(tmp_path, table, column):
    error = refused(tmp_path, **{table: FEED[table].replace(column, "other")})
    assert isinstance(error, RejectedError)
    assert error.values["reason"].values["columns"] == column


# --- rules ---

ROWS = 400


def many(dangling: int) -> str:
    lines = [
        f"T,08:{n // 60:02}:{n % 60:02},08:{n // 60:02}:{n % 60:02},{'X' if n < dangling else 'S1'},{n}"
        for n in range(ROWS)
    ]
    return FEED["stop_times"].split("\n")[0] + "\n" + "\n".join(lines) + "\n"


@pytest.mark.parametrize(("dangling", "is_refused"), [(0, False), (1, False), (4, False), (5, True), (ROWS, True)])
def test_one_reference_to_nothing_in_a_hundred_is_the_limit(tmp_path, dangling, is_refused):
    if is_refused:
        error = refused(tmp_path, stop_times=many(dangling))
        assert (error.message_id, error.values["reason"].values["count"]) == ("gtfs-refused", dangling)
        return
    tables, _ = made(tmp_path, stop_times=many(dangling))
    assert tables["stop_times"].rows == ROWS
    assert ("gtfs-dangling" in said(tables["stop_times"])) is (dangling > 0)


@pytest.mark.parametrize(
    ("table", "content", "kind", "is_refused"),
    [
        ("trips", "route_id,service_id,trip_id\nX,W,T\n", "gtfs-dangling", True),
        ("trips", "route_id,service_id,trip_id\nR,X,T\n", "gtfs-dangling", True),
        ("routes", "route_id,agency_id,route_type\nR,X,3\n", "gtfs-dangling", False),
        ("routes", "route_id,route_type\nR,3\nR,3\n", "gtfs-key-twice", True),
        ("stops", "stop_id,stop_lat,stop_lon\nS1,45.1,7.5\nS2,x,7.6\n", "gtfs-position", True),
        ("stops", "stop_id,stop_lat,stop_lon\nS1,45.1,7.5\nS2,450.2,7.6\n", "gtfs-position", True),
        (
            "stop_times",
            "trip_id,arrival_time,departure_time,stop_id,stop_sequence\nT,8.10,8.10,S1,1\n",
            "gtfs-time",
            True,
        ),
        (
            "stop_times",
            "trip_id,arrival_time,departure_time,stop_id,stop_sequence\nT,09:00:00,09:00:00,S1,1\nT,08:00:00,08:00:00,S2,2\n",
            "gtfs-time-backwards",
            False,
        ),
        (
            "stop_times",
            "trip_id,arrival_time,departure_time,stop_id,stop_sequence\nT,9:00:00,9:00:00,S1,1\nT,,,S2,1\n",
            "gtfs-key-twice",
            False,
        ),
        ("transfers", "from_stop_id,to_stop_id,transfer_type\nS1,X,0\n", "gtfs-dangling", False),
    ],
)
def test_each_rule_says_what_breaks_it(tmp_path, table, content, kind, is_refused):
    if is_refused:
        error = refused(tmp_path, **{table: content})
        assert kind in {one.kind for one in error.findings}
        for one in error.findings:
            spoken(one.message)
        return
    tables, _ = made(tmp_path, **{table: content})
    assert kind in said(tables[table])


def test_blank_references_and_blanks_around_ids_are_no_fault(tmp_path):
    stops = "stop_id,stop_name,stop_lat,stop_lon,parent_station\nS1,Uno,45.1,7.5, \n S2 ,Due,45.2,7.6,\n"
    tables, _ = made(tmp_path, stops=stops)
    assert not any(one.issues for one in tables.values())


# --- rows that do not fit ---


def test_rows_of_other_widths_are_padded_mended_or_rejects(tmp_path):
    stops = (
        "stop_id,stop_name,stop_lat,stop_lon,zone_id\nS1,Uno,45.1,7.5,A\nS2,Due,45.2,7.6\n"
        "S3,Tre,45,3,7,7,A\nS4,Quattro,45.4,7.8,A,,\nS5,Cinque,bis,45.5,7.9,A\n"
    )
    tables, shop = made(tmp_path, stops=stops)
    table = tables["stops"]
    assert column_of(table, shop, "stop_id") == ["S1", "S2", "S3", "S4"]
    assert column_of(table, shop, "stop_lat") == ["45.1", "45.2", "45.3", "45.4"]
    assert numbers_of(table, shop) == [2, 3, 4, 5]
    assert rejected(table) == [["6", "", "S5,Cinque,bis,45.5,7.9,A", "row-width"]]
    kinds = said(table)
    assert {"gtfs-rows-padded", "gtfs-decimal-commas", "gtfs-rows-refused"} <= set(kinds)
    assert kinds["gtfs-rows-refused"].place.row == 6


def test_a_quotation_mark_left_open_is_one_sentence_or_read(tmp_path):
    stops = FEED["stops"] + 'S3,"Tre,45.1,7.5\n' + "S4,Quattro,45.1,7.5\n" * 3
    try:
        tables, _ = made(tmp_path, stops=stops)
    except InputError as error:
        spoken(Message.of(error))
    else:
        assert any(one.kind == "gtfs-rows-padded" for one in tables["stops"].issues)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no zip", b"PK\x05\x06" + bytes(18)])
def test_an_archive_that_is_none_is_refused(tmp_path, content):
    path = tmp_path / "feed.zip"
    path.write_bytes(content)
    with pytest.raises(InputError):
        read(tmp_path, path)


CELLS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names=st.lists(CELLS, min_size=1, max_size=6), encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_any_names_come_back_equal(tmp_path, names, encoding):
    lines = [f'S{n},"{name.replace(chr(34), chr(34) * 2)}",45.1,7.5' for n, name in enumerate(names, start=1)]
    lines += [f"S{n},x,45.1,7.5" for n in range(len(names) + 1, 3)]
    text = "stop_id,stop_name,stop_lat,stop_lon\n" + "\n".join(lines) + "\n"
    tables, shop = made(workshop(tmp_path).folder, stops=text.encode(encoding))
    assert [one or "" for one in column_of(tables["stops"], shop, "stop_name")][: len(names)] == names
    assert codecs.lookup(encoding).name
