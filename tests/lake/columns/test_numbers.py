from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.lake.columns.reading import read, under

from portico.lake.columns.integer import INTEGER
from portico.lake.columns.latitude import LATITUDE
from portico.lake.columns.longitude import LONGITUDE
from portico.lake.columns.money import MONEY
from portico.lake.columns.number import NUMBER
from portico.lake.columns.percent import PERCENT

NUMBERS = st.decimals(-(10**12), 10**12, places=None, allow_nan=False).map(
    lambda one: one.quantize(Decimal(1).scaleb(-(abs(hash(one)) % 6)))
)
WHOLE = st.integers(-(10**14), 10**14)
GROUPS = {"comma": [".", " ", "\u00a0", "\u202f", "'", "’"], "point": [",", " ", "\u00a0", "\u202f", "'", "’"]}
MARK = {"comma": ",", "point": "."}


def written(number, group, mark):
    return f"{number:,f}".replace(",", "\0").replace(".", mark).replace("\0", group)


@pytest.mark.parametrize("name", ["comma", "point"])
@given(numbers=st.lists(NUMBERS, min_size=1, max_size=10))
@settings(max_examples=12)
def test_a_number_formatted_with_either_mark_is_read_back(name, numbers):
    pairs = [(written(one, group, MARK[name]), float(one)) for one in numbers for group in (*GROUPS[name], "")]
    assert read(NUMBER, under(NUMBER, name), [text for text, _ in pairs]) == [value for _, value in pairs]


@pytest.mark.parametrize("name", ["comma", "point"])
@given(numbers=st.lists(WHOLE, min_size=1, max_size=10))
@settings(max_examples=12)
def test_a_whole_number_formatted_with_any_group_mark_is_read_back(name, numbers):
    pairs = [(f"{one:,}".replace(",", group), one) for one in numbers for group in (*GROUPS[name], "")]
    texts = [text for text, _ in pairs]
    assert read(INTEGER, under(INTEGER, name), texts) == [value for _, value in pairs]
    minus = [text.replace("-", "−") for text in texts]
    assert read(INTEGER, under(INTEGER, name), minus) == [value for _, value in pairs]


@given(st.floats(-1e305, 1e305).filter(lambda one: not one or abs(one) > 1e-305))
@settings(max_examples=30)
def test_what_python_prints_as_a_number_is_read_exactly(number):
    text = repr(number)
    if re.fullmatch(r"-?[0-9]{16,}(\..*)?", text):
        return
    assert read(NUMBER, under(NUMBER, "point"), [text]) == [number]
    assert read(NUMBER, under(NUMBER, "comma"), [text.replace(".", ",")]) == [number]


@pytest.mark.parametrize(
    ("text", "comma", "point"),
    [("1.234", 1234.0, 1.234), ("1,234", 1.234, 1234.0), ("-12.500", -12500.0, -12.5), ("1.234.567", 1234567.0, None)],
)
def test_what_both_marks_can_read_they_read_differently(text, comma, point):
    assert read(NUMBER, under(NUMBER, "comma"), [text]) == [comma]
    assert read(NUMBER, under(NUMBER, "point"), [text]) == [point]


@given(st.integers(-(2**70), 2**70))
@settings(max_examples=30)
def test_a_whole_number_is_read_exactly_or_not_at_all(number):
    expected = number if -(10**19) < number < 10**19 and -(2**63) <= number < 2**63 else None
    assert read(INTEGER, INTEGER.conventions[0], [str(number)]) == [expected]


@given(numbers=st.lists(NUMBERS, min_size=1, max_size=6))
@settings(max_examples=12)
def test_an_amount_says_its_currency_and_its_value(numbers):
    for convention in MONEY.conventions:
        mark, group = MARK[convention.name], GROUPS[convention.name][0]
        units = {writing.unit for writing in convention.writings}
        assert len(units) == 1
        code = units.pop()
        texts = [written(one, group, mark) for one in numbers]
        values = [float(one) for one in numbers]
        before, behind = [f"{code} {text}" for text in texts], [f"{text}\u00a0{code}" for text in texts]
        assert read(MONEY, convention, before + behind) == values * 2


def test_amounts_in_two_currencies_fit_no_convention_together():
    for convention in MONEY.conventions:
        assert None in read(MONEY, convention, ["€ 10", "$ 10"])


@given(numbers=st.lists(NUMBERS, min_size=1, max_size=6))
@settings(max_examples=12)
def test_a_percentage_is_read_back(numbers):
    for convention in PERCENT.conventions:
        mark, group = MARK[convention.name], GROUPS[convention.name][0]
        texts = [written(one, group, mark) + " %" for one in numbers]
        assert read(PERCENT, convention, texts) == [float(one) for one in numbers]


@pytest.mark.parametrize(("one", "limit"), [(LONGITUDE, 180), (LATITUDE, 90)])
@given(degrees=st.decimals(-200, 200, places=7))
@settings(max_examples=30)
def test_degrees_beyond_the_globe_are_none(one, limit, degrees):
    expected = float(degrees) if abs(degrees) <= limit else None
    for name, mark in MARK.items():
        assert read(one, under(one, name), [f"{degrees:f}".replace(".", mark)]) == [expected]


@pytest.mark.parametrize("text", ["007", "12/A", "12 bis", "12/14", "00", "5a"])
def test_a_code_among_numbers_forbids_them(text):
    for one in (INTEGER, NUMBER):
        assert any(re.fullmatch(pattern, text) for pattern in one.never_with)
        assert all(read(one, convention, [text]) == [None] for convention in one.conventions)


@pytest.mark.parametrize("text", ["1,5", "1.5", "0.07", "12.345,6", "1.5E-3", ",5"])
def test_a_decimal_among_whole_numbers_forbids_them(text):
    assert any(re.fullmatch(pattern, text) for pattern in INTEGER.never_with)
    assert all(read(INTEGER, convention, [text]) == [None] for convention in INTEGER.conventions)
