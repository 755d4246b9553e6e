"""Inputs bound to a path of the scenario. Label, unit, bounds, meaning and source come from the scenario and the facts.

Each input shows on every run what the scenario has, and reports its edit through `on_change`: so presets, undo and
links show at once, and no edit is lost. A text that is refused stays in its input, with the reason below it.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from typing import Any, Literal, get_args, get_origin

import streamlit as st

from answers.pair import Pair
from costmodel import scenario
from costmodel.errors import Fault, ScenarioError
from costmodel.fields import Number, Record, number_of
from costmodel.numerals import Marks, marks, written_with
from costmodel.scenario import declared, paths
from costmodel.uncertainty.ranges import Range
from dashboard import components, messages, state
from dashboard.components import plain
from dashboard.levers import steps
from dashboard.messages import Entry
from dashboard.scripts import module
from dashboard.sources import note
from pricing.currency import Currency
from pricing.dates import MONTHS
from pricing.origins import origins
from reports.words import money
from reports.words.labels import field_label, path_label
from reports.words.plain import typeset
from reports.words.text import field_name, short_value
from reports.words.typed import MONTH, Misread, Typed, shown, told, typed

_tended = st.components.v2.component("inputs", html="<span></span>", js=module("inputs.js"))
PAIR = ("Instead of", "use")
PAIR_HELP = "What pages and papers tell of two options is about these, until you choose others."
NAMES = "names"  # of what inputs offered when they were last drawn
MOST_MB = 10  # of a file that is no usage: scenarios, price sheets, results of benchmarks


def tend(page: str, focus: str = "") -> None:
    """Give inputs a telephone's digits and the mark of a refused text, and let a page begin at its top; also where
    another process has to go on with it.

    With the key of an input to `focus` it begins there.
    """
    _tended(key="inputs", data={"page": page, "focus": focus}, height=1, on_found_change=lambda: None)


def number(path: str, *, label: str | None = None, also: Sequence[str] = ()) -> None:
    """A number, typed as people write it; it moves all that is the same number."""
    _number_text(f"field:{path}", path, plain(label or label_of(path)), also=also, help=_help(path))


def lever(path: str, spread: Range) -> list[float]:
    """A slider over a range with an input beside its name; both move all that is the same number. Returns its steps."""
    spec, today = number_at(path), state.scenario()[path]
    label = plain(path_label(state.scenario(), path, spread.also))
    stops = steps(spread, spec, state.seen(path))
    labels = step_labels(stops, spec)
    with st.container(key=f"lever_of:{path}", gap="xxsmall"):
        _number_text(f"typed:{path}", path, label, also=spread.also, help=_help(path), told=False)
        _input(st.select_slider, f"lever:{path}", path, today, label, also=spread.also, options=list(labels),
               format_func=labels.get, label_visibility="collapsed")  # fmt: skip
        _said_of(f"typed:{path}", path, spread.also)
    return stops


def step_labels(values: Sequence[float], spec: Number) -> dict[float, str]:
    """Value -> what the lever says there. Streamlit knows a step by its label alone, so no two have the same."""
    return _step_labels(tuple(values), spec, money.shown(), marks())


@lru_cache(maxsize=64)  # the same steps are drawn at every run
def _step_labels(values: Sequence[float], spec: Number, _currency: Currency, _marks: Marks) -> dict[float, str]:
    short = {value: short_value(value, spec.unit) for value in values}
    whose = {label: value for value, label in short.items()}
    return {value: label if whose[label] == value else told(value, spec) for value, label in short.items()}


def choice(path: str, options: Sequence[str] | None = None, *, label: str | None = None,
           names: Mapping[str, str] | None = None) -> None:  # fmt: skip
    """A selection among the choices that the field allows, or among `options`."""
    record, name = _field(path)
    allowed = list(options or get_args(record.model_fields[name].annotation))
    known = names or {}
    _bound(
        st.selectbox,
        path,
        label,
        options=allowed,
        format_func=lambda value: typeset(known.get(value, field_name(value))),
    )


def month(path: str) -> None:
    """A month of the year, by its name."""
    _bound(st.selectbox, path, None, options=range(1, len(MONTHS) + 1), format_func=lambda number: MONTHS[number - 1])


def switch(path: str, *, label: str | None = None, take: Callable | None = None) -> None:
    """A yes or no; `take` is called with its path and key where an edit means more than its value."""
    _bound(st.toggle, path, label, take=take)


def text(path: str, *, label: str | None = None, take: Callable | None = None) -> None:
    """A line of text; `take` is called with its path and key where an edit means more than its value."""
    _bound(st.text_input, path, label, take=take)


def editor(path: str) -> None:
    """The input that fits the field at `path`."""
    record, name = _field(path)
    annotation = record.model_fields[name].annotation
    candidates = _candidates(path)
    spec = number_of(record, name)
    if spec:
        month(path) if spec.unit == MONTH else number(path)
    elif candidates is not None:
        choice(path, [*candidates, *({state.scenario()[path]} - set(candidates))], names=option_names())
    elif get_origin(annotation) is Literal:
        choice(path)
    elif annotation is bool:
        switch(path)
    else:
        text(path)


def editors(members: Sequence[str], columns: int = 2) -> None:
    """The inputs of these paths, so many in a row."""
    for i in range(0, len(members), columns):
        places = st.columns(columns, vertical_alignment="bottom")
        for place, path in zip(places, members[i : i + columns], strict=False):
            with place:
                editor(path)


def switches_and_numbers(members: Sequence[str]) -> None:
    """The inputs of these paths, three in a row: first what is on or off, then the rest."""
    switches = [path for path in members if isinstance(state.scenario()[path], bool)]
    for rows in (switches, [path for path in members if path not in switches]):
        editors(rows, columns=3)


def option_names() -> dict[str, str]:
    """Slug -> name of every option of the scenario, and what it is called to name none."""
    return {"": "Nobody", **{slug: option.label for slug, option in state.scenario().options.items()}}


def _candidates(path: str) -> Sequence[str] | None:
    """Slugs that a field may name; None when it names no other option."""
    if not path.startswith("options."):
        return None
    options, (_, slug, field) = state.scenario().options, path.split(".", 2)
    return options[slug].candidates(options).get(field)


def label_of(path: str) -> str:
    """The field's name and the unit that its input takes."""
    return field_label(*_field(path))


def own_number(label: str, spec: Number, start: float, *, key: str, width: int) -> float:
    """A number that is a setting of the page and not of the scenario; the last one that was right."""
    kept = f"{key}:taken"
    before = st.session_state.get(kept, start)
    with st.container(width=width):
        own = own_text(label, spec, before, key=key)
    value = before if own is None else own.value
    st.session_state[kept] = value
    return value


def own_text(label: str, spec: Number, before: float | None, *, key: str, may_be_empty: bool = False) -> Typed | None:
    """The input of a number of the page's own, with what there is to say of its text below; None: it was refused."""
    st.session_state.setdefault(key, own_shown(before, spec))
    _written_anew(label, spec, before, key=key, may_be_empty=may_be_empty)
    st.text_input(label, key=key, help=typeset(spec.meaning), autocomplete=_digits(spec))
    try:
        own = own_typed(label, spec, before, key=key, may_be_empty=may_be_empty)
    except ScenarioError as refusal:
        components.remark(str(refusal), key, refused=True)
        return None
    if own.echo:
        components.remark(own.echo, key, refused=False)
    return own


def _written_anew(label: str, spec: Number, before: float | None, *, key: str, may_be_empty: bool) -> None:
    """The text of such an input with the marks of now, if it was written with others: it would be misread."""
    then, now = st.session_state.get(f"{key}:marks", marks()), marks()
    st.session_state[f"{key}:marks"] = now
    if then != now:
        with suppress(ScenarioError):
            with written_with(then):
                value = own_typed(label, spec, before, key=key, may_be_empty=may_be_empty).value
            st.session_state[key] = own_shown(value, spec)


def own_shown(value: float | None, spec: Number) -> str:
    """The text of an input of the page's own; None: it is empty."""
    return "" if value is None else shown(value, spec)


def own_typed(label: str, spec: Number, before: float | None, *, key: str, may_be_empty: bool = False) -> Typed:
    """What its text means: exactly `before` where it was left as it was, None where it is empty and may be so.

    Raises ScenarioError with a sentence for the screen.
    """
    text, stood = st.session_state[key], own_shown(before, spec)
    if text == stood or (may_be_empty and not text.strip()):
        return Typed(before if text == stood else None)
    try:
        own = typed(text, spec, stood)
        return Typed(spec.check(own.value), own.echo)
    except Misread:
        raise
    except Fault as refusal:
        raise ScenarioError(f"{label} {state.in_words(refusal)}.") from None


def pair_select(places: Sequence[Any], *, key: str) -> Pair:
    """One option instead of another, in two places; those of the decision until the reader chooses others."""
    analysis = state.analysis()
    pair, slugs = analysis.offered, list(analysis.comparison.costs)
    # Not asked of the analysis, which Streamlit would keep along with the widget when its page is left.
    label = {slug: typeset(analysis.comparison[slug].label) for slug in slugs}.__getitem__
    others = [slug for slug in slugs if slug != pair.a]
    for place, name, end, value, options in zip(places, PAIR, "ab", pair, (slugs, others), strict=True):
        with place:
            shows(st.selectbox, name, key=f"{key}_{end}", value=value, options=options, format_func=label,
                  on_change=_choose_pair, args=(key, pair), help=PAIR_HELP if end == "a" else None)  # fmt: skip
    return pair


def _choose_pair(key: str, before: Pair) -> None:
    """What was the second and is now the first leaves its place to what was the first."""
    a, b = (st.session_state[f"{key}_{end}"] for end in "ab")
    state.choose_pair(Pair(a, before.a if a == b else b))


def upload(label: str, kinds: Sequence[str], take: Callable[[bytes], str], *, key: str) -> None:
    """A file that is read at once: `take` returns a word of success, or raises ScenarioError and nothing changes."""
    st.file_uploader(label, type=list(kinds), key=key, max_upload_size=MOST_MB, on_change=_take_file, args=(take, key))
    components.said_of(key)


def _take_file(take: Callable[[bytes], str], key: str) -> None:
    if (uploaded := st.session_state[key]) is None:
        return
    try:
        done = take(uploaded.getvalue())
    except ScenarioError as refusal:
        messages.refuse(state.in_words(refusal), Entry(key))
    else:
        messages.say(done, key)


def _bound(widget: Callable, path: str, label: str | None, **arguments: Any) -> None:
    """An input of what the scenario has at a path, as it is."""
    _input(widget, f"field:{path}", path, state.scenario()[path], plain(label or label_of(path)), help=_help(path),
           **arguments)  # fmt: skip


def _input(widget: Callable, key: str, path: str, value: Any, label: str, *, take: Callable | None = None,
           also: Sequence[str] = (), told: bool = True, **arguments: Any) -> None:  # fmt: skip
    """An input that shows `value`, or the text that it refused; below it, if `told`, what became of the last entry."""
    said = _standing(key, path)
    shows(widget, label, key=key, value=said.entry.text if said and said.waits else value, on_change=take or _take,
          args=((path, *also), key), **arguments)  # fmt: skip
    if told:
        _said_of(key, path, also)


def shows(widget: Callable, label: str, *, key: str, value: Any, **arguments: Any) -> None:
    """An input that shows a value: it begins with it, and is told of it where it has another one or new names for it.

    Only there, since the browser draws anew what is told of a value.
    """
    options = list(arguments.get("options", ()))
    names, known = list(map(arguments.get("format_func", str), options)), st.session_state.setdefault(NAMES, {})
    if key in st.session_state and (st.session_state[key] != value or known.get(key) != names):
        st.session_state[key] = value
    known[key] = names
    begun = {"index": options.index(value)} if widget is st.selectbox else {"value": value}
    widget(label, key=key, **begun, **arguments)


def _standing(key: str, path: str) -> messages.Told | None:
    """What was said of an entry; a refused text is done with once its place shows another value, or the same in another
    currency: it would be read as an amount of that.
    """
    said = messages.told(key)
    return said if said and (not said.waits or said.entry.value == _shown_at(path)) else None


def _shown_at(path: str) -> Any:
    """What an input of this path shows where nothing was refused."""
    value, spec = state.scenario()[path], number_at(path)
    return shown(value, spec) if spec else value


def _said_of(key: str, path: str, also: Sequence[str]) -> None:
    """What became of the last entry, with a button for each of the readings of its text."""
    if (said := _standing(key, path)) is None:
        return
    components.said_of(key)
    if said.readings:
        with st.container(horizontal=True):
            for value in said.readings:
                st.button(shown(value, number_at(path)), key=f"read:{key}:{value}", on_click=state.enter,
                          args=(dict.fromkeys((path, *also), value), said.entry))  # fmt: skip


def _take(moved: Sequence[str], key: str) -> None:
    value, now = st.session_state[key], state.scenario()[moved[0]]
    state.enter(dict.fromkeys(moved, value), Entry(key, value if isinstance(value, str) else None, now))


def _number_text(key: str, path: str, label: str, **arguments: Any) -> None:
    _input(st.text_input, key, path, _shown_at(path), label, take=_take_number, autocomplete=_digits(number_at(path)),
           **arguments)  # fmt: skip


def _digits(spec: Number) -> str | None:
    """The mark of a number that needs neither minus nor letters, by which inputs.js asks a telephone for digits."""
    return "off" if spec.low >= 0 and spec.unit != MONTH else None


def _take_number(moved: Sequence[str], key: str) -> None:
    text, spec = st.session_state[key], number_at(moved[0])
    state.show_as_kept()  # the page, which does so too, is drawn after this
    before = _shown_at(moved[0])
    entry = Entry(key, text, before)
    try:
        entered = typed(text, spec, before)
    except Misread as refusal:
        messages.refuse(str(refusal), entry, refusal.readings)
        return
    if state.enter(dict.fromkeys(moved, entered.value), entry) and entered.echo:
        messages.say(entered.echo, key)


def _field(path: str) -> tuple[type[Record], str]:
    return declared(state.scenario(), path)


def number_at(path: str) -> Number | None:
    """Unit, bounds and meaning of a path of the scenario on screen; None when it is not a number."""
    return scenario.number_at(state.scenario(), path)


def _help(path: str) -> str:
    meant = _meant(*_field(path), money.shown(), marks())
    return f"{meant}\n\n{note(origins(state.current(), [path])[path], path)}\n\n`{path}`"


@lru_cache(maxsize=256)  # the same inputs are drawn at every run
def _meant(record: type[Record], name: str, _currency: Currency, _marks: Marks) -> str:
    spec = number_of(record, name)
    meaning = spec.meaning if spec else (record.model_fields[name].description or "")
    bounds = f" Between {shown(spec.low, spec)} and {told(spec.high, spec)}." if spec else ""
    return typeset(meaning + bounds)


def paths_under(*groups: str) -> list[str]:
    """Every path of these groups of the scenario."""
    return [path for group in groups for path in paths(state.scenario(), under=group)]


def with_sources(members: Sequence[str]) -> None:
    """The input of each path, with the source of its value beside it."""
    found = origins(state.current(), list(members))
    for path in members:
        left, right = st.columns([2, 3], vertical_alignment="center")
        with left:
            editor(path)
        right.caption(note(found[path], path))
