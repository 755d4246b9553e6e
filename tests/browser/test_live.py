"""Levers that follow the hand: what a drag shows is what the server then says, and nothing of it stays behind."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, expect

from dashboard.programs import URL
from tests.browser.actions import go, lever, tiles, visit
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
DRAWN = """
() => [".tiles", "h1.answer", ".st-key-cumulative", ".st-key-stack"].map(at => document.querySelector(at).innerHTML)
"""


def ready(page: Page) -> None:
    """Wait until the browser has the program."""
    page.wait_for_function(READY)
    settled(page)


@contextmanager
def held(page: Page, pixels: int) -> Iterator[None]:
    """The first lever, dragged so far and held there until the block ends."""
    thumb = page.get_by_test_id("stSliderThumbValue").first.locator("..")
    thumb.scroll_into_view_if_needed()
    box = thumb.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + pixels, y, steps=3)
    page.wait_for_timeout(100)
    yield
    page.mouse.up()


def test_what_a_drag_shows_is_what_the_server_says_on_release(page: Page):
    visit(page)
    ready(page)
    for pixels in (15, -30):
        before = page.evaluate(FIGURES)
        with held(page, pixels):
            shown = page.evaluate(FIGURES)
            assert shown["headline"] != before["headline"]
            assert page.locator("body[data-moving]").count() == 1
        settled(page)
        expect(page.locator("body[data-moving]")).to_have_count(0)
        said = page.evaluate(FIGURES)
        for name in ("headline", "tiles", "totals", "values"):
            assert shown[name] == said[name]
        assert shown["ends"] == pytest.approx(said["ends"], abs=max(shown["pixel"], said["pixel"]))


def test_a_lever_that_is_back_where_it_was_leaves_everything_as_it_was(page: Page):
    visit(page)
    ready(page)
    before = page.evaluate(DRAWN)
    thumb = page.get_by_test_id("stSliderThumbValue").first.locator("..").bounding_box()
    with held(page, 25):
        assert page.evaluate(DRAWN) != before
        page.mouse.move(thumb["x"] + thumb["width"] / 2, thumb["y"] + thumb["height"] / 2)
        page.wait_for_timeout(100)
        assert page.evaluate(DRAWN) == before
    settled(page)
    assert page.evaluate(DRAWN) == before


def test_what_an_axis_said_during_a_drag_is_not_left_on_it(page: Page):
    """Plotly keeps the texts of marks that stay, so a redrawing must find its own."""
    visit(page)
    ready(page)
    for pixels in (25, 20):
        with held(page, pixels):
            pass
        settled(page)
    dragged = page.locator(".st-key-cumulative .ytick").all_inner_texts()
    page.reload()
    settled(page)
    assert page.locator(".st-key-cumulative .ytick").all_inner_texts() == dragged


def test_without_a_program_a_lever_works_as_it_does_anyway(page: Page):
    page.route(f"**{URL}*", lambda route: route.fulfill(status=204))
    visit(page)
    before = tiles(page)
    with held(page, 30):
        assert tiles(page) == before
    settled(page)
    assert tiles(page) != before


def test_keys_move_a_lever_that_is_followed_on_every_page(page: Page):
    visit(page)
    ready(page)
    before = tiles(page)
    go(page, "export")
    for _ in range(12):
        lever(page).press("ArrowRight")
    settled(page)
    go(page, "overview")
    assert tiles(page) != before
    expect(page.locator("body[data-moving]")).to_have_count(0)
