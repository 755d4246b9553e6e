"""What a served model keeps in memory, and on what the constants of its replica rest."""

from costmodel.comparison import OptionCost
from costmodel.demand import input_tokens_each, output_tokens_each
from costmodel.errors import ScenarioError
from costmodel.fields import number_of
from costmodel.memory import cache_copies, memory_left_gb, sequence_gb, weights_held_gb
from costmodel.numerals import numeral
from costmodel.serving import Serving
from costmodel.sizing import concurrency, replica_tok_per_s
from costmodel.units import BYTES_PER_GB, MB_PER_GB
from pricing.dates import day
from pricing.facts import ServingConstants
from pricing.throughput import achieved, band, constants, origin
from reports.words.briefing import Table
from reports.words.own_speed import a_bound, is_measured
from reports.words.text import compact, field_name, highest, percent, with_unit

CONSTANTS = ("_utilization_frac", "_overhead_ms", "_sync_us", "_overhead_us")  # how their names end


def memory_table(cost: OptionCost) -> Table:
    """The memory of a replica by what fills it, GB: weights, and caches by kind of layer; its rows add up to all."""
    task, serving = cost.task, cost.option.serving
    at_once = highest(concurrency(task))
    tokens = highest(input_tokens_each(task) + output_tokens_each(task))
    shared, experts = map(highest, weights_held_gb(serving))
    everything, left = serving.gpus_per_replica * serving.gpu_memory_gb, highest(memory_left_gb(serving))
    parts = {
        "Weights that every token reads": shared,
        "Weights of experts": experts,
        **{what: at_once * gb for what, gb in sequence_parts_gb(serving, tokens).items()},
        "Free for more requests": left - at_once * highest(sequence_gb(serving, tokens)),
        "Reserve for activations and the server": everything - shared - experts - left,
    }
    rows = [(what, numeral(gb, ",.1f"), percent(gb / everything)) for what, gb in parts.items() if gb >= 0.05]
    rows.append((f"{serving.gpus_per_replica} x {serving.gpu}", numeral(everything, ",.1f"), percent(1)))
    copies = highest(cache_copies(serving))
    note = f"Caches of {numeral(at_once, ',.0f')} requests of {numeral(tokens, ',.0f')} tokens."
    if copies > 1:
        note += (
            f" Each token's cache lies {numeral(copies, ',.3g')} times on the replica: it has fewer heads than GPUs."
        )
    return Table("Memory of a replica", ["What", "GB", "Share"], rows, note)


def sequence_parts_gb(serving: Serving, tokens: float) -> dict[str, float]:
    """What one sequence of `tokens` keeps by kind of layer, GB of a replica; the parts add up to `sequence_gb`."""
    copies = highest(cache_copies(serving)) / BYTES_PER_GB
    index, kept = serving.index_bytes_per_token, serving.window_kept_tokens
    windows = serving.window_kv_bytes_per_token * min(tokens, kept)
    kind = "layers with a compressed cache" if serving.kv_heads == 1 else "layers that keep all tokens"
    if serving.sparse_read_tokens > 0:
        kind = "sparse layers"
    return {
        f"Caches of {kind}": copies * (serving.kv_bytes_per_token - index) * tokens,
        "Index by which sparse layers pick": copies * index * tokens,
        f"Caches of windowed layers, last {numeral(kept, ',.0f')} tokens": copies * windows,
        "States of layers that keep no tokens": serving.state_mb_per_sequence / MB_PER_GB,
    }


def constants_table(serving: Serving) -> Table:
    """The constants of a replica with what they mean, and whether they are the fitted ones or the reader's."""
    try:
        fitted = constants(serving.model, serving.precision, serving.gpu)
    except ScenarioError:
        fitted = {}
    names = [name for name in ServingConstants.model_fields if name.endswith(CONSTANTS)]
    rows = [_constant_row(serving, name, fitted[name][0] if fitted else None) for name in names]
    return Table("Constants of the replica", ["Constant", "Value", "From"], rows)


def _constant_row(serving: Serving, name: str, fitted: float | None) -> tuple[str, ...]:
    spec, value = number_of(Serving, name), getattr(serving, name)
    told = "yours" if fitted is None else "fit" if value == fitted else f"yours; fit {with_unit(fitted, spec.unit)}"
    meaning = spec.meaning[0].lower() + spec.meaning[1:].removesuffix(".")
    return f"{field_name(name, spec.unit, spec.label)}: {meaning}", with_unit(value, spec.unit), told


def rests_on(cost: OptionCost) -> list[str]:
    """On what the rate of a replica rests: pair, model or class, of when, how many rows, how far off it may be."""
    serving, rate = cost.option.serving, highest(replica_tok_per_s(cost.task))
    gpus = f"{serving.gpus_per_replica} GPU{'s' if serving.gpus_per_replica > 1 else ''}"
    told = f"{compact(rate)} tokens/s for a replica of {gpus}"
    try:
        low, high = band(serving)
        row, whence = achieved(serving.model, serving.precision, serving.gpu), origin(serving)
        told += f"; the truth is likely between {compact(low * rate)} and {compact(high * rate)}"
    except ScenarioError:
        row, whence = None, "Model or GPU are not in the catalogue: what serving achieves was entered by hand."
    if is_measured(serving):
        return [f"{told}. {_own(serving)}; lengths, limit and number of GPUs are scaled from there.", whence]
    return (
        [f"{told}.", whence] if row is None else [f"{told}.", f"{whence} Fit of {day(row.as_of)}.", *_beyond(cost, row)]
    )


def _own(serving: Serving) -> str:
    rate = numeral(serving.measured_tok_per_s_per_gpu, ",.5g")
    return f"You measured {rate} output tokens/s per GPU{a_bound(serving)}"


def _beyond(cost: OptionCost, row: ServingConstants) -> list[str]:
    """A mark where more requests run at once than anybody measured."""
    at_once = highest(concurrency(cost.task))
    if not 0 < row.largest_concurrency < at_once:
        return []
    held = "ceilings and audited results hold it" if row.ceilings + row.results else "other pairs hold it"
    return [
        f"**Beyond the largest measured concurrency**: {numeral(at_once, ',.0f')} requests at once, measured up to "
        f"{numeral(row.largest_concurrency, ',')}; {held} there."
    ]
