"""GuideLLM: `benchmarks.json`, the same as YAML, and CSV; one point for each strategy of a run, of versions 0.2 on."""

from collections.abc import Mapping
from typing import Any

from benchmarks.documents import Document, inner
from benchmarks.fields import at, entries, first, name, number
from benchmarks.measurement import Load, Measurement
from costmodel.units import MS_PER_S
from intake.errors import Refusal
from intake.fields import amount

FORMAT = "guidellm"
SIGNS = {"benchmarks"}
# A column of the CSV by its header rows; the second name is that of the one header row before version 0.4.
COLUMNS = {
    "output": (
        ("Token Throughput", "Successful Output Tokens/Sec", "Mean"),
        "Successful Output tokens per second mean",
    ),
    "unfinished": (("Token Throughput", "Incomplete Output Tokens/Sec", "Mean"), ""),
    "requests": (("Server Throughput", "Successful Requests/Sec", "Mean"), "Successful Requests per second mean"),
    "in_flight": (("Server Throughput", "Successful Concurrency", "Mean"), "Successful Request concurrency mean"),
    "input": (("Token Metrics", "Successful Input Tokens", "Mean"), "Successful Prompt token count mean"),
    "generated": (("Token Metrics", "Successful Output Tokens", "Mean"), "Successful Output token count mean"),
    "ttft": (("Time to First Token", "Successful ms", "Median"), "Successful Time to first token ms median"),
    "tpot": (("Inter Token Latency", "Successful ms", "Median"), "Successful Inter token latency ms median"),
    "latency": (("Request Latency", "Successful Sec", "Median"), "Successful Request latency median"),
    "successful": (("Request Counts", "Successful", ""), "Successful Requests"),
    "errored": (("Request Counts", "Errored", ""), "Errored Requests"),
    "duration": (("Timings", "Duration", "Sec"), "Duration"),
    "strategy": (("Benchmark", "Strategy", ""), "Name"),
    "backend": (("Run Info", "Backend", ""), "Worker"),
    "metadata": (("Runtime Info", "Metadata", ""), ""),
}


def recognised(rows: list[list[str]]) -> bool:
    """Whether the rows are such a table: its names are in one header row or in three."""
    return _columns(rows) is not None


def read(document: Document) -> list[Measurement]:
    """Every benchmark of the report."""
    if document.rows:
        return _table(document)
    points = []
    for report in document.objects:
        told = _told(at(report, "metadata"))
        points += [_benchmark(document.name, told, report, run) for run in entries(report, "benchmarks")]
    if not points:
        raise Refusal("holds no benchmark: its list of benchmarks is empty.")
    return points


def _told(metadata: Any) -> str:
    version, report = name(metadata, "guidellm_version"), number(metadata, "version")
    told = FORMAT + (f" {'.'.join(version.split('.')[:2])}" if version else "")
    return told + (f" (report version {report:.0f})" if report else "")


def _benchmark(file: str, told: str, report: Mapping[str, Any], run: Mapping[str, Any]) -> Measurement:
    strategy = first(run, ("config", "strategy"), ("args", "strategy"))
    counts = first(run, ("metrics", "request_totals"), ("request_totals",))
    ramp, warm = number(strategy, "rampup_duration") or 0, number(run, "warmup_duration") or 0

    def metric(key: str, what: str, status: str = "successful") -> float | None:
        return number(run, "metrics", key, status, what)

    kind, latency_s = name(strategy, "type_") or "", metric("request_latency", "median")
    return _point(
        _load(kind, number(strategy, "streams"), number(strategy, "rate"), number(strategy, "max_concurrency")),
        file=file,
        format=told,
        model=name(first(run, ("config", "backend"), ("config", "spec", "backend")), "model")
        or name(run, "worker", "backend_model")
        or name(report, "config", "spec", "backend", "model")
        or name(report, "args", "model"),
        output_tokens_per_second=metric("output_tokens_per_second", "mean"),
        output_tokens_per_second_with_unfinished=metric("output_tokens_per_second", "mean", "total"),
        requests_per_second=metric("requests_per_second", "mean"),
        concurrency=metric("request_concurrency", "mean"),
        input_tokens_per_request=metric("prompt_token_count", "mean"),
        output_tokens_per_request=metric("output_token_count", "mean"),
        ttft_ms_median=metric("time_to_first_token_ms", "median") or None,
        tpot_ms_median=metric("inter_token_latency_ms", "median") or None,
        latency_ms_median=latency_s * MS_PER_S if latency_s else None,
        completed=number(counts, "successful"),
        failed=number(counts, "errored"),
        duration_s=number(run, "duration"),
        invalid=("The rate was ramped up inside the measured time, so it is no steady load.",) if ramp > warm else (),
    )


def _load(kind: str, streams: float | None, rate: float | None, limit: float | None) -> Load | None:
    """How the strategy sends; the limit of `throughput` is the client's own, not one that the server is held to."""
    match kind:
        case "synchronous":
            return Load(limit=1)
        case "concurrent":
            return Load(limit=streams) if streams else None
        case "throughput":
            return Load()
        case "constant" | "poisson":
            return Load(rate_per_s=rate, limit=limit) if rate else None
        case "trace":
            return Load(replayed=True)
    return None


def _point(load: Load | None, **measured: Any) -> Measurement:
    if not measured["output_tokens_per_second"]:
        raise Refusal("holds a benchmark without output tokens a second: no request succeeded, or the file is cut.")
    return Measurement.under(load, measured["concurrency"], **measured)


def _columns(rows: list[list[str]]) -> tuple[dict[str, int], int] | None:
    """Where each column stands and how many header rows there are; None when this is no such table."""
    heads = list(zip(*rows[:3], strict=False)) if len(rows) >= 3 else []
    for headers, index, count in ((heads, 0, 3), (rows[0] if rows else [], 1, 1)):
        found = {key: list(headers).index(names[index]) for key, names in COLUMNS.items() if names[index] in headers}
        if "output" in found:
            return found, count
    return None


def _table(document: Document) -> list[Measurement]:
    columns, headers = _columns(document.rows)
    points = []
    for row in document.rows[headers:]:
        cells = {key: row[index] for key, index in columns.items() if index < len(row)}

        def cell(key: str, cells: dict[str, str] = cells) -> float | None:
            return amount(cells.get(key), key)

        kind, _, value = cells.get("strategy", "").partition("@")
        rate = amount(value, "strategy") if kind in ("constant", "poisson", "concurrent") else None
        requests, in_flight, output = cell("requests"), cell("in_flight"), cell("output")
        backend, latency_s = inner(cells.get("backend")), cell("latency")
        points.append(
            _point(
                _load(kind, rate or in_flight, rate or requests, None),
                file=document.name,
                format=f"{_told(inner(cells.get('metadata')))}, CSV",
                model=name(backend, "model") or name(backend, "backend_model"),
                output_tokens_per_second=output,
                output_tokens_per_second_with_unfinished=output and output + (cell("unfinished") or 0),
                requests_per_second=requests,
                concurrency=in_flight,
                input_tokens_per_request=cell("input"),
                output_tokens_per_request=cell("generated"),
                ttft_ms_median=cell("ttft") or None,
                tpot_ms_median=cell("tpot") or None,
                latency_ms_median=latency_s * MS_PER_S if latency_s else None,
                completed=cell("successful"),
                failed=cell("errored"),
                duration_s=cell("duration"),
            )
        )
    if not points:
        raise Refusal("holds no benchmark below its header rows.")
    return points
