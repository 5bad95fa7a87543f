"""A server on this machine that plays every part, good and bad, for the tests of what is fetched."""

from __future__ import annotations

import random
import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

BODY = random.Random(3).randbytes(300_000)
MODIFIED = "Mon, 02 Nov 2026 10:00:00 GMT"


@dataclass
class Asked:
    """One request as it came."""

    target: str
    headers: dict[str, str]


@dataclass
class Server:
    """Answers each path as the test says: a list of parts, each bytes to send or something to do."""

    port: int
    pages: dict[str, list] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    leaving: threading.Event = field(default_factory=threading.Event)

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def page(self, path: str, *answers: list) -> str:
        """Let the first request for ``path`` get the first of ``answers``, and so on; the last stays."""
        self.pages[path] = list(answers)
        return self.url(path)

    def parts(self, asked: Asked) -> list:
        waiting = self.pages.get(asked.target.partition("?")[0])
        if waiting is None:
            return reply(b"none", status="404 Not Found")
        found = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        return found(asked) if callable(found) else found


def reply(body: bytes = b"", status: str = "200 OK", *, length: int | None = None, **headers: str) -> list:
    named = {"Content-Length": str(len(body) if length is None else length), "Connection": "close"}
    named |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in named.items())
    return [f"HTTP/1.1 {status}\r\n{lines}\r\n".encode("latin-1"), body]


def chunked(parts: list, **headers: str) -> list:
    named = {"Transfer-Encoding": "chunked", "Connection": "close"}
    named |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in named.items())
    framed = [one if callable(one) else b"%x\r\n%s\r\n" % (len(one), one) for one in parts]
    return [f"HTTP/1.1 200 OK\r\n{lines}\r\n".encode(), *framed, b"0\r\n\r\n"]


def ranged(asked: Asked, *, etag: str = '"one"', body: bytes = BODY) -> list:
    """What an honest server says to a wish for the rest."""
    wish = re.fullmatch(r"bytes=(\d+)-", asked.headers.get("range", ""))
    if not wish or asked.headers.get("if-range") not in (etag, MODIFIED):
        return reply(body, ETag=etag)
    start = int(wish[1])
    span = f"bytes {start}-{len(body) - 1}/{len(body)}"
    return reply(body[start:], "206 Partial Content", ETag=etag, Content_Range=span)


def leading(location: str, status: str = "302 Found") -> list:
    return reply(b"elsewhere", status, Location=location)


def broken(sent: int = 100_000, body: bytes = BODY, **headers: str) -> list:
    """All of the head, a part of the body, then nothing more."""
    return reply(body[:sent], length=len(body), **({"ETag": '"one"'} | headers))


@contextmanager
def listening() -> Iterator[Server]:
    """A server on this machine, for as long as the block lasts."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self):
            first = self.rfile.readline().decode("latin-1").split()
            if len(first) != 3 or not first[2].startswith("HTTP/"):
                return
            headers = {}
            while (line := self.rfile.readline().decode("latin-1").strip()) != "":
                name, _, value = line.partition(":")
                headers[name.lower()] = value.strip()
            asked = Asked(first[1], headers)
            known.asked.append(asked)
            try:
                for part in known.parts(asked):
                    if known.leaving.is_set():
                        return
                    if callable(part):
                        part()
                    else:
                        self.wfile.write(part)
            except OSError:  # whom we bored has left
                return

    class Threaded(socketserver.ThreadingTCPServer):
        allow_reuse_address = True
        daemon_threads = True

    with Threaded(("127.0.0.1", 0), Handler) as server:
        known = Server(server.server_address[1])
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        try:
            yield known
        finally:
            known.leaving.set()
            server.shutdown()
