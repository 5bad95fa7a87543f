"""The part of an extract that one can travel on, in a box: all of it, and nothing else."""

from __future__ import annotations

import json

import pytest
from tests.lake.readers.places import column_of, said, spoken, wkt_of
from tests.lake.readers.test_osm import extract
from tests.lake.readers.workshops import workshop
from tests.shared import shared_data

from portico.errors import InputError
from portico.geo import Box
from portico.lake.found import Format, Member
from portico.lake.readers import osm
from portico.messages import Message

HERE = Box(7.0, 45.0, 8.0, 46.0)
NODES = [
    (1, 7.5, 45.5, {"barrier": "bollard"}),
    (2, 7.6, 45.5, {}),
    (3, 8.5, 45.5, {"highway": "traffic_signals"}),  # outside, on a street that comes in
    (4, 8.6, 45.5, {}),
    (5, 8.7, 45.5, {}),
    (6, 7.7, 45.7, {"amenity": "cafe", "email": "someone@example.org"}),
    (7, 7.8, 45.8, {}),
    (-8, 7.1, 45.1, {}),
    (-9, 7.2, 45.1, {}),
]
WAYS = [
    (10, [1, 2], {"highway": "residential"}),
    (11, [2, 3, 4], {"highway": "primary"}),  # over the edge
    (12, [4, 5], {"highway": "primary"}),  # outside
    (13, [1, 2, 6, 1], {"building": "yes"}),
    (14, [-8, -9], {"route": "ferry"}),
    (15, [7], {"highway": "service"}),  # of one node
    (16, [1, 99], {"highway": "track"}),  # one node is not in the extract
]
RELATIONS = [
    (20, ((1, 10, "from"), (0, 2, "via"), (1, 11, "to")), {"type": "restriction", "restriction": "no_left_turn"}),
    (21, ((1, 12, "from"), (0, 5, "via"), (1, 12, "to")), {"type": "restriction", "restriction": "no_u_turn"}),
    (22, ((1, 11, "from"), (0, 2, "via"), (1, 10, "to")), {"type": "restriction:hgv", "restriction:hgv": "no_entry"}),
    (23, ((1, 10, ""),), {"type": "route", "route": "bus"}),
    (10, ((0, 1, ""),), {"type": "restriction"}),  # the number of a way, but no way in it
]


def read(tmp_path, path, box=HERE):
    shop = workshop(tmp_path)
    shop.streets_in = box
    return osm.read(Member(path, path.name, Format.OSM_PBF), shop), shop


@pytest.mark.parametrize("dense", [True, False])
def test_streets_that_touch_the_box_are_kept_whole_with_their_nodes_and_rules(tmp_path, dense):
    path = tmp_path / "made.pbf"
    path.write_bytes(extract(NODES, WAYS, RELATIONS, dense=dense))
    (points, ways, relations), shop = read(tmp_path, path)
    assert column_of(ways, shop, "id") == [10, 11, 14, 16]
    assert wkt_of(ways, shop)[:3] == [
        "LINESTRING (7.5 45.5, 7.6 45.5)",
        "LINESTRING (7.6 45.5, 8.5 45.5, 8.6 45.5)",
        "LINESTRING (7.1 45.1, 7.2 45.1)",
    ]
    assert sorted(column_of(points, shop, "id")) == [1, 3]
    assert sorted(column_of(relations, shop, "id")) == [20, 22]
    assert all("email" not in text for text in column_of(points, shop, "tags"))
    values = said(points)["osm-streets-only"].message.values
    counts = (values["nodes"], values["ways"], values["relations"], values["kept"])
    assert counts == (len(NODES), len(WAYS), len(RELATIONS), 4)
    spoken(said(points)["osm-streets-only"].message)


@pytest.mark.parametrize("box", [Box(1.0, 1.0, 2.0, 2.0), Box(7.65, 45.65, 7.85, 45.85)])
def test_a_box_that_no_street_touches_is_refused(tmp_path, box):
    path = tmp_path / "made.pbf"
    path.write_bytes(extract(NODES, WAYS, RELATIONS))
    with pytest.raises(InputError) as raised:
        read(tmp_path, path, box)
    assert raised.value.message_id == "osm-no-streets-here"
    spoken(Message.of(raised.value))


def test_an_extract_cut_in_two_is_refused_as_ever(tmp_path):
    whole = shared_data("data", "osm", "helsinki", "Helsinki.osm.pbf").read_bytes()
    path = tmp_path / "half.pbf"
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InputError) as raised:
        read(tmp_path, path, Box(24.0, 60.0, 25.0, 61.0))
    assert raised.value.message_id == "osm-cut-off"


def test_of_a_real_extract_exactly_the_streets_with_a_node_in_the_box_are_kept(tmp_path):
    """Decided again from the tables of the whole extract, whose lines hold every node in order."""
    path = shared_data("data", "osm", "helsinki", "Helsinki.osm.pbf")
    box = Box(24.940, 60.166, 24.945, 60.170)
    (_, every, groups), whole = read(tmp_path, path, None)
    (_, ways, rules), shop = read(tmp_path, path, box)
    expected = set()
    rows = (column_of(every, whole, "id"), column_of(every, whole, "highway"), column_of(every, whole, "tags"))
    for identifier, highway, tags, line in zip(*rows, wkt_of(every, whole), strict=True):
        travelled = highway or json.loads(tags or "{}").get("route") == "ferry"
        if travelled and line and any(_inside(point, box) for point in line[12:-1].split(", ")):
            expected.add(identifier)
    complete = {one for one, line in zip(column_of(ways, shop, "id"), wkt_of(ways, shop), strict=True) if line}
    assert complete == expected
    assert len(expected) > 100
    members = zip(column_of(groups, whole, "id"), column_of(groups, whole, "type"),
                  column_of(groups, whole, "members"), strict=True)  # fmt: skip
    kept = set(column_of(ways, shop, "id"))
    restrictions = {
        identifier
        for identifier, kind, inside in members
        if kind == "restriction"
        and any(one["type"] == "way" and one["ref"] in kept for one in json.loads(inside or "[]"))
    }
    assert {one for one, kind in zip(column_of(rules, shop, "id"), column_of(rules, shop, "type"), strict=True)
            if kind == "restriction"} == restrictions  # fmt: skip


def _inside(point, box):
    lon, lat = map(float, point.split())
    return box.west <= lon <= box.east and box.south <= lat <= box.north
