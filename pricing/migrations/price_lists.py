"""Version 7 to 8, of token APIs: prices are lists by length of the request, each with its own batch discounts."""

from collections.abc import Mapping
from typing import Any

from costmodel.token_prices import NEVER_TOKENS, NEVER_YEAR

KINDS = ("input", "cache_read", "cache_write", "output")
PRICES = [f"{kind}_usd_per_mtok" for kind in KINDS]
BATCH = [f"batch_{kind}_discount_frac" for kind in ("input", "cache_read", "output")]
LISTS = ("prices", "long_prices", "longest_prices")
MOVED = {  # field of version 7 -> fields that hold it now
    **{name: [f"prices.{name}"] for name in PRICES},
    **{f"long_context_{name}": [f"long_prices.{name}"] for name in PRICES},
    "long_context_tokens": ["long_prices.above_tokens"],
    "batch_discount_frac": [f"{group}.{name}" for group in LISTS for name in BATCH],
}
UNSAID = {
    "region_surcharge_frac": 0,
    "cache": {"least_tokens": 0, "kept_tokens": 0, "storage_usd_per_mtok_hour": 0},
    "commitment": {"usd_per_year": 0, "discount_frac": 0, "term_months": 36},
    "provisioned": {"least_units": 0, "step_units": 1},
}


def _moved(path: Any) -> list[Any]:
    """Where the value of a path of version 7 is today."""
    match str(path).split("."):
        case ["options", slug, field] if field in MOVED:
            return [f"options.{slug}.{now}" for now in MOVED[field]]
        case _:
            return [path]


def with_paths_moved(document: Mapping[str, Any]) -> dict[str, Any]:
    """A document in which what is said of a path is said of where that is today; a part it cannot read stays."""
    result = dict(document)
    for name in ("changes", "ranges"):
        if isinstance(part := document.get(name), dict):
            result[name] = {now: value for path, value in part.items() for now in _moved(path)}
    if isinstance(days := document.get("entered"), dict):
        result["entered"] = {
            day: [now for path in paths for now in _moved(path)] if isinstance(paths, list) else paths
            for day, paths in days.items()
        }
    if isinstance(pairs := document.get("correlations"), list):
        result["correlations"] = [_pair_moved(pair) for pair in pairs]
    return result


def _pair_moved(pair: Any) -> Any:
    """A rank correlation of the first place that holds the value today, the paths in the order of the alphabet."""
    match pair:
        case [str() as one, str() as other, value]:
            return [*sorted((_moved(one)[0], _moved(other)[0])), value]
        case _:
            return pair


def with_price_lists(option: Mapping[str, Any]) -> dict[str, Any]:
    """A token API of version 7 with its prices in lists; what lacks one of them is refused when it is opened."""
    groups: dict[str, dict[str, Any]] = {name: {} for name in LISTS}
    for name, places in MOVED.items():
        for group, field in (place.split(".") for place in places if name in option):
            groups[group][field] = option[name]
    long = groups["long_prices"]
    groups["longest_prices"] |= {**{name: long[name] for name in PRICES if name in long}, "above_tokens": NEVER_TOKENS}
    today = {name: groups["prices"][name] for name in PRICES if name in groups["prices"]}
    groups["announced"] = {**today, "from_month": 1, "from_year": NEVER_YEAR}
    groups["hourly"] = {**today, "hours_utc": ""}
    return {**{name: value for name, value in option.items() if name not in MOVED}, **groups}
