"""Industries in areas: the published numbers to their printed digits, and what holds for any numbers."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from portico.errors import InputError
from portico.indicators.clusters.agglomeration import (
    coagglomeration,
    concentration,
    ellison_glaeser,
    ellison_glaeser_range,
    herfindahl,
)
from portico.indicators.clusters.cluster_index import Ground, cluster_index, cluster_index_range
from portico.indicators.clusters.counts import Count, together
from portico.indicators.clusters.quotient import location_quotient, quotient_range

AUSTRIA = {
    "Wien": [200, 650, 12000, 100, 50],
    "Linz": [16000, 13000, 1500, 1500],
    "Graz": [25000],
}
REGIONS = [500_000, 400_000, 100_000]
PLANTS = [plant for plants in AUSTRIA.values() for plant in plants]
BY_REGION = [sum(plants) for plants in AUSTRIA.values()]

sizes = st.floats(0.0, 1e6)
areas = st.lists(st.tuples(sizes, st.floats(1.0, 1e7)), min_size=2, max_size=12)


def test_the_location_quotient_of_farhauer_and_kroell():
    assert f"{location_quotient(1714, 79006, 879213, 15593224):.7f}" == "0.3847623"


def test_the_agglomeration_of_ellison_and_glaeser_by_firms_of_three_austrian_cities():
    assert f"{concentration(BY_REGION, REGIONS):.8f}" == "0.16816327"
    assert f"{herfindahl(PLANTS):.8f}" == "0.24468878"
    assert f"{ellison_glaeser(BY_REGION, REGIONS, herfindahl(PLANTS)):.8f}" == "0.05990628"


def test_the_same_from_counts_that_tell_the_sizes_of_firms_by_area():
    counts = [Count(float(sum(one)), len(one), herfindahl(one)) for one in AUSTRIA.values()]
    low, high = ellison_glaeser_range(counts, REGIONS)
    assert f"{low:.8f}" == f"{high:.8f}" == "0.05990628"


def test_without_the_sizes_the_truth_lies_between_the_bounds():
    counts = [Count(float(sum(one)), len(one)) for one in AUSTRIA.values()]
    low, high = ellison_glaeser_range(counts, REGIONS)
    assert low < 0.05990628 < high


@pytest.mark.parametrize(
    ("call", "kind"),
    [
        (lambda: location_quotient(0, 0, 5, 10), "area-without-employment"),
        (lambda: location_quotient(0, 5, 0, 10), "industry-without-employment"),
        (lambda: location_quotient(6, 5, 7, 10), "employment-part-above-whole"),
        (lambda: location_quotient(1, 20, 7, 10), "employment-part-above-whole"),
        (lambda: ellison_glaeser([5], [10], 0.5), "universe-of-one-area"),
        (lambda: ellison_glaeser([5, 0], [10, 0], 0.5), "universe-of-one-area"),
        (lambda: ellison_glaeser([5, 0], [10, 9], 1.0), "industry-of-one-plant"),
        (lambda: ellison_glaeser([5, 0], [10, 9], 1.5), "herfindahl-unsound"),
        (lambda: ellison_glaeser([0, 0], [10, 9], 0.5), "industry-without-employment"),
        (lambda: ellison_glaeser([5, -1], [10, 9], 0.5), "employment-negative"),
        (lambda: ellison_glaeser([math.nan, 1], [10, 9], 0.5), "employment-negative"),
        (lambda: ellison_glaeser_range([Count(5.0), Count(1.0, 1)], [10, 9]), "firms-not-counted"),
        (lambda: ellison_glaeser_range([Count(5.0, 1), Count(0.0, 0)], [10, 9]), "industry-of-one-plant"),
        (lambda: coagglomeration([1], [1], [1]), "universe-of-one-area"),
        (lambda: cluster_index(Count(1.0), Ground(1, 1), Count(9.0, 3), Ground(9, 9)), "firms-not-counted"),
        (
            lambda: cluster_index(Count(0.0, 0), Ground(1, 1), Count(0.0, 0), Ground(9, 9)),
            "industry-without-employment",
        ),
        (lambda: cluster_index(Count(1.0, 1), Ground(0, 1), Count(9.0, 3), Ground(9, 9)), "ground-of-nothing"),
    ],
)
def test_what_cannot_be_told_says_why(call, kind):
    with pytest.raises(InputError) as caught:
        call()
    assert caught.value.message_id == kind


def test_a_number_for_each_area_of_both():
    with pytest.raises(ValueError, match="one number an area"):
        ellison_glaeser([1, 2, 3], [1, 2], 0.5)


@given(areas, st.floats(0.001, 0.999), st.randoms(use_true_random=False), st.floats(0.01, 1000))
def test_order_of_areas_and_unit_of_employment_change_nothing(rows, share, random, unit):
    industry, everybody = (np.array(column) for column in zip(*rows, strict=True))
    assume(industry.sum() > 1e-3)
    expected = ellison_glaeser(industry, everybody, share)
    order = list(range(len(rows)))
    random.shuffle(order)
    assert ellison_glaeser(unit * industry[order], everybody[order], share) == pytest.approx(expected, abs=1e-7)


@given(areas, st.floats(0.001, 0.999))
def test_an_industry_spread_as_everybody_has_no_more_than_its_plants_account_for(rows, share):
    _, everybody = (np.array(column) for column in zip(*rows, strict=True))
    assert ellison_glaeser(everybody / 7, everybody, share) == pytest.approx(-share / (1 - share))


@given(st.lists(st.tuples(st.lists(st.integers(1, 500), max_size=5), st.floats(1.0, 1e5)), min_size=2, max_size=6))
def test_bounds_by_counts_hold_whatever_the_sizes_are(rows):
    plants = [size for sizes_here, _ in rows for size in sizes_here]
    assume(len(plants) > 1)
    everybody = [size for _, size in rows]
    counts = [Count(float(sum(here)), len(here)) for here, _ in rows]
    truth = ellison_glaeser([sum(here) for here, _ in rows], everybody, herfindahl(plants))
    low, high = ellison_glaeser_range(counts, everybody)
    assert low - 1e-9 <= truth <= high + 1e-9


@given(st.lists(st.tuples(sizes, sizes, st.floats(1.0, 1e7)), min_size=2, max_size=8))
def test_two_industries_gather_together_as_much_as_the_other_way_round(rows):
    first, second, everybody = (np.array(column) for column in zip(*rows, strict=True))
    assume(min(first.sum(), second.sum()) > 1e-3)
    assert coagglomeration(first, second, everybody) == pytest.approx(coagglomeration(second, first, everybody))


@given(st.integers(1, 10_000), st.integers(1, 200), st.integers(0, 10_000), st.integers(0, 10_000))
def test_the_quotient_lies_in_its_range_and_more_firms_make_it_no_wider(local, firms, elsewhere, others):
    area, industry = float(local + others), Count(float(local + elsewhere), firms + 10)
    everybody = area + elsewhere + 50_000.0
    value = location_quotient(float(local), area, industry.employment, everybody)
    low, high = quotient_range(Count(float(local), firms), area, industry, everybody)
    narrower = quotient_range(Count(float(local), firms + 1), area, industry, everybody)
    assert low <= value <= high
    assert low <= narrower[0] <= narrower[1] <= high


def test_an_industry_that_is_not_there_may_still_have_missed_a_few_firms():
    low, high = quotient_range(Count(0.0, 0), 1000.0, Count(5000.0, 1000), 50_000.0)
    assert low == 0
    assert high == pytest.approx(3 * 5 / 1000 / 0.1)
    assert quotient_range(Count(50.0), 1000.0, Count(5000.0), 50_000.0) == (0.0, None)


def test_the_cluster_index_is_one_where_an_area_is_like_the_universe():
    local, ground = Count(10.0, 2), Ground(5, 100)
    assert cluster_index(local, ground, Count(100.0, 20), Ground(50, 1000)) == pytest.approx(1)
    # (20/5)/(100/50) = 2, (20/100)/(100/1000) = 2, (20/4)/(100/20) = 1
    assert cluster_index(Count(20.0, 4), ground, Count(100.0, 20), Ground(50, 1000)) == pytest.approx(4)
    # of one firm rather than four: (20/1)/(100/20) = 4 in the denominator
    assert cluster_index(Count(20.0, 1), ground, Count(100.0, 20), Ground(50, 1000)) == pytest.approx(1)


@given(st.integers(0, 5000), st.integers(0, 300), st.floats(0.1, 1e4), st.floats(0.1, 1e4))
def test_the_cluster_index_lies_in_its_range_whatever_the_units(employment, firms, km2, unit):
    local = Count(float(employment), firms if employment else 0)
    ground, whole = Ground(km2, 3000.0), Ground(1e5, 1e6)
    industry = Count(1e6, 20_000)
    assume(employment == 0 or firms > 0)
    value = cluster_index(local, ground, industry, whole)
    low, high = cluster_index_range(local, ground, industry, whole)
    assert low <= value <= high
    scaled = Ground(km2 * unit, 3000.0 * unit)
    other = cluster_index(local, scaled, industry, Ground(1e5 * unit, 1e6 * unit))
    assert other == pytest.approx(value)


@given(st.lists(st.lists(st.integers(1, 1000), min_size=1, max_size=6), min_size=1, max_size=5))
def test_parts_told_with_their_herfindahl_make_that_of_the_whole(parts):
    counts = [Count(float(sum(one)), len(one), herfindahl(one)) for one in parts]
    whole = together(counts)
    every = [size for one in parts for size in one]
    assert whole.employment == sum(every)
    assert whole.firms == len(every)
    assert whole.herfindahl == pytest.approx(herfindahl(every))


@given(st.lists(st.integers(1, 1000), min_size=1, max_size=30))
def test_the_herfindahl_lies_between_what_the_number_of_firms_allows(firms):
    count = Count(float(sum(firms)), len(firms))
    assert count.least_herfindahl <= herfindahl(firms) + 1e-12
    assert herfindahl(firms) <= count.most_herfindahl + 1e-12


def test_what_is_not_told_of_one_part_is_not_told_of_the_whole():
    assert together([Count(5.0, 2, 0.5), Count(5.0)]) == Count(10.0, None, None)
    assert Count(0.0, 0).factors() is None
    for wrong in ((-1.0, 2), (1.0, -2), (math.nan, 1)):
        with pytest.raises(ValueError, match="from 0 up"):
            Count(*wrong)
