"""One reader for each tool, and the list by which a file is recognised."""

from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.documents import Document
from benchmarks.measurement import Measurement
from benchmarks.readers import aiperf, guidellm, inference_perf, mlperf, sglang, vllm
from intake.errors import Beside, Refusal


@dataclass(frozen=True)
class Reader:
    """How a tool's file is recognised, and what reads it; `read` is None for a file that tells about others' runs."""

    recognises: Callable[[Document], bool]
    read: Callable[[Document], list[Measurement]] | None
    describes: str = ""


def _with(*signs: set[str]) -> Callable[[Document], bool]:
    """Whether an object of the document has all keys of one of the sets."""
    return lambda document: any(wanted <= set(document.objects[0]) for wanted in signs if document.objects)


SYSTEM, CONFIG = "mlperf system", "inference-perf configuration"
READERS = (  # the first that recognises a file reads it: what has a key of its own comes before what has fewer
    Reader(_with(vllm.SIGNS), vllm.read),
    Reader(_with(sglang.SIGNS), sglang.read),
    Reader(lambda document: _with(guidellm.SIGNS)(document) or guidellm.recognised(document.rows), guidellm.read),
    Reader(_with(inference_perf.SIGNS, inference_perf.REPORT_SIGNS), inference_perf.read),
    Reader(
        lambda document: (
            _with({aiperf.SIGN}, {"records", "input_config"}, {"request_throughput", "input_config"})(document)
            or aiperf.recognised(document.rows)
        ),
        aiperf.read,
    ),
    Reader(lambda document: mlperf.is_log(document.lines), mlperf.read_log),
    Reader(_with(mlperf.ENDPOINT_SIGNS), mlperf.read_endpoints),
    Reader(lambda document: mlperf.is_table(document.rows), mlperf.read_table),
    Reader(_with(mlperf.SYSTEM_SIGNS), None, SYSTEM),
    Reader(_with(inference_perf.CONFIG_SIGNS), None, CONFIG),
)
# Files that lie beside a result and hold something else: what their objects' keys show, and what to give instead.
BESIDE = (
    ({"benchmark", "metric"}, "is vLLM's copy for another tool; give the run's JSON without .pytorch in its name."),
    ({"metadata", "metrics"}, "holds AIPerf's single requests; give profile_export_aiperf.json, which is missing "
     "only when every request failed."),
    ({"metadata", "payload"}, "holds AIPerf's raw requests; give profile_export_aiperf.json."),
    ({"data"}, "holds the inputs of a run; give the file with its results."),
    ({"timeslices"}, "holds a run in slices of time; give profile_export_aiperf.json."),
    ({"experiments"}, "holds single requests; give the profile export with the metrics of the run."),
    ({"start_time", "end_time", "request"}, "holds inference-perf's single requests; give the files of its stages."),
)  # fmt: skip
KNOWN = "vLLM bench serve, SGLang bench_serving, GuideLLM, AIPerf, GenAI-Perf, inference-perf and MLPerf"


def recognise(document: Document) -> Reader:
    """The reader of a document, or a Refusal (`Beside` for a known kind) that says what the file is."""
    for reader in READERS:
        if reader.recognises(document):
            return reader
    for signs, told in BESIDE:
        if _with(signs)(document):
            raise Beside(told)
    raise Refusal(f"is no result of a benchmark that is known here: {KNOWN}.")
