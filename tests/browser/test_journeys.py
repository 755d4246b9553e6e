"""The main journeys in a real browser. No test sleeps; each waits for what it is about."""

import csv
import json
import re
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from costmodel.comparison import compare
from pricing.documents import FORMAT, VERSION, to_link
from pricing.presets import DEFAULT, preset, presets
from reports.words.plain import typeset
from reports.words.text import to_the_cent
from reports.words.verdict import verdict
from tests.as_typed import as_typed
from tests.browser.actions import (
    address,
    answer,
    arrived,
    choose_preset,
    complaints,
    enter,
    field,
    go,
    lever,
    press,
    shown,
    step,
    tiles,
    visit,
    volume,
)
from tests.browser.conftest import VIEWPORT
from tests.browser.driver import settled
from tests.sentence import one_sentence

OPTIONS = preset(DEFAULT).scenario.options
REQUESTS = "Requests in an average month"
LAST_PRESET = [*presets().values()][-1]


def markup(page: Page) -> list[str]:
    """What was made of a reader's text: formulas, pictures, bold letters, links that hide their address."""
    return page.evaluate(
        """() => [
          ...document.querySelectorAll(".katex, .stApp img, svg a"),
          ...[...document.querySelectorAll("a[href^=http][href*=invalid]")]
            .filter(a => !a.textContent.includes("invalid")),
          ...[...document.querySelectorAll("strong, b, tspan[style*=bold]")].filter(n => /^[sx]$/.test(n.textContent)),
        ].map(node => node.outerHTML)"""
    )


def test_three_edits_in_a_row_are_kept_also_across_pages_and_after_a_preset(page: Page):
    visit(page, "workload")
    requests = field(page, REQUESTS)

    def edited() -> None:
        for entered, said in (("1200000", "1.20M"), ("34567", "34.6k"), ("8000000", "8.00M")):
            enter(page, REQUESTS, entered)
            expect(requests).to_have_value(f"{int(entered):,}")
            assert volume(page) == said

    edited()
    go(page, "export")
    assert volume(page) == "8.00M"
    go(page, "workload")
    expect(requests).to_have_value("8,000,000")
    choose_preset(page, LAST_PRESET)
    expect(requests).not_to_have_value("8,000,000")
    press(page, "Undo")
    expect(requests).to_have_value("8,000,000")
    press(page, "Redo")
    edited()
    press(page, "Reset")
    expect(requests).not_to_have_value("8,000,000")
    enter(page, REQUESTS, "7000000")
    expect(requests).to_have_value("7,000,000")


HEAD = {"format": FORMAT, "version": VERSION, "preset": DEFAULT}
BAD_LINKS = [  # one that is told plainly, and one full of markup; tests/test_pages_edits.py has one of every kind
    "garbage",
    to_link({**HEAD, "preset": "![a](http://example.invalid/a.png) [b](http://example.invalid)"}),
]


def test_a_bad_link_gives_one_sentence_and_the_default_scenario(page: Page):
    told = typeset(verdict(compare(preset(DEFAULT).scenario)).headline)
    for link in BAD_LINKS:
        visit(page, query=f"?s={link}")
        assert answer(page) == told
        assert len(tiles(page)) == len(OPTIONS)
        (sentence,) = complaints(page)
        one_sentence(sentence.split("\n")[-1])
        assert markup(page) == []
        assert link not in page.url
    step(page)
    assert complaints(page) == []


NAMES = ["<b>x</b> $y$ [z](http://example.invalid) **s**", "var(--st-font) %{x} <a href='http://example.invalid'>a</a>"]


def test_a_name_full_of_markup_is_text_everywhere(page: Page):
    changes = {f"options.{slug}.label": f"{NAMES[i % 2]}{i}" for i, slug in enumerate(OPTIONS)}
    visit(page, query=f"?s={to_link({**HEAD, 'changes': changes})}")
    for name in "overview", "break_even", "what_if", "options", "sizing", "export":
        go(page, name)
        assert complaints(page) == []
        assert markup(page) == [], name


def test_a_scenario_file_opens_and_a_bad_one_changes_nothing(overview: Page):
    page = overview
    go(page, "export")
    content = json.dumps({**HEAD, "changes": {"workload.requests_per_month": 5e6}}).encode()
    for name, told in ((content, 0), (content[:-3], 1)):
        page.locator("input[type=file]").set_input_files(
            {"name": "scenario.json", "mimeType": "application/json", "buffer": name}
        )
        expect(page.locator(".refused")).to_have_count(told)
        expect(page.locator(".taken")).to_have_count(1 - told)
        settled(page)
        assert volume(page) == "5.00M"
    paper = {"name": "brief.pdf", "mimeType": "application/pdf", "buffer": b"%"}
    page.locator("input[type=file]").set_input_files(paper)
    why = page.get_by_test_id("stFileChip").get_by_role("alert")
    expect(why).to_contain_text("not allowed")
    assert why.bounding_box()["width"] > 100, "what the browser does not send is told without a pointer on it too"


def test_an_option_is_added_from_the_catalogue(overview: Page):
    page = overview
    go(page, "options")
    page.get_by_text("Add an option").click()
    settled(page)
    form = page.get_by_test_id("stExpander").filter(has_text="Add to the comparison")
    form.get_by_role("radio", name="Token API").click()
    settled(page)
    form.get_by_label("Name", exact=True).fill("The new one")
    press(page, "Add to the comparison")
    go(page, "overview")
    assert len(tiles(page)) == len(OPTIONS) + 1
    assert any("The new one" in tile for tile in tiles(page))
    press(page, "Undo")
    assert len(tiles(page)) == len(OPTIONS)


def test_the_file_that_is_downloaded_equals_the_table_on_screen(overview: Page):
    page = overview
    step(page)
    go(page, "export")
    table = page.locator("table.plain").first
    heading, *rows = [row.locator("th, td").all_inner_texts() for row in table.locator("tr").all()]
    with page.expect_download() as download:
        page.get_by_role("button", name="Wide CSV").click()
    assert re.fullmatch(r"crossover-assistant-wide-\d{4}-\d\d-\d\d\.csv", download.value.suggested_filename)
    with download.value.path().open(encoding="utf-8-sig", newline="") as file:
        totals = {(row["option"], row["line"]): float(row["total (USD)"]) for row in csv.DictReader(file)}
    on_screen = {
        (option, as_typed(line)): cell
        for line, *cells in rows
        for option, cell in zip(heading[1:], cells, strict=True)
        if cell
    }
    assert len(on_screen) > len(OPTIONS)
    assert {key: to_the_cent(total) for key, total in totals.items()} == on_screen


def test_back_and_forward_go_through_the_scenarios_to_the_first(overview: Page):
    page = overview
    go(page, "workload")
    seen = [(volume(page), shown(page))]
    for _ in range(3):
        step(page, "PageUp")
        seen.append((volume(page), shown(page)))
    for before in reversed(seen[:-1]):
        page.go_back()
        settled(page)
        assert (volume(page), shown(page)) == before
    page.go_forward()
    settled(page)
    assert (volume(page), shown(page)) == seen[1]


def test_back_goes_through_the_pages(overview: Page):
    page = overview
    step(page)
    requests = volume(page)
    go(page, "workload")
    go(page, "method")
    for name in "workload", "overview":
        page.go_back()
        settled(page)
        if urlsplit(page.url).path != address(name):  # now and then Streamlit keeps two entries of one page change
            page.go_back()
        arrived(page, name)
        assert volume(page) == requests


def test_the_presentation_is_moved_by_arrows_and_left_by_escape(overview: Page):
    page = overview
    step(page)
    told = answer(page)
    go(page, "present")
    assert answer(page) == told
    page.set_viewport_size({"width": 900, "height": 675})
    in_the_race = page.locator(".tiles:not(.out) .tile")
    tops = in_the_race.evaluate_all("all => all.map(tile => tile.getBoundingClientRect().top)")
    assert len(tops) > 1
    assert len({*tops}) == 1, "side by side on a square screen too"
    page.set_viewport_size(VIEWPORT)
    seen = [told]
    next_button = page.get_by_role("button", name="Next")
    while next_button.is_enabled():
        page.keyboard.press("ArrowRight")
        expect(page.locator("h1.answer").first).not_to_have_text(seen[-1])
        settled(page)
        seen.append(answer(page))
    assert len(set(seen)) == len(seen) > 2
    page.keyboard.press("ArrowLeft")
    settled(page)
    assert answer(page) == seen[-2]
    for key, told_there in (("Home", seen[0]), ("Space", seen[1]), ("PageDown", seen[2]), ("PageUp", seen[1]),
                            ("End", seen[-1])):  # fmt: skip
        page.keyboard.press(key)
        expect(page.locator("h1.answer").first).to_have_text(told_there)
        settled(page)
    reach = page.evaluate("""() => [".stMain", ".st-key-present_bar"].map(
        (place, i) => document.querySelector(place).getBoundingClientRect()[i ? "top" : "bottom"])""")
    assert reach[0] <= reach[1] + 1, "nothing slides under the bar"
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("stSidebar")).to_be_visible()
    settled(page)
    assert answer(page) == told


LOSES_ITS_SESSION = """
() => {
  window.first = window.socket
  window.WebSocket = class extends window.WebSocket {
    constructor(address, protocols) {
      super(address, protocols.slice(0, 2))  // the third names the session that is to go on
    }
  }
  window.first.close()
}
"""


def test_who_finds_another_process_goes_on_there_with_the_first_step(overview: Page):
    page = overview
    step(page)
    before, answered = volume(page), answer(page)
    page.evaluate(LOSES_ITS_SESSION)
    page.wait_for_function("() => window.socket !== window.first && window.socket.readyState === 1")
    expect(lever(page)).to_be_enabled()
    settled(page)
    assert (volume(page), answer(page)) == (before, answered)
    step(page)
    assert volume(page) != before
