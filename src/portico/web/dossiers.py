"""Dossiers to take away: of a site, and of the answer to a brief, as PDF or as a workbook."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from datetime import date
from typing import Any, Literal

from litestar import MediaType, Request, Response, get

from portico.city.consent import contact_of, contacts
from portico.city.opening import FACTS
from portico.dossier.handing_over import MEDIA_TYPES, Form, Handed, shortlist_file, site_file
from portico.errors import StateError
from portico.web.answered import answered, brief_asked
from portico.web.downloads import disposition
from portico.web.html import speak
from portico.web.portal import Portal
from portico.web.threads import threaded

# Setting a document takes a core for a while: what is asked for beyond these waits, then is told to come again.
_AT_ONCE = threading.BoundedSemaphore(2)
_PATIENCE_S = 20.0
_NOT_MODIFIED = 304
Language = Literal["en", "it"]
# A browser shows a document inside a page of its own, and nothing else may come into it.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'none'; base-uri 'none'"


@get("/{language:str}/sites/{identifier:str}/dossier.pdf", sync_to_thread=True, include_in_schema=False)
def site_dossier(
    request: Request[Any, Any, Any], language: str, identifier: str, portal: Portal, as_of: date | None = None
) -> Response[bytes]:
    """Return the dossier of a site."""
    return _site(request, language, portal, identifier, as_of)


@get(["/{language:str}/briefs/{name:str}/dossier.pdf", "/{language:str}/brief/dossier.pdf"], include_in_schema=False)
@threaded
def brief_dossier(
    request: Request[Any, Any, Any],
    language: str,
    portal: Portal,
    name: str = "",
    b: str = "",
    as_of: date | None = None,
    w: list[str] | None = None,
) -> Response[bytes]:
    """Return the dossier of a brief's answer, the city's or in the address (``b``); ``w``: other weights."""
    return _shortlist(request, language, portal, (name, b), (as_of, w), "pdf")


@get(["/{language:str}/briefs/{name:str}/dossier.xlsx", "/{language:str}/brief/dossier.xlsx"], include_in_schema=False)
@threaded
def brief_workbook(
    request: Request[Any, Any, Any],
    language: str,
    portal: Portal,
    name: str = "",
    b: str = "",
    as_of: date | None = None,
    w: list[str] | None = None,
) -> Response[bytes]:
    """Return the answer to a brief as a workbook."""
    return _shortlist(request, language, portal, (name, b), (as_of, w), "xlsx")


@get("/api/sites/{identifier:str}/dossier.pdf", sync_to_thread=True, media_type=MEDIA_TYPES["pdf"])
def site_dossier_api(
    request: Request[Any, Any, Any],
    identifier: str,
    portal: Portal,
    lang: Language = "en",
    as_of: date | None = None,
) -> Response[bytes]:
    """Return the dossier of a site (PDF/UA)."""
    return _site(request, lang, portal, identifier, as_of)


@get(["/api/match/{name:str}/dossier.pdf", "/api/match/dossier.pdf"], media_type=MEDIA_TYPES["pdf"])
@threaded
def brief_dossier_api(
    request: Request[Any, Any, Any],
    portal: Portal,
    name: str = "",
    b: str = "",
    lang: Language = "en",
    as_of: date | None = None,
    w: list[str] | None = None,
) -> Response[bytes]:
    """Return the dossier (PDF/UA) of a brief's answer, the city's or in the address (``b``); ``w``: other weights."""
    return _shortlist(request, lang, portal, (name, b), (as_of, w), "pdf")


@get(["/api/match/{name:str}/dossier.xlsx", "/api/match/dossier.xlsx"], media_type=MEDIA_TYPES["xlsx"])
@threaded
def brief_workbook_api(
    request: Request[Any, Any, Any],
    portal: Portal,
    name: str = "",
    b: str = "",
    lang: Language = "en",
    as_of: date | None = None,
    w: list[str] | None = None,
) -> Response[bytes]:
    """Return the answer to a brief, the city's or in the address (``b``), as a workbook; ``w``: other weights."""
    return _shortlist(request, lang, portal, (name, b), (as_of, w), "xlsx")


def _site(
    request: Request[Any, Any, Any], language: str, portal: Portal, identifier: str, as_of: date | None
) -> Response[bytes]:
    say, day = speak(language), as_of or portal.today()
    known = portal.territory
    site = known.site(identifier)
    kept = contacts(portal.city.folder / FACTS)
    key = ("dossier", site.id, day, language, contact_of(site, kept, day))
    return answer_with(
        request, portal.asked(key, lambda: few(lambda: site_file(known, site.id, say, day, kept))), "pdf"
    )


def _shortlist(
    request: Request[Any, Any, Any],
    language: str,
    portal: Portal,
    named: tuple[str, str],
    asked: tuple[date | None, list[str] | None],
    form: Form,
) -> Response[bytes]:
    say, known = speak(language), portal.territory
    found = answered(portal, brief_asked(portal, *named), *asked)
    key = ("dossier", form, language, *found.key)
    handed = portal.asked(key, lambda: few(lambda: shortlist_file(found.answer, known, say, form)))
    return answer_with(request, handed, form)


def few(make: Callable[[], Handed]) -> Handed:
    """Return what ``make`` gives, a few at a time. Raises StateError where too many ask at once."""
    if not _AT_ONCE.acquire(timeout=_PATIENCE_S):
        raise StateError("download-busy")
    try:
        return make()
    finally:
        _AT_ONCE.release()


def answer_with(request: Request[Any, Any, Any], handed: Handed, form: Form) -> Response[bytes]:
    """Return a document that was made, or that the one the visitor has is still the same."""
    headers = {
        "etag": f'"{hashlib.sha256(handed.content).hexdigest()[:24]}"',
        "cache-control": "no-cache",
        "content-disposition": disposition(handed.name, "inline" if form == "pdf" else "attachment"),
        "content-security-policy": _POLICY,
    }
    if headers["etag"] in request.headers.get("if-none-match", ""):
        return Response(b"", status_code=_NOT_MODIFIED, headers=headers, media_type=MediaType.TEXT)
    return Response(handed.content, headers=headers, media_type=MEDIA_TYPES[form])


DOSSIER_API = [site_dossier_api, brief_dossier_api, brief_workbook_api]
DOSSIERS = [site_dossier, brief_dossier, brief_workbook]
