"""How an option is sized, as rows of a table and a sentence on the origin of its throughput."""

from collections.abc import Mapping

import numpy as np

from answers.sizing import rival, served_as
from answers.volume import crossings_by_volume
from costmodel.break_even import Sweep
from costmodel.comparison import Comparison, OptionCost
from costmodel.errors import ScenarioError
from costmodel.memory import memory_left_gb, weights_gb
from costmodel.numerals import numeral
from costmodel.sizing import (
    concurrency,
    peak_tok_per_s,
    replica_tok_per_s,
    replicas_for_peak,
    time_per_token_ms,
    time_to_first_token_s,
)
from pricing.compression import Variant, compression_variants
from reports.words.briefing import Table
from reports.words.capacity import OF_THOSE, count, flagged, gpus_for_peak
from reports.words.dates import numbered
from reports.words.measure import measure
from reports.words.order import listed
from reports.words.text import compact, figure, percent, seconds_said, usd
from reports.words.verdict import volumes_won

WHOLE_SERVERS = "In whole servers or instances; an autoscaled fleet counts its average."


def sized_options(comparison: Comparison) -> list[str]:
    """Slugs of the options that serve a model on GPUs of their own."""
    return [slug for slug, cost in comparison.costs.items() if cost.option.gpu_serving()]


def facts_of(comparison: Comparison, slugs: list[str]) -> list[tuple[str, ...]]:
    """Rows of (what, value of each option): the model, its memory, its speed, and what the peak needs."""
    columns = [_facts(comparison[slug]) for slug in slugs]
    return [(what, *(column[what] for column in columns)) for what in columns[0]]


def _facts(cost: OptionCost) -> dict[str, str]:
    task, serving = cost.task, cost.option.serving
    last, end = cost.quantities["utilization"][-1], task.scenario.finance.horizon_months
    return {
        "Model": serving.model,
        "Precision": serving.precision,
        "GPU": f"{serving.gpus_per_replica} x {serving.gpu}",
        "Weights": f"{numeral(weights_gb(serving), '.1f')} GB",
        "Memory left for requests": f"{numeral(memory_left_gb(serving), '.1f')} GB",
        "Requests served at once by a replica": numeral(concurrency(task), ",.0f"),
        "Output of a replica": f"{compact(replica_tok_per_s(task))} tokens/s",
        "Time to first token": seconds_said(float(time_to_first_token_s(task))),
        "Time per output token": f"{time_per_token_ms(task):.0f} ms",
        f"Peak output, {numbered(task.scenario, 1)}": f"{compact(peak_tok_per_s(task)[1])} tokens/s",
        f"Peak output, {numbered(task.scenario, end)}": f"{compact(peak_tok_per_s(task)[-1])} tokens/s",
        "Replicas for the peak, busiest month": count(np.max(replicas_for_peak(task))),
        f"{OF_THOSE}, busiest month": gpus_for_peak(cost),
        "Average utilisation, last month": percent(last),
    }


def busiest(comparison: Comparison, slugs: list[str]) -> str:
    """How busy the busiest of these options is in the last month, as a title."""
    share, slug = max((float(comparison[slug].quantities["utilization"][-1]), slug) for slug in slugs)
    return f"{comparison[slug].label}: {percent(share)} busy in the last month"


def most_gpus(comparison: Comparison, slugs: list[str]) -> str:
    """Which of these options has the most GPUs in service, and how many, as a title."""
    count, slug = max((float(comparison[slug].quantities["gpus"].max()), slug) for slug in slugs)
    return f"{comparison[slug].label}: {gpus_counted(count)} in service at the most"


def largest_fleets(volumes: Sweep, comparison: Comparison) -> str:
    """What the staircase says to who does not see it: the GPUs of each option at the least and at the most volume."""
    known = {slug: gpus for slug in comparison.costs if (gpus := volumes.gpus(slug)) is not None}
    told = listed(
        [f"{comparison[slug].label} {compact(gpus[0])} and {compact(gpus[-1])}" for slug, gpus in known.items()]
    )
    least, most = (compact(volumes.values[end]) for end in (0, -1))
    return f"At {least} and at {most} requests a month: {told}"


def largest_fleet(volumes: Sweep, comparison: Comparison) -> str:
    """Which option has the most GPUs at the most volume, and how many at today's, as a title."""
    known = {slug: gpus[-1] for slug in comparison.costs if (gpus := volumes.gpus(slug)) is not None}
    slug = max(known, key=lambda slug: known[slug])
    today = gpus_counted(comparison[slug].quantities["gpus"][-1])
    most = f"{compact(known[slug])} at {compact(volumes.values[-1])} requests a month"
    return f"{comparison[slug].label}: {today} at today's volume, {most}"


def gpus_counted(count: float) -> str:
    """'8 GPUs', and of an autoscaled fleet its average, '1.48 GPUs'."""
    return f"{figure(count, 3)} GPU{'' if count == 1 else 's'}"


def versions(comparison: Comparison, slug: str) -> tuple[dict[str, Variant], str]:
    """(name -> version of the model that the option could serve, the one of today first; why there is none)."""
    try:
        found = compression_variants(comparison[slug].option, comparison.scenario.workload)
    except ScenarioError as refusal:
        return {}, f"No other versions to offer. {refusal}"
    return {variant.label: variant for variant in found}, ""


def versions_table(comparison: Comparison, slug: str, offered: Mapping[str, Variant]) -> Table:
    """The option with each version: GPUs, speed, cost, and where it breaks even with the cheapest rival."""
    other, rows = rival(comparison, slug), []
    for variant in offered.values():
        varied = served_as(comparison, slug, variant)
        cost = varied[slug]
        rows.append((
            variant.label if variant.changes else f"{variant.label} (today)",
            str(cost.option.serving.gpus_per_replica),
            gpus_for_peak(cost),
            f"{compact(replica_tok_per_s(cost.task) / cost.option.serving.gpus_per_replica)} tokens/s",
            usd(cost.net_present_cost_usd),
            flagged(cost, _cheaper(varied, other, slug) if other else "nothing to compare with"),
            numeral(cost.option.attempts_ratio, ".2f"),
        ))  # fmt: skip
    against = f"Cheaper than {comparison[other].label}" if other else "Break-even"
    columns = ["Served as", "GPUs per replica", OF_THOSE, "Rate of a GPU",
               measure(comparison.scenario).name, against, "Attempts per answer"]  # fmt: skip
    return Table("The same option with a smaller model", columns, rows)


def quality_table(offered: Mapping[str, Variant]) -> Table:
    """What is known of the quality of each version, and who says so."""
    rows = [(label, (variant.fact.why or variant.fact.source, variant.fact.source_url))
            for label, variant in offered.items()]  # fmt: skip
    return Table("What it does to the answers", ("Served as", "What is known of its quality"), rows)


def _cheaper(comparison: Comparison, other: str, slug: str) -> str:
    """At which volumes the option is cheaper than another one, in words."""
    crossings = crossings_by_volume(comparison.scenario, other, slug)
    if crossings:
        return volumes_won(crossings, slug)[0]
    cheaper = comparison[slug].net_present_cost_usd < comparison[other].net_present_cost_usd
    return "at any volume" if cheaper else "at no volume"
