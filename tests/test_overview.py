"""What the overview says of the scenario on screen adds up: what decides it, and the way from today's bill."""

import re
from datetime import date

import pytest

from answers.analysis import Analysis
from costmodel.comparison import compare
from dashboard import charts, decision_charts
from pricing.documents import Opened, document, to_link
from pricing.presets import DEFAULT, preset, presets
from reports.words.bill import BILL, steps, steps_title
from reports.words.deciding import decided_by
from reports.words.parts import cash_by_group, groups
from reports.words.text import signed_usd, usd
from tests.visitor import Visitor
from usage.one_line import EXAMPLE, parse
from usage.solving import solve
from usage.today import taken

SCENARIO = preset(DEFAULT).scenario


def amounts_of(text: str) -> float:
    """What '$240k' is."""
    return float(text.strip("$kM").replace(",", "")) * {"k": 1e3, "M": 1e6}.get(text[-1], 1)


@pytest.mark.parametrize("slug", presets())
def test_what_decides_is_where_the_next_option_costs_more(slug):
    comparison = compare(preset(slug).scenario)
    best, other = comparison.ranking[:2]
    amounts = groups(comparison, [best, other])
    gap = {group: theirs - ours for group, (ours, theirs) in amounts.items()}
    assert sum(gap.values()) == pytest.approx(
        float(comparison[other].net_present_cost_usd - comparison[best].net_present_cost_usd), abs=0.01
    )
    largest = max(gap, key=gap.get)
    said = decided_by(comparison)
    assert said.startswith(f"{comparison[other].label} costs {usd(gap[largest])} more for {largest.lower()}")
    assert comparison[best].label in said
    told = [(1 if more == "more" else -1) * amounts_of(amount) for amount, more in
            re.findall(r"(\$[\d.,]+[kM]?) (more|less) for", said)]  # fmt: skip
    assert sum(told) == pytest.approx(sum(gap.values()), rel=0.04), "what is named adds up to the difference"
    for group in re.findall(r"(\S+), [\d.]+\s%\sof the cheapest, cost the same in both", said):
        assert abs(gap[group]) <= 0.03 * sum(gap.values()), "what decides is not called the same"


def test_the_tile_of_an_option_that_is_ruled_out_tells_every_rule_that_it_breaks():
    late = SCENARIO.vary({"rules.response_time_limit_s": 3.0, "options.open_api.rate_limit_tok_per_s": 100.0})
    parts = Visitor(to_link(document(Opened(late, DEFAULT)))).html.split('class="tile')
    (tile,) = [part for part in parts if 'data-option="open_api"' in part]
    assert "ruled out: an answer takes" in tile
    assert "Other rules broken: peak." in tile


def test_one_option_alone_is_decided_by_nothing():
    alone = SCENARIO.vary({}, options={"own": SCENARIO.options["open_api"]})
    assert decided_by(compare(alone)) == ""


def test_what_decides_is_said_anew_after_a_change():
    visitor = Visitor()
    said = decided_by(compare(visitor.scenario))
    assert said in visitor.texts("owning")[0]
    visitor.enter("lever:workload.requests_per_month", 6_000_000)
    assert (told := decided_by(compare(visitor.scenario))) != said
    assert told in visitor.texts("owning")[0]


@pytest.fixture(scope="module")
def billed() -> Opened:
    now = Opened(SCENARIO, DEFAULT)
    solved = solve(parse(EXAMPLE, "USD"), SCENARIO.workload.cached_input_frac)
    return taken(now, solved.today("a line"), date(2026, 11, 30))


def test_the_steps_from_the_bill_lead_to_every_option(billed):
    comparison = compare(billed.scenario)
    months = billed.scenario.finance.horizon_months
    for slug in comparison.ranking:
        first, *between, last = steps(billed, comparison, slug)
        assert (first.name, first.usd) == (BILL, billed.bill.billed_usd)
        assert last.usd == pytest.approx(float(comparison[slug].tco_usd) / months)
        assert first.usd + sum(step.usd for step in between) == pytest.approx(last.usd)
        figure = decision_charts.steps(first, between, last)["data"][0]
        assert figure["text"] == [usd(first.usd), *(signed_usd(step.usd) for step in between), usd(last.usd)]
        assert usd(last.usd) in steps_title((first, *between, last))


def test_without_a_bill_there_are_no_steps():
    assert steps(Opened(SCENARIO, DEFAULT), compare(SCENARIO), "open_api") == ()


def test_groups_of_cash_are_the_total_cost():
    for cost in compare(SCENARIO).costs.values():
        assert sum(cash_by_group(cost).values()) == pytest.approx(float(cost.tco_usd))


def test_one_that_runs_away_leaves_the_others_their_axis():
    comparison = compare(SCENARIO.vary({"options.own_servers.staff.infrastructure_engineer_fte": 60.0}))
    figure = charts.cumulative(comparison, ())
    top = figure["layout"]["yaxis"]["range"][1]
    highest = max(float(cost.net_present_cost_usd) for cost in comparison.costs.values())
    assert 0 < top < highest
    assert charts.cut_note(comparison).startswith("The axis is cut: Own servers to ")
    top = charts.cumulative(compare(SCENARIO), ())["layout"]["yaxis"]["range"][1]
    assert top > max(float(cost.net_present_cost_usd) for cost in compare(SCENARIO).costs.values())
    assert charts.cut_note(compare(SCENARIO)) == ""


@pytest.mark.parametrize("slug", presets())
def test_the_band_around_the_cheapest_ends_in_nine_tenths_of_its_draws(slug):
    analysis = Analysis(Opened(preset(slug).scenario, slug))
    low, high = analysis.band
    best, run = analysis.comparison.ranking[0], next(analysis.simulate(1024))
    ends = [quantile.value for quantile in run.cost_quantiles(best, (0.05, 0.95))]
    assert [low[-1], high[-1]] == pytest.approx(ends, rel=0.1)
    assert (low <= high).all()
    drawn = charts.cumulative(analysis.comparison, (), analysis.band)["data"]
    assert [trace["fill"] for trace in drawn if "fill" in trace] == ["none", "tonexty"]
    assert len(drawn[-1]["y"]) == len(drawn[0]["y"])


def test_one_option_alone_has_no_band():
    assert Analysis(Opened(SCENARIO.vary({}, options={"own": SCENARIO.options["open_api"]}), DEFAULT)).band is None
