"""Costs portion by portion: the same as at once, in their range, and inbound those of the way to the place."""

from __future__ import annotations

import numpy as np
import pytest
from tests.streets import NORTH, STEP, drawn

from portico.city.model import OnStreets, Travel
from portico.territory.model import Mode
from portico.territory.nearby import UNREACHED
from portico.territory.travel import layered as module
from portico.territory.travel.layered import Asked, layered
from portico.territory.travel.matrix import matrix
from portico.territory.travel.model import Direction, Points, Question
from portico.territory.travel.network import TravelNetwork

PLACES = {"A": (0, 0), "B": (4, 0), "C": (4, 4), "D": (0, 4), "E": (60, 60), "F": (61, 60)}
ONE_WAY = {"highway": "residential", "oneway": "yes"}
WAYS = [("AB", ONE_WAY), ("BC", ONE_WAY), ("CDA", {"highway": "residential"}), ("EF", {"highway": "residential"})]
TRAVEL = Travel(streets=OnStreets(peak_factor=(1.0, 1.5, 2.0)))


@pytest.fixture(scope="module")
def network():
    return TravelNetwork(lambda: drawn(PLACES, WAYS), snap_limit_m=60.0)


def points(*letters):
    lon = np.array([7.0 + PLACES[one][0] * STEP for one in letters])
    return Points(letters, lon, np.array([NORTH + PLACES[one][1] * STEP for one in letters]))


def together(network, asked):
    found = list(layered(network, TRAVEL, asked))
    assert [one.first for one in found] == [0, *(one.until for one in found)][: len(found)]
    return [np.concatenate([one.layers[at] for one in found]) for at in range(len(found[0].layers))]


@pytest.mark.parametrize("mode", [Mode.WALK, Mode.BICYCLE])
@pytest.mark.parametrize("direction", list(Direction))
def test_on_foot_and_by_bicycle_it_is_the_matrix(network, mode, direction):
    judged, others = points("A", "B", "D"), points("C", "D", "A")
    [found] = together(network, Asked(judged, others, Question(mode), direction))
    ends = (judged, others) if direction is Direction.OUTBOUND else (others, judged)
    whole = matrix(network, *ends, Question(mode))[0]
    np.testing.assert_array_equal(found, whole if direction is Direction.OUTBOUND else whole.T)


def test_by_car_the_range_is_that_of_the_peak_and_of_what_is_added(network):
    judged = points("A", "C", "E")
    free = matrix(network, judged, judged, Question(Mode.CAR))[0]
    assert (free >= UNREACHED).sum() == 5, "E lies on a street that nothing else meets"
    found = together(network, Asked(judged, judged, Question(Mode.CAR), Direction.OUTBOUND))
    ranges = zip(TRAVEL.streets.peak_factor, TRAVEL.car.minutes_added, strict=True)
    for layer, (factor, added) in zip(found, ranges, strict=True):
        expected = np.where(free >= UNREACHED, UNREACHED, np.rint(free * factor) + added * 600)
        np.testing.assert_array_equal(layer, expected)
    assert (found[0] <= found[1]).all()
    assert (found[1] <= found[2]).all()


def test_one_way_streets_make_the_ways_there_and_back_differ(network):
    a, b = points("A"), points("B")
    [there] = together(network, Asked(b, a, Question(Mode.CAR), Direction.INBOUND))[:1]
    [back] = together(network, Asked(b, a, Question(Mode.CAR), Direction.OUTBOUND))[:1]
    assert there[0, 0] < back[0, 0] < UNREACHED


@pytest.mark.parametrize("direction", list(Direction))
def test_portions_of_any_size_are_the_same(network, monkeypatch, direction):
    judged = points(*"ABCDEFABCDEF")
    asked = Asked(judged, points(*"CDE"), Question(Mode.CAR), direction)
    whole = together(network, asked)
    monkeypatch.setattr(module, "_FEWEST", 5)
    monkeypatch.setattr(module, "_PAIRS_AT_ONCE", 1)
    assert len(list(layered(network, TRAVEL, asked))) == 3
    np.testing.assert_array_equal(together(network, asked), whole)
