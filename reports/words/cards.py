"""An option in one line: what it is, what it costs to buy, what the peak needs of it, and when that was measured."""

import numpy as np

from costmodel.comparison import Comparison, OptionCost
from costmodel.demand import input_tokens_each, output_tokens_each
from costmodel.scenario import numbers
from costmodel.sizing import servers_for_peak
from pricing.dates import month
from pricing.documents import Opened
from pricing.origins import origins
from pricing.token_prices import listing, provider_name
from reports.words.capacity import counted, gpus_for_peak, unit_of
from reports.words.commitment import without_discount
from reports.words.own_speed import a_bound, is_measured
from reports.words.text import highest, percent, unit_label, unit_price
from reports.words.throughput_curve import nearest_points


def card(opened: Opened, comparison: Comparison, slug: str) -> str:
    """'gpt-oss 120B on 8 x H200, 1 server, $278k a server (January 2026), needs 5 of 8 GPUs at the peak, ...'."""
    cost = comparison[slug]
    return ", ".join([*_what(opened, cost), *_price(opened, slug), *_hardware(cost), *_others(comparison, cost)])


def _what(opened: Opened, cost: OptionCost) -> list[str]:
    option, serving = cost.option, cost.option.gpu_serving()
    if serving is None:
        row = listing(option.seller(), option.bought(), opened.own) if option.rents_tokens() else None
        bought, seller = (
            (row.name or row.model, row.seller) if row else (option.bought(), provider_name(option.seller()))
        )
        return [" from ".join(filter(None, (bought, seller)))] if bought else []
    servers = np.ravel(servers_for_peak(cost.task))[1:]
    falls = servers[-1] < servers.max() and not option.owns_hardware(cost.task.scenario.options)
    most = "up to " * bool(falls and not option.paid_round_the_clock())
    return [
        f"{serving.model} on {option.gpus_per_server} x {serving.gpu}",
        most + counted(servers.max(), unit_of(cost)),
    ]


def _price(opened: Opened, slug: str) -> list[str]:
    """Its prices with their month, those of one unit together: '$0.15 in, $0.60 out per million tokens (May 2026)'."""
    option = opened.scenario.options[slug]
    fields = {f"options.{slug}.{field}": word for field, word in option.priced_by().items()}
    if not fields:
        return []
    units = numbers(opened.scenario)
    amounts = ", ".join(f"{unit_price(opened.scenario[path])} {word}".strip() for path, word in fields.items())
    path, *_ = fields
    unit = unit_label(units[path].unit).partition(" ")[2]
    origin = origins(opened, [path])[path]
    when = "yours" if origin.yours else month(origin.as_of) if origin.as_of else ""
    told = [f"{amounts} {unit}".strip() + f" ({when})" * bool(when)]
    return [*told, "as on demand, without a discount"] if without_discount(option, opened.own) else told


def _hardware(cost: OptionCost) -> list[str]:
    """What the busiest hour needs of GPUs, how busy they are in the last month, and when that was measured."""
    serving = cost.option.gpu_serving()
    if serving is None:
        return []
    told = [f"needs {gpus_for_peak(cost)} GPUs at the peak"]
    if "utilization" in cost.quantities:
        told.append(f"{percent(np.ravel(cost.quantities['utilization'])[-1])} busy in the last month")
    if is_measured(serving):
        return [*told, f"speed as you measured it{a_bound(serving)}"]
    lengths = (highest(each(cost.task)) for each in (input_tokens_each, output_tokens_each))
    measured = [row.as_of for row in nearest_points(serving, *lengths)]
    return [*told, f"measured in {month(max(measured))}" if measured else "speed not measured but worked out"]


def _others(comparison: Comparison, cost: OptionCost) -> list[str]:
    """Those that it hands demand to: 'overflow: Open model by API', and of what flows over how much that is."""
    told = [f"{field.removesuffix('_option').replace('_', ' ')}: {comparison[named].label}"
            for field, named in cost.option.relies_on().items()]  # fmt: skip
    if "base_frac" in cost.quantities:
        served = float(np.ravel(cost.quantities["base_frac"])[-1])
        told.append(f"{percent(max(1 - served, 0))} of the traffic overflows in the last month")
    return told
