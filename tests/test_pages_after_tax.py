"""The section on the cost after tax: it says what the engine says, and its inputs change the scenario."""

import pytest

from costmodel.comparison import compare
from costmodel.scenario import Scenario, without_option
from pricing.documents import Opened, document, to_link
from pricing.presets import DEFAULT, preset, presets
from reports.words import after_tax
from reports.words.method import definitions
from reports.words.text import usd
from tests.visitor import Visitor

SCENARIO = preset(DEFAULT).scenario
RATE, SCHEDULE = "finance.tax_rate_frac", "finance.depreciation"


def visit(scenario: Scenario = SCENARIO, slug: str = DEFAULT) -> Visitor:
    return Visitor(to_link(document(Opened(scenario, slug)))).go("break_even")


def shown(visitor: Visitor) -> dict[str, list[str]]:
    """Option -> what the table says of it: before tax, tax shield, after tax, against the cheapest."""
    (table,) = (table for table in visitor.tables if tuple(table[0]) == after_tax.COLUMNS)
    return {option: cells for option, *cells in table[1:]}


@pytest.mark.parametrize("slug", presets())
def test_the_table_says_before_shield_and_after(slug):
    comparison = compare(preset(slug).scenario)
    table = shown(visit(preset(slug).scenario, slug))
    assert set(table) == {cost.label for cost in comparison.costs.values()}
    for cost in comparison.costs.values():
        before, after = cost.net_present_cost_usd, cost.after_tax_net_present_cost_usd
        assert table[cost.label][:3] == [usd(before), usd(before - after), usd(after)]


def test_the_cheapest_after_tax_stands_first_and_what_a_rule_excludes_last():
    comparison = compare(preset("automotive").scenario)
    order, after = list(after_tax.amounts(comparison)), after_tax.amounts(comparison)
    allowed = [slug for slug in order if slug in comparison.allowed]
    assert order[: len(allowed)] == allowed == sorted(allowed, key=lambda slug: after[slug][0])
    told = dict(zip(order, (row[-1] for row in after_tax.table(comparison, after).rows), strict=True))
    assert {slug for slug, against in told.items() if against == "ruled out"} == set(order) - set(allowed)


def test_the_headline_tells_both_amounts_where_tax_changes_nothing():
    comparison = compare(preset("batch").scenario)
    after, saved = after_tax.amounts(comparison)["own_servers"]
    assert after_tax.headline(comparison, after_tax.amounts(comparison)) == (
        f"Own servers: cheapest before and after tax; {usd(after)} after it, {usd(after + saved)} before it, "
        "in today's money"
    )


def test_rate_and_schedule_are_edited_beside_the_table():
    visitor = visit().enter(f"field:{RATE}", 40.0).enter(f"field:{SCHEDULE}", "macrs_5_year")
    assert visitor.scenario[RATE] == pytest.approx(0.4)
    assert visitor.scenario[SCHEDULE] == "macrs_5_year"
    for cost in compare(visitor.scenario).costs.values():
        assert shown(visitor)[cost.label][2] == usd(cost.after_tax_net_present_cost_usd)
    visitor.press("Undo").press("Undo")
    assert visitor.scenario[RATE] == SCENARIO[RATE]


def test_without_a_tax_nothing_is_saved():
    visitor = visit(SCENARIO.vary({RATE: 0.0}))
    assert {cells[1] for cells in shown(visitor).values()} == {usd(0)}
    assert any("At a tax rate of 0 %" in text for text in visitor.markdown)


def test_a_single_option_has_its_cost_after_tax_though_no_break_even():
    scenario = SCENARIO.vary(
        {f"options.{slug}.{field}": "" for slug, option in SCENARIO.options.items() for field in option.relies_on()}
    )
    for slug in list(SCENARIO.options)[1:]:
        scenario = without_option(scenario, slug)
    assert len(shown(visit(scenario))) == 1


def test_the_method_page_explains_the_figures_after_tax():
    told = {name for name, _, text in definitions()["Totals of an option"] if "tax" in text}
    assert any(name.startswith("Net present cost after tax") for name in told)
    assert "Taxes" in definitions()
