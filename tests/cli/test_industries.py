"""``portico industries``: tables of employment and of job moves, as a person reads them and as a program."""

from __future__ import annotations

import csv
import json

import pytest
from tests.cities import AS_OF, write_borgo_prova, write_industries

from portico import city
from portico.cli import GROUPS, INDUSTRIES_COMMANDS, app

AUSTRIA = {"Wien": [200, 650, 12000, 100, 50], "Linz": [16000, 13000, 1500, 1500], "Graz": [25000]}
EVERYBODY = {"Wien": 500_000, "Linz": 400_000, "Graz": 100_000}
MOVES = "from,to,moves\n29,28,30\n28,29,20\n29,10,1\n10,29,3\n10,28,2\n28,10,1\n29,29,900\n"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A folder that is no city, with the firms of three Austrian cities and a table of moves."""
    rows = ["area,division,employment,firms,herfindahl"]
    for area, plants in AUSTRIA.items():
        share = sum((one / sum(plants)) ** 2 for one in plants)
        rows += [f"{area},total,{EVERYBODY[area]},,", f"{area},29,{sum(plants)},{len(plants)},{share!r}"]
    (tmp_path / "austria.csv").write_text("\n".join(rows) + "\n", "utf-8")
    (tmp_path / "moves.csv").write_text(MOVES, "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    return tmp_path


@pytest.fixture
def run(run):
    """The commands ``industries``."""
    return lambda *arguments: run("industries", *arguments)


def program(run, *arguments):
    code, out, _ = run(*arguments, "--json")
    assert code == 0
    return json.loads(out)


def test_the_published_agglomeration_of_three_austrian_cities(run):
    told = program(run, "gather", "austria.csv")
    assert told["source"]["source"] == "austria.csv"
    assert told["least_firms"] == 5
    [one] = told["industries"]
    assert one["division"] == "29"
    assert f"{one['agglomeration']['value']:.8f}" == "0.05990628"
    assert [area["area"] for area in one["areas"]] == ["Wien", "Linz", "Graz"]
    wien, linz, graz = (area["location_quotient"] for area in one["areas"])
    assert wien["value"] == pytest.approx((13_000 / 500_000) / (70_000 / 1_000_000), abs=1e-6)
    assert linz["value"] is None
    assert linz["low"] < 1.142857 < linz["high"]
    assert "too few firms in Linz (4)" in linz["note"]
    assert "too few firms in Graz (1)" in graz["note"]


def test_the_published_location_quotient(run, folder):
    rows = "area,division,employment,firms\nall,total,15593224,\nall,29,879213,9000\nj,total,79006,\nj,29,1714,90\n"
    (folder / "lq.csv").write_text(rows, "utf-8")
    [one] = program(run, "gather", "lq.csv", "--universe", "all")["industries"]
    assert f"{one['areas'][0]['location_quotient']['value']:.7f}" == "0.3847623"


@pytest.mark.parametrize(("language", "said"), [("en", "location quotient"), ("it", "quoziente di localizzazione")])
def test_a_person_reads_a_table_and_why_a_number_is_not_there(run, language, said):
    code, out, _ = run("gather", "austria.csv", "--lang", language)
    assert code == 0
    text = " ".join(out.split())
    assert said in text
    assert "cluster" not in text  # nobody told extent and people
    assert "0.06" in text.replace(",", ".")
    assert max(map(len, out.splitlines())) <= 80


def test_one_area_may_be_what_the_others_are_compared_with(run, folder):
    (folder / "land.csv").write_text(
        "area,division,employment,firms,area_km2,population\n"
        "land,total,50000,9000,1000,100000\nland,10,2500,200,1000,100000\n"
        "borgo,total,10000,2000,100,20000\nborgo,10,1000,50,100,20000\n",
        "utf-8",
    )
    [one] = program(run, "gather", "land.csv", "--universe", "land")["industries"]
    [borgo] = one["areas"]
    assert borgo["location_quotient"]["value"] == pytest.approx(2)
    assert borgo["cluster_index"]["value"] == pytest.approx(5)
    assert one["agglomeration"]["value"] is None  # one area alone
    assert program(run, "gather", "land.csv", "--universe", "land", "--division", "28")["industries"] == []


@pytest.mark.parametrize(
    ("text", "arguments", "said"),
    [
        ("area,division,employment\na,total,5\na,29,-1\n", ("gather",), "row 3"),
        ("area,division,employment\na,total,5\na,29,1\na,29,2\n", ("gather",), "rows 3 and 4"),
        ("area,division,employment\n,total,5\na,29,1\n", ("gather",), "row 2"),
        ("area,division,employment\na,total,many\na,29,1\n", ("gather",), "many"),
        ("area,division,employment,herfindahl\na,total,5,\na,29,1,3\n", ("gather",), "between 0 and 1"),
        ("area,division,employment\na,total,5\na,29,1\n", ("gather", "--universe", "b"), "no area “b”"),
        ("from,to,moves\nfood,29,1\n29,28,2\n", ("related",), "food"),
        ("from,to,moves\n28,29,-4\n29,28,1\n", ("related",), "row 2"),
        ("from,to,sr\n28,29,1\n29,28,1\n", ("related",), "moves"),
        ("from,to,moves\n28,29,1\n29,28,1\n", ("related", "-o", "sr.csv"), "--source"),
        ("", ("gather",), "empty"),
    ],
)
def test_what_cannot_be_read_says_where_and_what_to_do(run, folder, text, arguments, said):
    (folder / "given.csv").write_text(text, "utf-8")
    code, out, err = run(arguments[0], "given.csv", *arguments[1:])
    assert code in (1, 2)
    assert out == ""
    assert said in " ".join(err.split())
    assert not (folder / "sr.csv").exists()


def test_job_moves_become_the_table_that_a_city_keeps(run, folder):
    pairs = program(run, "related", "moves.csv")["pairs"]
    assert [(one["division"], one["other"]) for one in pairs] == [("10", "28"), ("10", "29"), ("28", "29")]
    # of 57 moves between industries 31 leave 29, 32 come to 28; 21 leave 28, 23 come to 29
    there, back = (30 * 57 / (31 * 32), 20 * 57 / (21 * 23))
    expected = sum((sr - 1) / (sr + 1) for sr in (there, back)) / 2
    assert pairs[2]["relatedness"] == pytest.approx(expected)
    place = write_industries(write_borgo_prova(folder / "borgo-prova"))
    table = place / "facts" / "skill_relatedness.csv"
    code, _, err = run(
        "related",
        "moves.csv",
        "-o",
        str(table),
        "--source",
        "Moves of the valley, 2020",
        "--as-of",
        "2026-11-01",
    )
    assert code == 0
    assert "3" in err
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["source"] for row in rows} == {"Moves of the valley, 2020"}
    assert city.open(place).findings(AS_OF) == ()


def test_a_matrix_as_published_is_normalised_alike(run, folder):
    (folder / "sr.csv").write_text("from,to,sr\n29,28,3\n28,29,1\n29,10,0.5\n", "utf-8")
    pairs = program(run, "related", "sr.csv", "--column", "sr")["pairs"]
    told = {(one["division"], one["other"]): one["relatedness"] for one in pairs}
    assert told == {("28", "29"): pytest.approx(0.25), ("10", "29"): pytest.approx(-1 / 3)}
    code, out, _ = run("related", "sr.csv", "--column", "sr")
    assert code == 0
    assert "0.25" in out


@pytest.mark.parametrize("name", INDUSTRIES_COMMANDS)
def test_help_shows_examples_that_parse(name):
    assert "industries" in [group for group, _, _ in GROUPS]
    for example in INDUSTRIES_COMMANDS[name].examples:
        app().parse_args(example.split(), exit_on_error=False, print_error=False)
