"""What can be chosen from each catalogue, step by step, and the option that the choices make."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from costmodel.errors import ScenarioError, nearest
from costmodel.numerals import numeral
from costmodel.option import KINDS, Option
from costmodel.settings import Workload
from pricing import catalogue, choices, gpu_prices, token_prices, tokens
from pricing.assumptions import base_option
from pricing.facts import Fact, GpuInstance, OpenModel, Own, SeatPrice, Server, TokenContract, named, offered, rows
from pricing.throughput import WEIGHT_BYTES, smallest_replica

MOST_GPUS = 64
Picked = Mapping[str, Any]


@dataclass(frozen=True)
class Selector:
    """One choice: the option's field that keeps its name, and the values that go with what was chosen before.

    `told` says a value of the list for readers, with what else was chosen: its name, price, date and what it takes.
    Both take the reader's own prices, which stand first and are marked.
    """

    field: str
    label: str
    values: Callable[..., Sequence[Any]]  # (picked, own)
    told: Callable[..., str] = lambda _picked, value, own=(): str(value)
    names_option: bool = False  # whether a new option is called after it


@dataclass(frozen=True)
class Catalogue:
    """What options are chosen from: the choices, the fields that they write, and what else a new option starts with.

    An option says by `catalogues` which ones it is chosen from; `choices.CITED` has what each says of an option.
    """

    selectors: tuple[Selector, ...] = ()
    writes: Callable[[Picked, Workload | None, Own], dict[str, Any]] = lambda _picked, _workload, _own: {}
    at_first: Callable[[], dict[str, Any]] = dict


def _models(_picked: Picked, own: Own = ()) -> list[str]:
    return [row.name for row in rows(OpenModel)]


def _model_size(_picked: Picked, name: str, own: Own = ()) -> str:
    """An open model with its parameters, its longest request and the day of its card."""
    row = next((row for row in rows(OpenModel) if row.name == name), None)
    if row is None:
        return str(name)
    active = f", {numeral(row.active_params_b, 'g')}B at work for a token" if row.experts else ""
    return (
        f"{name} · {numeral(row.total_params_b, 'g')}B parameters{active} · "
        f"{numeral(row.max_context_tokens, ',')} tokens · {_dated(row)}"
    )


def _precisions(_picked: Picked, own: Own = ()) -> list[str]:
    return list(WEIGHT_BYTES)


def _hardware(picked: Picked, own: Own) -> tuple[str, int]:
    """(GPU, GPUs of one server or instance) of what was chosen."""
    if "server" in picked:
        server = named(Server, picked["server"], own)
        return server.gpu, server.gpus
    chosen = (picked["provider"], picked["instance"])
    instance = next(row for row in offered(GpuInstance, own) if (row.provider, row.name) == chosen)
    return instance.gpu, instance.gpus


def _replica_sizes(picked: Picked, own: Own = ()) -> list[int]:
    """Numbers of GPUs that hold the model and fit whole into a server, or whole servers into them."""
    gpu, per_server = _hardware(picked, own)
    least = smallest_replica(picked["serving.model"], picked["serving.precision"], gpu, 1)
    sizes = range(least, max(MOST_GPUS, least) + 1)
    return [n for n in sizes if max(n, per_server) % min(n, per_server) == 0 and (n & (n - 1) == 0 or n == per_server)]


def _servers(_picked: Picked, own: Own = ()) -> list[str]:
    return [row.name for row in offered(Server, own)]


def _gpu_providers(_picked: Picked, own: Own = ()) -> list[str]:
    return list(dict.fromkeys(row.provider for row in offered(GpuInstance, own)))


def _instances(picked: Picked, own: Own = ()) -> list[str]:
    listed = offered(GpuInstance, own)
    return list(dict.fromkeys(row.name for row in listed if row.provider == picked["provider"]))


def _token_providers(_picked: Picked, own: Own = ()) -> list[str]:
    return list(token_prices.providers(own))


def _token_models(picked: Picked, own: Own = ()) -> list[str]:
    return list(token_prices.models(picked["provider"], own))


def _token_price(picked: Picked, model: str, own: Own = ()) -> str:
    """The model's real name, its prices, their day, what it takes and its last day, where it is sold."""
    price = token_prices.listing(picked["provider"], model, own) if picked.get("provider") else None
    if price is None:
        last = token_prices.last_day(picked.get("provider", ""), model)
        return f"{model} · sold until {last}" if last else str(model)
    name = model if price.name.lower() in (model.lower(), "") else f"{price.name} ({model})"
    usd = (
        f"{numeral(price.prices.input_usd_per_mtok, 'g')} in, "
        f"{numeral(price.prices.output_usd_per_mtok, 'g')} out USD per million tokens"
    )
    parts = [name, usd, _dated(price.fact)]
    parts += (
        [f"{numeral(price.context_window_tokens, ',.0f')} tokens of context"] if price.context_window_tokens else []
    )
    parts += [f"sold until {price.last_day}"] if price.last_day else []
    return " · ".join(parts)


def _instance_price(picked: Picked, name: str, own: Own = ()) -> str:
    chosen = (picked.get("provider"), name)
    row = next((row for row in offered(GpuInstance, own) if (row.provider, row.name) == chosen), None)
    if row is None:
        return str(name)
    told = (
        f"{name} · {row.gpus} x {row.gpu} · {numeral(row.on_demand_usd_per_gpu_hour, 'g')} USD/GPU-hour · {_dated(row)}"
    )
    other = gpu_prices.second(row)
    if other is None:
        return told
    mark = "differs" if gpu_prices.differs(row) else "agrees"
    return f"{told} · a second source {mark}: {numeral(other.on_demand_usd_per_gpu_hour, 'g')}"


def _server_price(_picked: Picked, name: str, own: Own = ()) -> str:
    row = next((row for row in offered(Server, own) if row.name == name), None)
    return f"{name} · {numeral(row.price_usd, ',.0f')} USD · {_dated(row)}" if row else str(name)


def _seller(kind: type[GpuInstance] | type[TokenContract] | type[SeatPrice]) -> Callable[..., str]:
    """A provider by its name, marked where the reader has a price of that table there."""

    def told(_picked: Picked, provider: str, own: Own = ()) -> str:
        mine = {row.provider for row in own if isinstance(row, kind)}
        name = token_prices.provider_name(str(provider))
        return f"{name} · yours" if provider in mine else name

    return told


def _dated(row: Fact) -> str:
    """The date of a price, of an own one that it is the reader's and until when it is valid."""
    parts = ["yours"] if row.confidence == "yours" else []
    parts.append(str(row.as_of))
    parts += [f"valid until {row.valid_until}"] if row.valid_until else []
    return " · ".join(parts)


def _seat_price(picked: Picked, name: str, own: Own = ()) -> str:
    sold = (picked.get("provider"), name)
    row = next((row for row in offered(SeatPrice, own) if (row.provider, row.name) == sold), None)
    return f"{name} · {numeral(row.usd_per_user_month, 'g')} USD a user and month · {_dated(row)}" if row else str(name)


def _seat_sellers(_picked: Picked, own: Own = ()) -> list[str]:
    return list(dict.fromkeys(row.provider for row in offered(SeatPrice, own)))


def _products(picked: Picked, own: Own = ()) -> list[str]:
    return [row.name for row in offered(SeatPrice, own) if row.provider == picked["provider"]]


def _served(picked: Picked, workload: Workload | None, own: Own) -> dict[str, Any]:
    gpu, _ = _hardware(picked, own)
    model, precision, gpus = (picked[f"serving.{name}"] for name in ("model", "precision", "gpus_per_replica"))
    return choices.serving(model, precision, gpu, gpus, workload)


CATALOGUES: dict[str, Catalogue] = {
    "token_prices": Catalogue(
        (
            Selector("provider", "Provider", _token_providers, _seller(TokenContract)),
            Selector("model", "Model", _token_models, _token_price, names_option=True),
        ),
        lambda picked, workload, own: choices.token_api(
            picked["provider"], picked["model"], workload=workload, own=own
        ),
    ),
    "gpu_instances": Catalogue(
        (
            Selector("provider", "Provider", _gpu_providers, _seller(GpuInstance)),
            Selector("instance", "Instance", _instances, _instance_price, names_option=True),
        ),
        lambda picked, _workload, own: choices.instance(
            picked["provider"], picked["instance"], picked.get("term_months", choices.USUAL_TERM), own=own
        ),
    ),
    "servers": Catalogue(
        (Selector("server", "Server", _servers, _server_price, names_option=True),),
        lambda picked, _workload, own: choices.server(picked["server"], own),
    ),
    "open_models": Catalogue(
        (
            Selector("serving.model", "Open model", _models, _model_size),
            Selector("serving.precision", "Precision", _precisions),
            Selector("serving.gpus_per_replica", "GPUs per replica", _replica_sizes),
        ),
        _served,
    ),
    "seat_prices": Catalogue(
        (
            Selector("provider", "Provider", _seat_sellers, _seller(SeatPrice)),
            Selector("product", "Product", _products, _seat_price, names_option=True),
        ),
        lambda picked, _workload, own: choices.seats(picked["provider"], picked["product"], own),
    ),
    "support_plans": Catalogue(at_first=lambda: choices.support_plan("No support plan")),
}


def selectors_of(option: Option | type[Option]) -> tuple[Selector, ...]:
    """The choices for an option, or for one of that record, in the order in which they are made."""
    return tuple(selector for name in option.catalogues for selector in CATALOGUES[name].selectors)


def completed(kind: str, wanted: Picked, own: Own = ()) -> dict[str, Any]:
    """A choice for every selector of the kind: the wanted one where it is offered, else the first that is."""
    picked: dict[str, Any] = {}
    for selector in selectors_of(KINDS[kind]):
        listed = selector.values(picked, own)
        value = wanted.get(selector.field)
        picked[selector.field] = value if value in listed else listed[0]
    return picked


def _refuse_others(kind: str, picked: Picked, own: Own) -> None:
    for selector in selectors_of(KINDS[kind]):
        listed = [str(value) for value in selector.values(picked, own)]
        value = str(picked.get(selector.field, ""))
        if value not in listed:
            last = token_prices.last_day(str(picked.get("provider")), value) if selector.field == "model" else None
            why = f"was sold until {last}" if last else "is not offered here"
            raise ScenarioError(f"{selector.label} {value!r:.80} {why}.{nearest(value, listed)}")


def picked_of(option: Option) -> dict[str, Any]:
    """What an option says was chosen for it, by field."""
    return {selector.field: choices.value_at(option, selector.field) for selector in selectors_of(option)}


def written(kind: str, picked: Picked, workload: Workload | None = None, own: Own = ()) -> dict[str, Any]:
    """Fields that the choices write into an option for a workload, or the default one, as nested groups.

    `picked` may also say the `term_months` of the option: what a term costs is then of that one.
    """
    record = KINDS[kind]
    if record.counts_tokens() and not record.catalogues:
        return choices.nested(catalogue.cited(tokens.figures("", workload)))
    return choices.merged(*(CATALOGUES[name].writes(picked, workload, own) for name in record.catalogues))


def _named(kind: str, picked: Picked) -> dict[str, Any]:
    """The other options that were chosen to carry demand of this one."""
    fields = [name for name in KINDS[kind].model_fields if name.endswith("_option")]
    return {name: picked[name] for name in fields if name in picked}


def new_option(
    kind: str, label: str, picked: Picked, workload: Workload | None = None, own: Own = ()
) -> dict[str, Any]:
    """A complete option of a kind: its base, what the choices write for a workload or the default one, and its label.

    Raises ScenarioError with the nearest names when a choice is not offered.
    """
    _refuse_others(kind, picked, own)
    chosen = written(kind, picked, workload, own)
    at_first = (CATALOGUES[name].at_first() for name in KINDS[kind].catalogues)
    return choices.merged(base_option(kind), *at_first, chosen, _named(kind, picked), {"label": label})
