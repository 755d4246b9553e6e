"""The strip on What if: a handle moves headline and rows before the server answers, and then the scenario itself."""

from playwright.sync_api import Locator, Page, Route, expect

from answers.analysis import Analysis
from answers.strip import anew
from answers.volume import VOLUME
from costmodel.comparison import compare
from dashboard.programs import URL
from pricing.documents import Opened, document, from_link, to_link
from pricing.presets import DEFAULT, preset
from reports.words.plain import typeset
from reports.words.strip import drawn_rows
from reports.words.verdict import verdict
from tests.browser.actions import change, choose_preset, followed, go, reset, visit
from tests.browser.driver import settled

SCENARIO = preset(DEFAULT).scenario


HOSTILE = 'Own"} body { display: none } \\22 } </style><b>'  # in a rule of style


def says(page: Page) -> list[str]:
    """Who else is the cheapest where, row by row."""
    return page.locator(".row .says").all_inner_texts()


def headline(page: Page) -> str:
    return page.locator("h1.answer").inner_text()


WATCH_HEADLINE = """
() => {
  window.headlines = []
  new MutationObserver(() => window.headlines.push(document.querySelector("h1.answer")?.innerText)).observe(
    document.querySelector("[data-testid=stMain]"), { subtree: true, childList: true, characterData: true })
}
"""


def drag(page: Page, handle: Locator, by: int) -> None:
    """Take a handle where it stands and move it by so many pixels, without letting go, until all that follows has."""
    box, share = handle.bounding_box(), handle.evaluate("node => node.value / node.max")
    x, y = box["x"] + 9 + share * (box["width"] - 18), box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + by, y, steps=6)
    expect(page.locator("body")).to_have_attribute("data-moving", "followed")
    followed(page)


CLEAR_OF_LINES = """(turns, size) => {
  document.documentElement.style.fontSize = size
  return turns.length && turns.every(turn => {
    const figures = turn.getStartPositionOfChar(0).y - 0.7 * parseFloat(getComputedStyle(turn).fontSize)
    const { y, height } = turn.closest("svg").querySelector(".likely").getBBox()
    return figures > y + height
  })
}"""


def test_a_handle_moves_headline_and_rows_at_once_and_the_server_confirms(overview: Page):
    page = overview
    reset(page)
    go(page, "what_if")
    expect(page.locator(".strip[data-ready]")).to_be_attached()
    for size in ("32px", ""):  # of the letters of a presentation on a wall, and as the page has them
        assert page.locator(".turn").evaluate_all(CLEAR_OF_LINES, size), size
    rows, address = Analysis(Opened(SCENARIO, DEFAULT)).strip, page.url
    assert [" ".join(words.split("\n")) for words in says(page)] == [row.says for row in drawn_rows(SCENARIO, rows)]
    keys = [words.removeprefix("\u25cf ") for words in page.locator(".colours span").all_inner_texts()]
    drawn = {SCENARIO.options[lead.cheapest].label for row in rows for lead in row.leads}
    assert len(drawn) < len(SCENARIO.options)
    assert sorted(keys) == sorted(drawn), "whose the colours are"
    handle, before = page.locator(".track input").first, (headline(page), says(page))
    drag(page, handle, by=60)
    followed = (headline(page), says(page))
    assert page.url == address, "a handle that is held asks no server"
    page.evaluate(WATCH_HEADLINE)
    with change(page):
        page.mouse.up()
    settled(page)
    assert set(page.evaluate("window.headlines")) <= {followed[0]}, (
        "what was followed stays until the server confirms it"
    )
    moved = from_link(page.url.partition("?s=")[2]).scenario
    assert moved != SCENARIO
    assert followed != before
    assert (headline(page), says(page)) == followed
    assert headline(page) == typeset(verdict(compare(moved)).headline)
    told = [row.says for row in drawn_rows(moved, anew(moved, rows))]
    assert [" ".join(words.split("\n")) for words in says(page)] == told
    expect(handle).to_be_focused()


def test_levers_say_below_them_who_is_the_cheapest_along_them_and_names_stay_text(page: Page):
    scenario = preset("batch").scenario.vary({"options.frontier_api.label": HOSTILE})
    (row,) = (row for row in Analysis(Opened(scenario, "batch")).strip if row.path == VOLUME)
    visit(page, query=f"?s={to_link(document(Opened(scenario, 'batch')))}")
    expect(page.locator("#lever-strips")).to_be_attached()
    page.wait_for_function("() => document.querySelector('#lever-strips')?.sheet?.cssRules.length === 5")
    lever = page.locator(".st-key-lever_of-workload-requests_per_month")
    told = lever.evaluate("node => getComputedStyle(node, '::after').content")
    (words,) = drawn_rows(scenario, [row])
    assert told[1:-1].replace('\\"', '"').replace("\\\\", "\\") == words.says
    assert "linear-gradient" in lever.get_by_test_id("stSlider").evaluate("node => getComputedStyle(node).background")
    expect(page.locator("h1.answer")).to_be_visible()
    waiting: list[Route] = []
    page.route(f"**{URL}*", lambda route: waiting.append(route))
    with page.expect_request(f"**{URL}*"):
        choose_preset(page, preset("media").label)
    expect(page.locator("body[data-behind]")).to_be_attached()
    dim = lever.evaluate("node => getComputedStyle(node, '::after').opacity")
    assert dim == "0.4", "what held before, until the program of what holds now is there"
    waiting[0].continue_()
    expect(page.locator("body[data-behind]")).to_have_count(0)
