"""What a city declares by address is got once, kept with its record, and never taken for something else."""

from __future__ import annotations

import hashlib
import json
import shutil

import pytest
from tests.servers import BODY, broken, listening, ranged, reply

from portico import city
from portico.city.fetched import on_hand, put_record, record_of
from portico.city.fetching import fetchable, get
from portico.errors import StateError, UnknownNameError, UsageError
from portico.fetch import Fetcher, FetchLimits

AT, LATER = "2026-11-24T08:00:00+00:00", "2026-11-25T08:00:00+00:00"
SHA256 = hashlib.sha256(BODY).hexdigest()


@pytest.fixture
def server():
    with listening() as known:
        yield known


@pytest.fixture
def fetcher():
    return Fetcher(FetchLimits(allow_private=("127.0.0.1",), retries=0), sleep=lambda _: None)


def declare(folder, address, **more):
    lines = {"id": "bus", "publisher": "Town", "licence": "CC0-1.0", "address": address} | more
    with (folder / "city.toml").open("a", encoding="utf-8") as file:
        file.write('\n[[sources]]\ntitle = { en = "Buses" }\n')
        file.writelines(f"{key} = {json.dumps(value)}\n" for key, value in lines.items())
    return city.open(folder)


def source(opened, name="bus"):
    return next(one for one in opened.settings.sources if one.id == name)


def test_a_file_is_kept_under_its_name_with_a_record_beside_it(tiny_city, server, fetcher):
    opened = declare(tiny_city, server.page("/a/feed.zip", reply(BODY, ETag='"one"', Content_Type="application/zip")))
    got = get(opened, source(opened), fetcher, at=AT)
    assert (got.is_new, got.error) == (True, None)
    path = tiny_city / ".portico" / "fetched" / "bus" / "feed.zip"
    assert path.read_bytes() == BODY
    told = json.loads((tiny_city / ".portico" / "fetched" / "bus.json").read_text("utf-8"))
    assert told == {
        "name": "feed.zip", "address": source(opened).address, "bytes": len(BODY), "sha256": SHA256, "etag": '"one"',
        "last_modified": "", "content_type": "application/zip", "at": AT, "checked": AT,
        "written_ns": path.stat().st_mtime_ns,
    }  # fmt: skip
    here = on_hand(opened, source(opened))
    assert (here.path.name, here.sha256, here.origin) == ("feed.zip", SHA256, source(opened).address)
    assert here.record == got.record == record_of(opened, source(opened))


def test_what_did_not_change_is_asked_for_and_not_moved(tiny_city, server, fetcher):
    def page(asked):
        known = asked.headers.get("if-none-match") == '"one"'
        return reply(b"", "304 Not Modified", ETag='"one"') if known else reply(BODY, ETag='"one"')

    opened = declare(tiny_city, server.page("/feed.zip", page))
    first = get(opened, source(opened), fetcher, at=AT)
    again = get(opened, source(opened), fetcher, at=LATER)
    assert (again.is_new, again.error) == (False, None)
    assert (again.record.at, again.record.checked) == (AT, LATER)
    assert again.record.written_ns == first.record.written_ns


def test_a_changed_file_takes_the_place_of_the_last(tiny_city, server, fetcher):
    opened = declare(tiny_city, server.page("/feed.zip", reply(BODY), reply(b"new")))
    get(opened, source(opened), fetcher, at=AT)
    assert get(opened, source(opened), fetcher, at=LATER).is_new
    assert on_hand(opened, source(opened)).path.read_bytes() == b"new"


def test_what_fails_is_a_result_and_what_was_there_stays(tiny_city, server, fetcher):
    opened = declare(tiny_city, server.page("/feed.zip", reply(BODY), reply(b"", "404 Not Found")))
    before = get(opened, source(opened), fetcher, at=AT).record
    got = get(opened, source(opened), fetcher, at=LATER)
    assert (got.error.message_id, got.record) == ("fetch-status", before)
    assert on_hand(opened, source(opened)).sha256 == SHA256


def test_a_fetch_that_was_cut_off_is_gone_on_with(tiny_city, server, fetcher):
    opened = declare(tiny_city, server.page("/feed.zip", broken(), ranged))
    assert get(opened, source(opened), fetcher, at=AT).error.message_id == "fetch-interrupted"
    assert on_hand(opened, source(opened)) is None
    assert get(opened, source(opened), fetcher, at=LATER).is_new
    assert server.asked[1].headers["range"] == "bytes=100000-"
    assert sorted(path.name for path in (tiny_city / ".portico" / "fetched" / "bus").iterdir()) == ["feed.zip"]


def test_a_file_from_another_address_than_the_one_declared_now_is_not_used(tiny_city, server, fetcher):
    opened = declare(tiny_city, server.page("/old.zip", reply(BODY)))
    get(opened, source(opened), fetcher, at=AT)
    path = tiny_city / "city.toml"
    path.write_text(path.read_text("utf-8").replace("/old.zip", "/new.zip"), "utf-8")
    moved = city.open(tiny_city)
    assert on_hand(moved, source(moved)) is None
    server.page("/new.zip", reply(b"new"))
    assert get(moved, source(moved), fetcher, at=LATER).is_new
    assert "if-none-match" not in server.asked[-1].headers
    assert [one.name for one in (tiny_city / ".portico" / "fetched" / "bus").iterdir()] == ["new.zip"]


def test_a_file_that_is_not_as_recorded_is_not_used_and_a_copy_of_it_is(tiny_city, server, fetcher, tmp_path):
    opened = declare(tiny_city, server.page("/feed.zip", reply(BODY)))
    get(opened, source(opened), fetcher, at=AT)
    copied = city.open(shutil.copytree(tiny_city, tmp_path / "copy", copy_function=shutil.copyfile))
    assert on_hand(copied, source(copied)).sha256 == SHA256
    for content in (BODY[::-1], BODY[:-1]):
        on_hand(opened, source(opened)).path.with_name("feed.zip").write_bytes(content)
        assert on_hand(opened, source(opened)) is None
        assert get(opened, source(opened), fetcher, at=LATER).is_new
        assert "if-none-match" not in server.asked[-1].headers


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"name": "../x"}'])
def test_a_record_that_is_not_whole_is_none(tiny_city, server, fetcher, text):
    opened = declare(tiny_city, server.page("/feed.zip", reply(BODY)))
    get(opened, source(opened), fetcher, at=AT)
    (tiny_city / ".portico" / "fetched" / "bus.json").write_text(text, "utf-8")
    assert record_of(opened, source(opened)) is None
    assert on_hand(opened, source(opened)) is None


@pytest.mark.parametrize(("key", "value"), [("name", "../bus.json"), ("bytes", "5"), ("sha256", None), ("more", 1)])
def test_a_record_with_a_part_that_cannot_be_is_none(tiny_city, server, fetcher, key, value):
    opened = declare(tiny_city, server.page("/feed.zip", reply(BODY)))
    get(opened, source(opened), fetcher, at=AT)
    path = tiny_city / ".portico" / "fetched" / "bus.json"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | {key: value}), "utf-8")
    assert record_of(opened, source(opened)) is None


def test_a_record_is_written_whole_or_stays_as_it_was(tiny_city, server, fetcher, monkeypatch):
    opened = declare(tiny_city, server.page("/feed.zip", reply(BODY)))
    record = get(opened, source(opened), fetcher, at=AT).record

    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("portico.city.fetched.os.fsync", full)
    with pytest.raises(StateError):
        put_record(opened, source(opened), record)
    assert record_of(opened, source(opened)) == record
    assert sorted(one.name for one in (tiny_city / ".portico" / "fetched").iterdir()) == ["bus", "bus.json"]


def test_an_address_that_is_none_is_a_result_too(tiny_city, fetcher):
    opened = declare(tiny_city, "ftp://host.example/x")
    assert get(opened, source(opened), fetcher, at=AT).error.message_id == "fetch-bad-scheme"


def test_sources_are_named_or_all_that_have_an_address(tiny_city):
    opened = declare(tiny_city, "https://host.example/feed.zip")
    assert [one.id for one in fetchable(opened)] == ["bus"]
    assert [one.id for one in fetchable(opened, ["bus", "bus"])] == ["bus"]
    with pytest.raises(UnknownNameError) as unknown:
        fetchable(opened, ["bos"])
    assert unknown.value.values["advice"].values["suggestion"] == "bus"
    with pytest.raises(UsageError) as without:
        fetchable(opened, ["wells"])
    assert (without.value.message_id, without.value.exit_code) == ("source-without-address", 2)


def test_a_file_of_the_folder_is_on_hand_where_it_is_there(tiny_city):
    opened = city.open(tiny_city)
    here = on_hand(opened, source(opened, "wells"))
    assert (here.origin, here.record) == ("files/wells.csv", None)
    assert here.sha256 == hashlib.sha256((tiny_city / "files" / "wells.csv").read_bytes()).hexdigest()
    (tiny_city / "files" / "wells.csv").unlink()
    assert on_hand(opened, source(opened, "wells")) is None
