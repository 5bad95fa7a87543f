"""The map of a version by tiles: where it begins, what is told of each place, the classes it is coloured by.

So are drawn: versions with more places than go along as one text, layers that were worked out here, and whatever is to
be coloured.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from portico.geo import Box
from portico.lake.classes import Class, Classes, classes, numeric
from portico.lake.model import Column, Version
from portico.lake.tiles import extent
from portico.translation import Translator
from portico.web import cells
from portico.web.described import Described
from portico.web.drawn import MOST_PLACES
from portico.web.portal import Portal

_TOLD = 9
_COLOURED = "value"
_DEGREES = "deg"
_COORDINATES = ("longitude", "latitude", "easting", "northing")
_DIGITS = 6
_WHOLE = 1000


@dataclass(frozen=True, slots=True)
class Tiled:
    """What a map by tiles needs: addresses, boxes and breaks as the script takes them, and the classes in words."""

    address: str
    extent: str
    begins: str
    rows_at: str
    total: int
    column: Column | None
    breaks: str
    classes: tuple[tuple[str, str], ...]
    unknown: str


def tiled(portal: Portal, found: Described, version: Version, colour: str, say: Translator) -> Tiled | None:
    """Return the map by tiles; nothing where the places of the version go along as one text, or there are none.

    ``colour`` names the column to colour by; of a layer that was worked out here it is its value. Raises UsageError for
    a column without numbers, UnknownNameError for one that is not there.
    """
    key = ("tiled", version.dataset, version.id, colour)
    total, box, known, made = portal.settled(key, lambda: _measured(portal, found, version, colour))
    if box is None or (total <= MOST_PLACES and made is None):
        return None
    told = _told(version, made)
    return Tiled(
        address(version, told),
        _as_json(box),
        _as_json(known or box),
        f"/{say.language}/data/{quote(found.address, safe='@')}/",
        total,
        made.column if made else None,
        json.dumps(list(made.breaks) if made else []),
        tuple((words(one, say), say.number(one.count)) for one in made.classes) if made else (),
        say.number(made.unknown) if made and made.unknown else "",
    )


def address(version: Version, columns: Sequence[Column] = ()) -> str:
    """Return the address of the tiles of a version, with {z}, {x} and {y} to be put in."""
    names = ",".join(column.name.replace(",", "\\,") for column in columns)
    asked = f"?columns={quote(names, safe='')}" if names else ""
    return f"/tiles/{quote(f'{version.dataset}@{version.short}', safe='@')}/{{z}}/{{x}}/{{y}}.mvt{asked}"


def colourable(version: Version) -> tuple[Column, ...]:
    """Return the columns by which a map can be coloured: quantities, neither coordinates nor numbers that name."""
    return tuple(
        column
        for column in numeric(version)
        if column.unit != _DEGREES and not column.meaning.startswith(_COORDINATES) and not cells.is_name(column)
    )


def words(one: Class, say: Translator) -> str:
    """Return a class in words: from its least to its most value."""
    least, most = (_short(value, say) for value in (one.low, one.high))
    return least if least == most else f"{least} – {most}"


def _short(value: float, say: Translator) -> str:
    """Return a number with three digits that matter, and all of its whole part."""
    return cells.number(round(value) if abs(value) >= _WHOLE else float(f"{value:.3g}"), say)


def _measured(
    portal: Portal, found: Described, version: Version, colour: str
) -> tuple[int, Box | None, Box | None, Classes | None]:
    total, box = extent(portal.lake, version)
    if not colour and found.derivation is not None and _COLOURED in {one.name for one in numeric(version)}:
        colour = _COLOURED
    if box is None or not colour:
        return total, box, None, None
    made = classes(portal.lake, version, colour)
    return total, box, extent(portal.lake, version, made.column)[1], made


def _told(version: Version, made: Classes | None) -> Sequence[Column]:
    """Return the columns that go along with each place: the first ones, and the one it is coloured by."""
    plain = [column for column in version.columns if not column.is_geometry and column.unit != _DEGREES]
    coloured = [made.column] if made else []
    return list({column.name: column for column in (*plain[:1], *coloured, *plain[:_TOLD])}.values())[:_TOLD]


def _as_json(box: Box) -> str:
    return json.dumps([round(one, _DIGITS) for one in (box.west, box.south, box.east, box.north)])
