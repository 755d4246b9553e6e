"""Files that the export page offers, made when they are asked for, and the way back in."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version

import streamlit as st

from costmodel.comparison import Comparison, compare
from costmodel.finance import LINES
from costmodel.scenario import paths
from dashboard import state
from pricing.documents import Opened, document, from_json, to_json, to_link
from pricing.evidence import all_evidence
from pricing.token_prices import PRICES_AS_OF
from reports.tables import inputs, tidy, wide


@dataclass(frozen=True)
class File:
    """A file on offer; `make` takes what is on screen and returns what makes the bytes, on the click."""

    label: str
    file_name: str
    mime: str
    about: str
    make: Callable[[Opened], Callable[[], bytes]]


def versions() -> dict[str, str]:
    """What the figures rest on."""
    return {"token prices": f"genai-prices {version('genai-prices')}, prices of {PRICES_AS_OF}"}


def _inputs(opened: Opened) -> bytes:
    scenario = opened.scenario
    cited = {
        path: (found.fact.source if found.unchanged else f"changed from: {found.fact.source}", found.fact.source_url,
               str(found.fact.as_of), found.fact.confidence)
        for path, found in all_evidence(scenario, list(paths(scenario))).items()
    }  # fmt: skip
    return inputs(scenario, cited, {"preset": opened.preset, **versions()})


FILES = (
    File("Tidy CSV", "crossover-tidy.csv", "text/csv", "One row for each option, month and line: cash and accrual.",
         lambda opened: lambda: tidy(compare(opened.scenario))),
    File("Wide CSV", "crossover-wide.csv", "text/csv", "Months across, lines down, with totals: as on screen.",
         lambda opened: lambda: wide(compare(opened.scenario))),
    File("Inputs CSV", "crossover-inputs.csv", "text/csv", "Every input with unit, meaning, source and date.",
         lambda opened: lambda: _inputs(opened)),
    File("Scenario", "crossover-scenario.json", "application/json", "What differs from the preset; opens here again.",
         lambda opened: lambda: to_json(document(opened)).encode()),
)  # fmt: skip


def preview(comparison: Comparison) -> tuple[list[str], list[tuple[str, ...]]]:
    """(columns, rows) of the totals by line and option."""
    totals = {cost.label: cost.line_totals() for cost in comparison.costs.values()}
    lines = [name for name in LINES if any(name in total for total in totals.values())]
    rows = [
        (LINES[name].label, *(f"{total[name]:,.2f}" if name in total else "" for total in totals.values()))
        for name in lines
    ]
    rows.append(("All lines", *(f"{cost.tco_usd:,.2f}" for cost in comparison.costs.values())))
    present = (f"{cost.net_present_cost_usd:,.2f}" for cost in comparison.costs.values())
    return ["Line", *totals], [*rows, ("All lines, present value", *present)]


def link() -> str:
    """The address that opens this scenario, on this server."""
    base = (st.context.url or "").split("?")[0]
    return f"{base}?{state.LINK}={to_link(document(state.current()))}"


def open_file() -> None:
    """Open the uploaded scenario, or say in a sentence why not."""
    uploaded = st.session_state["scenario_file"]
    if uploaded is not None:
        state.attempt(lambda: from_json(uploaded.getvalue()))
