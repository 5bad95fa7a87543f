"""Permits in a real browser: pages on a phone and on a desk, an interview by the keyboard alone and without scripts."""

from __future__ import annotations

import pytest
from tests.browser.test_pages import QUIET, at_width, opened, tab_to, violations

pytestmark = pytest.mark.browser
FILED = "filed=2027-01-11"
PAGES = {
    "permits-ask": (f"permits/ask?site=scalo-lingotto&{FILED}", "it"),
    "permits-slip": (f"permits/ask?{FILED}&n-employees=1.5.3&do=next", "en"),
    "permits-plan": (f"permits/plan?project=battery-module-plant&site=scalo-lingotto&{FILED}", "en"),
    "permits-reform": (f"permits/reform?name=ask-once&{FILED}", "it"),
}


@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_page_on_permits_is_right(browser, portal, screenshots, name):
    path, language = PAGES[name]
    page = opened(browser, portal, f"/{language}/{path}", 390)
    for held in page.locator("details").all():
        held.evaluate("(one) => { one.open = true; }")
    for width in (390, 1440):
        at_width(page, width)
        page.screenshot(path=screenshots / f"{name}-{language}-{width}.png", full_page=name != "permits-plan")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, "scrolls sideways"
        found = violations(page)
        assert not found, [(one["id"], [node["html"][:200] for node in one["nodes"][:3]]) for one in found]
    quiet = (*QUIET, "422 (Unprocessable") if name == "permits-slip" else QUIET
    assert not [text for text in page.said if not any(one in text for one in quiet)]
    page.context.close()


def test_an_interview_goes_by_the_keyboard_alone_and_without_scripts(browser, portal):
    page = opened(browser, portal, f"/en/permits/ask?site=scalo-lingotto&{FILED}", 390, java_script_enabled=False)
    before = page.locator("fieldset.portico-row legend").all_inner_texts()
    assert 1 <= len(before) <= 3
    page.keyboard.press("Tab")
    for _ in range(60):  # without scripts the page itself cannot be asked what has the focus
        page.keyboard.press("Tab")
        if page.locator("input[type=radio]:focus").count():
            break
    page.keyboard.press("ArrowUp")
    chosen = page.locator("input[type=radio]:focus").first.get_attribute("value")
    assert chosen
    page.keyboard.press("Enter")
    page.wait_for_url(f"**a-*={chosen}*")
    after = page.locator("fieldset.portico-row legend").all_inner_texts()
    assert before[0] not in after
    assert "your answers" in page.locator("#answers").inner_text().lower()
    page.get_by_role("link", name="Back").click()
    assert page.locator("fieldset.portico-row legend").count() == 1
    page.context.close()


def test_the_plan_is_walked_by_keyboard(browser, portal):
    page = opened(browser, portal, f"/en/{PAGES['permits-plan'][0]}", 1440)
    tab_to(page, "#timeline ~ .table-scroll")
    tab_to(page, "#timeline ~ details > summary")
    page.keyboard.press("Enter")
    assert page.locator("#timeline ~ details table tbody tr").count() > 20
    page.context.close()
