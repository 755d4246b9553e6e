"""inference-perf: JSON for each stage of load, with times in seconds, or a report in YAML with its units."""

from collections.abc import Mapping
from typing import Any

from benchmarks.documents import Document
from benchmarks.fields import at, first_number, in_ms, number
from benchmarks.measurement import Load, Measurement
from costmodel.numerals import numeral
from intake.errors import Refusal

FORMAT = "inference-perf"
SIGNS, REPORT_SIGNS, CONFIG_SIGNS = {"load_summary", "successes"}, {"version", "run", "results"}, {"load", "server"}
MIXED = "The summary mixes all stages of load; give the files of the single stages."
DISAGREE_FRAC = 0.05  # between the client's and the server's count of tokens


def read(document: Document) -> list[Measurement]:
    """One point for each stage, or report of a stage, in the file."""
    return [
        _stage(document.name, run) if set(run) >= SIGNS else _report(document.name, run) for run in document.objects
    ]


def _stage(file: str, run: Mapping[str, Any]) -> Measurement:
    done = at(run, "successes")
    rate, requests = number(done, "throughput", "output_tokens_per_sec"), number(done, "throughput", "requests_per_sec")
    duration = number(run, "benchmark_time_seconds")
    if not rate:
        raise Refusal("has no output tokens per second among its successes: no request succeeded, or the file is cut.")
    counted, made, total = (
        number(done, "output_len", "mean"),
        number(done, "output_tokens", "mean"),
        number(done, "output_tokens", "total"),
    )
    ratio, remarks = 1.0, ()
    if made and counted and total and duration and abs(made - counted) > DISAGREE_FRAC * counted:
        rate, ratio = total / duration, made / counted
        remarks = (
            f"The server counted {numeral(made, ',.4g')} output tokens a request, the client "
            f"{numeral(counted, ',.4g')}; the server's are taken.",
        )
    asked, limit = number(run, "load_summary", "requested_rate"), number(run, "load_summary", "concurrency")
    sent = number(run, "load_summary", "count")
    load = Load(rate_per_s=None if limit else asked, limit=limit, requests=sent) if asked or limit else None
    cached, prompt = number(done, "prompt_tokens", "cached"), number(done, "prompt_tokens", "total")
    return Measurement.under(
        load,
        file=file,
        format=f"{FORMAT} 0.7 (one stage)" if load else f"{FORMAT} 0.7 (summary of all stages)",
        output_tokens_per_second=rate,
        input_tokens_per_request=first_number(done, ("prompt_tokens", "mean"), ("prompt_len", "mean")),
        output_tokens_per_request=made or counted,
        concurrency=limit,
        tpot_ms_median=_ms(done, "time_per_output_token"),
        ttft_ms_median=_ms(done, "time_to_first_token"),
        requests_per_second=requests,
        completed=number(done, "count"),
        failed=number(run, "failures", "count"),
        duration_s=duration,
        latency_ms_median=_ms(done, "request_latency"),
        cached_input_share=cached / prompt if cached is not None and prompt else None,
        tokens_per_counted_token=ratio,
        invalid=() if load else (MIXED,),
        remarks=remarks,
    )


def _ms(done: Any, key: str) -> float | None:
    """The median of a latency, which the file gives in seconds."""
    return in_ms(number(done, "latency", key, "median"), "s", key) or None


def _report(file: str, run: Mapping[str, Any]) -> Measurement:
    """The report that other tools of the field write too; it does not say how requests were sent."""
    told = at(run, "results", "request_performance", "aggregate")
    rate = number(told, "throughput", "output_token_rate", "mean")
    if not rate:
        raise Refusal("has no output_token_rate: no request succeeded, or it is a report of another kind.")
    unit = str(at(told, "throughput", "output_token_rate", "units"))
    if unit not in ("tokens/s", "token/s"):
        raise Refusal(f"gives output_token_rate in {unit!r:.40}, not in tokens/s.")
    total, failed = number(told, "requests", "total"), number(told, "requests", "failures")

    def median(key: str) -> float | None:
        return in_ms(number(told, "latency", key, "p50"), at(told, "latency", key, "units"), key) or None

    return Measurement(
        file=file,
        format=f"{FORMAT} (benchmark report {at(run, 'version')!s:.10})",
        output_tokens_per_second=rate,
        input_tokens_per_request=number(told, "requests", "input_length", "mean"),
        output_tokens_per_request=number(told, "requests", "output_length", "mean"),
        tpot_ms_median=median("time_per_output_token"),
        ttft_ms_median=median("time_to_first_token"),
        requests_per_second=number(told, "throughput", "request_rate", "mean"),
        completed=None if total is None else total - (failed or 0),
        failed=failed,
        latency_ms_median=median("request_latency"),
    )
