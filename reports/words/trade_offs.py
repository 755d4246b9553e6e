"""What a decision decides beside money, for every option from the same scenario."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from answers.quality import NO_MARKS, Marks
from answers.trade_offs import Figures, carried
from costmodel.comparison import Comparison, OptionCost
from costmodel.demand import peak_requests_per_s
from costmodel.numerals import numeral
from costmodel.regions import is_place, lies_in
from costmodel.rules import short_of_peak
from reports.words.briefing import Table
from reports.words.dates import numbered
from reports.words.labels import lowered
from reports.words.measure import measure
from reports.words.order import EQUAL, RUNS_TODAY, cheapest
from reports.words.people import posts_said
from reports.words.quality import mark_words
from reports.words.start import bridged_months
from reports.words.strip import BROKEN
from reports.words.text import MULTIPLES_FROM, NOT_KNOWN, compact, highest, percent, seconds_said, usd, with_unit

NOT_SAID, NOT_PUBLISHED, NOT_EVALUATED = "not said", "not published", "not evaluated"


@dataclass(frozen=True)
class Measure:
    """One matter beside cost: its name and unit, how a figure is written, what it means, and how it is not known."""

    name: str
    unit: str
    shown: Callable[[float], str]
    meaning: str
    unknown: str = NOT_SAID


def _months(value: float) -> str:
    return with_unit(round(value), "months")


def _of_peak(ratio: float) -> str:
    return f"{percent(ratio)} of the peak" if ratio < 1 else f"{compact(ratio)} times"


def _against_low(ratio: float) -> str:
    if ratio >= MULTIPLES_FROM:
        return f"{compact(ratio)} times"
    more = percent(abs(ratio - 1))
    return EQUAL if more == percent(0) else f"{more} {'more' if ratio > 1 else 'less'}"


MARK = "Your mark of its model"
HOLLOW = "Hollow: ruled out."
NO_RULE = "none"  # is broken
RESPONSE_NOTE = "The slower part of an option that several serve, in its slowest month, without a queue."
MEASURES: Mapping[str, Measure] = {
    "response_s": Measure("Response time", "s", seconds_said,
                          "Until the last token of an answer, in the slowest part and month of the option."),
    "network_s": Measure("Network round trip", "s", seconds_said, "Between the user and the option, of that response."),
    "first_token_s": Measure("Time to first token", "s", seconds_said, "Reading the prompt, of that response."),
    "generation_s": Measure("Decoding the answer", "s", seconds_said, "All tokens after the first, of that response."),
    "peak_ratio": Measure("Peak carried", "times the peak", _of_peak,
                          "What runs, or a rate limit, against the busiest hour, in the tightest month; providers "
                          "raise a rate limit on request."),
    "longest": Measure("Longest request", "tokens", lambda v: f"{numeral(v, ',.0f')} tokens",
                       "Input and output of one request together, of the part whose model takes least.", NOT_KNOWN),
    "leaving": Measure("Sensitive requests that leave", "share of all requests", percent,
                       "Share of all requests, of those marked sensitive."),
    "cash_first": Measure("Cash before month 1", "USD", usd, "What is laid out today."),
    "months": Measure("Months until it serves", "months", _months,
                      "From today, by the option itself or by a bridge until it is delivered."),
    "bill_spread": Measure("Bill, high against low demand", "times", _against_low,
                           "Monthly bill of the last year at high demand relative to low."),
    "kwh": Measure("Energy per million tokens", "kWh", lambda v: f"{numeral(v, '.3g')} kWh",
                   "Of servers owned and rented.", NOT_PUBLISHED),
    "carbon": Measure("Carbon per million tokens", "kg CO2e", lambda v: f"{numeral(v, '.3g')} kg CO2e",
                      "Of that energy alone.", NOT_PUBLISHED),
    "points": Measure("Your evaluation", "points", lambda v: f"{numeral(v, 'g')} points",
                      "What you found of its model, of 0 to 100 points; of several models the worst.", NOT_EVALUATED),
    "lock_in": Measure("Lock-in", "months", _months,
                       "Longest commitment or life of hardware entered into. What is owed beyond the horizon is in no "
                       "cost, and what was prepaid for it is credited."),
}  # fmt: skip


def table(
    comparison: Comparison, found: Mapping[str, Figures], marks: Marks = NO_MARKS, *, in_few_words: bool = False
) -> Table:
    """Rows of options, columns of measures; an option that breaks a rule says which, in a sentence or in few words."""
    rows = []
    for slug in comparison.ranking:
        cost = comparison[slug]
        cells = {key: _told(comparison, found, slug, key) for key in MEASURES}
        rows.append(
            (
                cost.label,
                usd(cost.net_present_cost_usd),
                mark_words(cost, marks),
                *cells.values(),
                _broken(cost) if in_few_words else " ".join(cost.broken_rules) or NO_RULE,
            )
        )
    matters = (matter.name for matter in MEASURES.values())
    columns = ("Option", measure(comparison.scenario).name, MARK, *matters, "Rules broken")
    return Table(headline(comparison), columns, rows)


def apart(comparison: Comparison, found: Mapping[str, Figures], marks: Marks = NO_MARKS) -> Table:
    """The table with a row for each matter in which options differ; what is the same for all is told below."""
    whole = table(comparison, found, marks, in_few_words=True).transposed()
    same = [row for row in whole.rows if len({*row[1:]}) == 1]
    rows = [row for row in whole.rows if row not in same]
    if not same or not rows:
        return whole
    told = "; ".join(f"{lowered(name)}, {cell}" for name, cell, *_ in same)
    return replace(whole, rows=rows, note=f"The same for all: {told}.")


def _told(comparison: Comparison, found: Mapping[str, Figures], slug: str, key: str) -> str:
    """A figure of an option in words; with it who serves until then, and how much of a term no cost has."""
    matter, value = MEASURES[key], found[slug][key]
    told = matter.unknown if value is None else matter.shown(value)
    scenario, option = comparison.scenario, comparison[slug].option
    if key == "lock_in" and (beyond := value - scenario.finance.horizon_months) > 0:
        return f"{told}, {numeral(beyond, ',g')} of them beyond the horizon"
    if key != "months":
        return told
    if option.runs_already(scenario.options):
        return f"{told}, {RUNS_TODAY}"
    return f"{told}, by a bridge for {_months(bridged)}" if (bridged := bridged_months(scenario, option)) else told


def _broken(cost: OptionCost) -> str:
    return ", ".join(dict.fromkeys(BROKEN[breach.rule] for breach in cost.breaches)) or NO_RULE


MEANS = ("leaving", "lock_in", "cash_first", "months", "bill_spread")  # what people who decide ask beside cost


def means(comparison: Comparison, found: Mapping[str, Figures]) -> Table:
    """What each option means for people, data, lock-in and risk, a row each, the cheapest first."""
    rows = []
    for slug in comparison.ranking:
        cost = comparison[slug]
        cells = (_told(comparison, found, slug, key) for key in MEANS)
        rows.append((cost.label, posts_said(cost), *cells, _broken(cost)))
    best, people, leaving, held, *_ = rows[0]
    tied = f"locked in for {held}" if found[comparison.ranking[0]]["lock_in"] else "no lock-in"
    columns = ("Option", "People in the last year", *(MEASURES[key].name for key in MEANS), "Rules broken")
    said = f"{best}: {people}, {tied}; sensitive requests that leave: {leaving}"
    return Table(said, columns, rows)


def nearest(comparison: Comparison) -> str:
    """Where the rules leave no option: who breaks fewest of them, and how quick the quickest is where all are too slow.

    Empty where some option is left.
    """
    costs = comparison.costs.values()
    if comparison.allowed or not costs:
        return ""
    first, *_ = sorted(costs, key=lambda cost: (len(cost.breaches), float(cost.net_present_cost_usd)))
    told = f"Nearest to the rules: {first.label}. {' '.join(first.broken_rules)}"
    if all("response time" in [breach.rule for breach in cost.breaches] for cost in costs):
        seconds, label = min((highest(cost.quantities["response_time_s"]), cost.label) for cost in costs)
        told += f" The quickest, {label}, takes {seconds_said(seconds)}." * (label != first.label)
    return told


def unknown_home(comparison: Comparison) -> str:
    """That the home region is no place that is known and none of the options' regions begins so; else empty."""
    rules, home = comparison.scenario.rules, comparison.scenario.rules.home_region.strip()
    parts = [part for part in comparison.scenario.options.values() if part.serves_itself()]
    if not (rules.data_must_stay_in_region and home) or is_place(home):
        return ""
    if any(lies_in(part.region, home) for part in parts if part.region.strip()):
        return ""
    return (
        f"No country or area is known as {home}, and no option's region begins so: name one, such as us, Germany or eu."
    )


def headline(comparison: Comparison) -> str:
    """How many options the rules leave, and what the cheapest of all would cost."""
    out = [slug for slug in comparison.costs if comparison[slug].broken_rules]
    if not out:
        return f"No rule stands against any option; {cheapest(comparison)}"
    left = len(comparison.costs) - len(out)
    if not left:
        return "The rules of the scenario leave no option"
    return f"The rules leave {left} of {len(comparison.costs)} options; of those {cheapest(comparison)}"


def response_title(comparison: Comparison, found: Mapping[str, Figures]) -> str:
    """Which option answers first and which last."""
    known = {slug: figures["response_s"] for slug, figures in found.items() if figures["response_s"] is not None}
    if not known:
        return "No option says how long an answer takes"
    first, last = min(known, key=known.get), max(known, key=known.get)
    if known[first] == known[last]:
        return f"An answer takes {seconds_said(known[first])} with every option"
    quickest = f"{comparison[first].label}: {seconds_said(known[first])} for an answer"
    return f"{quickest}; {comparison[last].label}: {seconds_said(known[last])}"


def against_title(comparison: Comparison, found: Mapping[str, Figures], key: str) -> str:
    """What the cheapest option means for one matter, and between which figures the others lie."""
    matter, (best, *others) = MEASURES[key], comparison.ranking
    told = {slug: matter.unknown if found[slug][key] is None else matter.shown(found[slug][key]) for slug in found}
    known = sorted((slug for slug in others if found[slug][key] is not None), key=lambda slug: found[slug][key])
    if not others or set(told.values()) == {told[best]}:
        return f"{matter.name}: {told[best]} with every option"
    ends = " to ".join(dict.fromkeys(told[slug] for slug in (known[0], known[-1]))) if known else matter.unknown
    kept = " that keeps the rules" if 0 < len(comparison.allowed) < len(comparison.costs) else ""
    return f"{matter.name}: {told[best]} with {comparison[best].label}, the cheapest{kept}; {ends} with the others"


def against_note(comparison: Comparison, key: str) -> str:
    """What the matter means, and which points are of options that a rule excludes."""
    is_any_out = len(comparison.allowed) < len(comparison.costs)
    return f"{MEASURES[key].meaning} {HOLLOW if is_any_out else ''}".strip()


def on_devices(comparison: Comparison) -> str:
    """How long devices take that answer a share of the requests themselves; empty without any."""
    told = []
    for cost in comparison.costs.values():
        if seconds := highest(cost.quantities.get("device_response_time_s", 0)):
            share = percent(np.max(cost.quantities["device_frac"]))
            told.append(f"{cost.label}: its devices answer {share} of the requests in {seconds_said(seconds)} each.")
    return " ".join(told)


def peak_sentence(comparison: Comparison) -> str:
    """What the busiest hour asks for, and which options do not carry it with what they run."""
    peak = peak_requests_per_s(comparison.scenario)[1:]
    asked = f"The busiest hour asks for {compact(peak[0])} requests a second in {numbered(comparison.scenario, 1)}"
    if peak.max() > peak[0]:
        asked += f" and {compact(peak.max())} in the busiest month"
    short = []
    for cost in comparison.costs.values():
        if months := np.count_nonzero(short_of_peak(cost)):
            short.append(f"{cost.label} in {months} of {carried(cost).size} months")
    return f"{asked}. Servers or rate limit do not carry it: {', '.join(short)}." if short else f"{asked}."
