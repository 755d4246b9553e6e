"""Several scenarios together: choosing them, their results, their curves, and what differs between them."""

from collections.abc import Mapping

import numpy as np
import streamlit as st

from costmodel.comparison import Comparison, compare
from costmodel.scenario import Scenario, number_at, values
from dashboard import charts, shelves, state
from pricing.documents import differences
from pricing.presets import preset, presets
from reports.dates import month_step
from reports.labels import path_label, said
from reports.look import OPTION_COLOURS
from reports.money import converted
from reports.text import percent, signed_percent, usd

MOST = 4
ON_SCREEN = "On screen"
KEY, CHOSEN = "compare_choice", "compared"  # of the input, and of what the reader chose there
COMMON = "Common inputs"
LONG = 40  # rows beyond which the differences are folded up by whose they are
SAME = 0.0005  # amounts closer than this share are shown as the same
Chosen = Mapping[str, Scenario]


def choose() -> dict[str, Scenario]:
    """Name -> scenario of those chosen, at most four; until the reader chooses, what is on screen and one more."""
    saved = {
        f"Saved: {entry.name}": entry.slug for entry in shelves.looked_up(lambda: shelves.shelf().scenarios()) or []
    }
    named = {f"Preset: {label}": slug for slug, label in presets().items()}
    offered = [ON_SCREEN, *saved, *named]
    chosen = st.session_state.get(CHOSEN, [ON_SCREEN, *_first_other(saved, named)])
    st.session_state[KEY] = [name for name in chosen if name in offered]
    wanted = st.multiselect("Scenarios", offered, max_selections=MOST, key=KEY, on_change=_keep_choice)
    found = {}
    for name in wanted:
        if name == ON_SCREEN:
            found[name] = state.scenario()
        elif name in named:
            found[name] = preset(named[name]).scenario
        elif stored := shelves.looked_up(lambda slug=saved[name]: shelves.shelf().open(slug)):
            found[name] = stored.as_saved().scenario
    return found


def _first_other(saved: Mapping[str, str], named: Mapping[str, str]) -> list[str]:
    """The preset that was changed; where nothing was, the latest saved or another preset, as the own would be equal."""
    now = state.current()
    own = f"Preset: {presets()[now.preset]}"
    if differences(preset(now.preset).scenario, now.scenario):
        return [own]
    return [name for name in (*saved, *named) if name != own][:1]


def _keep_choice() -> None:
    st.session_state[CHOSEN] = st.session_state[KEY]


def _results(chosen: Chosen) -> dict[str, Comparison]:
    return {name: compare(scenario) for name, scenario in chosen.items()}


def results(chosen: Chosen) -> tuple[list[str], list[tuple[str, ...]]]:
    """(columns, rows): the cheapest option of each, every option's present value, and the difference to the first."""
    compared = _results(chosen)
    names = list(compared)
    labels = list(dict.fromkeys(cost.label for found in compared.values() for cost in found.costs.values()))
    by_label = {name: {cost.label: cost for cost in found.costs.values()} for name, found in compared.items()}
    rows = [("Cheapest", *(_cheapest(found) for found in compared.values()))]
    for label in labels:
        cells = []
        first = by_label[names[0]].get(label)
        for name in names:
            cost = by_label[name].get(label)
            shown = "" if cost is None else _with_delta(cost, first if name != names[0] else None)
            cells.append(f"{shown}, ruled out" if cost is not None and cost.broken_rules else shown)
        rows.append((label, *cells))
    return ["Present value", *names], rows


def _cheapest(found: Comparison) -> str:
    return found[found.ranking[0]].label if found.allowed else "none keeps the rules"


def headline(chosen: Chosen) -> str:
    """What the first costs at the least, and how much more or less that is than each of the others."""
    compared = _results(chosen)
    if none := [name for name, found in compared.items() if not found.allowed]:
        return f"{', '.join(none)}: the rules of the scenario leave no option"
    least = {name: found[found.ranking[0]] for name, found in compared.items()}
    (first, cost), *others = least.items()
    amount = float(cost.net_present_cost_usd)
    gaps = [f"{_gap(amount, float(other.net_present_cost_usd))} {name}" for name, other in others]
    return f"{first}: {cost.label} for {usd(amount)}, {', '.join(gaps)}"


def _gap(amount: float, other: float) -> str:
    change = amount / other - 1 if other else 0.0
    if abs(change) < SAME:
        return "as much as" if amount == other else "about as much as"
    return f"{percent(abs(change))} {'more' if change > 0 else 'less'} than"


def _with_delta(cost, first) -> str:
    amount = float(cost.net_present_cost_usd)
    before = float(first.net_present_cost_usd) if first else 0.0
    change = amount / before - 1 if before else 0.0
    if abs(change) < SAME:
        return usd(amount)
    return f"{usd(amount)} ({signed_percent(change)})"


def inputs(chosen: Chosen) -> tuple[list[str], dict[str, list[tuple[str, ...]]]]:
    """(columns, rows by whose they are): every value that is not the same in all of them.

    Common inputs come first, with a row for each option that some lack; then each option by its name.
    """
    known = {name: values(scenario) for name, scenario in chosen.items()}
    options = {slug: option.label for scenario in chosen.values() for slug, option in scenario.options.items()}
    partial = {slug for slug in options if any(slug not in scenario.options for scenario in chosen.values())}
    groups: dict[str, list[tuple[str, ...]]] = {COMMON: []}
    groups[COMMON] += [
        (f"Option: {options[slug]}", *("compared" if slug in one.options else "" for one in chosen.values()))
        for slug in options
        if slug in partial
    ]
    for path in dict.fromkeys(path for entries in known.values() for path in entries):
        shown = [entries.get(path) for entries in known.values()]
        slug = path.split(".")[1] if path.startswith("options.") else ""
        if slug in partial or all(value == shown[0] for value in shown):
            continue
        owner = next(scenario for name, scenario in chosen.items() if path in known[name])
        spec = number_at(owner, path)
        cells = ("" if value is None else said(value, spec) for value in shown)
        whose = owner.options[slug].label if slug else COMMON
        groups.setdefault(whose, []).append((path_label(owner, path), *cells))
    return ["Input", *chosen], {whose: rows for whose, rows in groups.items() if rows}


def curves_title(chosen: Chosen) -> str:
    """Which of the scenarios costs least by the end."""
    ends = {name: float(found[found.ranking[0]].tco_usd) for name, found in _results(chosen).items()}
    least, most = min(ends, key=ends.get), max(ends, key=ends.get)
    if ends[most] - ends[least] <= SAME * abs(ends[most]):
        return f"All cost the same by the end, {usd(ends[least])}"
    return f"{least}: the least by the end, {usd(ends[least])}"


def curves(chosen: Chosen) -> dict:
    """Cumulative cost of the cheapest option of each scenario."""
    compared = _results(chosen)
    longest = max(found.months.size for found in compared.values())
    lines = []
    for (name, found), colour in zip(compared.items(), OPTION_COLOURS, strict=False):
        curve = converted(np.broadcast_to(found[found.ranking[0]].cumulative_usd, found.months.shape))
        lines.append((name, np.pad(curve.astype(float), (0, longest - curve.size), constant_values=np.nan), colour))
    across = {"title": {"text": "Month of each scenario"}, "dtick": month_step(longest - 1)}
    return charts.over_time(np.arange(longest), lines, charts.money_axis(), across)
