"""Each page in a real browser, in both languages, on a phone and on a desk."""

import io
from pathlib import Path

import pytest
from tests.shared import ROOT

pytestmark = pytest.mark.browser

AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
DAY = "as_of=2026-11-23"
PAGES = {
    "home": "",
    "battery": f"briefs/battery-module-plant?{DAY}",
    "food": f"briefs/food-production?{DAY}",
    "site": f"sites/scarmagno?{DAY}",
    "reach": "sites/cavallerizza/reach?mode=car&direction=inbound",
    "way": "sites/cavallerizza/way/intesa?mode=transit",
    "compare": "compare?sites=cavallerizza,scarmagno",
    "sites": "sites",
    "ageing": f"ageing?{DAY}",
    "who-answers": "who-answers",
    "criteria": "criteria",
    "brief-form": "briefs/new?begin=plant",
    "data": "data",
    "dataset": "data/site_attributes",
    "row": "data/sites/scarmagno",
    "not-found": "sites/scarmango",
}
WITH_MAP = ("home", "battery", "food", "site", "reach", "way")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
QUIET = ("GPU stall", "GL Driver", "404 (Not Found)")
DRAWN_AGAIN = """async () => {
    const { map } = document.querySelector("[data-map]");
    map.resize();
    map.triggerRepaint();
    await new Promise((done) => map.once("idle", done));
}"""
COLOURS = """(canvas) => {
    const gl = canvas.getContext("webgl2");
    const pixels = new Uint8Array(canvas.width * canvas.height * 4);
    gl.readPixels(0, 0, canvas.width, canvas.height, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
    const seen = new Map();
    for (let i = 0; i < pixels.length; i += 16) {
        const colour = `${pixels[i]},${pixels[i + 1]},${pixels[i + 2]}`;
        seen.set(colour, (seen.get(colour) ?? 0) + 1);
    }
    return [seen.size, Math.max(...seen.values()) / (pixels.length / 16)];
}"""


def opened(browser, portal, path, width, **more):
    """Open ``path`` and wait for its map; note what the console says and which hosts are asked."""
    context = browser.new_context(viewport={"width": width, "height": 900}, bypass_csp=True, **more)
    page = context.new_page()
    page.said, page.asked = [], []
    page.on("console", lambda message: page.said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: page.said.append(str(error)))
    page.on("request", lambda request: page.asked.append(request.url))
    page.goto(f"{portal.url}{path}")
    if page.query_selector("[data-map]") and more.get("java_script_enabled", True):
        page.wait_for_selector("html[data-map-ready]", state="attached", timeout=30_000)
        if page.get_attribute("html", "data-map-ready") == "fallback":
            # Without a graphics card a busy machine may take the drawing surface away. What is wrong stays wrong.
            page.reload()
            page.wait_for_selector("html[data-map-ready]", state="attached", timeout=30_000)
    return page


def violations(page):
    """What axe finds against the rules of accessibility; what passes is not gathered."""
    if not page.evaluate("'axe' in window"):
        page.add_script_tag(path=AXE)
    options = {"runOnly": TAGS, "resultTypes": ["violations"]}
    return page.evaluate("(options) => axe.run(document, options)", options)["violations"]


def at_width(page, width):
    """Show the open page ``width`` wide, its map drawn again."""
    page.set_viewport_size({"width": width, "height": 900})
    if page.query_selector("[data-map] canvas"):
        page.evaluate(DRAWN_AGAIN)


# Each language is opened on another device, and that is turned or widened: all four pages, by two visits.
VISITS = [("it", (390, 1440)), ("en", (1440, 390))]


@pytest.mark.parametrize(("language", "widths"), VISITS)
@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_page_is_right(browser, portal, screenshots, name, language, widths):
    page = opened(browser, portal, f"/{language}/{PAGES[name]}", widths[0])
    for width in widths:
        at_width(page, width)
        page.screenshot(path=screenshots / f"{name}-{language}-{width}.png")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, "scrolls sideways"
        assert page.get_attribute("html", "lang") == language
        other = "en" if language == "it" else "it"
        there = page.get_attribute(f"header a[lang={other}]", "href")
        assert there.partition("?")[0] == f"/{other}/{PAGES[name].partition('?')[0]}"

        if name in WITH_MAP:
            assert page.get_attribute("html", "data-map-ready") == "true"
            colours, largest = page.eval_on_selector("[data-map] canvas", COLOURS)
            assert colours > 20, "a blank map has one colour"
            assert 0.2 < largest < 0.999

        serious = [one for one in violations(page) if one["impact"] in ("serious", "critical")]
        assert not serious, [(one["id"], [node["html"][:200] for node in one["nodes"][:3]]) for one in serious]

    assert not [text for text in page.said if not any(quiet in text for quiet in QUIET)]
    assert not [url for url in page.asked if not url.startswith((portal.url, "data:", "blob:"))]
    page.context.close()


def test_the_keyboard_alone_leads_from_home_to_the_row_behind_a_figure(browser, portal):
    page = opened(browser, portal, "/en/", 1440)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#content"
    tab_to(page, "a[href='/en/briefs/food-production']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/briefs/food-production")
    tab_to(page, ".portico-why > summary")
    page.keyboard.press("Enter")
    assert page.locator(".portico-why[open] .portico-musts").first.is_visible()
    tab_to(page, "details.evidence > summary")
    page.keyboard.press("Enter")
    panel = page.locator("details.evidence[open] .evidence-panel").first
    assert panel.is_visible()
    assert "site_attributes@" in panel.inner_text()
    tab_to(page, ".evidence-panel a[href^='/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/data/site_attributes@*/**")
    assert "source" in page.locator("main").inner_text()
    page.context.close()


def tab_to(page, selector, most=400):
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"the keyboard does not reach {selector}")


def test_the_list_and_the_map_know_each_other(browser, portal):
    page = opened(browser, portal, f"/en/{PAGES['food']}", 1440)
    before = page.locator("[data-map]").screenshot()
    page.locator("article[data-site-id]").first.hover()
    page.wait_for_timeout(400)
    assert page.locator("[data-map]").screenshot() != before
    page.context.close()


def test_the_register_is_filtered_as_one_types(browser, portal):
    page = opened(browser, portal, "/it/sites", 390)
    page.fill("#filter", "scarmagno")
    assert page.locator("#register tr:visible").count() == 1
    page.fill("#filter", "")
    assert page.locator("#register tr:visible").count() == 66
    page.context.close()


@pytest.mark.parametrize("name", ["home", "battery", "site"])
def test_without_scripts_everything_but_the_map_is_there(browser, portal, name):
    page = opened(browser, portal, f"/it/{PAGES[name]}", 390, java_script_enabled=False)
    assert page.locator("[data-map-fallback]").first.is_visible()
    assert page.locator("main h2").count() >= 2
    page.context.close()


@pytest.mark.parametrize(("name", "widths"), [("home", (390, 1440)), ("battery", (390,))])
def test_a_map_leaves_room_and_its_legend_has_symbols(browser, portal, name, widths):
    page = opened(browser, portal, f"/it/{PAGES[name]}", widths[0])
    for width in widths:
        at_width(page, width)
        height = page.locator("[data-map]").bounding_box()["height"]
        assert 200 < height <= 900 * (0.6 if width == 390 else 0.9)
        entries = page.locator("[data-map-legend] [data-state]")
        assert page.locator("[data-map-legend] img").count() == entries.count()
        for image in page.locator("[data-map-legend] img").all():
            assert image.evaluate("(image) => image.complete && image.naturalWidth > 0")
    page.context.close()


def test_the_many_excluded_are_folded_and_those_out_by_little_are_not(browser, portal):
    page = opened(browser, portal, f"/en/{PAGES['food']}", 390)
    section = page.locator("section[aria-labelledby=excluded]")
    folded = section.locator(":scope > details")
    assert not folded.locator("li").first.is_visible()
    for near in section.locator(":scope > ul > li").all():
        assert near.is_visible()
    folded.locator(":scope > summary").click()
    assert folded.locator("li").first.is_visible()
    lead, first = page.get_by_text("The bar is the score"), page.locator("article.portico-entry").first
    assert lead.bounding_box()["y"] < first.bounding_box()["y"]
    page.context.close()


def test_open_evidence_is_readable_and_names_what_a_figure_rests_on(browser, portal):
    page = opened(browser, portal, f"/en/{PAGES['battery']}", 390)
    page.locator(".portico-why > summary").first.click()
    musts = page.locator("article.portico-entry").first.locator(".portico-musts")
    for button in musts.locator(".evidence > summary").all():
        button.click()
    for width in (390, 1440):
        at_width(page, width)
        panels = [panel for panel in musts.locator(".evidence-panel").all() if panel.is_visible()]
        assert len(panels) >= 3
        for panel in panels:
            assert panel.bounding_box()["width"] >= min(280, width * 0.7)
        said = panels[0].inner_text()
        for word in ("Source", "Confidence", "Version", "Licence"):
            assert word in said
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert [one["id"] for one in violations(page) if one["impact"] in ("serious", "critical")] == []
    page.context.close()


def test_the_report_opens_on_its_own(browser, torino, tmp_path):
    from portico.build import lake_of
    from portico.cli.common import Common
    from portico.cli.match import match

    assert lake_of(torino)
    report = tmp_path / "report.html"
    with io.StringIO() as _:
        match("food-production", output=Path(report), common=Common(city=str(torino.folder), lang="it"))
    context = browser.new_context(viewport={"width": 390, "height": 900}, bypass_csp=True)
    page = context.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(report.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.locator("article").count() >= 2
    assert [url for url in asked if not url.startswith("file:")] == []
    assert [one["id"] for one in violations(page) if one["impact"] in ("serious", "critical")] == []
    context.close()
