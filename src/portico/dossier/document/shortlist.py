"""The dossier of the answer to a brief: the order and how firm it is, site by site, why not the others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from portico.charts import Bar, ranges
from portico.city.consent import consent
from portico.city.readiness import readiness
from portico.dossier import plain
from portico.dossier.document import blocks as b
from portico.dossier.document import map as maps
from portico.dossier.document.blocks import Block, Pieces
from portico.dossier.document.firm import firm_blocks
from portico.dossier.document.glyphs import shown
from portico.dossier.document.notes import Notes
from portico.dossier.document.parts import (
    answerers,
    capital,
    document,
    method,
    recalled,
    short,
    sources,
    who_answers,
)
from portico.dossier.document.site import attribution
from portico.match.model import Answerer, Contribution, Decided, Entry, Group, Must, Shortlist, Want
from portico.messages import Message
from portico.territory.layers import Territory
from portico.translation import Translator

IN_FULL = 6
"""Sites to verify that are shown with all their reasons; qualified ones all are. The workbook has every one in full."""
_LISTED = 40
_CHARTED = 20
_MOST_SIGNED = 60


@dataclass(slots=True)
class _Answer:
    """What the sections of one dossier share; ``signs`` are the numbers of sites on the map and in the tables."""

    answer: Shortlist
    territory: Territory
    say: Translator
    notes: Notes
    signs: dict[str, str] = field(default_factory=dict)

    @property
    def listed(self) -> tuple[Entry, ...]:
        """The sites that are not excluded, in their order."""
        return (*self.answer.qualified, *self.answer.to_verify)

    @property
    def in_full(self) -> tuple[Entry, ...]:
        """The sites that are shown with all their reasons."""
        return (*self.answer.qualified, *self.answer.to_verify[:IN_FULL])


def shortlist_content(answer: Shortlist, territory: Territory, say: Translator) -> dict[str, Any]:
    """Return the content of the dossier of the answer to a brief for the template."""
    of = _Answer(answer, territory, say, Notes(say))
    of.signs = {entry.site.id: str(place) for place, entry in enumerate(of.listed[:_MOST_SIGNED], start=1)}
    title = say(answer.brief.title) or answer.brief.id
    made = [*_blocks(of, title)]
    about = say(Message("dossier.shortlist.about", {"title": title, "city": territory.settings.name}))
    return document(made, of.notes, say, territory.settings, title=f"{short(title)} – {say(territory.settings.name)}",
                    about=about, as_of=answer.as_of)  # fmt: skip


def _blocks(of: _Answer, title: str) -> Iterator[Block]:
    say, answer = of.say, of.answer
    yield b.paragraph(f"{say('dossier.shortlist')} · {say(of.territory.settings.name)}", style="kicker")
    yield b.heading(1, short(title, 180))
    if say(answer.brief.summary):
        yield b.paragraph(say(answer.brief.summary), style="lead")
    yield from _in_short(of)
    yield from _asked(of)
    yield from _map(of)
    yield from firm_blocks(answer, say, of.notes)
    yield from _sites(of)
    yield from _excluded(of)
    yield from _unknown(of)
    yield from answerers(_bodies(of), say)
    yield from method(say, is_scored=True)
    yield from sources(of.territory, of.notes, say)


def _in_short(of: _Answer) -> Iterator[Block]:
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
    rows = [_row(of, entry) for entry in of.listed[:_LISTED]]
    yield b.table(header, rows, [0.45, 0.75, 3, 1.3, 1, 1.6, 1.6])
    if len(of.listed) > _LISTED:
        yield b.paragraph(say(Message("dossier.more-sites", {"count": len(of.listed) - _LISTED})), style="small")
    yield from _score_chart(of)


def _sector(of: _Answer) -> str:
    brief = of.answer.brief
    values = {
        "activity": Message(f"activity.{brief.activity.value}"),
        "sector": brief.sector or "–",
        "ateco": ", ".join(brief.ateco) or "–",
    }
    return of.say(Message("dossier.activity", values))


def _rank(entry: Entry, say: Translator) -> str:
    if entry.rank is None:
        return say("not-ranked")
    low, high = entry.rank.low, entry.rank.high
    return str(low) if low == high else f"{low}–{high}"


def _score(entry: Entry, say: Translator) -> str:
    low, high = say.number(entry.score_low, 2), say.number(entry.score_high, 2)
    return low if low == high else f"{low}–{high}"


def _name(entry: Entry, say: Translator) -> str:
    return short(say(entry.site.name) or entry.site.id)


def _row(of: _Answer, entry: Entry) -> list[Pieces]:
    say, who = of.say, entry.who_answers
    where: Pieces = [" ", b.styled(entry.site.municipality, "small")] if entry.site.municipality else []
    style = "pass" if entry.group is Group.QUALIFIED else "unknown"
    return [
        [of.signs.get(entry.site.id, "–")],
        [_rank(entry, say)],
        [b.styled(_name(entry, say), "strong"), *where],
        [b.styled(say(f"dossier.group.{entry.group.value}"), style)],
        [_score(entry, say)],
        [short(say(who.partner.name), 40)],
        [say.day(who.by)],
    ]


def _score_chart(of: _Answer) -> Iterator[Block]:
    say = of.say
    charted = [entry for entry in of.listed if entry.is_rankable][:_CHARTED]
    if not charted:
        return
    bars = [
        Bar(
            shown(f"{of.signs.get(one.site.id, '')} {_name(one, say)}".strip()),
            one.score_low, one.score_mid, one.score_high, shown(_score(one, say)), one.group is Group.TO_VERIFY,
        )
        for one in charted
    ]  # fmt: skip
    told = "; ".join(f"{bar.label}: {bar.value}" for bar in bars)
    chart = ranges(bars, title=shown(say("page.score")), axis=say("dossier.axis-score"), number=say.number, most=1.0)
    yield b.picture(chart, say(Message("dossier.score.alt", {"told": told})), [say("dossier.score.caption")])


def _asked(of: _Answer) -> Iterator[Block]:
    """Yield what the brief asks for: the musts with their limits, the wants with their weights."""
    say, brief = of.say, of.answer.brief
    yield b.heading(2, say("dossier.asked"))
    yield b.heading(3, say("page.musts"))
    yield b.bullets(
        [[plain.name_of(must, say), _limit(must, say)] for must in brief.musts] or [[say("dossier.no-musts")]]
    )
    yield b.heading(3, say("page.wants"))
    if not brief.wants:
        yield b.paragraph(say("dossier.no-wants"))
        return
    shares = brief.shares()
    order = sorted(range(len(shares)), key=lambda place: -shares[place])
    rows: list[list[Pieces]] = [
        [
            [f"{say.number(100 * shares[place])} %"],
            [plain.name_of(brief.wants[place], say)],
            [_scale(brief.wants[place], say)],
        ]
        for place in order
    ]
    yield b.table([say("page.weight"), say("dossier.wish"), say("dossier.scale")], rows, [0.7, 4, 3])


def _limit(must: Must, say: Translator) -> str:
    limits = [
        say(Message(f"dossier.{bound}", {"limit": say.number(value), "unit": say.unit(must.unit)}))
        for bound, value in (("at-least", must.at_least), ("at-most", must.at_most))
        if value is not None
    ]
    words = [say.word(must.criterion, word) for word in must.any_of]
    if words:
        limits.append(say(Message("dossier.any-of", {"words": words})))
    unwanted = [say.word(must.criterion, word) for word in must.none_of]
    if unwanted:
        limits.append(say(Message("dossier.none-of", {"words": unwanted})))
    return f": {'; '.join(limits)}" if limits else ""


def _scale(want: Want, say: Translator) -> str:
    if want.values:
        return ", ".join(
            f"{say.word(want.criterion, word)} {say.number(value, 2)}" for word, value in want.values.items()
        )
    if want.scale:
        return ", ".join(f"{say.number(x)} → {say.number(value, 2)}" for x, value in want.scale)
    return say("dossier.usual-scale")


def _map(of: _Answer) -> Iterator[Block]:
    say = of.say
    marks = [
        maps.Mark(of.signs.get(one.site.id, ""), _name(one, say), one.site.position.point, _look(one))
        for one in of.answer.entries
        if one.site.position is not None
    ]
    title = b.heading(2, say("dossier.where-all"))
    if not marks:
        yield from (title, b.paragraph(say("dossier.no-positions")))
        return
    first = [f"{of.signs[one.site.id]} {_name(one, say)}" for one in of.listed if one.site.id in of.signs]
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


def _sites(of: _Answer) -> Iterator[Block]:
    if not of.in_full:
        return
    yield b.heading(2, of.say("dossier.site-by-site"))
    left = len(of.listed) - len(of.in_full)
    if left:
        yield b.paragraph(of.say(Message("dossier.others-in-workbook", {"count": left})), style="small")
    for entry in of.in_full:
        yield from _site(of, entry)


def _site(of: _Answer, entry: Entry) -> Iterator[Block]:
    say, site = of.say, entry.site
    yield b.heading(3, f"{of.signs.get(site.id, '–')}. {_name(entry, say)}")
    place = ", ".join(part for part in (site.address, site.municipality) if part) or site.id
    standing = say(
        Message(
            "dossier.standing",
            {
                "group": Message(f"dossier.group.{entry.group.value}"),
                "rank": _rank(entry, say),
                "score": _score(entry, say),
            },
        )
    )
    yield b.paragraph(b.styled(place, "small"), " · ", standing, style="before")
    yield b.table(
        [say("dossier.outcome"), say("dossier.must-and-reason")], [_must(of, one) for one in entry.musts], [0.9, 6]
    )
    if entry.contributions:
        rows = [_contribution(of, one) for one in sorted(entry.contributions, key=lambda one: -one.share)]
        yield b.table([say("page.weight"), say("dossier.contribution"), say("dossier.worth")], rows, [0.7, 5, 1.2])
    limit = of.territory.settings.staleness.limit_months
    ready = readiness(site, of.answer.as_of, limit)
    level = say(Message("dossier.readiness-level", {"level": ready.level, "words": ready.words}))
    gaps = "; ".join(say(gap.words) for gap in ready.next_gaps)
    told = f"{level} {say(Message('dossier.next-gaps', {'gaps': gaps}))}" if gaps else level
    cited = of.notes.on(ready.evidence, None, ready.as_of) if ready.evidence else []
    state = b.paragraph(told, *cited, " ", say(consent(site, of.answer.as_of).words))
    yield b.together(state, who_answers(entry.who_answers, say))


def _must(of: _Answer, one: Decided) -> list[Pieces]:
    say = of.say
    found = one.measured.found
    reason = f"{capital(plain.name_of(one.must, say))}: {say(one.reason)}"
    return [
        [b.styled(say(f"outcome.{one.outcome.value}"), one.outcome.value)],
        [reason, *of.notes.of(found), *recalled(found, say)],
    ]


def _contribution(of: _Answer, one: Contribution) -> list[Pieces]:
    say = of.say
    worth = say.number(one.low, 2) if one.low == one.high else f"{say.number(one.low, 2)}–{say.number(one.high, 2)}"
    found = one.measured.found
    return [[f"{say.number(100 * one.share)} %"], [say(one.words), *of.notes.of(found), *recalled(found, say)], [worth]]


def _excluded(of: _Answer) -> Iterator[Block]:
    """Yield the sites left out, near misses first, each with what it failed; then what would free them."""
    say, answer = of.say, of.answer
    near = [entry for entry in answer.excluded if entry.is_near_miss]
    rest = [entry for entry in answer.excluded if not entry.is_near_miss]
    yield b.heading(2, say("dossier.excluded"))
    if not answer.excluded:
        yield b.paragraph(say("group.excluded.empty"))
        return
    if near:
        yield b.heading(3, say("page.near-misses"))
        yield b.table(
            [say("dossier.the-site"), say("dossier.by-how-much"), say("page.reason")],
            [_near(of, one) for one in near],
            [2, 1.6, 4],
        )
    if rest:
        if near:
            yield b.heading(3, say("dossier.others-excluded"))
        yield b.table([say("dossier.the-site"), say("page.reason")], [_reasons(of, one) for one in rest], [2, 5])
    if answer.relaxations:
        yield b.heading(3, say("what-would-free"))
        yield b.bullets([[say(plain.relaxation_words(one))] for one in answer.relaxations])


def _near(of: _Answer, entry: Entry) -> list[Pieces]:
    missed = entry.failed[0]
    by = of.say.figure(missed.short_by) if missed.short_by else "–"
    return [[_name(entry, of.say)], [by], _reason(of, missed)]


def _reasons(of: _Answer, entry: Entry) -> list[Pieces]:
    pieces: Pieces = []
    for place, one in enumerate(entry.failed):
        pieces += ["; "] if place else []
        pieces += _reason(of, one)
    return [[_name(entry, of.say)], pieces]


def _reason(of: _Answer, one: Decided) -> Pieces:
    found = one.measured.found
    return [
        f"{capital(plain.name_of(one.must, of.say))}: {of.say(one.reason)}",
        *of.notes.of(found),
        *recalled(found, of.say),
    ]


def _unknown(of: _Answer) -> Iterator[Block]:
    """Yield what is not known of the sites that are not excluded: the question, whom to ask, by when."""
    say = of.say
    yield b.heading(2, say("dossier.unknown"))
    yield b.paragraph(say("dossier.unknown.shortlist"), style="before")
    rows = [row for entry in of.listed[:_LISTED] for row in _open(of, entry)]
    if not rows:
        yield b.paragraph(say("dossier.nothing-unknown"))
        return
    header = [say("dossier.the-site"), say("dossier.question"), say("dossier.ask"), say("dossier.by")]
    yield b.table(header, rows, [1.7, 4, 1.8, 1.3])


def _open(of: _Answer, entry: Entry) -> Iterator[list[Pieces]]:
    """Yield the open questions on a site, a row for each body that is asked."""
    say = of.say
    asked: dict[tuple[str, str], Pieces] = {}
    for one in entry.questions:
        pieces = asked.setdefault((short(say(one.ask.name), 50), say.day(one.by)), [])
        pieces += [b.BREAK] if pieces else []
        pieces += [say(one.words), *([" ", b.styled(say("dossier.decides"), "unknown")] if one.decides else [])]
    for (who, day), pieces in asked.items():
        yield [[f"{of.signs.get(entry.site.id, '–')} {_name(entry, say)}"], pieces, [who], [day]]


def _bodies(of: _Answer) -> Sequence[Answerer]:
    asked = [Answerer(one.ask, one.by) for entry in of.listed for one in entry.questions]
    return [entry.who_answers for entry in of.listed or of.answer.entries] + asked
