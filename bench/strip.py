"""The strip of switching values while a handle is dragged: until every row is worked out anew, and frames meanwhile.

The frames that the machine shows are counted in turns on the same page whose program is held back, so that nothing
follows the hand: what fewer there are is what following costs.
"""

from datetime import date

import numpy as np
from playwright.sync_api import Browser, Page

from bench.browser import opened
from dashboard.address import LINK
from dashboard.programs import URL
from pricing.documents import document, fresh, to_link
from tests.browser.driver import settled

PRESET, ROUNDS, MOVES, REACH = "batch", 6, 12, 150  # ten rows; pixels that a drag goes to either side
HANDLE = ".track input:not([disabled])"

# window.complete resolves with the milliseconds from the next move of a handle to the end of the frame that shows all
# rows worked out with it.
NEXT_ROWS = """
() => {
  window.complete = new Promise((resolve, reject) => {
    const timeout = setTimeout(reject, 10_000, new Error("A move of a handle was not followed by the rows."))
    document.addEventListener("input", ({ timeStamp }) => {
      const { port1, port2 } = new MessageChannel() // delivers after the frame was painted
      port1.onmessage = () => { clearTimeout(timeout); resolve(performance.now() - timeStamp) }
      const look = () => {
        if (document.body.hasAttribute("data-working")) setTimeout(look, 1)
        else requestAnimationFrame(() => port2.postMessage(null))
      }
      setTimeout(look)
    }, { once: true })
  })
}
"""
COUNT_FRAMES = """
() => {
  window.frames_at = []
  const look = at => { window.frames_at.push(at); window.counting = requestAnimationFrame(look) }
  window.counting = requestAnimationFrame(look)
}
"""
FRAMES = "() => { cancelAnimationFrame(window.counting); return window.frames_at }"


def strip_pages(browser: Browser, url: str) -> tuple[Page, Page]:
    """What if with ten rows, and the same without what follows."""
    address = f"{url}/what_if?{LINK}={to_link(document(fresh(PRESET, date.today())))}"
    pages = opened(browser, address), opened(browser, address)
    pages[1].route(f"**{URL}*", lambda route: route.abort())
    for page in pages:
        page.reload()
        settled(page)
    pages[0].locator(".strip[data-ready]").wait_for()
    return pages


def dragged(page: Page, rng: np.random.Generator, *, waits: bool) -> tuple[list[float], np.ndarray]:
    """(milliseconds of each move until its rows are there, where that is waited for; milliseconds between frames)."""
    handle = page.locator(HANDLE).first
    handle.scroll_into_view_if_needed()
    box, share = handle.bounding_box(), handle.evaluate("node => node.value / node.max")
    x, y = box["x"] + 9 + share * (box["width"] - 18), box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    times = []
    page.evaluate(COUNT_FRAMES)
    for by in rng.choice(np.arange(-REACH, REACH), MOVES, replace=False):
        if waits:
            page.evaluate(NEXT_ROWS)
        page.mouse.move(x + by, y)
        if waits:
            times.append(page.evaluate("window.complete"))
        else:
            page.wait_for_timeout(60)
    frames = np.diff(page.evaluate(FRAMES))
    page.mouse.move(x, y)
    page.mouse.up()
    settled(page)
    return times, frames


def measured(browser: Browser, url: str) -> str:
    """A line on the strip: rows, milliseconds until they are complete, frames kept with and without following."""
    rng, (live, held) = np.random.default_rng(0), strip_pages(browser, url)
    times: list[float] = []
    frames: dict[str, list[float]] = {"following": [], "held": []}
    for turn in range(ROUNDS + 1):
        live.bring_to_front()
        found, _ = dragged(live, rng, waits=True)
        _, following = dragged(live, rng, waits=False)
        held.bring_to_front()
        _, at_rest = dragged(held, rng, waits=False)
        if turn:  # the first round warms up
            times += found
            frames["following"] += following.tolist()
            frames["held"] += at_rest.tolist()
    rows = live.locator(".row").count()
    frame = float(np.median(frames["held"]))
    dropped = {name: sum(max(0, round(each / frame) - 1) for each in gaps) for name, gaps in frames.items()}
    p50, p95 = np.percentile(times, [50, 95])
    live.close()
    held.close()
    return (
        f"strip: {rows} rows complete after p50 {p50:.0f} ms, p95 {p95:.0f} ms ({len(times)} moves); of "
        f"{len(frames['following'])} frames of {frame:.1f} ms {dropped['following']} were dropped while it followed, "
        f"{dropped['held']} of {len(frames['held'])} where nothing does"
    )
