"""Check digits in SQL: how a fiscal code, a VAT number and an IBAN prove themselves, without leaving the engine."""

from __future__ import annotations

from portico.lake.columns.base import let

_ODD = "BAKPLCQDREVOSFTGUHMINJWZYX"
"""Where a letter stands is what it counts at an odd place of a fiscal code; a digit counts as its letter, 0 as A."""
_DIGITS = "0123456789"
_AS_LETTERS = "ABCDEFGHIJ"

LENGTHS = (
    "AD24AE23AL28AT20AZ28BA20BE16BG22BH22BR29CH21CR22CY28CZ24DE22DK18DO28EE20EG29ES24FI18FO18FR27GB22GE22GI23GL18GR27"
    "HR21HU28IE22IL23IS26IT27JO30KW30KZ20LB28LI21LT20LU20LV21MC27MD24ME22MK19MT31NL18NO15PK24PL28PS29PT25QA29RO24RS22"
    "SA24SE24SI19SK24SM27TN24TR26UA29VA22VG24XK20"
)
"""The length of an IBAN by country."""


def fiscal_code(x: str) -> str:
    """Return the condition that the last of sixteen characters fits the others."""
    counted = " + ".join(
        f"strpos('{_ODD}', t[{place}]) - 1" if place % 2 else f"ascii(t[{place}]) - 65" for place in range(1, 16)
    )
    letters = f"translate(upper({x}), '{_DIGITS}', '{_AS_LETTERS}')"
    return let(letters, f"({counted}) % 26 + 65 = ascii(t[16])")


def vat_number(x: str) -> str:
    """Return the condition that eleven digits sum up as Luhn wants; eleven zeros are nobody."""
    digits = {place: f"(t // {10 ** (11 - place)} % 10)" for place in range(1, 12)}
    doubled = "({0} * 2 % 9 + CASE WHEN {0} = 9 THEN 9 ELSE 0 END)"
    summed = " + ".join(digit if place % 2 else doubled.format(digit) for place, digit in digits.items())
    return let(f"TRY_CAST({x} AS BIGINT)", f"t > 0 AND ({summed}) % 10 = 0")


def iban(x: str) -> str:
    """Return the condition that an IBAN in capitals, without blanks, leaves 1 modulo 97 and has its country's length.

    Digits and letters are taken from left to right, a letter being two digits, so that no number grows.
    """
    remainder = (
        "list_reduce(list_transform(string_split(t[5:] || t[:4], ''), "
        "lambda c: CASE WHEN c <= '9' THEN ascii(c) - 48 ELSE ascii(c) - 55 END), "
        "lambda a, b: (a * CASE WHEN b > 9 THEN 100 ELSE 10 END + b) % 97) = 1"
    )
    known = f"strpos('{LENGTHS}', t[:2])"
    length = f"CASE WHEN {known} = 0 THEN length(t) ELSE TRY_CAST(substr('{LENGTHS}', {known} + 2, 2) AS INTEGER) END"
    return let(x, f"length(t) BETWEEN 15 AND 34 AND length(t) = {length} AND {remainder}")


def iban_of_digits(x: str) -> str:
    """Return the same condition for the usual Italian IBAN: all digits behind the one letter, much faster.

    The number is letter (2 digits), bank and branch (10), account (12), ``1829`` for IT, check digits (2).
    """
    parts = (
        ("(ascii({0}[5]) - 55)", 28),
        ("TRY_CAST({0}[6:15] AS BIGINT)", 18),
        ("TRY_CAST({0}[16:27] AS BIGINT)", 6),
        ("1829", 2),
        ("TRY_CAST({0}[3:4] AS BIGINT)", 0),
    )
    return f"({' + '.join(f'{part.format(x)} % 97 * {pow(10, zeros, 97)}' for part, zeros in parts)}) % 97 = 1"
