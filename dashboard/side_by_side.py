"""Several scenarios together: choosing them, their results, their curves, and what differs between them."""

from collections.abc import Mapping

import streamlit as st

from costmodel.comparison import Comparison, compare
from costmodel.scenario import Scenario
from dashboard import charts, shelves, state
from pricing.documents import as_preset
from pricing.presets import preset, presets
from reports.words.briefing import curve
from reports.words.dates import month_step
from reports.words.measure import measure, undiscounted
from reports.words.money import converted
from reports.words.order import TOO_CLOSE, leaders, listed
from reports.words.text import percent, signed_percent, usd
from reports.words.verdict import span

MOST = 4
DASHES = ("solid", "dash", "dot", "dashdot")  # colours are those of options
ON_SCREEN = "On screen"
KEY, CHOSEN = "compare_choice", "compared"  # of the input, and of what the reader chose there
LONG = 40  # rows beyond which the differences are folded up by whose they are
SAME = 0.0005  # amounts closer than this share are shown as the same
Chosen = Mapping[str, Scenario]
Compared = Mapping[str, Comparison]


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
    if not as_preset(now):
        return [own]
    return [name for name in (*saved, *named) if name != own][:1]


def _keep_choice() -> None:
    st.session_state[CHOSEN] = st.session_state[KEY]


def _results(chosen: Chosen) -> dict[str, Comparison]:
    """Name -> what its options cost, in the measure that the reader chose."""
    told = undiscounted if state.undiscounted() else lambda scenario: scenario
    return {name: compare(told(scenario)) for name, scenario in chosen.items()}


def results(chosen: Chosen) -> tuple[list[str], list[tuple[str, ...]]]:
    """(columns, rows): the cheapest option of each, what every option costs, and the difference to the first."""
    compared = _results(chosen)
    names, costs = list(compared), _costs(compared)
    labels = list(dict.fromkeys(cost.label for found in compared.values() for cost in found.costs.values()))
    by_label = {name: {cost.label: slug for slug, cost in found.costs.items()} for name, found in compared.items()}
    rows = [("Cheapest", *(_cheapest(found) for found in compared.values()))]
    if _per_year(compared):
        rows.append(("Horizon", *(span(found.scenario.finance.horizon_months) for found in compared.values())))
    for label in labels:
        cells = []
        for name in names:
            slug, first = by_label[name].get(label), by_label[names[0]].get(label)
            if slug is None:
                cells.append("")
                continue
            before = costs[names[0]][first] if first and name != names[0] else 0.0
            out = ", ruled out" if compared[name][slug].broken_rules else ""
            cells.append(f"{_with_delta(costs[name][slug], before)}{out}")
        rows.append((label, *cells))
    return [_measured(compared), *names], rows


def _per_year(compared: Compared) -> bool:
    """Whether horizons differ, so that only costs a year can be compared."""
    return len({found.scenario.finance.horizon_months for found in compared.values()}) > 1


def _costs(compared: Compared) -> dict[str, dict[str, float]]:
    """Name -> slug -> net present cost, USD; where horizons differ, the level payment a year that is worth the same."""
    metric = "equivalent_annual_cost_usd" if _per_year(compared) else "net_present_cost_usd"
    return {name: {slug: float(getattr(cost, metric)) for slug, cost in found.costs.items()}
            for name, found in compared.items()}  # fmt: skip


def _measured(compared: Compared) -> str:
    measures = dict.fromkeys(measure(found.scenario).name for found in compared.values())
    return f"{' or '.join(measures)}{', a year' if _per_year(compared) else ''}"


def note(chosen: Chosen) -> str:
    """Against what differences are, and how horizons that differ are made comparable."""
    compared = _results(chosen)
    told = f"In brackets: the difference to {next(iter(chosen))}."
    if not _per_year(compared):
        return told
    return f"{told} Horizons differ, so costs are a year: the level yearly payment that is worth the whole."


def _cheapest(found: Comparison) -> str:
    if not found.allowed:
        return "none keeps the rules"
    first, *others = (found[slug].label for slug in leaders(found))
    return f"{listed([first, *others])}: {TOO_CLOSE}" if others else first


def headline(chosen: Chosen) -> str:
    """What the first costs at the least, and how much more or less each of the others is."""
    compared = _results(chosen)
    if none := [name for name, found in compared.items() if not found.allowed]:
        return f"{', '.join(none)}: the rules of the scenario leave no option"
    costs, per_year = _costs(compared), " a year" if _per_year(compared) else ""
    least = {name: costs[name][found.ranking[0]] for name, found in compared.items()}
    (first, amount), *others = least.items()
    label = compared[first][compared[first].ranking[0]].label
    gaps = [f"{name}: {_gap(other, amount)}" for name, other in others]
    told = measure(compared[first].scenario).said
    return f"{first}: {label} for {usd(amount)}{per_year} {told}; {'; '.join(gaps)}"


def _gap(amount: float, first: float) -> str:
    change = amount / first - 1 if first else 0.0
    if abs(change) < SAME:
        return "as much" if amount == first else "about as much"
    return f"{percent(abs(change))} {'more' if change > 0 else 'less'}"


def _with_delta(amount: float, before: float) -> str:
    change = amount / before - 1 if before else 0.0
    if abs(change) < SAME:
        return usd(amount)
    return f"{usd(amount)} ({signed_percent(change)})"


def curves_title(chosen: Chosen) -> str:
    """Which of the scenarios costs least, by the end or a year."""
    compared = _results(chosen)
    costs, when = _costs(compared), "a year" if _per_year(compared) else "by the end"
    ends = {name: costs[name][found.ranking[0]] for name, found in compared.items()}
    least, most = min(ends, key=ends.get), max(ends, key=ends.get)
    if ends[most] - ends[least] <= SAME * abs(ends[most]):
        return f"All cost the same {when}, {usd(ends[least])}"
    return f"{least}: the least {when}, {usd(ends[least])}"


def curves(chosen: Chosen) -> dict:
    """Cumulative cost of the cheapest option of each scenario, to its own horizon."""
    found = {name: curve(found[found.ranking[0]]) for name, found in _results(chosen).items()}
    lines = [
        {"type": "scatter", "mode": "lines", "name": charts.escaped(name), "x": months, "y": converted(amounts),
         "line": {"color": charts.INK, "width": 2, "dash": dash}, "cliponaxis": False}
        for (name, (months, amounts)), dash in zip(found.items(), DASHES, strict=False)
    ]  # fmt: skip
    longest = max((months for months, _ in found.values()), key=len)
    across = {"title": {"text": "Month of each scenario"}, "dtick": month_step(longest[-1])}
    layout = charts.over_time(longest, [], charts.money_axis(), across)["layout"]
    return {"data": lines, "layout": layout | {"showlegend": True}}
