"""What every page is made with: the language of its address, and its template rendered."""

from __future__ import annotations

from typing import Any

from litestar import MediaType, Response
from litestar.exceptions import NotFoundException

from portico.translation import LANGUAGES, Translator
from portico.web.portal import Portal
from portico.web.rendering import page, translator

Html = Response[str]


def speak(language: str) -> Translator:
    """Return the translator of an address's language; any other first part is no page of ours."""
    if language not in LANGUAGES:
        raise NotFoundException
    return translator(language)


def html(template: str, language: str, portal: Portal, path: str, **values: Any) -> Html:  # noqa: ANN401
    """Return the page ``template`` with ``values``; ``path`` is its address after the language."""
    text = page(template, translator(language), city=portal.city.settings, path=path, **values)
    return Response(text, media_type=MediaType.HTML)
