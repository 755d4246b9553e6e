"""Every public measurement as one row of arrays: the machine it ran on, its lengths, its batch and its rate."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from typing import Any

import numpy as np

from costmodel.arrays import Array
from costmodel.memory import sequence_gb, sequences_in_memory, weights_gb
from costmodel.replica import batch_within_limit, least_limit_ms, tok_per_s
from costmodel.serving import Serving, assembled
from costmodel.units import FLOP_PER_PARAMETER, GFLOP_PER_TFLOP
from pricing.assumptions import base_option
from pricing.facts import MlperfResult, ServingCeiling, ServingPoint, rows
from pricing.throughput import NAMES, hardware

UNLIMITED_MS = 1e9
MEAN_OF_LIMIT = {"Server": 0.72, "Interactive": 0.86}  # mean time per token where the limit is on its 99th percentile
SUPERSEDED_AFTER = timedelta(days=183)  # a round that much older than the newest of the same says little of today
WEIGHTS_AT_MOST = 0.8  # share of a replica's memory, where a result does not say how many GPUs a replica has
GPUS_OF_RESULT = {"DeepSeek V3": 8}  # GPUs of a replica where results are known to spread experts over a node
SPECULATIVE = {"DeepSeek V3", "gpt-oss 120B"}  # interactive results may guess tokens ahead: another machine


@dataclass(frozen=True)
class Observation:
    """One measurement. `concurrency` is None where as many ran as memory holds or the time per token allows.

    Times are means, None where unknown or without a limit.

    `release` is the serving engine and its version of a point, "" where it is not told apart.
    """

    question: str
    model: str
    precision: str
    gpu: str
    gpus_per_replica: int
    attention_parallel: str
    input_tokens: float
    output_tokens: float
    concurrency: float | None
    time_per_token_ms: float | None
    first_token_ms: float | None
    output_tok_per_s_per_gpu: float
    release: str


@cache
def machine(model: str, precision: str, gpu: str) -> dict[str, float]:
    """Fields of `Serving` that hold for a model and a GPU in every run: hardware, and memory that engines use."""
    judged = base_option("cloud_gpu")["serving"]
    memory = {name: judged[name] for name in ("usable_memory_frac", "memory_reserve_gb")}
    fields = {name: value for name, (value, _) in hardware(model, precision, gpu).items()}
    return {name: value for name, value in fields.items() if name not in NAMES} | memory | {"pruned_frac": 0}


def observations() -> tuple[Observation, ...]:
    """All measurements that the constants are fitted to: points of sweeps, ceilings and audited results."""
    measured = (*_points(), *_ceilings(), *_results())
    return tuple(row for row in measured if is_possible(row))


def is_possible(row: Observation) -> bool:
    """Whether the GPU's peak computes so many tokens; what is beyond had its prompts cached, and is no measurement."""
    needs = machine(row.model, row.precision, row.gpu)
    tokens = row.output_tok_per_s_per_gpu * (1 + row.input_tokens / row.output_tokens)
    return tokens * FLOP_PER_PARAMETER * needs["active_params_b"] <= needs["gpu_tflops"] * GFLOP_PER_TFLOP


def _points() -> Iterator[Observation]:
    for row in rows(ServingPoint):
        release = f"{row.engine} {row.engine_version}".strip()
        times = (row.time_per_token_ms, row.time_to_first_token_ms)
        yield _observation("point", row, row.gpus_per_replica, row.attention_parallel, row.concurrency, times, release)


def _ceilings() -> Iterator[Observation]:
    for row in rows(ServingCeiling):
        yield _observation("ceiling", row, row.gpus_per_replica, row.attention_parallel, None, (None, None), "")


def _results() -> Iterator[Observation]:
    newest: dict[tuple[str, ...], date] = {}
    for row in rows(MlperfResult):
        key = (row.model, row.precision, row.gpu, row.scenario)
        newest[key] = max(row.as_of, newest.get(key, row.as_of))
    for row in rows(MlperfResult):
        old = newest[row.model, row.precision, row.gpu, row.scenario] - row.as_of > SUPERSEDED_AFTER
        if old or (row.scenario == "Interactive" and row.model in SPECULATIVE):
            continue
        mean_ms = row.limit_ms and (row.time_per_token_ms or row.limit_ms * MEAN_OF_LIMIT[row.scenario])
        gpus = GPUS_OF_RESULT.get(row.model) or _gpus_of_result(row.model, row.precision, row.gpu)
        attention = "data" if row.model in GPUS_OF_RESULT else "tensor"
        yield _observation(row.scenario, row, gpus, attention, None, (mean_ms, None), "")


def _observation(
    question: str,
    row: Any,
    gpus: int,
    attention: str,
    concurrency: float | None,
    times_ms: tuple[float | None, float | None],
    release: str,
) -> Observation:
    return Observation(
        question=question,
        model=row.model,
        precision=row.precision,
        gpu=row.gpu,
        gpus_per_replica=gpus,
        attention_parallel=attention,
        input_tokens=row.input_tokens,
        output_tokens=row.output_tokens,
        concurrency=concurrency,
        time_per_token_ms=times_ms[0],
        first_token_ms=times_ms[1],
        output_tok_per_s_per_gpu=row.output_tok_per_s_per_gpu,
        release=release,
    )


@cache
def _gpus_of_result(model: str, precision: str, gpu: str) -> int:
    """Least power of two of GPUs that the weights leave room for requests on."""
    needs = assembled(machine(model, precision, gpu))
    usable = needs.usable_memory_frac * needs.gpu_memory_gb - needs.memory_reserve_gb
    gpus = 1
    while weights_gb(needs) > WEIGHTS_AT_MOST * gpus * usable:
        gpus *= 2
    return gpus


@dataclass(frozen=True)
class Table:
    """Observations as columns. `machine` holds arrays in the terms of `Serving`, but for the seven constants."""

    rows: tuple[Observation, ...]
    machine: Serving
    input_tokens: Array
    output_tokens: Array
    most_at_once: Array
    limit_ms: Array
    log_rate: Array

    @classmethod
    def of(cls, observed: tuple[Observation, ...]) -> "Table":
        """Columns of those observations; what runs at once is bounded by memory, and by concurrency where known."""

        def column(name: str) -> Array:
            return np.array([getattr(row, name) for row in observed])

        fields = [machine(row.model, row.precision, row.gpu) for row in observed]
        hardware = assembled(
            {name: np.array([field[name] for field in fields], dtype=float) for name in fields[0]}
            | {name: column(name) for name in ("gpus_per_replica", "attention_parallel")}
        )
        into, out = column("input_tokens").astype(float), column("output_tokens").astype(float)
        asked = column("concurrency").astype(float)  # None becomes nan
        limit = np.where(np.isnan(asked), column("time_per_token_ms").astype(float), np.nan)
        held = sequences_in_memory(hardware, into + out)
        bare = hardware.gpus_per_replica * hardware.gpu_memory_gb - weights_gb(hardware)  # it did run
        held = np.where(held >= 1, held, hardware.usable_memory_frac * bare / sequence_gb(hardware, into + out))
        return cls(
            rows=observed,
            machine=hardware,
            input_tokens=into,
            output_tokens=out,
            most_at_once=np.maximum(np.fmin(asked, held), 1),
            limit_ms=np.where(np.isnan(limit), UNLIMITED_MS, limit),
            log_rate=np.log(column("output_tok_per_s_per_gpu").astype(float)),
        )

    def take(self, chosen: Array) -> "Table":
        """Those rows alone; the rows themselves stay behind."""
        columns = {n: getattr(self, n)[chosen] for n in ("input_tokens", "output_tokens", "most_at_once", "limit_ms")}
        hardware = assembled({name: values[chosen] for name, values in vars(self.machine).items()})
        return replace(self, rows=(), machine=hardware, log_rate=self.log_rate[chosen], **columns)

    def predicted(self, constants: dict[str, Array]) -> Array:
        """Logarithm of the output rate per GPU, tokens a second, with constants for each row."""
        serving = assembled({**vars(self.machine), **constants})
        lengths = (self.input_tokens, 0, self.output_tokens)
        kept_ms = np.maximum(self.limit_ms, least_limit_ms(serving, self.input_tokens, self.output_tokens))
        batch = np.maximum(np.minimum(self.most_at_once, batch_within_limit(serving, *lengths, kept_ms)), 1)
        return np.log(tok_per_s(serving, batch, *lengths) / serving.gpus_per_replica)
