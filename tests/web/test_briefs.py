"""The form of a brief, its page by address, the same for programs: what is typed is kept, faults stand beside it."""

import html.parser
import json
import tomllib
from urllib.parse import urlencode

import pytest
from tests.serving import seen, served

from portico.match.address import to_text
from portico.match.presets import NAMES, preset

FORM = "/en/briefs/new"
SOUND = {
    "title-en": "Mill <script>alert(1)</script>",
    "activity": "food",
    "sector": "food",
    "must-use": "production",
    "must-area": "0,5",
    "must-area-basis": "whole-holding",
    "w0-criterion": "minutes-to-nearest",
    "w0-mode": "car",
    "w0-kinds": "motorway-junction",
    "w0-weight": "30",
    "w1-criterion": "condition",
    "w1-weight": "20",
    "do": "answer",
}


@pytest.fixture(scope="module")
def portal(torino):
    with served(torino.folder) as found:
        yield found


class Form(html.parser.HTMLParser):
    """The fields of a form with what stands in them, their labels, and the ids that they point to."""

    def __init__(self, text):
        super().__init__()
        self.fields, self.labelled, self.ids, self.described, self.invalid = {}, set(), set(), set(), set()
        self._select = self._in_label = None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.ids |= {found["id"]} if "id" in found else set()
        self.described |= set((found.get("aria-describedby") or "").split())
        if found.get("aria-invalid"):
            self.invalid.add(found.get("name", ""))
        if tag == "label":
            self._in_label = True
            self.labelled |= {found.get("for")}
        if tag == "input" and (found["type"] != "checkbox" or "checked" in found):
            self.fields.setdefault(found["name"], []).append(found.get("value", ""))
        if tag in ("input", "select") and self._in_label:
            self.labelled.add(found["name"])
        if tag == "select":
            self._select = found["name"]
        if tag == "option" and "selected" in found and self._select:
            self.fields.setdefault(self._select, []).append(found["value"])

    def handle_endtag(self, tag):
        self._in_label = None if tag == "label" else self._in_label

    def filled(self):
        return {name: texts for name, texts in self.fields.items() if any(texts)}


def test_what_is_typed_leads_to_its_answer_and_can_be_changed_and_shared(portal):
    sent = portal.send(FORM, SOUND)
    assert sent.status == 303
    address = sent.headers["location"]
    page = portal.get(address)
    assert page.status == 200
    assert "<script>alert(1)" not in page.text
    assert "Mill &lt;script&gt;alert(1)&lt;/script&gt;" in page.text
    text = address.partition("?b=")[2]
    for link in (f"/en/brief?b={text}", f"/en/briefs/new?b={text}", f"/api/brief?b={text}&amp;form=toml&amp;lang=en"):
        assert f'href="{link}"' in page.text
    form = Form(portal.get(f"{FORM}?b={text}").text)
    assert form.fields["title-en"] == [SOUND["title-en"]]
    assert form.fields["must-area"] == ["0.5"]
    again = portal.send(FORM, form.filled() | {"do": "answer"})
    assert again.headers["location"] == address


@pytest.mark.parametrize("name", NAMES)
def test_a_preset_fills_the_form_and_is_answered_as_it_stands(portal, name):
    form = Form(portal.get(f"/it/briefs/new?begin={name}").text)
    sent = portal.send("/it/briefs/new", form.filled() | {"do": "answer"})
    assert sent.status == 303
    told = portal.get("/api/brief?b=" + sent.headers["location"].partition("?b=")[2]).json
    assert told["wants"] == portal.get(f"/api/brief?b={to_text(preset(name))}").json["wants"]


def test_a_fault_stands_beside_its_field_and_nothing_typed_is_lost(portal):
    typed = SOUND | {"must-area": "1.500", "w0-scale": "5;1", "w1-values": "buit: 1", "sector": "", "title-it": '"><b>'}
    sent = portal.send(FORM, typed)
    assert sent.status == 422
    assert "<b>" not in sent.text
    form = Form(sent.text)
    for name, text in typed.items():
        if name != "do" and text:
            assert text in form.fields[name], name
    for name in ("must-area", "w0-scale", "w1-values", "sector"):
        assert name in form.invalid
        assert f"{name}-fault" in form.ids & form.described
        assert f'<a href="#{name}">' in sent.text
    assert "must-use" not in form.invalid


def test_every_field_has_a_label_and_what_describes_it_is_there(portal):
    form = Form(portal.send(FORM, SOUND | {"w0-weight": "x"}).text)
    assert form.described <= form.ids
    assert {name for name in form.fields if name != "do"} <= form.labelled


def test_one_more_row_is_given_and_nothing_is_lost(portal):
    sent = portal.send(FORM, SOUND | {"do": "want", "must-area": "1.500"})
    assert sent.status == 200
    form = Form(sent.text)
    assert {"w2-criterion", "m0-criterion"} <= form.ids
    assert form.fields["must-area"] == ["1.500"]
    more = Form(portal.send(FORM, SOUND | {"do": "must"}).text)
    assert "m0-criterion" in more.ids
    assert "w2-criterion" not in more.ids


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422),
        (b"title-en=%ff&do=answer", 422),
        (b"\xff\xfe", 422),
        (b"a=1&" * 5_000, 422),
        (b"title-en=" + b"x" * 70_000, 422),
        (b"w9999-criterion=area&m-1-x=3&w0-criterion=%00%1b[31m&do=answer", 422),
        (urlencode({**SOUND, "title-en": "x\x1b[31m"}).encode(), 422),
    ],
)
def test_what_is_no_form_is_refused_with_a_page(portal, body, status):
    sent = portal.send(FORM, body)
    assert sent.status == status
    assert "text/html" in sent.headers["content-type"]


def test_a_brief_in_the_address_is_data_and_toml(portal):
    text = to_text(preset("logistics"))
    told = portal.get(f"/api/brief?b={text}")
    toml = portal.get(f"/api/brief?b={text}&form=toml&lang=it")
    assert toml.headers["content-disposition"] == 'attachment; filename="brief.toml"'
    assert tomllib.loads(toml.text) == told.json
    assert "# I requisiti decidono" in toml.text
    named = portal.get("/api/brief?brief=food-production&form=toml")
    assert 'filename="food-production.toml"' in named.headers["content-disposition"]


def test_a_brief_that_is_sent_is_answered_as_the_one_in_the_address(portal):
    text = to_text(preset("plant"))
    body = portal.get(f"/api/brief?b={text}").body
    sent = portal.send("/api/match?as_of=2026-11-23&lang=it", body, "application/json")
    assert sent.status == 200
    assert sent.json == portal.get(f"/api/match?b={text}&as_of=2026-11-23&lang=it").json
    assert sum(len(sent.json[group]) for group in ("qualified", "to_verify", "excluded")) == 66


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        (b"", 422, "not-json"),
        (b"[]", 422, "json-no-object"),
        (b'{"title": "x", "title": "y"}', 422, "json-key-twice"),
        (b'{"a": ' + b"[" * 20 + b"]" * 20 + b"}", 422, "json-nested"),
        (b'{"a": NaN}', 422, "not-json"),
        (b'{"title": "\\ud800"}', 422, "not-json"),
        (b'{"title": "x"}', 422, "brief-rejected"),
        (b" " * 70_000, 422, "file-too-large"),
        (b" " * 2_000_000, 413, "http-413"),
    ],
)
def test_a_body_that_is_no_brief_is_a_problem_in_one_sentence(portal, body, status, kind):
    sent = portal.send("/api/match", body, "application/json")
    assert (sent.status, sent.json["title"]) == (status, kind)
    assert sent.json["detail"]


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b'{"a": ' + b"9" * 5000 + b"}", "beyond 64 bits"),
        (b'{"title": "\\ud800"}', "half of a character"),
        (b" " * 70_000, "il corpo della richiesta"),
        (
            b'{"musts": [{"criterion": "operational-by", "by": "1-2-3"}]}',
            "giorno del calendario",
        ),
        (
            b'{"wants": [{"criterion": "readiness", "weight": "nan"}]}',
            "deve essere un numero.",
        ),
        (
            b'{"musts": [{"criterion": "area", "at_least": -1}]}',
            "da 0 in su",
        ),
    ],
)
def test_what_is_wrong_with_a_body_is_told_in_words_for_people(portal, body, told):
    answer = portal.send("/api/match?lang=it", body, "application/json").json
    assert answer["status"] == 422
    said = " ".join([answer["detail"], *(one["message"] for one in answer.get("findings", ()))])
    assert told in said
    assert not any(mark in said for mark in ("sys.", "codec", "∞"))


def test_a_kind_that_no_city_has_is_called_by_its_own_word(portal):
    want = {"criterion": "minutes-to-nearest", "mode": "car", "kinds": ["tide-mill"]}
    body = {"title": "x", "activity": "food", "sector": "food", "wants": [want]}
    sent = portal.send("/api/match?lang=en", json.dumps(body).encode()).json
    assert sent["weights"][0]["label"] == "Minutes by car to the nearest tide mill"


def test_a_parameter_that_cannot_be_read_is_named_and_the_other_language_keeps_it(portal):
    page = portal.get("/it/briefs/food-production?as_of=tomorrow")
    assert page.status == 400
    assert "as_of" in page.text
    assert "/en/briefs/food-production?as_of=tomorrow" in page.text
    assert portal.get("/api/match/food-production?lang=fr").json["detail"].count("lang") == 1


def test_a_brief_that_is_sent_names_none_of_the_city_and_its_sites_must_be_known(portal):
    sound = {"title": "x", "activity": "food", "sector": "food", "id": "food-production"}
    assert portal.send("/api/match", json.dumps(sound).encode()).json["brief"]["id"] == ""
    unknown = sound | {"musts": [{"criterion": "site", "none_of": ["scarmagn"]}]}
    sent = portal.send("/api/match", json.dumps(unknown).encode())
    assert [one["column"] for one in sent.json["findings"]] == ["musts.0.none_of"]


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/it/brief", 400, "Non è stato indicato nessun profilo"),
        ("/it/brief?b=abc", 422, "non contiene un profilo intero"),
        ("/it/briefs/new?begin=plnt", 404, "forse intendevi «plant»?"),
        ("/it/briefs/new?b=abc", 422, "non contiene un profilo intero"),
    ],
)
def test_an_address_without_a_brief_is_a_page_that_says_so(portal, path, status, words):
    answer = portal.get(path)
    assert (answer.status, words in seen(answer.text)) == (status, True)
    assert "<h1" in answer.text
