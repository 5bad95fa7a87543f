"""What a brief can ask for: the reference page, and the same for programs."""

from __future__ import annotations

from typing import Any, Literal

from litestar import get

from portico.match.criteria.reference import example, find, groups, parameters, to_dict, told, worth
from portico.web.html import Html, html, speak
from portico.web.portal import Portal
from portico.web.rendering import translator

Language = Literal["en", "it"]


@get("/{language:str}/criteria", sync_to_thread=False, include_in_schema=False)
def criteria_page(language: str, portal: Portal) -> Html:
    """Show every criterion with unit, direction, default scale, formula and source."""
    speak(language)
    made = {"groups": list(groups()), "worth": worth, "parameters": parameters, "example": example, "told": told}
    return portal.kept(("criteria", language), lambda: html("criteria.html", language, portal, "criteria", **made))


@get("/api/criteria", sync_to_thread=False)
def criteria(lang: Language = "en") -> list[dict[str, Any]]:
    """List what a must or a want of a brief may ask for, with unit, direction, default scale, formula and source."""
    return [to_dict(one, translator(lang)) for _, members in groups() for one in members]


@get("/api/criteria/{identifier:str}", sync_to_thread=False)
def one_criterion(identifier: str, lang: Language = "en") -> dict[str, Any]:
    """Return one criterion."""
    return to_dict(find(identifier), translator(lang))


CRITERIA_PAGES = [criteria_page]
CRITERIA_API = [criteria, one_criterion]
