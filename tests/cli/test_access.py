"""``portico access``: every measure on files, as a person reads it and as a program."""

from __future__ import annotations

import json

import pytest

from portico.cli import ACCESS_COMMANDS, main
from portico.lake.engine import Engine

MATRIX = """from_id,to_id,minutes,minutes_p95
a,x,5,9
a,y,20,25
b,x,,
b,y,31.5,40
c,x,,
c,y,,
"""
SUPPLY = "id;medici;letti\nx;3;7\ny;N/D;2\n"
PEOPLE = "id,lon,lat,people\na,7.6,45.0,100\nb,7.7,45.0,50\nc,7.8,45.0,7\n"
WORKERS = "id,engineers,technicians\na,10,100\nb,20,\nc,30,300\n"
SHARED = ("--supply", "supply.csv", "--supply-amount", "letti", "--population", "people.csv")
EVERY = {
    "cumulative": ("--opportunities", "supply.csv", "--amount", "letti,medici", "--within", "15,45"),
    "gravity": ("--opportunities", "supply.csv", "--amount", "letti", "--decay", "logistic:30,10", "--up-to", "60"),
    "nearest": ("--opportunities", "supply.csv", "--amount", "letti", "--k", "1,3"),
    "catchment": ("--opportunities", "workers.csv", "--amount", "engineers,technicians"),
    "2sfca": (*SHARED, "--within", "30"),
    "e2sfca": (*SHARED, "--zones", "10,40", "--weights", "1,0.5"),
    "competition": (*SHARED, "--decay", "power:1"),
}


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A folder that is no city, with a matrix and lists."""
    for name, text in {"matrix": MATRIX, "supply": SUPPLY, "people": PEOPLE, "workers": WORKERS}.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    for name in ("PORTICO_CITY", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def run(run):
    """The commands ``access`` on one matrix."""
    return lambda measure, *arguments: run("access", measure, "--matrix", "matrix.csv", *arguments)


def answer(run, measure, *arguments):
    code, out, err = run(measure, *(arguments or EVERY[measure]), "--json")
    assert code == 0, err
    return json.loads(out)


def values(found, *labels):
    return {
        tuple(one[name] for name in ("id", *labels)): (one["value"], one["low"], one["high"])
        for one in found["results"]
    }


def known(number):
    return (number, number, number)


def test_every_measure_is_tested_here():
    assert set(EVERY) == set(ACCESS_COMMANDS)


@pytest.mark.parametrize("language", ["en", "it"])
@pytest.mark.parametrize("measure", EVERY)
def test_a_person_reads_it_at_eighty_columns_without_colour(run, measure, language):
    code, out, _ = run(measure, *EVERY[measure], "--lang", language)
    assert code == 0
    assert "\x1b" not in out
    assert max(len(line) for line in out.splitlines()) <= 80
    assert not any(word in out for word in ("access.", "access-", "direction.", "{", "unit."))


@pytest.mark.parametrize("measure", EVERY)
def test_a_program_is_told_measure_parameters_direction_and_what_it_rests_on(run, measure):
    found = answer(run, measure)
    assert found["measure"] == measure
    assert found["parameters"]
    assert found["direction"] == ("inbound" if measure == "catchment" else "outbound")
    assert found["evidence"][0]["method"].startswith("indicators.access.")
    assert "matrix.csv" in [one.get("source") for one in found["evidence"]]
    for one in found["results"]:
        assert {"id", "value", "low", "high", "unit", "status"} <= set(one)
        assert one["status"] == ("missing" if one["value"] is None else "estimated")


def test_cumulative_counts_column_by_column_and_limit_by_limit(run):
    found = answer(run, "cumulative")
    assert values(found, "amount", "within_minutes") == {
        ("a", "letti", 15.0): known(7.0),
        ("b", "letti", 15.0): known(0.0),
        ("c", "letti", 15.0): known(0.0),
        ("a", "letti", 45.0): known(9.0),
        ("b", "letti", 45.0): known(2.0),
        ("c", "letti", 45.0): known(0.0),
        ("a", "medici", 15.0): known(3.0),
        ("b", "medici", 15.0): known(0.0),
        ("c", "medici", 15.0): known(0.0),
        ("a", "medici", 45.0): (None, 3.0, None),
        ("b", "medici", 45.0): (None, 0.0, None),
        ("c", "medici", 45.0): known(0.0),
    }
    assert found["parameters"] == {"decay": "within", "within_minutes": [15.0, 45.0]}
    assert (found["unreached"], found["unknown"]) == (["c"], ["y"])
    assert found["matrix"] == {"places": 3, "others": 2, "pairs": 6, "unreached_pairs": 3}
    notes = {one["note"] for one in found["results"] if "note" in one}
    assert "1 amount within reach is not known; only a bound is" in notes


def test_an_empty_amount_is_bounded_where_that_is_said(run):
    found = answer(run, "cumulative", *EVERY["cumulative"], "--empty-at-most", "5")
    assert values(found, "amount", "within_minutes")["a", "medici", 45.0] == (None, 3.0, 8.0)
    nothing = answer(run, "cumulative", *EVERY["cumulative"], "--empty-at-most", "0")
    assert values(nothing, "amount", "within_minutes")["a", "medici", 45.0] == known(3.0)
    assert nothing["unknown"] == []


def test_inbound_judges_the_places_that_are_reached(run):
    found = answer(
        run, "cumulative", "--opportunities", "people.csv", "--within", "30", "--direction", "inbound"
    )  # fmt: skip
    assert found["direction"] == "inbound"
    assert values(found) == {("x",): known(100.0), ("y",): known(100.0)}


def test_a_catchment_counts_skills_inbound_within_30_45_and_60(run):
    found = answer(run, "catchment")
    assert values(found, "amount", "within_minutes")["y", "engineers", 45.0] == known(30.0)
    assert values(found, "amount", "within_minutes")["y", "technicians", 45.0] == (None, 100.0, None)
    assert {one["within_minutes"] for one in found["results"]} == {30.0, 45.0, 60.0}


def test_gravity_says_its_decay(run):
    found = answer(run, "gravity", "--opportunities", "supply.csv", "--amount", "letti", "--decay", "power:1")
    assert [one["value"] for one in found["results"]] == pytest.approx([7 / 5 + 2 / 20, 2 / 31.5, 0.0])
    assert found["parameters"] == {"decay": "power", "exponent": 1.0, "least_minutes": 1.0}


def test_nearest_gives_the_kth_and_the_mean(run):
    found = answer(run, "nearest")
    assert values(found, "k")["a", 1.0] == known(5.0)
    assert values(found, "k")["b", 1.0] == known(31.5)
    assert values(found, "k")["b", 3.0] == (None, None, None)
    assert found["results"][0]["mean"] == {"value": 5.0, "low": 5.0, "high": 5.0}
    assert found["unreached"] == ["b", "c"]


def test_what_there_is_is_shared_among_the_people_who_reach_it(run):
    found = answer(run, "2sfca")
    assert values(found) == {("a",): known(7 / 100 + 2 / 100), ("b",): known(0.0), ("c",): known(0.0)}
    assert {one["unit"] for one in found["results"]} == {"letti/people"}
    zones = answer(run, "e2sfca")
    assert values(zones)["b",] == known(0.5 * 2 / (0.5 * 100 + 0.5 * 50))
    shares = values(answer(run, "competition"))
    assert sum(shares[name,][0] * people for name, people in (("a", 100), ("b", 50), ("c", 7))) == pytest.approx(9)


def test_the_first_step_may_have_minutes_and_a_decay_of_its_own(run):
    more = ("--demand-column", "minutes_p95", "--demand-decay", "gaussian:20")
    found = answer(run, "competition", *SHARED, "--decay", "power:1", *more)
    assert found["parameters"]["demand_decay"] == "gaussian"
    assert found["parameters"]["demand_direction"] == "outbound"


def test_the_hospital_example_comes_out_of_files(run, folder):
    minutes = {(1, 3): 20, (2, 3): 20, (3, 1): 40, (3, 2): 40, (1, 2): 80, (2, 1): 80, (1, 1): 1, (2, 2): 1, (3, 3): 1}
    rows = "".join(f"{start},{end},{one}\n" for (start, end), one in minutes.items())
    (folder / "matrix.csv").write_text(f"from_id,to_id,minutes\n{rows}", encoding="utf-8")
    (folder / "zones.csv").write_text("id,people,doctors\n1,100,15\n2,50,20\n3,10,100\n", encoding="utf-8")
    lists = ("--supply", "zones.csv", "--supply-amount", "doctors", "--population", "zones.csv")
    found = answer(run, "competition", *lists, "--population-amount", "people", "--decay", "power:1", "--up-to", "60")
    assert {one["id"]: round(one["value"], 6) for one in found["results"]} == {
        "1": 0.435340, "2": 0.683724, "3": 5.727977,
    }  # fmt: skip


def test_parquet_is_read_like_csv(capsys, folder):
    with Engine().cursor() as cursor:
        for name in ("matrix", "people"):
            cursor.execute(f"COPY (FROM '{folder / name}.csv') TO '{folder / name}.parquet' (FORMAT parquet)")
    arguments = ("--opportunities", "people.parquet", "--within", "30", "--direction", "inbound", "--json")
    code = main(["access", "cumulative", "--matrix", "matrix.parquet", *arguments])
    assert code == 0
    assert values(json.loads(capsys.readouterr().out)) == {("x",): known(100.0), ("y",): known(100.0)}


def test_places_without_amounts_count_as_one_each(run, folder):
    (folder / "supply.csv").write_text("id,name\nx,School\ny,Other school\n", encoding="utf-8")
    found = answer(run, "cumulative", "--opportunities", "supply.csv", "--within", "30")
    assert values(found, "amount")["a", None] == known(2.0)
    assert found["results"][0]["unit"] == "places"


def test_a_long_answer_is_cut_for_people_and_whole_for_programs(run, folder):
    rows = "".join(f"p{number},x,{number}\n" for number in range(100))
    (folder / "matrix.csv").write_text(f"from_id,to_id,minutes\n{rows}", encoding="utf-8")
    (folder / "supply.csv").write_text("id,letti\nx,2\n", encoding="utf-8")
    _, out, _ = run("cumulative", "--opportunities", "supply.csv")
    assert "… and 60 more rows" in out
    assert len(answer(run, "cumulative", "--opportunities", "supply.csv")["results"]) == 100


def test_what_a_reader_must_know_is_said(run, folder):
    many = "".join(f"p{number},{number}\n" for number in range(30))
    (folder / "supply.csv").write_text(f"id,letti\nx,\ny,2\n{many}a,row,too long\n", encoding="utf-8")
    _, out, _ = run("cumulative", "--opportunities", "supply.csv", "--unmatched", "zero")
    said = " ".join(out.split())
    for words in (
        "3 pairs of the matrix are not reached",
        "1 place reaches nothing, or too little (c)",
        "Of 1 place the amount is not known (x)",
        "30 places are listed but not in the matrix: nobody reaches them (p0, p1, p2, …)",
        "supply.csv: 1 row is no row of the table",
        "at least 2",
    ):
        assert words in said


LETTI = ("--opportunities", "supply.csv", "--amount", "letti")


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("cumulative", "--opportunities", "supply.csv"), 2, "medici, letti"),
        (("cumulative", *LETTI, "--column", "minutes_p50"), 2, "did you mean"),
        (("cumulative", *LETTI, "--within", "soon"), 2, "--within takes numbers"),
        (("cumulative", *LETTI, "--within", "-3"), 2, "above zero"),
        (("cumulative", *LETTI, "--within", "nan"), 2, "above zero"),
        (("cumulative", *LETTI, "--direction", "both"), 2, ""),
        (("cumulative", *LETTI, "--empty-at-most", "-1"), 2, "below zero"),
        (("cumulative", "--opportunities", "people.csv"), 1, "3 places that the matrix does not know"),
        (("cumulative", "--opportunities", "nowhere.csv"), 2, "is not there"),
        (("cumulative", "--opportunities", "supply.csv", "--amount", "bed"), 2, "has no column"),
        (("gravity", *LETTI, "--decay", "fast:1"), 2, "Names: exponential"),
        (("gravity", *LETTI, "--decay", "logistic:30"), 2, "logistic:30,10"),
        (("gravity", *LETTI, "--decay", "power:"), 2, "power:1"),
        (("gravity", *LETTI, "--decay", "power:0"), 2, "above zero"),
        (("gravity", *LETTI, "--decay", "power:1", "--up-to", "-1"), 2, "above zero"),
        (("nearest", *LETTI, "--k", "0"), 2, "above zero"),
        (("e2sfca", *SHARED, "--zones", "20,10"), 2, "later and later"),
        (("competition", *SHARED, "--decay", "power:1", "--demand-decay", "x"), 2, "--demand-decay"),
        (("2sfca", "--supply", "supply.csv"), 2, ""),
        (("distance",), 2, ""),
    ],
)
def test_bad_input_is_one_sentence(run, arguments, code, words):
    found, out, err = run(*arguments)
    assert found == code
    assert words in " ".join((out + err).split())
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("from_id,to_id,minutes\na,x,5\na,x,6\n", "“a” to “x” twice, in rows 2 and 3"),
        ("from_id,to_id,minutes\na,x,-5\n", "row 2, column minutes: -5 is below zero"),
        ("from_id,to_id,minutes\na,x,NaN\na,y,5\n", "row 2, column minutes: “NaN” is no number"),
        ("from_id,to_id,minutes\na,x,5\n,y,5\n", "row 3: the column from_id is empty"),
        ("from_id,to_id,minutes\n", "holds no rows"),
    ],
)
def test_a_matrix_that_breaks_a_rule_is_one_sentence(run, folder, text, words):
    (folder / "matrix.csv").write_text(text, encoding="utf-8")
    code, _, err = run("cumulative", *LETTI)
    assert code == 1
    assert words in " ".join(err.split())
