"""``portico fetch``: what is said before, while and after the files of a city are got."""

from __future__ import annotations

import json

import pytest
from tests.commands import portico
from tests.servers import BODY, chunked, listening, reply

HERE = ("--allow-private", "127.0.0.1")


@pytest.fixture
def server():
    with listening() as known:
        yield known


@pytest.fixture(autouse=True)
def eighty_columns(monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    for name in ("PORTICO_CITY", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def declare(tiny_city):
    def one(name, address, **more):
        lines = {"id": name, "publisher": "Town of Borgo", "licence": "CC-BY-4.0", "address": address} | more
        with (tiny_city / "city.toml").open("a", encoding="utf-8") as file:
            file.write('\n[[sources]]\ntitle = { en = "Buses of Borgo", it = "Autobus di Borgo" }\n')
            file.writelines(f"{key} = {json.dumps(value)}\n" for key, value in lines.items())
        return str(tiny_city)

    return one


@pytest.fixture
def run(run):
    """The command ``fetch``."""
    return lambda *arguments: run("fetch", *arguments)


@pytest.mark.parametrize("language", ["en", "it"])
def test_a_dry_run_says_what_whose_where_from_how_large_and_asks_nobody(run, declare, server, language):
    address = server.url("/feed.zip")
    city = declare("bus", f"{address}?key=secret", use="timetable", size_mb=12)
    code, out, _ = run("--city", city, "--dry-run", "--lang", language)
    assert code == 0
    for part in ("Borgo", "Town of Borgo", "CC-BY-4.0", address, "12 MB"):
        assert part in out
    assert "secret" not in out
    assert max(map(len, out.splitlines())) <= 80
    assert server.asked == []


def test_it_is_got_with_progress_on_standard_error_and_a_table_on_standard_output(run, declare, server):
    city = declare("bus", server.page("/feed.zip", reply(BODY)))
    code, out, err = run("--city", city, *HERE)
    assert code == 0
    assert ".portico/fetched/bus/feed.zip" in out
    assert "fetched" in out
    assert "Buses of Borgo · Town of Borgo · CC-BY-4.0" in " ".join(err.split())
    assert "bus: 0.3 of 0.3 MB" in err
    assert "portico build" in err
    code, out, err = run("--city", city, *HERE)
    assert (code, "unchanged" in out, "portico build" in err) == (0, True, False)
    _, out, _ = run("--city", city, "--dry-run")
    assert "since" in out


def test_progress_of_a_file_of_unsaid_length_is_said_now_and_then(run, declare, server):
    city = declare("bus", server.page("/feed.zip", chunked([b"x" * 1_000_000] * 60)))
    code, _, err = run("--city", city, *HERE)
    assert code == 0
    assert err.count("bus: ") - err.count("bus: Buses") == 2


def test_one_that_fails_is_one_result_and_the_others_come(run, declare, server):
    declare("gone", server.url("/nowhere"))
    city = declare("bus", server.page("/feed.zip", reply(BODY)))
    code, out, err = run("--city", city, *HERE)
    assert code == 1
    assert "failed" in out
    assert "gone: 127.0.0.1 answers 404" in err
    code, out, _ = run("--city", city, *HERE, "--json")
    told = {one["source"]: one for one in json.loads(out)}
    assert code == 1
    assert (told["gone"]["status"], told["gone"]["error"], told["gone"]["file"]) == ("failed", "fetch-status", "")
    assert (told["bus"]["status"], told["bus"]["bytes"], told["bus"]["licence"]) == (
        "unchanged", len(BODY), "CC-BY-4.0",
    )  # fmt: skip


def test_a_machine_of_the_own_network_is_asked_only_by_leave(run, declare, server):
    city = declare("bus", server.page("/feed.zip", reply(BODY)))
    code, _, err = run("--city", city)
    assert code == 1
    assert "not a public address" in " ".join(err.split())
    assert server.asked == []


def test_only_the_sources_named_are_got(run, declare, server):
    declare("bus", server.page("/feed.zip", reply(BODY)))
    city = declare("tram", server.page("/tram.zip", reply(BODY)))
    code, out, _ = run("tram", "--city", city, *HERE, "--json")
    assert (code, [one["source"] for one in json.loads(out)]) == (0, ["tram"])
    assert [asked.target for asked in server.asked] == ["/tram.zip"]


@pytest.mark.parametrize(("name", "words"), [("bos", "did you mean “bus”"), ("wells", "no address")])
def test_a_source_that_is_none_or_has_no_address_is_wrong_usage(run, declare, server, name, words):
    city = declare("bus", server.url("/feed.zip"))
    code, _, err = run(name, "--city", city)
    assert code == 2
    assert words in " ".join(err.split())


@pytest.mark.parametrize("more", [(), ("--dry-run",)])
def test_a_city_that_declares_nothing_says_so(run, tiny_city, more):
    code, out, _ = run("--city", str(tiny_city), *more)
    assert code == 0
    assert "nothing to fetch" in " ".join(out.split())
    assert not (tiny_city / ".portico").exists()


def test_a_folder_that_cannot_be_written_is_one_sentence_a_source(run, declare, server):
    city = declare("bus", server.page("/feed.zip", reply(BODY)))
    with open(f"{city}/.portico", "w"):  # noqa: PTH123 - a file where the working state should be
        pass
    code, _, err = run("--city", city, *HERE)
    assert code == 1
    assert err.count("✗ bus:") == 1


def test_what_a_build_says_of_sources_that_are_not_here_reaches_people_and_programs(declare, server, tmp_path):
    city = declare("bus", server.url("/feed.zip"), use="timetable")
    done = portico("build", "--city", city, "--as-of", "2026-11-23", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "timetable-not-fetched" in [one["kind"] for one in json.loads(done.stdout)["warnings"]]
    done = portico("build", "--city", city, "--as-of", "2026-11-23", cwd=tmp_path)
    assert "portico fetch bus" in " ".join(done.stderr.split())
