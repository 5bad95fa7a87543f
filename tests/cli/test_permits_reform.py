"""``permits reform|losses|case|services`` as a person starts them."""

from __future__ import annotations

import json

import pytest
from tests.commands import portico
from tests.shared import ROOT

from portico.dossier import reform_plain
from portico.permits.exchange.suap import read
from portico.translation import Translator

CITY = str(ROOT / "cities" / "torino")
REFORM = """
title = { it = "Meno attese", en = "Fewer waits" }
[[changes]]
kind = "shorten"
procedure = "ED_AGIB"
days = 5
reason = { en = "as the office proposes", it = "come propone l'ufficio" }
[[changes]]
kind = "drop-document"
procedure = "ED_CADASTRE"
document = "DOC_CAT"
"""


@pytest.fixture
def run(run, tmp_path, monkeypatch):
    """The commands ``permits`` of the reference city, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: run("permits", *arguments, "--city", CITY)


@pytest.fixture
def reform_file(tmp_path):
    path = tmp_path / "reform.toml"
    path.write_text(REFORM, encoding="utf-8")
    return path


def test_a_reform_tells_what_it_saves_in_eighty_columns_and_for_programs(reform_file, tmp_path, run):
    told = portico("permits", "reform", str(reform_file), "--city", CITY, "--lang", "it", cwd=tmp_path)
    assert told.returncode == 0, told.stderr
    assert "Non è un parere legale" in told.stdout
    assert max(len(line) for line in told.stdout.splitlines()) <= 80
    found = json.loads(run("reform", str(reform_file), "--json")[1])
    assert (found["projects"], len(found["alone"])) == (3, 2)
    first, second = found["alone"]
    assert (first["kind"], first["procedure"], first["rule"]) == (
        "shorten",
        "ED_AGIB",
        "DPR 380/2001 art. 24; L.241/1990 art. 19(3),(6-bis)",
    )
    assert second["saved"]["asked"] == second["touched"] > 0
    assert found["together"]["saved"]["asked"] == second["saved"]["asked"]


def test_losses_are_told_and_a_missing_folder_is_one_sentence(run, tmp_path):
    code, told, _ = run("losses")
    assert code == 0
    assert "Documents asked for more than once in a project" in told
    code, _, said = run("losses", "--projects", str(tmp_path))
    assert code == 2
    assert "No project was found" in said


def test_a_reform_with_faults_says_each_with_its_line(run, tmp_path):
    path = tmp_path / "reform.toml"
    path.write_text('title = "x"\n[[changes]]\nkind = "remove"\nprocedure = "ENV_AUE"\n', encoding="utf-8")
    code, _, said = run("reform", str(path))
    assert code == 1
    assert "ENV_AUA" in said
    assert "reform.toml" in said


def test_a_case_and_services_are_written_whole(run, tmp_path):
    project = str(ROOT / "cities" / "torino" / "projects" / "battery-module-plant.toml")
    assert run("case", project, "-o", "case.json", "--filed", "2026-12-01")[0] == 0
    case = read(tmp_path / "case.json")
    assert (case.municipality, case.start.isoformat()) == ("001272", "2026-12-01")
    assert case.use_cases
    assert run("case", project, "-o", "again.json", "--filed", "2026-12-01")[0] == 0
    assert (tmp_path / "again.json").read_bytes() == (tmp_path / "case.json").read_bytes()
    assert run("services", "-o", "nowhere/services.jsonld")[0] == 2
    assert json.loads(run("services", "-o", "services.jsonld", "--json")[1])["procedures"] > 100
    assert json.loads((tmp_path / "services.jsonld").read_text("utf-8"))["@graph"]


def test_what_a_change_saves_is_told_from_the_fewer_to_the_more_days():
    saved = {
        "days": {
            "MS_OPEN": {"title": "start", "low": 30, "high": 0},
            "MS_WORKS": {"title": "works", "low": 0, "high": 0},
        },
        "filed": 1,
        "asked": 0,
        "papers": 0,
        "undecided": 2,
    }
    told = reform_plain.saved_words(saved, Translator("en"))
    assert told == ["0–30 days to: start", "1 procedure", "2 decisions that silence takes"]
