"""Permits for programs: the plan of a project, what is still to be asked, the procedures as public services."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from litestar import Request, Response, get, post
from litestar.concurrency import sync_to_thread

from portico.match.json_document import read_json
from portico.permits.answers import check
from portico.permits.exchange.cpsv import services as as_services
from portico.permits.kept import pack_of
from portico.web.permits_asked import sent
from portico.web.permits_made import Made, made, made_of
from portico.web.permits_reforms import REFORM_API
from portico.web.portal import Portal
from portico.web.rendering import translator

Language = Literal["en", "it"]
_JSON_LD = "application/ld+json"


# Of two handlers that share a path the one that receives waits itself and stands first: see ``briefs``.
@post("/api/permits/plan", status_code=200)
async def plan_sent(portal: Portal, body: bytes, lang: Language = "en") -> dict[str, Any]:
    """Return the plan of the project in the body: JSON with ``name``, ``site``, ``filed`` and ``answers``."""

    def answer() -> dict[str, Any]:
        pack = pack_of(portal.city.folder)
        return made_of(portal, pack, check(read_json(body, "body"), pack)).plain(translator(lang))

    return await sync_to_thread(answer)


@get("/api/permits/plan", sync_to_thread=True)
def plan(
    request: Request[Any, Any, Any],
    portal: Portal,
    lang: Language = "en",
    project: str = "",
    site: str = "",
    filed: str = "",
) -> dict[str, Any]:
    """Return the plan of a project: one of the city's (``project``), answers (``a-NAME=VALUE``), a ``site``, a day."""
    _ = project, site, filed  # read with the answers, whose names the rules of the city decide
    return made(portal, sent(request.scope["query_string"]).asked).plain(translator(lang))


@get("/api/permits/questions", sync_to_thread=True)
def questions(
    request: Request[Any, Any, Any],
    portal: Portal,
    lang: Language = "en",
    project: str = "",
    site: str = "",
    filed: str = "",
) -> dict[str, Any]:
    """Return what can still change the plan, what changes it most first; how many procedures, in how many days."""
    _ = project, site, filed
    one: Made = made(portal, sent(request.scope["query_string"]).asked)
    plain = one.plain(translator(lang))
    asked = {each.attribute.name for each in one.open}
    return {
        "questions": [each for each in plain["questions"] if each["attribute"] in asked],
        "counts": one.counts,
        "days": plain["days"],
        "answers": plain["answers"],
        "disclaimer": plain["disclaimer"],
        "pack": plain["pack"],
    }


@get("/api/permits/services", sync_to_thread=True)
def services(portal: Portal, filed: str = "") -> Response[dict[str, Any]]:
    """Return the procedures of the city's rules as public services (CPSV-AP 3.2.0, JSON-LD)."""
    day = sent(f"filed={filed}".encode("ascii", "replace")).asked.filed or portal.today()
    pack = pack_of(portal.city.folder)
    found = as_services(pack, f"urn:portico:permits:{portal.city.settings.id}:", portal.city.settings.name, day)
    return Response(found, media_type=_JSON_LD)


PERMIT_API: Sequence[Any] = (plan_sent, plan, questions, services, *REFORM_API)
