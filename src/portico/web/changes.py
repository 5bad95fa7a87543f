"""What changed between a version and the one before it, in words."""

from __future__ import annotations

from dataclasses import dataclass

from portico.translation import Translator
from portico.web.described import Described
from portico.web.portal import Portal


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed; ``is_large`` where it was not computed because nobody asked."""

    is_known: bool = False
    is_large: bool = False


def changes(portal: Portal, found: Described, say: Translator, *, asked: bool) -> Changes:
    """Return what changed since the version before."""
    return Changes()
