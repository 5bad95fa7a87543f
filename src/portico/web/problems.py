"""Errors at the door: a page for people, a problem document (RFC 9457) for programs."""

from __future__ import annotations

import logging
from typing import Any

from litestar import MediaType, Request, Response
from litestar.exceptions import HTTPException

from portico.dossier import plain
from portico.errors import PorticoError, RejectedError
from portico.messages import Message
from portico.translation import LANGUAGES
from portico.web.rendering import page, translator

_LOG = logging.getLogger("portico.web")
_SPOKEN = (400, 404, 405, 413)
_HEADINGS = {404: "page.not-found", 500: "page.failed"}
_PROBLEM = "application/problem+json"


def language_of(request: Request[Any, Any, Any]) -> str:
    """Return the language of an address, else the visitor's first that we speak, else Italian (English to programs)."""
    first = request.url.path.strip("/").partition("/")[0]
    asked = request.query_params.get("lang", "")
    for language in (first, asked):
        if language in LANGUAGES:
            return language
    for part in request.headers.get("accept-language", "").split(","):
        language = part.partition(";")[0].strip().lower()[:2]
        if language in LANGUAGES:
            return language
    return LANGUAGES[0] if first == "api" else LANGUAGES[-1]


def domain_problem(request: Request[Any, Any, Any], error: PorticoError) -> Response[object]:
    """Answer an error of ours."""
    say = translator(language_of(request))
    faults = plain.findings(error.findings, say) if isinstance(error, RejectedError) else []
    return _answer(request, error.http_status, error.message_id, say(Message.of(error)), faults)


def http_problem(request: Request[Any, Any, Any], error: HTTPException) -> Response[object]:
    """Answer an error of the protocol: an address nobody knows, a method not allowed, a parameter of the wrong form."""
    say = translator(language_of(request))
    sentence = say(Message(f"http.{error.status_code}" if error.status_code in _SPOKEN else "page.error"))
    if names := _unread(error):
        sentence = say(Message("http.parameters", {"names": names}))
    return _answer(request, error.status_code, f"http-{error.status_code}", sentence, [])


def _unread(error: HTTPException) -> str:
    """Return the names of the parameters of the address that could not be read."""
    faults = error.extra if isinstance(error.extra, list) else []
    return ", ".join(sorted({str(one["key"]) for one in faults if isinstance(one, dict) and one.get("key")}))


def unforeseen(request: Request[Any, Any, Any], error: Exception) -> Response[object]:
    """Answer what nobody foresaw: recorded in full here, told without detail there."""
    _LOG.error("unforeseen error at %s", request.url.path, exc_info=error)
    say = translator(language_of(request))
    return _answer(request, 500, "unforeseen", say("page.error"), [])


def _answer(
    request: Request[Any, Any, Any], status: int, kind: str, sentence: str, faults: list[dict[str, object]]
) -> Response[object]:
    if request.url.path.startswith(("/api", "/static")):
        body = {"type": f"about:blank#{kind}", "title": kind, "status": status, "detail": sentence}
        return Response(body | ({"findings": faults} if faults else {}), status_code=status, media_type=_PROBLEM)
    say = translator(language_of(request))
    path = request.url.path.strip("/").partition("/")[2] + (f"?{request.url.query}" if request.url.query else "")
    html = page(
        "error.html", say, city=None, path=path, heading=_HEADINGS.get(status, "page.unanswered"), sentence=sentence
    )
    return Response(html, status_code=status, media_type=MediaType.HTML)
