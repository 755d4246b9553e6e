"""Which option is the cheapest and by how much the others are dearer; what the model cannot tell apart is no order.

There is one base for every difference: the cheapest option that the rules of the scenario allow.
"""

from collections.abc import Mapping

from costmodel.comparison import Comparison, OptionCost
from costmodel.scenario import Scenario
from reports.words.text import percent, usd

# A judgement. Throughput is known to a factor of about two and posts to about a tenth; within a preset the first alone
# moves an option on GPUs by up to 70 %. Much of that is common to the options that are compared: a twentieth is not.
MODEL_ERROR = 0.05
SAME = 0.0005  # amounts closer than this share are told as the same
WITHIN_ERROR = f"A difference of up to {percent(MODEL_ERROR)} is within the model's own error."
TOO_CLOSE, EQUAL, RUNS_TODAY = "too close to call", "the same", "runs today"


def dearer(amount: float, least: float) -> str:
    """How much an amount is above the least, in words: '24 % more'."""
    if amount - least <= SAME * abs(least):
        return EQUAL
    return f"{percent(amount / least - 1)} more" if least > 0 else f"{usd(amount - least)} more"


def close_to_least(amounts: Mapping[str, float]) -> tuple[str, ...]:
    """Who has the least amount and who cannot be told from it, the least first."""
    first, *others = sorted(amounts, key=amounts.get)
    least = amounts[first]
    return (first, *(each for each in others if amounts[each] - least <= MODEL_ERROR * abs(least)))


def standing(amounts: Mapping[str, float]) -> dict[str, str]:
    """How each amount stands against the least, in words: 'cheapest', '21 % more', '2 % more, too close to call'."""
    first, *others = close_to_least(amounts)
    told = {each: dearer(amount, amounts[first]) for each, amount in amounts.items()}
    told |= {each: f"{told[each]}, {TOO_CLOSE}" for each in others if told[each] != EQUAL}
    return {**told, first: f"least, {TOO_CLOSE}" if others else "cheapest"}


def costs(comparison: Comparison) -> dict[str, float]:
    """Slug -> net present cost, USD, of the options that contend: those that the rules allow, or else all."""
    return {slug: float(comparison[slug].net_present_cost_usd) for slug in comparison.allowed or comparison.costs}


def leaders(comparison: Comparison) -> tuple[str, ...]:
    """The cheapest option and those that cannot be told from it, of those that contend."""
    return close_to_least(costs(comparison))


def leaders_above(comparison: Comparison, floors: Mapping[str, float]) -> tuple[str, ...]:
    """The same where no option costs less than its floor, USD: who cannot lead even there is not worked out."""
    known: dict[str, float] = {}
    for slug in sorted(floors, key=floors.__getitem__):
        if known and slug not in close_to_least({**known, slug: floors[slug]}):
            break
        if not comparison[slug].breaches:
            known[slug] = float(comparison[slug].net_present_cost_usd)
    return close_to_least({slug: known[slug] for slug in floors if slug in known}) if known else leaders(comparison)


def alike(comparison: Comparison, a: str, b: str) -> bool:
    """Whether two options cost the same within the model's own error."""
    return len(close_to_least({slug: float(comparison[slug].net_present_cost_usd) for slug in (a, b)})) > 1


def cheapest(comparison: Comparison) -> str:
    """Who is the cheapest, in words: 'Own servers is the cheapest', or which options are too close to call."""
    first, *others = (comparison[slug].label for slug in leaders(comparison))
    return f"{listed([first, *others])} are {TOO_CLOSE}" if others else f"{first} is the cheapest"


def difference(comparison: Comparison, slug: str) -> str:
    """How an option stands against the cheapest: '21 % more'; of one that a rule excludes, that it is out."""
    return "ruled out" if comparison[slug].broken_rules else standing(costs(comparison))[slug]


def ruling(cost: OptionCost) -> str:
    """The first rule that an option breaks in its sentence, and what the others are about; empty where it keeps all."""
    if not cost.breaches:
        return ""
    first, *others = cost.breaches
    more = [name for name in dict.fromkeys(breach.rule for breach in others) if name != first.rule]
    return f"{first.sentence} Other rules broken: {listed(more)}." if more else first.sentence


def marked(scenario: Scenario, slug: str) -> str:
    """An option's name, marked where it serves its users already: 'Own servers (runs today)'."""
    option = scenario.options[slug]
    return f"{option.label} ({RUNS_TODAY})" if option.runs_already(scenario.options) else option.label


def named(comparison: Comparison, slug: str) -> str:
    """The same where no column says who is out: 'GPT-6 Luna by API (ruled out)', beside options that are not."""
    is_out = comparison.allowed and comparison[slug].broken_rules
    return f"{comparison[slug].label} (ruled out)" if is_out else marked(comparison.scenario, slug)


def listed(names: list[str]) -> str:
    """'A', 'A and B' or 'A, B and C'."""
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
