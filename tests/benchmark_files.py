"""Result files in the shapes of the tools, with numbers of our own: 30 requests/s x 40 tokens = 1,200 tokens/s."""

import json
from typing import Any

SECRET = "a text that nobody may read"


def text(*objects: dict[str, Any]) -> bytes:
    """Objects one after the other, as tools append them."""
    return b"\n".join(json.dumps(one).encode() for one in objects)


def changed(result: Any, path: str, value: Any) -> Any:
    """The result with another value at a dotted path; `del` takes the key away."""
    head, _, rest = path.partition(".")
    if isinstance(result, list):
        return [changed(entry, rest, value) if str(place) == head else entry for place, entry in enumerate(result)]
    if not rest and value is del_:
        return {key: entry for key, entry in result.items() if key != head}
    return {**result, head: changed(result.get(head, {}), rest, value) if rest else value}


class del_:
    """No value: the key goes."""


def vllm(**changes: Any) -> dict[str, Any]:
    """A closed loop at 48: 6,000 requests in 200 s."""
    return {
        "date": "20260901-080000",
        "backend": "vllm",
        "model_id": "org/model-7b",
        "num_prompts": 6000,
        "request_rate": "inf",
        "max_concurrency": 48,
        "duration": 200.0,
        "completed": 6000,
        "failed": 0,
        "total_input_tokens": 1_800_000,
        "total_output_tokens": 240_000,
        "request_throughput": 30.0,
        "output_throughput": 1200.0,
        "max_output_tokens_per_s": 2100.0,
        "mean_ttft_ms": 90.0,
        "median_ttft_ms": 80.0,
        "mean_tpot_ms": 39.0,
        "median_tpot_ms": 38.0,
        "mean_itl_ms": 60.0,
        "generated_texts": [SECRET, '"}{]['],
        "errors": [SECRET],
        **changes,
    }


def sglang(**changes: Any) -> dict[str, Any]:
    """A closed loop held at 60 with 48 in flight on average."""
    return {
        "tag": SECRET,
        "backend": "sglang",
        "dataset_name": "random",
        "request_rate": float("inf"),
        "max_concurrency": 60,
        "random_input_len": 600,
        "random_output_len": 80,
        "server_info": {"model_path": "org/model-7b", "tp_size": 2, "dp_size": 3, "pp_size": 1},
        "duration": 200.0,
        "completed": 6000,
        "total_input_tokens": 1_800_000,
        "total_output_tokens": 240_000,
        "total_output_tokens_retokenized": 239_000,
        "request_throughput": 30.0,
        "output_throughput": 1200.0,
        "median_e2e_latency_ms": 1600.0,
        "median_ttft_ms": 80.0,
        "median_tpot_ms": 38.0,
        "concurrency": 48.0,
        "accept_length": None,
        **changes,
    }


def summary(mean: float, median: float | None = None) -> dict[str, Any]:
    """A metric of GuideLLM for requests that succeeded, and a total a little above it."""
    told = {"mean": mean, "median": mean if median is None else median, "count": 9, "total_sum": 7e9}
    return {"successful": told, "incomplete": {"mean": 0.0}, "errored": {"mean": 0.0}, "total": {"mean": mean * 1.01}}


def guidellm_run(kind: str = "concurrent", rate: float = 1200.0, **strategy: Any) -> dict[str, Any]:
    """One benchmark of the report."""
    return {
        "config": {
            "strategy": {"type_": kind, **({"streams": 48} if kind == "concurrent" else {}), **strategy},
            "backend": {"kind": "openai_http", "model": "org/model-7b"},
        },
        "metrics": {
            "request_totals": {"successful": 6000, "errored": 0, "incomplete": 20, "total": 6020},
            "output_tokens_per_second": summary(rate, 3.0),
            "requests_per_second": summary(rate / 40),
            "request_concurrency": summary(47.0),
            "prompt_token_count": summary(300.0),
            "output_token_count": summary(40.0),
            "request_latency": summary(1.6),
            "time_to_first_token_ms": summary(85.0, 80.0),
            "inter_token_latency_ms": summary(39.0, 38.0),
            "time_per_output_token_ms": summary(41.0, 40.0),
        },
        "requests": {"successful": [{"request_args": SECRET, "output": SECRET}]},
        "duration": 200.0,
        "warmup_duration": 5.0,
    }


def guidellm(*runs: dict[str, Any]) -> dict[str, Any]:
    """A report of version 2."""
    runs = runs or (guidellm_run(),)
    return {"metadata": {"version": 2, "guidellm_version": "0.8.1"}, "config": {}, "benchmarks": list(runs)}


GUIDELLM_CSV = (
    b"Run Info,Benchmark,Timings,Request Counts,Request Counts,Request Latency,Time to First Token,"
    b"Time per Output Token,Inter Token Latency,Server Throughput,Server Throughput,Token Metrics,Token Metrics,"
    b"Token Throughput,Runtime Info\r\n"
    b"Backend,Strategy,Duration,Successful,Errored,Successful Sec,Successful ms,Successful ms,Successful ms,"
    b"Successful Requests/Sec,Successful Concurrency,Successful Input Tokens,Successful Output Tokens,"
    b"Successful Output Tokens/Sec,Metadata\r\n"
    b",,Sec,,,Median,Median,Median,Median,Mean,Mean,Mean,Mean,Mean,\r\n"
    b'"{""kind"": ""openai_http"", ""model"": ""org/model-7b""}",concurrent@48,200.0,6000,0,1.6,80.0,40.0,38.0,30.0,'
    b'47.0,300.0,40.0,1200.0,"{""version"": 2, ""guidellm_version"": ""0.8.1""}"\r\n'
)
GUIDELLM_CSV_OLD = (
    b"Type,Name,Duration,Successful Requests,Errored Requests,Successful Requests per second mean,"
    b"Successful Prompt token count mean,Successful Output token count mean,Successful Output tokens per second mean,"
    b"Successful Output tokens per second median,Successful Inter token latency ms median,"
    b"Successful Time to first token ms median,Worker\n"
    b"generative_benchmark,constant@30.00,200.0,6000,0,30.0,300.0,40.0,1200.0,3.0,38.0,80.0,"
    b'"{""backend_model"": ""org/model-7b""}"\n'
)


def metric(unit: str, avg: float, p50: float | None = None, **more: float) -> dict[str, Any]:
    """A metric of AIPerf."""
    return {"unit": unit, "avg": avg, **({} if p50 is None else {"p50": p50}), **more}


def aiperf(**changes: Any) -> dict[str, Any]:
    """A warm-up at 4 and a closed loop at 48, tokens counted alike by client and server."""
    return {
        "schema_version": "1.4",
        "aiperf_version": "0.13.0",
        "request_throughput": metric("requests/sec", 30.0),
        "request_latency": metric("ms", 1700.0, 1600.0),
        "request_count": metric("requests", 6000),
        "time_to_first_token": metric("ms", 90.0, 80.0),
        "inter_token_latency": metric("ms", 39.0, 38.0),
        "output_token_throughput": metric("tokens/sec", 1200.0),
        "output_sequence_length": metric("tokens", 40.0, 40.0),
        "input_sequence_length": metric("tokens", 300.0, 300.0),
        "benchmark_duration": metric("sec", 200.0),
        "total_osl": metric("tokens", 240_000),
        "total_usage_completion_tokens": metric("tokens", 240_000),
        "total_usage_prompt_tokens": metric("tokens", 1_800_000),
        "effective_concurrency": metric("requests", 47.0),
        "input_config": {
            "models": {"items": [{"name": "org/model-7b"}]},
            "phases": [
                {
                    "name": "warmup",
                    "kind": "warmup",
                    "type": "concurrency",
                    "exclude_from_results": True,
                    "concurrency": 4,
                },
                {"name": "profiling", "kind": "profiling", "type": "concurrency", "requests": 6000, "concurrency": 48},
            ],
        },
        "was_cancelled": False,
        "is_complete": True,
        **changes,
    }


AIPERF_CSV = (
    b"Metric,avg,min,max,sum,p1,p5,p10,p25,p50,p75,p90,p95,p99,std\n"
    b"Effective Concurrency,47.00,0.00,48.00,,,,,,48.00,,48.00,48.00,48.00,1.0\n"
    b"HTTP Duration (excl. conn) (ms),3.00,1,9,1,1,1,1,1,1,1,1,1,1,1\n"
    b"Input Sequence Length (tokens),300.00,300,300,,300,300,300,300,300.00,300,300,300,300,0\n"
    b"Inter Token Latency (ms),39.00,30,50,,30,30,30,30,38.00,40,40,40,40,1\n"
    b"Output Sequence Length (tokens),40.00,40,40,,40,40,40,40,40.00,40,40,40,40,0\n"
    b"Request Latency (ms),1700,1,2,,1,1,1,1,1600.00,1,1,1,1,1\n"
    b"Time to First Token (ms),90.00,70,99,,70,70,70,70,80.00,90,90,90,90,1\n"
    b"\n"
    b"Metric,Value\n"
    b"Benchmark Duration (sec),200.00\n"
    b"Output Token Throughput (tokens/sec),1200.00\n"
    b"Request Count,6000.00\n"
    b"Request Throughput (requests/sec),30.00\n"
    b"\n\n"
    b"Endpoint,GPU_Index,GPU_Name,GPU_UUID,Metric,avg\n"
    b"localhost:9400,0,Some GPU,GPU-1,Request Count,9.0\n"
)
GENAI_CSV = (
    b"Metric,avg,min,max,p99,p95,p90,p75,p50,p25,p10,p5,p1\n"
    b'Time To First Token (ms),"1,090.00",70,99,1,1,1,1,80.00,1,1,1,1\n'
    b"Inter Token Latency (ms),39.00,30,50,1,1,1,1,38.00,1,1,1,1\n"
    b"Request Latency (ms),1700,1,2,1,1,1,1,1600.00,1,1,1,1\n"
    b"Output Sequence Length (tokens),40.00,40,40,1,1,1,1,40.00,1,1,1,1\n"
    b"Input Sequence Length (tokens),300.00,300,300,1,1,1,1,300.00,1,1,1,1\n"
    b"\n"
    b"Metric,Value\n"
    b'Output Token Throughput (tokens/sec),"1,200.00"\n'
    b"Request Throughput (requests/sec),30.00\n"
    b'Request Count (count),"6,000.00"\n'
)


def genai(**changes: Any) -> dict[str, Any]:
    """The same run as GenAI-Perf tells it: no version, another place for model and concurrency."""
    own = {
        "schema_version",
        "aiperf_version",
        "was_cancelled",
        "is_complete",
        "effective_concurrency",
        "benchmark_duration",
    }
    run = {key: value for key, value in aiperf().items() if key not in own and "usage" not in key}
    config = {"model_names": ["org/model-7b"], "perf_analyzer": {"stimulus": {"concurrency": 48}}}
    return run | {"input_config": config} | changes


def stage(**changes: Any) -> dict[str, Any]:
    """A stage of inference-perf: a closed loop at 48, a quarter of the input from the cache."""
    return {
        "benchmark_time_seconds": 200.0,
        "load_summary": {"count": 6000, "requested_rate": 31.0, "achieved_rate": 31.0, "concurrency": 48},
        "successes": {
            "count": 6000,
            "latency": {
                "request_latency": {"mean": 1.7, "median": 1.6},
                "time_to_first_token": {"mean": 0.09, "median": 0.08},
                "time_per_output_token": {"mean": 0.039, "median": 0.038},
                "normalized_time_per_output_token": {"mean": 0.041, "median": 0.04},
            },
            "throughput": {"output_tokens_per_sec": 1200.0, "requests_per_sec": 30.0},
            "prompt_tokens": {"total": 1_800_000.0, "cached": 450_000.0, "mean": 300.0},
            "output_len": {"mean": 40.0},
            "output_tokens": {"total": 240_000.0, "mean": 40.0},
        },
        "failures": {"count": 0},
        **changes,
    }


BENCHMARK_REPORT = b"""version: '0.2.1'
run: {uid: stage-0}
results:
  request_performance:
    aggregate:
      requests: {total: 6000, failures: 0, input_length: {units: count, mean: 300.0},
        output_length: {units: count, mean: 40.0}}
      latency:
        time_to_first_token: {units: ms, mean: 90.0, p50: 80.0}
        time_per_output_token: {units: s/token, mean: 0.039, p50: 0.038}
        request_latency: {units: s, mean: 1.7, p50: 1.6}
      throughput:
        output_token_rate: {units: tokens/s, mean: 1200.0}
        request_rate: {units: queries/s, mean: 30.0}
"""


def log_summary(scenario: str = "Server", completed: str = "Completed ", result: str = "VALID") -> bytes:
    """LoadGen's summary; `completed` is empty for Offline."""
    name = f"{completed}tokens per second" if completed else "Tokens per second"
    return f"""================================================
MLPerf Results Summary
================================================
SUT name : PySUT
Scenario : {scenario}
Mode     : PerformanceOnly
{completed or ""}{"samples" if completed else "Samples"} per second: 30.00
{name}: 1200.00
Result is : {result}
  Min duration satisfied : Yes

Additional Stats
50.00 percentile first token latency (ns)   : 80000000
99.00 percentile first token latency (ns)   : 410000000
50.00 percentile time to output token (ns)   : 38000000

Test Parameters Used
ttft_latency (ns): 450000000
tpot_latency (ns): 40000000
""".encode()


def endpoints(**changes: Any) -> dict[str, Any]:
    """A run of MLPerf's newer kind whose published rate leaves out a tail of 40 s."""
    return {
        "n_samples_issued": 6000,
        "n_samples_completed": 6000,
        "n_samples_failed": 0,
        "duration_ns": 200e9,
        "complete": True,
        "ttft": {"median": 80e6, "percentiles": {"50.0": 80e6}},
        "tpot": {"median": 38e6},
        "latency": {"median": 1.6e9},
        "output_sequence_lengths": {"total": 240_000, "avg": 40.0, "median": 25.0},
        "legacy_loadgen_window_duration_ns": 160e9,
        "qps": 37.5,
        "tps": 1500.0,
        "run_config": {"load_pattern": {"type": "concurrency", "target_concurrency": 48}},
        **changes,
    }


SYSTEM = {
    "accelerators_per_node": "4",
    "number_of_nodes": 2,
    "accelerator_model_name": "Some GPU",
    "system_name": "box",
}
CHECKER_CSV = (
    b"Organization,Availability,Division,SystemName,Model,MlperfModel,Scenario,Result,Units,accelerators_per_node,"
    b"number_of_nodes,total_accelerators,inferred,version\n"
    b"Firm,available,closed,Box,m,gpt-oss-120b,Offline,9600.0,Tokens/s,8,1,8,0,v6.1\n"
    b"Firm,available,closed,Box,m,gpt-oss-120b,Server,7200.0,Tokens/s,4,2,,0,v6.1\n"
    b"Firm,available,closed,Box,m,gpt-oss-120b,Interactive,7200.0,Tokens/s,8,1,8,1,v6.1\n"
    b"Firm,available,closed,Box,m,gpt-oss-120b,Offline,5000.0,Watts,8,1,8,0,v6.1\n"
    b"Firm,available,open,Box,m,gpt-oss-120b,Offline,9999.0,Tokens/s,8,1,8,0,v6.1\n"
    b"Firm,available,closed,Box,resnet50,resnet50,Offline,100000.0,Samples/s,8,1,8,0,v6.1\n"
)
