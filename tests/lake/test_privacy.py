"""The guard for personal data: what is of a person is found wherever it stands, what is of an office is not."""

from __future__ import annotations

import random
import string

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from tests.sheets import cursor, sheet, texts

from portico.lake.model import Column, Type
from portico.lake.personal import OFFICE_WORDS, found_sql
from portico.lake.privacy import Personal, guard, masked_sql
from portico.translation import LANGUAGES, Translator

PERSON = "RSSMRA80A01L219M"
ACCOUNT = "IT60X0542811101000000123456"
INSIDE = ("fiscal-code", "e-mail", "phone", "iban")
quick = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

_ODD = dict(zip("0123456789", (1, 0, 5, 7, 9, 13, 15, 17, 19, 21), strict=True)) | dict(
    zip(
        string.ascii_uppercase,
        (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23),
        strict=True,
    )
)
_EVEN = {one: int(one, 36) % 10 if one.isdigit() else ord(one) - 65 for one in string.digits + string.ascii_uppercase}
_OMOCODIA = dict(zip(string.digits, "LMNPQRSTUV", strict=True))


def check_character(code: str) -> str:
    """Return the last character of a fiscal code, by the tables of the decree."""
    total = sum((_ODD if place % 2 == 0 else _EVEN)[one] for place, one in enumerate(code[:15]))
    return chr(65 + total % 26)


@st.composite
def fiscal_codes(draw):
    """Fiscal codes with the right check character, some with letters for digits."""
    name = draw(st.text("BCDFGLMNPRSTVZ", min_size=6, max_size=6))
    day = draw(st.integers(1, 31)) + draw(st.sampled_from([0, 40]))
    year, place = draw(st.integers(0, 99)), draw(st.integers(1, 999))
    code = f"{name}{year:02}{draw(st.sampled_from('ABCDEHLMPRST'))}{day:02}{draw(st.sampled_from('AFHL'))}{place:03}"
    for at in (14, 13, 12, 10, 9, 7, 6)[: draw(st.integers(0, 7))]:
        code = code[:at] + _OMOCODIA[code[at]] + code[at + 1 :]
    return code + check_character(code)


@st.composite
def accounts(draw):
    """Italian account numbers with the right check digits, with blanks or without."""
    rest = draw(st.sampled_from(string.ascii_uppercase)) + draw(st.text(string.digits, min_size=22, max_size=22))
    number = int("".join(str(int(one, 36)) for one in rest + "IT00"))
    whole = f"IT{98 - number % 97:02}{rest}"
    return " ".join(whole[at : at + 4] for at in range(0, 27, 4)) if draw(st.booleans()) else whole


MOBILES = st.builds(
    "{}3{}{}".format,
    st.sampled_from(["", "+39 ", "+39", "0039", "(+39) ", "39"]),
    st.integers(20, 99),
    st.sampled_from([" 1234567", "1234567", "-1234567", " 123 4567", ".123.4567", "/1234567", " 12 34 567", " 123456"]),
)
ADDRESSES = st.builds(
    "{}.{}@{}".format,
    st.sampled_from(["mario", "anna", "g", "Luisa", "niccolò"]),
    st.sampled_from(["rossi", "d'angelo", "bianchi80", "esposito_2"]),
    st.sampled_from(["gmail.com", "comune.torino.it", "studio-x.legal"]),
)
# Words, punctuation and accents that may stand around a value; no letter or digit touches it.
AROUND = st.lists(
    st.sampled_from(
        ["via Po 12", "tel.", "sig.ra", "è", "(", ")", ";", "«", "n. 7/A", "–", "\n", "10100", "C.F.:", "_"]
    ),
    max_size=5,
).map(" ".join)


def kinds(folder, *values, decided="", name="note"):
    """Return kind → count of what the guard finds in one column of texts."""
    file, columns = texts(folder, *values, name=name)
    return {one.kind: one.count for one in guard(cursor(), file, columns, {name: decided})}


def found(kind: str, text: str) -> list[str]:
    return cursor().execute(f"SELECT {found_sql(kind, 'x')} FROM (SELECT ? AS x)", [text]).fetchone()[0]


def masked(kind: str, text: str) -> str:
    return cursor().execute(f"SELECT {masked_sql('x', kind)} FROM (SELECT ?::VARCHAR AS x)", [text]).fetchone()[0]


@quick
@given(AROUND, fiscal_codes(), AROUND, st.booleans())
def test_a_persons_fiscal_code_is_found_inside_any_text(before, code, after, is_small):
    text = f"{before} {code.lower() if is_small else code} {after}"
    assert [one.upper() for one in found("fiscal-code", text)] == [code]


@quick
@given(fiscal_codes(), st.integers(0, 15), st.data())
def test_a_fiscal_code_with_one_character_altered_is_not_one(code, place, data):
    other = data.draw(st.sampled_from(string.ascii_uppercase + string.digits))
    altered = code[:place] + other + code[place + 1 :]
    assume(check_character(altered) != altered[15])
    assert found("fiscal-code", altered) == []


@quick
@given(AROUND, accounts(), AROUND)
def test_an_account_number_is_found_inside_any_text(before, account, after):
    assert found("iban", f"{before} {account} {after}") == [account]


@quick
@given(accounts(), st.integers(2, 26), st.integers(1, 9))
def test_an_account_number_with_one_digit_altered_is_not_one(account, place, by):
    plain = account.replace(" ", "")
    assume(plain[place].isdigit())
    altered = plain[:place] + str((int(plain[place]) + by) % 10) + plain[place + 1 :]
    assert found("iban", altered) == []


@quick
@given(AROUND, MOBILES, AROUND)
def test_a_mobile_number_is_found_inside_any_text(before, number, after):
    assert len(found("phone", f"{before} {number} {after}")) == 1


@quick
@given(AROUND, ADDRESSES, AROUND)
def test_an_address_of_a_person_is_found_inside_any_text(before, address, after):
    assert found("e-mail", f"{before} {address} {after}") == [address]


@quick
@given(
    st.sampled_from(OFFICE_WORDS),
    st.sampled_from(["", "2", ".edilizia", "_comunale", "-sociale"]),
    st.sampled_from(["comune.torino.it", "regione.piemonte.it", "gmail.com"]),
    st.booleans(),
)
def test_an_address_of_an_office_is_not_held(word, more, domain, is_loud):
    address = f"{word}{more}@{domain}"
    assert found("e-mail", address.upper() if is_loud else address) == []


@pytest.mark.parametrize(
    "address",
    [
        "comune.torino@pec.example.org",
        "mario.rossi@pec.ordine.example.org",
        "ufficiotecnico@example.org",
        "protocollo.comune@cert.example.org",
        "torino.urp@example.org",
        "TOIC81600L@istruzione.it",
    ],
)
def test_certified_addresses_schools_and_offices_run_together_are_not_held(address):
    assert found("e-mail", address) == []


@pytest.mark.parametrize("address", ["infante.m@example.org", "comunello@example.org", "areazzo@example.org"])
def test_a_name_that_only_begins_like_an_office_is_a_persons(address):
    assert found("e-mail", address) == [address]


@pytest.mark.parametrize(
    "text",
    [
        "011 4423010",
        "0114423010",
        "+39 011 4423010",
        "800 123 456",
        "345.678.901",
        "€ 3451234567",
        "45.3331234567",
        "3331234567.50",
        "33312345678",
        "A3331234567",
        "PRT-3331234567",
        "3011234567",
        "https://example.org/atti/3331234567",
        "doc?id=3331234567",
        "00000003331234567",
        "way/3331234567",
        '[{"type":"way","ref":3331234567,"role":"outer"}]',
    ],
)
def test_landlines_amounts_codes_and_decimals_are_no_mobile_numbers(text):
    assert found("phone", text) == []


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("fiscal-code", f"C.F. {PERSON}; {PERSON.lower()}", "C.F. •••; •••"),
        ("fiscal-code", f"atto_{PERSON}_firmato.pdf", "atto_•••_firmato.pdf"),
        ("e-mail", "mario.rossi@gmail.com, info@comune.torino.it", "•••@gmail.com, info@comune.torino.it"),
        ("e-mail", "rossi@x.it o m.rossi@x.it", "•••@x.it o •••@x.it"),
        ("fiscal-code", "mistyped: RSSMRA80A01L219N", "mistyped: •••"),
        ("iban", "mistyped: IT60X0542811101000000123457.", "mistyped: •••."),
        ("phone", "cell. 333 1234567 / 011 4423010", "cell. ••• / 011 4423010"),
        ("iban", f"su {ACCOUNT} entro maggio", "su ••• entro maggio"),
        ("name", "Mario Rossi", "•••"),
        ("birth-date", "1980-01-01", "•••"),
        ("phone", "nessuno", "nessuno"),
    ],
)
def test_masking_leaves_nothing_of_the_value_and_all_of_the_rest(kind, text, expected):
    assert masked(kind, text) == expected


@pytest.mark.parametrize("kind", [*INSIDE, "name", "birth-date"])
def test_what_is_not_there_stays_away_when_masked(kind):
    assert cursor().execute(f"SELECT {masked_sql('x', kind)} FROM (SELECT NULL::VARCHAR AS x)").fetchone() == (None,)


def test_a_column_that_holds_several_kinds_is_masked_for_all_of_them():
    text = f"{PERSON}, mario.rossi@gmail.com, 333 1234567, {ACCOUNT}"
    row = cursor().execute(f"SELECT {masked_sql('x', *INSIDE)} FROM (SELECT ? AS x)", [text]).fetchone()
    assert row == ("•••, •••@gmail.com, •••, •••",)


@pytest.mark.parametrize("kinds_told", [(), ("",), ("e-mail", "name")])
def test_where_it_is_not_told_what_to_mask_all_is_masked(kinds_told):
    row = cursor().execute(f"SELECT {masked_sql('x', *kinds_told)} FROM (SELECT 'via Po 3' AS x)").fetchone()
    assert row == ("•••",)


def test_numbers_and_dates_can_be_masked_too():
    row = (
        cursor()
        .execute(
            f"SELECT {masked_sql('p', 'phone')}, {masked_sql('d', 'birth-date')} "
            "FROM (SELECT 3331234567 AS p, DATE '1980-01-01' AS d)"
        )
        .fetchone()
    )
    assert row == ("•••", "•••")


@settings(quick, max_examples=10)
@given(st.lists(st.one_of(fiscal_codes(), accounts(), MOBILES, ADDRESSES, AROUND), min_size=1, max_size=6), st.data())
def test_what_was_masked_is_never_found_again(parts, data):
    text = data.draw(st.sampled_from([" ", "; ", ", ", "\n", " / "])).join(parts)
    for kind in INSIDE:
        assert found(kind, masked(kind, text)) == []


def test_the_guard_counts_cells_not_values(tmp_path):
    values = [f"{PERSON} e {PERSON}", "niente", None, f"vedi {PERSON}", "m.rossi@gmail.com", "m.rossi@gmail.com"]
    assert kinds(tmp_path, *values) == {"fiscal-code": 2, "e-mail": 2}


def test_values_that_part_from_words_only_by_underscores_are_found(tmp_path):
    assert kinds(tmp_path, f"atto_{PERSON}_{ACCOUNT}_3331234567_.pdf") == {"fiscal-code": 1, "iban": 1, "phone": 1}


def test_a_column_of_codes_of_ten_digits_is_no_column_of_phones(tmp_path):
    rng = random.Random(7)
    codes = [f"{rng.randrange(10**10):010}" for _ in range(200)]
    assert kinds(tmp_path, *codes, "3331234567") == {}
    assert kinds(tmp_path, *codes, "tel. 333 1234567") == {"phone": 1}


@pytest.mark.parametrize(("name", "decided"), [("cellulare", ""), ("Tel. 2", ""), ("note", "phone")])
def test_bare_digits_are_phones_where_header_or_type_says_so(tmp_path, name, decided):
    codes = [f"9{number:09}" for number in range(50)]
    assert kinds(tmp_path, *codes, "3331234567", name=name, decided=decided) == {"phone": 1}


def test_bare_digits_are_phones_where_nearly_all_look_so(tmp_path):
    assert kinds(tmp_path, "3331234567", "3479876543", "0114423010", "3201234567") == {"phone": 3}


def test_phones_that_were_read_as_numbers_are_found_under_their_header(tmp_path):
    columns = [Column("cellulare", Type.INTEGER), Column("codice", Type.INTEGER)]
    file = sheet(tmp_path, columns, [(3331234567, 3331234567), (114423010, 12)])
    assert guard(cursor(), file, columns, {}) == [Personal("cellulare", "phone", 1)]


NAMES = (Column("nominativo", Type.TEXT), Column("nato il", Type.DATE), Column("cf", Type.TEXT))
ROW = ("Mario Rossi", "1980-01-01", PERSON)
DECIDED = {"nominativo": "name", "nato il": "birth-date", "cf": "fiscal-code"}


@pytest.mark.parametrize(
    ("places", "held"),
    [((0,), ()), ((1,), ()), ((0, 1), ("name", "birth-date")), ((0, 2), ("name", "fiscal-code")),
     ((1, 2), ("birth-date", "fiscal-code")), ((0, 1, 2), ("name", "birth-date", "fiscal-code"))],
)  # fmt: skip
def test_names_and_days_of_birth_are_held_only_with_something_that_says_whose_they_are(tmp_path, places, held):
    columns = [NAMES[place] for place in places]
    file = sheet(tmp_path, columns, [tuple(ROW[place] for place in places)] * 2)
    found = guard(cursor(), file, columns, DECIDED)
    assert [(one.kind, one.count) for one in found] == [(kind, 2) for kind in held]


def test_names_beside_dates_of_another_kind_are_not_held(tmp_path):
    columns = [NAMES[0], Column("delibera del", Type.DATE)]
    file = sheet(tmp_path, columns, [ROW[:2]])
    assert guard(cursor(), file, columns, {"nominativo": "name"}) == []


def test_a_table_without_text_or_without_rows_holds_nobody(tmp_path):
    columns = [Column("n", Type.INTEGER), Column("geometry", Type.POINT)]
    assert guard(cursor(spatial=True), sheet(tmp_path, columns, [(1, "POINT (7 45)")]), columns, {}) == []
    assert kinds(tmp_path) == {}


def test_a_long_column_is_scanned_to_its_end(tmp_path):
    file = tmp_path / "long.parquet"
    cursor().execute(
        f"COPY (SELECT CASE WHEN i = 49999 THEN 'scrivere a {PERSON}' ELSE 'lotto ' || i END AS note "
        f"FROM range(50000) t(i)) TO '{file}' (FORMAT parquet)"
    )
    assert guard(cursor(), file, [Column("note", Type.TEXT)], {}) == [Personal("note", "fiscal-code", 1)]


def test_a_long_column_of_few_values_is_counted_by_cells(tmp_path):
    file = tmp_path / "long.parquet"
    cursor().execute(
        "COPY (SELECT CASE WHEN i % 5 = 0 THEN 'm.rossi@gmail.com' ELSE 'info@example.org' END AS note, "
        "CASE WHEN i % 2 = 0 THEN '3331234567' ELSE '0114423010' END AS number, "
        "CASE WHEN i % 9 = 0 THEN '3331234567' ELSE '9' || i % 7 END AS code "
        f"FROM range(50000) t(i)) TO '{file}' (FORMAT parquet)"
    )
    columns = [Column(name, Type.TEXT) for name in ("note", "number", "code")]
    assert guard(cursor(), file, columns, {}) == [
        Personal("note", "e-mail", 10_000),
        Personal("number", "phone", 25_000),
    ]


def test_names_that_the_engine_uses_itself_are_only_names(tmp_path):
    columns = [Column(name, Type.TEXT) for name in ("v", "n", "place", "found", 'a"b')]
    file = sheet(tmp_path, columns, [(None, PERSON, "x", PERSON, PERSON)])
    found = guard(cursor(), file, columns, {})
    assert found == [Personal(name, "fiscal-code", 1) for name in ("n", "found", 'a"b')]


def test_hundreds_of_columns_are_guarded(tmp_path):
    columns = [Column(f"c{number}", Type.TEXT) for number in range(70)]
    file = sheet(tmp_path, columns, [("x",) * 69 + (PERSON,)])
    assert guard(cursor(), file, columns, {}) == [Personal("c69", "fiscal-code", 1)]


@settings(quick, max_examples=10)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")), max_size=4))
def test_no_text_at_all_makes_the_guard_fail(tmp_path, values):
    kinds(tmp_path, *values)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", [*INSIDE, "name", "birth-date"])
def test_every_kind_has_its_sentence(language, kind):
    for count in (1, 3):
        said = Translator(language)(Personal("nota", kind, count).message)
        assert "nota" in said
        assert str(count) in said
