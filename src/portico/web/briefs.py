"""Briefs in the portal: the form that makes one, its page by address, the same for programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal
from urllib.parse import parse_qs, quote

from litestar import MediaType, Response, get, post
from litestar.concurrency import sync_to_thread
from litestar.response import Redirect

from portico.errors import InputError
from portico.match.address import to_text
from portico.match.asking import QUESTIONS
from portico.match.briefs import check, interpret
from portico.match.criteria import CRITERIA
from portico.match.faults import MOST
from portico.match.form import Fields, Filled, fields_of, filled, label_of
from portico.match.json_document import MAX_BYTES, called, read_json
from portico.match.model import Activity, Brief
from portico.match.names import Names, names_in
from portico.match.outranking import Method
from portico.match.presets import NAMES, preset, presets
from portico.match.writing import as_data, to_toml
from portico.messages import Message
from portico.settings import Document
from portico.territory.model import Mode
from portico.web.answered import answered, brief_asked
from portico.web.html import Html, html, speak
from portico.web.matching import told
from portico.web.portal import Portal
from portico.web.rendering import translator
from portico.web.shortlists import shortlist_page

Language = Literal["en", "it"]
_MOST_FIELDS = 4_000
_LISTED = 400


@dataclass(frozen=True, slots=True)
class Sheet:
    """A form as it is shown: what was typed, what is wrong at each field, how many rows of musts and of wants."""

    typed: Fields
    faults: Mapping[str, Sequence[Message]]
    musts: int
    wants: int

    def text(self, name: str) -> str:
        """Return what was typed in a field."""
        return ", ".join(self.typed.get(name, ()))

    def chosen(self, name: str) -> Sequence[str]:
        """Return the words chosen in a field."""
        return [word.strip() for text in self.typed.get(name, ()) for word in text.split(",")]

    def has(self, row: str, keys: Sequence[str]) -> bool:
        """Say whether anything was typed, or is wrong, at any of ``keys`` of a row."""
        return any(
            any(self.typed.get(f"{row}-{key}", ())) or f"{row}-{key}" in self.faults
            for key in (*keys, "label-it", "label-en")
        )


@get("/{language:str}/briefs/new", sync_to_thread=True, include_in_schema=False)
def brief_form(
    language: str,
    portal: Portal,
    begin: str = "",
    brief: str = "",
    b: str = "",
) -> Html:
    """Show the form for a brief: empty, or filled from a preset (``begin``), one of the city, one in the address."""
    speak(language)
    if begin:
        typed: Fields = fields_of(preset(begin))
    else:
        typed = fields_of(brief_asked(portal, brief, b)) if brief or b else {}
    return _form(language, portal, Sheet(typed, {}, _rows(typed, "m", 1), _rows(typed, "w", 1)))


# Where two handlers share a path the framework wraps the first one twice, so that one that runs in a thread of its own
# answers with something to wait for: those that receive wait themselves, and stand before those that show.
@post("/{language:str}/briefs/new", include_in_schema=False, status_code=200)
async def brief_typed(language: str, portal: Portal, body: bytes) -> Response[Any]:
    """Lead to the answer to what was typed; where something is wrong show it beside its field, all kept."""
    speak(language)
    return await sync_to_thread(_answer_typed, language, portal, body)


def _answer_typed(language: str, portal: Portal, body: bytes) -> Response[Any]:
    typed = _typed(body)
    wish = "".join(typed.get("do", ()))
    made, faults = _read(typed, names_in(portal.territory))
    if wish in ("must", "want"):
        more = Sheet(typed, {}, _rows(typed, "m", wish == "must"), _rows(typed, "w", wish == "want"))
        return _form(language, portal, more)
    if isinstance(made, Brief):
        try:
            return Redirect(f"/{language}/brief?b={to_text(made)}", status_code=303)
        except InputError as error:
            faults = {"": [Message.of(error)]}
    page = _form(language, portal, Sheet(typed, faults, _rows(typed, "m", 0), _rows(typed, "w", 0)))
    page.status_code = 422
    return page


def _typed(body: bytes) -> dict[str, list[str]]:
    """Return the fields that were sent. Raises InputError for too many, too much and what is no text."""
    if len(body) > MAX_BYTES:
        raise InputError("file-too-large", file=called("form"), limit=MAX_BYTES)
    try:
        return parse_qs(body.decode("ascii"), errors="strict", max_num_fields=_MOST_FIELDS)
    except ValueError as error:
        raise InputError("form-unreadable") from error


def _read(typed: Fields, known: Names) -> tuple[Brief | Filled, Mapping[str, Sequence[Message]]]:
    form = filled(typed)
    brief, findings = interpret(Document("form", form.data, {}), known)
    faults = form.by_field(findings)
    return (form if brief is None or faults else brief), faults


def _rows(typed: Fields, letter: str, more: int) -> int:
    used = [row for row in range(MOST) if any(name.startswith(f"{letter}{row}-") for name in typed)]
    return min(MOST, max(1, max(used, default=-1) + 1 + more))


def _form(language: str, portal: Portal, sheet: Sheet) -> Html:
    say, known = translator(language), portal.territory
    names = names_in(known)
    return html(
        "brief_form.html",
        language,
        portal,
        "briefs/new",
        sheet=sheet,
        questions=QUESTIONS,
        activities=[one.value for one in Activity],
        presets=list(zip(NAMES, presets(), strict=True)),
        criteria=CRITERIA,
        modes=[one.value for one in Mode],
        names=names,
        municipalities=[(name, name) for name in sorted(names.municipalities)],
        sites=[(one.id, say(one.name)) for one in known.sites] if len(known.sites) <= _LISTED else [],
        words={
            one.id: [(word, say.word(one.criterion, word)) for word in one.known.words]
            for one in QUESTIONS
            if one.bound.is_words
        },
        label_of=label_of,
    )


@get("/{language:str}/brief", sync_to_thread=True, include_in_schema=False)
def brief_page(
    language: str,
    portal: Portal,
    b: str = "",
    as_of: date | None = None,
    w: list[str] | None = None,
    since: str = "",
) -> Html:
    """Show the shortlist of the brief in the address."""
    say, asked = speak(language), brief_asked(portal, "", b)
    text = shortlist_page(portal, say, asked, as_of, f"brief?b={quote(b)}", w or (), since=since)
    return Response(text, media_type=MediaType.HTML)


@get("/api/brief", sync_to_thread=True)
def brief_data(
    portal: Portal,
    b: str = "",
    brief: str = "",
    lang: Language = "en",
    form: Literal["json", "toml"] = "json",
) -> Response[Any]:
    """Return the brief in the address (``b``), or one of the city's, as ``POST /api/match`` takes it, or TOML."""
    found = brief_asked(portal, brief, b)
    if form == "json":
        return Response(as_data(found))
    headers = {"content-disposition": f'attachment; filename="{quote(found.id or "brief")}.toml"'}
    return Response(to_toml(found, translator(lang)), media_type="application/toml; charset=utf-8", headers=headers)


@post("/api/match", status_code=200)
async def match_sent(
    portal: Portal,
    body: bytes,
    lang: Language = "en",
    as_of: date | None = None,
    w: list[str] | None = None,
    method: Method | None = None,
    since: str = "",
) -> dict[str, Any]:
    """Answer the brief in the body, JSON as ``GET /api/brief`` gives it, as ``/api/match/NAME`` answers the city's."""

    def answer() -> dict[str, Any]:
        brief = replace(check(read_json(body, "body"), names_in(portal.territory)), id="")
        return told(answered(portal, brief, as_of, w), lang, method, since)

    return await sync_to_thread(answer)


BRIEF_PAGES = [brief_typed, brief_form, brief_page]
BRIEF_API = [match_sent, brief_data]
