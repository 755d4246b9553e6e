"""What else is sold, in words: the one row of the market that a verdict must name, and the table of all."""

from collections.abc import Mapping
from dataclasses import dataclass

from costmodel.comparison import Comparison
from costmodel.scenario import Scenario
from pricing.market import KIND, Market, hosts, market, model_of, open_models, title
from pricing.marks import Mark
from pricing.same_model import plain_name
from pricing.token_prices import TokenPrice
from reports.order import MODEL_ERROR, listed
from reports.text import percent, usd

COLUMNS = ("Model", "Sold by", "Cost", "In, USD/Mtok", "Out, USD/Mtok", "Price of", "Context, tokens", "Rules",
           "Not known", "Mark", "Evaluation")  # fmt: skip
NOT_KNOWN = {  # what a rule is about -> what a row leaves open of it
    "longest request": "the longest request it takes",
    "region": "its region",
    "response time": "its response time",
    "last day": "its last day",
}


@dataclass(frozen=True)
class Cheaper:
    """A row of the market that costs less than what it would stand beside, and how that is told."""

    row: TokenPrice
    sentence: str


def cheaper(comparison: Comparison, marks: Mapping[str, Mark]) -> Cheaper | None:
    """The cheapest that is not compared: of the open models compared, elsewhere, and of those that the reader accepted.

    It keeps the rules, as far as it says, and costs less by more than the model's own error than the option that rents
    the same model, else the cheapest that rents tokens, else the cheapest of all.
    """
    found = market(comparison.scenario, _candidates(comparison.scenario, marks))
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
    there = {(option.provider, option.model) for option in scenario.options.values() if option.kind == KIND}
    return [row for name in wanted for row in hosts(name) if (row.provider, row.model) not in there]


def _against(comparison: Comparison, row: TokenPrice) -> str:
    """The option that a row is measured against."""
    rented = [slug for slug in comparison.ranking if comparison[slug].option.kind == KIND]
    same = [slug for slug in rented if model_of(comparison[slug].option) == plain_name(row.model)]
    return (same or rented or comparison.ranking)[0]


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
