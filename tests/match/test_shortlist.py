"""The match as a whole: groups, questions, relaxations that free what they say."""

from __future__ import annotations

import dataclasses

import pytest
from tests.cities import AS_OF, AT

from portico import city
from portico.build import build, lake_of
from portico.match import briefs
from portico.match.model import Group, Must, Outcome
from portico.match.shortlist import AVAILABLE, group_of, shortlist
from portico.territory.layers import territory

BRIEFS = ("battery-module-plant", "biomedical-laboratory", "food-production")


@pytest.fixture
def borgo(tiny_city):
    opened = city.open(tiny_city)
    build(opened, as_of=AS_OF, at=AT)
    return territory(opened, lake_of(opened)), briefs.read(opened, "cheese-dairy")


@pytest.fixture(scope="module", params=BRIEFS)
def answered(request, torino, torino_territory):
    brief = briefs.read(torino, request.param)
    return shortlist(brief, torino_territory, AS_OF), torino_territory


def _with_must(answer, old: Must, new: Must | None):
    musts = tuple(new if must == old else must for must in answer.brief.musts)
    return dataclasses.replace(answer.brief, musts=tuple(must for must in musts if must is not None))


def test_a_small_city_is_answered_as_its_facts_say(borgo):
    land, brief = borgo
    answer = shortlist(brief, land, AS_OF)
    assert [entry.site.id for entry in answer.qualified] == ["prato-grande"]
    assert {entry.site.id for entry in answer.to_verify} == {"filanda", "scalo", "bosco"}
    assert [entry.site.id for entry in answer.excluded] == ["cava"]
    assert [one.must.criterion for one in answer.excluded[0].failed] == ["availability"]
    assert answer.qualified[0].who_answers.partner.id == "town-hall"
    assert answer.qualified[0].who_answers.by.isoformat() == "2026-11-27"  # the patron's day lies between


def test_a_range_that_reaches_below_the_limit_is_unknown(borgo):
    land, brief = borgo
    [must] = brief.musts
    stricter = dataclasses.replace(brief, musts=(dataclasses.replace(must, at_least=39_000.0),))
    answer = shortlist(stricter, land, AS_OF)
    [entry] = [entry for entry in answer.to_verify if entry.site.id == "prato-grande"]
    assert [one.outcome for one in entry.musts] == [Outcome.PASS, Outcome.UNKNOWN]
    assert entry.questions[0].about == "area"
    assert entry.questions[0].decides


def test_the_same_facts_a_year_later_are_stale(borgo):
    land, brief = borgo
    later = AS_OF.replace(year=AS_OF.year + 1)
    answer = shortlist(brief, land, later)
    assert answer.qualified == ()
    [entry] = [entry for entry in answer.to_verify if entry.site.id == "prato-grande"]
    assert {one.outcome for one in entry.musts} == {Outcome.STALE}


def test_without_wants_nothing_can_be_ranked(borgo):
    land, brief = borgo
    answer = shortlist(dataclasses.replace(brief, wants=()), land, AS_OF)
    assert [entry.rank for entry in answer.entries if entry.group is not Group.EXCLUDED] == [None] * 4


def test_every_site_stands_in_exactly_one_group_for_its_reasons(answered):
    answer, land = answered
    assert sorted(entry.site.id for entry in answer.entries) == sorted(site.id for site in land.sites)
    for group, entries in ((Group.QUALIFIED, answer.qualified), (Group.TO_VERIFY, answer.to_verify)):
        assert all(entry.group is group is group_of(entry.musts) for entry in entries)
    for entry in answer.qualified:
        assert {one.outcome for one in entry.musts} == {Outcome.PASS}
    for entry in answer.to_verify:
        assert Outcome.FAIL not in {one.outcome for one in entry.musts}
        assert {one.outcome for one in entry.musts} & {Outcome.UNKNOWN, Outcome.STALE}
    for entry in answer.excluded:
        assert entry.failed


def test_availability_is_always_asked_first(answered):
    for entry in answered[0].entries:
        assert entry.musts[0].must == AVAILABLE
        assert len(entry.musts) == len(answered[0].brief.musts) + 1


def test_every_doubt_has_its_question_and_somebody_to_ask_by_a_day(answered):
    answer, _ = answered
    for entry in answer.to_verify:
        doubtful = {one.must.criterion for one in entry.musts if one.outcome in (Outcome.UNKNOWN, Outcome.STALE)}
        assert {question.about for question in entry.questions if question.decides} == doubtful
        for question in entry.questions:
            assert question.by > answer.as_of
            assert question.ask.id


def test_a_score_is_the_sum_of_its_contributions_and_lies_between_nothing_and_one(answered):
    for entry in answered[0].entries:
        assert sum(one.share for one in entry.contributions) == pytest.approx(1.0)
        assert entry.score_low == pytest.approx(sum(one.share * one.low for one in entry.contributions))
        assert 0 <= entry.score_low <= entry.score_high <= 1 + 1e-9


def test_relaxing_a_must_frees_exactly_the_sites_it_says(answered):
    answer, land = answered
    excluded = {entry.site.id for entry in answer.excluded}
    assert answer.relaxations
    for one in answer.relaxations:
        if one.must == AVAILABLE:
            alone = {entry.site.id for entry in answer.excluded if [each.must for each in entry.failed] == [AVAILABLE]}
            assert set(one.frees) == alone
            continue
        relaxed = None
        if one.to is not None:
            name = "at_least" if one.must.at_least is not None else "at_most"
            relaxed = dataclasses.replace(one.must, **{name: one.to.value})
        again = shortlist(_with_must(answer, one.must, relaxed), land, AS_OF)
        freed = excluded - {entry.site.id for entry in again.excluded}
        assert freed == set(one.frees), (one.must, one.to)


def test_a_relaxation_frees_nothing_when_it_goes_less_far(answered):
    answer, land = answered
    numeric = [one for one in answer.relaxations if one.to is not None]
    for must in {id(one.must): one.must for one in numeric}.values():
        least = min((one for one in numeric if one.must is must), key=lambda one: len(one.frees))
        name, step = ("at_least", 1.0) if must.at_least is not None else ("at_most", -1.0)
        almost = dataclasses.replace(must, **{name: least.to.value + step})
        again = shortlist(_with_must(answer, must, almost), land, AS_OF)
        assert {entry.site.id for entry in again.excluded} & set(least.frees)


def test_a_brief_that_excludes_every_site_says_what_would_free_some(torino, torino_territory):
    brief = briefs.read(torino, "food-production")
    impossible = Must(criterion="electric-power", at_most=0.0)
    [production, *_] = brief.musts
    strict = dataclasses.replace(production, any_of=("park",), none_of=("production",))
    answer = shortlist(dataclasses.replace(brief, musts=(impossible, strict)), torino_territory, AS_OF)
    assert answer.qualified == ()
    assert answer.relaxations


def test_near_misses_come_first_among_the_excluded(answered):
    near = [entry.is_near_miss for entry in answered[0].excluded]
    assert near == sorted(near, reverse=True)
    for entry in answered[0].excluded:
        if entry.is_near_miss:
            [failed] = entry.failed
            assert failed.short_by is not None


def test_the_answer_is_the_same_every_time(torino, torino_territory):
    brief = briefs.read(torino, "battery-module-plant")
    one, other = (shortlist(brief, torino_territory, AS_OF) for _ in range(2))
    assert one == other
