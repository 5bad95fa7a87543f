"""Levels of readiness: what proves them, what is missing, who must do it; old and unknown evidence are gaps."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.cities import AS_OF

from portico.city.attributes import KINDS
from portico.city.model import Uncertainty
from portico.city.readiness import HIGHEST, REQUIREMENTS, Lack, Party, readiness
from portico.city.register import register
from portico.figures import Evidence
from portico.match.criteria.readiness import READINESS, figure_of
from portico.match.model import Asked

LIMIT = 24  # months

FULL = (
    ("area", "offered", "50000"),
    ("condition", "", "green"),
    ("ownership", "", "private"),
    ("status", "", "available"),
    ("consent", "", "given"),
    ("asking-price", "", "1000000"),
    ("tenure", "", "sale"),
    ("title", "", "clear"),
    ("parcel", "", "A001/5/12"),
    ("use", "permitted", "production"),
    ("plan-zone", "", "D1"),
    ("constraint", "", "none"),
    ("electric-power", "", "10"),
    ("electric-power-from", "", "2027-06"),
    ("utility", "water", "connected"),
    ("utility", "sewer", "at-boundary"),
    ("contamination", "", "certified"),
    ("soil-survey", "", "done"),
    ("last-verified", "", "2026-10-01"),
)
PROVES = dict(zip([one.id for one in REQUIREMENTS if one.id not in ("position", "available")], (
    "area", "condition", "ownership", "status", "consent", "asking-price", "tenure", "title", "parcel", "use",
    "plan-zone", "constraint", "electric-power", "electric-power-from", "water", "sewer", "contamination",
    "soil-survey", "last-verified"), strict=True))  # fmt: skip


def _site(stated, day="2026-10-01", precision="exact"):
    rows = [
        {"id": f"a{n}", "site": "mill", "attribute": name, "basis": basis, "value": value, "as_of": day}
        for n, (name, basis, value) in enumerate(stated)
    ]
    place = {"id": "mill", "name": "Mill", "lon": 14.5, "lat": 47.5, "precision": precision}
    [site] = register([place], rows, lambda *_: Evidence(dataset="d"), Uncertainty())
    return site


def test_a_site_of_which_all_is_proven_is_ready():
    found = readiness(_site(FULL), AS_OF, LIMIT)
    assert (found.level, found.highest, found.gaps) == (HIGHEST, HIGHEST, ())
    assert found.as_of.text == "2026-10-01"


def test_a_site_of_which_nothing_is_stated_may_be_anything():
    found = readiness(_site(()), AS_OF, LIMIT)
    assert (found.level, found.highest) == (0, HIGHEST)
    assert {gap.lack for gap in found.gaps} == {Lack.MISSING}
    assert {gap.requirement.party for gap in found.gaps} == set(Party)


@pytest.mark.parametrize("requirement", [one for one in REQUIREMENTS if one.id in PROVES], ids=lambda one: one.id)
def test_what_is_left_out_is_the_gap_that_holds_the_level(requirement):
    name = PROVES[requirement.id]
    without = [one for one in FULL if name not in (one[0], one[1])]
    found = readiness(_site(without), AS_OF, LIMIT)
    assert found.level == requirement.level - 1
    assert requirement.id in [gap.requirement.id for gap in found.next_gaps]
    assert found.highest == HIGHEST


@pytest.mark.parametrize(
    ("name", "basis", "value", "level"),
    [("status", "", "sold", 1), ("consent", "", "refused", 1), ("title", "", "in-dispute", 1),
     ("utility", "water", "none", 3), ("contamination", "", "investigated", 3)],
)  # fmt: skip
def test_what_is_stated_otherwise_rules_the_level_out(name, basis, value, level):
    changed = [(n, b, value if (n, b) == (name, basis) else v) for n, b, v in FULL]
    found = readiness(_site(changed), AS_OF, LIMIT)
    assert (found.level, found.highest) == (level, level)
    assert found.next_gaps[0].lack is Lack.UNMET
    figure = figure_of(found)
    assert (figure.low, figure.value, figure.high) == (level, level, level)


def test_old_evidence_is_a_gap():
    found = readiness(_site(FULL, day="2024-10"), AS_OF, LIMIT)
    assert found.level == 0
    assert {gap.lack for gap in found.gaps} == {Lack.STALE}
    assert "position" not in {gap.requirement.id for gap in found.gaps}


def test_a_status_that_is_unknown_states_nothing():
    changed = [(n, b, "unknown" if n == "status" else v) for n, b, v in FULL]
    found = readiness(_site(changed), AS_OF, LIMIT)
    assert {(gap.requirement.id, gap.lack) for gap in found.gaps} == {
        ("status", Lack.MISSING),
        ("available", Lack.MISSING),
    }


def test_a_position_in_a_street_is_not_enough():
    assert readiness(_site(FULL, precision="street"), AS_OF, LIMIT).highest == 0


@given(st.sets(st.sampled_from(FULL)), st.sets(st.sampled_from(FULL)), st.dates(date(2024, 1, 1), date(2027, 1, 1)))
def test_more_evidence_never_lowers_the_level_and_more_age_never_raises_it(some, more, day):
    few, many = (readiness(_site(sorted(chosen)), AS_OF, LIMIT) for chosen in (some, some | more))
    assert few.level <= many.level <= many.highest
    dated = _site(sorted(some), day=day.isoformat())
    assert readiness(dated, date(2027, 6, 1), LIMIT).level <= readiness(dated, date(2027, 1, 2), LIMIT).level


def test_every_proof_names_an_attribute_and_words_that_there_are():
    for one in REQUIREMENTS:
        for proof in one.proofs:
            kind = KINDS[proof.attribute]
            assert set(proof.words) <= set(kind.words)
            assert not proof.basis or proof.basis in kind.bases


def test_the_criterion_answers_for_the_day_that_is_asked_about():
    known = SimpleNamespace(settings=SimpleNamespace(staleness=SimpleNamespace(limit_months=24)))
    site = _site((*FULL, ("consent-until", "", "2026-12-31")))
    asked = Asked(criterion="readiness")
    levels = [
        READINESS.measured(known, site, asked, day).found.low for day in (AS_OF, date(2027, 1, 1), date(2029, 1, 1))
    ]
    assert levels == [HIGHEST, 1, 0]
    assert READINESS.measure(known, site, asked).found.low == HIGHEST  # on the newest day of which anything is stated
