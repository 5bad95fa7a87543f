"""What each criterion of the register finds on a site."""

from __future__ import annotations

from datetime import date

import pytest

from portico.city.model import Uncertainty
from portico.city.register import Site, register
from portico.figures import Evidence
from portico.match.criteria import AREA, AVAILABILITY, CRITERIA, FLOOR_AREA, OWNERSHIP, USE, criterion
from portico.match.model import Must, Outcome
from portico.match.musts import decide

AS_OF = date(2026, 11, 23)


def _cite(table, row) -> Evidence:
    return Evidence(dataset=table, row=str(row["id"]), confidence="verified")


def _site(*stated) -> Site:
    rows = [
        {"id": f"a{number}", "site": "mill", "attribute": name, "basis": basis, "value": value, "as_of": day}
        for number, (name, basis, value, day) in enumerate(stated)
    ]
    [site] = register([{"id": "mill", "name": "Mill"}], rows, _cite, Uncertainty())
    return site


def _decide(known, site, **must) -> Outcome:
    asked = Must(criterion=known.id, **must)
    return decide(asked, known, known.measure(None, site, asked), AS_OF, 24).outcome


def test_a_criterion_is_found_by_its_name():
    assert all(criterion(one.id) is one for one in CRITERIA)
    assert criterion("aera") is None


@pytest.mark.parametrize(
    ("stated", "outcome"),
    [
        ([], Outcome.UNKNOWN),
        ([("available", "2026")], Outcome.PASS),
        ([("available", "2024")], Outcome.STALE),
        ([("available", None)], Outcome.STALE),
        ([("unknown", "2026")], Outcome.UNKNOWN),
        ([("under-negotiation", "2026")], Outcome.UNKNOWN),
        ([("sold", "1999")], Outcome.FAIL),
        ([("withdrawn", None)], Outcome.FAIL),
        ([("in-redevelopment", "2026")], Outcome.FAIL),
        ([("available", "2026"), ("sold", "2020")], Outcome.PASS),
        ([("available", "2020"), ("sold", "2026")], Outcome.FAIL),
        ([("available", "2026"), ("sold", "2026")], Outcome.FAIL),
    ],
)
def test_a_site_can_be_had_as_its_newest_status_says(stated, outcome):
    site = _site(*(("status", "", word, day) for word, day in stated))
    gone = ("sold", "in-redevelopment", "withdrawn")
    assert _decide(AVAILABILITY, site, any_of=("available",), none_of=gone) is outcome


@pytest.mark.parametrize(
    ("stated", "basis", "wanted", "outcome"),
    [
        ([("whole-holding", "300", "2026")], "offered", 100, Outcome.UNKNOWN),
        ([("whole-holding", "300", "2026")], "offered", 301, Outcome.FAIL),
        ([("whole-holding", "300", "2026")], "buildable", 301, Outcome.FAIL),
        ([("offered", "200", "2026"), ("whole-holding", "300", "2026")], "buildable", 250, Outcome.FAIL),
        ([("offered", "200", "2026"), ("whole-holding", "300", "2026")], "buildable", 150, Outcome.UNKNOWN),
        ([("buildable", "300", "2026")], "offered", 100, Outcome.UNKNOWN),
        ([("offered", "300", "2026")], "whole-holding", 100, Outcome.UNKNOWN),
        ([("offered", "100..300", "2026")], "offered", 200, Outcome.UNKNOWN),
        ([("offered", "100..300", "2026")], "offered", 100, Outcome.PASS),
        ([("offered", "100", "2026"), ("offered", "300", "2001")], "offered", 200, Outcome.UNKNOWN),
        ([("offered", "300", "2020")], "offered", 200, Outcome.STALE),
        ([("offered", "100", "2001")], "offered", 200, Outcome.FAIL),
    ],
)
def test_an_area_on_another_basis_may_exclude_a_site_and_never_qualify_it(stated, basis, wanted, outcome):
    site = _site(*(("area", one, value, day) for one, value, day in stated))
    assert _decide(AREA, site, basis=basis, at_least=float(wanted)) is outcome


def test_what_stands_is_the_existing_floor_area_else_the_usable_one():
    usable = _site(("floor-area", "usable", "500", "2026"))
    assert _decide(FLOOR_AREA, usable, basis="existing", at_least=400.0) is Outcome.PASS
    both = _site(("floor-area", "usable", "500", "2026"), ("floor-area", "existing", "300", "2026"))
    assert _decide(FLOOR_AREA, both, basis="existing", at_least=400.0) is Outcome.FAIL
    rights = _site(("floor-area", "building-rights", "500", "2026"))
    assert _decide(FLOOR_AREA, rights, basis="existing", at_least=400.0) is Outcome.UNKNOWN


@pytest.mark.parametrize(
    ("stated", "outcome"),
    [
        ([], Outcome.UNKNOWN),
        ([("production", "2026")], Outcome.PASS),
        ([("production", "2020")], Outcome.STALE),
        ([("park", "2026")], Outcome.FAIL),
        ([("park", "2001")], Outcome.FAIL),
        ([("production", "2026"), ("park", "2001")], Outcome.PASS),
        ([("production", "2001"), ("park", "2026")], Outcome.STALE),
        ([("production", "2026"), ("production", "2001")], Outcome.PASS),
    ],
)
def test_an_old_use_is_not_made_young_by_another_one(stated, outcome):
    site = _site(*(("use", "planned", word, day) for word, day in stated))
    assert _decide(USE, site, any_of=("production",)) is outcome


def test_who_owns_a_site_is_asked_in_words():
    assert _decide(OWNERSHIP, _site(("ownership", "", "public", "2026")), any_of=("public",)) is Outcome.PASS
    assert _decide(OWNERSHIP, _site(("ownership", "", "private", "2026")), any_of=("public",)) is Outcome.FAIL
