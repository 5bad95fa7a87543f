"""Permits in the portal: what there is, the interview, the plan with its chart, its calendar."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from litestar import Request, Response, get
from litestar.response import Redirect

from portico.dossier import permits_plain
from portico.dossier.document.permits import plan_pdf
from portico.dossier.handing_over import Handed, file_name
from portico.dossier.permits_calendar import MEDIA_TYPE, calendar
from portico.dossier.permits_gantt import chart, rows
from portico.dossier.permits_words import days_words, effect_words, is_recalled, term_words
from portico.messages import Message
from portico.permits.kept import pack_of, readable
from portico.permits.model import Answers, Pack
from portico.permits.needs import answer_of, needs
from portico.permits.pack import has_pack
from portico.permits.plan import warnings
from portico.translation import Translator
from portico.web.dossiers import answer_with, few
from portico.web.downloads import disposition
from portico.web.html import Html, html, speak
from portico.web.permits_asked import Asked, sent, typed_in
from portico.web.permits_made import Made, made, question_again
from portico.web.permits_reforms import REFORM_PAGES
from portico.web.portal import Portal
from portico.web.rendering import translator

AT_ONCE = 3
"""How many questions a page asks at a time."""
_LISTED = 400
_TITLE = re.compile("<title>.*?</title>")  # its words stand in its label too, and a page has one title


@get("/{language:str}/permits", sync_to_thread=True, include_in_schema=False)
def permits_page(language: str, portal: Portal) -> Html:
    """Show what this is, how old the rules are, the projects and reforms of the city, and where an interview begins."""
    say = speak(language)
    folder = portal.city.folder
    if not has_pack(folder):
        return html("permits.html", language, portal, "permits", pack=None)
    pack, today = pack_of(folder), portal.today()
    return html(
        "permits.html",
        language,
        portal,
        "permits",
        pack=permits_plain.pack(pack, say),
        old=_old(pack, today),
        projects=_projects(portal, pack),
        sites=_sites(portal, say),
        today=today,
    )


def _old(pack: Pack, today: date) -> Sequence[Message]:
    """Return the warning of a pack that is older than its own limit."""
    told = warnings(pack, today, needs(pack, Answers({}), today))
    return [one for one in told if one.id == "pack-old"]


def _projects(portal: Portal, pack: Pack) -> list[tuple[str, str]]:
    """Return the projects of the city: their names as files, and as people call them."""
    return [(name, one.name or name) for name, one in readable(portal.city.folder, pack)]


def _sites(portal: Portal, say: Translator) -> list[tuple[str, str]]:
    """Return the sites to choose from; none of a register too long for a list."""
    known = portal.territory.sites
    return sorted(((one.id, say(one.name)) for one in known), key=lambda one: one[1]) if len(known) <= _LISTED else []


@get("/{language:str}/permits/ask", sync_to_thread=True, include_in_schema=False)
def ask_page(request: Request[Any, Any, Any], language: str, portal: Portal) -> Response[Any]:
    """Ask what can still change the plan, what changes it most first; answers come and go in the address."""
    say = speak(language)
    form = sent(request.scope["query_string"])
    typed_faults: Sequence[tuple[str, Message]] = ()
    asked = form.asked
    if form.typed is not None:
        asked, typed_faults = typed_in(pack_of(portal.city.folder), form, language)
        if not typed_faults:
            page = "plan" if form.wish == "plan" else "ask"
            return Redirect(f"/{language}/permits/{page}?{asked.query()}", status_code=303)
    one = made(portal, asked)
    again = [name for name, _ in typed_faults] or ([form.again] if form.again else [])
    shown = [each for each in (question_again(one, name) for name in again) if each] or list(one.open[:AT_ONCE])
    answer = html(
        "permits_ask.html",
        language,
        portal,
        f"permits/ask?{asked.query()}",
        **_shared(portal, one, say),
        shown=shown,
        left=len(one.open),
        typed=form.typed if typed_faults else {},
        wrong={**dict(one.said.faults), **dict(typed_faults)},
        faults=[*typed_faults, *one.faults],
        back=_back(asked),
        sites=_sites(portal, say),
    )
    if typed_faults or one.faults:
        answer.status_code = 422
    return answer


def _back(asked: Asked) -> str:
    """Return the address before the last answer, asking it again; empty where nothing was answered."""
    if not asked.trail:
        return ""
    name = asked.trail[-1][0]
    return f"{asked.without(name).query()}&ask={name}"


def _shared(portal: Portal, one: Made, say: Translator) -> dict[str, Any]:
    plain = permits_plain.plan(one.plan, say, name=one.said.project.name, site="") if one.plan else None
    return {
        "one": one,
        "asked": one.said.asked,
        "query": one.said.asked.query(),
        "plan": plain,
        "pack": permits_plain.pack(one.pack, say),
        "days": _days(plain, say),
        "known": _known(one),
        "own": _own(one, say),
        "projects": _projects(portal, one.pack),
        "filed": one.filed,
    }


def _days(plain: dict[str, Any] | None, say: Translator) -> str:
    if plain is None or not plain["milestones"]:
        return ""
    return days_words(plain["days"]["low"], plain["days"]["high"], say)


def _known(one: Made) -> list[dict[str, Any]]:
    """Return what the register and the city's layers know of the site, each with its evidence."""
    if one.plan is None:
        return []
    found = one.plan.answers
    return [
        {
            "question": attribute.question,
            "answers": [
                answer_of(attribute, each)
                for each in ((found.values[name],) if name in found.values else found.among[name])
            ],
            "said_by": found.said_by[name],
            "evidence": found.evidence.get(name, ()),
        }
        for name, attribute in one.pack.attributes.items()
        if found.said_by.get(name, "investor") != "investor" and (name in found.values or name in found.among)
    ]


def _own(one: Made, say: Translator) -> list[dict[str, Any]]:
    """Return what the visitor answered, the latest last, what is said not to be known among it."""
    order = [name for name in one.said.project.answers if name not in dict(one.said.asked.trail)]
    order += [name for name, _ in one.said.asked.trail]
    told = []
    for name in order:
        attribute = one.pack.attributes.get(name)
        if attribute is None:
            continue
        value = one.said.project.answers.get(name)
        words = say("permits-not-known") if value is None else say(answer_of(attribute, value))
        told.append({"name": name, "question": say(attribute.question), "answer": words})
    return told


@get("/{language:str}/permits/plan", sync_to_thread=True, include_in_schema=False)
def plan_page(request: Request[Any, Any, Any], language: str, portal: Portal) -> Response[Any]:
    """Show the plan of the project in the address; where none can be made, what is to be corrected."""
    say = speak(language)
    asked = sent(request.scope["query_string"]).asked
    one = made(portal, asked)
    if one.plan is None or one.said.faults:
        return Redirect(f"/{language}/permits/ask?{asked.query()}", status_code=303)
    shared = _shared(portal, one, say)
    titles = {name: say(each.title) for name, each in one.pack.procedures.items()}
    papers = {each.id: say(each.title) for each in one.pack.papers}
    return html(
        "permits_plan.html",
        language,
        portal,
        f"permits/plan?{asked.query()}",
        **shared,
        svg=_TITLE.sub("", chart(shared["plan"], say), count=1),
        titles=titles,
        named=lambda ids: [titles.get(each, each) for each in ids],
        papers=lambda ids: [papers[each] for each in ids if each in papers],
        rows=rows(shared["plan"]),
        term_words=lambda term: term_words(term, say),
        effect_words=lambda term: effect_words(term, say),
        days_words=lambda low, high: days_words(low, high, say),
        is_recalled=is_recalled,
    )


@get("/{language:str}/permits/plan.ics", sync_to_thread=True, include_in_schema=False)
def plan_calendar(request: Request[Any, Any, Any], language: str, portal: Portal) -> Response[bytes]:
    """Return the dates of the plan as a calendar file; made again on another day it is the same."""
    say = speak(language)
    plain = made(portal, sent(request.scope["query_string"]).asked).plain(say)
    stamp = datetime.combine(plain["pack"]["as_of"], time(), UTC)
    headers = {"content-disposition": disposition(f"{plain['project'] or 'permits'}-{plain['filed']}.ics")}
    return Response(calendar(plain, translator(language), stamp), media_type=MEDIA_TYPE, headers=headers)


@get("/{language:str}/permits/plan.pdf", sync_to_thread=True, include_in_schema=False)
def plan_document(request: Request[Any, Any, Any], language: str, portal: Portal) -> Response[bytes]:
    """Return the plan as a document (PDF/UA)."""
    say = speak(language)
    asked = sent(request.scope["query_string"]).asked
    plain = made(portal, asked).plain(say)

    def make() -> Handed:
        name = file_name(portal.city.settings.id, plain["project"] or "permits", plain["filed"].isoformat(), form="pdf")
        return Handed(name, plan_pdf(plain, portal.city.settings, say), ())

    return answer_with(
        request, portal.asked(("permits-pdf", language, asked, plain["filed"]), lambda: few(make)), "pdf"
    )


PERMIT_PAGES: Sequence[Any] = (permits_page, ask_page, plan_page, plan_calendar, plan_document, *REFORM_PAGES)
