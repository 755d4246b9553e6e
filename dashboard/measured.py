"""'I measured': the form for a measurement of one's own, and beside it the result files of a benchmark."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from benchmarks import Reading, read
from costmodel.comparison import OptionCost
from costmodel.errors import ScenarioError
from dashboard import blocks, state
from dashboard.blocks import plain
from dashboard.state import Entry
from reports import measured as words
from reports.measured import Form
from reports.story import Table
from reports.throughput_curve import Point

SWEEPS = "sweeps"  # option -> points of the files that its measurement was taken from, as long as the session lasts
INPUTS = {  # field of the form -> label, what it means
    "tok_per_s": ("Output tokens a second", "Generated tokens of successful requests over the whole run, all GPUs."),
    "gpus": ("On how many GPUs", "GPUs that held one copy of the model; of several copies enter the share of one."),
    "input_tokens": ("Input tokens of a request", "Mean over the requests of the run."),
    "output_tokens": ("Output tokens of a request", "Mean over the requests of the run, reasoning included."),
    "concurrency_requests": ("Requests at once", "Empty where not known."),
    "time_per_token_ms": (
        "Time per token (ms)",
        "After the first token. Empty where not known: your limit then holds.",
    ),
    "cached_percent": ("Input from a prompt cache (%)", "0 where every prompt was read, as random prompts are."),
}


def section(slug: str, cost: OptionCost) -> None:
    """The form and the files of one option, and what it is sized from."""
    st.header("I measured ...")
    if words.is_measured(cost.option.serving):
        st.success(plain(words.sized_from(cost)))
        st.button("Size from the catalogue again", on_click=state.edit, args=(words.forgotten(slug),))
    left, right = st.columns(2, gap="large")
    with right:
        found = _from_files(slug, cost)
    with left:
        _form(slug, found.form or words.form_of(cost), found.sweep)
    if found.table:
        blocks.table(found.table.columns, found.table.rows, numeric=range(2, 7))


@dataclass(frozen=True)
class Found:
    """What the files on the page say: every point, and of the one to size from the form and the points around it."""

    table: Table | None = None
    form: Form | None = None
    sweep: Sequence[Point] = ()


def points(slug: str, cost: OptionCost) -> Sequence[Point]:
    """What the reader measured of the option: the measurement it is sized from, and the sweep that it came with."""
    own = words.own_point(cost)
    if own is None:
        return []
    rate, sweep = st.session_state.get(SWEEPS, {}).get(slug, (0, []))
    return [own, *(point for point in sweep if rate == own.tok_per_s_per_gpu)]


def _key(slug: str, name: str) -> str:
    return f"measured:{slug}:{name}"


def _form(slug: str, start: Form, sweep: Sequence[Point]) -> None:
    """The inputs, which begin anew whenever what they start from is another; what was typed stays until then."""
    begun, values = _key(slug, "start"), start.values()
    if st.session_state.get(begun) != start or any(_key(slug, name) not in st.session_state for name in INPUTS):
        st.session_state[begun] = start
        st.session_state.update({_key(slug, name): value for name, value in values.items()})
    with st.form(_key(slug, "form"), border=False):
        for pair in zip(*[iter([*INPUTS, None])] * 2, strict=True):
            for place, name in zip(st.columns(2), filter(None, pair), strict=False):
                label, meaning = INPUTS[name]
                kind = {"step": 1} if name == "gpus" else {"step": 1.0, "format": "%.10g"}
                place.number_input(label, value=None, key=_key(slug, name), help=meaning, **kind)
        st.form_submit_button("Size from my measurement", on_click=_take, args=(slug, sweep))
    blocks.said_of(_key(slug, "form"))


def _take(slug: str, sweep: Sequence[Point]) -> None:
    entered = Form(**{name: st.session_state[_key(slug, name)] for name in INPUTS})
    try:
        changes = entered.changes(slug)
    except ScenarioError as refusal:
        state.refuse(state.in_words(refusal), Entry(_key(slug, "form")))
        return
    if state.enter(changes, Entry(_key(slug, "form"))):
        rate = changes[f"options.{slug}.serving.measured_tok_per_s_per_gpu"]
        st.session_state[SWEEPS] = {**st.session_state.get(SWEEPS, {}), slug: (rate, sweep)}


def _from_files(slug: str, cost: OptionCost) -> Found:
    """The upload, with a word on each file and on what it gives."""
    limit_ms = float(cost.task.scenario.workload.time_per_token_limit_ms)
    uploaded = st.file_uploader(
        "or the result files of a benchmark",
        accept_multiple_files=True,
        key=_key(slug, "files"),
        help="vLLM bench serve, SGLang bench_serving, GuideLLM, AIPerf, GenAI-Perf, inference-perf, MLPerf. Several "
        "files or points become one curve. Texts in them are never kept. For larger files: python -m benchmarks.",
    )
    if not uploaded:
        return Found()
    contents = tuple((file.name, file.getvalue()) for file in uploaded)
    gpus = _gpus_asked(slug, _read(contents, None, None))
    kept, anywhere = _read(contents, gpus, limit_ms), _read(contents, gpus, None)
    for sentence in (*kept.refusals, *kept.aside):
        st.error(plain(sentence))
    if not kept.points:
        return Found()
    curves, table = words.best_curves(kept, anywhere), words.points_table(kept)
    (st.success if curves else st.info)(plain(table.headline))
    if not curves:
        _list(words.no_capacity(anywhere))
        return Found(table)
    at = st.selectbox("Curve", range(len(curves)), format_func=lambda i: words.label_of(curves[i][0]),
                      key=_key(slug, "curve")) if len(curves) > 1 else 0  # fmt: skip
    curve, is_within = curves[at]
    _list(words.told_of(curve, is_within, cost))
    return Found(table, words.form_from(curve.anchor, limit_ms), words.sweep_points(curve))


def _gpus_asked(slug: str, reading: Reading) -> int | None:
    """GPUs that the reader enters where files do not say how many ran the model, or only how many were there."""
    if not (reading.asks_gpus or any(point.gpus_seen for point in reading.points)):
        return None
    return st.number_input("The files do not say on how many GPUs it ran. Enter their number", min_value=1,
                           value=None, step=1, key=_key(slug, "file_gpus"))  # fmt: skip


@st.cache_data(max_entries=8, show_spinner="Reading the files")
def _read(contents: tuple[tuple[str, bytes], ...], gpus: int | None, limit_ms: float | None) -> Reading:
    return read(contents, gpus, limit_ms)


def _list(sentences: Sequence[str]) -> None:
    st.markdown("\n".join(f"- {plain(sentence)}" for sentence in sentences))
