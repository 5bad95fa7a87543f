"""How firm the order of a shortlist is, on paper: how often each site takes each rank, and in words."""

from __future__ import annotations

from collections.abc import Iterator

from portico.charts import Stack, stacks
from portico.dossier.document import blocks as b
from portico.dossier.document.blocks import Block, Pieces
from portico.dossier.document.glyphs import shown
from portico.dossier.document.notes import Notes
from portico.dossier.document.parts import capital, short
from portico.match.firm_words import contender_words, find_out_words, first_words, next_told, sentences, times
from portico.match.model import Shortlist
from portico.match.robustness import Firm, Firmness, robustness
from portico.messages import Message
from portico.translation import Translator

_CHARTED = 10
_RANKS = 5
_TOLD = 5


def firm_blocks(answer: Shortlist, say: Translator, notes: Notes) -> Iterator[Block]:
    """Yield how firm the order of each group is; nothing where there is nothing to rank."""
    found = robustness(answer)
    if not found.groups:
        return
    yield b.heading(2, say("dossier.firm"))
    yield b.paragraph(say("dossier.firm.lead"), style="before")
    for one in found.groups:
        yield from _group(one, say, notes)
    if found.contenders:
        yield b.heading(3, say("dossier.contenders"))
        yield b.bullets([[say(contender_words(each))] for each in found.contenders[:_TOLD]])


def _group(one: Firmness, say: Translator, notes: Notes) -> Iterator[Block]:
    title = b.heading(3, capital(say(f"dossier.group.{one.group.value}")))
    charted = [] if one.is_certain or len(one.entries) == 1 else _charted(one)
    yield b.together(title, _chart(one, charted, say, notes)) if charted else title
    told: list[Pieces] = [[say(each)] for each in sentences(one)]
    told += [[say(find_out_words(each))] for each in next_told(one)]
    if told:
        yield b.bullets(told)


def _charted(one: Firmness) -> list[Firm]:
    """Return the likeliest firsts, the likeliest first."""
    return sorted(one.entries, key=lambda each: -(each.first.value or 0.0))[:_CHARTED]


def _chart(one: Firmness, charted: list[Firm], say: Translator, notes: Notes) -> Block:
    rows = [
        Stack(
            shown(short(say(each.site.name) or each.site.id)),
            _parts(each.ranks),
            shown(say(times(each.first.value or 0.0))),
        )
        for each in charted
    ]
    count = max(len(row.shares) for row in rows)
    named = [str(place) for place in range(1, min(count, _RANKS) + 1)]
    if count > _RANKS:
        named.append(f"{_RANKS + 1}+")
    told = "; ".join(f"{short(say(each.site.name))}: {say(first_words(each))}" for each in charted)
    chart = stacks(
        rows, title=shown(say("dossier.firm")), axis=say("dossier.axis-ranks"), parts_named=named,
        number=lambda value: f"{say.number(100 * value)} %",
    )  # fmt: skip
    caption = say(Message("dossier.firm.caption", {"draws": one.draws}))
    return b.picture(chart, say(Message("dossier.firm.alt", {"told": told})), [caption, *notes.of(charted[0].first)])


def _parts(ranks: tuple[float, ...]) -> tuple[float, ...]:
    """Return the shares of the first ranks one by one, of all the others together.

    >>> _parts((0.5, 0.25, 0.25))
    (0.5, 0.25, 0.25)
    """
    return ranks if len(ranks) <= _RANKS else (*ranks[:_RANKS], sum(ranks[_RANKS:]))
