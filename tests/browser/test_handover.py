"""Handing over in a real browser: scenarios that are saved, compared, found again and sent by reference."""

from playwright.sync_api import Page, expect

from costmodel.scenario import numbers
from pricing.documents import FORMAT, VERSION, to_link
from pricing.presets import DEFAULT, preset
from tests.browser.actions import answer, change, complaints, go, press, step, tiles, type_in, visit, volume
from tests.browser.driver import settled

SCENARIO = preset(DEFAULT).scenario
HEAD = {"format": FORMAT, "version": VERSION, "preset": DEFAULT}
SHORT = 60  # characters of an address with a token


def test_a_saved_scenario_is_found_by_another_browser_changed_and_compared_with_what_was_saved(page, other_page):
    visit(page, "scenarios")
    step(page, "PageUp")
    saved = volume(page)
    type_in(page, "Name", "For the board")
    settled(page)
    press(page, "Save")  # the address carries the name too
    visit(other_page, "scenarios")
    assert volume(other_page) != saved
    other_page.get_by_text("For the board", exact=True).click()
    settled(other_page)
    with change(other_page):  # in the page itself: the side bar's select has a button of that name
        other_page.get_by_test_id("stMain").get_by_role("button", name="Open", exact=True).click()
    assert volume(other_page) == saved
    step(other_page, "PageUp")
    go(other_page, "compare")
    other_page.get_by_role("combobox", name="Scenarios").click()
    other_page.get_by_role("option", name="Saved: For the board").click()
    expect(other_page.locator("h1")).to_contain_text("Saved: For the board")
    settled(other_page)
    table = other_page.locator("table.plain").last
    heading, row = (line.locator("th, td").all_inner_texts() for line in table.locator("tr").all())
    assert (heading[0], heading[-1], row[0]) == ("Input", "Saved: For the board", "Requests in an average month")
    assert len(set(row)) == len(row), "three volumes"


def test_a_link_by_reference_opens_a_large_change_in_another_browser(page: Page, other_page: Page):
    known = numbers(SCENARIO)
    values = {path: SCENARIO[path] for path, number in known.items() if not number.whole and SCENARIO[path]}
    changes = {path: max(value * (1 - 1e-4 * place), known[path].low) for place, (path, value) in
               enumerate(values.items())}  # fmt: skip
    visit(page, query=f"?s={to_link({**HEAD, 'changes': changes})}")
    told = answer(page), tiles(page)
    assert complaints(page) == []
    go(page, "export")
    link = page.get_by_test_id("stCode").inner_text().strip()
    assert "?r=" in link
    assert len(link) < SHORT
    other_page.goto(link)
    settled(other_page)
    assert complaints(other_page) == []
    assert (answer(other_page), tiles(other_page)) == told
