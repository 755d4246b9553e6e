"""A company's own numbers in a browser: a line, files, the bill that is met, the verdict, a decision, next month."""

import re

from playwright.sync_api import Page, expect

from tests.browser.actions import answer, change, complaints, enter, go, opened, tiles, type_in, visit
from tests.browser.driver import settled
from tests.test_usage_bill import invoice, list_usd, usage
from usage.one_line import EXAMPLE

DOOR = "Start from your own numbers"


def drop(page: Page, month: str, usd: float, times: float = 1.0) -> None:
    """Drop the usage and the invoice of a month."""
    files = [("usage.csv", usage(month, times=times)), ("invoice.csv", invoice(month, usd=usd))]
    page.locator("input[type=file]").set_input_files(
        [{"name": name, "mimeType": "text/csv", "buffer": content} for name, content in files]
    )
    expect(page.get_by_role("heading", name="Is the bill met?")).to_be_visible()
    settled(page)


def test_from_one_line_to_the_files_the_bill_the_verdict_a_decision_and_the_next_month(page: Page, screenshot):
    visit(page)
    example = answer(page)
    screenshot(page, "door")
    page.get_by_role("button", name=DOOR).click()
    line = page.get_by_role("textbox", name="Or say it in one line")
    with change(page):
        line.fill(EXAMPLE)
        hint, box = page.get_by_test_id("InputInstructions").bounding_box(), line.bounding_box()
        assert hint["y"] >= box["y"] + box["height"], "what to press stands below what is written, not upon it"
        line.press("Enter")
    expect(page.locator(".met")).to_contain_text("$2,496 (9.1 %) above usage at list price")
    assert answer(page) != example
    assert any(tile.startswith("What we run now") for tile in tiles(page))
    go(page, "usage")
    drop(page, "2026-09", 1.004 * list_usd())
    assert complaints(page) == []
    screenshot(page, "usage")
    with change(page):
        page.get_by_role("button", name="Take into the scenario").click()
    expect(page.locator(".met")).to_contain_text("of your bill of September 2026")
    page.get_by_role("link", name="See the answer").click()
    settled(page)
    expect(page.locator(".met")).to_contain_text(re.compile("bill of September 2026"))
    link = page.url
    visit(page, query=f"?{link.partition('?')[2]}")
    expect(page.locator(".met")).to_contain_text("bill of September 2026")
    assert page.get_by_role("button", name=DOOR).count() == 0
    decide(page)
    go(page, "usage")
    drop(page, "2026-10", 1.6 * list_usd(), times=1.5)
    opened(page, "Decision").get_by_role("option", name="Stay until the volume doubles.").click()
    settled(page)
    expect(page.get_by_role("heading", name=re.compile("October 2026: .* paid, .* the plan"))).to_be_visible()
    expect(page.get_by_role("heading", name=re.compile("With today.s usage"))).to_be_visible()
    assert complaints(page) == []
    with page.expect_download() as download:
        page.locator(".st-key-csv-planned-and-paid").get_by_role("button").click()
    assert "planned (USD)" in download.value.path().read_text(encoding="utf-8-sig")
    screenshot(page, "planned")


def decide(page: Page) -> None:
    """Save what is on screen as a decision."""
    go(page, "scenarios")
    enter(page, "Name", "Chat")
    page.get_by_text("Save as a decision").click()
    settled(page)
    type_in(page, "In a sentence: what was decided, and why", "Stay until the volume doubles.")
    settled(page)
    page.get_by_role("button", name="Save as a decision").click()
    expect(page.get_by_text("Kept as a decision with")).to_be_visible(timeout=60_000)
    settled(page)
