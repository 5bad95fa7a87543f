"""An answer as plain data rests on what a brief says, not on which copy of it was read."""

from __future__ import annotations

import copy
from dataclasses import replace

import pytest

from portico.dossier.answer import to_dict
from portico.match import briefs
from portico.match.robustness import robustness
from portico.match.shortlist import shortlist
from portico.translation import Translator
from portico.web.rendering import place_of


@pytest.mark.parametrize("name", ["food-production", "software-centre"])
def test_an_answer_to_a_brief_that_was_read_again_is_told_alike(torino, torino_territory, as_of, name):
    answer = shortlist(briefs.read(torino, name), torino_territory, as_of)
    firm, say = robustness(answer), Translator("it")
    again = replace(answer, brief=copy.deepcopy(answer.brief))
    assert to_dict(again, firm, say) == to_dict(answer, firm, say)


def test_of_two_alike_each_stands_in_its_own_place():
    first, second = [1], [1]
    assert [place_of(one, [first, second]) for one in (first, second, [1], [2])] == [0, 1, 0, -1]
