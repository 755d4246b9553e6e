"""A model on GPUs: what is served, on what, how well the hardware is used, and what somebody measured."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

import numpy as np
from pydantic import Field, PrivateAttr

from costmodel.arrays import Value
from costmodel.errors import Amount, At, ScenarioError
from costmodel.fields import Number, Record, Text
from costmodel.memory import memory_left_gb, sequence_gb
from costmodel.numerals import numeral


class Serving(Record):
    """A model on a GPU. Choosing them in the catalogues writes these numbers; every one can be edited."""

    _memo: dict[str, Any] = PrivateAttr(default_factory=dict)

    model: Annotated[Text, Field(description="Open-weight model that is served.")]
    precision: Annotated[Literal["FP16", "FP8", "INT4", "FP4"], Field(description="Precision of the weights.")]
    gpu: Annotated[Text, Field(description="GPU that serves it.")]

    total_params_b: Annotated[float, Number("B parameters", 0.1, 20000, "Parameters that must fit into memory.")]
    active_params_b: Annotated[
        float, Number("B parameters", 0.1, 20000, "Parameters that one token computes with; fewer for mixtures.")
    ]
    wide_params_b: Annotated[
        float, Number("B parameters", 0, 1000, "Of these, embedding and head: they stay in 16 bits.")
    ]
    pruned_frac: Annotated[
        float, Number("share", 0, 0.9, "Share of the weights that structured pruning has removed.", label="Pruned")
    ]
    weight_bytes_per_parameter: Annotated[
        float, Number("bytes/parameter", 0.1, 8, "Memory of one weight: FP16 2, FP8 1, INT4 and FP4 0.5625.")
    ]
    layers: Annotated[int, Number("layers", 1, 2000, "Layers of the model.", whole=True)]
    full_attention_layers: Annotated[
        int, Number("layers", 0, 2000, "Of these, layers that attend to all tokens of a prompt.", whole=True)
    ]
    hidden_size: Annotated[
        int, Number("values/token", 1, 1e6, "Values that one token carries from layer to layer.", whole=True)
    ]
    experts: Annotated[int, Number("experts", 0, 1e5, "Experts of one layer to choose from; 0: dense.", whole=True)]
    experts_per_token: Annotated[
        int, Number("experts/token", 0, 1e4, "Experts that one token computes with; 0: dense.", whole=True)
    ]
    kv_heads: Annotated[
        int,
        Number("heads", 1, 1e4, "Heads of the attention cache; 1 where one compressed cache serves all.", whole=True),
    ]
    kv_bytes_per_token: Annotated[
        float, Number("bytes/token", 1, 1e8, "Attention cache of one token in the layers that keep every token.")
    ]
    index_bytes_per_token: Annotated[
        float, Number("bytes/token", 0, 1e8, "Of these, the index by which sparse layers pick what they read.")
    ]
    sparse_read_tokens: Annotated[
        float, Number("tokens", 0, 1e8, "Tokens that those layers read for the next one; 0: all.")
    ]
    window_kv_bytes_per_token: Annotated[
        float, Number("bytes/token", 0, 1e8, "Attention cache of one token in the layers that read a window.")
    ]
    window_tokens: Annotated[float, Number("tokens", 0, 1e8, "Last tokens that those layers read.")]
    window_kept_tokens: Annotated[
        float, Number("tokens", 0, 1e8, "Last tokens that the serving engine keeps of those layers.")
    ]
    state_mb_per_sequence: Annotated[
        float, Number("MB/sequence", 0, 1e5, "State of layers that keep no tokens, at any length.")
    ]

    gpu_memory_gb: Annotated[float, Number("GB", 1, 10000, "Memory of one GPU.")]
    gpu_bandwidth_gb_per_s: Annotated[float, Number("GB/s", 10, 1e6, "Memory bandwidth of one GPU.")]
    gpu_link_gb_per_s: Annotated[
        float, Number("GB/s", 0.1, 1e6, "What one GPU sends to the others of its replica, in one direction.")
    ]
    gpu_tflops: Annotated[float, Number("TFLOPS", 1, 1e6, "Dense compute of one GPU at the precision it computes in.")]
    gpus_per_replica: Annotated[
        int, Number("GPUs/replica", 1, 1024, "GPUs that together hold one copy of the model.", whole=True)
    ]
    attention_parallel: Annotated[
        Literal["tensor", "data"],
        Field(
            description="GPUs of a replica split every sequence (tensor), or each has sequences of its own (data), "
            "which keeps a compressed cache once."
        ),
    ]

    bandwidth_utilization_frac: Annotated[
        float, Number("share", 0.01, 1, "Share of the memory bandwidth at which a step reads weights.")
    ]
    cache_bandwidth_utilization_frac: Annotated[
        float, Number("share", 0.01, 1, "Share of the memory bandwidth at which a step reads attention caches.")
    ]
    compute_utilization_frac: Annotated[
        float, Number("share", 0.01, 1, "Share of the compute that decode steps achieve.")
    ]
    prefill_utilization_frac: Annotated[float, Number("share", 0.01, 1, "Share of the compute that prefill achieves.")]
    step_overhead_ms: Annotated[float, Number("ms", 0, 100, "Fixed time of one decode step: launches, scheduling.")]
    layer_sync_us: Annotated[
        float,
        Number(
            "us", 0, 1e4, "Time in which two GPUs wait for each other at a layer; more wait by the root of the others."
        ),
    ]
    sequence_overhead_us: Annotated[
        float, Number("us", 0, 1e5, "Time of a step for each sequence in it: sampling, bookkeeping.")
    ]
    throughput_ratio: Annotated[
        float, Number("ratio", 0.05, 20, "Throughput relative to what sizing works out: the band of its uncertainty.")
    ]

    measured_tok_per_s_per_gpu: Annotated[
        float, Number("tok/s/GPU", 0, 1e7, "Output rate that you measured; 0: nothing measured.")
    ]
    measured_gpus: Annotated[int, Number("GPUs", 1, 1024, "GPUs of the replica that was measured.", whole=True)]
    measured_input_tokens: Annotated[float, Number("tokens", 1, 2e6, "Input length of the measurement.")]
    measured_output_tokens: Annotated[float, Number("tokens", 1, 2e5, "Output length of the measurement.")]
    measured_cached_frac: Annotated[
        float, Number("share", 0, 1, "Share of the input that the prompt cache held in the measurement.")
    ]
    measured_time_per_token_ms: Annotated[
        float, Number("ms", 0, 1e5, "Time per output token of the measurement; 0: not known.")
    ]
    measured_concurrency_requests: Annotated[
        float, Number("requests", 0, 1e6, "Requests at once of the measurement; 0: not known.")
    ]
    measured_is_lower_bound: Annotated[
        bool, Field(description="The measured rate is a lower bound: a run too short, or a load that was carried.")
    ]

    usable_memory_frac: Annotated[float, Number("share", 0.1, 1, "Share of the GPU memory that a server may use.")]
    memory_reserve_gb: Annotated[float, Number("GB", 0, 100, "Memory of each GPU kept for activations and buffers.")]
    utilization_ceiling_frac: Annotated[
        float, Number("share", 0.05, 1, "Highest load of a replica in the busiest hour; the rest absorbs bursts.")
    ]
    spare_replicas: Annotated[
        float, Number("replicas", 0, 1000, "Replicas beyond what the peak needs, for failures and maintenance.")
    ]
    standby: Annotated[
        Literal["none", "server", "site"],
        Field(description="What stands by beside the servers of the peak: nothing, one server, or a second site."),
    ]
    fractional_replicas: Annotated[
        bool, Field(description="Count fractions of replicas and servers, as some publications do.")
    ]

    @property
    def memo(self) -> dict[str, Any]:
        """Quantities already known of this very replica, in whichever scenario it serves."""
        private: Any = self.__pydantic_private__  # as self._memo, without the search that each access would be
        return private["_memo"]

    def __copy__(self) -> Self:
        """A copy is made to be changed, so nothing is known of it."""
        copied = super().__copy__()
        copied._memo = {}
        return copied

    def check(self, prefix: str, request_tokens: Any) -> None:
        """Refuse a model that does not fit into its replica's memory or leaves no room for a request so long."""
        if np.any(self.wide_params_b > self.total_params_b):
            raise _not_above(prefix, "wide_params_b", "total_params_b", "of which it is a part")
        if np.any(self.index_bytes_per_token > self.kv_bytes_per_token):
            raise _not_above(prefix, "index_bytes_per_token", "kv_bytes_per_token", "of which it is one")
        if self.experts_per_token > self.experts:
            raise _not_above(prefix, "experts_per_token", "experts", "among which a token picks")
        room = memory_left_gb(self)
        if np.any(room <= 0):
            offered = self.gpus_per_replica * (self.usable_memory_frac * self.gpu_memory_gb - self.memory_reserve_gb)
            raise ScenarioError(
                "{path} is {gpus}, but {model} in {precision} needs {needed} GB for its weights and {gpus} x {gpu} "
                "offer {offered} GB: take more GPUs, a smaller precision or a larger GPU.",
                path=At(f"{prefix}.gpus_per_replica"),
                gpus=self.gpus_per_replica,
                model=self.model,
                gpu=self.gpu,
                precision=self.precision,
                needed=f"{np.max(offered - room):.0f}",
                offered=f"{np.min(offered):.0f}",
            )
        needed = sequence_gb(self, request_tokens)
        if np.any(room < needed):
            raise ScenarioError(
                "{path} is {gpus}, which leaves {room} GB beside the weights, but one request of {tokens} tokens needs "
                "{needed} GB: take more GPUs or shorter requests.",
                path=At(f"{prefix}.gpus_per_replica"),
                gpus=self.gpus_per_replica,
                room=Amount(_rounded(np.min(room)), ""),
                tokens=numeral(np.max(request_tokens), ",.0f"),
                needed=Amount(_rounded(np.max(needed)), ""),
            )


def check_whole_replicas(prefix: str, gpus_per_replica: int, gpus_per_server: int) -> None:
    """Refuse replicas that do not fit whole into servers, or servers that do not fit whole into replicas."""
    larger, smaller = max(gpus_per_replica, gpus_per_server), min(gpus_per_replica, gpus_per_server)
    if larger % smaller:
        raise ScenarioError(
            "{path} is {gpus}, which neither divides the {of_server} GPUs of a server nor is a multiple of them.",
            path=At(f"{prefix}.serving.gpus_per_replica"),
            gpus=gpus_per_replica,
            of_server=gpus_per_server,
        )


def _not_above(prefix: str, part: str, whole: str, why: str) -> ScenarioError:
    return ScenarioError(f"{{part}} must not exceed {{whole}}, {why}.", part=At(f"{prefix}.{part}"),
                         whole=At(f"{prefix}.{whole}"))  # fmt: skip


def _rounded(amount: Value) -> float:
    return float(f"{amount:.3g}")


def assembled(figures: Mapping[str, Any]) -> Serving:
    """A replica, or many as arrays, of figures that nobody entered: neither checked nor complete."""
    construct: Any = Serving.model_construct
    replica: Serving = construct(**figures)
    return replica
