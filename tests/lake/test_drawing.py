"""Places as a map shows them: few, coarse, from the whole file, and honest about it."""

import json
from itertools import pairwise

import pytest
from tests.lakes import put

from portico.database import Database
from portico.errors import UnknownNameError
from portico.lake.drawing import features, place_column
from portico.lake.lake import open_lake
from portico.lake.model import Column, Table, Type

NAME, PLACE = Column("name", Type.TEXT), Column("place", Type.GEOMETRY)


@pytest.fixture
def lake(tmp_path):
    return open_lake(Database(tmp_path / "portico.sqlite"), tmp_path / "lake")


def drawn(lake, rows, most=100, columns=(NAME, PLACE)):
    version = put(lake, Table(columns, rows)).version
    return features(lake, version, version.columns, most=most)


def test_a_place_carries_its_row_and_its_values(lake):
    found = drawn(lake, [("a", "POINT (7.68533331 45.07)"), ("b", None), ("c", "POINT EMPTY")])
    assert found.features == (
        {
            "type": "Feature",
            "id": 1,
            "geometry": {"type": "Point", "coordinates": [7.685333, 45.07]},
            "properties": {"name": "a"},
        },
    )
    assert (found.shown, found.total, found.is_cut) == (1, 1, False)


@pytest.mark.parametrize(("count", "most"), [(10, 3), (100, 7), (101, 100), (7, 7)])
def test_what_is_cut_is_taken_evenly_and_said(lake, count, most):
    found = drawn(lake, [(f"{number:04}", f"POINT ({number / 100} 45)") for number in range(count)], most)
    assert len(found.features) <= most
    assert found.total == count
    assert found.is_cut is (count > most)
    names = [int(one["properties"]["name"]) for one in found.features]
    steps = {after - before for before, after in pairwise(names)}
    assert len(steps) <= 1
    assert names[0] == 0
    assert [one["id"] for one in found.features] == [name + 1 for name in names]


def test_a_fine_line_is_drawn_coarsely_and_a_shape_is_never_lost(lake):
    fine = ", ".join(f"{7 + number / 10_000} {45 + (number % 2) / 1e7}" for number in range(10_000))
    small = "POLYGON ((7 45, 7.00001 45, 7.00001 45.00001, 7 45))"
    found = drawn(lake, [("line", f"LINESTRING ({fine})"), ("small", small), ("null", None)])
    line, area = (one["geometry"] for one in found.features)
    assert len(line["coordinates"]) < 100
    assert line["coordinates"][0] == [7, 45]
    assert len(area["coordinates"][0]) >= 4


def test_a_broken_shape_is_drawn_as_it_is(lake):
    bow = "POLYGON ((0 0, 1 1, 1 0, 0 1, 0 0))"
    (found,) = drawn(lake, [("bow", bow)]).features
    assert found["geometry"]["type"] == "Polygon"


def test_points_kept_as_pairs_are_drawn_too(lake):
    columns = (NAME, Column("where", Type.POINT))
    (found,) = drawn(lake, [("a", (7.5, 45.5))], columns=columns).features
    assert found["geometry"] == {"type": "Point", "coordinates": [7.5, 45.5]}


def test_of_nothing_nothing_is_drawn(lake):
    assert drawn(lake, []).features == ()
    assert drawn(lake, [("a", None)]).total == 0


def test_a_table_without_places_cannot_be_drawn(lake):
    version = put(lake, Table((NAME,), [("a",)])).version
    assert place_column(version) is None
    with pytest.raises(UnknownNameError) as caught:
        features(lake, version, version.columns, most=5)
    assert caught.value.message_id == "dataset-without-places"


def test_what_is_drawn_is_json(lake):
    columns = (Column('o"dd', Type.NUMBER), PLACE)
    found = drawn(lake, [(float("inf"), "GEOMETRYCOLLECTION (POINT (1 2), LINESTRING (1 2, 3 4))")], columns=columns)
    assert json.loads(json.dumps(found.features, allow_nan=False))[0]["properties"] == {'o"dd': None}
