"""What a reform saves: by hand on the worked cases, and what must hold of every reform."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.permits.worked import CASES, FILED, answers_of, pack

from portico.city.model import Calendar
from portico.messages import Text
from portico.permits.model import Answers, Group, Link, Tacit
from portico.permits.needs import needs
from portico.permits.reform import NOTHING, Bearing, Project, effect
from portico.permits.scope import scope
from portico.permits.whatif import Change, Kind, WhatIf, interpret, reformed
from portico.settings import Document

CALENDAR = Calendar("IT", patron_day="06-24")
PORTFOLIO = [Project(case["id"], answers_of(case)) for case in CASES]


def reform(*changes: Change) -> WhatIf:
    return WhatIf(title=Text(en="Reform"), changes=changes)


def read(*changes: dict[str, object]) -> tuple[WhatIf | None, list[str]]:
    found, findings = interpret(Document("reform.toml", {"title": "Reform", "changes": list(changes)}, {}), pack())
    return found, [one.kind for one in findings]


def test_a_shorter_term_saves_its_days_on_the_path_it_holds_up():
    # The listed building waits for the heritage act alone: 120 days before works.
    case = [one for one in PORTFOLIO if one.id == "c4-lab-listed-building"]
    change = Change(kind=Kind.SHORTEN, procedure="HER_CULT", days=60)
    found = effect(pack(), reform(change), case, date(2026, 3, 2), CALENDAR)
    assert found.together.before.days["MS_WORKS"] == (120, 120)
    # Sixty days are over on Labour Day, a Friday: Monday 4 May. A structural deposit of no days is then the longest.
    assert found.together.after.days["MS_WORKS"] == (63, 63)
    assert (found.together.touched, found.projects) == (1, 1)


def test_a_procedure_that_is_gone_is_filed_by_nobody_and_takes_its_documents_along():
    found = effect(pack(), reform(Change(kind=Kind.REMOVE, procedure="ENV_NOISE_IMPACT")), PORTFOLIO, FILED, CALENDAR)
    asked = [one for one in PORTFOLIO if "ENV_NOISE_IMPACT" in scope(pack(), one.answers, FILED).sure]
    papers = sum(one.procedure == "ENV_NOISE_IMPACT" for one in pack().papers)
    assert found.together.touched == len(asked) == 5
    assert found.together.before.filed - found.together.after.filed == 5
    assert found.together.before.asked - found.together.after.asked == 5 * papers


def test_a_merged_procedure_is_taken_in_with_its_documents():
    change = Change(kind=Kind.MERGE, procedure="ENV_NOISE_IMPACT", into="ED_PDC")
    case = next(one for one in PORTFOLIO if one.id == "c2-battery-modules-brownfield")
    found = scope(reformed(pack(), change), case.answers, FILED)
    assert found.absorbed["ENV_NOISE_IMPACT"] == "ED_PDC"
    bearing = Bearing(reformed(pack(), change), FILED, CALENDAR).burden(found)
    before = Bearing(pack(), FILED, CALENDAR)
    now = before.burden(before.scope(case.answers))
    # The permit asks for the noise forecast already: one document less is asked for, as many different ones remain.
    assert (now.filed - bearing.filed, now.asked - bearing.asked, now.papers - bearing.papers) == (1, 1, 0)


def test_silence_that_means_assent_saves_no_day_of_the_term_but_a_decision_nobody_waits_for():
    found = effect(pack(), reform(Change(kind=Kind.TACIT, procedure="ENV_AUA")), PORTFOLIO, FILED, CALENDAR)
    assert found.together.before.days == found.together.after.days
    assert found.together.before.undecided - found.together.after.undecided == found.together.touched == 2
    assert reformed(pack(), *found.reform.changes).procedures["ENV_AUA"].terms[-1].tacit is Tacit.ASSENT


def test_a_document_less_is_counted_where_it_was_asked_for():
    change = Change(kind=Kind.PAPER, procedure="ED_CILA", document="DOC_PAY")
    found = effect(pack(), reform(change), PORTFOLIO, FILED, CALENDAR)
    assert found.together.before.asked - found.together.after.asked == 1  # the software office alone


def test_together_and_alone_are_both_told_and_need_not_add_up():
    changes = [
        Change(kind=Kind.SHORTEN, procedure="HER_CULT", days=90),
        Change(kind=Kind.SHORTEN, procedure="HER_CULT", days=60),
    ]
    case = [one for one in PORTFOLIO if one.id == "c4-lab-listed-building"]
    found = effect(pack(), reform(*changes), case, date(2026, 3, 2), CALENDAR)
    saved = [one.before.days["MS_WORKS"][1] - one.after.days["MS_WORKS"][1] for one in (found.together, *found.alone)]
    assert saved == [57, 29, 57]  # ninety days end on Sunday 31 May, and 2 June is a holiday: Monday 1 June


def test_the_pack_itself_stays_as_it_was():
    before = pack().digest, len(pack().procedures), len(pack().dependencies)
    reformed(pack(), Change(kind=Kind.REMOVE, procedure="ENV_AUA"), Change(kind=Kind.TACIT, procedure="HER_CULT"))
    assert before == (pack().digest, len(pack().procedures), len(pack().dependencies))


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"kind": "remove", "procedure": "ENV_AUE"}, "permit-procedure-unknown"),
        ({"kind": "merge", "procedure": "ENV_AUA"}, "whatif-needs"),
        ({"kind": "merge", "procedure": "ENV_AUA", "into": "ENV_AUA"}, "whatif-into-itself"),
        ({"kind": "merge", "procedure": "CDS_SIMPL", "into": "ED_PDC"}, "whatif-not-by-answers"),
        ({"kind": "remove", "procedure": "ENV_AUA", "days": 3}, "whatif-useless"),
        ({"kind": "parallel", "procedure": "ENV_AUA", "after": "ED_CILA"}, "whatif-does-not-wait"),
        ({"kind": "shorten", "procedure": "ENV_AUA", "days": 500}, "whatif-not-shorter"),
        ({"kind": "shorten", "procedure": "PUBLIC_SITE", "days": 5}, "whatif-not-shorter"),
        ({"kind": "shorten", "procedure": "ENV_AUA", "days": -1}, "out-of-range"),
        ({"kind": "tacit", "procedure": "ED_PDC"}, "whatif-tacit-already"),
        ({"kind": "drop-document", "procedure": "ED_CILA", "document": "DOC_AIA"}, "whatif-document-not-asked"),
        ({"kind": "abolish", "procedure": "ED_CILA"}, "unknown-value"),
    ],
)
def test_a_change_that_changes_nothing_or_makes_no_sense_is_refused(change, kind):
    _, kinds = read(change)
    assert kinds == [kind]


def test_a_reform_without_changes_is_refused():
    assert read()[1] == ["whatif-empty"]


# Projects answered in part, and changes of any kind.
ATTRIBUTES = [one for one in pack().attributes.values() if one.group in (Group.PROFILE, Group.SITE)]
NUMBERS = st.sampled_from([0.0, 1.0, 30.0, 300.0, 6_500.0, 30_000_000.0])


@st.composite
def answers(draw):
    values = {}
    for one in draw(st.lists(st.sampled_from(ATTRIBUTES), unique_by=lambda one: one.name, min_size=20)):
        kinds = {"bool": st.booleans(), "number": NUMBERS}
        values[one.name] = draw(kinds[one.kind.value] if one.kind.value in kinds else st.sampled_from(one.words))
    return Answers(values)


@given(answers())
@settings(max_examples=40)
def test_a_scope_is_what_needs_say_in_short(given_answers):
    long, short = needs(pack(), given_answers, FILED), scope(pack(), given_answers, FILED)
    assert (short.sure, short.possible) == (long.live, long.possible)
    assert dict(short.absorbed) == dict(long.carrier)
    assert dict(short.perhaps_absorbed) == dict(long.perhaps_absorbed)


WAITS = [one for one in pack().dependencies if one.link is Link.AFTER]
REQUIRED = sorted({one.procedure for one in pack().triggers if one.stage == 1 and one.nature.value == "required"})
LIGHTER = st.one_of(
    st.sampled_from(WAITS).map(lambda one: Change(kind=Kind.PARALLEL, procedure=one.procedure, after=one.other)),
    st.sampled_from(REQUIRED).map(lambda one: Change(kind=Kind.SHORTEN, procedure=one, days=5)),
)


@given(answers(), LIGHTER)
@settings(max_examples=40)
def test_shorter_terms_and_fewer_waits_never_lengthen_a_path(given_answers, change):
    # From 2027 on no term of the pack changes: a later filing never meets a shorter law.
    found = effect(pack(), reform(change), [Project("one", given_answers)], date(2027, 1, 11), CALENDAR)
    for milestone, (least, most) in found.together.before.days.items():
        after = found.together.after.days[milestone]
        assert after[0] <= least
        assert after[1] <= most


def test_burdens_add_up():
    bearing = Bearing(pack(), FILED, CALENDAR)
    each = [bearing.burden(bearing.scope(one.answers)) for one in PORTFOLIO]
    whole = sum(each, NOTHING)
    assert whole.filed == sum(one.filed for one in each)
    assert whole.days["MS_OPEN"][1] == sum(one.days["MS_OPEN"][1] for one in each)
    assert replace(whole, filed=0) == replace(sum(reversed(each), NOTHING), filed=0)
