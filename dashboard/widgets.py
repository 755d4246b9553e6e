"""Inputs bound to a path of the scenario. Label, unit, bounds, meaning and source come from the scenario and the facts.

Each input's key is seeded from the scenario on every run and reports its edit through `on_change`: so presets, undo
and links show at once, and no edit is lost.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, get_args, get_origin

import numpy as np
import streamlit as st

from costmodel import scenario
from costmodel.fields import Number, Record, number_of
from costmodel.scenario import declared, paths
from costmodel.uncertainty.ranges import Range
from dashboard import state
from dashboard.blocks import plain
from dashboard.sources import note
from pricing.currency import USD
from pricing.origins import origins
from reports import money
from reports.dates import MONTHS
from reports.labels import IN_PERCENT, field_label, path_label
from reports.text import compact, field_name, usd

PERCENT = 100
LOG_STEPS = 60
DECADES_FOR_LOG = 20  # a lever whose ends are further apart than this moves in equal ratios


def number(path: str, *, label: str | None = None) -> None:
    """A numeric input."""
    spec = number_at(path)
    _input(st.number_input, path, _shown(state.scenario()[path], spec), label, step=_step(path, spec),
           format=None if spec.whole else "%.10g", to_value=lambda shown: _value(shown, spec))  # fmt: skip


def lever(path: str, spread: Range) -> None:
    """A slider over a range, in equal ratios where its ends are far apart; moves all that is the same number."""
    spec = number_at(path)
    today, low, high = state.scenario()[path], spread.low, spread.high
    if low > 0 and high / low >= DECADES_FOR_LOG:
        steps = [float(f"{step:.2g}") for step in np.geomspace(low, high, LOG_STEPS)]
    else:
        steps = [float(f"{step:.3g}") for step in np.linspace(low, high, LOG_STEPS + 1)]
    told = {shown_value(value, spec): value for value in (*steps, today)}  # Streamlit knows a step by its label alone
    _input(
        st.select_slider,
        path,
        today,
        path_label(state.scenario(), path, spread.also),
        options=sorted(told.values()),
        format_func=lambda value: shown_value(value, spec),
        to_value=lambda shown: shown,
        prefix="lever",
        also=spread.also,
    )


def choice(path: str, options: Sequence[str] | None = None, *, label: str | None = None,
           names: Mapping[str, str] | None = None) -> None:  # fmt: skip
    """A selection among the choices that the field allows, or among `options`."""
    record, name = _field(path)
    allowed = list(options or get_args(record.model_fields[name].annotation))
    shown = names or {}
    _input(st.selectbox, path, state.scenario()[path], label, options=allowed,
           format_func=lambda value: shown.get(value, field_name(value)), to_value=lambda value: value)  # fmt: skip


def month(path: str) -> None:
    """A month of the year, by its name."""
    _input(st.selectbox, path, state.scenario()[path], None, options=range(1, len(MONTHS) + 1),
           format_func=lambda number: MONTHS[number - 1], to_value=lambda number: number)  # fmt: skip


def switch(path: str, *, label: str | None = None) -> None:
    """A yes or no."""
    _input(st.toggle, path, state.scenario()[path], label, to_value=lambda value: value)


def text(path: str, *, label: str | None = None) -> None:
    """A line of text."""
    _input(st.text_input, path, state.scenario()[path], label, to_value=lambda value: value)


def editor(path: str) -> None:
    """The input that fits the field at `path`."""
    record, name = _field(path)
    annotation = record.model_fields[name].annotation
    candidates = _candidates(path)
    spec = number_of(record, name)
    if spec:
        month(path) if spec.unit == "month of the year" else number(path)
    elif candidates is not None:
        choice(path, [*candidates, *({state.scenario()[path]} - set(candidates))], names=option_names())
    elif get_origin(annotation) is Literal:
        choice(path)
    elif annotation is bool:
        switch(path)
    else:
        text(path)


def option_names() -> dict[str, str]:
    """Slug -> name of every option of the scenario, and what it is called to name none."""
    return {"": "Nobody", **{slug: option.label for slug, option in state.scenario().options.items()}}


def _candidates(path: str) -> Sequence[str] | None:
    """Slugs that a field may name; None when it names no other option."""
    if not path.startswith("options."):
        return None
    options, (_, slug, field) = state.scenario().options, path.split(".", 2)
    return options[slug].candidates(options).get(field)


def shown_value(value: float, spec: Number) -> str:
    """A value as a lever shows it."""
    if _as_percent(spec):
        return f"{value * PERCENT:.3g} %"
    if money.is_money(spec.unit):
        return usd(value)
    return compact(value) if abs(value) >= 1e4 else f"{value:g}"


def label_of(path: str) -> str:
    """The field's name and the unit that its input takes."""
    return field_label(*_field(path))


def _input(
    widget: Callable,
    path: str,
    shown: Any,
    label: str | None,
    *,
    to_value: Callable[[Any], Any],
    prefix: str = "field",
    also: Sequence[str] = (),
    **arguments: Any,
) -> None:
    key, moved = f"{prefix}:{path}", (path, *also)
    st.session_state[key] = shown
    arguments |= {"key": key, "help": _help(path), "on_change": _take, "args": (moved, key, to_value)}
    widget(plain(label or label_of(path)), **arguments)


def _take(moved: Sequence[str], key: str, to_value: Callable[[Any], Any]) -> None:
    shown = st.session_state[key]
    spec = number_at(moved[0])
    money.show_in(state.current().currency)
    if spec and _in_other_units(spec) and key.startswith("field:") and shown is not None:
        low, high = _shown(spec.low, spec), _shown(spec.high, spec)
        if not low <= shown <= high:
            unit = " %" if _as_percent(spec) else ""
            state.refuse(f"{label_of(moved[0])} must lie between {low:g} and {high:g}{unit}, not {shown:g}{unit}.")
            return
    state.enter(dict.fromkeys(moved, shown if shown is None else to_value(shown)))


def _field(path: str) -> tuple[type[Record], str]:
    return declared(state.scenario(), path)


def number_at(path: str) -> Number | None:
    """Unit, bounds and meaning of a path of the scenario on screen; None when it is not a number."""
    return scenario.number_at(state.scenario(), path)


def _help(path: str) -> str:
    record, name = _field(path)
    spec = number_of(record, name)
    meaning = spec.meaning if spec else (record.model_fields[name].description or "")
    bounds = f" Between {shown_value(spec.low, spec)} and {shown_value(spec.high, spec)}." if spec else ""
    return f"{meaning}{bounds}\n\n{note(origins(state.current(), [path])[path], path)}\n\n`{path}`"


def _shown(value: Any, spec: Number) -> float | int:
    return round(value * PERCENT, 10) if _as_percent(spec) else money.as_shown(value, spec.unit)


def _value(shown: float, spec: Number) -> float:
    return shown / PERCENT if _as_percent(spec) else money.as_kept(shown, spec.unit)


def _in_other_units(spec: Number) -> bool:
    """Whether an input takes other numbers than the model keeps: percent, or amounts in another currency."""
    return _as_percent(spec) or (money.is_money(spec.unit) and money.shown() != USD)


def _as_percent(spec: Number) -> bool:
    return spec.unit in IN_PERCENT


def _step(path: str, spec: Number) -> float | int:
    """A step worth pressing: 1 for counts and percent, else a tenth of the value's own size."""
    if spec.whole:
        return 1
    value = abs(_shown(state.scenario()[path], spec))
    if _as_percent(spec):
        return 1.0
    return float(10 ** (np.floor(np.log10(value)) - 1)) if value else 1.0


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
