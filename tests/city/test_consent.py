"""Consent is dated and runs out; a contact is told under a consent alone, and never leaves the folder."""

from __future__ import annotations

from datetime import date

import pytest
from tests.cities import AS_OF, AT, csv_text

from portico import city
from portico.build import build, lake_of
from portico.city.consent import ConsentState, consent, contact_of, contacts
from portico.city.model import Uncertainty
from portico.city.register import register
from portico.figures import Evidence
from portico.lake.queries import heads

_ROW = {"source": "owner's letter", "checked": "2026-11-01", "confidence": "verified"}


def _site(*stated):
    rows = [
        {"id": f"a{number}", "site": "mill", "attribute": name, "value": value, "as_of": day}
        for number, (name, value, day) in enumerate(stated)
    ]
    [site] = register([{"id": "mill", "name": "Mill"}], rows, lambda *_: Evidence(), Uncertainty())
    return site


@pytest.mark.parametrize(
    ("stated", "state"),
    [
        ((), ConsentState.NOT_ASKED),
        ((("consent", "given", "2026-01-10"),), ConsentState.GIVEN),
        ((("consent", "given", None),), ConsentState.UNDATED),
        ((("consent", "given", "2027-01-10"),), ConsentState.NOT_ASKED),
        ((("consent", "given", "2026-01-10"), ("consent", "withdrawn", "2026-06-01")), ConsentState.WITHDRAWN),
        ((("consent", "refused", "2025-01-10"), ("consent", "given", "2026-06-01")), ConsentState.GIVEN),
        ((("consent", "given", "2026-01-10"), ("consent-until", "2026-11-22", "2026-01-10")), ConsentState.EXPIRED),
        ((("consent", "given", "2026-01-10"), ("consent-until", "2026-11-23", "2026-01-10")), ConsentState.GIVEN),
        ((("consent", "given", "2026-01-10"), ("consent-until", "2026-10", None)), ConsentState.EXPIRED),
        # The end of an earlier consent is not that of the newer one.
        (
            (
                ("consent", "given", "2024-01-10"),
                ("consent-until", "2025-01-10", "2024-01-10"),
                ("consent", "given", "2026-01-10"),
            ),
            ConsentState.GIVEN,
        ),
    ],
)
def test_a_consent_counts_from_its_day_until_it_runs_out(stated, state):
    found = consent(_site(*stated), AS_OF)
    assert found.state is state
    assert found.is_given == (state is ConsentState.GIVEN)


def test_a_consent_says_who_gave_it_and_who_reported_the_site():
    site = _site(
        ("reported-by", "owner", "2026"),
        ("consent", "given", "2026-01-10"),
        ("consent-by", "Mills Ltd", "2026-01-10"),
        ("consent-until", "2027", "2026-01-10"),
    )
    found = consent(site, AS_OF)
    assert (found.by, found.reported_by, found.until.text) == ("Mills Ltd", "owner", "2027")
    assert found.words.id == "owner.given-until"
    assert consent(_site(), AS_OF).words.id == "owner.not-asked"


CONTACTS = (
    {"id": "c1", "site": "prato-grande", "name": "Anna Prova", "email": "anna@example.org", **_ROW},
    {"id": "c2", "site": "filanda", "office": "Estates", "phone": "+43 1 234", **_ROW},
    {"id": "c3", "site": "cava", "name": "Gone", "until": "2025-01-01", "until_reason": "left", **_ROW},
)


def _with_contacts(folder, *attributes):
    (folder / "facts" / "site_contacts.csv").write_text(csv_text("site_contacts", CONTACTS), "utf-8")
    path = folder / "facts" / "site_attributes.csv"
    rows = [
        {"id": f"x{n}", "site": s, "attribute": a, "value": v, "as_of": d, **_ROW}
        for n, (s, a, v, d) in enumerate(attributes)
    ]
    with path.open("a", encoding="utf-8", newline="") as file:
        file.write(csv_text("site_attributes", rows).split("\n", 1)[1])
    return city.open(folder)


def test_a_contact_is_told_under_a_consent_only(tiny_city):
    opened = _with_contacts(tiny_city, ("prato-grande", "consent", "given", "2026-10-01"))
    assert opened.findings(AS_OF) == ()
    build(opened, as_of=AS_OF, at=AT)
    known = contacts(opened.folder / "facts")
    assert set(known) == {"prato-grande", "filanda"}
    site = _site(("consent", "given", "2026-01-10"), ("consent-until", "2026-12-31", "2026-01-10"))
    assert contact_of(site, {"mill": known["filanda"]}, AS_OF).parts == ("Estates", "+43 1 234")
    assert contact_of(site, {"mill": known["filanda"]}, date(2027, 1, 1)) is None
    assert "site_contacts" not in heads(lake_of(opened))
    kept = b"".join(path.read_bytes() for path in (opened.folder / ".portico").rglob("*") if path.is_file())
    assert b"anna@example.org" not in kept
    opened.database.close()


def test_a_site_its_owner_submitted_needs_a_dated_consent(tiny_city):
    opened = _with_contacts(
        tiny_city, ("filanda", "reported-by", "owner", "2026-10-01"), ("filanda", "consent", "given", "")
    )
    [found] = opened.findings(AS_OF)
    assert (found.kind, found.place.file, found.place.row) == ("owner-without-consent", "facts/site_attributes.csv", 16)


def test_an_end_needs_a_reason(tiny_city):
    path = tiny_city / "facts" / "site_attributes.csv"
    path.write_text(path.read_text("utf-8").replace(",,,,\n", ",2026-01-01,,,\n", 1), "utf-8")
    kinds = [one.kind for one in city.open(tiny_city).findings(AS_OF)]
    assert "ended-without-reason" in kinds
