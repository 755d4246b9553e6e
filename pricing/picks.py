"""What can be chosen for an option of each kind, step by step, and the option that the choices make."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from costmodel.errors import ScenarioError, nearest
from costmodel.option import KINDS, Option
from costmodel.settings import Workload
from pricing import catalogue, choices, token_prices, tokens
from pricing.assumptions import base_option
from pricing.facts import GpuInstance, OpenModel, SeatPrice, Server, named, rows
from pricing.throughput import WEIGHT_BYTES, smallest_replica

MOST_GPUS = 64
Picked = Mapping[str, Any]


@dataclass(frozen=True)
class Pick:
    """One choice: the option's field that keeps its name, and the values that go with what was chosen before.

    `told` says a value of the list for readers, with what else was chosen: its name, price, date and what it takes.
    """

    field: str
    label: str
    values: Callable[[Picked], Sequence[Any]]
    told: Callable[[Picked, Any], str] = lambda _picked, value: str(value)


def _models(_picked: Picked) -> list[str]:
    return [row.name for row in rows(OpenModel)]


def _precisions(_picked: Picked) -> list[str]:
    return list(WEIGHT_BYTES)


def _hardware(picked: Picked) -> tuple[str, int]:
    """(GPU, GPUs of one server or instance) of what was chosen."""
    if "server" in picked:
        row = named(Server, picked["server"])
    else:
        row = next(r for r in rows(GpuInstance) if (r.provider, r.name) == (picked["provider"], picked["instance"]))
    return row.gpu, row.gpus


def _replica_sizes(picked: Picked) -> list[int]:
    """Numbers of GPUs that hold the model and fit whole into a server, or whole servers into them."""
    gpu, per_server = _hardware(picked)
    least = smallest_replica(picked["serving.model"], picked["serving.precision"], gpu, 1)
    sizes = range(least, max(MOST_GPUS, least) + 1)
    return [n for n in sizes if max(n, per_server) % min(n, per_server) == 0 and (n & (n - 1) == 0 or n == per_server)]


def _gpu_providers(_picked: Picked) -> list[str]:
    return list(dict.fromkeys(row.provider for row in rows(GpuInstance)))


def _instances(picked: Picked) -> list[str]:
    return list(dict.fromkeys(row.name for row in rows(GpuInstance) if row.provider == picked["provider"]))


def _token_price(picked: Picked, model: str) -> str:
    """The model's real name, its prices, their day, what it takes and its last day, where it is sold."""
    price = token_prices.listing(picked["provider"], model) if picked.get("provider") else None
    if price is None:
        last = token_prices.last_day(picked.get("provider", ""), model)
        return f"{model} · sold until {last}" if last else str(model)
    name = model if price.name.lower() in (model.lower(), "") else f"{price.name} ({model})"
    usd = f"{price.prices.input_usd_per_mtok:g} in, {price.prices.output_usd_per_mtok:g} out USD/Mtok"
    parts = [name, usd, str(price.fact.as_of)]
    parts += [f"{price.context_window_tokens:,.0f} tokens of context"] if price.context_window_tokens else []
    parts += [f"sold until {price.last_day}"] if price.last_day else []
    return " · ".join(parts)


def _instance_price(picked: Picked, name: str) -> str:
    row = next((row for row in rows(GpuInstance) if (row.provider, row.name) == (picked.get("provider"), name)), None)
    if row is None:
        return str(name)
    return f"{name} · {row.gpus} x {row.gpu} · {row.on_demand_usd_per_gpu_hour:g} USD/GPU-hour · {row.as_of}"


def _server_price(_picked: Picked, name: str) -> str:
    row = next((row for row in rows(Server) if row.name == name), None)
    return f"{name} · {row.price_usd:,.0f} USD · {row.as_of}" if row else str(name)


def _seat_price(picked: Picked, name: str) -> str:
    row = next((row for row in rows(SeatPrice) if (row.provider, row.name) == (picked.get("provider"), name)), None)
    return f"{name} · {row.usd_per_user_month:g} USD a user and month · {row.as_of}" if row else str(name)


def _products(picked: Picked) -> list[str]:
    return [row.name for row in rows(SeatPrice) if row.provider == picked["provider"]]


_SERVED = (
    Pick("serving.model", "Open model", _models),
    Pick("serving.precision", "Precision", _precisions),
    Pick("serving.gpus_per_replica", "GPUs per replica", _replica_sizes),
)
PICKS: Mapping[str, tuple[Pick, ...]] = {
    "token_api": (
        Pick("provider", "Provider", lambda _: list(token_prices.providers())),
        Pick("model", "Model", lambda picked: list(token_prices.models(picked["provider"])), _token_price),
    ),
    "cloud_gpu": (
        Pick("provider", "Provider", _gpu_providers),
        Pick("instance", "Instance", _instances, _instance_price),
        *_SERVED,
    ),
    "seats": (
        Pick("provider", "Provider", lambda _: list(dict.fromkeys(row.provider for row in rows(SeatPrice)))),
        Pick("product", "Product", _products, _seat_price),
    ),
    "on_prem": (Pick("server", "Server", lambda _: [row.name for row in rows(Server)], _server_price), *_SERVED),
}


def completed(kind: str, wanted: Picked) -> dict[str, Any]:
    """A choice for every pick of the kind: the wanted one where it is offered, else the first that is."""
    picked: dict[str, Any] = {}
    for pick in PICKS.get(kind, ()):
        offered = pick.values(picked)
        value = wanted.get(pick.field)
        picked[pick.field] = value if value in offered else offered[0]
    return picked


def _refuse_others(kind: str, picked: Picked) -> None:
    for pick in PICKS.get(kind, ()):
        offered = [str(value) for value in pick.values(picked)]
        value = str(picked.get(pick.field, ""))
        if value not in offered:
            last = token_prices.last_day(str(picked.get("provider")), value) if pick.field == "model" else None
            why = f"was sold until {last}" if last else "is not offered here"
            raise ScenarioError(f"{pick.label} {value!r:.80} {why}.{nearest(value, offered)}")


def picked_of(option: Option) -> dict[str, Any]:
    """What an option says was chosen for it, by field."""
    return {pick.field: choices.value_at(option, pick.field) for pick in PICKS.get(option.kind, ())}


def written(kind: str, picked: Picked, workload: Workload | None = None) -> dict[str, Any]:
    """Fields that the choices write into an option for a workload, or the default one, as nested groups."""
    match kind:
        case "token_api":
            return choices.token_api(picked["provider"], picked["model"], workload=workload)
        case "seats":
            return choices.seats(picked["provider"], picked["product"])
        case "cloud_gpu":
            hardware = choices.instance(picked["provider"], picked["instance"])
        case "on_prem":
            hardware = choices.server(picked["server"])
        case _:
            counts = "token_ratio" in KINDS[kind].model_fields
            return choices.nested(catalogue.cited(tokens.figures("", workload))) if counts else {}
    gpu, _ = _hardware(picked)
    model, precision, gpus = (picked[f"serving.{name}"] for name in ("model", "precision", "gpus_per_replica"))
    return choices.merged(hardware, choices.serving(model, precision, gpu, gpus, workload))


def _named(kind: str, picked: Picked) -> dict[str, Any]:
    """The other options that were chosen to carry demand of this one."""
    fields = [name for name in KINDS[kind].model_fields if name.endswith("_option")]
    return {name: picked[name] for name in fields if name in picked}


def new_option(kind: str, label: str, picked: Picked, workload: Workload | None = None) -> dict[str, Any]:
    """A complete option of a kind: its base, what the choices write for a workload or the default one, and its label.

    Raises ScenarioError with the nearest names when a choice is not offered.
    """
    _refuse_others(kind, picked)
    chosen = written(kind, picked, workload)
    plan = choices.support_plan("No support plan") if kind == "cloud_gpu" else {}
    return choices.merged(base_option(kind), plan, chosen, _named(kind, picked), {"label": label})
