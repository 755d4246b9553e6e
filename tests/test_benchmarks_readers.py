"""What each tool's file means: rate, lengths, medians, kind of load, in the shapes of today and of older versions."""

import json

import pytest
import yaml

from benchmarks import read
from tests import benchmark_files as files
from tests.benchmark_files import changed, del_, metric, text

POINT = {  # what every fixture measured, however its tool tells it
    "output_tokens_per_second": 1200,
    "requests_per_second": 30,
    "input_tokens_per_request": 300,
    "output_tokens_per_request": 40,
    "tpot_ms_median": 38,
    "ttft_ms_median": 80,
}
CLOSED = POINT | {"model": "org/model-7b", "basis": "closed_loop"}
CASES = {
    "vLLM": (text(files.vllm()), CLOSED | {"concurrency": 48, "gpus": None}),
    "SGLang": (text(files.sglang()), CLOSED | {"concurrency": 48, "gpus": 6}),
    "GuideLLM": (text(files.guidellm()), CLOSED | {"concurrency": 47, "gpus": None}),
    "GuideLLM, YAML": (yaml.safe_dump(files.guidellm()).encode(), CLOSED | {"concurrency": 47}),
    "GuideLLM, CSV": (files.GUIDELLM_CSV, CLOSED | {"concurrency": 47}),
    "GuideLLM, old CSV": (files.GUIDELLM_CSV_OLD, CLOSED | {"basis": "open_loop", "concurrency": None}),
    "AIPerf": (text(files.aiperf()), CLOSED | {"concurrency": 48, "gpus": None}),
    "AIPerf, CSV": (files.AIPERF_CSV, POINT | {"model": None, "basis": None, "concurrency": 47}),
    "GenAI-Perf": (text(files.genai()), CLOSED | {"concurrency": 48}),
    "GenAI-Perf, CSV": (files.GENAI_CSV, POINT | {"model": None, "basis": None}),
    "inference-perf": (text(files.stage()), CLOSED | {"model": None, "concurrency": 48, "cached_input_share": 0.25}),
    "benchmark report": (files.BENCHMARK_REPORT, POINT | {"basis": None}),
    "MLPerf log": (files.log_summary(), POINT | {"input_tokens_per_request": None, "basis": "slo"}),
    "MLPerf endpoints": (
        text(files.endpoints()),
        CLOSED | {"model": None, "input_tokens_per_request": None, "published_tokens_per_second": 1500},
    ),
}


def points(content: bytes, name: str = "result", **more) -> list[dict]:
    """The points of one file that is read without a refusal."""
    reading = read([(name, content)], **more)
    assert reading.refusals == ()
    return [point for file in reading.terms()["benchmarks"].values() for point in file["points"]]


def point(content: bytes, name: str = "result", **more) -> dict:
    (only,) = points(content, name, **more)
    return only


@pytest.mark.parametrize("case", CASES)
def test_a_file_of_each_tool_gives_the_same_point(case):
    content, wanted = CASES[case]
    found = point(content)
    assert {key: found.get(key) for key in wanted} == wanted


@pytest.mark.parametrize("case", CASES)
def test_texts_of_requests_are_nowhere_in_what_is_read(case):
    reading = read([("result", CASES[case][0])])
    assert files.SECRET not in repr(reading)
    assert files.SECRET not in json.dumps(reading.terms())


@pytest.mark.parametrize(
    ("changes", "basis", "concurrency"),
    [
        ({"max_concurrency": None}, "ceiling", None),
        ({"max_concurrency": 7000}, "ceiling", None),  # never reached
        ({"max_concurrency": 1}, "single_request", 1),
        ({"request_rate": 30.0, "max_concurrency": None}, "open_loop", None),
        ({"request_rate": 50.0, "max_concurrency": None}, "open_loop", None),  # behind, but nobody waits
        ({"request_rate": 50.0, "max_concurrency": None, "median_ttft_ms": 4000.0}, "ceiling", None),
        ({"request_rate": 50.0, "max_concurrency": 48, "mean_tpot_ms": 38.5}, "closed_loop", 48),
        ({"request_rate": 30.0, "max_concurrency": 200}, "open_loop", None),
        ({"request_rate": float("inf")}, "closed_loop", 48),
    ],
)
def test_the_kind_of_load_decides_the_basis(changes, basis, concurrency):
    found = point(text(files.vllm(**changes)))
    assert (found["basis"], found["concurrency"]) == (basis, concurrency)


@pytest.mark.parametrize(
    ("metadata", "gpus"),
    [
        ({"tensor_parallel_size": "8"}, 8),
        ({"tensor_parallel_size": 4, "pipeline_parallel_size": "2", "data_parallel_size": "2"}, 16),
        ({"tp": "2"}, 2),
        ({"gpus": "3", "tensor_parallel_size": "1"}, 3),
        ({"data_parallel_size": "2"}, None),  # how many GPUs each of the two has is not said
        ({"tensor_parallel_size": "four"}, None),
    ],
)
def test_vllm_knows_gpus_only_from_metadata(metadata, gpus):
    assert point(text(files.vllm(**metadata)))["gpus"] == gpus


def test_vllm_of_older_versions_counts_failures_by_what_is_missing():
    old = changed(files.vllm(num_prompts=6100), "failed", del_)
    found = point(text(old))
    assert found["failed"] == 100
    assert any("100 of 6,100 requests failed" in sentence for sentence in found["sentences"])


def test_vllm_appends_runs_to_one_file():
    reading = read([("all.json", text(files.vllm(), files.vllm(max_concurrency=96)))])
    assert [point.concurrency for point in reading.points] == [48, 96]
    assert reading.files[0].format == "vllm bench serve --append-result"
    assert len(read([("all.json", text(files.vllm()) + text(files.vllm()))]).points) == 2


def test_the_rate_is_tokens_over_the_whole_time_and_a_file_that_disagrees_is_told():
    assert "own rate is 203,500 tokens a second" in str(point(text(files.vllm(output_throughput=203_456.0))))
    found = point(text(files.vllm(output_throughput=2400.0)))
    assert found["output_tokens_per_second"] == 1200
    assert any("2,400 tokens a second" in sentence for sentence in found["sentences"])


@pytest.mark.parametrize(
    ("server", "gpus"),
    [
        ({"tp_size": 8, "dp_size": 8, "enable_dp_attention": True}, 8),
        ({"server_args": {"tp_size": 4}}, 4),
        ({"prefill": [{"tp_size": 2}], "decode": [{"tp_size": 4}, {"tp_size": 4}]}, 10),
        ({"model": "a server that is not SGLang's"}, None),
        (None, None),
    ],
)
def test_sglang_knows_gpus_from_the_server(server, gpus):
    assert point(text(files.sglang(server_info=server)))["gpus"] == gpus


def test_sglang_replays_a_trace_reports_its_cache_and_guesses_tokens():
    cache = {"total_prompt_tokens": 1000, "total_cached_tokens": 400}
    found = point(text(files.sglang(request_rate="trace", cache_report=cache, accept_length=2.5)))
    assert (found["basis"], found["cached_input_share"]) == ("open_loop", 0.4)
    assert any(sentence.startswith("Speculative decoding was on, 2.5") for sentence in found["sentences"])


def test_a_sweep_of_guidellm_has_a_point_for_each_strategy():
    run = files.guidellm_run
    report = files.guidellm(
        run("synchronous", 25.0),
        run("throughput", 2000.0),
        changed(run("constant", 800.0), "config.strategy.rate", 20.0),
        run("trace", 800.0),
    )
    found = points(text(report))
    assert [one["basis"] for one in found] == ["single_request", "ceiling", "open_loop", "open_loop"]
    assert found[1]["output_tokens_per_second_with_unfinished"] == 2020


def test_guidellm_of_version_0_3_keeps_strategy_and_model_elsewhere():
    run = files.guidellm_run()
    old = changed(run, "config", del_) | {
        "args": {"strategy": {"type_": "concurrent", "streams": 48}},
        "worker": {"backend_model": "org/model-7b"},
        "request_totals": {"successful": 90, "errored": 10, "incomplete": 0, "total": 100},
    }
    found = point(text({"benchmarks": [changed(old, "metrics.request_totals", del_)]}))
    assert (found["model"], found["basis"], found["failed"]) == ("org/model-7b", "closed_loop", 10)


def test_guidellm_writes_yaml_with_aliases():
    run = files.guidellm_run()
    report = files.guidellm(run, changed(files.guidellm_run(), "config", run["config"]))
    content = yaml.safe_dump(report).encode()
    assert b"*id001" in content
    assert [one["model"] for one in points(content)] == ["org/model-7b"] * 2


@pytest.mark.parametrize(("unit", "value"), [("sec", 0.038), ("us", 38_000), ("ns", 38e6), ("ms", 38)])
def test_aiperf_says_the_unit_of_each_metric(unit, value):
    found = point(text(files.aiperf(inter_token_latency=metric(unit, value, value))))
    assert found["tpot_ms_median"] == pytest.approx(38)


def test_aiperf_takes_the_servers_count_where_the_clients_is_another():
    run = files.aiperf(total_usage_completion_tokens=metric("tokens", 300_000))
    found = point(text(run))
    assert (found["output_tokens_per_second"], found["output_tokens_per_request"]) == (1500, 50)
    assert any("server counted 300,000 output tokens" in sentence for sentence in found["sentences"])
    (curve,) = read([("a", text(run))], gpus=1).curves
    assert curve.anchor.fields()["measured_time_per_token_ms"] == pytest.approx(38 * 240 / 300)


def test_aiperf_with_a_rate_takes_the_concurrency_as_a_limit_only():
    run = changed(files.aiperf(effective_concurrency=metric("requests", 12.5)), "input_config.phases.1.type", "poisson")
    found = point(text(changed(run, "input_config.phases.1.rate", 30.0)))
    assert (found["basis"], found["concurrency"]) == ("open_loop", 12.5)


@pytest.mark.parametrize(
    "config",
    [
        {"endpoint": {"model_names": ["org/model-7b"]}, "loadgen": {"concurrency": 48}},  # AIPerf before its phases
        {"model": ["org/model-7b"], "concurrency": 48, "request_rate": None},  # GenAI-Perf before its sections
    ],
)
def test_older_places_of_model_and_concurrency(config):
    found = point(text(files.aiperf(input_config=config)))
    assert (found["model"], found["concurrency"], found["basis"]) == ("org/model-7b", 48, "closed_loop")


def test_the_first_version_of_aiperf_kept_its_metrics_under_records():
    run = files.aiperf()
    records = {key: value for key, value in run.items() if isinstance(value, dict) and "unit" in value}
    found = point(text({"records": records, "input_config": run["input_config"], "was_cancelled": False}))
    assert found["output_tokens_per_second"] == 1200


def test_aiperf_counts_the_gpus_it_saw_and_another_number_can_be_entered():
    seen = {"endpoints": {"a": {"gpus": {"0": {}, "1": {}}}, "b": {"gpus": {"0": {}}}}}
    content = text(files.aiperf(telemetry_data=seen))
    assert point(content)["gpus"] == 3
    assert any(sentence.startswith("3 GPUs were seen") for sentence in point(content)["sentences"])
    assert point(content, gpus=2)["gpus"] == 2


@pytest.mark.parametrize("key", ["was_cancelled", "is_complete"])
def test_a_run_that_aiperf_did_not_finish_is_no_anchor(key):
    (curve,) = read([("a", text(files.aiperf(**{key: key == "was_cancelled"})))], gpus=1).curves
    assert curve.anchor is None


def test_the_folder_of_a_table_tells_how_aiperf_sent():
    name = "org_model-openai-chat-concurrency48/profile_export_aiperf.csv"
    assert point(files.AIPERF_CSV, name)["basis"] == "closed_loop"


def test_inference_perf_of_older_versions_and_with_another_tokenizer():
    old = changed(changed(files.stage(), "successes.prompt_tokens", del_), "successes.prompt_len", {"mean": 300.0})
    old = changed(changed(old, "successes.output_tokens", del_), "load_summary.concurrency", del_)
    found = point(text(old))
    assert (found["input_tokens_per_request"], found["basis"]) == (300, "open_loop")
    other = changed(files.stage(), "successes.output_tokens", {"total": 300_000.0, "mean": 50.0})
    assert point(text(other))["output_tokens_per_second"] == 1500


def test_the_summary_of_inference_perf_mixes_stages_and_its_configuration_names_the_model():
    summary = files.stage(load_summary={"count": 6000})
    assert any("mixes all stages" in sentence for sentence in point(text(summary))["sentences"])
    config = b"load:\n  type: constant\nserver:\n  model_name: org/model-7b\n"
    reading = read([("stage_0_lifecycle_metrics.json", text(files.stage())), ("config.yaml", config)])
    assert [one.model for one in reading.points] == ["org/model-7b"]


def test_mlperf_takes_gpus_from_the_system_file_and_the_model_from_the_folders():
    log = (
        "closed/firm/results/box/llama3.1-8b/Interactive/performance/run_1/mlperf_log_summary.txt",
        files.log_summary(),
    )
    systems = [(f"closed/firm/systems/{name}.json", text(files.SYSTEM | more)) for name, more in
               (("box", {}), ("other", {"number_of_nodes": 1}))]  # fmt: skip
    reading = read([log, *systems])
    (found,) = reading.points
    assert (found.gpus, found.model) == (8, "llama3.1-8b")
    assert "450 ms to the first token and 40 ms per token" in found.basis_note
    assert read([("mlperf_log_summary.txt", log[1]), *systems]).points[0].gpus is None  # which of two is not known


def test_mlperf_offline_is_a_ceiling_and_an_invalid_run_is_no_anchor():
    assert point(files.log_summary("Offline", ""))["basis"] == "ceiling"
    assert point(files.log_summary("SingleStream"))["basis"] == "single_request"
    (curve,) = read([("a", files.log_summary(result="INVALID"))], gpus=1).curves
    assert curve.anchor is None


def test_mlperf_endpoints_divide_by_the_whole_run():
    found = point(text(files.endpoints(run_config={"load_pattern": {"type": "poisson", "target_qps": 30.0}})))
    assert (found["output_tokens_per_second"], found["published_tokens_per_second"]) == (1200, 1500)
    assert (found["basis"], found["concurrency"]) == ("open_loop", None)
    assert "published_tokens_per_second" not in point(text(files.endpoints(tps=1200.0)))


def test_the_checkers_table_keeps_closed_rows_in_tokens():
    offline, server = points(files.CHECKER_CSV)
    assert (offline["output_tokens_per_second_per_gpu"], offline["basis"]) == (1200, "ceiling")
    assert (server["output_tokens_per_second_per_gpu"], server["basis"]) == (900, "slo")
    assert "3,000 ms to the first token and 80 ms per token" in server["basis_note"]
