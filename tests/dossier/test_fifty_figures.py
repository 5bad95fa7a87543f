"""Fifty figures drawn at random from the reference city's dossiers: each leads to what states it or makes it again."""

from __future__ import annotations

import copy
import io
import json
import os
import random
import re
from collections import Counter

import pypdf
import pytest
from tests.cities import AS_OF
from tests.dossier.walking.drawn import BOUNDS, City, Drawn, draw, figures
from tests.dossier.walking.walk import RULES, walk

from portico.build import lake_of
from portico.dossier import site_sheet
from portico.dossier.answer import to_dict
from portico.dossier.document import site_pdf
from portico.match import briefs
from portico.match.robustness import robustness
from portico.match.shortlist import shortlist
from portico.translation import Translator

SEED = 50
"""Another one in each run of ``make stress``."""


@pytest.fixture(scope="module")
def city(torino):
    return City(lake_of(torino), torino.folder)


@pytest.fixture(scope="module")
def documents(torino, torino_territory):
    """The sheets of all sites and the answers to all briefs, as plain data."""
    say = Translator("en")
    answers = [shortlist(briefs.read(torino, name), torino_territory, AS_OF) for name in briefs.names(torino)]
    found = [to_dict(answer, robustness(answer), say) for answer in answers]
    found += [
        site_sheet.to_dict(site_sheet.site_sheet(torino_territory, site.id, AS_OF), say)
        for site in torino_territory.sites
    ]
    return json.loads(json.dumps(found))


@pytest.fixture(scope="module")
def fifty(documents):
    return draw(documents, 50, random.Random(SEED))


def followed(drawn, city):
    return {str(one.path): faults for one in drawn if (faults := walk(one, city))}


def test_fifty_figures_lead_to_what_states_them(fifty, city):
    assert len(fifty) == 50
    assert followed(fifty, city) == {}


def test_the_fifty_are_of_many_kinds(fifty):
    assert len({one.kind for one in fifty}) >= 40
    assert {"rows", "territory.estimates.car", "match.additive", "match.rank-interval"} <= {one.method for one in fifty}
    assert {"brief" in one.document for one in fifty} == {True, False}


@pytest.mark.slow
def test_two_thousand_figures_lead_to_what_states_them(documents, city):
    seed = int(os.environ.get("PORTICO_SEED") or random.SystemRandom().randrange(1_000_000))
    assert followed(draw(documents, 2_000, random.Random(seed)), city) == {}, f"PORTICO_SEED={seed}"


def tampered(one: Drawn, change) -> Drawn:
    """The same figure after ``change``, in a document that is otherwise the same."""
    document = copy.copy(one.document)
    node = document
    for step in one.path:
        node[step] = copy.deepcopy(node[step]) if node[step] is one.found else copy.copy(node[step])
        node = node[step]
    change(node)
    return Drawn(document, one.path)


def another_number(found):
    for bound in BOUNDS:
        if found[bound] is not None:
            found[bound] += 0.07 * abs(found[bound]) + 1


def another_word(found):
    found["values"] = ["something-else"]


def test_a_figure_that_was_tampered_with_is_found(fifty, city):
    counted = Counter()
    for one in fifty:
        changed = tampered(one, another_word if "values" in one.found else another_number)
        assert walk(changed, city), one.path
        counted[one.method] += 1
    assert len(counted) >= 12


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("row", "nowhere"),
        ("version", "0" * 64),
        ("dataset", "transport"),
        ("source", "hearsay"),
        ("checked", "2020-01-01"),
    ],
)
def test_evidence_that_was_tampered_with_is_found(fifty, city, name, value):
    resting = [one for one in fifty if one.rows]
    assert len(resting) >= 10

    def change(found):
        piece = next(piece for piece in found["evidence"] if "row" in piece)
        piece[name] = value if piece[name] != value else "lines"

    for one in resting:
        assert walk(tampered(one, change), city), one.path


def test_what_rests_on_nothing_or_on_what_nobody_can_follow_is_found(fifty, city):
    for one in fifty:
        assert walk(tampered(one, lambda found: found["evidence"].clear()), city) == ["it rests on nothing"]
    one = next(one for one in fifty if one.method == "match.additive")
    faults = walk(tampered(one, lambda found: found["evidence"][0].update(method="wisdom")), city)
    assert faults == ["nobody can follow wisdom"]


def test_another_row_of_the_same_table_does_not_do(documents, city):
    """The row is there, and its source is its own; it states something else, of another site."""
    one = next(one for one in figures(documents[-1]) if one.method == "rows" and "unit" in one.found)
    other = next(
        row for row in city.head("site_attributes").values() if row["attribute"] == "area" and row["site"] != one.site
    )

    def change(found):
        found["evidence"][0] |= {"row": other["id"], "source": other["source"], "confidence": other["confidence"]}
        found["evidence"][0]["checked"] = str(other["checked"])

    assert walk(tampered(one, change), city)


def test_every_method_of_the_dossiers_can_be_followed(documents):
    used = {one.method for document in documents for one in figures(document)}
    assert used <= RULES.keys()


# --- on paper ---

NAMED = re.compile(r"(\w+)@([0-9a-f]{12}), (?:row|riga) ([\w.-]+?)(?=, )")


def named_on_paper(made: bytes) -> set[tuple[str, str, str]]:
    """Return dataset, beginning of the version and row of each note of a PDF."""
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(made)).pages]
    text = re.sub(r"\s+", " ", re.sub(r"-\n", "-", "\n".join(pages).replace("\u200b", "")))
    return set(NAMED.findall(text))


@pytest.mark.parametrize("language", ["en", "it"])
def test_every_note_of_a_printed_sheet_leads_to_a_row_and_every_figure_has_one(
    torino_territory, documents, city, language
):
    site = random.Random(SEED).choice([one["id"] for one in documents if "brief" not in one])
    on_paper = named_on_paper(site_pdf(torino_territory, site, Translator(language), AS_OF))
    assert on_paper
    for dataset, version, row in on_paper:
        assert row in city.rows(dataset, version), (dataset, version, row)
    [sheet] = [one for one in documents if one.get("id") == site]
    cited = {
        (piece["dataset"], piece["version"][:12], piece["row"])
        for one in figures(sheet)
        for piece in one.rows[:5]  # of a figure that rests on many the note tells how many more there are
    }
    assert len(cited) > 5
    assert cited <= on_paper
