"""Maps: what counts is on them or at their edge, signs keep apart, and what they rest on is drawn."""

from __future__ import annotations

import itertools
import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portico.dossier.document.map import HEIGHT, WIDTH, Look, Mark, draw, extent, has_streets
from portico.dossier.document.site import attribution
from portico.geo import Point, distance_m
from portico.translation import Translator

SVG = "{http://www.w3.org/2000/svg}"
SAY = Translator("en")
points = st.builds(Point, st.floats(-170, 170), st.floats(-70, 70))


@given(points, st.lists(st.tuples(st.floats(-0.3, 0.3), st.floats(-0.3, 0.3)), max_size=40))
def test_an_extent_has_the_form_of_the_sheet_and_holds_what_is_near(first, others):
    every = [first, *(Point(first.lon + east, first.lat + north) for east, north in others)]
    box = extent(every)
    if len(every) < 12:
        assert first in box
    wide = distance_m(Point(box.west, first.lat), Point(box.east, first.lat))
    high = distance_m(Point(first.lon, box.south), Point(first.lon, box.north))
    assert wide / high == pytest.approx(WIDTH / HEIGHT, rel=0.05)
    assert high > 2_000


def signs(svg: str) -> list[tuple[float, float]]:
    """Where the numbers of places stand."""
    texts = [one for one in ET.fromstring(svg).iter(f"{SVG}text") if one.get("fill") == "#ffffff"]  # noqa: S314 - our own
    return [(float(one.get("x")), float(one.get("y"))) for one in texts if re.fullmatch(r"\d+", one.text or "")]


def test_numbered_signs_do_not_cover_each_other(torino_territory):
    middle = Point(7.68, 45.06)
    marks = [Mark("", "the site", middle, Look.SITE, 250.0)]
    marks += [Mark(str(one), f"place {one}", Point(7.68 + one * 1e-4, 45.06), Look.PLACE) for one in range(1, 12)]
    found = signs(draw(torino_territory, marks, "t", SAY))[:11]
    assert len(found) == 11
    for one, other in itertools.combinations(found, 2):
        assert max(abs(one[0] - other[0]), abs(one[1] - other[1])) > 12


def test_what_lies_far_away_is_an_arrow_at_the_edge_with_its_distance(torino_territory):
    marks = [Mark("", "site", Point(7.68, 45.06), Look.SITE), Mark("1", "near", Point(7.69, 45.07), Look.PLACE)]
    svg = draw(torino_territory, [*marks, Mark("2", "far", Point(9.19, 45.46), Look.PLACE)], "t", SAY)
    assert re.search(r">12\d km<", svg)
    assert len(signs(svg)) >= 2


def test_a_map_says_how_long_its_scale_is(torino_territory):
    marks = [Mark("", "site", Point(7.68, 45.06), Look.SITE), Mark("1", "near", Point(7.80, 45.06), Look.PLACE)]
    svg = draw(torino_territory, marks, "t", SAY)
    kilometres = float(re.search(r">([\d.]+) km<", svg)[1])
    length = float(re.search(r"M10 388h([\d.]+)M", svg)[1])
    box = extent([one.point for one in marks])
    metres_a_unit = distance_m(Point(box.west, 45.06), Point(box.east, 45.06)) / WIDTH
    assert length * metres_a_unit / 1000 == pytest.approx(kilometres, rel=0.01)


def test_without_a_mark_there_is_no_map(torino_territory):
    with pytest.raises(ValueError, match="needs a mark"):
        draw(torino_territory, [], "t", SAY)


def test_streets_are_drawn_and_owed_where_the_lake_has_them(laquila_territory, torino_territory):
    assert has_streets(laquila_territory)
    assert not has_streets(torino_territory)
    assert "Streets: OpenStreetMap contributors (ODbL-1.0)." in attribution(laquila_territory, SAY)
    assert "Streets" not in attribution(torino_territory, SAY)
    place = laquila_territory.sites[0].position
    svg = draw(laquila_territory, [Mark("", "site", place.point, Look.SITE)], "t", SAY)
    assert max(len(path.get("d", "")) for path in ET.fromstring(svg).iter(f"{SVG}path")) > 5_000  # noqa: S314 - our own
