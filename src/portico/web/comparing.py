"""Sites side by side: the page with its chooser, and the same as plain data."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Literal

from litestar import get

from portico.dossier.by_brief import ByBrief, by_brief
from portico.dossier.by_brief import to_dict as under_to_dict
from portico.dossier.comparison import LEAST_SITES, MOST_SITES, Comparison, comparison, named_in, sites_of, to_dict
from portico.errors import UsageError
from portico.messages import Message
from portico.web.html import Html, html, speak
from portico.web.portal import Portal
from portico.web.rendering import translator


def _answer(portal: Portal, sites: Sequence[str], as_of: date | None) -> Comparison:
    names, day = sites_of(sites), as_of or portal.today()
    return portal.asked(("compare", names, day), lambda: comparison(portal.territory, names, day))


def _under(portal: Portal, sites: Sequence[str], brief: str, as_of: date | None) -> ByBrief | None:
    """Return what the city's ``brief`` makes of the sites, nothing where none is named."""
    return by_brief(portal.shortlist(brief, as_of or portal.today()), sites_of(sites)) if brief else None


@get("/{language:str}/compare", sync_to_thread=True, include_in_schema=False)
def compare_page(
    language: str, portal: Portal, sites: list[str] | None = None, brief: str = "", as_of: date | None = None
) -> Html:
    """Show two to five sites side by side, under a brief of the city if asked; of fewer sites, let more be chosen."""
    speak(language)
    chosen = named_in(sites or [])
    for one in chosen:
        portal.territory.site(one)
    try:
        found, fault = (_answer(portal, chosen, as_of) if len(chosen) >= LEAST_SITES else None), None
    except UsageError as error:
        found, fault = None, error
    contested = _under(portal, chosen, brief, as_of) if found else None
    made = html(
        "compare.html",
        language,
        portal,
        "compare" + (f"?sites={','.join(chosen)}" if chosen else "") + (f"&brief={brief}" if contested else ""),
        found=found,
        contested=contested,
        brief=contested.answer.brief.id if contested else "",
        chosen=chosen,
        sites=sorted(portal.territory.sites, key=lambda one: one.id),
        fault=Message.of(fault) if fault else None,
        low=LEAST_SITES,
        high=MOST_SITES,
    )
    made.status_code = fault.http_status if fault else 200
    return made


@get("/api/compare", sync_to_thread=True)
def compare(
    portal: Portal,
    sites: list[str] | None = None,
    lang: Literal["en", "it"] = "en",
    brief: str = "",
    as_of: date | None = None,
) -> dict[str, Any]:
    """Compare two to five sites (ids with commas, or one a parameter): what is known, how near, what differs.

    ``brief``: also what each must and want of this brief of the city came to.
    """
    told = to_dict(_answer(portal, sites or [], as_of), translator(lang))
    contested = _under(portal, sites or [], brief, as_of)
    return told | ({"by_brief": under_to_dict(contested, translator(lang))} if contested else {})
