"""Pages at the server, over loopback, beside a file of some 100 kB from the same server."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.client import HTTPConnection
from pathlib import Path

from benchmarks.measure import Result, median_s

PAGES = ("/it/", "/it/briefs/battery-module-plant", "/en/sites/scarmagno", "/en/sites", "/en/data/sites")
REFERENCE = "/static/sprites.svg"
_PATIENCE_S = 30


@contextmanager
def served(city: Path) -> Iterator[HTTPConnection]:
    """Serve ``city`` on a free port and yield a connection to it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = (sys.executable, "-m", "portico", "serve", "--city", str(city), "--port", str(port))
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield _connection(port)
    finally:
        server.terminate()
        server.wait(timeout=10)


def _connection(port: int) -> HTTPConnection:
    until = time.monotonic() + _PATIENCE_S
    while True:
        connection = HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            connection.connect()
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
        else:
            return connection


def fetch(connection: HTTPConnection, path: str) -> None:
    """Get ``path`` whole."""
    connection.request("GET", path)
    response = connection.getresponse()
    response.read()
    if response.status != 200:
        raise RuntimeError(f"{path}: {response.status}")


def page_times(folder: Path) -> Iterator[Result]:
    """Time each page beside the reference file: the first time it is asked for, then the median of many."""
    with served(folder / "demo") as connection:
        reference = median_s(lambda: fetch(connection, REFERENCE), 50, warm=5)
        for path in PAGES:
            first = median_s(partial(fetch, connection, path), 1, warm=0)
            yield Result(f"{path} (first)", first, "static file", reference, "–")
            again = median_s(partial(fetch, connection, path), 50)
            yield Result(path, again, "static file", reference, "under 30 ms")
