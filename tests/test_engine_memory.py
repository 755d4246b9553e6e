"""Memory by kind of layer: what weights take, what a sequence keeps and what a step reads, against published ones."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costmodel.memory import (
    cache_copies,
    memory_left_gb,
    sequence_gb,
    sequence_read_gb,
    sequences_in_memory,
    weights_gb,
)
from costmodel.serving import assembled
from pricing.facts import OpenModel, rows
from pricing.throughput import hardware

MODELS = [row.name for row in rows(OpenModel)]


def served(model="Llama 3.3 70B", precision="FP8", gpu="H100", gpus=1, attention_parallel="tensor", **fields):
    written = {name: value for name, (value, _) in hardware(model, precision, gpu).items()}
    own = {"gpus_per_replica": gpus, "attention_parallel": attention_parallel, "pruned_frac": 0}
    return assembled({**written, **own, "usable_memory_frac": 0.9, "memory_reserve_gb": 2, **fields})


@pytest.mark.parametrize(
    ("model", "precision", "gb"),
    [
        ("Llama 3.3 70B", "FP4", 42.7),
        ("Llama 3.1 8B", "FP4", 6.0),
        ("Llama 3.3 70B", "FP8", 72.7),
        ("Llama 3.3 70B", "FP16", 141.2),
        ("gpt-oss 120B", "FP4", 65.2),
        ("gpt-oss 20B", "FP4", 13.8),
    ],
)
def test_weights_take_what_the_published_checkpoints_take(model, precision, gb):
    assert weights_gb(served(model, precision)) == pytest.approx(gb, rel=0.015)


def test_a_compressed_cache_lies_on_every_gpu_unless_attention_is_data_parallel():
    split = served("DeepSeek V3", "FP8", "H200", 8)
    assert sequences_in_memory(split, 30_500) == pytest.approx(38, abs=0.5)
    apart = served("DeepSeek V3", "FP8", "H200", 8, attention_parallel="data")
    assert 4 < sequences_in_memory(apart, 30_500) / sequences_in_memory(split, 30_500) < 8
    assert sequence_gb(apart, 30_500) * 8 == pytest.approx(sequence_gb(split, 30_500))
    assert memory_left_gb(apart) < memory_left_gb(split)  # what all experts share lies on every GPU


@pytest.mark.parametrize(("gpus", "copies"), [(1, 1), (4, 1), (8, 2), (16, 4)])
def test_fewer_heads_than_gpus_are_kept_more_than_once(gpus, copies):
    assert cache_copies(served("Qwen3 235B-A22B", "FP8", "H100", gpus)) == copies


def test_windowed_layers_keep_their_window_only():
    gemma = served("Gemma 3 27B", "FP16", "H100")
    assert sequences_in_memory(gemma, 32_000) > 1
    assert sequence_gb(gemma, 32_000) == pytest.approx((81_920 * 32_000 + 425_984 * 1024) / 1e9)
    assert sequence_gb(gemma, 500) == pytest.approx(507_904 * 500 / 1e9)


def test_chunks_are_read_in_part_and_kept_whole():
    llama = served("Llama 4 Scout", "FP16", "H100")
    assert sequence_gb(llama, 100_000) == pytest.approx(196_608 * 100_000 / 1e9)
    assert sequence_read_gb(llama, 100_000) == pytest.approx((49_152 * 100_000 + 147_456 * 8192) / 1e9)


def test_sparse_layers_read_their_index_and_what_it_picks():
    sparse, whole = (served(model, "FP8", "H200", 1) for model in ("DeepSeek V3.2", "DeepSeek V3"))
    assert sequence_read_gb(sparse, 100_000) == pytest.approx((8052 * 100_000 + 35_136 * 2048) / 1e9)
    assert sequence_gb(sparse, 100_000) == pytest.approx((8052 + 35_136) * 100_000 / 1e9)
    assert sequence_read_gb(whole, 100_000) == pytest.approx(35_136 * 100_000 / 1e9)


def test_a_state_takes_the_same_memory_at_any_length():
    linear = served("Qwen3.6 35B-A3B", "FP8", "H100")
    grown = sequence_gb(linear, 50_000) - sequence_gb(linear, 10_000)
    assert grown == pytest.approx(10_240 * 40_000 / 1e9)
    assert sequence_gb(linear, 1) == pytest.approx(0.0644, rel=1e-3)


def test_a_model_that_does_not_fit_holds_nothing():
    assert memory_left_gb(served("Llama 3.1 405B", "FP8", "H100", 4)) < 0
    assert sequences_in_memory(served("Llama 3.1 405B", "FP8", "H100", 4), 1000) == 0


@given(
    model=st.sampled_from(MODELS),
    gpus=st.sampled_from([1, 2, 4, 8, 16]),
    parallel=st.sampled_from(["tensor", "data"]),
    tokens=st.floats(1, 2e5),
    longer=st.floats(1, 1.5),
)
def test_longer_sequences_never_take_or_read_less_and_more_cache_holds_fewer(model, gpus, parallel, tokens, longer):
    one = served(model, "FP8", "H200", gpus, parallel)
    assert sequence_gb(one, tokens * longer) >= sequence_gb(one, tokens)
    assert sequence_read_gb(one, tokens * longer) >= sequence_read_gb(one, tokens)
    assert sequence_read_gb(one, tokens) <= sequence_gb(one, tokens) + one.state_mb_per_sequence / 1e3 + 1e-12
    wider = served(model, "FP8", "H200", gpus, parallel, kv_bytes_per_token=one.kv_bytes_per_token * longer)
    assert sequences_in_memory(wider, tokens) <= sequences_in_memory(one, tokens)


def test_a_changed_copy_of_a_replica_is_worked_out_anew_and_equal_replicas_are_equal():
    one, same = served(gpus=2), served(gpus=2)
    known = memory_left_gb(one)
    changed = one.model_copy(update={"gpus_per_replica": 4})
    assert memory_left_gb(changed) == memory_left_gb(served(gpus=4)) > known
    assert one == same != changed
