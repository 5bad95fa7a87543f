"""Presets: one for each kind, each with its source, those of investors' ranks with these ranks to the digit."""

from __future__ import annotations

import pytest

from portico.errors import UnknownNameError
from portico.match.asking import QUESTIONS
from portico.match.methods.stated import OrderAs
from portico.match.methods.weights import INVESTOR_RANKS, rank_reciprocal
from portico.match.model import Activity
from portico.match.presets import NAMES, preset, presets
from portico.match.shortlist import shortlist


def test_every_kind_of_activity_has_its_preset():
    assert set(NAMES) == {one.value for one in Activity}
    assert [one.activity.value for one in presets()] == list(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_preset_says_in_both_languages_what_it_is_and_where_its_weights_come_from(name):
    one = preset(name)
    assert set(one.title) == set(one.source) == {"it", "en"}
    assert one.musts
    assert sum(one.shares()) == pytest.approx(1)
    says = one.source["en"]
    ranked = one.order_as is OrderAs.RANK_RECIPROCAL
    assert ranked == ("Area Development" in says)
    assert "this project’s proposal" in says.lower()


@pytest.mark.parametrize("name", [name for name in NAMES if preset(name).order_as is OrderAs.RANK_RECIPROCAL])
def test_the_ranks_of_investors_are_those_of_the_surveys(name):
    one = preset(name)
    ranks = [want.order for want in one.wants]
    assert set(ranks) <= set(INVESTOR_RANKS.values())
    assert list(one.shares()) == pytest.approx(list(rank_reciprocal(ranks)))
    for rank in ranks:
        assert f"({rank:.1f})" in one.source["en"]
        assert f"({rank:.1f})".replace(".", ",") in one.source["it"]


@pytest.mark.parametrize("name", NAMES)
def test_a_preset_is_answered_on_the_facts_of_the_reference_city(name, torino_territory, as_of):
    answer = shortlist(preset(name), torino_territory, as_of)
    assert len(answer.entries) == len(torino_territory.sites)
    assert len({entry.score_mid for entry in answer.entries}) > 1, "every site is worth the same"
    assert 0 < len(answer.excluded) < len(answer.entries)


def test_a_preset_nobody_has_is_told_with_the_nearest():
    with pytest.raises(UnknownNameError) as raised:
        preset("plnt")
    assert raised.value.values["advice"].values["suggestion"] == "plant"


def test_every_question_is_about_a_criterion_and_in_its_unit():
    assert len({one.field for one in QUESTIONS}) == len(QUESTIONS)
    for one in QUESTIONS:
        known = one.known
        assert one.bound.is_number <= known.is_number
        assert one.unit in ("", known.unit, "ha" if known.unit == "m2" else known.unit)
        assert one.basis in ("", *known.bases)
