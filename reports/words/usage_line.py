"""How a line on what is used and paid was read, what followed from it, and what is left over."""

from collections.abc import Iterator, Mapping

from pricing.documents import Opened
from pricing.market import called
from pricing.same_model import variant
from reports.words.bill import apart
from reports.words.order import listed
from reports.words.text import figure, percent, spoken, usd_exact
from reports.words.verdict import span
from reports.words.workload import grown, growth_said
from usage.names import provider_name
from usage.one_line import NAMES
from usage.solving import Solved
from usage.terms import GROWTH, HORIZON, RATE

PEAK, DAY, STAFF = "workload.peak_to_mean_ratio", "workload.day.", ".staff."
WHOLE = 100  # from which on a count has no decimals


def told(solved: Solved) -> str:
    """Everything that was read or found, in one or two sentences."""
    line = solved.line
    parts = [
        f"{called(line.price)} at {provider_name(line.price.provider)}",
        f"{counted(line.requests)} requests a month",
        f"{counted(line.input)} tokens in and {counted(line.output)} out",
        f"{percent(line.cached)} from a cache",
        *([f"{percent(line.batch)} batch"] if line.batch else []),
        *([f"{percent(line.discount)} discount"] if line.discount else []),
        *_terms(line.terms),
    ]
    sentences = [f"Read as {', '.join(parts)}."]
    at = "At list price" + (" less that discount" if line.discount else "")
    if solved.solved:
        sentences.append(f"The {NAMES[solved.solved]} followed from the rest at list price: {_found(solved)}.")
    else:
        left = solved.unexplained_usd
        gap = f"you pay {apart(left, solved.list_usd)} {'more' if left > 0 else 'less'}, which is unexplained"
        sentences.append(f"{at} that is {usd_exact(solved.list_usd)} a month; {gap}.")
    if line.other:
        dearer = line.other.prices.input_usd_per_mtok / line.price.prices.input_usd_per_mtok - 1
        sentences.append(
            f"That it is {variant(line.price.model)} is a guess of ours: {variant(line.other.model)} costs "
            f"{percent(dearer)} more; say which."
        )
    if solved.guessed:
        sentences.append("The share from a cache is a guess of ours: say it if you know it.")
    return " ".join(sentences)


def _terms(said: Mapping[str, float]) -> Iterator[str]:
    """What the line says of time, as everything else tells it: a year's growth, a year's discount rate."""
    if HORIZON in said:
        yield f"over {span(round(said[HORIZON]))}"
    if GROWTH in said:
        yield grown(said[GROWTH]) or "not growing"
    if RATE in said:
        yield f"discounted at {percent(said[RATE])} a year"


def counted(value: float) -> str:
    """Requests, or tokens of one, as the inputs have them: worked out, they are whole."""
    return spoken(round(value) if value >= WHOLE else value)


def kept(opened: Opened) -> str:
    """What decides much, stays as it was and was told by nobody, in a sentence; empty where all of it was told."""
    told, scenario = {*opened.entered, *opened.imported}, opened.scenario
    growth, peak = growth_said(scenario), figure(scenario.workload.peak_to_mean_ratio, 3)
    guesses = {
        f"a volume {growth}": bool(growth) and GROWTH not in told,
        f"a peak of {peak} times the mean": PEAK not in told,
        "the hours of the day": not any(path.startswith(DAY) for path in told),
        "all staff": not any(STAFF in path for path in told),
    }
    said = [words for words, is_guess in guesses.items() if is_guess]
    return f"Guesses, as before: {listed(said)}; they are on the pages Workload and People and tuning." if said else ""


def _found(solved: Solved) -> str:
    value = getattr(solved.line, solved.solved)
    match solved.solved:
        case "spent_usd":
            return f"{usd_exact(value)} a month"
        case "cached":
            return percent(value)
        case _:
            return counted(value)
