"""How a version was worked out, as plain data and in words: the same on the command line, over HTTP and on a page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from portico.figures import Evidence
from portico.lake.model import Derivation
from portico.messages import Message
from portico.translation import Translator


def plain(made: Derivation) -> dict[str, Any]:
    """Return the method with its parameters, and all that the version rests on, as plain data."""
    return {"made_by": made.method.to_dict(), "rests_on": [one.to_dict() for one in made.rests_on]}


def methods(made: Derivation, say: Translator) -> Iterator[str]:
    """Yield in words how the version was worked out: each method with its parameters."""
    for one in (made.method, *made.rests_on):
        if one.method:
            told = ", ".join(f"{name} {value}" for name, value in one.parameters.items())
            yield say(Message("derived-by", {"method": say.word("method", one.method), "parameters": told}))


def sources(made: Derivation, say: Translator) -> Iterator[str]:
    """Yield in words what the version rests on, each with its licence."""
    for one in made.rests_on:
        if one.dataset or one.source:
            yield say(Message("derived-from", {"name": name_of(one), "licence": one.licence or "–"}))


def name_of(one: Evidence) -> str:
    """Return the version of a dataset under which it is found again, else its source."""
    return f"{one.dataset}@{one.version[:12]}" if one.version else one.dataset or one.source
