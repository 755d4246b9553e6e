"""MLPerf Inference: LoadGen's log summary, the endpoints' result summary, the checker's table and the system file."""

import re
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from benchmarks.documents import Document
from benchmarks.fields import at, first_number, integer, name, number, product
from benchmarks.measurement import Load, Measurement
from costmodel.numerals import numeral
from intake.errors import Refusal
from intake.fields import amount

LOG, ENDPOINTS, TABLE = (
    "mlperf inference loadgen summary",
    "mlperf endpoints result_summary (v6.1)",
    "mlperf submission checker summary",
)
HEADING = "MLPerf Results Summary"
ENDPOINT_SIGNS, SYSTEM_SIGNS = {"n_samples_completed", "duration_ns"}, {"accelerators_per_node", "number_of_nodes"}
COLUMNS = {"Organization", "Division", "Scenario", "Result", "Units"}
NS_PER_S, NS_PER_MS = 1e9, 1e6
# 99th percentile of the first token and of each token after it, ms: inference rules of round 6.1 (2026-08-20).
LIMITS_MS = {
    ("llama2-70b-99.9", "server"): (2000, 200),
    ("llama2-70b-99.9", "interactive"): (450, 40),
    ("llama3.1-8b", "server"): (2000, 100),
    ("llama3.1-8b", "interactive"): (500, 30),
    ("deepseek-r1", "server"): (2000, 80),
    ("deepseek-r1", "interactive"): (1500, 15),
    ("gpt-oss-120b", "server"): (3000, 80),
    ("gpt-oss-120b", "interactive"): (2000, 15),
}
BASES = {
    "offline": ("ceiling", "offline: everything sent at once, a ceiling"),
    "singlestream": ("single_request", "one request at a time"),
    "multistream": (None, "a few requests at a time: a latency, not a capacity"),
}
DISAGREE_FRAC = 0.02


def is_log(lines: list[str]) -> bool:
    """Whether the lines are a log summary."""
    return any(line.strip() == HEADING for line in lines[:10])


def is_table(rows: list[list[str]]) -> bool:
    """Whether the rows are the checker's summary."""
    return bool(rows) and {cell.strip() for cell in rows[0]} >= COLUMNS


def read_log(document: Document) -> list[Measurement]:
    """The one run of a log summary: rates and percentiles stand under their names, times in nanoseconds."""
    told: dict[str, str] = {}
    for line in document.lines:
        key, colon, value = line.partition(":")
        if colon:
            told.setdefault(re.sub(r"\s+", " ", key).strip().lower(), value.strip())
    scenario, mode = told.get("scenario", "").lower(), told.get("mode", "")
    rate, samples = (
        next(
            (amount(told[key], key) for key in (f"completed {what} per second", f"{what} per second") if key in told),
            None,
        )
        for what in ("tokens", "samples")
    )
    if mode and mode != "PerformanceOnly":
        raise Refusal(f"is of mode {mode:.40}: give the summary of the performance run.")
    if not scenario or "result is" not in told:
        raise Refusal("is cut off: a summary of LoadGen has a scenario and says whether the result is valid.")
    if not rate:
        raise Refusal(
            "gives samples and no tokens per second: it is no run of a language model, or tokens are inferred."
        )
    limits = tuple(
        (amount(told.get(f"{which} (ns)"), which) or 0) / NS_PER_MS for which in ("ttft_latency", "tpot_latency")
    )
    model, basis, note = None, *BASES.get(scenario, ("slo", _within(limits)))
    if found := re.search(r"([^/\\]+)[/\\](\w+)[/\\](?:performance[/\\])?(?:run_\d+[/\\])?[^/\\]+$", document.name):
        known = found[2].lower() in (*BASES, "server", "interactive")
        model = found[1] if known and found[1] not in ("..", ".") else None
    return [
        Measurement(
            file=document.name,
            format=LOG,
            model=model,
            output_tokens_per_second=rate,
            output_tokens_per_request=rate / samples if samples else None,
            tpot_ms_median=_ms(told, "50.00 percentile time to output token (ns)"),
            ttft_ms_median=_ms(told, "50.00 percentile first token latency (ns)"),
            basis=basis,
            basis_note=note,
            requests_per_second=samples,
            invalid=() if told["result is"] == "VALID" else ("LoadGen calls the result invalid.",),
        )
    ]


def read_endpoints(document: Document) -> list[Measurement]:
    """Runs of the newer kind, in nanoseconds. What is published may divide by a window that leaves out the tail."""
    return [_endpoint(document.name, run) for run in document.objects]


def _endpoint(file: str, run: Mapping[str, Any]) -> Measurement:
    duration = (number(run, "duration_ns") or 0) / NS_PER_S
    done, made = number(run, "n_samples_completed"), number(run, "output_sequence_lengths", "total")
    if not (duration and done and made):
        raise Refusal("has no completed samples, output tokens or duration: no request succeeded, or the file is cut.")
    pattern = at(run, "run_config", "load_pattern")
    asked, limit, kind = number(pattern, "target_qps"), number(pattern, "target_concurrency"), name(pattern, "type")
    load = {
        "poisson": Load(rate_per_s=asked),
        "concurrency": Load(limit=limit, requests=done),
        "max_throughput": Load(),
        "burst": Load(),
    }.get(kind or "")
    published, window = number(run, "tps"), number(run, "legacy_loadgen_window_duration_ns")
    remarks = ()
    if published and abs(published - made / duration) > DISAGREE_FRAC * published:
        remarks = (
            f"The published {numeral(published, ',.6g')} tokens a second divide by a window of "
            f"{numeral((window or 0) / NS_PER_S, ',.4g')} s without the tail; over the whole run of "
            f"{numeral(duration, ',.4g')} s it is {numeral(made / duration, ',.6g')}.",
        )
    return Measurement.under(
        load,
        file=file,
        format=ENDPOINTS,
        output_tokens_per_second=made / duration,
        output_tokens_per_request=made / done,
        tpot_ms_median=_ns(run, "tpot"),
        ttft_ms_median=_ns(run, "ttft"),
        requests_per_second=done / duration,
        completed=done,
        failed=number(run, "n_samples_failed"),
        duration_s=duration,
        latency_ms_median=_ns(run, "latency"),
        published_tokens_per_second=published if remarks else None,
        invalid=("The tool calls the run incomplete.",) if at(run, "complete") is False else (),
        remarks=remarks,
    )


def read_table(document: Document) -> list[Measurement]:
    """Rows of the closed division in tokens per second; power, inferred results and other models are left out."""
    heads = [cell.strip() for cell in document.rows[0]]
    rows = [dict(zip(heads, row, strict=False)) for row in document.rows[1:] if row]
    points = [
        _row(document.name, row)
        for row in rows
        if row.get("Division", "").strip().lower() == "closed"
        and row.get("Units", "").strip().lower() in ("tokens/s", "tokens/sec")
        and row.get("inferred", "0").strip().lower() not in ("1", "1.0", "true")
    ]
    if not points:
        raise Refusal("holds no row of the closed division in tokens per second.")
    return points


def _row(file: str, row: Mapping[str, str]) -> Measurement:
    scenario, rate = row.get("Scenario", "").strip(), amount(row.get("Result"), "Result")
    if not rate:
        raise Refusal(f"has a row of {row.get('SystemName', ''):.60} without a result.")
    model = name(row, "MlperfModel") or name(row, "Model")
    limits = LIMITS_MS.get((model or "", scenario.lower()), ()) if "6.1" in row.get("version", "") else ()
    basis, note = BASES.get(scenario.lower(), ("slo", _within(limits)))
    system = " ".join(filter(None, (name(row, "Organization"), name(row, "SystemName"))))
    return Measurement(
        file=file,
        format=TABLE,
        model=model,
        output_tokens_per_second=rate,
        gpus=integer(row.get("total_accelerators")) or gpus(row),
        basis=basis,
        basis_note=f"{note}; {system}",
    )


def gpus(system: Mapping[str, Any]) -> int | None:
    """Accelerators of a system: those of a node times its nodes."""
    return product(integer(at(system, "accelerators_per_node")), integer(at(system, "number_of_nodes")))


def belongs(system: Document, file: str) -> bool:
    """Whether a run's folders name the system that a file describes, as in a submission's results."""
    return PurePath(system.name).stem in PurePath(file).parts


def _within(limits: tuple[float, ...]) -> str:
    if not any(limits):
        return "served within the limits of the scenario at the 99th percentile"
    first_token, token = limits
    return (
        f"served within {numeral(first_token, ',.0f')} ms to the first token and {numeral(token, ',.0f')} ms per token "
        "at the 99th percentile"
    )


def _ms(told: Mapping[str, str], key: str) -> float | None:
    value = amount(told.get(key), key)
    return value / NS_PER_MS if value else None


def _ns(run: Mapping[str, Any], key: str) -> float | None:
    value = first_number(run, (key, "median"), (key, "percentiles", "50.0"), (key, "percentiles", "50"))
    return value / NS_PER_MS if value else None
