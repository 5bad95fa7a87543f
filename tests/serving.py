"""A portal served for tests: its own process, its own port."""

from __future__ import annotations

import http.client
import json
import re
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.commands import PORTICO, environment

FORM = "application/x-www-form-urlencoded"
_PATIENCE_S = 40


def seen(page: str) -> str:
    """What a page says in its main part, without its markup."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page.partition("<main")[2])))


@dataclass(frozen=True)
class Answer:
    """What the server said."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Served:
    """A served city."""

    port: int
    folder: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def get(self, path: str, method: str = "GET", **headers: str) -> Answer:
        return self._asked(method, path, None, headers)

    def send(self, path: str, body: Mapping[str, Any] | bytes, kind: str = FORM) -> Answer:
        """Post the fields of a form, or bytes of any kind as they are."""
        raw = body if isinstance(body, bytes) else urlencode(body, doseq=True).encode()
        return self._asked("POST", path, raw, {"content-type": kind})

    def _asked(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            connection.request(method, path, body=body, headers=dict(headers))
            response = connection.getresponse()
            named = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, named, response.read())
        finally:
            connection.close()


@contextmanager
def served(folder: Path) -> Iterator[Served]:
    """Serve the built city in ``folder`` until the test is done."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = folder.parent / f"served-{port}.log"
    with log.open("wb") as said:
        server = subprocess.Popen(
            [*PORTICO, "serve", "--city", str(folder), "--port", str(port)],
            cwd=folder, env=environment(), stdout=said, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            _wait(port, server, log)
            yield Served(port, folder)
        finally:
            server.terminate()
            server.wait(timeout=20)


def _wait(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + _PATIENCE_S
    while time.monotonic() < until:
        assert server.poll() is None, log.read_text()
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError(log.read_text())
