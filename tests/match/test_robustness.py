"""How firm a shortlist is: rules under hypothesis on shortlists of invented registers, and on the reference city."""

from __future__ import annotations

import dataclasses
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.match import registers as invented

from portico.match import briefs, firm_words
from portico.match.model import Must
from portico.match.robustness import MOST_COMPARED, robustness
from portico.match.shortlist import reweighed, shortlist
from portico.translation import Translator

DRAWS = 400
few = settings(max_examples=30)


@pytest.fixture(scope="module")
def land_of(torino_territory):
    return lambda numbers, **how: invented.land(torino_territory, invented.sites(numbers, **how))


@pytest.fixture(scope="module")
def answer(land_of):
    def made(numbers, weights, *, land=None, **more):
        brief = invented.brief([float(one) for one in weights], **more)
        return shortlist(brief, land or land_of(numbers), invented.AS_OF)

    return made


@pytest.fixture(scope="module")
def food(torino, torino_territory):
    return shortlist(briefs.read(torino, "food-production"), torino_territory, invented.AS_OF)


def order(entries):
    return [one.site.id for one in entries]


def place(entries, name):
    return next((one.rank.low, one.rank.high, number) for number, one in enumerate(entries) if one.site.id == name)


@few
@given(invented.registers(), invented.WEIGHTS, st.integers(0, 5), st.integers(0, 3))
def test_a_dominated_site_changes_the_order_of_no_other_two(answer, numbers, weights, which, less):
    before = answer(numbers, weights)
    model = list(numbers.values())[which % len(numbers)]
    worse = tuple(None if one is None else (max(0, one[0] - less), max(0, one[1] - less)) for one in model)
    after = answer(numbers | {"site-z": worse}, weights)
    assert [one for one in order(after.qualified) if one != "site-z"] == order(before.qualified)


@few
@given(invented.registers(), invented.WEIGHTS, st.integers(0, 5), st.integers(0, 2), st.integers(1, 30))
def test_improving_a_criterion_never_lowers_a_rank(answer, numbers, weights, which, column, more):
    name = list(numbers)[which % len(numbers)]
    old = numbers[name][column]
    assume(old is not None)
    better = list(numbers[name])
    better[column] = (old[0] + more, old[1] + more)
    before = place(answer(numbers, weights).qualified, name)
    after = place(answer(numbers | {name: tuple(better)}, weights).qualified, name)
    assert all(new <= old for new, old in zip(after, before, strict=True))


@few
@given(invented.registers(), invented.WEIGHTS)
def test_the_order_of_rows_changes_nothing(answer, land_of, numbers, weights):
    one, other = (answer(numbers, weights, land=land_of(numbers, backwards=way)) for way in (False, True))
    assert order(one.qualified) == order(other.qualified)
    assert [each.score_mid for each in one.qualified] == [each.score_mid for each in other.qualified]
    firm, same = (robustness(each, draws=DRAWS) for each in (one, other))
    assert [(each.site.id, each.ranks) for group in firm.groups for each in group.entries] == [
        (each.site.id, each.ranks) for group in same.groups for each in group.entries
    ]


@few
@given(invented.registers(), invented.WEIGHTS, st.integers(1, 39))
def test_the_unit_of_a_limit_changes_nothing(answer, numbers, weights, limit):
    hectares = {
        name: (None if row[0] is None else tuple(10_000 * one for one in row[0]), *row[1:])
        for name, row in numbers.items()
    }
    in_ha = briefs.in_own_unit(Must(criterion="area", basis="offered", at_least=float(limit), unit="ha"))
    in_m2 = Must(criterion="area", basis="offered", at_least=10_000.0 * limit, unit="m2")
    one, other = (answer(hectares, weights, musts=(must,)) for must in (in_ha, in_m2))
    assert [(each.site.id, each.group, each.score_low, each.score_high) for each in one.entries] == [
        (each.site.id, each.group, each.score_low, each.score_high) for each in other.entries
    ]


@few
@given(
    invented.registers(), invented.WEIGHTS, st.integers(0, 5), st.integers(0, 2), st.integers(0, 9), st.integers(0, 9)
)
def test_widening_an_interval_never_narrows_a_score(answer, numbers, weights, which, column, down, up):
    name = list(numbers)[which % len(numbers)]
    old = numbers[name][column]
    assume(old is not None)
    wider = list(numbers[name])
    wider[column] = (max(0, old[0] - down), old[1] + up)
    before, after = (
        next(one for one in answer(each, weights).entries if one.site.id == name)
        for each in (numbers, numbers | {name: tuple(wider)})
    )
    assert after.score_low <= before.score_low
    assert after.score_high >= before.score_high


@few
@given(invented.registers(cell=invented.KNOWN), invented.WEIGHTS)
def test_what_is_exact_is_certain(answer, numbers, weights):
    found = answer(numbers, weights)
    scores = sorted(one.score_mid for one in found.qualified)
    assume(all(b - a > 1e-9 for a, b in pairwise(scores)))
    firm = robustness(found, draws=DRAWS).qualified
    assert firm.is_certain
    assert [one.first.value for one in firm.entries] == [1.0] + [0.0] * (len(numbers) - 1)
    assert [one.ranks for one in firm.entries] == [tuple(row) for row in np.eye(len(numbers)).tolist()]
    assert firm.find_out == ()


@few
@given(invented.registers(), invented.WEIGHTS)
def test_shares_of_ranks_add_up_and_the_same_seed_gives_the_same(answer, numbers, weights):
    found = answer(numbers, weights)
    firm = robustness(found, draws=DRAWS)
    assert firm == robustness(found, draws=DRAWS)
    for group in firm.groups:
        shares = np.array([one.ranks for one in group.entries])
        assert shares.sum(axis=0) == pytest.approx(1)
        assert shares.sum(axis=1) == pytest.approx(1)
        pairs = np.array(group.pairwise)
        assert pairs + pairs.T == pytest.approx(np.ones_like(pairs))
        assert all(0 < one.chance.value <= 1 for one in group.find_out)


@few
@given(invented.registers(), invented.WEIGHTS)
def test_beyond_a_threshold_the_rival_leads_and_before_it_does_not(answer, land_of, numbers, weights):
    land = land_of(numbers)
    found = answer(numbers, weights, land=land)
    group = robustness(found, draws=1).qualified
    assume(group)
    shares = np.array(found.brief.shares())
    for one in group.thresholds:
        k = found.brief.wants.index(one.want)
        for part, leads in ((1.001, True), (0.999, False)):
            to = one.share.value + part * (one.to.value - one.share.value)
            if not 0 <= to <= 1:
                continue
            moved = shares * (1 - to) / (1 - shares[k])
            moved[k] = to
            entries = {each.site.id: each for each in reweighed(found, moved.tolist(), land).qualified}
            first, rival = entries[group.entries[0].site.id].score_mid, entries[one.rival.id].score_mid
            assert (rival > first) is leads


@few
@given(invented.registers(), invented.WEIGHTS)
def test_the_least_change_of_all_weights_brings_the_rival_level(answer, land_of, numbers, weights):
    land = land_of(numbers)
    found = answer(numbers, weights, land=land)
    group = robustness(found, draws=1).qualified
    assume(group and group.overturn)
    moved = np.array(found.brief.shares())
    for want, _, after in group.overturn.moved:
        moved[found.brief.wants.index(want)] = after
    assert moved.sum() == pytest.approx(1)
    assert np.abs(moved - found.brief.shares()).sum() == pytest.approx(group.overturn.distance.value)
    entries = {each.site.id: each for each in reweighed(found, moved.tolist(), land).qualified}
    assert entries[group.overturn.rival.id].score_mid == pytest.approx(entries[group.entries[0].site.id].score_mid)
    nearest = [abs(one.to.value - one.share.value) for one in group.thresholds]
    assert all(group.overturn.distance.value <= 2 * one + 1e-9 for one in nearest)


def test_what_is_worth_asking_is_the_value_that_turns_the_order(answer):
    firm = robustness(
        answer({"site-a": ((30, 30), (20, 20), (20, 20)), "site-b": (None, (20, 20), (20, 20))}, (1, 1, 1))
    )
    [asked] = firm.qualified.find_out
    assert (asked.site.id, asked.want.criterion, asked.is_unknown) == ("site-b", "area", True)
    assert asked.chance.value == pytest.approx(0.25)  # site-b leads from 30 to 40 of what could be 0 to 40
    assert asked.ask.name
    assert firm.qualified.entries[0].first.value == pytest.approx(0.75, abs=0.02)
    text = Translator("en")(firm_words.find_out_words(asked))
    assert "25 of 100" in text


def test_weights_in_ranges_are_drawn_from_them_and_those_outside_are_named(answer):
    numbers = {"site-a": ((40, 40), (0, 0), (0, 0)), "site-b": ((0, 0), (40, 40), (0, 0))}
    brief = invented.brief([(0.4, 0.7), (0.2, 0.4), (0.0, 0.2)])
    base = answer(numbers, (1, 1, 1))
    found = dataclasses.replace(base, brief=brief)
    group = robustness(found).qualified
    assert not group.weights_are_exact
    assert group.entries[0].first_by_any is None
    assert group.entries[0].first.value > 0.9
    [central] = [one.central for one in group.entries if one.site.id == "site-a"]
    assert 0.4 <= central[0] <= 0.7


def test_a_site_to_verify_is_told_what_it_could_become(food):
    firm = robustness(food)
    open_sites = {entry.site.id for entry in food.to_verify}
    assert {one.entry.site.id for one in firm.contenders} <= open_sites
    shares = [one.first.value for one in firm.contenders]
    assert shares == sorted(shares, reverse=True)
    text = Translator("it")(firm_words.contender_words(firm.contenders[0]))
    assert "casi su 100" in text


@pytest.mark.parametrize("language", ["en", "it"])
def test_every_sentence_is_whole_in_both_languages(food, language):
    say = Translator(language)
    firm = robustness(food)
    told = [say(one) for group in firm.groups for one in firm_words.sentences(group)]
    told += [say(firm_words.find_out_words(one)) for group in firm.groups for one in group.find_out]
    told += [say(one) for group in firm.groups for one in firm_words.favoured(group, food.brief.wants)]
    assert len(told) > 10
    assert not [one for one in told if "{" in one or "robust" in one]


def test_nothing_wanted_is_nothing_to_be_firm_about(food, torino_territory):
    bare = shortlist(dataclasses.replace(food.brief, wants=()), torino_territory, invented.AS_OF)
    assert robustness(bare).groups == ()


def test_of_a_large_group_the_first_are_compared_and_the_others_counted(answer):
    numbers = {
        f"site-{number:04}": ((number % 40, number % 40), (1, 39), (2, 2)) for number in range(MOST_COMPARED + 30)
    }
    group = robustness(answer(numbers, (1, 1, 1)), draws=50).qualified
    assert (len(group.entries), group.left_out) == (MOST_COMPARED, 30)


def test_other_weights_are_ranked_as_a_brief_that_states_them(torino_territory, food):
    numbers = [10.0, 40.0, 20.0, 30.0]
    wants = tuple(dataclasses.replace(want, weight=one) for want, one in zip(food.brief.wants, numbers, strict=True))
    stated = shortlist(dataclasses.replace(food.brief, wants=wants), torino_territory, invented.AS_OF)
    moved = reweighed(food, numbers, torino_territory)
    assert [(one.site.id, one.rank, one.questions) for one in moved.entries] == [
        (one.site.id, one.rank, one.questions) for one in stated.entries
    ]
    assert [one.score_mid for one in moved.entries] == pytest.approx([one.score_mid for one in stated.entries])
    assert [one.frees for one in moved.relaxations] == [one.frees for one in stated.relaxations]
