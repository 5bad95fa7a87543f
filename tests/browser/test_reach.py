"""Reach, ways and comparisons in a real browser: on a phone and on a desk, by keyboard alone, without scripts."""

import shutil

import pytest
from tests.browser.test_pages import COLOURS, QUIET, opened, tab_to, violations
from tests.serving import served
from tests.shared import needs_shared

pytestmark = [pytest.mark.browser, needs_shared("data", "osm", "laquila")]

SITE = "ex-ospedale-san-salvatore"
PAGES = {
    "reach-walk": f"sites/{SITE}/reach",
    "reach-transit": f"sites/{SITE}/reach?mode=transit&direction=inbound&minutes=10,20,30,40,60",
    "reach-fault": f"sites/{SITE}/reach?minutes=many",
    "way-car": f"sites/{SITE}/way/univaq-coppito?mode=car",
    "way-transit": f"sites/{SITE}/way/univaq-coppito?mode=transit",
    "compare-three": f"compare?sites={SITE},vecchio-mulino,ex-caserma-campomizzi",
    "compare-choose": "compare",
}
WITH_MAP = ("reach-walk", "reach-transit", "way-car", "way-transit")
REFUSED = ("400 (Bad Request)",)


@pytest.fixture(scope="module")
def streets(laquila, tmp_path_factory):
    folder = tmp_path_factory.mktemp("browser-reach") / "laquila"
    shutil.copytree(laquila.folder, folder)
    with served(folder) as portal:
        yield portal


@pytest.mark.parametrize(("language", "width"), [("it", 390), ("en", 1440)])
@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_page_on_reach_is_right(browser, streets, screenshots, name, language, width):
    page = opened(browser, streets, f"/{language}/{PAGES[name]}", width)
    page.screenshot(path=screenshots / f"{name}-{language}-{width}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= width, "scrolls sideways"
    if name in WITH_MAP:
        assert page.get_attribute("html", "data-map-ready") == "true"
        colours, largest = page.eval_on_selector("[data-map] canvas", COLOURS)
        assert colours > 20, "a blank map has one colour"
        assert largest < 0.99
    page.eval_on_selector_all("details", "(all) => all.forEach((one) => { one.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") <= width, "scrolls sideways when all is open"
    found = violations(page)
    assert not found, [(one["id"], [node["html"][:200] for node in one["nodes"][:3]]) for one in found]
    quiet = (*QUIET, *REFUSED) if name == "reach-fault" else QUIET
    assert not [text for text in page.said if not any(one in text for one in quiet)]
    assert not [url for url in page.asked if not url.startswith((streets.url, "data:", "blob:"))]
    page.context.close()


def layers(page):
    """The layers of the map's features and how many of each are in its source."""
    return page.evaluate(
        """() => {
            const found = {};
            const { features } = document.querySelector("[data-map]").map.getStyle().sources.features.data;
            for (const { properties } of features) found[properties.layer] = (found[properties.layer] ?? 0) + 1;
            return found;
        }"""
    )


def test_the_map_draws_as_many_rings_as_the_legend_names_and_all_are_in_view(browser, streets):
    page = opened(browser, streets, f"/en/{PAGES['reach-transit']}", 1440)
    drawn = layers(page)
    assert drawn["ring"] == page.locator(".portico-ring-key").count() == 5
    assert drawn["street"] == drawn["site"] == 1
    assert page.evaluate(
        """() => {
            const map = document.querySelector("[data-map]").map;
            const box = map.getBounds();
            const { features } = map.getStyle().sources.features.data;
            const rings = features.filter(({ properties }) => properties.layer === "ring");
            return rings.every(({ geometry }) => geometry.coordinates.flat(2).every((at) => box.contains(at)));
        }"""
    )
    page.context.close()


def test_by_keyboard_alone_one_asks_for_another_mode_and_reads_the_way_behind_a_figure(browser, streets):
    page = opened(browser, streets, f"/en/sites/{SITE}", 1440)
    tab_to(page, f"a[href='/en/sites/{SITE}/reach']")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/sites/{SITE}/reach")
    tab_to(page, "input[name=mode]")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    tab_to(page, "input[name=direction]")
    page.keyboard.press("ArrowRight")
    tab_to(page, "#minutes")
    page.keyboard.press("Control+A")
    page.keyboard.type("20,40")
    page.keyboard.press("Enter")
    page.wait_for_url("**mode=transit**")
    assert "direction=inbound" in page.url
    assert page.locator("#asked").inner_text().startswith("Towards the site, by public transport")
    tab_to(page, ".portico-reached a")
    page.keyboard.press("Enter")
    page.wait_for_url("**/way/**")
    assert "direction=inbound" in page.url
    assert page.locator("ol.portico-way > li").count() >= 1
    page.context.close()


def test_without_scripts_one_asks_chooses_and_reads_all_but_the_map(browser, streets):
    page = opened(browser, streets, f"/en/{PAGES['reach-walk']}", 390, java_script_enabled=False)
    assert page.locator("[data-map-fallback]").first.is_visible()
    page.get_by_label("by car").check()
    page.get_by_label("Within how many minutes").fill("5, 10")
    page.get_by_role("button", name="Show").click()
    assert "mode=car" in page.url
    assert page.locator("section[aria-labelledby=rings] dl > div").count() == 2
    page.goto(f"{streets.url}/en/sites")
    for at in (0, 3):
        page.locator("#register input[type=checkbox]").nth(at).check()
    page.get_by_role("button", name="Compare").first.click()
    assert page.locator("table.portico-compare").count() == 2
    assert page.locator("#choices input:checked").count() == 2
    page.context.close()


def test_a_ring_is_opened_on_the_map_by_keyboard(browser, streets):
    page = opened(browser, streets, f"/en/{PAGES['reach-walk']}", 1440)
    page.locator("[data-map] canvas").focus()
    page.evaluate("document.querySelector('[data-map]').map.jumpTo({ zoom: 17, center: [13.3905, 42.3561] })")
    page.wait_for_timeout(500)
    page.keyboard.press("Enter")
    assert page.locator(".map-popup-name").inner_text().startswith("within ")
    page.keyboard.press("Escape")
    page.context.close()
