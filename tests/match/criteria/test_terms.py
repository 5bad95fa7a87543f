"""Criteria on how a site can be had: what was stated, else what follows from it, else nothing."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portico.city.register import Attribute, Site
from portico.dates import PartialDate
from portico.figures import Evidence, Status
from portico.match.criteria.terms import MUNICIPALITY, OPERATIONAL_BY, PREMISES, REMEDIATION, SITE, TENURE
from portico.match.model import Must, Outcome
from portico.match.musts import decide
from portico.messages import Text

AS_OF = date(2026, 11, 23)
BY = date(2027, 6, 30)
EST = Status.ESTIMATED


def _site(*stated, municipality="Borgo"):
    attributes = tuple(
        Attribute(name, basis, value, PartialDate.parse(day) if day else None, Text(), Evidence(row=f"{name}-{value}"))
        for name, basis, value, day in stated
    )
    return Site("mill", Text(en="Mill"), municipality, "", None, Evidence(row="mill"), attributes)


def _found(criterion, site, **asked):
    return criterion.measure(None, site, Must(criterion=criterion.id, **asked)).found


@pytest.mark.parametrize(
    ("criterion", "stated", "words", "status"),
    [
        (PREMISES, [("premises", "", "land-and-building", "2026")], {"land", "building"}, Status.DECLARED),
        (PREMISES, [("premises", "", "land", "2026"), ("condition", "", "built", "2026")], {"land"}, Status.DECLARED),
        (PREMISES, [("condition", "", "built", "2026")], {"building"}, EST),
        (PREMISES, [("condition", "", "green", "2026")], {"land"}, EST),
        (PREMISES, [("condition", "", "to-remediate", "2026")], set(), Status.MISSING),
        (PREMISES, [("floor-area", "existing", "800", "2026")], {"building"}, EST),
        (PREMISES, [("floor-area", "building-rights", "800", "2026")], set(), Status.MISSING),
        (TENURE, [("tenure", "", "lease", "2026"), ("asking-price", "", "5", "2026")], {"lease"}, Status.DECLARED),
        (TENURE, [("asking-price", "", "5", "2026")], {"sale"}, EST),
        (TENURE, [("asking-rent", "", "5", ""), ("asking-price", "", "5", "2026")], {"lease", "sale"}, EST),
        (TENURE, [], set(), Status.MISSING),
        (REMEDIATION, [("remediation", "", "done", "2026")], {"done"}, Status.DECLARED),
        (REMEDIATION, [("contamination", "", "certified", "2026")], {"done"}, EST),
        (REMEDIATION, [("contamination", "", "never-investigated", "2026")], set(), Status.MISSING),
        (REMEDIATION, [("condition", "", "to-remediate", "2026")], {"needed"}, EST),
        (REMEDIATION, [("condition", "", "built", "2026")], set(), Status.MISSING),
    ],
)  # fmt: skip
def test_words_are_those_stated_or_what_follows_from_others(criterion, stated, words, status):
    found = _found(criterion, _site(*stated))
    assert (set(found.values), found.status) == (words, status)
    assert bool(found.evidence) == bool(words)


@pytest.mark.parametrize(
    ("day", "low", "high", "outcome"),
    [
        ("2027-06-30", 0, 0, Outcome.PASS),
        ("2027-07-02", 2, 2, Outcome.FAIL),
        ("2027-06", 0, 0, Outcome.PASS),
        ("2027", 0, 184, Outcome.UNKNOWN),
        ("2028", 185, 550, Outcome.FAIL),
    ],
)
def test_days_after_the_day_asked_for_hold_all_that_a_date_known_in_part_may_mean(day, low, high, outcome):
    must = Must(criterion="operational-by", by=BY, at_most=0.0, unit="days")
    measured = OPERATIONAL_BY.measure(None, _site(("available-from", "", day, "2026-10")), must)
    assert (measured.found.low, measured.found.high) == (low, high)
    decided = decide(must, OPERATIONAL_BY, measured, AS_OF, 24)
    assert decided.outcome is outcome
    assert (decided.short_by.value if decided.short_by else None) == (low if outcome is Outcome.FAIL else None)


def test_a_day_nobody_stated_is_not_known():
    assert not _found(OPERATIONAL_BY, _site(), by=BY).is_known


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.dates(date(2020, 1, 1), date(2040, 1, 1)))
def test_a_later_day_asked_for_never_makes_a_site_later(first, second):
    site = _site(("available-from", "", "2030-03-01", "2026"))
    early, late = sorted((first, second))
    assert _found(OPERATIONAL_BY, site, by=late).value <= _found(OPERATIONAL_BY, site, by=early).value


@pytest.mark.parametrize(
    ("criterion", "words", "outcome"),
    [
        (MUNICIPALITY, {"none_of": ("Borgo",)}, Outcome.FAIL),
        (MUNICIPALITY, {"none_of": ("Altrove",)}, Outcome.PASS),
        (MUNICIPALITY, {"any_of": ("Altrove",)}, Outcome.FAIL),
        (SITE, {"none_of": ("mill",)}, Outcome.FAIL),
        (SITE, {"none_of": ("mine",)}, Outcome.PASS),
    ],
)
def test_where_and_which_a_site_is_never_ages(criterion, words, outcome):
    must = Must(criterion=criterion.id, **words)
    decided = decide(must, criterion, criterion.measure(None, _site(), must), AS_OF, 24)
    assert decided.outcome is outcome
    assert decided.measured.found.evidence


def test_a_site_without_municipality_may_lie_in_any():
    must = Must(criterion="municipality", none_of=("Borgo",))
    measured = MUNICIPALITY.measure(None, _site(municipality=""), must)
    assert decide(must, MUNICIPALITY, measured, AS_OF, 24).outcome is Outcome.UNKNOWN
