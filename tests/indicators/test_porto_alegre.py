"""The 1,227 hexagons of Porto Alegre, a million and a half pairs: real amounts, minutes by the straight line."""

from __future__ import annotations

import numpy as np
import pytest
from tests.shared import shared_data

from portico.indicators.access.amounts import Amounts
from portico.indicators.access.costs import of_minutes
from portico.indicators.access.decay import Exponential
from portico.indicators.access.floating import competition, two_step
from portico.indicators.access.nearest import nearest
from portico.indicators.access.reach import cumulative, gravity, labour_catchment
from portico.lake.arrays import arrays_of
from portico.lake.engine import Engine

_M_PER_DEGREE = 111_000.0
_M_PER_MINUTE = 300.0


@pytest.fixture(scope="module")
def hexagons():
    """Columns of the hexagons, and minutes between them as the crow flies; two hours and more are not reached."""
    file = shared_data("data", "accessibility", "porto-alegre", "poa_hexgrid.csv")
    with arrays_of(file, Engine()) as table:
        assert table.quantities() == ("population", "schools", "jobs", "healthcare")
        columns = {name: table.numbers(name) for name in ("lon", "lat", *table.quantities())}
        assert len(table.named("id").names) == table.rows == 1227
    east = columns["lon"] * np.cos(np.radians(columns["lat"].mean())) * _M_PER_DEGREE
    north = columns["lat"] * _M_PER_DEGREE
    minutes = np.hypot(east[:, None] - east, north[:, None] - north) / _M_PER_MINUTE
    return columns, np.where(minutes < 90, minutes, np.nan)


def test_counts_and_potentials_equal_the_matrix_written_out(hexagons):
    columns, minutes = hexagons
    people = Amounts.of(columns["population"], "people")
    within = np.where(minutes <= 30, columns["population"], 0.0).sum(axis=1)
    assert (cumulative(of_minutes(minutes), people, 30).value == within).all()
    weights = np.where(np.isnan(minutes), 0.0, np.exp(-0.1 * np.nan_to_num(minutes)))
    found = gravity(of_minutes(minutes), people, Exponential(0.1)).value
    np.testing.assert_allclose(found, weights @ columns["population"], rtol=1e-12)


def test_five_hexagons_whose_jobs_nobody_counted_bound_what_they_are_in_reach_of(hexagons):
    columns, minutes = hexagons
    unknown = np.isnan(columns["jobs"])
    assert unknown.sum() == 5
    found = cumulative(of_minutes(minutes), Amounts.of(columns["jobs"], "jobs"), 15)
    near = (minutes[:, unknown] <= 15).sum(axis=1)
    assert (found.unknown == near).all()
    assert (np.isnan(found.value) == (near > 0)).all()
    assert (found.low == np.where(minutes <= 15, np.nan_to_num(columns["jobs"]), 0.0).sum(axis=1)).all()
    bounded = cumulative(of_minutes(minutes), Amounts.of(columns["jobs"], "jobs", at_most=1000), 15)
    assert (bounded.high == bounded.low + 1000 * near).all()


def test_all_health_care_in_reach_of_anybody_is_shared_out(hexagons):
    columns, minutes = hexagons
    people = Amounts.of(columns["population"], "people")
    care = Amounts.of(columns["healthcare"], "services", at_most=0)
    lived_in = columns["population"] > 0
    for found in (
        two_step(of_minutes(minutes), care, people, 30),
        competition(of_minutes(minutes), care, people, Exponential(0.05)),
    ):
        shared = (found.value[lived_in] * columns["population"][lived_in]).sum()
        assert shared == pytest.approx(np.nansum(columns["healthcare"]))


def test_the_nearest_school_and_the_catchment_agree_with_the_matrix(hexagons):
    columns, minutes = hexagons
    schools = Amounts.of(columns["schools"], "schools")
    there = np.where(columns["schools"] > 0, minutes, np.nan)
    assert (nearest(of_minutes(minutes), schools).to_kth.value == np.nanmin(there, axis=1)).all()
    inbound = of_minutes(minutes).turned()
    found = labour_catchment(inbound, {"people": Amounts.of(columns["population"], "people")})
    totals = np.array([one.scores.value for one in found])
    assert (np.diff(totals, axis=0) >= 0).all()
    assert (totals[0] == np.where(minutes <= 30, columns["population"][:, None], 0.0).sum(axis=0)).all()
