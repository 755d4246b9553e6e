"""Colours, one for each option and group of cost lines, the same on screen, slide and sheet.

The hues are safe for the common kinds of colour blindness (after Okabe and Ito, 2008).
"""

from collections.abc import Iterable

OPTION_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#9b5de5", "#b8860b", "#56a0d3", "#c2558b", "#5f6b7a")
GROUP_COLOURS = {
    "Tokens": "#0072b2",
    "Seats": "#3f4fa3",
    "GPU rental": "#56a0d3",
    "Hardware": "#d55e00",
    "Site and upkeep": "#e69f00",
    "Network and storage": "#8c9aa8",
    "Support and licences": "#b8b2a7",
    "Tuning": "#c2558b",
    "Retrieval and guardrails": "#7fbf7b",
    "Application": "#d9a5b3",
    "People": "#009e73",
    "Governance": "#9b8bc4",
    "One-time": "#5f6b7a",
    "Risk": "#7a3e3e",
}


def option_colours(slugs: Iterable[str]) -> dict[str, str]:
    """Slug -> colour, by the order of the scenario's options; a ninth option starts again."""
    return {slug: OPTION_COLOURS[i % len(OPTION_COLOURS)] for i, slug in enumerate(slugs)}
