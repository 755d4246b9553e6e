"""Every page in light and dark, from a telephone's width to a wall's: fits, can be read by all, can be reached by key.

With `make test ARGS=--screenshots` pictures of every look are kept in .screenshots for somebody to look at.
"""

import pytest
from playwright.sync_api import Page, expect

from dashboard.navigation import SECTIONS
from pricing.presets import DEFAULT, preset
from tests.browser.actions import ORDINARY_PAGES, answer, change, go, lever, reset, shown, step, type_in, visit, volume
from tests.browser.axe import found
from tests.browser.conftest import VIEWPORT
from tests.browser.driver import settled

WALL = {"width": 1920, "height": 1080}  # the menu has room for the names of all pages
TELEPHONE = {"width": 390, "height": 844}
LOOKS = [("light", *WALL.values()), ("light", 1440, 900), ("dark", *TELEPHONE.values())]
PICTURED = LOOKS[1:]
SIDEBAR = '[data-testid="stSidebar"]'
REFUSALS = '[data-testid="stAlert"], .refused, [aria-invalid="true"]'
LEVERS = {*ORDINARY_PAGES} - {*SECTIONS["Evidence"]}  # pages that have them
STANDS_STILL = {"usage", "scenarios"}  # show what does not depend on the scenario


def wide(page: Page) -> list[str]:
    """What makes the page scroll sideways, charts that stand out of the window, and words that charts cut off."""
    return page.evaluate(
        """() => {
          const wider = [document.documentElement, document.querySelector('[data-testid="stMain"]')]
            .filter(node => node.scrollWidth > node.clientWidth + 1).map(node => `${node.tagName} scrolls sideways`)
          const drawn = [...document.querySelectorAll(".plot")].filter(node => node.clientWidth)
          const charts = drawn.map(node => node.querySelector(".main-svg").getBoundingClientRect())
            .filter(box => box.left < 0 || box.right > innerWidth + 1)
            .map(box => `chart from ${box.left} to ${box.right}`)
          const cut = drawn.flatMap(node => {
            const { left, right } = node.getBoundingClientRect()
            return [...node.querySelectorAll(".main-svg text")].filter(text => {
              const box = text.getBoundingClientRect()
              return box.width && (box.left < left - 1 || box.right > right + 1)
            })
          }).map(text => `a chart cuts ${text.textContent}`)
          return [...wider, ...charts, ...cut]
        }"""
    )


@pytest.mark.parametrize("section", SECTIONS)
def test_the_pages_of_a_section_fit_every_width_move_with_a_lever_and_axe_finds_nothing(overview, screenshot, section):
    """Every second page is looked at the other way round, for a scheme is dearer to change than a page.

    The sidebar is the same on all of them, and is looked at once.
    """
    page, problems = overview, []
    reset(page)
    requests = volume(page)
    for place, name in enumerate(SECTIONS[section]):
        page.set_viewport_size(WALL)
        expect(page.get_by_test_id("stTopNav")).to_be_visible()
        settled(page)
        go(page, name)
        assert name not in LEVERS or volume(page) == requests, name
        for look in LOOKS[::-1] if place % 2 else LOOKS:
            scheme, width, height = look
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size({"width": width, "height": height})
            settled(page)
            if look == LOOKS[0] and name in LEVERS:
                here = shown(page)
                step(page, ("PageUp", "PageDown")[place % 2])
                assert (shown(page) == here) == (name in STANDS_STILL), name
                requests = volume(page)
            problems += [f"{name}, {width} px: {problem}" for problem in wide(page)]
            if look in PICTURED:
                problems += [f"{name}, {scheme}: {problem}" for problem in found(page)]
                screenshot(page, f"{name}-{scheme}-{width}")
            if width < height and name in ORDINARY_PAGES:  # on a telephone, where the sidebar lies over the page
                page.get_by_test_id("stExpandSidebarButton").click()
                settled(page)
                ours = [] if place else found(page, SIDEBAR)
                problems += [f"{name}, sidebar: {problem}" for problem in (*wide(page), *ours)]
        if name not in ORDINARY_PAGES:  # the presentation hides the navigation
            page.keyboard.press("Escape")
    assert not problems, "\n".join(problems)


def reached(page: Page, presses: int) -> list[str]:
    """Names of what the Tab key comes to, in order."""
    names = []
    for _ in range(presses):
        page.keyboard.press("Tab")
        names.append(
            page.evaluate(
                "(node => node.getAttribute('aria-label') || node.textContent || node.tagName)(document.activeElement)"
            )
        )
    return names


def test_levers_buttons_and_lists_are_reached_by_the_tab_key_and_the_focus_can_be_seen(overview: Page):
    page = overview
    step(page)
    outlined = "(node => getComputedStyle(node))(document.activeElement)"
    for _ in range(5):
        page.keyboard.press("Tab")
        style = page.evaluate(f"[{outlined}.outlineStyle, {outlined}.boxShadow]")
        assert style != ["none", "none"]
    page.evaluate("document.activeElement.blur()")
    names = reached(page, 85)
    levers = [lever(page, index).get_attribute("aria-label") for index in range(5)]
    pages = ["Overview", "Break-even", "Workload", "Export"]
    assert [name for name in ("Start from", *levers) if name not in names] == []
    assert [page for page in pages if not any(name.endswith(page) for name in names)] == []
    for part in ("Undo", "Redo", "Reset", "What changed", "CSV", "Formula"):
        assert any(part in name for name in names), part


FITS = "all => all.length > 0 && all.every(node => node.scrollWidth <= node.clientWidth + 1)"


def test_rows_keep_their_names_where_they_scroll_and_a_telephone_sets_wide_tables_below_each_other(overview: Page):
    page = overview
    go(page, "export")
    tables = page.locator(".scroll:has(table.plain caption)")
    assert tables.count() > 1
    for table in tables.all():
        moved, names, caption = table.evaluate(
            """table => {
              table.style.width = "300px"
              table.scrollLeft = 150
              const { left, right } = table.getBoundingClientRect()
              const told = table.querySelector("caption span")
              const names = [...table.querySelectorAll("tr > :first-child")]
              const places = names.map(node => node.getBoundingClientRect().left - left)
              const found = [table.scrollLeft, places, told.getBoundingClientRect().right - right]
              table.style.width = ""
              return found
            }"""
        )
        assert moved > 0
        assert max(map(abs, names)) < 1
        assert caption < 1
    page.set_viewport_size(TELEPHONE)
    settled(page)
    assert page.locator(".scroll").evaluate_all(FITS)
    figure = tables.first.locator("tbody tr").first.locator("td.number:not(:empty)").first
    assert figure.get_attribute("data-column") in {option.label for option in preset(DEFAULT).scenario.options.values()}
    assert figure.evaluate("cell => getComputedStyle(cell, '::before').content !== 'none'")
    page.set_viewport_size(VIEWPORT)
    go(page, "method")
    page.set_viewport_size(TELEPHONE)
    settled(page)
    assert page.locator(".scroll").evaluate_all(FITS)
    cell = page.locator("table.read td:not(:first-child)").first
    assert cell.get_attribute("data-column") == "Meaning"
    assert cell.evaluate("cell => getComputedStyle(cell, '::before').content !== 'none'")


@pytest.mark.parametrize(("name", "known"), [("prices", "Source"), ("models", "Output, USD/Mtok")])
def test_on_a_telephone_rows_are_cards_that_open_and_the_whole_table_is_one_tap_away(page: Page, name: str, known: str):
    page.set_viewport_size({"width": 390, "height": 844})
    visit(page, name)
    card, table = page.locator("details.card").first, page.get_by_test_id("stDataFrame")
    expect(table).to_be_hidden()
    assert page.locator("details.card").count() == 25
    term = card.locator("dt", has_text=known).first
    expect(term).to_be_hidden()
    card.locator("summary").press("Enter")
    expect(term).to_be_visible()
    links = card.locator("dd a")
    assert links.evaluate_all(
        "all => all.every(a => getComputedStyle(a).color === getComputedStyle(a.parentNode).color)"
    )
    assert found(page, ".stMain") == []
    page.get_by_text("All columns, as a table").click()
    expect(table).to_be_visible()
    expect(card).to_have_count(0)
    page.set_viewport_size(WALL)
    settled(page)
    expect(page.get_by_text("All columns, as a table")).to_be_hidden()
    expect(table).to_be_visible()
    if name == "models":  # of prices a row has its evidence too
        assert table.locator(".dvn-scroller").evaluate_all(FITS), "no figure is cut at the edge"


def test_levers_and_buttons_work_by_keyboard_alone(overview: Page):
    page = overview
    reset(page)
    go(page, "workload")
    heading = page.locator("h1")
    before = heading.inner_text()
    lever(page).focus()
    seen = {before}
    for key in ("PageUp", "ArrowRight", "End", "Home"):
        with change(page):
            page.keyboard.press(key)
        seen.add(heading.inner_text())
    assert len(seen) == 5
    page.get_by_role("button", name="Reset", exact=True).focus()
    with change(page):
        page.keyboard.press("Enter")
    assert heading.inner_text() == before


def test_a_sentence_about_a_refused_input_can_be_read_by_all(page: Page, screenshot):
    visit(page, "workload", query="?s=garbage")
    expect(page.get_by_test_id("stAlert")).to_be_visible()
    type_in(page, "Requests in an average month", "1.200")
    expect(page.locator(".refused")).to_be_visible()
    for scheme in "light", "dark":
        page.emulate_media(color_scheme=scheme)
        settled(page)
        screenshot(page, f"refused-{scheme}")
        assert found(page, REFUSALS) == []


def test_the_levers_are_at_hand_on_a_telephone_and_out_of_the_way_after_a_reload(page: Page):
    page.set_viewport_size(TELEPHONE)
    visit(page)
    before = answer(page)
    page.get_by_test_id("stExpandSidebarButton").click()
    slider = page.get_by_test_id("stSidebar").get_by_test_id("stSlider").first
    slider.scroll_into_view_if_needed()
    expect(slider).to_be_in_viewport()
    sizes = page.locator("input[type=text]").evaluate_all("all => all.map(one => getComputedStyle(one).fontSize)")
    assert {*sizes} == {"16px"}, "an iPhone zooms in on smaller ones, and stays there"
    step(page, "PageUp")
    page.get_by_test_id("stSidebarCollapseButton").get_by_role("button").click()
    expect(page.locator("h1.answer")).to_be_in_viewport()
    assert answer(page) != before
    page.get_by_test_id("stExpandSidebarButton").click()
    expect(page.get_by_test_id("stSidebarCollapseButton")).to_be_visible()
    page.reload()
    expect(page.locator("h1.answer")).to_be_in_viewport()
    expect(page.get_by_test_id("stExpandSidebarButton")).to_be_visible()
