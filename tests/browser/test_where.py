"""Where a brief fits, in a real browser: on a phone and on a desk, by a click, by keyboard alone, without scripts."""

from __future__ import annotations

import re

import pytest
from tests.browser.test_pages import AXE, COLOURS, QUIET, TAGS, opened, tab_to

pytestmark = pytest.mark.browser
WHERE = "briefs/battery-module-plant/where"


@pytest.mark.parametrize(("language", "width"), [("it", 390), ("en", 1440)])
def test_the_page_is_right(browser, portal, screenshots, language, width):
    page = opened(browser, portal, f"/{language}/{WHERE}?at=45.05,7.60", width)
    page.screenshot(path=screenshots / f"where-{language}-{width}.png", full_page=True)
    assert page.get_attribute("html", "data-map-ready") == "true"
    colours, largest = page.eval_on_selector("[data-map] canvas", COLOURS)
    assert colours > 20
    assert largest < 0.9
    for held in page.locator("details").all():
        held.evaluate("(one) => { one.open = true; }")
    assert page.evaluate("document.documentElement.scrollWidth") <= width, "scrolls sideways"
    assert page.locator("[data-map-classes] .map-swatch").count() == 6
    page.add_script_tag(path=AXE)
    violations = page.evaluate("(tags) => axe.run(document, { runOnly: tags })", TAGS)["violations"]
    assert not violations, [(one["id"], [node["html"][:200] for node in one["nodes"][:3]]) for one in violations]
    assert not [text for text in page.said if not any(one in text for one in QUIET)]
    assert not [url for url in page.asked if not url.startswith((portal.url, "data:", "blob:"))]
    page.context.close()


def test_a_click_or_a_key_on_the_map_leads_to_what_counts_there(browser, portal):
    page = opened(browser, portal, f"/en/{WHERE}", 1440)
    canvas = page.locator("[data-map] canvas")
    box = canvas.bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.2)
    popup = page.locator(".maplibregl-popup")
    assert re.search(r"0\.\d+ – 0\.\d+|Excluded", popup.inner_text())
    popup.get_by_text("What counts here").click()
    page.wait_for_url("**at=**#cell")
    first = page.locator("section[aria-labelledby=cell]").inner_text()
    assert "What counts in this cell" in first
    page.wait_for_selector("html[data-map-ready]", state="attached")
    tab_to(page, "[data-map] canvas")
    page.keyboard.press("Enter")
    clicked = page.url
    page.locator(".maplibregl-popup").get_by_text("What counts here").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url != clicked and "at=" in url)
    page.context.close()


def test_a_weight_that_moves_moves_the_map_and_the_places_at_once(browser, portal):
    page = opened(browser, portal, f"/en/{WHERE}?at=45.05,7.60", 1440)
    shades = """() => document.querySelector("[data-map]").map.getSource("features").serialize().data.features
        .filter(({ properties }) => properties.layer === "where").map(({ properties }) => properties.name).join()"""
    before = [page.locator("ol.portico-places").inner_text(), page.evaluate(shades)]
    slider = page.locator("#w-3")
    slider.focus()
    page.keyboard.press("End")
    page.wait_for_url("**w=100**")
    page.wait_for_function(f"(before) => ({shades})() !== before", arg=before[1])
    assert page.locator("ol.portico-places").inner_text() != before[0]
    assert page.locator("#w-3 + output").inner_text() == "56 %"
    assert page.locator("[data-weights-moved]").is_visible()
    assert "56 %" in page.locator("section[aria-labelledby=cell]").inner_text()
    assert page.locator("[data-where-status]").inner_text().startswith("First now: 4")
    assert page.locator("[data-map-classes] .map-swatch").count() == 6
    assert "25%2C25%2C100%2C15%2C15" in page.get_attribute("header a[hreflang=it]", "href")
    page.context.close()


def test_without_scripts_the_table_the_places_and_a_point_are_there(browser, portal):
    page = opened(browser, portal, f"/it/{WHERE}", 390, java_script_enabled=False)
    assert page.locator("[data-map-classes] tbody tr").count() == 6
    page.locator("ol.portico-places a").first.click()
    page.wait_for_url("**at=**")
    assert page.locator("#cell").inner_text() == "Che cosa conta in questa cella"
    page.locator("#at").fill("45.2, 7.5")
    page.locator("#at").press("Enter")
    page.wait_for_url("**45.2**")
    assert page.locator("#cell").count() == 1
    page.locator("#w-1").fill("90")
    page.locator(".portico-weights button[type=submit]").click()
    page.wait_for_url("**w=90**")
    assert page.locator("[data-weights-moved]").is_visible()
    page.context.close()
