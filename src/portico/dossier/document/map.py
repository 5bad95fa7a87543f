"""A map drawn from the city's own data as SVG: no tiles, no network. It says what it rests on.

Streets where the lake has them, lines of transport, places as small dots, and what counts as numbered marks with names
where these find room. Positions are EPSG:4326, drawn on a plane that keeps distances around the middle of the map.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from portico.charts import BLUE, INK, LINE, SOFT, clipped, drawing, label, nice_step, text_width
from portico.dossier.document.glyphs import shown
from portico.errors import InputError
from portico.geo import Box, Point, distance_m
from portico.territory.layers import Territory
from portico.territory.model import Mode
from portico.territory.streets.main import main_streets
from portico.translation import Translator

WIDTH, HEIGHT, _FOOT = 640.0, 400.0, 34.0
_GROUND, _STREET, _RIDE = "#f6f8fa", "#b9c4cf", "#7a4fb5"
_M_A_DEGREE = 111_320.0
_FARTHEST_M = 30_000.0
_LEAST_HALF_M = 1_200.0
_MARGIN = 0.16
_MANY, _SHOWN = 12, 0.85
"""Of many points the middle ones are shown at a scale at which they can be told apart, the others by arrows."""
_DISC = 8.0
_MOST_POINTS = 12_000
_MOST_DOTS = 1_500
_NAME_WIDTH = 120.0


class Look(StrEnum):
    """How a mark is drawn: its form says what it is, not its colour alone."""

    SITE = "site"
    PLACE = "place"
    QUALIFIED = "qualified"
    TO_VERIFY = "to-verify"
    EXCLUDED = "excluded"


_FILLS = {
    Look.SITE: "#b3261e",
    Look.PLACE: BLUE,
    Look.QUALIFIED: "#00673a",
    Look.TO_VERIFY: "#8a5a00",
    Look.EXCLUDED: "#5b6b7b",
}


@dataclass(frozen=True, slots=True)
class Mark:
    """What is shown: its sign (a number, or nothing), its name, where it is and how far that may be off."""

    sign: str
    name: str
    point: Point
    look: Look
    uncertainty_m: float = 0.0


@dataclass(slots=True)
class _Sheet:
    """A plane for an extent, and the rectangles that are taken on it."""

    box: Box
    taken: list[tuple[float, float, float, float]] = field(default_factory=list)

    @property
    def units_a_metre(self) -> float:
        return HEIGHT / ((self.box.north - self.box.south) * _M_A_DEGREE)

    def at(self, lon: float, lat: float) -> tuple[float, float]:
        return (
            WIDTH * (lon - self.box.west) / (self.box.east - self.box.west),
            HEIGHT * (self.box.north - lat) / (self.box.north - self.box.south),
        )

    def is_free(self, rect: tuple[float, float, float, float]) -> bool:
        left, top, right, bottom = rect
        if left < 2 or top < 2 or right > WIDTH - 2 or bottom > HEIGHT - 2:  # noqa: PLR2004 - the frame
            return False
        return all(right < a or left > c or bottom < b or top > d for a, b, c, d in self.taken)


def extent(points: Sequence[Point]) -> Box:
    """Return the extent of a map of ``points``, with a margin, in the form of the sheet.

    Few points: those near the first one. Many: most of those about their middle.

    >>> box = extent([Point(7.0, 45.0), Point(7.01, 45.01), Point(12.0, 41.0)])
    >>> box.east < 7.1
    True
    """
    middle = Point(statistics.median(one.lon for one in points), statistics.median(one.lat for one in points))
    about = points[0] if len(points) < _MANY else middle
    nearest = sorted((distance_m(about, one), one.lon, one.lat) for one in points)
    kept = nearest if len(points) < _MANY else nearest[: math.ceil(_SHOWN * len(nearest))]
    near = [Point(lon, lat) for far, lon, lat in kept if far <= _FARTHEST_M] or [about]
    lons, lats = [one.lon for one in near], [one.lat for one in near]
    lon, lat = (min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2
    shrunk = max(math.cos(math.radians(lat)), 0.01)
    half_height = max(
        (max(lats) - min(lats)) / 2,
        (max(lons) - min(lons)) / 2 * shrunk * HEIGHT / WIDTH,
        _LEAST_HALF_M / _M_A_DEGREE,
    ) * (1 + 2 * _MARGIN)
    half_width = half_height * WIDTH / HEIGHT / shrunk
    return Box(lon - half_width, lat - half_height, lon + half_width, lat + half_height)


def draw(territory: Territory, marks: Sequence[Mark], title: str, say: Translator) -> str:
    """Return the map of ``marks`` as SVG; where there is none to place, a map cannot be drawn: ValueError."""
    if not marks:
        text = "a map needs a mark"
        raise ValueError(text)
    counting = [mark.point for mark in marks if mark.sign or mark.look is Look.SITE]
    sheet = _Sheet(extent(counting or [mark.point for mark in marks]))
    within = [mark for mark in marks if mark.point in sheet.box]
    inside = [mark for mark in within if mark.sign] + [mark for mark in within if not mark.sign][:_MOST_DOTS]
    lines = [*_lines_in_sight(territory, sheet)]
    parts = [
        f'<clipPath id="frame"><rect width="{WIDTH:g}" height="{HEIGHT:g}"/></clipPath>',
        f'<rect width="{WIDTH:g}" height="{HEIGHT:g}" fill="{_GROUND}"/><g clip-path="url(#frame)">',
        *_streets(territory, sheet),
        *_dots(territory, sheet),
        *_lines(lines, sheet),
        *(_doubt(mark, sheet) for mark in inside),
        "</g>",
    ]
    scale = [*_scale(sheet, say)]
    discs = [(mark, *_placed(mark, sheet)) for mark in sorted(inside, key=lambda one: one.look is not Look.SITE)]
    parts += [_leader(mark, x, y, sheet) for mark, x, y in discs]
    parts += [_sign(mark, x, y) for mark, x, y in reversed(discs)]
    parts += [_named(mark, x, y, sheet) for mark, x, y in discs]
    parts += [_off_map(mark, sheet, say) for mark in marks if mark.point not in sheet.box]
    parts += [name for line, points in lines for name in _line_name(line, points, sheet)]
    parts += scale
    parts.append(f'<rect x="0.5" y="0.5" width="{WIDTH - 1:g}" height="{HEIGHT - 1:g}" fill="none" stroke="{LINE}"/>')
    parts += _key(territory, marks, is_doubtful=any(_doubt(mark, sheet) for mark in inside), say=say)
    return drawing(WIDTH, HEIGHT + _FOOT, shown(title), parts)


def _path(lines: Iterable[Iterable[tuple[float, float]]]) -> str:
    return "".join("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in line) for line in lines)


def _streets(territory: Territory, sheet: _Sheet) -> Iterator[str]:
    if territory.travel is None:
        return
    try:
        graph = territory.travel.network.streets(Mode.CAR).graph
    except InputError:  # streets, but none for cars
        return
    lines = main_streets(graph, sheet.box, _MOST_POINTS)
    path = _path((sheet.at(lon, lat) for lon, lat in line) for line in lines)
    if path:
        yield f'<path d="{path}" fill="none" stroke="{_STREET}" stroke-width="0.8" stroke-linejoin="round"/>'


def has_streets(territory: Territory) -> bool:
    """Say whether maps of this territory show streets."""
    return territory.travel is not None and territory.travel.unreadable(Mode.CAR) is None


def _dots(territory: Territory, sheet: _Sheet) -> Iterator[str]:
    """Yield the places of all layers, as context: without names."""
    found = 0
    for place in territory.places:
        if place.position is not None and place.position.point in sheet.box and found < _MOST_DOTS:
            found += 1
            x, y = sheet.at(place.position.point.lon, place.position.point.lat)
            yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="1.7" fill="{SOFT}" fill-opacity="0.55"/>'


def _lines_in_sight(territory: Territory, sheet: _Sheet) -> Iterator[tuple[str, list[Point]]]:
    """Yield the lines of transport that have stops on the map."""
    where = {one.id: one.position.point for one in territory.places if one.position is not None}
    for name, stops in territory.lines:
        points = [where[stop] for stop in stops if stop in where]
        if len(points) > 1 and any(point in sheet.box for point in points):
            yield name, points


def _lines(lines: Sequence[tuple[str, list[Point]]], sheet: _Sheet) -> Iterator[str]:
    """Yield lines of transport, each joining its stops straight."""
    for _, points in lines:
        path = _path([[sheet.at(one.lon, one.lat) for one in points]])
        yield f'<path d="{path}" fill="none" stroke="{_RIDE}" stroke-width="1.6" stroke-opacity="0.75"/>'


def _line_name(name: str, points: Sequence[Point], sheet: _Sheet) -> Iterator[str]:
    text = clipped(shown(name), 8.0, 60.0)
    half = text_width(text, 8.0) / 2 + 3
    for one in sorted((one for one in points if one in sheet.box), key=lambda one: (-one.lat, one.lon)):
        x, y = sheet.at(one.lon, one.lat)
        rect = (x - half, y - 6, x + half, y + 6)
        if sheet.is_free(rect):
            sheet.taken.append(rect)
            yield (
                f'<rect x="{rect[0]:.1f}" y="{rect[1]:.1f}" width="{2 * half:.1f}" height="12" rx="3" fill="{_RIDE}"/>'
                + label(x, y + 3, text, size=8, fill="#ffffff", anchor="middle")
            )
            return


def _doubt(mark: Mark, sheet: _Sheet) -> str:
    x, y = sheet.at(mark.point.lon, mark.point.lat)
    radius = mark.uncertainty_m * sheet.units_a_metre
    if radius < _DISC or not mark.uncertainty_m:
        return ""
    fill = _FILLS[mark.look]
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{fill}" fill-opacity="0.07" stroke="{fill}" '
        'stroke-width="0.7" stroke-dasharray="4 3"/>'
    )


def _placed(mark: Mark, sheet: _Sheet) -> tuple[float, float]:
    """Return where the sign of a mark stands: at its place, or beside it where others are there already."""
    x, y = sheet.at(mark.point.lon, mark.point.lat)
    if not mark.sign and mark.look is not Look.SITE:
        return x, y
    tries = [(0.0, 0.0)]
    tries += [
        (math.cos(turn * math.pi / 6) * far, math.sin(turn * math.pi / 6) * far)
        for far in (17.0, 30.0, 45.0)
        for turn in range(12)
    ]
    for right, down in tries:
        rect = (x + right - _DISC, y + down - _DISC, x + right + _DISC, y + down + _DISC)
        if sheet.is_free(rect):
            sheet.taken.append(rect)
            return x + right, y + down
    return x, y


def _leader(mark: Mark, x: float, y: float, sheet: _Sheet) -> str:
    true_x, true_y = sheet.at(mark.point.lon, mark.point.lat)
    if math.hypot(x - true_x, y - true_y) < 1:
        return ""
    fill = _FILLS[mark.look]
    return (
        f'<path d="M{true_x:.1f} {true_y:.1f}L{x:.1f} {y:.1f}" stroke="{fill}" stroke-width="0.8"/>'
        f'<circle cx="{true_x:.1f}" cy="{true_y:.1f}" r="2" fill="{fill}"/>'
    )


def _sign(mark: Mark, x: float, y: float) -> str:
    """Return the sign of a mark: a star, a disc, a square, or a small cross."""
    fill = _FILLS[mark.look]
    if mark.look is Look.SITE and not mark.sign:
        return f'<path d="{_star(x, y, 10.0)}" fill="{fill}" stroke="#ffffff" stroke-width="1.2"/>'
    if not mark.sign:
        return f'<path d="M{x - 3:.1f} {y - 3:.1f}l6 6m0 -6l-6 6" stroke="{fill}" stroke-width="1.3"/>'
    body = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{_DISC:g}" fill="{fill}" stroke="#ffffff" stroke-width="1.2"/>'
    if mark.look is Look.TO_VERIFY:
        body = (
            f'<rect x="{x - 7.5:.1f}" y="{y - 7.5:.1f}" width="15" height="15" rx="2" fill="{fill}" '
            'stroke="#ffffff" stroke-width="1.2"/>'
        )
    return body + label(x, y + 3.2, mark.sign, size=9, fill="#ffffff", anchor="middle")


def _star(x: float, y: float, size: float) -> str:
    points = []
    for turn in range(10):
        far = size if turn % 2 == 0 else size * 0.45
        points.append(f"{x + far * math.sin(turn * math.pi / 5):.1f} {y - far * math.cos(turn * math.pi / 5):.1f}")
    return "M" + "L".join(points) + "Z"


def _named(mark: Mark, x: float, y: float, sheet: _Sheet) -> str:
    """Return the name beside a sign where there is room for it; it stands in the table in any case."""
    if not mark.name or mark.look is Look.EXCLUDED:
        return ""
    size = 10.0 if mark.look is Look.SITE else 8.5
    text = clipped(shown(mark.name), size, _NAME_WIDTH * (1.5 if mark.look is Look.SITE else 1.0))
    width = text_width(text, size) * 1.04 + 2
    far = _DISC + 4
    for left, top in (
        (x + far, y - 6), (x - far - width, y - 6), (x - width / 2, y - far - 11), (x - width / 2, y + far),
        (x + far, y + 4), (x + far, y - 17), (x - far - width, y + 4), (x - far - width, y - 17),
    ):  # fmt: skip
        rect = (left, top, left + width, top + 12)
        if sheet.is_free(rect):
            sheet.taken.append(rect)
            return (
                f'<rect x="{left - 1:.1f}" y="{top:.1f}" width="{width + 2:.1f}" height="12" fill="{_GROUND}" '
                'fill-opacity="0.82"/>' + label(left, top + 9.2, text, size=size)
            )
    return ""


def _off_map(mark: Mark, sheet: _Sheet, say: Translator) -> str:
    """Return an arrow at the edge towards what lies beyond it, with its distance."""
    if not mark.sign:
        return ""
    middle = Point((sheet.box.west + sheet.box.east) / 2, (sheet.box.south + sheet.box.north) / 2)
    x, y = sheet.at(mark.point.lon, mark.point.lat)
    across, down = x - WIDTH / 2, y - HEIGHT / 2
    at_x, at_y = _at_the_edge(across, down, sheet)
    turn = math.degrees(math.atan2(down, across))
    far = say.number(round(distance_m(middle, mark.point) / 1000))
    arrow = (
        f'<path d="M{_DISC + 1:g} -5L{_DISC + 8:g} 0L{_DISC + 1:g} 5Z" fill="{_FILLS[mark.look]}" '
        f'transform="translate({at_x:.1f} {at_y:.1f}) rotate({turn:.0f})"/>'
    )
    beside = -_DISC - 4 if at_y > HEIGHT / 2 else _DISC + 9
    words = label(at_x, at_y + beside, f"{far} km", size=8, anchor="middle")
    return arrow + _sign(mark, at_x, at_y) + words


def _at_the_edge(across: float, down: float, sheet: _Sheet) -> tuple[float, float]:
    """Return where an arrow in a direction from the middle finds room near the edge, its distance below it."""
    inset = 23.0
    share = min((WIDTH / 2 - inset) / max(abs(across), 1e-9), (HEIGHT / 2 - inset) / max(abs(down), 1e-9))
    x, y = WIDTH / 2 + across * share, HEIGHT / 2 + down * share
    for away in (0.0, *(side * step for step in range(34, 340, 34) for side in (1.0, -1.0))):
        sideways = abs(abs(x - WIDTH / 2) - (WIDTH / 2 - inset)) > 1
        at_x, at_y = (x + away, y) if sideways else (x, y + away)
        rect = (at_x - 17, at_y - 17, at_x + 17, at_y + 19)
        if sheet.is_free(rect):
            sheet.taken.append(rect)
            return at_x, at_y
    return x, y


def _scale(sheet: _Sheet, say: Translator) -> Iterator[str]:
    """Yield the scale and the arrow to the north, and keep their places free."""
    metres = nice_step(WIDTH / sheet.units_a_metre, 5)
    length = metres * sheet.units_a_metre
    words = f"{say.number(metres / 1000)} km" if metres >= 1000 else f"{say.number(metres)} m"  # noqa: PLR2004
    x, y = 10.0, HEIGHT - 12.0
    width = max(length, text_width(words, 8.5)) + 12
    sheet.taken += [(x - 5, y - 15, x - 5 + width, HEIGHT), (WIDTH - 30, 0, WIDTH, 44)]
    yield f'<rect x="{x - 5:g}" y="{y - 15:g}" width="{width:.1f}" height="22" fill="#ffffff" fill-opacity="0.85"/>'
    rule = f"M{x:g} {y - 3:g}v6M{x:g} {y:g}h{length:.1f}M{x + length:.1f} {y - 3:g}v6"
    yield f'<path d="{rule}" stroke="{INK}" fill="none"/>'
    yield label(x + 2, y - 5, words, size=8.5)
    right = WIDTH - 18.0
    yield f'<path d="M{right:g} 12l5 14l-5 -4l-5 4Z" fill="{INK}"/>' + label(
        right, 38, say("dossier.north"), size=9, anchor="middle"
    )


def _key(territory: Territory, marks: Sequence[Mark], *, is_doubtful: bool, say: Translator) -> Iterator[str]:
    """Yield what the signs mean, below the map."""
    x, y = 8.0, HEIGHT + 14.0
    entries: list[tuple[str, str]] = []
    for look in Look:
        some = next((mark for mark in marks if mark.look is look), None)
        if some is not None:
            sign = _sign(Mark("1" if some.sign else "", "", some.point, look), 0.0, 0.0)
            entries.append((sign, say(f"dossier.key.{look.value}")))
    if is_doubtful:
        ring = f'<circle r="7" fill="none" stroke="{_FILLS[Look.SITE]}" stroke-width="0.8" stroke-dasharray="3 2"/>'
        entries.append((ring, say("dossier.key.doubt")))
    entries.append((f'<circle r="2" fill="{SOFT}" fill-opacity="0.6"/>', say("dossier.key.other")))
    if territory.lines:
        entries.append((f'<path d="M-8 0h16" stroke="{_RIDE}" stroke-width="2"/>', say("dossier.key.line")))
    if has_streets(territory):
        entries.append((f'<path d="M-8 0h16" stroke="{_STREET}" stroke-width="1.6"/>', say("dossier.key.street")))
    for sign, words in entries:
        wide = 26 + text_width(words, 8.5)
        if x + wide > WIDTH:
            x, y = 8.0, y + 16.0
        yield f'<g transform="translate({x + 8:.1f} {y:.1f}) scale(0.8)">{sign}</g>' + label(
            x + 20, y + 3, words, size=8.5
        )
        x += wide + 10
