"""Cells of a territory: none twice, none forgotten, each place in one of them, and no surprise in their number."""

from __future__ import annotations

import itertools
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.lake.readers.workshops import worded

from portico.errors import PorticoError, UsageError
from portico.geo import Box
from portico.lake.engine import Engine
from portico.territory.cells import (
    NOWHERE,
    Cells,
    cells_at,
    cells_of_area,
    cells_of_box,
    cells_of_ids,
    estimated_cells,
    fitting_resolution,
)

ENGINE = Engine()
BOX = Box(7.60, 45.00, 7.75, 45.12)
LON, LAT = st.floats(7.5, 7.85), st.floats(44.95, 45.17)


def ring(*corners):
    return [*[list(one) for one in corners], list(corners[0])]


def square(west, south, side):
    return ring((west, south), (west + side, south), (west + side, south + side), (west, south + side))


def polygon(*rings):
    return {"type": "Polygon", "coordinates": list(rings)}


def refused(kind, ask, *what, **told):
    with pytest.raises(PorticoError) as found:
        ask(*what, **told)
    assert found.value.message_id == kind
    worded(found.value)
    return found.value


def inside(geometry, lon, lat):
    with ENGINE.cursor(spatial=True) as cursor:
        query = "SELECT ST_Contains(ST_GeomFromGeoJSON(?), ST_Point(?, ?))"
        return cursor.execute(query, [json.dumps(geometry), lon, lat]).fetchone()[0]


def test_a_box_has_the_cells_whose_centres_lie_in_it():
    cells = cells_of_box(BOX, 8)
    lon, lat = cells.centres
    assert ((lon > BOX.west) & (lon < BOX.east) & (lat > BOX.south) & (lat < BOX.north)).all()
    around = cells_of_box(Box(BOX.west - 0.05, BOX.south - 0.05, BOX.east + 0.05, BOX.north + 0.05), 8)
    far_lon, far_lat = around.centres
    within = (far_lon > BOX.west) & (far_lon < BOX.east) & (far_lat > BOX.south) & (far_lat < BOX.north)
    assert set(around.index[within].tolist()) == set(cells.index.tolist())


@settings(max_examples=20)
@given(st.floats(7.4, 7.9), st.floats(44.8, 45.3), st.floats(0.02, 0.3), st.sampled_from([6, 7, 8, 9]))
def test_the_estimate_is_near_what_comes(west, south, side, resolution):
    geometry = polygon(square(west, south, side))
    count, about = len(cells_of_area(geometry, resolution)), estimated_cells(geometry, resolution)
    # A border crosses some cells whose centres may lie on either side.
    assert abs(count - about) <= 3 + 3 * count**0.5


def test_areas_that_share_a_border_share_no_cell_and_leave_none_out():
    west, east = Box(7.60, 45.00, 7.68, 45.12), Box(7.68, 45.00, 7.75, 45.12)
    parts = [set(cells_of_box(one).index.tolist()) for one in (west, east)]
    assert not parts[0] & parts[1]
    assert parts[0] | parts[1] == set(cells_of_box(BOX).index.tolist())


def test_a_hole_is_left_out_and_parts_are_put_together():
    hole = square(7.65, 45.04, 0.03)
    whole = polygon(ring((7.6, 45.0), (7.75, 45.0), (7.75, 45.12), (7.6, 45.12)))
    holed = {"type": "Polygon", "coordinates": [*whole["coordinates"], hole[::-1]]}
    every, around, within = (set(cells_of_area(one).index.tolist()) for one in (whole, holed, polygon(hole)))
    assert around == every - within
    both = {"type": "MultiPolygon", "coordinates": [holed["coordinates"], [hole]]}
    assert set(cells_of_area(both).index.tolist()) == every
    assert estimated_cells(both) == pytest.approx(estimated_cells(whole), abs=1)


@given(LON, LAT)
def test_a_place_lies_in_the_cell_that_is_drawn_around_it(lon, lat):
    index = cells_at(np.array([lon]), np.array([lat]))
    cells = Cells(index, 9)
    drawn = polygon(cells.boundary(0))
    assert inside(drawn, lon, lat) or abs(_distance_to_border(drawn, lon, lat)) < 1e-6
    centre_lon, centre_lat = cells.centres
    assert inside(drawn, float(centre_lon[0]), float(centre_lat[0]))


def _distance_to_border(geometry, lon, lat):
    with ENGINE.cursor(spatial=True) as cursor:
        query = "SELECT ST_Distance(ST_Boundary(ST_GeomFromGeoJSON(?)), ST_Point(?, ?))"
        return cursor.execute(query, [json.dumps(geometry), lon, lat]).fetchone()[0]


def test_boundaries_are_closed_run_counter_clockwise_and_are_read_as_wkt():
    cells = cells_of_box(BOX, 7)
    for which, text in zip(range(len(cells)), cells.wkt(), strict=True):
        corners = cells.boundary(which)
        assert corners[0] == corners[-1]
        assert sum(a[0] * b[1] - b[0] * a[1] for a, b in itertools.pairwise(corners)) > 0
        with ENGINE.cursor(spatial=True) as cursor:
            read = cursor.execute("SELECT ST_IsValid(ST_GeomFromText(?))", [text]).fetchone()
        assert read == (True,)


def test_cells_stand_in_order_once_each_and_keep_their_names():
    cells = cells_of_box(BOX)
    assert (np.diff(cells.index.astype(np.int64)) > 0).all()
    again = cells_of_ids([*cells.ids[::-1], cells.ids[0]])
    assert again.resolution == 9
    assert (again.index == cells.index).all()
    assert cells.ids[0].startswith("89")


@given(st.lists(st.tuples(LON, LAT, st.one_of(st.integers(0, 50).map(float), st.just(float("nan")))), max_size=40))
def test_everything_gathered_adds_up(points):
    lon, lat, amount = (np.array([one[part] for one in points], dtype=float) for part in range(3))
    cells = cells_of_box(BOX, 8)
    found = cells.gathered(lon, lat, amount)
    which = cells.which(lon, lat)
    assert found.places.sum() + found.outside == len(points)
    assert found.unplaced == 0
    assert found.amount.sum() == pytest.approx(np.nansum(amount[which >= 0]))
    assert found.unknown.sum() == np.isnan(amount[which >= 0]).sum()
    for cell in np.unique(which[which >= 0]):
        assert found.places[cell] == (which == cell).sum()
        assert found.amount[cell] == pytest.approx(np.nansum(amount[which == cell]))
    assert (cells.gathered(lon, lat).amount == found.places).all()


def test_points_that_are_no_places_are_counted_apart():
    lon = np.array([7.65, np.nan, np.inf, 7.65, 181.0, 12.0])
    lat = np.array([45.05, 45.0, 45.0, 91.0, 45.0, 42.0])
    found = cells_of_box(BOX).gathered(lon, lat)
    assert (int(found.places.sum()), found.outside, found.unplaced) == (1, 1, 4)
    assert cells_at(lon, lat)[1] == NOWHERE


def test_no_cells_gather_nothing():
    cells = cells_of_ids([])
    found = cells.gathered(np.array([7.65]), np.array([45.05]))
    assert (len(found.places), found.outside) == (0, 1)
    assert [len(one) for one in cells.centres] == [0, 0]


def test_an_area_smaller_than_a_cell_is_covered_where_that_is_asked():
    dot = polygon(square(7.65001, 45.05001, 0.0002))
    covered = cells_of_area(dot, 7, covering=True)
    assert len(covered) == 1
    assert (covered.which(np.array([7.6501]), np.array([45.0501])) == 0).all()
    assert len(cells_of_area(dot, 7)) in (0, 1)
    assert set(cells_of_box(BOX).index.tolist()) < set(cells_of_box(BOX, covering=True).index.tolist())


def test_too_many_cells_are_refused_before_they_are_made_with_a_resolution_that_fits():
    error = refused("cells-too-many", cells_of_box, Box(6, 36, 19, 47), 12)
    assert error.values["about"] == pytest.approx(4.2e9, rel=0.2)
    assert estimated_cells(Box(6, 36, 19, 47), error.values["coarser"]) <= error.values["most"]
    assert estimated_cells(Box(6, 36, 19, 47), error.values["coarser"] + 1) > error.values["most"]
    assert refused("cells-too-many", cells_of_box, BOX, 9, most=10).values["coarser"] == 6


@pytest.mark.parametrize("resolution", [-1, 16])
def test_a_resolution_that_is_none_is_wrong_usage(resolution):
    assert isinstance(refused("resolution-unknown", cells_of_box, BOX, resolution), UsageError)


@pytest.mark.parametrize(
    ("geometry", "kind"),
    [
        ({"type": "Point", "coordinates": [7.6, 45.0]}, "area-no-polygon"),
        ({}, "area-no-polygon"),
        (polygon(), "area-unreadable"),
        (polygon(ring((7.6, 45.0), (7.7, 45.0))), "area-unreadable"),
        ({"type": "Polygon", "coordinates": [[["x", "y"]] * 4]}, "area-unreadable"),
        ({"type": "Polygon", "coordinates": 5}, "area-unreadable"),
        ({"type": "MultiPolygon"}, "area-unreadable"),
        (polygon(square(395_000.0, 4_990_000.0, 1000.0)), "area-not-in-the-world"),
        (polygon(ring((7.6, 45.0), (float("nan"), 45.0), (7.7, 45.1))), "area-not-in-the-world"),
    ],
)
def test_an_area_that_is_none_is_one_sentence(geometry, kind):
    refused(kind, cells_of_area, geometry)


def test_names_that_are_no_cells_are_refused():
    refused("cell-unknown", cells_of_ids, ["nowhere"])
    refused("cell-unknown", cells_of_ids, ["89ffffffffffff0"])
    refused("cells-of-many-sizes", cells_of_ids, [cells_of_box(BOX, 7).ids[0], cells_of_box(BOX, 8).ids[0]])


def test_cells_together_make_the_area_they_are_found_in_again():
    """With a hole, and with parts that lie apart."""
    cells = cells_of_box(BOX, 8)
    middle = len(cells) // 2
    around = cells.around(middle, 1)
    ring = np.array([int(one) in around and place != middle for place, one in enumerate(cells.index)])
    ring[0] = True
    outline = cells.outline(ring)
    assert outline["type"] == "MultiPolygon"
    assert sorted(len(polygon) for polygon in outline["coordinates"]) == [1, 2]
    assert all(one[0] == one[-1] for polygon in outline["coordinates"] for one in polygon)
    assert cells_of_area(outline, 8).index.tolist() == cells.index[ring].tolist()
    assert cells.outline(np.zeros(len(cells), dtype=bool)) is None


def test_around_a_cell_are_its_neighbours_step_by_step():
    cells = cells_of_box(BOX, 8)
    assert [len(cells.around(len(cells) // 2, steps)) for steps in range(4)] == [1, 7, 19, 37]


def test_half_a_cell_is_the_radius_of_a_disc_as_large():
    assert cells_of_box(BOX, 8).half_m == pytest.approx(7**0.5 * cells_of_box(BOX, 9).half_m, rel=0.01)
    assert Cells(np.empty(0, dtype=np.uint64), 8).half_m == 0


@pytest.mark.parametrize("most", [1, 100, 20_000])
def test_the_resolution_that_fits_is_the_finest(most):
    found = fitting_resolution(BOX, most, finest=12)
    assert estimated_cells(BOX, found) <= most
    assert found == 12 or estimated_cells(BOX, found + 1) > most
