"""``brief new|check|list`` as a person runs them, on a terminal's questions, from a pipe, and as a program."""

import json
import os
import signal
import subprocess
import time
import tomllib

import pytest
from tests.commands import PORTICO, environment, portico

from portico.cli import BRIEF_COMMANDS, main

DEFAULTS = ("brief", "new", "--from", "plant", "--title", "Mill", "--defaults")


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder without a city, where one stands."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _json(capsys, *arguments):
    code = main([*arguments, "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_help_shows_how_each_is_called(capsys):
    for name, command in BRIEF_COMMANDS.items():
        assert main(["brief", name, "--help"]) == 0
        said = capsys.readouterr().out
        assert all(example.split()[1] in said for example in command.examples)


def test_options_and_proposals_make_a_brief_that_checks(here, capsys):
    code, made = _json(
        capsys, *DEFAULTS, "--area", "15,5", "--area-basis", "buildable", "--use", "production,research",
        "--operational-by", "2027-06-30", "--budget", "3000000", "--not-in", "Borgo,Altrove",
        "--weights", "40,30,20,10",
    )  # fmt: skip
    assert (code, made["file"]) == (0, "mill.toml")
    text = (here / "mill.toml").read_text("utf-8")
    assert text.startswith("# ")
    written = tomllib.loads(text)
    assert written["title"] == {"en": "Mill"}
    assert [want["weight"] for want in written["wants"]] == [40, 30, 20, 10]
    assert "source" not in written, "these weights are not those of the surveys"
    musts = {must["criterion"]: must for must in written["musts"]}
    assert musts["area"] == {"criterion": "area", "basis": "buildable", "at_least": 15.5, "unit": "ha"}
    assert str(musts["operational-by"]["by"]) == "2027-06-30"
    assert musts["municipality"]["none_of"] == ["Borgo", "Altrove"]
    assert main(["brief", "check", "mill.toml"]) == 0
    assert "40 %" in capsys.readouterr().out
    code, checked = _json(capsys, "brief", "check", "mill.toml")
    assert (code, [one["share"] for one in checked["weights"]]) == (0, pytest.approx([0.4, 0.3, 0.2, 0.1]))


def test_an_order_and_ranges_are_stated_as_options(here, capsys):
    assert main([*DEFAULTS, "--order", "2,1,3,3"]) == 0
    assert [want["order"] for want in tomllib.loads((here / "mill.toml").read_text())["wants"]] == [2, 1, 3, 3]
    assert main([*DEFAULTS, "--weights", "30..50,20,10..30,10", "--force"]) == 0
    written = tomllib.loads((here / "mill.toml").read_text())
    assert ([want["weight"] for want in written["wants"]], written["total"]) == ([[30, 50], 20, [10, 30], 10], 100)
    assert main([*DEFAULTS, "--weights", "30..40,10,10,10", "--force"]) == 1
    assert "--weights" in capsys.readouterr().err


def test_a_file_that_is_there_stays_unless_force_is_said(here, capsys):
    (here / "mill.toml").write_text("kept", "utf-8")
    assert main([*DEFAULTS]) == 2
    assert "--force" in capsys.readouterr().err
    assert (here / "mill.toml").read_text("utf-8") == "kept"
    assert main([*DEFAULTS, "--force"]) == 0
    assert "kept" not in (here / "mill.toml").read_text("utf-8")
    assert main([*DEFAULTS, "-o", "nowhere/mill.toml"]) == 2
    assert main([*DEFAULTS, "-o", "."]) == 2
    assert sorted(path.name for path in here.iterdir()) == ["mill.toml"]


def test_unsound_answers_are_told_together_and_nothing_is_written(here, capsys):
    code, told = _json(capsys, *DEFAULTS, "--area", "1.500", "--use", "prodution", "--activity", "plnt")
    assert code == 1
    assert {one["column"]: one["kind"] for one in told["findings"]} == {
        "--area": "number-of-two",
        "--activity": "unknown-value",
        "--use": "unknown-word",
    }
    assert list(here.iterdir()) == []
    assert main([*DEFAULTS, "--weights", "1,2"]) == 2
    assert main(["brief", "new", "--from", "none", "--defaults"]) == 1
    assert list(here.iterdir()) == []


def test_answers_come_from_a_pipe_and_the_rest_is_as_proposed(here):
    typed = "Officina\n\nmechanics\n25.62\n1.500\n15\nbuildable\n"
    done = subprocess.run(
        [*PORTICO, "brief", "new", "--from", "plant", "--lang", "it"],
        cwd=here, env=environment(), input=typed, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    written = tomllib.loads((here / "officina.toml").read_text("utf-8"))
    assert (written["title"], written["sector"], written["ateco"]) == ({"it": "Officina"}, "mechanics", ["25.62"])
    assert {"criterion": "area", "basis": "buildable", "at_least": 15, "unit": "ha"} in written["musts"]
    assert "due numeri" in done.stderr


def test_bytes_that_are_no_text_are_told_and_nothing_is_written(here):
    done = subprocess.run(
        [*PORTICO, "brief", "new", "--from", "plant"],
        cwd=here, env=environment(PYTHONUTF8="1"), input=b"Mill\xff\n", capture_output=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr
    assert list(here.iterdir()) == []


def test_an_interrupt_leaves_nothing(here):
    asked = subprocess.Popen(
        [*PORTICO, "brief", "new", "--from", "plant"],
        cwd=here, env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    asked.stdin.write(b"Mill\n\n")
    asked.stdin.flush()
    said = b""
    deadline = time.monotonic() + 60
    while b"sector" not in said and time.monotonic() < deadline:
        said += os.read(asked.stderr.fileno(), 4096)
    asked.send_signal(signal.SIGINT)
    assert asked.wait(timeout=60) == 130
    assert list(here.iterdir()) == []
    for stream in (asked.stdin, asked.stdout, asked.stderr):
        stream.close()


@pytest.mark.parametrize(
    ("name", "text", "code", "kinds"),
    [
        ("a.toml", "title = 3\n", 1, {"wrong-type", "missing-key"}),
        ("a.json", '{"title": "x", "title": "y"}', 1, set()),
        ("a.json", '{"title": "x", "activity": "plnt", "sector": "y"}', 1, {"unknown-value"}),
        ("a.json", '{"title": "x", "activity": "plant", "sector": "y"}', 0, set()),
        ("a.toml", "", 1, {"missing-key"}),
    ],
)
def test_check_says_what_is_wrong_with_a_file(here, capsys, name, text, code, kinds):
    (here / name).write_text(text, "utf-8")
    found, told = _json(capsys, "brief", "check", name)
    assert found == code
    assert {one["kind"] for one in told.get("findings", ())} == kinds


def test_check_names_what_is_not_there(here, capsys):
    assert main(["brief", "check", "nothing.toml"]) == 2
    assert "nothing.toml" in capsys.readouterr().err


def test_list_has_the_briefs_of_the_city_and_the_presets(here, tiny_city, capsys):
    code, listed = _json(capsys, "brief", "list", "--city", str(tiny_city))
    assert (code, [one["id"] for one in listed["briefs"]]) == (0, ["cheese-dairy"])
    assert [one["id"] for one in listed["presets"]][:2] == ["plant", "laboratory"]
    assert all(one["source"] for one in listed["presets"])
    assert main(["brief", "list", "--lang", "it"]) == 0
    assert "Proposta di questo progetto" in capsys.readouterr().out


def test_a_city_checks_the_names_of_a_brief_and_answers_it(tiny_city, here, capsys):
    arguments = ("brief", "new", "--from", "food", "--title", "Dairy", "--defaults", "--city", str(tiny_city))
    code, told = _json(capsys, *arguments, "--not-in", "Brogo")
    assert (code, [(one["kind"], one["column"]) for one in told["findings"]]) == (1, [("unknown-word", "--not-in")])
    assert main([*arguments, "--not-in", "Borgo"]) == 0
    capsys.readouterr()
    assert main(["build", "--city", str(tiny_city)]) == 0
    answered = portico("match", "dairy.toml", "--city", str(tiny_city), "--json", cwd=here)
    assert answered.returncode == 0, answered.stderr
