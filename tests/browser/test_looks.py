"""Every page in light and dark, from a telephone's width to a wall's: fits, can be read by all, can be reached by key.

With `make test ARGS=--screenshots` pictures of every look are kept in .screenshots for somebody to look at.
"""

from collections.abc import Iterable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from dashboard.navigation import SECTIONS
from tests.browser.actions import ORDINARY_PAGES, answer, change, go, lever, step, type_in, visit
from tests.browser.driver import settled

WALL = {"width": 1920, "height": 1080}  # the menu has room for the names of all pages
LOOKS = [("light", 1440, 900), ("light", *WALL.values()), ("dark", 390, 844)]
PICTURED = LOOKS[::2]
SIDEBAR = '[data-testid="stSidebar"]'

# What Streamlit itself causes, by axe's rule: the elements that it is about. Nothing else may be found.
STREAMLIT_S_OWN = {
    # st.file_uploader draws its drop zone as <section role="presentation" aria-label=...>: minor, best practice.
    "presentation-role-conflict": '[data-testid="stFileUploaderDropzone"]',
    # st.dataframe gives the column of its row markers a heading without a text: minor, best practice.
    "empty-table-header": '[data-testid="stDataFrame"] th',
    # The key on a button with a shortcut stands in Streamlit's faded grey, the entries of a multiselect in white on
    # the primary colour whatever that is: serious; with Streamlit's own red and grey as with ours.
    "color-contrast": 'kbd, [data-testid="stMultiSelect"] span[title]',
}


@pytest.fixture(scope="module")
def axe() -> Axe:
    return Axe()


def found(axe: Axe, page: Page, within: str | None = None) -> Iterable[str]:
    """What axe finds on the page or in a part of it, apart from what Streamlit itself causes."""
    for violation in axe.run(page, within).response["violations"]:
        own = STREAMLIT_S_OWN.get(violation["id"])
        for node in violation["nodes"]:
            if not own or not page.locator(node["target"][0]).evaluate("(node, own) => node.matches(own)", own):
                yield f"{violation['id']}: {node['html'][:120]}"


def wide(page: Page) -> list[str]:
    """What makes the page scroll sideways, and charts that stand out of the window."""
    return page.evaluate(
        """() => {
          const wider = [document.documentElement, document.querySelector('[data-testid="stMain"]')]
            .filter(node => node.scrollWidth > node.clientWidth + 1).map(node => `${node.tagName} scrolls sideways`)
          const charts = [...document.querySelectorAll(".plot")].filter(node => node.clientWidth)
            .map(node => node.querySelector(".main-svg").getBoundingClientRect())
            .filter(box => box.left < 0 || box.right > innerWidth + 1)
            .map(box => `chart from ${box.left} to ${box.right}`)
          return [...wider, ...charts]
        }"""
    )


@pytest.mark.parametrize("section", SECTIONS)
def test_the_pages_of_a_section_fit_every_width_and_axe_finds_nothing_of_ours(
    page: Page, axe: Axe, screenshot, section
):
    problems = []
    for name in SECTIONS[section]:
        # The first page is opened by its address, and so is what follows the presentation, which hides the navigation.
        (go if page.get_by_test_id("stTopNav").is_visible() else visit)(page, name)
        for look in LOOKS:
            scheme, width, height = look
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size({"width": width, "height": height})
            settled(page)
            problems += [f"{name}, {width} px: {problem}" for problem in wide(page)]
            if look in PICTURED:
                problems += [f"{name}, {scheme}: {problem}" for problem in found(axe, page)]
                screenshot(page, f"{name}-{scheme}-{width}")
        if name in ORDINARY_PAGES:  # on a telephone, where the sidebar lies over the page
            page.get_by_test_id("stExpandSidebarButton").click()
            settled(page)
            problems += [f"{name}, sidebar: {problem}" for problem in (*wide(page), *found(axe, page, SIDEBAR))]
            page.set_viewport_size(WALL)
            expect(page.get_by_test_id("stTopNav")).to_be_visible()
            settled(page)
    assert not problems, "\n".join(problems)


def test_a_sentence_about_a_refused_input_can_be_read_by_all(page: Page, axe: Axe, screenshot):
    visit(page, "workload", query="?s=garbage")
    expect(page.get_by_test_id("stAlert")).to_be_visible()
    type_in(page, "Requests in an average month", "1.200")
    expect(page.locator(".refused")).to_be_visible()
    for scheme in "light", "dark":
        page.emulate_media(color_scheme=scheme)
        settled(page)
        screenshot(page, f"refused-{scheme}")
        assert list(found(axe, page)) == []


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


def test_levers_buttons_and_lists_are_reached_by_the_tab_key_and_the_focus_can_be_seen(page: Page):
    visit(page)
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


def test_levers_and_buttons_work_by_keyboard_alone(page: Page):
    visit(page, "workload")
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


def test_the_levers_are_at_hand_on_a_telephone(page: Page):
    page.set_viewport_size({"width": 390, "height": 844})
    visit(page)
    before = answer(page)
    page.get_by_test_id("stExpandSidebarButton").click()
    slider = page.get_by_test_id("stSidebar").get_by_test_id("stSlider").first
    slider.scroll_into_view_if_needed()
    expect(slider).to_be_in_viewport()
    step(page, "PageUp")
    page.get_by_test_id("stSidebarCollapseButton").get_by_role("button").click()
    expect(page.locator("h1.answer")).to_be_in_viewport()
    assert answer(page) != before


def test_on_a_telephone_rows_keep_their_names_captions_are_whole_and_prose_is_not_scrolled(page: Page):
    page.set_viewport_size({"width": 390, "height": 844})
    visit(page, "export")
    tables = page.locator(".scroll:has(table.plain caption)")
    assert tables.count() > 1
    for table in tables.all():
        moved, names, caption = table.evaluate(
            """table => {
              table.scrollLeft = 150
              const { left, right } = table.getBoundingClientRect()
              const told = table.querySelector("caption span")
              const names = [...table.querySelectorAll("tr > :first-child")]
              const places = names.map(node => node.getBoundingClientRect().left - left)
              return [table.scrollLeft, places, told.getBoundingClientRect().right - right]
            }"""
        )
        assert moved > 0
        assert max(map(abs, names)) < 1
        assert caption < 1
    visit(page, "method")
    assert page.locator(".scroll").evaluate_all("all => all.every(node => node.scrollWidth <= node.clientWidth + 1)")
    cell = page.locator("table.read td:not(:first-child)").first
    assert cell.get_attribute("data-column") == "Meaning"
    assert cell.evaluate("cell => getComputedStyle(cell, '::before').content !== 'none'")
