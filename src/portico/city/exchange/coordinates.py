"""Where the coordinates of a register put its sites, and which repair would put a stray one among its neighbours.

A system that is named is believed where it puts a site near the others of its register and inside the extent that is
expected. A system that is not named, or by a name that is none, is found. Anything else (numbers swapped, another
system than the named one, Earth-centred numbers) is a repair, which is proposed and applied only when it is asked for.
"""

from __future__ import annotations

import itertools
import math
import statistics
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from portico.city.exchange import geocentric
from portico.city.exchange.cells import plain_number
from portico.geo import Box, Point, distance_m

DEGREES = "EPSG:4326"
GEOCENTRIC = "EPSG:4936"
GREAT_BRITAIN = Box(-8.9, 49.7, 2.1, 61.0)
_NEAR_M = 10_000.0
_SPREADS = 6.0
_MANY = 4
_SAMPLED = 2_000
_SYSTEMS = {
    "wgs84": DEGREES,
    "wgs 84": DEGREES,
    "etrs89": DEGREES,
    "etrs 89": DEGREES,
    "osgb36": "EPSG:27700",
    "osgb 36": "EPSG:27700",
    "osgb1936": "EPSG:27700",
    "bng": "EPSG:27700",
    "british national grid": "EPSG:27700",
}
"""What the names of datums stand for in the standard of 2017, whose coordinates are degrees or the national grid."""


@dataclass(frozen=True, slots=True)
class Systems:
    """What is known of coordinate systems: the code of a name (or ""), and about where coordinates in one lie.

    ``guesses`` are the codes to try where none is named, likeliest first.
    """

    find: Callable[[str], str]
    lonlat: Callable[[str, float, float], Point | None]
    guesses: tuple[str, ...]


class Found(StrEnum):
    """What became of a pair of coordinates."""

    STATED = "stated"
    FOUND = "found"
    REPAIR = "repair"
    FAR = "far"
    OUTSIDE = "outside"
    MISSING = "missing"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Reading:
    """A way to read two numbers: in which system, whether the other way round, whether west lost its sign."""

    system: str
    swapped: bool = False
    negated: bool = False

    @property
    def code(self) -> str:
        """The way as text."""
        return f"{self.system}{' swapped' if self.swapped else ''}{' west' if self.negated else ''}"

    def ordered(self, x: float, y: float) -> tuple[float, float]:
        """Return two numbers as this way reads them, longitude or easting first."""
        first, second = (y, x) if self.swapped else (x, y)
        return (-first if self.negated else first), second


@dataclass(frozen=True, slots=True)
class Pair:
    """Coordinates as they were written, in a row of a register."""

    row: int
    register: str
    x: str
    y: str
    crs: str = ""

    @property
    def numbers(self) -> tuple[float, float] | None:
        """Both as numbers, or nothing where either is none."""
        x, y = plain_number(self.x), plain_number(self.y)
        return None if x is None or y is None else (x, y)


@dataclass(frozen=True, slots=True)
class Located:
    """What a pair comes to: how it is, or would be, read, and about where that is."""

    found: Found
    reading: Reading | None = None
    about: Point | None = None

    @property
    def is_placed(self) -> bool:
        """Whether the site has a position without any repair."""
        return self.found in (Found.STATED, Found.FOUND, Found.FAR)


@dataclass(slots=True)
class _Home:
    """Around where the sites of a register lie, and how far from there one still belongs to them."""

    middle: Point | None = None
    radius_m: float = math.inf
    expected: Box | None = None
    seen: list[Point] = field(default_factory=list)

    def has(self, point: Point) -> bool:
        if self.expected and point not in self.expected:
            return False
        return self.middle is None or distance_m(self.middle, point) <= self.radius_m


def expected_of(register: str, extent: Box | None) -> Box | None:
    """Return where the sites of a register must lie: in the city's extent, else in the country its address tells."""
    if extent is not None:
        return extent
    host = register.partition("//")[2].partition("/")[0]
    return GREAT_BRITAIN if host.endswith((".gov.uk", "opendatacommunities.org")) else None


def locate(pairs: Iterable[Pair], systems: Systems, extent: Box | None = None) -> dict[int, Located]:
    """Return what the pair of each row comes to; ``extent`` (EPSG:4326) is the city's, where there is one."""
    every = list(pairs)
    homes = {
        register: _home(group, systems, expected_of(register, extent))
        for register, group in _by_register(every).items()
    }
    return {pair.row: _locate(pair, homes[pair.register], systems) for pair in every}


def _by_register(pairs: Sequence[Pair]) -> Mapping[str, list[Pair]]:
    groups: dict[str, list[Pair]] = {}
    for pair in pairs:
        groups.setdefault(pair.register, []).append(pair)
    return groups


def _home(pairs: Sequence[Pair], systems: Systems, expected: Box | None) -> _Home:
    """Return the middle of most sites of a register and six times their usual distance from it, 10 km at least.

    Of a large register every n-th site is enough.
    """
    home = _Home(expected=expected)
    for pair in pairs[:: 1 + len(pairs) // _SAMPLED]:
        point = _likeliest(pair, systems, expected)
        if point is not None:
            home.seen.append(point)
    if len(home.seen) >= _MANY:
        middle = Point(statistics.median(one.lon for one in home.seen), statistics.median(one.lat for one in home.seen))
        usual_m = statistics.median(distance_m(middle, one) for one in home.seen)
        home.middle, home.radius_m = middle, max(_NEAR_M, _SPREADS * usual_m)
    return home


def _likeliest(pair: Pair, systems: Systems, expected: Box | None) -> Point | None:
    numbers = pair.numbers
    if numbers is None:
        return None
    stated = _stated(pair, systems)
    for reading in itertools.chain([stated] if stated else [], _others(stated, systems)):
        point = _about(reading, *numbers, systems)
        if point is not None and (expected is None or point in expected):
            return point
        if reading == stated and expected is None and point is not None:
            return point
    return None


def _locate(pair: Pair, home: _Home, systems: Systems) -> Located:
    numbers = pair.numbers
    if (not pair.x and not pair.y) or numbers == (0.0, 0.0):  # zeros are what programs write for nothing
        return Located(Found.MISSING)
    if numbers is None:
        return Located(Found.UNREADABLE if pair.x and pair.y else Found.MISSING)
    stated = _stated(pair, systems)
    about = _about(stated, *numbers, systems) if stated else None
    if about and home.has(about):
        return Located(Found.STATED, stated, about)
    near = [
        (reading, point)
        for reading in _others(stated, systems)
        if (point := _about(reading, *numbers, systems)) and home.has(point)
    ]
    if near:
        reading, point = _nearest(near, home, is_named=stated is not None)
        plain = stated is None and not reading.swapped and not reading.negated and reading.system != GEOCENTRIC
        return Located(Found.FOUND if plain and not _is_named(pair, systems) else Found.REPAIR, reading, point)
    if about and (home.expected is None or about in home.expected):
        return Located(Found.FAR, stated, about)
    return Located(Found.OUTSIDE, stated, about)


def _nearest(near: Sequence[tuple[Reading, Point]], home: _Home, *, is_named: bool) -> tuple[Reading, Point]:
    """Return the reading to believe: numbers as they stand before swapped ones where no system is named."""
    middle = home.middle

    def by(one: tuple[Reading, Point]) -> tuple[bool, float]:
        return ((one[0].swapped or one[0].negated) and not is_named, distance_m(middle, one[1]) if middle else 0.0)

    return min(near, key=by)


def _is_named(pair: Pair, systems: Systems) -> bool:
    return bool(_code(pair.crs, systems))


def _code(name: str, systems: Systems) -> str:
    written = " ".join(name.split()).casefold()
    return _SYSTEMS.get(written) or (systems.find(name.strip()) if written else "")


def _stated(pair: Pair, systems: Systems) -> Reading | None:
    """Return the reading that the named system asks for; nothing where none is named or the numbers cannot be in it."""
    code, numbers = _code(pair.crs, systems), pair.numbers
    if not code or numbers is None:
        return None
    return None if (code == DEGREES) != _are_degrees(*numbers) else Reading(code)


def precision_of(located: Located, pair: Pair) -> str:
    """Return the word for how exactly a pair says where a site is: by its decimals, and by what had to be assumed.

    Zeros at the end are often lost, so that the number with more decimals counts.

    >>> precision_of(Located(Found.STATED, Reading(DEGREES)), Pair(1, "", "-1.75", "50.78"))
    'street'
    """
    reading = located.reading
    if reading is None:
        return ""
    if reading.system == GEOCENTRIC:
        return "address"
    decimals = max(_decimals(pair.x), _decimals(pair.y))
    if reading.system == DEGREES:
        by_name = "address" if located.found is Found.REPAIR and not (reading.swapped or reading.negated) else "exact"
        return ("approximate", "approximate", "street", "address", by_name)[min(decimals, 4)]
    zeros = min(_zeros(pair.x), _zeros(pair.y)) if not decimals else 0
    return ("exact", "exact", "address", "street")[min(zeros, 3)]


def _decimals(text: str) -> int:
    return len(text.strip().replace(",", ".").partition(".")[2])


def _zeros(text: str) -> int:
    return len(text.strip()) - len(text.strip().rstrip("0"))


def _are_degrees(x: float, y: float) -> bool:
    most = 180.0
    return abs(x) <= most and abs(y) <= most


def _others(stated: Reading | None, systems: Systems) -> Iterator[Reading]:
    """Yield every other way to read two numbers: first as they stand, then the other way round or with a sign."""
    for swapped in (False, True):
        for system in (*systems.guesses, GEOCENTRIC):
            reading = Reading(system, swapped)
            if reading != stated:
                yield reading
    yield Reading(DEGREES, negated=True)


def _about(reading: Reading, x: float, y: float, systems: Systems) -> Point | None:
    first, second = reading.ordered(x, y)
    if (reading.system == DEGREES) != _are_degrees(x, y):
        return None
    if reading.system == GEOCENTRIC:
        return geocentric.point(first, second)
    return systems.lonlat(reading.system, first, second)
