"""``portico match BRIEF --where``: said before, while and after; for people and for programs."""

from __future__ import annotations

import json

import pytest
from tests.cities import AS_OF, AT, write_borgo_prova

from portico import city as cities
from portico.build import build
from portico.cli import main
from portico.match.criteria import MINUTES_TO_NEAREST
from portico.match.where import answer

WHERE = """
title = { en = "Dairy" }
activity = "food"
sector = "food"

[[musts]]
criterion = "minutes-to-nearest"
mode = "car"
kinds = ["motorway-junction"]
at_most = 40

[[wants]]
criterion = "minutes-to-nearest"
mode = "car"
fields = ["food"]
weight = 3
scale = [[5, 1.0], [60, 0.0]]

[[wants]]
criterion = "condition"
weight = 1
values = { green = 1.0 }
"""
REGISTER = """
title = { en = "Power" }
activity = "data-centre"
sector = "ict"

[[musts]]
criterion = "electric-power"
at_least = 10
unit = "MW"
"""


@pytest.fixture(scope="module")
def borgo(tmp_path_factory):
    folder = write_borgo_prova(tmp_path_factory.mktemp("cli-where") / "borgo")
    (folder / "briefs" / "dairy.toml").write_text(WHERE, "utf-8")
    (folder / "briefs" / "power.toml").write_text(REGISTER, "utf-8")
    opened = cities.open(folder)
    build(opened, as_of=AS_OF, at=AT)
    opened.database.close()
    return folder


@pytest.fixture(autouse=True)
def narrow(monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    for name in ("PORTICO_CITY", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def run(run, borgo):
    """The command ``match`` on the invented city."""
    return lambda *arguments: run("match", *arguments, "--city", borgo, "--as-of", AS_OF)


@pytest.mark.parametrize("language", ["en", "it"])
def test_a_person_reads_how_many_cells_then_the_best_places(run, language):
    code, out, err = run("dairy", "--where", "--resolution", "6", "--lang", language)
    assert code == 0, err
    words = {
        "en": ("about 233 cells of resolution 6", "nobody listed a site here", "Fits", "Availability → Valley agency"),
        "it": ("circa 233 celle di risoluzione 6", "nessuno ha elencato un sito qui", "Va bene", "Disponibilità"),
    }[language]
    assert words[0] in err
    assert all(one in out for one in words[1:])
    assert "{" not in out + err
    assert max(map(len, (out + err).splitlines())) <= 80


def test_a_program_reads_json(run):
    code, out, _ = run("dairy", "--where", "--resolution", "6", "--best", "3", "--json")
    told = json.loads(out)
    assert (code, told["resolution"], len(told["best"])) == (0, 6, 3)
    assert (
        sum(told["standing"].values())
        == told["cells"]
        == told["musts"][0]["cells"]["pass"]
        + sum(told["musts"][0]["cells"][name] for name in ("fail", "unknown", "stale"))
    )
    assert [one["criterion"] for one in told["to_ask"]] == ["availability"]
    assert [one["answered"] for one in told["wants"]] == [True, False]
    assert told["share_unanswered"] == 0.25
    assert told["best"][0]["score"]["mid"]["evidence"][0]["method"] == "match.where"
    assert (told["published"], told["file"]) == (None, None)


def test_published_and_written_and_again_nothing_changes(capsys, run, borgo, tmp_path):
    arguments = ("dairy", "--where", "--resolution", "5", "--publish", "--json", "-o", str(tmp_path / "dairy.geojson"))
    first, again = (json.loads(run(*arguments)[1]) for _ in range(2))
    assert (first["published"]["dataset"], first["published"]["new"]) == ("where-dairy-r5", True)
    assert again["published"] == first["published"] | {"new": False}
    assert len(json.loads((tmp_path / "dairy.geojson").read_text("utf-8"))["features"]) == first["cells"]
    assert main(["data", "show", "where-dairy-r5", "--city", str(borgo)]) == 0
    assert "suitability of cells" in capsys.readouterr().out


def test_an_area_of_the_lake_is_the_ground(capsys, run, borgo, tmp_path):
    area = {"type": "Polygon", "coordinates": [[[14.4, 47.4], [14.6, 47.4], [14.6, 47.6], [14.4, 47.6], [14.4, 47.4]]]}
    feature = {"type": "Feature", "geometry": area, "properties": {"id": "valley"}}
    (tmp_path / "valley.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), "utf-8")
    assert main(["ingest", str(tmp_path / "valley.geojson"), "--city", str(borgo)]) == 0
    capsys.readouterr()
    told = json.loads(run("dairy", "--where", "--area", "valley", "--resolution", "7", "--json")[1])
    assert 0 < told["cells"] < 120
    assert all(14.39 < one["lon"] < 14.61 for one in told["best"])


@pytest.mark.parametrize(
    ("code", "kind", "arguments"),
    [
        (1, "where-nothing-to-answer", ("power", "--where")),
        (2, "resolution-unknown", ("dairy", "--where", "--resolution", "16")),
        (2, "resolution-unknown", ("dairy", "--where", "--resolution", "-1")),
        (1, "cells-too-many", ("dairy", "--where", "--resolution", "12")),
        (2, "where-option-alone", ("dairy", "--publish")),
        (2, "where-option-alone", ("dairy", "--resolution", "7")),
        (2, "where-not-beside", ("dairy", "--where", "--since", "2026-01-01")),
        (2, "where-not-beside", ("dairy", "--where", "--method", "topsis")),
        (2, "where-not-beside", ("dairy", "--where", "--publish", "--weights", "1,2")),
        (1, "weights-how-many", ("dairy", "--where", "--weights", "1,2,3")),
        (2, "out-of-range", ("dairy", "--where", "--best", "-3")),
        (2, "where-no-folder", ("dairy", "--where", "-o", "no/such/folder/answer.csv")),
        (2, "where-file-exists-as-folder", ("dairy", "--where", "-o", ".")),
        (2, "export-format-unknown", ("dairy", "--where", "-o", "answer.html")),
        (2, "cells-name-taken", ("dairy", "--where", "--resolution", "5", "--publish", "--dataset", "sites")),
        (2, "dataset-unknown", ("dairy", "--where", "--area", "nowhere")),
    ],
)
def test_what_cannot_be_done_is_one_sentence(run, code, kind, arguments):
    found, out, _ = run(*arguments, "--json")
    assert (found, json.loads(out)["error"]) == (code, kind)


def test_other_weights_are_taken(run):
    told = json.loads(run("dairy", "--where", "--resolution", "5", "--weights", "1,1", "--json")[1])
    assert [one["weight"] for one in told["wants"]] == [0.5, 0.5]


def test_what_is_cut_off_by_the_keyboard_leaves_nothing(capsys, run, borgo, monkeypatch, tmp_path):
    """Interrupted while cells are measured: no layer, no file."""
    measured = MINUTES_TO_NEAREST.over

    def cut_off(*given):
        if len(given[1]):
            raise KeyboardInterrupt
        return measured(*given)

    monkeypatch.setattr(answer, "_over", lambda asked: cut_off if asked.criterion == MINUTES_TO_NEAREST.id else None)
    file = tmp_path / "cut.csv"
    arguments = ("dairy", "--where", "--resolution", "5", "--publish", "--dataset", "cut-off", "-o", str(file))
    with pytest.raises(SystemExit) as ended:
        run(*arguments)
    assert (ended.value.code, capsys.readouterr().out) == (130, "")
    assert list(tmp_path.iterdir()) == []
    assert main(["data", "show", "cut-off", "--city", str(borgo)]) == 2


def test_no_place_need_be_listed(run):
    assert json.loads(run("dairy", "--where", "--resolution", "5", "--best", "0", "--json")[1])["best"] == []
