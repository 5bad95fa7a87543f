"""What a project needs is sound and monotone over partial answers; reasons and questions come from the same truths."""

from datetime import date

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.permits.worked import CASES, FILED, answers_of, defaults, pack, typed

from portico.permits.asking import questions
from portico.permits.incentives import offers
from portico.permits.model import Answers, AttributeKind, Group, Nature, Need
from portico.permits.needs import needs
from portico.permits.rules import contradicted, knowledge, outcome
from portico.translation import Translator

ASKED = [name for name, one in pack().attributes.items() if one.group in (Group.PROFILE, Group.SITE)]


def values_of(name):
    one = pack().attributes[name]
    if one.kind is AttributeKind.YES_NO:
        return (True, False)
    if one.kind is AttributeKind.WORD:
        return one.words
    whole = (0.0, 1.0, 5.0, 12.0, 200.0, 300.0, 7000.0, 30_000_000.0)
    return tuple(one_ for one_ in whole if one.most is None or one_ <= one.most)


@st.composite
def partial(draw):
    """A worked case with some answers changed and some taken away, and the whole of it: no contradiction in either."""
    whole = answers_of(draw(st.sampled_from(CASES))).values
    for name in draw(st.lists(st.sampled_from(ASKED), max_size=6)):
        whole = {**whole, name: draw(st.sampled_from(values_of(name)))}
    gone = draw(st.sets(st.sampled_from(ASKED), max_size=len(ASKED)))
    return whole, {name: value for name, value in whole.items() if name not in gone}


@settings(max_examples=60, deadline=None)
@given(partial())
def test_what_may_still_be_needed_is_never_called_not_needed(case):
    whole, known = case
    assume(not contradicted(pack(), knowledge(pack(), Answers(whole), infer=False)))
    sure, before = needs(pack(), Answers(whole), FILED), needs(pack(), Answers(known), FILED)
    for procedure, one in sure.found.items():
        was = before.found[procedure]
        if was.need is not Need.PERHAPS and was.nature is one.nature:
            assert was.need is one.need, procedure
        if one.nature is Nature.REQUIRED and one.need is Need.NEEDED:
            assert was.need is not Need.NOT_NEEDED, procedure
    assert before.live <= sure.live
    assert sure.possible <= before.possible
    for procedure, absorber in before.carrier.items():
        if sure.found[procedure].need is Need.NEEDED:
            assert sure.carrier.get(procedure), (procedure, absorber)


@settings(max_examples=40, deadline=None)
@given(partial())
def test_what_is_perhaps_names_what_it_hangs_on_and_that_is_asked(case):
    known = Answers(case[1])
    assume(not contradicted(pack(), knowledge(pack(), known, infer=False)))
    found = needs(pack(), known, FILED)
    asked = {one.attribute.name for one in questions(pack(), known, FILED)}
    for one in found.found.values():
        if one.need is Need.PERHAPS:
            assert one.unknown, one.procedure
            assert set(one.unknown) <= asked, one.procedure
    assert asked.isdisjoint(known.values)


def test_every_question_can_change_the_answer_alone_or_after_one_more():
    known = typed(CASES[1]["answers"])

    def said(answers):
        found = knowledge(pack(), Answers(answers))
        return outcome(pack(), found, FILED).truths, [one.open for one in offers(pack(), found, FILED)]

    def changes(name, first):
        before = said(first)
        return any(said({**first, name: value}) != before for value in values_of(name))

    asked = questions(pack(), Answers(known), FILED)
    assert len(asked) > 10
    for name in (one.attribute.name for one in asked):
        others = [one.attribute.name for one in asked if one.attribute.name != name]
        after = ({**known, other: value} for other in others for value in values_of(other))
        assert changes(name, known) or any(changes(name, one) for one in after), name


def test_nothing_is_asked_once_everything_is_answered():
    for case in CASES:
        assert questions(pack(), answers_of(case), FILED) == ()


def test_questions_come_in_the_order_of_what_they_settle_always_the_same():
    found = questions(pack(), Answers({}), FILED)
    weights = [one.weight for one in found]
    assert weights == sorted(weights, reverse=True)
    assert found[0].attribute.name == "intervention"
    assert [one.attribute.name for one in questions(pack(), Answers({}), FILED)] == [
        one.attribute.name for one in found
    ]
    assert "zes_area" not in {one.attribute.name for one in found}  # settled by the pack itself
    for language in ("it", "en"):
        assert all("{" not in Translator(language)(one.why) for one in found)


def test_what_follows_from_other_answers_is_not_asked():
    asked = {one.attribute.name for one in questions(pack(), Answers({"intervention": "none"}), FILED)}
    assert "structural_works" not in asked
    assert "excavation_m3" not in asked
    green = {"site_land": "green", "intervention": "new_build"}
    assert "heritage_listed" not in {one.attribute.name for one in questions(pack(), Answers(green), FILED)}


def test_words_that_are_no_longer_possible_are_not_offered():
    known = Answers({"intervention": "new_build"}, among={"contamination": ("suspected", "confirmed")})
    asked = {one.attribute.name: one.words for one in questions(pack(), known, FILED)}
    assert asked["contamination"] == ("suspected", "confirmed")


def test_an_absorber_that_is_only_possible_absorbs_only_perhaps():
    known = {**defaults(), **typed(CASES[1]["answers"])}
    del known["via_class"]
    found = needs(pack(), Answers(known), FILED)
    permit = found.found["ED_PDC"]
    assert (permit.need, permit.absorbed_by, permit.absorbed_perhaps) == (Need.NEEDED, "", ("ENV_PAUR",))
    assert permit.unknown == ("via_class",)
    assert "ED_PDC" not in found.live
    assert "ED_PDC" in found.possible


def test_what_its_absorber_always_comes_with_is_never_filed_alone():
    known = {"intervention": "new_build", "aia_activity": False, "via_class": "none", "waste_treatment": "none"}
    found = needs(pack(), Answers({**known, "activity_kind": "manufacturing"}), FILED)
    assert found.found["ENV_EMIS_ORD"].need is Need.PERHAPS
    assert "ENV_EMIS_ORD" not in found.possible


def test_a_procedure_of_a_later_law_is_not_there_before_it():
    case = next(one for one in CASES if one["id"] == "c5-data-centre-20mw")
    before = needs(pack(), answers_of(case), date(2026, 2, 20))
    after = needs(pack(), answers_of(case), date(2026, 2, 21))
    assert before.found["DC_SINGLE"].need is Need.NOT_NEEDED
    assert before.found["DC_SINGLE"].reasons[0].id == "permit-not-in-force"
    assert "ED_PDC" in before.live
    assert after.carrier["ED_PDC"] == "DC_SINGLE"


def test_events_that_nobody_told_of_have_not_happened():
    found = needs(pack(), Answers({}), FILED).found
    assert found["SUBST_POWER"].need is Need.NOT_NEEDED
    assert needs(pack(), Answers({"term_expired": True}), FILED).found["SUBST_POWER"].need is Need.NEEDED
