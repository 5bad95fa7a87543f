"""Sliders of weights by the keyboard: the order, the address, what is announced; without script by a button."""

import re

import pytest

pytestmark = pytest.mark.browser

PATH = "briefs/food-production?as_of=2026-11-23"
ORDER = "els => els.map(el => el.dataset.siteId)"
CARDS = '[data-ranked="to-verify"] article'


def test_a_slider_puts_the_sites_in_a_new_order_and_the_address_keeps_it(browser, portal):
    context = browser.new_context(viewport={"width": 390, "height": 900})
    page = context.new_page()
    said = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(f"{portal.url}/en/{PATH}")
    before = page.eval_on_selector_all(CARDS, ORDER)
    slider = page.locator("#w-4")
    slider.focus()
    page.keyboard.press("End")
    assert slider.get_attribute("aria-valuetext") == "56 %"  # 100 of 180
    assert page.locator("output[for=w-4]").inner_text() == "56 %"
    assert page.locator("[data-weights-moved]").is_visible()
    assert page.locator("[data-weights-stale]").is_visible()
    assert slider.is_visible()
    assert re.search(r"First now: .+", page.locator("[data-sliders-status]").inner_text())
    after = page.eval_on_selector_all(CARDS, ORDER)
    assert sorted(after) == sorted(before)
    assert after != before
    address = page.url
    assert "w=30%2C25%2C25%2C100" in address
    assert "w=30%2C25%2C25%2C100" in page.locator("a[hreflang=it]").get_attribute("href")
    scores = page.eval_on_selector_all(f"{CARDS} [data-score-text]", "els => els.map(el => el.textContent)")
    page.goto(address)  # as somebody else opens it: from the server, without a slider moved
    assert page.eval_on_selector_all(CARDS, ORDER) == after
    assert page.eval_on_selector_all(f"{CARDS} [data-score-text]", "els => els.map(el => el.textContent)") == scores
    page.get_by_role("link", name="Back to the brief's weights").click()
    assert page.eval_on_selector_all(CARDS, ORDER) == before
    assert said == []
    context.close()


def test_without_script_a_button_does_the_same(browser, portal):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{portal.url}/it/{PATH}")
    page.locator("#w-4").focus()
    page.keyboard.press("End")
    page.get_by_role("button", name="Rispondi con questi pesi").click()
    assert "w=30&w=25&w=25&w=100" in page.url
    assert page.locator("[data-weights-moved]").is_visible()
    assert page.locator("output[for=w-4]").inner_text() == "56 %"
    context.close()
