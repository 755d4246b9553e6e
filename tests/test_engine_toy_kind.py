"""A kind of option is one record and one function: a toy that registers itself takes part in everything, at once."""

from typing import Annotated, ClassVar, Literal

import numpy as np
import pytest

from costmodel import option as kinds
from costmodel.break_even import along, in_time
from costmodel.demand import output_tokens, token_quantities
from costmodel.errors import ScenarioError
from costmodel.fields import Number
from costmodel.lines import LINES, line, lines_of
from costmodel.option import Option, Result, StandaloneOption, serves
from costmodel.overheads import overhead_lines, overhead_quantities
from costmodel.scenario import numbers, paths, with_option, without_option
from pricing.choices import sources
from pricing.documents import Opened, document, from_json, from_link, to_json, to_link
from pricing.evidence import all_evidence
from pricing.picks import new_option
from pricing.presets import DEFAULT, preset
from reports.recorder.engine import record
from reports.tables import tidy
from tests.neutral import compare, neutral_option, plain
from tests.sentence import one_sentence
from tests.visitor import PAGES, Visitor

SCENARIO = preset(DEFAULT).scenario
PRICE = "options.crowd.answer_usd_per_mtok"


@pytest.fixture
def toy(monkeypatch):
    """The kind `crowd`: people who write the answers, paid by the million tokens. Unregistered afterwards."""
    for table in (kinds.KINDS, kinds.COSTS, LINES):
        for name, entry in list(table.items()):
            monkeypatch.setitem(table, name, entry)  # so that the tables are put back as they were

    class Crowd(StandaloneOption):
        """People who write the answers."""

        title: ClassVar[str] = "Crowd"

        kind: Literal["crowd"]
        answer_usd_per_mtok: Annotated[float, Number("USD/Mtok", 0, 1e6, "What a million written tokens earn.")]

        def bridges(self):
            """They are paid by use."""
            return True

    monkeypatch.setitem(kinds.KINDS, "crowd", None)
    monkeypatch.setitem(kinds.COSTS, "crowd", None)

    @line("Answers", "Tokens", usage=True)
    def answers_usd(task):
        """Tokens written x price."""
        # USD = tokens * USD/Mtok / (tokens/Mtok)
        return output_tokens(task) * (task.option.answer_usd_per_mtok / 1e6)

    @serves(Crowd)
    def costs(task):
        """People who write, and what is beside them."""
        quantities = {**token_quantities(task), **overhead_quantities(task, 3600, 60_000)}
        return Result(lines_of(task, answers_usd, *overhead_lines(task)), quantities)

    yield with_option(SCENARIO, "crowd", neutral_option("crowd", answer_usd_per_mtok=50.0))
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
    assert sources(toy.options["crowd"], toy.workload).keys() == {"token_ratio", "reasoning_frac"}
    assert all_evidence(toy, [PRICE]) == {}
    recorded = record(toy).costs["crowd"].net_present_cost_usd
    np.testing.assert_allclose(float(recorded.value), comparison["crowd"].net_present_cost_usd)


def test_pages_show_it(toy):
    visitor = Visitor(to_link(document(Opened(toy, DEFAULT))))
    for page in PAGES:
        visitor.go(page)
        assert visitor.complaints == []
    visitor.go("options").enter("option", "crowd").open("group:crowd:").enter(f"field:{PRICE}", 70.0)
    assert visitor.scenario[PRICE] == 70
    visitor.open("add_option").enter("new:kind", "crowd")
    assert visitor.complaints == []


def test_afterwards_it_is_forgotten():
    assert "crowd" not in kinds.KINDS
    assert "crowd" not in kinds.COSTS
    assert "answers" not in LINES
    assert all(issubclass(known, Option) for known in kinds.KINDS.values())
