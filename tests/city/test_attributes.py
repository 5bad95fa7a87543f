"""What may be stated of a site."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portico.city import tables
from portico.city.attributes import KINDS, fault, numbers


def test_every_attribute_of_the_tables_has_its_kind():
    assert set(KINDS) == set(tables.ATTRIBUTES)


@pytest.mark.parametrize(
    ("text", "found"),
    [("5", (5.0, 5.0)), ("0", (0.0, 0.0)), ("5..7", (5.0, 7.0)), ("5..5", (5.0, 5.0)), ("1e3..2000", (1000.0, 2000.0))],
)
def test_a_number_or_a_range_is_read(text, found):
    assert numbers(text) == found


@pytest.mark.parametrize(
    "text", ["", "..", "5..", "..5", "7..5", "-1", "-1..5", "nan", "1..nan", "inf", "1_0", "5...7", "5 m2", "1,5"]
)
def test_what_is_no_number_or_range_is_refused(text):
    with pytest.raises(ValueError, match=r".*"):
        numbers(text)


@given(st.text(max_size=15))
def test_any_text_is_a_range_or_a_value_error(text):
    try:
        low, high = numbers(text)
    except ValueError:
        return
    assert 0 <= low <= high < math.inf


@pytest.mark.parametrize(
    ("stated", "column"),
    [
        (("area", "", "5", "m2"), "basis"),
        (("area", "buildable", "5", "ha"), "unit"),
        (("area", "buildable", "5", ""), "unit"),
        (("area", "buildable", "about 5", "m2"), "value"),
        (("area", "existing", "5", "m2"), "basis"),
        (("floor-area", "buildable", "5", "m2"), "basis"),
        (("electric-power", "", "5", "kW"), "unit"),
        (("status", "", "free", ""), "value"),
        (("use", "permitted", "factory", ""), "value"),
        (("use", "hoped-for", "production", ""), "basis"),
        (("condition", "", "Built", ""), "value"),
    ],
)
def test_each_wrong_statement_names_its_column(stated, column):
    found = fault(*stated)
    assert found is not None
    assert found[0] == column


@pytest.mark.parametrize(
    "stated",
    [
        ("area", "whole-holding", "5", "m2"),
        ("floor-area", "building-rights", "5..6", "m2"),
        ("electric-power", "", "0.5", "MW"),
        ("status", "", "under-negotiation", ""),
        ("use", "planned", "data-centre", ""),
        ("description", "", "Anything at all", ""),
        ("utilities", "", "gas", ""),
    ],
)
def test_a_sound_statement_has_no_fault(stated):
    assert fault(*stated) is None
