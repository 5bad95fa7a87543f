"""Numbers and words that can say where they come from."""

from __future__ import annotations

import dataclasses
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portico.dates import PartialDate
from portico.figures import Evidence, Figure, Statement, Status, oldest, rests_on_memory, together

NUMBERS = st.floats(allow_nan=False, allow_infinity=False, width=32)
BOUNDS = st.none() | NUMBERS
SOURCED = Evidence(dataset="sites", version="ab12", row="mill", source="a register", confidence="verified")
RECALLED = dataclasses.replace(SOURCED, row="meadow", confidence="recalled")


@given(BOUNDS, BOUNDS, BOUNDS, st.sampled_from(Status))
def test_a_figure_keeps_its_bounds_in_order_or_is_refused(low, value, high, status):
    known = [bound for bound in (low, value, high) if bound is not None]
    sound = known == sorted(known) and (status is Status.MISSING) == (value is None)
    if sound:
        figure = Figure(value, low, high, "m2", status)
        assert figure.is_known == (value is not None)
    else:
        with pytest.raises(ValueError, match="figure"):
            Figure(value, low, high, "m2", status)


@pytest.mark.parametrize("place", range(3))
def test_a_figure_that_is_not_a_number_is_refused(place):
    values = [1.0, 1.0, 1.0]
    values[place] = float("nan")
    with pytest.raises(ValueError, match="figure"):
        Figure(values[1], values[0], values[2], "m2", Status.DECLARED)


@given(NUMBERS)
def test_an_exact_figure_is_bounded_by_its_value(value):
    figure = Figure.exactly(value, "min", Status.MEASURED)
    assert (figure.low, figure.value, figure.high) == (value, value, value)


def test_a_missing_figure_may_still_be_bounded():
    figure = Figure.missing("m2", high=300_000.0, evidence=[SOURCED])
    assert not figure.is_known
    assert (figure.low, figure.high, figure.evidence) == (None, 300_000.0, (SOURCED,))


def test_a_figure_cannot_be_changed():
    figure = Figure.exactly(1.0, "m2", Status.DECLARED)
    with pytest.raises(dataclasses.FrozenInstanceError):
        figure.value = 2.0
    assert figure.resting_also_on(Evidence(dataset="x")).evidence[-1].dataset == "x"
    assert figure.note is None


def test_one_recalled_piece_makes_the_whole_recalled():
    assert Figure.exactly(1.0, "m2", Status.DECLARED, evidence=[SOURCED, RECALLED]).is_recalled
    assert not Figure.exactly(1.0, "m2", Status.DECLARED, evidence=[SOURCED]).is_recalled
    assert Statement(("built",), Status.DECLARED, evidence=(RECALLED,)).is_recalled
    assert not rests_on_memory([])


def test_a_statement_without_words_is_not_known():
    assert not Statement.missing().is_known
    assert Statement.missing().status is Status.MISSING
    assert Statement(("built",), Status.DECLARED).is_known


def test_evidence_as_plain_data_leaves_out_what_is_empty_and_fits_json():
    piece = Evidence(method="travel", parameters={"speed_km_h": 38.0, "lines": None})
    assert piece.to_dict() == {"method": "travel", "parameters": {"speed_km_h": 38.0, "lines": None}}
    assert json.loads(json.dumps(SOURCED.to_dict()))["row"] == "mill"
    assert Evidence().to_dict() == {}


def test_evidence_is_joined_in_order_and_once():
    assert together([SOURCED], [RECALLED, SOURCED], []) == (SOURCED, RECALLED)


@given(st.lists(st.none() | st.integers(1990, 2030).map(lambda year: PartialDate.parse(str(year))), max_size=5))
def test_the_oldest_of_dates_is_known_only_where_all_are(dates):
    found = oldest(dates)
    if not dates or None in dates:
        assert found is None
    else:
        assert found in dates
        assert all(found.earliest <= day.earliest for day in dates)
