"""Charts: each number where the axis says, every text escaped, nothing outside the drawing."""

from __future__ import annotations

import itertools
import re
from xml.etree import ElementTree as ET

from hypothesis import assume, given
from hypothesis import strategies as st

from portico.charts import Bar, Stack, clipped, nice_step, ranges, stacks, text_width

SVG = "{http://www.w3.org/2000/svg}"
numbers = st.floats(0, 1e9)


def rects(svg: str) -> list[dict[str, float]]:
    names = ("x", "y", "width", "height")
    return [{name: float(one.get(name, "0")) for name in names} for one in ET.fromstring(svg).iter(f"{SVG}rect")]  # noqa: S314 - our own


@given(st.lists(st.tuples(st.text(max_size=40), st.tuples(numbers, numbers, numbers)), min_size=1, max_size=12))
def test_bands_lie_in_the_drawing_in_the_order_of_their_numbers(given_bars):
    bars = [Bar(name, *sorted(three), "v") for name, three in given_bars if name.isprintable()]
    assume(bars)
    svg = ranges(bars, title="t", axis="a", number=lambda value: f"{value:g}")
    drawn = rects(svg)
    assert len(drawn) == len(bars)
    for bar, one in zip(bars, drawn, strict=True):
        assert one["x"] >= -0.1
        assert one["x"] + one["width"] <= 640.1 + 1.5
        for other, two in zip(bars, drawn, strict=True):
            if bar.low <= other.low:
                assert one["x"] <= two["x"] + 0.11


def test_a_band_is_as_long_as_its_range_on_the_axis():
    svg = ranges([Bar("a", 10, 20, 30, ""), Bar("b", 0, 5, 20, "")], title="", axis="", number=str)
    first, second = rects(svg)
    assert abs(first["width"] - second["width"]) < 0.11
    assert abs((first["x"] - second["x"]) * 2 - first["width"]) < 0.21


def test_an_unknown_bound_runs_to_the_edge_and_nothing_known_draws_nothing():
    bars = [Bar("a", 10, 20, None, ""), Bar("b", None, None, None, "?"), Bar("c", 0, 1, 50, "")]
    svg = ranges(bars, title="", axis="", number=str)
    drawn = rects(svg)
    assert len(drawn) == 2
    assert abs(drawn[0]["x"] + drawn[0]["width"] - drawn[1]["x"] - drawn[1]["width"]) < 0.11


def test_texts_are_escaped():
    hostile = "</text><script>\"'&"
    for svg in (
        ranges([Bar(hostile, 1, 2, 3, hostile)], title=hostile, axis=hostile, number=lambda _: hostile),
        stacks([Stack(hostile, (1.0,), hostile)], title=hostile, axis=hostile, parts_named=[hostile], number=str),
    ):
        root = ET.fromstring(svg)  # noqa: S314 - our own
        assert {one.tag.removeprefix(SVG) for one in root.iter()} <= {"svg", "title", "path", "rect", "text"}
        assert root.find(f"{SVG}title").text == hostile


@given(st.lists(st.floats(0.001, 1), min_size=1, max_size=7))
def test_shares_fill_the_whole_and_stand_side_by_side(shares):
    parts = tuple(one / sum(shares) for one in shares)
    drawn = rects(stacks([Stack("a", parts, "")], title="", axis="", parts_named=["1"], number=str))
    assert len(drawn) == len(parts)
    for before, after in itertools.pairwise(drawn):
        assert abs(before["x"] + max(before["width"], 0) - after["x"]) < 0.7


@given(st.floats(1e-6, 1e12), st.integers(1, 12))
def test_a_step_is_round_and_divides_into_few_enough_parts(span, most):
    step = nice_step(span, most)
    assert span / step <= most + 1e-6
    assert re.fullmatch(r"[125]0*|[125]|0\.0*[125]", f"{step:.12f}".rstrip("0").rstrip(".")) or step >= 1


@given(st.text(max_size=200), st.floats(10, 200))
def test_a_clipped_text_is_no_wider_than_its_place(text, width):
    found = clipped(text, 10.0, width)
    assert text_width(found, 10.0) <= width or found == "…"
