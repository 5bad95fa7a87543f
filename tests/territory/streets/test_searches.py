from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.shared import needs_shared, shared_data
from tests.streets import drawn, independent

from portico.lake.readers.osm_streets import OsmStreets
from portico.territory.model import Mode
from portico.territory.nearby import UNREACHED, Nearby
from portico.territory.streets.building import build_graph
from portico.territory.streets.model import Snapped
from portico.territory.streets.reading import read_streets
from portico.territory.streets.streets import Streets

EXTRACTS = (
    "laquila/aq.pbf",
    "porto/porto_portugal.osm.pbf",
    "porto-alegre/poa_osm.pbf",
    "helsinki/Helsinki.osm.pbf",
    "torino/collegno.graphml",
)
MODES = (Mode.WALK, Mode.BICYCLE, Mode.CAR)


@cache
def streets_of(extract: str, mode: Mode) -> Streets:
    return Streets(build_graph(ways_of(extract), mode))


@cache
def ways_of(extract: str) -> OsmStreets:
    return read_streets(shared_data("data", "osm", *extract.split("/")))


def nodes_as_seeds(nodes: np.ndarray) -> Nearby:
    return Nearby(np.arange(len(nodes) + 1), nodes.astype(np.int32), np.zeros(len(nodes), dtype=np.int32))


def some_points(streets: Streets, count: int, seed: int) -> Snapped:
    """Return points beside the streets, some of them on one street."""
    chance = np.random.default_rng(seed)
    graph = streets.graph
    at = chance.integers(0, len(graph.shape_lon), count)
    lon = graph.shape_lon[at] + chance.normal(0, 2e-4, count)
    lat = graph.shape_lat[at] + chance.normal(0, 2e-4, count)
    lon[1], lat[1] = lon[0] + 1e-5, lat[0]
    return streets.snap(lon, lat)


@needs_shared("data", "osm")
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("extract", EXTRACTS)
def test_every_cost_equals_an_independent_dijkstra(extract: str, mode: Mode) -> None:
    streets = streets_of(extract, mode)
    sources = np.unique(np.linspace(0, streets.graph.nodes - 1, 12).astype(np.int64))
    seeds = nodes_as_seeds(sources)
    there = streets._to_nodes(seeds, streets.hierarchy)
    back = streets._to_nodes(seeds, streets.hierarchy.backward)
    assert np.array_equal(there, independent(streets.graph, sources))
    assert np.array_equal(back, independent(streets.graph, sources, backward=True))


@needs_shared("data", "osm")
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("extract", EXTRACTS)
def test_a_matrix_between_points_equals_the_ways_told_street_by_street(extract: str, mode: Mode) -> None:
    streets = streets_of(extract, mode)
    points = some_points(streets, 24, seed=7)
    costs = streets.matrix(points, points)
    for origin in range(0, len(points), 5):
        for destination in range(1, len(points), 4):
            way = streets.way(points.take(slice(origin, origin + 1)), points.take(slice(destination, destination + 1)))
            assert (way.cost_ds if way else UNREACHED) == costs[origin, destination]
            if way and way.cost_ds:
                ends = points.connector_ds[origin] + points.connector_ds[destination]
                assert sum(step.cost_ds for step in way.steps) + ends == way.cost_ds


@needs_shared("data", "osm")
def test_chunks_order_and_company_do_not_change_a_cost() -> None:
    streets = streets_of("helsinki/Helsinki.osm.pbf", Mode.CAR)
    points = some_points(streets, 70, seed=3)
    costs = streets.matrix(points, points)
    order = np.random.default_rng(5).permutation(len(points))
    assert np.array_equal(streets.matrix(points.take(order), points), costs[order])
    assert np.array_equal(streets.matrix(points, points.take(order)), costs[:, order])
    assert np.array_equal(streets.matrix(points.take(slice(4, 5)), points), costs[4:5])
    joined = [costs for _, costs in streets.rows(points, points)]
    assert np.array_equal(np.concatenate(joined), costs)


@needs_shared("data", "osm")
def test_what_lies_within_a_limit_is_what_the_matrix_says() -> None:
    streets = streets_of("helsinki/Helsinki.osm.pbf", Mode.WALK)
    points = some_points(streets, 40, seed=11)
    costs = streets.matrix(points, points)
    near = streets.within(points, points, 3000)
    for origin in range(len(points)):
        index, cost = near.of(origin)
        assert index.tolist() == np.flatnonzero(costs[origin] <= 3000).tolist()
        assert cost.tolist() == costs[origin, index].tolist()


@needs_shared("data", "osm")
def test_coming_in_is_going_out_with_every_arc_turned_round() -> None:
    streets = streets_of("porto-alegre/poa_osm.pbf", Mode.CAR)
    points = some_points(streets, 10, seed=2)
    none = np.zeros(1, dtype=np.int32)
    each = [points.take(slice(at, at + 1)) for at in range(len(points))]
    inward = np.stack([streets.spread(one, none, inbound=True) for one in each])
    chosen = np.linspace(0, streets.graph.nodes - 1, 40).astype(np.int64)
    outward = streets._to_nodes(nodes_as_seeds(chosen), streets.hierarchy)
    from portico.territory.streets.ends import ends_of

    goals = ends_of(streets.graph, streets._arcs, points, leaving=False)
    for point in range(len(points)):
        index, cost = goals.of(point)
        assert np.array_equal(inward[point, chosen], (outward[:, index] + cost).min(axis=1))


@needs_shared("data", "osm")
def test_samples_along_the_streets_cost_what_the_matrix_says() -> None:
    streets = streets_of("laquila/aq.pbf", Mode.WALK)
    point = some_points(streets, 3, seed=9).take(slice(2, 3))
    for inbound in (False, True):
        found = streets.samples(point, 9000, inbound=inbound)
        assert len(found.lon) > 100
        assert found.cost_ds.max() <= 9000
        again = streets.snap(found.lon, found.lat)
        costs = streets.matrix(again, point)[:, 0] if inbound else streets.matrix(point, again)[0]
        # Where a bridge crosses a street the nearest one may be the other.
        assert np.quantile(np.abs(costs - found.cost_ds), 0.99) <= 2


LETTERS = "ABCDEFGHIJ"


@st.composite
def random_streets(draw: st.DrawFn) -> Streets:
    places = {
        letter: (draw(st.integers(0, 6)) + 0.1 * nth, draw(st.integers(0, 6))) for nth, letter in enumerate(LETTERS)
    }
    tags = st.sampled_from(
        [
            {"highway": "residential"},
            {"highway": "primary", "oneway": "yes"},
            {"highway": "service"},
            {"highway": "tertiary"},
        ]
    )
    line = st.lists(st.sampled_from(LETTERS), min_size=2, max_size=5).map("".join)
    ways = draw(st.lists(st.tuples(line, tags), min_size=4, max_size=14))
    ways += [("".join(LETTERS), {"highway": "secondary"})]
    kinds = st.sampled_from(["no_left_turn", "only_straight_on", "no_u_turn"])
    turn = st.tuples(kinds, st.integers(0, len(ways) - 1), st.sampled_from(LETTERS), st.integers(0, len(ways) - 1))
    return Streets(build_graph(drawn(places, ways, restrictions=draw(st.lists(turn, max_size=4))), Mode.CAR))


@given(random_streets())
def test_any_streets_at_all_agree_with_the_independent_search(streets: Streets) -> None:
    every = np.arange(streets.graph.nodes)
    found = streets._to_nodes(nodes_as_seeds(every), streets.hierarchy)
    assert np.array_equal(found, independent(streets.graph, every))


@given(random_streets(), st.integers(0, 1000))
def test_between_any_points_the_triangle_holds_at_nodes_and_ways_cost_the_matrix(streets: Streets, seed: int) -> None:
    points = some_points(streets, 6, seed)
    costs = streets.matrix(points, points).astype(np.int64)
    assert (np.diag(costs) == 0).all()
    for start in range(6):
        for end in range(6):
            way = streets.way(points.take(slice(start, start + 1)), points.take(slice(end, end + 1)))
            assert way is not None
            assert way.cost_ds == costs[start, end]
