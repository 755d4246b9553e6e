"""What else is sold, in words: the one row that a verdict must name, the table of all, and what is evaluated."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

from costmodel.comparison import Comparison
from costmodel.numerals import numeral
from costmodel.scenario import Scenario
from pricing.market import Market, called, hosts, longest_request, market, model_of, offers, open_models, title
from pricing.marks import Mark
from pricing.same_model import plain_name
from pricing.token_prices import TokenPrice
from reports.words.money import converted
from reports.words.order import MODEL_ERROR, listed
from reports.words.text import percent, usd

FACTS = ("Model", "Sold by", "Name there", "Input, USD/Mtok", "Output, USD/Mtok", "Price of", "Longest request")
COLUMNS = ("Model", "Cost", "Sold by", "Rules", "Not known", "Mark", "Evaluation", *FACTS[2:])
ACCEPTED = {True: "accepted", False: "refused", None: "not marked yet"}
TERMS = (
    "begun anew, with launch and assessment, on the terms of your option that rents the same model, else of the first "
    "that rents tokens"
)
NOT_KNOWN = {  # what a rule is about -> what a row leaves open of it
    "longest request": "the longest request",
    "region": "the region",
    "response time": "the response time",
    "last day": "the last day",
}


@dataclass(frozen=True)
class Cheaper:
    """A row of the market that costs less than what it would stand beside, and how that is told."""

    row: TokenPrice
    sentence: str


def cheaper(comparison: Comparison, marks: Mapping[str, Mark]) -> Cheaper | None:
    """The cheapest that is not compared: of the open models compared, elsewhere, and of those that the reader accepted.

    It keeps the rules, as far as it says, and costs less by more than the model's own error than the option that serves
    the same model, else the cheapest of all; where some of these rent tokens, than the cheapest of those.
    """
    scenario, sold = comparison.scenario, _candidates(comparison.scenario, marks)
    key = ("market", *((row.provider, row.model) for row in sold))
    found = scenario.once(key, lambda: market(scenario, sold))
    for place in found.order:
        against = _against(comparison, found.rows[place])
        if not found.keeps_rules[place]:
            break
        if found.usd[place] < (1 - MODEL_ERROR) * float(comparison[against].net_present_cost_usd):
            return Cheaper(found.rows[place], _sentence(comparison, found, place, against))
    return None


def _candidates(scenario: Scenario, marks: Mapping[str, Mark]) -> list[TokenPrice]:
    accepted = [name for name, mark in marks.items() if mark.accepted]
    compared = [name for name in map(model_of, scenario.options.values()) if name in open_models()]
    wanted = [name for name in dict.fromkeys((*compared, *accepted)) if marks.get(name, Mark()).accepted is not False]
    there = {(option.seller(), option.model_name()) for option in scenario.options.values() if option.rents_tokens()}
    return [row for name in wanted for row in hosts(name) if (row.provider, row.model) not in there]


def _against(comparison: Comparison, row: TokenPrice) -> str:
    """The option that a row is measured against: of the same model where there is one."""
    same = [slug for slug in comparison.ranking if model_of(comparison[slug].option) == plain_name(row.model)]
    among = same or comparison.ranking
    return next((slug for slug in among if comparison[slug].option.rents_tokens()), among[0])


def _sentence(comparison: Comparison, found: Market, place: int, against: str) -> str:
    row, best = found.rows[place], comparison[comparison.ranking[0]]
    compared = {model_of(option) for option in comparison.scenario.options.values()}
    same, model = plain_name(row.model) in compared, title(plain_name(row.model))
    name = f"The same {model}" if same else f"{model}, which you accepted,"
    less = percent(1 - found.usd[place] / float(comparison[against].net_present_cost_usd))
    told = f"{name} costs {less} less at {row.seller} than {comparison[against].label}"
    if best.slug != against and found.usd[place] < (1 - MODEL_ERROR) * float(best.net_present_cost_usd):
        told += ", and less than every option here"
    open_points = [NOT_KNOWN[about] for about in found.leaves_open(place)]
    unknown = f" Not known: {listed(open_points)}." if open_points else ""
    return f"{told}: {usd(found.usd[place])}, not in this comparison.{unknown}"


@dataclass(frozen=True)
class Evaluated:
    """A model with an evaluation of the reader's: its points, and what it costs at its cheapest host, USD.

    It is `ahead` where no other is better for as little.
    """

    name: str
    points: float
    usd: float
    ahead: bool


def standing(found: Market) -> str:
    """How many of the rows keep the rules."""
    return (
        f"{numeral(found.keeps_rules.sum(), ',')} of {numeral(len(found.rows), ',')} listed offers keep "
        "the rules of the scenario"
    )


def between(found: Market, places: Sequence[int]) -> str:
    """Between which amounts the rows at these places cost, to be added to how many they are."""
    amounts = found.usd[places]
    return f", {usd(amounts.min())} to {usd(amounts.max())}" if len(places) else ""


def left_open(found: Market) -> str:
    """How many of those do not say what the rules ask, in a sentence; empty where all say it."""
    unknown = {about: int(np.sum(where & found.keeps_rules)) for about, where in found.unknown.items()}
    told = [f"{NOT_KNOWN[about]} of {numeral(count, ',')}" for about, count in unknown.items() if count]
    return f"Not known, though counted as kept: {listed(told)}." if told else ""


def hits(found: Market, places: Sequence[int], measured: str) -> str:
    """How many rows were found, what they cost in the measure that is told, and what is not known of them."""
    number = f"{numeral(len(places), ',')} of {numeral(len(found.rows), ',')} offers{between(found, places)}."
    return f"{number} {measured}, {TERMS}. {left_open(found)}".strip()


def table(found: Market, places: Sequence[int], marks: Mapping[str, Mark]) -> pd.DataFrame:
    """Of the whole market the rows at these places: what they cost in the currency shown, and what is known of them."""
    chosen = _facts().iloc[places]
    said = [marks.get(name, Mark()) for name in chosen.index]
    shown = chosen.assign(**{
        "Cost": np.round(converted(found.usd[places])),
        "Rules": [listed([f"{about}: broken" for about in found.breaks(place)] or ["kept"]) for place in places],
        "Not known": [listed([*found.leaves_open(place), ""]) for place in places],
        "Mark": [ACCEPTED[mark.accepted] if mark != Mark() else "" for mark in said],
        "Evaluation": [mark.points for mark in said],
    })  # fmt: skip
    return shown[list(COLUMNS)]


def matching(found: Market, wanted: str) -> list[int]:
    """Places in the whole market of the rows that have every word of `wanted` in their names, in the market's order."""
    words, lines = wanted.lower().split(), _lines()
    return [int(place) for place in found.order if all(word in lines[place] for word in words)]


def evaluated(found: Market, marks: Mapping[str, Mark]) -> list[Evaluated]:
    """Models that the reader evaluated and that keep the rules somewhere, by their points."""
    least: dict[str, float] = {}
    for place in found.order[: found.keeps_rules.sum()]:
        least.setdefault(plain_name(found.rows[place].model), float(found.usd[place]))
    known = [(mark.points, -least[name], name) for name, mark in marks.items()
             if mark.points is not None and name in least]  # fmt: skip
    front, models = np.inf, []
    for points, negative, name in sorted(known, reverse=True):
        models.append(Evaluated(title(name), points, -negative, -negative < front))
        front = min(front, -negative)
    return models[::-1]


def frontier_title(models: Sequence[Evaluated]) -> str:
    """Which of the evaluated models are ahead."""
    ahead = [model.name for model in models if model.ahead]
    return f"Best of those evaluated for what it costs: {listed(ahead)}"


@cache
def _facts() -> pd.DataFrame:
    """What the catalogue says of every offer, by the plain name of the model."""
    facts = [
        (called(row), row.seller, row.model, row.prices.input_usd_per_mtok,
         row.prices.output_usd_per_mtok, row.fact.as_of, longest_request(row) or None)
        for row in offers()
    ]  # fmt: skip
    return pd.DataFrame(facts, [plain_name(row.model) for row in offers()], FACTS)


@cache
def _lines() -> tuple[str, ...]:
    """Names of model and seller of every offer as one text in small letters."""
    return tuple(f"{title(plain_name(row.model))} {row.name} {row.model} {row.seller} {row.provider}".lower()
                 for row in offers())  # fmt: skip
