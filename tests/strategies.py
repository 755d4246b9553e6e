"""Random scenarios of every kind of option, and arrays to vary them with, inside the sensible part of the bounds."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, Literal, get_args, get_origin

import numpy as np
from hypothesis import strategies as st

import costmodel.options  # noqa: F401  (registers the kinds)
from costmodel.fields import Number, Record, number_of
from costmodel.option import KINDS, Option
from costmodel.scenario import Scenario, numbers

AT_ONCE = 24  # fields in one array of runs
WIDE = 100  # a range of more than this ratio is drawn evenly in orders of magnitude

SENSIBLE = {  # by unit, or by field where the unit says too little
    "USD": (0, 1e6),
    "USD/month": (0, 1e5),
    "USD/year": (0, 5e5),
    "USD/FTE": (0, 5e4),
    "USD/run": (0, 1e5),
    "USD/1000 requests": (0, 10),
    "USD/M requests": (0, 100),
    "GB/M requests": (0, 100),
    "USD/Mtok": (0.005, 100),
    "USD/GPU-h": (0, 20),
    "USD/unit-h": (0, 5),
    "USD/GPU-year": (0, 1e4),
    "USD/server": (0, 1e4),
    "USD/server-month": (0, 5e3),
    "USD/kW-month": (0, 500),
    "USD/device": (0, 1e3),
    "USD/device-year": (0, 500),
    "USD/hour": (0, 100),
    "USD/kWh": (0, 1),
    "USD/GB": (0, 1),
    "USD/GB-month": (0, 1),
    "USD/user-month": (0, 100),
    "users": (1, 1e4),
    "seats": (0, 1e4),
    "requests/user-month": (0, 1e4),
    "requests/month": (1e4, 1e7),
    "tokens/request": (100, 1e4),
    "bytes/token": (0, 100),
    "tok/s": (1e2, 1e7),
    "tok/s/unit": (10, 1e4),
    "tok/s/GPU": (100, 1e4),
    "B parameters": (0.5, 8),
    "GB": (0, 1e4),
    "GB/s": (100, 1e4),
    "TFLOPS": (50, 5e3),
    "replicas": (0, 5),
    "units": (0, 50),
    "servers": (0, 5),
    "devices": (1, 1e4),
    "updates/year": (0, 50),
    "rounds/year": (0, 500),
    "clients/round": (0, 1e4),
    "hours/round": (0, 10),
    "W": (0, 500),
    "FTE/1000 devices": (0, 5),
    "life_months": (6, 60),
    "output_tok_per_s": (1, 1e3),
    "prefill_tok_per_s": (10, 1e4),
    "kW": (0, 15),
    "ms": (5, 200),
    "FTE": (0, 10),
    "FTE/server": (0, 1),
    "per year": (-0.3, 0.6),
    "ratio": (0.5, 2.5),
    "bytes/parameter": (0.5, 1.5),
    "runs/year": (0, 50),
    "epochs": (0, 5),
    "training_tokens": (1e5, 1e9),
    "corpus_tokens": (1e6, 1e10),
    "reembedded_tokens_per_month": (0, 1e9),
    "ramp_up_months": (0, 12),
    "log_retention_months": (0, 24),
    "response_time_limit_s": (2000, 3600),
    "reasoning_tokens_per_request": (0, 1e4),
    "reasoning_frac": (0, 0.8),
    "cache_write_frac": (0, 0.5),
    "minimum_usd_per_month": (0, 1e4),
    "band_1_frac": (0, 0.1),
    "band_2_frac": (0, 0.1),
    "band_3_frac": (0, 0.1),
    "band_4_frac": (0, 0.1),
    "peak_to_mean_ratio": (1, 12),
    "hours_per_month": (160, 744),
    "utilization_ceiling_frac": (0.3, 1),
    "throughput_ratio": (0.5, 2),
    "horizon_months": (7, 60),
    "lead_time_months": (0, 6),
    "term_months": (1, 48),
    "refresh_months": (6, 60),
    "warranty_months": (0, 60),
    "layers": (10, 80),
    "values/token": (1000, 8000),
    "experts": (8, 64),
    "experts/token": (0, 8),
    "heads": (1, 16),
    "MB/sequence": (0, 100),
    "us": (0, 50),
    "wide_params_b": (0, 0.3),
    "kv_bytes_per_token": (100, 1e3),
    "window_kv_bytes_per_token": (0, 1e3),
    "window_tokens": (0, 4e3),
    "window_kept_tokens": (0, 8e3),
    "sparse_read_tokens": (0, 4e3),
    "measured_gpus": (1, 8),
    "measured_concurrency_requests": (0, 200),
    "measured_time_per_token_ms": (0, 100),
    "gpu_memory_gb": (40, 200),
    "memory_reserve_gb": (0, 5),
    "usable_memory_frac": (0.5, 1),
    "measured_input_tokens": (10, 1e4),
    "measured_output_tokens": (10, 1e4),
    "above_tokens": (1e3, 1e6),
    "least_tokens": (0, 4e3),
    "kept_tokens": (0, 1e9),
    "step_units": (1, 5),
    "least_units": (0, 20),
    "region_surcharge_frac": (-0.5, 2),
    "USD/Mtok-h": (0, 5),
    "start_year": (2026, 2030),
    "from_year": (2026, 2033),
    "usd_per_year": (0, 1e8),
    "batch_input_discount_frac": (-1, 0.9),
    "batch_cache_read_discount_frac": (-1, 0.9),
    "batch_output_discount_frac": (-1, 0.9),
    "step_overhead_ms": (0, 4),
    "first_frac": (0, 0.5),
    "second_frac": (0, 0.5),
    "band_1_to_gb_per_month": (0, 1),
    "band_2_to_gb_per_month": (1, 10),
    "band_3_to_gb_per_month": (10, 100),
    "output_weight_ratio": (1, 8),
    "pruned_frac": (0, 0.6),
    "band_1_to_usd_per_month": (0, 1e4),
    "band_2_to_usd_per_month": (1e4, 1e5),
    "band_3_to_usd_per_month": (1e5, 1e6),
}
TEXTS = {"time_zone": ("UTC", "Europe/Berlin"), "hours_utc": ("", "01:00-04:00 06:00-10:00", "22:30-05:00")}
GPU_COUNTS = (1, 2, 4, 8)  # any two of them: a replica fills whole servers, or a server whole replicas

Level = Callable[[], float]  # where in its range the next field lies, 0 to 1


def sensible_range(name: str, number: Number) -> tuple[float, float]:
    """The part of a field's bounds in which random values lie."""
    low, high = SENSIBLE.get(name, SENSIBLE.get(number.unit, (number.low, number.high)))
    return max(low, number.low), min(high, number.high)


def pick(level: float, choices: Sequence) -> Any:
    """The one of some choices that lies at `level`."""
    return choices[int(level * 0.999 * len(choices))]


def value_at(level: float, name: str, number: Number) -> float:
    """The value of a numeric field at `level` of its sensible range."""
    if number.unit in {"GPUs/replica", "GPUs/server"}:
        return pick(level, GPU_COUNTS)
    low, high = sensible_range(name, number)
    if number.whole:
        return pick(level, range(int(low), int(high) + 1))
    wide = low > 0 and high / low > WIDE
    value = low * (high / low) ** level if wide else low + (high - low) * level
    return min(max(float(f"{value:.6g}"), low), high)


def group_at(level: Level, record: type[Record]) -> dict:
    """A record as plain groups, each field at the level that is next."""
    group = {}
    for name, field in record.model_fields.items():
        number, annotation = number_of(record, name), field.annotation
        if number:
            group[name] = value_at(level(), name, number)
        elif isinstance(annotation, type) and issubclass(annotation, Record):
            group[name] = group_at(level, annotation)
        elif get_origin(annotation) is Literal:
            group[name] = pick(level(), get_args(annotation))
        elif name in TEXTS:
            group[name] = pick(level(), TEXTS[name])
        elif name != "options":
            group[name] = pick(level(), (False, True)) if annotation is bool else "x" * (name == "label")
    return group


def scenario_at(level: Level, kinds: Sequence[str] = ()) -> Scenario:
    """A scenario with one option of each kind, named like its kind, each field at the level that is next."""
    kinds = kinds or tuple(KINDS)
    frame, groups = group_at(level, Scenario), {kind: group_at(level, KINDS[kind]) for kind in kinds}
    options = {}
    for kind in sorted(kinds, key=number_of_names):  # those that name others come after them
        options[kind] = KINDS[kind].model_validate(groups[kind] | names_at(level, KINDS[kind], options))
    return Scenario.build({**frame, "options": {kind: options[kind] for kind in kinds}})


def number_of_names(kind: str) -> int:
    """How many other options an option of this kind names."""
    return sum(name.endswith("_option") for name in KINDS[kind].model_fields)


def names_at(level: Level, record: type[Option], options: dict[str, Option]) -> dict[str, str]:
    """The fields of an option that name others, each with one that may be named and is not yet."""
    named = {}
    for name, candidates in record.candidates(options).items():
        named[name] = pick(level(), [slug for slug in candidates if not slug or slug not in named.values()])
    return named


def ordinary_scenario() -> Scenario:
    """One option of each kind, and every number in the middle of its sensible range."""
    named = {"options.hybrid.overflow_option": "token_api", "options.multi_cloud.third_option": ""}
    return scenario_at(lambda: 0.5).vary(named)  # whatever tests rent


def levels(drawn: bytes) -> Iterator[float]:
    """Random levels: one draw of many bytes is quicker than many draws, and shrinks to the low ends."""
    return (byte / 255 for byte in drawn)


def scenarios(kinds: Sequence[str] = (), **chosen) -> st.SearchStrategy:
    """Random scenarios with one option of each kind; `chosen` sets paths (dotted with __)."""
    asked = []
    scenario_at(lambda: asked.append(1) or 0.0, kinds)
    changes = {path.replace("__", "."): value for path, value in chosen.items()}
    drawn = st.binary(min_size=len(asked), max_size=len(asked))
    return drawn.map(lambda drawn: scenario_at(levels(drawn).__next__, kinds).vary(changes))


def lead_time(option: Option) -> int:
    """Months until the servers of an option serve: none of one that runs today, or has no servers to wait for."""
    return 0 if option.runs_today else getattr(option, "lead_time_months", 0)


def drawable(scenario: Scenario) -> dict[str, Number]:
    """Path -> metadata of the numbers that may be arrays."""
    return {path: number for path, number in numbers(scenario).items() if not number.whole}


def batches(paths: Collection[str]) -> dict[str, list[str]]:
    """Some paths by the option or group that they are of, so many of them at a time; each batch by its first."""
    found = {}
    for _, owned in groupby(sorted(paths), lambda path: path.split(".")[:2]):
        of_one = list(owned)
        found |= {of_one[at]: of_one[at : at + AT_ONCE] for at in range(0, len(of_one), AT_ONCE)}
    return found


def one_at_a_time(scenario: Scenario, tried: Mapping[str, Sequence[float]]) -> dict[str, np.ndarray]:
    """A run for each value that is tried at a path, as many at each, in which all others are as they are."""
    found = {}
    for place, (path, values) in enumerate(tried.items()):
        found[path] = np.full((len(tried), len(values)), float(scenario[path]))
        found[path][place] = values
    return {path: runs.reshape(-1, 1) for path, runs in found.items()}


@st.composite
def variations(draw, scenario: Scenario, shape: tuple[int, ...], most: int = 6) -> dict[str, np.ndarray]:
    """Changes for `vary`: up to `most` paths of the scenario, each with an array of sensible values in `shape`."""
    known, size = drawable(scenario), int(np.prod(shape))
    chosen = draw(st.lists(st.sampled_from(sorted(known)), min_size=1, max_size=most, unique=True))
    return {
        path: np.reshape(
            [
                value_at(level, path.rpartition(".")[2], known[path])
                for level in levels(draw(st.binary(min_size=size, max_size=size)))
            ],
            shape,
        )
        for path in chosen
    }
