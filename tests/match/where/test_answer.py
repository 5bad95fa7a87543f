"""A brief over every cell: each in one group with its reason, scores as intervals, as a site there would get them."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from tests.cities import AS_OF

from portico.build import lake_of
from portico.errors import InputError, UsageError
from portico.match import briefs
from portico.match.model import Must, Outcome, Want
from portico.match.shortlist import group_of
from portico.match.where.answer import everywhere
from portico.match.where.cell import explained, number_at, to_ask, told
from portico.match.where.classes import NO_CLASS, classed
from portico.match.where.model import OUTCOMES, STANDINGS, Standing
from portico.territory.cells import cells_of_box
from portico.territory.model import Mode

BRIEFS = ("battery-module-plant", "biomedical-laboratory", "food-production")
JUNCTION = {"criterion": "minutes-to-nearest", "mode": Mode.CAR, "kinds": ("motorway-junction",)}
NEAR = Must(**JUNCTION, at_most=30.0)
SCALE = ((5.0, 1.0), (30.0, 0.0))


@pytest.fixture(scope="module")
def cells(torino):
    return cells_of_box(torino.settings.extent.box, 7)


@pytest.fixture(scope="module", params=BRIEFS)
def answered(request, torino, torino_territory, cells):
    return everywhere(briefs.read(torino, request.param), torino_territory, AS_OF, cells)


@pytest.fixture(scope="module")
def plant(torino, torino_territory, cells):
    return everywhere(briefs.read(torino, "battery-module-plant"), torino_territory, AS_OF, cells)


def _asked(brief, musts=(), wants=()):
    return replace(brief, musts=tuple(musts), wants=tuple(wants))


def test_every_cell_stands_in_exactly_one_group_and_says_why(answered):
    assert sum(answered.count(one) for one in Standing) == len(answered.cells)
    failed = np.zeros(len(answered.cells), dtype=bool)
    for must in answered.musts:
        assert sum(must.count(outcome) for outcome in Outcome) == len(answered.cells)
        failed |= must.failed
    assert (failed == (answered.standing == STANDINGS.index(Standing.EXCLUDED))).all()
    assert failed.any()
    assert answered.count(Standing.FITS)


def test_a_cell_is_told_as_the_arrays_have_it(answered, torino_territory):
    """Musts, values, scores and standing of cells over the whole territory, the best one among them."""
    how = answered.suitability
    chosen = [*answered.best(how, 2), *range(0, len(answered.cells), 211)]
    for cell in chosen:
        found = explained(answered, how, answered.shares, cell, torino_territory)
        assert [one.outcome for one in found.musts] == [OUTCOMES[one.outcome[cell]] for one in answered.musts]
        assert group_of(found.musts).value.replace("qualified", "fits").replace("to_verify", "in-doubt") == str(
            answered.standing_of(cell)
        )
        for one, other in zip(found.contributions, answered.wants, strict=True):
            assert (one.low, one.high) == pytest.approx((other.low[cell], other.high[cell]))
            assert one.is_known or other.is_open or not np.isfinite(other.found.mid[cell])
        low, high = (sum(one.share * getattr(one, end) for one in found.contributions) for end in ("low", "high"))
        assert (found.told.score_low, found.told.score_high) == pytest.approx((low, high))
        assert (found.told.score_low, found.told.score_high) == pytest.approx((how.low[cell], how.high[cell]))


def test_cells_too_large_for_stops_are_told_to_be(answered):
    """Of resolution 7 half a cell is 1.3 km: nobody can say which stop is near."""
    by_transit = any(one.want.mode is Mode.TRANSIT for one in answered.wants)
    assert answered.is_too_rough_for_stops == by_transit
    finer = replace(answered, at=replace(answered.at, uncertainty_m=480.0))
    assert not finer.is_too_rough_for_stops


def test_scores_are_intervals_between_nothing_and_all(answered):
    how = answered.suitability
    assert (how.low >= 0).all()
    assert (how.high <= 1 + 1e-12).all()
    assert (how.low <= how.high + 1e-12).all()
    assert how.mid.std() > 0.01


def test_what_only_a_register_knows_is_asked_once_and_counts_as_anything(answered, torino_territory):
    criteria = [one.must.criterion for one in to_ask(answered, torino_territory)]
    assert criteria[0] == "availability"
    assert {"use"} <= set(criteria)
    assert not {one.must.criterion for one in answered.musts} & set(criteria)
    for one in answered.wants:
        assert one.is_open == (one.known.over is None)
        if one.is_open:
            assert np.ptp(one.low) == np.ptp(one.high) == 0
            assert one.low[0] < one.high[0]


@pytest.mark.parametrize("loser", [45.0, 60.0, 90.0])
def test_giving_way_never_excludes_a_cell_more(plant, torino_territory, cells, loser):
    looser = everywhere(
        _asked(plant.brief, [replace(NEAR, at_most=loser)], plant.brief.wants), torino_territory, AS_OF, cells
    )
    strict = plant.standing == STANDINGS.index(Standing.EXCLUDED)
    assert not ((looser.standing == STANDINGS.index(Standing.EXCLUDED)) & ~strict).any()
    assert looser.count(Standing.FITS) >= plant.count(Standing.FITS)


def test_more_minutes_and_more_places_never_lower_a_score(plant, torino_territory, cells):
    """Raising the limit of minutes raises counts, and with a rising scale the values."""
    scores = []
    for within in (15.0, 30.0, 60.0):
        want = Want(
            criterion="places-within", mode=Mode.CAR, within_minutes=within, weight=1.0, scale=((0, 0), (40, 1))
        )
        scores.append(everywhere(_asked(plant.brief, [], [want]), torino_territory, AS_OF, cells).suitability)
    for less, more in pairwise(scores):
        assert (more.low >= less.low - 1e-12).all()
        assert (more.high >= less.high - 1e-12).all()


def test_a_coarser_cell_is_never_more_certain(plant, torino_territory, cells):
    """With the same centre and half a cell more on every side no interval is narrower."""
    want = Want(**JUNCTION, weight=1.0, scale=SCALE)
    found = plant.wants[0].known.over(torino_territory, plant.at, want)
    wider = plant.wants[0].known.over(torino_territory, replace(plant.at, uncertainty_m=3000.0), want)
    assert (wider.low <= found.low).all()
    assert (wider.high >= found.high).all()


def test_other_weights_are_those_of_a_brief_that_states_them(plant, torino_territory, cells):
    weights = (5.0, 1.0, 0.0, 2.0, 4.0)
    wants = [replace(want, weight=weight) for want, weight in zip(plant.brief.wants, weights, strict=True)]
    stated = everywhere(_asked(plant.brief, plant.brief.musts, wants), torino_territory, AS_OF, cells).suitability
    moved = plant.by(weights)
    assert moved.low == pytest.approx(stated.low)
    assert moved.high == pytest.approx(stated.high)
    kept = plant.reranking()
    for place, weight in enumerate(np.array(weights) * 3):
        low, high = kept.move(place, weight)
    assert low == pytest.approx(moved.low)
    assert high == pytest.approx(moved.high)


def test_the_best_come_first_and_apart(plant):
    how = plant.suitability
    order = plant.order(how)
    assert len(order) == int(plant.ranked.sum())
    standing, mid = plant.standing[order], how.mid[order]
    assert (np.diff(standing) >= 0).all(), "those that fit come first"
    for one in (0, 1):
        assert (np.diff(mid[standing == one]) <= 1e-12).all()
    assert plant.best(how, 3) == order[:3].tolist()
    apart = plant.best(how, 8, 2)
    assert apart[0] == order[0]
    indexes = plant.cells.index[apart]
    for place, one in enumerate(apart):
        around = plant.cells.around(one, 2)
        assert {int(index) for index in indexes} & around == {int(indexes[place])}


def test_the_ranks_of_cells_hold_all_that_their_scores_allow(plant, torino_territory):
    how = plant.suitability
    low, high = how.low[plant.ranked], how.high[plant.ranked]
    for one in told(plant, how, plant.best(how, 3), torino_territory):
        assert one.rank == (int((low > one.score_high).sum()) + 1, len(low) - int((high < one.score_low).sum()))
    [excluded] = told(plant, how, [int(np.flatnonzero(~plant.ranked)[0])], torino_territory)
    assert (excluded.rank, excluded.standing) == (None, Standing.EXCLUDED)


def test_classes_part_the_cells_that_are_ranked(answered):
    how = answered.suitability
    made = classed(answered, how)
    assert ((made.number == NO_CLASS) == ~answered.ranked).all()
    assert sum(one.cells for one in made.classes) == int(answered.ranked.sum())
    assert sum(one.fits for one in made.classes) == answered.count(Standing.FITS)
    for number, one in enumerate(made.classes):
        inside = how.mid[made.number == number]
        assert (one.low, one.high, one.cells) == (inside.min(), inside.max(), len(inside))
    for below, above in pairwise(made.classes):
        assert below.high < above.low
    assert len(made.classes) == 5
    assert made.classes[-1].cells < 0.1 * answered.ranked.sum(), "the best have a class of their own"


def test_classes_of_cells_that_are_all_alike_are_one(plant, torino_territory, cells):
    found = everywhere(_asked(plant.brief, [NEAR]), torino_territory, AS_OF, cells)
    [one] = classed(found, found.suitability).classes
    assert one.cells == found.ranked.sum()


def test_listed_sites_are_found_in_their_cells(plant, torino_territory):
    how = plant.suitability
    site = next(one for one in torino_territory.sites if one.position)
    cell = number_at(plant, site.position.point.lon, site.position.point.lat)
    [found] = told(plant, how, [cell], torino_territory)
    assert site.id in {one.site.id for one in found.sites}
    assert found.is_listed
    far = number_at(plant, 6.7, 45.55)
    [found] = told(plant, how, [far], torino_territory)
    assert not found.is_listed
    assert [one.distance.value for one in found.sites] == sorted(one.distance.value for one in found.sites)
    assert found.near.municipality


def test_a_must_that_excludes_alone_is_told_apart(plant, torino_territory, cells):
    both = _asked(plant.brief, [NEAR, replace(NEAR, at_most=60.0)])
    found = everywhere(both, torino_territory, AS_OF, cells)
    strict, loose = (found.excluded_by(one) for one in found.musts)
    assert strict[1] == strict[0] - loose[0]
    assert loose[1] == 0


def test_progress_is_told_for_each_thing_once(plant, torino_territory, cells):
    heard = []
    everywhere(plant.brief, torino_territory, AS_OF, cells, lambda done, of: heard.append((done, of)))
    different = 4  # the junction is asked for by a must and a want
    assert heard[0] == (0, different * len(cells))
    assert heard[-1] == (different * len(cells), different * len(cells))


def test_a_brief_of_nothing_but_the_register_is_refused(plant, torino_territory, cells):
    only = _asked(plant.brief, plant.brief.musts[:2], plant.brief.wants[3:4])
    with pytest.raises(InputError) as refused:
        everywhere(only, torino_territory, AS_OF, cells)
    assert refused.value.message_id == "where-nothing-to-answer"
    assert "condition" in refused.value.values["criteria"]


def test_wants_of_the_register_alone_leave_cells_without_a_rank(plant, torino_territory, cells):
    found = everywhere(_asked(plant.brief, [NEAR], plant.brief.wants[3:4]), torino_territory, AS_OF, cells)
    assert not found.is_rankable
    [best] = told(found, found.suitability, found.best(found.suitability, 1), torino_territory)
    assert best.rank is None


def test_musts_alone_are_answered(plant, torino_territory, cells):
    found = everywhere(_asked(plant.brief, [NEAR]), torino_territory, AS_OF, cells)
    assert found.count(Standing.FITS) == plant.count(Standing.FITS)
    assert found.shares == ()
    assert not found.suitability.high.any()


def test_a_city_that_has_none_of_the_places_is_told_so(borgo_territory, plant):
    cells = cells_of_box(borgo_territory.settings.extent.box, 6)
    want = Want(criterion="minutes-to-nearest", mode=Mode.CAR, kinds=("airport",), weight=1.0, scale=SCALE)
    with pytest.raises(InputError) as refused:
        everywhere(_asked(plant.brief, [], [want]), borgo_territory, AS_OF, cells)
    assert refused.value.message_id == "where-nothing-known"


def test_borgo_prova_is_answered_around_its_junction(borgo_territory, plant):
    cells = cells_of_box(borgo_territory.settings.extent.box, 7)
    found = everywhere(
        _asked(plant.brief, [NEAR], [Want(**JUNCTION, weight=1.0, scale=SCALE)]), borgo_territory, AS_OF, cells
    )
    [best] = told(found, found.suitability, found.best(found.suitability, 1), borgo_territory)
    assert abs(best.position.point.lon - 14.45) < 0.03
    assert abs(best.position.point.lat - 47.48) < 0.02
    assert best.near.municipality == "Borgo"


def test_a_point_outside_is_refused(plant):
    with pytest.raises(InputError) as refused:
        number_at(plant, 12.5, 41.9)
    assert refused.value.message_id == "where-point-outside"


def test_too_many_cells_say_which_resolution_would_do(torino):
    from portico.build.where import survey

    brief = briefs.read(torino, BRIEFS[0])
    lake = lake_of(torino)
    with pytest.raises(InputError) as refused:
        _ = survey(torino, lake, brief, 11).cells
    assert refused.value.message_id == "cells-too-many"
    assert refused.value.values["coarser"] == 9
    with pytest.raises(UsageError):
        survey(torino, lake, brief, 16)
    assert survey(torino, lake, brief).resolution == 8
