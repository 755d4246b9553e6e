"""Whatever the bounds admit gives finite figures, without a division by zero or an overflow on the way."""

from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from costmodel.errors import ScenarioError
from costmodel.fields import Number
from costmodel.scenario import numbers
from tests.neutral import compare, figures
from tests.strategies import batches, drawable, one_at_a_time, ordinary_scenario, scenarios

ROOMY = {  # beside which the ends of the other fields are not refused
    "finance.horizon_months": 240,
    "options.on_prem.serving.gpu_memory_gb": 10000,
    "options.cloud_gpu.serving.gpu_memory_gb": 10000,
    "options.on_prem.serving.gpus_per_replica": 4,
    "options.cloud_gpu.serving.gpus_per_replica": 4,
}
REFUSED = {  # one end of these breaks a rule: the model does not fit, a part exceeds the whole, servers come too late
    "serving.gpu_memory_gb",
    "serving.total_params_b",
    "serving.wide_params_b",
    "serving.kv_bytes_per_token",
    "serving.index_bytes_per_token",
    "serving.experts",
    "serving.experts_per_token",
    "horizon_months",
}
NUMBERS = numbers(ordinary_scenario())
REFUSABLE = [path for path in drawable(ordinary_scenario()) if path.split(".", 2)[-1] in REFUSED]
BATCHES = batches(set(drawable(ordinary_scenario())) - set(REFUSABLE))  # of fields that are never refused
BILLINGS, ACQUISITIONS = ("always_on", "autoscaled", "reserved"), ("buy", "lease")


def variants(scenario):
    """The scenario with each way to pay for GPUs and servers."""
    for billing, acquisition in zip(BILLINGS, (*ACQUISITIONS, "buy"), strict=True):
        yield scenario.vary({
            "options.cloud_gpu.billing": billing,
            "options.on_prem.acquisition": acquisition,
            "options.on_prem.bridge_option": "token_api",
        })  # fmt: skip


def assert_finite(scenario, known=None):
    """Every figure of the scenario, or those that are not taken from the comparison it was varied from."""
    with np.errstate(all="raise", under="ignore"):
        for name, value in figures(compare(scenario, known), known).items():
            assert np.all(np.isfinite(value)), name


@pytest.fixture(scope="module")
def roomy():
    """The comparison of each variant beside which the ends of most fields are not refused."""
    return [compare(scenario) for scenario in variants(ordinary_scenario().vary(ROOMY))]


def ends(number: Number) -> tuple[float, float]:
    return (number.low, number.high)


@pytest.mark.parametrize("paths", BATCHES.values(), ids=BATCHES)
def test_both_ends_of_fields_give_finite_figures(paths, roomy):
    for known in roomy:
        try:
            at_ends = one_at_a_time(known.scenario, {path: ends(NUMBERS[path]) for path in paths})
            assert_finite(known.scenario.vary(at_ends), known)
        except (FloatingPointError, AssertionError):  # of which field?
            for path in paths:
                with_both_ends(path, known)
            raise


@pytest.mark.parametrize("path", REFUSABLE)
def test_both_ends_of_a_field_give_finite_figures_or_a_refusal(path, roomy):
    for known in roomy:
        with suppress(ScenarioError):
            with_both_ends(path, known)


def with_both_ends(path, known):
    assert_finite(known.scenario.vary({path: np.reshape(ends(NUMBERS[path]), (2, 1))}), known)


@pytest.mark.parametrize("path", sorted(set(NUMBERS) - set(drawable(ordinary_scenario()))))
def test_both_ends_of_a_contract_term_give_finite_figures(path, roomy):
    for known in roomy:
        for end in ends(NUMBERS[path]):
            try:
                changed = known.scenario.vary({path: end})
            except ScenarioError:
                assert path.split(".", 2)[-1] in REFUSED
                continue
            assert_finite(changed, known)


@given(st.data(), scenarios())
def test_any_corner_of_the_bounds_gives_finite_figures_or_one_refusal(data, scenario):
    known = numbers(scenario)
    corner = {
        path: ends(known[path])[data.draw(st.integers(0, 1), label=path)]
        for path in data.draw(st.lists(st.sampled_from(sorted(known)), min_size=1, max_size=12, unique=True))
    }
    try:
        changed = scenario.vary(corner)
    except ScenarioError:
        return
    assert_finite(changed)


def test_a_comparison_of_one_month_gives_finite_figures():
    scenario = ordinary_scenario().vary({"options.on_prem.lead_time_months": 0, "finance.horizon_months": 1})
    for variant in variants(scenario):
        assert_finite(variant)


def test_a_horizon_without_any_traffic_has_no_unit_cost_but_every_other_figure():
    scenario = ordinary_scenario().vary({
        "finance.horizon_months": 1,
        "workload.start_month": 1,
        "workload.season.january_ratio": 0,
        "options.on_prem.lead_time_months": 0,
    })  # fmt: skip
    with np.errstate(all="raise", under="ignore"):
        found = figures(compare(scenario))
    for name, value in found.items():
        assert np.all(np.isfinite(value)) or "levelized" in name, name
