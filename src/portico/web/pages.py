"""The pages, one function each."""

from __future__ import annotations

from datetime import date
from typing import Any

from litestar import MediaType, Request, Response, get
from litestar.response import Redirect

from portico.city.register import day_of
from portico.match.answering import Answering
from portico.translation import LANGUAGES, Translator
from portico.web.briefs import BRIEF_PAGES
from portico.web.comparing import compare_page
from portico.web.criteria import CRITERIA_PAGES
from portico.web.datasets import DATASETS
from portico.web.dossiers import DOSSIERS
from portico.web.html import Html, html, speak
from portico.web.permits import PERMIT_PAGES
from portico.web.portal import Portal
from portico.web.problems import language_of
from portico.web.reach import reach_page
from portico.web.rendering import translator
from portico.web.shortlists import shortlist_page
from portico.web.sites import SITE_PAGES
from portico.web.ways import way_page
from portico.web.where import WHERE_PAGES


@get("/", sync_to_thread=False, include_in_schema=False)
def root(request: Request[Any, Any, Any], portal: Portal) -> Redirect:
    """Lead to the visitor's language, where the city speaks it, else to the city's first."""
    spoken = [one for one in portal.city.settings.languages if one in LANGUAGES] or list(LANGUAGES)
    asked = language_of(request)
    return Redirect(f"/{asked if asked in spoken else spoken[0]}/", status_code=302)


@get("/{language:str}", sync_to_thread=False, include_in_schema=False)
def home(language: str, portal: Portal) -> Html:
    """Show the map of sites and places, the briefs, and the city's figures."""
    say = speak(language)
    known = portal.territory
    rows = known.rows.get("city_figures", ())
    by_id = {str(row["id"]): row for row in rows}
    chosen = [by_id[name] for name in portal.city.settings.home_figures if name in by_id]
    figures = portal.kept(("home", language), lambda: [_city_figure(known, row, say) for row in chosen])
    return html("home.html", language, portal, "", territory=known, briefs=portal.briefs(), figures=figures)


def _city_figure(known: Any, row: Any, say: Translator) -> dict[str, Any]:  # noqa: ANN401 - rows of any table
    text = row["indicator_it"] if say.language == "it" and row["indicator_it"] else row["indicator"]
    return {"label": text, "row": row, "as_of": day_of(row["as_of"]), "evidence": known.cite("city_figures", row)}


@get("/{language:str}/briefs/{name:str}", sync_to_thread=True, include_in_schema=False)
def brief(
    language: str,
    name: str,
    portal: Portal,
    as_of: date | None = None,
    w: list[str] | None = None,
    since: str = "",
) -> Html:
    """Show the shortlist of a brief beside the map; ``w``: other weights; ``since``: what changed from when."""
    say, asked = speak(language), portal.brief(name)
    text = shortlist_page(portal, say, asked, as_of, f"briefs/{name}", w or (), since=since)
    return Response(text, media_type=MediaType.HTML)


def warm(portal: Portal) -> None:
    """Make the pages that take longest, so that no visitor waits for the first one."""
    for one in portal.briefs():
        for language in LANGUAGES:
            shortlist_page(portal, translator(language), one, None, f"briefs/{one.id}")


@get("/{language:str}/who-answers", sync_to_thread=False, include_in_schema=False)
def who_answers(language: str, portal: Portal) -> Html:
    """Show the bodies that answer, and by when a question of today is answered."""
    speak(language)
    settings = portal.city.settings
    day = portal.today()
    answering = Answering(settings.partners, settings.calendar, day)
    answers = [answering.by_partner(one) for one in settings.partners]
    return html("who.html", language, portal, "who-answers", answers=answers, today=day)


PAGES = [
    *BRIEF_PAGES,
    root,
    home,
    *SITE_PAGES,
    reach_page,
    way_page,
    compare_page,
    brief,
    who_answers,
    *CRITERIA_PAGES,
    *WHERE_PAGES,
    *PERMIT_PAGES,
    *DOSSIERS,
    *DATASETS,
]
