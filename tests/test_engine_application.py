"""The application in front of a model: off it is nowhere, on it is alike in all options that bring none."""

import numpy as np
import pytest
from hypothesis import given

from costmodel.comparison import compare
from costmodel.demand import served_frac
from pricing.presets import preset, presets
from tests.neutral import neutral_option, neutral_scenario
from tests.strategies import scenarios

ON = "application.application_included"
LINES = ("application_build", "application_run", "application_use")
STANDALONE = ("token_api", "cloud_gpu", "seats")


def alike(**changes):
    """An application of 1,000 USD, 100 USD a month and 2 USD for 1,000 requests, with options of several kinds."""
    options = {kind: neutral_option(kind) for kind in STANDALONE}
    options["mix"] = neutral_option("multi_cloud", first_option="token_api", second_option="cloud_gpu", first_frac=0.4)
    options["edge"] = neutral_option("edge", fallback_option="token_api", edge_frac=0)
    application = {
        "application_included": True,
        "build_usd": 1000,
        "run_usd_per_month": 100,
        "use_usd_per_1000_requests": 2,
    }
    named = {f"application__{name}": value for name, value in application.items()}
    return neutral_scenario(options, workload__requests_per_month=1e4, **named).vary(changes)


def test_every_option_that_brings_none_pays_for_building_running_and_use():
    for slug, cost in compare(alike()).costs.items():
        build, run, use = (cost.lines[name] for name in LINES)
        np.testing.assert_array_equal(build, [1000, *12 * [0]], err_msg=slug)
        np.testing.assert_array_equal(run, [0, *12 * [100]], err_msg=slug)
        np.testing.assert_allclose(use, [0, *12 * [20]], err_msg=slug)
        assert cost.tco_usd == pytest.approx(1000 + 12 * 120), slug


def test_an_option_that_is_the_application_pays_for_none():
    found = compare(alike(**{"options.seats.brings_application": True}))
    assert found["seats"].tco_usd == 0
    assert found["token_api"].tco_usd > 0


def test_in_front_of_what_runs_today_it_is_built_already():
    found = compare(alike(**{"options.token_api.runs_today": True}))["token_api"]
    assert found.tco_usd == pytest.approx(12 * 120)


def test_running_it_rises_with_wages():
    raised = compare(alike(**{"people.wage_growth_per_year": 0.1, "finance.horizon_months": 24}))["token_api"]
    assert raised.lines["application_run"][13] == pytest.approx(110)


def test_in_a_mix_only_the_share_of_those_that_bring_none_passes_the_one_application():
    changes = {"options.mix.second_option": "seats", "options.seats.brings_application": True}
    mix = compare(alike(**changes, **{"options.mix.overhead_frac": 0.5}))["mix"]
    assert mix.lines["application_build"].sum() == 1000
    assert mix.lines["application_run"].sum() == 1200
    np.testing.assert_allclose(mix.lines["application_use"][1:], 0.4 * 20)
    np.testing.assert_array_equal(mix.lines["coordination"], 0, err_msg="no provider charges for it")


@given(scenarios(application__application_included=False))
def test_off_it_costs_nothing_whatever_its_figures(scenario):
    dearer = {"application.build_usd": 9e8, "application.run_usd_per_month": 9e7}
    before, after = compare(scenario), compare(scenario.vary(dearer))
    for slug, cost in before.costs.items():
        assert not set(LINES) & set(cost.lines)
        np.testing.assert_array_equal(after[slug].net_present_cost_usd, cost.net_present_cost_usd)


@pytest.mark.parametrize("slug", presets())
def test_no_preset_has_it_and_switched_on_it_moves_no_difference_between_plain_options(slug):
    scenario = preset(slug).scenario
    assert not scenario[ON]
    before, after = compare(scenario), compare(scenario.vary({ON: True, "application.use_usd_per_1000_requests": 0.0}))
    added = {name: after[name].tco_usd - cost.tco_usd for name, cost in before.costs.items()}
    assert max(added.values()) == pytest.approx(min(added.values()))
    assert min(added.values()) > 100_000


def test_use_is_paid_for_by_the_requests_that_an_option_serves():
    cost = compare(alike(**{"options.token_api.attempts_ratio": 1.5, "workload.environments_ratio": 1.2}))["token_api"]
    assert served_frac(cost.task) == 1
    np.testing.assert_allclose(cost.lines["application_use"][1:], 20 * 1.5 * 1.2)
