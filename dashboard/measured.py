"""'I measured': the form for a measurement of one's own, and beside it the result files of a benchmark."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import streamlit as st

from benchmarks import Reading, read
from costmodel.comparison import OptionCost
from costmodel.errors import ScenarioError
from costmodel.fields import Number, number_of
from costmodel.numerals import Marks, marks, written_with
from costmodel.serving import Serving
from dashboard import components, messages, state, widgets
from dashboard.components import plain
from dashboard.messages import Entry
from reports.words import measured as words
from reports.words.briefing import Table
from reports.words.measured import Form
from reports.words.order import listed
from reports.words.own_speed import is_measured
from reports.words.throughput_curve import Point

BOUND = "is_lower_bound"  # of the form, beside what is typed
SWEEPS = "sweeps"  # option -> the files that its measurement was taken from, as long as the session lasts


def _measured(field: str, meaning: str) -> Number:
    """A field of the measurement with its bounds, and what it means in the form."""
    return replace(number_of(Serving, f"measured_{field}"), meaning=meaning)


GPUS = _measured("gpus", "GPUs that held one copy of the model; of several copies enter the share of one.")
INPUTS = {  # field of the form -> label, what it takes
    "tok_per_s": (
        "Output tokens a second",
        Number("tok/s", 0, 1e10, "Generated tokens of successful requests over the whole run, all GPUs."),
    ),
    "gpus": ("On how many GPUs", GPUS),
    "input_tokens": ("Input tokens of a request", _measured("input_tokens", "Mean over the requests of the run.")),
    "output_tokens": (
        "Output tokens of a request",
        _measured("output_tokens", "Mean over the requests of the run, reasoning included."),
    ),
    "concurrency_requests": ("Requests at once", _measured("concurrency_requests", "Empty where not known.")),
    "time_per_token_ms": (
        "Time per token (ms)",
        _measured("time_per_token_ms", "After the first token. Empty where not known: your limit then holds."),
    ),
    "cached_frac": (
        "Input from a prompt cache (%)",
        _measured("cached_frac", "0 where every prompt was read, as random prompts are."),
    ),
}


def section(slug: str, cost: OptionCost) -> None:
    """The form and the files of one option, and what it is sized from."""
    st.header("I measured \u2026")
    if is_measured(cost.option.serving):
        st.success(plain(words.sized_from(cost)))
        st.button("Size from the catalogue again", on_click=state.edit, args=(words.forgotten(slug),))
    left, right = st.columns(2, gap="large")
    with right:
        found = _from_files(slug, cost)
    with left:
        _form(slug, found.form or words.form_of(cost), found)
    if found.table:
        components.table(found.table.columns, found.table.rows, numeric=range(2, 7))


@dataclass(frozen=True)
class Found:
    """What the files on the page say: every point, and of the one to size from the form and the points around it."""

    table: Table | None = None
    form: Form | None = None
    sweep: Sequence[Point] = ()
    files: Sequence[str] = ()


@dataclass(frozen=True)
class Taken:
    """What a measurement was taken from: its rate, by which it is known again, the points around it and the files."""

    tok_per_s_per_gpu: float
    sweep: Sequence[Point]
    files: Sequence[str]


def points(slug: str, cost: OptionCost) -> Sequence[Point]:
    """What the reader measured of the option: the measurement it is sized from, and the sweep that it came with."""
    own, known = words.own_point(cost), taken(slug, cost)
    return [] if own is None else [own, *(known.sweep if known else ())]


def taken(slug: str, cost: OptionCost) -> Taken | None:
    """What the option's measurement was taken from in this session; None where it was typed or is another by now."""
    own, known = words.own_point(cost), st.session_state.get(SWEEPS, {}).get(slug)
    return known if own and known and known.tok_per_s_per_gpu == own.tok_per_s_per_gpu else None


def _key(slug: str, name: str) -> str:
    return f"measured:{slug}:{name}"


def _form(slug: str, start: Form, found: Found) -> None:
    """The inputs, which begin anew whenever what they start from is another; what was typed stays until then."""
    begun, first = _key(slug, "start"), start.values()
    before, texts = st.session_state.get(begun, (None, {}))
    if before != start:
        st.session_state[_key(slug, BOUND)] = start.is_lower_bound
        texts = {name: widgets.own_shown(first[name], spec) for name, (_, spec) in INPUTS.items()}
        st.session_state.update({_key(slug, name): text for name, text in texts.items()})
    st.session_state.setdefault(_key(slug, BOUND), start.is_lower_bound)
    for name, text in texts.items():
        st.session_state.setdefault(_key(slug, name), text)
    with st.form(_key(slug, "form"), border=False):
        for pair in zip(*[iter([*INPUTS, None])] * 2, strict=True):
            for place, name in zip(st.columns(2), filter(None, pair), strict=False):
                with place:
                    widgets.own_text(*INPUTS[name], first[name], key=_key(slug, name), may_be_empty=True)
        st.checkbox(
            "A lower bound",
            key=_key(slug, BOUND),
            help="The run was too short, or the server kept up with all that it was sent: it can do more.",
        )
        st.form_submit_button("Size from my measurement", on_click=_take, args=(slug, start, found))
    components.said_of(_key(slug, "form"))
    st.session_state[begun] = start, {name: st.session_state[_key(slug, name)] for name in INPUTS}


def _take(slug: str, start: Form, found: Found) -> None:
    form, first = Entry(_key(slug, "form")), start.values()
    try:
        entered = {name: widgets.own_typed(*INPUTS[name], first[name], key=_key(slug, name), may_be_empty=True).value
                   for name in INPUTS}  # fmt: skip
    except ScenarioError:
        messages.settle(form.at)  # the reason stands below its input once the page is drawn
        return
    try:
        changes = Form(**entered, is_lower_bound=st.session_state[_key(slug, BOUND)]).changes(slug)
    except ScenarioError as refusal:
        messages.refuse(state.in_words(refusal), form)
        return
    if state.enter(changes, form):
        rate = changes[f"options.{slug}.serving.measured_tok_per_s_per_gpu"]
        st.session_state[SWEEPS] = {**st.session_state.get(SWEEPS, {}), slug: Taken(rate, found.sweep, found.files)}


def _from_files(slug: str, cost: OptionCost) -> Found:
    """The upload, with a word on each file and on what it gives."""
    limit_ms = float(cost.task.scenario.workload.time_per_token_limit_ms)
    uploaded = st.file_uploader(
        "or the result files of a benchmark",
        accept_multiple_files=True,
        key=_key(slug, "files"),
        max_upload_size=widgets.MOST_MB,
        help="vLLM bench serve, SGLang bench_serving, GuideLLM, AIPerf, GenAI-Perf, inference-perf, MLPerf. Several "
        "files or points become one curve. Texts in them are never kept. For larger files: python -m benchmarks.",
    )
    if not uploaded:
        if (known := taken(slug, cost)) and known.files:  # the page was left, and the files with it
            st.caption(plain(f"In use: what was read from {listed([*known.files])}."))
        return Found()
    contents = tuple((file.name, file.getvalue()) for file in uploaded)
    gpus = _gpus_asked(slug, _read(contents, None, None, marks()))
    kept, anywhere = _read(contents, gpus, limit_ms, marks()), _read(contents, gpus, None, marks())
    for sentence in (*kept.refusals, *kept.aside):
        st.error(plain(sentence))
    if not kept.points:
        return Found()
    curves, table = words.best_curves(kept, anywhere), words.points_table(kept)
    (st.success if curves else st.info)(plain(table.headline))
    if not curves:
        components.listing(words.no_capacity(anywhere))
        return Found(table)
    at = st.selectbox("Curve", range(len(curves)), format_func=lambda i: words.label_of(curves[i][0]),
                      key=_key(slug, "curve")) if len(curves) > 1 else 0  # fmt: skip
    curve, is_within = curves[at]
    components.listing(words.told_of(curve, is_within, cost))
    names = tuple(file.name for file in uploaded)
    return Found(table, words.form_from(curve.anchor, limit_ms), words.sweep_points(curve), names)


def _gpus_asked(slug: str, reading: Reading) -> int | None:
    """GPUs that the reader enters where files do not say how many ran the model, or only how many were there."""
    if not (reading.asks_gpus or any(point.gpus_seen for point in reading.points)):
        return None
    own = widgets.own_text(
        "GPUs that ran it (the files do not say)", GPUS, None, key=_key(slug, "file_gpus"), may_be_empty=True
    )
    return own and own.value


@st.cache_data(max_entries=8, show_spinner="Reading the files")
def _read(contents: tuple[tuple[str, bytes], ...], gpus: int | None, limit_ms: float | None, shown: Marks) -> Reading:
    """What files say, its numbers with the marks `shown`; kept for all visitors."""
    with written_with(shown):
        return read(contents, gpus, limit_ms)
