"""``portico rank``: a table ranked by a spec, as a person reads it and as a program."""

from __future__ import annotations

import json

import numpy as np
import pytest

from portico.lake.engine import Engine

TABLE = """id,minutes,price,jobs,power_low,power_high
mill,12,40,5000,5,10
field,25,20,,2,2
depot,8,65,9000,,
dock,30,15,2000,20,30
"""
SPEC = """
[[criteria]]
column = "minutes"
direction = "min"
range = [5, 45]
weight = [0.2, 0.4]

[[criteria]]
column = "price"
name = { en = "Price", it = "Prezzo" }
scale = [[10, 1], [100, 0]]
weight = [0.1, 0.3]

[[criteria]]
column = "jobs"
direction = "max"
range = [0, 10000]
weight = [0.2, 0.5]

[[criteria]]
column_low = "power_low"
column_high = "power_high"
ideal = 15
range = [0, 40]
weight = [0.05, 0.2]
"""
THREE = "id,a,b,c\nx,5,8,4\ny,7,6,8\nz,8,8,6\nw,7,4,6\n"
FEW = ("--draws", "400")


def criteria(*lines, columns="abc", head=""):
    """A spec on columns without ranges: more is better."""
    given = [*lines, *[""] * (len(columns) - len(lines))]
    parts = (
        f'[[criteria]]\ncolumn = "{one}"\ndirection = "max"\n{line}\n' for one, line in zip(columns, given, strict=True)
    )
    return head + "\n" + "\n".join(parts)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A folder that is no city, with tables and specs."""
    for name, text in {
        "sites.csv": TABLE,
        "spec.toml": SPEC,
        "three.csv": THREE,
        "exact.toml": criteria("weight = 0.3", "weight = 0.4", "weight = 0.3"),
    }.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    for name in ("PORTICO_CITY", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def run(run):
    """The command ``rank``."""
    return lambda *arguments: run("rank", *arguments)


def answer(run, *arguments):
    code, out, err = run(*arguments, "--json")
    assert code == 0, err
    return json.loads(out)


def sites(run, *arguments):
    return answer(run, "sites.csv", "--spec", "spec.toml", *FEW, *arguments)


def three(run, folder, spec, *arguments, table=THREE):
    (folder / "made.csv").write_text(table, encoding="utf-8")
    (folder / "made.toml").write_text(spec, encoding="utf-8")
    return answer(run, "made.csv", "--spec", "made.toml", *arguments)


@pytest.mark.parametrize("language", ["en", "it"])
@pytest.mark.parametrize("method", ["additive", "topsis", "promethee", "smaa"])
def test_a_person_reads_it_at_eighty_columns_without_colour(run, method, language):
    code, out, _ = run("sites.csv", "--spec", "spec.toml", "--method", method, *FEW, "--lang", language)
    assert code == 0
    assert "\x1b" not in out
    assert max(len(line) for line in out.splitlines()) <= 80
    assert not any(word in out for word in ("rank-", "rank.", "{", "access-"))
    assert ("Prezzo" if language == "it" else "Price") in out
    assert "depot" in out


def test_a_program_is_told_everything_by_name(run):
    found = sites(run)
    names = {"mill", "field", "depot", "dock"}
    assert found["method"] == "smaa"
    assert (found["seed"], found["draws"], found["weights_drawn"], found["values_drawn"]) == (
        0, 400, "rejection", "uniform",
    )  # fmt: skip
    for key in ("scores", "ranks", "acceptability", "central_weights", "confidence", "pairwise", "score_bounds"):
        assert set(found[key]) == names
    assert found["alternatives"] == sorted(names, key=found["ranks"].__getitem__)
    assert sum(found["acceptability"]["mill"]) == pytest.approx(1)
    assert sum(sum(row) for row in found["acceptability"].values()) == pytest.approx(4)
    assert sum(found["central_weights"]["depot"].values()) == pytest.approx(1)
    assert (found["central_weights"]["dock"], found["confidence"]["dock"]) == (None, None)
    assert found["pairwise"]["mill"]["dock"] + found["pairwise"]["dock"]["mill"] == pytest.approx(1)
    assert [one["id"] for one in found["criteria"]] == ["minutes", "price", "jobs", "power_low"]
    assert found["evidence"]["file"] == "sites.csv"
    assert len(found["evidence"]["sha256"]) == 64


def test_scores_are_the_sum_of_weight_and_value(run, folder):
    spec = criteria("range = [0, 10]\nweight = 30", "range = [0, 10]\nweight = 50", "range = [0, 10]\nweight = 20")
    found = three(run, folder, spec)
    assert found["method"] == "additive"
    assert found["scores"] == pytest.approx({"x": 0.63, "y": 0.67, "z": 0.76, "w": 0.53})
    assert found["ranks"] == {"x": 3, "y": 2, "z": 1, "w": 4}
    assert found["acceptability"] is None
    assert found["remarks"] == []


def test_the_printed_digits_of_topsis_come_out_of_files(run):
    found = answer(run, "three.csv", "--spec", "exact.toml", "--method", "topsis")
    assert {name: round(score, 4) for name, score in found["scores"].items()} == {
        "x": 0.5037, "y": 0.6581, "z": 0.7482, "w": 0.3340,
    }  # fmt: skip
    assert found["ranks"] == {"x": 3, "y": 2, "z": 1, "w": 4}


def test_the_printed_digits_of_promethee_come_out_of_files(run, folder):
    spec = criteria("weight = 0.5", "weight = 0.3", "weight = 0.2", head='method = "promethee"')
    found = three(run, folder, spec, table="id,a,b,c\nx,4,3,2\ny,3,2,4\nz,5,1,3\n")
    assert found["method"] == "promethee"
    assert found["scores"] == pytest.approx({"x": 0.1, "y": -0.3, "z": 0.2})
    assert found["flows"]["z"]["leaving"] - found["flows"]["z"]["entering"] == pytest.approx(0.2)


def test_preferences_have_shapes_and_thresholds(run, folder):
    linear = 'weight = 1\npreference = "linear"\nindifference = 1\nthreshold = 3'
    gaussian = 'weight = 1\npreference = "gaussian"\nthreshold = 2'
    table = "id,a\nx,1\ny,3\n"
    found = three(run, folder, criteria(linear, columns="a"), "--method", "promethee", table=table)
    assert found["scores"] == pytest.approx({"x": -0.5, "y": 0.5})
    found = three(run, folder, criteria(gaussian, columns="a"), "--method", "promethee", table=table)
    assert found["scores"]["y"] == pytest.approx(1 - np.exp(-0.5))


def test_comparisons_in_pairs_give_weights_and_say_that_they_contradict_each_other(run, folder):
    rows = """comparisons = [
  [1, 4, 3, 1, 3, 4],
  ["1/4", 1, 7, 3, "1/5", 1],
  ["1/3", "1/7", 1, "1/5", "1/5", "1/6"],
  [1, "1/3", 5, 1, 1, "1/3"],
  ["1/3", 5, 5, 1, 1, 3],
  ["1/4", 1, 6, 3, "1/3", 1],
]"""
    spec = criteria(columns="abcdef", head=rows)
    found = three(run, folder, spec, table="id,a,b,c,d,e,f\nx,1,2,3,4,5,6\ny,6,5,4,3,2,1\n")
    assert [round(one["weight"], 4) for one in found["criteria"]] == [0.3208, 0.1395, 0.0348, 0.1285, 0.2374, 0.1391]
    assert round(found["comparisons"]["consistency_ratio"], 3) == 0.229
    assert found["comparisons"]["consistent"] is False
    assert "inconsistent" in found["remarks"][0]


def test_an_order_is_a_constraint_or_gives_rank_reciprocal_weights(run, folder):
    lines = ("order = 1", "order = 2", "order = 2")
    found = three(run, folder, criteria(*lines), *FEW)
    assert (found["method"], found["weights_drawn"]) == ("smaa", "simplex")
    assert [round(one["weight"], 4) for one in found["criteria"]] == [0.6667, 0.1667, 0.1667]
    found = three(run, folder, criteria(*lines, head='order_as = "rank-reciprocal"'))
    assert found["method"] == "additive"
    assert [one["weight"] for one in found["criteria"]] == [0.5, 0.25, 0.25]


def test_an_empty_cell_is_unknown_and_never_zero(run):
    found = sites(run)
    bounds, weights = found["score_bounds"]["field"], {one["id"]: one["weight"] for one in found["criteria"]}
    assert bounds["high"] - bounds["low"] == pytest.approx(weights["jobs"])
    asked = {(one["id"], one["criterion"]): one for one in found["to_find_out"]}
    assert set(asked) == {("field", "jobs"), ("mill", "power_low"), ("depot", "power_low"), ("dock", "power_low")}
    assert (asked["field", "jobs"]["low"], asked["field", "jobs"]["high"]) == (None, None)
    assert (asked["mill", "power_low"]["low"], asked["mill", "power_low"]["high"]) == (5, 10)
    assert any("never zero" in one for one in found["remarks"])


def test_what_would_overturn_the_first_and_what_to_find_out(run, folder):
    spec = criteria("range = [0, 10]\nweight = 1", "range = [0, 10]\nweight = 1", columns="ab")
    found = three(run, folder, spec, table="id,a,b\nx,9,4\ny,5,6\nz,0,\n")
    smallest = found["dethroning"]["smallest"]
    assert (found["dethroning"]["first"], smallest["id"]) == ("x", "y")
    assert smallest["change"] == pytest.approx(1 / 3)
    assert smallest["weights"] == pytest.approx({"a": 1 / 3, "b": 2 / 3})
    assert smallest["allowed"] is False
    assert found["to_find_out"][0]["probability"] == 0
    _, out, _ = run("made.csv", "--spec", "made.toml")
    said = " ".join(out.split())
    assert "x is first. y overtakes it where weights change by 0.333 in all: a −0.167; b +0.167." in said
    assert "No single value that is not known would change the first, x." in said


def test_a_value_that_may_change_the_first_is_named(run, folder):
    spec = criteria("range = [0, 10]\nweight = 1", "range = [0, 10]\nweight = 1", columns="ab")
    found = three(run, folder, spec, table="id,a,b\nx,9,4\ny,8,\n")
    assert found["to_find_out"][0] | {"gain": 0} == {
        "id": "y", "criterion": "b", "low": None, "high": None, "probability": 0.5, "gain": 0, "score_width": 0.5,
    }  # fmt: skip
    _, out, _ = run("made.csv", "--spec", "made.toml", *FEW)
    assert "b of y: 50 %" in out


def test_the_same_seed_is_the_same_answer_in_whatever_order_rows_stand(run, folder):
    once = sites(run, "--seed", "7")
    head, *rows = TABLE.splitlines()
    (folder / "sites.csv").write_text("\n".join((head, *reversed(rows))) + "\n", encoding="utf-8")
    again = sites(run, "--seed", "7")
    assert {**once, "evidence": None} == {**again, "evidence": None}
    assert once["acceptability"] != sites(run, "--seed", "8")["acceptability"]


def test_stored_draws_repeat_an_answer_exactly(run):
    once = sites(run, "--write-values", "values.csv", "--write-weights", "weights.csv", "--seed", "3")
    again = sites(run, "--values", "values.csv", "--weights", "weights.csv", "--seed", "99")
    assert (again["weights_drawn"], again["values_drawn"]) == ("stored", "stored")
    for key in ("scores", "ranks", "score_bounds", "acceptability", "central_weights", "confidence", "pairwise"):
        assert once[key] == again[key]


def test_arrays_of_numpy_are_draws_too(run, folder):
    random = np.random.default_rng(1)
    np.save(folder / "weights.npy", random.dirichlet(np.ones(3), 50))
    np.save(folder / "values.npy", random.random((50, 4, 3)) * 10)
    spec = criteria(*["range = [0, 10]\nweight = 1"] * 3)
    found = three(run, folder, spec, "--weights", "weights.npy", "--values", "values.npy")
    assert (found["method"], found["draws"], found["values_drawn"]) == ("smaa", 50, "stored")
    scores = np.einsum("dk,dik->di", np.load(folder / "weights.npy"), np.load(folder / "values.npy")) / 10
    first = scores.argmax(axis=1)
    for row, name in enumerate("xyzw"):
        assert found["acceptability"][name][0] == pytest.approx((first == row).mean())


def test_parquet_and_rows_without_names_are_read(run, folder):
    with Engine().cursor() as cursor:
        cursor.execute(f"COPY (SELECT a, b, c FROM '{folder}/three.csv') TO '{folder}/three.parquet' (FORMAT parquet)")
    found = answer(run, "three.parquet", "--spec", "exact.toml")
    assert found["alternatives"] == ["3", "2", "1", "4"]


def test_a_scale_that_had_to_be_taken_from_the_table_is_said(run):
    found = answer(run, "three.csv", "--spec", "exact.toml")
    assert all(one["scale_from_table"] for one in found["criteria"])
    assert "another row may change the order" in found["remarks"][0]


def test_a_long_answer_is_cut_for_people_and_whole_for_programs(run, folder):
    rows = "".join(f"p{number},{number},{number % 7},{number % 5}\n" for number in range(100))
    (folder / "three.csv").write_text(f"id,a,b,c\n{rows}", encoding="utf-8")
    _, out, _ = run("three.csv", "--spec", "exact.toml")
    assert "… and 60 more rows" in out
    assert len(answer(run, "three.csv", "--spec", "exact.toml")["scores"]) == 100


def test_every_fault_of_a_spec_is_said_at_once_with_its_line(run, folder):
    (folder / "spec.toml").write_text(
        """[[criteria]]
column = "minutes"
direction = "min"
range = [5, 5]
weight = 0.5

[[criteria]]
column = "price"
scale = [[3, 0], [3, 1]]

[[criteria]]
column_low = "power_low"
ideal = 50
range = [0, 40]

[[criteria]]
column = "jobs"
weight = -1
""",
        encoding="utf-8",
    )
    code, out, err = run("sites.csv", "--spec", "spec.toml", "--json")
    assert code == 1
    found = {(one["row"], one["kind"]) for one in json.loads(out)["findings"]}
    assert found == {
        (4, "scale-equal-ends"),
        (9, "scale-equal-ends"),
        (11, "criterion-columns"),
        (13, "ideal-outside-range"),
        (17, "criterion-needs-one-scale"),
        (18, "weight-unsound"),
    }
    assert "6 faults" in err


def test_every_fault_of_a_table_is_said_at_once(run, folder):
    (folder / "sites.csv").write_text(
        "id,minuts,price,jobs,power_low,power_high\nmill,1,2,3,9,4\n,1,2,many,1,2\nmill,1,2,3,1,2\n", encoding="utf-8"
    )
    code, out, err = run("sites.csv", "--spec", "spec.toml", "--json")
    assert code == 1, err
    found = {(one["file"], one["row"], one["kind"]) for one in json.loads(out)["findings"]}
    assert found == {
        ("spec.toml", 3, "column-unknown"),
        ("sites.csv", 3, "cell-no-number"),
        ("sites.csv", 2, "bounds-crossed"),
        ("sites.csv", 3, "alternative-unnamed"),
        ("sites.csv", 4, "alternative-twice"),
    }
    assert "did you mean “minuts”" in " ".join(err.split())


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ("", "missing"),
        ("criteria = []", "no criterion"),
        ("[[criteria", "not"),
        (criteria("weight = [0.5, 0.9]", "weight = [0.4, 0.9]", "weight = [0.3, 0.9]"), "cannot add up"),
        (criteria("weight = 30", "weight = [20, 40]", "weight = [20, 40]"), "total = 100"),
        (criteria("weight = 30", "weight = 30", "weight = 30", head="total = 100"), "add up to 90, not to 100"),
        (criteria("weight = 0", "weight = 0", "weight = 0"), "not all 0"),
        (criteria("weight = 1", "weight = 1", "order = 0"), "above 0"),
        (criteria("order = 1\nweight = [0, 0.2]", "order = 2\nweight = [0.3, 1]"), "contradict the order"),
        (criteria("order = 1", "order = 2", head='order_as = "rank-reciprocal"'), "for every criterion"),
        (criteria("weight = 1", head="comparisons = [[1]]"), "take weight and order out"),
        (criteria(head="comparisons = [[1, 2], [0.5, 1]]"), "3 rows of 3"),
        (criteria(head='comparisons = [[1, 2, 3], [1, 1, 1], ["1/x", 1, 1]]'), "above 0, or a fraction"),
        (criteria('preference = "linear"'), "make no preference"),
        (criteria("wieght = 1"), "did you mean “weight”"),
        (criteria('name = "A"', columns="aab"), "criterion twice"),
        ('[[criteria]]\ncolumn = "a"\ndirection = "up"\n', "known: max, min"),
        ('[[criteria]]\ncolumn = "a"\nideal = 3\n', "needs its range"),
        ('[[criteria]]\ncolumn = "a"\nscale = [[0, 0], [1, 2]]\n', "between 0 and 1"),
        ('[[criteria]]\ncolumn = "a"\nscale = [[0, 0], [1, 1]]\nrange = [0, 1]\n', "take range out"),
        ('[[criteria]]\ncolumn = "a"\nscale = [[2, 0], [1, 1]]\n', "must rise"),
        (criteria("range = [3, 1]"), "must rise"),
        (criteria(columns="abd"), "has no column “d”"),
        (criteria(head='id = "idd"'), "did you mean “id”"),
    ],
)
def test_a_bad_spec_is_said_in_words(run, folder, spec, words):
    (folder / "bad.toml").write_text(spec, encoding="utf-8")
    code, out, err = run("three.csv", "--spec", "bad.toml")
    assert code == 1
    assert words in " ".join((out + err).split())
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("three.csv", "--spec", "nowhere.toml"), 2, "no file nowhere.toml"),
        (("nowhere.csv", "--spec", "exact.toml"), 2, "is not there"),
        (("three.csv",), 2, ""),
        (("three.csv", "--spec", "exact.toml", "--method", "best"), 2, ""),
        (("three.csv", "--spec", "exact.toml", "--method", "smaa", "--draws", "0"), 2, "too few"),
        (("three.csv", "--spec", "exact.toml", "--seed", "-1"), 2, "from 0"),
        (("three.csv", "--spec", "exact.toml", "--write-weights", "w.csv"), 2, "--method smaa"),
        (("three.csv", "--spec", "exact.toml", "--weights", "nowhere.npy"), 2, "no file nowhere.npy"),
        (("three.csv", "--spec", "exact.toml", "--weights", "bad.csv"), 1, "row 3: stored weights"),
        (("three.csv", "--spec", "exact.toml", "--weights", "bad.npy"), 1, "draws × 3"),
        (("three.csv", "--spec", "exact.toml", "--weights", "text.npy"), 1, "text.npy"),
        (("three.csv", "--spec", "exact.toml", "--values", "stranger.csv"), 1, "draws of “v”"),
        (("three.csv", "--spec", "exact.toml", "--values", "holes.csv"), 1, "says nothing of “a” of “x”"),
        (("three.csv", "--spec", "exact.toml", "--values", "twice.csv"), 1, "twice"),
        (("three.csv", "--spec", "exact.toml", "--values", "other.csv"), 2, "has no column “a”"),
        (("three.csv", "--spec", "exact.toml", "--values", "two.csv", "--weights", "one.csv"), 2, "as many"),
        (("three.csv", "--spec", "exact.toml", "--values", "two.csv", "--method", "topsis"), 2, "draws nothing"),
        (("empty.csv", "--spec", "exact.toml"), 1, "no rows"),
        (("large.csv", "--spec", "exact.toml"), 1, "large.csv:2:a 1e+20 is too large"),
        (("three.csv", "--spec", "exact.toml", "--values", "huge.csv"), 1, "too large"),
        (("unknown.csv", "--spec", "exact.toml"), 1, "nothing is known of “b”"),
    ],
)
def test_bad_input_is_one_sentence(run, folder, arguments, code, words):
    for name, text in {
        "bad.csv": "a,b,c\n0.2,0.3,0.5\n0.5,0.5,0.5\n",
        "one.csv": "a,b,c\n0.2,0.3,0.5\n",
        "two.csv": "draw,id,a\n1,x,3\n2,x,4\n",
        "stranger.csv": "draw,id,a\n1,v,3\n",
        "holes.csv": "draw,id,a\n1,x,3\n2,y,4\n1,y,3\n",
        "twice.csv": "draw,id,a\n1,x,3\n1,x,4\n",
        "other.csv": "draw,id,q\n1,x,3\n",
        "empty.csv": "id,a,b,c\n",
        "unknown.csv": "id,a,b,c\nx,1,,3\ny,2,,4\n",
        "large.csv": "id,a,b,c\nx,1e20,2,3\ny,1,2,3\n",
        "huge.csv": "draw,id,a\n1,x,1e99\n",
        "text.npy": "not an array",
    }.items():
        (folder / name).write_text(text, encoding="utf-8")
    np.save(folder / "bad.npy", np.ones((4, 2)))
    found, out, err = run(*arguments)
    assert found == code, out + err
    assert words in " ".join((out + err).split())
    assert "Traceback" not in err


def test_too_many_for_pairs_are_refused_and_otherwise_ranked(run, folder):
    rows = "".join(f"p{number},{number},{number % 7},{number % 5}\n" for number in range(2_100))
    (folder / "three.csv").write_text(f"id,a,b,c\n{rows}", encoding="utf-8")
    (folder / "order.toml").write_text(criteria("order = 1", "order = 2", "order = 3"), encoding="utf-8")
    code, _, err = run("three.csv", "--spec", "order.toml", "--method", "smaa")
    assert code == 2
    assert "the limit is 2,000" in " ".join(err.split())
    found = answer(run, "three.csv", "--spec", "order.toml")
    assert found["method"] == "additive"
    assert any("in the middle" in one for one in found["remarks"])
