"""'I measured' on the sizing page: the form gives back what was entered, files fill it, undo takes it away."""

from datetime import date

import pytest

from costmodel.comparison import compare
from costmodel.sizing import replica_tok_per_s, requests_at_once, time_per_token_ms
from pricing.origins import YOURS, origins
from pricing.presets import DEFAULT, preset
from reports import measured as words
from tests import benchmark_files as files
from tests.sentence import one_sentence
from tests.test_benchmarks_curves import HELD, SWEEP, held
from tests.test_pages_sizing import OWN
from tests.visitor import Visitor

SCENARIO = preset(DEFAULT).scenario
LIMIT = SCENARIO.workload.time_per_token_limit_ms
SUBMIT, FORGET = "Size from my measurement", "Size from the catalogue again"
NAMES = [*words.EMPTY, "concurrency_requests", "time_per_token_ms"]


def key(name: str) -> str:
    return f"measured:{OWN}:{name}"


def arrive() -> Visitor:
    return Visitor().go("sizing").enter("sized", OWN)


def fill(visitor: Visitor, **values: float | None) -> Visitor:
    for name, value in values.items():
        visitor.widget(key(name)).set_value(value)
    return visitor.press(SUBMIT)


def upload(visitor: Visitor, *runs: bytes, kind: str = "json") -> Visitor:
    contents = [(f"run-{i}.{kind}", content, "application/octet-stream") for i, content in enumerate(runs)]
    visitor.at.file_uploader(key=key("files")).set_value(contents)
    return visitor.run()


def form(visitor: Visitor) -> dict[str, float | None]:
    return {name: visitor.widget(key(name)).value for name in NAMES}


def rate(visitor: Visitor) -> float:
    cost = compare(visitor.scenario)[OWN]
    return float(replica_tok_per_s(cost.task)) / cost.option.serving.gpus_per_replica


def serving(visitor: Visitor):
    return visitor.scenario.options[OWN].serving


@pytest.mark.parametrize("wanted", [1800.0, 137.5])
def test_a_rate_measured_as_sizing_assumes_comes_back_exactly_and_undo_takes_it_back(wanted):
    visitor = arrive()
    before = visitor.plain
    assert form(visitor)["tok_per_s"] is None
    fill(visitor, tok_per_s=wanted)
    assert visitor.complaints == []
    assert rate(visitor) == pytest.approx(wanted, rel=1e-9)
    (told,) = visitor.at.success
    assert f"{wanted:,.5g} output tokens/s per GPU" in told.value
    assert any("You measured" in text for text in visitor.markdown)
    path = f"options.{OWN}.serving.measured_tok_per_s_per_gpu"
    mine = origins(visitor.opened, [path])[path]
    assert (mine.confidence, mine.as_of) == (YOURS, date.today())
    visitor.press("Undo")
    assert visitor.plain == before
    assert not visitor.at.success
    assert form(visitor)["tok_per_s"] is None


def test_entering_what_sizing_shows_changes_nothing():
    visitor = arrive()
    task, before = compare(visitor.scenario)[OWN].task, rate(visitor)
    fill(visitor, tok_per_s=before, concurrency_requests=float(requests_at_once(task)),
         time_per_token_ms=float(time_per_token_ms(task)))  # fmt: skip
    assert rate(visitor) == pytest.approx(before, rel=1e-6)


def test_the_measurement_is_taken_back_by_its_button_and_the_form_keeps_what_it_was():
    visitor = fill(arrive(), tok_per_s=3200.0, gpus=2, time_per_token_ms=40.0)
    assert serving(visitor).measured_tok_per_s_per_gpu == 1600
    assert form(visitor) == {
        "tok_per_s": 3200.0, "gpus": 2, "input_tokens": SCENARIO.workload.input_tokens_per_request,
        "output_tokens": SCENARIO.workload.output_tokens_per_request, "concurrency_requests": None,
        "time_per_token_ms": 40.0, "cached_percent": SCENARIO.workload.cached_input_frac * 100,
    }  # fmt: skip
    visitor.press(FORGET)
    assert serving(visitor).measured_tok_per_s_per_gpu == 0


@pytest.mark.parametrize("missing", words.EMPTY)
def test_an_empty_field_is_asked_for_and_nothing_typed_is_lost(missing):
    visitor = arrive()
    before = visitor.plain
    typed = {"tok_per_s": 900.0, "gpus": 3, "time_per_token_ms": 21.0}
    fill(visitor, **{**typed, missing: None})
    assert visitor.complaints == [words.EMPTY[missing]]
    assert visitor.plain == before
    kept = form(visitor)
    assert kept | {name: value for name, value in typed.items() if name != missing} == kept
    assert one_sentence(words.EMPTY[missing])


def test_what_is_out_of_bounds_is_refused_in_a_sentence():
    visitor = fill(arrive(), tok_per_s=1e12)
    (told,) = visitor.complaints
    assert "measured_tok_per_s_per_gpu" in told
    assert "must lie between" in told


def test_a_sweep_fills_the_form_and_becomes_the_curve():
    visitor = upload(arrive(), *(files.text(run) for run in SWEEP))
    assert visitor.complaints == []
    assert [told.value for told in visitor.at.success] == ["3 points read from 3 files: vllm bench serve."]
    assert form(visitor) == {
        "tok_per_s": 2400.0, "gpus": 4, "input_tokens": 300.0, "output_tokens": 40.0, "concurrency_requests": 32.0,
        "time_per_token_ms": 28.0, "cached_percent": 0.0,
    }  # fmt: skip
    assert serving(visitor).measured_tok_per_s_per_gpu == 0, "nothing changes until it is asked for"
    visitor.press(SUBMIT)
    measured = serving(visitor)
    assert (measured.measured_tok_per_s_per_gpu, measured.measured_gpus) == (600, 4)
    drawn = visitor.at.session_state["sweeps"][OWN]
    assert drawn[0] == 600
    assert [(p.time_per_token_ms, p.tok_per_s_per_gpu) for p in drawn[1]] == [(12, 250), (28, 600), (90, 1000)]
    visitor.press("Undo")
    assert serving(visitor).measured_tok_per_s_per_gpu == 0


def test_gpus_are_asked_for_where_no_file_says_them():
    visitor = upload(arrive(), files.text(files.vllm()))
    assert any("on how many GPUs" in text for text in visitor.markdown)
    assert form(visitor)["tok_per_s"] is None
    visitor.enter(key("file_gpus"), 3)
    assert (form(visitor)["tok_per_s"], form(visitor)["gpus"]) == (1200, 3)
    visitor.press(SUBMIT)
    assert serving(visitor).measured_tok_per_s_per_gpu == 400


@pytest.mark.parametrize(
    ("run", "told"),
    [
        (held(1, 90.0, 11.0), "One request at a time"),
        (held(32, 2400.0, 28.0, failed=4000), "requests failed"),
        (files.vllm(**HELD, max_concurrency=None, request_rate=30.0), "kept up with every rate"),
    ],
)
def test_a_run_that_shows_no_capacity_is_told_so_and_leaves_the_form_alone(run, told):
    visitor = upload(arrive(), files.text(run))
    assert any(told in text for text in visitor.markdown)
    assert not visitor.at.success
    assert form(visitor)["tok_per_s"] is None


def test_a_point_slower_than_the_limit_is_scaled_to_it_and_a_ceiling_counts_half():
    slow = upload(arrive(), files.text(held(128, 4000.0, LIMIT * 2)))
    assert any("keep the limit" in text for text in slow.markdown)
    assert form(slow)["time_per_token_ms"] == LIMIT * 2
    slow.press(SUBMIT)
    assert 0 < serving(slow).measured_tok_per_s_per_gpu == 1000
    ceiling = upload(arrive(), files.text(files.vllm(**HELD, max_concurrency=None)))
    assert (form(ceiling)["tok_per_s"], form(ceiling)["time_per_token_ms"]) == (600, LIMIT)
    assert form(ceiling)["concurrency_requests"] is None
    assert any("It counts 50 %" in text for text in ceiling.markdown)


@pytest.mark.parametrize("content", [b"", b"not a result", b'{"a": [1, 2', b"\x00\xff" * 50])
def test_a_file_that_is_no_result_gets_one_sentence_and_changes_nothing(content):
    visitor = arrive()
    before = visitor.plain, form(visitor)
    upload(visitor, content)
    (told,) = visitor.complaints
    assert one_sentence(told)
    assert (visitor.plain, form(visitor)) == before


def test_a_file_of_another_model_and_one_without_lengths_are_told_so():
    visitor = upload(arrive(), files.text(held(32, 2400.0, 28.0)))
    assert any("names org/model-7b, and this option serves gpt-oss 120B" in text for text in visitor.markdown)
    visitor = upload(
        arrive(), files.text({**held(32, 2400.0, 28.0), "model_id": "openai/gpt-oss-120b", "total_input_tokens": 0})
    )
    assert not any("this option serves" in text for text in visitor.markdown)
    assert any("enter what the form leaves empty" in text for text in visitor.markdown)
    visitor.press(SUBMIT)
    assert visitor.complaints == [words.EMPTY["input_tokens"]]


def test_two_models_in_the_files_are_chosen_from():
    other = held(64, 3000.0, 20.0, model_id="org/other")
    visitor = upload(arrive(), files.text(held(32, 2400.0, 28.0)), files.text(other))
    assert form(visitor)["tok_per_s"] in (2400, 3000)
    choices = visitor.widget(key("curve"))
    assert len(choices.options) == 2
    visitor.enter(key("curve"), 1 if form(visitor)["tok_per_s"] == 2400 else 0)
    assert form(visitor)["tok_per_s"] in (2400, 3000)


def test_names_in_a_file_are_no_markup():
    run = held(32, 2400.0, 28.0, model_id="<b>x</b> **bold** [a](http://invalid)")
    visitor = upload(arrive(), files.text(run))
    assert "<b>x" not in visitor.html
    assert not any("[a](http" in text for text in visitor.markdown)


def test_the_readers_point_stands_at_its_own_time_or_the_one_worked_out_for_it():
    path = f"options.{OWN}.serving.measured_"
    base = SCENARIO.vary({f"{path}tok_per_s_per_gpu": 800.0})
    assert words.own_point(compare(SCENARIO)[OWN]) is None
    assert words.own_point(compare(base)[OWN]).time_per_token_ms == LIMIT
    told = words.own_point(compare(base.vary({f"{path}time_per_token_ms": 33.0}))[OWN])
    assert (told.time_per_token_ms, told.tok_per_s_per_gpu) == (33, 800)
    at_once = base.vary({f"{path}concurrency_requests": 20.0})
    measured = at_once.options[OWN].serving
    alone = words.own_point(compare(at_once)[OWN]).time_per_token_ms
    # A closed loop: requests at once = tokens a second x seconds between two of one request, prefill within.
    assert alone / 1000 * 800 * measured.measured_gpus == pytest.approx(20, rel=0.1)
