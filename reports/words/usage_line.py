"""How a line on what is used and paid was read, what followed from it, and what is left over."""

from reports.words.text import figure, percent, spoken, usd_exact
from usage.names import provider_name
from usage.one_line import NAMES
from usage.solving import Solved


def told(solved: Solved) -> str:
    """Everything that was read or found, in one or two sentences."""
    line = solved.line
    parts = [
        f"{line.price.name} at {provider_name(line.price.provider)}",
        f"{spoken(float(f'{line.requests:.6g}'))} requests a month",
        f"{figure(line.input, 4)} tokens in and {figure(line.output, 4)} out",
        f"{percent(line.cached)} from a cache",
        *([f"{percent(line.batch)} batch"] if line.batch else []),
        *([f"{percent(line.discount)} discount"] if line.discount else []),
    ]
    sentences = [f"Read as {', '.join(parts)}."]
    at = "At list price" + (" less that discount" if line.discount else "")
    if solved.solved:
        sentences.append(f"The {NAMES[solved.solved]} followed from the rest at list price: {_found(solved)}.")
    else:
        left = solved.unexplained_usd
        more = "more" if left > 0 else "less"
        gap = f"you pay {usd_exact(abs(left))} ({percent(abs(left) / line.spent_usd)}) {more}, which is unexplained"
        sentences.append(f"{at} that is {usd_exact(solved.list_usd)} a month; {gap}.")
    if solved.guessed:
        sentences.append("The share from a cache is a guess of ours: say it if you know it.")
    return " ".join(sentences)


def _found(solved: Solved) -> str:
    value = getattr(solved.line, solved.solved)
    match solved.solved:
        case "spent_usd":
            return f"{usd_exact(value)} a month"
        case "cached":
            return percent(value)
        case _:
            return figure(float(f"{value:.4g}"))
