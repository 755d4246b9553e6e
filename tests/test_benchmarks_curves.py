"""A sweep becomes a curve and one anchor against targets; what is no capacity is told so."""

import pytest

from benchmarks import read
from tests import benchmark_files as files
from tests.benchmark_files import text
from tests.sentence import one_sentence

HELD = {"tensor_parallel_size": "4"}


def held(concurrency: int, rate: float, tpot: float, **more) -> dict:
    """A closed loop on four GPUs that made so many tokens a second."""
    tokens = int(rate * 200)
    totals = {"total_output_tokens": tokens, "completed": tokens // 40, "total_input_tokens": tokens // 40 * 300}
    speed = {"output_throughput": rate, "request_throughput": rate / 40, "median_tpot_ms": tpot}
    return files.vllm(max_concurrency=concurrency, **HELD, **totals, **speed, **more)


SWEEP = [held(128, 4000.0, 90.0), held(8, 1000.0, 12.0), held(32, 2400.0, 28.0)]


def reading(*runs: dict, **more):
    """Each run in a file of its own."""
    return read([(f"{place}.json", text(run)) for place, run in enumerate(runs)], **more)


@pytest.mark.parametrize(("limit", "rate"), [(None, 1000.0), (50, 600.0), (20, 250.0), (5, None)])
def test_the_fastest_point_that_keeps_the_target_is_the_anchor(limit, rate):
    (curve,) = reading(*SWEEP, time_per_token_ms=limit).curves
    assert [point.concurrency for point in curve.points] == [8, 32, 128]
    assert (curve.anchor and curve.anchor.point.output_tokens_per_second_per_gpu) == rate
    assert bool(curve.sentences) == (rate is None)


def test_the_anchor_has_the_fields_of_the_form():
    anchor = reading(*SWEEP, time_per_token_ms=50).anchor
    assert anchor.fields() == {
        "measured_tok_per_s_per_gpu": 600.0,
        "measured_gpus": 4,
        "measured_input_tokens": 300.0,
        "measured_output_tokens": 40.0,
        "measured_time_per_token_ms": 28.0,
        "measured_concurrency": 32.0,
        "measured_cached_frac": 0.0,
    }


def test_a_target_for_the_first_token_counts_too():
    slow = held(32, 2400.0, 28.0, median_ttft_ms=900.0)
    assert reading(held(8, 1000.0, 12.0), slow, first_token_ms=500).anchor.point.concurrency == 8


@pytest.mark.parametrize(
    "other",
    [
        {"model_id": "org/other"},
        {"tensor_parallel_size": "8"},
        {"total_input_tokens": 18_000_000},
        {"completed": 3000},
    ],
)
def test_other_models_lengths_and_gpus_do_not_mix(other):
    found = reading(held(48, 1200.0, 38.0), held(48, 1200.0, 38.0) | other)
    assert len(found.curves) == 2
    assert found.anchor is None  # which of two to size from is the reader's choice


def test_gpus_are_asked_for_and_never_assumed():
    found = reading(files.vllm())
    assert found.asks_gpus
    assert found.anchor is None
    assert "enter their number" in found.curves[0].sentences[0]
    assert reading(files.vllm(), gpus=3).anchor.fields()["measured_tok_per_s_per_gpu"] == 400


def test_gpus_of_the_file_stand_above_those_entered():
    (point,) = reading(files.vllm(**HELD), gpus=2).points
    assert point.gpus == 4
    assert any("4 GPUs, which stands above the 2" in sentence for sentence in point.sentences)


OPEN = {"request_rate": 30.0, "max_concurrency": None, **HELD}


@pytest.mark.parametrize(
    ("run", "told"),
    [
        (files.vllm(**OPEN), "this is a load and no capacity"),
        (held(1, 60.0, 9.0), "One request at a time"),
        (files.vllm(failed=61, **HELD), "61 of 6,061 requests failed"),
        (files.vllm(ramp_up_strategy="linear", **HELD), "ramped up"),
    ],
)
def test_what_is_no_capacity_gives_no_anchor_and_says_why(run, told):
    found = reading(run)
    assert found.anchor is None
    assert any(told in sentence for sentence in found.points[0].sentences)
    assert found.curves[0].sentences


def test_one_percent_of_failures_is_still_a_capacity():
    found = reading(files.vllm(completed=5940, failed=60, **HELD))
    assert found.anchor is not None
    assert "60 of 6,000 requests failed." in found.anchor.sentences


def test_a_load_becomes_an_anchor_once_a_faster_point_shows_where_it_ends():
    behind = held(48, 1400.0, 300.0) | {"request_rate": 60.0, "max_concurrency": None, "median_ttft_ms": 5000.0}
    found = reading(files.vllm(**OPEN), behind, time_per_token_ms=50)
    assert found.anchor.point.output_tokens_per_second == 1200
    assert any("a lower bound" in sentence for sentence in found.anchor.sentences)


def test_a_ceiling_counts_half_against_a_rate_that_was_served():
    ceiling = held(48, 2000.0, 60.0) | {"max_concurrency": None}
    assert reading(ceiling).anchor.point.basis == "ceiling"
    assert reading(ceiling, held(48, 1200.0, 38.0)).anchor.point.basis == "closed_loop"
    assert reading(ceiling).anchor.fields()["measured_tok_per_s_per_gpu"] == 500  # as measured, and told what it is
    assert any(sentence.startswith("A ceiling") for sentence in reading(ceiling).anchor.sentences)


def test_a_short_run_is_a_lower_bound():
    short = files.vllm(duration=10.0, total_output_tokens=12_000, completed=300, total_input_tokens=90_000, **HELD)
    assert any("too short" in sentence for sentence in reading(short).anchor.sentences)
    assert not any("too short" in sentence for sentence in reading(files.vllm(**HELD)).anchor.sentences)
    assert reading(short).anchor.point.is_lower_bound
    assert not reading(files.vllm(**HELD)).anchor.point.is_lower_bound


def test_tokens_that_the_end_cut_off_are_told():
    run = files.guidellm_run()
    run["metrics"]["output_tokens_per_second"]["total"]["mean"] = 1600.0
    (point,) = reading(files.guidellm(run)).points
    assert any("cut off it made 1,600 tokens" in sentence for sentence in point.sentences)
    assert point.is_lower_bound


def test_one_run_in_three_formats_is_one_point_of_the_curve():
    guidellm = [("b.json", text(files.guidellm())), ("b.csv", files.GUIDELLM_CSV)]
    aiperf = [("a.csv", files.AIPERF_CSV), ("a.json", text(files.aiperf()))]
    for content, best in ((guidellm, "b.json"), (aiperf, "a.json")):
        found = read(content, gpus=2)
        assert len(found.points) == 2
        assert [point.file for curve in found.curves for point in curve.points] == [best]


def test_every_sentence_is_one():
    runs = [*SWEEP, files.vllm(**OPEN), files.vllm(failed=90), files.sglang(accept_length=3.0), files.stage(),
            files.guidellm(), files.aiperf(is_complete=False), files.endpoints()]  # fmt: skip
    found = reading(*runs, gpus=2)
    told = [sentence for point in found.points for sentence in point.sentences]
    told += [sentence for curve in found.curves for sentence in curve.sentences]
    told += [sentence for curve in found.curves if curve.anchor for sentence in curve.anchor.sentences]
    for sentence in told:
        one_sentence(sentence)
