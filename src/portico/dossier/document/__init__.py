"""Dossiers as PDF for everybody (PDF/UA-1): of a site, and of the answer to a brief.

Python puts the content together as plain data (``site``, ``shortlist``), one template sets it (``typesetter``).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from portico.city.consent import Contact
from portico.dossier.document.shortlist import shortlist_content
from portico.dossier.document.site import site_content
from portico.dossier.document.typesetter import pdf
from portico.match.model import Shortlist
from portico.territory.layers import Territory
from portico.translation import Translator

__all__ = ["shortlist_content", "shortlist_pdf", "site_content", "site_pdf"]
_NO_CONTACTS: Mapping[str, Contact] = {}


def site_pdf(
    territory: Territory, identifier: str, say: Translator, as_of: date, contacts: Mapping[str, Contact] = _NO_CONTACTS
) -> bytes:
    """Return the dossier of a site on ``as_of``, in the language of ``say``.

    ``contacts`` are those that the city keeps to itself; one is printed only under the owner's consent.
    Raises UnknownNameError for an unknown site, EngineError where the typesetter refuses.
    """
    return pdf(site_content(territory, identifier, say, as_of, contacts), as_of)


def shortlist_pdf(answer: Shortlist, territory: Territory, say: Translator) -> bytes:
    """Return the dossier of the answer to a brief, in the language of ``say``. Raises EngineError like ``site_pdf``."""
    return pdf(shortlist_content(answer, territory, say), answer.as_of)
