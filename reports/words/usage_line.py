"""How a line on what is used and paid was read, what followed from it, and what is left over."""

from collections.abc import Iterator, Mapping

from pricing.documents import Opened
from pricing.market import called
from pricing.same_model import variant
from reports.words.bill import apart
from reports.words.text import figure, percent, spoken, usd_exact
from reports.words.verdict import span
from reports.words.workload import grown, growth_said
from usage.names import provider_name
from usage.one_line import NAMES
from usage.solving import Solved
from usage.terms import GROWTH, HORIZON, RATE


def told(solved: Solved) -> str:
    """Everything that was read or found, in one or two sentences."""
    line = solved.line
    parts = [
        f"{called(line.price)} at {provider_name(line.price.provider)}",
        f"{spoken(float(f'{line.requests:.6g}'))} requests a month",
        f"{figure(line.input, 4)} tokens in and {figure(line.output, 4)} out",
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


def kept(opened: Opened) -> str:
    """What nobody told and that stays as it was, where it makes much of the volume; empty where it was told."""
    told = {*opened.entered, *opened.imported}
    growth = growth_said(opened.scenario)
    if not growth or GROWTH in told:
        return ""
    return f"The volume is taken to be {growth}, as before: a guess, on the Workload page."


def _found(solved: Solved) -> str:
    value = getattr(solved.line, solved.solved)
    match solved.solved:
        case "spent_usd":
            return f"{usd_exact(value)} a month"
        case "cached":
            return percent(value)
        case _:
            return figure(float(f"{value:.4g}"))
