"""What a brief can ask for: the page and the API say what the docstrings say, and a shortlist answers it in words."""

from __future__ import annotations

import html

import pytest
from tests.cities import AS_OF, AT, write_borgo_prova, write_industries
from tests.serving import served

from portico import city as cities
from portico.build import build
from portico.match.criteria import CRITERIA
from portico.match.criteria.reference import GROUPS, example, find, told
from portico.translation import Translator

NEW = (*GROUPS["industry"], *GROUPS["reach"], "price-per-m2")
HEAD = 'title = { en = "Cheese", it = "Formaggio" }\nactivity = "food"\nsector = "food"\n\n'


@pytest.fixture(scope="module")
def portal(tmp_path_factory):
    """The invented city with its industries, and a brief that wants one of each criterion that looks around a site."""
    folder = write_industries(write_borgo_prova(tmp_path_factory.mktemp("criteria") / "borgo-prova"))
    wants = "\n\n".join(example(find(name)) for name in NEW)
    wants = wants.replace('"29"', '"10"').replace(', "research-centre"', "").replace("automotive", "food")
    (folder / "briefs" / "cheese.toml").write_text(HEAD + wants, "utf-8")
    city = cities.open(folder)
    build(city, as_of=AS_OF, at=AT)
    city.database.close()
    with served(folder) as found:
        yield found


@pytest.mark.parametrize("language", ["en", "it"])
def test_the_page_tells_each_with_unit_scale_formula_and_source(portal, language):
    answer = portal.get(f"/{language}/criteria")
    assert answer.status == 200
    text, say = html.unescape(answer.text), Translator(language)
    for one in CRITERIA:
        assert f'id="criterion-{one.id}"' in text
        assert say(told(one.formula)) in text
        assert say(told(one.source)) in text
        assert example(one) in text
    assert ">criterion." not in text
    assert "10 → 1, 60 → 0" in text


def test_programs_are_told_the_same_and_advised(portal):
    every = portal.get("/api/criteria").json
    assert sorted(one["id"] for one in every) == sorted(one.id for one in CRITERIA)
    one = portal.get("/api/criteria/gravity?lang=it").json
    assert one in portal.get("/api/criteria?lang=it").json
    assert one["formula"] == "A_i = Σ_j O_j 2^(−c_ij / h)"
    refused = portal.get("/api/criteria/gravty")
    assert refused.status == 404
    assert "gravity" in refused.text


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "en",
            (
                "Location quotient of ATECO division 10: 1.4–3",
                "Specialisation in industries with the skills of ATECO division 10: 60–100 %",
                "Students within 30 minutes by car (university): 400 people (nearest: Agrarian school), out of date",
                "(last statement: 2025); not counted, because nobody said how much there is: College",
                "the price is not stated",
            ),
        ),
        (
            "it",
            (
                "Quoziente di localizzazione della divisione ATECO 10: 1,4–3",
                "Studenti entro 30 minuti in auto (università): 400 persone",
                "non contato, perché nessuno ha detto quanto c'è: College",
                "il prezzo non è dichiarato",
            ),
        ),
    ],
)
def test_a_shortlist_says_what_they_found_in_words(portal, language, said):
    answer = portal.get(f"/{language}/briefs/cheese?as_of={AS_OF}")
    assert answer.status == 200
    text = " ".join(html.unescape(answer.text).split())
    for words in said:
        assert words in text
    assert "label." not in text


def test_each_figure_of_the_shortlist_names_dataset_version_and_row(portal):
    answer = portal.get(f"/api/match/cheese?as_of={AS_OF}").json
    entries = [*answer["qualified"], *answer["to_verify"]]
    figures = [one["figure"] for entry in entries for one in entry["contributions"]]
    known = [figure for figure in figures if figure["value"] is not None]
    assert known
    for figure in figures:
        assert all(part["version"] for part in figure["evidence"] if part.get("row"))
    for figure in known:
        assert any(part.get("row") for part in figure["evidence"])
        assert any(part.get("method") for part in figure["evidence"])


def test_the_way_to_an_area_that_people_are_counted_in_can_be_looked_at(portal):
    answer = portal.get("/en/sites/prato-grande/way/borgo?mode=car&direction=inbound")
    assert answer.status == 200
    assert "Borgo" in answer.text
