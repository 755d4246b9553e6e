"""A model on GPUs: what fits in memory, and how fast memory bandwidth and compute let it run."""

from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field

from costmodel.errors import ScenarioError
from costmodel.fields import Number, Record, Text
from costmodel.units import BYTES_PER_GB, FLOP_PER_PARAMETER, GFLOP_PER_TFLOP, MS_PER_S, whole

MEASURED_MEMORY = {"usable_memory_frac": 0.9, "memory_reserve_gb": 2}  # of a measurement, as the assumptions have it
MEASURED_ROOM = 2  # memory of a replica in measurements, relative to its weights
UNLIMITED_MS = 1e4  # a time per token that no latency limit reaches: the measurement is a ceiling


class Serving(Record):
    """A model on a GPU. Choosing them in the catalogues writes these numbers; every one can be edited."""

    model: Annotated[Text, Field(description="Open-weight model that is served.")]
    precision: Annotated[Literal["FP16", "FP8", "INT4", "FP4"], Field(description="Precision of the weights.")]
    gpu: Annotated[Text, Field(description="GPU that serves it.")]
    total_params_b: Annotated[float, Number("B parameters", 0.1, 20000, "Parameters that must fit into memory.")]
    active_params_b: Annotated[
        float, Number("B parameters", 0.1, 20000, "Parameters that one token computes with; fewer for mixtures.")
    ]
    pruned_frac: Annotated[
        float, Number("share", 0, 0.9, "Share of the weights that structured pruning has removed.", label="Pruned")
    ]
    weight_bytes_per_parameter: Annotated[
        float, Number("bytes/parameter", 0.1, 8, "Memory of one weight: FP16 2, FP8 1, INT4 and FP4 0.5625.")
    ]
    kv_bytes_per_token: Annotated[
        float, Number("bytes/token", 100, 1e8, "Memory of the attention cache for one token of context.")
    ]
    gpu_memory_gb: Annotated[float, Number("GB", 1, 10000, "Memory of one GPU.")]
    gpu_bandwidth_gb_per_s: Annotated[float, Number("GB/s", 10, 1e6, "Memory bandwidth of one GPU.")]
    gpu_tflops: Annotated[float, Number("TFLOPS", 1, 1e6, "Dense compute of one GPU at the precision it computes in.")]
    gpus_per_replica: Annotated[
        int, Number("GPUs/replica", 1, 1024, "GPUs that together hold one copy of the model.", whole=True)
    ]
    anchor_tok_per_s_per_gpu: Annotated[
        float, Number("tok/s/GPU", 0.01, 1e7, "Output tokens per second and GPU of the measurement sizing starts from.")
    ]
    anchor_input_tokens: Annotated[float, Number("tokens", 1, 2e6, "Input length of that measurement.")]
    anchor_output_tokens: Annotated[float, Number("tokens", 1, 2e5, "Output length of that measurement.")]
    anchor_time_per_token_ms: Annotated[
        float, Number("ms", 1, UNLIMITED_MS, "Latency limit of that measurement; 10,000 when it had none.")
    ]
    anchor_basis: Annotated[
        Literal["measured", "ceiling", "roofline"],
        Field(description="Measured at a latency limit, a measured ceiling with every request queued, or a roofline."),
    ]
    serving_to_ceiling_frac: Annotated[
        float, Number("share", 0.05, 1, "Rate of a serving system relative to a ceiling; applies to ceilings only.")
    ]
    throughput_ratio: Annotated[
        float, Number("ratio", 0.05, 20, "Throughput relative to what sizing works out: the band of its uncertainty.")
    ]
    bandwidth_utilization_frac: Annotated[
        float, Number("share", 0.05, 1, "Share of the memory bandwidth that a decode step achieves.")
    ]
    compute_utilization_frac: Annotated[
        float, Number("share", 0.05, 1, "Share of the compute that prefill and large batches achieve.")
    ]
    step_overhead_ms: Annotated[float, Number("ms", 0, 100, "Fixed time of one decode step: launches, scheduling.")]
    usable_memory_frac: Annotated[float, Number("share", 0.1, 1, "Share of the GPU memory that a server may use.")]
    memory_reserve_gb: Annotated[float, Number("GB", 0, 100, "Memory of each GPU kept for activations and buffers.")]
    utilization_ceiling_frac: Annotated[
        float, Number("share", 0.05, 1, "Highest load of a replica in the busiest hour; the rest absorbs bursts.")
    ]
    spare_replicas: Annotated[
        float, Number("replicas", 0, 1000, "Replicas beyond what the peak needs, for failures and maintenance.")
    ]
    fractional_replicas: Annotated[
        bool, Field(description="Count fractions of replicas and servers, as some publications do.")
    ]

    def check(self, prefix: str, request_tokens: Any) -> None:
        """Refuse a model that does not fit into its replica's memory or leaves no room for a request so long."""
        room = kv_memory_gb(self)
        if np.any(room <= 0):
            needed = np.max(weights_gb(self))
            raise ScenarioError(
                f"{prefix}.gpus_per_replica is {self.gpus_per_replica}, but {self.model} in {self.precision} needs "
                f"{needed:.0f} GB for its weights and {self.gpus_per_replica} x {self.gpu} offer "
                f"{needed + np.min(room):.0f} GB: take more GPUs, a smaller precision or a larger GPU."
            )
        needed = self.kv_bytes_per_token / BYTES_PER_GB * request_tokens
        if np.any((room < needed) & ~memory_is_tight(self)):
            raise ScenarioError(
                f"{prefix}.gpus_per_replica is {self.gpus_per_replica}, which leaves {np.min(room):.3g} GB beside the "
                f"weights, but one request of {np.max(request_tokens):,.0f} tokens needs {np.max(needed):.3g} GB: take "
                "more GPUs or shorter requests."
            )


def check_whole_replicas(prefix: str, gpus_per_replica: int, gpus_per_server: int) -> None:
    """Refuse replicas that do not fit whole into servers, or servers that do not fit whole into replicas."""
    larger, smaller = max(gpus_per_replica, gpus_per_server), min(gpus_per_replica, gpus_per_server)
    if larger % smaller:
        raise ScenarioError(
            f"{prefix}.serving.gpus_per_replica is {gpus_per_replica}, which neither divides the {gpus_per_server} "
            f"GPUs of a server nor is a multiple of them."
        )


def weights_gb(serving):
    """Memory of the weights of one replica, GB: billions of parameters that pruning leaves, times bytes each."""
    return serving.total_params_b * (1 - serving.pruned_frac) * serving.weight_bytes_per_parameter


def _kv_memory_by_rule(serving):
    usable = serving.usable_memory_frac * serving.gpu_memory_gb - serving.memory_reserve_gb
    return serving.gpus_per_replica * usable - weights_gb(serving)


def kv_memory_gb(serving):
    """Memory of one replica that is left for the attention cache, GB.

    What was measured did run: where the rule finds no room for it, the usable share of the bare rest is taken.
    """
    by_rule = _kv_memory_by_rule(serving)
    if serving.anchor_basis != "measured":
        return by_rule
    bare = serving.gpus_per_replica * serving.gpu_memory_gb - weights_gb(serving)
    return np.where(by_rule > 0, by_rule, serving.usable_memory_frac * bare)


def memory_is_tight(serving):
    """Whether the model fits only because it was measured to run: by the rule there is no room for requests."""
    return (serving.anchor_basis == "measured") & (_kv_memory_by_rule(serving) <= 0)


def _compute_each(serving):
    """Seconds of one replica's compute for one token: parameters that pruning leaves x FLOP each / achieved FLOPS."""
    compute = serving.gpus_per_replica * serving.gpu_tflops * GFLOP_PER_TFLOP * serving.compute_utilization_frac
    # s = (Gparameters * FLOP/parameter) / (GFLOP/s)
    return FLOP_PER_PARAMETER * serving.active_params_b * (1 - serving.pruned_frac) / compute


def _bandwidth(serving):
    """GB/s that one replica achieves."""
    return serving.gpus_per_replica * serving.gpu_bandwidth_gb_per_s * serving.bandwidth_utilization_frac


def _cache_each(serving, input_tokens, output_tokens):
    """Seconds in which one replica reads the attention cache of one sequence, half written on average."""
    # s = GB/token * tokens / (GB/s)
    return serving.kv_bytes_per_token / BYTES_PER_GB * (input_tokens + output_tokens / 2) / _bandwidth(serving)


def largest_batch(serving, input_tokens, output_tokens, limit_ms):
    """Requests that one replica serves at once: what memory holds and what keeps a token within `limit_ms`."""
    kv_gb = serving.kv_bytes_per_token / BYTES_PER_GB * (input_tokens + output_tokens)
    cache_each = _cache_each(serving, input_tokens, output_tokens)
    budget = (limit_ms - serving.step_overhead_ms) / MS_PER_S
    by_bandwidth = (budget - weights_gb(serving) / _bandwidth(serving)) / cache_each
    by_compute = budget / (_compute_each(serving) + cache_each)
    return np.maximum(np.minimum(kv_memory_gb(serving) / kv_gb, np.minimum(by_bandwidth, by_compute)), 1)


def step_s(serving, batch, input_tokens, output_tokens):
    """Seconds of one decode step: it reads the weights once and each sequence's cache, and computes a token for each.

    Assumes that a mixture of experts reads all of its experts, as large batches do; small batches are faster.
    """
    weights_or_compute = np.maximum(weights_gb(serving) / _bandwidth(serving), batch * _compute_each(serving))
    caches = batch * _cache_each(serving, input_tokens, output_tokens)
    return weights_or_compute + caches + serving.step_overhead_ms / MS_PER_S


def prefill_s(serving, input_tokens, cached_frac):
    """Seconds of one replica's compute for the input of one request; what the prompt cache holds is saved."""
    return _compute_each(serving) * input_tokens * (1 - cached_frac)


def roofline(serving, input_tokens, cached_frac, output_tokens, limit_ms):
    """Output tokens per second of one replica from memory bandwidth and compute alone, at the largest batch."""
    batch = largest_batch(serving, input_tokens, output_tokens, limit_ms)
    step = step_s(serving, batch, input_tokens, output_tokens)
    return full_batch_tok_per_s(batch, step, prefill_s(serving, input_tokens, cached_frac), output_tokens)


def full_batch_tok_per_s(batch, step, prefill, output_tokens):
    """Output tokens per second of a full batch whose places are taken by new requests as they come free."""
    return batch * output_tokens / (output_tokens * step + batch * prefill)


def anchor_roofline(serving):
    """Roofline of the measurement, output tokens per second and GPU: the whole model at the lengths it was run with.

    On a replica of today's size or, where only the pruned model fits into that, on one with room for the whole; with
    the memory that a serving engine claims by default, whatever today's deployment leaves it.
    """
    whole_model = serving.model_copy(update={"pruned_frac": 0, **MEASURED_MEMORY})
    usable = whole_model.usable_memory_frac * serving.gpu_memory_gb - whole_model.memory_reserve_gb
    roomy = whole(weights_gb(whole_model) * MEASURED_ROOM / np.maximum(usable, 1))
    fits_pruned_only = (serving.pruned_frac > 0) & (_kv_memory_by_rule(whole_model) <= 0)
    gpus = np.where(fits_pruned_only, roomy, serving.gpus_per_replica)
    replica = whole_model.model_copy(update={"gpus_per_replica": gpus})
    lengths = serving.anchor_input_tokens, 0, serving.anchor_output_tokens
    return roofline(replica, *lengths, serving.anchor_time_per_token_ms) / gpus
