"""The criteria as they are told: whole, the same everywhere, and true to their docstrings."""

from __future__ import annotations

import inspect
import json
import tomllib

import pytest
from tests.shared import ROOT

from portico.cli.criteria import as_markdown
from portico.errors import UnknownNameError
from portico.match.briefs import interpret
from portico.match.criteria import CRITERIA
from portico.match.criteria.documented import stated
from portico.match.criteria.reference import GROUPS, WORDED, example, find, to_dict, told, worth
from portico.match.methods.scales import Scale
from portico.settings import Document
from portico.translation import LANGUAGES, Translator

HEAD = 'title = "A brief"\nactivity = "plant"\nsector = "food"\n\n'


@pytest.mark.parametrize("one", CRITERIA, ids=lambda one: one.id)
def test_each_states_formula_source_and_what_it_is_worth_in_its_docstring(one):
    doc = inspect.getdoc(one.measure)
    assert one.formula
    assert one.source
    assert one.source.split()[0] in doc
    if one.is_number:
        assert stated(one.measure).unit == one.unit
        assert one.direction is not None
        values = [value for _, value in one.default_scale]
        assert Scale(one.default_scale)
        assert min(values) == 0
        assert max(values) == 1
        assert (values[0] < values[-1]) is (one.direction.value == "max")
        assert not one.default_values
    else:
        assert not one.default_scale
        assert set(one.default_values) <= set(one.words)
        assert all(0 <= value <= 1 for value in one.default_values.values())


@pytest.mark.parametrize("one", CRITERIA, ids=lambda one: one.id)
def test_the_example_of_each_is_a_want_that_a_brief_may_have(one):
    brief, findings = interpret(Document("example", tomllib.loads(HEAD + example(one)), {}))
    assert [finding.message for finding in findings] == []
    assert brief.wants[0].criterion == one.id


def test_what_is_words_in_a_formula_or_a_source_is_told_in_the_language_of_the_reader():
    spoken = {text for one in CRITERIA for text in (one.formula, one.source)}
    assert set(WORDED) <= spoken
    assert all(Translator("en")(told(text)) == text for text in spoken)
    assert not [one.id for one in CRITERIA if one.formula not in WORDED and not set(one.formula) & set("=Σ")]


def test_each_stands_in_one_group():
    assert sorted(name for members in GROUPS.values() for name in members) == sorted(one.id for one in CRITERIA)


def test_what_it_is_worth_is_said_in_words():
    say = Translator("en")
    assert say.value(worth(find("minutes-to-nearest"))) == "10 → 1, 60 → 0"
    assert say.value(worth(find("rail-siding"))) == "yes → 1, no → 0"
    assert say.value(worth(find("municipality"))) == "a brief names the words it means"


def test_an_unknown_one_is_refused_with_advice():
    with pytest.raises(UnknownNameError) as caught:
        find("gravty")
    assert caught.value.values["advice"].values["suggestion"] == "gravity"


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_is_told_to_programs_with_words_in_either_language(language):
    told = [to_dict(one, Translator(language)) for one in CRITERIA]
    assert json.loads(json.dumps(told)) == told
    for one in told:
        said = [
            one["title"],
            one["what"],
            *(part["words"] for part in (*one["parameters"], *one["bases"], *one["words"])),
        ]
        assert all(said)
        assert not any(text.startswith(("criterion.", "brief-key.", "basis.")) for text in said)


def test_the_guide_is_what_the_docstrings_say():
    assert (ROOT / "docs" / "guide" / "criteria.md").read_text("utf-8") == as_markdown(Translator("en"))
