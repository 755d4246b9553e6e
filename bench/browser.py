"""From key press to repaint: the overview when a lever steps, beside an earlier one and a page that computes nothing.

The yardstick, bench/plain_page.py, has the overview's widgets and charts on Streamlit's defaults. All are opened and
stepped in turns in one run, since these times drift with the machine. A step lasts from the key press to the end of the
frame in which the headline figures, every chart and all words of the page are those of the server's answer; the first
screen lasts from opening the address until figures and charts are there. First words are those of the verdict with its
figures.
"""

import os
import re
import tempfile
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from contextlib import ExitStack
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser, Page, sync_playwright

from bench.commits import BEFORE, served_before
from tests.browser.driver import ROOT, WATCH_ACTIVITY, chromium, served, settled

ROUNDS, STEPS_PER_ROUND, QUIET_MS = 10, 6, 300
OPENINGS = 5  # of the first screen, each by a new visitor
VIEWPORT = {"width": 1280, "height": 1000}
LEVER = "input[type=range]"

# window.step resolves with the milliseconds of the next step. What counts is what is drawn (texts, outlines and where
# they stand), not that something was touched; a chart that is drawn in several goes is done with the last of them.
NEXT_STEP = """
() => {
  const drawn = chart => chart.textContent + [...chart.querySelectorAll("path, text")].map(
    node => node.getAttribute("d") + node.getAttribute("transform")).join()
  const shown = () => [
    [...document.querySelectorAll('[data-testid="stMetricValue"], .tiles .value')].map(node => node.textContent).join(),
    ...[...document.querySelectorAll(".js-plotly-plot")].map(drawn),
    document.querySelector('[data-testid="stMain"]').textContent + (document.body.dataset.moving ?? ""),
  ]
  const before = shown(), app = document.querySelector('[data-testid="stApp"]')
  window.step = new Promise((resolve, reject) => {
    const timeout = setTimeout(reject, 10_000, new Error("A step did not change the figures and every chart."))
    document.addEventListener("keydown", ({ timeStamp }) => {
      window.unanswered = true // until the server has said something
      let seen = before, painted = 0, frame = 0
      const { port1, port2 } = new MessageChannel() // delivers after the frame was painted
      const done = () => {
        const now = shown()
        if (performance.now() - painted < QUIET_MS || seen.some((part, i) => !part || part === before[i])) return
        if (now.some((part, i) => part !== seen[i])) return // the frame that shows it is yet to come
        if (window.unanswered || app.dataset.testScriptState !== "notRunning") return setTimeout(done, QUIET_MS)
        observer.disconnect()
        clearTimeout(timeout)
        resolve(painted - timeStamp)
      }
      port1.onmessage = () => {
        painted = performance.now()
        setTimeout(done, QUIET_MS + 1)
      }
      const look = () => {
        frame = 0
        const now = shown()
        if (now.length === before.length && now.every((part, i) => part === seen[i])) return
        seen = now
        port2.postMessage(null)
      }
      const observer = new MutationObserver(() => { frame ||= requestAnimationFrame(look) })
      observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true })
    }, { once: true, capture: true })
  })
}
""".replace("QUIET_MS", str(QUIET_MS))


# Milliseconds since the address was opened, once the headline figures and two drawn charts are there.
FIRST_SCREEN = """
() => document.querySelector('[data-testid="stMetricValue"], .tiles .value')?.textContent
  && [...document.querySelectorAll(".js-plotly-plot")].filter(chart => chart.querySelector("path.js-line, .bars path"))
    .length >= 2
  && performance.now()
"""


# Milliseconds since the address was opened, once the verdict's sentence with its figures is there.
FIRST_WORDS = "() => document.querySelector('#first-words [role], h1.answer')?.textContent && performance.now()"
SLOW_LINE = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}  # ms, bytes/s
SLOW_MS = 300_000


# Milliseconds since the key was pressed, once another number of rows is told.
NEW_HITS = """
([captions, before]) => [...document.querySelectorAll(captions)].every(node => node.innerText !== before)
  && performance.now() - window.pressed
"""
TOLD, HITS = '[data-testid="stCaptionContainer"]', re.compile(r"^[\d,]+ of [\d,]+ ")
WORDS = ["gpt-oss", "claude", "llama 70b"]


def opened(browser: Browser, url: str) -> Page:
    """The page as a new visitor opens it."""
    page = browser.new_page(viewport=VIEWPORT)
    page.add_init_script(WATCH_ACTIVITY)
    page.goto(url, wait_until="commit")
    return page


def first_screen(browser: Browser, url: str) -> float:
    """Milliseconds until a new visitor's first screen is complete."""
    page = opened(browser, url)
    milliseconds = page.wait_for_function(FIRST_SCREEN).json_value()
    page.close()
    return milliseconds


def on_a_slow_line(browser: Browser, url: str, *until: str) -> list[float]:
    """Milliseconds until each of these is there, one after the other, at 400 kbit/s, nothing kept."""
    page = browser.new_page(viewport=VIEWPORT)
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", SLOW_LINE)
    page.goto(url, wait_until="commit", timeout=SLOW_MS)
    times = [page.wait_for_function(each, timeout=SLOW_MS).json_value() for each in until]
    page.close()
    return times


def step(page: Page, key: str) -> float:
    """Milliseconds from the key press to the end of the frame that shows its effect."""
    page.evaluate(NEXT_STEP)
    page.locator(LEVER).first.press(key)
    milliseconds = page.evaluate("window.step")
    settled(page)
    return milliseconds


def first_hits(browser: Browser, url: str) -> list[float]:
    """Milliseconds from the Enter key until the page says how many rows have the words, for a few words in turn."""
    page = opened(browser, url)
    settled(page)
    times = []
    for words in WORDS * 2:
        field = page.get_by_label("Find", exact=True)
        field.fill(words)
        before = page.locator(TOLD).filter(has_text=HITS).first.inner_text()
        page.evaluate("document.addEventListener('keydown', e => window.pressed = e.timeStamp, {capture: true})")
        field.press("Enter")
        told = page.wait_for_function(NEW_HITS, arg=[TOLD, before])
        times.append(told.json_value())
        settled(page)
    page.close()
    return times[len(WORDS) :]


def main() -> None:
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        # Started outside the repository, the plain page has none of its settings; only telemetry stays off.
        servers = {
            "overview": served(ROOT / "app.py", scratch / "overview.log"),
            "plain page": served(
                ROOT / "bench" / "plain_page.py", scratch / "plain.log", "--browser.gatherUsageStats=false", cwd=scratch
            ),
            BEFORE: served_before(BEFORE, scratch),
        }
        browser = stack.enter_context(chromium(stack.enter_context(sync_playwright())))
        urls = {name: stack.enter_context(server).url for name, server in servers.items()}
        print(f"load of the machine before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
        first: dict[str, list[float]] = {name: [] for name in urls}
        for _ in range(OPENINGS):
            for name, url in urls.items():
                first[name].append(first_screen(browser, url))
        searches = {name: first_hits(browser, f"{urls['overview']}/{name}") for name in ("prices", "models")}
        words, screen = on_a_slow_line(browser, urls["overview"], FIRST_WORDS, FIRST_SCREEN)
        (words_before,) = on_a_slow_line(browser, urls[BEFORE], FIRST_WORDS)
        pages = {name: opened(browser, url) for name, url in urls.items()}
        for page in pages.values():
            settled(page)
        times: dict[str, list[float]] = {name: [] for name in pages}
        for turn in range(ROUNDS + 1):
            for name, page in pages.items():
                page.bring_to_front()
                keys = ["ArrowRight", "ArrowLeft"] * (STEPS_PER_ROUND // 2)
                measured = [step(page, key) for key in keys]
                if turn:  # the first round warms up
                    times[name] += measured

    for name, measured in times.items():
        median, p95 = np.percentile(measured, [50, 95])
        cold, *warm = first[name]
        print(
            f"{name:<12} step: median {median:5.0f} ms, p95 {p95:5.0f} ms ({len(measured)} steps)   "
            f"first screen: {cold:5.0f} ms for the first visitor, median {np.median(warm):5.0f} ms after"
        )
    for name, measured in searches.items():
        print(f"{name:<12} first hits of a search: median {np.median(measured):.0f} ms")
    print(f"on a slow line: first words after {words:,.0f} ms, at {BEFORE} after {words_before:,.0f} ms; "
          f"first screen after {screen:,.0f} ms")  # fmt: skip
    opening = {name: np.median(measured[1:]) for name, measured in first.items()}
    medians = {name: np.median(measured) for name, measured in times.items()}
    print(f"ratios to {BEFORE}: first words on a slow line {words / words_before:.3f}, first screen "
          f"{opening['overview'] / opening[BEFORE]:.2f}, step {medians['overview'] / medians[BEFORE]:.2f}")  # fmt: skip
    print(f"ratio of the medians of a step: {medians['overview'] / medians['plain page']:.2f}")


if __name__ == "__main__":
    ArgumentParser(description=__doc__, formatter_class=RawDescriptionHelpFormatter).parse_args()
    main()
