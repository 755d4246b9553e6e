"""The page on the reader's own usage: dropped, told, mapped, met with the bill and taken into the scenario."""

import csv
import io
import tomllib

import pytest
import streamlit as st

from costmodel.comparison import compare
from dashboard import long_reads, own_usage
from pricing.origins import GROWN
from pricing.presets import DEFAULT, preset
from reports.files.charges import chargeback
from tests.as_typed import as_typed
from tests.neutral import plain
from tests.sentence import one_sentence
from tests.test_usage_bill import SONNET, invoice, list_usd, usage
from tests.usage_files import as_csv, opened
from tests.visitor import ROOT, Visitor
from usage.division import PROJECT, By
from usage.hints import Hints
from usage.progress import Progress
from usage.teams import shares
from usage.today import LABEL, SLUG

TAKE = "Take into the scenario"


def arrive(*contents: bytes) -> Visitor:
    visitor = Visitor().go("usage")
    return drop(visitor, *contents) if contents else visitor


def drop(visitor: Visitor, *contents: bytes) -> Visitor:
    files = [(f"file-{i}.csv", content, "text/csv") for i, content in enumerate(contents)]
    visitor.at.file_uploader(key="usage:files").set_value(files)
    return visitor.run()


def only(visitor: Visitor, kind: str, *names: str) -> Visitor:
    """Choose among the models or teams of the files."""
    visitor.at.multiselect(key=f"usage:only:{kind}:").set_value(names)
    return visitor.run()


def cells(visitor: Visitor, first: str) -> list[str]:
    """The row of a table that begins so."""
    (row,) = (row for table in visitor.tables for row in table if row[0] == first)
    return row


def test_usage_and_bill_are_told_met_and_taken_as_one_edit():
    visitor = arrive(usage(cached_tokens=5e8), invoice(usd=1.004 * list_usd()))
    before = visitor.plain
    assert cells(visitor, "Requests in an average month")[1].startswith("200,000")
    assert cells(visitor, "Input read from cache")[1] == "55.6 %"
    month, counted = (row for table in visitor.tables for row in table if row[0] == "October 2026")
    assert counted[1:3] == ["Anthropic · Claude Sonnet 4.6", "200,000"], "bill and report are one row"
    assert counted[-1] == f"USD {1.004 * list_usd():,.2f}"
    assert month[1] == f"${1.004 * list_usd():,.0f}"
    visitor.press(TAKE)
    assert visitor.complaints == []
    assert visitor.scenario.options[SLUG].label == LABEL
    assert visitor.scenario.workload.requests_per_month == 200_000
    assert set(visitor.opened.imported.values()) == {"file-0.csv, 1 to 31 October 2026", "what runs already", GROWN}
    visitor.press("Undo")
    assert visitor.plain == before


def test_a_discount_that_is_stated_goes_into_the_option():
    visitor = arrive(usage(), invoice(usd=0.9 * list_usd())).enter("usage:discount", "10")
    assert "nothing of the bill is left over" in as_typed("".join(text.value for text in visitor.at.subheader))
    visitor.press(TAKE)
    assert visitor.scenario.options[SLUG].discount_frac == 0.1
    assert any("Equal to your bill of October 2026" in told for told in visitor.texts("met"))


def test_a_bill_may_be_typed_where_no_file_holds_one():
    visitor = arrive(usage())
    assert visitor.enter("usage:billed", "many").complaints
    visitor.enter("usage:billed", f"{1.02 * list_usd():.0f}").press(TAKE)
    assert visitor.opened.bill.billed_usd == pytest.approx(1.02 * list_usd(), abs=1)


def test_requests_that_no_file_counts_are_asked_for_before_anything_is_taken():
    silent = as_csv(*({"date": f"2026-10-{day:02d}", "model": SONNET, "input_tokens": 9e8, "output_tokens": 7e7}
                      for day in (1, 31)))  # fmt: skip
    visitor = arrive(silent)
    assert visitor.button(TAKE).disabled
    visitor.enter("usage:requests", "200k").press(TAKE)
    assert visitor.scenario.workload.requests_per_month == 200_000
    assert visitor.scenario.workload.input_tokens_per_request == 9000


def test_a_table_of_unknown_columns_is_mapped():
    odd = as_csv({"moment": "2026-10-01T10:00:00Z", "machine": SONNET, "swallowed": 900, "said": 70},
                 {"moment": "2026-10-31T10:00:00Z", "machine": SONNET, "swallowed": 900, "said": 70})  # fmt: skip
    visitor = arrive(odd)
    assert any("nothing that is known here" in told for told in visitor.complaints)
    for what, column in (("time", "moment"), ("model", "machine"), ("input", "swallowed"), ("output", "said")):
        visitor.enter(f"usage:column:file-0.csv:{what}", column)
    assert visitor.complaints == []
    assert cells(visitor, "Requests in an average month")[1].startswith("2")


@pytest.mark.parametrize("content", [b"", b"no table", b'{"a": [1, 2', b"\x00\xff" * 50])
def test_a_file_that_cannot_be_read_gets_one_sentence_and_changes_nothing(content):
    visitor = arrive()
    before = visitor.plain
    drop(visitor, content)
    (told,) = visitor.complaints
    one_sentence(told)
    assert visitor.plain == before


def test_what_was_read_stays_for_the_session_and_can_be_forgotten():
    visitor = arrive(usage(), invoice(usd=list_usd())).go("overview").go("usage")
    assert cells(visitor, "Requests in an average month")
    assert any("file-0.csv, file-1.csv" in caption.value for caption in visitor.at.caption), "what the figures are from"
    drop(visitor, b"\x89PNG no table")
    assert len(visitor.complaints) == 1
    assert cells(visitor, "Requests in an average month"), "a wrong file takes nobody's place"
    drop(visitor).press("Forget these files")
    assert visitor.at.title[0].value == "Start from what you use and pay"


def test_only_chosen_models_become_the_workload():
    visitor = arrive(usage(), usage(model="claude-opus-4-5", requests=300_000), invoice(usd=1))
    assert cells(visitor, "Requests in an average month")[1].startswith("800,000")
    only(visitor, "model", "Anthropic · Claude Sonnet 4.6").press(TAKE)
    assert visitor.scenario.workload.requests_per_month == 200_000
    assert visitor.scenario.options[SLUG].model == SONNET
    assert preset(DEFAULT).scenario.workload.requests_per_month != 200_000


def test_usage_by_team_is_told_chosen_and_charged_back():
    divided = [usage(project_name="search"), usage(requests=300_000, project_name="support")]
    visitor = arrive(*divided, invoice(usd=2 * list_usd()))
    assert "search" not in visitor.html, "names are not read unless they are asked for"
    visitor.enter("usage:by", "project")
    assert cells(visitor, "support")[-1] == "50 %"
    only(visitor, "project", "support").press(TAKE)
    assert visitor.scenario.workload.requests_per_month == 600_000


def test_a_chargeback_adds_up_to_the_cost_of_every_option():
    reading = opened(usage(project_name="a"), usage(times=3.0, project_name="b"), hints=Hints(by=By(PROJECT)))
    comparison = compare(preset(DEFAULT).scenario)
    found = shares(reading.cells, By(PROJECT))
    header, *rows = csv.reader(io.StringIO(chargeback(found, comparison).decode("utf-8-sig")))
    assert header[:3] == ["who", "share", "option"]
    for cost in comparison.costs.values():
        charged = {row[0]: float(row[3]) for row in rows if row[2] == cost.label}
        assert sum(charged.values()) == pytest.approx(cost.net_present_cost_usd, abs=0.02)
        assert charged["b"] == pytest.approx(3 * charged["a"], abs=0.02)


def test_a_long_read_tells_how_far_it_is_is_stopped_and_read_after_all(monkeypatch):
    content = usage(cached_tokens=5e8)
    half = Progress("file-0.csv", 1_200, 3e6, None, 0.5)

    def pressed(files, hints, now, special, watch):
        watch(half)
        long_reads._stop()
        st.rerun()  # as Streamlit does once a button is pressed

    with monkeypatch.context() as while_reading:
        while_reading.setattr(own_usage, "read", pressed)
        visitor = arrive(content)
    assert own_usage.KEPT not in visitor.at.session_state
    (told,) = (info.value for info in visitor.at.info)
    so_far = "50\u00a0% read, 1,200 rows, 3,000,000 tokens in so far"
    assert plain(told) == f"Stopped. file-0.csv: {so_far}; nothing of it counts."
    assert "Is the bill met?" not in visitor.plain
    assert "Stop" not in [button.label for button in visitor.at.button]
    visitor.press("Read the files after all")
    assert not visitor.at.info
    assert cells(visitor, "Requests in an average month")[1].startswith("200,000")
    assert "Stop" not in [button.label for button in visitor.at.button]


def test_the_server_takes_files_as_large_as_the_page_promises():
    server = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["server"]
    assert server["maxUploadSize"] == own_usage.MOST_MB
