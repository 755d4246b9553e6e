"""'I measured' on the sizing page: the form gives back what was entered, files fill it, undo takes it away."""

from datetime import date

import pytest

from costmodel.comparison import compare
from costmodel.sizing import concurrency, replica_tok_per_s, time_per_token_ms
from pricing.documents import Opened, document, to_link
from pricing.origins import YOURS, origins
from pricing.presets import DEFAULT, preset
from reports.words import measured as words
from reports.words.cards import card
from reports.words.verdict import verdict
from tests import benchmark_files as files
from tests.neutral import generated
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


def fill(visitor: Visitor, **values: float | str | None) -> Visitor:
    """Type into the form, a number with all of its digits, and hand it in."""
    for name, value in values.items():
        visitor.widget(key(name)).set_value("" if value is None else value if isinstance(value, str) else repr(value))
    return visitor.press(SUBMIT)


def upload(visitor: Visitor, *runs: bytes, kind: str = "json") -> Visitor:
    contents = [(f"run-{i}.{kind}", content, "application/octet-stream") for i, content in enumerate(runs)]
    visitor.at.file_uploader(key=key("files")).set_value(contents)
    return visitor.run()


def form(visitor: Visitor) -> dict[str, str]:
    """The texts of the form; a field that is empty has none."""
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
    assert form(visitor)["tok_per_s"] == ""
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
    assert form(visitor)["tok_per_s"] == ""


def test_entering_what_sizing_shows_changes_nothing():
    visitor = arrive()
    task, before = compare(visitor.scenario)[OWN].task, rate(visitor)
    fill(visitor, tok_per_s=before, concurrency_requests=float(concurrency(task)),
         time_per_token_ms=float(time_per_token_ms(task)))  # fmt: skip
    assert rate(visitor) == pytest.approx(before, rel=1e-9)


def test_the_measurement_is_taken_back_by_its_button_and_the_form_keeps_what_it_was():
    visitor = fill(arrive(), tok_per_s=3200.0, gpus=2, time_per_token_ms=40.0)
    assert serving(visitor).measured_tok_per_s_per_gpu == 1600
    workload = SCENARIO.workload
    assert form(visitor) == {
        "tok_per_s": "3,200", "gpus": "2", "input_tokens": f"{workload.input_tokens_per_request:,g}",
        "output_tokens": f"{generated(workload, SCENARIO.options[OWN]):,g}", "concurrency_requests": "",
        "time_per_token_ms": "40", "cached_frac": f"{workload.cached_input_frac * 100:g}",
    }  # fmt: skip
    visitor.press(FORGET)
    assert serving(visitor).measured_tok_per_s_per_gpu == 0


@pytest.mark.parametrize("missing", words.EMPTY)
def test_an_empty_field_is_asked_for_and_nothing_typed_is_lost(missing):
    visitor = arrive()
    before = visitor.plain
    typed = {"tok_per_s": "900", "gpus": "3", "time_per_token_ms": "21"}
    fill(visitor, **{**typed, missing: None})
    assert visitor.complaints == [words.EMPTY[missing]]
    assert visitor.plain == before
    kept = form(visitor)
    assert kept | {name: value for name, value in typed.items() if name != missing} == kept
    assert one_sentence(words.EMPTY[missing])


def test_what_is_out_of_bounds_is_refused_in_a_sentence():
    visitor = fill(arrive(), tok_per_s=1e12, gpus=2.5, cached_frac="140 %")
    assert visitor.complaints == [
        "Output tokens a second must lie between 0 and 10 billion tokens per second, not 1 trillion.",
        "On how many GPUs must be a whole number (GPUs), not 2.5.",
        "Input from a prompt cache (%) must lie between 0 and 100 %, not 140 %.",
    ]
    (told,) = fill(visitor, tok_per_s=1e9, gpus=1, cached_frac=0).complaints
    assert "must lie between" in told, "per GPU it is more than the scenario takes"
    assert one_sentence(told)


def test_numbers_are_read_as_people_write_them_and_what_cannot_be_read_is_kept():
    visitor = arrive()
    before = visitor.plain
    typed = {"tok_per_s": "1.2k", "gpus": "two", "time_per_token_ms": "1.234", "cached_frac": "12,5"}
    fill(visitor, **typed)
    assert visitor.plain == before
    assert form(visitor) | typed == form(visitor), "every text stands as it was typed"
    assert "Read as 1,200 tokens per second." in visitor.texts("taken")
    number, ambiguous = visitor.complaints
    assert "“two” is not a number" in number
    assert "“1.234” can be read as" in ambiguous
    visitor.go("overview").go("sizing").enter("sized", OWN)
    assert form(visitor) | typed == form(visitor), "also after a look at another page"
    fill(visitor, gpus="2", time_per_token_ms="12,5")
    assert visitor.complaints == []
    found = serving(visitor)
    assert (found.measured_tok_per_s_per_gpu, found.measured_gpus) == (600, 2)
    assert (found.measured_time_per_token_ms, found.measured_cached_frac) == (12.5, 0.125)


def test_a_field_left_as_it_is_keeps_every_digit_of_what_it_started_from():
    third = 1000 / 3
    path = f"options.{OWN}.serving.measured_"
    exact = {"tok_per_s_per_gpu": 1e6 / 7, "input_tokens": third, "cached_frac": 1 / 7, "time_per_token_ms": third / 9}
    scenario = SCENARIO.vary({path + name: value for name, value in exact.items()})
    visitor = Visitor(to_link(document(Opened(scenario, DEFAULT))))
    visitor.go("sizing").enter("sized", OWN)
    fill(visitor, output_tokens="77")
    assert visitor.complaints == []
    now = serving(visitor)
    assert now.measured_output_tokens == 77
    kept = {name: getattr(now, f"measured_{name}") for name in exact}
    assert kept == exact


def test_a_sweep_fills_the_form_and_becomes_the_curve():
    visitor = upload(arrive(), *(files.text(run) for run in SWEEP))
    assert visitor.complaints == []
    assert [told.value for told in visitor.at.success] == ["3 points read from 3 files: vllm bench serve."]
    assert form(visitor) == {
        "tok_per_s": "2,400", "gpus": "4", "input_tokens": "300", "output_tokens": "40", "concurrency_requests": "32",
        "time_per_token_ms": "28", "cached_frac": "0",
    }  # fmt: skip
    assert serving(visitor).measured_tok_per_s_per_gpu == 0, "nothing changes until it is asked for"
    visitor.press(SUBMIT)
    measured = serving(visitor)
    assert (measured.measured_tok_per_s_per_gpu, measured.measured_gpus) == (600, 4)
    drawn = visitor.at.session_state["sweeps"][OWN]
    assert drawn.tok_per_s_per_gpu == 600
    assert [(p.time_per_token_ms, p.tok_per_s_per_gpu) for p in drawn.sweep] == [(12, 250), (28, 600), (90, 1000)]
    visitor.go("workload").go("sizing").enter("sized", OWN)
    in_use = "In use: what was read from run-0.json, run-1.json and run-2.json."
    assert in_use in [told.value for told in visitor.at.caption], "the files are gone with the page, not what they said"
    visitor.press("Undo")
    assert serving(visitor).measured_tok_per_s_per_gpu == 0
    assert in_use not in [told.value for told in visitor.at.caption]


def test_gpus_are_asked_for_where_no_file_says_them():
    visitor = upload(arrive(), files.text(files.vllm()))
    assert any("the files do not say" in text for text in visitor.markdown)
    assert form(visitor)["tok_per_s"] == ""
    visitor.enter(key("file_gpus"), "2,5")
    assert visitor.complaints == ["GPUs that ran it (the files do not say) must be a whole number (GPUs), not 2.5."]
    assert (visitor.widget(key("file_gpus")).value, form(visitor)["tok_per_s"]) == ("2,5", "")
    visitor.enter(key("file_gpus"), 3)
    assert (form(visitor)["tok_per_s"], form(visitor)["gpus"]) == ("1,200", "3")
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
    assert form(visitor)["tok_per_s"] == ""


def test_a_run_that_gives_a_lower_bound_is_told_to_wherever_what_was_measured_is():
    short = {"duration": 10.0, "total_output_tokens": 12_000, "completed": 300, "total_input_tokens": 90_000}
    visitor = upload(arrive(), files.text(files.vllm(**short, **HELD)))
    visitor.press(SUBMIT)
    assert serving(visitor).measured_is_lower_bound
    told = "a lower bound"
    assert told in visitor.at.success[0].value
    assert any("You measured" in text and told in text for text in visitor.markdown)
    comparison = compare(visitor.scenario)
    assert f"speed as you measured it, {told}" in card(visitor.opened, comparison, OWN)
    assert f"{told} of what the GPUs do, so less may do: {comparison[OWN].label}." in verdict(comparison).owning
    fill(visitor, tok_per_s=1500.0)
    assert serving(visitor).measured_is_lower_bound, "until the box is cleared"
    visitor.press(FORGET)
    assert told not in verdict(compare(visitor.scenario)).owning
    assert not serving(visitor).measured_is_lower_bound


def test_a_point_slower_than_the_limit_is_scaled_to_it_and_a_ceiling_counts_half():
    slow = upload(arrive(), files.text(held(128, 4000.0, LIMIT * 2)))
    assert any("keep the limit" in text for text in slow.markdown)
    assert form(slow)["time_per_token_ms"] == f"{LIMIT * 2:g}"
    slow.press(SUBMIT)
    assert 0 < serving(slow).measured_tok_per_s_per_gpu == 1000
    ceiling = upload(arrive(), files.text(files.vllm(**HELD, max_concurrency=None)))
    assert (form(ceiling)["tok_per_s"], form(ceiling)["time_per_token_ms"]) == ("600", f"{LIMIT:g}")
    assert form(ceiling)["concurrency_requests"] == ""
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
    assert form(visitor)["tok_per_s"] in ("2,400", "3,000")
    choices = visitor.widget(key("curve"))
    assert len(choices.options) == 2
    visitor.enter(key("curve"), 1 if form(visitor)["tok_per_s"] == "2,400" else 0)
    assert form(visitor)["tok_per_s"] in ("2,400", "3,000")


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
