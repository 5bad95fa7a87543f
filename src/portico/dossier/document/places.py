"""The places that count in a shortlist: lettered on the map, with the minutes from each site shown in full."""

from __future__ import annotations

import string
from collections.abc import Iterator

from portico.dossier.document import blocks as b
from portico.dossier.document import map as maps
from portico.dossier.document.blocks import Block, Pieces
from portico.dossier.document.parts import capital, found_pieces, short
from portico.dossier.document.told import Told, name_of
from portico.match.model import Asked, Entry, Measured
from portico.messages import Message
from portico.territory.model import Mode
from portico.territory.queries import Near

_MOST_ROWS = 60


def letters(of: Told) -> dict[str, tuple[str, Near]]:
    """Return a letter for each place that counts, in the order in which the sites and what is asked name them."""
    found: dict[str, tuple[str, Near]] = {}
    for _, _, near in _counting(of):
        if near.place.position is not None and near.place.id not in found and len(found) < len(string.ascii_uppercase):
            found[near.place.id] = (string.ascii_uppercase[len(found)], near)
    return found


def place_marks(of: Told) -> list[maps.Mark]:
    """Return the marks of the places that count."""
    return [
        maps.Mark(sign, of.say(near.place.name), near.place.position.point, maps.Look.PLACE)
        for sign, near in letters(of).values()
        if near.place.position is not None
    ]


def travel_blocks(of: Told) -> Iterator[Block]:
    """Yield the table of travel times; nothing where the brief asks for no place."""
    say, signs = of.say, letters(of)
    counting = [*_counting(of)][:_MOST_ROWS]
    rows = [_row(of, entry, mode, near, signs) for entry, mode, near in counting]
    if not rows:
        return
    yield b.heading(3, say("dossier.travel"))
    yield b.paragraph(say("dossier.travel-all.lead"), style="before")
    header = [say("dossier.the-site"), say("dossier.nearest-place"), say("dossier.how"), say("dossier.minutes")]
    yield b.table(header, rows, [2.6, 3, 1.2, 1.5])


def _row(of: Told, entry: Entry, mode: Mode, near: Near, signs: dict[str, tuple[str, Near]]) -> list[Pieces]:
    say = of.say
    letter = f"{signs[near.place.id][0]} " if near.place.id in signs else ""
    return [
        [f"{of.signs.get(entry.site.id, '–')} {name_of(entry, say)}"],
        [letter + short(say(near.place.name))],
        [capital(say(Message(f"mode.{mode.value}")))],
        found_pieces(near.minutes.resting_also_on(entry.site.evidence), "", of.notes, say),
    ]


def _counting(of: Told) -> Iterator[tuple[Entry, Mode, Near]]:
    """Yield the nearest place of whatever is asked for by a mode, once for each site shown in full."""
    for entry in of.in_full:
        seen: set[tuple[str, Mode]] = set()
        asked: list[tuple[Asked, Measured]] = [(one.must, one.measured) for one in entry.musts]
        asked += [(one.want, one.measured) for one in entry.contributions]
        for what, measured in asked:
            near = measured.places[0] if measured.places else None
            if what.mode is not None and near is not None and (near.place.id, what.mode) not in seen:
                seen.add((near.place.id, what.mode))
                yield entry, what.mode, near
