"""The page of a shortlist: of a brief of the city, or of one that came in the address; with other weights, if asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from urllib.parse import parse_qsl, urlencode

from portico.errors import UsageError
from portico.match.model import Brief
from portico.match.since import Changes, written
from portico.messages import Message
from portico.translation import Translator
from portico.web.answered import Answered, answered
from portico.web.portal import Portal
from portico.web.rendering import page

SHOWN = 200
"""Sites of a group that a page shows; the script puts in order what is there only, so that with more a button does."""


def shortlist_page(
    portal: Portal,
    say: Translator,
    brief: Brief,
    as_of: date | None,
    path: str,
    weights: Sequence[str] | str = (),
    *,
    since: str = "",
) -> str:
    """Return the page that answers ``brief``.

    ``as_of``: the day that was asked for, else today. ``path``: the page's address after the language, with the query
    that names the brief, without weights. ``weights``: what the address says of them (``w``); ``since``: from when
    changes are asked about. Raises InputError for weights that are none.
    """
    found, since = answered(portal, brief, as_of, weights), written(since)

    def render() -> str:
        changed, fault = _changed(found, since)
        values = _values(found, say, as_of, path)
        return page("shortlist.html", say, **values, changed=changed, since_fault=fault, since=since)

    keep = portal.asked if since else found.keep
    return keep(("shortlist-page", say.language, path, as_of, since, *(found.key if since else ())), render)


def _changed(found: Answered, since: str) -> tuple[Changes | None, Message | None]:
    """Return what changed since the moment that was asked for, or why nobody can say."""
    if not since:
        return None, None
    try:
        return found.changes(since), None
    except UsageError as error:
        return None, Message.of(error)


def _values(found: Answered, say: Translator, as_of: date | None, path: str) -> dict[str, object]:
    base, _, query = path.partition("?")
    named = parse_qsl(query) + ([("as_of", as_of.isoformat())] if as_of else [])
    everything = named + ([("w", found.moved.text)] if found.moved.differ else [])
    firm = found.firm()
    return {
        "city": found.portal.city.settings,
        "path": address(base, everything),
        "base": base,
        "named": named,
        "json": _api(found.brief.id, "match", say.language, everything),
        "map": _api(found.brief.id, "map", say.language, everything),
        "answer": found.answer,
        "robust": firm,
        "firm": {one.site.id: one for group in firm.groups for one in group.entries if len(group.entries) > 1},
        "shares": found.answer.brief.shares(),
        "moved": found.moved,
        "shown": SHOWN,
        "all_shown": max(len(found.answer.qualified), len(found.answer.to_verify)) <= SHOWN,
    }


def _api(name: str, what: str, language: str, query: Sequence[tuple[str, str]]) -> str:
    """Return the address of the same answer for programs, or of its map."""
    if what == "match":
        return address(f"/api/match/{name}" if name else "/api/match", [("lang", language), *query])
    return address("/api/map", [("lang", language), *([("brief", name)] if name else []), *query])


def address(base: str, query: Sequence[tuple[str, str]]) -> str:
    """Return an address with its query.

    >>> address("brief", [("b", "x y"), ("w", "1,2")])
    'brief?b=x+y&w=1%2C2'
    """
    return f"{base}?{urlencode(query)}" if query else base
