"""The server: one process or several, on one port."""

from __future__ import annotations

import mimetypes
import multiprocessing
import os
import socket  # noqa: TID251 - only to see whether our own port is free
from pathlib import Path

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from portico.errors import UsageError
from portico.web.assets import assets
from portico.web.served import CITY


def run(folder: Path, *, host: str, port: int, workers: int) -> None:
    """Serve the city in ``folder`` until interrupted. Raises UsageError for a port that is in use."""
    assets()
    _refuse_taken(host, port)
    os.environ[CITY] = str(folder)
    mimetypes.add_type("text/javascript", ".mjs")
    multiprocessing.set_start_method("spawn", force=True)
    Granian(
        "portico.web.app:from_environment",
        address=host,
        port=port,
        workers=workers,
        interface=Interfaces.ASGI,
        factory=True,
        log_level=LogLevels.warning,
        websockets=False,
    ).serve()


def _refuse_taken(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            raise UsageError("port-in-use", port=str(port), free=str(_free(host, family))) from error


def _free(host: str, family: socket.AddressFamily) -> int:
    with socket.socket(family) as probe:
        try:
            probe.bind((host, 0))
        except OSError:
            return 0
        return int(probe.getsockname()[1])
