"""Criteria on the industry of an area, in an invented city that keeps the tables, and where it does not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from portico.figures import Status
from portico.match.criteria import criterion
from portico.match.model import Asked
from portico.messages import Message
from portico.translation import LANGUAGES, Translator

FROM_TABLES = ("location-quotient", "agglomeration", "cluster-index", "skill-relatedness")


def measure(territory, name, *divisions, site="prato-grande"):
    asked = Asked(criterion=name, divisions=divisions)
    return criterion(name).measure(territory, territory.site(site), asked).found


def rows(figure, dataset):
    return {one.row for one in figure.evidence if one.dataset == dataset}


def without(territory, *tables, **changed):
    kept = {name: rows for name, rows in territory.rows.items() if name not in tables}
    return replace(territory, rows=kept | changed)


def only(territory, dataset, keep):
    return without(territory, **{dataset: tuple(row for row in territory.rows[dataset] if keep(row))})


def test_the_quotient_of_an_area_rests_on_four_numbers_and_says_which(valley):
    found = measure(valley, "location-quotient", "10")
    assert found.value == pytest.approx((1000 / 10_000) / (2500 / 50_000))
    # 50 firms whose Herfindahl is 0.04: exp(±1.96 · 0.2)
    assert (found.low, found.high) == pytest.approx((1.351418, 2.959854), abs=1e-6)
    assert rows(found, "employment") == {"borgo-10", "borgo-total", "land-10", "land-total"}
    assert rows(found, "areas") == {"borgo", "land"}
    assert rows(found, "sites") == {"prato-grande"}
    method = found.evidence[0]
    assert method.parameters["universe"] == "land"
    assert method.parameters["firms"] == 50
    assert str(found.as_of) == "2026"


def test_divisions_are_added_up_and_a_dot_makes_no_difference(valley):
    both = measure(valley, "location-quotient", "10", "25")
    assert both.value == pytest.approx((1400 / 10_000) / (3500 / 50_000))
    assert rows(both, "employment") > {"borgo-10", "borgo-25"}


def test_an_area_of_several_municipalities_answers_for_each(valley):
    assert measure(valley, "location-quotient", "28", site="cava").value == pytest.approx(1.15)


def test_under_five_firms_there_is_an_interval_and_no_value(valley):
    for name in ("location-quotient", "cluster-index"):
        found = measure(valley, name, "28")
        assert found.status is Status.MISSING
        assert 0 < found.low < found.high
        assert found.note == Message("firms-too-few", {"count": 3, "least": 5, "area": found.note.values["area"]})


def test_the_cluster_index_by_hand(valley):
    found = measure(valley, "cluster-index", "10")
    expected = ((1000 / 100) / (2500 / 1000)) * ((1000 / 20_000) / (2500 / 100_000)) / ((1000 / 50) / (2500 / 200))
    assert found.value == pytest.approx(expected)
    assert found.low < found.value < found.high


def test_the_agglomeration_is_one_number_for_all_areas_compared(valley):
    here, there = (measure(valley, "agglomeration", "10", site=site) for site in ("prato-grande", "cava"))
    assert here.value == there.value
    # s = (.4, .6), x = (.2, .8): G = .08; H = .4² · .04 + .6² · .02 = .0136; 1 − Σx² = .32
    assert here.value == pytest.approx((0.08 / 0.32 - 0.0136) / (1 - 0.0136))
    assert rows(here, "employment") == {"borgo-10", "borgo-total", "valley-10", "valley-total"}


def test_without_the_sizes_of_firms_the_agglomeration_is_only_bounded(valley):
    found = measure(valley, "agglomeration", "28")
    assert found.value is None
    assert found.low < 0 < found.high
    assert found.note.id == "sizes-of-firms-not-told"


def test_relatedness_is_the_share_of_related_skills_and_what_is_not_told_may_be_either(valley):
    found = measure(valley, "skill-relatedness", "10")
    # related to 10: 25 (0.6, quotient 2), 28 (0.2, too few firms), 62 (0.2, employment not told)
    assert (found.low, found.value, found.high) == pytest.approx((60, 80, 100))
    assert found.note == Message("matrix-imported", {"source": "invented job moves"})
    assert rows(found, "skill_relatedness") == {"10-25", "28-10", "10-62"}
    assert found.evidence[0].parameters["matrix"] == "imported"
    assert measure(valley, "skill-relatedness", "10.51").value == found.value  # no more digits than the matrix has
    below = measure(valley, "skill-relatedness", "10", site="cava")
    assert below.high == pytest.approx(40)


@pytest.mark.parametrize("name", ["location-quotient", "agglomeration", "cluster-index"])
@pytest.mark.parametrize(("division", "kind"), [("99", "industry-nobody-counted"), ("55", "industry-not-told")])
def test_a_division_that_is_not_told_says_so(valley, name, division, kind):
    found = measure(valley, name, division)
    assert (found.value, found.low, found.high) == (None, None, None)
    assert found.note.id == kind


def test_what_the_matrix_does_not_know_is_not_related(valley):
    assert measure(valley, "skill-relatedness", "99").note.id == "nothing-related"


@pytest.mark.parametrize(
    ("change", "name", "kind"),
    [
        (lambda t: without(t, "areas"), "location-quotient", "no-areas-table"),
        (lambda t: without(t, "employment"), "location-quotient", "no-employment-table"),
        (lambda t: without(t, "employment"), "skill-relatedness", "no-employment-table"),
        (lambda t: without(t, "skill_relatedness"), "skill-relatedness", "no-matrix-imported"),
        (lambda t: only(t, "areas", lambda row: row["id"] != "borgo"), "cluster-index", "municipality-in-no-area"),
        (lambda t: only(t, "employment", lambda row: row["area"] != "valley"), "agglomeration", "industry-not-told"),
    ],
)
def test_without_a_table_the_answer_is_unknown_with_the_reason(valley, change, name, kind):
    found = measure(change(valley), name, "10")
    assert found.value is None
    assert found.note.id == kind
    assert all(Translator(language)(found.note) != kind for language in LANGUAGES)


def test_areas_that_do_not_cover_the_reference_cannot_tell_agglomeration(valley):
    rows_of = [dict(row) for row in valley.rows["employment"]]
    for row in rows_of:
        if row["id"] == "land-total":
            row["employment"] = 80_000.0
    found = measure(without(valley, employment=tuple(rows_of)), "agglomeration", "10")
    assert found.note.id == "areas-do-not-cover"
    assert found.note.values["share"] == pytest.approx(62.5)


def test_a_reference_without_rows_is_the_sum_of_its_areas_and_says_so(valley):
    summed = only(valley, "employment", lambda row: row["area"] != "land")
    found = measure(summed, "location-quotient", "10")
    assert found.value == pytest.approx(2.0)
    assert found.evidence[0].parameters["universe_is_sum_of_areas"] == 2
    alone = only(summed, "areas", lambda row: row["id"] != "valley")
    assert measure(alone, "location-quotient", "10").note.id == "universe-of-one-area"


def test_an_area_where_nobody_works_has_no_quotient(valley):
    rows_of = [
        dict(row) | ({"employment": 0.0, "firms": 0} if row["area"] == "borgo" else {})
        for row in valley.rows["employment"]
    ]
    found = measure(without(valley, employment=tuple(rows_of)), "location-quotient", "10")
    assert found.note.id == "area-without-employment"


def test_the_order_of_rows_changes_nothing(valley):
    turned = without(
        valley, **{name: tuple(reversed(valley.rows[name])) for name in ("areas", "employment", "skill_relatedness")}
    )
    for name in FROM_TABLES:
        one, other = measure(valley, name, "10"), measure(turned, name, "10")
        assert (one.value, one.low, one.high) == pytest.approx((other.value, other.low, other.high))


def test_torino_keeps_no_employment_by_division_and_says_so(torino_territory):
    for name in FROM_TABLES:
        found = measure(torino_territory, name, "29", site="thyssen")
        assert found.value is None
        assert found.note.id in {"no-areas-table", "no-employment-table", "no-matrix-imported"}
