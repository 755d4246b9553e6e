"""What stands behind an option's name: which model serves, on which hardware; and which options are not alike."""

from costmodel.comparison import Comparison, OptionCost
from costmodel.option import Option
from costmodel.rules import served_by
from pricing.market import model_of, title
from pricing.token_prices import provider_name
from reports.words.order import leaders, listed

HEADING = "What stands behind it"


def behind(option: Option) -> str:
    """'gpt-oss 120B on 8 x H200', 'Claude Sonnet 4.6'; empty of one that names no model, or in its name already."""
    serving = option.gpu_serving()
    if serving is not None:
        return f"{serving.model} on {option.gpus_per_server} x {serving.gpu}"
    model = title(model_of(option)) if model_of(option) else ""
    return "" if model in option.label else model


def with_behind(option: Option) -> str:
    """'Own servers (gpt-oss 120B on 8 x H200)'."""
    return f"{option.label} ({behind(option)})" if behind(option) else option.label


def all_behind(comparison: Comparison) -> dict[str, str]:
    """Slug -> what stands behind it, the cheapest first; empty where that is the same for all options.

    What names no model beside its own name tells who sells its tokens, or the options that it relies on.
    """
    found = {slug: behind(cost.option) or _others(cost) for slug, cost in comparison.costs.items()}
    return {slug: found[slug] for slug in comparison.ranking} if len(set(found.values())) > 1 else {}


def _others(cost: OptionCost) -> str:
    option, options = cost.option, cost.task.scenario.options
    if option.rents_tokens():
        return f"from {provider_name(option.seller())}"
    behind_it = [options[slug].label for slug in option.relies_on().values()]
    return (
        f"a mix of {len(behind_it)} options" if len(behind_it) > 1 else "".join(f"with {label}" for label in behind_it)
    )


def unlike_models(comparison: Comparison) -> str:
    """That the options which the headline names serve different models; empty where they serve the same."""
    best, *others = (comparison[slug] for slug in _in_headline(comparison))
    unlike = [cost for cost in others if _models(cost) != _models(best)]
    if not unlike or not all(map(_models, (best, *unlike))):
        return ""
    names = listed([with_behind(cost.option) for cost in (best, *unlike)])
    return f"Not like for like: {names} serve different models, and their quality is not in the cost."


def _in_headline(comparison: Comparison) -> tuple[str, ...]:
    close = leaders(comparison)
    return close if len(close) > 1 else comparison.ranking[: min(2, len(comparison.allowed) or 1)]


def _models(cost: OptionCost) -> set[str]:
    return {model_of(part) for part in served_by(cost) if model_of(part)}
