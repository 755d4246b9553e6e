"""Screen, files, command line and engine say the same numbers; opening a file works or changes nothing."""

import csv
import io
import json
import re
from collections import defaultdict
from datetime import date

import pytest

from answers.analysis import Analysis
from cli import main
from costmodel.comparison import compare
from costmodel.lines import LINES
from costmodel.scenario import values
from pricing.dates import day
from pricing.documents import FORMAT, Opened, document, from_json, from_link, to_json
from pricing.presets import DEFAULT, preset, presets
from reports.files import offered
from reports.files.file_names import file_name
from reports.files.tables import PRESENT, UNDISCOUNTED, tidy, wide
from reports.words.text import to_the_cent
from tests.neutral import plain
from tests.sentence import one_sentence
from tests.visitor import Visitor

SCENARIO = preset(DEFAULT).scenario
REQUESTS = "workload.requests_per_month"
EDITS = {REQUESTS: 7_654_321.0, "finance.horizon_months": 37}
FILES = (*offered.TABLES, *offered.PAPERS, offered.SCENARIO)
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def rows(content: bytes) -> list[dict[str, str]]:
    assert content.startswith(BYTE_ORDER_MARK)
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def edited() -> Visitor:
    visitor = Visitor().go("workload")
    for path, value in EDITS.items():
        visitor.enter(f"field:{path}", value)
    return visitor.go("export")


def test_the_table_on_screen_is_the_engine_s_to_the_cent():
    visitor = edited()
    comparison = compare(SCENARIO.vary(EDITS))
    (heading, *body), *_ = visitor.tables
    shown = {row[0]: dict(zip(heading[1:], row[1:], strict=True)) for row in body}
    assert heading[1:] == [cost.label for cost in comparison.costs.values()]
    for cost in comparison.costs.values():
        totals = {LINES[name].label: total for name, total in cost.line_totals().items()}
        totals |= {UNDISCOUNTED: cost.tco_usd, PRESENT: cost.net_present_cost_usd}
        totals[f"{UNDISCOUNTED}, after tax"] = cost.after_tax_cash_usd.sum()
        totals[f"{PRESENT}, after tax"] = cost.after_tax_net_present_cost_usd
        for line, of_options in shown.items():
            assert of_options[cost.label] == (to_the_cent(totals[line]) if line in totals else ""), line


@pytest.mark.parametrize("slug", presets())
def test_the_wide_file_holds_the_engine_s_numbers_to_the_cent_and_the_tidy_one_unrounded(slug):
    comparison = compare(preset(slug).scenario)
    for row in rows(wide(comparison)):
        cost = next(cost for cost in comparison.costs.values() if cost.label == row["option"])
        totals = {LINES[name].label: total for name, total in cost.line_totals().items()}
        totals |= {UNDISCOUNTED: cost.tco_usd, PRESENT: cost.net_present_cost_usd}
        totals[f"{UNDISCOUNTED}, after tax"] = cost.after_tax_cash_usd.sum()
        totals[f"{PRESENT}, after tax"] = cost.after_tax_net_present_cost_usd
        assert row["total (USD)"] == f"{totals[row['line']]:.2f}"
        months = [float(cell) for column, cell in row.items() if column.startswith("20")]
        assert sum(months) == pytest.approx(totals[row["line"]], abs=0.005 * len(months))
    sums = defaultdict(float)
    for row in rows(tidy(comparison)):
        sums[row["option"]] += float(row["cash (USD)"])
    assert sums == {slug: pytest.approx(cost.tco_usd, rel=1e-12) for slug, cost in comparison.costs.items()}


def made(visitor: Visitor, what: str) -> bytes:
    """What the button for this file hands out, as long as nobody asks for another layout."""
    (file,) = (file for file in FILES if file.what == what)
    return file.make(offered.Wish(Analysis(visitor.opened)))


def test_screen_files_and_command_line_say_the_same(tmp_path, capsys):
    visitor = edited()
    scenario = tmp_path / "scenario.json"
    scenario.write_bytes(made(visitor, ".json"))
    assert main([str(scenario), "--json"]) == 0
    told = {option["label"]: option for option in json.loads(capsys.readouterr().out).values()}
    (heading, *body), *_ = visitor.tables
    shown = {row[0]: dict(zip(heading[1:], row[1:], strict=True)) for row in body}
    wide_rows = rows(made(visitor, "wide.csv"))
    in_file = {(row["option"], row["line"]): float(row["total (USD)"]) for row in wide_rows}
    for label, option in told.items():
        assert shown[UNDISCOUNTED][label] == f"{option['tco_usd']:,.2f}"
        assert shown[PRESENT][label] == f"{option['net_present_cost_usd']:,.2f}"
        assert in_file[label, UNDISCOUNTED] == round(option["tco_usd"], 2)
        assert in_file[label, PRESENT] == round(option["net_present_cost_usd"], 2)
        for name, total in option["lines_usd"].items():
            assert in_file[label, LINES[name].label] == round(total, 2)
            assert shown[LINES[name].label][label] == to_the_cent(total)


def test_the_tidy_file_and_the_command_line_have_the_same_cash_flows(tmp_path, capsys):
    visitor = edited()
    scenario = tmp_path / "scenario.json"
    scenario.write_bytes(made(visitor, ".json"))
    assert main([str(scenario), "--csv"]) == 0
    printed = csv.DictReader(io.StringIO(capsys.readouterr().out, newline=""))
    keys = ("scenario", "option", "month", "line", "cash (USD)", "accrual (USD)")
    in_file = [[row[key] for key in keys] for row in rows(made(visitor, "tidy.csv"))]
    assert in_file == [[row[key] for key in keys] for row in printed]


def test_the_side_file_holds_every_input_with_its_source():
    visitor = edited()
    found = {row["path"]: row for row in rows(made(visitor, "inputs.csv")) if row["part"] == "input"}
    known = values(visitor.scenario)
    assert found.keys() == known.keys()
    for path, value in known.items():
        if isinstance(value, int | float) and not isinstance(value, bool):
            assert float(found[path]["value"]) == value, path
    today = date.today()
    assert found[REQUESTS]["source"].startswith(
        f"Entered on {day(today)}; was 594,000 requests a month (Crossover's own"
    )
    assert (found[REQUESTS]["confidence"], found[REQUESTS]["as of"]) == ("yours", today.isoformat())
    dated = (path for path in known if found[path]["confidence"] != "judgement")
    assert all(found[path]["as of"] for path in dated)


def test_every_file_on_offer_has_a_button():
    visitor = edited()
    for file in FILES:
        assert visitor.at.download_button(key=f"file:{file.what}").label == file.label


def test_files_are_told_apart_by_scenario_and_day_and_name_the_scenario_within():
    opened = Opened(SCENARIO, DEFAULT, "Böard: a/b\\c <Q3> 🚀")
    wish = offered.Wish(Analysis(opened), on=date(2026, 11, 29))
    names = [file_name(opened.short_name, file.what, wish.on) for file in FILES]
    assert names[:2] == ["crossover-böard-a-b-c-q3-tidy-2026-11-29.csv", "crossover-böard-a-b-c-q3-wide-2026-11-29.csv"]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"crossover-[\w-]+-2026-11-29\.(csv|xlsx|html|pptx|pdf|json)", name) for name in names)
    assert file_name(Opened(SCENARIO, DEFAULT).short_name, ".xlsx", wish.on) == "crossover-assistant-2026-11-29.xlsx"
    tidy_file, focus_file = (next(f for f in offered.TABLES if f.what == what) for what in ("tidy.csv", "focus.csv"))
    assert {row["scenario"] for row in rows(tidy_file.make(wish))} == {opened.name}
    focus_rows = csv.DictReader(io.StringIO(focus_file.make(wish).decode(), newline=""))
    assert {row["x_ScenarioName"] for row in focus_rows} == {opened.name}


def test_the_link_shown_and_the_scenario_file_open_what_is_on_screen():
    visitor = edited()
    (shown,) = (code.value for code in visitor.at.code)
    assert plain(from_link(shown.partition("s=")[2]).scenario) == visitor.plain
    assert plain(from_json(made(visitor, ".json")).scenario) == visitor.plain


def upload(visitor: Visitor, content: bytes) -> Visitor:
    visitor.at.file_uploader(key="scenario_file").upload("scenario.json", content, "application/json")
    return visitor.run()


def test_a_scenario_file_opens_with_a_word_of_success_as_the_floor_of_the_history():
    visitor = Visitor().enter(f"lever:{REQUESTS}", 1.2e6).go("export")
    content = to_json(document(Opened(SCENARIO.vary(EDITS), DEFAULT, "Ours")))
    upload(visitor, content.encode())
    assert visitor.scenario[REQUESTS] == EDITS[REQUESTS]
    assert visitor.opened.name == "Ours"
    assert visitor.complaints == []
    (said,) = visitor.texts("taken")
    assert said.startswith("Opened Ours: ")
    assert f"{len(EDITS)} values of it changed" in said
    opened = visitor.plain
    assert visitor.button("Undo").disabled
    assert visitor.enter(f"lever:{REQUESTS}", 1.2e6).press("Undo").plain == opened
    assert visitor.button("Undo").disabled


def test_an_opened_file_does_not_come_back_over_later_edits():
    visitor = Visitor().go("export")
    upload(visitor, to_json(document(Opened(SCENARIO.vary(EDITS), DEFAULT))).encode())
    visitor.enter(f"lever:{REQUESTS}", 1.2e6).go("overview").go("export").run()
    assert visitor.scenario[REQUESTS] == 1.2e6


BAD_FILES = {
    "empty": b"",
    "no JSON": b"{",
    "a binary": bytes(range(256)),
    "another format": b'{"format": "grocery-list"}',
    "a newer version": to_json({**document(Opened(SCENARIO, DEFAULT)), "version": 99}).encode(),
    "out of bounds": to_json({**document(Opened(SCENARIO, DEFAULT)), "changes": {REQUESTS: -5}}).encode(),
    "half a letter": json.dumps({**document(Opened(SCENARIO, DEFAULT)), "name": "\ud800"}).encode(),
    "5,000 digits": f'{{"format": "{FORMAT}", "version": {"1" * 5000}, "preset": "{DEFAULT}"}}'.encode(),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_shows_one_sentence_and_keeps_the_scenario(name):
    visitor = edited()
    before, link = visitor.plain, visitor.link
    upload(visitor, BAD_FILES[name])
    (sentence,) = visitor.complaints
    one_sentence(sentence)
    assert (visitor.plain, visitor.link) == (before, link)
    assert visitor.go("overview").plain == before
