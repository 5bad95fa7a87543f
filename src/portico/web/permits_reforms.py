"""What a reform would save over the city's projects: a page that a council can publish, and the same for programs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Literal

from litestar import get

from portico.dossier import permits_plain, reform_plain
from portico.errors import UsageError
from portico.permits import answers
from portico.permits.kept import pack_of, readable, readable_reforms, reform_of
from portico.permits.model import Pack
from portico.permits.reform import Project, effect
from portico.permits.simplify import simplifications
from portico.translation import Translator
from portico.web.html import Html, html, speak
from portico.web.permits_asked import day_of
from portico.web.portal import Portal
from portico.web.rendering import translator

Language = Literal["en", "it"]


def _portfolio(portal: Portal, pack: Pack) -> tuple[list[Project], list[tuple[str, str]]]:
    folder = portal.city.folder
    read = readable(folder, pack)
    if not read:
        raise UsageError("portfolio-empty", paths="projects/")
    return [Project(name, answers.given(one)) for name, one in read], [(name, one.name or name) for name, one in read]


def _said(many: Sequence[Project]) -> str:
    return repr([(one.id, one.answers.values) for one in many])


def _effect(
    portal: Portal, pack: Pack, name: str, many: Sequence[Project], filed: date, say: Translator
) -> dict[str, Any]:
    reform = reform_of(portal.city.folder, name, pack)
    key = ("reform", pack.digest, repr(reform), _said(many), filed, say.language)

    def make() -> dict[str, Any]:
        return reform_plain.effect(effect(pack, reform, many, filed, portal.city.settings.calendar), pack, filed, say)

    return portal.asked(key, make)


def _losses(portal: Portal, pack: Pack, many: Sequence[Project], filed: date, say: Translator) -> dict[str, Any]:
    key = ("losses", pack.digest, _said(many), filed, say.language)

    def make() -> dict[str, Any]:
        return reform_plain.simplifications(
            simplifications(pack, many, filed, portal.city.settings.calendar), pack, say
        )

    return portal.asked(key, make)


@get("/{language:str}/permits/reform", sync_to_thread=True, include_in_schema=False)
def reform_page(language: str, portal: Portal, name: str = "", filed: str = "") -> Html:
    """Show what a reform of the city would save, by each rule it changes, and where projects lose days and papers."""
    say = speak(language)
    pack = pack_of(portal.city.folder)
    titles = [(one, say(reform.title)) for one, reform in readable_reforms(portal.city.folder, pack)]
    chosen = name or (titles[0][0] if titles else "")
    day = day_of(filed) or portal.today()
    many, projects = _portfolio(portal, pack)
    return html(
        "permits_reform.html",
        language,
        portal,
        f"permits/reform?name={chosen}&filed={day.isoformat()}" if chosen else "permits/reform",
        pack=permits_plain.pack(pack, say),
        names=titles,
        chosen=chosen,
        filed=day,
        found=_effect(portal, pack, chosen, many, day, say) if chosen else None,
        losses=_losses(portal, pack, many, day, say),
        projects=projects,
        words=lambda one: reform_plain.saved_words(one, say),
        between=reform_plain.between,
        spared=reform_plain.spared,
    )


@get("/api/permits/reform/{name:str}", sync_to_thread=True)
def reform_api(portal: Portal, name: str, lang: Language = "en", filed: str = "") -> dict[str, Any]:
    """Return what a reform of the city saves over its projects, together and by rule, and where these lose days."""
    say, pack = translator(lang), pack_of(portal.city.folder)
    day = day_of(filed) or portal.today()
    many, _ = _portfolio(portal, pack)
    return _effect(portal, pack, name, many, day, say) | {"losses": _losses(portal, pack, many, day, say)}


REFORM_PAGES: Sequence[Any] = (reform_page,)
REFORM_API: Sequence[Any] = (reform_api,)
