"""OpenStreetMap extracts: counts, lines through nodes, tags, files that are cut off."""

from __future__ import annotations

import json
import random
import struct
import zlib

import pytest
from tests.lake.readers.places import column_of, said, spoken, wkt_of
from tests.lake.readers.workshops import workshop
from tests.shared import shared_data

from portico.errors import InputError
from portico.lake.found import Format, Member
from portico.lake.model import Type
from portico.lake.readers import osm
from portico.messages import Message

EXTRACTS = [
    ("osm/laquila/aq.pbf", 145663, 15510, 529, 6719, 6632),
    ("osm/porto/porto_portugal.osm.pbf", 347944, 51458, 357, 51349, 11),
    ("osm/porto-alegre/poa_osm.pbf", 43264, 16032, 23, 15886, 12),
    ("osm/helsinki/Helsinki.osm.pbf", 24260, 5130, 620, 2650, 433),
]


def read(tmp_path, path):
    shop = workshop(tmp_path)
    return osm.read(Member(path, path.name, Format.OSM_PBF), shop), shop


@pytest.mark.parametrize(("file", "nodes", "ways", "relations", "highways", "buildings"), EXTRACTS)
def test_real_extracts_give_what_their_page_states(tmp_path, file, nodes, ways, relations, highways, buildings):
    (points, lines, groups), shop = read(tmp_path, shared_data("data", *file.split("/")))
    total = said(points)["osm-nodes-without-tags"].message.values
    assert (total["total"], lines.rows, groups.rows) == (nodes, ways, relations)
    assert total["count"] + points.rows == nodes
    assert len([one for one in column_of(lines, shop, "highway") if one]) == highways
    assert len([one for one in column_of(lines, shop, "building") if one]) == buildings


# --- an extract made by hand ---


def varint(number: int) -> bytes:
    found = b""
    while number > 127:
        found, number = found + bytes((number & 127 | 128,)), number >> 7
    return found + bytes((number,))


def folded(number: int) -> int:
    return number << 1 if number >= 0 else (-number << 1) - 1


def part(field: int, content: bytes | int) -> bytes:
    if isinstance(content, int):
        return varint(field << 3) + varint(content)
    return varint(field << 3 | 2) + varint(len(content)) + content


def blob(kind: bytes, content: bytes) -> bytes:
    packed = part(2, len(content)) + part(3, zlib.compress(content))
    head = part(1, kind) + part(3, len(packed))
    return struct.pack(">I", len(head)) + head + packed


def deltas(numbers) -> bytes:
    before, found = 0, b""
    for number in numbers:
        found, before = found + varint(folded(number - before)), number
    return found


def extract(nodes, ways, relations=(), *, dense=True) -> bytes:
    """Return a PBF: nodes (id, lon, lat, tags), ways (id, refs, tags), relations (id, ((kind, id, role), …), tags)."""
    strings = [""]

    def of(text):
        if text not in strings:
            strings.append(text)
        return strings.index(text)

    def tagged(tags):
        keys = b"".join(varint(of(key)) for key in tags)
        values = b"".join(varint(of(value)) for value in tags.values())
        return part(2, keys) + part(3, values)

    groups = b"".join(
        part(
            1,
            part(1, folded(one)) + tagged(tags) + part(8, folded(round(lat * 1e7))) + part(9, folded(round(lon * 1e7))),
        )
        for one, lon, lat, tags in nodes
    )
    if dense and nodes:
        keys = b"".join(
            b"".join(varint(of(key)) + varint(of(value)) for key, value in tags.items()) + b"\x00" for *_, tags in nodes
        )
        ids, lons, lats, _ = zip(*nodes, strict=True)
        places = [deltas([round(one * 1e7) for one in axis]) for axis in (lats, lons)]
        groups = part(2, part(1, deltas(ids)) + part(8, places[0]) + part(9, places[1]) + part(10, keys))
    lines = b"".join(part(3, part(1, one) + tagged(tags) + part(8, deltas(refs))) for one, refs, tags in ways)
    members = b"".join(
        part(
            4,
            part(1, one)
            + tagged(tags)
            + part(8, b"".join(varint(of(role)) for _, _, role in inside))
            + part(9, deltas([ref for _, ref, _ in inside]))
            + part(10, bytes(kind for kind, _, _ in inside)),
        )
        for one, inside, tags in relations
    )
    table = part(1, b"".join(part(1, text.encode()) for text in strings))
    block = table + b"".join(part(2, group) for group in (groups, lines, members) if group)
    header = part(4, b"OsmSchema-V0.6")
    return blob(b"OSMHeader", header) + blob(b"OSMData", block)


NODES = [
    (1, 7.5, 45.0, {}),
    (2, 7.6, 45.0, {"amenity": "cafe", "name": 'Caffè "Mulassano"', "wheelchair": "yes"}),
    (3, 7.6, 45.1, {}),
]
WAYS = [
    (10, [1, 2, 3], {"highway": "residential", "name": "Via Po"}),
    (11, [1, 2, 3, 1], {"building": "yes"}),
    (12, [1, 99], {"highway": "service"}),
    (13, [2], {}),
    (14, [], {"note": "empty"}),
]
RELATIONS = [(20, ((1, 10, "outer"), (0, 2, "")), {"type": "multipolygon"})]


@pytest.fixture(params=[True, False], ids=["dense nodes", "nodes one by one"])
def made(tmp_path, request):
    path = tmp_path / "made.pbf"
    path.write_bytes(extract(NODES, WAYS, RELATIONS, dense=request.param))
    return read(tmp_path, path)


def test_nodes_with_tags_are_points_and_the_others_are_counted(made):
    (points, _, _), shop = made
    assert column_of(points, shop, "id") == [2]
    assert wkt_of(points, shop) == ["POINT (7.6 45)"]
    assert column_of(points, shop, "amenity") == ["cafe"]
    assert json.loads(column_of(points, shop, "tags")[0]) == NODES[1][3]
    assert said(points)["osm-nodes-without-tags"].message.values["count"] == 2
    assert (points.crs, points.stated) == ("EPSG:4326", {"id": Type.INTEGER})


def test_ways_are_the_lines_through_their_nodes_in_order(made):
    (_, ways, _), shop = made
    assert column_of(ways, shop, "id") == [10, 11, 12, 13, 14]
    assert wkt_of(ways, shop) == [
        "LINESTRING (7.5 45, 7.6 45, 7.6 45.1)",
        "LINESTRING (7.5 45, 7.6 45, 7.6 45.1, 7.5 45)",
        None,
        None,
        None,
    ]
    assert column_of(ways, shop, "refs") == [3, 4, 2, 1, 0]
    assert column_of(ways, shop, "closed") == [False, True, False, False, False]
    assert said(ways)["osm-ways-incomplete"].message.values["ids"] == "12, 13, 14"


def test_relations_name_their_members(made):
    (_, _, relations), shop = made
    assert json.loads(column_of(relations, shop, "members")[0]) == [
        {"type": "way", "ref": 10, "role": "outer"},
        {"type": "node", "ref": 2, "role": ""},
    ]
    assert column_of(relations, shop, "type") == ["multipolygon"]
    assert (relations.geometry, relations.crs) == ("", "")


def test_an_extract_of_nothing_is_three_empty_tables(tmp_path):
    path = tmp_path / "made.pbf"
    path.write_bytes(extract([], []))
    tables, _ = read(tmp_path, path)
    assert [(one.name, one.rows) for one in tables] == [("points", 0), ("ways", 0), ("relations", 0)]


def test_ways_put_together_in_portions_are_the_same(tmp_path, monkeypatch, made):
    (_, whole, _), shop = made
    monkeypatch.setattr(osm, "_PORTION", 3)
    path = tmp_path / "made.pbf"
    (_, ways, _), other = read(tmp_path, path)
    assert wkt_of(ways, other) == wkt_of(whole, shop)


# --- damage ---


def test_an_extract_cut_anywhere_is_refused_in_one_sentence(tmp_path):
    path = tmp_path / "made.pbf"
    whole = extract(NODES, WAYS, RELATIONS)
    for size in range(1, len(whole), 31):
        path.write_bytes(whole[:size])
        refusal, tables = "", []
        try:
            tables, _ = read(tmp_path, path)
        except InputError as error:
            refusal = spoken(Message.of(error))
        assert refusal or all(one.rows == 0 for one in tables)  # the header alone is whole
        assert str(tmp_path) not in refusal


def test_a_real_extract_cut_in_two_is_refused(tmp_path):
    whole = shared_data("data", "osm", "helsinki", "Helsinki.osm.pbf").read_bytes()
    path = tmp_path / "half.pbf"
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InputError) as raised:
        read(tmp_path, path)
    assert raised.value.message_id == "osm-cut-off"
    spoken(Message.of(raised.value))


def test_wrong_bytes_in_an_extract_are_refused(tmp_path):
    path = tmp_path / "made.pbf"
    whole = extract(NODES, WAYS, RELATIONS)
    chance = random.Random(5)
    for _ in range(8):
        content = bytearray(whole)
        content[chance.randrange(len(content))] = chance.randrange(256)
        path.write_bytes(content)
        try:
            read(tmp_path, path)
        except InputError as error:
            spoken(Message.of(error))


def test_a_hostile_extract_leaves_the_engine_to_the_others(tmp_path):
    # Well packed, and its tags name texts that are not in it: the engine that reads this is lost.
    path = tmp_path / "made.pbf"
    node = part(1, folded(1)) + part(2, varint(900)) + part(3, varint(901)) + part(8, 0) + part(9, 0)
    block = part(1, part(1, b"")) + part(2, part(1, node))
    path.write_bytes(blob(b"OSMHeader", part(4, b"OsmSchema-V0.6")) + blob(b"OSMData", block))
    with pytest.raises(InputError) as raised:
        read(tmp_path, path)
    assert raised.value.message_id == "osm-damaged"
    with workshop(tmp_path).cursor(spatial=True) as cursor:
        assert cursor.execute("SELECT ST_X(ST_Point(1, 2))").fetchone() == (1.0,)


def test_what_is_no_extract_is_refused(tmp_path):
    path = tmp_path / "made.pbf"
    path.write_bytes(b"no extract at all, only text that goes on for a while")
    with pytest.raises(InputError) as raised:
        read(tmp_path, path)
    spoken(Message.of(raised.value))
