"""Where days and papers are lost: found by hand on the worked cases and on a small pack."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date

from tests.permits.worked import CASES, FILED, answers_of, pack

from portico.city.model import Calendar
from portico.permits.model import Link
from portico.permits.reform import Project
from portico.permits.scope import scope
from portico.permits.simplify import names_law, simplifications

CALENDAR = Calendar("IT", patron_day="06-24")
PORTFOLIO = [Project(case["id"], answers_of(case)) for case in CASES]


def test_documents_asked_twice_are_counted_again_the_slow_way():
    found = {one.document: one for one in simplifications(pack(), PORTFOLIO, FILED, CALENDAR).repeated}
    times: Counter[str] = Counter()
    for project in PORTFOLIO:
        filed = scope(pack(), project.answers, FILED)
        handed = {
            (filed.absorbed.get(one.procedure, one.procedure), one.id)
            for one in pack().papers
            if one.procedure in filed.sure or one.procedure in filed.absorbed
        }
        per_document = Counter(document for _, document in handed)
        times.update({document: count for document, count in per_document.items() if count > 1})
    assert {document: one.times for document, one in found.items()} == dict(times)
    assert found["DOC_POWERS"].spared == found["DOC_POWERS"].times - found["DOC_POWERS"].projects > 0
    spared = [one.spared for one in found.values()]
    assert spared == sorted(spared, reverse=True)


def test_a_step_without_a_law_is_named_with_how_many_file_it():
    bare = {**pack().procedures, "ED_CILA": replace(pack().procedures["ED_CILA"], basis="always done so")}
    found = simplifications(replace(pack(), procedures=bare), PORTFOLIO, FILED, CALENDAR).baseless
    assert ("ED_CILA", 1) in [(one.procedure, one.projects) for one in found]
    assert all(not names_law(bare[one.procedure].basis) for one in found)


def test_a_wait_that_no_law_asks_for_says_how_many_days_it_costs():
    # The heritage act of the listed building waits for nothing; let it wait, by habit, for the notary.
    habit = replace(
        next(one for one in pack().dependencies if one.link is Link.AFTER and one.procedure == "CO_DEED"),
        procedure="HER_CULT",
        other="CO_DEED",
        basis="as the office has always done",
    )
    changed = replace(pack(), dependencies=(*pack().dependencies, habit))
    listed = [one for one in PORTFOLIO if one.id == "c4-lab-listed-building"]
    found = simplifications(changed, listed, date(2026, 3, 2), CALENDAR).serial
    one = next(one for one in found if one.dependency == habit)
    # Tax code 1 and deed 1 working day at the earliest, 10 and 15 at the latest: 4 March, and 8 April over Easter
    # Monday; the heritage act then ends on 2 July and 6 August in place of 30 June, the milestone after it likewise.
    assert one.days == (2, 37)
    assert (one.projects, one.change.procedure, one.change.after) == (1, "HER_CULT", "CO_DEED")
    assert habit not in [each.dependency for each in simplifications(pack(), listed, FILED, CALENDAR).serial]


def test_nothing_is_found_where_there_are_no_projects():
    found = simplifications(pack(), [], FILED, CALENDAR)
    assert (found.projects, found.baseless, found.repeated, found.serial) == (0, (), (), ())
