"""The FOCUS-shaped forecast, linted by focus-data-toolkit against the FOCUS 1.4 data model."""

import csv
import io
from datetime import date

import numpy as np
import pytest
from focus_data_toolkit.model import lint_focus_1_4_structure
from focus_data_toolkit.model.validator import check_column_value
from focus_data_toolkit.schema import registry
from hypothesis import given, settings

from costmodel.comparison import compare
from costmodel.errors import ScenarioError
from costmodel.lines import LINES
from pricing.currency import currency
from pricing.presets import preset, presets
from reports.files.focus import VERSIONS, focus
from reports.files.focus_charges import EXCEPTIONS, GROUPS, MEASURES, charge
from reports.files.tables import booked, paid
from tests.focus_validator import failures
from tests.strategies import scenarios

ASSISTANT = preset("assistant").scenario.vary({
    "options.frontier_api.discount_frac": 0.1,
    "options.cloud_on_demand.spot_frac": 0.3,
    "options.cloud_committed.upfront_frac": 0.3,
    "options.own_servers.label": '=HYPERLINK("http://evil")',
})  # fmt: skip
DATASET = "Cost and Usage"
STRICT = ("SupportsMultiplePricingCategories", "SupportsUnitPricing")  # conditions that ask for more columns


def forecast(question, only: str = "", **wanted):
    """(comparison, rows) of the forecast of a scenario, all or those of one option."""
    comparison = compare(question)
    rows = csv.DictReader(io.StringIO(focus(comparison, **wanted).decode("utf-8")))
    return comparison, [row for row in rows if only in ("", row["x_OptionId"])]


@pytest.mark.parametrize("slug", presets())
def test_the_forecast_of_every_preset_passes_the_linter_under_its_strictest_conditions(slug):
    _, rows = forecast(preset(slug).scenario)
    report = lint_focus_1_4_structure(DATASET, rows, supported_conditions=STRICT)
    assert report.ok, report.messages()[:5]


def test_discounts_commitments_spot_another_currency_and_hostile_names_pass_it_too():
    _, rows = forecast(ASSISTANT, currency=currency("EUR", date(2026, 11, 20)), scenario="+1")
    report = lint_focus_1_4_structure(DATASET, rows, supported_conditions=STRICT)
    assert report.ok, report.messages()[:5]
    assert not any(cell.startswith(("=", "+")) for row in rows for cell in row.values())


@settings(max_examples=8)
@given(scenarios())
def test_random_scenarios_of_every_kind_of_option_pass_it(scenario):
    comparison, rows = forecast(scenario)
    report = lint_focus_1_4_structure(DATASET, rows, supported_conditions=STRICT)
    assert report.ok, report.messages()[:5]
    for slug, cost in comparison.costs.items():
        billed = sum(float(row["BilledCost"]) for row in rows if row["x_OptionId"] == slug)
        assert billed == pytest.approx(float(cost.tco_usd), rel=1e-9, abs=1e-6)


def test_the_1_2_names_are_those_of_that_version_with_all_that_are_mandatory():
    _, rows = forecast(ASSISTANT, version="1.2")
    names = {name for name in rows[0] if not name.startswith("x_")}
    assert names <= registry.version_columns(DATASET, "1.2")
    assert names >= registry.mandatory_columns(DATASET, "1.2")
    for row in rows[::50]:
        for name in names - {"ProviderName", "PublisherName"}:
            assert not row[name] or check_column_value(DATASET, name, row[name]) is None


@pytest.mark.parametrize("version", VERSIONS)
def test_billed_is_cash_and_effective_is_accrual_line_by_line_and_month_by_month(version):
    comparison, rows = forecast(ASSISTANT, version=version)
    for slug, cost in comparison.costs.items():
        for name in cost.line_totals():
            billed, effective = np.zeros(comparison.months.size), np.zeros(comparison.months.size)
            for row in rows:
                if (row["x_OptionId"], row["x_LineId"]) == (slug, name):
                    billed[int(row["x_Month"])] += float(row["BilledCost"])
                    effective[int(row["x_Month"])] += float(row["EffectiveCost"])
            np.testing.assert_allclose(billed, paid(cost, name), rtol=1e-12)
            np.testing.assert_allclose(effective, booked(cost, name), rtol=1e-12)


@pytest.mark.parametrize("version", VERSIONS)
def test_where_nothing_is_discounted_list_contracted_and_effective_cost_are_the_same_sum(version):
    """Hardware that is bought, leased or prepaid is listed once, whatever months it is billed and used in."""
    assistant = preset("assistant").scenario
    on_demand = assistant.options["cloud_committed"].on_demand_usd_per_gpu_hour
    plain = assistant.vary({
        "options.own_servers.acquisition": "lease",
        "options.cloud_committed.reserved_usd_per_gpu_hour": on_demand,
        "options.cloud_committed.upfront_frac": 0.3,
    })  # fmt: skip
    for scenario in (plain, plain.vary({"options.own_servers.acquisition": "buy"})):
        _, rows = forecast(scenario, version=version)
        for slug in scenario.options:
            own = [row for row in rows if row["x_OptionId"] == slug]
            effective = sum(float(row["EffectiveCost"]) for row in own)
            for column in ("ListCost", "ContractedCost"):
                assert sum(float(row[column]) for row in own) == pytest.approx(effective, rel=1e-9), (slug, column)


@pytest.mark.parametrize("version", VERSIONS)
@settings(max_examples=5)
@given(scenario=scenarios())
def test_what_the_validator_of_the_foundation_asks_of_every_row(version, scenario):
    """Its rules in short: no invoice, no effective cost of a purchase, one category of each service, usage counted."""
    names = {f"options.{slug}.label": "The same" for slug in scenario.options}
    names |= {"options.on_prem.server": "8 x H100", "options.cloud_gpu.instance": "8 x H100"}
    _, rows = forecast(scenario.vary(names), version=version)
    categories = {}
    for row in rows:
        assert row["InvoiceId"] == ""
        assert row["ChargeCategory"] != "Purchase" or float(row["EffectiveCost"]) == 0
        assert (row["ConsumedQuantity"] != "") == (row["ChargeCategory"] == "Usage")
        assert not (row["ChargeCategory"] == "Purchase" and row["ChargeFrequency"] == "Usage-Based")
        category = row["ServiceCategory"], row["ServiceSubcategory"]
        assert categories.setdefault(row["ServiceName"], category) == category


def test_a_report_of_the_validator_is_read_for_what_fails():
    """It ends with 0 whatever it finds, and counts one of two rules that exclude each other as failed."""
    passed, either = (
        "X ListCost-C-001-M: PASS",
        "X InvoiceId-C-005-C: FAIL  (violations=9, msg=InvoiceId MUST NOT be NULL., 1ms)",
    )
    bad = "X EffectiveCost-C-005-C: FAIL  (violations=383, msg=EffectiveCost MUST equal '0'., 13.5ms)"
    head = "Total: 578 | Pass: 136 | Fail: {} | Skipped: 441"
    assert failures("\n".join([head.format(1), passed, either])) == {}
    assert list(failures("\n".join([head.format(2), passed, either, bad]))) == ["EffectiveCost-C-005-C"]
    for text in ("", "Traceback", head.format(3) + "\n" + bad, head.replace("136", "0").format(0)):
        with pytest.raises(ValueError, match="no whole report"):
            failures(text)


def test_a_purchase_that_covers_later_use_is_billed_once_and_effective_as_it_is_used():
    _, rows = forecast(ASSISTANT)
    for line in ("servers", "commitment", "commitment_upfront"):
        own = [row for row in rows if row["x_LineId"] == line]
        assert {row["ChargeCategory"] for row in own} == {"Purchase", "Usage"}
        for row in own:
            unbilled = "EffectiveCost" if row["ChargeCategory"] == "Purchase" else "BilledCost"
            assert float(row[unbilled]) == 0
    used = [row for row in rows if row["x_LineId"] == "commitment" and row["ChargeCategory"] == "Usage"]
    assert {row["PricingCategory"] for row in used} == {"Committed"}


def test_list_cost_is_before_the_discount_and_contracted_cost_after_it():
    _, rows = forecast(ASSISTANT, "frontier_api")
    tokens = [row for row in rows if row["x_GroupName"] == "Tokens"]
    assert tokens
    for row in tokens:
        assert float(row["ContractedCost"]) == float(row["BilledCost"])
        assert float(row["ListCost"]) == pytest.approx(float(row["BilledCost"]) / 0.9)


def test_tokens_are_consumed_tokens_and_none_is_counted_twice():
    comparison, rows = forecast(ASSISTANT, "open_api")
    cost = comparison["open_api"]
    consumed: dict[str, float] = {}
    for row in rows:
        if row["ConsumedUnit"] == "Tokens":
            consumed[row["x_LineId"]] = consumed.get(row["x_LineId"], 0) + float(row["ConsumedQuantity"])
    assert consumed["output_tokens"] == pytest.approx(cost.quantities["output_tokens"].sum())
    in_parts = sum(consumed[line] for line in ("input_tokens", "cache_reads", "cache_writes"))
    assert in_parts == pytest.approx(cost.quantities["input_tokens"].sum())
    price = next(row for row in rows if row["x_LineId"] == "output_tokens")
    assert price["PricingUnit"] == "1000000 Tokens"
    assert float(price["ContractedUnitPrice"]) == pytest.approx(cost.option.prices.output_usd_per_mtok)


def test_every_row_says_that_it_is_a_forecast_and_of_which_scenario_option_and_line():
    _, rows = forecast(ASSISTANT, scenario="Budget 2027")
    assert {row["x_IsForecast"] for row in rows} == {"true"}
    assert {row["x_ScenarioName"] for row in rows} == {"Budget 2027"}
    assert {row["x_OptionId"] for row in rows} == set(ASSISTANT.options)
    assert {row["x_LineId"] for row in rows} <= set(LINES)
    assert {row["BillingAccountId"] for row in rows} == {f"forecast-{slug}" for slug in ASSISTANT.options}


def test_months_follow_each_other_in_the_calendar():
    _, rows = forecast(ASSISTANT, "open_api")
    first = next(row for row in rows if row["x_Month"] == "0")
    last = next(row for row in rows if row["x_Month"] == "60")
    assert first["BillingPeriodStart"] == "2026-12-01T00:00:00Z"
    assert first["BillingPeriodEnd"] == "2027-01-01T00:00:00Z"
    assert last["ChargePeriodEnd"] == "2032-01-01T00:00:00Z"


@pytest.mark.parametrize("name", LINES)
def test_every_cost_line_has_a_place_in_focus(name):
    assert name in EXCEPTIONS or LINES[name].group in GROUPS, "say in focus_charges what this line is to FOCUS"
    assert not charge(name).measure or charge(name).measure in MEASURES


def test_no_exception_is_for_a_line_that_is_gone():
    assert set(EXCEPTIONS) <= set(LINES)


def test_what_is_not_offered_is_refused_in_a_sentence():
    with pytest.raises(ScenarioError, match=r"'1\.0' is not offered; there are 1\.4 and 1\.2"):
        forecast(ASSISTANT, version="1.0")
