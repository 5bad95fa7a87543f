from __future__ import annotations

import numpy as np
import pytest
from tests.streets import NORTH, STEP, drawn

from portico.territory.model import Mode
from portico.territory.nearby import UNREACHED
from portico.territory.streets.building import build_graph
from portico.territory.streets.model import M_PER_DEGREE, StreetGraph
from portico.territory.streets.streets import Streets

ROAD = {"highway": "residential"}
PLACES = {"A": (0, 0), "B": (10, 0), "C": (10, 10)}


def graph() -> StreetGraph:
    return build_graph(drawn(PLACES, [("AB", ROAD), ("BC", ROAD)]), Mode.WALK)


def brute(made: StreetGraph, lon: float, lat: float) -> float:
    """Return the metres to the nearest segment, asked of every one."""
    squeeze = np.cos(np.radians(lat))
    best = np.inf
    for edge in range(made.edges):
        shape = slice(made.shape_first[edge], made.shape_first[edge + 1])
        x, y = (made.shape_lon[shape] - lon) * M_PER_DEGREE * squeeze, (made.shape_lat[shape] - lat) * M_PER_DEGREE
        for at in range(len(x) - 1):
            dx, dy = x[at + 1] - x[at], y[at + 1] - y[at]
            share = np.clip(-(x[at] * dx + y[at] * dy) / (dx * dx + dy * dy), 0, 1)
            best = min(best, float(np.hypot(x[at] + share * dx, y[at] + share * dy)))
    return best


def test_a_point_goes_to_the_nearest_place_on_a_street() -> None:
    streets = Streets(graph())
    found = streets.snap(np.array([7.0 + 5 * STEP]), np.array([NORTH + 0.5 * STEP]))
    assert found.is_on_street.all()
    assert found.connector_m[0] == pytest.approx(0.5 * STEP * M_PER_DEGREE, rel=1e-6)
    assert found.offset_m[0] == pytest.approx(streets.graph.edge_m[found.edge[0]] / 2, rel=1e-6)
    assert found.connector_ds[0] == round(found.connector_m[0] * 36 / 4.5)


def test_beyond_the_limit_there_is_no_street_and_no_way() -> None:
    streets = Streets(graph(), snap_limit_m=100.0)
    points = streets.snap(np.array([7.0, 7.0]), np.array([NORTH, NORTH + 2 * STEP]))
    assert points.edge.tolist() == [0, -1]
    assert streets.matrix(points, points).tolist() == [[0, UNREACHED], [UNREACHED, UNREACHED]]
    assert streets.way(points.take(slice(0, 1)), points.take(slice(1, 2))) is None


@pytest.mark.parametrize(
    ("lon", "lat"),
    [(np.nan, 45.0), (7.0, np.nan), (np.inf, 45.0), (7.0, 90.0), (-170.0, 45.0), (7.0, -45.0), (181, 45)],
)
def test_what_is_nowhere_or_far_away_lies_on_no_street(lon: float, lat: float) -> None:
    streets = Streets(graph())
    assert streets.snap(np.array([lon]), np.array([lat])).edge.tolist() == [-1]
    assert len(streets.samples(streets.snap(np.array([lon]), np.array([lat])), 600).lon) == 0


def test_the_grid_finds_what_asking_every_segment_finds() -> None:
    chance = np.random.default_rng(4)
    places = {chr(65 + nth): (float(x), float(y)) for nth, (x, y) in enumerate(chance.uniform(0, 30, (20, 2)))}
    ways = [("".join(chance.choice(sorted(places), 3, replace=False)), ROAD) for _ in range(15)]
    made = build_graph(drawn(places, [*ways, ("".join(sorted(places)), ROAD)]), Mode.WALK)
    streets = Streets(made, snap_limit_m=800.0)
    lon, lat = 7.0 + STEP * chance.uniform(-8, 38, 200), NORTH + STEP * chance.uniform(-8, 38, 200)
    found = streets.snap(lon, lat)
    for at in range(200):
        metres = brute(made, lon[at], lat[at])
        if metres <= 800.0:
            assert found.connector_m[at] == pytest.approx(metres, abs=1e-6)
        else:
            assert found.edge[at] == -1
