"""What to call a file that came over the network."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath
from urllib.parse import unquote

from portico.fetch.addresses import Address
from portico.messages import has_controls

_STARRED = re.compile(r"(?:^|;)\s*filename\*\s*=\s*([A-Za-z0-9-]+)'[^';]*'([^;\s]+)", re.IGNORECASE)
_PLAIN = re.compile(r'(?:^|;)\s*filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;]+))', re.IGNORECASE)
_NOT_IN_NAMES = '<>:"|?*'
_LONGEST_BYTES = 150


def file_name(disposition: str, address: Address) -> str:
    """Return the name that the sender gave in Content-Disposition, else the end of the address, else its host.

    The name holds no folder, no control or reserved characters and no leading dot; it is not longer than 150 bytes.

    >>> from portico.fetch.addresses import read
    >>> file_name('attachment; filename="../../etc/elenco 2026.csv"', read("https://host.example/download?id=7"))
    'elenco 2026.csv'
    """
    for name in (_said(disposition), address.last_name, address.host):
        clean = _clean(name)
        if clean:
            return clean
    return "file"


def _said(disposition: str) -> str:
    starred = _STARRED.search(disposition)
    if starred:
        try:
            return unquote(starred[2], encoding=starred[1], errors="strict")
        except (LookupError, UnicodeError):
            pass  # an encoding nobody knows, or not in it: the plain form may still serve
    plain = _PLAIN.search(disposition)
    return re.sub(r"\\(.)", r"\1", plain[1]) if plain and plain[1] is not None else plain[2] if plain else ""


def _clean(name: str) -> str:
    last = re.split(r"[/\\]", name.strip())[-1] if not name.endswith("\\") else ""
    kept = "".join("_" if one in _NOT_IN_NAMES or has_controls(one) or one in "\n\t\r" else one for one in last)
    kept = unicodedata.normalize("NFC", kept).strip(" .")
    if len(kept.encode("utf-8", "replace")) <= _LONGEST_BYTES:
        return kept.encode("utf-8", "replace").decode("utf-8")
    ending = "".join(PurePosixPath(kept).suffixes[-2:])
    ending = ending if len(ending.encode("utf-8", "replace")) <= _LONGEST_BYTES // 5 else ""
    room = _LONGEST_BYTES - len(ending.encode("utf-8", "replace"))
    stem = kept.removesuffix(ending) if ending else kept
    return stem.encode("utf-8", "replace")[:room].decode("utf-8", "ignore") + ending
