"""``portico cells``: a layer made by one command, said before, while and after it is made."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time

import pytest
from tests.cities import AS_OF, AT
from tests.commands import PORTICO, environment
from tests.towns import write_town

from portico import city as cities
from portico.build import build
from portico.cli import CELLS_COMMANDS, main

ASKED = ("--area", "quarters", "--of", "homes", "--amount", "people")
EVERY = {
    "cumulative": (*ASKED, "--within", "20"),
    "gravity": (*ASKED, "--decay", "halving:10", "--up-to", "30", "--empty-at-most", "50"),
    "catchment": (*ASKED, "--mode", "car", "--minutes", "6"),
    "nearest": ("--area", "quarters", "--of", "homes", "--k", "2", "--mode", "bike"),
}


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    opened = cities.open(write_town(tmp_path_factory.mktemp("cells") / "town"))
    build(opened, as_of=AS_OF, at=AT)
    opened.database.close()
    return opened.folder


@pytest.fixture(autouse=True)
def narrow(monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    for name in ("PORTICO_CITY", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def run(run, town):
    """The commands ``cells`` in one town."""
    return lambda *arguments: run("cells", *arguments, "--city", town)


def test_every_measure_is_a_command():
    assert set(EVERY) == set(CELLS_COMMANDS)


@pytest.mark.parametrize("measure", sorted(EVERY))
@pytest.mark.parametrize("language", ["en", "it"])
def test_a_person_reads_how_many_cells_then_the_classes_and_the_licences(run, measure, language):
    code, out, err = run(measure, *EVERY[measure], "--dataset", f"{measure}-{language}", "--lang", language)
    assert code == 0, err
    assert ("about 82 cells of resolution 9" if language == "en" else "circa 82 celle di risoluzione 9") in err
    assert "83" in err
    assert f"{measure}-{language}@" in out
    assert "ODbL-1.0; CC0-1.0; CC-BY-4.0" in out
    assert "{" not in out + err
    assert max(map(len, (out + err).splitlines())) <= 80


@pytest.mark.parametrize("measure", sorted(EVERY))
def test_a_program_reads_json_and_again_changes_nothing(run, measure):
    first, again = (run(measure, *EVERY[measure], "--json") for _ in range(2))
    told, same = json.loads(first[1]), json.loads(again[1])
    assert (first[0], again[0], told["new"], same["new"]) == (0, 0, True, False)
    assert told["version"] == same["version"] == same["standing"]
    assert (told["cells"], told["cells_on_streets"], told["measure"]) == (83, 83, measure)
    assert (told["places"], told["places_off_streets"], told["places_without_position"]) == (3, 1, 1)
    assert sum(one["cells"] for one in told["classes"]) + told["cells_unknown"] == 83
    assert told["made_by"]["method"] == f"indicators.access.{measure}"
    assert [one["dataset"] for one in told["rests_on"] if "dataset" in one] == ["streets", "homes", "quarters"]
    assert told["direction"] == ("inbound" if measure == "catchment" else "outbound")


def test_dry_run_says_what_would_be_done_and_does_nothing(run, town):
    arguments = ("cumulative", *ASKED, "--dataset", "never", "--dry-run")
    code, out, _ = run(*arguments)
    assert (code, "never" in out) == (0, True)
    assert "1 amount is not known" in out
    told = json.loads(run(*arguments, "--json")[1])
    assert (told["pairs"], told["standing"]) == (83 * 3, None)
    assert main(["data", "show", "never", "--city", str(town)]) == 2


def test_the_layer_is_a_dataset_that_says_how_it_was_made(capsys, run, town):
    run("cumulative", *ASKED, "--within", "10", "--dataset", "shown")
    assert main(["data", "show", "shown", "--city", str(town)]) == 0
    said = capsys.readouterr().out
    assert "amounts within so many minutes, added up" in said
    assert "within_minutes 10" in said
    assert "Rests on quarters@" in said
    assert main(["data", "show", "shown", "--city", str(town), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["made_by"]["parameters"]["of"] == "homes"
    assert main(["data", "read", "shown", "--city", str(town), "--columns", "id,value", "--limit", "1"]) == 0
    assert capsys.readouterr().out.startswith("id,value\n89")


@pytest.mark.parametrize(
    ("code", "kind", "arguments"),
    [
        (2, "cells-nearest-of-nothing", ("nearest",)),
        (2, "decay-unreadable", ("gravity", "--decay", "slow")),
        (2, "number-not-positive", ("cumulative", "--within", "0", *ASKED)),
        (2, "dataset-unknown", ("cumulative", "--of", "houses")),
        (1, "no-timetable", ("cumulative", "--mode", "transit")),
        (1, "cells-too-many", ("cumulative", "--resolution", "12")),
    ],
)
def test_what_cannot_be_done_is_one_sentence(run, code, kind, arguments):
    found, out, _ = run(*arguments, "--json")
    assert (found, json.loads(out)["error"]) == (code, kind)


def test_a_layer_cut_off_by_the_keyboard_leaves_nothing_and_is_made_the_next_time(town):
    """Interrupted as soon as cells are being measured; then once more, to its end."""
    asked = [
        *PORTICO,
        "cells",
        "cumulative",
        "--resolution",
        "9",
        "--mode",
        "car",
        "--dataset",
        "cut",
        "--city",
        str(town),
    ]
    with subprocess.Popen(
        asked, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        time.sleep(0.2)
        for line in running.stderr:
            if "street within" in line or "strada" in line:
                os.kill(running.pid, signal.SIGINT)
                break
        running.communicate(timeout=60)
    assert running.returncode in (130, -signal.SIGINT)
    again = subprocess.run(asked, env=environment(), capture_output=True, text=True, check=False, timeout=120)
    assert again.returncode == 0, again.stderr
    assert "cut@" in again.stdout
    assert "new" in again.stdout
