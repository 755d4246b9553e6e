"""What an option carries and what holds it back, in tables and sentences: identities, and what scaling it shows."""

import re

import numpy as np
import pytest

from costmodel.comparison import compare
from costmodel.memory import sequence_gb
from costmodel.replica import floor_ms
from costmodel.scenario import Scenario
from costmodel.settings import MONTH_NAMES
from costmodel.sizing import (
    concurrency,
    peak_tok_per_s,
    replica_tok_per_s,
    replicas_for_peak,
    servers_for_peak,
    time_per_token_ms,
)
from dashboard.sizing_charts import throughput
from pricing.assumptions import base_groups
from pricing.facts import OpenModel, ServingPoint, rows
from pricing.presets import preset, presets
from pricing.selectors import new_option
from pricing.throughput import smallest_replica
from reports.words import capacity, serving_facts
from reports.words.sizing import sized_options
from reports.words.text import compact
from reports.words.throughput_curve import curve_view, nearest_points

SIZED = [
    (slug, option) for slug in presets() for option in sized_options(compare(preset(slug).scenario))
]  # fmt: skip
VOLUME = "workload.requests_per_month"


def served(model: str, precision: str = "FP8", gpus: int = 8, **changes: float) -> Scenario:
    picked = {"server": "Lenovo SR680a V3, 8 x H200", "serving.model": model, "serving.precision": precision,
              "serving.gpus_per_replica": gpus}  # fmt: skip
    scenario = Scenario.build({**base_groups(), "options": {"own": new_option("on_prem", "Own", picked)}})
    return scenario.vary({path.replace("__", "."): value for path, value in changes.items()})


def own(scenario: Scenario):
    return compare(scenario)["own"]


@pytest.mark.parametrize(("slug", "option"), SIZED)
@pytest.mark.parametrize("measured", [0.0, 700.0])
def test_the_operating_point_lies_on_the_curve(slug, option, measured):
    scenario = preset(slug).scenario.vary({f"options.{option}.serving.measured_tok_per_s_per_gpu": measured})
    cost = compare(scenario)[option]
    view, gpus = curve_view(cost), cost.option.serving.gpus_per_replica
    at_once = float(concurrency(cost.task))
    for axis, told, worked_out in (
        (view.curve.time_per_token_ms, view.operating.time_per_token_ms, time_per_token_ms(cost.task)),
        (view.curve.tok_per_s_per_gpu, view.operating.tok_per_s_per_gpu, replica_tok_per_s(cost.task) / gpus),
    ):
        assert told == pytest.approx(float(worked_out))
        assert np.interp(at_once, view.curve.requests, axis) == pytest.approx(told, rel=1e-3)
        assert np.all(np.diff(axis) > 0), "more requests at once: more tokens a second, and slower ones"


def test_the_curve_has_every_published_point_of_the_nearest_lengths_and_none_of_others():
    scenario = served("gpt-oss 120B", "FP4", 2, workload__time_per_token_limit_ms=400.0)
    serving, view = scenario.options["own"].serving, curve_view(own(scenario))
    theirs = [r for r in rows(ServingPoint) if (r.model, r.precision, r.gpu) == (serving.model, "FP4", serving.gpu)]
    lengths = {(r.input_tokens, r.output_tokens) for r in theirs}
    for into, out in lengths:
        assert {(r.input_tokens, r.output_tokens) for r in nearest_points(serving, into * 1.1, out)} == {(into, out)}
    expected = [r for r in theirs if (r.input_tokens, r.output_tokens) == view.public_lengths]
    assert len(expected) > 10
    assert len(view.public) == len(expected)
    assert sum(here for _, here in view.public) == sum(r.gpus_per_replica == 2 for r in expected)
    assert nearest_points(served("Mixtral 8x7B").options["own"].serving, 1000, 1000) == []


def test_the_curve_is_dashed_beyond_what_was_measured_and_whole_below():
    cost = own(served("gpt-oss 120B", "FP4", 1))
    view = curve_view(cost)
    names = [trace["name"] for trace in throughput(view, "Own", "#000", 64, [])["data"]]
    assert names[:2] == ["Own", "Beyond the largest measured"]
    figure = throughput(view, "Own", "#000", 64, [])
    known, beyond = figure["data"][:2]
    assert known["customdata"][-1] <= 64 < beyond["customdata"][1]
    assert known["x"][-1] == beyond["x"][0], "one line"
    whole = [trace["name"] for trace in throughput(view, "Own", "#000", 1e9, [])["data"]]
    assert "Beyond the largest measured" not in whole
    nobody = throughput(view, "Own", "#000", 0, [])["data"]
    assert [(trace["name"], trace["line"]["dash"]) for trace in nobody[:1]] == [("Own", "dash")]
    assert "Beyond the largest measured" not in [trace["name"] for trace in nobody]


@pytest.mark.parametrize(("slug", "option"), SIZED)
def test_what_is_carried_follows_from_one_replica(slug, option):
    cost = compare(preset(slug).scenario)[option]
    serving, told = cost.option.serving, capacity.carried(cost)
    cells = {what: rest for what, *rest in told.rows}
    replicas = float(np.max(replicas_for_peak(cost.task)))
    fleet = float(cells["All that serve in the busiest month"][0].replace(",", "")) / serving.gpus_per_replica
    assert replicas - serving.spare_replicas <= fleet + 0.01, "no fewer than the peak needs"
    assert fleet <= float(np.max(servers_for_peak(cost.task))) * cost.option.gpus_per_server / serving.gpus_per_replica
    rate = float(replica_tok_per_s(cost.task)) * serving.utilization_ceiling_frac
    assert cells["One replica"][2] == compact(rate)
    assert cells["Asked for in its busiest hour"][2] == compact(float(np.max(peak_tok_per_s(cost.task))))
    # As many are in the system as come in a second times the seconds that each stays: output tokens times their time.
    seconds = float(time_per_token_ms(cost.task)) / 1000
    at_once = float(cells["One replica"][1].replace(",", ""))
    assert rate / serving.utilization_ceiling_frac * seconds == pytest.approx(at_once, rel=0.03)


def test_the_bound_that_holds_is_the_one_whose_loosening_helps():
    roomy = {"workload__input_tokens_per_request": 1000.0}
    limited = served("Llama 3.3 70B", gpus=4, workload__time_per_token_limit_ms=20.0, **roomy)
    full = served("Llama 3.3 70B", gpus=1, workload__time_per_token_limit_ms=500.0,
                  workload__input_tokens_per_request=20_000.0)  # fmt: skip
    for scenario, bound, helps, does_not in (
        (limited, "**The limit holds**", "workload.time_per_token_limit_ms", "options.own.serving.gpu_memory_gb"),
        (full, "**Memory holds**", "options.own.serving.gpu_memory_gb", "workload.time_per_token_limit_ms"),
    ):
        assert capacity.held_back(own(scenario))[0].startswith(bound)
        at_once = float(concurrency(own(scenario).task))
        assert concurrency(own(scenario.vary({helps: scenario[helps] * 1.05})).task) > at_once
        assert concurrency(own(scenario.vary({does_not: scenario[does_not] * 1.05})).task) == at_once
    shortest = float(floor_ms(full.options["own"].serving, 20_000, 300))
    told = capacity.held_back(own(full.vary({"workload.time_per_token_limit_ms": shortest})))[0]
    assert "is shorter than this replica keeps" in told


def test_what_a_token_waits_for_most_is_what_helps_most_when_it_is_faster():
    for scenario in (
        served("Llama 3.3 70B", gpus=4, workload__input_tokens_per_request=6000.0),
        served("Llama 3.3 70B", gpus=4, workload__input_tokens_per_request=50.0, workload__cached_input_frac=0.0),
    ):
        told = capacity.held_back(own(scenario))[1]
        resource = re.search(r"\*\*(\w+ ?\w*), for", told).group(1)
        gains = {
            name: float(replica_tok_per_s(own(scenario.vary({path: scenario[path] * 1.02})).task))
            for name, path in (
                ("compute", "options.own.serving.gpu_tflops"),
                ("memory bandwidth", "options.own.serving.gpu_bandwidth_gb_per_s"),
            )
        }
        assert max(gains, key=gains.get) == resource
        shares = [float(share) for share in re.findall(r"([\d.]+) %", told)]
        assert sum(shares) == pytest.approx(100, abs=3)


def test_another_gpu_per_replica_is_the_whole_option_worked_out_anew():
    scenario = served("Llama 3.3 70B", gpus=4)
    told = capacity.gpu_steps_table(compare(scenario), "own")
    assert [row[0] for row in told.rows] == ["2", "4 (today)", "8"], "3 and 5 do not fit a server of 8"
    for row in told.rows:
        gpus = int(row[0].split()[0])
        cost = own(scenario.vary({"options.own.serving.gpus_per_replica": gpus}))
        assert row[3] == compact(float(replica_tok_per_s(cost.task)) / gpus)
        assert row[1] == f"{float(concurrency(cost.task)):,.0f}"
    assert told.headline.startswith("8 GPUs instead of 4 per replica: ")


def test_every_number_of_gpus_that_breaks_a_rule_is_marked_that_of_today_too():
    scenario = served("Llama 3.3 70B", gpus=4).vary({"rules.response_time_limit_s": 0.5})
    told = [row[-1] for row in capacity.gpu_steps_table(compare(scenario), "own").rows]
    assert [cell.split(":")[0] for cell in told] == ["breaks a rule"] * 3
    assert told[1] == "breaks a rule"


@pytest.mark.parametrize("changes", [{}, {"standby": "server"}, {"standby": "site"}, {"spare_replicas": 3.0}])
@pytest.mark.parametrize("least", [0, 2])
def test_the_next_server_comes_where_the_page_says(changes, least):
    scenario = served("Llama 3.3 70B", gpus=4, workload__requests_per_month=2e7).vary(
        {"options.own.minimum_servers": least} | {f"options.own.serving.{k}": v for k, v in changes.items()}
    )
    told = capacity.jumps(own(scenario))
    now = float(np.max(servers_for_peak(own(scenario).task)))
    growth = re.search(r"grows by ([\d.]+) %|is ([\d.]+) times", told).groups()
    ratio = 1 + float(growth[0]) / 100 if growth[0] else float(growth[1])

    def servers(at: float) -> float:
        return float(np.max(servers_for_peak(own(scenario.vary({VOLUME: scenario[VOLUME] * at})).task)))

    assert servers(ratio - 0.01) == now
    assert servers(ratio + 0.01) > now
    monthly = np.maximum.accumulate(np.ravel(servers_for_peak(own(scenario).task))[1:])
    assert (
        f"{capacity.counted(monthly[-1], 'server')} from month {int(np.argmax(monthly == monthly[-1])) + 1} (" in told
    )


def test_what_is_rented_for_one_month_is_said_to_be_and_what_is_owned_stays():
    even = {f"workload__season__{month}_ratio": 1.0 for month in MONTH_NAMES}
    busy = {**even, "workload__requests_per_month": 2e7, "workload__growth_per_year": 0.0}
    busy["workload__season__july_ratio"] = 3.0
    bought = served("Llama 3.3 70B", gpus=4, **busy).vary({"finance.horizon_months": 12, "workload.start_month": 1})
    rented = new_option("cloud_gpu", "Rented", {
        "provider": "AWS", "instance": "p5.48xlarge", "serving.model": "Llama 3.3 70B", "serving.precision": "FP8",
        "serving.gpus_per_replica": 4})  # fmt: skip
    cost = compare(bought.vary({}, options={"own": rented}).vary({"options.own.billing": "always_on"}))["own"]
    monthly = np.ravel(servers_for_peak(cost.task))[1:]
    usual, most = (capacity.counted(amount, "instance") for amount in (monthly[0], monthly[6]))
    told = capacity.jumps(cost)
    year = int(bought.workload.start_year)
    assert told.startswith(f"{usual} from month 1 (January {year}), {most} in month 7 (July {year}) alone, "
                           f"{usual} from month 8 (August {year}).")  # fmt: skip
    assert "alone" not in capacity.jumps(own(bought))


MODELS = [row.name for row in rows(OpenModel)]


@pytest.mark.parametrize("model", MODELS)
def test_memory_adds_up_for_every_model(model):
    gpus = max(8, smallest_replica(model, "FP8", "H200 SXM 141GB", 4000))
    cost = own(served(model, gpus=gpus))
    serving, told = cost.option.serving, serving_facts.memory_table(cost)
    *parts, whole = [float(gb.replace(",", "")) for _, gb, _ in told.rows]
    assert whole == pytest.approx(serving.gpus_per_replica * serving.gpu_memory_gb)
    assert sum(parts) == pytest.approx(whole, abs=0.05 * len(parts) + 0.2)
    for tokens in (100.0, 5000.0, 120_000.0):
        by_kind = serving_facts.sequence_parts_gb(serving, tokens)
        assert sum(by_kind.values()) == pytest.approx(float(sequence_gb(serving, tokens)))


def test_a_constant_that_was_changed_is_the_readers_beside_the_fitted_one():
    serving = served("Llama 3.3 70B", gpus=4).options["own"].serving
    changed = serving.model_copy(update={"step_overhead_ms": 9.0})
    before, after = (serving_facts.constants_table(one).rows for one in (serving, changed))
    assert {row[2] for row in before} == {"fit"}
    assert len(before) == 7
    (row,) = (row for row in after if row not in before)
    assert row[1] == "9 ms"
    assert row[2].startswith("yours; fit ")
