"""Smaller models: what pruning and precision do to memory and speed, and the versions that a page can offer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costmodel.comparison import compare
from costmodel.errors import ScenarioError
from costmodel.measured import measured_speed
from costmodel.memory import memory_left_gb, weights_gb
from costmodel.scenario import Scenario
from costmodel.sizing import replica_tok_per_s
from pricing import choices
from pricing.assumptions import base_groups
from pricing.compression import compression_variants, quality
from pricing.facts import Compression, rows
from pricing.selectors import new_option
from tests.neutral import neutral_option, neutral_scenario
from tests.strategies import scenarios

UNMEASURED = {"options__on_prem__serving__measured_tok_per_s_per_gpu": 0}
PRUNED, USABLE, RESERVE = (
    f"options.on_prem.serving.{name}" for name in ("pruned_frac", "usable_memory_frac", "memory_reserve_gb")
)


def asked(model="Llama 3.3 70B", precision="FP8", gpus=2, server="Lenovo SR680a V3, 8 x H100", **changes):
    """The default question, put to own servers with that model, at a volume that takes many of them."""
    groups = base_groups()
    picked = {
        "server": server,
        "serving.model": model,
        "serving.precision": precision,
        "serving.gpus_per_replica": gpus,
    }
    own = new_option("on_prem", "Own servers", picked)
    scenario = Scenario.build({**groups, "options": {"own": own}})
    return scenario.vary({"workload.requests_per_month": 5e7, **changes})


def variants(scenario):
    """The versions of the model that the own servers could serve, by label."""
    return {variant.label: variant for variant in compression_variants(scenario.options["own"], scenario.workload)}


# Pruning, as the engine sees it


@given(scenarios(("on_prem",), **UNMEASURED), st.floats(0, 0.5), st.floats(0, 0.5))
def test_pruning_frees_memory_and_never_makes_a_replica_slower(scenario, one, other):
    less, more = (compare(scenario.vary({PRUNED: pruned}))["on_prem"].task for pruned in sorted([one, other]))
    assert weights_gb(more.option.serving) <= weights_gb(less.option.serving)
    assert memory_left_gb(more.option.serving) >= memory_left_gb(less.option.serving)
    assert replica_tok_per_s(more) >= replica_tok_per_s(less) * (1 - 1e-12)


@given(
    scenarios(("on_prem",), **UNMEASURED), st.floats(0.5, 0.95), st.floats(0.5, 0.95), st.floats(0, 5), st.floats(0, 5)
)
def test_less_memory_for_requests_never_makes_a_replica_faster(scenario, one, other, reserve, other_reserve):
    usable, kept = sorted([one, other]), sorted([reserve, other_reserve], reverse=True)
    tight, roomy = (
        compare(scenario.vary({USABLE: share, RESERVE: gb}))["on_prem"].task
        for share, gb in zip(usable, kept, strict=True)
    )
    assert replica_tok_per_s(tight) <= replica_tok_per_s(roomy) * (1 + 1e-12)


def test_half_the_weights_take_half_the_memory():
    own = neutral_option("on_prem", serving__total_params_b=20, serving__active_params_b=20)
    scenario = neutral_scenario({"own": own}, workload__input_tokens_per_request=2000)
    whole, half = (compare(scenario.vary({"options.own.serving.pruned_frac": p}))["own"].task for p in (0, 0.5))
    assert weights_gb(half.option.serving) == weights_gb(whole.option.serving) / 2 == 10
    assert memory_left_gb(half.option.serving) == memory_left_gb(whole.option.serving) + 10


def test_a_model_bound_by_compute_runs_twice_as_fast_with_half_its_weights():
    fields = {"gpu_bandwidth_gb_per_s": 1e6, "step_overhead_ms": 0, "gpu_tflops": 10, "measured_tok_per_s_per_gpu": 0}
    roomy = {"gpu_memory_gb": 10_000, "kv_bytes_per_token": 100, "full_attention_layers": 0}
    own = neutral_option("on_prem", **{f"serving__{name}": value for name, value in (fields | roomy).items()})
    scenario = neutral_scenario({"own": own}, workload__requests_per_month=1e4)
    whole, half = (
        replica_tok_per_s(compare(scenario.vary({"options.own.serving.pruned_frac": p}))["own"].task) for p in (0, 0.5)
    )
    assert half / whole == pytest.approx(2, rel=0.01)


def test_a_model_that_fits_only_when_pruned_is_served_by_fewer_gpus():
    scenario = asked()
    with pytest.raises(ScenarioError, match="offer"):
        asked(**{"options.own.serving.gpus_per_replica": 1})
    small = {"options.own.serving.gpus_per_replica": 1, "options.own.serving.pruned_frac": 0.5}
    pruned = compare(scenario.vary(small))["own"].task
    whole = compare(scenario)["own"].task
    per_gpu = replica_tok_per_s(pruned) / (replica_tok_per_s(whole) / 2)
    assert 1 < per_gpu < 3  # half the weights: at most about twice the speed, and more requests at once


# Versions on offer


@pytest.mark.parametrize("model", ["Llama 3.3 70B", "gpt-oss 120B", "Qwen3 32B", "DeepSeek V3", "Llama 3.1 8B"])
@pytest.mark.parametrize("server", ["Lenovo SR680a V3, 8 x H200", "Lenovo SR680a V3, 8 x B200"])
def test_every_version_can_be_served_and_compared(model, server):
    scenario = asked(model, "FP8", gpus=8, server=server)
    found = compression_variants(scenario.options["own"], scenario.workload)
    assert found[0].changes == {}
    assert len({variant.label for variant in found}) == len(found) > 4
    for variant in found:
        assert compare(scenario.vary(variant.on("own")))["own"].net_present_cost_usd > 0
        now = scenario.options["own"]
        assert all(choices.value_at(now, path) != value for path, value in variant.changes.items()), variant.label
        assert variant.fact.note
        assert variant.fact.source


def test_the_versions_of_a_model_are_its_precisions_prunings_and_siblings():
    assert set(variants(asked())) == {
        "Llama 3.3 70B in FP8",
        "Llama 3.3 70B in FP16",
        "Llama 3.3 70B in INT4",
        "Llama 3.3 70B in FP8, 25 % pruned",
        "Llama 3.3 70B in FP8, 50 % pruned",
        "Llama 3.1 8B in FP8",
        "Llama 3.3 Nemotron Super 49B in FP8",
    }


def test_a_gpu_without_a_precision_is_not_offered_it():
    on_h100, on_b200 = variants(asked()), variants(asked(server="Lenovo SR680a V3, 8 x B200"))
    assert "Llama 3.3 70B in FP4" not in on_h100
    assert "Llama 3.3 70B in FP4" in on_b200
    assert "gpt-oss 20B in FP4" in variants(asked("gpt-oss 120B", "FP4", 1))  # measured there, if unpacked


def test_a_smaller_version_never_takes_more_gpus_for_the_same_work():
    scenario = asked()
    gpus = {
        label: compare(scenario.vary({**variant.on("own"), "options.own.attempts_ratio": 1.0}))["own"]
        .quantities["gpus"][-1]
        for label, variant in variants(scenario).items()
    }  # fmt: skip
    whole = gpus["Llama 3.3 70B in FP8"]
    assert whole >= gpus["Llama 3.3 70B in FP8, 25 % pruned"] >= gpus["Llama 3.3 70B in FP8, 50 % pruned"]
    assert gpus["Llama 3.1 8B in FP8"] < whole / 2
    assert gpus["Llama 3.3 70B in FP16"] > whole


MEASURED = {
    "options.own.serving.measured_tok_per_s_per_gpu": 700.0,
    "options.own.serving.measured_gpus": 2,
    "options.own.serving.measured_input_tokens": 3000.0,
    "options.own.serving.measured_output_tokens": 400.0,
}


def test_what_was_measured_of_one_version_speeds_the_others_up_or_down_alike():
    scenario = asked(**MEASURED)
    limit, today = scenario.workload.time_per_token_limit_ms, scenario.options["own"].serving
    for label, variant in variants(scenario).items():
        served = scenario.vary(variant.on("own")).options["own"].serving
        assert measured_speed(served, limit) == pytest.approx(measured_speed(today, limit), rel=0.02), label


def test_lower_quality_costs_attempts_and_never_fewer_than_one():
    scenario = asked(**{"options.own.attempts_ratio": 1.1})
    attempts = {
        label: scenario.vary(variant.on("own")).options["own"].attempts_ratio
        for label, variant in variants(scenario).items()
    }
    assert attempts["Llama 3.3 70B in FP16"] == 1.1
    assert attempts["Llama 3.3 70B in INT4"] == pytest.approx(1.1 * 1.02)
    assert attempts["Llama 3.3 70B in FP8, 50 % pruned"] == pytest.approx(1.1 * 1.08)
    back = variants(asked("gpt-oss 120B", "INT4", 1, server="Lenovo SR680a V3, 8 x H200"))
    assert all(variant.changes.get("attempts_ratio", 1) >= 1 for variant in back.values())


def test_what_the_reader_has_edited_stays_where_the_model_does():
    scenario = asked(**{"options.own.serving.step_overhead_ms": 1.25})
    pruned = scenario.vary(variants(scenario)["Llama 3.3 70B in FP8, 25 % pruned"].on("own"))
    assert pruned["options.own.serving.step_overhead_ms"] == 1.25


def test_an_option_without_a_model_of_its_own_has_no_versions():
    api = neutral_scenario({"api": neutral_option("token_api")})
    assert compression_variants(api.options["api"], api.workload) == []


def test_the_remarks_on_a_model_as_it_is_served():
    serving = asked().options["own"].serving
    assert [row.level for row in quality(serving)] == ["FP8"]
    assert [row.level for row in quality(serving.model_copy(update={"pruned_frac": 0.3}))] == ["FP8", "0.5"]


def test_less_of_a_model_is_never_said_to_be_better():
    for kind in ("pruning", "distillation"):
        levels = [(float(row.level), row.attempts_ratio) for row in rows(Compression) if row.kind == kind]
        ratios = [ratio for _, ratio in sorted(levels, reverse=kind == "distillation")]
        assert ratios == sorted(ratios)
