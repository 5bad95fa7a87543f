"""Numbers in classes: none lost, none in two, as even as they can be, and what is not known apart."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.lake.readers.workshops import worded
from tests.lakes import NUMBERS, put

from portico.database import Database
from portico.errors import PorticoError
from portico.lake.classes import classes, numeric
from portico.lake.lake import open_lake
from portico.lake.model import Column, Table, Type

ID, VALUE = Column("id", Type.TEXT), Column("value", Type.NUMBER, "m")


def of(lake, values, **how):
    table = Table((ID, VALUE), [(str(place), value) for place, value in enumerate(values)])
    return classes(lake, put(lake, table).version, "value", **how)


@pytest.fixture
def lake(tmp_path):
    return open_lake(Database(tmp_path / "portico.sqlite"), tmp_path / "lake")


def plain(found):
    return [(one.low, one.high, one.count) for one in found.classes]


def test_classes_have_as_many_rows_each(lake):
    found = of(lake, [float(one) for one in range(1, 101)])
    assert plain(found) == [(1, 20, 20), (21, 40, 20), (41, 60, 20), (61, 80, 20), (81, 100, 20)]
    assert found.breaks == (21, 41, 61, 81)
    assert (found.unknown, found.column.unit) == (0, "m")


def test_a_least_value_that_many_hold_stands_alone(lake):
    found = of(lake, [0.0] * 60 + [float(one) for one in range(1, 41)])
    assert plain(found) == [(0, 0, 60), (1, 10, 10), (11, 20, 10), (21, 30, 10), (31, 40, 10)]


def test_what_is_not_known_is_counted_apart_and_values_that_are_all_alike_are_one_class(lake):
    assert plain(of(lake, [None, 2.0, math.inf, 2.0])) == [(2, 2, 2)]
    assert of(lake, [None, 2.0, math.inf, 2.0]).unknown == 2
    nothing = of(lake, [None, None])
    assert (nothing.classes, nothing.unknown, nothing.breaks) == ((), 2, ())
    assert of(lake, []).classes == ()


@given(st.lists(st.none() | NUMBERS | st.integers(0, 3).map(float), max_size=60), st.integers(1, 6))
@settings(max_examples=25)
def test_every_number_is_in_one_class(tmp_path_factory, values, most):
    folder = tmp_path_factory.mktemp("classes")
    found = of(open_lake(Database(folder / "portico.sqlite"), folder / "lake"), values, most=most)
    known = [one for one in values if one is not None]
    assert len(found.classes) <= max(most, 2)
    assert sum(one.count for one in found.classes) == len(known)
    assert found.unknown == len(values) - len(known)
    for one in found.classes:
        assert sum(one.low <= value <= one.high for value in known) == one.count > 0
    assert list(found.breaks) == sorted(set(found.breaks))


def test_only_numbers_can_be_classed(lake):
    version = put(lake, Table((ID, VALUE), [("a", 1.0)])).version
    assert numeric(version) == (VALUE,)
    for name, kind in (("id", "column-not-numeric"), ("valu", "column-unknown")):
        with pytest.raises(PorticoError) as found:
            classes(lake, version, name)
        assert found.value.message_id == kind
        worded(found.value)
