"""The front end as it was built: which file is the script, which the styles."""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from pathlib import Path

from portico.errors import EngineError

STATIC = Path(__file__).with_name("static")
_MANIFEST = STATIC / ".vite" / "manifest.json"
_ENTRY = "src/main.js"
PREFIX = "/static/"


@dataclass(frozen=True, slots=True)
class Assets:
    """The addresses a page needs."""

    script: str
    styles: tuple[str, ...]
    sprite: str


def is_built() -> bool:
    """Say whether the front end is there."""
    return _MANIFEST.is_file()


@functools.cache
def assets() -> Assets:
    """Return the addresses of the built front end; raise EngineError where it was never built."""
    if not is_built():
        raise EngineError("front-end-missing")
    entry = json.loads(_MANIFEST.read_text(encoding="utf-8"))[_ENTRY]
    styles = tuple(PREFIX + name for name in entry.get("css", ()))
    return Assets(PREFIX + entry["file"], styles, f"{PREFIX}sprites.svg")
