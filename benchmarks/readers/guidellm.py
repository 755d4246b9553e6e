"""GuideLLM: `benchmarks.json`, the same as YAML, and CSV; one point for each strategy of a run, of versions 0.2 on."""

from collections.abc import Mapping
from typing import Any

from benchmarks.documents import Document, inner
from benchmarks.fields import at, entries, first, name, number
from benchmarks.measurement import Load, Measurement
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

    kind = name(strategy, "type_") or ""
    return _point(
        file=file,
        told=told,
        model=name(first(run, ("config", "backend"), ("config", "spec", "backend")), "model")
        or name(run, "worker", "backend_model")
        or name(report, "config", "spec", "backend", "model")
        or name(report, "args", "model"),
        load=_load(kind, number(strategy, "streams"), number(strategy, "rate"), number(strategy, "max_concurrency")),
        output=metric("output_tokens_per_second", "mean"),
        total=metric("output_tokens_per_second", "mean", "total"),
        requests=metric("requests_per_second", "mean"),
        in_flight=metric("request_concurrency", "mean"),
        lengths=(metric("prompt_token_count", "mean"), metric("output_token_count", "mean")),
        ttft=metric("time_to_first_token_ms", "median"),
        tpot=metric("inter_token_latency_ms", "median"),
        latency=metric("request_latency", "median"),
        counts=(number(counts, "successful"), number(counts, "errored")),
        duration=number(run, "duration"),
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


def _point(*, file, told, model, load, output, total, requests, in_flight, lengths, ttft, tpot, latency, counts,
           duration, invalid=()) -> Measurement:  # fmt: skip
    if not output:
        raise Refusal("holds a benchmark without output tokens a second: no request succeeded, or the file is cut.")
    basis, note = load.basis(requests, ttft, in_flight) if load else (None, Measurement.basis_note)
    return Measurement(
        file=file,
        format=told,
        model=model,
        output_tokens_per_second=output,
        input_tokens_per_request=lengths[0],
        output_tokens_per_request=lengths[1],
        concurrency=in_flight,
        tpot_ms_median=tpot or None,
        ttft_ms_median=ttft or None,
        basis=basis,
        basis_note=note,
        requests_per_second=requests,
        completed=counts[0],
        failed=counts[1],
        duration_s=duration,
        latency_ms_median=latency * 1e3 if latency else None,
        output_tokens_per_second_with_unfinished=total,
        invalid=invalid,
    )


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
        requests, in_flight, cut = cell("requests"), cell("in_flight"), cell("unfinished")
        backend = inner(cells.get("backend"))
        points.append(
            _point(
                file=document.name,
                told=f"{_told(inner(cells.get('metadata')))}, CSV",
                model=name(backend, "model") or name(backend, "backend_model"),
                load=_load(kind, rate or in_flight, rate or requests, None),
                output=cell("output"),
                total=cell("output") + cut if cell("output") and cut else cell("output"),
                requests=requests,
                in_flight=in_flight,
                lengths=(cell("input"), cell("generated")),
                ttft=cell("ttft"),
                tpot=cell("tpot"),
                latency=cell("latency"),
                counts=(cell("successful"), cell("errored")),
                duration=cell("duration"),
            )
        )
    if not points:
        raise Refusal("holds no benchmark below its header rows.")
    return points
