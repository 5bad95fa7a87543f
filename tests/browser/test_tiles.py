"""Maps by tiles in a real browser: the colours of the table, what a cell says, by keyboard too, what is left out."""

import pytest
from tests.browser.test_pages import COLOURS, QUIET, VISITS, at_width, opened, violations
from tests.serving import served
from tests.towns import WALKED, layered_town

pytestmark = pytest.mark.browser
PAGES = {"cells": f"data/{WALKED}", "trees": "data/trees", "trees-coloured": "data/trees?colour=height"}
RENDERED = """(element) => element.map.queryRenderedFeatures().map((one) => one.layer.id)"""
SWATCHES = """(all) => all.map((one) => getComputedStyle(one).backgroundColor)"""
PIXELS = """(canvas) => {
    const gl = canvas.getContext("webgl2");
    const pixels = new Uint8Array(canvas.width * canvas.height * 4);
    gl.readPixels(0, 0, canvas.width, canvas.height, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
    const seen = new Map();
    for (let i = 0; i < pixels.length; i += 4) {
        const colour = `rgb(${pixels[i]}, ${pixels[i + 1]}, ${pixels[i + 2]})`;
        seen.set(colour, (seen.get(colour) ?? 0) + 1);
    }
    return Object.fromEntries(seen);
}"""


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    folder = tmp_path_factory.mktemp("browser-tiles") / "town"
    layered_town(folder)
    with served(folder) as portal:
        yield portal


# Each page at both widths, the languages by turns: the pages before these look at both.
@pytest.mark.parametrize(
    ("name", "language", "widths"), [(name, *VISITS[at % 2]) for at, name in enumerate(sorted(PAGES))]
)
def test_a_page_with_a_map_by_tiles_is_right(browser, town, screenshots, name, language, widths):
    page = opened(browser, town, f"/{language}/{PAGES[name]}", widths[0])
    for width in widths:
        at_width(page, width)
        page.locator("#places").scroll_into_view_if_needed()
        page.screenshot(path=screenshots / f"tiles-{name}-{language}-{width}.png", full_page=True)
        assert page.get_attribute("html", "data-map-ready") == "true"
        assert page.evaluate("document.documentElement.scrollWidth") <= width, "scrolls sideways"
        drawn = set(page.eval_on_selector("[data-map]", RENDERED))
        assert ("tile-fill" if name == "cells" else "tile-point") in drawn
        colours, largest = page.eval_on_selector("[data-map] canvas", COLOURS)
        assert colours > 3
        assert largest < 0.9999
        found = violations(page)
        assert not found, [(one["id"], [node["html"][:200] for node in one["nodes"][:3]]) for one in found]
    assert not [text for text in page.said if not any(quiet in text for quiet in QUIET)]
    assert not [url for url in page.asked if not url.startswith((town.url, "data:", "blob:"))]
    page.context.close()


def test_the_colours_of_the_table_are_those_of_the_map(browser, town):
    page = opened(browser, town, f"/en/{PAGES['cells']}", 1440)
    swatches = page.eval_on_selector_all("[data-class] .map-swatch", SWATCHES)
    assert len(set(swatches)) == 3
    pixels = page.eval_on_selector("[data-map] canvas", PIXELS)
    assert all(pixels.get(colour, 0) > 200 for colour in swatches), (swatches, sorted(pixels, key=pixels.get)[-6:])
    page.context.close()


def test_a_cell_says_its_value_and_leads_to_its_row_by_keyboard_alone(browser, town):
    page = opened(browser, town, f"/en/{PAGES['cells']}", 1440)
    page.focus("[data-map] canvas")
    page.keyboard.press("Enter")
    page.wait_for_selector(".maplibregl-popup-content")
    said = page.inner_text(".maplibregl-popup-content")
    assert said.startswith("89")
    assert "unit: people" in said
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert f"/en/data/{WALKED}@" in page.url
    assert page.locator("h2#made").count() == 1
    page.context.close()


def test_a_click_opens_the_very_cell_under_it(browser, town):
    page = opened(browser, town, f"/en/{PAGES['cells']}", 1440)
    page.eval_on_selector("[data-map]", "(one) => one.scrollIntoView({ block: 'center', behavior: 'instant' })")
    under = page.eval_on_selector(
        "[data-map]",
        """(one) => {
            const { x, y } = one.map.project(one.map.getCenter());
            const found = one.map.queryRenderedFeatures([x + 40, y + 25], { layers: ["tile-fill"] });
            const box = one.map.getCanvas().getBoundingClientRect();
            return [found[0].properties.id, box.left + x + 40, box.top + y + 25];
        }""",
    )
    page.mouse.click(*under[1:])
    page.wait_for_selector(".maplibregl-popup-content")
    assert page.inner_text(".map-popup-name") == under[0]
    page.context.close()


def test_what_is_left_out_is_said_and_not_once_all_is_there(browser, town):
    page = opened(browser, town, f"/en/{PAGES['trees']}", 1440)
    note = page.locator("[data-map-cut]")
    page.eval_on_selector("[data-map]", "(one) => one.map.jumpTo({ zoom: 8 })")
    page.wait_for_function("!document.querySelector('[data-map-cut]').hidden", timeout=20_000, polling=100)
    assert "zoom in" in note.inner_text()
    page.eval_on_selector("[data-map]", "(one) => one.map.jumpTo({ zoom: 15 })")
    page.wait_for_function("document.querySelector('[data-map-cut]').hidden", timeout=20_000, polling=100)
    page.context.close()


def test_where_tiles_do_not_come_the_words_stay(browser, town):
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.route("**/tiles/**", lambda route: route.fulfill(status=503, body=""))
    page.goto(f"{town.url}/en/{PAGES['cells']}")
    page.wait_for_selector("html[data-map-ready=fallback]", state="attached", timeout=30_000)
    assert page.is_visible("[data-map-fallback]")
    assert page.locator(".portico-classes tbody tr").count() == 3
    context.close()


def test_without_scripts_the_table_tells_it(browser, town):
    page = opened(browser, town, f"/en/{PAGES['cells']}", 390, java_script_enabled=False)
    assert page.is_visible("[data-map-fallback]")
    assert "40 – 100" in page.inner_text(".portico-classes")
    page.context.close()
