"""Tiles over the network, and the pages drawn by them: kept for good, never of what is held, told in words as well."""

import gzip
import json
import math
import re

import pytest
from tests.cities import AS_OF, AT
from tests.serving import served
from tests.towns import CROWD, SOUTH, WALKED, WEST, layered_town
from tests.vector_tiles import layers

from portico import city as cities
from portico.build import build

Z = 9
X = int((WEST + 0.01 + 180) / 360 * 2**Z)
Y = int((1 - math.asinh(math.tan(math.radians(SOUTH + 0.01))) / math.pi) / 2 * 2**Z)


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tiles") / "town"
    layer, held = layered_town(folder)
    with served(folder) as portal:
        yield portal, layer, held


def tile(town, name=None, at=f"{Z}/{X}/{Y}.mvt", asked="", **headers):
    portal, layer, _ = town
    return portal.get(f"/tiles/{name or f'{WALKED}@{layer[:12]}'}/{at}{asked}", **headers)


def test_a_tile_holds_the_cells_and_may_be_kept_for_good(town):
    answer = tile(town, asked="?columns=id,value")
    assert (answer.status, answer.headers["content-type"]) == (200, "application/vnd.mapbox-vector-tile")
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert (answer.headers["x-places-shown"], answer.headers["x-places-total"]) == ("83", "83")
    found = layers(answer.body)["places"].features
    assert len(found) == 83
    assert {one.properties.get("value") for one in found} == {None, 0.0, 40.0, 100.0}
    assert all(one.properties["id"].startswith("89") for one in found)
    assert layers(tile(town).body)["places"].features[0].properties == {}


def test_a_tile_is_packed_for_who_takes_it_so(town):
    plain = tile(town)
    packed = tile(town, **{"Accept-Encoding": "br, gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert gzip.decompress(packed.body) == plain.body
    assert len(packed.body) < len(plain.body)
    assert packed.headers["vary"] == "accept-encoding"
    assert packed.headers["etag"] == plain.headers["etag"]


def test_who_has_it_already_is_sent_nothing(town):
    etag = tile(town).headers["etag"]
    again = tile(town, **{"If-None-Match": etag})
    assert (again.status, again.body, again.headers["etag"]) == (304, b"", etag)
    assert tile(town, asked="?columns=value").headers["etag"] != etag


def test_where_nothing_is_nothing_is_sent(town):
    answer = tile(town, at=f"{Z}/0/0.mvt")
    assert (answer.status, answer.body, answer.headers["x-places-total"]) == (204, b"", "0")
    assert "immutable" in answer.headers["cache-control"]


def test_head_is_answered_without_a_body(town):
    portal, layer, _ = town
    answer = portal.get(f"/tiles/{WALKED}@{layer}/{Z}/{X}/{Y}.mvt", method="HEAD")
    assert (answer.status, answer.body) == (200, b"")


def test_of_a_crowd_some_are_left_out_and_that_is_said(town):
    answer = tile(town, "trees@1", asked="?columns=height")
    assert answer.status == 200
    assert answer.headers["x-places-total"] == str(CROWD)
    shown = int(answer.headers["x-places-shown"])
    assert shown < CROWD
    made = layers(answer.body)
    assert len(made["places"].features) == shown
    assert made["cut"].features[0].properties == {"shown": shown, "total": CROWD}


@pytest.mark.parametrize(
    ("status", "name", "at", "asked"),
    [
        (400, WALKED, f"{Z}/{X}/{Y}.mvt", ""),
        (400, "trees@1", "17/0/0.mvt", ""),
        (400, "trees@1", "2/4/0.mvt", ""),
        (404, "trees@1", "2/0/0.png", ""),
        (404, "trees@1", "2/0/x.mvt", ""),
        (404, "trees@1", "2/0/-1.mvt", ""),
        (404, "trees@1", "a/0/0.mvt", ""),
        (404, "trees@9", f"{Z}/{X}/{Y}.mvt", ""),
        (404, "birds@1", f"{Z}/{X}/{Y}.mvt", ""),
        (404, "trees@1", f"{Z}/{X}/{Y}.mvt", "?columns=width"),
        (404, "wells@1", f"{Z}/{X}/{Y}.mvt", ""),
    ],
)
def test_what_is_not_there_is_refused_and_not_kept(town, status, name, at, asked):
    answer = tile(town, name, at, asked)
    assert answer.status == status
    assert "immutable" not in answer.headers.get("cache-control", "")


def test_what_is_held_has_no_tiles(town):
    portal, _, held = town
    for name in (f"secret@{held}", f"secret@{held[:12]}", "secret@1"):
        answer = tile(town, name)
        assert answer.status == 404
        assert "immutable" not in answer.headers.get("cache-control", "")
    assert portal.get("/api/datasets/secret").json["version"] is None


@pytest.mark.parametrize("language", ["it", "en"])
def test_the_page_of_a_layer_is_drawn_by_tiles_and_tells_the_classes_in_a_table(town, language):
    portal, layer, _ = town
    page = portal.get(f"/{language}/data/{WALKED}").text
    address = re.search(r'data-map="([^"]+)" data-map-tiles', page)[1]
    assert address.startswith(f"/tiles/{WALKED}@{layer[:12]}/{{z}}/{{x}}/{{y}}.mvt?columns=id%2Cvalue")
    assert portal.get(address.format(z=Z, x=X, y=Y).replace("&amp;", "&")).status == 200
    assert json.loads(re.search(r'data-map-breaks="([^"]+)"', page)[1]) == [40.0]
    west, south, east, north = json.loads(re.search(r'data-map-begins="([^"]+)"', page)[1])
    assert WEST - 0.01 < west < east
    assert SOUTH - 0.01 < south < north
    table = page.partition("data-map-classes>")[2].partition("</table>")[0]
    rows = re.findall(r'data-class="([^"]+)">([^<]+)</th><td class="portico-number">([^<]+)', table)
    unknown = "non noto" if language == "it" else "unknown"
    assert [(name, text) for name, text, _ in rows] == [("0", "0"), ("1", "40 – 100"), ("unknown", unknown)]
    assert sum(int(count) for _, _, count in rows) == 83


@pytest.mark.parametrize("path", ["{name}", "{name}@{layer}/{row}"])
def test_the_page_of_a_layer_and_of_each_cell_says_how_it_was_made(town, path):
    portal, layer, _ = town
    row = portal.get(f"/api/datasets/{WALKED}/rows?limit=1").json["rows"][0]["id"]
    page = portal.get(f"/en/data/{path.format(name=WALKED, layer=layer[:12], row=row)}").text
    for said in ("How it was made", "amounts within so many minutes, added up", "walking over streets", "ODbL-1.0"):
        assert said in page
    links = re.findall(r'href="(/en/data/(?:streets|homes|quarters)@[^"]+)"', page)
    assert len(links) == 3
    assert all(portal.get(link).status == 200 for link in links)
    assert "there is a newer version" not in page


def test_the_api_says_how_a_layer_was_made_and_where_its_tiles_are(town):
    portal, layer, _ = town
    told = portal.get(f"/api/datasets/{WALKED}").json
    assert told["kind"] == "derived"
    assert told["derivation"]["made_by"]["method"] == "indicators.access.cumulative"
    assert {one.get("dataset") for one in told["derivation"]["rests_on"]} == {None, "streets", "homes", "quarters"}
    assert told["tiles"] == f"/tiles/{WALKED}@{layer[:12]}/{{z}}/{{x}}/{{y}}.mvt"
    assert portal.get("/api/datasets/homes").json["derivation"] is None
    assert portal.get("/api/datasets/wells").json["tiles"] is None
    assert "/tiles/{name}/{z}/{x}/{row}" in portal.get("/api/openapi.json").json["paths"]


def test_a_large_dataset_is_drawn_by_tiles_plain_until_a_column_is_chosen(town):
    portal = town[0]
    plain = portal.get("/en/data/trees").text
    assert "data-map-tiles" in plain
    assert "data-map-classes" not in plain
    assert "21,000 places" in plain
    assert re.findall(r'<option value="[^"]*"[^>]*>([^<]+)', plain) == ["nothing", "height (m)"]
    coloured = portal.get("/en/data/trees?colour=height").text
    assert "height (m)" in coloured
    assert 'data-class="4">168 – 210<' in coloured
    assert '<option value="height" selected>' in coloured


def test_a_small_dataset_is_drawn_at_once_and_by_tiles_where_it_is_coloured(town):
    portal = town[0]
    assert "data-map-tiles" not in portal.get("/en/data/homes").text
    coloured = portal.get("/en/data/homes?colour=people").text
    assert "data-map-tiles" in coloured
    assert "data-map-classes" in coloured


@pytest.mark.parametrize(("status", "colour"), [(404, "width"), (400, "name")])
def test_a_map_cannot_be_coloured_by_what_is_no_number(town, status, colour):
    assert town[0].get(f"/en/data/trees?colour={colour}").status == status


def test_a_layer_says_that_what_it_rests_on_has_moved_on(town):
    """Last: it changes the town."""
    portal = town[0]
    opened = cities.open(portal.folder)
    homes = opened.folder / "files" / "homes.geojson"
    homes.write_text(homes.read_text("utf-8").replace('"people": 40', '"people": 41'), "utf-8")
    build(opened, as_of=AS_OF, at=AT)
    opened.database.close()
    page = portal.get(f"/en/data/{WALKED}").text
    assert page.count("there is a newer version") == 1
    assert portal.get(f"/it/data/{WALKED}").text.count("ce n’è una versione più recente") == 1
