"""The model as one file, opened from disk with the network off: it says what the engine says, also when levers move."""

import csv
import io
import math
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from answers.analysis import Analysis
from costmodel.break_even import in_time
from costmodel.comparison import Comparison, compare
from costmodel.lines import LINES
from costmodel.numerals import Marks, numeral, written_with
from costmodel.scenario import Scenario, differences
from pricing.documents import Opened
from pricing.presets import preset as preset_of
from pricing.presets import presets
from reports.files import offered as files
from reports.words.briefing import curve, curves_title
from reports.words.order import difference
from reports.words.parts import largest_part_title
from reports.words.plain import typeset
from reports.words.text import usd
from reports.words.verdict import crossing_title, verdict
from tests.browser.axe import found
from tests.browser.driver import drawn_anew

ON = date(2026, 11, 24)
GERMAN = Marks(",", ".")  # in which scripts must write figures as the server does
QUICK = {"batch"}
TOLERANCE = 1e-9
MODEL = """
() => {
  const { model, told } = crossover, slugs = Object.keys(told.options)
  return {
    values: Object.fromEntries(told.program.inputs.map(path => [path, model.get(path)])),
    costs: costs(model),
    colours: Object.fromEntries(slugs.map(slug => [slug, told.options[slug].c])),
    curves: Object.fromEntries(slugs.map(slug => [slug, curve(model, slug).y])),
    pairs: slugs.slice(1).map((slug, i) => [slugs[i], slug, inTime(model, slugs[i], slug).outcome]),
  }
}
"""
ANSWERED = "() => crossover.told && Number(document.body.dataset.answered) > 0"
LEADS = """
() => new Promise(done => {
  const { model, told } = crossover
  done(Object.fromEntries(told.rows.filter(row => !row.fixed).map(row => [row.path, leadsAlong(model, row)])))
})
"""


@pytest.fixture(
    scope="module", params=[slug if slug in QUICK else pytest.param(slug, marks=pytest.mark.slow) for slug in presets()]
)
def opened(request) -> Opened:
    return Opened(preset_of(request.param).scenario, request.param)


@pytest.fixture(scope="module")
def path(opened: Opened, tmp_path_factory) -> Path:
    (file,) = (file for file in files.PAPERS if file.what == ".html")
    path = tmp_path_factory.mktemp("file") / "model.html"
    path.write_bytes(file.make(files.Wish(Analysis(opened), on=ON, marks=GERMAN)))
    return path


@pytest.fixture(autouse=True)
def read_in_german_marks() -> Iterator[None]:
    with written_with(GERMAN):
        yield


@pytest.fixture(scope="module")
def page(path: Path, browser: Browser) -> Iterator[Page]:
    """The file in a browser without network; whatever it asks for or complains of fails the tests."""
    context = browser.new_context(offline=True, viewport={"width": 1280, "height": 900}, accept_downloads=True)
    page, faults = context.new_page(), []
    page.on("request", lambda request: request.url.startswith(("file:", "blob:")) or faults.append(request.url))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: message.type != "error" or faults.append(message.text))
    page.goto(path.as_uri())
    page.wait_for_function(ANSWERED)
    yield page
    context.close()
    assert faults == []


def back(page: Page) -> None:
    """Give all levers the values with which the file was made."""
    page.get_by_role("button", name="Back to the numbers as they were").click()
    drawn_anew(page)


def now(page: Page, opened: Opened) -> Comparison:
    """The engine's comparison with the levers as they stand on the page."""
    told = page.evaluate(MODEL)["values"]
    changed = {path: value for path, value in told.items() if value != opened.scenario[path]}
    return compare(opened.scenario.vary(changed))


def ties_out(page: Page, comparison: Comparison) -> None:
    found = page.evaluate(MODEL)
    for slug, cost in comparison.costs.items():
        assert math.isclose(found["costs"][slug], float(cost.net_present_cost_usd), rel_tol=TOLERANCE), slug
        assert found["curves"][slug] == pytest.approx(list(curve(cost)[1]), rel=TOLERANCE, abs=1e-6)
        tile = page.locator(f'[data-tile="{slug}"]')
        assert tile.locator(".value").inner_text() == usd(cost.net_present_cost_usd)
        assert tile.locator(".against").inner_text() == typeset(difference(comparison, slug))
    dotted = [slug for slug in comparison.costs if page.locator(f"#curves .curve.out.{found['colours'][slug]}").count()]
    assert dotted == [slug for slug in comparison.costs if slug not in comparison.allowed]
    for a, b, outcome in found["pairs"]:
        assert in_time(comparison[a], comparison[b]).outcome == outcome
    assert page.locator("h1").inner_text() == typeset(verdict(comparison).headline)
    assert page.locator("#curves-title").inner_text() == typeset(curves_title(comparison))
    assert page.locator("#bars-title").inner_text() == typeset(largest_part_title(comparison))


def move(page: Page, row: int, key: str, times: int = 1) -> None:
    handle = page.locator(".track input").nth(row)
    handle.focus()
    for _ in range(times):
        handle.press(key)
    drawn_anew(page)


def test_what_it_shows_is_what_the_engine_says_also_after_levers_moved_to_their_ends(page: Page, opened: Opened):
    ties_out(page, now(page, opened))
    for row, key, times in ((0, "PageUp", 3), (1, "PageDown", 2), (2, "Home", 1), (0, "End", 1), (3, "ArrowRight", 5)):
        move(page, row, key, times)
        ties_out(page, now(page, opened))
    assert len([*differences(opened.scenario, now(page, opened).scenario)]) >= 3
    back(page)
    assert now(page, opened).scenario == opened.scenario
    ties_out(page, now(page, opened))


def strips(scenario: Scenario, opened: Opened) -> dict[str, list[tuple]]:
    rows = Analysis(Opened(scenario, opened.preset)).strip
    return {
        row.path: [(lead.high, lead.cheapest, lead.keeps_rules, lead.below, lead.above) for lead in row.leads]
        for row in rows
    }


def test_the_strip_that_a_worker_fills_has_the_leads_of_the_engine(page: Page, opened: Opened):
    mine = strips(opened.scenario, opened)
    for path, leads in page.evaluate(LEADS).items():
        assert [tuple(lead[name] for name in ("cheapest", "kept", "below", "above")) for lead in leads] == [
            led[1:] for led in mine[path]
        ]
        assert [lead["high"] for lead in leads] == pytest.approx([high for high, *_ in mine[path]], rel=1e-4)
    answered = int(page.evaluate("document.body.dataset.answered"))
    move(page, 0, "PageUp", 2)
    page.wait_for_function(f"() => Number(document.body.dataset.answered) >= {answered + 2}")
    told, here = page.evaluate(LEADS), page.evaluate(MODEL)["values"]
    for words, (path, leads) in zip(page.locator(".row .says").all_inner_texts(), told.items(), strict=True):
        current = next(i for i, lead in enumerate(leads) if here[path] <= lead["high"])
        beside = [i for i in (current - 1, current + 1) if 0 <= i < len(leads)]
        labels = [opened.scenario.options[leads[i]["cheapest"]].label for i in beside if leads[i]["kept"]]
        assert all(label in words for label in labels)
        assert ("no option keeps the rules" in words) == any(not leads[i]["kept"] for i in beside)
        assert beside or words.startswith("the same")
    back(page)


def test_the_months_are_the_cash_of_the_engine_as_a_table_and_as_a_file(page: Page, opened: Opened):
    page.locator("#months summary").click()
    comparison = now(page, opened)
    first = next(iter(comparison.costs.values()))
    body = page.locator("#cash tbody tr")
    assert body.count() == len(first.line_totals()) + 1
    assert body.last.locator("td").first.inner_text() == numeral(float(first.tco_usd), ",.0f").replace("-", "\u2212")
    with page.expect_download() as download:
        page.get_by_role("button", name="All options as CSV").click()
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    by_option: dict[str, float] = {}
    for row in rows:
        by_option[row["option"]] = by_option.get(row["option"], 0) + float(row["cash (USD)"])
    for cost in comparison.costs.values():
        assert by_option[cost.label] == pytest.approx(float(cost.tco_usd), rel=1e-9)
    assert {row["line"] for row in rows} <= {line.label for line in LINES.values()}
    assert download.value.suggested_filename.endswith(".csv")


SHORTER = """
document.querySelectorAll("table").forEach(table => [...table.rows].slice(40).forEach(row => row.remove()))
"""


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_all_can_read_it_at_a_desk_and_on_a_telephone(page: Page, scheme: str, width: int):
    """Rows of a table are made alike, so that axe looks at forty of its hundreds."""
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 850})
    page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true })")
    expect(page.locator("#strip .row")).not_to_have_count(0)
    drawn_anew(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.evaluate(SHORTER)
    assert found(page) == []


RUNS_OUT = """
edge => [...document.querySelectorAll(".picture .end, .picture svg")]
  .filter(part => part.getBoundingClientRect().right > edge + 1).map(part => part.textContent)
"""


@pytest.mark.parametrize("width", [1280, 390])
def test_names_beside_curves_and_bars_are_whole_and_end_within_the_page_also_in_print(page: Page, width: int):
    page.set_viewport_size({"width": width, "height": 850})
    expect(page.locator("#curves .end")).not_to_have_count(0)
    expect(page.locator(".picture .end", has_text="\u2026")).to_have_count(0)
    for edge in (width, 640):  # 640 pixels are a sheet of paper less its margins, to which nothing is drawn anew
        page.wait_for_timeout(200)
        assert page.evaluate(RUNS_OUT, edge) == []
        page.emulate_media(media="print")
        page.evaluate("document.body.style.width = '640px'")
    page.emulate_media(media="screen")
    page.evaluate("document.body.style.width = ''")


IN_CURRENCY = (
    "money => { [crossover.was, crossover.told.money] = [crossover.told.money, { ...crossover.told.money, ...money }] }"
)
AXES = """
() => [...document.querySelectorAll("#curves .axis, #bars .axis, #volume .axis")].map(text => [
  text.textContent, text.getBoundingClientRect().left - text.ownerSVGElement.getBoundingClientRect().left])
"""
ROUND = re.compile("\u2212?SEK\u00a0([1-9]\\d{0,2}(,5|,25|,75)?[kMBT]?|0|0,[05]*[1-9]5?)")


def test_axes_are_marked_at_round_amounts_of_the_currency_shown_and_whole(page: Page):
    page.set_viewport_size({"width": 1280, "height": 850})
    answered = int(page.evaluate("document.body.dataset.answered"))
    page.evaluate(IN_CURRENCY, {"symbol": "SEK\u00a0", "code": "SEK", "perUsd": 9.3713})
    move(page, 0, "PageUp")
    page.wait_for_function(f"() => Number(document.body.dataset.answered) > {answered}")
    drawn_anew(page)
    marks = [(text, left) for text, left in page.evaluate(AXES) if text.lstrip("\u2212").startswith("SEK")]
    page.evaluate("crossover.told.money = crossover.was")
    back(page)
    assert len(marks) > 9
    assert [text for text, _ in marks if not ROUND.fullmatch(text)] == []
    assert [text for text, left in marks if left < 0] == []


def test_a_title_of_the_page_is_what_the_screen_says(page: Page, opened: Opened):
    comparison, pair = now(page, opened), page.evaluate("crossover.outcome().pair")
    if pair:
        assert page.locator("#curves-title").inner_text() == typeset(crossing_title(comparison, *pair))
