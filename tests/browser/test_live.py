"""Levers that follow the hand: what a drag shows is what the server then says, and nothing of it stays behind."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, expect

from costmodel.uncertainty.ranges import Range
from dashboard.programs import URL
from pricing.documents import Opened, document, to_link
from pricing.presets import DEFAULT, preset
from reports.words.palette import GROUP_COLOURS
from tests.browser.actions import change, followed, go, lever, reset, tiles, visit
from tests.browser.driver import settled

READY = "() => performance.getEntriesByType('resource').some(entry => entry.name.includes('/program/'))"
# What is on screen, by option: tiles, the ends of the curves in the scale of their axis, the figures beside the bars.
FIGURES = """
() => {
  const words = tile => [...tile.querySelectorAll("[data-tells]")].map(node => node.textContent.split(":")[0])
  const tiles = [...document.querySelectorAll(".tile")]
  const told = tiles.map(tile => [tile.dataset.option, [tile.className, ...words(tile)]])
  const chart = document.querySelector(".st-key-cumulative .js-plotly-plot"), { yaxis } = chart._fullLayout
  const mark = [...chart.querySelectorAll(".ytick > text")].at(-1), unit = { k: 1e3, M: 1e6, B: 1e9 }
  const [, figure, letter] = /([\\d.]+)([kMB]?)/.exec(mark.textContent)
  const scale = (Number(figure) * (unit[letter] ?? 1)) / mark.parentNode.__data__.x
  const drawn = [...chart.querySelectorAll(".scatterlayer .trace")].slice(0, told.length) // then what a drag hides
  const ends = drawn.map(trace => trace.querySelector(".js-line")).map(line => {
    const [y] = line.getAttribute("d").match(/[\\d.-]+$/)
    return scale * yaxis.p2l(Number(y)) // of the line's last point
  })
  const bars = document.querySelectorAll(".st-key-stack .annotation tspan:last-child")
  const totals = [...bars].map(node => node.textContent)
  const headline = document.querySelector("h1.answer").textContent, pixel = (yaxis.range[1] / yaxis._length) * scale
  const beside = [...chart.querySelectorAll(".annotation [style*=bold]")]
  const values = beside.map(node => node.textContent.replace(" \u2191", "")).sort() // which marks what this axis cuts
  return { tiles: Object.fromEntries(told), values, ends, totals: totals.sort(), headline, pixel }
}
"""
# By chart that follows: where its lines and bars end, in the scale of its axis; on a log axis its logarithm.
CURVES = """
() => Object.fromEntries([...document.querySelectorAll(".plot[data-follows]")].map(chart => {
  const { yaxis } = chart._fullLayout, isLog = yaxis.type === "log", unit = { k: 1e3, M: 1e6, B: 1e9, "%": 0.01 }
  const mark = [...chart.querySelectorAll(".ytick > text")].at(-1), { x } = mark.parentNode.__data__
  const [, figure, letter] = /([\\d.]+)([kMB%]?)/.exec(mark.textContent), value = Number(figure) * (unit[letter] ?? 1)
  const scaled = number => isLog ? number + Math.log10(value) - x : number * value / x
  const end = line => yaxis.p2l(line.getPointAtLength(line.getTotalLength()).y)
  const lines = [...chart.querySelectorAll(".scatterlayer .js-line")].map(end)
  const bars = [...chart.querySelectorAll(".barlayer .point path")].map(bar => bar.getBBox().height).filter(Boolean)
  const key = chart.closest("[class*=st-key-]").className.match(/st-key-[\\w-]+/)[0], { _length } = yaxis
  const pixel = (yaxis.range[1] - yaxis.range[0]) / _length
  const ends = [...lines, ...bars.map(height => height * pixel)].map(scaled)
  return [key, { ends, pixel: 1.5 * (scaled(pixel) - scaled(0)) }]
}))
"""
# Whether figures have moved in the frame in which the next move of the pointer arrives.
IN_THE_FRAME = """() => {
  const shown = () => document.querySelector(".tiles").textContent, before = shown()
  window.inTheFrame = new Promise(resolve => document.addEventListener("pointermove", () =>
    requestAnimationFrame(() => resolve(shown() !== before)), { once: true, capture: true }))
}"""
BRIGHT = "charts => charts.map(chart => getComputedStyle(chart).opacity === '1')"
WIDTHS = "bars => bars.map(bar => bar.getBBox().width)"
GROWTH = ".st-key-lever-workload-growth_per_year"
SCENARIO = preset(DEFAULT).scenario
DRAWN = """
() => [".tiles", "h1.answer", ".st-key-cumulative", ".st-key-stack"].map(at => document.querySelector(at).innerHTML)
"""


def rgb(colour: str) -> str:
    """A colour as the browser writes it."""
    return f"rgb({', '.join(str(int(colour[i : i + 2], 16)) for i in (1, 3, 5))})"


def ready(page: Page) -> None:
    """Wait until the browser has the program."""
    page.wait_for_function(READY)
    settled(page)


@contextmanager
def held(page: Page, pixels: int, within: str = "body", moving: str = "followed") -> Iterator[None]:
    """The first lever within a part of the page, dragged so far and held there until the block ends.

    What follows has followed when the block begins, and the server has answered once it is left.
    """
    thumb = page.locator(within).get_by_test_id("stSliderThumbValue").first.locator("..")
    thumb.scroll_into_view_if_needed()
    box = thumb.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + pixels, y, steps=3)
    expect(page.locator("body")).to_have_attribute("data-moving", moving)
    followed(page)
    yield
    page.mouse.up()
    expect(page.locator("body[data-moving]")).to_have_count(0)
    settled(page)


def comes_back_to_what_was(page: Page) -> None:
    """A lever that is back where it was leaves everything as it was."""
    before = page.evaluate(DRAWN)
    thumb = page.get_by_test_id("stSliderThumbValue").first.locator("..").bounding_box()
    with held(page, 25):
        assert page.evaluate(DRAWN) != before
        page.mouse.move(thumb["x"] + thumb["width"] / 2, thumb["y"] + thumb["height"] / 2)
        expect(page.locator("body[data-moving]")).to_have_count(0)
        followed(page)
        assert page.evaluate(DRAWN) == before
    assert page.evaluate(DRAWN) == before


def test_what_a_drag_shows_is_what_the_server_says_on_release_and_nothing_of_it_stays(overview: Page):
    """Plotly keeps the texts of marks that stay, so a redrawing must find its own."""
    page = overview
    ready(page)
    comes_back_to_what_was(page)
    for pixels in (15, -30, 4):
        before = page.evaluate(FIGURES)
        with held(page, pixels):
            shown = page.evaluate(FIGURES)
            assert shown["headline"] != before["headline"]
        said = page.evaluate(FIGURES)
        for name in ("headline", "tiles", "totals", "values"):
            assert shown[name] == said[name]
        assert shown["ends"] == pytest.approx(said["ends"], abs=max(shown["pixel"], said["pixel"]))

    dragged = page.locator(".st-key-cumulative .ytick").all_text_contents()
    page.reload()
    settled(page)
    assert page.locator(".st-key-cumulative .ytick").all_text_contents() == dragged


def test_figures_follow_in_the_frame_in_which_the_pointer_moves(overview: Page):
    page = overview
    ready(page)
    with held(page, 15):
        thumb = page.get_by_test_id("stSliderThumbValue").first.locator("..").bounding_box()
        page.evaluate(IN_THE_FRAME)
        page.mouse.move(thumb["x"] + thumb["width"] / 2 + 20, thumb["y"] + thumb["height"] / 2)
        assert page.evaluate("window.inTheFrame")


def test_keys_move_a_lever_that_is_followed_on_every_page(overview: Page):
    page = overview
    ready(page)
    before = tiles(page)
    go(page, "export")
    for _ in range(12):
        lever(page).press("ArrowRight")
    expect(page.locator("body[data-moving]")).to_have_count(0)
    settled(page)
    go(page, "overview")
    assert tiles(page) != before
    expect(page.locator("body[data-moving]")).to_have_count(0)


def test_curves_and_bars_of_every_page_follow_or_say_that_they_wait(overview: Page):
    """By page: how many charts follow; what the server then draws is what the drag has shown."""
    page = overview
    reset(page)  # the preset has the growth among its levers
    ready(page)
    for name, count in {"break_even": 3, "sizing": 2, "workload": 1, "options": 1, "trade_offs": 0}.items():
        go(page, name)
        before = page.evaluate(CURVES)
        with held(page, 20, GROWTH):
            shown = page.evaluate(CURVES)
            assert page.locator(".plot:visible").evaluate_all(BRIGHT) == page.locator(".plot:visible").evaluate_all(
                "charts => charts.map(chart => chart.dataset.follows !== undefined)"
            )
        said = page.evaluate(CURVES)
        assert len(shown) == count
        assert shown.keys() == said.keys()
        assert shown != before or not count
        for key, chart in said.items():
            assert shown[key]["ends"] == pytest.approx(chart["ends"], rel=chart["pixel"], abs=chart["pixel"]), key


def test_a_lever_moves_the_strip_and_a_handle_of_the_strip_moves_tiles_and_curves(overview: Page):
    page = overview
    reset(page)  # the preset has turns that a lever moves
    go(page, "what_if")
    expect(page.locator(".strip[data-ready]")).to_be_attached()
    rows, below = page.locator(".row .says"), page.locator(".st-key-lever_of-workload-growth_per_year")
    words = "node => getComputedStyle(node, '::after').content"
    before = rows.all_inner_texts(), below.evaluate(words)
    with held(page, 25):
        shown = rows.all_inner_texts(), below.evaluate(words)
        assert all(now != then for now, then in zip(shown, before, strict=True))
    assert rows.all_inner_texts() == shown[0]
    go(page, "overview")
    page.get_by_text("What would have to be true for another answer").click()
    settled(page)
    handle, before = page.locator('.track input[aria-label^="Requests in an average"]'), page.evaluate(FIGURES)
    handle.focus()
    with change(page):
        handle.press("End")
        shown = page.evaluate(FIGURES)
    said = page.evaluate(FIGURES)
    for name in ("headline", "tiles", "totals", "values"):
        assert before[name] != shown[name] == said[name]


def test_without_a_program_a_lever_works_as_it_does_anyway(page: Page):
    page.route(f"**{URL}*", lambda route: route.fulfill(status=204))
    visit(page)
    before = tiles(page)
    with held(page, 30, moving="asked"):
        assert tiles(page) == before
    assert tiles(page) != before


def test_a_group_that_appears_during_a_drag_has_its_bar(page: Page):
    support = "options.open_api.support_usd_per_month"
    opened = Opened(SCENARIO, DEFAULT, ranges={support: Range(0, 0, 20_000, "triangular")})
    visit(page, query=f"?s={to_link(document(opened))}")
    ready(page)
    colour = page.locator(f".st-key-stack path[style*='{rgb(GROUP_COLOURS['Support and licences'])}']")
    expect(colour).to_have_count(0)
    with held(page, 60, f".st-key-lever-{support.replace('.', '-')}"):
        shown = colour.evaluate_all(WIDTHS)
        assert max(shown) > 5
    assert max(colour.evaluate_all(WIDTHS)) == pytest.approx(max(shown), rel=0.25)  # the scale may be another
    expect(page.locator(".st-key-stack [data-group]")).to_have_count(0)
