"""What all options share: the workload and its season, the application, people, energy, risk, the rules, finance."""

from typing import Annotated, Literal

from pydantic import Field

from costmodel.fields import Number, Record, Text
from costmodel.hours import Day, TimeZone

MONTH_NAMES = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
NO_LIMIT_S, NO_LIMIT_MONTHS = 3600, 240  # a rule at this bound rules nothing out
BUSIEST_MONTH = 10  # times an average month: what a calendar month's traffic may be at most
KindOfText = Literal[
    "english", "german_and_the_like", "chinese_and_the_like", "code", "json_records", "tables_of_numbers"
]  # fmt: skip
CountedWith = Literal[
    "openai_o200k", "claude_4.7_and_later", "claude_3_to_4.6", "llama", "qwen", "deepseek", "gemma", "gemini", "mistral"
]


def _traffic(month: str) -> Number:
    relative = "Traffic of this calendar month relative to an average month of the year."
    return Number("ratio", 0, BUSIEST_MONTH, relative, label=f"{month}'s traffic")


class Season(Record):
    """How traffic is spread over the calendar year; twelve ones are an even year."""

    january_ratio: Annotated[float, _traffic("January")]
    february_ratio: Annotated[float, _traffic("February")]
    march_ratio: Annotated[float, _traffic("March")]
    april_ratio: Annotated[float, _traffic("April")]
    may_ratio: Annotated[float, _traffic("May")]
    june_ratio: Annotated[float, _traffic("June")]
    july_ratio: Annotated[float, _traffic("July")]
    august_ratio: Annotated[float, _traffic("August")]
    september_ratio: Annotated[float, _traffic("September")]
    october_ratio: Annotated[float, _traffic("October")]
    november_ratio: Annotated[float, _traffic("November")]
    december_ratio: Annotated[float, _traffic("December")]


class Workload(Record):
    """What is asked of the models."""

    requests_per_month: Annotated[
        float,
        Number(
            "requests/month",
            1,
            1e12,
            "Requests that users and systems send in an average month at the start; growth and season come on top.",
            label="Requests in an average month",
        ),
    ]
    growth_per_year: Annotated[float, Number("per year", -0.9, 20, "Yearly growth of requests, effective.")]
    kind_of_text: Annotated[
        KindOfText, Field(description="What most of the text is: models make more or fewer tokens of the same text.")
    ]
    counted_with: Annotated[
        CountedWith,
        Field(description="Whose tokens the figures per request are; o200k is OpenAI's since GPT-4o."),
    ]
    input_tokens_per_request: Annotated[
        float, Number("tokens/request", 1, 2e6, "Tokens that go in with one request: prompt, documents, history.")
    ]
    output_tokens_per_request: Annotated[
        float, Number("tokens/request", 1, 2e5, "Tokens that the reader gets with one answer.")
    ]
    reasoning_tokens_per_request: Annotated[
        float,
        Number(
            "tokens/request",
            0,
            2e5,
            "Hidden tokens that every model thinks with, beside its own share; billed and computed as output.",
            label="Reasoning tokens beside each model's own",
        ),
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
    cached_requests_frac: Annotated[
        float,
        Number(
            "share",
            0.001,
            1,
            "Share of requests that begin as others do: what is read from a cache and written to it is theirs alone, "
            "and the fewer they are the longer it is.",
            label="Requests with a common beginning",
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
            "share",
            0.01,
            1,
            "Share of hours with traffic at all; all is round the clock.",
            label="Hours with traffic",
        ),
    ]
    load_variation_ratio: Annotated[
        float,
        Number(
            "ratio",
            0,
            20,
            "Standard deviation of the load over its mean, over all hours, idle ones too (coefficient of variation): "
            "it shapes the load curve, while the busiest hour sizes what must carry the peak.",
            label="Variation of the load over hours",
        ),
    ]
    start_month: Annotated[int, Number("month of the year", 1, 12, "Calendar month of month 1.", whole=True)]
    start_year: Annotated[int, Number("calendar year", 2000, 2100, "Calendar year of month 1.", whole=True)]
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
            "Bytes on the wire for each token of an answer, with the wrapping around the text; what goes in is free.",
            label="Bytes on the wire, each token of an answer",
        ),
    ]
    season: Season
    time_zone: TimeZone
    day: Day


class Application(Record):
    """What users work with in front of a model: a front end, sign-on, access to documents, evaluation."""

    application_included: Annotated[
        bool, Field(description="Options that bring no application of their own pay for building and running one.")
    ]
    build_usd: Annotated[
        float,
        Number("USD", 0, 1e9, "Building the application, once, at the start.", label="Building the application"),
    ]
    run_usd_per_month: Annotated[
        float,
        Number(
            "USD/month",
            0,
            1e8,
            "Running the application and keeping it up: hosting, further development, help for users.",
            label="Running the application",
        ),
    ]
    use_usd_per_1000_requests: Annotated[
        float,
        Number(
            "USD/1000 requests",
            0,
            1000,
            "What the application itself pays for its use, beside the model.",
            label="Use of the application",
        ),
    ]


class People(Record):
    """Who must be there when, and what staff costs, common to all options."""

    service_hours: Annotated[
        Literal["office_hours", "on_call", "round_the_clock"],
        Field(
            description="When somebody looks after what runs: in office hours, on call beyond them, or in shifts round "
            "the clock."
        ),
    ]
    sites: Annotated[
        int,
        Number(
            "sites",
            1,
            10,
            "Places at which own servers stand and must be looked after; what is rented has its provider's staff.",
            whole=True,
            label="Sites with own servers",
        ),
    ]
    office_hours_fte: Annotated[
        float,
        Number(
            "FTE",
            1,
            20,
            "Posts that keep one position filled in office hours.",
            label="Posts for one position, office hours",
        ),
    ]
    on_call_fte: Annotated[
        float,
        Number(
            "FTE",
            1,
            20,
            "Posts that keep one position filled in office hours and on call beyond them.",
            label="Posts for one position, on call",
        ),
    ]
    round_the_clock_fte: Annotated[
        float,
        Number(
            "FTE",
            1,
            20,
            "Posts that keep one position filled in every hour of the year.",
            label="Posts for one position, round the clock",
        ),
    ]
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
        float,
        Number(
            "s",
            0.01,
            NO_LIMIT_S,
            "Longest time until the whole answer of an average request is there, a mean without a queue and no "
            "percentile; an hour is no limit.",
            unlimited=True,
        ),
    ]
    latest_start_months: Annotated[
        int,
        Number(
            "months",
            0,
            NO_LIMIT_MONTHS,
            "Months until users must be served; 240 is no limit.",
            whole=True,
            unlimited=True,
        ),
    ]
    peak_must_be_carried: Annotated[
        bool,
        Field(description="What runs, or a rate limit, must carry the busiest hour of every month that is served."),
    ]
    data_must_stay_in_region: Annotated[
        bool, Field(description="Data that leaves the premises may be processed in the home region only.")
    ]
    home_region: Annotated[
        Text,
        Field(
            description="Home of the data: a country, or an area such as eu, in which regions lie by their place, as "
            "europe-west4 does; or the beginning of regions' names."
        ),
    ]


class Finance(Record):
    """Time and money."""

    horizon_months: Annotated[int, Number("months", 1, 240, "Months that the comparison covers.", whole=True)]
    fiscal_year_first_month: Annotated[
        int,
        Number(
            "month of the year",
            1,
            12,
            "Month in which a fiscal year begins, which is named after the year in which it ends.",
            whole=True,
            label="First month of the fiscal year",
        ),
    ]
    discount_rate_per_year: Annotated[
        float, Number("per year", 0, 1, "Cost of capital, effective a year; 0 gives plain sums.")
    ]
    hours_per_month: Annotated[
        float,
        Number("hours/month", 1, 744, "Hours of operation in a month; 730 is round the clock, and so are commitments."),
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
