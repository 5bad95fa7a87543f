"""Criteria of what is in reach: amounts, the k-th nearest, competition, know-how."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portico.figures import Status
from portico.match.criteria import CRITERIA, criterion
from portico.match.model import Asked
from portico.territory.layers import ANSWERS_KEPT
from portico.territory.model import Mode

CAR = Mode.CAR


def measured(territory, name, site="prato-grande", **asked):
    return criterion(name).measure(territory, territory.site(site), Asked(criterion=name, mode=CAR, **asked))


def found(territory, name, **asked):
    return measured(territory, name, **asked).found


def rows(figure, dataset):
    return {one.row for one in figure.evidence if one.dataset == dataset}


def test_the_kth_nearest_is_the_order_statistic_of_least_usual_and_most(valley):
    every = [found(valley, "minutes-to-nearest", kinds=("metro-station",), nth=nth) for nth in range(1, 7)]
    for bound in ("low", "value", "high"):
        inside = [getattr(one, bound) for one in every[:5]]
        assert inside == sorted(inside)
    assert every[5].note.id == "only-so-many-reached"
    assert every[5].note.values == {"count": 5}
    first = found(valley, "minutes-to-nearest", kinds=("metro-station",))
    assert first == every[0]
    assert measured(valley, "minutes-to-nearest", kinds=("metro-station",), nth=3).places[0].place.id == "tram-2"


def test_estimates_are_the_same_both_ways_and_the_way_is_told(valley):
    away, towards = (found(valley, "places-within", within_minutes=20, inbound=one) for one in (False, True))
    assert (away.value, away.low, away.high) == (towards.value, towards.low, towards.high)
    assert towards.evidence[0].parameters["direction"] == "inbound"


def test_amounts_in_reach_are_added_up_and_the_unsaid_is_named(valley):
    answer = measured(valley, "opportunities-within", within_minutes=15, quantity="students")
    figure = answer.found
    assert (figure.value, figure.low, figure.high) == (400, 400, None)  # 400 in 2025, not 900 in 2011; a college unsaid
    assert figure.unit == "people"
    assert [str(name["en"]) for name in figure.note.values["places"]] == ["College"]
    assert rows(figure, "place_figures") == {"agrarian-school-students-2025"}
    assert str(figure.as_of) == "2025"
    assert [near.place.id for near in answer.places] == ["agrarian-school"]


def test_about_and_over_widen_the_amount(valley):
    figure = found(valley, "opportunities-within", within_minutes=15, quantity="staff", divisions=("10",))
    assert (figure.low, figure.value, figure.high) == pytest.approx((90, 100, 110))
    figure = found(valley, "opportunities-within", within_minutes=15, quantity="staff", divisions=("25",))
    assert (figure.low, figure.value, figure.high) == (50, 50, None)
    assert figure.note is None


def test_where_only_unsaid_places_are_in_reach_nothing_is_told_but_zero_where_none_is(valley):
    figure = found(valley, "opportunities-within", within_minutes=15, quantity="staff", divisions=("28",), site="cava")
    assert figure.status is Status.MISSING
    assert figure.note.id == "amounts-unsaid"
    figure = found(valley, "opportunities-within", within_minutes=0.5, quantity="students", site="cava")
    assert (figure.value, figure.low, figure.high) == (0, 0, 0)


def test_residents_and_jobs_are_those_of_areas(valley):
    residents = found(valley, "opportunities-within", within_minutes=15, quantity="residents", inbound=True)
    assert (residents.value, residents.high) == (20_000, 100_000)
    assert rows(residents, "areas") == {"borgo"}
    jobs = found(valley, "opportunities-within", within_minutes=15, quantity="jobs", divisions=("10", "25"))
    assert jobs.value == 1400
    assert jobs.unit == "jobs"
    assert rows(jobs, "employment") == {"borgo-10", "borgo-25"}


@pytest.mark.parametrize(
    ("asked", "kind"),
    [
        ({"quantity": "studnets"}, "quantity-nobody-has"),
        ({"quantity": "jobs", "divisions": ("99",)}, "industry-nobody-counted"),
        ({"quantity": "staff", "kinds": ("castle",)}, "no-such-place"),
        ({"quantity": "staff", "site": "bosco"}, "position-unknown"),
    ],
)
def test_what_cannot_be_added_up_says_why(valley, asked, kind):
    figure = found(valley, "opportunities-within", within_minutes=15, **asked)
    assert (figure.value, figure.low, figure.high) == (None, None, None)
    assert figure.note.id == kind


def test_without_tables_of_areas_residents_and_jobs_are_unknown(valley):
    bare = replace(valley, areas=(), rows={})
    for quantity, kind in (("residents", "no-residents-told"), ("jobs", "no-employment-table")):
        assert found(bare, "opportunities-within", within_minutes=15, quantity=quantity).note.id == kind
    assert found(bare, "floating-catchment", within_minutes=15, quantity="students").note.id == "quantity-nobody-has"
    no_areas = replace(valley, areas=())
    assert found(no_areas, "floating-catchment", within_minutes=15, quantity="students").note.id == "no-residents-told"


def test_where_areas_do_not_hold_all_people_those_beyond_leave_the_sum_open(valley):
    alone = replace(valley, areas=valley.areas[:1], rows={**valley.rows})
    residents = found(alone, "opportunities-within", within_minutes=15, quantity="residents")
    assert (residents.value, residents.low, residents.high) == (20_000, 20_000, None)
    assert residents.note.id == "areas-alone"
    nobody = found(alone, "opportunities-within", within_minutes=0.5, quantity="residents")
    assert nobody.value is None  # nobody on record, and who lives beyond is not
    shared = found(alone, "floating-catchment", within_minutes=15, quantity="students", divisions=())
    assert shared.low == 0


def test_torino_counts_residents_in_its_districts_alone_and_says_so(torino_territory):
    residents = found(torino_territory, "opportunities-within", within_minutes=60, quantity="residents", site="thyssen")
    assert residents.value == sum(row["population"] for row in torino_territory.rows["districts"])
    assert residents.high is None
    assert residents.note.values["count"] == 8


def test_an_area_that_others_are_compared_with_is_not_counted_as_well(valley):
    assert [area.id for area in valley.areas] == ["borgo", "valley"]


def test_what_visitors_make_up_does_not_fill_the_memory(valley):
    mine = replace(valley)
    for number in range(ANSWERS_KEPT + 50):
        found(mine, "opportunities-within", within_minutes=15, quantity=f"unicorns-{number}")
    assert len(mine._kept) <= ANSWERS_KEPT
    assert found(mine, "opportunities-within", within_minutes=15, quantity="students").value == 400


def test_gravity_by_hand(valley):
    minutes = found(valley, "minutes-to-nearest", divisions=("10",))
    figure = found(valley, "gravity", half_minutes=10, divisions=("10",))
    assert figure.value == pytest.approx(2 ** (-minutes.value / 10))
    assert figure.low == pytest.approx(2 ** (-minutes.high / 10))
    assert figure.high == pytest.approx(2 ** (-minutes.low / 10))
    assert str(figure.as_of) == "2026-11-01"  # when the place was checked
    heavy = found(valley, "gravity", half_minutes=10, divisions=("10",), quantity="staff")
    assert heavy.value == pytest.approx(100 * figure.value)


@given(st.floats(1, 120), st.floats(0, 120))
def test_less_decay_and_longer_limits_never_lower_what_is_in_reach(valley, short, more):
    for name, parameter, others in (
        ("gravity", "half_minutes", {}),
        ("gravity", "half_minutes", {"quantity": "staff"}),
        ("know-how", "half_minutes", {"fields": ("food",), "divisions": ("10",)}),
        ("places-within", "within_minutes", {}),
        ("opportunities-within", "within_minutes", {"quantity": "residents"}),
    ):
        less, most = (found(valley, name, **{parameter: minutes}, **others) for minutes in (short, short + more))
        for bound in ("low", "value", "high"):
            one, other = getattr(less, bound), getattr(most, bound)
            assert one is None or other is None or one <= other * (1 + 1e-9)


@given(st.data())
def test_another_place_never_lowers_and_the_order_of_places_changes_nothing(valley, data):
    places = data.draw(st.permutations(valley.places))
    fewer = replace(valley, places=tuple(places[: data.draw(st.integers(1, len(places)))]))
    for name, asked in (
        ("gravity", {"half_minutes": 10.0}),
        ("places-within", {"within_minutes": 20.0}),
        ("know-how", {"half_minutes": 10.0, "fields": ("food",), "divisions": ("10",)}),
    ):
        less, most = found(fewer, name, **asked), found(replace(valley, places=tuple(places)), name, **asked)
        expected = found(valley, name, **asked)
        assert (most.low, most.value, most.high) == pytest.approx((expected.low, expected.value, expected.high))
        assert (less.value or 0.0) <= most.value + 1e-9
        assert (less.low or 0.0) <= most.low + 1e-9


def test_what_is_shared_among_more_people_is_less_for_each(valley):
    near = found(valley, "floating-catchment", within_minutes=15, quantity="students", kinds=("university",))
    assert near.value == pytest.approx(1000 * 400 / 20_000)  # within 15 minutes of the school lives Borgo alone
    assert near.low == pytest.approx(1000 * 400 / 100_000)  # or the valley too
    assert near.high is None  # a college whose students nobody counted
    assert near.unit == "per-1000-people"
    assert rows(near, "areas") == {"borgo", "valley"}
    far = found(valley, "floating-catchment", within_minutes=60, quantity="students", kinds=("university",))
    assert far.value == pytest.approx(1000 * 400 / 100_000)


def test_know_how_counts_the_field_fully_and_other_industries_as_far_as_skills_are_related(valley):
    asked = {"half_minutes": 1e6, "fields": ("food",)}  # so far that distance is nothing
    assert found(valley, "know-how", **asked).value == pytest.approx(2, abs=1e-3)  # school and dairy
    related = found(valley, "know-how", **asked, divisions=("10",))
    assert related.value == pytest.approx(2 + 0.6 + 0.2, abs=1e-3)  # forge (25) and press shop (28); not the hotel
    assert related.note.id == "matrix-imported"
    assert rows(related, "organisations") == {"dairy", "forge", "press-shop"}
    assert rows(related, "skill_relatedness") == {"10-25", "28-10", "10-62"}
    bare = replace(valley, rows={**valley.rows, "skill_relatedness": ()})
    alone = found(bare, "know-how", **asked, divisions=("25",))
    assert alone.value == pytest.approx(3, abs=1e-3)
    assert alone.note.id == "no-matrix-imported"


def test_torino_knows_students_staff_and_know_how_near_its_sites(torino_territory):
    students = found(torino_territory, "opportunities-within", within_minutes=45, quantity="students", site="thyssen")
    assert students.value == 38_800 + 77_500 + 1_500
    assert rows(students, "place_figures") == {
        *("polito-main-students", "unito-rettorato-students", "polito-mirafiori-students"),
    }
    assert students.high is None
    know_how = measured(torino_territory, "know-how", "thyssen", half_minutes=15, fields=("automotive",))
    assert know_how.found.value > 5
    assert len(know_how.places) == 5


def test_every_criterion_that_measures_way_answers_unknown_where_the_site_lies_nowhere(valley):
    bosco = valley.site("bosco")
    for one in CRITERIA:
        if "mode" in one.needs:
            asked = Asked(
                criterion=one.id, mode=CAR, within_minutes=20, half_minutes=10, quantity="students", fields=("food",)
            )
            assert not one.measure(valley, bosco, asked).found.is_known
