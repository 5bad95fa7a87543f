"""TOPSIS and PROMETHEE II over a shortlist: the published methods on its numbers, and what they lose, shown."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from tests.match import registers as invented

from portico.dossier.by_method import to_dict
from portico.match.methods.promethee import promethee
from portico.match.methods.stated import Direction
from portico.match.methods.topsis import topsis
from portico.match.outranking import Method, by_method
from portico.match.shortlist import shortlist
from portico.translation import Translator

NUMBERS = {
    "site-a": ((30, 30), (10, 10), (5, 15)),
    "site-b": ((10, 20), (35, 35), None),
    "site-c": ((20, 20), (20, 20), (22, 22)),
}
VALUES = np.array([[30, 10, 10], [15, 35, 20], [20, 20, 22]]) / 40
WEIGHTS = np.array([3, 2, 1]) / 6


@pytest.fixture(scope="module")
def answer(torino_territory):
    def made(numbers, brief=None):
        land = invented.land(torino_territory, invented.sites(numbers))
        return shortlist(brief or invented.brief([3.0, 2.0, 1.0]), land, invented.AS_OF)

    return made


def scores(placed):
    return {one.site.id: one.score.value for one in placed}


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        (Method.TOPSIS, topsis(VALUES, WEIGHTS, [True] * 3)),
        (Method.PROMETHEE, promethee(VALUES, WEIGHTS, [True] * 3).net),
        (Method.ADDITIVE, VALUES @ WEIGHTS),
    ],
)
def test_a_method_takes_the_values_of_the_shortlist_at_their_middle(answer, method, expected):
    found = by_method(answer(NUMBERS), method)
    assert scores(found.qualified) == pytest.approx(dict(zip(NUMBERS, expected, strict=True)))
    assert [one.rank for one in found.qualified] == [1, 2, 3]
    told = [one.score.value for one in found.qualified]
    assert told == sorted(told, reverse=True)
    assert found.to_verify == ()


def test_additive_is_the_order_of_the_shortlist_itself(answer):
    made = answer(NUMBERS)
    assert [one.site.id for one in by_method(made, Method.ADDITIVE).qualified] == [
        one.site.id for one in made.qualified
    ]


def test_a_want_with_a_direction_is_compared_by_what_was_measured(answer):
    brief = invented.brief([3.0, 2.0, 1.0])
    first = dataclasses.replace(brief.wants[0], scale=(), range=(0.0, 100.0), direction=Direction.MIN)
    made = answer(NUMBERS, dataclasses.replace(brief, wants=(first, *brief.wants[1:])))
    x = np.column_stack(([30, 15, 20], VALUES[:, 1:]))
    expected = topsis(x, WEIGHTS, [False, True, True])
    assert scores(by_method(made, Method.TOPSIS).qualified) == pytest.approx(dict(zip(NUMBERS, expected, strict=True)))


def test_what_is_lost_is_said_and_is_so(answer):
    before = {"site-a": ((33, 33), (29, 29), (22, 22)), "site-b": ((29, 29), (39, 39), (13, 13))}
    after = before | {"site-c": ((25, 25), (5, 5), (13, 13))}  # worse than both in everything
    orders = {
        method: [
            [one.site.id for one in by_method(answer(numbers), method).qualified if one.site.id != "site-c"]
            for numbers in (before, after)
        ]
        for method in Method
    }
    assert orders[Method.ADDITIVE][0] == orders[Method.ADDITIVE][1]
    assert orders[Method.TOPSIS][0] != orders[Method.TOPSIS][1]  # a third site turned the two others
    found = by_method(answer(NUMBERS), Method.TOPSIS)
    assert [one.id for one in found.remarks] == ["outrank.topsis", "outrank-middle"]
    assert found.remarks[1].values == {"count": 3, "total": 9}


@pytest.mark.parametrize("language", ["en", "it"])
def test_the_same_is_plain_data(answer, language):
    told = to_dict(by_method(answer(NUMBERS), Method.PROMETHEE), Translator(language))
    assert [one["rank"] for one in told["qualified"]] == [1, 2, 3]
    assert told["qualified"][0]["score"]["evidence"] == [
        {"method": "match.promethee", "parameters": {"rests_on": "contributions"}}
    ]
    assert all("outrank" not in one for one in told["remarks"])


def test_nothing_to_rank_is_ranked_by_no_method(answer):
    made = answer({"site-a": (None, None, None)})
    assert by_method(made, Method.TOPSIS).qualified == ()
