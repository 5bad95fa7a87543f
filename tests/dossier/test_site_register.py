"""The sheet of a site tells consent, readiness and age; a contact appears on no page without the owner's consent."""

from __future__ import annotations

import json
from datetime import date

import pytest
from tests.cities import AS_OF, AT, csv_text, write_borgo_prova

from portico import city
from portico.build import build, lake_of
from portico.city.consent import contacts
from portico.cli import main
from portico.dossier.ageing import Ageing, alarms
from portico.dossier.document import site_content, typesetter
from portico.dossier.site_sheet import site_sheet, to_dict
from portico.territory.layers import territory
from portico.translation import Translator
from portico.web import sites as pages
from portico.web.portal import Portal

_BY = {"source": "letter of the owner", "checked": "2026-10-02", "confidence": "verified"}
_STATED = (
    ("prato-grande", "consent", "given", "2026-10-01"),
    ("prato-grande", "consent-until", "2027-01-10", "2026-10-01"),
    ("prato-grande", "last-verified", "2026-09-01", "2026-09-01"),
    ("filanda", "consent", "given", "2024-01-01"),
    ("filanda", "consent-until", "2025-01-01", "2024-01-01"),
    ("filanda", "last-verified", "2023-01-01", "2023-01-01"),
    ("cava", "end-date", "2021-01-01", "2021-01-01"),
)
_SECRETS = {"prato-grande": "Meadow office", "filanda": "Mill office", "scalo": "Yard office"}


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    folder = write_borgo_prova(tmp_path_factory.mktemp("register") / "borgo-prova")
    rows = [
        {"id": f"x{n}", "site": site, "attribute": name, "value": value, "as_of": day, **_BY}
        for n, (site, name, value, day) in enumerate(_STATED)
    ]
    rows.append(
        {
            "id": "y",
            "site": "filanda",
            "attribute": "planning-status",
            "value": "permissioned",
            "as_of": "2026-01-01",
            "field": "PlanningStatus",
            "original": "Permissioned",
            **_BY,
        }
    )
    rows.append({"id": "z", "site": "filanda", "attribute": "as-registered", "basis": "Ward", "value": "North", **_BY})
    rows.append(
        {
            "id": "w",
            "site": "filanda",
            "attribute": "area",
            "basis": "offered",
            "unit": "m2",
            "value": "7000",
            "until": "2025-05-05",
            "until_reason": "superseded in later.csv",
            **_BY,
        }
    )
    with (folder / "facts" / "site_attributes.csv").open("a", encoding="utf-8", newline="") as file:
        file.write(csv_text("site_attributes", rows).split("\n", 1)[1])
    told = [{"id": f"c-{site}", "site": site, "office": office, **_BY} for site, office in _SECRETS.items()]
    (folder / "facts" / "site_contacts.csv").write_text(csv_text("site_contacts", told), "utf-8")
    opened = city.open(folder)
    build(opened, as_of=AS_OF, at=AT)
    yield opened
    opened.database.close()


@pytest.fixture(scope="module")
def sheets(town):
    known = territory(town, lake_of(town))
    told = contacts(town.folder / "facts")
    return {site.id: site_sheet(known, site.id, AS_OF, told) for site in known.sites}


def _page(town, language, site):
    """The page of a site as the portal answers with it."""
    return pages.site.fn(language, site, Portal(town.folder), AS_OF).content


@pytest.mark.parametrize("language", ["en", "it"])
@pytest.mark.parametrize("site", sorted(_SECRETS))
def test_the_page_tells_the_contact_under_a_consent_only(town, sheets, site, language):
    say = Translator(language)
    text = _page(town, language, site)
    assert (_SECRETS[site] in text) == (site == "prato-grande")
    assert say(sheets[site].consent.words) in text.replace("&#39;", "'")
    assert say(sheets[site].readiness.words) in text


def test_a_program_is_told_no_more_than_a_page(sheets):
    for site, office in _SECRETS.items():
        told = json.dumps(to_dict(sheets[site], Translator("en")))
        assert (office in told) == (site == "prato-grande")
        assert "owner not asked" in told.lower() or site != "scalo"


def test_a_terminal_is_told_no_more_than_a_page(town, capsys):
    for site, office in _SECRETS.items():
        for form in ((), ("--json",)):
            assert main(["site", site, "--city", str(town.folder), "--as-of", AS_OF.isoformat(), *form]) == 0
            assert (office in capsys.readouterr().out) == (site == "prato-grande")


def test_a_document_tells_the_contact_under_a_consent_only(town):
    known = territory(town, lake_of(town))
    told = contacts(town.folder / "facts")
    for site, office in _SECRETS.items():
        for say in map(Translator, ("en", "it")):
            content = site_content(known, site, say, AS_OF, told)
            assert (office in str(content)) == (site == "prato-grande")
            assert say(site_sheet(known, site, AS_OF).consent.words) in str(content)
            assert typesetter.pdf(content, AS_OF).startswith(b"%PDF-")
            assert office not in str(site_content(known, site, say, AS_OF))


def test_a_consent_that_ran_out_hides_the_contact_again(town):
    known = territory(town, lake_of(town))
    told = contacts(town.folder / "facts")
    assert site_sheet(known, "prato-grande", date(2027, 1, 10), told).contact
    assert site_sheet(known, "prato-grande", date(2027, 1, 11), told).contact is None


def test_the_sheet_keeps_what_another_register_wrote_and_what_holds_no_longer(town, sheets):
    text = _page(town, "en", "filanda")
    assert "In the register, PlanningStatus: “Permissioned”" in text
    assert "superseded in later.csv" in text
    assert "<dt>Ward</dt>" in text
    assert [line.found.is_known for line in sheets["filanda"].lines if line.name == "area"] == [False]


def test_alarms_tell_what_is_old_since_when_and_whom_to_ask(town):
    known = territory(town, lake_of(town))
    found = alarms(known.sites, town.settings, AS_OF)
    assert {(one.site.id, one.about) for one in found} == {
        ("prato-grande", Ageing.CONSENT_ENDS_SOON),
        ("filanda", Ageing.CONSENT_EXPIRED),
        ("filanda", Ageing.VERIFICATION),
        ("scalo", Ageing.NEVER_VERIFIED),
        ("bosco", Ageing.NEVER_VERIFIED),
        ("bosco", Ageing.STATUS_UNKNOWN),
    }
    by = {(one.site.id, one.about): one for one in found}
    assert by["filanda", Ageing.VERIFICATION].months == 46
    assert by["prato-grande", Ageing.CONSENT_ENDS_SOON].ask.partner.id == "town-hall"
    assert by["bosco", Ageing.STATUS_UNKNOWN].ask.partner.id == "valley-agency"
    assert found[0].about is Ageing.CONSENT_ENDS_SOON
    later = alarms(known.sites, town.settings, date(2027, 12, 1))
    assert ("scalo", Ageing.STATUS) in {(one.site.id, one.about) for one in later}


def test_the_officer_reads_the_alarms_in_the_terminal(town, capsys):
    asked = ["sites", "check", "--city", str(town.folder), "--as-of", AS_OF.isoformat()]
    assert main(asked) == 1
    assert "ran out" in capsys.readouterr().out
    assert main([*asked, "--json", "--lang", "it"]) == 1
    assert len(json.loads(capsys.readouterr().out)["alarms"]) == 6
