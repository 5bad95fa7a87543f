"""What a fetch is held to, what is known beforehand, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

Progress = Callable[[int, int | None], None]
"""Told the bytes written so far and, where the server said, how many there will be."""


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """What no fetch may exceed, and whom it may ask beyond the public network.

    ``max_bytes`` counts the bytes as they come and as they are after decompression. ``connect_s`` and ``read_s`` are
    seconds without an answer, ``total_s`` seconds for everything, waits and further tries included. A server that asks
    to wait longer than ``longest_wait_s`` is not waited for. ``allow_private`` names hosts (names or addresses, without
    port) that may stand in a private network or on this machine; ``allow_http`` lets an address begin with http.
    """

    max_bytes: int = 20_000_000_000
    connect_s: float = 10.0
    read_s: float = 30.0
    total_s: float = 3_600.0
    redirects: int = 8
    retries: int = 3
    longest_wait_s: float = 60.0
    allow_private: tuple[str, ...] = ()
    allow_http: bool = True


@dataclass(frozen=True, slots=True)
class Known:
    """What an earlier fetch of the same address gave: lets the server answer "not changed"."""

    etag: str = ""
    last_modified: str = ""
    sha256: str = ""
    bytes: int = 0


class Arrival(StrEnum):
    """Whether anything came that was not known before."""

    NEW = "new"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came. Where nothing changed there is no file: ``path`` is None, hash and size are those known before.

    ``file_name`` is the name the sender gave, else the end of the address; it is safe to write under and never empty.
    ``final_url`` is the address that answered, whole: it may hold a key, so it is for a machine. ``redirects`` are the
    addresses on the way, shortened for people. ``at`` is the time the caller gave.
    """

    status: Arrival
    path: Path | None
    bytes: int
    sha256: str
    etag: str
    last_modified: str
    content_type: str
    file_name: str
    final_url: str
    redirects: tuple[str, ...]
    at: str

    @property
    def known(self) -> Known:
        """What to say at the next fetch of the same address."""
        return Known(self.etag, self.last_modified, self.sha256, self.bytes)
