"""Requests spread over several providers: shares, coordination, and the cheapest mix that keeps two of them."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from costmodel.best_shares import cheapest_split
from costmodel.comparison import compare
from costmodel.errors import ScenarioError
from costmodel.lines import LINES
from tests.neutral import neutral_option, neutral_scenario
from tests.sentence import one_sentence
from tests.strategies import scenarios

MIX = "options.multi_cloud"
KINDS = ("token_api", "cloud_gpu", "on_prem", "multi_cloud")


def members(scenario, found):
    """(share of the requests, cost of the member alone) of each provider."""
    option = scenario.options["multi_cloud"]
    first = option.first_frac
    second = option.second_frac if option.third_option else 1 - first
    split = dict(zip(option.relies_on().values(), (first, second, 1 - first - second), strict=False))
    return [(share, found[slug]) for slug, share in split.items()]


@given(scenarios(KINDS), st.integers(0, 2))
def test_with_a_single_provider_a_mix_is_that_provider_to_the_cent(scenario, position):
    only = [(1.0, 0.0), (0.0, 1.0), (0.0, 0.0)][position]
    scenario = scenario.vary(dict(zip((f"{MIX}.first_frac", f"{MIX}.second_frac"), only, strict=True)))
    found = compare(scenario)
    _, alone = max(members(scenario, found), key=lambda member: member[0])
    mix = found["multi_cloud"]
    for name in mix.lines.keys() | alone.lines.keys():
        expected = alone.lines.get(name, np.zeros_like(alone.cash_usd))
        np.testing.assert_allclose(mix.lines.get(name, 0 * expected), expected, rtol=1e-12, atol=1e-9, err_msg=name)
    np.testing.assert_allclose(mix.net_present_cost_usd, alone.net_present_cost_usd, atol=0.005)
    for name, amount in alone.quantities.items():
        np.testing.assert_allclose(mix.quantities.get(name, amount), amount, rtol=1e-9, err_msg=name)


@given(scenarios(KINDS))
def test_every_request_is_served_once(scenario):
    found = compare(scenario)
    for name in ("input_tokens", "output_tokens"):
        expected = sum(share * cost.quantities[name] for share, cost in members(scenario, found))
        np.testing.assert_allclose(found["multi_cloud"].quantities[name], expected, rtol=1e-9)


def three(least_frac=0.2, third="c", overhead_frac=0.1, **workload):
    """Two APIs and GPUs on demand with fixed costs of their own."""
    prices = {"prices__input_usd_per_mtok": 3, "prices__output_usd_per_mtok": 9, "support_usd_per_month": 10}
    options = {
        "a": neutral_option("token_api", **prices, staff__ml_engineer_fte=1, launch__migration_usd=100),
        "b": neutral_option("token_api", **prices | {"prices__input_usd_per_mtok": 4}, staff__ml_engineer_fte=2),
        "c": neutral_option("cloud_gpu", on_demand_usd_per_gpu_hour=2, storage_gb=10, storage_usd_per_gb_month=1),
        "multi_cloud": neutral_option(
            "multi_cloud",
            first_option="a",
            second_option="b",
            third_option=third,
            first_frac=0.5,
            second_frac=0.3,
            least_frac=least_frac,
            overhead_frac=overhead_frac,
        ),
    }
    asked = {"requests_per_month": 1e6, "input_tokens_per_request": 1000, "output_tokens_per_request": 100} | workload
    scenario = neutral_scenario(options, **{f"workload__{name}": value for name, value in asked.items()})
    return scenario.vary({"people.ml_engineer_usd_per_year": 1200})


def test_a_worked_mix_of_two_apis():
    """A million requests of 1,000 tokens in and 100 out: 60 % at 3 and 9 USD per million, 40 % at 4 and 9."""
    scenario = three(third="").vary({f"{MIX}.first_frac": 0.6})
    mix = compare(scenario)["multi_cloud"].lines
    tokens_in, tokens_out = 0.6 * 1000 * 3 + 0.4 * 1000 * 4, 100 * 9
    np.testing.assert_allclose(mix["input_tokens"][1:], tokens_in)
    np.testing.assert_allclose(mix["output_tokens"][1:], tokens_out)
    np.testing.assert_allclose(mix["coordination"][1:], 0.1 * (tokens_in + tokens_out))
    np.testing.assert_allclose(mix["support"][1:], 10 + 10)
    np.testing.assert_allclose(mix["staff"][1:], 2 * 1200 / 12)  # of the larger team, not of three people
    assert mix["migration"][0] == 100


def test_coordination_is_charged_on_use_and_on_commitments_and_on_nothing_else():
    scenario = three(overhead_frac=0.25).vary({
        "options.c.billing": "reserved",
        "options.c.reserved_usd_per_gpu_hour": 1,
        "options.c.upfront_frac": 0.5,
        "options.c.term_months": 24,
    })  # fmt: skip
    lines = compare(scenario)["multi_cloud"].lines
    charged = [name for name, line in LINES.items() if line.usage or line.group in {"Tokens", "GPU rental"}]
    charged = [name for name in charged if name in lines and LINES[name].nature != "end_credit"]
    assert {"input_tokens", "commitment", "commitment_upfront"} <= set(charged)
    np.testing.assert_allclose(lines["coordination"], 0.25 * sum(lines[name] for name in charged))
    assert lines["unexpired_commitment"][-1] < 0


def test_many_shares_in_one_run_are_the_single_runs_and_absent_providers_cost_nothing():
    tried = [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (0.5, 0.5), (0.2, 0.3)]
    first, second = np.transpose(tried)[..., np.newaxis]
    many = compare(three().vary({f"{MIX}.first_frac": first, f"{MIX}.second_frac": second}))["multi_cloud"]
    for row, (one, two) in enumerate(tried):
        single = compare(three().vary({f"{MIX}.first_frac": one, f"{MIX}.second_frac": two}))["multi_cloud"]
        for name, amount in single.lines.items():
            got = np.broadcast_to(many.lines[name], (len(tried), 13))[row]
            np.testing.assert_allclose(got, amount, rtol=1e-12, atol=1e-12, err_msg=name)
    assert many.lines["storage"][:, 1].tolist() == [10, 0, 0, 0, 10]
    assert many.lines["support"][:, 1].tolist() == [0, 10, 10, 20, 20]
    assert (many.lines["coordination"][:, 1] > 0).tolist() == [False, False, False, True, True]


@pytest.mark.parametrize("least", [0, 0.1, 0.25, 0.5])
@pytest.mark.parametrize("third", ["", "c"])
def test_the_cheapest_mix_is_that_of_trying_one_after_another(least, third):
    scenario = three(least, third, requests_per_month=3e7)
    found = cheapest_split(scenario, "multi_cloud", steps=10)
    grid = sorted({*np.linspace(0, 1, 11).tolist(), least, 1 - least, 1 - 2 * least})
    by_hand = {}
    for one, two in product(grid, grid) if third else ((one, 1 - one) for one in grid):
        rest = max(1 - one - two, 0)
        if one + two > 1 + 1e-9 or sum(share >= max(least - 1e-9, 1e-9) for share in (one, two, rest)) < 2:
            continue
        scenario_now = scenario.vary({f"{MIX}.first_frac": one} | ({f"{MIX}.second_frac": two} if third else {}))
        by_hand[one, two] = compare(scenario_now)["multi_cloud"].net_present_cost_usd
    assert len(by_hand) == len(found.costs)
    np.testing.assert_allclose(found.costs.min(), min(by_hand.values()), rtol=1e-12)
    np.testing.assert_allclose(found.best[:2], min(by_hand, key=by_hand.get), atol=1e-9)
    assert found.shares.shape == (len(found.costs), 3 if third else 2)
    np.testing.assert_allclose(found.shares.sum(axis=-1), 1)
    assert np.sort(found.best)[-2] >= least - 1e-9
    assert np.sort(found.best)[-2] > 0


def test_the_cheapest_mix_of_two_apis_gives_the_dearer_one_the_least_share():
    found = cheapest_split(three(0.15, third=""), "multi_cloud")
    np.testing.assert_allclose(found.best, [0.85, 0.15])


def test_an_option_that_divides_nothing_has_no_split():
    assert cheapest_split(three(), "a") is None


REFUSED = {
    "shares of more than one": {"first_frac": 0.8},
    "shares of more than one in one of many runs": {"second_frac": np.array([[0.1], [0.6]])},
    "shares of more than one in a heat map": {
        "first_frac": np.array([[[0.1]], [[0.7]]]),
        "second_frac": np.array([[[0.2], [0.5]]]),
    },
    "a share below zero": {"first_frac": -0.1},
    "one provider twice": {"second_option": "a"},
    "itself": {"third_option": "multi_cloud"},
    "nobody": {"first_option": ""},
    "another mix": {"third_option": "other"},
}


@pytest.mark.parametrize("rule", REFUSED)
def test_a_mix_that_cannot_be_is_refused_in_one_sentence(rule):
    scenario = three()
    other = neutral_option("multi_cloud", first_option="a", second_option="b")
    scenario = scenario.vary({}, options={**scenario.options, "other": other})
    with pytest.raises(ScenarioError) as caught:
        scenario.vary({f"{MIX}.{field}": value for field, value in REFUSED[rule].items()})
    assert one_sentence(str(caught.value)).startswith(f"{MIX}.")


def test_without_a_third_provider_the_second_serves_the_rest_whatever_its_share_says():
    scenario = three(third="").vary({f"{MIX}.first_frac": 0.9, f"{MIX}.second_frac": 0.7})
    same = three(third="").vary({f"{MIX}.first_frac": 0.9, f"{MIX}.second_frac": 0.1})
    assert compare(scenario)["multi_cloud"].tco_usd == compare(same)["multi_cloud"].tco_usd
