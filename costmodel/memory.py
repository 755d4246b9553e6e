"""Memory of a model on GPUs: its weights, and what it keeps and reads of each sequence, by kind of layer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from costmodel.arrays import Value
from costmodel.quantity import remembered
from costmodel.units import BYTES_PER_GB, MB_PER_GB

if TYPE_CHECKING:
    from costmodel.serving import Serving

WIDE_BYTES_PER_PARAMETER = 2  # embedding and head stay in 16 bits
STATE_PASSES = 2  # a step reads a state and writes it back


def weights_gb(serving: Serving) -> Value:
    """Memory of the weights of one replica, GB: parameters that pruning leaves x bytes each, embedding and head apart.

    Assumes that pruning leaves embedding and head whole, as structured pruning does.
    """
    narrow = (serving.total_params_b - serving.wide_params_b) * (1 - serving.pruned_frac)
    return narrow * serving.weight_bytes_per_parameter + serving.wide_params_b * WIDE_BYTES_PER_PARAMETER


def routed_frac(serving: Serving) -> Value:
    """Share of the weights that lies in experts of which a token takes some; 0 for a dense model.

    Solves active = shared + routed x experts per token / experts for the routed part.
    """
    chosen = serving.experts_per_token / np.maximum(serving.experts, 1)
    routed = (serving.total_params_b - serving.active_params_b) / np.where(chosen < 1, 1 - chosen, 1)
    return np.where(chosen > 0, np.maximum(np.minimum(routed / serving.total_params_b, 1), 0), 0)


@remembered
def weights_held_gb(serving: Serving) -> tuple[Value, Value]:
    """Weights of one replica in two parts, GB: those that every token needs, and those in experts.

    With data-parallel attention each GPU has all of the former.
    """
    weights, routed = weights_gb(serving), routed_frac(serving)
    copies = np.where(serving.attention_parallel == "data", serving.gpus_per_replica, 1)
    return weights * (1 - routed) * copies, weights * routed


@remembered
def memory_left_gb(serving: Serving) -> Value:
    """Memory of one replica that its weights leave for sequences, GB; negative where the weights do not fit."""
    usable = serving.usable_memory_frac * serving.gpu_memory_gb - serving.memory_reserve_gb
    shared, routed = weights_held_gb(serving)
    return serving.gpus_per_replica * usable - shared - routed


@remembered
def cache_copies(serving: Serving) -> Value:
    """How often a replica keeps each token's attention cache.

    GPUs that split every layer split the cache by its heads: with fewer heads than GPUs, each head lies on several. A
    compressed cache is one for all heads, so each GPU has the whole of it. Where attention runs data-parallel, each GPU
    has sequences of its own.
    """
    split = np.maximum(serving.gpus_per_replica / serving.kv_heads, 1)
    return np.where(serving.attention_parallel == "data", 1, split)


def sequence_gb(serving: Serving, tokens: Value) -> Value:
    """Memory that one replica keeps for a sequence of `tokens`, GB: caches of all tokens, windows and states."""
    # bytes = bytes/token * tokens
    every = serving.kv_bytes_per_token * tokens
    windows = serving.window_kv_bytes_per_token * np.minimum(tokens, serving.window_kept_tokens)
    return cache_copies(serving) * (every + windows) / BYTES_PER_GB + serving.state_mb_per_sequence / MB_PER_GB


def sequence_read_gb(serving: Serving, tokens: Value) -> Value:
    """What the GPUs of a replica read for the next token of a sequence that has `tokens`, GB.

    Sparse layers read their index in full and the tokens that it picks, windowed layers the last of them; a state is
    read and written.
    """
    picked = np.where(serving.sparse_read_tokens > 0, np.minimum(tokens, serving.sparse_read_tokens), tokens)
    every = serving.index_bytes_per_token * tokens
    every = every + (serving.kv_bytes_per_token - serving.index_bytes_per_token) * picked
    windows = serving.window_kv_bytes_per_token * np.minimum(tokens, serving.window_tokens)
    states = STATE_PASSES * serving.state_mb_per_sequence / MB_PER_GB
    return cache_copies(serving) * (every + windows) / BYTES_PER_GB + states


def sequences_in_memory(serving: Serving, tokens: Value) -> Value:
    """Sequences of `tokens` that fit into one replica at once, fractions included; 0 where the weights do not fit."""
    return np.maximum(memory_left_gb(serving), 0) / sequence_gb(serving, tokens)
