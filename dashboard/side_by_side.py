"""Several scenarios together: choosing them, their results, their curves, and what differs between them."""

from collections.abc import Mapping

import numpy as np
import streamlit as st

from costmodel.comparison import Comparison, compare
from costmodel.scenario import Scenario, number_at, values
from dashboard import charts, shelves, state
from pricing.presets import preset, presets
from reports.labels import path_label
from reports.look import OPTION_COLOURS
from reports.text import percent, usd, with_unit

MOST = 4
ON_SCREEN = "On screen"
Chosen = Mapping[str, Scenario]


def choose() -> dict[str, Scenario]:
    """Name -> scenario of those chosen, at most four."""
    saved = {f"Saved: {entry.name}": entry.slug for entry in shelves.told(lambda: shelves.shelf().scenarios()) or []}
    named = {f"Preset: {label}": slug for slug, label in presets().items()}
    offered = [ON_SCREEN, *saved, *named]
    default = [ON_SCREEN, *list(named)[:1]]
    wanted = st.multiselect("Scenarios", offered, default, max_selections=MOST, key="compare_choice")
    found = {}
    for name in wanted:
        if name == ON_SCREEN:
            found[name] = state.scenario()
        elif name in named:
            found[name] = preset(named[name]).scenario
        elif stored := shelves.told(lambda slug=saved[name]: shelves.shelf().open(slug)):
            found[name] = stored.as_saved().scenario
    return found


def _results(chosen: Chosen) -> dict[str, Comparison]:
    return {name: compare(scenario) for name, scenario in chosen.items()}


def results(chosen: Chosen) -> tuple[list[str], list[tuple[str, ...]]]:
    """(columns, rows): the cheapest option of each, every option's present value, and the difference to the first."""
    compared = _results(chosen)
    names = list(compared)
    labels = list(dict.fromkeys(cost.label for found in compared.values() for cost in found.costs.values()))
    by_label = {name: {cost.label: cost for cost in found.costs.values()} for name, found in compared.items()}
    rows = [("Cheapest", *(found[found.ranking[0]].label for found in compared.values()))]
    for label in labels:
        cells = []
        first = by_label[names[0]].get(label)
        for name in names:
            cost = by_label[name].get(label)
            cells.append("" if cost is None else _with_delta(cost, first if name != names[0] else None))
        rows.append((label, *cells))
    return ["Present value", *names], rows


def _with_delta(cost, first) -> str:
    amount = float(cost.net_present_cost_usd)
    if first is None or not first.net_present_cost_usd:
        return usd(amount)
    change = amount / float(first.net_present_cost_usd) - 1
    return f"{usd(amount)} ({'+' if change > 0 else ''}{percent(change)})"


def inputs(chosen: Chosen) -> tuple[list[str], list[tuple[str, ...]]]:
    """(columns, rows): every value that is not the same in all of them."""
    known = {name: values(scenario) for name, scenario in chosen.items()}
    paths = dict.fromkeys(path for entries in known.values() for path in entries)
    rows = []
    for path in paths:
        shown = [entries.get(path) for entries in known.values()]
        if any(value != shown[0] for value in shown):
            owner = next(scenario for scenario in chosen.values() if path in values(scenario))
            spec = number_at(owner, path)
            cells = ("" if v is None else with_unit(v, spec.unit) if spec else str(v) for v in shown)
            rows.append((path_label(owner, path), *cells))
    return ["Input", *chosen], rows


def curves_title(chosen: Chosen) -> str:
    """Which of the scenarios costs least by the end."""
    ends = {name: float(found[found.ranking[0]].tco_usd) for name, found in _results(chosen).items()}
    least = min(ends, key=ends.get)
    return f"{least}: the least by the end, {usd(ends[least])}"


def curves(chosen: Chosen) -> dict:
    """Cumulative cost of the cheapest option of each scenario."""
    compared = _results(chosen)
    longest = max(found.months.size for found in compared.values())
    lines = []
    for (name, found), colour in zip(compared.items(), OPTION_COLOURS, strict=False):
        curve = np.broadcast_to(found[found.ranking[0]].cumulative_usd, found.months.shape)
        lines.append((name, np.pad(curve.astype(float), (0, longest - curve.size), constant_values=np.nan), colour))
    return charts.over_time(np.arange(longest), lines, charts.DOLLARS)
