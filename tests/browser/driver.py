"""The real app and a real browser, for the browser tests and bench/browser.py."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, Playwright

ROOT = Path(__file__).parents[2]
START_SECONDS = 120
LOOK_MS = 30  # between two looks; with each of a screen's pictures, a page that waits is busy with being looked at
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# A tab that is kept for all tests has room enough not to look for garbage with each step. A page of a test runs too
# short for scripts to be optimized but for the hottest: a visit and a step take some percent less. Nor is anything
# compiled ahead beside the page, by threads that take their time from the other workers: a sixth less.
ROOMY = "--initial-old-space-size=512 --min-semi-space-size=64"
SHORT_RUNS = "--no-opt --invocation-count-for-maglev=1500 --single-threaded"

# Remembers when the page last did something: sent or got a message, or changed what it shows; and whether what it
# sent was answered: a page that nobody answered yet waits too, though no script runs and nothing moves.
WATCH_ACTIVITY = """
(() => {
  window.unanswered = true
  const active = () => { window.lastActivity = performance.now() }
  new MutationObserver(active).observe(document, {
    subtree: true, childList: true, attributes: true, characterData: true,
  })
  window.WebSocket = class extends WebSocket {
    constructor(...args) {
      super(...args)
      window.socket = this
      this.addEventListener("message", () => { active(); window.unanswered = false })
    }
    send(message) { active(); window.unanswered = true; super.send(message) }
  }
})()
"""
IS_SETTLED = """
() => document.querySelector('[data-testid="stApp"]')?.dataset.testScriptState === "notRunning"
  && !document.querySelector('[data-testid="stSkeleton"]')
  && [...document.querySelectorAll("[data-plotly]:not(.js-plotly-plot)")].every(chart => !chart.clientWidth)
  && !window.unanswered
  && performance.now() - window.lastActivity > 100
"""


@dataclass
class Server:
    url: str
    log: Path
    process: int  # its number


@contextmanager
def served(
    script: Path, log: Path, *flags: str, cwd: Path = ROOT, module: str = "streamlit", path: Path = ROOT, port: int = 0
) -> Iterator[Server]:
    """`streamlit run`, or that of another module, on a port of this machine, else a free one, until the block ends.

    `path` is where Python finds the app's own modules.
    """
    with closing(socket.socket()) as listener:
        listener.bind(("127.0.0.1", port))
        port = listener.getsockname()[1]
    address = ["--server.address=127.0.0.1", f"--server.port={port}", "--server.headless=true"]
    command = [sys.executable, "-m", module, "run", str(script), *address, *flags]
    url = f"http://127.0.0.1:{port}"
    environment = os.environ | {"PYTHONPATH": str(path), "CROSSOVER_DATA": str(log.parent)}
    with log.open("w") as output:
        process = subprocess.Popen(command, cwd=cwd, env=environment, stdout=output, stderr=output)
    try:
        deadline = time.monotonic() + START_SECONDS
        while not answers(f"{url}/_stcore/health"):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"The app did not start:\n{log.read_text()}")
            time.sleep(0.05)
        yield Server(url, log, process.pid)
    finally:
        process.terminate()
        process.wait()


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=1):
            return True
    except (urllib.error.URLError, OSError):
        return False


def chromium_path() -> str:
    """The browser at $CHROMIUM, or the first one found under the usual names: where there is one, that without windows,
    which takes a tenth less of the processor's time.
    """
    names = [os.environ.get("CHROMIUM"), "chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"]
    path = next((path for name in names if name and (path := shutil.which(name))), None)
    if not path:
        raise FileNotFoundError("No Chromium found: install one, or set CHROMIUM to its path.")
    return path


@contextmanager
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """A browser whose contexts keep nothing."""
    browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
    yield browser
    browser.close()


@contextmanager
def profile(playwright: Playwright, folder: Path, **options) -> Iterator[BrowserContext]:
    """A browser with a profile on disk, which also keeps compiled scripts: a page opens in two thirds of the time."""
    context = playwright.chromium.launch_persistent_context(
        folder, executable_path=chromium_path(), args=[*FLAGS, f"--js-flags={ROOMY} {SHORT_RUNS}"], **options
    )
    yield context
    context.close()


def settled(page: Page) -> None:
    """Wait until the script has run, the charts are drawn and the page has been quiet for a moment.

    The moment counts from this call on: an action just before it may not have reached the page yet.
    """
    page.evaluate("window.lastActivity = performance.now()")
    page.wait_for_function(IS_SETTLED, polling=LOOK_MS)


def drawn_anew(page: Page) -> None:
    """Wait until the page has drawn what was done to it before this call: what it does in its next frame is done."""
    page.evaluate("new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
