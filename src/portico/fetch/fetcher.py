"""The fetch itself: ask, follow, write, and try again where that may help."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from portico.errors import InputError, StateError
from portico.fetch import addresses
from portico.fetch.addresses import Address
from portico.fetch.kept import KeptPart
from portico.fetch.model import Arrival, Fetched, FetchLimits, Known, Progress
from portico.fetch.names import file_name
from portico.fetch.part import Part

if TYPE_CHECKING:
    import ssl

    from portico.fetch.connection import Answer, Resolver, Way

_PASSING = frozenset({"fetch-timeout", "fetch-interrupted", "fetch-unreachable", "fetch-busy"})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_WHOLE = frozenset({200, 203})
_BUSY = frozenset({429, 502, 503, 504})
_NOT_MODIFIED, _PARTIAL, _RANGE_REFUSED, _SERVER = 304, 206, 416, 500
_HEADWAY_BYTES = 1 << 20
"""A try that brings so much more than any before is not counted: a long file on a poor line still arrives."""
_FIRST_WAIT_S, _LONGEST_BACKOFF_S = 0.5, 30.0
_ETAG = re.compile(r'(W/)?"[\x21\x23-\x7e]*"')


class Fetcher:
    """Fetches addresses within ``limits``. Keeps nothing between fetches; may be used by several threads."""

    def __init__(
        self,
        limits: FetchLimits | None = None,
        *,
        resolve: Resolver | None = None,
        tls: ssl.SSLContext | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        """Look names up by ``resolve``, trust by ``tls`` (this machine's, both, where not given).

        ``clock`` and ``sleep`` measure and spend seconds; ``chance``, 0 to 1, spreads the waits of many that failed at
        once.
        """
        self._limits = limits or FetchLimits()
        self._resolve = resolve
        self._tls = tls
        self._clock = clock
        self._sleep = sleep
        self._chance = chance

    def fetch(
        self,
        url: str,
        to: Path,
        *,
        at: str,
        known: Known | None = None,
        progress: Progress | None = None,
        keep_part: bool = False,
    ) -> Fetched:
        """Fetch ``url`` into the file ``to``, which is there whole or, after any error, as it was before.

        With what is ``known`` of an earlier fetch the server is asked whether anything changed; the same answer, or the
        same bytes, gives ``Arrival.UNCHANGED`` and no file. ``at`` (ISO 8601) is the time to write down. With
        ``keep_part`` what had come when a fetch was given up, interrupted or killed stays beside ``to``, and the next
        one goes on from there. Raises InputError for an address or answer that will not do, StateError where trying
        again later may help.
        """
        asked = addresses.read(url, allow_http=self._limits.allow_http)
        way = self._way()
        limit = self._limits.max_bytes
        with KeptPart(to, limit, asked.url) if keep_part else Part(to, limit) as part:
            tries, reached = 0, 0
            while True:
                try:
                    return _Attempt(way, part, known or Known(), at, progress, to).run(asked)
                except StateError as error:
                    if part.size >= reached + _HEADWAY_BYTES:
                        tries, reached = 0, part.size
                    if error.message_id not in _PASSING or tries >= self._limits.retries:
                        raise
                    self._wait(error, tries, way, asked.host)
                tries += 1

    def _wait(self, error: StateError, tries: int, way: Way, host: str) -> None:
        """Wait as long as the server asked, else twice as long as last time, spread by chance."""
        asked = error.values.get("seconds")
        wait = min(_FIRST_WAIT_S * 2.0**tries, _LONGEST_BACKOFF_S) * (0.5 + self._chance())
        if isinstance(asked, float) and asked > 0:
            wait = asked
        if wait >= way.left():
            raise StateError("fetch-out-of-time", host=host, seconds=self._limits.total_s) from error
        self._sleep(wait)

    def _way(self) -> Way:
        from portico.fetch.connection import Way, system_resolve  # noqa: PLC0415 - the HTTP engine, only where used

        until = self._clock() + self._limits.total_s
        return Way(self._limits, self._resolve or system_resolve, lambda: self._trusted, lambda: until - self._clock())

    @cached_property
    def _trusted(self) -> ssl.SSLContext:
        from portico.fetch.connection import trusted  # noqa: PLC0415 - as above

        return self._tls or trusted()


class _Attempt:
    """One try: from the address asked for, over redirects, to the last byte."""

    def __init__(self, way: Way, part: Part, known: Known, at: str, progress: Progress | None, to: Path) -> None:
        self._way = way
        self._part = part
        self._known = known
        self._at = at
        self._progress = progress
        self._to = to

    def run(self, asked: Address) -> Fetched:
        wish = self._part.wish
        headers = {"Accept-Encoding": "identity", **(wish or _conditions(self._known))}
        with self._reached(asked, headers) as (answer, address, passed):
            if answer.status == _NOT_MODIFIED and not wish and _conditions(self._known):
                return self._fetched(Arrival.UNCHANGED, answer, address, passed, self._known.sha256)
            self._begin(answer, address, resuming=bool(wish))
            for chunk in answer.chunks:
                self._part.add(chunk, address.host)
                if self._progress is not None:
                    self._progress(self._part.size, self._part.total)
            sha256 = self._part.finish(address.host)
            if sha256 == self._known.sha256:
                return self._fetched(Arrival.UNCHANGED, answer, address, passed, sha256)
            self._part.keep()
            return self._fetched(Arrival.NEW, answer, address, passed, sha256)

    @contextmanager
    def _reached(
        self, address: Address, headers: Mapping[str, str]
    ) -> Iterator[tuple[Answer, Address, tuple[str, ...]]]:
        """Give the first answer that leads nowhere else, with the addresses passed on the way; each checked again."""
        limits = self._way.limits
        passed: list[str] = []
        for _ in range(limits.redirects + 1):
            with self._way.ask(address, headers) as answer:
                location = answer.headers.get("location", "")
                if answer.status not in _REDIRECTS or not location:
                    yield answer, address, tuple(passed)
                    return
            passed.append(address.shown)
            address = address.follow(location, allow_http=limits.allow_http)
        raise InputError("fetch-redirects", host=address.host, limit=limits.redirects)

    def _begin(self, answer: Answer, address: Address, *, resuming: bool) -> None:
        """Make the part ready for the body of ``answer``, or say why there is none."""
        if answer.status in _WHOLE:
            self._part.begin(answer.headers, address.host)
        elif resuming and answer.status in (_PARTIAL, _RANGE_REFUSED):
            if answer.status == _RANGE_REFUSED or not self._part.continues(answer.headers):
                self._part.forget()
                raise StateError("fetch-interrupted", host=address.host, detail="Content-Range")
        else:
            raise _refusal(answer, address, self._way.limits.longest_wait_s)

    def _fetched(
        self, status: Arrival, answer: Answer, address: Address, passed: tuple[str, ...], sha256: str
    ) -> Fetched:
        told, known = answer.headers, self._known
        is_new = status is Arrival.NEW
        silent = answer.status == _NOT_MODIFIED
        return Fetched(
            status=status,
            path=self._to if is_new else None,
            bytes=known.bytes if silent else self._part.size,
            sha256=sha256,
            etag=_kept(told.get("etag", "")) or (known.etag if silent else ""),
            last_modified=told.get("last-modified", known.last_modified if silent else ""),
            content_type=told.get("content-type", ""),
            file_name=file_name(told.get("content-disposition", ""), address),
            final_url=address.url,
            redirects=passed,
            at=self._at,
        )


def _conditions(known: Known) -> dict[str, str]:
    """Return the headers that let a server answer "not changed"; the ETag decides where there is one."""
    if _kept(known.etag):
        return {"If-None-Match": known.etag}
    if known.last_modified and _is_date(known.last_modified):
        return {"If-Modified-Since": known.last_modified}
    return {}


def _kept(etag: str) -> str:
    return etag if _ETAG.fullmatch(etag) else ""


def _is_date(text: str) -> bool:
    try:
        return bool(parsedate_to_datetime(text)) and text.isascii() and text.isprintable()
    except ValueError:
        return False


def _refusal(answer: Answer, address: Address, longest_wait_s: float) -> InputError | StateError:
    """Return what to say of an answer that holds no file."""
    status, host = answer.status, address.host
    if status in _BUSY:
        seconds = _retry_after_s(answer.headers)
        if seconds > longest_wait_s:
            return StateError("fetch-come-back", host=host, seconds=round(seconds))
        return StateError("fetch-busy", host=host, status=status, seconds=seconds)
    if status >= _SERVER:
        return StateError("fetch-server-error", host=host, status=status)
    return InputError("fetch-status", host=host, status=status, address=address.shown)


def _retry_after_s(headers: Mapping[str, str]) -> float:
    """Return the seconds a server asks to wait, 0 where it does not say. A date is counted from the server's own."""
    said = headers.get("retry-after", "").strip()
    if said.isascii() and said.isdigit():
        return float(said[:9])
    try:
        return max(0.0, (parsedate_to_datetime(said) - parsedate_to_datetime(headers["date"])).total_seconds())
    except (KeyError, ValueError, TypeError):
        return 0.0
