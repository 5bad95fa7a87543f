from __future__ import annotations

import importlib
import pkgutil
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.lake.columns.reading import ENGINE, first_reading, read

import portico.lake.columns as registry
from portico.lake.columns import TYPES, ColumnType
from portico.lake.columns.base import Convention, Writing
from portico.lake.model import Type
from portico.translation import catalogue

HELPERS = {"base", "headers", "numerals", "orders", "degrees", "check_digits"}
PYTHON = {
    Type.TEXT: "str",
    Type.INTEGER: "int",
    Type.NUMBER: "float",
    Type.BOOLEAN: "bool",
    Type.DATE: "date",
    Type.DATETIME: "datetime",
    Type.INSTANT: "datetime",
    Type.TIME: "time",
}
SQL = {Type.TEXT: "VARCHAR", Type.INTEGER: "BIGINT", Type.NUMBER: "DOUBLE", Type.INSTANT: "TIMESTAMP WITH TIME ZONE"}
# What looks like something else: digits and letters of other scripts, blanks of other kinds, breaks within.
NASTY = (
    "١٢",
    "１２",
    "ſi",
    "K",
    "İ",
    "sì",
    "12\n13",
    "a\nb",
    "\n",
    "12\u00a0",
    "1\u200b2",
    "1\u20282",
    "é",
    "'",
    "''",
    '"',
    "\\",
    "%",
    "€",
    "\U0001f600",
    "(" * 50,
    "[" * 50 + "]" * 50,
    "{" * 50,
    '{"type":' * 50,
    "9" * 400,
    "A" * 400,
    "a@" * 200,
    "1,234" * 100,
    "0" * 34,
)
TEXTS = tuple(
    dict.fromkeys(
        (*(str(text) for one in TYPES for text, _ in one.accepts), *(t for one in TYPES for t in one.refuses), *NASTY)
    )
)
by_type = pytest.mark.parametrize("one", TYPES, ids=lambda one: one.name)


def modules():
    return {module.name for module in pkgutil.iter_modules(registry.__path__)} - HELPERS


def test_every_file_of_the_folder_holds_a_type_and_every_type_is_listed():
    found = set()
    for name in modules():
        module = importlib.import_module(f"portico.lake.columns.{name}")
        own = {id(value) for value in vars(module).values() if isinstance(value, ColumnType)}
        assert own, name
        found |= own
    assert found == {id(one) for one in TYPES}


@pytest.mark.parametrize("language", ["en", "it"])
def test_every_type_has_words(language):
    assert {one.words.id for one in TYPES} <= catalogue(language).keys()


def test_names_are_unique_and_ranks_in_order():
    names = [one.name for one in TYPES]
    assert len(set(names)) == len(names)
    assert [one.rank for one in TYPES] == sorted(one.rank for one in TYPES)


def test_what_takes_any_digits_comes_behind_what_forbids_leading_zeros():
    ranks = {one.name: one.rank for one in TYPES}
    assert ranks["integer"] < ranks["number"] < ranks["code"]


@by_type
def test_examples_are_many_and_nasty(one):
    assert len(one.accepts) >= 4
    assert len(one.refuses) >= 5
    assert "" in one.refuses


@by_type
def test_a_type_reads_what_it_says_it_accepts(one):
    for text, expected in one.accepts:
        value = first_reading(one, text)
        assert value == expected, text
        assert type(value).__name__ == type(expected).__name__ == PYTHON[one.logical], text


@by_type
def test_a_type_refuses_what_it_says_it_refuses_in_every_convention(one):
    for convention in one.conventions:
        values = read(one, convention, one.refuses)
        assert [text for text, value in zip(one.refuses, values, strict=True) if value is not None] == []


@by_type
def test_no_text_makes_a_type_fail_and_nothing_is_read_as_nothing(one):
    for convention in one.conventions:
        values = read(one, convention, [*TEXTS, None])
        assert values[-1] is None
        # Alone, the engine works the whole expression out at once, all cases of it.
        for text in ("", "x", "{", "99999999999999999999"):
            read(one, convention, [text])


@by_type
def test_every_case_of_a_type_gives_a_value_of_one_kind(one):
    cursor = ENGINE.cursor()
    for convention in one.conventions:
        for writing in convention.writings:
            value = writing.sql("c")[1]
            found = cursor.execute(f"SELECT typeof({value}) FROM (SELECT ''::VARCHAR AS c)").fetchone()
            assert found == (SQL.get(one.logical, one.logical.name.replace("DATETIME", "TIMESTAMP")),), writing.format


def patterns():
    found = {writing.pattern for one in TYPES for convention in one.conventions for writing in convention.writings}
    return sorted(found | {pattern for one in TYPES for pattern in one.never_with})


def test_every_pattern_means_the_same_to_python_and_to_the_engine():
    cursor = ENGINE.cursor()
    cursor.execute("CREATE TEMP TABLE texts AS SELECT unnest(?::VARCHAR[]) AS c", [list(TEXTS)])
    for pattern in patterns():
        condition, _ = Writing("", pattern).sql("c")
        found = {text for (text,) in cursor.execute(f"SELECT c FROM texts WHERE {condition}").fetchall()}
        assert found == {text for text in TEXTS if re.fullmatch(pattern, text)}, pattern


def test_no_pattern_uses_what_the_two_engines_read_differently():
    for pattern in patterns():
        assert not re.search(r"\\[dwWDbBu]|\(\?|(?<!\[)\\S(?!\])|[^\\]\$$", pattern), pattern


CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\x00")
ALTERED = st.tuples(st.sampled_from(TEXTS), st.integers(0, 40), st.text(CHARACTERS, max_size=2)).map(
    lambda one: one[0][: one[1]] + one[2] + one[0][one[1] + 1 :]
)


@given(st.lists(st.text(CHARACTERS, max_size=30) | ALTERED, min_size=40, max_size=40))
@settings(max_examples=3, suppress_health_check=[HealthCheck.large_base_example, HealthCheck.too_slow])
def test_whatever_the_engine_reads_also_looks_right_to_python(texts):
    for one in TYPES:
        for convention in one.conventions:
            values = read(one, convention, texts)
            odd = [t for t, v in zip(texts, values, strict=True) if v is not None and not convention.matches(t)]
            assert odd == [], one.name


def test_a_header_that_is_forbidden_wins_over_one_that_is_wanted():
    one = ColumnType("x", Type.TEXT, (Convention("", ()),), (), (), 1, header="flag", never_under="prov")
    assert one.wants("flag")
    assert not one.wants("prov flag")


@by_type
def test_a_type_that_needs_a_header_says_which(one):
    assert bool(one.header) >= one.needs_header
    assert not one.needs_header or not one.wants("qwertz")
