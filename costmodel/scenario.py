"""The question: a frozen scenario, a dotted path for every number in it, and `vary`, the one verb that changes it."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Annotated, Any, Literal, Self

from pydantic import Field, PrivateAttr, ValidationError, field_validator, model_validator

from costmodel.errors import ScenarioError, nearest
from costmodel.fields import Number, Record, Text, number_of
from costmodel.option import KINDS, Option

MONTH_NAMES = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
NO_LIMIT_S, NO_LIMIT_MONTHS = 3600, 240  # a rule at this bound rules nothing out
SeasonFactor = Annotated[
    float, Number("ratio", 0, 10, "Traffic of this calendar month relative to an average month of the year.")
]


class Season(Record):
    """How traffic is spread over the calendar year; twelve ones are an even year."""

    january_ratio: SeasonFactor
    february_ratio: SeasonFactor
    march_ratio: SeasonFactor
    april_ratio: SeasonFactor
    may_ratio: SeasonFactor
    june_ratio: SeasonFactor
    july_ratio: SeasonFactor
    august_ratio: SeasonFactor
    september_ratio: SeasonFactor
    october_ratio: SeasonFactor
    november_ratio: SeasonFactor
    december_ratio: SeasonFactor


class Workload(Record):
    """What is asked of the models."""

    requests_per_month: Annotated[
        float, Number("requests/month", 1, 1e12, "Requests that users and systems send in month 1.")
    ]
    growth_per_year: Annotated[float, Number("per year", -0.9, 20, "Yearly growth of requests, effective.")]
    input_tokens_per_request: Annotated[
        float, Number("tokens/request", 1, 2e6, "Tokens that go in with one request: prompt, documents, history.")
    ]
    output_tokens_per_request: Annotated[
        float, Number("tokens/request", 1, 2e5, "Tokens that the reader gets with one answer.")
    ]
    reasoning_tokens_per_request: Annotated[
        float, Number("tokens/request", 0, 2e5, "Hidden tokens a model thinks with; billed and computed as output.")
    ]
    cached_input_frac: Annotated[
        float,
        Number(
            "share",
            0,
            1,
            "Share of input tokens read from a prompt cache (repeated instructions, history).",
            label="Input read from cache",
        ),
    ]
    cache_write_frac: Annotated[
        float,
        Number(
            "share",
            0,
            1,
            "Share of input tokens written to the prompt cache for later requests.",
            label="Input written to cache",
        ),
    ]
    batch_frac: Annotated[
        float,
        Number(
            "share",
            0,
            0.99,
            "Share of requests that may wait for hours: batch price, out of the peak.",
            label="Requests that may wait",
        ),
    ]
    sensitive_frac: Annotated[
        float,
        Number("share", 0, 1, "Share of requests whose data may not leave the premises.", label="Sensitive requests"),
    ]
    environments_ratio: Annotated[
        float,
        Number(
            "ratio",
            1,
            10,
            "All traffic, with test, staging and evaluation, relative to production alone.",
            label="All traffic relative to production",
        ),
    ]
    peak_to_mean_ratio: Annotated[
        float, Number("ratio", 1, 100, "Load of the busiest hour relative to the mean over all hours of the month.")
    ]
    busy_hours_frac: Annotated[
        float,
        Number(
            "share", 0.01, 1, "Share of hours with traffic at all; 1 is round the clock.", label="Hours with traffic"
        ),
    ]
    start_month: Annotated[int, Number("month of the year", 1, 12, "Calendar month of month 1.", whole=True)]
    time_per_token_limit_ms: Annotated[
        float,
        Number(
            "ms",
            1,
            10000,
            "Longest time per output token that users accept; sets the batch size on GPUs.",
            label="Longest time per token",
        ),
    ]
    transfer_bytes_per_token: Annotated[
        float,
        Number(
            "bytes/token",
            0,
            1e6,
            "Bytes on the wire for each token, with the wrapping around the text.",
            label="Bytes on the wire",
        ),
    ]
    season: Season


class People(Record):
    """What staff costs, common to all options."""

    ml_engineer_usd_per_year: Annotated[
        float,
        Number(
            "USD/year", 0, 2e6, "Wage of a machine-learning engineer, without benefits.", label="Wage of an ML engineer"
        ),
    ]
    data_scientist_usd_per_year: Annotated[
        float,
        Number("USD/year", 0, 2e6, "Wage of a data scientist, without benefits.", label="Wage of a data scientist"),
    ]
    infrastructure_engineer_usd_per_year: Annotated[
        float,
        Number(
            "USD/year",
            0,
            2e6,
            "Wage of a platform or infrastructure engineer, without benefits.",
            label="Wage of an infrastructure engineer",
        ),
    ]
    loading_ratio: Annotated[
        float,
        Number("ratio", 1, 3, "Full cost of an employee relative to the wage.", label="Full cost relative to the wage"),
    ]
    wage_growth_per_year: Annotated[float, Number("per year", -0.2, 1, "Yearly rise of wages.")]
    recruiting_frac: Annotated[
        float,
        Number(
            "share",
            0,
            1,
            "Cost of filling a post from outside, as a share of a year's wage.",
            label="Recruiting, share of a year's wage",
        ),
    ]
    attrition_per_year: Annotated[
        float, Number("per year", 0, 1, "Share of the staff that leaves each year and is replaced.")
    ]
    trained_inside_frac: Annotated[
        float,
        Number(
            "share",
            0,
            1,
            "Share of posts filled by training one's own staff instead of hiring.",
            label="Posts filled from inside",
        ),
    ]
    training_usd_per_fte: Annotated[
        float,
        Number(
            "USD/FTE",
            0,
            1e6,
            "Courses, certificates and coaching for a post filled from inside.",
            label="Training for a post",
        ),
    ]
    ramp_up_months: Annotated[
        float, Number("months", 0, 24, "Months until somebody new in a post works at full pace.", label="Ramp-up")
    ]
    ramp_up_productivity_frac: Annotated[
        float,
        Number("share", 0, 1, "Work done during those months, relative to full pace.", label="Pace during ramp-up"),
    ]


class Energy(Record):
    """Electricity, common to all options that pay for it."""

    electricity_usd_per_kwh: Annotated[
        float, Number("USD/kWh", 0, 5, "All-in tariff of the site where own servers stand.")
    ]
    electricity_price_change_per_year: Annotated[
        float, Number("per year", -0.5, 1, "Yearly change of the electricity tariff.")
    ]
    carbon_gco2e_per_kwh: Annotated[
        float,
        Number(
            "g CO2e/kWh",
            0,
            2000,
            "Carbon intensity of the grid, for servers owned and rented alike.",
            label="Carbon intensity of the grid",
        ),
    ]


class Risk(Record):
    """What can happen to sensitive data; the expected loss is a line of its own."""

    incident_probability_per_year: Annotated[
        float,
        Number("per year", 0, 1, "Probability of an incident with data that has left the premises; 0 leaves it out."),
    ]
    incident_impact_usd: Annotated[
        float, Number("USD", 0, 1e11, "Loss from one incident if all requests were sensitive and had left.")
    ]


class Rules(Record):
    """What an option must keep to whatever it costs; one that does not is shown as ruled out."""

    sensitive_data_stays: Annotated[bool, Field(description="Sensitive requests may not leave the premises.")]
    response_time_limit_s: Annotated[
        float, Number("s", 0.01, NO_LIMIT_S, "Longest time until the whole answer is there; an hour is no limit.")
    ]
    latest_start_months: Annotated[
        int, Number("months", 0, NO_LIMIT_MONTHS, "Months until users must be served; 240 is no limit.", whole=True)
    ]
    data_must_stay_in_region: Annotated[
        bool, Field(description="Data that leaves the premises may be processed in the home region only.")
    ]
    home_region: Annotated[
        Text, Field(description="Home region; a region is in it when its name begins so, as us-east-1 is in us.")
    ]


class Finance(Record):
    """Time and money."""

    horizon_months: Annotated[int, Number("months", 1, 240, "Months that the comparison covers.", whole=True)]
    discount_rate_per_year: Annotated[
        float, Number("per year", 0, 1, "Cost of capital, effective a year; 0 gives plain sums.")
    ]
    hours_per_month: Annotated[
        float, Number("hours/month", 1, 744, "Hours of operation in a month; 730 is round the clock.")
    ]
    running_costs_at: Annotated[
        Literal["month_end", "month_start"], Field(description="When running costs are paid, for discounting.")
    ]
    tax_rate_frac: Annotated[
        float,
        Number("share", 0, 0.9, "Tax on profit that deductions save, for the figures after tax.", label="Tax rate"),
    ]
    depreciation: Annotated[
        Literal["straight_line", "macrs_5_year", "first_year"],
        Field(description="How purchases are written off for taxes: over their life, by MACRS, or in the first year."),
    ]


class Scenario(Record):
    """Everything a comparison depends on. Frozen; `vary` returns a changed copy."""

    workload: Workload
    people: People
    energy: Energy
    risk: Risk
    rules: Rules
    finance: Finance
    options: Mapping[str, Any]
    _memo: dict = PrivateAttr(default_factory=dict)

    @property
    def memo(self) -> dict:
        """Quantities already known of this very scenario; `vary` starts an empty one."""
        return self._memo

    @model_validator(mode="after")
    def _options_fit_each_other(self) -> Self:
        for slug, option in self.options.items():
            for field, named in option.relies_on().items():
                if named == slug or named not in self.options:
                    others = [other for other in self.options if other != slug]
                    raise ScenarioError(f"options.{slug}.{field} names {named!r:.60}, which is not another option of "
                                        f"this scenario; there are {', '.join(others) or 'none'}.")  # fmt: skip
            option.check(slug, self)
        return self

    @field_validator("options", mode="plain")
    @classmethod
    def _typed_options(cls, options: Any) -> Mapping[str, Option]:
        if not isinstance(options, Mapping) or not options:
            raise ValueError("must name at least one option")
        return MappingProxyType({slug: _typed_option(slug, option) for slug, option in options.items()})

    @classmethod
    def build(cls, groups: Mapping[str, Any]) -> Self:
        """A scenario from nested plain groups; ScenarioError with one sentence when something is wrong."""
        if not isinstance(groups, Mapping):
            raise ScenarioError(f"A scenario must be a group of fields, not {groups!r:.60}.")
        try:
            return cls.model_validate(dict(groups))
        except ValidationError as error:
            raise ScenarioError.from_validation(error) from None

    def vary(self, changes: Mapping[str, Any], *, options: Mapping[str, Any] | None = None) -> Self:
        """A copy in which each dotted path has its new value: a number, a choice, or an array for many runs at once.

        `options`, when given, first replaces the whole mapping of options: to add, remove, rename or order them.
        Raises ScenarioError when a path is unknown or a value is out of bounds; this scenario never changes.
        """
        if not changes and options is None:
            return self
        groups = _children(self) if options is None else {**_children(self), "options": options}
        return self.build(_changed(self, groups, changes))

    def __getitem__(self, path: str) -> Any:
        """The value at a dotted path."""
        value = self
        for part in path.split("."):
            value = _child(self, value, part, path)
        return value


def _typed_option(slug: Any, option: Any) -> Option:
    if not (isinstance(slug, str) and slug.isascii() and slug.isidentifier() and slug == slug.lower()):
        raise ScenarioError(
            f"options: {slug!r:.60} is not a usable option name: write small letters, digits and _, a letter first."
        )
    if isinstance(option, Option):
        return option
    if not isinstance(option, Mapping):
        raise ScenarioError(f"options.{slug} must be a group of fields, not {option!r:.60}.")
    kind = option.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        raise ScenarioError(f"options.{slug}.kind is {kind!r:.60}; the kinds are {', '.join(KINDS)}.")
    try:
        return KINDS[kind].model_validate(dict(option))
    except ValidationError as error:
        raise ScenarioError.from_validation(error, ("options", slug)) from None


def _children(value: Any) -> Mapping[str, Any]:
    if isinstance(value, Record):
        return {name: getattr(value, name) for name in type(value).model_fields}
    return value if isinstance(value, Mapping) else {}


def _child(scenario: Scenario, value: Any, part: str, path: str) -> Any:
    children = _children(value)
    if part not in children:
        raise ScenarioError(f"{path!r:.120} is not a path of this scenario.{nearest(path, list(paths(scenario)))}")
    return children[part]


def _changed(scenario: Scenario, node: Any, changes: Mapping[str, Any], prefix: str = "") -> Any:
    """`node` as plain groups with the changes applied; groups without a change are handed on as they are."""
    grouped: dict[str, dict[str, Any]] = {}
    groups = dict(_children(node))
    for path, value in changes.items():
        head, dot, rest = str(path).partition(".")
        child = _child(scenario, node, head if rest or not dot else f"{head}.", prefix + str(path))
        if rest:
            grouped.setdefault(head, {})[rest] = value
        elif isinstance(child, Record | Mapping):
            raise ScenarioError(f"{prefix}{path} is a group of fields; name one of them, such as "
                                f"{next(iter(paths(scenario, under=prefix + path)), prefix + path)}.")  # fmt: skip
        else:
            groups[head] = value
    for head, below in grouped.items():
        child = groups[head]
        if not isinstance(child, Record | Mapping):
            raise ScenarioError(f"{prefix}{head} is one field and has nothing below it.")
        groups[head] = _changed(scenario, child, below, f"{prefix}{head}.")
    return groups


def values(scenario: Scenario) -> dict[str, Any]:
    """Path -> value of everything in the scenario."""

    def walk(node: Any, prefix: str) -> Iterator[tuple[str, Any]]:
        for name, child in _children(node).items():
            if isinstance(child, Record | Mapping):
                yield from walk(child, f"{prefix}{name}.")
            else:
                yield f"{prefix}{name}", child

    return dict(walk(scenario, ""))


def paths(scenario: Scenario, under: str = "") -> Iterator[str]:
    """Every dotted path of the scenario, in the order of its fields; `under` limits them to one group."""
    yield from (path for path, _, _ in fields(scenario) if not under or path.startswith(f"{under}."))


def fields(scenario: Scenario) -> Iterator[tuple[str, type[Record], str]]:
    """(path, record that declares it, field name) of every value of the scenario."""

    def walk(node: Any, prefix: str) -> Iterator[tuple[str, type[Record], str]]:
        for name, child in _children(node).items():
            if isinstance(child, Record | Mapping):
                yield from walk(child, f"{prefix}{name}.")
            else:
                yield f"{prefix}{name}", type(node), name

    return walk(scenario, "")


def declared(scenario: Scenario, path: str) -> tuple[type[Record], str]:
    """(record that declares it, field name) of the value at a path; ScenarioError when there is none."""
    group, _, name = path.rpartition(".")
    owner = scenario[group] if group else scenario
    _child(scenario, owner, name, path)
    return type(owner), name


def number_at(scenario: Scenario, path: str) -> Number | None:
    """Unit, bounds and meaning of the number at a path; None for a choice or a text. ScenarioError: no such path."""
    return number_of(*declared(scenario, path))


def numbers(scenario: Scenario) -> dict[str, Number]:
    """Path -> unit, bounds and meaning, for every number of the scenario."""
    found = ((path, number_of(record, name)) for path, record, name in fields(scenario))
    return {path: number for path, number in found if number}


def with_option(scenario: Scenario, slug: str, option: Mapping[str, Any] | Option) -> Scenario:
    """A copy with the option added or replaced under `slug`."""
    return scenario.vary({}, options={**scenario.options, slug: option})


def without_option(scenario: Scenario, slug: str) -> Scenario:
    """A copy without the option; ScenarioError when it is the last one or another option relies on it."""
    if slug not in scenario.options:
        raise ScenarioError(f"options.{slug} does not exist.{nearest(slug, list(scenario.options))}")
    if len(scenario.options) == 1:
        raise ScenarioError(f"options.{slug} is the last option; a comparison needs at least one.")
    rest = {name: option for name, option in scenario.options.items() if name != slug}
    return scenario.vary({}, options=rest)


def free_slug(scenario: Scenario, wanted: str) -> str:
    """`wanted` as an option name not yet taken: a number is added when it is."""
    letters = "".join(c if c.isascii() and c.isalnum() else "_" for c in wanted.lower()).strip("_")
    stem = letters if letters[:1].isalpha() else f"option_{letters}".strip("_")
    taken, number, slug = scenario.options, 2, stem
    while slug in taken:
        slug, number = f"{stem}_{number}", number + 1
    return slug
