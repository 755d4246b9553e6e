"""Handing over in a real browser: scenarios that are saved, compared, found again and sent by reference."""

from datetime import date

from playwright.sync_api import Page, expect

from costmodel.scenario import numbers
from pricing.currency import currency
from pricing.documents import FORMAT, VERSION, to_link
from pricing.presets import DEFAULT, preset
from tests.browser.actions import (
    answer,
    change,
    choose,
    complaints,
    drawn,
    enter,
    go,
    opened,
    step,
    tiles,
    type_in,
    visit,
    volume,
)
from tests.browser.driver import settled

SCENARIO = preset(DEFAULT).scenario
HEAD = {"format": FORMAT, "version": VERSION, "preset": DEFAULT}
SHORT = 60  # characters of an address with a token


def test_a_saved_scenario_is_found_by_another_browser_changed_and_compared_with_what_was_saved(page, other_page):
    visit(page, "scenarios")
    step(page, "PageUp")
    saved = volume(page)
    enter(page, "Name", "For the board")  # the address carries the name too
    sentence = "Our helpdesk answers from its own tickets."
    enter(page, "What it is about, in a sentence", sentence)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".scenario")).to_contain_text("Saved as version 1")
    visit(other_page, "scenarios")
    expect(other_page.locator(".scenario")).not_to_contain_text("For the board")
    assert volume(other_page) != saved
    other_page.get_by_text("For the board", exact=True).click()
    settled(other_page)
    with change(other_page):  # in the page itself: the side bar's select has a button of that name
        other_page.get_by_test_id("stMain").get_by_role("button", name="Open", exact=True).click()
    assert volume(other_page) == saved
    expect(other_page.locator(".scenario")).to_contain_text(f"For the board{sentence}Saved as version 1")
    step(other_page, "PageUp")
    expect(other_page.locator(".scenario")).to_contain_text("Changed since version 1 was saved")
    expect(other_page.get_by_test_id("stSidebar")).not_to_contain_text("office staff")
    go(other_page, "compare")
    choose(other_page, "Scenarios", "For the board (saved)")
    expect(other_page.locator("h1")).to_contain_text("For the board (saved)")
    settled(other_page)
    table = other_page.locator("table.plain").last
    heading, row = (line.locator("th, td").all_inner_texts() for line in table.locator("tr").all())
    assert (heading[0], heading[-1], row[0]) == ("Input", "For the board (saved)", "Requests in an average month")
    assert len(set(row)) == len(row), "three volumes"


def test_a_link_shows_the_same_in_another_browser_in_the_currency_chosen_on_every_page_and_in_inputs(page, other_page):
    visit(page)
    with change(page):
        choose(page, "Amounts in", "EUR")
    euro = currency("EUR", date.today())
    wage = "Wage of an ML engineer (EUR a year)"
    go(page, "people")
    for typed in ("150000", "160000.5", "90000"):
        enter(page, wage, typed)
    go(page, "export")
    link = page.get_by_test_id("stCode").inner_text().strip()
    assert link.startswith(page.url.split("/export")[0])
    go(page, "overview")
    other_page.goto(link)
    settled(other_page)
    told = answer(page), tiles(page), drawn(page)
    assert (answer(other_page), tiles(other_page), drawn(other_page)) == told
    step(other_page)
    assert (answer(other_page), tiles(other_page), drawn(other_page)) != told
    assert (answer(page), tiles(page), drawn(page)) == told
    for visitor in page, other_page:
        assert all("\u20ac" in tile and "$" not in tile for tile in tiles(visitor))
        assert "\u20ac" in answer(visitor)
        axes = visitor.locator(".plot .ytick, .plot .xtick").all_text_contents()
        assert any(tick.startswith("\u20ac") for tick in axes)
        assert not any("$" in tick for tick in axes)
        expect(visitor.get_by_text(f"1 USD = {euro.per_usd:.6g} EUR", exact=False).first).to_be_visible()
        go(visitor, "people")
        expect(visitor.get_by_test_id("stMain").get_by_label(wage, exact=True)).to_have_value("90,000")
    go(page, "models")
    type_in(page, "Find", "gpt-oss")  # which draws the hits alone
    settled(page)
    offers = opened(page, "One of them").get_by_role("option").all_inner_texts()
    assert offers
    assert all("\u20ac" in offer and "$" not in offer for offer in offers)


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
