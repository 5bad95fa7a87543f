from __future__ import annotations

import pytest

from portico.territory.model import Mode
from portico.territory.streets.rules import blocks, exempts, passage

OPEN_TO = {
    "motorway": {Mode.CAR},
    "trunk": {Mode.CAR},
    "primary": {Mode.CAR, Mode.BICYCLE, Mode.WALK},
    "residential": {Mode.CAR, Mode.BICYCLE, Mode.WALK},
    "living_street": {Mode.CAR, Mode.BICYCLE, Mode.WALK},
    "service": {Mode.CAR, Mode.BICYCLE, Mode.WALK},
    "track": {Mode.BICYCLE, Mode.WALK},
    "cycleway": {Mode.BICYCLE, Mode.WALK},
    "footway": {Mode.BICYCLE, Mode.WALK},
    "pedestrian": {Mode.BICYCLE, Mode.WALK},
    "steps": {Mode.WALK},
    "path": {Mode.BICYCLE, Mode.WALK},
    "construction": set(),
    "proposed": set(),
    "raceway": set(),
    "bus_guideway": set(),
}
MODES = (Mode.WALK, Mode.BICYCLE, Mode.CAR)


@pytest.mark.parametrize("kind", OPEN_TO)
def test_each_class_is_open_to_those_whom_italian_law_lets_in(kind: str) -> None:
    assert {mode for mode in MODES if passage({"highway": kind}, mode).is_open} == OPEN_TO[kind]


@pytest.mark.parametrize(
    ("tags", "forward", "backward"),
    [
        ({"oneway": "yes"}, True, False),
        ({"oneway": "-1"}, False, True),
        ({"oneway": "no", "junction": "roundabout"}, True, True),
        ({"junction": "roundabout"}, True, False),
        ({"junction": "circular"}, True, False),
        ({"oneway": "reversible"}, False, False),
        ({}, True, True),
    ],
)
def test_cars_keep_to_the_direction(tags: dict[str, str], forward: bool, backward: bool) -> None:
    found = passage({"highway": "residential", **tags}, Mode.CAR)
    assert (found.forward_km_h > 0, found.backward_km_h > 0) == (forward, backward)


def test_a_motorway_leads_one_way_unless_it_says_otherwise() -> None:
    assert passage({"highway": "motorway"}, Mode.CAR).backward_km_h == 0
    assert passage({"highway": "motorway", "oneway": "no"}, Mode.CAR).backward_km_h > 0


def test_who_walks_may_go_against_the_traffic_and_who_rides_only_where_it_is_said() -> None:
    street = {"highway": "residential", "oneway": "yes"}
    assert passage(street, Mode.WALK).backward_km_h > 0
    assert passage(street, Mode.BICYCLE).backward_km_h == 0
    assert passage({**street, "oneway:bicycle": "no"}, Mode.BICYCLE).backward_km_h > 0
    assert passage({**street, "cycleway": "opposite_lane"}, Mode.BICYCLE).backward_km_h > 0


@pytest.mark.parametrize(
    ("tags", "mode", "is_open"),
    [
        ({"highway": "service", "access": "private"}, Mode.CAR, False),
        ({"highway": "service", "access": "private", "motorcar": "yes"}, Mode.CAR, True),
        ({"highway": "residential", "motor_vehicle": "no"}, Mode.CAR, False),
        ({"highway": "residential", "motor_vehicle": "no"}, Mode.WALK, True),
        ({"highway": "residential", "vehicle": "no"}, Mode.BICYCLE, False),
        ({"highway": "residential", "access": "no", "foot": "yes"}, Mode.WALK, True),
        ({"highway": "service", "access": "destination"}, Mode.CAR, True),
        ({"highway": "track", "motor_vehicle": "yes"}, Mode.CAR, True),
        ({"highway": "pedestrian", "area": "yes"}, Mode.WALK, True),
        ({"highway": "residential", "foot": "use_sidepath"}, Mode.WALK, False),
        ({"highway": "trunk", "foot": "yes"}, Mode.WALK, True),
        ({"highway": "trunk", "sidewalk": "both"}, Mode.WALK, True),
        ({"highway": "trunk", "bicycle": "designated"}, Mode.BICYCLE, True),
        ({"highway": "primary", "motorroad": "yes"}, Mode.WALK, False),
        ({"highway": "steps", "ramp:bicycle": "yes"}, Mode.BICYCLE, True),
        ({"route": "ferry"}, Mode.WALK, True),
        ({"route": "ferry"}, Mode.CAR, False),
        ({"route": "ferry", "motor_vehicle": "yes"}, Mode.CAR, True),
    ],
)
def test_the_most_special_key_decides(tags: dict[str, str], mode: Mode, is_open: bool) -> None:
    assert passage(tags, mode).is_open is is_open


def test_a_limit_is_driven_in_part_and_never_makes_a_yard_fast() -> None:
    assert passage({"highway": "secondary", "maxspeed": "50"}, Mode.CAR).forward_km_h == 40.0
    both = passage({"highway": "secondary", "maxspeed:forward": "90", "maxspeed": "70"}, Mode.CAR)
    assert (both.forward_km_h, both.backward_km_h) == (72.0, 56.0)
    assert passage({"highway": "service", "maxspeed": "50"}, Mode.CAR).forward_km_h == 15.0
    plain = passage({"highway": "secondary"}, Mode.CAR)
    assert passage({"highway": "secondary", "maxspeed": "signals"}, Mode.CAR) == plain
    assert passage({"highway": "secondary", "maxspeed": "9999"}, Mode.CAR) == plain


def test_a_ferry_takes_as_long_as_it_says() -> None:
    assert passage({"route": "ferry", "duration": "0:20"}, Mode.WALK).duration_s == 1200.0


@pytest.mark.parametrize(
    ("tags", "stopped"),
    [
        ({"barrier": "bollard"}, {Mode.CAR}),
        ({"barrier": "gate"}, set()),
        ({"barrier": "gate", "locked": "yes"}, {Mode.CAR, Mode.BICYCLE, Mode.WALK}),
        ({"barrier": "gate", "access": "private"}, {Mode.CAR, Mode.BICYCLE, Mode.WALK}),
        ({"barrier": "gate", "access": "private", "foot": "yes"}, {Mode.CAR, Mode.BICYCLE}),
        ({"barrier": "stile"}, {Mode.CAR, Mode.BICYCLE}),
        ({"barrier": "wall"}, {Mode.CAR, Mode.BICYCLE, Mode.WALK}),
        ({"barrier": "toll_booth"}, set()),
    ],
)
def test_barriers_stop_whom_they_are_made_for(tags: dict[str, str], stopped: set[Mode]) -> None:
    assert {mode for mode in MODES if blocks(tags, mode)} == stopped


def test_restrictions_hold_for_cars_unless_they_are_exempt() -> None:
    assert not exempts("bus;taxi", Mode.CAR)
    assert exempts("bus; motorcar", Mode.CAR)
    assert exempts("", Mode.BICYCLE)
