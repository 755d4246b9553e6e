"""From a move of a drag to the painted frame in which tiles and charts have followed, beside the server's way.

The same lever steps through the server in turns in one run: on the overview of an earlier commit, on the plain page of
bench/plain_page.py, and on the same page whose program is held back, so that it works as it does without the element.
The ratio is to the quicker of the first two. The strip is that of What if (bench/strip.py). One evaluation is all
that the overview shows, worked out after the volume has moved.
"""

import os
import tempfile
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from contextlib import ExitStack
from pathlib import Path

import numpy as np
from playwright.sync_api import Page, sync_playwright

from answers.volume import VOLUME
from bench.browser import opened, step
from bench.commits import BEFORE, served_before
from bench.strip import measured as strip_told
from dashboard.programs import URL
from pricing.presets import DEFAULT, preset
from reports.program import SCRIPT, program, values
from tests.browser.driver import ROOT, chromium, served, settled

ROUNDS, MOVES_PER_ROUND, STEPS_PER_ROUND = 10, 10, 4
REACH = 60  # pixels that a drag goes to either side
THUMB = '.st-key-lever-workload-requests_per_month [data-testid="stSliderThumbValue"]'
READY = "() => performance.getEntriesByType('resource').some(entry => entry.name.includes('/program/'))"

# window.move resolves with the milliseconds from the next move of the pointer to the end of the frame in which tiles,
# curves and bars were painted anew. It looks once a frame is painted: what moves them in a frame may come after a look
# that was asked for earlier in it.
NEXT_MOVE = """
() => {
  const drawn = paths => [...document.querySelectorAll(paths)].map(path => path.getAttribute("d")).join()
  const shown = () => [document.querySelector(".tiles").textContent, drawn(".js-line"), drawn(".barlayer path")]
  const before = shown()
  window.move = new Promise((resolve, reject) => {
    const timeout = setTimeout(reject, 5_000, new Error("A move of the lever did not change figures and charts."))
    document.addEventListener("pointermove", ({ timeStamp }) => {
      const { port1, port2 } = new MessageChannel() // delivers after the frame was painted
      const look = () => requestAnimationFrame(() => port2.postMessage(null))
      port1.onmessage = () => {
        const painted = performance.now()
        if (shown().some((part, i) => part === before[i])) return look()
        clearTimeout(timeout)
        resolve(painted - timeStamp)
      }
      look()
    }, { once: true, capture: true })
  })
}
"""
EVALUATION = """
([program, values, path]) => {
  const model = new Model(program, values), start = model.get(path), times = []
  const told = () => {
    headline(model, { labels: {}, money: { symbol: "$", perUsd: 1, cents: 2, marks: { decimal: ".", group: "," } } })
    for (const [slug, { levelized, groups }] of Object.entries(model.options)) {
      curve(model, slug)
      for (const node of [levelized, ...Object.values(groups)]) model.read(node)
    }
  }
  for (let i = 0; i < 300; i++) {
    const began = performance.now()
    model.set({ [path]: start * (1 + i / 300) })
    told()
    times.push(performance.now() - began)
  }
  return times.slice(100)
}
"""


def drag(page: Page, rng: np.random.Generator, moves: int) -> list[float]:
    """Milliseconds of each move of one drag, which ends where it began."""
    box = page.locator(THUMB).locator("..").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    times, now = [], 0
    for _ in range(moves):
        now = int(rng.choice([to for to in range(-REACH, REACH) if abs(to - now) > 3]))
        page.evaluate(NEXT_MOVE)
        page.mouse.move(x + now, y)
        times.append(page.evaluate("window.move"))
    page.mouse.move(x, y)
    page.mouse.up()
    settled(page)
    return times


def evaluations(page: Page) -> tuple[int, list[float]]:
    """(operations of the default program, milliseconds of evaluations of what hangs on the volume)."""
    scenario = preset(DEFAULT).scenario
    printed = program(scenario)
    page.add_script_tag(content=SCRIPT.replace("export ", ""))
    return len(printed["nodes"]), page.evaluate(EVALUATION, [printed, values(printed, scenario), VOLUME])


def main() -> None:
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        app = stack.enter_context(served(ROOT / "app.py", scratch / "overview.log"))
        plain = stack.enter_context(
            served(
                ROOT / "bench" / "plain_page.py", scratch / "plain.log", "--browser.gatherUsageStats=false", cwd=scratch
            )
        )
        before = stack.enter_context(served_before(BEFORE, scratch))
        browser = stack.enter_context(chromium(stack.enter_context(sync_playwright())))
        print(f"load of the machine before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
        operations, evaluated = evaluations(browser.new_page())
        live, held, plain_page, earlier = (opened(browser, at.url) for at in (app, app, plain, before))
        held.route(f"**{URL}*", lambda route: route.abort())
        others = {BEFORE: earlier, "plain page": plain_page, "program held back": held}
        for page in (live, *others.values()):
            page.reload()
            settled(page)
        live.wait_for_function(READY)
        settled(live)
        rng, dragged = np.random.default_rng(0), []
        steps: dict[str, list[float]] = {name: [] for name in others}
        for turn in range(ROUNDS + 1):
            live.bring_to_front()
            measured = drag(live, rng, MOVES_PER_ROUND)
            dragged += measured if turn else []  # the first round warms up
            for name, page in others.items():
                page.bring_to_front()
                measured = [step(page, key) for key in ["ArrowRight", "ArrowLeft"] * (STEPS_PER_ROUND // 2)]
                steps[name] += measured if turn else []
        strip = strip_told(browser, app.url)

    p50, p95 = np.percentile(dragged, [50, 95])
    print(f"a move of a drag: p50 {p50:.0f} ms, p95 {p95:.0f} ms ({len(dragged)} moves)")
    medians = {name: np.median(measured) for name, measured in steps.items()}
    for name, median in medians.items():
        print(f"a step, {name}: p50 {median:.0f} ms ({len(steps[name])} steps); "
              f"the drag's move to it: p50 {p50 / median:.2f} p95 {p95 / median:.2f}")  # fmt: skip
    print(strip)
    print(f"one evaluation: p50 {np.median(evaluated):.2f} ms; the program has {operations:,} operations")
    whole = min(medians[BEFORE], medians["plain page"])
    print(f"live ratio: p50 {p50 / whole:.2f} p95 {p95 / whole:.2f}")


if __name__ == "__main__":
    ArgumentParser(description=__doc__, formatter_class=RawDescriptionHelpFormatter).parse_args()
    main()
