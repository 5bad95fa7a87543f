"""A whole brief in an address, to share: its data as JSON, packed, in letters that every address may hold."""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from dataclasses import replace

from portico.errors import InputError
from portico.match.briefs import check
from portico.match.json_document import MAX_BYTES, called, read_json
from portico.match.model import Brief
from portico.match.names import Names
from portico.match.writing import as_data

LONGEST = 8_000
"""The most characters: what servers and programs on the way let pass."""
_NAME = "address"


def to_text(brief: Brief) -> str:
    """Return ``brief`` as letters, digits, ``-`` and ``_``. Raises InputError for one too large for an address."""
    plain = json.dumps(as_data(brief), ensure_ascii=False, separators=(",", ":")).encode()
    text = base64.urlsafe_b64encode(zlib.compress(plain, 9)).decode().rstrip("=")
    if len(text) > LONGEST:
        raise InputError("brief-too-large-for-address", count=len(text), limit=LONGEST)
    return text


def from_text(text: str, known: Names | None = None) -> Brief:
    """Return the brief in ``text``; it has no name of its own. ``known``: what the city has a name for.

    Raises InputError where the text is too long, cut off or none of ours, RejectedError with all that is wrong with
    the brief.
    """
    if len(text) > LONGEST:
        raise InputError("brief-too-large-for-address", count=len(text), limit=LONGEST)
    return replace(check(read_json(_unpacked(text.strip()), _NAME), known), id="")


def _unpacked(text: str) -> bytes:
    """Return what was packed, never more than a brief may have."""
    try:
        packed = base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
        opened = zlib.decompressobj()
        plain = opened.decompress(packed, MAX_BYTES + 1)
    except (ValueError, binascii.Error, zlib.error) as error:
        raise InputError("brief-address-broken") from error
    if len(plain) > MAX_BYTES:
        raise InputError("file-too-large", file=called(_NAME), limit=MAX_BYTES)
    if not opened.eof:
        raise InputError("brief-address-broken")
    return plain
