"""``permits check|plan|ask`` as a person runs them, from a pipe and as a program."""

import io
import json
import shutil
import subprocess
import tomllib

import pytest
from tests.commands import PORTICO, environment
from tests.permits.worked import CASES, FOLDER, answers_of

from portico.cli import PERMITS_COMMANDS, main
from portico.permits.answers import Project, to_toml

DAY = ("--filed", "2026-11-23")


@pytest.fixture
def project(tmp_path, monkeypatch):
    """The worked case of the battery plant as a file, in a folder where one stands."""
    monkeypatch.chdir(tmp_path)
    case = next(one for one in CASES if one["id"] == "c2-battery-modules-brownfield")
    (tmp_path / "battery.toml").write_text(to_toml(Project(name="Batteries", answers=answers_of(case).values)), "utf-8")
    return tmp_path / "battery.toml"


@pytest.fixture
def city(torino):
    return ("--city", str(torino.folder))


def _json(capsys, *arguments):
    code = main([*arguments, "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_help_shows_how_each_is_called(capsys):
    for name, command in PERMITS_COMMANDS.items():
        assert main(["permits", name, "--help"]) == 0
        said = capsys.readouterr().out
        assert all(example.split()[1] in said for example in command.examples)


def test_a_plan_for_programs_holds_what_it_promises(project, city, capsys):
    code, plan = _json(capsys, "permits", "plan", "battery.toml", *city, *DAY)
    assert code == 0
    assert {
        "needed",
        "perhaps",
        "not_needed",
        "incentives",
        "documents",
        "critical_path",
        "days",
        "dates",
        "pack",
    } <= set(plan)
    assert {"low", "high"} <= set(plan["days"])
    assert plan["pack"]["as_of"] == "2026-11-22"
    assert "not legal advice" in plan["disclaimer"].lower()
    needed = {one["id"]: one for one in plan["needed"]}
    assert needed["ENV_AUA"]["reasons"]
    assert needed["ENV_AUA"]["term"] == {
        "low": 90,
        "high": 120,
        "days": "calendar",
        "stop": "extend",
        "stop_days": 30,
        "silence": "none",
        "valid_from": "2013-06-13",
        "valid_to": None,
        "basis": "DPR 59/2013 artt. 3-5",
        "confidence": "secondary",
        "note": "guides disagree on stop or restart; the longest total named is 150 days",
    }
    assert needed["ENV_EMIS_ORD"]["absorbed_by"] == "ENV_AUA"
    documents = {one["id"]: one for one in plan["documents"]}
    assert "ENV_AUA" in documents["DOC_EMIS"]["asked_by"]
    assert len(documents) == len(plan["documents"])
    assert {one["open"] for one in plan["incentives"]} == {"open", "not-open"}


@pytest.mark.parametrize("language", ["it", "en"])
def test_a_plan_fits_a_terminal_and_says_what_it_is(language, project, city, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    assert main(["permits", "plan", "battery.toml", *city, *DAY, "--why", "--lang", language]) == 0
    said = capsys.readouterr().out
    assert max(len(line) for line in said.splitlines()) <= 80
    assert {"it": "Non è un parere legale", "en": "Not legal advice"}[language] in said
    assert {"it": "22 novembre 2026", "en": "22 November 2026"}[language] in said
    assert {"it": "* ricordata", "en": "* recalled"}[language] in said
    assert {"it": "Notifica preliminare di cantiere*", "en": "Building-site prior notice*"}[language] in said
    assert "permits-" not in said
    assert "{" not in said


def test_three_sites_give_three_paths_for_reasons_that_are_told(project, city, capsys):
    answers = {"intervention": "new_build", "activity_kind": "manufacturing", "employees": 180.0}
    project.write_text(to_toml(Project(answers=answers)), "utf-8")
    found = {}
    for site in ("tne-mirafiori-a", "scarmagno", "settimo-cebrosa"):
        _, plan = _json(capsys, "permits", "plan", "battery.toml", "--site", site, *city, *DAY)
        known = {one["attribute"]: one for one in plan["answers"] if one["said_by"] == "register"}
        assert all(one["evidence"][0]["dataset"] == "site_attributes" for one in known.values())
        found[site] = {one["id"]: need for need in ("needed", "perhaps", "not_needed") for one in plan[need]}
    assert [found[site]["PUBLIC_SITE"] for site in found] == ["needed", "not_needed", "perhaps"]
    assert [found[site]["SUAP_VARIANT"] for site in found] == ["not_needed"] * 3
    assert len({tuple(sorted(one.items())) for one in found.values()}) == 3


def test_an_unknown_site_and_a_wrong_project_are_told(project, city, capsys):
    assert main(["permits", "plan", "battery.toml", "--site", "scarmano", *city]) == 2
    assert "scarmagno" in capsys.readouterr().err
    project.write_text("[answers]\nemploees = 3\n", "utf-8")
    assert main(["permits", "plan", "battery.toml", *city]) == 1
    assert "employees" in capsys.readouterr().err
    assert main(["permits", "plan", "nowhere.toml", *city]) == 2


def test_an_old_pack_and_a_day_before_any_term_are_told(project, city, capsys):
    _, plan = _json(capsys, "permits", "plan", "battery.toml", *city, "--filed", "2028-02-29")
    assert any("15 months" in one for one in plan["warnings"])
    _, plan = _json(capsys, "permits", "plan", "battery.toml", *city, "--filed", "2005-01-10")
    assert any("10 January 2005" in one for one in plan["warnings"])


def test_a_pack_is_looked_over(city, tmp_path, capsys):
    assert main(["permits", "check", *city]) == 0
    assert "123 procedures" in capsys.readouterr().out
    shutil.copytree(FOLDER, tmp_path / "mine")
    text = (tmp_path / "mine" / "triggers.csv").read_text("utf-8")
    (tmp_path / "mine" / "triggers.csv").write_text(text.replace(",noneu_staff,", ",noneu_staf,"), "utf-8")
    code, said = _json(capsys, "permits", "check", str(tmp_path / "mine"))
    assert code == 1
    assert said["findings"][0]["file"] == "triggers.csv"
    assert main(["permits", "check", str(tmp_path)]) == 2


def test_a_city_without_rules_says_so(tiny_city, project, capsys):
    assert main(["permits", "plan", "battery.toml", "--city", str(tiny_city)]) == 2
    assert "rules/permits" in capsys.readouterr().err


def asked(monkeypatch, lines):
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))


def test_the_interview_asks_saves_and_goes_on(project, city, capsys, monkeypatch):
    asked(monkeypatch, ["new building", "?", "perhaps", "none", "", "-", "no", "."])
    assert main(["permits", "ask", "-o", "mine.toml", *city, *DAY]) == 0
    said = capsys.readouterr().err
    assert "Asked because it can settle 6 procedures" in said
    assert "Write one of: none, screening_regional" in said
    assert "> 40 ha" in said  # the thresholds of the law stand beside the question
    assert tomllib.loads((project.parent / "mine.toml").read_text("utf-8"))["answers"] == {
        "intervention": "new_build",
        "via_class": "none",
        "well": "none",
    }
    asked(monkeypatch, ["manifattura"])
    assert main(["permits", "ask", "-o", "mine.toml", "--lang", "it", *city, *DAY]) == 0
    kept = tomllib.loads((project.parent / "mine.toml").read_text("utf-8"))["answers"]
    assert kept["activity_kind"] == "manufacturing"
    assert len(kept) == 4


def test_the_interview_refuses_what_contradicts_and_goes_on(project, city, capsys, monkeypatch):
    start = Project(answers={"intervention": "new_build", "site_land": "green", "via_class": "none", "well": "none"})
    (project.parent / "mine.toml").write_text(to_toml(start), "utf-8")
    asked(monkeypatch, [*[""] * 7, "60", "", "ordinary"])  # the eighth question is how much thermal input there is
    assert main(["permits", "ask", "-o", "mine.toml", *city, *DAY, "--json"]) == 0
    result = capsys.readouterr()
    said = " ".join(result.err.split())
    assert said.count("Above 50 MWth a thermal plant goes at least to state screening") == 1
    assert said.count("How much thermal input in all, gensets included? (MW thermal)") == 2, "and is asked again"
    kept = tomllib.loads((project.parent / "mine.toml").read_text("utf-8"))["answers"]
    assert kept == {**start.answers, "waste_treatment": "ordinary"}
    assert "heritage_listed" not in {one["attribute"] for one in json.loads(result.out)["questions"]}


def test_an_interview_is_refused_before_it_asks_and_keeps_what_was_said_when_broken_off(
    project, city, capsys, monkeypatch
):
    (project.parent / "folder").mkdir()
    asked(monkeypatch, ["office"])
    assert main(["permits", "ask", "-o", "folder", *city, *DAY]) == 2
    assert "?" not in capsys.readouterr().err

    class Broken(io.StringIO):
        def readline(self, size=-1):
            line = super().readline(size)
            if not line:
                raise KeyboardInterrupt
            return line

    monkeypatch.setattr("sys.stdin", Broken("new_build\nnone\n"))
    with pytest.raises(SystemExit) as left:
        main(["permits", "ask", "-o", "mine.toml", *city, *DAY])
    assert left.value.code == 130
    kept = tomllib.loads((project.parent / "mine.toml").read_text("utf-8"))["answers"]
    assert kept == {"intervention": "new_build", "via_class": "none"}


@pytest.mark.parametrize(("typed", "row"), [(b"\xff\xfe\n", 1), (b"new_build\nnone\xff\n", 2)])
def test_bytes_that_are_no_text_are_told_and_only_what_was_answered_before_is_kept(project, city, typed, row):
    done = subprocess.run(
        [*PORTICO, "permits", "ask", "-o", "mine.toml", *city],
        cwd=project.parent,
        env=environment(PYTHONUTF8="1"),
        input=typed,
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert b"Traceback" not in done.stderr
    assert done.returncode == 1
    assert f"standard input, row {row}: the byte 0xFF is not UTF-8 text" in " ".join(done.stderr.decode().split())
    mine = project.parent / "mine.toml"
    if row == 1:
        assert not mine.exists()
    else:
        assert tomllib.loads(mine.read_text("utf-8"))["answers"] == {"intervention": "new_build"}
