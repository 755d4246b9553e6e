"""Files that are no result, are cut, huge, nested or packed: one sentence each, and the others are still read."""

import json
import subprocess
import sys
import tracemalloc

import pytest
import yaml

from benchmarks import documents, read, yaml_text
from benchmarks.__main__ import main
from intake import json_text
from tests import benchmark_files as files
from tests.benchmark_files import SECRET, changed, del_, text
from tests.sentence import one_sentence

WHOLE = {
    "vllm.json": text(files.vllm(), files.vllm()),
    "sglang.jsonl": text(files.sglang()),
    "guidellm.json": text(files.guidellm()),
    "guidellm.yaml": yaml.safe_dump(files.guidellm()).encode(),
    "guidellm.csv": files.GUIDELLM_CSV,
    "aiperf.json": text(files.aiperf()),
    "aiperf.csv": files.AIPERF_CSV,
    "stage.json": text(files.stage()),
    "log.txt": files.log_summary(),
    "endpoints.json": text(files.endpoints()),
    "checker.csv": files.CHECKER_CSV,
    "system.json": text(files.SYSTEM),
}


def refusal(content: bytes, name: str = "some file.json") -> str:
    """The one sentence about a file that cannot be read."""
    reading = read([(name, content)])
    assert reading.points == ()
    (told,) = reading.refusals
    assert SECRET not in told
    return one_sentence(told)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b"[]", "no object with results"),
        (b"{}", "no result of a benchmark that is known"),
        (b"Dear all, the run is done", "no result of a benchmark that is known"),
        (b"a,b\n1,2\n", "no result of a benchmark that is known"),
        (b"name: x\nvalue: 3\n", "no result of a benchmark that is known"),
        (b"PK\x03\x04rest", "packed (ZIP)"),
        (b"\x1f\x8brest", "packed (gzip)"),
        (b"\x00\x01\x02", "is no text"),
        (b'{"model_id": wrong}', "is not JSON"),
        (b'{"model_id": "x",}', "is not JSON"),
        (b'{"a": [1}', "is not JSON"),
        (b'{"a" 1}', "is not JSON"),
        (b'{"a": [1, 2', "cut off"),
        (b'{"a": "x', "cut off"),
        (b"[" * 100_000, "nested more than"),
        (b'{"a":' * 100_000, "nested more than"),
        (b"a: " + b"[" * 500, "nested more than"),
        (b"key: [1, 2", "not whole YAML"),
        (b"x\n" * 100_000, "100,000 lines"),
        (text({"benchmarks": []}), "no benchmark"),
        (text(files.vllm(completed=0)), "no request succeeded"),
        (text(files.vllm(total_output_tokens=0, output_throughput=0)), "without output tokens"),
        (text(files.vllm(total_output_tokens=SECRET)), "a text as total_output_tokens"),
        (text(files.vllm(duration=-1)), "has \u22121 as duration"),
        (text(files.vllm(duration=[200])), "a list as duration"),
        (text(files.vllm(median_tpot_ms=True)), "true as median_tpot_ms"),
        (text(files.aiperf(time_to_first_token=files.metric("minutes", 1, 1))), "in 'minutes'"),
        (text(files.aiperf(output_token_throughput=files.metric("tokens/min", 1))), "in 'tokens/min'"),
        (text(changed(files.stage(), "successes.throughput", del_)), "no output tokens per second"),
        (text(files.endpoints(n_samples_completed=0)), "no completed samples"),
        (files.log_summary().replace(b"okens per second", b"okens per second (inferred)"), "no tokens per second"),
        (files.log_summary().replace(b"PerformanceOnly", b"AccuracyOnly"), "performance run"),
        (files.log_summary().split(b"Result is")[0], "cut off"),
        (files.CHECKER_CSV.replace(b",closed,", b",open,"), "no row of the closed division"),
        (text([{"benchmark": {"name": SECRET}, "metric": {}}]), "without .pytorch"),
        (text({"metadata": {}, "metrics": {}}), "single requests"),
        (text([{"start_time": 1, "end_time": 2, "request": SECRET}]), "single requests"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told_in_one_sentence(content, told):
    assert told in refusal(content)


def test_a_description_alone_measures_nothing():
    assert "measures none" in refusal(WHOLE["system.json"])


@pytest.mark.parametrize("name", WHOLE)
def test_a_file_that_is_cut_anywhere_is_refused_or_still_tells_the_truth(name):
    content = WHOLE[name]
    rates = {point.output_tokens_per_second for point in read([(name, content)]).points}
    for part in range(1, 40):
        reading = read([(name, content[: len(content) * part // 40])], gpus=2)
        assert {point.output_tokens_per_second for point in reading.points} <= rates
        assert reading.points or reading.refusals
        for told in reading.refusals:
            one_sentence(told)


def test_one_bad_file_does_not_stop_the_others():
    reading = read([("bad.json", b"{"), ("good.json", text(files.vllm()))])
    assert len(reading.points) == 1
    assert reading.refusals[0].startswith("bad.json is cut off")


def test_a_file_that_lies_beside_a_result_is_set_aside():
    beside = text([{"benchmark": {}, "metric": {}}])
    reading = read([("a.pytorch.json", beside), ("a.json", text(files.vllm()))])
    assert (len(reading.points), reading.refusals) == (1, ())
    assert one_sentence(reading.aside[0]).startswith("a.pytorch.json is vLLM's copy")
    assert read([("a.pytorch.json", beside)]).refusals


def test_a_cut_line_of_an_appended_file_refuses_it_rather_than_dropping_a_run():
    assert "cut off" in refusal(WHOLE["vllm.json"][:-30])


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_files_that_a_shell_wrote_are_read(encoding):
    content = json.dumps(files.vllm(), indent=1).replace("\n", "\r\n").encode(encoding)
    assert len(read([("x", content)]).points) == 1


def test_a_list_of_runs_is_read_like_runs_after_one_another():
    assert len(read([("x", json.dumps([files.vllm(), files.vllm()]).encode())]).points) == 2


def test_partial_fields_are_null_and_never_zero():
    bare = {"model_id": "m", "duration": 200.0, "completed": 6000, "total_output_tokens": 240_000}
    (point,) = read([("x", text(bare))]).points
    told = point.terms()
    assert told["output_tokens_per_second"] == 1200
    for key in ("gpus", "input_tokens_per_request", "tpot_ms_median", "ttft_ms_median", "concurrency"):
        assert told[key] is None


def test_texts_are_stepped_over_without_becoming_values():
    text_of = json.dumps([SECRET + ' "quoted" \\ {[ ' * 20] * 4_000)
    content = (
        text(files.vllm())[:-1] + f', "generated_texts": {text_of}, "itls": [{"[0.1, 0.2]," * 9_999}[]]}}'.encode()
    )
    peaks = []
    for _ in range(3):  # what is done once, or beside it in the same process, is not what reading takes
        tracemalloc.start()
        assert len(read([("x", content)]).points) == 1
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert min(peaks) < len(content) / 10  # where decoding the values takes several times the bytes


def test_yaml_aliases_share_what_they_name_and_single_requests_are_not_built():
    bomb = b"a: &a [x, x]\n" + b"".join(b"%c: &%c [*%c, *%c]\n" % (k, k, k - 1, k - 1) for k in range(98, 120))
    assert "no result of a benchmark" in refusal(bomb)
    (report,) = yaml_text.values(yaml.safe_dump(files.guidellm()).encode())
    assert "requests" not in report["benchmarks"][0]


def test_a_huge_file_is_refused_before_it_is_read(tmp_path, capsys):
    huge = tmp_path / "huge.json"
    with huge.open("wb") as file:
        file.truncate(documents.LARGEST_BYTES + 1)
    assert main([str(huge)]) == 2
    assert "more than the 256 MB" in one_sentence(capsys.readouterr().err.rstrip("\n"))


def test_a_long_list_or_object_is_refused(monkeypatch):
    monkeypatch.setattr(json_text, "MOST_ENTRIES", 3)
    assert "more than 3 fields" in refusal(text(files.vllm()))
    assert "more than 3 entries" in refusal(b"[1, 2, 3, 4]")


def test_json_values_are_those_of_the_standard_reader():
    content = {"a": [1, -2.5e3, 'xé\n"{', None, True, {"b": [[], {}]}], "": float("inf"), "c": {"d": "e"}}

    def plain(value):
        if isinstance(value, json_text.Fields):
            return {key: plain(value[key]) for key in value}
        return [plain(entry) for entry in value] if isinstance(value, list) else value

    for indent in (None, 2):
        assert [plain(value) for value in json_text.values(json.dumps(content, indent=indent).encode())] == [content]


@pytest.fixture
def saved(tmp_path):
    """`saved(name)` is the path of a file with that content."""

    def saved(name: str) -> str:
        (tmp_path / name).write_bytes(WHOLE[name])
        return str(tmp_path / name)

    return saved


def test_the_command_prints_points_curves_and_anchor_as_json(saved, capsys):
    assert main([saved("stage.json"), saved("log.txt"), saved("system.json"), "--gpus", "2", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert list(told["benchmarks"]) == ["stage.json", "log.txt", "system.json"]
    assert told["benchmarks"]["log.txt"]["format"] == "mlperf inference loadgen summary (with system.json)"
    assert told["benchmarks"]["stage.json"]["points"][0]["output_tokens_per_second_per_gpu"] == 600
    assert [curve["anchor"]["measured_tok_per_s_per_gpu"] for curve in told["curves"]] == [600, 150]


def test_the_command_tells_in_words_and_asks_for_gpus(saved, capsys):
    assert main([saved("stage.json")]) == 0
    printed = capsys.readouterr()
    assert "1,200.0 output tokens/s" in printed.out
    assert "enter their number" in printed.out
    assert printed.err == ""


def test_the_command_prints_what_it_could_read_and_exits_with_2(saved, capsys, tmp_path):
    assert main([saved("stage.json"), str(tmp_path / "none.json"), str(tmp_path)]) == 2
    printed = capsys.readouterr()
    assert "1,200.0 output tokens/s" in printed.out
    assert len(printed.err.splitlines()) == 2
    for line in printed.err.splitlines():
        one_sentence(line)


@pytest.mark.parametrize("gpus", ["0", "-1", "two", "1.5", "9999999999"])
def test_gpus_are_a_whole_number(gpus, saved, capsys):
    with pytest.raises(SystemExit) as stopped:
        main([saved("stage.json"), "--gpus", gpus])
    assert stopped.value.code == 2
    assert "whole number" in capsys.readouterr().err


def test_the_command_runs_as_a_module(saved):
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", saved("vllm.json"), "--json"], capture_output=True, text=True, check=True
    )
    assert len(json.loads(done.stdout)["benchmarks"]["vllm.json"]["points"]) == 2
    assert SECRET not in done.stdout
