"""The dossier of a site: where it lies, what is known of it, how near things are, what is not known, who answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from portico.charts import Bar, ranges
from portico.city.consent import Contact
from portico.dossier.document import blocks as b
from portico.dossier.document import map as maps
from portico.dossier.document.blocks import Block, Pieces
from portico.dossier.document.glyphs import shown
from portico.dossier.document.notes import Notes
from portico.dossier.document.parts import (
    answerers,
    capital,
    document,
    found_pieces,
    method,
    readiness_block,
    recalled,
    short,
    sources,
    state_of,
    who_answers,
)
from portico.dossier.document.permits import site_section
from portico.dossier.permits_site import site_permits
from portico.dossier.site_sheet import Line, Reach, SiteSheet, site_sheet
from portico.figures import Figure
from portico.match.answering import Answering
from portico.match.model import Answerer
from portico.messages import Message, Text
from portico.territory.layers import PLACE_LAYERS, Territory
from portico.territory.queries import Near
from portico.translation import Translator

_NO_CONTACTS: Mapping[str, Contact] = {}


def site_content(
    territory: Territory, identifier: str, say: Translator, as_of: date, contacts: Mapping[str, Contact] = _NO_CONTACTS
) -> dict[str, Any]:
    """Return the content of the dossier of a site for the template.

    ``contacts`` are those that the city keeps to itself; one is printed only under the owner's consent. Raises
    UnknownNameError for an unknown site.
    """
    sheet = site_sheet(territory, identifier, as_of, contacts)
    notes = Notes(say)
    name = say(sheet.site.name) or sheet.site.id
    made = [*_blocks(_Site(territory, sheet, notes, say), name)]
    about = say(Message("dossier.site.about", {"name": name, "city": territory.settings.name}))
    title = f"{short(name)} – {say(territory.settings.name)}"
    return document(made, notes, say, territory.settings, title=title, about=about, as_of=as_of)


class _Site:
    """What the sections of one dossier share."""

    def __init__(self, territory: Territory, sheet: SiteSheet, notes: Notes, say: Translator) -> None:
        self.territory, self.sheet, self.notes, self.say = territory, sheet, notes, say
        settings = territory.settings
        self.answering = Answering(settings.partners, settings.calendar, sheet.as_of)
        self.numbers = _numbers(sheet)

    def who(self, topic: str) -> Answerer:
        return self.answering.who(self.sheet.site, topic)


def _numbers(sheet: SiteSheet) -> dict[str, tuple[str, Near]]:
    """Return the sign on the map of each place that counts, in the order of the travel times."""
    found: dict[str, tuple[str, Near]] = {}
    for reach in sheet.nearby:
        if reach.near is not None and reach.near.place.position is not None and reach.near.place.id not in found:
            found[reach.near.place.id] = (str(len(found) + 1), reach.near)
    return found


def _blocks(of: _Site, name: str) -> Iterator[Block]:
    say, sheet = of.say, of.sheet
    yield b.paragraph(f"{say('dossier.site')} · {say(of.territory.settings.name)}", style="kicker")
    yield b.heading(1, short(name, 180))
    place = ", ".join(part for part in (sheet.site.address, sheet.site.municipality) if part)
    yield b.paragraph(*([place] if place else [sheet.site.id]), style="lead")
    if len(" ".join(name.split())) > 180:  # noqa: PLR2004 - the title was cut: here it stands in full
        yield b.paragraph(name)
    yield from _description(of)
    yield who_answers(sheet.who_answers, say)
    yield _consent(of)
    yield from _map(of, name)
    yield from _known(of)
    yield from _travel(of)
    yield from readiness_block(sheet.readiness, of.notes, say)
    yield from site_section(site_permits(of.territory, sheet.site, sheet.as_of), of.notes, say)
    yield from _record(of)
    yield from _unknown(of)
    yield from answerers(_bodies(of), say)
    yield from method(say, is_scored=False)
    yield from sources(of.territory, of.notes, say)


def _consent(of: _Site) -> Block:
    """Return whether the owner agrees, and whom to speak to there: told only under a consent that holds."""
    say, sheet = of.say, of.sheet
    cited = of.notes.on(sheet.consent.evidence, None, sheet.consent.on) if sheet.consent.evidence else []
    told = f"{say('site-contact')}: {' · '.join(sheet.contact.parts)}" if sheet.contact else say("site-contact-hidden")
    return b.paragraph(b.styled(say(sheet.consent.words), "strong"), *cited, " ", told)


def _record(of: _Site) -> Iterator[Block]:
    """Yield what is said of the entry itself; nothing where nothing is."""
    known = [line for line in of.sheet.record if line.is_known]
    if known:
        yield b.heading(2, of.say("site-record"))
        yield _lines(of, known)


def _description(of: _Site) -> Iterator[Block]:
    line = of.sheet.description
    if line is not None and isinstance(line.found, Text) and line.found:
        yield b.paragraph(of.say(line.found), *of.notes.on(line.evidence, None, line.as_of))


def _map(of: _Site, name: str) -> Iterator[Block]:
    say, site = of.say, of.sheet.site
    title = b.heading(2, say("dossier.where"))
    if site.position is None:
        yield from (title, b.paragraph(say("dossier.no-position")))
        return
    marks = [maps.Mark("", name, site.position.point, maps.Look.SITE, site.position.uncertainty_m)]
    for sign, near in of.numbers.values():
        if near.place.position is not None:
            marks.append(maps.Mark(sign, say(near.place.name), near.place.position.point, maps.Look.PLACE))
    values = {
        "name": short(name),
        "lon": say.number(site.position.point.lon, 4),
        "lat": say.number(site.position.point.lat, 4),
        "precision": Message(f"precision.{site.position.precision}"),
        "metres": round(site.position.uncertainty_m),
    }
    alt = say(
        Message("dossier.map.alt", {**values, "places": [short(say(one.place.name)) for _, one in of.numbers.values()]})
    )
    caption = say(Message("dossier.map.caption", values))
    pieces: Pieces = [caption, *of.notes.on((site.evidence,)), " ", attribution(of.territory, say)]
    yield b.together(title, b.picture(maps.draw(of.territory, marks, alt, say), alt, pieces))


def attribution(territory: Territory, say: Translator) -> str:
    """Return whom the map owes what it shows: each dataset drawn with its licence and its attribution."""
    drawn = [name for name in ("sites", *PLACE_LAYERS, "lines") if name in territory.versions]
    owed: dict[str, list[str]] = {}
    for name in drawn:
        stated = territory.settings.datasets.get(name)
        owed.setdefault(
            stated.attribution if stated and stated.attribution else say(territory.settings.name), []
        ).append(name)
    parts = []
    for whom, names in owed.items():
        licences = dict.fromkeys(territory.licences.get(name, "") for name in names)
        what = [Message(f"dataset.{name}") for name in names]
        parts.append(say(Message("dossier.map.owed", {"what": what, "whom": whom, "licence": ", ".join(licences)})))
    if maps.has_streets(territory) and territory.travel is not None:
        source = territory.travel.streets.source
        parts.append(say(Message("dossier.map.streets", {"publisher": source.publisher, "licence": source.licence})))
    return " ".join(parts)


def _known(of: _Site) -> Iterator[Block]:
    say = of.say
    known = [line for line in of.sheet.lines if line.is_known]
    yield b.heading(2, say("page.site-facts"))
    if not known:
        yield b.paragraph(say("dossier.nothing-known"))
        return
    yield _lines(of, known)


def _lines(of: _Site, lines: Iterable[Line]) -> Block:
    say = of.say
    rows: list[list[Pieces]] = [[[capital(say(line.label))], _value(of, line), _state(of, line)] for line in lines]
    return b.table([say("dossier.what"), say("page.value"), say("dossier.state")], rows, [1.5, 3.2, 1.6])


def _value(of: _Site, line: Line) -> Pieces:
    say = of.say
    if isinstance(line.found, Text):
        pieces: Pieces = [say(line.found), *of.notes.on(line.evidence, None, line.as_of)]
    else:
        pieces = found_pieces(line.found, line.name, of.notes, say)
    for note in (say(line.note), say(line.written) if line.written else ""):
        pieces += [" ", b.styled(note, "small")] if note else []
    return pieces


def _state(of: _Site, line: Line) -> Pieces:
    if isinstance(line.found, Text):
        dated: Pieces = [of.say.day(line.as_of)]
        return [*dated, " ", b.styled(of.say("stale"), "stale")] if line.is_stale else dated
    return state_of(line.found, of.say, is_stale=line.is_stale)


def _travel(of: _Site) -> Iterator[Block]:
    say = of.say
    yield b.heading(2, say("dossier.travel"))
    yield b.paragraph(say("dossier.travel.lead"), style="before")
    rows: list[list[Pieces]] = [
        [[_sign(of, reach)], [_asked(reach, say)], [_near(reach, say)], _minutes(of, reach)]
        for reach in of.sheet.nearby
    ]
    header = [say("dossier.on-map"), say("dossier.nearest"), say("dossier.which"), say("dossier.minutes")]
    yield b.table(header, rows, [0.55, 2.2, 3, 1.5])
    bars = [_bar(reach, say) for reach in of.sheet.nearby if reach.minutes.is_known]
    if bars:
        told = "; ".join(f"{bar.label}: {bar.value}" for bar in bars)
        alt = say(Message("dossier.travel.alt", {"told": told}))
        chart = ranges(bars, title=shown(say("dossier.travel")), axis=say("dossier.axis-minutes"), number=say.number)
        yield b.picture(chart, alt, [say("dossier.travel.caption")])


def _sign(of: _Site, reach: Reach) -> str:
    return of.numbers[reach.near.place.id][0] if reach.near and reach.near.place.id in of.numbers else "–"


def _asked(reach: Reach, say: Translator) -> str:
    values = {"kind": Message(f"kind.{reach.kind}"), "mode": Message(f"mode.{reach.mode.value}")}
    return capital(say(Message("nearest-by", values)))


def _near(reach: Reach, say: Translator) -> str:
    if reach.near is not None:
        return short(say(reach.near.place.name))
    return say(reach.minutes.note) if reach.minutes.note else say("unknown")


def _minutes(of: _Site, reach: Reach) -> Pieces:
    return found_pieces(reach.minutes, "", of.notes, of.say)


def _bar(reach: Reach, say: Translator) -> Bar:
    one = reach.minutes
    return Bar(shown(_asked(reach, say)), one.low, one.value, one.high, shown(say.figure(one)), one.is_recalled)


def _unknown(of: _Site) -> Iterator[Block]:
    """Yield what is not known, and what is too old to be relied on, each with whom to ask and by when."""
    say = of.say
    yield b.heading(2, say("dossier.unknown"))
    yield b.paragraph(say("dossier.unknown.lead"), style="before")
    rows: list[list[Pieces]] = [
        [[capital(say(line.label))], _why(of, line), _ask(of.who(line.name), say), [say.day(of.who(line.name).by)]]
        for line in of.sheet.lines
        if not line.is_known or line.is_stale
    ]
    for reach in of.sheet.nearby:
        if not reach.minutes.is_known:
            who = of.who("minutes-to-nearest")
            rows.append([[_asked(reach, say)], [_near(reach, say)], _ask(who, say), [say.day(who.by)]])
    if not rows:
        yield b.paragraph(say("dossier.nothing-unknown"))
        return
    header = [say("dossier.what"), say("dossier.why"), say("dossier.ask"), say("dossier.by")]
    yield b.table(header, rows, [2, 2.4, 2, 1.4])


def _why(of: _Site, line: Line) -> Pieces:
    say = of.say
    if line.is_known:
        return [say(Message("dossier.old", {"as_of": line.as_of or Message("undated")}))]
    if isinstance(line.found, Figure) and line.found.high is not None:
        return [say.figure(line.found), *recalled(line.found, say)]
    return [say("dossier.not-stated")]


def _ask(who: Answerer, say: Translator) -> Pieces:
    return [short(say(who.partner.name))]


def _bodies(of: _Site) -> list[Answerer]:
    asked = [of.who(line.name) for line in of.sheet.lines if not line.is_known or line.is_stale]
    return [of.sheet.who_answers, *asked]
