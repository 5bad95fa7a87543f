"""Pages from templates. Everything that comes from data is escaped."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from jinja2.utils import urlize
from markupsafe import Markup

from portico import __version__
from portico.dossier import changed, plain
from portico.dossier.by_brief import worth
from portico.dossier.site_reach import kind_of, when
from portico.figures import Figure
from portico.match import firm_words
from portico.messages import Message
from portico.territory.nearby import clock
from portico.territory.queries import rests_on_ways
from portico.translation import LANGUAGES, Translator
from portico.web.assets import assets
from portico.web.sharing import share_text


@functools.cache
def environment() -> Environment:
    """Return the templates; a name that a template uses and nobody gave is an error."""
    made = Environment(
        loader=PackageLoader("portico.web", "templates"),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {"Message": Message, "portico_version": __version__, "languages": LANGUAGES, "plain": plain}
    made.globals |= {
        "rests_on_ways": rests_on_ways,
        "when": when,
        "kind_of": kind_of,
        "clock": clock,
        "without_unit": without_unit,
        "share_text": share_text,
        "words": firm_words,
        "told": changed,
        "worth": worth,
    }
    made.filters["linked"] = linked
    made.filters["place"] = place_of
    return made


def place_of(one: object, every: Sequence[object]) -> int:
    """Return at which place ``one`` itself stands in ``every``, else one like it, from 0; −1 where neither does."""
    itself = [number for number, each in enumerate(every) if each is one]
    alike = [number for number, each in enumerate(every) if each == one]
    return (*itself, *alike, -1)[0]


def without_unit(figure: Figure) -> Figure:
    """Return the same figure for a column whose head says what is counted."""
    return replace(figure, unit="1")


def linked(text: object) -> Markup:
    """Return ``text`` escaped, its web addresses as links; sources stand apart by semicolons, which are no part of one.

    >>> print(linked("a <b>, https://example.org/x; c"))
    a &lt;b&gt;, <a href="https://example.org/x" rel="noopener noreferrer">https://example.org/x</a>; c
    """
    return Markup("; ").join(Markup(urlize(part, rel="noopener noreferrer")) for part in str(text).split("; "))  # noqa: S704 - urlize escapes


@functools.cache
def translator(language: str) -> Translator:
    """Return the one translator of a language."""
    return Translator(language)


def page(template: str, say: Translator, /, **values: Any) -> str:  # noqa: ANN401 - a template takes anything
    """Return the page ``template`` in the language of ``say``."""
    return environment().get_template(template).render(say=say, assets=assets(), **values)
