"""The workload in words and curves."""

from dataclasses import dataclass

import numpy as np

from answers.analysis import compared
from costmodel.demand import busy_frac, hours_above, peak_ratio, requests
from costmodel.numerals import numeral
from costmodel.scenario import Scenario
from reports.words.dates import numbered
from reports.words.order import listed
from reports.words.text import compact, figure, percent

POINTS = 101


@dataclass(frozen=True)
class WorkloadView:
    """What the workload page shows: tokens by month and the load-duration curve, each with its title.

    `counts` says which options make other tokens of the same text.
    """

    headline: str
    counts: str
    tokens: np.ndarray
    tokens_title: str
    load: np.ndarray
    hours: np.ndarray
    load_title: str


def workload_view(scenario: Scenario) -> WorkloadView:
    """Tokens as the first option counts them, and the load curve."""
    counted = compared(scenario)[next(iter(scenario.options))].quantities
    tokens = counted["input_tokens"] + counted["output_tokens"]
    peak = peak_ratio(scenario)
    load = peak * np.linspace(0, 1, POINTS)
    total, last = requests(scenario).sum(), tokens.size - 1
    first, end = (
        f"{compact(tokens[1])} in {numbered(scenario, 1)}",
        f"{compact(tokens[-1])} in {numbered(scenario, last)}",
    )
    return WorkloadView(
        headline=f"{volume_asked(scenario)}, {compact(total)} over the horizon",
        counts=_counts(scenario),
        tokens=tokens,
        tokens_title=f"Tokens: {first}, {end}",
        load=load,
        hours=hours_above(scenario, load),
        load_title=f"The busiest hour has {numeral(peak, '.1f')} times the mean; "
        f"{percent(busy_frac(scenario))} of hours are busy",
    )


def growth_said(scenario: Scenario) -> str:
    """'growing 25 % a year'; empty where the volume stays."""
    return grown(scenario.workload.growth_per_year)


def grown(per_year: float) -> str:
    """The same of a figure."""
    return f"{'growing' if per_year > 0 else 'shrinking'} {percent(abs(per_year))} a year" if per_year else ""


def volume_asked(scenario: Scenario) -> str:
    """'594k requests in an average month, growing 25 % a year'."""
    volume = f"{compact(scenario.workload.requests_per_month)} requests in an average month"
    return ", ".join(filter(None, (volume, growth_said(scenario))))


def unlike_applications(scenario: Scenario) -> str:
    """That some options are an application and others are compared without one; empty where they are alike in that."""
    serving = [option for option in scenario.options.values() if option.serves_itself()]
    brings = [option.label for option in serving if option.brings_application]
    lacks = any(not option.brings_application for option in serving)
    if scenario.application.application_included or not brings or not lacks:
        return ""
    are = "is an application itself" if len(brings) == 1 else "are applications themselves"
    return f"{listed(brings)} {are}; the others are compared without what an application costs to build and run."


def _counts(scenario: Scenario) -> str:
    """The options whose models make more or fewer tokens of the same text than the workload counts."""
    ratios = {option.label: option.token_ratio for option in scenario.options.values() if option.counts_tokens()}
    told = [f"{label} {figure(ratio, 3)} times" for label, ratio in ratios.items() if ratio != 1]
    if not told:
        return "Every option's model makes as many tokens of this text."
    others = "; all others make as many" if len(told) < len(ratios) else ""
    return f"Tokens that a model makes of this text, relative to these figures: {', '.join(told)}{others}."
