"""One schema in TOML, JSON, address and form: what is written of a brief is read again as the same brief."""

from __future__ import annotations

import base64
import json
import tomllib
import zlib
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.match.made_briefs import briefs

from portico.errors import InputError, RejectedError
from portico.match.address import LONGEST, from_text, to_text
from portico.match.briefs import interpret
from portico.match.form import fields_of, filled, number_of
from portico.match.json_document import read_json
from portico.match.model import Activity, Brief
from portico.match.writing import as_data, to_toml
from portico.messages import Text
from portico.settings import Document
from portico.translation import LANGUAGES, Translator

MILL = Brief(title=Text(en="Mill"), activity=Activity.FOOD, sector="food")


def _read(data) -> Brief:
    brief, findings = interpret(Document("brief", data, {}))
    assert not findings
    return brief


@given(briefs(), st.sampled_from(LANGUAGES))
def test_a_brief_is_the_same_in_toml_json_and_address(brief, language):
    assert _read(tomllib.loads(to_toml(brief, Translator(language)))) == brief
    assert _read(read_json(json.dumps(as_data(brief)).encode(), "brief").data) == brief
    assert from_text(to_text(brief)) == brief


@given(briefs())
def test_a_brief_is_the_same_from_a_form_though_its_musts_may_be_in_another_order(brief):
    again = _read(filled(fields_of(brief)).data)
    trimmed = _trimmed(brief)
    assert again == replace(trimmed, musts=again.musts)
    assert sorted(map(repr, again.musts)) == sorted(map(repr, trimmed.musts))


def _trimmed(brief: Brief) -> Brief:
    """A form forgets blanks around texts."""

    def text(one: Text) -> Text:
        return Text({language: said.strip() for language, said in sorted(one.items(), reverse=True)})

    def labelled(many):
        return tuple(replace(one, label=text(one.label)) for one in many)

    head = {name: text(getattr(brief, name)) for name in ("title", "summary", "source")}
    return replace(brief, **head, musts=labelled(brief.musts), wants=labelled(brief.wants))


@pytest.mark.parametrize("name", ["battery-module-plant", "biomedical-laboratory", "food-production"])
def test_the_briefs_of_the_reference_city_fit_an_address(torino, name):
    from portico.match import briefs as read

    brief = replace(read.read(torino, name), id="")
    assert len(to_text(brief)) < 1_000
    assert from_text(to_text(brief)) == brief


def test_an_address_names_no_brief_of_the_city():
    assert from_text(_packed(json.dumps({**as_data(MILL), "id": "food-production"}).encode())).id == ""


def _packed(raw: bytes) -> str:
    return base64.urlsafe_b64encode(zlib.compress(raw, 9)).decode().rstrip("=")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", "brief-address-broken"),
        ("%%%", "brief-address-broken"),
        ("città", "brief-address-broken"),
        ("AAAA", "brief-address-broken"),
        (to_text(MILL)[:-6], "brief-address-broken"),
        ("A" * (LONGEST + 1), "brief-too-large-for-address"),
        (_packed(b" " * 5_000_000), "file-too-large"),
        (_packed(b"[1]"), "json-no-object"),
        (_packed(b"\xff"), "not-utf8"),
        (_packed(b'{"title": "x"}'), "brief-rejected"),
    ],
)
def test_an_address_that_is_no_brief_is_told_in_one_sentence(text, kind):
    with pytest.raises(InputError) as raised:
        from_text(text)
    assert raised.value.message_id == kind


def test_a_brief_too_long_for_an_address_is_told_so():
    noise = "".join(chr(0x4E00 + (7919 * number) % 20_000) for number in range(2_000))
    with pytest.raises(InputError) as raised:
        to_text(replace(MILL, title=Text(en=noise), summary=Text(it=noise, en=noise[::-1])))
    assert raised.value.message_id == "brief-too-large-for-address"


@pytest.mark.parametrize(
    ("text", "kind", "row"),
    [
        ('{"title": "x",\n"title": "y"}', "json-key-twice", 2),
        ('{"wants": [{"weight": 1}, {"weight": 1,\n\n"weight": 2}]}', "json-key-twice", 3),
        ('{"a": NaN}', "not-json", None),
        ('{"a": -Infinity}', "not-json", None),
        ('{"a": 1e999}', "not-json", None),
        ('{"a": 99999999999999999999}', "not-json", None),
        ('{"a": ' + "9" * 5000 + "}", "not-json", None),
        ('{"a": 1,}', "not-json", None),
        ('{"a": "\\ud800"}', "not-json", None),
        ('{"\\ud800": 1}', "not-json", None),
        ("", "not-json", None),
        ("7", "json-no-object", None),
        ('{"a":' + "[" * 17 + "]" * 17 + "}", "json-nested", 1),
        ("[" * 30_000 + "]" * 30_000, "json-nested", 1),
        ('{"a": "' + "x" * 70_000 + '"}', "file-too-large", None),
        ('\\"' * 30_000, "not-json", None),
    ],
)
def test_json_that_is_unsound_is_told_with_its_line(text, kind, row):
    with pytest.raises(InputError) as raised:
        read_json(text.encode(), "brief.json")
    assert raised.value.message_id == kind
    assert row is None or raised.value.values["row"] == row


def test_a_fault_in_json_has_the_line_of_its_key():
    raw = b'{"title": "x", "activity": "food",\n "sector": "food",\n "wants": [\n  {"criterion": "aera"}]}'
    [found] = interpret(read_json(raw, "brief.json"))[1]
    assert (found.kind, found.place.row, found.place.column) == ("criterion-unknown", 4, "wants.0.criterion")


def test_what_is_null_was_not_given():
    assert _read(read_json(json.dumps({**as_data(MILL), "summary": None}).encode(), "x").data) == MILL


@given(st.text(max_size=200))
def test_any_text_as_an_address_is_a_brief_or_a_sentence(text):
    told = _refused(lambda: from_text(text))
    assert told is None or Translator("it")(told) != told


@given(st.binary(max_size=300))
def test_any_bytes_are_json_or_a_sentence(raw):
    told = _refused(lambda: read_json(raw, "x"))
    assert told is None or Translator("en")(told) != told


def _refused(read):
    try:
        read()
    except InputError as error:
        return f"{error.message_id}[other]" if isinstance(error, RejectedError) else error.message_id
    return None


NAMES = st.sampled_from(
    ["title-it", "activity", "sector", "ateco", "total", "order_as", "must-area", "must-area-basis", "must-use",
     "must-operational-by", "must-budget", "m0-criterion", "m0-at_most", "m0-mode", "w0-criterion", "w0-weight",
     "w0-scale", "w0-values", "w0-range", "w0-ideal", "w0-nth", "w0-inbound", "w1-criterion", "w1-order"]
)  # fmt: skip
TYPED = st.sampled_from(
    ["", " ", "area", "minutes-to-nearest", "condition", "production", "15", "15,5", "1.500", "-3", "nan", "inf",
     "1e400", "5: 1; 30: 0", "5;1", "built: 1", "10..20", "..", "20..", "2027-02-30", "plant", "car", "rank-reciprocal"]
) | st.text(max_size=12)  # fmt: skip


@given(st.dictionaries(NAMES, st.lists(TYPED, max_size=2)))
@settings(max_examples=100)
def test_any_fields_are_a_brief_or_faults_at_fields(typed):
    form = filled(typed)
    brief, findings = interpret(Document("form", form.data, {}))
    faults = form.by_field(findings)
    assert brief is not None or faults
    assert bool(findings or form.faults) == bool(faults)
    if not faults and brief.wants:
        assert sum(brief.shares()) == pytest.approx(1)


@pytest.mark.parametrize(("text", "number"), [("15", 15), ("15,5", 15.5), (" 1 500 ", 1500), ("-0.5", -0.5)])
def test_a_number_is_read_with_point_or_comma(text, number):
    assert number_of(text) == number


@pytest.mark.parametrize("text", ["1.500", "1,500", "1.500.000", "1_000", "", "x", "1,5,5"])
def test_a_number_that_may_be_another_is_none(text):
    with pytest.raises(ValueError):  # noqa: PT011 - no words of ours in it
        number_of(text)


def test_each_fault_stands_at_its_field():
    form = filled(
        {
            "title-en": ["Mill"],
            "activity": ["food"],
            "sector": ["food"],
            "must-area": ["1.500"],
            "must-use": ["prodution"],
            "w0-criterion": ["minutes-to-nearest"],
            "w0-mode": ["car"],
            "w0-weight": ["30"],
            "w0-scale": ["5;1"],
            "w2-criterion": ["condition"],
            "w2-weight": ["3"],
            "w2-values": ["buit: 1"],
        }
    )
    faults = form.by_field(interpret(Document("form", form.data, {}))[1])
    assert {name: [one.id for one in every] for name, every in faults.items()} == {
        "must-area": ["number-of-two"],
        "must-use": ["unknown-word"],
        "w0-scale": ["pairs-expected"],
        "w2-values": ["unknown-word"],
    }
