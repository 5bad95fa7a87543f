"""The application put together: routes, errors, headers, files."""

from __future__ import annotations

import os
from pathlib import Path

from litestar import Litestar, Response
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.static_files import create_static_files_router

from portico import __version__
from portico.errors import PorticoError
from portico.web.api import API
from portico.web.assets import STATIC, assets
from portico.web.pages import PAGES
from portico.web.portal import Portal
from portico.web.problems import domain_problem, http_problem, unforeseen

CITY = "PORTICO_SERVED_CITY"
_HEADERS = {
    "content-security-policy": (
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
        "worker-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "permissions-policy": "geolocation=(), camera=(), microphone=()",
}


def application(folder: Path) -> Litestar:
    """Return the application that serves the city in ``folder``."""
    portal = Portal(folder)
    assets()

    def guard(response: Response[object]) -> Response[object]:
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    return Litestar(
        route_handlers=[
            *PAGES,
            *API,
            create_static_files_router("/static", [STATIC], cache_control=None, include_in_schema=False),
        ],
        dependencies={"portal": Provide(lambda: portal, sync_to_thread=False)},
        exception_handlers={PorticoError: domain_problem, HTTPException: http_problem, Exception: unforeseen},
        after_request=guard,
        on_startup=[portal.warm],
        openapi_config=OpenAPIConfig(
            title="portico", version=__version__, path="/api", render_plugins=[JsonRenderPlugin(path="/openapi.json")]
        ),
        request_max_body_size=1_000_000,
        debug=False,
        logging_config=None,
    )


def from_environment() -> Litestar:
    """Return the application of a server's worker; the folder comes by the environment that ``run`` set."""
    return application(Path(os.environ[CITY]))
