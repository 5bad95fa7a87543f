"""The dossier of the answer to a brief: the order and how firm it is, site by site, why not the others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from portico.charts import Bar, ranges
from portico.dossier.document import blocks as b
from portico.dossier.document import map as maps
from portico.dossier.document.asked import asked_blocks
from portico.dossier.document.blocks import Block, Pieces
from portico.dossier.document.firm import firm_blocks
from portico.dossier.document.glyphs import shown
from portico.dossier.document.notes import Notes
from portico.dossier.document.parts import (
    answerers,
    document,
    method,
    short,
    sources,
)
from portico.dossier.document.places import place_marks, travel_blocks
from portico.dossier.document.site import attribution
from portico.dossier.document.sites import bodies, excluded_blocks, site_blocks, unknown_blocks
from portico.dossier.document.told import LISTED, Told, name_of, rank_of, score_of
from portico.match.model import Entry, Group, Shortlist
from portico.messages import Message
from portico.territory.layers import Territory
from portico.translation import Translator

_CHARTED = 20
_PIECES = 6
_MOST_SIGNED = 60


def shortlist_content(answer: Shortlist, territory: Territory, say: Translator) -> dict[str, Any]:
    """Return the content of the dossier of the answer to a brief for the template."""
    of = Told(answer, territory, say, Notes(say, _PIECES))
    of.signs = {entry.site.id: str(place) for place, entry in enumerate(of.listed[:_MOST_SIGNED], start=1)}
    title = say(answer.brief.title) or answer.brief.id
    made = [*_blocks(of, title)]
    about = say(Message("dossier.shortlist.about", {"title": title, "city": territory.settings.name}))
    return document(made, of.notes, say, territory.settings, title=f"{short(title)} – {say(territory.settings.name)}",
                    about=about, as_of=answer.as_of)  # fmt: skip


def _blocks(of: Told, title: str) -> Iterator[Block]:
    say, answer = of.say, of.answer
    yield b.paragraph(f"{say('dossier.shortlist')} · {say(of.territory.settings.name)}", style="kicker")
    yield b.heading(1, short(title, 180))
    if say(answer.brief.summary):
        yield b.paragraph(say(answer.brief.summary), style="lead")
    yield from _in_short(of)
    yield from asked_blocks(answer.brief, say)
    yield from _map(of)
    yield from travel_blocks(of)
    yield from firm_blocks(answer, say, of.notes)
    yield from site_blocks(of)
    yield from excluded_blocks(of)
    yield from unknown_blocks(of)
    yield from answerers(bodies(of), say)
    yield from method(say, is_scored=True)
    yield from sources(of.territory, of.notes, say)


def _in_short(of: Told) -> Iterator[Block]:
    say, answer = of.say, of.answer
    counts = {
        "qualified": len(answer.qualified),
        "to_verify": len(answer.to_verify),
        "excluded": len(answer.excluded),
    }
    yield b.paragraph(b.styled(say(Message("match-summary", counts)), "strong"), " ", _sector(of), style="box")
    yield b.heading(2, say("dossier.order"))
    if not of.listed:
        yield b.paragraph(say("dossier.none-listed"))
        return
    if not answer.qualified:
        yield b.paragraph(say("group.qualified.empty"), style="before")
    heads = ("dossier.number", "dossier.place", "dossier.the-site", "dossier.group", "page.score", "page.who-answers")
    header = [say(name) for name in (*heads, "dossier.by")]
    rows = [_row(of, entry) for entry in of.listed[:LISTED]]
    yield b.table(header, rows, [0.45, 0.75, 3, 1.3, 1, 1.6, 1.6])
    if len(of.listed) > LISTED:
        yield b.paragraph(say(Message("dossier.more-sites", {"count": len(of.listed) - LISTED})), style="small")
    yield from _score_chart(of)


def _sector(of: Told) -> str:
    brief = of.answer.brief
    values = {
        "activity": Message(f"activity.{brief.activity.value}"),
        "sector": brief.sector or "–",
        "ateco": ", ".join(brief.ateco) or "–",
    }
    return of.say(Message("dossier.activity", values))


def _row(of: Told, entry: Entry) -> list[Pieces]:
    say, who = of.say, entry.who_answers
    where: Pieces = [" ", b.styled(entry.site.municipality, "small")] if entry.site.municipality else []
    style = "pass" if entry.group is Group.QUALIFIED else "unknown"
    return [
        [of.signs.get(entry.site.id, "–")],
        [rank_of(entry, say)],
        [b.styled(name_of(entry, say), "strong"), *where],
        [b.styled(say(f"dossier.group.{entry.group.value}"), style)],
        [score_of(entry, say)],
        [short(say(who.partner.name), 40)],
        [say.day(who.by)],
    ]


def _score_chart(of: Told) -> Iterator[Block]:
    say = of.say
    charted = [entry for entry in of.listed if entry.is_rankable][:_CHARTED]
    if not charted:
        return
    bars = [
        Bar(
            shown(f"{of.signs.get(one.site.id, '')} {name_of(one, say)}".strip()),
            one.score_low, one.score_mid, one.score_high, shown(score_of(one, say)), one.group is Group.TO_VERIFY,
        )
        for one in charted
    ]  # fmt: skip
    told = "; ".join(f"{bar.label}: {bar.value}" for bar in bars)
    chart = ranges(bars, title=shown(say("page.score")), axis=say("dossier.axis-score"), number=say.number, most=1.0)
    yield b.picture(chart, say(Message("dossier.score.alt", {"told": told})), [say("dossier.score.caption")])


def _map(of: Told) -> Iterator[Block]:
    say = of.say
    marks = [
        maps.Mark(of.signs.get(one.site.id, ""), name_of(one, say), one.site.position.point, _look(one))
        for one in of.answer.entries
        if one.site.position is not None
    ]
    marks += place_marks(of)
    title = b.heading(2, say("dossier.where-all"))
    if not marks:
        yield from (title, b.paragraph(say("dossier.no-positions")))
        return
    first = [f"{of.signs[one.site.id]} {name_of(one, say)}" for one in of.listed if one.site.id in of.signs]
    alt = say(Message("dossier.map-all.alt", {"sites": first or [say("dossier.none-listed")]}))
    caption = say("dossier.map-all.caption")
    drawn = b.picture(maps.draw(of.territory, marks, alt, say), alt, [caption, " ", attribution(of.territory, say)])
    yield b.together(title, drawn)


def _look(entry: Entry) -> maps.Look:
    return {
        Group.QUALIFIED: maps.Look.QUALIFIED,
        Group.TO_VERIFY: maps.Look.TO_VERIFY,
        Group.EXCLUDED: maps.Look.EXCLUDED,
    }[entry.group]
