"""The pages on data in a real browser: on a phone and on a desk, by keyboard alone, under the portal's own policy."""

import pytest
from tests.browser.test_pages import COLOURS, QUIET, VISITS, at_width, opened, tab_to, violations
from tests.cities import AS_OF, AT, write_borgo_prova
from tests.serving import served
from tests.web.test_datasets import fill

from portico import city as cities
from portico.build import build, lake_of

pytestmark = pytest.mark.browser

PAGES = {
    "data-list": "data",
    "data-wells": "data/wells2",
    "data-wells-old": "data/wells2?version=1",
    "data-held": "data/people",
    "data-masked": "data/masked",
    "data-facts": "data/sites",
}
WITH_MAP = ("data-wells", "data-wells-old", "data-facts")


@pytest.fixture(scope="module")
def borgo(tmp_path_factory):
    folder = write_borgo_prova(tmp_path_factory.mktemp("browser-data") / "borgo-prova")
    city = cities.open(folder)
    build(city, as_of=AS_OF, at=AT)
    fill(lake_of(city))
    city.database.close()
    with served(folder) as portal:
        yield portal


# Each page at both widths, the languages by turns: the pages before these look at both.
@pytest.mark.parametrize(
    ("name", "language", "widths"), [(name, *VISITS[at % 2]) for at, name in enumerate(sorted(PAGES))]
)
def test_a_page_on_data_is_right(browser, borgo, screenshots, name, language, widths):
    page = opened(browser, borgo, f"/{language}/{PAGES[name]}", widths[0])
    for width in widths:
        at_width(page, width)
        page.screenshot(path=screenshots / f"{name}-{language}-{width}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, "scrolls sideways"
        if name in WITH_MAP:
            assert page.get_attribute("html", "data-map-ready") == "true"
            colours, largest = page.eval_on_selector("[data-map] canvas", COLOURS)
            assert colours > 5, "a blank map has one colour"
            assert largest < 0.9999
    page.eval_on_selector_all("details", "(all) => all.forEach((one) => { one.open = true; })")
    for width in widths:
        at_width(page, width)
        found = violations(page)
        assert not found, [(one["id"], [node["html"][:200] for node in one["nodes"][:3]]) for one in found]
    assert not [text for text in page.said if not any(quiet in text for quiet in QUIET)]
    assert not [url for url in page.asked if not url.startswith((borgo.url, "data:", "blob:"))]
    page.context.close()


def test_a_page_on_data_keeps_the_portals_own_policy(browser, borgo):
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    said = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(f"{borgo.url}/en/data/wells2")
    page.wait_for_selector("html[data-map-ready=true]", state="attached", timeout=30_000)
    assert not [text for text in said if "Content Security Policy" in text]
    widths = page.eval_on_selector_all(
        ".portico-bars rect.portico-bar-fill", "(all) => all.map(one => one.getBBox().width)"
    )
    assert widths[:2] == [100, 50]
    context.close()


def test_the_keyboard_alone_leads_from_home_to_a_download(browser, borgo):
    page = opened(browser, borgo, "/en/", 1440)
    tab_to(page, "nav a[href='/en/data']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/data")
    tab_to(page, "a[href='/en/data/wells2']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/data/wells2")
    tab_to(page, "a[href='#downloads']")
    page.keyboard.press("Enter")
    page.wait_for_url("**#downloads")
    tab_to(page, "a[href*='download.csv']")
    with page.expect_download() as downloaded:
        page.keyboard.press("Enter")
    assert downloaded.value.suggested_filename.startswith("wells2-")
    tab_to(page, ".table-scroll[aria-label=Columns]")
    tab_to(page, "[data-map] canvas")
    page.keyboard.press("Enter")
    tab_to(page, "section[aria-labelledby=log] summary")
    page.keyboard.press("Enter")
    assert page.locator("section[aria-labelledby=log] details[open] table").first.is_visible()
    tab_to(page, "section[aria-labelledby=log] a[href*='version=']")
    page.context.close()


def test_a_place_opens_with_its_values_as_text(browser, borgo):
    page = opened(browser, borgo, "/en/data/wells2", 1440)
    page.evaluate(
        """async () => {
            const map = document.querySelector("[data-map]").map;
            map.jumpTo({ center: [14.9, 47.2], zoom: 8 });
            await new Promise((done) => map.once("idle", done));
            map.getCanvas().focus();
        }"""
    )
    page.keyboard.press("Enter")
    popup = page.locator(".maplibregl-popup-content")
    popup.wait_for()
    assert "code: w3" in popup.inner_text()
    assert popup.locator("script, img").count() == 0
    page.context.close()


def test_the_list_is_filtered_as_one_types(browser, borgo):
    page = opened(browser, borgo, "/it/data", 390)
    page.fill("#filter", "pozzi")
    assert page.locator("#datasets tr:visible").count() == 1
    page.context.close()


@pytest.mark.parametrize("name", ["data-wells", "data-held"])
def test_without_scripts_everything_but_the_map_is_there(browser, borgo, name):
    page = opened(browser, borgo, f"/it/{PAGES[name]}", 390, java_script_enabled=False)
    assert page.locator("main h2").count() >= 2
    if name in WITH_MAP:
        assert page.locator("[data-map-fallback]").first.is_visible()
    page.context.close()
