"""The form "I measured": what it starts from, what a result file says for it, and the fields that it fills."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from benchmarks import Reading
from benchmarks.curves import Anchor, Curve
from benchmarks.measurement import SERVING_TO_CEILING, Measurement
from costmodel.comparison import OptionCost
from costmodel.demand import input_tokens_each, output_tokens_each
from costmodel.errors import ScenarioError
from costmodel.measured import measured_speed
from costmodel.numerals import numeral
from costmodel.replica import time_per_token_s
from costmodel.sizing import replica_tok_per_s
from costmodel.units import MS_PER_S
from reports.words.briefing import Table
from reports.words.capacity import counted
from reports.words.own_speed import a_bound, is_measured
from reports.words.text import highest, percent
from reports.words.throughput_curve import Point

EMPTY = {  # a field of the form -> what is asked for when it is empty
    "tok_per_s": "Enter the output tokens a second that you measured, of all GPUs together.",
    "gpus": "Enter on how many GPUs it was measured.",
    "input_tokens": "Enter the input tokens of a request in the measurement.",
    "output_tokens": "Enter the output tokens of a request in the measurement.",
    "cached_frac": "Enter which share of the input a prompt cache held in the measurement; 0 where there was none.",
}


@dataclass(frozen=True)
class Form:
    """What the form holds; None: empty. Requests at once and time per token may stay so."""

    tok_per_s: float | None
    gpus: int | None
    input_tokens: float | None
    output_tokens: float | None
    concurrency_requests: float | None
    time_per_token_ms: float | None
    cached_frac: float | None
    is_lower_bound: bool = False

    def changes(self, slug: str) -> dict[str, Any]:
        """Path -> value of what was measured. Raises ScenarioError with a sentence where something is missing."""
        for name, sentence in EMPTY.items():
            if getattr(self, name) is None:
                raise ScenarioError(sentence)
        if not (self.tok_per_s > 0 and self.gpus >= 1):
            raise ScenarioError("Tokens a second must be above 0, on at least one GPU.")
        written = {
            "tok_per_s_per_gpu": self.tok_per_s / self.gpus,
            "gpus": self.gpus,
            "input_tokens": self.input_tokens,
            "output_tokens": self.output_tokens,
            "concurrency_requests": self.concurrency_requests or 0.0,
            "time_per_token_ms": self.time_per_token_ms or 0.0,
            "cached_frac": self.cached_frac,
            "is_lower_bound": self.is_lower_bound,
        }
        return {f"options.{slug}.serving.measured_{name}": value for name, value in written.items()}

    def values(self) -> dict[str, Any]:
        """Field -> value."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


def form_of(cost: OptionCost) -> Form:
    """The measurement that the option is sized from; without one the run that sizing assumes, its rate left empty."""
    serving, workload = cost.option.serving, cost.task.scenario.workload
    if is_measured(serving):
        return Form(
            tok_per_s=serving.measured_tok_per_s_per_gpu * serving.measured_gpus,
            gpus=serving.measured_gpus,
            input_tokens=serving.measured_input_tokens,
            output_tokens=serving.measured_output_tokens,
            concurrency_requests=serving.measured_concurrency_requests or None,
            time_per_token_ms=serving.measured_time_per_token_ms or None,
            cached_frac=serving.measured_cached_frac,
            is_lower_bound=serving.measured_is_lower_bound,
        )
    return Form(
        tok_per_s=None,
        gpus=serving.gpus_per_replica,
        input_tokens=highest(input_tokens_each(cost.task)),
        output_tokens=highest(output_tokens_each(cost.task)),
        concurrency_requests=None,
        time_per_token_ms=None,
        cached_frac=workload.cached_input_frac,
    )


def form_from(anchor: Anchor, limit_ms: float) -> Form:
    """What a result file says. A ceiling with a queue counts half, as what is served within the limit."""
    said, point = anchor.fields(), anchor.point
    ceiling = point.basis == "ceiling"
    return Form(
        tok_per_s=point.serving_tokens_per_second,
        gpus=said["measured_gpus"],
        input_tokens=said["measured_input_tokens"] or None,
        output_tokens=said["measured_output_tokens"] or None,
        concurrency_requests=None if ceiling else said["measured_concurrency"],
        time_per_token_ms=limit_ms if ceiling else said["measured_time_per_token_ms"],
        cached_frac=said["measured_cached_frac"],
        is_lower_bound=point.is_lower_bound,
    )


def sized_from(cost: OptionCost) -> str:
    """The measurement that an option is sized from, in a sentence."""
    serving, rate = cost.option.serving, highest(replica_tok_per_s(cost.task))
    gpus, bound = counted(serving.measured_gpus, "GPU"), a_bound(serving)
    lengths = (
        f"{numeral(serving.measured_input_tokens, ',.0f')} tokens in and "
        f"{numeral(serving.measured_output_tokens, ',.0f')} out"
    )
    return (
        f"Sized from your measurement{bound and f'{bound},'} of "
        f"{numeral(serving.measured_tok_per_s_per_gpu, ',.5g')} output tokens/s per GPU on {gpus} "
        f"at {lengths}. With this workload and limit a replica of "
        f"{counted(serving.gpus_per_replica, 'GPU')} makes {numeral(rate / serving.gpus_per_replica, ',.5g')} per GPU."
        + " With a longer run or a higher load it may make more, need fewer GPUs and cost less."
        * bool(bound)
    )


def own_point(cost: OptionCost) -> Point | None:
    """The reader's measurement as a point of the curve: at its time per token, or the one that is worked out for it."""
    serving, limit = cost.option.serving, cost.task.scenario.workload.time_per_token_limit_ms
    if not is_measured(serving):
        return None
    time, at_once = serving.measured_time_per_token_ms, serving.measured_concurrency_requests
    if not time and at_once:
        run = serving.model_copy(update={"gpus_per_replica": serving.measured_gpus})
        lengths = serving.measured_input_tokens, serving.measured_cached_frac, serving.measured_output_tokens
        time = float(time_per_token_s(run, at_once, *lengths) / measured_speed(serving, limit) * MS_PER_S)
    return Point(time or limit, serving.measured_tok_per_s_per_gpu, f"your measurement{a_bound(serving)}")


def sweep_points(curve: Curve) -> list[Point]:
    """The points of a sweep as far as they say their time per token and on how many GPUs they ran."""
    return [
        Point(point.time_per_token_ms, point.output_tokens_per_second_per_gpu, f"{point.basis_note}; {point.file}")
        for point in curve.points
        if point.time_per_token_ms and point.gpus
    ]


def best_curves(kept: Reading, anywhere: Reading) -> list[tuple[Curve, bool]]:
    """Curves that sizing may start from, with whether the limit is kept: `kept` was read with it, `anywhere` without.

    Where no point keeps the limit the fastest that shows a capacity serves, and sizing scales it to the limit.
    """
    both = zip(kept.curves, anywhere.curves, strict=True)
    found = ((within, True) if within.anchor else (free, False) for within, free in both)
    return [(curve, is_within) for curve, is_within in found if curve.anchor]


def points_table(reading: Reading) -> Table:
    """Every point that was read, once, the slowest of its curve first."""
    rows = [_point_row(point) for curve in reading.curves for point in curve.points]
    columns = ["File", "Model", "Tokens/s per GPU", "GPUs", "Requests at once", "Time per token", "First token", "Load"]
    kinds = ", ".join(dict.fromkeys(file.format for file in reading.files))
    points, files = len(rows), len(reading.files)
    read = f"{points} point{'s' if points != 1 else ''} read from {files} file{'s' if files != 1 else ''}: {kinds}."
    return Table(read, columns, rows)


def _point_row(point: Measurement) -> tuple[str, ...]:
    def shown(value: float | None, digits: str, unit: str = "") -> str:
        return "not said" if value is None else f"{numeral(value, digits)}{unit}"

    return (
        point.file,
        point.model or "not named",
        shown(point.output_tokens_per_second_per_gpu, ",.4g"),
        shown(point.gpus, ","),
        shown(point.concurrency, ",.4g"),
        shown(point.time_per_token_ms, ",.3g", " ms"),
        shown(point.ttft_ms_median, ",.3g", " ms"),
        point.basis_note,
    )


def told_of(curve: Curve, is_within: bool, cost: OptionCost) -> list[str]:
    """What somebody should know who sizes an option from the anchor of a curve."""
    point, serving = curve.anchor.point, cost.option.serving
    limit = f"{numeral(cost.task.scenario.workload.time_per_token_limit_ms, '.3g')} ms"
    rate = f"{numeral(point.output_tokens_per_second_per_gpu, ',.4g')} tokens/s per GPU"
    told = [f"The point at {rate} fills the form: {point.basis_note}."]
    if point.model and _bare(serving.model) not in _bare(point.model):
        told.append(f"The file names {point.model}, and this option serves {serving.model}: check that they are one.")
    if not (point.input_tokens_per_request and point.output_tokens_per_request):
        told.append("The file does not say how long requests were: enter what the form leaves empty.")
    if not is_within:
        told.append(f"No point is known to keep the limit of {limit}; sizing scales it to the limit.")
    if point.basis == "ceiling":
        told.append(f"It counts {percent(SERVING_TO_CEILING)}, as what is served within your limit of {limit}.")
    return [*told, *curve.anchor.sentences]


def _bare(name: str) -> str:
    """Letters and digits of a model's name: 'openai/gpt-oss-120b' has those of 'gpt-oss 120B'."""
    return "".join(sign for sign in name.casefold() if sign.isalnum())


def no_capacity(reading: Reading) -> Sequence[str]:
    """Why a reading gives nothing to size from: sentences of its curves, then of its points."""
    told = [sentence for curve in reading.curves for sentence in curve.sentences]
    return list(dict.fromkeys([*told, *(sentence for point in reading.points for sentence in point.sentences)]))


def label_of(curve: Curve) -> str:
    """A curve among others: model, lengths, GPUs."""
    point: Measurement = curve.anchor.point
    into, out = point.input_tokens_per_request, point.output_tokens_per_request
    lengths = f", {numeral(into, ',.0f')} in, {numeral(out, ',.0f')} out" if into and out else ""
    return f"{point.model or point.format}{lengths}, {numeral(point.gpus, ',')} GPU{'s' if point.gpus > 1 else ''}"


def forgotten(slug: str) -> Mapping[str, Any]:
    """The change that sizes the option from the catalogue's constants again."""
    measured = f"options.{slug}.serving.measured_"
    return {f"{measured}tok_per_s_per_gpu": 0.0, f"{measured}is_lower_bound": False}
