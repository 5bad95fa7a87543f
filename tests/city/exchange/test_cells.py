"""Cells of registers of others: dates and numbers in every hand, words of both vocabularies."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portico.city.attributes import KINDS
from portico.city.exchange.cells import (
    day,
    escaped,
    is_comma_decimal,
    is_month_first,
    legible,
    number,
    plain_number,
    read_cell,
)
from portico.city.exchange.fields import FIELDS, Role, field_of
from portico.messages import has_controls


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2017-12-31", "2017-12-31"),
        ("2017-12-31T00:00:00", "2017-12-31"),
        ("31/12/2017 00:00", "2017-12-31"),
        ("31/12/2017", "2017-12-31"),
        ("31.12.17", "2017-12-31"),
        ("1-2-99", "1999-02-01"),
        ("2017/2/1", "2017-02-01"),
        ("43100", "2017-12-31"),
        ("43100.5", "2017-12-31"),
        ("12 Dec 2017", "2017-12-12"),
        ("3rd March 2018", "2018-03-03"),
        ("dicembre 2017", "2017-12"),
        ("Dec-17", "2017-12"),
        ("2017", "2017"),
        ("2017-12", "2017-12"),
        ("31/02/2017", ""),
        ("2017-13-01", ""),
        ("99999", ""),
        ("17", ""),
        ("soon", ""),
        ("", ""),
        ("0000-00-00", ""),
        ("31/12/1017", ""),
    ],
)
def test_a_date_in_many_hands(text, found):
    assert day(text) == found


@given(st.dates(date(1950, 2, 1), date(2099, 1, 1)))
def test_every_way_to_write_a_day_is_that_day(when):
    serial = (when - date(1899, 12, 30)).days
    ways = [when.isoformat(), f"{when:%d/%m/%Y}", f"{when:%d.%m.%Y}", str(serial), f"{when:%d %B %Y}"]
    assert {day(way) for way in ways} == {when.isoformat()}
    assert day(f"{when:%m/%d/%Y}", month_first=True) == when.isoformat()
    assert date(1899, 12, 30) + timedelta(serial) == when


@given(st.text(max_size=25))
def test_any_text_is_a_date_that_facts_can_hold_or_none(text):
    assert day(text) == "" or day(day(text)) == day(text)


def test_a_column_of_dates_says_whether_the_month_comes_first():
    assert is_month_first(["1/2/2017", "3/25/2017"])
    assert not is_month_first(["1/2/2017"])
    assert not is_month_first(["25/3/2017", "3/25/2017"])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("0.426", "0.426"),
        ("1,250", "1250"),
        ("1,250.5", "1250.5"),
        ("0,25", "0.25"),
        ("5-7", "5..7"),
        ("5 to 7", "5..7"),
        ("5..5", "5"),
        ("7-5", ""),
        ("-48", ""),
        ("1e3", ""),
        ("nan", ""),
        ("5 ha", ""),
        ("1_000", ""),
        ("", ""),
        ("0.47000000000000003", "0.47"),
        ("9" * 16, ""),
    ],
)
def test_a_number_in_many_hands(text, found):
    assert number(text) == found


@given(st.decimals(0, 10**9, places=4))
def test_hectares_become_square_metres_exactly(hectares):
    assert read_cell(field_of("Hectares"), f"{hectares:f}").value == f"{(hectares * 10_000).normalize():f}"


@pytest.mark.parametrize(
    ("heading", "text", "found"),
    [
        ("OwnershipStatus", "Not in public ownership", "private"),
        ("OWNERSHIP STATUS", "Local Authority", "public"),
        ("OwnershipStatus", "mixed owner", "mixed"),
        ("OwnershipStatus", "unknown ownership", ""),
        ("PlanningStatus", "Pending permission", "pending-decision"),
        ("PermissionType", "RM", "reserved-matters-approval"),
        ("PlanningPermissionType", "N/A", ""),
        ("LAND DELIVERABLE?", "Yes", "yes"),
        ("Deliverable", "Deliverable", "yes"),
        ("PermissionType", "planning permission ", "planning-permission-granted-under-an-order"),
        ("HazardousSubstances", "yes", "yes"),
    ],
)
def test_words_of_both_vocabularies_and_of_none(heading, text, found):
    cell = read_cell(field_of(heading), text)
    assert (cell.value, cell.reason) == (found, "")


def test_what_is_not_understood_says_why():
    reasons = [
        read_cell(field_of(heading), text).reason
        for heading, text in (
            ("PlanningStatus", "Permissoned"),
            ("Hectares", "about five"),
            ("EndDate", "soon"),
            ("Notes", "x" * 15_001),
        )
    ]
    assert reasons == ["word-unknown", "not-a-number", "not-a-date", "text-too-long"]


def test_every_field_states_an_attribute_there_is_and_every_word_is_one_of_its():
    for one in FIELDS:
        if one.role is Role.STATED:
            kind = KINDS[one.attribute]
            assert (one.basis in kind.bases) if kind.bases else not one.basis
            assert set(one.words.values()) <= {*kind.words, ""}


def test_every_attribute_is_a_column_under_its_own_name():
    for kind in KINDS.values():
        if not kind.any_basis:
            found = field_of(f"{kind.name}@{kind.bases[0]}" if kind.bases else kind.name)
            assert found.attribute == kind.name


@given(st.text(max_size=30))
def test_a_text_is_made_legible_and_can_be_written_out(text):
    assert not has_controls(legible(text))
    assert not has_controls(escaped(text))
    assert legible(text) == text or has_controls(text)


@given(st.text(max_size=20) | st.floats(allow_nan=False, allow_infinity=False).map(str))
def test_a_coordinate_is_a_number_or_nothing(text):
    found = plain_number(text)
    assert found is None or isinstance(found, float)


def test_headings_of_an_italian_register_are_known():
    headings = [
        "Codice",
        "Denominazione",
        "Comune",
        "Longitudine",
        "Latitudine",
        "Superficie (mq)",
        "Proprietà",
        "Referente",
    ]
    found = [(field_of(one).role.value, field_of(one).attribute) for one in headings]
    assert found == [
        *(("stated", "reference"), ("name", ""), ("municipality", ""), ("x", ""), ("y", ""), ("stated", "area")),
        *(("stated", "ownership"), ("contact", "name")),
    ]
    assert read_cell(field_of("Superficie (mq)"), "46.000,5", comma=True).value == "46000.5"
    assert read_cell(field_of("Superficie (mq)"), "46000").value == "46000"
    assert read_cell(field_of("Proprietà"), "Privata").value == "private"
    assert read_cell(field_of("deliverable"), "Sì").value == "yes"


@pytest.mark.parametrize(
    ("texts", "whole", "comma"),
    [
        (("46.000", "7.500"), True, True),
        (("46.000", "0.5"), True, False),
        (("1.250.000",), False, True),
        (("1,250.5",), True, False),
        (("1.250,5", "3"), False, True),
        (("0,25",), False, True),
        (("15.632", "2.6"), False, False),
        (("15.632",), False, False),
        (("46000",), True, False),
        ((), True, False),
    ],
)
def test_a_column_of_numbers_says_what_its_points_and_commas_are(texts, whole, comma):
    assert is_comma_decimal(texts, whole=whole) == comma
