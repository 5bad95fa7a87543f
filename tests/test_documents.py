"""The README and the guides say what works: their commands are run, their examples are read."""

import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from tests.commands import environment
from tests.shared import ROOT

from portico import __version__
from portico.cli import main
from portico.match.briefs import interpret
from portico.permits import answers
from portico.permits.kept import pack_of, project_of
from portico.settings import Document

DOCUMENTS = (
    "README.md",
    "docs/guide/city-folder.md",
    "docs/guide/briefs.md",
    "docs/guide/data.md",
    "docs/guide/industries.md",
    "docs/guide/access.md",
    "docs/guide/cells.md",
    "docs/guide/dossier.md",
    "docs/guide/permits.md",
    "docs/guide/ranking.md",
    "docs/guide/sites.md",
    "docs/guide/shortlist.md",
    "docs/guide/travel.md",
    "docs/guide/where.md",
)
README = "README.md"
NOT_HERE = {"make test"}  # it would run itself
SHELL = set("|<>&;$`*~")


def blocks(name, language):
    text = (ROOT / name).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def commands(name):
    return [line for block in blocks(name, "sh") for line in block.splitlines() if line and line not in NOT_HERE]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_command_of_a_document_works(name, tmp_path, torino, monkeypatch, capsys):
    (tmp_path / "cities").mkdir()
    shutil.copytree(torino.folder, tmp_path / "cities" / "torino")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    for command in commands(name):
        is_plain = name != README and command.startswith("portico ") and not set(command) & SHELL
        code, said = _here(command, capsys) if is_plain else _by_shell(command, tmp_path)
        assert code == 0, f"{command}\n{said}"


def _here(command, capsys):
    """Run a command of portico without a process of its own: what a guide says is much the same again and again."""
    code = main(shlex.split(command)[1:])
    said = capsys.readouterr()
    return code, f"{said.out[-2000:]}\n{said.err[-2000:]}"


def _by_shell(command, folder):
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["sh", "-c", command],
        cwd=ROOT if command.startswith("make") else folder,
        env=environment(PATH=path, NO_SERVE="1"),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    return done.returncode, f"{done.stdout[-2000:]}\n{done.stderr[-2000:]}"


def test_the_readme_shows_both_commands():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "make demo" in text
    assert "make test" in text


def test_the_briefs_of_the_guide_are_briefs():
    for block in blocks("docs/guide/briefs.md", "toml"):
        brief, findings = interpret(Document("guide", tomllib.loads(block), {}))
        assert brief
        assert not findings


def test_the_project_and_the_must_of_the_guide_to_permits_are_read():
    said, asked = (Document("guide", tomllib.loads(block), {}) for block in blocks("docs/guide/permits.md", "toml"))
    city = ROOT / "cities" / "torino"
    pack = pack_of(city)
    assert answers.check(said, pack).answers == said.data["answers"]
    brief = {"title": "Food", "activity": "food", "sector": "food"}
    found, findings = interpret(replace(asked, data=brief | asked.data))
    assert not findings
    assert [(must.criterion, must.project, must.at_most) for must in found.musts] == [
        ("days-until-start", "food-production", 365)
    ]
    assert project_of(city, found.musts[0].project, pack).answers


PAGES = sorted(str(path.relative_to(ROOT)) for path in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")))


@pytest.mark.parametrize("page", PAGES)
def test_every_link_and_picture_leads_somewhere(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#\s]+)", text):
        if not target.startswith(("http:", "https:")):
            assert ((ROOT / page).parent / target).exists(), target


def test_publiccode_and_changelog_name_this_version():
    described = yaml.safe_load((ROOT / "publiccode.yml").read_text(encoding="utf-8"))
    assert described["softwareVersion"] == __version__
    assert described["legal"]["license"] == "EUPL-1.2"
    for language in ("en", "it"):
        words = described["description"][language]
        assert len(words["shortDescription"]) <= 150
        assert len(words["longDescription"]) >= 150
    assert f"## [{__version__}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"] == __version__
