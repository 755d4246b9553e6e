"""What runs today as an option of the scenario, its usage as the workload: the reader's own numbers, with a source."""

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from costmodel.fields import number_of
from costmodel.options.token_api import TokenApi
from costmodel.scenario import Scenario, differences
from costmodel.settings import MONTH_NAMES, Workload
from costmodel.units import HOURS_PER_MONTH, SECONDS_PER_HOUR
from pricing import choices
from pricing.assumptions import base_option
from pricing.bills import MetBill
from pricing.documents import Opened
from pricing.origins import GROWN
from pricing.token_prices import TokenPrice
from pricing.tokens import counted_anew, family_of
from usage.bill import Bill
from usage.list_prices import has_tokens
from usage.mean_prices import prices_of
from usage.reading import Reading
from usage.tally import Key
from usage.workload import DAY, SEASON, Found

SLUG, LABEL = "today", "What we run now"
LIMIT = "rate_limit_tok_per_s"
OF_ALL_TRAFFIC = {"environments_ratio": 1.0}  # what was used holds tests and staging already
HEADROOM = 10  # times today's busiest hour that the limit allows: providers raise it as an account uses more
RUNNING = "what runs already"
# Nothing is launched, assessed or hired anew, and the workload's tokens are those of this very model.
AS_IT_IS = {"runs_today": True, "token_ratio": 1.0, "attempts_ratio": 1.0}
OF_RUNNING = {**dict.fromkeys(AS_IT_IS, RUNNING), LIMIT: GROWN}  # source of what follows from running
REASONING, OUTPUT = "reasoning_tokens_per_request", "output_tokens_per_request"
MOST_HIDDEN = number_of(TokenApi, "reasoning_frac").high


@dataclass(frozen=True)
class Today:
    """What is known of today: fields of the workload as told, `source` in words, and the price of the model.

    `prices` are fields of the option that no list has, such as the mean of several models; `bill` is what was billed;
    `discount_frac` is the discount that the reader states, `terms` what else is said: path of the scenario -> value.
    """

    told: Mapping[str, float]
    source: str
    price: TokenPrice | None = None
    prices: Mapping[str, Any] = field(default_factory=dict)
    bill: MetBill | None = None
    discount_frac: float | None = None
    terms: Mapping[str, Any] = field(default_factory=dict)

    @property
    def values(self) -> dict[str, float]:
        """Fields of the workload: what models think is no part of it, but a share of what each of them writes."""
        hidden, shown = self._output
        least = {OUTPUT: max(shown, (hidden + shown) * (1 - MOST_HIDDEN))} if hidden else {}
        return {**self.told, **least, REASONING: 0.0}

    @property
    def reasoning_frac(self) -> float:
        """Hidden share of what today's model writes; where nobody tells it apart, none: it is in the output."""
        hidden, shown = self._output
        return min(hidden / (hidden + shown), MOST_HIDDEN) if hidden else 0.0

    @property
    def _output(self) -> tuple[float, float]:
        """Tokens of a request that were hidden and shown."""
        return self.told.get(REASONING, 0.0), self.told.get(OUTPUT, 0.0)


def of_files(reading: Reading, found: Found, bill: Bill, keep: Callable[[Key], bool] = lambda _: True,
             discount_frac: float | None = None) -> Today:  # fmt: skip
    """Today as files tell it: the workload of the usage, at today's list prices of the models in it."""
    cells = [cell for cell in reading.cells if keep(cell.key) and cell.key.start and found.period.holds(cell.key.start)]
    price, prices = prices_of([cell for cell in cells if has_tokens(cell)], found.values)
    last = bill.of(found) if bill.is_invoice else None
    met = None
    if last and last.list_usd and last.billed_usd > 0:
        met = MetBill(SLUG, last.billed_usd, last.list_usd, last.name, found.source, last.uncovered_usd)
    return Today(found.values, found.source, price, prices, met, discount_frac)


def taken(opened: Opened, today: Today, on: date) -> Opened:
    """The scenario with today's workload and, where its price is known, what runs now as the first option."""
    before, told = opened.scenario, _told(today)
    scenario = with_usage(before, today).vary(today.terms)
    sources = dict.fromkeys((*(f"workload.{name}" for name in told), *today.terms), today.source)
    if today.price is not None:
        own = _own_fields(today, scenario.workload)
        others = {slug: option for slug, option in scenario.options.items() if slug != SLUG}
        scenario = scenario.vary({}, options={SLUG: _option(today, own, scenario.workload), **others})
        limits = _limits(opened, own[LIMIT])
        scenario = scenario.vary(limits)
        sources |= dict.fromkeys(limits, GROWN)
        sources |= {f"options.{SLUG}.{name}": OF_RUNNING.get(name, today.source) for name in own}
    moved = {*differences(before, scenario), *sources}
    kept = ({path: of for path, of in said.items() if path not in moved} for said in (opened.entered, opened.imported))
    entered, imported = kept
    return dataclasses.replace(
        opened,
        scenario=scenario,
        entered={**entered, **dict.fromkeys(sources, on)},
        imported={**imported, **sources},
        bill=today.bill if today.price else None,
        notes=(),
    )


def with_usage(before: Scenario, today: Today) -> Scenario:
    """The scenario with today's workload, its options as they are; where no season is told, the year is even.

    So its first month is the usage that was read, whatever the season of the scenario before.
    """
    told = {**dict.fromkeys(SEASON, 1.0), **_told(today)}
    return before.vary(counted_anew(before, {f"workload.{name}": value for name, value in told.items()}))


def _told(today: Today) -> dict[str, Any]:
    """Fields of the workload that today's usage gives."""
    counted = {"counted_with": family_of(today.price.model).family} if today.price else {}
    hours = {"time_zone": "UTC"} if DAY[0] in today.told else {}
    return {**today.values, **OF_ALL_TRAFFIC, **counted, **hours}


def _option(today: Today, own: Mapping[str, Any], workload: Workload) -> dict[str, Any]:
    chosen = choices.token_api(today.price.provider, today.price.model, workload=workload)
    named = {"provider": today.price.provider, "model": today.price.model, "label": LABEL}
    return choices.merged(base_option("token_api"), chosen, named, _nested(own))


def _own_fields(today: Today, workload: Workload) -> dict[str, Any]:
    """Field of the option -> value that is the reader's own."""
    stated = {} if today.discount_frac is None else {"discount_frac": today.discount_frac}
    limit = HEADROOM * _carried_tok_per_s(workload, today.reasoning_frac)
    return {
        **AS_IT_IS,
        "reasoning_frac": today.reasoning_frac,
        LIMIT: max(base_option("token_api")[LIMIT], limit),
        **stated,
        **today.prices,
    }


def _limits(opened: Opened, most: float) -> dict[str, float]:
    """What other providers would let such an account use, where nobody entered another limit."""
    paths = (f"options.{slug}.{field}" for slug, option in opened.scenario.options.items()
             for field in option.rate_limits())  # fmt: skip
    own = {path for path in opened.entered if opened.imported.get(path) not in (RUNNING, GROWN)}
    return {path: most for path in paths if opened.scenario[path] < most and path not in own}


def _carried_tok_per_s(workload: Workload, reasoning_frac: float) -> float:
    """Tokens a second of the busiest hour of a busy month, which what runs today carries."""
    each = workload.input_tokens_per_request + workload.output_tokens_per_request / (1 - reasoning_frac)
    season = max(getattr(workload.season, f"{name}_ratio") for name in MONTH_NAMES)
    a_month = workload.requests_per_month * each * season
    return float(a_month / (HOURS_PER_MONTH * SECONDS_PER_HOUR) * workload.peak_to_mean_ratio)


def _nested(fields: Mapping[str, Any]) -> dict[str, Any]:
    return choices.nested({name: (value, None) for name, value in fields.items()})
