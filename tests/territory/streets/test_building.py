from __future__ import annotations

import numpy as np
import pytest
from tests.streets import NORTH, STEP, at_node, drawn, independent

from portico.errors import InputError
from portico.territory.model import Mode
from portico.territory.streets.building import build_graph
from portico.territory.streets.model import StreetGraph
from portico.territory.streets.streets import Streets

ROAD = {"highway": "residential"}
SQUARE = {"A": (0, 0), "B": (1, 0), "C": (1, 1), "D": (0, 1), "E": (2, 0)}


def cost(graph: StreetGraph, places: dict[str, tuple[float, float]], start: str, end: str) -> int:
    """Return the cost between two drawn places, by the streets' own search."""
    streets = Streets(graph, snap_limit_m=1.0)
    lon, lat = (
        np.array([base + STEP * places[one][axis] for one in (start, end)]) for axis, base in ((0, 7.0), (1, NORTH))
    )
    points = streets.snap(lon, lat)
    return int(streets.matrix(points.take(slice(0, 1)), points.take(slice(1, 2)))[0, 0])


def test_ways_are_parted_at_junctions_only() -> None:
    streets = drawn({**SQUARE, "F": (0.5, 0.2)}, [("AFB", ROAD), ("BCDA", ROAD), ("BE", ROAD)])
    graph = build_graph(streets, Mode.WALK)
    assert (graph.nodes, graph.edges, graph.arcs) == (3, 3, 6)
    assert sorted(np.diff(graph.shape_first).tolist()) == [2, 3, 4]


def test_a_weight_is_length_over_speed_in_whole_deciseconds() -> None:
    graph = build_graph(drawn(SQUARE, [("AB", ROAD)]), Mode.CAR)
    metres = STEP * 111_195.08 * np.cos(np.radians(NORTH))
    assert graph.weight_ds.tolist() == [round(metres * 36 / 25)] * 2
    assert graph.edge_m[0] == pytest.approx(metres)


def test_who_walks_faster_is_never_later() -> None:
    streets = drawn(SQUARE, [("ABCD", ROAD), ("BE", {"highway": "steps"})])
    slow, fast = (build_graph(streets, Mode.WALK, walk_km_h=speed) for speed in (4.0, 5.0))
    assert (fast.weight_ds <= slow.weight_ds).all()


def test_only_the_largest_part_is_kept_and_the_rest_is_counted() -> None:
    islands = {"X": (9, 9), "Y": (10, 9)}
    graph = build_graph(drawn({**SQUARE, **islands}, [("ABCDA", ROAD), ("XY", ROAD)]), Mode.WALK)
    assert graph.nodes == 1
    assert (graph.about["parts"], graph.about["nodes_left_out"]) == (2, 2)
    assert graph.about["metres_left_out"] == round(STEP * 111_195.08 * np.cos(np.radians(NORTH + 9 * STEP)))


def test_a_way_out_without_a_way_back_is_left_out() -> None:
    graph = build_graph(drawn(SQUARE, [("ABCDA", ROAD), ("BE", {**ROAD, "oneway": "yes"})]), Mode.CAR)
    assert STEP * 2 + 7.0 not in graph.node_lon.tolist()
    assert graph.about["nodes_left_out"] == 1


def test_a_way_over_nodes_that_are_missing_is_parted_there() -> None:
    graph = build_graph(drawn(SQUARE, [("AB?CD", ROAD), ("BC", ROAD)]), Mode.WALK)
    assert graph.edges == 3
    assert graph.edge_m.max() < 120


def test_a_barrier_closes_the_way_for_those_it_stops() -> None:
    streets = drawn({**SQUARE, "F": (0.5, 0)}, [("AFB", ROAD), ("BCDA", ROAD)], barriers={"F": {"barrier": "bollard"}})
    assert cost(build_graph(streets, Mode.WALK), SQUARE, "A", "B") < 1000
    around = cost(build_graph(streets, Mode.CAR), SQUARE, "A", "B")
    direct = cost(build_graph(drawn(SQUARE, [("AB", ROAD), ("BCDA", ROAD)]), Mode.CAR), SQUARE, "A", "B")
    assert around > 2.5 * direct


CROSS = {"A": (0, 0), "O": (1, 0), "B": (2, 0), "N": (1, 1), "F": (0, 3)}
CROSSING = [("AO", ROAD), ("OB", ROAD), ("ON", ROAD), ("AFN", ROAD), ("NB", ROAD)]


@pytest.mark.parametrize(
    ("kind", "way_out", "start", "end", "changes"),
    [
        ("no_left_turn", 2, "A", "N", True),
        ("no_left_turn", 2, "B", "N", False),
        ("no_left_turn", 2, "A", "B", False),
        ("only_straight_on", 1, "A", "N", True),
        ("only_straight_on", 1, "A", "B", False),
        ("no_straight_on", 1, "A", "B", True),
        ("no_u_turn", 0, "A", "B", False),
    ],
)
def test_a_forbidden_turn_costs_a_way_round_and_only_from_there(
    kind: str, way_out: int, start: str, end: str, changes: bool
) -> None:
    free = build_graph(drawn(CROSS, CROSSING), Mode.CAR)
    bound = build_graph(drawn(CROSS, CROSSING, restrictions=[(kind, 0, "O", way_out)]), Mode.CAR)
    assert bound.about["restrictions"] == 1
    assert (cost(bound, CROSS, start, end) > cost(free, CROSS, start, end)) is changes
    assert cost(
        build_graph(drawn(CROSS, CROSSING, restrictions=[(kind, 0, "O", way_out)]), Mode.WALK), CROSS, start, end
    ) == (cost(build_graph(drawn(CROSS, CROSSING), Mode.WALK), CROSS, start, end))


def test_a_restriction_whose_ways_do_not_meet_is_counted_as_left_out() -> None:
    graph = build_graph(drawn(CROSS, CROSSING, restrictions=[("no_left_turn", 0, "O", 3)]), Mode.CAR)
    assert (graph.about["restrictions"], graph.about["restrictions_left_out"]) == (0, 1)


def test_two_restrictions_at_one_junction_hold_together() -> None:
    both = [("no_left_turn", 0, "O", 2), ("no_straight_on", 0, "O", 1)]
    graph = build_graph(drawn(CROSS, CROSSING, restrictions=both), Mode.CAR)
    free = build_graph(drawn(CROSS, CROSSING), Mode.CAR)
    for end in "NB":
        assert cost(graph, CROSS, "A", end) > cost(free, CROSS, "A", end)
    oracle = independent(graph, np.arange(graph.nodes))
    assert (oracle < 2**30).all()


def test_a_ferry_takes_its_stated_time_over_the_whole_way() -> None:
    streets = drawn(SQUARE, [("AB", ROAD), ("BCE", {"route": "ferry", "duration": "00:20"}), ("CD", ROAD)])
    assert cost(build_graph(streets, Mode.WALK), SQUARE, "B", "E") == pytest.approx(12_000, abs=2)


def test_streets_without_a_way_for_the_mode_are_refused_by_name() -> None:
    with pytest.raises(InputError) as caught:
        build_graph(drawn(SQUARE, [("AB", {"highway": "steps"})]), Mode.CAR, name="steps.osm.pbf")
    assert caught.value.values == {"file": "steps.osm.pbf", "mode": "car"}


def test_the_order_of_ways_does_not_matter() -> None:
    ways = [*CROSSING, ("BE", ROAD)]
    places = {**CROSS, "E": (3, 0)}
    one, other = build_graph(drawn(places, ways), Mode.CAR), build_graph(drawn(places, ways[::-1]), Mode.CAR)
    for graph in (one, other):
        assert at_node(graph, 7.0, NORTH) >= 0
    pairs = [(start, end) for start in places for end in places]
    assert [cost(one, places, *pair) for pair in pairs] == [cost(other, places, *pair) for pair in pairs]
