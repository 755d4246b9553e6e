"""Several scenarios held against each other, in sentences and rows."""

from answers.side_by_side import SideBySide
from costmodel.comparison import Comparison
from reports.words.briefing import Table
from reports.words.measure import measure
from reports.words.order import SAME, TOO_CLOSE, leaders, listed
from reports.words.text import percent, signed_percent, usd
from reports.words.verdict import span


def results(chosen: SideBySide) -> Table:
    """The cheapest option of each, what every option costs, and the difference to the first."""
    compared, costs = chosen.comparisons, chosen.costs_usd
    names = list(compared)
    labels = list(dict.fromkeys(cost.label for found in compared.values() for cost in found.costs.values()))
    by_label = {name: {cost.label: slug for slug, cost in found.costs.items()} for name, found in compared.items()}
    rows = [("Cheapest", *(_cheapest(found) for found in compared.values()))]
    if chosen.per_year:
        rows.append(("Horizon", *(span(found.scenario.finance.horizon_months) for found in compared.values())))
    for label in labels:
        cells = []
        for name in names:
            slug, first = by_label[name].get(label), by_label[names[0]].get(label)
            if slug is None:
                cells.append("")
                continue
            before = costs[names[0]][first] if first and name != names[0] else 0.0
            out = ", ruled out" if compared[name][slug].broken_rules else ""
            cells.append(f"{_with_delta(costs[name][slug], before)}{out}")
        rows.append((label, *cells))
    told = f"{measured(chosen)}{', a year' if chosen.per_year else ''}"
    return Table(headline(chosen), [told, *names], rows, _note(chosen))


def measured(chosen: SideBySide) -> str:
    """In which money the scenarios are told."""
    return " or ".join(dict.fromkeys(measure(scenario).name for scenario in chosen.scenarios.values()))


def curves_note(chosen: SideBySide) -> str:
    """What the curves are, also where the title's figure is a year of them."""
    told = "The cheapest option of each scenario, cumulative; the last step of a curve is what is sold at the end."
    return (
        f"{told} Each goes to its own horizon; the title has what the whole is worth a year."
        if chosen.per_year
        else told
    )


def _note(chosen: SideBySide) -> str:
    """Against what differences are, and how horizons that differ are made comparable."""
    told = f"In brackets: the difference to {next(iter(chosen.scenarios))}."
    if not chosen.per_year:
        return told
    return f"{told} Horizons differ, so costs are a year: the level yearly payment that is worth the whole."


def _cheapest(found: Comparison) -> str:
    if not found.allowed:
        return "none keeps the rules"
    first, *others = (found[slug].label for slug in leaders(found))
    return f"{listed([first, *others])}: {TOO_CLOSE}" if others else first


def headline(chosen: SideBySide) -> str:
    """What the first costs at the least, and how much more or less each of the others is."""
    compared = chosen.comparisons
    if none := [name for name, found in compared.items() if not found.allowed]:
        return f"{', '.join(none)}: the rules of the scenario leave no option"
    (first, amount), *others = chosen.least_usd.items()
    label = compared[first][compared[first].ranking[0]].label
    gaps = [f"{name}: {_gap(other, amount)}" for name, other in others]
    per_year, told = " a year" if chosen.per_year else "", measure(compared[first].scenario).said
    return f"{first}: {label} for {usd(amount)}{per_year} {told}; {'; '.join(gaps)}"


def _gap(amount: float, first: float) -> str:
    change = amount / first - 1 if first else 0.0
    if abs(change) < SAME:
        return "as much" if amount == first else "about as much"
    return f"{percent(abs(change))} {'more' if change > 0 else 'less'}"


def _with_delta(amount: float, before: float) -> str:
    change = amount / before - 1 if before else 0.0
    if abs(change) < SAME:
        return usd(amount)
    return f"{usd(amount)} ({signed_percent(change)})"


def curves_title(chosen: SideBySide) -> str:
    """Which of the scenarios costs least, by the end or a year."""
    ends, when = chosen.least_usd, "a year" if chosen.per_year else "by the end"
    least, most = min(ends, key=ends.get), max(ends, key=ends.get)
    if ends[most] - ends[least] <= SAME * abs(ends[most]):
        return f"All cost the same {when}, {usd(ends[least])}"
    return f"{least}: lowest cost {when}, {usd(ends[least])}"
