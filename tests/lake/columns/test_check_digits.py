from __future__ import annotations

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.lake.columns.reading import read

from portico.lake.columns.check_digits import LENGTHS
from portico.lake.columns.cig import CIG
from portico.lake.columns.fiscal_code import FISCAL_CODE
from portico.lake.columns.iban import IBAN
from portico.lake.columns.vat_number import VAT_NUMBER

# The tables as the rules state them, not as our SQL folds them.
ODD = dict(
    zip(
        string.ascii_uppercase,
        (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23),
        strict=True,
    )
)
ODD |= {digit: ODD[letter] for digit, letter in zip(string.digits, string.ascii_uppercase, strict=False)}
EVEN = {letter: at for at, letter in enumerate(string.ascii_uppercase)} | {digit: int(digit) for digit in string.digits}
OMOCODES = dict(zip(string.digits, "LMNPQRSTUV", strict=True))
DIGIT_PLACES = (6, 7, 9, 10, 12, 13, 14)


def reads(one, *texts):
    return [value is not None for value in read(one, one.conventions[0], texts)]


def with_check(body):
    return body + string.ascii_uppercase[sum((EVEN if at % 2 else ODD)[c] for at, c in enumerate(body)) % 26]


@st.composite
def fiscal_codes(draw):
    letters = st.sampled_from(string.ascii_uppercase)
    digits = st.sampled_from(string.digits)
    shape = [letters] * 6 + [digits] * 2 + [st.sampled_from("ABCDEHLMPRST")] + [digits] * 2 + [letters] + [digits] * 3
    body = [draw(one) for one in shape]
    for place in draw(st.sets(st.sampled_from(DIGIT_PLACES))):
        body[place] = OMOCODES[body[place]]
    return with_check("".join(body))


@st.composite
def vat_numbers(draw):
    body = draw(st.from_regex("[0-9]{10}", fullmatch=True).filter(int))
    total = 0
    for at, digit in enumerate(map(int, body)):
        doubled = 2 * digit - 9 * (digit > 4)
        total += doubled if at % 2 else digit
    return body + str(-total % 10)


def iban_number(text):
    return int("".join(str(int(character, 36)) for character in text))


def with_iban_check(country, account):
    return f"{country}{98 - iban_number(account + country + '00') % 97:02}{account}"


@st.composite
def ibans(draw):
    at = 4 * draw(st.integers(0, len(LENGTHS) // 4 - 1))
    country, length = LENGTHS[at : at + 2], int(LENGTHS[at + 2 : at + 4])
    if draw(st.booleans()):
        country, length = "IT", 27
        account = draw(st.from_regex(r"[A-Z][0-9]{10}([0-9]{12}|[0-9A-Z]{12})", fullmatch=True))
    else:
        account = draw(st.text(string.ascii_uppercase + string.digits, min_size=length - 4, max_size=length - 4))
    return with_iban_check(country, account)


def another(draw, text, at):
    kind = string.digits if text[at].isdigit() else string.ascii_uppercase
    return text[:at] + draw(st.sampled_from([one for one in kind if one != text[at]])) + text[at + 1 :]


@given(st.lists(fiscal_codes(), min_size=1, max_size=20))
@settings(max_examples=12)
def test_fiscal_codes_made_by_the_rule_pass_also_in_small_letters(codes):
    assert all(reads(FISCAL_CODE, *codes, *(code.lower() for code in codes)))


@given(st.data(), st.lists(fiscal_codes(), min_size=1, max_size=20))
@settings(max_examples=12)
def test_a_fiscal_code_with_one_character_altered_fails(data, codes):
    altered = [another(data.draw, code, data.draw(st.integers(0, 15))) for code in codes]
    assert not any(reads(FISCAL_CODE, *altered))


@given(st.lists(vat_numbers(), min_size=1, max_size=20))
@settings(max_examples=12)
def test_vat_numbers_made_by_the_rule_pass_also_with_their_country(numbers):
    assert all(reads(VAT_NUMBER, *numbers, *(f"IT{one}" for one in numbers)))
    assert all(reads(FISCAL_CODE, *numbers))


@given(st.data(), st.lists(vat_numbers(), min_size=1, max_size=20))
@settings(max_examples=12)
def test_a_vat_number_with_one_digit_altered_fails(data, numbers):
    altered = [another(data.draw, one, data.draw(st.integers(0, 10))) for one in numbers]
    assert not any(reads(VAT_NUMBER, *altered, *(f"IT{one}" for one in altered)))


@given(st.lists(ibans(), min_size=1, max_size=20))
@settings(max_examples=12)
def test_ibans_made_by_the_rule_pass_also_in_groups_of_four(numbers):
    grouped = [" ".join(one[at : at + 4] for at in range(0, len(one), 4)) for one in numbers]
    assert all(reads(IBAN, *numbers, *grouped, *(one.lower() for one in numbers)))


@given(st.data(), st.lists(ibans(), min_size=1, max_size=20))
@settings(max_examples=12)
def test_an_iban_with_one_character_altered_fails(data, numbers):
    altered = [another(data.draw, one, data.draw(st.integers(0, len(one) - 1))) for one in numbers]
    assert not any(reads(IBAN, *altered))


@given(st.lists(ibans(), min_size=1, max_size=10), st.text(string.digits, min_size=1, max_size=3))
@settings(max_examples=12)
def test_an_iban_longer_than_its_country_has_them_fails_though_its_check_digits_fit(numbers, more):
    longer = [with_iban_check(one[:2], one[4:] + more) for one in numbers]
    assert not any(reads(IBAN, *longer))


def test_an_unknown_country_has_the_length_it_likes():
    assert reads(IBAN, with_iban_check("XX", "0" * 11), with_iban_check("XX", "0" * 30)) == [True, True]
    assert reads(IBAN, with_iban_check("XX", "0" * 10), with_iban_check("XX", "0" * 31)) == [False, False]


@given(st.integers(1, 9_999_999))
@settings(max_examples=30)
def test_a_cig_made_by_the_rule_passes(number):
    assert reads(CIG, f"{number:07}{number * 211 % 4091:03X}") == [True]


@pytest.mark.parametrize("country", ["IT", "DE", "SM", "NO", "MT"])
def test_the_lengths_are_read_where_the_country_stands(country):
    at = next(at for at in range(0, len(LENGTHS), 4) if LENGTHS[at : at + 2] == country)
    assert LENGTHS.find(country) == at
    assert {"IT": 27, "DE": 22, "SM": 27, "NO": 15, "MT": 31}[country] == int(LENGTHS[at + 2 : at + 4])
