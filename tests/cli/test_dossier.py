"""The command ``dossier``: files for people, words for whoever asks in the wrong way."""

import json
import shutil
from pathlib import Path

import pytest

from portico import city
from portico.lake import store

DAY = ("--as-of", "2026-11-23")


@pytest.fixture(scope="module")
def folder(tmp_path_factory, torino):
    place = tmp_path_factory.mktemp("dossiers") / "torino"
    shutil.copytree(torino.folder, place)
    return place


@pytest.fixture
def run(run, folder):
    """The command ``dossier`` on a copy of the reference city."""
    return lambda *arguments: run("dossier", *arguments, "--city", folder)


def test_a_site_is_written_where_one_stands_under_a_name_of_its_own(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, out, err = run("scarmagno", *DAY, "--lang", "it")
    assert (code, out) == (0, "")
    made = tmp_path / "torino-scarmagno-2026-11-23-it.pdf"
    assert made.name in err
    assert made.read_bytes()[:5] == b"%PDF-"
    assert [path.name for path in tmp_path.iterdir()] == [made.name]


@pytest.mark.parametrize("ending", ["pdf", "xlsx"])
def test_the_answer_to_a_brief_is_written_and_what_it_cites_is_kept(run, folder, tmp_path, ending):
    path = tmp_path / f"answer.{ending}"
    code, out, _ = run("food-production", "-o", str(path), *DAY, "--json")
    told = json.loads(out)
    assert (code, told["file"], told["bytes"]) == (0, str(path), path.stat().st_size)
    assert {dataset for dataset, _ in told["cites"]} >= {"sites", "site_attributes", "transport"}
    opened = city.open(folder)
    with opened.database.read() as connection:
        kept = store.every_citation(connection)
    opened.database.close()
    assert all(f"dossier {path.name}" in kept[dataset, version] for dataset, version in told["cites"])


def test_a_brief_may_be_a_file(run, folder, tmp_path):
    brief = tmp_path / "mine.toml"
    shutil.copy(folder / "briefs" / "food-production.toml", brief)
    assert run("--brief", str(brief), "-o", str(tmp_path / "mine.xlsx"), *DAY)[0] == 0


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("scarmango",), 2, "did you mean “scarmagno”"),
        (("food-prodution",), 2, "did you mean “food-production”"),
        ((), 2, "which one thing"),
        (("scarmagno", "--brief", "food-production"), 2, "which one thing"),
        (("scarmagno", "-o", "x.doc"), 2, ".pdf"),
        (("scarmagno", "-o", "x"), 2, ".pdf"),
        (("scarmagno", "-o", "x.xlsx"), 2, "is a PDF"),
        (("--site", "food-production"), 2, "No site is called"),
        (("scarmagno", "-o", "/nowhere/x.pdf"), 2, "There is no folder /nowhere"),
    ],
)
def test_a_wrong_question_gets_a_sentence_and_writes_nothing(run, tmp_path, monkeypatch, arguments, code, words):
    monkeypatch.chdir(tmp_path)
    found, out, err = run(*arguments, *DAY)
    assert (found, out) == (code, "")
    assert words in " ".join(err.split())
    assert not list(tmp_path.iterdir())


def test_a_name_of_a_site_and_a_brief_must_be_told_apart(run, folder, tmp_path):
    shutil.copy(folder / "briefs" / "food-production.toml", folder / "briefs" / "scarmagno.toml")
    try:
        code, _, err = run("scarmagno", *DAY, "-o", str(tmp_path / "x.pdf"))
        assert code == 2
        assert "--site scarmagno or --brief scarmagno" in " ".join(err.split())
        for option in ("--site", "--brief"):
            assert run(option, "scarmagno", *DAY, "-o", str(tmp_path / "x.pdf"))[0] == 0
    finally:
        (folder / "briefs" / "scarmagno.toml").unlink()


def test_a_file_that_stood_there_stays_whole_where_writing_fails(run, tmp_path):
    place = tmp_path / "answer.pdf"
    place.mkdir()
    (place / "kept").write_text("kept")
    code, _, err = run("scarmagno", *DAY, "-o", str(place))
    assert code == 2
    assert "is a folder: name a file" in " ".join(err.split())
    assert [path.name for path in Path(tmp_path).iterdir()] == ["answer.pdf"]
