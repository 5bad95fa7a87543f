"""The second city, made of a folder: its real files come from a server on this machine, and it builds and answers.

Nothing is changed in the folder but where the addresses in ``city.toml`` point to.
"""

from __future__ import annotations

import contextlib
import difflib
import io
import json
import shutil
import signal
import subprocess
import time
from datetime import date

import pytest
from tests.commands import PORTICO, environment
from tests.servers import listening, ranged, reply
from tests.shared import ROOT, needs_shared, shared_data

from portico import city
from portico.build import build, lake_of, outdated
from portico.cli import main
from portico.lake.queries import examination, heads, read, receipts
from portico.match import briefs
from portico.match.shortlist import shortlist
from portico.territory.layers import territory
from portico.territory.sources import declared

AS_OF, AT = date(2026, 11, 30), "2026-11-30T09:00:00+00:00"
FOLDER = ROOT / "cities" / "laquila"
HOST = "https://raw.githubusercontent.com/giuseppebianchi/gssi-infomobility-otp/0b24b878247c"
FILES = {
    "/data/aq.pbf": ("data", "osm", "laquila", "aq.pbf"),
    "/data/GTFS_30102022-2.zip": ("data", "gtfs", "laquila", "GTFS_30102022-2.zip"),
}
FEED = "/data/GTFS_30102022-2.zip"
# As the page of the shared data states them.
FEED_ROWS = {"agency": 1, "routes": 30, "shapes": 177_652, "stop_times": 50_194, "stops": 1_059, "trips": 1_608}
NODES, WAYS, RELATIONS, HIGHWAYS = 145_663, 15_510, 529, 6_719

pytestmark = needs_shared("data", "osm", "laquila")


def test_without_any_file_fetched_it_is_whole_builds_and_answers_by_estimates(tmp_path):
    opened = city.open(shutil.copytree(FOLDER, tmp_path / "laquila", ignore=shutil.ignore_patterns(".portico")))
    assert opened.findings(AS_OF) == ()
    built = build(opened, as_of=AS_OF, at=AT)
    assert [(one.kind, one.value) for one in built.warnings] == [
        ("streets-not-fetched", "streets"),
        ("timetable-not-fetched", "ama-gtfs"),
    ]
    known = territory(opened, lake_of(opened))
    for name in briefs.names(opened):
        answer = shortlist(briefs.read(opened, name), known, AS_OF)
        assert len(answer.qualified) == 0, "a map of 2019 qualifies nothing"
        assert answer.to_verify
    assert [(one.id, one.path, one.datasets) for one in declared(opened, lake_of(opened))] == [
        ("streets", None, ()),
        ("ama-gtfs", None, ()),
    ]
    assert outdated(opened, lake_of(opened)) == ()


class Publisher:
    """An honest server that gives the files whole, in part or not at all, as it is asked; it can break off."""

    def __init__(self, server):
        self.server = server
        self.contents = {path: shared_data(*parts).read_bytes() for path, parts in FILES.items()}
        self.breaks: dict[str, list[int]] = {}
        self.hangs: dict[str, int] = {}
        self.sent = 0
        for path in FILES:
            server.page(path, lambda asked, path=path: self.answer(path, asked))

    def answer(self, path, asked):
        content = self.contents[path]
        etag = f'"{len(content)}"'
        if asked.headers.get("if-none-match") == etag:
            return reply(b"", "304 Not Modified", ETag=etag)
        head, body = ranged(asked, etag=etag, body=content)
        if self.breaks.get(path):
            body = body[: self.breaks[path].pop(0)]
        self.sent += len(body)
        if path in self.hangs:
            return [head, body[: self.hangs.pop(path)], lambda: self.server.leaving.wait(30)]
        return [head, body]


@pytest.fixture(scope="module")
def publisher():
    with listening() as server:
        yield Publisher(server)


@pytest.fixture(scope="module")
def folder(tmp_path_factory, publisher):
    place = tmp_path_factory.mktemp("second") / "laquila"
    shutil.copytree(FOLDER, place, ignore=shutil.ignore_patterns(".portico"))
    settings = place / "city.toml"
    before = settings.read_text("utf-8")
    settings.write_text(before.replace(HOST, publisher.server.url("")), "utf-8")
    after = settings.read_text("utf-8").splitlines()
    changed = [line for line in difflib.ndiff(before.splitlines(), after) if line.startswith(("+ ", "- "))]
    assert len(changed) == 4
    assert all(line[2:].startswith("address = ") for line in changed)
    return place


@pytest.fixture(scope="module")
def fetched(folder, publisher):
    """What three runs said: one that was killed, one that went on through a broken connection, one more."""
    fetch = ("fetch", "--city", str(folder), "--allow-private", "127.0.0.1", "--json")
    publisher.hangs[FEED] = 2_900_000
    part = folder / ".portico" / "fetched" / "ama-gtfs" / ".GTFS_30102022-2.zip.part.json"
    killed = [*PORTICO, "fetch", "ama-gtfs", *fetch[1:]]
    with subprocess.Popen(killed, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        until = time.monotonic() + 30
        while time.monotonic() < until and not part.exists():
            time.sleep(0.02)
        running.send_signal(signal.SIGKILL)
    publisher.breaks["/data/aq.pbf"] = [500_000]
    runs = []
    for _ in range(2):
        begun, sent = len(publisher.server.asked), publisher.sent
        code, told = _said(*fetch)
        runs.append((code, told, publisher.server.asked[begun:], publisher.sent - sent))
    return runs


def _said(*arguments):
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(io.StringIO()):
        code = main(list(arguments))
    return code, json.loads(out.getvalue())


@pytest.fixture(scope="module")
def built(folder, fetched):
    opened = city.open(folder)
    return opened, build(opened, as_of=AS_OF, at=AT)


def test_what_was_cut_off_or_killed_is_gone_on_with(fetched, publisher, folder):
    code, told, asked, sent = fetched[0]
    assert code == 0
    assert [(one["source"], one["status"]) for one in told] == [("streets", "new"), ("ama-gtfs", "new")]
    ranges = {one.target: one.headers["range"] for one in asked if "range" in one.headers}
    assert ranges["/data/aq.pbf"] == "bytes=500000-"
    assert int(ranges[FEED].removeprefix("bytes=").removesuffix("-")) >= 2_000_000
    assert sent < sum(map(len, publisher.contents.values()))
    for one, content in zip(told, publisher.contents.values(), strict=True):
        assert (folder / one["file"]).read_bytes() == content
        assert (one["bytes"], one["licence"]) == (
            len(content),
            "ODbL-1.0" if one["use"] == "streets" else "none stated",
        )


def test_a_second_run_finds_nothing_changed_and_moves_nothing(fetched):
    code, told, _, sent = fetched[1]
    assert (code, [one["status"] for one in told], sent) == (0, ["unchanged", "unchanged"], 0)


def test_the_feed_becomes_a_dataset_a_table_with_the_rows_it_is_said_to_have(built):
    opened, done = built
    assert {one.kind for one in done.warnings} == {"source-over-http"}
    standing = heads(lake_of(opened))
    assert {name: standing[f"ama-gtfs-{name.replace('_', '-')}"].row_count for name in FEED_ROWS} == FEED_ROWS


def test_the_extract_becomes_streets_and_all_of_them_and_nothing_that_names_persons(built):
    opened, done = built
    lake = lake_of(opened)
    ways = heads(lake)["streets-ways"]
    assert ways.row_count == HIGHWAYS
    assert all(row[0] for row in read(lake, ways, ["highway"]).rows)
    issues = {one["type"]: one["values"] for one in examination(lake, heads(lake)["streets-points"]).report["issues"]}
    assert issues["osm-streets-only"] | {"file": ""} == {
        "file": "", "nodes": NODES, "ways": WAYS, "relations": RELATIONS, "kept": HIGHWAYS,
    }  # fmt: skip
    assert all(step.publication is not None for step in done.steps), "nothing is held"
    assert heads(lake)["streets-relations"].row_count == 0, "this extract has no turn restriction"


def test_the_catalogue_says_where_it_came_from_and_how(built, publisher):
    opened, _ = built
    [receipt] = receipts(lake_of(opened), "streets-ways")
    assert receipt.origin == publisher.server.url("/data/aq.pbf")
    assert receipt.how["etag"] == f'"{len(publisher.contents["/data/aq.pbf"])}"'


def test_streets_and_timetables_know_their_file_and_their_datasets(built, publisher):
    opened, _ = built
    streets, timetable = declared(opened, lake_of(opened))
    assert (streets.id, streets.use.value) == ("streets", "streets")
    assert streets.path.read_bytes() == publisher.contents["/data/aq.pbf"]
    assert streets.datasets == ("streets-points", "streets-relations", "streets-ways")
    assert (timetable.id, timetable.use.value) == ("ama-gtfs", "timetable")
    assert "ama-gtfs-stop-times" in timetable.datasets
    assert {one.source.licence for one in (streets, timetable)} == {"ODbL-1.0", "none stated"}


def test_it_answers_its_briefs(built):
    opened, _ = built
    known = territory(opened, lake_of(opened))
    answer = shortlist(briefs.read(opened, "laboratory"), known, AS_OF)
    assert len(answer.to_verify) == len(known.sites)


def test_a_second_build_reads_nothing_again_and_changes_nothing(built):
    opened, before = built
    again = build(city.open(opened.folder), as_of=AS_OF, at="2026-12-01T09:00:00+00:00")
    assert again.new == 0
    assert sorted(step.dataset for step in again.steps) == sorted(step.dataset for step in before.steps)
    assert {step.version for step in again.steps} == {step.version for step in before.steps}
    assert len(receipts(lake_of(opened), "streets-ways")) == 1
    assert outdated(opened, lake_of(opened)) == ()
