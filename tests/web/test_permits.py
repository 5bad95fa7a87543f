"""Permits as a visitor meets them: the interview by address alone, the plan, the reform; and as programs do."""

import asyncio
import html
import json
import re
import shutil
from datetime import date
from types import SimpleNamespace

import pytest

from portico.errors import InputError, RejectedError, UnknownNameError, UsageError
from portico.permits.kept import PROJECTS, REFORMS, pack_of, project_of, readable, reform_of, state
from portico.permits.tables import FOLDER
from portico.permits.typed import text_of
from portico.web import permits, permits_api, permits_reforms
from portico.web.permits_asked import Asked, sent
from portico.web.portal import Portal

FILED = "filed=2027-01-11"


@pytest.fixture(scope="module")
def portal(torino):
    return Portal(torino.folder)


def get(handler, portal, query, language="en", **more):
    request = SimpleNamespace(scope={"query_string": query.encode()}, headers={})
    return handler.fn(request, language, portal, **more)


def ask(portal, query, language="en"):
    return get(permits.ask_page, portal, query, language)


def words(page):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.content)).split())


def led_to(response):
    """Return the query that a form leads to."""
    assert response.status_code == 303
    return response.url.partition("?")[2]


def fields(page):
    """Return the hidden fields of the form of the interview, as a browser sends them."""
    form = re.search(r'<form method="get" action="/\w\w/permits/ask" novalidate>(.*?)</form>', page.content, re.DOTALL)[
        1
    ]
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form)
    return "&".join(f"{html.unescape(name)}={html.unescape(value)}" for name, value in hidden)


def asked_names(page):
    return list(dict.fromkeys(re.findall(r'<fieldset class="portico-row" id="q-(\w+)"', page.content)))


def test_an_interview_goes_on_by_its_address_alone_until_nothing_is_left_to_ask(portal):
    project = project_of(portal.city.folder, "food-production", pack_of(portal.city.folder))
    page, rounds = ask(portal, f"site=scalo-lingotto&{FILED}"), 0
    while names := asked_names(page):
        assert len(names) <= permits.AT_ONCE
        typed = "&".join(
            f"n-{name}={text_of(project.answers[name]) if name in project.answers else ''}" for name in names
        )
        page = ask(portal, led_to(ask(portal, f"{fields(page)}&{typed}&do=next")))
        assert page.status_code in (None, 200)
        rounds += 1
        assert rounds < 60
    assert "Nothing that could be asked would change the result." in words(page)
    # What was answered one by one comes to what the file of the project says at once, for what was asked.
    query = re.search(r'href="/en/permits/plan\?([^"]+)"', page.content)[1]
    found = permits_api.plan.fn(
        SimpleNamespace(scope={"query_string": html.unescape(query).encode()}), portal, "en", "", "", ""
    )
    whole = permits_api.plan.fn(
        SimpleNamespace(scope={"query_string": f"project=food-production&site=scalo-lingotto&{FILED}".encode()}),
        portal, "en", "", "", "",
    )  # fmt: skip
    for part in ("needed", "not_needed"):
        assert [one["id"] for one in found[part]] == [one["id"] for one in whole[part]]
    assert found["days"] == whole["days"]


def test_what_a_site_is_known_for_is_shown_with_evidence_and_not_asked(portal):
    page = ask(portal, f"site=scalo-lingotto&project=battery-module-plant&{FILED}")
    assert "Is the soil contaminated? none register of sites" in words(page)
    assert "site_attributes@" in page.content
    assert "contamination" not in asked_names(page)
    without = permits_api.questions.fn(
        SimpleNamespace(scope={"query_string": f"project=battery-module-plant&{FILED}".encode()}), portal
    )
    assert "contamination" in [one["attribute"] for one in without["questions"]]
    assert set(without["counts"]) == {"needed", "perhaps", "not_needed"}


def test_numbers_are_read_as_the_language_writes_them_and_a_slip_is_told_beside_its_field_with_all_kept(portal):
    assert led_to(ask(portal, "n-gfa_m2=8.000,5&do=next", "it")) == "a-gfa_m2=8000.5"
    assert led_to(ask(portal, "n-gfa_m2=8,000.5&do=next", "en")) == "a-gfa_m2=8000.5"
    page = ask(portal, f"a-activity_kind=laboratory&{FILED}&n-employees=1.5.3&do=next")
    assert page.status_code == 422
    assert 'value="1.5.3"' in page.content
    assert 'aria-invalid="true"' in page.content
    assert "“1.5.3” is not clearly a number" in words(page)
    assert "a-activity_kind=laboratory" in fields(page)
    page = ask(portal, "n-employees=-3&do=next")
    assert page.status_code == 422


def test_every_answer_can_be_changed_taken_back_or_said_not_to_be_known(portal):
    page = ask(portal, f"{FILED}&a-activity_kind=laboratory&a-employees=12")
    back = "/en/permits/ask?filed=2027-01-11&a-activity_kind=laboratory&ask=employees"
    assert f'href="{back}"' in html.unescape(page.content)
    again = ask(portal, f"{FILED}&a-activity_kind=laboratory&a-employees=12&ask=activity_kind")
    assert asked_names(again) == ["activity_kind"]
    assert 'value="laboratory" checked' in again.content
    changed = led_to(ask(portal, f"{fields(again)}&n-activity_kind=&do=next"))
    assert changed == f"{FILED}&a-activity_kind=&a-employees=12"
    assert "not known" in words(ask(portal, changed))
    # A project of the city begins it; one of its answers is taken back, the others stay.
    page = ask(portal, f"project=food-production&a-employees=&{FILED}")
    assert "employees" not in asked_names(page)


def test_answers_that_cannot_all_be_true_are_told_and_no_plan_is_made_on_them(portal):
    query = f"{FILED}&a-intervention=restoration_light&a-site_land=green"
    page = ask(portal, query)
    assert page.status_code == 422
    assert "On open land there is no building for these works" in words(page)
    assert 'role="alert"' in page.content
    assert led_to(get(permits.plan_page, portal, query)) == query
    with pytest.raises(RejectedError) as caught:
        permits_api.plan.fn(SimpleNamespace(scope={"query_string": query.encode()}), portal)
    assert caught.value.findings
    page = ask(portal, f"{FILED}&a-intervention=restoration_light&site=vado")
    assert page.status_code == 422
    assert "What is known of the site does not fit" in words(page)
    assert "&ask=intervention" in html.unescape(page.content)


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("filed=2027-02-30", InputError),
        ("filed=0001-01-01", UsageError),
        ("site=scarmango", UnknownNameError),
        ("project=..%2F..%2Fcity", UnknownNameError),
        ("a-x=" + "9" * 13_000, InputError),
        ("&".join(f"a-x{number}=1" for number in range(500)), InputError),
        ("a-x=%ff", InputError),
    ],
)
def test_an_address_that_is_none_is_refused_in_one_sentence(portal, query, error):
    with pytest.raises(error):
        ask(portal, query)


def test_hostile_answers_are_named_escaped_and_can_be_corrected(portal):
    page = ask(portal, f"{FILED}&a-activity_kind=%3Cscript%3E&a-employees=1e9&a-assent_bodies=3&a-%3Cb%3E=1")
    assert page.status_code == 422
    assert "<script>" not in page.content.replace('<script type="module"', "")
    assert "<b>" not in page.content
    assert "“1e9” is no answer to" in words(page)
    assert "“<b>” is no attribute of the rule pack" in words(page)
    assert "ask=assent_bodies" not in page.content
    # What no question has is gone, for nobody could correct it; the others wait for another answer.
    assert fields(page) == f"{FILED}&a-activity_kind=<script>&a-employees=1e9"
    corrected = ask(portal, led_to(ask(portal, f"{fields(page)}&n-activity_kind=office&n-employees=12&do=next")))
    assert 'role="alert"' not in corrected.content
    assert fields(corrected) == f"{FILED}&a-activity_kind=office&a-employees=12"


def test_an_address_says_the_same_when_it_is_written_again():
    asked = Asked("food-production", "vado", date(2027, 1, 11), (("employees", ""), ("activity_kind", "laboratory")))
    assert sent(asked.query().encode()).asked == asked
    assert asked.answering("employees", "3").trail == (("employees", "3"), ("activity_kind", "laboratory"))
    assert asked.without("employees").trail == (("activity_kind", "laboratory"),)


@pytest.mark.parametrize("language", ["en", "it"])
def test_a_plan_shows_each_procedure_with_reason_term_documents_and_how_sure_it_is(portal, language):
    query = f"project=battery-module-plant&site=scalo-lingotto&{FILED}"
    page = get(permits.plan_page, portal, query, language)
    plain = permits_api.plan.fn(SimpleNamespace(scope={"query_string": query.encode()}), portal, language)
    text = words(page)
    for part in ("needed", "perhaps", "not_needed"):
        for one in plain[part]:
            assert f'id="p-{one["id"]}"' in page.content
            assert all(" ".join(reason.split()) in text for reason in one["reasons"])
    mark = {"en": "from memory, to be checked", "it": "a memoria, da verificare"}[language]
    shown = [*plain["needed"], *plain["perhaps"], *plain["not_needed"], *plain["optional"]]
    recalled = [one for one in shown if one["recalled"] or (one["term"] and one["term"]["confidence"] == "recalled")]
    aids = [one for one in plain["incentives"] if one["confidence"] == "recalled"]
    assert page.content.count(mark) == len(recalled) + len(aids)
    assert all(one["title"] in text for one in (*plain["documents"], *plain["incentives"]))
    assert plain["disclaimer"] in text
    assert page.content.count("<svg") == 1
    assert f"{plain['days']['low']} " in text


def test_a_project_that_was_sent_has_the_plan_of_its_file(portal):
    project = project_of(portal.city.folder, "food-production", pack_of(portal.city.folder))
    body = {"name": project.name, "site": "scarmagno", "filed": "2027-01-11", "answers": dict(project.answers)}

    def send(raw):
        return asyncio.run(permits_api.plan_sent.fn(portal, raw, "it"))

    query = f"project=food-production&site=scarmagno&{FILED}"
    assert send(json.dumps(body).encode()) == permits_api.plan.fn(
        SimpleNamespace(scope={"query_string": query.encode()}), portal, "it"
    )
    body["answers"]["employes"] = 3
    with pytest.raises(RejectedError):
        send(json.dumps(body).encode())
    for raw in (b"", b"[]", b'{"answers": ' + b"[" * 5_000, b'{"name": "' + b"x" * 70_000 + b'"}'):
        with pytest.raises(InputError):
            send(raw)


def test_a_reform_is_told_by_the_rules_it_changes_with_days_and_documents_saved(portal):
    found = permits_reforms.reform_api.fn(portal, "ask-once", "en", "2027-01-11")
    page = permits_reforms.reform_page.fn("en", portal, "ask-once", "2027-01-11")
    text = words(page)
    assert found["together"]["saved"]["asked"] == sum(one["saved"]["asked"] for one in found["alone"]) == 9
    assert found["together"]["saved"]["days"]["MS_OPEN"] == {
        "title": "Milestone: start of operation",
        "low": 32,
        "high": 29,
    }
    for one in found["alone"]:
        assert one["words"] in text
        assert one["rule"] in text
        assert one["reason"] in text
    assert "29–32" in text
    assert found["losses"]["asked_twice"][0]["title"] in text
    with pytest.raises(UnknownNameError):
        permits_reforms.reform_page.fn("en", portal, "../city", "")


def test_a_city_without_rules_says_so(portal, tiny_city):
    bare = SimpleNamespace(
        city=SimpleNamespace(folder=tiny_city, settings=portal.city.settings),
        territory=portal.territory,
        today=portal.today,
    )
    assert "This city keeps no rules of permits." in words(permits.permits_page.fn("en", bare))
    with pytest.raises(UsageError):
        ask(bare, "")


def test_rules_that_change_are_read_again(torino, tmp_path):
    for name in (FOLDER, PROJECTS, REFORMS):
        shutil.copytree(torino.folder / name, tmp_path / name)
    pack, before = pack_of(tmp_path), state(tmp_path)
    assert pack_of(tmp_path) is pack
    first = reform_of(tmp_path, "ask-once", pack)
    assert reform_of(tmp_path, "ask-once", pack) is first
    file = tmp_path / REFORMS / "ask-once.toml"
    file.write_text(file.read_text("utf-8").replace("days = 75", "days = 80"), "utf-8")
    assert state(tmp_path) != before
    assert [one.days for one in reform_of(tmp_path, "ask-once", pack).changes].count(80) == 1
    (tmp_path / PROJECTS / "biomedical-laboratory.toml").write_bytes(b"\xff")
    assert [name for name, _ in readable(tmp_path, pack)] == ["battery-module-plant", "food-production"]
    (tmp_path / PROJECTS / "food-production.toml").unlink()
    with pytest.raises(UnknownNameError):
        project_of(tmp_path, "food-production", pack)
