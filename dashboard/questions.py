"""The guesses that matter most, as questions: what would move the answer and is not yet the reader's own."""

from functools import partial

import streamlit as st

from costmodel.comparison import Comparison
from costmodel.scenario import number_at
from costmodel.uncertainty.tornado import Bar
from dashboard import components, state, widgets
from reports.words.labels import path_name, said
from reports.words.text import usd

MOST = 4


def questions(comparison: Comparison) -> None:
    """Each with its input, largest effect first; an answer is the reader's own and makes room for the next.

    A limit that keeps an option from winning is asked before what moves its cost.
    """
    analysis = state.analysis()
    if not analysis.opened.imported:
        return
    limits = [partial(_limit, comparison, path, slug) for path, slug in analysis.guessed_limits.items()]
    guesses = [partial(_question, comparison, bar, analysis.also[bar.path]) for bar in analysis.guesses]
    if not (asked := [*limits, *guesses][:MOST]):
        return
    st.header("What would change it most: please check")
    st.caption("Guesses of ours, largest effect first. What you enter is yours, and the next one takes its place.")
    for start in range(0, len(asked), 2):
        for place, ask in zip(st.columns(2, gap="large"), asked[start : start + 2], strict=False):
            with place:
                ask()


def _limit(comparison: Comparison, path: str, slug: str) -> None:
    """A rate limit that nobody entered and that rules an option out which would be the cheapest."""
    scenario, cost = state.scenario(), comparison[slug]
    value = said(scenario[path], number_at(scenario, path))
    widgets.number(path, label=f"{path_name(scenario, path)}: {value}?")
    told = f"{cost.broken_rules[0]} {cost.label} would then cost {usd(cost.net_present_cost_usd)}."
    st.caption(components.plain(told))


def _question(comparison: Comparison, bar: Bar, also: tuple[str, ...]) -> None:
    scenario = state.scenario()
    spec, (best, other) = number_at(scenario, bar.path), comparison.ranking[:2]
    name, value = path_name(scenario, bar.path, also), said(scenario[bar.path], spec)
    widgets.number(bar.path, label=f"{name}: {value}?", also=also)
    ends = [(_cheaper(comparison, best, other, gap), usd(abs(gap)), said(end, spec)) for end, gap in
            ((bar.low, bar.at_low), (bar.high, bar.at_high)) if gap == gap]  # fmt: skip
    told = [f"{who} cheaper by {by} at {end}" for who, by, end in ends]
    if len({who for who, *_ in ends}) == 1 and len(ends) > 1:
        told = [told[0], "by {1} at {2}".format(*ends[1])]
    st.caption(components.plain(f"{' and '.join(told)}."))


def _cheaper(comparison: Comparison, best: str, other: str, saved: float) -> str:
    """Who would be cheaper, where `saved` is what the best of today saves against the other."""
    return comparison[best if saved >= 0 else other].label
