"""The chart element in a real browser: updated in place, as wide as its place, in the colours of the theme."""

import re
from html import unescape
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from answers.volume import VOLUME
from pricing.documents import from_link
from reports.words.text import compact
from tests.browser.actions import LINE, go, lever, shown, step, volume
from tests.browser.axe import found
from tests.browser.driver import settled

LINK = "?s="
# Counts what Plotly draws from here on.
COUNTED = """() => {
  const { react } = Plotly
  window.drawings = 0
  Plotly.react = (...figure) => { window.drawings += 1; return react(...figure) }
}"""
# What is drawn, and where texts stand in their chart, in pixels.
PICTURE = """() => [...document.querySelectorAll(".plot")].flatMap(chart => {
  const { x, y } = chart.getBoundingClientRect()
  const place = node => { const box = node.getBoundingClientRect(); return [box.x - x, box.y - y, box.width] }
  const outlines = [...chart.querySelectorAll(":is(.scatterlayer, .barlayer) path")].map(path =>
    [path.getAttribute("d"), path.getAttribute("transform"), ...place(path)])
  const texts = [...chart.querySelectorAll(".annotation, .xtick text, .ytick text, .legendtext")].map(text =>
    [text.textContent, "", ...place(text)])
  return [...outlines, ...texts]
})"""
# Of the curves: the names of months, whether one is slanted or over another. Of the bars: how high each is, and whether
# their names of parts are within the drawing.
ROOM = """() => {
  const [curves, bars] = [...document.querySelectorAll(".plot")]
  const names = [...curves.querySelectorAll(".xtick text")], boxes = names.map(name => name.getBoundingClientRect())
  const inside = bars.querySelector(".main-svg").getBoundingClientRect()
  const ends = [...bars.querySelectorAll(".legendtext")].map(text => text.getBoundingClientRect().bottom)
  return {
    names: names.map(name => name.textContent),
    slanted: names.some(name => /rotate\\((?!0[,)])/.test(name.getAttribute("transform"))),
    over: boxes.some((box, i) => i && box.left < boxes[i - 1].right + 4),
    bar: Math.round(bars._fullLayout._size.h),
    below: inside.bottom - Math.max(...ends),
  }
}"""
# How many names of an upright axis are seen in a chart with our margins whose last name stands at its upper end.
UPRIGHT = """async chart => {
  const own = document.body.appendChild(document.createElement("div"))
  const yaxis = { range: [0, 1], tickvals: [0, 0.5, 1], ticktext: ["0 %", "50 %", "100 %"] }
  const { template, margin } = chart.layout
  const layout = { template, margin: { ...margin, t: 8 }, yaxis, width: 400, height: 250 }
  await Plotly.newPlot(own, [{ x: [0, 1], y: [0, 1] }], layout)
  const seen = [...own.querySelectorAll(".ytick text")].filter(text => getComputedStyle(text).display !== "none").length
  own.remove()
  return seen
}"""
FITS = """plots => plots.filter(plot => plot.clientWidth)
  .every(plot => plot.querySelector(".main-svg").clientWidth === plot.clientWidth)"""


def test_a_chart_has_a_name_axe_finds_nothing_in_it_and_a_lever_updates_the_same_drawing(overview: Page):
    page = overview
    pictures = page.locator(".plot .main-svg[role=img]")
    assert pictures.count() == page.locator(".plot").count() == 2
    assert all(len(picture.get_attribute("aria-label")) > 20 for picture in pictures.all())
    assert found(page, ".plot") == []
    before = page.locator(LINE).first.get_attribute("d")
    page.evaluate("document.querySelectorAll('.plot .main-svg').forEach(svg => { svg.marked = true })")
    step(page)
    expect(page.locator(LINE).first).not_to_have_attribute("d", before)
    assert page.evaluate("[...document.querySelectorAll('.plot .main-svg')].every(svg => svg.marked)")


def test_a_step_within_the_same_axes_is_not_drawn_by_plotly_until_one_points(overview: Page):
    page = overview
    page.mouse.move(0, 0)
    page.evaluate(COUNTED)
    first = page.evaluate(PICTURE)
    step(page, "ArrowLeft")
    moved = page.evaluate(PICTURE)
    assert page.evaluate("window.drawings") == 0
    assert moved != first
    for chart in ("cumulative", "stack"):
        page.locator(f".st-key-{chart} .nsewdrag").hover()
    page.mouse.move(0, 0)
    settled(page)
    assert page.evaluate("window.drawings") == 2
    for mine, whole in zip(moved, page.evaluate(PICTURE), strict=True):
        assert mine[:2] == whole[:2]
        assert mine[2:] == pytest.approx(whole[2:], abs=1)
    reads_all_options_where_one_points(page)


def test_quick_steps_end_with_the_last_value_drawn_which_a_reload_keeps(overview: Page):
    page = overview
    for _ in range(8):
        lever(page).press("ArrowRight")
    last = volume(page)
    page.wait_for_url(lambda url: LINK in url and compact(from_link(url.partition(LINK)[2]).scenario[VOLUME]) == last)
    settled(page)
    quick = shown(page)
    page.reload()
    settled(page)
    assert (volume(page), shown(page)) == (last, quick)


def test_charts_survive_leaving_and_coming_back(overview: Page):
    page = overview
    lines = page.locator(LINE).count()
    for _ in range(2):
        go(page, "method")
        expect(page.locator(".plot")).to_have_count(0)
        go(page, "overview")
        expect(page.locator(LINE)).to_have_count(lines)
    assert page.locator("script[src*=plotly]").count() == 1


def test_charts_follow_the_theme_and_the_width(overview: Page):
    page = overview
    for scheme in "light", "dark":
        page.emulate_media(color_scheme=scheme)
        settled(page)
        ink = page.locator(".stApp").evaluate("node => getComputedStyle(node).color")
        legend = page.locator(".legendtext").first.evaluate("node => getComputedStyle(node).fill")
        assert legend == ink
    heights = set()
    for width in 390, 1024, 1280, 1440, 1920:
        page.set_viewport_size({"width": width, "height": 900})
        settled(page)
        assert page.locator(".plot").evaluate_all(FITS), width
        room = page.evaluate(ROOM)
        assert not room["slanted"], f"{width}: {room}"
        assert not room["over"], f"{width}: {room}"
        assert len(room["names"]) >= 2
        assert room["names"][-1] == "Dec 2031"
        assert 0 <= room["below"] <= 24, f"{width}: {room}"
        heights.add(room["bar"])
    assert len(heights) == 1, "no bar gives way to the names of parts"
    assert page.locator(".plot").first.evaluate(UPRIGHT) == 3


def test_a_chart_in_a_closed_expander_is_drawn_when_it_is_opened(overview: Page):
    page = overview
    go(page, "what_if")
    page.get_by_text("Is the number of simulations enough?").click()
    settled(page)
    expect(page.get_by_test_id("stExpander").locator(".plot .main-svg").first).to_be_visible()
    assert page.locator(".plot").evaluate_all(FITS)


def saved(page: Page, chart: str, way: str) -> Path:
    """The file that a way of taking a chart along saves."""
    with page.expect_download() as download:
        page.locator(f".st-key-{chart} [data-way={way}]").click()
    assert re.fullmatch(rf"crossover-assistant-{chart}-\d{{4}}-\d\d-\d\d\.{way}", download.value.suggested_filename)
    return download.value.path()


def reads_all_options_where_one_points(page: Page) -> None:
    """Pointing at a month shows the figures of all options."""
    place = page.locator(".st-key-cumulative .nsewdrag").bounding_box()
    page.mouse.move(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
    read = page.locator(".st-key-cumulative .hoverlayer .legendtext")
    expect(read).to_have_count(page.locator(".tile").count())
    page.mouse.move(0, 0)


def test_a_chart_reads_all_options_at_a_month_is_taken_along_with_its_words_and_leads_to_its_formula(overview: Page):
    page = overview
    reads_all_options_where_one_points(page)
    title = page.locator("h2").first.inner_text()
    rows = saved(page, "cumulative", "csv").read_text(encoding="utf-8-sig").splitlines()
    assert rows[0] == "series,x,y"
    assert len(rows) > page.locator(".st-key-cumulative .scatterlayer .trace").count() * 60
    drawing = saved(page, "cumulative", "svg").read_text(encoding="utf-8")
    words = " ".join(re.findall(r">([^<>]+)<", drawing))
    foot = page.locator(".st-key-cumulative .chart-foot span").inner_text()
    for said in (title, page.locator(".st-key-cumulative .chart-measure").inner_text(), foot, "Crossover: "):
        assert " ".join(said.split()[:4]) in " ".join(unescape(words).split()), said
    assert saved(page, "stack", "png").read_bytes().startswith(b"\x89PNG")
    names = page.locator(".st-key-cumulative [data-way]").evaluate_all("all => all.map(node => node.ariaLabel)")
    assert [name.endswith(f": {title}") for name in names] == [True] * 4
    page.get_by_test_id("stMain").evaluate("node => node.scrollTo(0, 300)")
    page.get_by_role("button", name=f"Formula: {title}").click()
    expect(page).to_have_title(re.compile("Method"))
    settled(page)
    page.wait_for_function("() => document.querySelector('[data-testid=stMain]').scrollTop === 0")
    weights = page.get_by_test_id("stTopNavLink").evaluate_all(
        "all => all.map(node => [node.innerText, Number(getComputedStyle(node.querySelector('p')).fontWeight)])"
    )
    heaviest = max(weight for _, weight in weights)
    assert [name for name, weight in weights if weight == heaviest] == ["Method"], "the menu says where one is"
