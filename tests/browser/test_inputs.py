"""Typing in a real browser: numbers as people write them, refusals where they happen, undo to the opened scenario."""

import re

from playwright.sync_api import Locator, Page, expect

from pricing.documents import FORMAT, VERSION, to_link
from pricing.presets import DEFAULT
from tests.browser.actions import change, complaints, enter, field, go, lever_text, press, shown, step, visit, volume
from tests.browser.driver import settled
from tests.sentence import one_sentence

REQUESTS, GROWTH, PEAK = "Requests in an average month", "Growth (% a year)", "Peak to mean ratio"
LINK = to_link({"format": FORMAT, "version": VERSION, "preset": DEFAULT, "changes": {"workload.growth_per_year": 0.1}})
UNREADABLE = re.compile(r"\d[eE][+-]?\d|workload\.")


def below(words: Locator, box: Locator) -> bool:
    """Whether a sentence stands right below an input, both in sight."""
    expect(words).to_be_in_viewport()
    above, under = box.bounding_box(), words.bounding_box()
    return 0 <= under["y"] - (above["y"] + above["height"]) < 24 and abs(under["x"] - above["x"]) < 24


def test_undo_ends_at_the_scenario_that_was_opened_also_after_a_reload_and_redo_names_what_it_brings_back(page: Page):
    visit(page, "workload", f"?s={LINK}")
    undo, redo = (page.get_by_role("button", name=name, exact=True) for name in ("Undo", "Redo"))
    expect(undo).to_be_disabled()
    enter(page, REQUESTS, "500000")
    before = volume(page), shown(page)
    page.reload()
    settled(page)
    assert (volume(page), shown(page)) == before
    expect(field(page, REQUESTS)).to_have_value("500,000")
    expect(undo).to_be_disabled()
    enter(page, REQUESTS, "600k")
    expect(page.get_by_text("Undo: Requests in an average month: 500,000 requests a month → 600,000")).to_be_visible()
    press(page, "Undo")
    expect(field(page, REQUESTS)).to_have_value("500,000")
    expect(undo).to_be_disabled()
    expect(field(page, GROWTH)).to_have_value("10")
    expect(page.get_by_text("Redo: Requests in an average month: 500,000 requests a month → 600,000")).to_be_visible()
    press(page, "Redo")
    expect(field(page, REQUESTS)).to_have_value("600,000")
    expect(redo).to_be_disabled()


def test_the_table_of_ranges_reads_the_same_numbers_and_keeps_what_it_refuses(page: Page):
    visit(page, "what_if")
    page.get_by_text("Ranges", exact=True).click()
    settled(page)
    table = page.get_by_test_id("stDataFrame")

    def low_of(row: int) -> Locator:
        return page.locator(f"#glide-cell-1-{row}")

    def write(row: int, text: str) -> None:
        width = table.bounding_box()["width"]
        table.click(position={"x": width * 0.45, "y": 35 * row + 52})
        expect(low_of(row)).to_be_focused()
        page.keyboard.press("Enter")
        editor = page.locator(".gdg-growing-entry textarea, #portal input").first
        editor.fill(text)
        editor.press("Enter")
        settled(page)

    write(1, "5,5 %")
    expect(page.get_by_test_id("stSidebar")).to_contain_text("Undo: Range of Growth")
    expect(page.locator(".taken")).to_contain_text("Read as 5.5 % a year.")
    write(0, "200.000")
    expect(low_of(0)).to_have_text("200.000")
    expect(page.locator(".refused").filter(has_text=REQUESTS)).to_have_count(1)
    page.set_viewport_size({"width": 390, "height": 844})
    expect(table).to_be_hidden()
    expect(page.locator("details.card").nth(1)).to_contain_text("Low 5.5 % \u00b7 Today 25 % \u00b7 High 60 %")
    page.get_by_text("As a table, to change them").click()
    expect(table).to_be_visible()
    expect(low_of(0)).to_have_text("200.000")


def test_numbers_are_typed_as_people_write_them_and_what_is_refused_stays_with_its_reason_below(overview: Page):
    page = overview
    go(page, "workload")
    assert field(page, REQUESTS).get_attribute("inputmode") == "decimal"
    for text, taken, echo in (("1.2M", "1,200,000", "1.2 million"), ("2.500.000", "2,500,000", "2.5 million")):
        enter(page, REQUESTS, text)
        expect(field(page, REQUESTS)).to_have_value(taken)
        expect(page.locator(".taken")).to_have_text(f"Read as {echo} requests a month.")
    enter(page, PEAK, "2,5")
    expect(field(page, PEAK)).to_have_value("2.5")
    before, url = volume(page), page.url
    for text, said in ("-7", "not \u22127"), ("many", "no"), ("1.200", "1.2 or"):
        field(page, REQUESTS).fill(text)
        field(page, REQUESTS).press("Tab")
        expect(page.locator(".refused")).to_contain_text(said)
        settled(page)
        (sentence,) = complaints(page)
        assert not UNREADABLE.search(one_sentence(sentence))
        assert (volume(page), page.url) == (before, url)
        expect(field(page, REQUESTS)).to_have_value(text)
        assert below(page.locator(".refused"), field(page, REQUESTS))
        assert field(page, REQUESTS).get_attribute("aria-invalid") == "true"
        focused = page.evaluate("document.activeElement.closest('[data-testid=stMain]') !== null")
        assert focused, "the key goes on from the field"
    press(page, "1,200")
    expect(field(page, REQUESTS)).to_have_value("1,200")
    assert complaints(page) == []
    assert field(page, REQUESTS).get_attribute("aria-invalid") != "true"


def test_a_lever_takes_a_typed_value_stops_at_it_and_moves_finely(overview: Page):
    page = overview
    go(page, "workload")
    box = lever_text(page, REQUESTS)
    box.fill("523,456")
    with change(page):
        box.press("Enter")
    expect(field(page, REQUESTS)).to_have_value("523,456")
    for there, back in ("ArrowRight", "ArrowLeft"), ("ArrowLeft", "ArrowRight"):
        step(page, there)
        moved = float(box.input_value().replace(",", ""))
        assert 0 < abs(moved / 523_456 - 1) < 0.06
        step(page, back)
        expect(box).to_have_value("523,456")
    box.fill("some")
    box.press("Enter")
    expect(page.get_by_test_id("stSidebar").locator(".refused")).to_contain_text("“some” is not a number")
    expect(box).to_have_value("some")
    step(page)
    assert complaints(page) == []
