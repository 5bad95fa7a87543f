"""Pages from templates. Everything that comes from data is escaped."""

from __future__ import annotations

import functools
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from portico import __version__
from portico.dossier import plain
from portico.messages import Message
from portico.translation import LANGUAGES, Translator
from portico.web.assets import assets


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
    return made


@functools.cache
def translator(language: str) -> Translator:
    """Return the one translator of a language."""
    return Translator(language)


def page(template: str, say: Translator, /, **values: Any) -> str:  # noqa: ANN401 - a template takes anything
    """Return the page ``template`` in the language of ``say``."""
    return environment().get_template(template).render(say=say, assets=assets(), **values)
