"""A brief in an address, to be linked to from its page."""

from __future__ import annotations

from portico.errors import InputError
from portico.match.address import to_text
from portico.match.model import Brief


def share_text(brief: Brief) -> str:
    """Return a brief as its address holds it; nothing for one that no address can hold."""
    try:
        return to_text(brief)
    except InputError:
        return ""
