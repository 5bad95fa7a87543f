"""Reach, ways and comparisons as a visitor and a program ask for them, with streets and without."""

from __future__ import annotations

import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from urllib.parse import quote

import pytest
from tests.cities import AS_OF, AT
from tests.serving import seen, served
from tests.shared import needs_shared

from portico import city as cities
from portico.build import build

SITE, PLACE = "ex-ospedale-san-salvatore", "univaq-coppito"
MODES = ("walk", "bicycle", "car", "transit")
WAYS = ("outbound", "inbound")
pytestmark = needs_shared("data", "osm", "laquila")


@pytest.fixture(scope="module")
def portal(laquila, tmp_path_factory):
    folder = tmp_path_factory.mktemp("reached") / "laquila"
    shutil.copytree(laquila.folder, folder)
    with served(folder) as found:
        yield found


@pytest.fixture(scope="module")
def estimated(torino, tmp_path_factory):
    folder = tmp_path_factory.mktemp("estimated") / "torino"
    shutil.copytree(torino.folder, folder)
    with served(folder) as found:
        yield found


@pytest.mark.parametrize("direction", WAYS)
@pytest.mark.parametrize("mode", MODES)
def test_reach_as_geojson_has_areas_places_counts_and_evidence(portal, mode, direction):
    answer = portal.get(f"/api/sites/{SITE}/reach?mode={mode}&direction={direction}&minutes=45,15,30")
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("application/geo+json")
    found = answer.json
    assert (found["type"], found["mode"], found["direction"]) == ("FeatureCollection", mode, direction)
    assert ("towards the site" in found["words"]) == (direction == "inbound")
    assert [ring["minutes"] for ring in found["rings"]] == [15, 30, 45]
    rings = [one for one in found["features"] if one["properties"]["layer"] == "ring"]
    assert [one["properties"]["minutes"] for one in rings] == [45, 30, 15], "the smaller lie on top"
    assert {one["geometry"]["type"] for one in rings} == {"MultiPolygon"}
    for ring in found["rings"]:
        assert ring["places"]["value"] >= len(ring["within"])
        pieces = ring["area"]["evidence"]
        assert [one for one in pieces if one.get("dataset", "").startswith("streets") and one["version"]]
        assert ("ama-gtfs-stop-times" in {one.get("dataset") for one in pieces}) == (mode == "transit")
    assert (found["window"] is None) == (mode != "transit")
    if mode == "transit":
        assert found["window"] == {
            "day": "2022-09-21", "from": "08:00", "minutes": 60, "arriving": direction == "inbound",
        }  # fmt: skip
    assert "street" not in {one["properties"]["layer"] for one in found["features"]}
    with_streets = portal.get(f"/api/sites/{SITE}/reach?mode={mode}&direction={direction}&streets=true").json
    assert with_streets["features"][0]["properties"]["layer"] == "street"


@pytest.mark.parametrize("language", ["it", "en"])
@pytest.mark.parametrize("direction", WAYS)
def test_the_page_names_the_direction_counts_and_leads_to_every_way(portal, language, direction):
    answer = portal.get(f"/{language}/sites/{SITE}/reach?mode=transit&direction={direction}&minutes=20,40")
    assert answer.status == 200
    said = seen(answer.text)
    named = {"en": ("From the site", "Towards the site"), "it": ("Dal sito", "Verso il sito")}[language]
    lead = re.search(r'<p class="lead"[^>]*>(.*?)</p>', answer.text)[1]
    assert lead.startswith(named[WAYS.index(direction)])
    assert ("21 September 2022" if language == "en" else "21 settembre 2022") in said
    assert "08:59" in said
    ways = re.findall(rf'href="(/{language}/sites/{SITE}/way/[^"]+)"', answer.text)
    known = portal.get(f"/api/sites/{SITE}/reach?mode=transit&direction={direction}&minutes=20,40").json
    assert len(ways) == sum(len(ring["within"]) for ring in known["rings"]) + len(known["beyond"]) + len(
        known["unknown"]
    )
    for link in ways[:2]:
        assert portal.get(unescape(link)).status == 200
    other = "en" if language == "it" else "it"
    kept = f'href="/{other}/sites/{SITE}/reach?mode=transit&amp;minutes=20,40&amp;direction={direction}"'
    assert kept in answer.text, "the other language asks the same"


def test_the_form_shows_what_was_asked(portal):
    page = portal.get(f"/en/sites/{SITE}/reach?mode=transit&minutes=5,10&direction=inbound&at=2022-10-05T17:30").text
    assert re.findall(r'value="(\w+)" checked', page) == ["transit", "inbound"]
    assert 'value="5,10"' in page
    assert 'value="2022-10-05T17:30" min="2022-09-19T00:00" max="2022-10-31T23:59"' in page
    assert "17:30 to 18:29" in seen(page)


FAULTS = (
    ("mode=fly", 400, "fly"),
    ("minutes=0", 400, "whole numbers"),
    ("minutes=15,500", 400, "whole numbers"),
    ("minutes=1,2,3,4,5,6", 400, "whole numbers"),
    ("minutes=" + quote("<script>"), 400, "whole numbers"),
    ("direction=sideways", 400, "sideways"),
    ("mode=transit&at=soon", 400, "soon"),
    ("mode=transit&at=2022-10-05T08:00%2B02:00", 400, "time zone"),
    ("mode=transit&at=2021-01-01T08:00", 422, "19 September 2022"),
)


@pytest.mark.parametrize(("query", "status", "word"), FAULTS)
def test_what_cannot_be_answered_gets_one_sentence_and_the_form_again(portal, query, status, word):
    page = portal.get(f"/en/sites/{SITE}/reach?{query}")
    assert page.status == status
    notice = re.search(r'<p class="portico-notice" role="alert">(.*?)</p>', page.text, re.DOTALL)[1]
    assert word in notice
    assert "<form" in page.text
    assert "<script>" not in page.text.partition("<main")[2]
    program = portal.get(f"/api/sites/{SITE}/reach?{query}")
    assert program.status == status
    assert program.headers["content-type"].startswith("application/problem+json")
    assert word in program.json["detail"]


@pytest.mark.parametrize("mode", MODES)
def test_the_way_is_told_adds_up_and_is_drawn(portal, mode):
    query = f"mode={mode}&direction=inbound"
    found = portal.get(f"/api/sites/{SITE}/way/{PLACE}?{query}").json
    assert found["minutes"]["value"] == pytest.approx(sum(one["minutes"] for one in found["shares"]), abs=0.05)
    assert found["itinerary"]["parts"]
    drawn = [one for one in found["features"] if one["properties"]["layer"] == "way"]
    assert len(drawn) == len(found["itinerary"]["parts"])
    reach = portal.get(f"/api/sites/{SITE}/reach?{query}&minutes=120").json
    [near] = [one for one in [*reach["rings"][0]["within"], *reach["beyond"]] if one["id"] == PLACE]
    assert near["minutes"] == found["minutes"], "the figure that the way explains"
    page = portal.get(f"/en/sites/{SITE}/way/{PLACE}?{query}").text
    said = seen(page)
    assert f"{round(found['minutes']['value'], 1):g} min" in said
    for leg in found["legs"]:
        assert leg["words"] in said
    if mode == "transit":
        assert "arrivals that takes so long" in said
        assert found["itinerary"]["percentile"] == 50


def test_site_page_and_shortlist_lead_to_the_way_behind_minutes(portal):
    site = portal.get(f"/en/sites/{SITE}").text
    links = re.findall(rf'href="(/en/sites/{SITE}/way/[^"]+)"', site)
    assert len(links) >= 5
    assert f'href="/en/sites/{SITE}/reach"' in site
    brief = portal.get("/api/briefs").json[0]["id"]
    listed = re.findall(r'href="(/en/sites/[^"]+/way/[^"]+)"', portal.get(f"/en/briefs/{brief}").text)
    assert listed
    for link in {*links, *listed[:5]}:
        assert portal.get(unescape(link)).status == 200


def test_sites_side_by_side(portal):
    pair = (SITE, "vecchio-mulino")
    by_comma = portal.get(f"/en/compare?sites={','.join(pair)}")
    by_boxes = portal.get(f"/en/compare?sites={pair[0]}&sites={pair[1]}")
    assert by_comma.status == by_boxes.status == 200
    assert by_comma.text == by_boxes.text
    said = seen(by_comma.text)
    assert "clearly nearer to" in said
    assert "not known of" in said
    assert re.findall(r'name="sites" value="([a-z-]+)" checked', by_comma.text) == list(pair)
    found = portal.get(f"/api/compare?sites={','.join(pair)}&lang=it").json
    assert [one["id"] for one in found["sites"]] == list(pair)
    assert {row["mode"] for row in found["nearest"]} == set(MODES)
    register = portal.get("/en/sites").text
    assert 'action="/en/compare"' in register
    assert register.count('type="checkbox" name="sites"') == 10


@pytest.mark.parametrize(
    ("query", "page", "program"),
    [
        ("", 200, 400),
        (f"?sites={SITE}", 200, 400),
        (f"?sites={SITE},nope", 404, 404),
        ("?sites=nope", 404, 400),
    ],
)
def test_too_few_sites_are_chosen_on_the_page_and_refused_to_programs(portal, query, page, program):
    assert portal.get(f"/en/compare{query}").status == page
    assert portal.get(f"/api/compare{query}").status == program


def test_more_than_five_sites_are_too_many_and_stay_chosen(portal):
    every = [one["id"] for one in portal.get("/api/sites").json][:6]
    answer = portal.get(f"/en/compare?sites={','.join(every)}")
    assert answer.status == 400
    assert answer.text.count(" checked") == 6
    assert "6 sites" in seen(answer.text)


@pytest.mark.parametrize("language", ["it", "en"])
@pytest.mark.parametrize("mode", MODES)
def test_without_streets_pages_answer_by_estimates_and_say_so(estimated, language, mode):
    site = "cavallerizza"
    page = estimated.get(f"/{language}/sites/{site}/reach?mode={mode}&direction=inbound")
    assert page.status == 200
    word = {"en": "Only estimates answer here", "it": "rispondono soltanto stime"}[language]
    assert word in seen(page.text)
    assert 'id="at"' not in page.text, "there is no timetable to ask"
    found = estimated.get(f"/api/sites/{site}/reach?mode={mode}&lang={language}").json
    assert found["why_no_area"]
    assert {one["properties"]["layer"] for one in found["features"]} == {"place", "site"}
    assert any(ring["within"] for ring in found["rings"])
    way = estimated.get(f"/{language}/sites/{site}/way/intesa?mode={mode}&direction=inbound")
    assert way.status == 200
    assert {"en": "These minutes are an estimate", "it": "Questi minuti sono una stima"}[language] in seen(way.text)
    drawn = estimated.get(f"/api/sites/{site}/way/intesa?mode={mode}&direction=inbound").json["features"]
    assert drawn[0]["properties"]["way"] == "straight"


def test_a_site_that_lies_nowhere_reaches_nothing_and_says_why(tiny_city):
    city = cities.open(tiny_city)
    build(city, as_of=AS_OF, at=AT)
    city.database.close()
    with served(tiny_city) as portal:
        page = portal.get("/en/sites/bosco/reach?mode=car")
        assert page.status == 200
        assert "position is not known" in seen(page.text)
        way = portal.get("/en/sites/bosco/way/agrarian-school?mode=car")
        assert way.status == 200
        assert "Nothing can be said of this way" in seen(way.text)
        assert portal.get("/en/compare?sites=bosco,cava").status == 200


def test_many_at_once_get_the_same_answers(portal):
    asked = ("reach?mode=transit&at=", f"way/{PLACE}?mode=transit&at=", "reach?mode=car&minutes=7&at=")
    times = ("2022-10-04T07:00", "2022-10-05T09:00", "2022-10-06T18:00")
    paths = [f"/api/sites/{SITE}/{rest}{at}" for at in times for rest in asked]
    with ThreadPoolExecutor(6) as pool:
        first = list(pool.map(lambda path: portal.get(path).body, paths * 2))
    assert first[: len(paths)] == first[len(paths) :] == [portal.get(path).body for path in paths]
