"""Every model that is sold by the token, priced for a scenario at once: what it would cost and which rules it keeps.

One option with the prices of all of them as arrays is one run; those whose prices change in a month or by the hour are
a run for each such term. Quality is the reader's judgement and no part of it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import SimpleNamespace
from typing import Any

import numpy as np

from costmodel.caching import cached_property
from costmodel.comparison import OptionCost
from costmodel.demand import Task, tokens_of
from costmodel.option import Option
from costmodel.rules import RULES
from costmodel.scenario import Scenario, number_at
from costmodel.settings import NO_LIMIT_S
from costmodel.units import MONTHS_PER_YEAR
from pricing import catalogue, token_prices, tokens
from pricing.assumptions import base_option
from pricing.choices import merged
from pricing.facts import OpenModel, rows
from pricing.same_model import BATCH_ONLY, TUNED_ONLY, plain_name, variant
from pricing.selectors import new_option
from pricing.token_prices import TokenPrice

KIND = "token_api"  # that a row of the price catalogue becomes
OUR_OWN = ("staff", "governance", "launch", "retrieval", "guardrails", "tuning", "transfer", "network_latency_ms",
           "price_decline_per_year")  # fmt: skip
OF_MODEL = ("attempts_ratio", "token_ratio", "reasoning_frac")  # fields that hold wherever the model runs
AT_ONCE, LAST_DAY, REGION, RESPONSE, LONGEST = (
    "requests that cannot wait", "last day", "region", "response time", "longest request")  # fmt: skip
PRICED = ("prices.", "long_prices.", "longest_prices.", "announced.", "hourly.", "cache.", "context_window_tokens")
TERMS = ("from_year", "from_month", "hours_utc")  # of those, what is no array


@dataclass(frozen=True, eq=False)
class Market:
    """The rows of the price catalogue beside what they cost over the horizon, USD. Arrays have the shape (n,).

    `broken` and `unknown` map what a rule is about to the rows that break it, or that do not say whether they keep it.
    """

    rows: tuple[TokenPrice, ...]
    usd: np.ndarray
    broken: Mapping[str, np.ndarray]
    unknown: Mapping[str, np.ndarray]

    @cached_property
    def keeps_rules(self) -> np.ndarray:
        """Whether a row breaks no rule; what it does not say counts as kept, and is in `unknown`."""
        return ~np.any([np.zeros(len(self.rows), bool), *self.broken.values()], axis=0)

    @cached_property
    def order(self) -> np.ndarray:
        """Places of the rows from the cheapest to the dearest, those that break a rule last."""
        return np.lexsort((self.usd, ~self.keeps_rules))

    def breaks(self, place: int) -> list[str]:
        """What the rules are about that a row breaks."""
        return [about for about, where in self.broken.items() if where[place]]

    def leaves_open(self, place: int) -> list[str]:
        """What a row does not say, of that which the scenario's rules ask."""
        return [about for about, where in self.unknown.items() if where[place]]


@cache
def offers() -> tuple[TokenPrice, ...]:
    """Every row of the price catalogue that can be rented as it is."""
    return tuple(row for row in token_prices.listed() if not TUNED_ONLY.search(row.model))


@cache
def _by_name() -> Mapping[str, tuple[TokenPrice, ...]]:
    found: dict[str, list[TokenPrice]] = {}
    for row in offers():
        found.setdefault(plain_name(row.model), []).append(row)
    return {name: tuple(hosts) for name, hosts in found.items()}


def hosts(name: str) -> tuple[TokenPrice, ...]:
    """Every row of one model, by its plain name."""
    return _by_name().get(name, ())


@cache
def open_models() -> Mapping[str, str]:
    """Plain name -> name of the open models that the catalogue has."""
    return {plain_name(row.name): row.name for row in rows(OpenModel)}


def title(name: str) -> str:
    """What a model is called for readers, by its plain name: as the catalogue does, else as one of its hosts."""
    written = [row.name for row in hosts(name) if not set("/:(") & set(row.name)]
    found = open_models().get(name) or next((each for each in written if " " in each), (written or [name])[0])
    return token_prices.spelled(found)


def called(row: TokenPrice) -> str:
    """What a row is called for readers: its model, with what tells it from others that its seller has of that model."""
    name, own = title(plain_name(row.model)), variant(row.model)
    kinds = _kinds().get((row.seller, name), [])
    apart = row.model if kinds.count(own) > 1 else own * (len(kinds) > 1)
    return f"{name} ({apart})" if apart else name


@cache
def _kinds() -> Mapping[tuple[str, str], list[str]]:
    """(seller, what a model is called for readers) -> as what that seller offers it, a row each."""
    found: dict[tuple[str, str], list[str]] = {}
    for row in offers():
        found.setdefault((row.seller, title(plain_name(row.model))), []).append(variant(row.model))
    return found


def longest_request(row: TokenPrice) -> float:
    """Tokens of the longest request of a row; 0 where nobody says."""
    return float(_all_columns()["context_window_tokens"][_places()[row.provider, row.model]])


def model_of(option: Option) -> str:
    """The plain name of the model that an option rents or serves; empty where it names none."""
    return plain_name(option.model_name())


def rented(scenario: Scenario, row: TokenPrice, label: str = "") -> dict[str, Any]:
    """A row as an option of the scenario: the row's prices, and the company's own terms with any API.

    Those are the terms of the option that rents the same model, else of the first that rents tokens; the rate limit
    carries as many requests as there. What was agreed with one provider, a discount, units, a commitment, its region,
    is not taken over.
    """
    picked = {"provider": row.provider, "model": row.model}
    new = new_option(KIND, label or default_label(row), picked, scenario.workload)
    same = _same(scenario).get(plain_name(row.model))
    like = _like(same, _first_api(scenario))
    own = like.model_dump(include=set(OUR_OWN)) if like else {}
    of_model = same.model_dump(include=set(OF_MODEL)) if same else {}
    leaves = {"governance": {"data_leaves_frac": new["governance"]["data_leaves_frac"]}}
    option = merged(new, own, of_model, leaves)
    if like:
        option["rate_limit_tok_per_s"] = float(_limit(scenario, like, SimpleNamespace(**option)))
    return option


def _like(same: Any, first: Any) -> Any:
    """The option on whose terms a row comes in: that with the `same` model if it rents tokens, else the `first`."""
    return same if same and same.rents_tokens() else first


def _first_api(scenario: Scenario) -> Any:
    """The first option that rents tokens; None where none does."""
    return next(iter(_apis(scenario)), None)


def _limit(scenario: Scenario, like: Any, figures: Any) -> Any:
    """Tokens per second, by these figures of a model, for as many requests as the limit of `like` carries."""
    work, other = (each.attempts_ratio * sum(tokens_of(scenario.workload, each)) for each in (figures, like))
    return np.ceil(like.rate_limit_tok_per_s * work / other)


def default_label(row: TokenPrice) -> str:
    """What a row is called as an option."""
    return f"{called(row)} at {row.seller}"[:80]


def market(scenario: Scenario, listed: Sequence[TokenPrice]) -> Market:
    """What each row would cost, on the terms of the first option that rents tokens, and which rules it keeps."""
    listed = tuple(listed)
    usd = np.zeros(len(listed))
    broken: dict[str, np.ndarray] = {}
    for places, cost in _runs(scenario, listed):
        usd[places] = cost.net_present_cost_usd
        for about, rule in RULES.items():
            for breach in rule(cost) if about != REGION else ():
                broken.setdefault(about, np.zeros(len(listed), bool))[places] |= breach.where
    return Market(listed, usd, {**broken, **_of_offer(scenario, listed)}, _unknown(scenario, listed))


def _runs(scenario: Scenario, listed: tuple[TokenPrice, ...]) -> Iterator[tuple[np.ndarray, OptionCost]]:
    """(places of the rows, their cost in one run) for the rows whose terms that are no arrays are the same."""
    groups: dict[tuple[int, int, str], list[int]] = {}
    for place, row in enumerate(listed):
        groups.setdefault((row.announced.from_year, row.announced.from_month, row.hourly.hours_utc), []).append(place)
    figures = {**_columns(listed), **_of_models(scenario, listed)}
    for places in map(np.array, groups.values()):
        first = listed[places[0]]
        never, even = not first.announced.are_known, not first.hourly.hours_utc
        idle = tuple(name for name, is_idle in (("announced.", never), ("hourly.", even)) if is_idle)
        changes = {
            f"options.row.{name}": column[places, np.newaxis]
            for name, column in figures.items()
            if not name.startswith(idle) and np.ptp(column[places])
        }
        varied = scenario.vary(changes, options={"row": rented(scenario, first)})
        yield places, OptionCost("row", Task(varied, varied.options["row"]))


def _columns(listed: tuple[TokenPrice, ...]) -> Mapping[str, np.ndarray]:
    """Field of the option -> the catalogue's figure of each row. Shape (n,)."""
    places = [_places()[row.provider, row.model] for row in listed]
    return {name: column[places] for name, column in _all_columns().items()}


@cache
def _places() -> Mapping[tuple[str, str], int]:
    return {(row.provider, row.model): place for place, row in enumerate(offers())}


@cache
def _all_columns() -> Mapping[str, np.ndarray]:
    cited = [catalogue.listed_api(row) for row in offers()]
    fields = [name for name in cited[0] if name.startswith(PRICED) and not name.endswith(TERMS)]
    return {name: np.array([each[name][0] for each in cited], float) for name in fields}


def _of_models(scenario: Scenario, listed: tuple[TokenPrice, ...]) -> dict[str, np.ndarray]:
    """Field of the option -> figure of each row's model, and the limit that goes with it. Shape (n,).

    The figure is that of an option of the scenario that has the model, else of the facts.
    """
    same, usual = _same(scenario), base_option(KIND)
    found = [same.get(plain_name(row.model)) for row in listed]
    facts = [tokens.figures(row.model, scenario.workload) for row in listed]
    columns = {
        name: np.array([
            getattr(option, name) if option else fact[name].base if name in fact else usual[name]
            for option, fact in zip(found, facts, strict=True)
        ])
        for name in OF_MODEL
    }  # fmt: skip
    limits, first = np.full(len(listed), usual["rate_limit_tok_per_s"]), _first_api(scenario)
    by_like: dict[int, list[int]] = {}
    likes = [_like(option, first) for option in found]
    for place, like in enumerate(likes if first else ()):
        by_like.setdefault(id(like), []).append(place)
    for places in by_like.values():
        figures = SimpleNamespace(**{name: column[places] for name, column in columns.items()})
        limits[places] = _limit(scenario, likes[places[0]], figures)
    return {**columns, "rate_limit_tok_per_s": limits}


def _same(scenario: Scenario) -> dict[str, Any]:
    """Plain name of a model -> the option that has it; one that rents it by the token goes first."""
    having = {model_of(option): option for option in reversed(list(scenario.options.values())) if model_of(option)}
    return having | {model_of(option): option for option in reversed(_apis(scenario))}


def _apis(scenario: Scenario) -> list[Any]:
    return [option for option in scenario.options.values() if option.rents_tokens()]


def _of_offer(scenario: Scenario, listed: tuple[TokenPrice, ...]) -> dict[str, np.ndarray]:
    """Rules that are about the offer and not about the option that it becomes: what it is about -> who breaks it."""
    bounds, end = number_at(scenario, "workload.batch_frac"), _end(scenario)
    all_wait = bounds is not None and scenario.workload.batch_frac >= bounds.high
    found = {
        AT_ONCE: [row.model.endswith(BATCH_ONLY) and not all_wait for row in listed],
        LAST_DAY: [row.last_day is not None and row.last_day < end for row in listed],
    }
    return {about: np.array(where) for about, where in found.items() if any(where)}


def _end(scenario: Scenario) -> date:
    """The first day after the horizon."""
    workload = scenario.workload
    months = workload.start_year * MONTHS_PER_YEAR + workload.start_month - 1 + scenario.finance.horizon_months
    return date(months // MONTHS_PER_YEAR, months % MONTHS_PER_YEAR + 1, 1)


def _unknown(scenario: Scenario, listed: tuple[TokenPrice, ...]) -> dict[str, np.ndarray]:
    """What a rule is about -> the rows that do not say whether they keep it. No row says where and how fast it is."""
    rules, every = scenario.rules, np.ones(len(listed), bool)
    return {
        LONGEST: _columns(listed)["context_window_tokens"] == 0,
        REGION: every & rules.data_must_stay_in_region,
        RESPONSE: every & (rules.response_time_limit_s < NO_LIMIT_S),
        LAST_DAY: np.array([row.is_withdrawn for row in listed], bool),
    }
