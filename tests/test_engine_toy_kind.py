"""A kind of option is one record and one function: a toy that registers itself takes part in everything, at once."""

import csv
import dataclasses
import io
from typing import Annotated, ClassVar, Literal

import numpy as np
import pytest
from openpyxl import load_workbook
from pptx import Presentation
from pydantic import Field

from answers.plans import candidates
from answers.trade_offs import figures
from costmodel import option as kinds
from costmodel.break_even import along, in_time
from costmodel.demand import month, output_tokens, token_quantities
from costmodel.errors import ScenarioError
from costmodel.fields import Number, Text
from costmodel.lines import LINES, line, lines_of
from costmodel.option import Option, Result, StandaloneOption, serves
from costmodel.overheads import overhead_lines, overhead_quantities
from costmodel.scenario import numbers, paths, with_option, without_option
from costmodel.traits import PriceDecline
from costmodel.units import index
from pricing import choices, selectors
from pricing.choices import sources
from pricing.documents import Opened, document, from_json, from_link, to_json, to_link
from pricing.evidence import all_evidence
from pricing.facts import SeatPrice, rows
from pricing.presets import DEFAULT, preset
from pricing.selectors import Catalogue, Selector, completed, new_option, selectors_of, written
from reports.files.focus import focus
from reports.files.slides import slides
from reports.files.tables import tidy
from reports.files.workbook import workbook
from reports.recorder.engine import record
from reports.words.market import cheaper
from reports.words.price_path import price_path
from tests.briefings import briefing, origins_of
from tests.neutral import compare, neutral_option, plain
from tests.sentence import one_sentence
from tests.visitor import PAGES, Visitor

SCENARIO = preset(DEFAULT).scenario
PRICE = "options.crowd.answer_usd_per_mtok"
AGENCIES = {"North": 50.0, "South": 40.0}  # USD a million tokens


@pytest.fixture
def toy(monkeypatch):
    """The kind `crowd`: people who write the answers, paid by the million tokens. Unregistered afterwards."""
    for table in (kinds.KINDS, kinds.COSTS, LINES, selectors.CATALOGUES, choices.CITED):
        for name, entry in list(table.items()):
            monkeypatch.setitem(table, name, entry)  # so that the tables are put back as they were

    class Crowd(StandaloneOption):
        """People who write the answers."""

        title: ClassVar[str] = "Crowd"
        catalogues: ClassVar[tuple[str, ...]] = ("agencies",)

        kind: Literal["crowd"]
        agency: Annotated[Text, Field(description="Who sends them.")]
        knows: Annotated[Text, Field(description="The model whose answers they have learnt.")]
        answer_usd_per_mtok: Annotated[float, Number("USD/Mtok", 0, 1e6, "What a million written tokens earn.")]
        fall_per_year: Annotated[float, Number("per year", -1, 0.9, "Yearly fall of that.")]
        notice_months: Annotated[int, Number("months", 0, 60, "Until they can be sent home.", whole=True)]

        def bridges(self):
            """They are paid by use."""
            return True

        def model_name(self):
            """What they have learnt."""
            return self.knows

        def lock_in_months(self):
            """Their notice."""
            return self.notice_months

        def seller(self):
            """Who sends them."""
            return self.agency

        def list_price_ratio(self, line):
            """They ask for twice as much."""
            return 2.0 if line == "answers" else 1.0

        def price_decline(self):
            """Of what they earn."""
            return PriceDecline("fall_per_year", "fees of writers", self.fall_per_year)

        def variations(self):
            """By night they take half."""
            yield "by night", {"answer_usd_per_mtok": self.answer_usd_per_mtok / 2}

    agencies = Selector("agency", "Agency", lambda _picked, own=(): list(AGENCIES), names_option=True)
    writes = lambda picked, _workload, _own: {"answer_usd_per_mtok": AGENCIES[picked["agency"]]}  # noqa: E731
    cited = lambda option, _own: {"answer_usd_per_mtok": (AGENCIES[option.agency], rows(SeatPrice)[0])}  # noqa: E731
    monkeypatch.setitem(selectors.CATALOGUES, "agencies", Catalogue((agencies,), writes))
    monkeypatch.setitem(choices.CITED, "agencies", cited)
    monkeypatch.setitem(kinds.KINDS, "crowd", None)
    monkeypatch.setitem(kinds.COSTS, "crowd", None)

    @line("Answers", "Tokens", usage=True)
    def answers_usd(task):
        """Tokens written x price."""
        # USD = tokens * USD/Mtok / (tokens/Mtok)
        fee = task.option.answer_usd_per_mtok * index(-task.option.fall_per_year, month(task.scenario))
        return output_tokens(task) * (fee / 1e6)

    @serves(Crowd)
    def costs(task):
        """People who write, and what is beside them."""
        quantities = {**token_quantities(task), **overhead_quantities(task, 3600, 60_000)}
        return Result(lines_of(task, answers_usd, *overhead_lines(task)), quantities)

    terms = {"answer_usd_per_mtok": 50.0, "agency": "North", "knows": "gpt-oss-120b", "notice_months": 7}
    yield with_option(SCENARIO, "crowd", neutral_option("crowd", token_ratio=1.0, **terms))
    del LINES["answers"]


def test_it_is_a_kind_and_its_fields_have_paths(toy):
    assert kinds.KINDS["crowd"].title == "Crowd"
    assert PRICE in set(paths(toy))
    assert numbers(toy)[PRICE].unit == "USD/Mtok"


def test_it_is_compared_and_every_figure_of_it_is_known(toy):
    found = compare(toy)["crowd"]
    per_request = toy.workload.output_tokens_per_request * toy.workload.environments_ratio
    np.testing.assert_allclose(found.lines["answers"][1], 594_000 * per_request * 50 / 1e6)
    assert found.tco_usd > found.net_present_cost_usd > 0
    assert found.levelized_cost_usd_per_mtok > 0
    assert found.after_tax_net_present_cost_usd <= found.net_present_cost_usd


def test_it_varies_breaks_even_and_is_refused_like_any_other(toy):
    many = compare(toy.vary({PRICE: np.array([[10.0], [50.0]])}))["crowd"]
    assert many.net_present_cost_usd.shape == (2,)
    np.testing.assert_allclose(many.net_present_cost_usd[1], compare(toy)["crowd"].net_present_cost_usd)
    assert in_time(compare(toy)["crowd"], compare(toy)["open_api"]).outcome
    assert along(toy, PRICE, np.geomspace(1, 1e6, 30), "crowd", "open_api")
    with pytest.raises(ScenarioError) as caught:
        toy.vary({PRICE: -1})
    assert one_sentence(str(caught.value)).startswith(PRICE)


def test_it_can_be_part_of_hybrids_mixes_and_bridges(toy):
    combined = {
        "hybrid": {"base_option": "own_servers", "overflow_option": "crowd"},
        "multi_cloud": {"first_option": "open_api", "second_option": "crowd"},
        "edge": {"fallback_option": "crowd"},
    }
    for kind, named in combined.items():
        toy = with_option(toy, kind, new_option(kind, kind, named))
        assert compare(toy)[kind].lines["answers"].sum() > 0
    toy = toy.vary({"options.own_servers.bridge_option": "crowd"})
    assert compare(toy)["own_servers"].lines["bridge"].sum() > 0
    with pytest.raises(ScenarioError) as caught:
        without_option(toy, "crowd")
    one_sentence(str(caught.value))


def test_it_is_saved_and_opened_as_a_file_and_as_a_link(toy):
    content = document(Opened(toy.vary({PRICE: 60.0}), DEFAULT))
    for opened in (from_json(to_json(content)), from_link(to_link(content))):
        assert plain(opened.scenario) == plain(toy.vary({PRICE: 60.0}))


def test_reports_evidence_and_the_recorder_know_it(toy):
    comparison = compare(toy)
    assert b",crowd,crowd,1,2027-01-31,2027,answers,Answers,Tokens," in tidy(comparison)
    known = sources(toy.options["crowd"], toy.workload)
    assert known.keys() == {"token_ratio", "reasoning_frac", "answer_usd_per_mtok"}
    assert known["answer_usd_per_mtok"].unchanged
    assert not all_evidence(toy.vary({PRICE: 60.0}), [PRICE])[PRICE].unchanged
    recorded = record(toy).costs["crowd"].net_present_cost_usd
    np.testing.assert_allclose(float(recorded.value), comparison["crowd"].net_present_cost_usd)


def test_it_is_chosen_from_its_own_catalogue(toy):
    record = kinds.KINDS["crowd"]
    assert [pick.field for pick in selectors_of(record)] == ["agency"]
    assert completed("crowd", {"agency": "East"}) == {"agency": "North"}
    assert written("crowd", {"agency": "South"}) == {"answer_usd_per_mtok": 40.0}


def test_trade_offs_know_its_terms(toy):
    found = figures(compare(toy), 1e5, 1e6)["crowd"]
    assert found["lock_in"] == 7
    assert found["months"] == 0
    hybrid = new_option("hybrid", "hybrid", {"base_option": "own_servers", "overflow_option": "crowd"})
    terms = {"options.crowd.notice_months": 60, "options.own_servers.refresh_months": 48}
    mixed = figures(compare(with_option(toy, "hybrid", hybrid).vary(terms)), 1e5, 1e6)
    assert (mixed["hybrid"]["lock_in"], mixed["own_servers"]["lock_in"]) == (60, 48)


def test_the_focus_file_names_its_seller_and_its_list_price(toy):
    data = focus(compare(toy)).decode("utf-8")
    charged = [row for row in csv.DictReader(io.StringIO(data)) if row["x_LineId"] == "answers"]
    assert {row["ServiceProviderName"] for row in charged} == {"North"}
    for row in charged:
        np.testing.assert_allclose(float(row["ListCost"]), 2 * float(row["EffectiveCost"]))


def test_the_best_plan_tries_its_other_terms_and_mixes_it(toy):
    plans = candidates(compare(toy))
    assert plans["crowd, by night"].changes == {PRICE: 25.0}
    assert any("crowd above" in label for label in plans)


def test_the_market_is_measured_against_it(toy):
    alone = toy.vary({}, options={"crowd": toy.options["crowd"]})
    told = cheaper(compare(alone), {}).sentence
    assert told.startswith("The same gpt-oss 120B costs ")
    assert " than crowd" in told


def test_the_path_of_its_prices_is_told(toy):
    assert "fees of writers" not in price_path(compare(toy))
    assert "fees of writers fall by 20 % a year" in price_path(compare(toy.vary({"options.crowd.fall_per_year": 0.2})))


def test_the_workbook_and_the_slides_have_it(toy):
    comparison = compare(toy)
    book = load_workbook(io.BytesIO(workbook(toy)), data_only=True)
    assert any("crowd" in str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row)
    told = dataclasses.replace(briefing(), comparison=comparison, origins=origins_of(Opened(toy, DEFAULT)))
    deck = Presentation(io.BytesIO(slides(told)))
    shapes = [shape for slide in deck.slides for shape in slide.shapes]
    words = [cell.text for shape in shapes if shape.has_table for row in shape.table.rows for cell in row.cells]
    words += [shape.text_frame.text for shape in shapes if shape.has_text_frame]
    assert any("crowd" in text for text in words)


def test_pages_show_it(toy):
    visitor = Visitor(to_link(document(Opened(toy, DEFAULT))))
    for page in PAGES:
        visitor.go(page)
        assert visitor.complaints == []
    visitor.go("options").enter("option", "crowd").open("every_number", "group:crowd:").enter(f"field:{PRICE}", 70.0)
    assert visitor.scenario[PRICE] == 70
    visitor.enter("pick:crowd:agency", "South")
    assert visitor.scenario[PRICE] == 40
    visitor.open("add_option").enter("new:kind", "crowd")
    assert visitor.complaints == []


def test_afterwards_it_is_forgotten():
    assert "crowd" not in kinds.KINDS
    assert "crowd" not in kinds.COSTS
    assert "answers" not in LINES
    assert "agencies" not in selectors.CATALOGUES | choices.CITED
    assert all(issubclass(known, Option) for known in kinds.KINDS.values())
