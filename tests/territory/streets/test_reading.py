from __future__ import annotations

import numpy as np
import pytest
from tests.shared import needs_shared, shared_data

from portico.errors import InputError, UsageError
from portico.geo import Box
from portico.territory.model import Mode
from portico.territory.nearby import UNREACHED
from portico.territory.streets.building import build_graph
from portico.territory.streets.reading import is_classed, read_streets
from portico.territory.streets.storing import keep, kept, key_of
from portico.territory.streets.streets import Streets

COLLEGNO = ("data", "osm", "torino", "collegno.graphml")
GRAPHML = """<?xml version="1.0"?><graphml xmlns="http://graphml.graphdrawing.org/xmlns">
<key id="x" for="node" attr.name="x"/><key id="y" for="node" attr.name="y"/><key id="c" for="graph" attr.name="crs"/>
<key id="h" for="edge" attr.name="highway"/><key id="o" for="edge" attr.name="oneway"/>
<key id="g" for="edge" attr.name="geometry"/><key id="n" for="edge" attr.name="name"/>
<graph edgedefault="directed"><data key="c">{crs}</data>
<node id="1"><data key="x">7.0</data><data key="y">45.0</data></node>
<node id="2"><data key="x">7.01</data><data key="y">45.0</data></node>
<node id="3"><data key="x">nowhere</data><data key="y">45.0</data></node>
<edge source="1" target="2"><data key="h">['residential', 'service']</data><data key="o">False</data>
<data key="n">Via Roma</data><data key="g">LINESTRING (7.0 45.0, 7.005 45.002, 7.01 45.0)</data></edge>
<edge source="2" target="1"><data key="h">['residential', 'service']</data><data key="o">False</data></edge>
<edge source="2" target="3"><data key="h">residential</data><data key="o">True</data></edge>
</graph></graphml>"""
LINES = """{"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"name":"Via Roma"},"geometry":{"type":"MultiLineString","coordinates":
[[[7.0,45.0],[7.01,45.0],[7.02,45.0]],[[7.02,45.0],[7.01,45.0]]]}},
{"type":"Feature","properties":{"name":"Via Po"},"geometry":{"type":"LineString","coordinates":
[[7.01,45.0],[7.01,45.01]]}}]}"""
POINTS = """{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},
"geometry":{"type":"Point","coordinates":[7,45]}}]}"""


def test_a_graph_of_osmnx_is_read_with_its_classes_directions_and_drawing(tmp_path) -> None:
    path = tmp_path / "town.graphml"
    path.write_text(GRAPHML.replace("{crs}", "epsg:4326"))
    streets = read_streets(path)
    assert len(streets.way_id) == 1, "the way back is the same way, the way to nowhere is none"
    assert streets.tags[0] == {"highway": "residential", "oneway": "no"}
    assert streets.way_name == ("Via Roma",)
    graph = build_graph(streets, Mode.CAR)
    assert (graph.nodes, graph.arcs, len(graph.shape_lon)) == (2, 2, 3)
    assert is_classed(path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (GRAPHML.replace("{crs}", "epsg:32632"), "graphml-crs"),
        (GRAPHML[:900], "xml-broken"),
        (
            GRAPHML.replace('<?xml version="1.0"?>', '<?xml version="1.0"?><!DOCTYPE g [<!ENTITY a "b">]>'),
            "xml-doctype",
        ),
        ('<graphml xmlns="http://graphml.graphdrawing.org/xmlns"><graph/></graphml>', "streets-none"),
    ],
)
def test_a_graph_that_will_not_do_is_refused(tmp_path, content, message) -> None:
    path = tmp_path / "town.graphml"
    path.write_text(content)
    with pytest.raises(InputError) as caught:
        read_streets(path)
    assert caught.value.message_id == message


def test_lines_are_joined_at_their_vertices_and_count_once(tmp_path) -> None:
    path = tmp_path / "named.geojson"
    path.write_text(LINES)
    streets = read_streets(path)
    assert len(streets.way_id) == 3
    assert sorted(streets.way_name) == ["Via Po", "Via Roma", "Via Roma"]
    assert build_graph(streets, Mode.WALK).nodes == 4
    assert not is_classed(path)


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("points.geojson", POINTS.encode(), "streets-none"),
        ("table.csv", b"a,b\n1,2\n", "streets-not-in-file"),
        ("page.html", b"<!DOCTYPE html><html></html>", "streets-not-in-file"),
        ("empty.osm.pbf", b"", "streets-not-in-file"),
    ],
)
def test_a_file_without_streets_is_refused(tmp_path, name, content, error) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_streets(path)
    assert caught.value.message_id == error
    with pytest.raises(UsageError):
        read_streets(tmp_path / "not-there.osm.pbf")


@needs_shared("data", "osm", "laquila")
def test_a_box_leaves_out_what_does_not_touch_it() -> None:
    path = shared_data("data", "osm", "laquila", "aq.pbf")
    whole, part = read_streets(path), read_streets(path, Box(13.38, 42.34, 13.41, 42.36))
    assert 300 < len(part.way_id) < len(whole.way_id)
    assert set(part.way_id.tolist()) <= set(whole.way_id.tolist())
    inside = (part.node_lon >= 13.38) & (part.node_lon <= 13.41) & (part.node_lat >= 42.34) & (part.node_lat <= 42.36)
    for way in range(len(part.way_id)):
        refs = part.refs[part.first[way] : part.first[way + 1]]
        assert inside[refs[refs >= 0]].any()


@needs_shared("data", "osm", "laquila")
def test_streets_that_were_kept_are_the_same_and_damaged_ones_are_not_found(tmp_path) -> None:
    made = Streets(build_graph(read_streets(shared_data("data", "osm", "laquila", "aq.pbf")), Mode.CAR))
    key = key_of(sha256="of the file", walk_km_h=4.5)
    assert kept(tmp_path, key, Mode.CAR, 500.0) is None
    keep(tmp_path, key, made)
    again = kept(tmp_path, key, Mode.CAR, 500.0)
    assert again is not None
    assert again.graph.names == made.graph.names
    assert again.graph.about == made.graph.about
    points = made.snap(np.array([13.40, 13.35, 13.45]), np.array([42.35, 42.37, 42.33]))
    assert np.array_equal(again.matrix(points, points), made.matrix(points, points))
    assert kept(tmp_path, key, Mode.WALK, 500.0) is None
    assert kept(tmp_path, key_of(sha256="of another"), Mode.CAR, 500.0) is None
    place = next(tmp_path.glob("*.npz"))
    place.write_bytes(place.read_bytes()[:5000])
    assert kept(tmp_path, key, Mode.CAR, 500.0) is None


@needs_shared(*COLLEGNO)
def test_named_streets_alone_are_compared_with_the_whole_network_of_collegno() -> None:
    """What the guide to travel says of streets that come as named lines."""
    whole = Streets(build_graph(read_streets(shared_data(*COLLEGNO)), Mode.WALK))
    named = Streets(build_graph(read_streets(shared_data("data", "osm", "torino", "collegno.geojson")), Mode.WALK))
    at = np.random.default_rng(1).choice(whole.graph.nodes, 300, replace=False)
    lon, lat = whole.graph.node_lon[at], whole.graph.node_lat[at]
    near = named.snap(lon, lat, 30.0)
    both = np.flatnonzero(near.is_on_street)
    assert len(both) > 0.6 * len(at)
    snapped = whole.snap(lon, lat)
    over_all = whole.matrix(snapped.take(both), snapped.take(both)).astype(float)
    over_named = named.matrix(near.take(both), near.take(both)).astype(float)
    far = (over_all > 1_200) & (over_named < UNREACHED)
    ratio = over_named[far] / over_all[far]
    assert 1.2 < np.median(ratio) < 1.45
    assert 0.3 < (np.abs(ratio - 1) < 0.1).mean() < 0.5
