"""NVIDIA AIPerf and GenAI-Perf, which it replaced: one object for each metric with its unit, as JSON or as CSV."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from benchmarks.documents import Document
from benchmarks.fields import at, entries, first, in_ms, name, number
from benchmarks.measurement import Load, Measurement
from costmodel.numerals import numeral
from intake.errors import Refusal
from intake.fields import amount

AIPERF, GENAI = "nvidia aiperf", "nvidia genai-perf 0.0.16"
SIGN = "output_token_throughput"
RATES = {"tokens/sec", "tokens/s", "tok/s", "requests/sec", "requests/s", "per sec", "/sec", "/s"}
OWN_KEYS = {"schema_version", "aiperf_version", "records", "was_cancelled"}  # of AIPerf, of one version or another
DISAGREE_FRAC = 0.05  # between the client's and the server's count of tokens
NAME = re.compile(r"(?P<name>[^(]+?)\s*(?:\((?P<unit>[^)]*)\))?\s*$")
FOLDER = re.compile(r"-(?P<kind>concurrency|request_rate)(?P<value>\d+(?:\.\d+)?)(?=[/\\])")


def recognised(rows: list[list[str]]) -> bool:
    """Whether the rows are such a table."""
    return bool(rows) and rows[0][:2] in (["Metric", "avg"], ["Metric", "Value"])


def read(document: Document) -> list[Measurement]:
    """The one run of the file."""
    if document.rows:
        aiperf = "std" in document.rows[0] or rows_of(document.rows[0]) is None
        return [_run(document, f"{AIPERF if aiperf else GENAI}, CSV", _metrics(document.rows), {})]
    return [_object(document, run) for run in document.objects]


def rows_of(header: list[str]) -> list[str] | None:
    """The statistics of a header row; None when it has only values."""
    return header[1:] if header[1:2] == ["avg"] else None


def _object(document: Document, run: Mapping[str, Any]) -> Measurement:
    told = GENAI
    if OWN_KEYS & set(run):
        version, schema = name(run, "aiperf_version"), name(run, "schema_version")
        told = AIPERF + (f" {'.'.join(version.split('.')[:2])}" if version else "")
        told += f" (schema {schema})" if schema else ""
    records = at(run, "records")
    return _run(document, told, records if isinstance(records, Mapping) else run, run)


def _metrics(rows: list[list[str]]) -> dict[str, dict[str, Any]]:
    """The tables of the CSV in the shape of the JSON."""
    found, statistics = {}, None
    for row in rows:
        if row[:1] == ["Metric"]:
            statistics = rows_of(row) or ["avg"]
        elif row[:1] == ["Endpoint"] or not statistics:
            statistics = None
        elif row and (title := NAME.match(row[0])):
            cells = dict(zip(statistics, row[1:], strict=False))
            found[re.sub(r"\W+", "_", title["name"].strip().lower())] = {"unit": title["unit"], **cells}
    return found


def _run(document: Document, told: str, metrics: Mapping[str, Any], run: Mapping[str, Any]) -> Measurement:
    output, requests = _rate(metrics, SIGN), _rate(metrics, "request_throughput")
    count, lengths = _value(metrics, "request_count"), _lengths(metrics)
    if not output:
        raise Refusal("has no output_token_throughput: the run made no output tokens, or it was no text generation.")
    output, lengths, ratio, counted = _servers_count(metrics, output, lengths, count)
    ttft, in_flight = _time(metrics, "time_to_first_token"), _value(metrics, "effective_concurrency")
    point = Measurement.under(
        _load(run, count) or _load_of_folder(document.name),
        in_flight,
        file=document.name,
        format=told,
        model=_model(run),
        output_tokens_per_second=output,
        gpus_seen=_gpus(run),
        input_tokens_per_request=lengths[0],
        output_tokens_per_request=lengths[1],
        tpot_ms_median=_time(metrics, "inter_token_latency"),
        ttft_ms_median=ttft,
        requests_per_second=requests,
        completed=count,
        failed=_value(metrics, "error_request_count"),
        duration_s=_ms_to_s(_time(metrics, "benchmark_duration", "avg"))
        or (count / requests if count and requests else None),
        latency_ms_median=_time(metrics, "request_latency"),
        cached_input_share=_cached(metrics),
        tokens_per_counted_token=ratio,
        invalid=_invalid(run),
        remarks=counted + _reasoning(metrics, lengths[1]),
    )
    return point if point.concurrency else replace(point, concurrency=in_flight)


def _value(metrics: Mapping[str, Any], key: str, statistic: str = "avg") -> float | None:
    return amount(at(metrics, key, statistic), key)


def _rate(metrics: Mapping[str, Any], key: str) -> float | None:
    value, unit = _value(metrics, key), at(metrics, key, "unit")
    if value is not None and str(unit).strip().lower() not in RATES:
        raise Refusal(f"gives {key} in {unit!r:.40}, not per second.")
    return value


def _time(metrics: Mapping[str, Any], key: str, statistic: str = "p50") -> float | None:
    return in_ms(_value(metrics, key, statistic), at(metrics, key, "unit"), key) or None


def _ms_to_s(value: float | None) -> float | None:
    return None if value is None else value / 1e3


def _lengths(metrics: Mapping[str, Any]) -> tuple[float | None, float | None]:
    return _value(metrics, "input_sequence_length"), _value(metrics, "output_sequence_length")


def _servers_count(metrics, output, lengths, count):
    """Rate and lengths in the server's tokens where the client counted others, the ratio of the two, and a remark."""
    made, duration = (
        _value(metrics, "total_usage_completion_tokens"),
        _ms_to_s(_time(metrics, "benchmark_duration", "avg")),
    )
    counted = _value(metrics, "total_osl") or (lengths[1] * count if lengths[1] and count else None)
    if not (made and counted and duration):
        remark = (
            "Tokens were counted by the client: with another tokenizer than the model's the rate is off by that factor."
        )
        return output, lengths, 1.0, (remark,)
    if abs(made - counted) <= DISAGREE_FRAC * counted:
        return output, lengths, 1.0, ()
    taken = _value(metrics, "total_usage_prompt_tokens")
    servers = (taken / count if taken and count else lengths[0], made / count if count else lengths[1])
    remark = (
        f"The server counted {numeral(made, ',.0f')} output tokens and the client {numeral(counted, ',.0f')}: rate and "
        "lengths are the server's, the median time per token is the client's."
    )
    return made / duration, servers, made / counted, (remark,)


def _load(run: Mapping[str, Any], count: float | None) -> Load | None:
    """How requests were sent: AIPerf's measured phase, older ones' load generator, or GenAI-Perf's stimulus."""
    config = at(run, "input_config")
    phases = [p for p in entries(config, "phases") if name(p, "kind") != "warmup" and not at(p, "exclude_from_results")]
    for phase in [p for p in phases if "profiling" in (name(p, "kind"), name(p, "name"))] or phases:
        kind = name(phase, "type") or "concurrency"
        rate = number(phase, "rate") if kind != "concurrency" else None
        if rate is None and kind != "concurrency":
            return Load(replayed=True)
        return Load(rate_per_s=rate, limit=number(phase, "concurrency"), requests=number(phase, "requests") or count)
    for place in (("loadgen",), ("perf_analyzer", "stimulus"), ()):
        rate, limit = number(config, *place, "request_rate"), number(config, *place, "concurrency")
        if rate or limit:
            return Load(rate_per_s=rate or None, limit=limit, requests=count)
    return None


def _load_of_folder(file: str) -> Load | None:
    """How requests were sent by the tool's own name of its folder, as in `model-openai-chat-concurrency64`."""
    found = FOLDER.search(file)
    if not found:
        return None
    value = float(found["value"])
    return Load(limit=value) if found["kind"] == "concurrency" else Load(rate_per_s=value)


def _model(run: Mapping[str, Any]) -> str | None:
    config = at(run, "input_config")
    for model in entries(config, "models", "items"):
        return name(model, "name")
    named = first(config, ("endpoint", "model_names"), ("model_names",), ("model",))
    return name({"": named[0] if isinstance(named, list) and named else named}, "")


def _gpus(run: Mapping[str, Any]) -> int | None:
    """GPUs whose telemetry was recorded."""
    endpoints = at(run, "telemetry_data", "endpoints")
    seen = [at(endpoints, key, "gpus") for key in endpoints] if isinstance(endpoints, Mapping) else []
    return sum(len(gpus) for gpus in seen if isinstance(gpus, Mapping)) or None


def _cached(metrics: Mapping[str, Any]) -> float | None:
    share = _value(metrics, "overall_usage_prompt_cache_read_pct")
    if share is not None:
        return share / 100
    for statistic in ("sum", "avg"):  # the sum counts requests without such a field too
        read, prompt = (
            _value(metrics, key, statistic) for key in ("usage_prompt_cache_read_tokens", "usage_prompt_tokens")
        )
        if read is not None and prompt:
            return read / prompt
    return None


def _invalid(run: Mapping[str, Any]) -> tuple[str, ...]:
    told = []
    if at(run, "was_cancelled") is True:
        told.append("The run was cancelled.")
    if at(run, "is_complete") is False:
        told.append("The tool calls the run incomplete.")
    return tuple(told)


def _reasoning(metrics: Mapping[str, Any], length: float | None) -> tuple[str, ...]:
    thought = _value(metrics, "reasoning_token_count")
    if not (thought and length):
        return ()
    return (f"{numeral(thought, ',.4g')} of {numeral(length, ',.4g')} output tokens are reasoning.",)
