"""A register of sites as a file: its columns, its records, where its coordinates put them."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from portico.city.attributes import KINDS, Form
from portico.city.exchange import coordinates, geocentric
from portico.city.exchange.cells import is_comma_decimal, is_month_first
from portico.city.exchange.coordinates import DEGREES, GEOCENTRIC, Found, Located, Pair, Systems, precision_of
from portico.city.exchange.fields import FIELDS, Field, Role, field_of, is_long_form
from portico.city.exchange.incoming import Incoming, Layout, layout_of, pair_of, position_cells, read_record
from portico.city.exchange.model import READ_AS, Placed
from portico.errors import InputError
from portico.geo import Box, Point
from portico.lake import crs
from portico.lake.crs_known import KNOWN
from portico.lake.engine import Engine
from portico.lake.found import Told
from portico.lake.texts import LAT, LON, SHAPE, Texts, texts_of, to_4326

_GUESSES = (DEGREES, "EPSG:27700", "EPSG:3003", "EPSG:3004", *(f"EPSG:326{zone}" for zone in range(29, 36)))
_MORE_GUESSES = ("EPSG:3857", "EPSG:3035")
_DIGITS = 7
STATEMENTS = "statements"
_OF_GEOMETRY = {
    LON: Field(LON, Role.X, is_degrees=True),
    LAT: Field(LAT, Role.Y, is_degrees=True),
    SHAPE: Field(SHAPE, Role.KEPT),
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row is: its coordinates as written, what they come to, and the position that follows, if one does."""

    pair: Pair
    located: Located
    point: Point | None = None


@dataclass(frozen=True, slots=True)
class RegisterFile:
    """A register as a file, opened: its texts, what its columns are, the place of each row."""

    texts: Texts
    layout: Layout
    places: Mapping[int, Place]
    extent: Box | None = None

    @property
    def is_long(self) -> bool:
        """Whether it has our own form: a statement a row, or a site with its statements as a member."""
        return is_long_form(self.texts.headings) or _is_whole(self.texts)

    def rows(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Yield each row of our own form by its headings, with where it stands in the file."""
        for number, cells in self.texts.records():
            row = dict(zip(self.texts.headings, cells, strict=True))
            statements = row.pop(STATEMENTS, "")
            yield number, row
            for one in json.loads(statements) if statements else ():
                yield number, {**{name: str(text) for name, text in one.items()}, "site": row["site"]}

    def found(self) -> Counter[Found]:
        """Return how many rows came to what."""
        return Counter(one.located.found for one in self.places.values())

    def records(self, today: date, *, repair: bool = False) -> Iterator[tuple[Incoming, Placed, str]]:
        """Yield each record read, where it is put, and its whole text; proposed repairs are applied with ``repair``."""
        for row, cells in self.texts.records():
            basis = position_cells(self.layout, cells)
            placed = _placed(self.places[row], basis, repair=repair) if row in self.places else Placed(basis=basis)
            yield read_record(self.layout, row, cells, today), placed, line_of(cells)


@contextmanager
def open_register(
    path: Path, engine: Engine, *, told: Told, country: str, extent: Box | None, register: str = ""
) -> Iterator[RegisterFile]:
    """Open the register in ``path``. ``extent`` (EPSG:4326) is the city's, ``register`` names what does not say itself.

    Raises InputError where it holds no record, or nothing that would tell one site from another.
    """
    with texts_of(path, engine, told, country) as texts:
        if texts.rows == 0:
            raise InputError("register-empty", file=texts.file)
        if is_long_form(texts.headings) or _is_whole(texts):
            yield RegisterFile(texts, layout_of(texts.headings), {}, extent)
            return
        layout = _layout(texts, register or path.name.partition(".")[0])
        yield RegisterFile(texts, layout, _places(texts, layout, engine, extent), extent)


def _is_whole(texts: Texts) -> bool:
    return {"site", STATEMENTS} <= set(texts.headings)


def _layout(texts: Texts, register: str) -> Layout:
    dated = [one for one in texts.headings if _is(Form.DATE, one)]
    turned = [one for one in dated if is_month_first(texts.different(one))]
    numbers = [one for one in texts.headings if _is(Form.NUMBER, one)]
    commas = [one for one in numbers if is_comma_decimal(texts.different(one), whole=_is_whole_unit(one))]
    layout = layout_of(texts.headings, turned, register, _OF_GEOMETRY, commas)
    attributes = {group[0].field.attribute for group in layout.groups}
    if "reference" not in attributes and not layout.of(Role.ID):
        known = ", ".join(one.name for one in FIELDS if one.published)
        raise InputError("register-without-reference", file=texts.file, known=known)
    return layout


def _is(form: Form, heading: str) -> bool:
    attribute = field_of(heading).attribute
    return attribute in KINDS and KINDS[attribute].form is form


def _is_whole_unit(heading: str) -> bool:
    """Say whether numbers of a column count what nobody states in thousandths: square metres, euros, dwellings."""
    one = field_of(heading)
    return not one.factor and KINDS[one.attribute].unit in ("m2", "EUR", "dwellings", "jobs")


def systems() -> Systems:
    """Return what the lake knows of coordinate systems, for those who search for the one that fits."""

    def find(name: str) -> str:
        code = crs.find(name)
        return code if code in KNOWN else ""

    def lonlat(code: str, x: float, y: float) -> Point | None:
        known = KNOWN.get(code)
        point = known.projection.lonlat(x, y) if known else None
        return point if known and point and point in known.area else None

    return Systems(find, lonlat, (*_GUESSES, *_MORE_GUESSES))


def _places(texts: Texts, layout: Layout, engine: Engine, extent: Box | None) -> dict[int, Place]:
    """Locate every row by its own numbers and by where most of its register is, then place all of a system at once."""
    pairs = {row: pair_of(layout, row, cells) for row, cells in texts.records()}
    located = coordinates.locate(pairs.values(), systems(), extent)
    points: dict[int, Point | None] = {}
    by_system: dict[str, list[int]] = {}
    for row, one in located.items():
        if one.reading:
            by_system.setdefault(one.reading.system, []).append(row)
    for system, rows in by_system.items():
        numbers = [_ordered(pairs[row], located[row]) for row in rows]
        if system == GEOCENTRIC:
            found: list[Point | None] = [geocentric.point(x, y) for x, y in numbers]
        elif system == DEGREES:
            found = [Point(x, y) for x, y in numbers]
        else:
            found = to_4326(numbers, system, engine)
        points.update(zip(rows, found, strict=True))
    return {row: Place(pairs[row], one, points.get(row)) for row, one in located.items()}


def _ordered(pair: Pair, located: Located) -> tuple[float, float]:
    x, y = pair.numbers or (0.0, 0.0)
    return located.reading.ordered(x, y) if located.reading else (x, y)


def _placed(place: Place, basis: str, *, repair: bool) -> Placed:
    """Return where a site is put; one whose coordinates need a repair has no position unless that was asked for."""
    located, point = place.located, place.point
    is_repair = located.found is Found.REPAIR
    if point is None or located.reading is None or not (located.is_placed or (is_repair and repair)):
        return Placed(basis=basis)
    how = f"{READ_AS}{located.reading.code}" if located.found in (Found.REPAIR, Found.FOUND) else ""
    lon, lat = _texts(point)
    return Placed(lon, lat, f"{basis}{how}", precision_of(located, place.pair))


def _texts(point: Point) -> tuple[str, str]:
    """Return a position as texts, to seven decimals (1 cm): as many as any register writes, and always the same."""
    return str(round(point.lon, _DIGITS)), str(round(point.lat, _DIGITS))


def line_of(cells: Sequence[str]) -> str:
    """Return a record as a line of CSV.

    >>> line_of(["a", 'b "c", d'])
    'a,"b ""c"", d"'
    """
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(cells)
    return out.getvalue()
