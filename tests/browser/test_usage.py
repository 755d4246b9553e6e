"""A company's own numbers in a real browser: a line, then files, the bill that is met, the verdict that follows."""

import re

from playwright.sync_api import Page, expect

from tests.browser.actions import answer, change, complaints, go, tiles, visit
from tests.browser.driver import settled
from tests.test_usage_bill import invoice, list_usd, usage
from usage.one_line import EXAMPLE


def test_from_one_line_to_the_files_the_bill_and_the_verdict(page: Page, screenshot):
    visit(page)
    example = answer(page)
    screenshot(page, "door")
    line = page.get_by_role("textbox", name="Or say it in one line")
    with change(page):
        line.fill(EXAMPLE)
        line.press("Enter")
    expect(page.locator(".met")).to_contain_text("$2,496 (8.3 %) above usage at list price")
    assert answer(page) != example
    assert any(tile.startswith("What we run now") for tile in tiles(page))
    go(page, "usage")
    files = [("usage.csv", usage()), ("invoice.csv", invoice(usd=1.004 * list_usd()))]
    page.locator("input[type=file]").set_input_files(
        [{"name": name, "mimeType": "text/csv", "buffer": content} for name, content in files]
    )
    expect(page.get_by_role("heading", name="Is the bill met?")).to_be_visible()
    settled(page)
    assert complaints(page) == []
    screenshot(page, "usage")
    with change(page):
        page.get_by_role("button", name="Take into the scenario").click()
    expect(page.locator(".met")).to_contain_text("of your bill of October 2026")
    page.get_by_role("link", name="See the answer").click()
    settled(page)
    expect(page.locator(".met")).to_contain_text(re.compile("bill of October 2026"))
    link = page.url
    visit(page, query=f"?{link.partition('?')[2]}")
    expect(page.locator(".met")).to_contain_text("bill of October 2026")
    assert page.get_by_role("textbox", name="Or say it in one line").count() == 0
