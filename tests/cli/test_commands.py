"""Every command, run as a person runs it, and as a program."""

import errno
import json
import re
import shutil
import subprocess
import sys

import pytest
from cyclopts import App
from tests.commands import environment, portico

from portico import cli
from portico.cli import ACCESS_COMMANDS, COMMANDS, DATA_COMMANDS, SITES_COMMANDS, main
from portico.messages import Message
from portico.translation import Translator

AS_OF = ("--as-of", "2026-11-23")
EVERY = {
    "check": ("check",),
    "fetch": ("fetch", "--dry-run"),
    "build": ("build",),
    "sites list": ("sites",),
    "site": ("site", "scarmagno", *AS_OF),
    "match": ("match", "battery-module-plant", *AS_OF),
    "compare": ("compare", "tne-mirafiori-a", "regaldi", "--brief", "food-production", *AS_OF),
    "criteria": ("criteria",),
    "doctor": ("doctor",),
    "data list": ("data", "list"),
    "data show": ("data", "show", "sites"),
    "data history": ("data", "history", "sites"),
    "data read": ("data", "read", "sites"),
    "data rejects": ("data", "rejects", "sites"),
    "data verify": ("data", "verify"),
    "data gc": ("data", "gc"),
}
# They make folders, want files, change things or run on: their own tests below, in tests/web and beside this file.
ELSEWHERE = {
    "dossier",
    "init",
    "demo",
    "serve",
    "inspect",
    "convert",
    "ingest",
    "rank",
    "data held",
    "data release",
    "data mask",
    "data drop",
    "data refuse",
    "data diff",
    "data export",
    "data copy",
    *(f"sites {name}" for name in ("import", "export", "check", "undo")),
    *(f"access {name}" for name in ACCESS_COMMANDS),
}
ALL = {
    **COMMANDS,
    **{f"data {name}": command for name, command in DATA_COMMANDS.items()},
    **{f"sites {name}": command for name, command in SITES_COMMANDS.items()},
    **{f"access {name}": command for name, command in ACCESS_COMMANDS.items()},
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory, torino):
    place = tmp_path_factory.mktemp("cli") / "torino"
    shutil.copytree(torino.folder, place)
    return place


@pytest.fixture(autouse=True)
def eighty_columns(monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    for name in ("PORTICO_CITY", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)


def test_every_command_is_tested_here_or_named_as_tested_elsewhere():
    assert set(EVERY) | ELSEWHERE == set(ALL)


@pytest.mark.parametrize("language", ["en", "it"])
@pytest.mark.parametrize("name", sorted(EVERY))
def test_a_person_reads_it_at_eighty_columns_without_colour(run, folder, name, language):
    code, out, _ = run(*EVERY[name], "--city", str(folder), "--lang", language)
    assert code == 0
    assert out.strip()
    assert "\x1b" not in out
    if name not in ("data read", "data show"):  # rows and paths are for copying, not for reading
        assert max(len(line) for line in out.splitlines()) <= 80
    assert not re.search(r"\b(want|reason|question|label|page|group|method)\.[a-z-]+", out), "an id without words"
    assert "{" not in out.replace("{shown}", "")


@pytest.mark.parametrize("name", sorted(EVERY))
def test_a_program_reads_json_and_nothing_else_on_standard_output(run, folder, name):
    code, out, _ = run(*EVERY[name], "--city", str(folder), "--json")
    assert code == 0
    assert json.loads(out)


@pytest.mark.parametrize("name", ALL)
def test_help_says_what_it_does_and_shows_an_example_that_parses(run, name):
    code, out, _ = run(*name.split(), "--help")
    command = ALL[name]
    assert code == 0
    assert command.does.split()[0] in out
    assert command.examples
    for example in command.examples:
        assert f"portico {example}"[:70] in out
        tree: App = cli.app()
        tree.parse_args(cli._spelled_out(example.split()), exit_on_error=False, print_error=False)


def test_help_imports_no_engine():
    heavy = "{'duckdb', 'sqlalchemy', 'alembic', 'litestar', 'granian', 'jinja2', 'babel', 'holidays'}"
    script = f"import sys; from portico.cli import main; main(['--help']); sys.exit(bool({heavy} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, env=environment(), timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert "Usage: portico COMMAND" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("match", "batery-modul"), "did you mean"),
        (("site", "scarmango"), "did you mean"),
        (("data", "show", "sitse"), "did you mean"),
        (("data", "show", "sites@99"), "sites"),
        (("data", "read", "sites", "--columns", "nam"), "did you mean"),
        (("match", "../city.toml"), ""),
        (("match", "x" * 5000), ""),
        (("sites", "--status", "lost"), ""),
        (("match", "battery-module-plant", "--as-of", "tomorrow"), ""),
        (("frobnicate",), ""),
    ],
)
def test_a_wrong_name_is_wrong_usage_with_advice(run, folder, arguments, words):
    code, out, err = run(*arguments, "--city", str(folder))
    assert code == 2
    assert words in " ".join((out + err).split())


def test_no_city_is_wrong_usage_that_names_init_and_demo(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, _, err = run("sites")
    assert code == 2
    assert "portico init" in err
    assert "portico demo" in " ".join(err.split())


def test_the_city_is_found_by_option_then_environment_then_parent(run, folder, tiny_city, tmp_path, monkeypatch):
    monkeypatch.chdir(tiny_city / "facts")
    assert '"borgo-prova"' in run("check", "--json")[1]
    monkeypatch.setenv("PORTICO_CITY", str(folder))
    assert '"torino"' in run("check", "--json")[1]
    assert '"borgo-prova"' in run("check", "--json", "--city", str(tiny_city))[1]


def test_a_city_that_was_not_built_says_so(run, tiny_city):
    code, _, err = run("sites", "--city", str(tiny_city))
    assert code == 1
    assert "portico build" in err


def test_an_error_as_json_carries_its_findings(run, tiny_city):
    with (tiny_city / "city.toml").open("a", encoding="utf-8") as file:
        file.write("\n[extnt]\nwest = 1\n")
    code, out, err = run("check", "--city", str(tiny_city), "--json")
    assert code == 1
    finding = json.loads(out)["findings"][0]
    assert (finding["kind"], finding["file"]) == ("unknown-key", "city.toml")
    assert "extent" in finding["message"]
    assert "extent" in err


def test_a_new_city_folder_checks_builds_and_answers_its_brief(run, tmp_path):
    place = str(tmp_path / "nuova-citta")
    assert run("init", place)[0] == 0
    code, out, _ = run("check", "--city", place, "--json", *AS_OF)
    assert (code, json.loads(out)["findings"]) == (0, [])
    assert run("build", "--city", place, *AS_OF)[0] == 0
    code, out, _ = run("match", "workshop", "--city", place, "--json", *AS_OF)
    answer = json.loads(out)
    assert [entry["id"] for entry in answer["qualified"]] == ["example-mill"]
    assert [entry["id"] for entry in answer["to_verify"]] == ["example-field"]
    settings = (tmp_path / "nuova-citta" / "city.toml").read_text(encoding="utf-8")
    assert 'id = "nuova-citta"' in settings
    assert settings.count("#") > 15, "every part is explained"


def test_init_never_touches_what_is_there(run, tiny_city):
    before = {path: path.read_bytes() for path in tiny_city.rglob("*") if path.is_file()}
    assert run("init", str(tiny_city))[0] == 2
    assert {path: path.read_bytes() for path in tiny_city.rglob("*") if path.is_file()} == before


def test_a_dry_run_of_build_writes_nothing(run, tiny_city):
    assert run("build", "--dry-run", "--city", str(tiny_city), *AS_OF)[0] == 0
    assert not (tiny_city / ".portico").exists()


def test_doctor_sees_facts_that_changed_and_files_that_are_damaged(run, tiny_city):
    city = str(tiny_city)
    assert run("build", "--city", city, *AS_OF)[0] == 0
    assert run("doctor", "--city", city)[0] == 0
    sites = tiny_city / "facts" / "sites.csv"
    sites.write_text(sites.read_text(encoding="utf-8").replace("Big meadow", "Great meadow"), encoding="utf-8")
    code, out, _ = run("doctor", "--city", city, "--json")
    assert (code, [one["name"] for one in json.loads(out)["checks"] if not one["well"]]) == (1, ["facts"])
    next((tiny_city / ".portico" / "lake").glob("*/*.parquet")).write_bytes(b"PAR1")
    code, out, _ = run("doctor", "--city", city, "--json")
    assert "lake" in [one["name"] for one in json.loads(out)["checks"] if not one["well"]]


def test_demo_twice_copies_once_and_says_the_same(tmp_path):
    first = portico("demo", "copy", "--no-serve", *AS_OF, cwd=tmp_path)
    second = portico("demo", "copy", "--no-serve", *AS_OF, cwd=tmp_path)
    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    assert first.stdout == second.stdout
    report = (tmp_path / "copy" / "shortlist.html").read_text(encoding="utf-8")
    assert "<h1>Battery-module plant</h1>" in report
    assert "src=" not in report
    assert "http" not in re.sub(r"https?://[^\s<]*", "", report) or "http-equiv" in report
    assert "0 new" in second.stderr or "new versions: 0" in second.stderr


def test_demo_refuses_a_folder_of_something_else(tmp_path):
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "mine.txt").write_text("keep me", encoding="utf-8")
    done = portico("demo", "notes", "--no-serve", cwd=tmp_path)
    assert done.returncode == 2
    assert [path.name for path in (tmp_path / "notes").iterdir()] == ["mine.txt"]


def test_a_full_disk_behind_the_output_is_one_sentence(folder):
    command = f"{sys.executable} -m portico sites --city {folder} > /dev/full"
    done = subprocess.run(
        ["sh", "-c", command], capture_output=True, text=True, check=False, env=environment(), timeout=60
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert done.stderr.startswith("portico:")


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (PermissionError(errno.EACCES, "Permission denied", "sites.csv"), "sites.csv non si può leggere o scrivere"),
        (OSError(errno.EFBIG, "File too large"), "Libera spazio"),
        (OSError(errno.ENOSPC, "No space left on device", "a.csv"), "spazio per scrivere a.csv"),
        (OSError(errno.EIO, "Input/output error", "a.csv"), "Il sistema ha rifiutato a.csv"),
        (OSError("odd"), "Il sistema ha rifiutato: odd"),
    ],
)
def test_what_the_system_refuses_is_told_with_the_file_and_what_to_do(monkeypatch, folder, error, told):
    def refuse(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("portico.cli.app", lambda: refuse)
    said = []
    monkeypatch.setattr("portico.cli.show.refuse", lambda fault, _: said.append(fault) or fault.exit_code)
    monkeypatch.setattr("os.dup2", lambda *_: 0)
    assert main(["sites", "--city", str(folder), "--lang", "it"]) == 1
    assert told in Translator("it")(Message.of(said[0]))


def test_a_terminal_of_few_letters_is_answered(folder):
    done = portico("match", "food-production", "--city", str(folder), cwd=folder, PYTHONIOENCODING="ascii")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("port", ["0", "70000", "-1", "x"])
def test_a_port_that_is_none_is_wrong_usage(run, folder, port):
    assert run("serve", "--city", str(folder), "--port", port)[0] == 2


def test_output_cut_short_by_its_reader_is_no_error(folder):
    command = f"{sys.executable} -m portico match food-production --city {folder} --full | head -2"
    done = subprocess.run(
        ["sh", "-c", command], capture_output=True, text=True, check=False, env=environment(), timeout=60
    )
    assert done.returncode == 0
    assert "Traceback" not in done.stderr
