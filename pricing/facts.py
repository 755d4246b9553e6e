"""The rows of the fact tables: one strict type for each file, so that a wrong cell is found when the file is read."""

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeVar

from annotated_types import Len
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from costmodel.errors import ScenarioError, nearest
from costmodel.settings import CountedWith
from pricing.reading import read

FOLDER = Path(__file__).parent / "facts"
STALE_AFTER_DAYS = 180
DIFFERS_FROM_FRAC = 0.15  # two sources of one price that are farther apart are marked

Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Above0 = Annotated[float, Field(gt=0, allow_inf_nan=False)]
From0 = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, lt=1)]
Count = Annotated[int, Field(gt=0)]
Whole = Annotated[int, Field(ge=0)]
Known = Annotated[Above0 | None, BeforeValidator(lambda cell: None if cell == "" else cell)]
Aliases = Annotated[tuple[Text, ...], BeforeValidator(lambda cell: tuple(filter(None, cell.split(";"))))]
Precision = Literal["FP16", "FP8", "INT4", "FP4"]
AttentionParallel = Literal["tensor", "data"]
Link = Annotated[str, StringConstraints(pattern=r"^(https://\S+)?$")]
LastDay = Annotated[date | None, BeforeValidator(lambda cell: None if cell == "" else cell)]


class Fact(BaseModel):
    """A row with its evidence. Without a public address a number can only be an estimate, a judgement or the reader's.

    `valid_until` is the last day of a quotation; None: nobody set one, as for every list price.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    source: Text
    source_url: Link
    as_of: date
    checked_on: date
    confidence: Literal["official", "vendor", "measured", "estimate", "judgement", "yours"]
    why: str
    valid_until: LastDay = None

    @model_validator(mode="after")
    def _has_evidence(self) -> Self:
        if self.confidence == "judgement" and not self.why:
            raise ValueError("column why: a judgement says why")
        if not self.source_url and self.confidence not in ("estimate", "judgement", "yours"):
            raise ValueError(f"column source_url: a figure that is {self.confidence} has an address")
        if self.checked_on < self.as_of:
            raise ValueError(f"column checked_on: {self.checked_on} is before the figure's own date, {self.as_of}")
        if self.expired(self.as_of):
            raise ValueError(f"column valid_until: {self.valid_until} is before the price's own date, {self.as_of}")
        return self

    def age_days(self, on: date) -> int:
        """Days from the date of the figure to `on`."""
        return (on - self.as_of).days

    def is_stale(self, on: date) -> bool:
        """Whether the figure is older than `STALE_AFTER_DAYS` on that date."""
        return self.age_days(on) > STALE_AFTER_DAYS

    def expired(self, on: date) -> bool:
        """Whether the quotation is no longer valid on that date."""
        return self.valid_until is not None and self.valid_until < on


class Gpu(Fact):
    """What one GPU offers. Compute is dense; None: not in hardware at that precision.

    `link_gb_per_s` is what one GPU sends to its neighbours in one replica, in one direction.
    """

    name: Text
    aliases: Aliases
    generation: Text
    memory_gb: Above0
    bandwidth_gb_per_s: Above0
    link: Literal["NVLink", "NVLink of a rack", "Infinity Fabric", "PCIe", "Ethernet"]
    link_gb_per_s: Above0
    fp16_tflops: Above0
    fp8_tflops: Known
    fp4_tflops: Known
    tdp_w: Above0


class GpuPower(Fact):
    """Draw of a server for each of its GPUs, with their part of processors, memory, network and fans."""

    gpu: Text
    max_kw_per_gpu: Above0
    idle_kw_per_gpu: Above0


class GpuInstance(Fact):
    """List price of a rented instance in one region. Spot is None where there is no offer below the list price."""

    provider: Text
    name: Text
    aliases: Aliases
    gpu: Text
    gpus: Count
    region: Text
    on_demand_usd_per_gpu_hour: Above0
    spot_usd_per_gpu_hour: Known


class GpuPriceCheck(Fact):
    """What a second source says of the on-demand price of an instance."""

    provider: Text
    instance: Text
    on_demand_usd_per_gpu_hour: Above0


class GpuCommitment(Fact):
    """Price of an instance under commitment for a term."""

    provider: Text
    instance: Text
    term_months: Count
    usd_per_gpu_hour: Above0


class TransferPrice(Fact):
    """What a provider of GPUs asks for data that leaves it, in bands of the gigabytes of a month."""

    provider: Text
    band_1_to_gb_per_month: From0
    band_2_to_gb_per_month: From0
    band_3_to_gb_per_month: From0
    band_1_usd_per_gb: From0
    band_2_usd_per_gb: From0
    band_3_usd_per_gb: From0
    band_4_usd_per_gb: From0


class Server(Fact):
    """Purchase price of a whole server."""

    name: Text
    aliases: Aliases
    gpu: Text
    gpus: Count
    price_usd: Above0


class OpenModel(Fact):
    """What sizing needs of a model's architecture; 0 experts: dense.

    `wide_params_b` are embedding and head, which stay in 16 bits beside narrower weights; four-bit floats come with a
    scale for each 16 or 32 of them. The attention cache, in 16 bits: of layers that keep every token, with the index by
    which sparse layers pick the `sparse_read_tokens` that they read (0: all are read), and of layers that read the last
    `window_tokens`, of which serving engines keep `window_kept_tokens`. A state does not grow with the tokens. A cache
    of one KV head is one compressed for all heads. `full_attention_layers` attend to all tokens before, or pick among
    them.
    """

    name: Text
    aliases: Aliases
    total_params_b: Above0
    active_params_b: Above0
    wide_params_b: From0
    fp4_bytes_per_parameter: Above0
    layers: Count
    full_attention_layers: Count
    hidden_size: Count
    kv_heads: Count
    experts: Whole
    experts_per_token: Whole
    kv_fp16_bytes_per_token: Above0
    window_kv_fp16_bytes_per_token: From0
    window_tokens: Whole
    window_kept_tokens: Whole
    state_mb_per_sequence: From0
    sparse_read_tokens: Whole
    index_bytes_per_token: From0
    max_context_tokens: Count


class ServingPoint(Fact):
    """One measured point of a sweep: a serving engine holding so many requests at once."""

    model: Text
    precision: Precision
    gpu: Text
    gpus_per_replica: Count
    attention_parallel: AttentionParallel
    engine: Literal["vLLM", "SGLang", "TensorRT-LLM"]
    engine_version: str
    input_tokens: Count
    output_tokens: Count
    concurrency: Count
    time_to_first_token_ms: Above0
    time_per_token_ms: Above0
    output_tok_per_s_per_gpu: Above0


class ServingCeiling(Fact):
    """Output rate with every request queued at once: as many run as memory holds, and no token has a limit."""

    model: Text
    precision: Precision
    gpu: Text
    gpus_per_replica: Count
    attention_parallel: AttentionParallel
    pipeline_stages: Count
    input_tokens: Count
    output_tokens: Count
    output_tok_per_s_per_gpu: Above0


class MlperfResult(Fact):
    """An audited result: Offline is a ceiling; Server and Interactive stay within a limit on the time per token.

    `time_per_token_ms` is the mean that the run's log shows, None where there is no log.
    """

    round: Text
    organization: Text
    model: Text
    precision: Precision
    gpu: Text
    gpus: Count
    scenario: Literal["Offline", "Server", "Interactive"]
    input_tokens: Count
    output_tokens: Count
    limit_ms: Known
    time_per_token_ms: Known
    output_tok_per_s_per_gpu: Above0


class ServingConstants(Fact):
    """What a replica achieves, fitted to measurements: of one model and precision on a GPU, or of what they share.

    A `basis` of "measured" names model and precision; "model" holds for any precision of a model that was measured on
    other GPUs only; "class" for any model of the kind. `points`, `ceilings` and `results` count the rows behind it;
    beyond `largest_concurrency` (0: no sweep) requests at once of one replica nothing but ceilings was measured. The
    true rate lies between `low_ratio` and `high_ratio` times what the constants say for 9 in 10 rows left out, half of
    them asked by concurrency and half by a limit.
    """

    model: str
    precision: Precision | Literal[""]
    gpu: Text
    kind: Literal["dense", "mixture"]
    basis: Literal["measured", "model", "class"]
    points: Whole
    ceilings: Whole
    results: Whole
    largest_concurrency: Whole
    bandwidth_utilization_frac: Above0
    cache_bandwidth_utilization_frac: Above0
    compute_utilization_frac: Above0
    prefill_utilization_frac: Above0
    step_overhead_ms: Above0
    layer_sync_us: Above0
    sequence_overhead_us: Above0
    low_ratio: Above0
    high_ratio: Above0


class ElectricityPrice(Fact):
    """Average tariff of an area; a server room pays the commercial one."""

    name: Text
    aliases: Aliases
    sector: Literal["industrial", "commercial"]
    usd_per_kwh: Above0


class CarbonIntensity(Fact):
    """Average emissions of an area's grid."""

    name: Text
    aliases: Aliases
    gco2e_per_kwh: From0


class Salary(Fact):
    """Yearly wages of an occupation in an area, without benefits. None: not published."""

    area: Text
    occupation: Text
    occupation_code: Annotated[str, StringConstraints(pattern=r"^\d\d-\d{4}$")]
    mean_usd_per_year: Above0
    p10_usd_per_year: Known
    p25_usd_per_year: Known
    median_usd_per_year: Known
    p75_usd_per_year: Known
    p90_usd_per_year: Known


class SupportPlan(Fact):
    """A provider's support plan, in the terms of the option."""

    name: Text
    aliases: Aliases
    minimum_usd_per_month: From0
    band_1_to_usd_per_month: From0
    band_2_to_usd_per_month: From0
    band_3_to_usd_per_month: From0
    band_1_frac: From0
    band_2_frac: From0
    band_3_frac: From0
    band_4_frac: From0


class ProvisionedTerm(Fact):
    """Price of a unit of reserved capacity for a term, and what as many tokens as it can process would cost."""

    name: Text
    aliases: Aliases
    term_months: Count
    usd_per_unit_hour: Above0
    tokens_usd_per_unit_hour: Above0
    least_units: Count
    step_units: Count


class PromptCaching(Fact):
    """Shortest input that a provider's prompt cache takes, and the price of keeping it, for models of that name.

    The name is how a model's begins in the price catalogue, and the first row that fits counts.
    """

    provider: Text
    model: str
    least_tokens: From0
    storage_usd_per_mtok_hour: From0


class BatchTerms(Fact):
    """What a provider takes off requests that may wait where the price list does not say, for the model of a name.

    The first row that fits counts; one without a name is of all others of the provider. `why` tells it.
    """

    provider: Text
    model: str
    discount_frac: Share


class TokenContract(Fact):
    """What a model's tokens cost under a contract; list prices come with a package.

    None: cached tokens cost what input does, nothing is taken off requests that may wait, the longest is not known.
    """

    provider: Text
    model: Text
    input_usd_per_mtok: Above0
    cache_read_usd_per_mtok: Known
    cache_write_usd_per_mtok: Known
    output_usd_per_mtok: Above0
    batch_discount_frac: Annotated[float | None, BeforeValidator(lambda cell: None if cell == "" else cell)]
    context_window_tokens: Known


class SeatPrice(Fact):
    """List price of a ready-made assistant for a user and month, in the terms of the option. None: not published."""

    provider: Text
    name: Text
    usd_per_user_month: Above0
    billing: Literal["monthly", "yearly"]
    term_months: Count
    least_seats: Whole
    limit_requests_per_user_month: Known


class RetiredModel(Fact):
    """A model that a provider stops or stopped selling, by the name in the price catalogue, and its last day there."""

    provider: Text
    model: Text
    last_day: date


class UsualModel(Fact):
    """The model with which one begins at a provider: a maker's newest for general use, a host's best known one."""

    provider: Text
    model: Text


def _regular_expression(cell: str) -> str:
    try:
        re.compile(cell)
    except re.error as error:
        raise ValueError(f"a regular expression ({error})") from None
    return cell


class OfModels(Fact):
    """What holds of the models in whose name, in small letters without their maker's, the pattern is found."""

    pattern: Annotated[str, AfterValidator(_regular_expression)]


class TokenRatios(Fact):
    """Tokens that a family's tokenizer makes of each kind of text, relative to o200k; other texts lie within `band`."""

    family: CountedWith | Literal["not_known"]
    english: Above0
    german_and_the_like: Above0
    chinese_and_the_like: Above0
    code: Above0
    json_records: Above0
    tables_of_numbers: Above0
    band: From0


class TokenizerFamily(OfModels):
    """The family whose tokenizer a model has."""

    family: CountedWith | Literal["not_known"]


class NotOffered(OfModels):
    """What models do that a price list has by the token and no workload of text can be given; no provider: at each."""

    provider: str
    does: Text


class Reasoning(OfModels):
    """Whether a model thinks before it answers, and the share of its output that is hidden.

    The share is that of everyday questions in the mode that one uses for them.
    """

    thinks: Literal["always", "by_default", "on_request", "never", "not_known"]
    low: Share
    base: Share
    high: Share

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not self.low <= self.base <= self.high:
            raise ValueError(f"low {self.low:g}, base {self.base:g} and high {self.high:g} are not in order")
        return self


class DayProfile(Fact):
    """How traffic is spread over the hours of a day, relative to an average hour."""

    name: Text
    aliases: Aliases
    ratios: Annotated[tuple[From0, ...], BeforeValidator(lambda cell: tuple(map(float, cell.split(";")))), Len(24, 24)]


class LoadShape(Fact):
    """How unevenly the load of a measured service or customer came over the hours: what sets a load curve."""

    name: Text
    aliases: Aliases
    whose: Literal["pool", "customer"]
    peak_to_mean_ratio: Annotated[float, Field(ge=1, allow_inf_nan=False)]
    busy_hours_frac: Annotated[float, Field(gt=0, le=1)]
    load_variation_ratio: From0


class Compression(Fact):
    """What a smaller version of a model costs in quality: attempts per good answer relative to the larger version.

    `level` is a precision, the share of weights that was pruned, or the least share of parameters that a smaller
    sibling has.
    """

    kind: Literal["precision", "pruning", "distillation"]
    level: Text
    attempts_ratio: Annotated[float, Field(ge=1, allow_inf_nan=False)]
    note: Text


Own = tuple[Fact, ...]  # prices of the reader's own, of any of the tables

FILES: dict[type[Fact], tuple[str, ...]] = {
    Gpu: ("gpus.csv",),
    GpuPower: ("gpu_power.csv",),
    GpuInstance: ("gpu_instances.csv",),
    GpuPriceCheck: ("gpu_price_checks.csv",),
    GpuCommitment: ("gpu_commitments.csv",),
    TransferPrice: ("transfer_prices.csv",),
    Server: ("servers.csv",),
    OpenModel: ("open_models.csv",),
    ServingPoint: (
        "serving_points_dense.csv",
        "serving_points_deepseek.csv",
        "serving_points_hopper.csv",
        "serving_points_blackwell.csv",
    ),
    ServingCeiling: ("serving_ceilings.csv",),
    MlperfResult: ("mlperf_results.csv",),
    ServingConstants: ("serving_constants.csv",),
    ElectricityPrice: ("electricity.csv",),
    CarbonIntensity: ("carbon.csv",),
    Salary: ("salaries.csv",),
    SupportPlan: ("support_plans.csv",),
    ProvisionedTerm: ("provisioned_terms.csv",),
    PromptCaching: ("prompt_caches.csv",),
    BatchTerms: ("batch_terms.csv",),
    SeatPrice: ("seats.csv",),
    RetiredModel: ("retired_models.csv",),
    UsualModel: ("usual_models.csv",),
    NotOffered: ("not_offered.csv",),
    TokenRatios: ("token_ratios.csv",),
    TokenizerFamily: ("tokenizer_families.csv",),
    Reasoning: ("reasoning.csv",),
    LoadShape: ("load_shapes.csv",),
    DayProfile: ("day_profiles.csv",),
    Compression: ("compression.csv",),
}


Kind = TypeVar("Kind", bound=Fact)
ByName = TypeVar("ByName", bound=OfModels)


@cache
def rows(kind: type[Kind]) -> tuple[Kind, ...]:
    """All rows of a table; read and checked once."""
    return tuple(row for name in FILES[kind] for row in read(kind, FOLDER / name))


def of_model(kind: type[ByName], model: str) -> Iterator[ByName]:
    """The rows of a table that hold of a model, by what stands after the last stroke in its name; the first counts."""
    plain = re.sub(r"[^a-z0-9]+", "-", model.rpartition("/")[2].strip().lower())
    return (row for row in rows(kind) if re.search(row.pattern, plain))


def offered(kind: type[Kind], own: Own = ()) -> tuple[Kind, ...]:
    """Rows of a table with those of the reader's own prices that belong to it, which come first."""
    return (*(row for row in own if isinstance(row, kind)), *rows(kind))


def named(kind: type[Kind], name: str, own: Own = ()) -> Kind:
    """The row of a table with that name or alias."""
    found: Kind = find(offered(kind, own), name)
    return found


def find(candidates: tuple[Any, ...], name: str) -> Any:
    """The first row with that name or alias, small and capital letters alike, of rows that have both.

    Raises ScenarioError with the nearest names: an unknown thing never gets another thing's figures.
    """
    wanted = name.strip().lower()
    for row in candidates:
        if wanted in (known.lower() for known in (row.name, *row.aliases)):
            return row
    names = list(dict.fromkeys(row.name for row in candidates))
    aliases = list(dict.fromkeys(alias for row in candidates for alias in row.aliases))
    raise ScenarioError(f"{name!r:.80} is not in the catalogue.{nearest(name, names) or nearest(name, aliases)}")
