"""A measurement on the sizing page, in a real browser: a sweep's files become the curve, and undo takes them back."""

from playwright.sync_api import Page, expect

from reports.words.text import compact
from tests.benchmark_files import text
from tests.browser.actions import complaints, go, press
from tests.browser.driver import settled
from tests.test_benchmarks_curves import SWEEP, held

SUBMIT = "Size from my measurement"
DOTS = ".plot .scatterlayer .points path"


def give(page: Page, *runs: dict) -> None:
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(
        [
            {"name": f"run-{place}.json", "mimeType": "application/json", "buffer": text(run)}
            for place, run in enumerate(runs)
        ]
    )


def test_a_sweep_sizes_an_option_and_undo_takes_it_back(overview: Page):
    page = overview
    go(page, "sizing")
    main = page.get_by_test_id("stMain")
    before, dots = page.url, page.locator(DOTS).count()
    give(page, held(1, 60.0, 9.0))
    expect(main.get_by_text("One request at a time shows how fast an answer is")).to_be_visible()
    expect(main.get_by_label("Output tokens a second", exact=True)).to_have_value("")
    page.get_by_role("button", name="Remove run-0.json").click()
    give(page, *SWEEP)
    expect(main.get_by_text("3 points read from 3 files")).to_be_visible()
    expect(main.get_by_label("Output tokens a second", exact=True)).to_have_value("2,400")
    expect(main.get_by_label("On how many GPUs", exact=True)).to_have_value("4")
    settled(page)
    assert page.url == before, "a file alone changes nothing"
    press(page, SUBMIT)
    expect(main.get_by_text(f"Sized from your measurement of {compact(600)} output tokens/s per GPU")).to_be_visible()
    assert page.locator(DOTS).count() > dots
    go(page, "overview")
    go(page, "sizing")
    expect(main.get_by_text("Sized from your measurement")).to_be_visible()
    expect(main.get_by_label("Output tokens a second", exact=True)).to_have_value("2,400")
    press(page, "Undo")
    expect(main.get_by_text("Sized from your measurement")).to_have_count(0)
    assert page.locator(DOTS).count() == dots
    assert complaints(page) == []
    assert page.url == before
