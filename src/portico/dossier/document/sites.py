"""The dossier of a shortlist, site by site: the reasons, why not the others, what is not known and whom to ask."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from portico.city.consent import consent
from portico.city.readiness import readiness
from portico.dossier import plain
from portico.dossier.document import blocks as b
from portico.dossier.document.blocks import Block, Pieces
from portico.dossier.document.parts import capital, recalled, short, who_answers
from portico.dossier.document.told import EXCLUDED_SHOWN, LISTED, NEAR_SHOWN, Told, name_of, rank_of, score_of
from portico.match.model import Answerer, Contribution, Decided, Entry
from portico.messages import Message


def site_blocks(of: Told) -> Iterator[Block]:
    """Yield the sites that are shown with all their reasons."""
    if not of.in_full:
        return
    yield b.heading(2, of.say("dossier.site-by-site"))
    left = len(of.listed) - len(of.in_full)
    if left:
        yield b.paragraph(of.say(Message("dossier.others-in-workbook", {"count": left})), style="small")
    for entry in of.in_full:
        yield from _site(of, entry)


def _site(of: Told, entry: Entry) -> Iterator[Block]:
    say, site = of.say, entry.site
    yield b.heading(3, f"{of.signs.get(site.id, '–')}. {name_of(entry, say)}")
    place = ", ".join(part for part in (site.address, site.municipality) if part) or site.id
    standing = say(
        Message(
            "dossier.standing",
            {
                "group": Message(f"dossier.group.{entry.group.value}"),
                "rank": rank_of(entry, say),
                "score": score_of(entry, say),
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


def _must(of: Told, one: Decided) -> list[Pieces]:
    say = of.say
    found = one.measured.found
    reason = f"{capital(plain.name_of(one.must, say))}: {say(one.reason)}"
    return [
        [b.styled(say(f"outcome.{one.outcome.value}"), one.outcome.value)],
        [reason, *of.notes.of(found), *recalled(found, say)],
    ]


def _contribution(of: Told, one: Contribution) -> list[Pieces]:
    say = of.say
    worth = say.number(one.low, 2) if one.low == one.high else f"{say.number(one.low, 2)}–{say.number(one.high, 2)}"
    found = one.measured.found
    return [[f"{say.number(100 * one.share)} %"], [say(one.words), *of.notes.of(found), *recalled(found, say)], [worth]]


def excluded_blocks(of: Told) -> Iterator[Block]:
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
            [_near(of, one) for one in near[:NEAR_SHOWN]],
            [2, 1.6, 4],
        )
    if rest:
        if near:
            yield b.heading(3, say("dossier.others-excluded"))
        yield b.table(
            [say("dossier.the-site"), say("page.reason")], [_reasons(of, one) for one in rest[:EXCLUDED_SHOWN]], [2, 5]
        )
    left = max(len(near) - NEAR_SHOWN, 0) + max(len(rest) - EXCLUDED_SHOWN, 0)
    if left:
        yield b.paragraph(say(Message("dossier.more-sites", {"count": left})), style="small")
    if answer.relaxations:
        yield b.heading(3, say("what-would-free"))
        yield b.bullets([[say(plain.relaxation_words(one))] for one in answer.relaxations])


def _near(of: Told, entry: Entry) -> list[Pieces]:
    missed = entry.failed[0]
    by = of.say.figure(missed.short_by) if missed.short_by else "–"
    return [[name_of(entry, of.say)], [by], _reason(of, missed)]


def _reasons(of: Told, entry: Entry) -> list[Pieces]:
    pieces: Pieces = []
    for place, one in enumerate(entry.failed):
        pieces += ["; "] if place else []
        pieces += _reason(of, one)
    return [[name_of(entry, of.say)], pieces]


def _reason(of: Told, one: Decided) -> Pieces:
    found = one.measured.found
    return [
        f"{capital(plain.name_of(one.must, of.say))}: {of.say(one.reason)}",
        *of.notes.of(found),
        *recalled(found, of.say),
    ]


def unknown_blocks(of: Told) -> Iterator[Block]:
    """Yield what is not known of the sites that are not excluded: the question, whom to ask, by when."""
    say = of.say
    yield b.heading(2, say("dossier.unknown"))
    yield b.paragraph(say("dossier.unknown.shortlist"), style="before")
    rows = [row for entry in of.listed[:LISTED] for row in _open(of, entry)]
    if not rows:
        yield b.paragraph(say("dossier.nothing-unknown"))
        return
    header = [say("dossier.the-site"), say("dossier.question"), say("dossier.ask"), say("dossier.by")]
    yield b.table(header, rows, [1.7, 4, 1.8, 1.3])


def _open(of: Told, entry: Entry) -> Iterator[list[Pieces]]:
    """Yield the open questions on a site, a row for each body that is asked."""
    say = of.say
    asked: dict[tuple[str, str], Pieces] = {}
    for one in entry.questions:
        pieces = asked.setdefault((short(say(one.ask.name), 50), say.day(one.by)), [])
        pieces += [b.BREAK] if pieces else []
        pieces += [say(one.words), *([" ", b.styled(say("dossier.decides"), "unknown")] if one.decides else [])]
    for (who, day), pieces in asked.items():
        yield [[f"{of.signs.get(entry.site.id, '–')} {name_of(entry, say)}"], pieces, [who], [day]]


def bodies(of: Told) -> Sequence[Answerer]:
    """Return the bodies that answer for the sites, and those that are asked."""
    asked = [Answerer(one.ask, one.by) for entry in of.listed for one in entry.questions]
    return [entry.who_answers for entry in of.listed or of.answer.entries] + asked
