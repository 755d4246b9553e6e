"""Several scenarios together: choosing them, and their curves."""

from collections.abc import Mapping

import streamlit as st

from answers.side_by_side import SideBySide
from costmodel.scenario import Scenario
from dashboard import charts, shelves, state
from dashboard.axes import money_axis
from dashboard.line_ends import named
from pricing.documents import as_preset
from pricing.presets import preset, presets
from reports.words.briefing import curve
from reports.words.dates import month_step
from reports.words.measure import undiscounted
from reports.words.money import converted
from reports.words.text import amount

MOST = 4
DASHES = ("solid", "dash", "dot", "dashdot")  # colours are those of options
ON_SCREEN = "On screen"
KEY, CHOSEN = "compare_choice", "compared"  # of the input, and of what the reader chose there
LETTERS = 30  # of a line of a name at the end of its curve
LONG = 40  # rows beyond which the differences are folded up by whose they are


def choose() -> dict[str, Scenario]:
    """Name -> scenario of those chosen, at most four; until the reader chooses, what is on screen and one more."""
    saved = {
        f"{entry.name} (saved)": entry.slug for entry in shelves.looked_up(lambda: shelves.shelf().scenarios()) or []
    }
    named = {f"{label} (preset)": slug for slug, label in presets().items()}
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


def compared(chosen: Mapping[str, Scenario]) -> SideBySide:
    """What they cost, in the measure that the reader chose."""
    if not state.undiscounted():
        return SideBySide(chosen)
    return SideBySide({name: undiscounted(scenario) for name, scenario in chosen.items()})


def _first_other(saved: Mapping[str, str], named: Mapping[str, str]) -> list[str]:
    """The preset that was changed; where nothing was, the latest saved or another preset, as the own would be equal."""
    now = state.current()
    own = f"{presets()[now.preset]} (preset)"
    if not as_preset(now):
        return [own]
    return [name for name in (*saved, *named) if name != own][:1]


def _keep_choice() -> None:
    st.session_state[CHOSEN] = st.session_state[KEY]


def curves(chosen: SideBySide) -> dict:
    """Cumulative cost of the cheapest option of each scenario, to its own horizon."""
    found = {name: curve(found[found.ranking[0]]) for name, found in chosen.comparisons.items()}
    lines = [
        {"type": "scatter", "mode": "lines", "name": charts.escaped(name), "x": months, "y": converted(amounts),
         "line": {"color": charts.INK, "width": 2, "dash": dash}, "cliponaxis": False}
        for (name, (months, amounts)), dash in zip(found.items(), DASHES, strict=False)
    ]  # fmt: skip
    ends = {name: float(converted(amounts[-1])) for name, (_, amounts) in found.items()}
    high = charts.ROOM * max(float(converted(amounts.max())) for _, amounts in found.values())
    layout = {
        "showlegend": False,
        "hovermode": "x unified",
        "xaxis": {"title": {"text": "Month of each scenario"},
                  "dtick": month_step(max(int(months[-1]) for months, _ in found.values()))},
        "yaxis": {**money_axis(), "range": [0, high]},
        "margin": {"t": 12, "b": 8, "l": 8},
    }  # fmt: skip
    words = {name: (amount(end), name) for name, end in ends.items()}
    return {"data": lines, **named(layout, ends, words, dict.fromkeys(ends, charts.INK), (0, high), LETTERS)}
