"""SGLang `bench_serving`: JSON lines, one for each run, with the server's own arguments in `server_info`."""

from collections.abc import Mapping
from typing import Any

from benchmarks.documents import Document
from benchmarks.fields import at, entries, first, integer, name, number, product
from benchmarks.measurement import Load, Measurement
from benchmarks.readers.vllm import asked_rate, from_totals, speculation

FORMAT = "sglang bench_serving"
SIGNS = {"backend", "dataset_name", "duration", "completed", "total_output_tokens"}
SHARED = {"generated-shared-prefix", "gsp", "mooncake"}  # data whose prompts begin alike


def read(document: Document) -> list[Measurement]:
    """Every run of the file."""
    return [_run(document.name, run) for run in document.objects]


def _run(file: str, run: Mapping[str, Any]) -> Measurement:
    replayed = at(run, "request_rate") == "trace"
    in_flight, totals, servers = number(run, "concurrency"), from_totals(run), _servers(run)
    load = Load(
        rate_per_s=None if replayed else asked_rate(run),
        limit=number(run, "max_concurrency"),
        requests=totals["completed"],
        replayed=replayed,
    )
    return Measurement.under(
        load,
        in_flight,
        file=file,
        format=FORMAT,
        model=next((found for server in servers if (found := name(server, "model_path"))), None),
        gpus=_gpus(servers),
        concurrency=in_flight,
        tpot_ms_median=number(run, "median_tpot_ms"),
        ttft_ms_median=number(run, "median_ttft_ms"),
        latency_ms_median=number(run, "median_e2e_latency_ms"),
        cached_input_share=_cached(run),
        **totals | {"remarks": totals["remarks"] + _remarks(run)},
    )


def _servers(run: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The arguments of each server: one, or those that prefill and those that decode."""
    split = entries(run, "server_info", "prefill") + entries(run, "server_info", "decode")
    told = at(run, "server_info")
    return split or ([told] if isinstance(told, Mapping) else [])


def _gpus(servers: list[Mapping[str, Any]]) -> int | None:
    """Tensor x pipeline x data parallelism of each server; with data-parallel attention the last is in the first."""
    each = []
    for server in servers:
        tensor, *others = (first(server, (key,), ("server_args", key)) for key in ("tp_size", "pp_size", "dp_size"))
        if at(server, "enable_dp_attention") is True:
            others = others[:1]
        each.append(product(integer(tensor), *(integer(value) for value in others if value is not None)))
    return sum(each) if each and None not in each else None


def _cached(run: Mapping[str, Any]) -> float | None:
    prompt, cached = (
        number(run, "cache_report", "total_prompt_tokens"),
        number(run, "cache_report", "total_cached_tokens"),
    )
    return cached / prompt if prompt and cached is not None else None


def _remarks(run: Mapping[str, Any]) -> tuple[str, ...]:
    told = []
    if accepted := number(run, "accept_length"):
        told.append(speculation(accepted))
    if name(run, "dataset_name") in SHARED and _cached(run) is None:
        told.append("The prompts begin alike, and the file does not say how much came from a prefix cache.")
    return tuple(told)
