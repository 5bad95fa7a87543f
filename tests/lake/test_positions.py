"""Where rows are, for those who calculate: points as they are, areas by their middle, what is not known left open."""

from __future__ import annotations

import math

import numpy as np
import pytest
from tests.lake.readers.workshops import worded
from tests.lakes import put

from portico.database import Database
from portico.errors import PorticoError
from portico.lake.lake import open_lake
from portico.lake.model import Column, Table, Type
from portico.lake.positions import area, positions

ID, JOBS, PLACE = Column("id", Type.TEXT), Column("jobs", Type.INTEGER, "jobs"), Column("place", Type.GEOMETRY)
ROWS = [
    ("a", 5, "POINT (7 45)"),
    ("b", None, "POLYGON ((7 45, 7.2 45, 7.2 45.2, 7 45.2, 7 45))"),
    ("c", 0, None),
    ("d", 2, "POLYGON ((7.1 45, 7.4 45, 7.4 45.2, 7.1 45.2, 7.1 45))"),
    ("e", 1, "POINT EMPTY"),
]


@pytest.fixture
def lake(tmp_path):
    return open_lake(Database(tmp_path / "portico.sqlite"), tmp_path / "lake")


@pytest.fixture
def version(lake):
    return put(lake, Table((ID, JOBS, PLACE), ROWS)).version


def refused(kind, ask, *what):
    with pytest.raises(PorticoError) as found:
        ask(*what)
    assert found.value.message_id == kind
    worded(found.value)


def test_rows_are_where_their_middle_is(lake, version):
    found = positions(lake, version, "jobs")
    np.testing.assert_allclose(found.lon, [7, 7.1, math.nan, 7.25, math.nan])
    np.testing.assert_allclose(found.lat, [45, 45.1, math.nan, 45.1, math.nan])
    np.testing.assert_allclose(found.amounts, [5, math.nan, 0, 2, 1])
    assert (found.column, len(found)) == (JOBS, 5)
    assert positions(lake, version).amounts is None


def test_points_kept_as_pairs_and_numbers_that_are_none(lake):
    columns = (ID, Column("n", Type.NUMBER), Column("place", Type.POINT))
    version = put(lake, Table(columns, [("a", math.inf, (7.5, 45.5)), ("b", -0.0, None)])).version
    found = positions(lake, version, "n")
    np.testing.assert_array_equal(found.amounts, [math.nan, 0])
    np.testing.assert_array_equal(found.lon, [7.5, math.nan])


def test_areas_are_put_together_and_one_can_be_asked_for(lake, version):
    whole = area(lake, version)
    assert whole["type"] == "Polygon"
    xs = [one[0] for one in whole["coordinates"][0]]
    assert (min(xs), max(xs)) == (7, 7.4)
    alone = area(lake, version, "d")
    assert min(one[0] for one in alone["coordinates"][0]) == 7.1


def test_what_is_not_there_is_refused(lake, version):
    refused("column-unknown", positions, lake, version, "job")
    refused("column-not-numeric", positions, lake, version, "id")
    refused("row-unknown", area, lake, version, "z")
    refused("area-without-areas", area, lake, version, "a")
    nowhere = put(lake, Table((ID, JOBS), [("a", 1)])).version
    refused("dataset-without-places", positions, lake, nowhere)
    refused("dataset-without-places", area, lake, nowhere)
    nameless = put(lake, Table((JOBS, PLACE), [(1, ROWS[1][2])])).version
    refused("row-unknown", area, lake, nameless, "1")
    owing = put(lake, Table((ID, JOBS, PLACE), [("a", 1, "POINT (7 45)"), ("b", -2, None)])).version
    refused("amount-negative", positions, lake, owing, "jobs")
