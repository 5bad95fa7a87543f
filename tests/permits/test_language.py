"""The language of conditions: what it reads, what it refuses, and that its three truths are sound and monotone."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portico.errors import InputError
from portico.messages import Message, Text
from portico.permits.language import DEEPEST, LONGEST, parse
from portico.permits.model import Attribute, AttributeKind, Group
from portico.permits.truth import Condition, Range
from portico.translation import Translator

YES_NO = ("a", "b")
WORDS = {"kind": ("mill", "shop", "yard", "fair"), "colour": ("red", "blue")}
NUMBERS = ("size", "staff")
ATTRIBUTES = {
    **{name: Attribute(name, AttributeKind.YES_NO, Group.PROFILE, Text(en=name)) for name in YES_NO},
    **{
        name: Attribute(name, AttributeKind.WORD, Group.PROFILE, Text(en=name), words=words)
        for name, words in WORDS.items()
    },
    "size": Attribute("size", AttributeKind.NUMBER, Group.PROFILE, Text(en="size"), least=0.0),
    "staff": Attribute("staff", AttributeKind.NUMBER, Group.PROFILE, Text(en="staff"), least=0.0, most=9.0, whole=True),
}
# Values that meet every class that the constants below (0 to 4) part these attributes into.
SAMPLES = {
    **dict.fromkeys(YES_NO, (True, False)),
    **WORDS,
    "size": (0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 9.5),
    "staff": tuple(float(one) for one in range(10)),
}


def comparisons():
    yield_no = st.sampled_from(YES_NO).flatmap(
        lambda name: st.sampled_from([name, f"{name} == true", f"{name} != True", f"{name} in (false)"])
    )
    words = st.sampled_from(sorted(WORDS)).flatmap(
        lambda name: st.tuples(
            st.just(name),
            st.sampled_from(["==", "!=", "in", "not in"]),
            st.lists(st.sampled_from(WORDS[name]), min_size=1, max_size=3),
        )
    )
    word_tests = words.map(
        lambda one: (
            f"{one[0]} {one[1]} ({', '.join(repr(each) for each in one[2])})"
            if "in" in one[1]
            else f'{one[0]} {one[1]} "{one[2][0]}"'
        )
    )
    number_tests = st.tuples(
        st.sampled_from(NUMBERS), st.sampled_from(["==", "!=", "<", "<=", ">", ">="]), st.integers(0, 4)
    ).map(lambda one: f"{one[0]} {one[1]} {one[2]}")
    return st.one_of(yield_no, word_tests, number_tests, st.sampled_from(["true", "False"]))


CONDITIONS = st.recursive(
    comparisons(),
    lambda inner: st.one_of(
        inner.map(lambda one: f"not ({one})"),
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(lambda one: f"({one[0]}) {one[1]} ({one[2]})"),
    ),
    max_leaves=6,
)
PARTIAL = st.fixed_dictionaries({}, optional={name: st.sampled_from(values) for name, values in SAMPLES.items()})


def by_python(text, answers):
    """The same condition read by Python itself: the oracle, which no product code ever asks."""
    spaced = text.replace("true", "True").replace("false", "False")
    for words in WORDS.values():
        for word in words:
            spaced = spaced.replace(f"in ('{word}')", f"in ('{word}',)")
    spaced = spaced.replace("in (False)", "in (False,)")
    return bool(eval(spaced, {"__builtins__": {}}, answers))  # noqa: S307 - of a text made in this file


def completions(condition, known):
    open_names = [name for name in condition.names if name not in known]
    for values in itertools.product(*(SAMPLES[name] for name in open_names)):
        yield {**known, **dict(zip(open_names, values, strict=True))}


@settings(max_examples=150, deadline=None)
@given(CONDITIONS, PARTIAL)
def test_open_means_that_both_can_still_come_and_nothing_else_does(text, known):
    condition = Condition(text, ATTRIBUTES)
    outcomes = {by_python(text, one) for one in completions(condition, known)}
    assert condition.truth(known) is (outcomes.pop() if len(outcomes) == 1 else None)


@settings(max_examples=100, deadline=None)
@given(CONDITIONS, PARTIAL, st.data())
def test_one_more_answer_never_contradicts(text, known, data):
    condition = Condition(text, ATTRIBUTES)
    name = data.draw(st.sampled_from(sorted(ATTRIBUTES)))
    more = known | {name: data.draw(st.sampled_from(SAMPLES[name]))} if name not in known else known
    before = condition.truth(known)
    if before is not None:
        assert condition.truth(more) is before


@settings(max_examples=100, deadline=None)
@given(CONDITIONS, PARTIAL)
def test_what_decides_alone_decides_and_what_leaves_open_can_make_a_difference(text, known):
    condition = Condition(text, ATTRIBUTES)
    truth = condition.truth(known)
    if truth is not None:
        deciding = condition.deciding(known)
        assert set(deciding) <= set(known)
        assert condition.truth({name: known[name] for name in deciding}) is truth
        for name in deciding:
            assert condition.truth({one: known[one] for one in deciding if one != name}) is None
    else:
        left = condition.left_open_by(known)
        assert left
        for name in set(condition.names) - set(known):
            cases = {}
            for one in completions(condition, known):
                rest = tuple(sorted((key, str(value)) for key, value in one.items() if key != name))
                cases.setdefault(rest, set()).add(by_python(text, one))
            assert (name in left) is any(len(found) > 1 for found in cases.values())


@pytest.mark.parametrize(
    ("low", "high", "truth"), [(0, 1, False), (2, 3, True), (1, 2, None), (0, 19, None), (2, 2, True)]
)
def test_a_range_decides_where_all_of_it_does(low, high, truth):
    assert Condition("staff >= 2", ATTRIBUTES).truth({"staff": Range(low, high)}) is truth


def test_a_whole_number_has_nothing_between_two_neighbours():
    assert Condition("staff > 3 and staff < 4", ATTRIBUTES).truth({}) is False
    assert Condition("size > 3 and size < 4", ATTRIBUTES).truth({}) is None
    assert Condition("staff >= 0 and staff <= 9", ATTRIBUTES).truth({}) is True


def test_some_of_the_words_are_enough():
    condition = Condition('kind in ("mill", "shop")', ATTRIBUTES)
    assert condition.truth({"kind": frozenset({"mill", "shop"})}) is True
    assert condition.truth({"kind": frozenset({"yard", "shop"})}) is None
    assert condition.truth({"kind": frozenset({"yard", "fair"})}) is False


REFUSED = {
    "": ("condition-empty", 1),
    "   ": ("condition-empty", 4),
    "a and": ("condition-begin", 6),
    "a b": ("condition-rest", 3),
    "(a": ("condition-expected", 3),
    "a)": ("condition-rest", 2),
    "kind": ("condition-alone", 1),
    "size": ("condition-alone", 1),
    "kind > 'mill'": ("condition-order", 6),
    "a < 1": ("condition-order", 3),
    'kind == "mil"': ("condition-word", 9),
    "kind == mill": ("condition-type.enum", 9),
    'size > "3"': ("condition-type.number", 8),
    "a == 1": ("condition-type.bool", 6),
    "size > true": ("condition-type.number", 8),
    "staf > 1": ("condition-name", 1),
    "kind in 'mill'": ("condition-expected", 9),
    "kind in ()": ("condition-type.enum", 10),
    "kind not ('mill')": ("condition-expected", 10),
    "1 < size": ("condition-begin", 1),
    "size < 3 < 4": ("condition-rest", 10),
    "a == b": ("condition-type.bool", 6),
    "a & b": ("condition-sign", 3),
    "size > -1": ("condition-sign", 8),
    "size > 1e3": ("condition-sign", 8),
    "size > 1_000": ("condition-sign", 8),
    "size > 0x1F": ("condition-sign", 8),
    "size > 99999999999999999999": ("condition-sign", 8),
    "a.b": ("condition-sign", 2),
    "a[0]": ("condition-sign", 2),
    "a()": ("condition-rest", 2),
    "lambda: a": ("condition-sign", 7),
    "__import__('os').system('true')": ("condition-sign", 17),
    "a if b else a": ("condition-rest", 3),
    "[a for a in b]": ("condition-sign", 1),
    "a := true": ("condition-sign", 3),
    "f'{a}'": ("condition-name", 1),
    "kind == 'mill\n'": ("condition-sign", 9),
    "kind == 'mill": ("condition-sign", 9),
    "a ∧ b": ("condition-sign", 3),
    "ａ": ("condition-sign", 1),
    "not": ("condition-begin", 4),
    "and a": ("condition-begin", 1),
    "size > 1; a": ("condition-sign", 9),
    "a # b": ("condition-sign", 3),
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_no_condition_is_refused_with_position_and_advice(text):
    message, at = REFUSED[text]
    with pytest.raises(InputError) as caught:
        parse(text, ATTRIBUTES)
    assert caught.value.message_id == message
    assert caught.value.values["at"] == at
    for language in ("it", "en"):
        sentence = Translator(language)(Message.of(caught.value))
        assert "{" not in sentence.replace("{a}", "")
        assert sentence != message


@settings(max_examples=200, deadline=None)
@given(
    st.one_of(
        st.text(max_size=40),
        st.lists(
            st.sampled_from([*"()<>=!,'\"ab12. ", "and", "or", "not", "in", "kind", "size", "'mill'", "true"]),
            max_size=12,
        ).map(" ".join),
    )
)
def test_whatever_is_written_is_read_or_refused(text):
    refused = None
    try:
        condition = Condition(text, ATTRIBUTES)
    except InputError as error:
        refused = error
    if refused is not None:
        assert refused.values["at"] >= 1
        return
    found = condition.truth({})
    assert found is None or found is True or found is False


def test_an_unknown_name_or_word_is_told_the_nearest():
    for text in ("staf > 1", 'kind == "mil"'):
        with pytest.raises(InputError) as caught:
            parse(text, ATTRIBUTES)
        assert caught.value.values["advice"].id == "did-you-mean"


def test_depth_and_length_are_limited():
    assert parse("(" * (DEEPEST - 1) + "a" + ")" * (DEEPEST - 1), ATTRIBUTES)
    for text in ("(" * 900 + "a" + ")" * 900, "not " * 400 + "a"):
        with pytest.raises(InputError) as caught:
            parse(text, ATTRIBUTES)
        assert caught.value.message_id == "condition-deep"
    with pytest.raises(InputError) as caught:
        parse("a or " * LONGEST + "a", ATTRIBUTES)
    assert caught.value.message_id == "condition-long"


def test_the_longest_conditions_are_left_open_rather_than_tried_case_by_case():
    names = {
        f"x{number}": Attribute(
            f"x{number}", AttributeKind.WORD, Group.PROFILE, Text(en="x"), words=tuple(f"w{one}" for one in range(20))
        )
        for number in range(20)
    }
    text = " and ".join(f'(x{number} == "w{number}" or x{number + 1} == "w0")' for number in range(19))[:LONGEST]
    condition = Condition(text, names)  # 20 to the power of 20 cases: tried one by one, this would never end
    assert condition.truth({}) is None
    assert condition.left_open_by({})
