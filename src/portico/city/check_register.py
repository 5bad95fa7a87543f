"""What is wrong with the register of sites as a register: consents that are none, ends without a reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from portico.city.facts import Facts, Row, iterate
from portico.messages import Finding, Message

_OWNER = "owner"
_GIVEN = "given"


def check_register(facts: Mapping[str, Facts]) -> Iterator[Finding]:
    """Yield a finding for each site that its owner submitted without a dated consent, and each end without a reason."""
    consenting = {
        row["site"]
        for _, row in _standing(facts)
        if row["attribute"] == "consent" and row["value"] == _GIVEN and row["as_of"] is not None
    }
    for index, row in _standing(facts):
        if row["attribute"] == "reported-by" and row["value"] == _OWNER and row["site"] not in consenting:
            place = facts["site_attributes"].place(index, "value")
            yield Finding(Message("owner-without-consent", {"site": row["site"]}), place, str(row["value"]))
    for name in ("site_attributes", "site_contacts"):
        for index, row in iterate(facts, name):
            if (row["until"] is None) != (row["until_reason"] is None):
                column = "until_reason" if row["until"] else "until"
                yield Finding(Message("ended-without-reason"), facts[name].place(index, column))


def _standing(facts: Mapping[str, Facts]) -> Iterator[tuple[int, Row]]:
    return ((index, row) for index, row in iterate(facts, "site_attributes") if row["until"] is None)
