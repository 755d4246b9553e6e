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
from usage.one_line import NAMES, Line
from usage.several_lines import Together
from usage.solving import Solved
from usage.terms import GROWTH, HORIZON, RATE

PEAK, DAY, STAFF = "workload.peak_to_mean_ratio", "workload.day.", ".staff."
WHOLE = 100  # from which on a count has no decimals


def told(found: Together) -> str:
    """Everything that was read or found, in a few sentences."""
    line = found.line
    if len(found.each) == 1:
        sentences = [_read("Read as", found.each[0], *_terms(line.terms))]
    else:
        sentences = [
            f"{_read(f'Part {number}:', solved)}{_paid(solved)}" for number, solved in enumerate(found.each, 1)
        ]
        sentences.append(f"Together: {', '.join([*_numbers(line), *_terms(line.terms)])}.")
    if not found.solved:
        left = found.unexplained_usd
        at = "At list price" + (" less that discount" if line.discount else "")
        gap = f"you pay {apart(left, found.list_usd)} {'more' if left > 0 else 'less'}, which is unexplained"
        sentences.append(f"{at} that is {usd_exact(found.list_usd)} a month; {gap}.")
    sentences += dict.fromkeys(_place(solved.line) for solved in found.each if solved.line.other)
    if any(solved.guessed for solved in found.each):
        sentences.append("The share from a cache is a guess of ours: say it if you know it.")
    return " ".join(sentences)


def _read(head: str, solved: Solved, *terms: str) -> str:
    """One line as it was read, and which number followed."""
    line = solved.line
    sentence = (
        f"{head} {called(line.price)} at {provider_name(line.price.provider)}, {', '.join([*_numbers(line), *terms])}."
    )
    if not solved.solved:
        return sentence
    return f"{sentence} The {NAMES[solved.solved]} followed from the rest at list price: {_found(solved)}."


def _place(line: Line) -> str:
    """Where a model was taken to run that its seller has elsewhere at another price."""
    dearer = line.other.prices.input_usd_per_mtok / line.price.prices.input_usd_per_mtok - 1
    here, there = variant(line.price.model), variant(line.other.model)
    return f"That it is {here} is a guess of ours: {there} costs {percent(dearer)} more; say which."


def _paid(solved: Solved) -> str:
    """What is paid for one of several, beside its list price."""
    if solved.solved:
        return ""
    return (
        f" You pay {usd_exact(solved.line.spent_usd)} a month for what is {usd_exact(solved.list_usd)} at list price."
    )


def _numbers(line: Line) -> Iterator[str]:
    yield f"{counted(line.requests)} requests a month"
    yield f"{counted(line.input)} tokens in and {counted(line.output)} out"
    yield f"{percent(line.cached)} from a cache"
    if line.batch:
        yield f"{percent(line.batch)} batch"
    if line.discount:
        yield f"{percent(line.discount)} discount"


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
