"""What a person and a program are told of files on their way in: from addresses, folders, with and without a city."""

from __future__ import annotations

import itertools
import json
from datetime import datetime, timedelta

import pytest
from tests.servers import listening, reply

from portico.cli.common import Common
from portico.cli.convert import convert
from portico.cli.data import rejects
from portico.cli.files import Telling, inspect
from portico.cli.ingest import Describing, ingest

TABLE = b"id;nome\n1;uno\n2;due\n"
HERE = ("127.0.0.1",)
# Torino in Gauss-Boaga, without a word about it.
POINTS = "id;X;Y\n" + "".join(f"{n};{1_395_000 + 37 * n},5;{4_991_000 + 53 * n},5\n" for n in range(40))


@pytest.fixture(scope="module")
def server():
    with listening() as known:
        yield known


@pytest.fixture
def page(server):
    """An address with a table, sent only to who has it not yet."""
    server.asked.clear()

    def answer(asked):
        is_known = asked.headers.get("if-none-match") == '"one"'
        return reply(b"", "304 Not Modified") if is_known else reply(TABLE, ETag='"one"')

    return server.page("/wells.csv", answer)


class Clock(datetime):
    """A clock that is a minute on whenever it is looked at."""

    minutes = itertools.count()

    @classmethod
    def now(cls, tz=None):
        return datetime(2026, 11, 24, 12, tzinfo=tz) + timedelta(minutes=next(cls.minutes))


@pytest.fixture
def run(tmp_path, capsys, monkeypatch):
    """Ingest into one lake and return exit code and what a program was told."""
    monkeypatch.setattr("portico.cli.ingest.datetime", Clock)

    def run(*paths, describing=None, telling=None):
        code = ingest(
            *map(str, paths),
            lake=str(tmp_path / "kept"),
            describing=describing or Describing(),
            telling=telling or Telling(),
            allow_private=HERE,
            common=Common(json=True),
        )
        return code, json.loads(capsys.readouterr().out)

    return run


def statuses(results):
    return [(one.get("dataset", one["file"]), one["status"]) for one in results]


def test_an_address_that_sends_nothing_new_is_the_dataset_it_became(run, page):
    (first,) = run(page)[1]
    code, (again,) = run(page)
    assert code == 0
    assert (again["dataset"], again["status"], again["rows"]) == ("wells", "unchanged", 2)
    assert (again["version"], again["publication"]) == (first["version"], 1)


@pytest.mark.parametrize(
    "otherwise",
    [
        {"describing": Describing(dataset="others")},
        {"describing": Describing(licence="CC0-1.0")},
        {"telling": Telling(delimiter=",")},
    ],
)
def test_who_says_something_else_of_an_address_gets_its_bytes_again(run, page, server, otherwise):
    run(page)
    (found,) = run(page, **otherwise)[1]
    assert found["dataset"] == (otherwise.get("describing", Describing()).dataset or "wells")
    assert "if-none-match" not in server.asked[-1].headers
    run(page, **otherwise)
    assert server.asked[-1].headers["if-none-match"] == '"one"'


def test_an_address_that_fails_is_one_result(run, page, server, tmp_path):
    path = tmp_path / "local.csv"
    path.write_bytes(TABLE)
    code, found = run(server.url("/nothing.csv"), path, page, "ftp://example.org/a.csv")
    assert code == 1
    assert sorted(statuses(found)) == [
        ("a.csv", "refused"),
        ("local", "published"),
        ("nothing.csv", "refused"),
        ("wells", "published"),
    ]
    assert {one.get("error") for one in found if one["status"] == "refused"} == {"fetch-status", "fetch-bad-scheme"}


def test_files_of_one_name_get_the_folders_that_tell_them_apart(run, tmp_path, server):
    for place in ("a/uno", "b/uno", "b/due"):
        folder = tmp_path / "in" / place
        folder.mkdir(parents=True)
        (folder / "wells.csv").write_bytes(TABLE)
    found = run(tmp_path / "in")[1]
    assert [one["dataset"] for one in found] == ["a-uno-wells-csv", "b-due-wells-csv", "b-uno-wells-csv"]
    addresses = [server.page(f"/{year}/wells.csv", reply(TABLE)) for year in (2025, 2026)]
    assert [one["dataset"] for one in run(*addresses)[1]] == ["2025-wells-csv", "2026-wells-csv"]


def test_the_city_says_where_places_should_be(torino, tmp_path, capsys):
    path = tmp_path / "points.csv"
    path.write_text(POINTS, "utf-8")
    inspect(str(path), common=Common(city=str(torino.folder), json=True))
    found = json.loads(capsys.readouterr().out)
    assert (found["crs"], found["geometry"]["kinds"]) == ("EPSG:3003", {"POINT": 40})
    target = tmp_path / "points.geojson"
    convert(str(path), str(target), common=Common(city=str(torino.folder)))
    assert len(json.loads(target.read_text())["features"]) == 40


@pytest.mark.parametrize("lang", ["en", "it"])
def test_what_did_not_fit_is_listed(tiny_city, tmp_path, capsys, lang):
    path = tmp_path / "wells.csv"
    rows = "".join(f"{n};{n},5\n" for n in range(100))
    path.write_text("id;profondita\n" + rows + "100;da definire\n101;1,5;altro\n", "utf-8")
    common = Common(city=str(tiny_city), lang=lang)
    ingest(str(path), common=common)
    capsys.readouterr()
    assert rejects("wells", common=common) == 0
    text = capsys.readouterr().out
    assert "102" in text
    assert "da definire" in text
    assert "{" not in text
    rejects("wells@1", limit=1, common=Common(city=str(tiny_city), json=True))
    found = json.loads(capsys.readouterr().out)
    assert found["total"] == 2
    assert [(one["row"], one["raw"]) for one in found["rejects"]] == [(102, "da definire")]
