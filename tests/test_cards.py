"""A card says of an option what the engine and the catalogues say of it."""

from datetime import date

import pytest

from costmodel.comparison import compare
from costmodel.scenario import with_option
from pricing.documents import Opened
from pricing.presets import DEFAULT, preset, presets
from reports.words.cards import card
from reports.words.finding import matching
from reports.words.text import percent, unit_price
from tests.strategies import ordinary_scenario

SCENARIO = preset(DEFAULT).scenario


def told(scenario, slug: str) -> str:
    return card(Opened(scenario, DEFAULT), compare(scenario), slug)


def test_owned_servers_say_model_servers_price_peak_and_measurement():
    line = told(SCENARIO, "own_servers")
    assert line.startswith(
        "gpt-oss 120B on 8 x H200 SXM 141GB, 1 server, $278k a server (January 2026), needs 2 of 8 GPUs at the peak, "
    )
    assert "measured in March 2026" in line


def test_a_rented_model_has_its_real_name_and_both_prices():
    line = told(SCENARIO, "open_api")
    assert line == "gpt-oss 120B from Together AI, $0.15 in, $0.60 out per million tokens (November 2026)"


def test_a_price_of_the_readers_own_is_said_to_be():
    path = "options.own_servers.server_price_usd"
    changed = SCENARIO.vary({path: 300_000.0})
    own = card(Opened(changed, DEFAULT, entered={path: date(2026, 11, 1)}), compare(changed), "own_servers")
    assert "$300k a server (yours)" in own


def test_more_traffic_needs_more():
    assert "2 servers" in told(SCENARIO.vary({"workload.requests_per_month": 9e6}), "own_servers")


@pytest.mark.parametrize("slug", presets())
def test_every_option_of_a_preset_has_a_card_without_gaps(slug):
    scenario = preset(slug).scenario
    for each in scenario.options:
        line = told(scenario, each)
        assert line
        assert not [gap for gap in (", ,", "nan", "1 servers") if gap in line]


def test_every_kind_has_a_card():
    scenario = SCENARIO.vary({}, options={**SCENARIO.options, **ordinary_scenario().options})
    assert all(told(scenario, slug) for slug in scenario.options)


def test_a_mix_names_its_parts():
    hybrid = {**dict(ordinary_scenario().options["hybrid"]), "base_option": "own_servers",
              "overflow_option": "open_api", "label": "Both"}  # fmt: skip
    scenario = with_option(SCENARIO, "both", hybrid)
    over = 1 - compare(scenario)["both"].quantities["base_frac"][-1]
    line = told(scenario, "both")
    assert line == (
        f"base: Own servers, overflow: gpt-oss 120B by API, {percent(over)} of the traffic overflows in the last month"
    )


@pytest.mark.parametrize(("usd", "said"), [(0.15, "$0.15"), (10, "$10.00"), (5.4, "$5.40"), (0.075, "$0.075"),
                                           (277_897.75, "$278k"), (0, "$0.00")])  # fmt: skip
def test_a_price_is_written_as_on_a_price_list(usd, said):
    assert unit_price(usd) == said


def test_what_is_looked_for_by_name_comes_first():
    found = matching(SCENARIO, "discount rate", SCENARIO_PATHS)
    assert found[0] == "finance.discount_rate_per_year"
    assert matching(SCENARIO, "no such thing", SCENARIO_PATHS) == []


SCENARIO_PATHS = [f"finance.{name}" for name in type(SCENARIO.finance).model_fields] + [
    "workload.requests_per_month",
    "options.open_api.discount_frac",
]
