"""``permits plan`` as a chart of eighty columns and as a file; ``site`` with its section on permits."""

from __future__ import annotations

import json

import pytest
from tests.shared import ROOT

CITY = ROOT / "cities" / "torino"
PLAN = (
    "permits",
    "plan",
    str(CITY / "projects" / "food-production.toml"),
    "--city",
    str(CITY),
    "--filed",
    "2027-01-11",
)


@pytest.fixture
def run(run, tmp_path, monkeypatch):
    """Run commands in an empty folder, eighty columns wide."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    return run


@pytest.mark.parametrize("language", ["en", "it"])
def test_a_chart_keeps_eighty_columns_and_explains_its_signs(run, language):
    code, told, _ = run(*PLAN, "--gantt", "--lang", language)
    lines = told.splitlines()
    assert code == 0
    assert max(map(len, lines)) <= 80
    assert len([line for line in lines if "?" in line[30:]]) > 10
    assert {"en": "# critical", "it": "# critico"}[language] in told
    assert "11.01.2027" in told


def test_a_plan_is_written_as_calendar_document_and_json(run, tmp_path):
    for ending, begins in (("ics", b"BEGIN:VCALENDAR\r\n"), ("pdf", b"%PDF-"), ("json", b"{\n")):
        code, told, said = run(*PLAN, "-o", f"plan.{ending}")
        assert (code, told) == (0, "")
        assert f"plan.{ending}" in said
        assert (tmp_path / f"plan.{ending}").read_bytes().startswith(begins)
    written = json.loads((tmp_path / "plan.json").read_text("utf-8"))
    code, told, _ = run(*PLAN, "--json")
    assert json.loads(told) == written


@pytest.mark.parametrize("name", ["plan.docx", "plan", "nowhere/plan.ics"])
def test_a_file_that_cannot_be_written_is_refused_and_nothing_is_left(run, tmp_path, name):
    code, _, said = run(*PLAN, "-o", name)
    assert code == 2
    assert len(said.strip().splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("language", ["en", "it"])
def test_a_site_tells_its_checks_its_projects_and_what_is_recalled(run, torino, language):
    code, told, _ = run("site", "scalo-lingotto", "--city", str(torino.folder), "--lang", language)
    assert code == 0
    text = " ".join(told.split())
    assert {"en": "Is the soil contaminated? nothing stated against none", "it": "nulla in contrario nessuna"}[
        language
    ] in text
    assert {"en": "needed here: Award of publicly owned site*", "it": "necessaria qui: Assegnazione di area pubblica"}[
        language
    ] in text
    assert {"en": "* recalled: general knowledge", "it": "* ricordata: conoscenza generale"}[language] in text
    _, told, _ = run("site", "scalo-lingotto", "--city", str(torino.folder), "--json")
    found = json.loads(told)["permits"]
    assert {one["outcome"] for one in found["checks"]} == {"pass", "unknown"}
    assert [one["id"] for one in found["projects"]] == [
        "battery-module-plant",
        "biomedical-laboratory",
        "food-production",
    ]
