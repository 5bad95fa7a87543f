"""The questions that make a brief: every answer checked at once, what nobody answers stays as it was proposed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portico.match.briefs import interpret
from portico.match.form import fields_of, filled
from portico.match.interview import Interview
from portico.match.presets import preset
from portico.settings import Document


class Person:
    """Answers by the field that is asked about, each time with the next of its answers; else takes what is proposed."""

    def __init__(self, answers=None, patience=500):
        self.answers = {name: list(texts) for name, texts in (answers or {}).items()}
        self.asked, self.told, self.patience = [], [], patience

    def ask(self, asking):
        self.asked.append(asking.field)
        if len(self.asked) > self.patience:
            return None
        return (self.answers.get(asking.field) or [""]).pop(0)

    def tell(self, message):
        self.told.append(message.id)


def _brief(answers=None, start="plant", language="en", **more):
    person = Person(answers, **more)
    fields = Interview(fields_of(preset(start)), person.ask, person.tell).run(language)
    return interpret(Document("form", filled(fields).data, {})), person


@pytest.mark.parametrize("name", ["plant", "laboratory", "office", "data-centre", "logistics", "food"])
def test_who_takes_every_proposal_has_the_preset(name):
    (brief, findings), person = _brief(start=name)
    assert not findings
    assert not person.told
    assert brief.wants == preset(name).wants
    assert sorted(map(repr, brief.musts)) == sorted(map(repr, preset(name).musts))


def test_answers_become_musts_and_an_unsound_one_is_asked_again():
    (brief, findings), person = _brief(
        {"title-en": ["Dairy"], "must-area": ["1.500", "x", "15,5"], "must-area-basis": ["buildable"],
         "must-premises": ["lnd", "land"], "must-operational-by": ["soon", "2027-06-30"], "must-budget": ["3000000"]}
    )  # fmt: skip
    assert not findings
    assert person.told == ["number-of-two", "number-expected", "unknown-word", "wrong-type"]
    assert brief.title == {"en": "Dairy"}
    musts = {must.criterion: must for must in brief.musts}
    assert (musts["area"].at_least, musts["area"].basis) == (155_000.0, "buildable")
    assert musts["premises"].any_of == ("land",)
    assert musts["operational-by"].by.isoformat() == "2027-06-30"
    assert musts["asking-price"].at_most == 3e6


def test_a_proposal_can_be_taken_away_and_a_want_with_it():
    (brief, findings), _ = _brief({"must-use": ["-"], "w1-order": ["-"]})
    assert not findings
    assert "use" not in {must.criterion for must in brief.musts}
    assert "minutes-to-nearest" not in {want.criterion for want in brief.wants}
    assert len(brief.wants) == len(preset("plant").wants) - 1


def test_a_weight_of_ones_own_no_longer_has_the_source_of_the_preset():
    (brief, _), _ = _brief({"w0-weight": ["40"]}, start="office")
    assert brief.wants[0].weight == 40.0
    assert not brief.source


def test_weights_that_cannot_be_put_together_are_asked_again():
    answers = {"w0-weight": ["90..95", "30..50"], "w1-weight": ["25"], "w2-weight": ["15"], "w3-weight": ["20"]}
    (brief, findings), person = _brief(answers, start="office")
    assert not findings
    assert "weights-cannot-sum" in person.told
    assert brief.wants[0].weight == (30.0, 50.0)
    assert brief.total == 100.0


def test_weights_become_an_order_and_an_order_weights():
    (brief, findings), _ = _brief({"weights-as": ["guess", "order"], "w2-order": ["1"]}, start="office")
    assert not findings
    assert [want.order for want in brief.wants] == [1.0, 2.0, 1.0, 3.0]
    assert all(want.weight is None for want in brief.wants)
    (brief, findings), _ = _brief({"weights-as": ["weights"], "w0-weight": ["60"]}, start="plant")
    assert not findings
    assert [want.weight for want in brief.wants] == [60.0, 23.3, 13.4, 13.2]
    assert not brief.source


def test_one_more_want_is_asked_for_with_what_its_criterion_needs():
    answers = {"w4-criterion": ["places-wihtin", "places-within"], "w4-mode": ["car"], "w4-within_minutes": ["20"],
               "w4-kinds": ["university"], "w4-weight": ["10"]}  # fmt: skip
    (brief, findings), person = _brief(answers, start="office")
    assert not findings
    assert person.told == ["criterion-unknown"]
    assert (brief.wants[4].criterion, brief.wants[4].kinds, brief.wants[4].weight) == (
        "places-within",
        ("university",),
        10.0,
    )


def test_who_goes_away_leaves_the_rest_as_proposed():
    (brief, findings), person = _brief({"title-en": ["Short"]}, patience=3)
    assert not findings
    assert len(person.asked) == 4
    assert brief.title == {"en": "Short"}
    assert brief.wants == preset("plant").wants


@given(st.lists(st.sampled_from(["", "-", "15", "1.500", "x", "plant", "area", "20..30", "\x1b[31m", "2027-01-01"])))
def test_any_answers_end_in_a_brief_or_in_faults(answers):
    left = list(answers)
    interview = Interview(fields_of(preset("food")), lambda _: left.pop(0) if left else None, lambda _: None)
    form = filled(interview.run("it"))
    brief, findings = interpret(Document("form", form.data, {}))
    assert brief is not None or form.by_field(findings)
