from __future__ import annotations

from tests.streets import NORTH, STEP, drawn

from portico.geo import Box
from portico.territory.model import Mode
from portico.territory.streets.building import build_graph
from portico.territory.streets.main import main_streets
from portico.territory.streets.model import StreetGraph

PLACES = {"A": (0, 0), "B": (20, 0), "C": (0, 10), "D": (20, 10), "E": (0, 11), "F": (6, 11)}
WIDE = Box(6.9, 44.9, 7.1, 45.1)


def graph() -> StreetGraph:
    ways = [
        ("AB", {"highway": "primary", "maxspeed": "90"}),
        ("CD", {"highway": "residential"}),
        ("AC", {"highway": "residential"}),
        ("BD", {"highway": "residential"}),
        ("CEF", {"highway": "residential"}),
    ]
    return build_graph(drawn(PLACES, ways), Mode.CAR)


def test_where_there_is_room_every_street_is_drawn() -> None:
    made = graph()
    assert len(main_streets(made, WIDE)) == made.edges


def test_with_little_room_the_fastest_are_drawn_whole() -> None:
    found = main_streets(graph(), WIDE, most_points=3)
    assert [sorted(line) for line in found] == [[[7.0, NORTH], [round(7.0 + 20 * STEP, 5), NORTH]]]


def test_of_the_fastest_that_are_too_many_the_longest_are_drawn() -> None:
    one_class = build_graph(
        drawn(PLACES, [(line, {"highway": "residential"}) for line in ("AB", "CD", "AC", "BD")]), Mode.CAR
    )
    found = main_streets(one_class, WIDE, most_points=4)
    assert len(found) == 2
    assert all(abs(line[0][0] - line[-1][0]) > 15 * STEP for line in found)


def test_streets_outside_are_left_out() -> None:
    assert main_streets(graph(), Box(8.0, 44.9, 8.1, 45.1)) == []
