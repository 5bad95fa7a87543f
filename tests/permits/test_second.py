"""Whole answers, drawn at random, decided again by a reader that uses none of the product's code."""

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.permits.second import decided
from tests.permits.worked import FILED, defaults, pack

from portico.permits.model import Answers, AttributeKind, Group, Nature, Need
from portico.permits.needs import needs
from portico.permits.rules import knowledge, outcome

_NUMBERS = (0.0, 1.0, 3.0, 4.0, 10.0, 11.0, 20.0, 21.0, 49.0, 50.0, 200.0, 201.0, 250.0, 251.0, 2500.0, 6000.0, 6001.0)
_LARGE = (150_000.0, 150_001.0, 25_000_000.0, 1_000_000_000.0)


def choices(one):
    if one.kind is AttributeKind.YES_NO:
        return (True, False)
    if one.kind is AttributeKind.WORD:
        return one.words
    return tuple(number for number in (*_NUMBERS, *_LARGE) if one.most is None or number <= one.most)


WHOLE = st.fixed_dictionaries(
    {
        name: st.one_of(st.just(one.default), st.sampled_from(choices(one)))
        for name, one in pack().attributes.items()
        if one.group is not Group.DERIVED
    }
)


@settings(max_examples=60, deadline=None)
@given(WHOLE)
def test_whole_answers_are_decided_alike_by_a_second_reader(answers):
    found = needs(pack(), Answers(answers), FILED)
    hit, absorbed, known = decided(answers)
    for nature in Nature:
        ours = {one for (one, of), truth in _truths(answers).items() if of is nature and truth}
        assert ours == hit[nature.value], nature
    assert set(found.carrier) == absorbed
    assert {one for one in found.live if found.found[one].nature is Nature.REQUIRED} == hit["required"] - absorbed
    assert found.possible == found.live
    assert {name: found.computed[name] for name in found.computed} == {name: known[name] for name in found.computed}
    assert not [one.procedure for one in found.found.values() if one.need is Need.PERHAPS]


def _truths(answers):
    return outcome(pack(), knowledge(pack(), Answers(answers)), FILED).truths


def test_the_second_reader_finds_something():
    hit, absorbed, _ = decided(defaults() | {"term_expired": False, "qualified_dissent": False, "zes_area": False})
    assert "CO_DEED" in hit["required"]
    assert absorbed == set()
