"""What a reader does with the app and what the app then shows, in the words of the browser tests."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, expect

from dashboard.navigation import HOME, SECTIONS
from tests.browser.driver import drawn_anew, settled

PAGES = [name for pages in SECTIONS.values() for name in pages]
# The presentation hides navigation and levers; Escape leads back.
ORDINARY_PAGES = [name for name in PAGES if name != "present"]
LINE = ".scatterlayer .js-line"


def visit(page: Page, name: str = HOME, query: str = "") -> None:
    """Open a page by its address."""
    page.goto(f"{address(name)}{query}")
    settled(page)


def address(name: str) -> str:
    """Where a page is on the server."""
    return "/" if name == HOME else f"/{name}"


def go(page: Page, name: str) -> None:
    """Change to a page through the navigation."""
    title = next(pages[name][0] for pages in SECTIONS.values() if name in pages)
    navigation = page.get_by_test_id("stTopNav")
    link = navigation.get_by_role("link", name=title, exact=True)
    if not link.count():  # this window has no room for it
        navigation.get_by_role("button", name=re.compile(r"^\d+ more$")).click()
        link = page.get_by_role("menuitem", name=title, exact=True)
    link.click()
    arrived(page, name)


def arrived(page: Page, name: str) -> None:
    """Wait until the address is that of the page and the page is there."""
    page.wait_for_url(lambda url: urlsplit(url).path == address(name))
    settled(page)


def lever(page: Page, index: int = 0) -> Locator:
    """One of the five levers; the first moves the volume."""
    return page.get_by_test_id("stSidebar").locator("input[type=range]").nth(index)


def volume(page: Page) -> str:
    """The requests a month, as the lever says them."""
    return lever(page).get_attribute("aria-valuetext")


@contextmanager
def change(page: Page) -> Iterator[None]:
    """Around what changes the scenario: every change is in the address, and then on the page."""
    before = page.url
    yield
    page.wait_for_url(lambda url: url != before)
    settled(page)


def step(page: Page, key: str = "ArrowRight", index: int = 0) -> None:
    """Move a lever by one step with the keyboard."""
    with change(page):
        lever(page, index).press(key)


def followed(page: Page) -> None:
    """Wait until all that follows a held lever has followed: no worker is at it, and the page moves no more."""
    settled(page)  # a lever that is held asks no server
    expect(page.locator("body[data-working]")).to_have_count(0)
    drawn_anew(page)


def answer(page: Page) -> str:
    """The sentence that heads the overview."""
    return page.locator("h1.answer").inner_text()


def tiles(page: Page) -> list[str]:
    """What the tiles of the overview say."""
    return page.locator(".tiles .tile").all_inner_texts()


def drawn(page: Page) -> list[str]:
    """The outlines of everything that is drawn in the charts of the page."""
    return page.locator(".plot :is(.js-line, .bars path)").evaluate_all("nodes => nodes.map(n => n.getAttribute('d'))")


def shown(page: Page) -> tuple:
    """All that the page itself shows, beside the levers."""
    return page.get_by_test_id("stMain").inner_text(), drawn(page)


def complaints(page: Page) -> list[str]:
    """The sentences about refused input, at the top of the page and below the inputs."""
    return [*page.get_by_test_id("stAlert").all_inner_texts(), *page.locator(".refused").all_inner_texts()]


def field(page: Page, label: str) -> Locator:
    """The input of the page with this label."""
    return page.get_by_test_id("stMain").get_by_label(label, exact=True)


def lever_text(page: Page, label: str) -> Locator:
    """The input beside the lever with this label."""
    return page.get_by_test_id("stSidebar").locator(f"input[type=text][aria-label='{label}']")


def type_in(page: Page, label: str, value: str) -> None:
    """Type into an input and press Enter."""
    field(page, label).fill(value)
    field(page, label).press("Enter")


def enter(page: Page, label: str, value: str) -> None:
    """Give an input a value that is taken."""
    with change(page):
        type_in(page, label, value)


def opened(page: Page, name: str) -> Locator:
    """The list of a select that is opened. What it shows was scrolled to first: an open list closes with a scroll."""
    select = page.get_by_role("combobox", name=name, exact=True)
    select.scroll_into_view_if_needed()
    settled(page)
    drawn_anew(page)
    select.click()
    return page.get_by_role("listbox")


def choose(page: Page, name: str, label: str) -> None:
    """Choose one of a select's options."""
    opened(page, name).get_by_role("option", name=label, exact=True).click()


def choose_preset(page: Page, label: str) -> None:
    """Start from another preset."""
    with change(page):
        choose(page, "Start from", label)


def press(page: Page, name: str) -> None:
    """Press a button that changes the scenario."""
    with change(page):
        page.get_by_role("button", name=name, exact=True).click()


def reset(page: Page) -> None:
    """Go back to the scenario that was opened, wherever a test before has left it."""
    if page.get_by_role("button", name="Reset", exact=True).is_enabled():
        press(page, "Reset")


def first_answer(page: Page) -> None:
    """Open the address and wait until the overview shows its sentence, its tiles and two drawn charts."""
    page.goto("/")
    expect(page.locator("h1.answer")).to_contain_text("Cheapest")
    expect(page.locator(".tiles .tile .value").first).to_contain_text("$")
    expect(page.locator(LINE).first).to_be_visible()
    expect(page.locator(".bars path").first).to_be_visible()
