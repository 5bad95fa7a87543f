"""The application put together: routes, errors, headers, files."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import Any

from litestar import Litestar, Request, get
from litestar.datastructures import MutableScopeHeaders
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.static_files import create_static_files_router
from litestar.types import Message, Scope

from portico import __version__
from portico.errors import PorticoError
from portico.web.api import API
from portico.web.assets import STATIC, assets
from portico.web.pages import PAGES, warm
from portico.web.portal import Portal
from portico.web.problems import domain_problem, http_problem, unforeseen
from portico.web.served import CITY
from portico.web.tiles import tiles

_HEADERS = {
    "content-security-policy": (
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
        "worker-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "permissions-policy": "geolocation=(), camera=(), microphone=()",
}


class _Application(Litestar):
    """Answers HEAD wherever it answers GET: the same head, no body."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 - wider than the framework's
        """Answer one connection."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await super().__call__(scope, receive, send)
            return

        async def send_head(message: Message) -> None:
            await send(message | {"body": b""} if message["type"] == "http.response.body" else message)

        asked: Any = {**scope, "method": "GET"}
        await super().__call__(asked, receive, send_head)


@get("/api/openapi.json", sync_to_thread=False, include_in_schema=False)
def description(request: Request[Any, Any, Any]) -> dict[str, Any]:
    """Describe the API (OpenAPI 3.1). The framework's own route would answer every unknown address below it."""
    return request.app.openapi_schema.to_schema()


async def _guard(message: Message, _scope: Scope) -> None:
    """Put the guards on every answer, errors and files included."""
    if message["type"] == "http.response.start":
        headers = MutableScopeHeaders.from_message(message)
        for name, value in _HEADERS.items():
            headers.setdefault(name, value)


def application(folder: Path) -> Litestar:
    """Return the application that serves the city in ``folder``."""
    portal = Portal(folder)
    assets()

    return _Application(
        route_handlers=[
            *PAGES,
            *API,
            tiles,
            description,
            create_static_files_router("/static", [STATIC], cache_control=None, include_in_schema=False),
        ],
        dependencies={"portal": Provide(lambda: portal, sync_to_thread=False)},
        exception_handlers={PorticoError: domain_problem, HTTPException: http_problem, Exception: unforeseen},
        before_send=[_guard],
        on_startup=[partial(warm, portal)],
        openapi_config=OpenAPIConfig(
            title="portico",
            version=__version__,
            path="/api/openapi",
            render_plugins=[JsonRenderPlugin(path="/openapi.json")],
        ),
        request_max_body_size=1_000_000,
        debug=False,
        logging_config=None,
    )


def from_environment() -> Litestar:
    """Return the application of a server's worker; the folder comes by the environment that ``run`` set."""
    return application(Path(os.environ[CITY]))
