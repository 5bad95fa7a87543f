"""Briefs answered for programs: one of the city's by its name, or a whole brief in the address."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from litestar import get

from portico.dossier import by_method, changed
from portico.dossier.answer import to_dict
from portico.match.outranking import Method
from portico.match.outranking import by_method as ordered
from portico.web.answered import Answered, answered, brief_asked
from portico.web.portal import Portal
from portico.web.rendering import translator
from portico.web.threads import threaded

Language = Literal["en", "it"]


def told(found: Answered, lang: Language, method: Method | None, since: str = "") -> dict[str, Any]:
    """Return an answer in the words of ``lang``; its order also by ``method``, and what changed ``since``."""
    say = translator(lang)
    made = found.keep(("match", lang), lambda: to_dict(found.answer, found.firm(), say))
    more = {"by_method": by_method.to_dict(ordered(found.answer, method), say)} if method else {}
    if since:
        key = ("changes", lang, since, *found.key)
        more["changes"] = found.portal.asked(key, lambda: changed.to_dict(found.changes(since), say))
    return made | more


@get(["/api/match/{name:str}", "/api/match"])
@threaded
def match(
    portal: Portal,
    name: str = "",
    b: str = "",
    lang: Language = "en",
    as_of: date | None = None,
    w: list[str] | None = None,
    method: Method | None = None,
    since: str = "",
) -> dict[str, Any]:
    """Answer a brief: qualified, to verify, excluded; every number a figure with its evidence; how firm the order is.

    The brief is one of the city's, or the one in the address (``b``). ``w``: other weights than the brief's, one for
    each want. ``method``: the order also by topsis or promethee. ``since``: also what changed since a day or a
    publication (DATASET@NUMBER).
    """
    return told(answered(portal, brief_asked(portal, name, b), as_of, w), lang, method, since)


MATCHING = [match]
