"""One question to one server. Every connection is made here, to an address that was checked, within the time left.

The name of a host is looked up once for each connection; the addresses found are judged, and the socket is opened to
one of exactly these. The header Host, the name in TLS and the certificate's name stay the host's. This module imports
the HTTP engine: it is imported when something is fetched, not before.
"""

from __future__ import annotations

import ipaddress
import queue
import socket  # noqa: TID251 - the one way out
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import certifi
import httpcore

from portico import __version__
from portico.errors import InputError, StateError
from portico.fetch.addresses import Address, Standing, host_name, standing
from portico.fetch.model import FetchLimits

Resolver = Callable[[str, int], Sequence[str]]
_TRIED_ADDRESSES = 4
_NOWHERE = (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME))


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server says: status, headers by lower-case name, and the body as sent, to be read while it is open."""

    status: int
    headers: Mapping[str, str]
    chunks: Iterator[bytes]


@dataclass(frozen=True, slots=True)
class Way:
    """How the network is reached: limits, who looks names up, whom TLS trusts, how many seconds are left."""

    limits: FetchLimits
    resolve: Resolver
    tls: Callable[[], ssl.SSLContext]
    left: Callable[[], float]

    @contextmanager
    def ask(self, address: Address, headers: Mapping[str, str]) -> Iterator[Answer]:
        """Send one request for ``address``; give the answer, open. No cookie, proxy, redirect or second try.

        Raises InputError for a host that must not be reached, StateError for all that may pass by itself.
        """
        said = {"Host": address.authority, "User-Agent": f"portico/{__version__}", "Accept": "*/*", **headers}
        url = httpcore.URL(
            scheme=address.scheme.encode(),
            host=address.host.encode(),
            port=address.port,
            target=address.target.encode(),
        )
        limits, tls = self.limits, self.tls() if address.scheme == "https" else None
        patience = {"connect": limits.connect_s, "read": limits.read_s, "write": limits.read_s}
        with (
            self._translated(address.host),
            httpcore.ConnectionPool(
                ssl_context=tls, network_backend=_Guarded(self), max_connections=1, max_keepalive_connections=0
            ) as pool,
            pool.stream("GET", url, headers=list(said.items()), extensions={"timeout": patience}) as response,
        ):
            yield Answer(response.status, _headers(response.headers), response.iter_stream())

    @contextmanager
    def _translated(self, host: str) -> Iterator[None]:
        """Turn the engine's errors into ours."""
        try:
            yield
        except httpcore.TimeoutException as error:
            self.refuse_late(host)
            raise StateError("fetch-timeout", host=host) from error
        except httpcore.ConnectError as error:
            raise StateError("fetch-unreachable", host=host, detail=_words(error)) from error
        except (httpcore.NetworkError, httpcore.ProtocolError) as error:
            raise StateError("fetch-interrupted", host=host, detail=_words(error)) from error

    def refuse_late(self, host: str) -> None:
        """Raise StateError where no time is left."""
        if self.left() <= 0:
            raise StateError("fetch-out-of-time", host=host, seconds=self.limits.total_s)


class _Guarded(httpcore.NetworkBackend):
    """Opens sockets to checked addresses, and no others."""

    def __init__(self, way: Way) -> None:
        self._way = way
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        failed: httpcore.ConnectError | httpcore.ConnectTimeout | None = None
        for address in self._checked(host, port)[:_TRIED_ADDRESSES]:
            seconds = _within(timeout, self._way.left(), httpcore.ConnectTimeout)
            try:
                stream = self._sockets.connect_tcp(address, port, seconds, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
            else:
                return _Timed(stream, self._way, host)
        raise failed or httpcore.ConnectError("no address")

    def connect_unix_socket(self, *_: object, **__: object) -> NoReturn:
        raise httpcore.ConnectError("not over the network")

    def _checked(self, host: str, port: int) -> list[str]:
        """Return the addresses of ``host``; raise InputError where one of them must not be reached.

        One refused address refuses the host: a public name that also leads inside is not trusted with either.
        """
        way = self._way
        seconds = _within(way.limits.connect_s, way.left(), httpcore.ConnectTimeout)
        found = _looked_up(way.resolve, host, port, seconds)
        allowed = host in {_host_or_nothing(name) for name in way.limits.allow_private}
        for text in found:
            stands = standing(ipaddress.ip_address(text))
            if stands is Standing.NEVER or (stands is Standing.PRIVATE and not allowed):
                raise InputError("fetch-refused-address", host=host, address=text)
        return found


class _Timed(httpcore.NetworkStream):
    """A stream on which no single wait is longer than the time left for everything."""

    def __init__(self, stream: httpcore.NetworkStream, way: Way, host: str) -> None:
        self._stream = stream
        self._way = way
        self._host = host

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _within(timeout, self._way.left(), httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _within(timeout, self._way.left(), httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        seconds = _within(timeout, self._way.left(), httpcore.ConnectTimeout)
        try:
            return _Timed(self._stream.start_tls(ssl_context, server_hostname, seconds), self._way, self._host)
        except httpcore.ConnectError as error:
            if isinstance(error.__cause__, ssl.SSLCertVerificationError):
                reason = error.__cause__.verify_message
                raise InputError("fetch-certificate", host=self._host, detail=reason) from error
            raise

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - the engine's own signature
        return self._stream.get_extra_info(info)


def system_resolve(host: str, port: int) -> list[str]:
    """Return the IP addresses that this machine's resolver knows for ``host``, in its order of preference."""
    found = socket.getaddrinfo(host.encode("ascii"), port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(place[4][0]) for place in found))


def trusted() -> ssl.SSLContext:
    """Return a TLS context that verifies names and certificates by the system's store, else by certifi's."""
    context = ssl.create_default_context()
    paths = ssl.get_default_verify_paths()
    if not paths.cafile and not (paths.capath and any(Path(paths.capath).iterdir())):
        context.load_verify_locations(certifi.where())
    return context


def _looked_up(resolve: Resolver, host: str, port: int, seconds: float) -> list[str]:
    """Look ``host`` up, for no longer than ``seconds``: the system's resolver knows no limit of its own."""
    answers: queue.SimpleQueue[list[str] | OSError] = queue.SimpleQueue()

    def look() -> None:
        try:
            answers.put(list(resolve(host, port)))
        except OSError as error:
            answers.put(error)

    threading.Thread(target=look, name="portico-look-up", daemon=True).start()
    try:
        found = answers.get(timeout=seconds)
    except queue.Empty as error:
        raise httpcore.ConnectTimeout("look-up") from error
    if isinstance(found, socket.gaierror) and found.errno in _NOWHERE:
        raise InputError("fetch-unknown-host", host=host) from found
    if isinstance(found, OSError):
        raise httpcore.ConnectError(found.strerror or str(found)) from found
    return found


def _words(error: Exception) -> str:
    return str(error) or type(error).__name__


def _within(timeout: float | None, left: float, late: type[httpcore.TimeoutException]) -> float:
    if left <= 0:
        raise late("no time left")
    return left if timeout is None else min(timeout, left)


def _headers(raw: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Return headers by lower-case name; the first of several wins. Bytes are UTF-8 where they can be, else Latin-1."""
    said: dict[str, str] = {}
    for name, value in raw:
        try:
            text = value.decode("utf-8")
        except UnicodeDecodeError:
            text = value.decode("latin-1")
        said.setdefault(name.decode("latin-1").lower(), text)
    return said


def _host_or_nothing(name: str) -> str:
    try:
        return host_name(name)
    except ValueError:
        return ""
