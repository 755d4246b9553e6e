"""Smaller versions of a served model: what each writes into the option, what quality it costs, and who says so.

Precision, pruning and a smaller sibling (distillation) act through memory, speed and the attempts per good answer.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from costmodel.demand import tokens_of
from costmodel.measured import measured_rate_ratio, measured_speed, worked_out_rate
from costmodel.option import Option
from costmodel.replica import concurrency, tok_per_s
from costmodel.serving import Serving
from costmodel.settings import Workload
from pricing import catalogue
from pricing.facts import Compression, Gpu, OpenModel, named, rows
from pricing.throughput import WEIGHT_BYTES, is_measured, smallest_replica

NEARLY = 0.95  # of the highest rate per GPU: beyond it a smaller replica is worth more, since replicas are whole
SMALLER = 0.75  # of the parameters: a model nearly as large is another generation, not a smaller version
ON_EVERY_GPU = ("FP16", "INT4")  # four-bit integers are unpacked to 16 bits where the GPU computes with them


@dataclass(frozen=True)
class Variant:
    """A version of the model that an option could serve instead: dotted path within the option -> its new value.

    `fact` has the remark on its quality and its source; without changes it is the option as it is.
    """

    label: str
    changes: Mapping[str, Any]
    fact: Compression

    def on(self, slug: str) -> dict[str, Any]:
        """The changes as paths of a scenario, for `vary`."""
        return {f"options.{slug}.{path}": value for path, value in self.changes.items()}


def compression_variants(option: Option, workload: Workload) -> list[Variant]:
    """Every smaller or larger version that the option's GPU can serve; the first is the option as it is.

    Each precision that the GPU computes with or was measured in, each level of pruning, each smaller sibling in the
    catalogue. Replicas are the smallest, up to today's size, of about the highest rate per GPU. What the reader
    measured of today's version speeds the others up or down alike. Raises ScenarioError when model or GPU are not in
    the catalogue; an option without a model of its own has no variants.
    """
    serving = option.gpu_serving()
    if serving is None:
        return []
    as_it_is = Variant(_name(serving), {}, quality(serving)[-1])
    return [as_it_is, *_precisions(option, workload), *_prunings(option, workload), *_siblings(option, workload)]


def quality(serving: Serving) -> list[Compression]:
    """Remarks on the quality of a model as it is served: on its precision and, if it is pruned, on that."""
    found = [_row("precision", serving.precision)]
    levels = [row for row in _of("pruning") if float(row.level) >= serving.pruned_frac]
    return [*found, (levels or _of("pruning")[-1:])[0]] if serving.pruned_frac > 0 else found


def _name(serving: Serving) -> str:
    pruned = f", {serving.pruned_frac * 100:.0f} % pruned" if serving.pruned_frac > 0 else ""
    return f"{serving.model} in {serving.precision}{pruned}"


def _precisions(option: Any, workload: Workload) -> Iterator[Variant]:
    now = option.serving
    for precision in WEIGHT_BYTES:
        if precision != now.precision and _can_serve(now.model, precision, now.gpu):
            row = _row("precision", precision)
            ratio = row.attempts_ratio / _row("precision", now.precision).attempts_ratio
            yield _variant(option, workload, row, ratio, precision=precision)


def _prunings(option: Any, workload: Workload) -> Iterator[Variant]:
    now = option.serving
    today = quality(now)[-1].attempts_ratio if now.pruned_frac > 0 else 1
    for row in _of("pruning"):
        if float(row.level) != now.pruned_frac:
            yield _variant(option, workload, row, row.attempts_ratio / today, pruned_frac=float(row.level))


def _siblings(option: Any, workload: Workload) -> Iterator[Variant]:
    now, large = option.serving, named(OpenModel, option.serving.model)
    for small in rows(OpenModel):
        if _is_smaller_sibling(small, large) and _can_serve(small.name, now.precision, now.gpu):
            share = small.total_params_b / large.total_params_b
            row = next(row for row in _of("distillation") if share >= float(row.level))
            yield _variant(option, workload, row, row.attempts_ratio, model=small.name, pruned_frac=0.0)


def _is_smaller_sibling(small: OpenModel, large: OpenModel) -> bool:
    """Whether two models have the first word of their names in common and the one is clearly smaller."""
    return (
        small.name.split()[0] == large.name.split()[0]
        and small.total_params_b < SMALLER * large.total_params_b
        and small.active_params_b < large.active_params_b
    )


def _can_serve(model: str, precision: str, gpu: str) -> bool:
    """Whether the GPU computes in that precision, or was measured with the model in it."""
    chip = named(Gpu, gpu)
    native = {"FP8": chip.fp8_tflops, "FP4": chip.fp4_tflops}.get(precision)
    return precision in ON_EVERY_GPU or bool(native) or is_measured(model, precision, gpu)


def _variant(option: Any, workload: Workload, row: Compression, ratio: float, **served: Any) -> Variant:
    """The option with that model, precision or pruning, on the smallest replicas of about the highest rate per GPU."""
    now = option.serving
    wanted = {"model": now.model, "precision": now.precision, "pruned_frac": now.pruned_frac} | served
    versions = [_serving(now, workload, wanted, gpus) for gpus in _sizes(option, workload, wanted)]
    rates = [_rate_per_gpu(option, workload, version) for version in versions]
    best = next(version for version, rate in zip(versions, rates, strict=True) if rate >= NEARLY * max(rates))
    changes = {f"serving.{name}": value for name, value in best if value != getattr(now, name)}
    beside = {"attempts_ratio": max(option.attempts_ratio * ratio, 1.0)}
    if best.model != now.model:
        beside["context_window_tokens"] = float(named(OpenModel, best.model).max_context_tokens)
    changed = {name: value for name, value in beside.items() if value != getattr(option, name)}
    return Variant(_name(best), changes | changed, row)


def _serving(now: Serving, workload: Workload, wanted: Mapping[str, Any], gpus: int) -> Serving:
    """A version on replicas of so many GPUs; what the reader has edited stays where model and precision do."""
    same = wanted["model"] == now.model and wanted["precision"] == now.precision
    cited = {} if same else catalogue.served(wanted["model"], wanted["precision"], now.gpu)
    written = {name: value for name, (value, _) in cited.items()}
    version = now.model_copy(update={**wanted, **written, "gpus_per_replica": gpus})
    if not now.measured_tok_per_s_per_gpu:
        return version
    limit_ms = workload.time_per_token_limit_ms
    measured = float(worked_out_rate(version, measured_speed(now, limit_ms), limit_ms)) / now.measured_gpus
    measured *= float(measured_rate_ratio(now, limit_ms))
    return version.model_copy(update={"measured_tok_per_s_per_gpu": measured})


def _rate_per_gpu(option: Any, workload: Workload, version: Serving) -> float:
    """Output tokens per second and GPU at the workload's lengths, as sizing works it out."""
    tokens_in, tokens_out = tokens_of(workload, option)
    lengths = tokens_in, workload.cached_input_frac, tokens_out
    limit_ms = workload.time_per_token_limit_ms
    batch = concurrency(version, *lengths, limit_ms * measured_speed(version, limit_ms))
    rate = tok_per_s(version, batch, *lengths) * measured_rate_ratio(version, limit_ms)
    return float(rate) / version.gpus_per_replica


def _sizes(option: Any, workload: Workload, wanted: Mapping[str, Any]) -> list[int]:
    """GPUs of a replica that hold the version and fit whole into servers: from the least up to today's number."""
    now, per_server = option.serving, option.gpus_per_server
    tokens = float(sum(tokens_of(workload, option)))
    names = wanted["model"], wanted["precision"], now.gpu
    least = smallest_replica(*names, tokens, wanted["pruned_frac"], now.attention_parallel)
    fitting = [n for n in range(least, 2 * max(least, per_server)) if max(n, per_server) % min(n, per_server) == 0]
    return [n for n in fitting if n <= now.gpus_per_replica] or fitting[:1]


def _of(kind: str) -> list[Compression]:
    return [row for row in rows(Compression) if row.kind == kind]


def _row(kind: str, level: str) -> Compression:
    return next(row for row in _of(kind) if row.level == level)
