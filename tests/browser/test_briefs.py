"""A brief made in the form by keyboard alone, on a phone, without JavaScript: a fault, its correction, the answer."""

import pytest
from tests.browser.test_pages import opened, violations

pytestmark = pytest.mark.browser


def test_a_brief_is_made_by_keyboard_without_javascript(browser, portal):
    page = opened(browser, portal, "/en/briefs/new?begin=logistics", 390, java_script_enabled=False)
    page.focus("#title-en")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("Parcels <b>hub</b>")
    page.focus("#must-area")
    page.keyboard.type("1.500")
    page.keyboard.press("Enter")
    page.wait_for_selector("[role=alert]")
    assert page.input_value("#title-en") == "Parcels <b>hub</b>"
    assert page.input_value("#must-area") == "1.500"
    assert page.get_attribute("#must-area", "aria-invalid") == "true"
    assert page.get_attribute("#must-area", "aria-describedby") == "must-area-fault"
    assert "1500" in page.inner_text("#must-area-fault")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.focus("[role=alert] a")
    page.keyboard.press("Enter")
    page.fill("#must-area", "0,5")
    page.press("#must-area", "Enter")
    page.wait_for_url("**/en/brief?b=*")
    assert page.inner_text("h1") == "Parcels <b>hub</b>"
    page.context.close()


def test_the_form_with_faults_is_accessible_with_everything_opened(browser, portal):
    page = opened(browser, portal, "/it/briefs/new?begin=plant", 1200)
    page.fill("#must-area", "1.500")
    page.fill("#w0-scale", "5;1")
    page.click("button.btn-primary[value=answer]")
    page.wait_for_selector("[role=alert]")
    page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
    assert violations(page) == []
    page.context.close()
