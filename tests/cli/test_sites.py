"""``sites`` alone and its commands, as a person and as a program calls them."""

from __future__ import annotations

import csv
import json

import pytest

ROWS = (
    ("SiteReference", "SiteNameAddress", "GeoX", "GeoY", "CoordinateReferenceSystem", "Hectares", "PlanningStatus"),
    ("A/1", "Old mill", "-2.1571", "53.6093", "WGS84", "0.5", "permissioned"),
    ("A/2", "Yard", "53.6101", "-2.1502", "WGS84", "about one", "Permissoned"),
    ("A/3", "Wharf", "-2.1533", "53.6122", "WGS84", "2", ""),
    ("A/4", "Works", "-2.1544", "53.6055", "WGS84", "3", ""),
    ("A/5", "Field", "-2.1544", "53.6055", "WGS84", "4", ""),
)


@pytest.fixture
def register(tmp_path, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.delenv("PORTICO_CITY", raising=False)
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "valley.csv"
    with path.open("w", encoding="cp1252", newline="") as file:
        csv.writer(file).writerows(ROWS)
    return path


def test_a_register_becomes_a_city_and_comes_out_again(run, register, tmp_path):
    code, out, err = run("sites", "import", register, "--into", "valley", "--dry-run")
    assert code == 0, err
    assert "Nothing was written" in out
    assert not (tmp_path / "valley").exists()
    code, out, err = run("sites", "import", register, "--into", "valley", "--repair", "--json")
    assert code == 0, err
    done = json.loads(out)
    assert (done["sites"]["added"], done["coordinates"]["stated"], done["reject_count"]) == (5, 4, 2)
    assert [(one["row"], one["found"], one["reading"]) for one in done["places"]] == [
        (3, "repair", "EPSG:4326 swapped")
    ]
    assert [one["words"] for one in done["rejects"]] == ["no number", "a word the field does not know"]
    assert run("build", "--city", "valley")[0] == 0
    for arguments in (("sites",), ("sites", "list")):
        code, out, _ = run(*arguments, "--city", "valley")
        assert (code, "Old mill" in out) == (0, True)
    code, out, _ = run("sites", "--status", "unknown", "--city", "valley", "--json")
    assert [one["consent"]["state"] for one in json.loads(out)["sites"]] == ["not-asked"] * 5
    for name in ("out.csv", "out.geojson", "out.xlsx"):
        assert run("sites", "export", "-o", name, "--city", "valley", "--format", "portico")[0] == 0
        assert (tmp_path / name).stat().st_size
    code, out, _ = run("sites", "import", "out.csv", "--city", "valley", "--json")
    assert (code, json.loads(out)["changed"]) == (0, False)
    assert run("sites", "undo", "--city", "valley")[0] == 0
    code, _, err = run("sites", "undo", "--city", "valley", "--lang", "it")
    assert (code, "annullare" in err) == (2, True)


@pytest.mark.parametrize("language", ["en", "it"])
def test_a_file_is_looked_over_before_it_is_imported(run, register, language):
    code, out, _ = run("sites", "check", register, "--lang", language)
    assert code == 1
    assert max(len(line) for line in out.splitlines()) <= 80
    assert "EPSG:4326" in out
    assert "{" not in out
    code, out, _ = run("sites", "check", register, "--json")
    assert (code, json.loads(out)["faults"]) == (1, 3)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("import", "nothing.csv", "--into", "x"), 2),
        (("import", "valley.csv", "--city", "nowhere"), 2),
        (("import", "valley.csv", "--into", "x", "--format", "portico"), 2),
        (("import", "empty.csv", "--into", "x"), 1),
        (("import", "valley.csv", "--into", "x", "--encoding", "nonsense"), 1),
        (("check", "empty.csv"), 1),
        (("export", "-o", "x.csv"), 2),
        (("undo",), 2),
        (("what",), 2),
    ],
)
def test_a_refusal_is_a_sentence_and_leaves_nothing_behind(run, register, tmp_path, arguments, code):
    (tmp_path / "empty.csv").write_text("", "utf-8")
    found, out, err = run("sites", *arguments)
    assert found == code
    assert (out + err).strip()
    assert "Traceback" not in err
    assert not (tmp_path / "x").exists()
