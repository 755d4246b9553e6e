"""What the reader entered is the reader's: in notes, inputs, workbook, slides and brief; a choice is its source's."""

import csv
import io
from datetime import date

import openpyxl
import pytest
from pptx import Presentation

from answers.analysis import Analysis
from costmodel.scenario import numbers, paths, with_option
from pricing.dates import day
from pricing.documents import Opened, document, from_json, from_link, to_json, to_link
from pricing.origins import YOURS, origins
from pricing.presets import DEFAULT, preset, presets
from pricing.selectors import new_option
from reports.files import offered
from reports.files.brief import brief_data
from reports.files.slides import slides
from reports.words.origins import source_of
from reports.words.plain import typeset
from tests.as_typed import as_typed
from tests.briefings import briefing
from tests.visitor import Visitor

TODAY = date(2026, 11, 29)
SCENARIO = preset(DEFAULT).scenario
REQUESTS, GROWTH = "workload.requests_per_month", "workload.growth_per_year"
BANDWIDTH, PRICE = (f"options.own_servers.{name}" for name in ("serving.gpu_bandwidth_gb_per_s", "server_price_usd"))
ENTERED = {REQUESTS: 1.2e6, BANDWIDTH: 900.0}
MINE = Opened(SCENARIO.vary(ENTERED), DEFAULT, entered=dict.fromkeys(ENTERED, TODAY))


def told(opened: Opened, path: str) -> str:
    return source_of(origins(opened, [path])[path], numbers(opened.scenario).get(path))


@pytest.mark.parametrize("slug", presets())
def test_nothing_of_a_preset_is_the_reader_s_and_everything_has_an_origin(slug):
    scenario = preset(slug).scenario
    for path, origin in origins(Opened(scenario, slug), list(paths(scenario))).items():
        assert not origin.yours
        assert origin.source, path
        assert origin.confidence, path


def test_a_value_that_was_entered_names_the_day_and_what_stood_there():
    found = origins(MINE, [*ENTERED, GROWTH])
    assert [found[path].confidence for path in ENTERED] == [YOURS, YOURS]
    assert not found[GROWTH].yours
    assert told(MINE, REQUESTS) == (
        "Entered on 29 November 2026; was 594,000 requests a month (Crossover's own judgement, 23 November 2026)"
    )
    before = origins(Opened(SCENARIO, DEFAULT), [BANDWIDTH])[BANDWIDTH]
    assert told(MINE, BANDWIDTH).startswith("Entered on 29 November 2026; was ")
    assert before.source in told(MINE, BANDWIDTH)
    assert not found[BANDWIDTH].source_url, "the figure is not NVIDIA's any more"


def test_a_choice_that_nobody_made_for_an_option_of_one_s_own_is_not_the_reader_s():
    plan = new_option("token_api", "Mine", {"provider": "openai", "model": "gpt-6-luna"})
    scenario = with_option(preset(DEFAULT).scenario, "mine", plan)
    path = "options.mine.tuning.method"
    assert not origins(Opened(scenario, DEFAULT), [path])[path].yours
    tuned = scenario.vary({path: "hosted"})
    found = origins(Opened(tuned, DEFAULT), [path])[path]
    assert found.yours
    assert found.was[0] == "none"


def test_what_a_preset_had_changed_is_told_as_its_judgement_and_as_what_was_there():
    slug, path = "startup", "finance.discount_rate_per_year"
    base = preset(slug)
    assert origins(Opened(base.scenario, slug), [path])[path].source == base.reasons[path]
    mine = Opened(base.scenario.vary({path: 0.12}), slug, entered={path: TODAY})
    assert told(mine, path) == "Entered on 29 November 2026; was 20 % a year (Venture money is dear)"


def test_a_document_without_days_says_that_it_was_entered():
    old = from_json(to_json({**document(Opened(MINE.scenario, DEFAULT)), "version": 2}))
    assert told(old, REQUESTS).startswith("Set in the scenario; was 594,000 requests a month")


def test_the_day_is_kept_in_file_and_link_as_long_as_the_value_is_there():
    assert document(MINE)["entered"] == {"2026-11-29": [*ENTERED]}
    for found in (from_json(to_json(document(MINE))), from_link(to_link(document(MINE)))):
        assert found.entered == dict.fromkeys(ENTERED, TODAY)
    assert "entered" not in document(Opened(SCENARIO, DEFAULT, entered={REQUESTS: TODAY}))


def made(label: str) -> bytes:
    """A file that the export page offers."""
    (file,) = (file for file in offered.TABLES if file.label == label)
    return file.make(offered.Wish(Analysis(MINE)))


def test_the_inputs_file_says_so():
    rows = csv.DictReader(io.StringIO(made("Inputs CSV").decode("utf-8-sig")))
    found = {row["path"]: row for row in rows if row["part"] == "input"}
    for path in ENTERED:
        assert (found[path]["source"], found[path]["confidence"]) == (told(MINE, path), YOURS)
        assert (found[path]["as of"], found[path]["address"]) == ("2026-11-29", "")


def test_the_workbook_says_so():
    sheet = openpyxl.load_workbook(io.BytesIO(made("Workbook")), read_only=True)["Assumptions"]
    found = {row[0]: row[7] for row in sheet.iter_rows(values_only=True)}
    assert found[REQUESTS] == typeset(f"{told(MINE, REQUESTS)}, yours")


def test_slides_and_brief_say_so():
    origin = origins(MINE, list(paths(MINE.scenario)))
    mine = briefing(comparison=offered.Wish(Analysis(MINE)).comparison, origins=origin)
    deck = Presentation(io.BytesIO(slides(mine)))
    cells = [[as_typed(cell.text) for cell in row.cells] for slide in deck.slides for shape in slide.shapes
             if shape.has_table for row in shape.table.rows]  # fmt: skip
    (row,) = (row for row in cells if row[0] == "Requests in an average month")
    assert row[3:] == [told(MINE, REQUESTS), "2026-11-29", YOURS]
    assert any(f"{len(ENTERED)} of your own" in slide.shapes.title.text_frame.text for slide in deck.slides)
    assert any(row[0] == "Entered or chosen by the reader" and row[2] == str(len(ENTERED)) for row in cells)
    shown = brief_data(mine)["assumptions"]
    assert any(row[2].startswith("Entered on 29 November 2026; was 594,000") for row in shown)


def test_on_screen_an_edit_is_the_reader_s_a_choice_the_catalogue_s_and_undo_takes_both_back():
    visitor = Visitor().go("options", "add_option")
    visitor.enter("option", "own_servers").open("every_number", "group:own_servers:")
    field, today = f"field:{PRICE}", day(date.today())
    visitor.enter(field, 250_000.0)
    assert visitor.opened.entered == {PRICE: date.today()}
    assert any(f"Yours. Entered on {today}; was " in text.replace("\\", "") for text in visitor.markdown)
    server = visitor.widget("pick:own_servers:server")
    other = next(name for name in server.options if name != server.value)
    visitor.enter("pick:own_servers:server", other)
    assert visitor.opened.entered == {}
    assert not origins(visitor.opened, [PRICE])[PRICE].yours
    chosen = visitor.scenario[PRICE]
    visitor.enter(field, 333_000.0)
    assert f"was ${chosen:,.2f} (" in told(visitor.opened, PRICE)
    visitor.press("Undo").press("Undo")
    assert visitor.opened.entered == {PRICE: date.today()}
    visitor.press("Undo")
    assert document(visitor.opened) == document(Opened(SCENARIO, DEFAULT))
