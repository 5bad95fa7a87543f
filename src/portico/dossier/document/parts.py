"""What dossiers of a site and of a shortlist share: who answers, how scores come about, what it all rests on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from portico.city import tables
from portico.city.model import CitySettings
from portico.city.readiness import Gap, Readiness
from portico.dossier.document import blocks as b
from portico.dossier.document.blocks import Block, Pieces
from portico.dossier.document.notes import Notes, versions
from portico.figures import Figure, Statement
from portico.match.model import Answerer
from portico.messages import Message
from portico.territory.layers import Territory
from portico.translation import Translator

TITLE_LENGTH = 180
_NAME_LENGTH = 90
TABLE_NAMES = frozenset(table.name for table in tables.TABLES)
METHODS = ("interval", "musts", "wants", "rank", "unknown", "old", "minutes")


def short(text: str, most: int = _NAME_LENGTH) -> str:
    """Return a name for a table or a head: on one line, no longer than ``most`` characters.

    >>> short("Old  mill" + " and more" * 50, 20)
    'Old mill and more a…'
    """
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def capital(text: str) -> str:
    """Return ``text`` with its first letter large.

    >>> capital("estimated")
    'Estimated'
    """
    return text[:1].upper() + text[1:]


def document(
    made: Sequence[Block], notes: Notes, say: Translator, settings: CitySettings, *, title: str, about: str, as_of: date
) -> dict[str, Any]:
    """Return what the template is given: the blocks with their notes, and what stands on every page.

    The reference is made of the content itself: the same facts on the same day have the same one.
    """
    content: dict[str, Any] = {
        "title": short(title, TITLE_LENGTH),
        "running": short(title),
        "city": say(settings.name),
        "author": say(settings.name),
        "description": short(about, 300),
        "keywords": [say(settings.name), say("dossier.keyword")],
        "lang": say.language,
        "region": {"en": "gb", "it": "it"}[say.language],
        "words": {
            "reference": say("dossier.reference"),
            "as-of": say(Message("dossier.as-of", {"day": as_of})),
            "page": say("dossier.page"),
        },
        "notes": notes.texts,
        "blocks": list(made),
        "cites": [list(key) for key in versions(notes.evidence.values())],
    }
    digest = hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode("utf-8", "replace"))
    content["reference"] = f"{settings.id}-{as_of:%Y%m%d}-{digest.hexdigest()[:8].upper()}"
    return content


def found_pieces(found: Figure | Statement, vocabulary: str, notes: Notes, say: Translator) -> Pieces:
    """Return a figure or words with the call of their note, and in words where they are only recalled."""
    text = say.figure(found) if isinstance(found, Figure) else say.statement(found, vocabulary)
    return [text, *notes.of(found), *recalled(found, say)]


def recalled(found: Figure | Statement, say: Translator) -> Pieces:
    """Return the mark of what rests on general knowledge, nothing for anything else."""
    return [" ", b.styled(f"[{say('recalled')}]", "small")] if found.is_recalled else []


def state_of(found: Figure | Statement, say: Translator, *, is_stale: bool) -> Pieces:
    """Return status and date as words, with a mark where they are out of date."""
    if not found.is_known:
        return [say("figure-status.missing")]
    pieces: Pieces = [f"{say(f'figure-status.{found.status.value}')}, {say.day(found.as_of)}"]
    return [*pieces, " ", b.styled(say("stale"), "stale")] if is_stale else pieces


def who_answers(one: Answerer, say: Translator) -> Block:
    """Return who answers and by when, as the first thing a reader needs."""
    values = {"name": one.partner.name, "office": one.partner.office, "by": one.by, "count": one.partner.working_days}
    said = say(Message(f"answers-by.{one.partner.commitment.value}", values))
    return b.paragraph(b.styled(say("who-answers"), "strong"), ": ", said, style="box")


def answerers(every: Iterable[Answerer], say: Translator) -> Iterator[Block]:
    """Yield the table of the bodies that answer, each once."""
    once = {one.partner.id: one for one in every}
    yield b.heading(2, say("page.who-answers"))
    yield b.table(
        [say("dossier.body"), say("dossier.office"), say("dossier.by"), say("dossier.term")],
        [
            [
                [short(say(one.partner.name))],
                [short(say(one.partner.office), 160)],
                [say.day(one.by)],
                [_term(one, say)],
            ]
            for one in once.values()
        ],
        [2, 3, 1.4, 2],
    )


def _term(one: Answerer, say: Translator) -> str:
    partner = one.partner
    return f"{partner.working_days} {say.unit('working-days')}, {say(f'page.{partner.commitment.value}')}"


def readiness_block(found: Readiness, notes: Notes, say: Translator) -> Iterator[Block]:
    """Yield how ready a site is: the level, what is missing and who brings it."""
    level = say(Message("dossier.readiness-level", {"level": found.level, "words": found.words}))
    pieces: Pieces = [level, *(notes.on(found.evidence, None, found.as_of) if found.evidence else [])]
    yield b.heading(2, say("dossier.readiness"))
    yield b.paragraph(*pieces, style="before")
    if found.gaps:
        yield b.table(
            [say("dossier.level"), say("dossier.missing"), say("dossier.who-brings")],
            [_gap(gap, notes, say) for gap in found.gaps],
            [0.6, 4, 2],
        )


def _gap(gap: Gap, notes: Notes, say: Translator) -> list[Pieces]:
    cited = notes.on(gap.evidence, None, gap.as_of) if gap.evidence else []
    return [[say.number(gap.requirement.level)], [say(gap.words), *cited], [say(gap.who)]]


def method(say: Translator, *, is_scored: bool) -> Iterator[Block]:
    """Yield the page on how figures and scores come about."""
    yield b.heading(2, say("dossier.method"))
    for name in METHODS if is_scored else ("interval", "old", "minutes"):
        yield b.heading(3, say(f"dossier.method.{name}"))
        yield b.paragraph(say(f"dossier.method.{name}.text"))


def sources(territory: Territory, notes: Notes, say: Translator) -> Iterator[Block]:
    """Yield what the dossier rests on: every version with its licence, and the sources as their licences ask."""
    used = versions(notes.evidence.values())
    yield b.heading(2, say("dossier.data"))
    yield b.paragraph(say("page.disclaimer"), style="before")
    yield b.paragraph(say("dossier.data.lead"), style="before")
    if used:
        yield b.table(
            [say("dossier.dataset"), say("version"), say("dossier.rows-used"), say("licence")],
            [
                [
                    _dataset(territory, name, say),
                    [version],
                    [say.number(rows) if rows else say("dossier.whole")],
                    [territory.licences.get(name, "")],
                ]
                for (name, version), rows in used.items()
            ],
            [2.4, 4.4, 1, 1.3],
        )
    if territory.settings.sources:
        yield b.heading(3, say("dossier.sources"))
        yield b.bullets(
            [
                [f"{say(one.title)}: {one.publisher}. {one.licence}. {one.url}".rstrip()]
                for one in territory.settings.sources
            ]
        )


def _dataset(territory: Territory, name: str, say: Translator) -> Pieces:
    """Return the title of a dataset, where it has one, with its id."""
    stated = territory.settings.datasets.get(name)
    title = say(stated.title) if stated else ""
    if not title and name in TABLE_NAMES:
        title = say(f"dataset.{name}")
    return [f"{title} ", b.styled(name, "small")] if title else [name]
