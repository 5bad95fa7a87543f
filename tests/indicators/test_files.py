"""Matrices and lists as files hold them: met by name, refused with the row where they break a rule."""

from __future__ import annotations

from contextlib import contextmanager

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.indicators.matrices import minutes_of, scenes
from tests.lake.readers.workshops import worded

from portico.errors import PorticoError
from portico.indicators.access.files import Unmatched, amount_columns, read_amounts, read_matrix
from portico.indicators.access.reach import cumulative
from portico.lake.arrays import arrays_of
from portico.lake.engine import Engine

ENGINE = Engine()
MATRIX = "from_id,to_id,minutes\na,x,5\na,y,20\nb,x,\nb,y,31.5\n"


@contextmanager
def table(tmp_path, text):
    path = tmp_path / "file.csv"
    path.write_text(text, encoding="utf-8")
    with arrays_of(path, ENGINE) as found:
        yield found


def matrix(tmp_path, text, column="minutes"):
    with table(tmp_path, text) as found:
        return read_matrix(found, column)


def amounts(tmp_path, text, column="beds", unmatched=Unmatched.REFUSE, places=("x", "y"), **told):
    with table(tmp_path, text) as found:
        return read_amounts(found, places, column, unmatched, **told)


def refused(kind, ask, *what, **values):
    with pytest.raises(PorticoError) as found:
        ask(*what)
    assert found.value.message_id == kind
    assert {name: found.value.values[name] for name in values} == values
    worded(found.value)


def test_a_matrix_names_its_places_and_leaves_empty_what_is_not_reached(tmp_path):
    found = matrix(tmp_path, MATRIX)
    assert (found.from_ids, found.to_ids) == (("a", "b"), ("x", "y"))
    assert (found.pairs, found.unreached, found.left_out) == (4, 1, 0)
    pairs = [(block.place.tolist(), block.other.tolist(), block.minutes.tolist()) for block in found.costs.blocks()]
    assert pairs == [([0, 0, 1], [0, 1, 1], [5.0, 20.0, 31.5])]
    assert found.evidence.source == "file.csv"
    assert len(found.evidence.parameters["sha256"]) == 64
    turned = found.turned
    assert (turned.from_ids, turned.costs.direction.value, turned.costs.places) == (("x", "y"), "inbound", 2)


@given(scenes(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(tmp_path, scene, chance):
    cost_ds, opportunities, _ = scene
    minutes = minutes_of(cost_ds)
    rows = [
        f"p{place:02},q{other:02},{'' if np.isnan(cost) else repr(float(cost))}"
        for (place, other), cost in np.ndenumerate(minutes)
    ]
    chance.shuffle(rows)
    found = matrix(tmp_path, "from_id,to_id,minutes\n" + "\n".join(rows) + "\n")
    listed = amounts(
        tmp_path,
        "id,beds\n" + "".join(f"q{number:02},{float(one)!r}\n" for number, one in enumerate(opportunities)),
        places=found.to_ids,
    )
    scores = cumulative(found.costs, listed.amounts, 30)
    by_name = {name: scores.value[place] for place, name in enumerate(found.from_ids)}
    expected = np.nansum(np.where(minutes <= 30, opportunities, 0.0), axis=1)
    assert [by_name[f"p{place:02}"] for place in range(len(minutes))] == pytest.approx(expected)


def test_another_column_of_minutes_is_taken_where_asked(tmp_path):
    text = "from_id,to_id,minutes_p05,minutes_p50\na,x,5,7\n"
    assert next(matrix(tmp_path, text, "minutes_p50").costs.blocks()).minutes.tolist() == [7.0]
    refused("column-unknown", matrix, tmp_path, text, name="minutes")


@pytest.mark.parametrize(
    ("text", "kind", "values"),
    [
        ("from_id,to_id,minutes\na,x,5\na,y,-1\n", "number-negative", {"row": 3, "value": "-1"}),
        ("from_id,to_id,minutes\na,x,5\nb,x,\na,x,\n", "pair-twice", {"row": 2, "other": 4, "start": "a", "end": "x"}),
        ("from_id,to_id,minutes\na,x,5\n,x,5\n", "row-without-name", {"row": 3, "column": "from_id"}),
        ("from_id,to_id,minutes\na,x,5\na,,5\n", "row-without-name", {"row": 3, "column": "to_id"}),
        ("from_id,to_id,minutes\na,x,5\na,y,NaN\n", "cell-no-number", {"row": 3}),
        ("from_id,to_id,minutes\na,x,soon\na,y,late\n", "cell-no-number", {"row": 2}),
        ("from_id,minutes\na,5\n", "column-unknown", {"name": "to_id"}),
        ("from_id,to_id\na,x\n", "column-unknown", {"name": "minutes"}),
    ],
)
def test_a_matrix_that_breaks_a_rule_is_refused_with_its_row(tmp_path, text, kind, values):
    refused(kind, matrix, tmp_path, text, **values)


def test_amounts_are_met_by_name_and_what_is_empty_is_not_known(tmp_path):
    found = amounts(tmp_path, "id,beds\ny,3\nx,\n")
    assert (found.amounts.low.tolist(), found.amounts.high.tolist()) == ([0.0, 3.0], [np.inf, 3.0])
    assert (found.unknown, found.elsewhere, found.unlisted) == (("x",), (), ())
    assert found.amounts.unit == "beds"


def test_what_an_empty_amount_is_at_most_may_be_said_and_stands_in_the_evidence(tmp_path):
    found = amounts(tmp_path, "id,beds\ny,3\nx,\n", empty_at_most=40.0)
    assert (found.amounts.low.tolist(), found.amounts.high.tolist()) == ([0.0, 3.0], [40.0, 3.0])
    assert found.evidence.parameters["empty_at_most"] == 40.0
    nothing = amounts(tmp_path, "id,beds\ny,3\nx,\n", empty_at_most=0.0)
    assert (nothing.unknown, nothing.amounts.low.tolist()) == ((), [0.0, 3.0])
    for wrong in (-1.0, np.nan):
        with pytest.raises(PorticoError) as refusal:
            amounts(tmp_path, "id,beds\ny,3\nx,\n", empty_at_most=wrong)
        assert refusal.value.message_id == "number-below-zero"
        worded(refusal.value)


def test_without_a_column_each_place_listed_is_one(tmp_path):
    found = amounts(tmp_path, "id,name\nx,School\ny,Other school\n", column="")
    assert found.amounts.low.tolist() == [1.0, 1.0]
    assert found.amounts.unit == "places"


@pytest.mark.parametrize(
    ("unmatched", "low", "high"),
    [(Unmatched.ZERO, [4.0, 0.0], [4.0, 0.0]), (Unmatched.UNKNOWN, [4.0, 0.0], [4.0, np.inf])],
)
def test_what_is_not_listed_is_nothing_or_unknown_as_is_said(tmp_path, unmatched, low, high):
    found = amounts(tmp_path, "id,beds\nfar,9\nx,4\n", unmatched=unmatched)
    assert (found.amounts.low.tolist(), found.amounts.high.tolist()) == (low, high)
    assert (found.elsewhere, found.unlisted) == (("far",), ("y",))


@pytest.mark.parametrize(
    ("text", "kind", "values"),
    [
        ("id,beds\nx,1\nfar,2\ny,3\n", "places-not-in-matrix", {"count": 1, "name": "far"}),
        ("id,beds\nx,1\n", "places-not-listed", {"count": 1, "name": "y"}),
        ("id,beds\nx,1\ny,2\nx,3\n", "place-twice", {"name": "x", "row": 2, "other": 4}),
        ("id,beds\nx,1\ny,-2\n", "number-negative", {"row": 3}),
        ("id,beds\nx,1\n,2\n", "row-without-name", {"row": 3, "column": "id"}),
        ("id,beds\nx,1\ny,inf\n", "cell-no-number", {"row": 3, "value": "inf"}),
        ("name,beds\nx,1\n", "column-unknown", {"name": "id"}),
        ("id,rooms\nx,1\ny,2\n", "column-unknown", {"name": "beds"}),
    ],
)
def test_a_list_that_breaks_a_rule_is_refused_with_its_row(tmp_path, text, kind, values):
    refused(kind, amounts, tmp_path, text, **values)


def test_the_only_column_of_numbers_holds_the_amounts(tmp_path):
    def columns(text, *asked):
        with table(tmp_path, text) as found:
            return amount_columns(found, asked)

    assert columns("id,lon,lat,beds\n1,7.6,45.0,3\n2,7.7,45.1,4\n") == ("beds",)
    assert columns("id,name\nx,School\n") == ()
    assert columns("id,beds,rooms\nx,1,2\n", "rooms") == ("rooms",)
    refused("access-which-amount", columns, "id,beds,rooms\nx,1,2\n", columns="beds, rooms")
