"""What somebody measured: given back exactly where the run is the workload's, and scaled by the machine elsewhere."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from costmodel.comparison import compare
from costmodel.scenario import Scenario
from costmodel.sizing import concurrency, replica_tok_per_s, speed_ratio, time_per_token_ms
from pricing.assumptions import base_groups
from pricing.selectors import new_option
from tests.neutral import generated

CHOICES = [
    ("Lenovo SR680a V3, 8 x H200", "gpt-oss 120B", "FP4", 1),
    ("Lenovo SR680a V3, 8 x H100", "Llama 3.3 70B", "FP8", 4),
    ("Lenovo SR680a V3, 8 x B200", "DeepSeek V3", "FP4", 8),
    ("Lenovo SR650a V4, 4 x L40S", "Llama 3.1 8B", "FP8", 1),
]


def served(choice, **changes):
    server, model, precision, gpus = choice
    picked = {
        "server": server,
        "serving.model": model,
        "serving.precision": precision,
        "serving.gpus_per_replica": gpus,
    }
    scenario = Scenario.build({**base_groups(), "options": {"own": new_option("on_prem", "Own", picked)}})
    return scenario.vary({path.replace("__", "."): value for path, value in changes.items()})


def task(scenario, **measured):
    changes = {f"options.own.serving.measured_{name}": value for name, value in measured.items()}
    return compare(scenario.vary(changes))["own"].task


def run_of_the_workload(scenario):
    """The run that sizing assumes."""
    workload, option = scenario.workload, scenario.options["own"]
    return {
        "gpus": option.serving.gpus_per_replica,
        "input_tokens": workload.input_tokens_per_request * option.token_ratio,
        "output_tokens": generated(workload, option) * option.token_ratio,
        "cached_frac": workload.cached_input_frac,
    }


@pytest.mark.parametrize("choice", CHOICES)
@given(rate=st.floats(0.5, 20_000), tokens=st.floats(100, 20_000), out=st.floats(20, 2000), limit=st.floats(5, 200))
def test_a_rate_measured_as_the_workload_runs_comes_back_exactly(choice, rate, tokens, out, limit):
    scenario = served(
        choice,
        workload__input_tokens_per_request=tokens,
        workload__output_tokens_per_request=out,
        workload__time_per_token_limit_ms=limit,
    )
    run = {**run_of_the_workload(scenario), "tok_per_s_per_gpu": rate}
    for known in ({}, {"time_per_token_ms": limit}):
        found = task(scenario, **run, **known)
        assert replica_tok_per_s(found) / choice[-1] == pytest.approx(rate, rel=1e-9)


@pytest.mark.parametrize("choice", CHOICES)
def test_entering_what_sizing_shows_changes_nothing(choice):
    scenario = served(choice)
    shown = task(scenario)
    run = {**run_of_the_workload(scenario), "tok_per_s_per_gpu": float(replica_tok_per_s(shown)) / choice[-1]}
    times = {"time_per_token_ms": float(time_per_token_ms(shown))}
    at_once = {"concurrency_requests": float(concurrency(shown))}
    for known in ({}, times, at_once, times | at_once):
        found = task(scenario, **run, **known)
        assert replica_tok_per_s(found) == pytest.approx(replica_tok_per_s(shown), rel=1e-6)
        assert time_per_token_ms(found) == pytest.approx(time_per_token_ms(shown), rel=0.02)


def test_a_slow_machine_stays_slow_at_other_lengths_and_limits():
    scenario = served(CHOICES[1])
    run = {**run_of_the_workload(scenario), "tok_per_s_per_gpu": 100.0}
    for change in ({"workload__input_tokens_per_request": 8000.0}, {"workload__time_per_token_limit_ms": 100.0}):
        here = {path.replace("__", "."): value for path, value in change.items()}
        assert replica_tok_per_s(task(scenario.vary(here), **run)) < replica_tok_per_s(task(scenario.vary(here)))
    assert speed_ratio(task(scenario, **run)) < 1


def test_many_runs_are_measured_one_by_one():
    scenario = served(CHOICES[0])
    rates = np.array([[0.0], [500.0], [2000.0]])
    together = replica_tok_per_s(task(scenario, **run_of_the_workload(scenario), tok_per_s_per_gpu=rates))
    alone = [
        replica_tok_per_s(task(scenario, **run_of_the_workload(scenario), tok_per_s_per_gpu=float(rate)))
        for rate in rates[:, 0]
    ]
    np.testing.assert_allclose(np.ravel(together), np.ravel(alone), rtol=1e-12)
