"""Where a brief fits, as a visitor and a program ask for it: page, map, cells, and what cannot be asked."""

from __future__ import annotations

import shutil
from dataclasses import replace
from urllib.parse import quote

import pytest
from tests.serving import seen, served

from portico.match import briefs
from portico.match.address import to_text
from portico.match.model import Want
from portico.messages import Text
from portico.territory.model import Mode

NAME = "battery-module-plant"
WHERE = f"/en/briefs/{NAME}/where"
POINT = "45.05,7.60"


@pytest.fixture(scope="module")
def portal(torino, tmp_path_factory):
    folder = tmp_path_factory.mktemp("where") / "torino"
    shutil.copytree(torino.folder, folder)
    (folder / "briefs" / "power-only.toml").write_text(
        'title = { en = "Power" }\nactivity = "data-centre"\nsector = "ict"\n'
        '[[musts]]\ncriterion = "electric-power"\nat_least = 10\nunit = "MW"\n',
        "utf-8",
    )
    with served(folder) as found:
        yield found


@pytest.mark.parametrize("language", ["en", "it"])
def test_the_page_tells_in_a_table_what_the_map_tells_in_colours(portal, language):
    answer = portal.get(f"/{language}/briefs/{NAME}/where")
    assert answer.status == 200
    text = seen(answer.text)
    for words in {
        "en": ("Where: Battery-module plant", "17,300 cells of resolution 8", "nobody listed a site here", "Excluded"),
        "it": ("Dove: Stabilimento di moduli batteria", "17.300 celle di risoluzione 8", "Esclusa", "Da chiedere"),
    }[language]:
        assert words in text
    assert answer.text.count("data-class=") == 6
    assert answer.text.count('class="portico-entry"') == 10
    assert "{" not in text


def test_a_cell_is_told_with_its_musts_and_what_counts(portal):
    page = portal.get(f"{WHERE}?at={POINT}")
    assert "What counts in this cell" in seen(page.text)
    told = portal.get(f"/api/where/{NAME}/cell?at={POINT}").json
    assert [one["criterion"] for one in told["musts"]] == ["minutes-to-nearest"]
    assert len(told["contributions"]) == 5
    total = sum(one["weight"]["value"] * one["value"]["low"]["value"] for one in told["contributions"])
    assert told["score"]["low"]["value"] == pytest.approx(total, abs=1e-5)
    assert told["score"]["low"]["value"] == pytest.approx(
        next(
            one["properties"]["score_low"]
            for one in portal.get(f"/api/where/{NAME}?limit=5000").json["features"]
            if one["id"] == told["cell"]
        ),
        abs=1e-5,
    )


def test_cells_come_best_first_and_only_so_many(portal):
    first = portal.get(f"/api/where/{NAME}?limit=3").json
    assert (first["type"], len(first["features"]), first["total"]) == (
        "FeatureCollection",
        3,
        first["standing"]["fits"] + first["standing"]["in-doubt"],
    )
    then = portal.get(f"/api/where/{NAME}?limit=2&offset=1").json
    assert [one["id"] for one in then["features"]] == [one["id"] for one in first["features"]][1:]
    mids = [one["properties"]["score_mid"] for one in first["features"]]
    assert mids == sorted(mids, reverse=True)
    assert len(portal.get(f"/api/where/{NAME}").json["features"]) == 1000
    for wrong in ("limit=0", "limit=5001", "offset=-1", "limit=many"):
        assert portal.get(f"/api/where/{NAME}?{wrong}").status == 400


def test_the_map_is_a_shape_for_each_class(portal):
    answer = portal.get(f"/api/where/{NAME}/map?at={POINT}")
    assert answer.headers["content-type"].startswith("application/geo+json")
    features = answer.json["features"]
    classes = [one["properties"] for one in features if one["properties"]["layer"] == "where"]
    assert [one["shade"] for one in classes] == [-1, 0, 1, 2, 3, 4]
    assert {one["properties"]["layer"] for one in features} == {"where", "where-fits", "where-cell", "where-site"}
    assert len(answer.body) < 400_000


def test_other_weights_put_other_cells_first(portal):
    weights = "w=0,0,100,0,0"
    moved = portal.get(f"/api/where/{NAME}?{weights}&limit=1").json
    assert moved["share_unanswered"] == 0.0
    assert moved["wants"][2]["weight"] == 1.0
    own = portal.get(f"/api/where/{NAME}?limit=1").json
    assert moved["features"][0]["properties"] != own["features"][0]["properties"]
    page = portal.get(f"{WHERE}?{weights}&resolution=7")
    assert "differ from the brief" in seen(page.text)
    assert "data-weights-moved>" in page.text
    assert "data-weights-moved hidden>" in portal.get(f"{WHERE}?w=25&w=25&w=20&w=15&w=15").text
    assert f"w={quote('0,0,100,0,0')}" in page.text, "links keep the weights"


def test_a_brief_in_the_address_is_answered_too(portal, torino):
    text = to_text(briefs.read(torino, NAME))
    page = portal.get(f"/en/brief/where?b={text}&resolution=6")
    assert page.status == 200
    assert "Where: Battery-module plant" in seen(page.text)
    whole = portal.get(f"/api/where?b={text}&resolution=6").json
    named = portal.get(f"/api/where/{NAME}?resolution=6").json
    assert whole["standing"] == named["standing"]
    assert whole["features"] == named["features"]
    assert portal.get(f"/api/where/map?b={text}&resolution=6").status == 200
    assert portal.get(f"/api/where/cell?b={text}&resolution=6&at={POINT}").status == 200
    assert portal.get("/en/brief/where?b=nonsense").status == 422


def test_what_a_stranger_writes_into_a_brief_stays_text(portal, torino):
    brief = briefs.read(torino, NAME)
    evil = "<script>alert(1)</script>\"'"
    wants = tuple(replace(want, label=Text({"en": evil})) for want in brief.wants)
    text = to_text(replace(brief, title=Text({"en": evil}), wants=wants))
    page = portal.get(f"/en/brief/where?b={text}&resolution=6&at={POINT}")
    assert page.status == 200
    assert "<script>alert" not in page.text
    assert page.text.count("&lt;script&gt;alert(1)&lt;/script&gt;") > 8
    assert "<script" not in portal.get(f"/api/where/map?b={text}&resolution=6").text


def test_a_brief_that_asks_for_very_much_is_answered_in_larger_cells(portal, torino):
    wants = [
        Want(criterion="places-within", mode=Mode.CAR, within_minutes=float(minutes), weight=1.0)
        for minutes in range(1, 31)
    ]
    text = to_text(replace(briefs.read(torino, NAME), wants=tuple(wants)))
    told = portal.get(f"/api/where?b={text}&limit=1").json
    assert told["resolution"] == 7
    assert portal.get(f"/api/where?b={text}&limit=1&resolution=8").json["title"] == "where-too-fine-here"


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ("resolution=99", 400, "Resolution 99 is none"),
        ("resolution=9", 422, "take resolution 8"),
        ("resolution=12", 422, "take resolution 8"),
        ("resolution=-1", 400, "Resolution -1 is none"),
        ("resolution=%3Cb%3E", 400, "is no resolution"),
        ("at=here", 400, "is no point"),
        ("at=nan,nan", 400, "is no point"),
        ("at=1,2,3", 400, "is no point"),
        ("at=41.9,12.5", 422, "lies in none of the cells"),
        ("w=1,2", 422, "Weights given: 2; wants: 5"),
        ("w=0,0,0,0,0", 422, "All weights are zero"),
    ],
)
def test_what_cannot_be_asked_is_one_sentence_on_the_page(portal, query, status, words):
    page = portal.get(f"{WHERE}?{query}")
    assert (page.status, words in seen(page.text)) == (status, True)
    assert "<b>" not in page.text.partition("<main")[2]
    if query.startswith("at="):
        assert "The best places" in page.text, "the map is there all the same"


def test_a_brief_that_only_a_register_answers_is_told_so(portal):
    page = portal.get("/it/briefs/power-only/where")
    assert (page.status, "Il territorio non può rispondere a nulla" in seen(page.text)) == (422, True)
    answer = portal.get("/api/where/power-only")
    assert (answer.status, answer.json["title"]) == (422, "where-nothing-to-answer")


def test_unknown_briefs_and_missing_points(portal):
    assert portal.get("/en/briefs/nobody/where").status == 404
    assert portal.get("/api/where/nobody").status == 404
    assert portal.get(f"/api/where/{NAME}/cell").status == 400
    assert portal.get(f"/api/where/{NAME}/cell?at=").status == 400
    assert portal.get("/api/where").status == 400
    assert portal.get(f"/api/where/{NAME}?as_of=0001-01-01").status == 400


def test_the_shortlist_leads_to_it_and_back(portal):
    assert f"/en/briefs/{NAME}/where" in portal.get(f"/en/briefs/{NAME}").text
    assert f'href="/en/briefs/{NAME}"' in portal.get(WHERE).text
