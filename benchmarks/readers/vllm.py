"""vLLM `bench serve` and the older `benchmark_serving.py`: one object for each run, or several appended to one file."""

from collections.abc import Mapping
from typing import Any

from benchmarks.documents import Document
from benchmarks.fields import at, integer, name, number, product
from benchmarks.measurement import Load, Measurement
from costmodel.numerals import numeral
from intake.errors import Refusal
from intake.fields import amount

FORMAT = "vllm bench serve"
SIGNS = {"model_id", "duration", "completed", "total_output_tokens"}
# What users write with --metadata, the one place for GPUs: their number, or tensor x pipeline x data parallelism.
GPUS = ("gpus", "num_gpus", "n_gpus", "gpu_count", "number_of_gpus")
PARALLEL = (
    ("tensor_parallel_size", "tp_size", "tp"),
    ("pipeline_parallel_size", "pp_size", "pp"),
    ("data_parallel_size", "dp_size", "dp"),
)
RAMPS = ("ramp_up_strategy", "ramp_up_start_rps", "ramp_up_end_rps")
DISAGREE_FRAC = 0.02


def read(document: Document) -> list[Measurement]:
    """Every run of the file."""
    told = FORMAT + " --append-result" * (len(document.objects) > 1)
    return [_run(document.name, told, run) for run in document.objects]


def _run(file: str, told: str, run: Mapping[str, Any]) -> Measurement:
    totals, failed, asked = from_totals(run), number(run, "failed"), number(run, "num_prompts")
    if failed is None and asked is not None:
        failed = max(0, asked - (totals["completed"] or 0))
    ramped = any(at(run, key) is not None for key in RAMPS)
    return Measurement.under(
        Load(rate_per_s=asked_rate(run), limit=number(run, "max_concurrency"), requests=asked),
        _in_flight(run, totals),
        file=file,
        format=told,
        model=name(run, "model_id"),
        gpus=_gpus(run),
        tpot_ms_median=number(run, "median_tpot_ms"),
        ttft_ms_median=number(run, "median_ttft_ms"),
        failed=failed,
        latency_ms_median=number(run, "median_e2el_ms") or _latency_ms(run, "median", totals),
        invalid=("The rate was ramped up during the run, so no part of it is a steady load.",) if ramped else (),
        **totals | {"remarks": totals["remarks"] + _remarks(run)},
    )


def asked_rate(run: Mapping[str, Any]) -> float | None:
    """Requests a second that were asked for; None for infinity, as a text, as a bare word or left out."""
    value = at(run, "request_rate")
    return None if str(value).strip().lower() in ("inf", "infinity", "none") else amount(value, "request_rate")


def from_totals(run: Mapping[str, Any]) -> dict[str, Any]:
    """Rates and lengths from a run's totals and duration, or from its rates where a total is missing."""
    duration, completed = number(run, "duration"), number(run, "completed")
    made, told_rate = number(run, "total_output_tokens"), number(run, "output_throughput")
    if completed == 0:
        raise Refusal("holds a run in which no request succeeded: there is nothing to read.")
    rate = made / duration if made and duration else told_rate
    if not rate:
        raise Refusal(
            "holds a run without output tokens: no total_output_tokens, duration or output_throughput above 0."
        )
    remarks = ()
    if told_rate and abs(rate - told_rate) > DISAGREE_FRAC * rate:
        remarks = (
            f"The file's own rate is {numeral(told_rate, ',.4g')} tokens a second; its totals over its duration "
            f"give {numeral(rate, ',.4g')}.",
        )
    taken = number(run, "total_input_tokens")
    return {
        "output_tokens_per_second": rate,
        "requests_per_second": number(run, "request_throughput")
        or (completed / duration if completed and duration else None),
        "input_tokens_per_request": taken / completed if taken is not None and completed else None,
        "output_tokens_per_request": made / completed if made and completed else None,
        "completed": completed,
        "duration_s": duration,
        "remarks": remarks,
    }


def _latency_ms(run: Mapping[str, Any], which: str, totals: Mapping[str, Any]) -> float | None:
    """A request's latency from its parts."""
    first, each = number(run, f"{which}_ttft_ms"), number(run, f"{which}_tpot_ms")
    length = totals["output_tokens_per_request"]
    return None if None in (first, each, length) else first + each * max(0, length - 1)


def _in_flight(run: Mapping[str, Any], totals: Mapping[str, Any]) -> float | None:
    """Requests at once on average, by Little's law."""
    latency_ms = number(run, "mean_e2el_ms") or _latency_ms(run, "mean", totals)
    rate = totals["requests_per_second"]
    return latency_ms / 1e3 * rate if latency_ms and rate else None


def _gpus(run: Mapping[str, Any]) -> int | None:
    for key in GPUS:
        if found := integer(at(run, key)):
            return found
    named = [next((at(run, key) for key in keys if at(run, key) is not None), None) for keys in PARALLEL]
    return product(integer(named[0]), *(integer(value) for value in named[1:] if value is not None))


def _remarks(run: Mapping[str, Any]) -> tuple[str, ...]:
    told, goodput = [], number(run, "request_goodput")
    if accepted := number(run, "spec_decode_acceptance_length"):
        told.append(speculation(accepted))
    if goodput is not None:
        told.append(f"{numeral(goodput, ',.4g')} requests a second kept the latency that the run asked for.")
    return tuple(told)


def speculation(accepted: float) -> str:
    """What to know about a rate that rests on guessed tokens."""
    return (
        f"Speculative decoding was on, {numeral(accepted, ',.3g')} tokens a step: the rate depends on the texts, "
        "and random ones understate it."
    )
