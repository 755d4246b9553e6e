"""Fixtures of the browser tests: one server and one Chromium for each test process, and pages that are watched.

A tab is kept from test to test, since a page in a new one takes half as long again.
"""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, expect, sync_playwright

from dashboard.navigation import HOME
from tests.browser.actions import go, visit
from tests.browser.driver import ROOT, WATCH_ACTIVITY, Server, profile, served, settled

SECOND_HALF = "test_looks.py"  # by time, in the order of files
SCREENSHOTS = ROOT / ".screenshots"
LOCAL = {"127.0.0.1", "localhost"}
VIEWPORT = {"width": 1280, "height": 900}
CALM = {"reduced_motion": "reduce"}  # what turns and fades takes a fifth of the processor's time
expect.set_options(timeout=30_000)  # as long as for everything else, for five seconds are nothing on a busy machine


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Who waited in vain may try once more, since a machine that is busy misses a click; what is wrong stays wrong.

    Of more than two workers, two begin with half of these tests each; else one would be at them when all others are
    done. A worker begins with an equal share of the tests in their order.
    """
    ours = [item for item in items if item.path.is_relative_to(Path(__file__).parent)]
    for item in ours:
        item.add_marker(pytest.mark.flaky(reruns=1, only_rerun=["TimeoutError"]))
    workers = getattr(config, "workerinput", {}).get("workercount", 1)
    later = [item for item in ours if item.path.name >= SECOND_HALF]
    if workers > 2 and len(ours) < len(items) // workers:
        moved = {*map(id, later)}
        others = [item for item in items if id(item) not in moved]
        share = len(items) // workers
        items[:] = others[:share] + later + others[share:]


@pytest.fixture(scope="session")
def server(tmp_path_factory) -> Iterator[Server]:
    log = tmp_path_factory.mktemp("server") / "log"
    with served(ROOT / "app.py", log, module="tests.few_draws") as server:
        yield server


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def tab(server: Server, playwright: Playwright, tmp_path_factory) -> Iterator[Page]:
    """Where the visitors of most tests come one after the other: its scripts are fetched, compiled and warm already."""
    folder = tmp_path_factory.mktemp("profile")
    with profile(playwright, folder, base_url=server.url, viewport=VIEWPORT, **CALM) as context:
        context.add_init_script(WATCH_ACTIVITY)
        yield context.pages[0]


@pytest.fixture(scope="session")
def browser(tab: Page) -> Browser:
    """The one browser, for contexts that share nothing with the tab."""
    return tab.context.browser


@pytest.fixture(scope="session")
def other_tab(server: Server, browser: Browser) -> Iterator[Page]:
    """Where those come who share nothing with the first: nothing stands still for them that moves."""
    with browser.new_context(base_url=server.url, viewport=VIEWPORT) as context:
        context.add_init_script(WATCH_ACTIVITY)
        yield context.new_page()


@pytest.fixture
def watch(server: Server):
    """`watch(page)` fails the test if the page asks another host for something or has an error; so does a traceback
    in the server's log."""
    faults: list[str] = []
    logged = server.log.stat().st_size

    def request_seen(url: str) -> None:
        address = urlsplit(url)
        if address.scheme not in {"data", "blob"} and address.hostname not in LOCAL:
            faults.append(f"request to {url}")

    def console_seen(message: ConsoleMessage) -> None:
        # On a page's own address Streamlit first looks for itself below that address and gets a 404.
        if message.type == "error" and "/_stcore/" not in message.location["url"]:
            faults.append(f"console: {message.text}")

    seen = {
        "request": lambda request: request_seen(request.url),
        "websocket": lambda socket: request_seen(socket.url),
        "pageerror": lambda error: faults.append(f"uncaught: {error}"),
        "console": console_seen,
    }
    watched: list[Page] = []

    def watch(page: Page) -> Page:
        for event, look in seen.items():
            page.on(event, look)
        watched.append(page)
        return page

    yield watch
    for page in watched:
        for event, look in seen.items():
            page.remove_listener(event, look)
    log = server.log.read_bytes()[logged:].decode()
    if "Traceback" in log:
        faults.append(log)
    assert not faults, "\n".join(faults)


@pytest.fixture
def page(watch, tab: Page) -> Iterator[Page]:
    """A new visitor's page: what Streamlit keeps in the browser, such as a folded sidebar, went with the last."""
    if tab.url.startswith("http"):
        left(tab)
    yield watch(tab)
    left(tab)


@pytest.fixture
def overview(request, watch, tab: Page) -> Page:
    """The overview as the test before left it, for tests of the default's options with whatever numbers they have.

    It is opened for the first such test in a row, and for one that tries again.
    """
    if request.node.execution_count > 1:
        left(tab)
    watch(tab)
    if tab.url.startswith("http"):
        plain(tab)
        settled(tab)
        go(tab, HOME)
    else:
        visit(tab)
    return tab


@pytest.fixture
def other_page(watch, other_tab: Page) -> Iterator[Page]:
    """The page of a visitor with a browser of his own, who was never here before."""
    yield watch(other_tab)
    left(other_tab)


def left(page: Page) -> None:
    """Leave nothing of a visitor in a tab."""
    page.unroute_all()
    if page.url.startswith("http"):
        page.evaluate("localStorage.clear(), sessionStorage.clear()")
    page.goto("about:blank")
    page.context.clear_cookies()
    plain(page)


def plain(page: Page) -> None:
    """Give a tab its window, its colours and its mouse back as they are at first."""
    page.mouse.up()
    page.mouse.move(0, 0)
    page.set_viewport_size(VIEWPORT)
    page.emulate_media(color_scheme="light")


@pytest.fixture(scope="session")
def screenshot(pytestconfig):
    """`screenshot(page, name)` keeps a picture of the whole page to look at, where pictures are asked for."""
    wanted = pytestconfig.getoption("--screenshots")

    def screenshot(page: Page, name: str) -> None:
        if not wanted:
            return
        # Streamlit scrolls inside the window, so the window is made as high as the page.
        window = page.viewport_size
        page.set_viewport_size(window | {"height": page.get_by_test_id("stMain").evaluate("main => main.scrollHeight")})
        settled(page)
        page.screenshot(path=SCREENSHOTS / f"{name}.png")
        page.set_viewport_size(window)

    return screenshot
